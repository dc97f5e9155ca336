// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/objectives/ObjectiveTable.h"

#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/ObjectiveWords.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using monitoring::ObjectiveFeed;
using table::Column;

namespace {

table::Health healthOf(monitoring::Standing standing)
{
    switch (standing) {
    case monitoring::Standing::Good: return table::Health::Good;
    case monitoring::Standing::Warning: return table::Health::Warning;
    case monitoring::Standing::Bad: return table::Health::Bad;
    case monitoring::Standing::Unknown: return table::Health::Unknown;
    }
    return table::Health::None;
}

table::Cell textCell(const QString& text) { return text.isEmpty() ? table::Cell() : table::Cell(text); }

QString stateText(const ObjectiveFeed::Slo& slo)
{
    switch (monitoring::standingOf(slo)) {
    case monitoring::Standing::Good: return ObjectiveTable::tr("Kept");
    case monitoring::Standing::Warning:
        return slo.report.burn == monitoring::BurnState::Ticket ? ObjectiveTable::tr("Burning")
                                                                : ObjectiveTable::tr("Not certain");
    case monitoring::Standing::Bad:
        return slo.report.held.value_or(false) ? ObjectiveTable::tr("Burning fast") : ObjectiveTable::tr("Missed");
    case monitoring::Standing::Unknown: break;
    }
    return slo.spec ? ObjectiveTable::tr("Not measured") : ObjectiveTable::tr("Cannot be measured");
}

table::RowPtr rowOf(const ObjectiveFeed::Slo& slo)
{
    auto row = std::make_shared<table::Row>();
    const monitoring::SloReport& report = slo.report;
    row->id = slo.slo->name;
    row->name = slo.slo->title;
    row->health = healthOf(monitoring::standingOf(slo));
    // Of what is not certain, why it is not.
    const bool uncertain = report.status.state == monitoring::SloStatus::State::Uncertain;
    row->reason = !slo.spec ? slo.why : uncertain ? monitoring::unknownText(report.status) : report.words.value(0);
    const bool asked = slo.spec && slo.askedMs > 0;
    const auto left = asked ? report.status.remainingMs() : std::nullopt;
    table::Cell share;
    if (asked && report.status.remaining)
        share = 100 * *report.status.remaining;
    row->cells = {slo.slo->title,
                  stateText(slo),
                  slo.slo->objective ? textCell(slo.slo->objective->text()) : table::Cell(),
                  textCell(monitoring::measuredText(slo)),
                  share,
                  left ? textCell(*left < 0 ? ObjectiveTable::tr("overspent by %1").arg(monitoring::spanText(-*left))
                                            : monitoring::spanText(*left))
                       : table::Cell(),
                  asked && slo.spec->kind == monitoring::SloSpec::Kind::Budget ? textCell(monitoring::burnText(report))
                                                                               : table::Cell(),
                  asked ? textCell(monitoring::exhaustionText(report)) : table::Cell()};
    return row;
}

QString verdictText(const ObjectiveFeed::Target& target)
{
    using Verdict = monitoring::KpiReading::Verdict;
    switch (target.reading.verdict) {
    case Verdict::Met: return ObjectiveTable::tr("Met");
    case Verdict::Missed: return ObjectiveTable::tr("Missed");
    case Verdict::NoTarget: return ObjectiveTable::tr("No target");
    case Verdict::Unknown: break;
    }
    return target.plan.promql.isEmpty() ? ObjectiveTable::tr("Not from Prometheus")
                                        : ObjectiveTable::tr("Not measured");
}

table::RowPtr rowOf(const ObjectiveFeed::Target& target)
{
    auto row = std::make_shared<table::Row>();
    const platform::Kpi& kpi = target.plan.kpi;
    const monitoring::KpiReading& reading = target.reading;
    const QString unit = target.plan.metric ? target.plan.metric->unit : QString();
    row->id = kpi.group + u'/' + kpi.name;
    row->name = kpi.title;
    row->health = reading.verdict == monitoring::KpiReading::Verdict::NoTarget ? table::Health::Info
                                                                               : healthOf(standingOf(reading));
    row->reason = reading.words.isEmpty() ? target.plan.why : reading.words;
    row->cells = {kpi.title,
                  monitoring::targetGroupText(kpi.group),
                  verdictText(target),
                  kpi.target ? textCell(kpi.target->text()) : table::Cell(),
                  reading.value ? textCell(monitoring::figureText(*reading.value, unit)) : table::Cell(),
                  reading.previous ? textCell(monitoring::figureText(*reading.previous, unit)) : table::Cell(),
                  textCell(monitoring::trendText(reading.trend))};
    return row;
}

template <typename Entries>
std::vector<table::RowPtr> rowsFrom(const Entries& entries)
{
    std::vector<table::RowPtr> rows;
    for (const auto& entry : entries)
        rows.push_back(rowOf(entry));
    return rows;
}

// As of the oldest of the figures: none of them is younger than it says.
template <typename Entries>
table::Freshness freshnessFrom(const Entries& entries, bool asking)
{
    table::Freshness out;
    bool any = false, pending = false;
    for (const auto& entry : entries) {
        any = any || entry.askedMs > 0;
        pending = pending || entry.askedMs == 0;
        if (entry.askedMs > 0 && (out.asOfMs == 0 || entry.askedMs < out.asOfMs))
            out.asOfMs = entry.askedMs;
        if (entry.error && !out.error)
            out.error = entry.error;
    }
    using State = table::Freshness::State;
    if (out.error)
        out.state = any ? State::Stale : State::Failed;
    else if (entries.empty() || any)
        out.state = State::Live;
    else
        out.state = asking || pending ? State::Loading : State::Idle;
    return out;
}

} // namespace

