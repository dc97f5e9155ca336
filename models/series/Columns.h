// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QtGlobal>

#include <memory>
#include <vector>

namespace wk::series {

/// Values over time, column by column: `time` in milliseconds since the Unix epoch, ascending, one for each of
/// `value`. NaN says that there was no value at that time. Shared between threads once it is filled.
struct Columns
{
    std::vector<qint64> time;
    std::vector<double> value;

    [[nodiscard]] size_t size() const { return time.size(); }
    [[nodiscard]] bool isEmpty() const { return time.empty(); }
    bool operator==(const Columns&) const = default;
};

using ColumnsPtr = std::shared_ptr<const Columns>;

} // namespace wk::series
