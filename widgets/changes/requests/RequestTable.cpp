// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestTable.h"

#include "core/Future.h"
#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::ChangeDesk;
using changes::Moment;
using changes::RequestState;
using changes::RequestSummary;
using table::Cell;
using table::Column;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::RequestTable)
};

bool isOver(RequestState state) { return state >= RequestState::Verified; }

const changes::Waiting* waitingOf(qint64 number, const ChangeDesk& desk)
{
    const auto& all = desk.waitingForMe();
    const auto it = std::ranges::find(all, number, &changes::Waiting::number);
    return it == all.end() ? nullptr : &*it;
}

Cell instantCell(const Moment& moment) { return moment ? Cell(table::Instant{moment->toMSecsSinceEpoch()}) : Cell(); }

/// A column, the lists in which it is shown at first, and its cell.
struct Definition
{
    const char16_t* id;
    const char* title;
    Column::Kind kind;
    const char* description;
    QList<ChangeList> lists; ///< empty: all
    Cell (*cell)(const RequestSummary& request);
    const char16_t* unit = u"";
};

const std::vector<Definition>& definitions()
{
    using K = Column::Kind;
    using enum ChangeList;
    static const std::vector<Definition> all{
        {u"number",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "No."),
         K::Number,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "The request's number"),
         {},
         [](const RequestSummary& r) -> Cell { return r.number; }},
        {u"title",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Title"),
         K::Text,
         "",
         {},
         [](const RequestSummary& r) -> Cell { return r.title; }},
        {u"state",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "State"),
         K::Status,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Where the request is in its life"),
         {},
         [](const RequestSummary& r) -> Cell { return standingOf(r).words; }},
        {u"risk",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Risk"),
         K::Text,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "The higher of the declared risk and the store's own"),
         {},
         [](const RequestSummary& r) -> Cell { return changes::riskWords(r.risk); }},
        {u"waits-for",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Waits for"),
         K::Text,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Who or what has to come next"),
         {Waiting, Mine, Open},
         [](const RequestSummary& r) -> Cell { return waitsForWords(r); }},
        {u"executor",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Carried out by"),
         K::Text,
         "",
         {Running},
         [](const RequestSummary& r) -> Cell { return r.executor; }},
        {u"starts",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Not before"),
         K::Moment,
         "",
         {Scheduled},
         [](const RequestSummary& r) { return instantCell(r.notBefore); }},
        {u"ends",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Not after"),
         K::Moment,
         "",
         {Scheduled},
         [](const RequestSummary& r) { return instantCell(r.notAfter); }},
        {u"requester",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Requester"),
         K::Text,
         "",
         {Waiting, Running, Scheduled, Open, History},
         [](const RequestSummary& r) -> Cell { return r.requester; }},
        {u"platform",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Platform"),
         K::Text,
         "",
         {},
         [](const RequestSummary& r) -> Cell { return r.platform; }},
        {u"age",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Age"),
         K::Age,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Since it was submitted, or filed where it was not yet"),
         {Waiting, Running, Scheduled, Mine, Open},
         [](const RequestSummary& r) { return instantCell(r.submittedAt ? r.submittedAt : r.createdAt); }},
        {u"ended",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Ended"),
         K::Age,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "How long ago it ended"),
         {History},
         [](const RequestSummary& r) { return instantCell(r.endedAt); }},
        {u"approval-took",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Approval took"),
         K::Number,
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Minutes from submission to the last approval"),
         {History},
         [](const RequestSummary& r) -> Cell {
             const auto ms = approvalMs(r);
             return ms ? Cell(qint64((*ms + 30'000) / 60'000)) : Cell();
         },
         u"min"},
        {u"type",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Type"),
         K::Text,
         "",
         {History},
         [](const RequestSummary& r) -> Cell { return r.type; }},
        {u"incident",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Incident"),
         K::Text,
         "",
         {History},
         [](const RequestSummary& r) -> Cell { return r.incident; }},
        {u"template",
         QT_TRANSLATE_NOOP("wk::widgets::RequestTable", "Template"),
         K::Text,
         "",
         {History},
         [](const RequestSummary& r) -> Cell { return r.templateName; }}};
    return all;
}

} // namespace

QString changeListTitle(ChangeList list)
{
    switch (list) {
    case ChangeList::Waiting: return Texts::tr("Waiting for me");
    case ChangeList::Running: return Texts::tr("Running");
    case ChangeList::Scheduled: return Texts::tr("Approved, scheduled");
    case ChangeList::Mine: return Texts::tr("My requests");
    case ChangeList::Open: return Texts::tr("All open");
    case ChangeList::History: return Texts::tr("History");
    }
    return {};
}

