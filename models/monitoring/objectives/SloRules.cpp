// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/SloRules.h"

#include "monitoring/metrics/MetricExample.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/Burn.h"
#include "monitoring/objectives/SloSpec.h"
#include "monitoring/rules/RuleTests.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

QString shareName(const QString& window) { return u"slo:errors:ratio_rate"_s + window; }

// "{platform="shop",slo="availability"}"
QString sloSelector(const QString& platform, const QString& slo)
{
    return u"{platform=%1,slo=%2}"_s.arg(promqlQuoted(platform), promqlQuoted(slo));
}

constexpr qint64 minuteMs = 60'000;

// Makes the rules of one SLO.
class SloPlanner
{
public:
    SloPlanner(RuleFile& file, const platform::Platform& platform, const SloSpec& spec, const MetricQuery& query,
               const SeriesPresence& presence)
        : m_file(file), m_platform(platform), m_spec(spec), m_form(*query.form), m_presence(presence),
          m_group(QStringList{platform.name, u"slo"_s, spec.slo->name}.join(u'.')), m_own{
                                                                                        {u"platform"_s, platform.name},
                                                                                        {u"slo"_s, spec.slo->name}}
    {
    }

    void planBudget(const MetricQuery& moment)
    {
        if (m_spec.metric->moments)
            record(u"slo:good:moment"_s, moment.promql);
        for (const QString& window : windows()) {
            if (m_spec.metric->moments)
                record(shareName(window), u"1 - avg_over_time(slo:good:moment%1[%2])"_s.arg(
                                              sloSelector(m_platform.name, m_spec.slo->name), window));
            else
                record(shareName(window), m_spec.badShare(window, m_presence).value_or(QString()));
        }
        for (const BurnPair& pair : burnPairs)
            planPair(pair);
        PlannedRule silent = started(alertName(m_spec.slo->name) + u"NotMeasured"_s, false);
        silent.expr = u"absent(%1 >= 0)"_s.arg(share(u"5m"_s));
        silent.forMs = 15 * minuteMs;
        annotate(
            silent, tr("not measured"),
            tr("Nothing has been known about %2 (%1) for 15 minutes: no traffic, or no data. That is not the same as "
               "nothing being wrong.")
                .arg(inTemplate(m_spec.slo->title), inTemplate(m_platform.title)));
        test(silent, u"fires without data"_s, {}, 20, {expectedAlert(silent, {}, 0, u"ratio")});
        m_file.add(m_group, silent);
    }

    void planLevel()
    {
        PlannedRule rule = started(alertName(m_spec.slo->name) + u"MissesObjective"_s, false);
        const QString value = m_spec.badShare(u"1h"_s, m_presence).value_or(QString());
        const bool less = m_spec.objective.comparison == platform::Threshold::Comparison::Less ||
                          m_spec.objective.comparison == platform::Threshold::Comparison::LessOrEqual;
        rule.expr = u"%1 %2 %3"_s.arg(value, less ? u">="_s : u"<="_s, promqlNumber(m_spec.objective.value));
        annotate(rule, tr("misses its objective"),
                 tr("%1 of %2: %3 over the last hour; the objective is %4.")
                     .arg(inTemplate(m_spec.slo->title), inTemplate(m_platform.title),
                          valueTemplate(m_spec.metric->unit), m_spec.slo->objective->text()));
        platform::Threshold missed = m_spec.objective;
        missed.comparison = less ? platform::Threshold::Comparison::Greater : platform::Threshold::Comparison::Less;
        const PlannedRule& added = m_file.add(m_group, std::move(rule));
        addTests(m_file, added,
                 {m_spec.metric, &m_form, m_spec.scope, {m_spec.terms.quantile, u"1h"_s, {}}, missed, {}});
    }

private:
    [[nodiscard]] static QStringList windows()
    {
        QStringList all;
        for (const BurnPair& pair : burnPairs)
            all << promqlDuration(pair.shortMs) << promqlDuration(pair.longMs);
        std::ranges::sort(all, {}, [](const QString& window) { return *promqlDurationMs(window); });
        all.removeDuplicates();
        return all;
    }

    [[nodiscard]] QString share(const QString& window) const
    {
        return recordedShare(m_platform.name, m_spec.slo->name, window);
    }

    void record(const QString& name, const QString& expr)
    {
        PlannedRule rule;
        rule.record = name;
        rule.expr = expr;
        rule.labels = m_own;
        m_file.add(m_group, std::move(rule));
    }

    [[nodiscard]] PlannedRule started(const QString& name, bool pages) const
    {
        PlannedRule rule;
        rule.alert = name;
        rule.threshold = u"slo:"_s + m_spec.slo->name;
        rule.labels = {{u"severity"_s, pages ? u"critical"_s : u"warning"_s},
                       {u"platform"_s, m_platform.name},
                       {u"service"_s, m_spec.slo->service.isEmpty() ? u"platform"_s : m_spec.slo->service},
                       {u"slo"_s, m_spec.slo->name},
                       {u"threshold"_s, rule.threshold}};
        if (!m_spec.slo->severity.isEmpty())
            rule.labels.emplace_back(u"incident_severity"_s, m_spec.slo->severity);
        return rule;
    }

