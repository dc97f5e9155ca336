// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/unapproved/UnapprovedTable.h"

#include "widgets/changes/requests/RequestWords.h"
#include "widgets/changes/unapproved/UnapprovedWords.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::UnapprovedItem;
using table::Cell;
using table::Column;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::UnapprovedTable)
};

struct Definition
{
    const char16_t* id;
    const char* title;
    Column::Kind kind;
    bool wide;
    const char* description;
    Cell (*cell)(const UnapprovedItem& item);
};

const std::vector<Definition>& definitions()
{
    using K = Column::Kind;
    static const std::vector<Definition> all{
        {u"object", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Object"), K::Text, false, "",
         [](const UnapprovedItem& i) -> Cell { return i.target.words(); }},
        {u"state", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "State"), K::Status, false,
         QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Whether anybody has accounted for it"),
         [](const UnapprovedItem& i) -> Cell { return standingOf(i).words; }},
        {u"who", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Who"), K::Text, false,
         QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "The program, as the API server noted it (managedFields)"),
         [](const UnapprovedItem& i) -> Cell { return authorWords(i); }},
        {u"when", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "When"), K::Age, false,
         QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "How long ago it was changed"),
         [](const UnapprovedItem& i) -> Cell {
             const auto moment = i.at ? i.at : i.seenAt;
             return moment ? Cell(table::Instant{moment->toMSecsSinceEpoch()}) : Cell();
         }},
        {u"what", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "What"), K::Text, false, "",
         [](const UnapprovedItem& i) -> Cell { return changeWords(i); }},
        {u"cluster", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Cluster"), K::Text, false, "",
         [](const UnapprovedItem& i) -> Cell { return i.target.cluster; }},
        {u"platform", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Platform"), K::Text, false, "",
         [](const UnapprovedItem& i) -> Cell { return i.platform; }},
        {u"seen-by", QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Seen by"), K::Text, true,
         QT_TRANSLATE_NOOP("wk::widgets::UnapprovedTable", "Whose cockpit put it on record"),
         [](const UnapprovedItem& i) -> Cell { return i.observer; }}};
    return all;
}

} // namespace

UnapprovedTable::UnapprovedTable(changes::UnapprovedDesk& desk, QObject* parent) : TableSource(parent), m_desk(desk)
{
    connect(&desk, &changes::UnapprovedDesk::changed, this, [this] {
        follow();
        emit freshnessChanged();
    });
    follow();
}

table::Columns UnapprovedTable::allColumns()
{
    table::Columns out;
    for (const Definition& definition : definitions())
        out << Column{QString::fromUtf16(definition.id),
                      Texts::tr(definition.title),
                      definition.kind,
                      definition.wide,
                      *definition.description ? Texts::tr(definition.description) : QString(),
                      true,
                      {}};
    return out;
}

table::RowPtr UnapprovedTable::rowOf(const UnapprovedItem& item)
{
    auto row = std::make_shared<table::Row>();
    row->id = item.key();
    row->space = item.target.space;
    row->name = item.target.words();
    const UnapprovedStanding standing = standingOf(item);
    row->health = standing.health;
    row->reason = standing.reason;
    for (const Definition& definition : definitions())
        row->cells.push_back(definition.cell(item));
    return row;
}

table::Freshness UnapprovedTable::freshness() const { return freshnessOf(m_desk.status()); }

void UnapprovedTable::setControllersShown(bool shown)
{
    m_controllers = shown;
    follow();
}

void UnapprovedTable::follow()
{
    RowsById now;
    for (const UnapprovedItem& item : m_desk.items())
        if (m_controllers || !item.byController())
            now.try_emplace(item.key(), rowOf(item));
    const table::Batch batch = rowsBetween(m_rows, now);
    m_rows = std::move(now);
    if (!batch.upserts.empty() || !batch.removed.empty())
        emit changed(batch);
}

} // namespace wk::widgets
