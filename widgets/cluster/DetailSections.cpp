// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/DetailSections.h"

#include "table/CellText.h"
#include "table/Gauge.h"

#include <QtCore/QCoreApplication>

#include <span>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::widgets::DetailSections", text); }

SummaryItem itemOf(const QString& key, const cluster::Fact& fact, qint64 nowMs)
{
    SummaryItem item{.key = key, .value = fact.value, .health = fact.health};
    if (fact.instantMs != 0) {
        item.value = tr("%1 ago").arg(table::relativeAge(fact.instantMs, nowMs));
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
        s.title = section.title + u" · "_s + row.value(0).value;
        for (qsizetype i = 1; i < row.size(); ++i) {
            if (!row[i].value.isEmpty())
                s.items.append(itemOf(section.headers.value(i), row[i], nowMs));
        }
        out.append(s);
    }
    return out;
}

/// One line per row: the first cell is the key, the others are joined, each after its header. A moment says for how
/// long the state before it has lasted ("True for 4 d"), and what follows a moment is its reason and speaks for itself.
SummaryItem lineOf(const cluster::FactSection& section, const QList<cluster::Fact>& row, qint64 nowMs)
{
    SummaryItem item{.key = row.value(0).value, .value = {}};
    if (item.key.isEmpty())
        item.key = section.headers.value(0);
    QStringList parts;
    bool afterMoment = false;
    for (qsizetype i = 1; i < row.size(); ++i) {
        const SummaryItem part = itemOf({}, row[i], nowMs);
        if (part.value.isEmpty())
            continue;
        if (row[i].instantMs != 0 && !parts.isEmpty()) {
            parts.last() += u' ' + tr("for %1").arg(table::relativeAge(row[i].instantMs, nowMs));
            afterMoment = true;
        } else {
            parts.append(i == 1 || afterMoment ? part.value : section.headers.value(i).toLower() + u' ' + part.value);
        }
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

const table::Cell* cellOf(const table::Columns& columns, const table::Row& row, QStringView id)
{
    const int at = table::indexOfColumn(columns, id);
    return at >= 0 && size_t(at) < row.cells.size() ? &row.cells[size_t(at)] : nullptr;
}

template <typename T>
T valueOf(const table::Columns& columns, const table::Row& row, QStringView id)
{
    const table::Cell* cell = cellOf(columns, row, id);
    const T* value = cell ? std::get_if<T>(cell) : nullptr;
    return value ? *value : T();
}

/// "Up-to-date" and "Up to date", "Memory, MiB" and "Memory" are the same to a reader.
QString plainKey(const QString& key) { return key.section(u',', 0, 0).toLower().replace(u'-', u' '); }

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
            column.kind == table::Column::Kind::Labels || (figuresOnly && column.kind == table::Column::Kind::Text) ||
            (figuresOnly && column.id.endsWith(u"-allocatable")) ||
            (column.extra && column.kind == table::Column::Kind::Percent)) // said with what it is a share of
            continue;
        QString value = table::cellText(column, cell, nowMs);
        if (value.isEmpty() || value == u"<none>")
            continue;
        if (const QString measured = table::gaugeText(columns, int(i), row); !measured.isEmpty())
            value += u" · "_s + measured;
        SummaryItem item{.key = table::headerText(column), .value = value};
        item.tooltip = table::cellExactText(column, cell, nowMs);
        if (column.kind == table::Column::Kind::Status)
            item.health = row.health;
        section.items.append(item);
    }
    return section;
}

void leaveOutSaid(SummarySection& section, const cluster::ObjectSummary& summary)
{
    if (summary.sections.isEmpty())
        return;
    QSet<QString> said;
    for (const cluster::Fact& fact : summary.sections.first().facts)
        said.insert(plainKey(fact.label));
    section.items.removeIf([&](const SummaryItem& item) { return said.contains(plainKey(item.key)); });
}

bool isEventOf(const table::Columns& columns, const table::Row& event, const QString& object)
{
    return valueOf<QString>(columns, event, u"object").compare(object, Qt::CaseInsensitive) == 0;
}

std::vector<table::RowPtr> eventsOf(const table::TableSource& events, const QString& object, const QString& space)
{
    const table::Columns columns = events.columns();
    std::vector<table::RowPtr> mine;
    for (const table::RowPtr& row : events.rows()) {
        if ((space.isEmpty() || row->space == space) && isEventOf(columns, *row, object))
            mine.push_back(row);
    }
    std::sort(mine.begin(), mine.end(), [&](const table::RowPtr& a, const table::RowPtr& b) {
        return valueOf<table::Instant>(columns, *a, u"last-seen").ms >
               valueOf<table::Instant>(columns, *b, u"last-seen").ms;
    });
    return mine;
}

SummarySection sectionOfEvents(const table::TableSource& events, const QString& object, const QString& space,
                               qint64 nowMs)
{
    constexpr size_t mostShown = 8;
    SummarySection section{.title = tr("Events"), .items = {}};
    const table::Columns columns = events.columns();
    const auto mine = eventsOf(events, object, space);
    for (const table::RowPtr& row : std::span(mine).first(std::min(mostShown, mine.size()))) {
        const qint64 last = valueOf<table::Instant>(columns, *row, u"last-seen").ms;
        SummaryItem item{.key = valueOf<QString>(columns, *row, u"reason"),
                         .value = valueOf<QString>(columns, *row, u"message")};
        if (last != 0) {
            item.value = tr("%1 ago: %2").arg(table::relativeAge(last, nowMs), item.value);
            item.tooltip = table::exactMoment(last);
        }
        if (valueOf<QString>(columns, *row, u"type") == u"Warning")
            item.health = table::Health::Warning;
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
