// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/DetailSections.h"

#include "table/CellText.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

SummaryItem itemOf(const QString& key, const cluster::Fact& fact, qint64 nowMs)
{
    SummaryItem item{.key = key, .value = fact.value, .health = fact.health};
    if (fact.instantMs != 0) {
        item.value = QCoreApplication::translate("wk::widgets::DetailSections", "%1 ago")
                         .arg(table::relativeAge(fact.instantMs, nowMs));
        item.tooltip = table::exactMoment(fact.instantMs);
    }
    if (!fact.linkKind.isEmpty())
        item.link = linkTo(fact.linkKind, fact.linkSpace, fact.linkName);
    return item;
}

/// One section per row: a container and what there is to know of it.
QList<SummarySection> unfolded(const cluster::FactSection& section, qint64 nowMs)
{
    QList<SummarySection> out;
    for (const QList<cluster::Fact>& row : section.rows) {
        SummarySection s;
        s.title = row.value(0).value + u" · "_s + section.title.toLower();
        for (qsizetype i = 1; i < row.size(); ++i) {
            if (!row[i].value.isEmpty())
                s.items.append(itemOf(section.headers.value(i), row[i], nowMs));
        }
        out.append(s);
    }
    return out;
}

/// One line per row: the first cell is the key, the others are joined. What stands alone in its cell keeps its header.
SummaryItem lineOf(const cluster::FactSection& section, const QList<cluster::Fact>& row, qint64 nowMs)
{
    SummaryItem item{.key = row.value(0).value, .value = {}};
    if (item.key.isEmpty())
        item.key = section.headers.value(0);
    QStringList parts;
    for (qsizetype i = 1; i < row.size(); ++i) {
        const SummaryItem part = itemOf({}, row[i], nowMs);
        if (part.value.isEmpty())
            continue;
        parts.append(i == 1 ? part.value : section.headers.value(i).toLower() + u' ' + part.value);
        if (item.link.isEmpty())
            item.link = part.link;
        if (part.health != table::Health::None)
            item.health = part.health;
        if (!part.tooltip.isEmpty())
            item.tooltip = part.tooltip;
    }
    item.value = parts.join(u" · "_s);
    return item;
}

} // namespace

QList<SummarySection> sectionsOf(const cluster::ObjectSummary& summary, qint64 nowMs)
{
    QList<SummarySection> out;
    for (const cluster::FactSection& section : summary.sections) {
        if (section.headers.size() >= 5 && section.title != QString()) {
            out += unfolded(section, nowMs);
            continue;
        }
        SummarySection s;
        s.title = section.title;
        for (const cluster::Fact& fact : section.facts)
            s.items.append(itemOf(fact.label, fact, nowMs));
        for (const QList<cluster::Fact>& row : section.rows)
            s.items.append(lineOf(section, row, nowMs));
        out.append(s);
    }
    return out;
}

SummarySection sectionOfRow(const QString& title, const table::Columns& columns, const table::Row& row, qint64 nowMs,
                            bool figuresOnly)
{
    SummarySection section{.title = title, .items = {}};
    for (qsizetype i = 0; i < columns.size() && size_t(i) < row.cells.size(); ++i) {
        const table::Column& column = columns[i];
        const table::Cell& cell = row.cells[size_t(i)];
        if (table::isEmpty(cell) || column.id == u"name" || column.id == u"namespace" ||
            column.kind == table::Column::Kind::Labels || (figuresOnly && column.kind == table::Column::Kind::Text))
            continue;
        const QString value = table::cellText(column, cell, nowMs);
        if (value.isEmpty() || value == u"<none>")
            continue;
        SummaryItem item{.key = table::headerText(column), .value = value};
        item.tooltip = table::cellExactText(column, cell, nowMs);
        if (column.kind == table::Column::Kind::Status)
            item.health = row.health;
        section.items.append(item);
    }
    return section;
}

QString linkTo(const QString& kindId, const QString& space, const QString& name)
{
    return u"object:"_s + kindId + u'/' + space + u'/' + name;
}

cluster::ClusterTarget targetOf(const QString& link)
{
    if (!link.startsWith(u"object:"))
        return {};
    const QStringList parts = link.mid(7).split(u'/');
    // The name is last and may not hold a slash; neither may a kind's id or a namespace.
    return parts.size() == 3
               ? cluster::ClusterTarget{.kindId = parts[0], .space = parts[1], .name = parts[2], .filter = {}}
               : cluster::ClusterTarget{};
}

} // namespace wk::widgets
