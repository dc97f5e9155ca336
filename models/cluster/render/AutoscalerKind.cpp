// SPDX-License-Identifier: GPL-3.0-or-later
// Columns: kubernetes/pkg/printers/internalversion/printers.go, formatHPAMetrics. What autoscaling/v1 keeps in
// annotations: kubernetes/pkg/apis/autoscaling/v1/conversion.go.
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

constexpr std::string_view unknownText = "<unknown>";

std::string quantity(const Value& value) { return value.text().empty() ? std::string("0") : std::string(value.text()); }

std::string percent(const Value& value) { return std::to_string(value.integer()) + '%'; }

// The five places where a value may stand, in v2's shape (below "target" and "current") and in the older one.
struct Amounts
{
    Value value, average, utilization;
};

Amounts targetOf(const Value& source, bool averageIsTarget)
{
    if (const Value target = source["target"]; target.exists())
        return {target["value"], target["averageValue"], target["averageUtilization"]};
    return {source["targetValue"], averageIsTarget ? source["targetAverageValue"] : source["averageValue"],
            source["targetAverageUtilization"]};
}

Amounts currentOf(const Value& status, bool averageIsCurrent)
{
    if (const Value current = status["current"]; current.exists())
        return {current["value"], current["averageValue"], current["averageUtilization"]};
    return {status["currentValue"], averageIsCurrent ? status["currentAverageValue"] : status["averageValue"],
            status["currentAverageUtilization"]};
}

std::string resourceText(const Value& source, const Value& status, bool named)
{
    const Amounts target = targetOf(source, true);
    const Amounts current = currentOf(status, true);
    const std::string name = named ? std::string(source["name"].text()) + ": " : std::string();
    if (target.average.exists())
        return name + (status.exists() ? quantity(current.average) : std::string(unknownText)) + '/' +
               quantity(target.average);
    return name + (current.utilization.exists() ? percent(current.utilization) : std::string(unknownText)) + '/' +
           (target.utilization.exists() ? percent(target.utilization) : std::string("<auto>"));
}

// An object's or an external metric: its value, or its average over the pods.
std::string valueText(const Value& source, const Value& status, bool external)
{
    const Amounts target = targetOf(source, external);
    const Amounts current = currentOf(status, external);
    if (target.average.exists())
        return (current.average.exists() ? quantity(current.average) : std::string(unknownText)) + '/' +
               quantity(target.average) + " (avg)";
    return (status.exists() ? quantity(current.value) : std::string(unknownText)) + '/' + quantity(target.value);
}

std::string metricText(const Value& spec, const Value& status, bool named)
{
    const std::string_view type = spec["type"].text();
    if (type == "Resource")
        return resourceText(spec["resource"], status["resource"], named);
    if (type == "ContainerResource")
        return resourceText(spec["containerResource"], status["containerResource"], named);
    if (type == "External")
        return valueText(spec["external"], status["external"], true);
    if (type == "Object")
        return valueText(spec["object"], status["object"], false);
    if (type == "Pods") {
        const Amounts target = targetOf(spec["pods"], true);
        const Amounts current = currentOf(status["pods"], true);
        return (status["pods"].exists() ? quantity(current.average) : std::string(unknownText)) + '/' +
               quantity(target.average);
    }
    return "<unknown type>";
}

std::string list(const std::vector<std::string>& metrics)
{
    constexpr std::size_t shown = 2;
    if (metrics.empty())
        return "<none>";
    std::string text;
    for (std::size_t i = 0; i < metrics.size() && i < shown; ++i)
        text += (text.empty() ? "" : ", ") + metrics[i];
    if (metrics.size() > shown)
        text += " + " + std::to_string(metrics.size() - shown) + " more...";
    return text;
}

// A JSON array from an annotation as {"items": [...]}.
Value annotation(ObjectTree& tree, const Context& c, std::string_view key, const Schema& schema)
{
    const std::string_view json = c.meta["annotations"].at(key).text();
    if (json.empty())
        return {};
    QByteArray document("{\"items\":");
    document.append(json.data(), qsizetype(json.size()));
    document.append('}');
    // What somebody wrote into an annotation may be anything: then there is nothing to show.
    const auto parsed = tree.decodeJson(schema, document);
    return parsed ? (*parsed)["items"] : Value();
}

