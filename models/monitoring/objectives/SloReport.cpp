// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/SloReport.h"

#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/SloRules.h"

#include <QtCore/QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using What = SloQuestion::What;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

QStringList burnWindows()
{
    QStringList windows;
    for (const BurnPair& pair : burnPairs)
        windows << promqlDuration(pair.shortMs) << promqlDuration(pair.longMs);
    windows.removeDuplicates();
    return windows;
}

// The answer to one question; NaN where there is none.
class Answers
{
public:
    Answers(const std::vector<SloQuestion>& questions, const std::vector<std::optional<double>>& answers)
        : m_questions(questions), m_answers(answers)
    {
    }

    [[nodiscard]] double of(What what, const QString& window) const
    {
        return find([&](const SloQuestion& q) { return q.what == what && !q.ofPeriod && q.window == window; });
    }
    [[nodiscard]] double ofPeriod(What what) const
    {
        return find([&](const SloQuestion& q) { return q.what == what && q.ofPeriod; });
    }

private:
    template <typename Test>
    [[nodiscard]] double find(Test&& test) const
    {
        for (size_t i = 0; i < m_questions.size() && i < m_answers.size(); ++i) {
            if (test(m_questions[i]))
                return m_answers[i].value_or(qQNaN());
        }
        return qQNaN();
    }

    const std::vector<SloQuestion>& m_questions;
    const std::vector<std::optional<double>>& m_answers;
};

QString burnText(const SloReport& report)
{
    if (!report.rate)
        return tr("How fast the budget was spent in the last hour is not known");
    if (*report.rate == 0)
        return tr("Nothing of the budget was spent in the last hour");
    QString rate =
        tr("In the last hour the budget was spent at %1 times the allowed speed").arg(*report.rate, 0, 'g', 3);
    if (!report.exhaustedMs || *report.exhaustedMs == 0)
        return rate;
    const bool lasts = report.status.elapsedMs + *report.exhaustedMs >= report.status.period.length();
    // Of a rolling window nothing is left of the period at its end; what was spent long ago comes back.
    if (lasts && report.status.elapsedMs < report.status.period.length())
        return rate + tr("; it lasts to the end of the period");
    return rate + tr("; at that it is gone in %1").arg(spanText(*report.exhaustedMs));
}

void readBurns(SloReport& report, const SloSpec& spec, const Answers& answers)
{
    const auto share = [&](qint64 ms) { return answers.of(What::Share, promqlDuration(ms)); };
    for (size_t i = 0; i < burnPairs.size(); ++i)
        report.burns[i] = readBurn(burnPairs[i], share(burnPairs[i].shortMs), share(burnPairs[i].longMs), spec.allowed);
    report.burn = burnState(report.burns);
    report.rate = report.burns[0].longRate;
    report.exhaustedMs = exhaustionMs(report.status, report.rate);
}

SloReport levelOf(const SloSpec& spec, const Period& period, const Answers& answers)
{
    SloReport report;
    report.status.period = period;
    const double figure = answers.ofPeriod(What::Share);
    if (!std::isfinite(figure)) {
        report.words << tr("Not measured");
        return report;
    }
    report.level = figure;
    report.held = spec.objective.holds(figure);
    const QString text = figureText(figure, spec.metric->unit), wanted = spec.slo->objective->text();
    report.words << (*report.held ? tr("%1 on average, as wanted: %2").arg(text, wanted)
                                  : tr("%1 on average, but %2 is wanted").arg(text, wanted));
    return report;
}

} // namespace

std::vector<SloQuestion> questionsOf(const SloSpec& spec, const Period& period, qint64 nowMs,
                                     const SeriesPresence& presence)
{
    constexpr qint64 minute = 60'000;
    const qint64 elapsed = std::clamp(nowMs, period.fromMs, period.untilMs) - period.fromMs;
    const QString sofar = promqlDuration(std::max(elapsed / minute, qint64(5)) * minute);
    std::vector<SloQuestion> questions;
    const auto ask = [&](What what, const QString& window, bool ofPeriod, const Result<QString>& promql) {
        if (promql)
            questions.push_back({what, window, ofPeriod, *promql});
    };
    ask(What::Share, sofar, true, spec.badShare(sofar, presence));
    if (spec.kind == SloSpec::Kind::Level)
        return questions;
    ask(What::Known, sofar, true, spec.knownMs(sofar, presence));
    ask(What::Events, sofar, true, spec.events(sofar, presence));
    for (const QString& window : burnWindows()) {
        const QString recorded = recordedShare(spec.scope.platform->name, spec.slo->name, window);
        const bool there = presence && presence(recorded).value_or(false);
        ask(What::Share, window, false, there ? Result<QString>(recorded) : spec.badShare(window, presence));
    }
    return questions;
}

SloReport reportOf(const SloSpec& spec, const Period& period, qint64 nowMs, const std::vector<SloQuestion>& questions,
                   const std::vector<std::optional<double>>& answers)
{
    const Answers given(questions, answers);
    if (spec.kind == SloSpec::Kind::Level)
        return levelOf(spec, period, given);

    SloReport report;
    const double share = given.ofPeriod(What::Share), known = given.ofPeriod(What::Known);
    const double events = given.ofPeriod(What::Events);
    const bool counted = std::isfinite(events) && events > 0;
    SloMeasure measure;
    // Without a count of events the share stands for itself.
    measure.total = counted ? events : 1;
    measure.bad = share * measure.total;
    measure.knownMs = std::isfinite(known) && known > 0 && known < 1e17 ? std::llround(known) : 0;
    // The question looks every five minutes: what is less than that is no gap.
    const qint64 elapsed = std::clamp(nowMs, period.fromMs, period.untilMs) - period.fromMs;
    if (measure.knownMs > 0 && elapsed - measure.knownMs <= 300'000)
        measure.knownMs = elapsed;
    report.status = sloStatusFrom(period, nowMs, spec.allowed, measure, counted);
    readBurns(report, spec, given);
    if (report.status.state == SloStatus::State::Kept || report.status.state == SloStatus::State::Spent)
        report.held = report.status.state == SloStatus::State::Kept;

    report.words << budgetText(report.status) << burnText(report);
    for (const QString& remark : {unknownText(report.status), lowTrafficText(report.status),
                                  statedBudgetText(*spec.slo, report.status.allowedMs)}) {
        if (!remark.isEmpty())
            report.words << remark;
    }
    return report;
}

} // namespace wk::monitoring
