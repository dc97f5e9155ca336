// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/ObjectiveFeed.h"

#include "monitoring/objectives/SloRules.h"
#include "monitoring/promql/Promql.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;

/// The answers to several questions, which make one report.
struct ObjectiveFeed::Round
{
    std::vector<std::optional<double>> answers;
    std::optional<Error> error;
    size_t open = 0;

    /// True with the last one.
    bool take(size_t at, const Result<AnswerPtr>& answer)
    {
        if (answer)
            answers[at] = oneFigure(**answer);
        else if (!error)
            error = answer.error();
        return --open == 0;
    }
};

std::optional<double> oneFigure(const Answer& answer)
{
    if (answer.series.size() != 1 || answer.series.front().value.size() != 1)
        return std::nullopt;
    return answer.series.front().value.front();
}

ObjectiveFeed::ObjectiveFeed(Means means, QObject* parent)
    : QObject(parent), m_means(std::move(means)), m_lookup(m_means.server)
{
    for (const platform::Slo& slo : m_means.platform->slos) {
        Slo made;
        made.slo = &slo;
        if (auto spec = specOf(slo, *m_means.platform, *m_means.catalog))
            made.spec = std::move(*spec);
        else
            made.why = spec.error().sentence;
        m_slos.push_back(std::move(made));
    }
    makeTargets({});
}

ObjectiveFeed::~ObjectiveFeed() = default;

void ObjectiveFeed::makeTargets(const SeriesPresence& presence)
{
    std::vector<KpiPlan> plans = kpisOf(*m_means.platform, *m_means.catalog, promqlDuration(targetPeriodMs), presence);
    m_targets.resize(plans.size());
    for (size_t i = 0; i < plans.size(); ++i) {
        m_targets[i].plan = std::move(plans[i]);
        if (m_targets[i].plan.promql.isEmpty()) // nothing is asked: why is the whole answer
            m_targets[i].reading = readKpi(m_targets[i].plan, std::nullopt, std::nullopt, 0);
    }
}

QStringList ObjectiveFeed::neededSelectors() const
{
    QStringList all;
    for (const Slo& slo : m_slos) {
        if (!slo.spec)
            continue;
        const SloSpec& spec = *slo.spec;
        all << neededSeries(*spec.metric, spec.scope, spec.terms);
        if (spec.traffic)
            all << neededSeries(*spec.traffic, spec.scope, spec.terms);
        for (const BurnPair& pair : burnPairs) {
            for (const qint64 ms : {pair.shortMs, pair.longMs})
                all << recordedShare(spec.scope.platform->name, slo.slo->name, promqlDuration(ms));
        }
    }
    for (const Target& target : m_targets) {
        if (target.plan.metric)
            all << neededSeries(*target.plan.metric, {m_means.platform.get(), nullptr, nullptr, {}},
                                {target.plan.kpi.quantile, promqlDuration(targetPeriodMs), {}});
    }
    return all;
}

void ObjectiveFeed::rest()
{
    m_lookup.rest();
    m_flights.clear();
    m_asking = false;
}

void ObjectiveFeed::ask(Wanted wanted)
{
    rest();
    m_asking = true;
    m_withTargets = wanted == Wanted::Everything;
    m_nowMs = m_means.clock.nowMs();
    m_period = calendarMonth(m_nowMs, m_means.zone);
    m_lookup.ask(neededSelectors(), [this] { askAll(); });
    emit changed();
}

void ObjectiveFeed::askAll()
{
    m_open = 1; // this function itself
    if (m_withTargets)
        makeTargets(m_lookup.presence());
    for (Slo& slo : m_slos)
        askSlo(slo);
    if (m_withTargets) {
        for (Target& target : m_targets)
            askTarget(target);
    }
    done();
}

void ObjectiveFeed::submit(const InstantQuery& query, std::function<void(const Result<AnswerPtr>&)> then)
{
    ++m_open;
    m_flights.push_back(m_means.server.instant(query, Priority::Visible,
                                               [this, then = std::move(then)](const Result<AnswerPtr>& answer) {
                                                   then(answer);
                                                   done();
                                               }));
}

void ObjectiveFeed::askSlo(Slo& slo)
{
    if (!slo.spec)
        return;
    const auto questions = questionsOf(*slo.spec, m_period, m_nowMs, m_lookup.presence());
    auto round = std::make_shared<Round>();
    round->answers.resize(questions.size());
    round->open = questions.size();
    for (size_t i = 0; i < questions.size(); ++i) {
        submit({questions[i].promql, m_nowMs}, [this, &slo, questions, round, i](const Result<AnswerPtr>& answer) {
            if (!round->take(i, answer))
                return;
            slo.error = round->error;
            if (!round->error) {
                slo.questions = questions;
                slo.report = reportOf(*slo.spec, m_period, m_nowMs, questions, round->answers);
                slo.askedMs = m_nowMs;
            }
            emit changed();
        });
    }
}

void ObjectiveFeed::askTarget(Target& target)
{
    if (target.plan.promql.isEmpty()) {
        target.askedMs = m_nowMs;
        return;
    }
    auto round = std::make_shared<Round>();
    round->answers.resize(2);
    round->open = 2;
    for (size_t i = 0; i < 2; ++i) {
        submit({target.plan.promql, m_nowMs - qint64(i) * targetPeriodMs},
               [this, &target, round, i](const Result<AnswerPtr>& answer) {
                   if (!round->take(i, answer))
                       return;
                   target.error = round->error;
                   if (!round->error) {
                       target.reading = readKpi(target.plan, round->answers[0], round->answers[1], m_nowMs);
                       target.askedMs = m_nowMs;
                   }
                   emit changed();
               });
    }
}

void ObjectiveFeed::done()
{
    if (--m_open > 0)
        return;
    m_asking = false;
    emit changed();
    emit ended();
}

} // namespace wk::monitoring
