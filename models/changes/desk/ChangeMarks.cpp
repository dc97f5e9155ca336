// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/ChangeMarks.h"

#include "core/Future.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

#include <map>

namespace wk::changes {

using namespace Qt::StringLiterals;
using series::Mark;
using State = series::MarkSource::Standing::State;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ChangeMarks)
};

QDateTime moment(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC); }

Mark::Tone toneOf(const QString& outcome)
{
    const auto state = requestState(outcome);
    return state == RequestState::Failed       ? Mark::Tone::Bad
           : state == RequestState::RolledBack ? Mark::Tone::Warning
                                               : Mark::Tone::Info;
}

} // namespace

ChangeMarks::ChangeMarks(QString platform, Clock& clock, QObject* parent)
    : MarkSource(parent), m_platform(std::move(platform)), m_clock(clock)
{
}

ChangeMarks::~ChangeMarks() = default;

void ChangeMarks::setDesk(ChangeDesk* desk)
{
    if (desk == m_desk)
        return;
    if (m_desk)
        m_desk->disconnect(this);
    m_desk = desk;
    ++m_turn;
    m_executions.clear();
    m_older.clear();
    m_elsewhere.clear();
    m_error.reset();
    m_known = m_asking = m_again = m_cut = m_answered = false;
    if (m_desk) {
        const auto again = [this] {
            m_known = false;
            ask();
            emit changed();
        };
        connect(m_desk, &ChangeDesk::changed, this, again);
        connect(m_desk, &ChangeDesk::executionChanged, this, again);
        ask();
    }
    emit changed();
}

void ChangeMarks::onWatched() { ask(); }

void ChangeMarks::want(qint64 fromMs, qint64 toMs)
{
    m_from = fromMs, m_to = toMs;
    ask();
}

void ChangeMarks::ask()
{
    if (!isWatched() || !m_desk || m_to <= m_from || (m_known && m_askedFrom <= m_from))
        return;
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = m_known = true;
    m_askedFrom = m_from;
    AuditFilter filter;
    filter.action = u"execution."_s;
    filter.from = moment(m_from - longestMs); // and no end: the desk tells of what is new
    filter.limit = mostEntries;
    whenDone(m_desk->audit(filter), this, [this, turn = m_turn](const Result<QList<AuditEntry>>& entries) {
        if (turn == m_turn)
            take(entries);
    });
}

void ChangeMarks::take(const Result<QList<AuditEntry>>& entries)
{
    m_asking = false;
    m_answered = true;
    if (entries) {
        m_error.reset();
        m_cut = entries->size() >= mostEntries;
        std::map<qint64, Execution> all;
        for (const AuditEntry& entry : *entries) { // newest first
            Execution& execution = all[qint64(entry.detail.value(u"execution"_s).toDouble())];
            execution.number = entry.number;
            const qint64 at = entry.at ? entry.at->toMSecsSinceEpoch() : 0;
            if (entry.action == u"execution.claim") {
                execution.beganMs = at;
                execution.person = entry.person;
            } else if (entry.action == u"execution.finish") {
                execution.endedMs = at;
                execution.outcome = entry.detail.value(u"state"_s).toString();
            }
        }
        m_executions.clear();
        for (auto& [id, execution] : all) {
            execution.id = id;
            if (execution.beganMs || execution.endedMs)
                m_executions.push_back(execution);
        }
        askTitles();
    } else {
        m_error = entries.error();
        m_known = false; // the desk tells when its store is back
    }
    emit changed();
    if (std::exchange(m_again, false))
        ask();
}

const RequestSummary* ChangeMarks::summaryOf(qint64 number) const
{
    const auto& rows = m_desk->rows();
    const auto listed = std::ranges::find(rows, number, &RequestSummary::number);
    if (listed != rows.end())
        return &*listed;
    const auto older = m_older.constFind(number);
    return older == m_older.constEnd() ? nullptr : &*older;
}

/// Of requests that ended so long ago that the desk does not list them.
void ChangeMarks::askTitles()
{
    QSet<qint64> missing;
    for (const Execution& execution : m_executions) {
        if (!summaryOf(execution.number) && !m_elsewhere.contains(execution.number))
            missing.insert(execution.number);
    }
    if (missing.isEmpty())
        return;
    HistoryFilter filter;
    filter.platform = m_platform;
    filter.below = *std::ranges::max_element(missing) + 1;
    filter.limit = mostEntries;
    whenDone(m_desk->history(filter), this,
             [this, missing, turn = m_turn](const Result<QList<RequestSummary>>& requests) {
                 if (turn != m_turn)
                     return;
                 if (!requests) {
                     m_error = requests.error();
                     m_known = false;
                 } else {
                     m_elsewhere += missing;
                     for (const RequestSummary& request : *requests) {
                         m_elsewhere.remove(request.number);
                         m_older.insert(request.number, request);
                     }
                 }
                 emit changed();
             });
}

std::vector<Mark> ChangeMarks::marks(qint64 fromMs, qint64 toMs) const
{
    std::vector<Mark> out;
    for (const Execution& execution : m_executions) {
        const RequestSummary* request = m_desk ? summaryOf(execution.number) : nullptr;
        if (!request || request->platform != m_platform)
            continue;
        const bool runs = execution.endedMs == 0 && request->state == RequestState::Running;
        Mark mark{.id = u"change/%1/%2"_s.arg(execution.number).arg(execution.id),
                  .kind = Mark::Kind::Change,
                  .atMs = execution.beganMs ? execution.beganMs : execution.endedMs,
                  .goesOn = runs,
                  .text = Texts::tr("Change %1: %2").arg(QString::number(execution.number), request->title),
                  .tone = toneOf(execution.outcome),
                  .target = QString::number(execution.number)};
        if (execution.beganMs && execution.endedMs)
            mark.untilMs = execution.endedMs;
        const auto outcome = requestState(execution.outcome);
        const QString how = outcome ? requestStateWords(*outcome)
                            : runs  ? Texts::tr("is carried out")
                                    : requestStateWords(request->state);
        mark.text += u", "_s + (execution.person.isEmpty() ? how : Texts::tr("%1, by %2").arg(how, execution.person));
        if (mark.touches(fromMs, toMs))
            out.push_back(std::move(mark));
    }
    return out;
}

series::MarkSource::Standing ChangeMarks::standing() const
{
    if (!m_desk)
        return {State::Unknown, Texts::tr("No store of changes is open: open the Changes panel once.")};
    const DeskStatus& status = m_desk->status();
    if (m_error)
        return {m_executions.empty() ? State::Unknown : State::Partial, m_error->sentence};
    if (status.state == DeskStatus::State::Failed)
        return {State::Unknown, status.error ? status.error->sentence : QString()};
    if (!m_answered)
        return {State::Asking, {}};
    if (status.state == DeskStatus::State::Stale)
        return {State::Partial, Texts::tr("The store of changes is away: as of %1.")
                                    .arg(QLocale().toString(status.asOf.value_or(moment(m_clock.nowMs())).toLocalTime(),
                                                            u"d MMM HH:mm"_s))};
    if (m_cut)
        return {State::Partial, Texts::tr("Only the latest %1 steps of the record are read.").arg(mostEntries)};
    return {State::Known, {}};
}

} // namespace wk::changes