ObjectiveTable::ObjectiveTable(ObjectiveFeed& feed, Of of, QObject* parent)
    : TableSource(parent), m_feed(feed), m_of(of)
{
    connect(&feed, &ObjectiveFeed::changed, this, [this] {
        emit changed({false, rows(), {}});
        emit freshnessChanged();
    });
}

table::Columns ObjectiveTable::columns() const
{
    using K = Column::Kind;
    if (m_of == Of::Targets)
        return {{u"target"_s, tr("Target"), K::Text, false, {}},
                {u"group"_s, tr("Group"), K::Text, false, {}},
                {u"state"_s, tr("State"), K::Status, false, {}},
                {u"wanted"_s, tr("Wanted"), K::Text, false, tr("As the document says it")},
                {u"measured"_s, tr("Measured"), K::Text, false, tr("Over the last 30 days")},
                {u"before"_s, tr("Before"), K::Text, false, tr("Over the 30 days before those")},
                {u"trend"_s, tr("Trend"), K::Text, false, tr("Nearer to the target, or further from it")}};
    return {{u"objective"_s, tr("Objective"), K::Text, false, {}},
            {u"state"_s, tr("State"), K::Status, false, {}},
            {u"wanted"_s, tr("Wanted"), K::Text, false, tr("As the document says it")},
            {u"measured"_s, tr("Measured"), K::Text, false, tr("In this month so far")},
            {u"budget"_s, tr("Budget left"), K::Percent, false, tr("Share of the month's error budget that is left")},
            {u"left"_s, tr("Left"), K::Text, false, tr("The same as time of nothing but failure")},
            {u"burning"_s, tr("Burning"), K::Text, false,
             tr("How many times too fast the budget is spent, where that is too fast in both windows of a pair")},
            {u"lasts"_s, tr("Lasts"), K::Text, false, tr("Until nothing is left, at the speed of the last hour")}};
}

std::vector<table::RowPtr> ObjectiveTable::rows() const
{
    // Nothing is shown before anything was asked: a table of unknowns would look like bad news.
    const auto fresh = freshness().state;
    if (fresh == table::Freshness::State::Loading || fresh == table::Freshness::State::Idle ||
        fresh == table::Freshness::State::Failed)
        return {};
    return m_of == Of::Objectives ? rowsFrom(m_feed.slos()) : rowsFrom(m_feed.targets());
}

table::Freshness ObjectiveTable::freshness() const
{
    return m_of == Of::Objectives ? freshnessFrom(m_feed.slos(), m_feed.isAsking())
                                  : freshnessFrom(m_feed.targets(), m_feed.isAsking());
}

} // namespace wk::widgets