QString changeListId(ChangeList list)
{
    switch (list) {
    case ChangeList::Waiting: return u"waiting"_s;
    case ChangeList::Running: return u"running"_s;
    case ChangeList::Scheduled: return u"scheduled"_s;
    case ChangeList::Mine: return u"mine"_s;
    case ChangeList::Open: return u"open"_s;
    case ChangeList::History: return u"history"_s;
    }
    return {};
}

bool belongsTo(ChangeList list, const RequestSummary& request, const ChangeDesk& desk)
{
    const RequestState state = request.state;
    const bool closed = state == RequestState::Closed || state == RequestState::Cancelled;
    switch (list) {
    case ChangeList::Waiting: return waitingOf(request.number, desk) != nullptr;
    case ChangeList::Running: return state == RequestState::Running;
    case ChangeList::Scheduled: return state == RequestState::Approved || state == RequestState::Scheduled;
    case ChangeList::Mine: return request.requester == desk.person().name && (!closed || request.reviewOpen);
    case ChangeList::Open: return !closed || request.reviewOpen;
    case ChangeList::History: return isOver(state);
    }
    return false;
}

int countOf(ChangeList list, const ChangeDesk& desk)
{
    return int(std::ranges::count_if(desk.rows(),
                                     [&](const RequestSummary& request) { return belongsTo(list, request, desk); }));
}

RequestTable::RequestTable(ChangeDesk& desk, ChangeList list, QObject* parent)
    : TableSource(parent), m_desk(desk), m_list(list), m_hasOlder(list == ChangeList::History)
{
    connect(&desk, &ChangeDesk::changed, this, [this] {
        follow();
        emit freshnessChanged();
    });
    follow();
}

table::Columns RequestTable::columnsOf(ChangeList list)
{
    table::Columns out;
    for (const Definition& definition : definitions())
        out << Column{QString::fromUtf16(definition.id),
                      Texts::tr(definition.title),
                      definition.kind,
                      !definition.lists.isEmpty() && !definition.lists.contains(list),
                      *definition.description ? Texts::tr(definition.description) : QString(),
                      true,
                      QString::fromUtf16(definition.unit)};
    return out;
}

table::RowPtr RequestTable::rowOf(const RequestSummary& request, ChangeList list, const ChangeDesk& desk)
{
    auto row = std::make_shared<table::Row>();
    row->id = QString::number(request.number);
    row->name = request.title;
    const Standing standing = standingOf(request);
    row->health = standing.health;
    row->reason = standing.reason;
    for (const Definition& definition : definitions())
        row->cells.push_back(definition.cell(request));
    if (const auto* waiting = waitingOf(request.number, desk); waiting && list == ChangeList::Waiting)
        row->reason = waiting->sentence;
    return row;
}

table::Freshness RequestTable::freshness() const { return freshnessOf(m_desk.status()); }

void RequestTable::follow()
{
    RowsById now;
    const auto take = [&](const RequestSummary& request) {
        if (belongsTo(m_list, request, m_desk))
            now.try_emplace(QString::number(request.number), rowOf(request, m_list, m_desk));
    };
    // What the desk knows is newer than what a page of the past said.
    std::ranges::for_each(m_desk.rows(), take);
    std::ranges::for_each(m_older, take);
    const table::Batch batch = rowsBetween(m_rows, now);
    m_rows = std::move(now);
    if (!batch.upserts.empty() || !batch.removed.empty())
        emit changed(batch);
}

void RequestTable::readOlder()
{
    if (m_reading || !m_hasOlder)
        return;
    m_reading = true;
    emit olderChanged();
    changes::HistoryFilter filter;
    filter.limit = pageSize;
    for (const RequestState state : changes::requestStates())
        if (isOver(state))
            filter.states << state;
    // From the newest: an old one that still owes something would hide all those after it.
    filter.below = m_older.isEmpty() ? 0 : std::ranges::min(m_older, {}, &RequestSummary::number).number;
    whenDone(m_desk.history(filter), this, [this](const Result<QList<RequestSummary>>& answer) {
        m_reading = false;
        if (answer) {
            const size_t before = m_rows.size();
            m_older += *answer;
            m_hasOlder = answer->size() >= pageSize;
            follow();
            if (m_rows.size() == before)
                readOlder(); // all of that page was known
        } else {
            emit failed(answer.error());
        }
        emit olderChanged();
    });
}

} // namespace wk::widgets
