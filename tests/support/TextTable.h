// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QMap>
#include <QtCore/QStringList>

#include <optional>

namespace wk::test {

/// A table as kubectl prints it, taken apart again.
struct TextTable
{
    QStringList headers;
    QMap<QString, QStringList> rows; ///< by "namespace/name"
    QStringList problems;            ///< lines that could not be understood, keys that came twice

    /// Columns begin where their headers begin; headers are at least two blanks apart.
    [[nodiscard]] static TextTable parse(const QByteArray& text);
};

/// "5m30s", "3d", "<invalid>" -> seconds; nullopt where it is no duration.
[[nodiscard]] std::optional<qint64> durationSeconds(const QString& text);

struct Comparison
{
    QStringList differences; ///< what is wrong in any case
    QStringList unsettled;   ///< what changed while we looked, so that no verdict is possible
    int objects = 0;
};

/// Compares our table with what kubectl said just before and just after. A cell is right if it equals either; an age
/// may lie between the two, because a second ticked.
[[nodiscard]] Comparison compare(const TextTable& before, const TextTable& ours, const TextTable& after);

} // namespace wk::test
