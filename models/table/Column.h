// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::table {

/// What a column's number is measured against.
struct Yardstick
{
    QString column;      ///< the id of a column of the same kind
    QString word;        ///< "request", "limit"
    bool bounds = false; ///< more than this there cannot be: coming near it is worth a look
    bool operator==(const Yardstick&) const = default;
};

/// The declaration of a column: everything the engine needs to show, sort, filter, copy and export it.
struct Column
{
    enum class Kind {
        Text,     ///< QString, compared naturally ("pod-9" before "pod-10") and without regard to case
        Status,   ///< QString, drawn with the row's health
        Number,   ///< qint64 or double: a count
        Ratio,    ///< Ratio
        MilliCpu, ///< qint64, thousandths of a CPU
        Bytes,    ///< qint64, bytes
        Percent,  ///< double, 0 to 100 and above
        Age,      ///< Instant, shown as the time since
        Moment,   ///< Instant, shown as date and time
        Labels,   ///< QString "a=b,c=d"
    };

    QString id;    ///< stable and lower-case: the name in filters, settings and CSV
    QString title; ///< as shown; kubectl's header is this in upper case
    Kind kind = Kind::Text;
    bool wide = false;   ///< shown only with `-o wide`; hidden at first in a panel
    QString description; ///< what it means, with its unit, for the tooltip
    bool extra = false;  ///< not among kubectl's columns: in the panel's chooser, never in kubectl-like output
    /// The unit in which a panel shows the numbers, named in the header. Empty takes the kind's own: "m" for MilliCpu,
    /// "MiB" for Bytes, "%" for Percent. MilliCpu also knows "cores"; Bytes "B", "KiB", "MiB", "GiB", "TiB".
    QString unit = {};
    /// What the numbers are measured against; shown as a bar beside each.
    QList<Yardstick> against = {};

    [[nodiscard]] bool isNumeric() const { return kind != Kind::Text && kind != Kind::Status && kind != Kind::Labels; }

    bool operator==(const Column&) const = default;
};

using Columns = QList<Column>;

/// Position of the column with that id, -1 where there is none.
[[nodiscard]] inline int indexOfColumn(const Columns& columns, QStringView id)
{
    for (int i = 0; i < columns.size(); ++i) {
        if (columns[i].id == id)
            return i;
    }
    return -1;
}

} // namespace wk::table
