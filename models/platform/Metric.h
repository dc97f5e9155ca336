// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/PlatformValues.h"

#include <QtCore/QStringList>

#include <optional>
#include <vector>

namespace wk::platform {

/// One series of a made-up server; all of a form's together give its query the value v. The tests of the rules that
/// are made of a metric run on them.
struct ExampleSeries
{
    QString series;             ///< `http_requests_total{$labels,status="500"}`
    bool counter = false;       ///< the value rises by the figure each minute; else it is the figure
    double base = 0, times = 0; ///< figure = base + times · v

    [[nodiscard]] double at(double v) const { return base + times * v; }
};

/// One way to ask Prometheus for a metric. The words that begin with $ are filled in by monitoring/MetricQuery.
struct MetricForm
{
    /// By which labels the exporter's series are found for a namespace, a service, a workload or a node.
    enum class Find {
        Pods,        ///< namespace and pod
        Namespace,   ///< namespace alone: the exporter is not the pod that it speaks of
        Deployments, ///< namespace and deployment, as kube-state-metrics has them
        Ingress,     ///< exported_namespace and exported_service, of which the ingress controller speaks
        Nodes,       ///< instance; a platform's nodes are those of its cluster
    };
    QString query;
    QString needs; ///< a selector that must find a series, else the next form is tried; empty: always usable
    Find find = Find::Pods;
    bool recorded = false;       ///< needs somebody else's recording rule: only where the server is known to have it
    std::vector<double> buckets; ///< upper bounds between which a share is estimated ($lower, $upper, $part)
    std::vector<ExampleSeries> example;
};

/// What a figure is called, how Prometheus is asked for it, and what the answer means. Metrics stand in
/// resources/metrics and, where a platform has its own, in its file; README.md there describes the format.
struct Metric
{
    /// What one series of the answer speaks of, and with it for what a threshold gets a rule of its own.
    enum class Scope { Platform, Service, Node };
    enum class Overall { Max, Min, Sum, Mean }; ///< one figure of several series
    /// A threshold that documents give in words.
    struct Condition
    {
        QString words;
        std::optional<Threshold> when;
    };
    QString name, title, unit; ///< unit: one of metricUnits()
    QStringList words;         ///< what documents call it
    QString meaning;           ///< a sentence: what is counted, and what is not
    Scope scope = Scope::Service;
    QStringList by; ///< the labels that tell series apart
    Overall overall = Overall::Max;
    bool zero = false;           ///< no series means 0; otherwise it means that nothing is known
    bool moments = false;        ///< true or false at each moment: over a window, the share of minutes
    QStringList kinds, products; ///< which services have it: kind and product words; empty: all
    std::vector<Condition> conditions;
    QString same;       ///< the metric of the catalogue that this one is another name for
    QString slow;       ///< of a latency: the metric that is the share of requests slower than a limit
    QString traffic;    ///< of a share of events: the metric that counts those events a second
    QString unmeasured; ///< why Prometheus cannot answer
    QString source;
    std::vector<MetricForm> forms;
};

/// The units of answers: ratio, s, bytes, bytes/s, 1/s, 1/d, count, USD.
[[nodiscard]] const QStringList& metricUnits();

/// "600 - 600 v", "v", "60": a constant, a multiple of v, or both. Nullopt for anything else.
[[nodiscard]] std::optional<std::pair<double, double>> parseLinear(QStringView text);

} // namespace wk::platform
