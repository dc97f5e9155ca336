// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/LogSession.h"

#include <QtCore/QString>

#include <vector>

namespace wk::widgets {

/// "02:15:29.123", in the person's own time.
[[nodiscard]] QString lineTime(qint64 ns);
/// A line's bytes as one row of text: colours that terminals show are left out, tabs are spaces, what cannot be shown
/// is a sign of its own.
[[nodiscard]] QString paintable(const QByteArray& line);
/// The parts of a text that stand one below the other where `cells` characters of a monospaced font fit beside each
/// other; characters of East Asian scripts take two. At least one, none of them broken.
[[nodiscard]] std::vector<QStringView> wrapped(QStringView text, int cells);
/// A line in full, for people: when, whose, and its fields one below the other where it has some.
[[nodiscard]] QString lineInFull(const logs::LogLine& line, const QString& source);
/// One sentence about how the log stands: sources, lines, interruptions, gaps, what is not kept, what is wrong.
[[nodiscard]] QString logStanding(const logs::LogSession& session);

} // namespace wk::widgets