std::vector<std::string> annotatedMetrics(const Context& c, bool named)
{
    ObjectTree specTree;
    ObjectTree statusTree;
    const Value specs =
        annotation(specTree, c, "autoscaling.alpha.kubernetes.io/metrics", annotatedMetricSpecsSchema());
    const Value statuses =
        annotation(statusTree, c, "autoscaling.alpha.kubernetes.io/current-metrics", annotatedMetricStatusesSchema());
    std::vector<std::string> metrics;
    auto status = statuses.begin();
    const auto next = [&]() -> Value {
        if (!(status != statuses.end()))
            return {};
        const Value value = *status;
        ++status;
        return value;
    };
    for (const Value spec : specs)
        metrics.push_back(metricText(spec, next(), named));
    const Value target = c.object["spec"]["targetCPUUtilizationPercentage"];
    if (target.exists()) {
        const Value annotated = next()["resource"]["currentAverageUtilization"];
        const Value plain = c.object["status"]["currentCPUUtilizationPercentage"];
        const Value current = statuses.isEmpty() ? plain : annotated;
        metrics.push_back((named ? "cpu: " : "") + (current.exists() ? percent(current) : std::string(unknownText)) +
                          '/' + percent(target));
    }
    return metrics;
}

Cell targets(const Context& c)
{
    const bool named = atLeast(*c.options, 30);
    if (c.object["spec"]["targetCPUUtilizationPercentage"].exists() || c.meta["annotations"].exists())
        return textCell(list(annotatedMetrics(c, named)));
    std::vector<std::string> metrics;
    const Value statuses = c.object["status"]["currentMetrics"];
    auto status = statuses.begin();
    for (const Value spec : c.object["spec"]["metrics"]) {
        const bool has = status != statuses.end();
        metrics.push_back(metricText(spec, has ? *status : Value(), named));
        if (has)
            ++status;
    }
    return textCell(list(metrics));
}

Verdict conditionVerdict(const Context& c, const Value& conditions)
{
    const Value able = condition(conditions, "AbleToScale");
    if (able["status"].is("False"))
        return {Health::Bad, withMessage(words("cannot scale"), able["message"].text())};
    const Value active = condition(conditions, "ScalingActive");
    if (active["status"].is("False")) {
        if (active["reason"].is("ScalingDisabled"))
            return {Health::Info, words("its target is scaled to zero")};
        return {Health::Bad, withMessage(words("cannot read its metrics"), active["message"].text())};
    }
    const Value limited = condition(conditions, "ScalingLimited");
    const qint64 current = c.object["status"]["currentReplicas"].integer();
    const qint64 most = c.object["spec"]["maxReplicas"].integer();
    // At its maximum and wanting more is trouble; at its maximum because the load is just so is worth knowing.
    if (limited["status"].is("True") && limited["reason"].is("TooManyReplicas"))
        return {Health::Warning, words("at its maximum of %1 replicas and wants more").arg(most)};
    if (most > 0 && current >= most)
        return {Health::Info, words("at its maximum of %1 replicas").arg(most)};
    return {Health::Good, {}};
}

Cell minPods(const Context& c)
{
    const Value least = c.object["spec"]["minReplicas"];
    return least.exists() ? Cell(least.integer()) : Cell();
}

Verdict verdict(const Context& c)
{
    if (const Value conditions = c.object["status"]["conditions"]; conditions.exists())
        return conditionVerdict(c, conditions);
    ObjectTree tree;
    return conditionVerdict(
        c, annotation(tree, c, "autoscaling.alpha.kubernetes.io/conditions", annotatedConditionsSchema()));
}

} // namespace

KindSpec autoscalerKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<verdict>};
    spec.add({
        nameColumn(),
        column(
            u"Reference"_s, Kind::Text,
            [](const Context& c) { return textCell(kindAndName(c.object["spec"]["scaleTargetRef"])); },
            "What it scales"),
        column(u"Targets"_s, Kind::Text, targets, "Metrics: now and as wanted"),
        column(u"MinPods"_s, Kind::Number, minPods, "Fewest replicas"),
        column(u"MaxPods"_s, Kind::Number, countAt<"spec", "maxReplicas">, "Most replicas"),
        column(u"Replicas"_s, Kind::Number, countAt<"status", "currentReplicas">, "Replicas now"),
        ageColumn(),
    });
    return spec;
}

} // namespace wk::cluster::render
