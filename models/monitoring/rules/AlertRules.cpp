// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/AlertRules.h"

#include "core/Duration.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/SloRules.h"
#include "monitoring/rules/RuleTests.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Comparison = platform::Threshold::Comparison;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

QString urgencyWord(platform::Urgency urgency)
{
    switch (urgency) {
    case platform::Urgency::Critical: return u"critical"_s;
    case platform::Urgency::Warning: return u"warning"_s;
    case platform::Urgency::Info: return u"info"_s;
    }
    return {};
}

QString compared(const QString& query, const platform::Threshold& limit)
{
    static const QHash<Comparison, QString> operators{
        {Comparison::Less, u"<"_s},   {Comparison::LessOrEqual, u"<="_s}, {Comparison::Greater, u">"_s},
        {Comparison::Equal, u"=="_s}, {Comparison::NotEqual, u"!="_s},    {Comparison::GreaterOrEqual, u">="_s}};
    const auto parsed = parsePromql(query);
    const bool single =
        parsed && (*parsed)->kind != PromqlNode::Kind::Binary && (*parsed)->kind != PromqlNode::Kind::Unary;
    const QString left = single ? query : u'(' + query + u')';
    if (limit.comparison == Comparison::Between)
        return u"%1 >= %2 <= %3"_s.arg(left, promqlNumber(limit.value), promqlNumber(limit.upper));
    return u"%1 %2 %3"_s.arg(left, operators.value(limit.comparison), promqlNumber(limit.value));
}

QString title(const QString& name, const std::vector<platform::Document>& documents)
{
    const auto it = std::ranges::find(documents, name, &platform::Document::name);
    return it == documents.end() ? QString() : it->title;
}

// Makes the rules of one alert.
class AlertPlanner
{
public:
    AlertPlanner(RuleFile& file, const platform::Platform& platform, const MetricCatalog& catalog,
                 const SeriesPresence& presence)
        : m_file(file), m_platform(platform), m_catalog(catalog), m_presence(presence)
    {
    }

    void plan(const platform::Alert& alert)
    {
        const platform::Metric* metric = m_catalog.find(alert.metric, alert.when);
        if (!metric) {
            planWritten(alert);
            return;
        }
        const auto limit = limitOf(alert, *metric);
        if (!limit) {
            gap(alert, tr("\"%1\" is known as \"%2\", but not what \"%3\" means in figures")
                           .arg(alert.metric, metric->title, alert.condition));
            return;
        }
        std::vector<MetricScope> scopes;
        if (metric->scope == platform::Metric::Scope::Service && !alert.service.isEmpty()) {
            scopes.push_back({&m_platform, m_platform.service(alert.service), nullptr, {}});
        } else if (metric->scope == platform::Metric::Scope::Service) {
            for (const platform::Service* service : servicesWith(*metric, m_platform))
                scopes.push_back({&m_platform, service, nullptr, {}});
        } else {
            scopes.push_back({&m_platform, nullptr, nullptr, {}});
        }
        if (scopes.empty())
            gap(alert, tr("no service of the platform has this metric (%1)")
                           .arg((metric->kinds + metric->products).join(u", "_s)));
        for (const MetricScope& scope : scopes)
            planFor(alert, *metric, *limit, scope, scopes);
    }

private:
    // Once, however many services it is missing for.
    void gap(const platform::Alert& alert, const QString& why)
    {
        const auto said = [&](const RuleGap& known) { return known.threshold == alert.name && known.why == why; };
        if (std::ranges::none_of(m_file.gaps, said))
            m_file.gaps.push_back({alert.name, alert.title, why});
    }

    void planFor(const platform::Alert& alert, const platform::Metric& metric, const platform::Threshold& limit,
                 const MetricScope& scope, const std::vector<MetricScope>& siblings)
    {
        const QueryTerms terms{alert.quantile, u"5m"_s, {}};
        const auto query = queryOf(metric, scope, terms, m_presence);
        if (!query) {
            gap(alert, query.error().sentence);
            return;
        }
        // Who it is about: as a label, and in words.
        std::pair<QString, QString> about{u"platform"_s, inTemplate(m_platform.title)};
        if (scope.service)
            about = {scope.service->name, inTemplate(scope.service->title)};
        else if (metric.scope == platform::Metric::Scope::Node)
            about = {u"nodes"_s, tr("Node")};
        const auto& [service, where] = about;
        PlannedRule rule = started(alert, service);
        rule.expr = compared(query->promql, limit);
        rule.annotations = annotations(alert, metric, where);
        const PlannedRule& added = m_file.add(groupName(alert, service), std::move(rule));
        addTests(m_file, added, {&metric, query->form, scope, terms, limit, siblings});
    }

