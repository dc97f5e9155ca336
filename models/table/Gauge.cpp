// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Gauge.h"

#include "table/CellText.h"

#include <QtCore/QCoreApplication>

#include <optional>

namespace wk::table {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::Gauge", text); }

std::optional<double> numberAt(const Row& row, int column)
{
    if (column < 0 || size_t(column) >= row.cells.size())
        return std::nullopt;
    if (const auto* whole = std::get_if<qint64>(&row.cells[size_t(column)]))
        return double(*whole);
    if (const auto* real = std::get_if<double>(&row.cells[size_t(column)]))
        return *real;
    return std::nullopt;
}

/// Calls `f` with each yardstick that the row has, and how much it is.
template <typename F>
void forEachYardstick(const Columns& columns, int column, const Row& row, F&& f)
{
    for (const Yardstick& yardstick : columns[column].against) {
        if (const auto amount = numberAt(row, indexOfColumn(columns, yardstick.column)); amount && *amount > 0)
            f(yardstick, *amount);
    }
}

} // namespace

Gauge gaugeOf(const Columns& columns, int column, const Row& row)
{
    Gauge gauge;
    const auto used = numberAt(row, column);
    if (!used || *used < 0)
        return gauge;
    double whole = 0, least = 0;
    forEachYardstick(columns, column, row, [&](const Yardstick& yardstick, double amount) {
        least = whole == 0 ? amount : std::min(least, amount);
        whole = std::max(whole, amount);
        gauge.tight = gauge.tight || (yardstick.bounds && *used >= amount * Gauge::tightShare);
    });
    if (whole == 0)
        return gauge;
    gauge.fill = *used / whole;
    if (least < whole)
        gauge.mark = least / whole;
    return gauge;
}

QString gaugeText(const Columns& columns, int column, const Row& row, const QLocale& locale)
{
    const auto used = numberAt(row, column);
    if (!used || *used < 0)
        return {};
    QStringList parts;
    const QString unit = unitOf(columns[column]);
    forEachYardstick(columns, column, row, [&](const Yardstick& yardstick, double amount) {
        const QString percent = locale.toString(qRound64(*used * 100 / amount));
        const QString whole = cellText(columns[column], Cell(qint64(amount)), 0, locale);
        const QString text = yardstick.bounds && *used >= amount * Gauge::tightShare ? tr("%1 % of %2 (%3): nearly all")
                                                                                     : tr("%1 % of %2 (%3)");
        parts.append(text.arg(percent, yardstick.word, unit.isEmpty() ? whole : whole + u' ' + unit));
    });
    return parts.join(u", "_s);
}

} // namespace wk::table
