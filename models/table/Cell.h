// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <variant>

namespace wk::table {

/// "value of `of`", such as ready replicas of wanted ones. Sorts by the share, then by `of`.
struct Ratio
{
    qint32 value = 0;
    qint32 of = 0;
    bool operator==(const Ratio&) const = default;
};

/// A moment, milliseconds since the Unix epoch, UTC.
struct Instant
{
    qint64 ms = 0;
    bool operator==(const Instant&) const = default;
};

/// One value of a row. The column's kind says how it is read: a qint64 is a plain count, milli-CPU or bytes.
/// std::monostate means that the value is not known or does not apply; it sorts last in either direction.
using Cell = std::variant<std::monostate, QString, qint64, double, Ratio, Instant>;

[[nodiscard]] inline bool isEmpty(const Cell& cell) { return cell.index() == 0; }

} // namespace wk::table