    // A metric that nobody knows, with a query in the file: the query stands as it is.
    void planWritten(const platform::Alert& alert)
    {
        const auto parsed = parsePromql(alert.query);
        if (alert.query.isEmpty() || !parsed || !comparisonOf(*parsed)) {
            gap(alert, alert.when
                           ? tr("no metric in %1 is called \"%2\"")
                                 .arg(alert.when->unit.isEmpty() ? tr("figures") : alert.when->unit, alert.metric)
                           : tr("no metric is called \"%1\"").arg(alert.metric));
            return;
        }
        PlannedRule rule = started(alert, u"platform"_s);
        rule.expr = alert.query;
        rule.annotations.emplace_back(u"summary"_s,
                                      u"%1: %2"_s.arg(inTemplate(m_platform.title), inTemplate(alert.title)));
        rule.annotations.emplace_back(u"description"_s, tr("%1: {{ $value }}.").arg(inTemplate(alert.title)));
        m_file.add(groupName(alert, u"platform"_s), std::move(rule));
    }

    [[nodiscard]] QString groupName(const platform::Alert& alert, const QString& service) const
    {
        return QStringList{m_platform.name, service, urgencyWord(alert.urgency)}.join(u'.');
    }

    [[nodiscard]] PlannedRule started(const platform::Alert& alert, const QString& service) const
    {
        PlannedRule rule;
        rule.alert = alertName(alert.name);
        rule.threshold = alert.name;
        rule.forMs = alert.forMs.value_or(0);
        rule.labels = {{u"severity"_s, urgencyWord(alert.urgency)},
                       {u"platform"_s, m_platform.name},
                       {u"service"_s, service},
                       {u"threshold"_s, alert.name}};
        if (!alert.severity.isEmpty())
            rule.labels.emplace_back(u"incident_severity"_s, alert.severity);
        return rule;
    }

    [[nodiscard]] Labels annotations(const platform::Alert& alert, const platform::Metric& metric,
                                     const QString& where) const
    {
        Labels result{{u"summary"_s, u"%1: %2"_s.arg(where, inTemplate(alert.title))}};
        QString which;
        for (const QString& label : metric.by) {
            if (label != u"namespace")
                which += u"{{ with $labels.%1 }} {{ . }}{{ end }}"_s.arg(label);
        }
        const QString measured = alert.quantile
                                     ? tr("%1, %2th percentile").arg(inTemplate(metric.title)).arg(*alert.quantile)
                                     : inTemplate(metric.title);
        QString text = tr("%1%2: %3 %4.").arg(where, which, measured, valueTemplate(metric.unit));
        const QString limit = inTemplate(alert.when ? alert.when->text() : alert.condition);
        text += u' ' + (alert.forMs && *alert.forMs > 0
                            ? tr("Threshold: %1, for %2.").arg(limit, promqlDuration(*alert.forMs))
                            : tr("Threshold: %1.").arg(limit));
        if (!metric.meaning.isEmpty())
            text += u' ' + tr("Measured: %1.").arg(inTemplate(metric.meaning));
        result.emplace_back(u"description"_s, text);
        if (!alert.action.isEmpty())
            result.emplace_back(u"action"_s, inTemplate(alert.action));
        if (!alert.runbook.isEmpty())
            result.emplace_back(u"runbook"_s, alert.runbook);
        if (const QString source = title(alert.source, m_platform.documents); !source.isEmpty())
            result.emplace_back(u"source"_s, inTemplate(source));
        return result;
    }

    RuleFile& m_file;
    const platform::Platform& m_platform;
    const MetricCatalog& m_catalog;
    const SeriesPresence& m_presence;
};

} // namespace

std::vector<platform::Alert> thresholdsOf(const platform::Platform& platform)
{
    static const QRegularExpression others(u"[^a-z0-9]+"_s);
    std::vector<platform::Alert> all = platform.alerts;
    for (const platform::ScalingTrigger& trigger : platform.scaling.triggers) {
        platform::Alert alert;
        alert.name = u"scaling:"_s + trigger.metric.toLower().replace(others, u"-"_s);
        alert.title = tr("Time to scale: %1").arg(trigger.metric);
        alert.metric = trigger.metric;
        alert.urgency = platform::Urgency::Info;
        alert.when = trigger.when;
        alert.action = trigger.action;
        alert.source = trigger.source;
        all.push_back(std::move(alert));
    }
    return all;
}

std::optional<platform::Threshold> limitOf(const platform::Alert& alert, const platform::Metric& metric)
{
    if (alert.when)
        return inUnit(*alert.when, metric.unit);
    const auto condition = std::ranges::find_if(metric.conditions, [&](const platform::Metric::Condition& known) {
        return known.words.compare(alert.condition.simplified(), Qt::CaseInsensitive) == 0;
    });
    return condition == metric.conditions.end() || !condition->when ? std::nullopt
                                                                    : inUnit(*condition->when, metric.unit);
}

RuleFile rulesOf(const platform::Platform& platform, const MetricCatalog& catalog, const SeriesPresence& presence)
{
    RuleFile file;
    file.platform = platform.name;
    const MetricCatalog known = catalog.with(platform);
    AlertPlanner planner(file, platform, known, presence);
    for (const platform::Alert& alert : thresholdsOf(platform))
        planner.plan(alert);
    addSloRules(file, platform, known, presence);
    return file;
}

} // namespace wk::monitoring
