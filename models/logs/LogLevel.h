// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/LogLine.h"

#include <QtCore/QString>

namespace wk::logs {

/// The level that a line names: a field of JSON or logfmt (level, lvl, severity), klog's first letter, or a word where
/// programs write it: in capitals, in brackets, or before a colon. None where it names none; never guessed from what
/// the line is about.
[[nodiscard]] Level levelOf(QByteArrayView line);

/// The level that a word means ("warn", "WARNING", "30" of pino); None where it means none.
[[nodiscard]] Level levelNamed(QByteArrayView word);

/// The word for a level, for people; empty for None.
[[nodiscard]] QString levelWord(Level level);

} // namespace wk::logs