    void annotate(PlannedRule& rule, const QString& what, const QString& description) const
    {
        rule.annotations = {
            {u"summary"_s, u"%1: %2 %3"_s.arg(inTemplate(m_platform.title), inTemplate(m_spec.slo->title), what)},
            {u"description"_s, description}};
        for (const platform::Document& document : m_platform.documents) {
            if (document.name == m_spec.slo->source)
                rule.annotations.emplace_back(u"source"_s, inTemplate(document.title));
        }
    }

    void planPair(const BurnPair& pair)
    {
        const QString longWindow = promqlDuration(pair.longMs), shortWindow = promqlDuration(pair.shortMs);
        const double limit = pair.factor * m_spec.allowed;
        if (limit >= 1) {
            m_file.gaps.push_back(
                {u"slo:"_s + m_spec.slo->name, inTemplate(m_spec.slo->title),
                 tr("the budget of %1 is so large that not even nothing but failures spends it %2 times "
                    "too fast")
                     .arg(figureText(m_spec.allowed, u"ratio"), promqlNumber(pair.factor))});
            return;
        }
        PlannedRule rule = started(alertName(m_spec.slo->name) + u"BudgetBurn"_s + longWindow, pair.pages);
        rule.labels.emplace_back(u"window"_s, longWindow);
        rule.expr =
            u"%1 > %3 and %2 > %3"_s.arg(share(longWindow), share(shortWindow),
                                         u"%1 * %2"_s.arg(promqlNumber(pair.factor), promqlNumber(m_spec.allowed)));
        annotate(rule, tr("spends its budget too fast"),
                 tr("%1 of %2 was bad in the last %3, and still is in the last %4; %5 is allowed. At %6 times that, "
                    "the budget "
                    "of 30 days lasts %7.")
                     .arg(valueTemplate(u"ratio"), inTemplate(m_platform.title), longWindow, shortWindow,
                          figureText(m_spec.allowed, u"ratio"), promqlNumber(pair.factor),
                          promqlDuration(qint64(30 * 86'400'000.0 / pair.factor) / minuteMs * minuteMs)));
        testPair(m_file.add(m_group, std::move(rule)), pair, limit);
    }

    void testPair(const PlannedRule& rule, const BurnPair& pair, double limit)
    {
        const double over = std::min(limit * 1.02, 1.0), under = limit * 0.98;
        // Whatever the window, it holds nothing but what there is.
        constexpr qint64 minutes = 7;
        test(rule, u"fires"_s, input(over, minutes + 5, over, 0), minutes,
             {expectedAlert(rule, m_own, over, u"ratio")});
        test(rule, u"silent"_s, input(under, minutes + 5, under, 0), minutes, {});
        const qint64 calm = pair.shortMs / minuteMs + 5;
        if (pair.pages) // the hours of the others, a minute at a time, take promtool longer than they tell
            test(rule, u"ends when the short window is calm"_s, input(1, 20, 0, calm + 5), 20 + calm, {});
    }

    // The share `first` for so many minutes, then `then`.
    [[nodiscard]] std::vector<RuleTest::Input> input(double first, qint64 minutes, double then, qint64 more) const
    {
        const auto asValue = [&](double bad) { return m_spec.good ? 1 - bad : bad; };
        std::vector<RuleTest::Input> all;
        for (const ExampleInput& one : exampleOf(*m_spec.metric, m_form, m_spec.scope, m_spec.terms, asValue(first)))
            all.push_back({one.series, exampleValues(one, asValue(first), minutes, asValue(then), more)});
        return all;
    }

    void test(const PlannedRule& rule, const QString& what, std::vector<RuleTest::Input> input, qint64 minute,
              std::vector<std::pair<Labels, Labels>> firing)
    {
        // Without an example there is nothing to try, but for what is about no data at all.
        if (input.empty() && !rule.expr.startsWith(u"absent("))
            return;
        m_file.tests.push_back(
            {rule.alert + u": "_s + what, std::move(input), {{minute, rule.alert, std::move(firing)}}});
    }

    RuleFile& m_file;
    const platform::Platform& m_platform;
    const SloSpec& m_spec;
    const platform::MetricForm& m_form;
    const SeriesPresence& m_presence;
    QString m_group;
    Labels m_own;
};

} // namespace

QString recordedShare(const QString& platform, const QString& slo, const QString& window)
{
    return shareName(window) + sloSelector(platform, slo);
}

void addSloRules(RuleFile& file, const platform::Platform& platform, const MetricCatalog& catalog,
                 const SeriesPresence& presence)
{
    for (const platform::Slo& slo : platform.slos) {
        const auto spec = specOf(slo, platform, catalog);
        const auto moment = spec ? spec->moment(presence) : fail(spec.error());
        if (!moment) {
            file.gaps.push_back({u"slo:"_s + slo.name, slo.title, moment.error().sentence});
            continue;
        }
        SloPlanner planner(file, platform, *spec, *moment, presence);
        if (spec->kind == SloSpec::Kind::Budget)
            planner.planBudget(*moment);
        else
            planner.planLevel();
    }
}

} // namespace wk::monitoring
