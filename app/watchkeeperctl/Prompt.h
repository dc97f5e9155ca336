// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

namespace wk::ctl {

/// Whether somebody sits at a terminal who can be asked.
[[nodiscard]] bool canAskSecret();

/// Asks at the terminal, which shows nothing of what is typed. Fails where there is none, or where the person ended it.
[[nodiscard]] Result<QByteArray> askSecret(const QString& question);

/// Asks for a new one: twice at the terminal; where there is none, the next line of standard input. Never empty.
[[nodiscard]] Result<QByteArray> askNewSecret(const QString& question, const QString& again);

/// The next line of standard input.
[[nodiscard]] Result<QByteArray> readSecretLine();

} // namespace wk::ctl
