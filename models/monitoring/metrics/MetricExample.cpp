// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/MetricExample.h"

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Find = platform::MetricForm::Find;

QString podOf(const platform::Workload& workload)
{
    if (workload.kind == u"StatefulSet")
        return workload.name + u"-0"_s;
    return workload.name + (workload.kind == u"Deployment" ? u"-7d9c5b6f48-x4k2p"_s : u"-x4k2p"_s);
}

const platform::Workload* workloadOf(const MetricScope& scope)
{
    if (scope.workload)
        return scope.workload;
    if (scope.service)
        return scope.service->workloads.empty() ? nullptr : &scope.service->workloads.front();
    for (const platform::Service& service : scope.platform->services) {
        if (!service.workloads.empty())
            return &service.workloads.front();
    }
    return nullptr;
}

void set(Labels& labels, const QString& name, const QString& value)
{
    if (std::ranges::find(labels, name, &std::pair<QString, QString>::first) == labels.end())
        labels.emplace_back(name, value);
}

// Labels that the scope's matchers accept; nullopt where they cannot be made up.
std::optional<Labels> labelsFor(const MetricScope& scope, Find find)
{
    Labels labels;
    const platform::Workload* workload = workloadOf(scope);
    for (const PromqlNode::Matcher& matcher : matchersOf(scope, find)) {
        if (matcher.op == u"=")
            set(labels, matcher.label, matcher.value);
        else if (matcher.label == u"namespace" || matcher.label == u"exported_namespace")
            set(labels, matcher.label,
                workload ? workload->space : QString(matcher.value.section(u'|', 0, 0)).remove(u'\\'));
        else if (matcher.label == u"pod" && workload)
            set(labels, matcher.label, podOf(*workload));
        else if ((matcher.label == u"deployment" || matcher.label == u"exported_service") && workload)
            set(labels, matcher.label, workload->name);
        else
            return std::nullopt;
    }
    if (find == Find::Pods && workload)
        set(labels, u"pod"_s, podOf(*workload));
    if (find == Find::Nodes)
        set(labels, u"instance"_s, u"node-1:9100"_s);
    if (find == Find::Namespace)
        set(labels, u"instance"_s, u"exporter:9187"_s);
    return labels;
}

QString number(double value) { return promqlNumber(value); }

// "a+bxN" is N + 1 samples.
QString stretch(double first, double step, qint64 samples)
{
    return samples > 0 ? u"%1%2%3x%4"_s.arg(number(first), step < 0 ? u""_s : u"+"_s, number(step)).arg(samples - 1)
                       : QString();
}

} // namespace

std::vector<ExampleInput> exampleOf(const platform::Metric& metric, const platform::MetricForm& form,
                                    const MetricScope& scope, const QueryTerms& terms, double v)
{
    std::vector<ExampleInput> inputs;
    std::vector<const platform::Service*> services{scope.service};
    if (!scope.service && form.query.contains(u"$each("))
        services = servicesWith(metric, *scope.platform);
    for (const platform::Service* service : services) {
        const auto labels = labelsFor({scope.platform, service, scope.workload, scope.node}, form.find);
        if (!labels)
            return {};
        QStringList matchers;
        for (const auto& [name, value] : *labels)
            matchers << name + u'=' + promqlQuoted(value);
        for (const platform::ExampleSeries& figure : form.example) {
            ExampleInput input{figure.series, {}, figure, figure.series.contains(u"$bound")};
            if (service != services.front()) // of a product over services, one has the value and the others are whole
                input.figure = {figure.series, figure.counter, figure.at(1), 0};
            input.series.replace(u"$labels"_s, matchers.join(u','));
            if (terms.quantile)
                input.series.replace(u"$bound"_s, number(v / (*terms.quantile / 100)));
            if (terms.limit)
                input.series.replace(u"$limit"_s, number(*terms.limit));
            const auto parsed = parsePromql(input.series);
            if (!parsed)
                return {};
            for (const PromqlNode::Matcher& matcher : (*parsed)->matchers)
                input.labels.emplace_back(matcher.label, matcher.value);
            if (std::ranges::find(inputs, input.series, &ExampleInput::series) == inputs.end())
                inputs.push_back(std::move(input));
        }
    }
    return inputs;
}

QString exampleValues(const ExampleInput& input, double quiet, qint64 quietMinutes, double loud, qint64 loudMinutes)
{
    const double before = input.figure.at(quiet), after = input.figure.at(loud);
    QStringList parts;
    if (quietMinutes > 0 && input.bound)
        parts << u"_x%1"_s.arg(quietMinutes);
    else if (quietMinutes > 0)
        parts << (input.figure.counter ? stretch(0, before, quietMinutes) : stretch(before, 0, quietMinutes));
    const bool goesOn = input.figure.counter && quietMinutes > 0 && !input.bound;
    const double start = goesOn ? before * double(quietMinutes - 1) + after : 0;
    parts << (input.figure.counter ? stretch(start, after, loudMinutes) : stretch(after, 0, loudMinutes));
    parts.removeAll(QString());
    return parts.join(u' ');
}

} // namespace wk::monitoring
