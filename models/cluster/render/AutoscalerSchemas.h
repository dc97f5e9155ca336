// SPDX-License-Identifier: GPL-3.0-or-later
// autoscaling/v1, v2beta1, v2beta2 and v2.
#pragma once

#include "cluster/render/SchemaParts.h"

namespace wk::cluster::render::schema {

inline constexpr Message scaleTarget("CrossVersionObjectReference", text(1, "kind"), text(2, "name"));

inline constexpr Message hpaV1Spec("HorizontalPodAutoscalerSpec", object(1, "scaleTargetRef", scaleTarget),
                                   integer(2, "minReplicas"), integer(3, "maxReplicas"),
                                   integer(4, "targetCPUUtilizationPercentage"));
inline constexpr Message hpaV1Status("HorizontalPodAutoscalerStatus", integer(3, "currentReplicas"),
                                     integer(4, "desiredReplicas"), integer(5, "currentCPUUtilizationPercentage"));
inline constexpr Kind hpaV1("HorizontalPodAutoscaler", hpaV1Spec, hpaV1Status, objectMeta);

/// MetricSpec and MetricStatus: one of five sources, and which of them it is.
struct Metric : Message<6>
{
    constexpr Metric(std::string_view name, const Schema& ofObject, const Schema& ofPods, const Schema& ofResource,
                     const Schema& external)
        : Message(name, text(1, "type"), object(2, "object", ofObject), object(3, "pods", ofPods),
                  object(4, "resource", ofResource), object(5, "external", external),
                  object(7, "containerResource", ofResource))
    {
    }
};

/// An autoscaler that follows any metric.
struct Autoscaler
{
    constexpr Autoscaler(const Schema& metricSpec, const Schema& metricStatus)
        : spec("HorizontalPodAutoscalerSpec", object(1, "scaleTargetRef", scaleTarget), integer(2, "minReplicas"),
               integer(3, "maxReplicas"), objects(4, "metrics", metricSpec)),
          status("HorizontalPodAutoscalerStatus", integer(3, "currentReplicas"), integer(4, "desiredReplicas"),
                 objects(5, "currentMetrics", metricStatus), objects(6, "conditions", shortCondition)),
          kind("HorizontalPodAutoscaler", spec, status)
    {
    }
    Message<4> spec;
    Message<4> status;
    Kind kind;
};

/// v2beta1: the values stand in the source itself, and are called after what is wanted or what is. Also the shape of
/// v1's annotations.
struct OldMetric
{
    explicit constexpr OldMetric(bool spec)
        : ofObject(spec ? "ObjectMetricSource" : "ObjectMetricStatus", text(2, "metricName"),
                   quantity(3, spec ? "targetValue" : "currentValue"), quantity(5, "averageValue")),
          ofPods(spec ? "PodsMetricSource" : "PodsMetricStatus", text(1, "metricName"), quantity(2, average(spec))),
          ofResource(spec ? "ResourceMetricSource" : "ResourceMetricStatus", text(1, "name"),
                     integer(2, spec ? "targetAverageUtilization" : "currentAverageUtilization"),
                     quantity(3, average(spec))),
          external(spec ? "ExternalMetricSource" : "ExternalMetricStatus", text(1, "metricName"),
                   quantity(3, spec ? "targetValue" : "currentValue"), quantity(4, average(spec))),
          metric(spec ? "MetricSpec" : "MetricStatus", ofObject, ofPods, ofResource, external)
    {
    }
    static constexpr std::string_view average(bool spec) { return spec ? "targetAverageValue" : "currentAverageValue"; }

    Message<3> ofObject;
    Message<2> ofPods;
    Message<3> ofResource;
    Message<3> external;
    Metric metric;
};
inline constexpr OldMetric oldSpec(true);
inline constexpr OldMetric oldStatus(false);
inline constexpr Autoscaler hpaV2Beta1(oldSpec.metric, oldStatus.metric);

inline constexpr Message annotatedSpecs("annotated metrics", objects(1, "items", oldSpec.metric));
inline constexpr Message annotatedStatuses("annotated current metrics", objects(1, "items", oldStatus.metric));
inline constexpr Message annotatedConditions("annotated conditions", objects(1, "items", shortCondition));

// v2beta2 and v2: the values stand in a MetricTarget and a MetricValueStatus.
inline constexpr Message metricTarget("MetricTarget", text(1, "type"), quantity(2, "value"),
                                      quantity(3, "averageValue"), integer(4, "averageUtilization"));
inline constexpr Message metricValue("MetricValueStatus", quantity(1, "value"), quantity(2, "averageValue"),
                                     integer(3, "averageUtilization"));
inline constexpr Message objectSource("ObjectMetricSource", object(2, "target", metricTarget));
inline constexpr Message podsSource("PodsMetricSource", object(2, "target", metricTarget));
inline constexpr Message resourceSource("ResourceMetricSource", text(1, "name"), object(2, "target", metricTarget));
inline constexpr Metric metricSpec("MetricSpec", objectSource, podsSource, resourceSource, podsSource);
inline constexpr Message currentStatus("PodsMetricStatus", object(2, "current", metricValue));
inline constexpr Message resourceStatus("ResourceMetricStatus", text(1, "name"), object(2, "current", metricValue));
inline constexpr Metric metricStatus("MetricStatus", currentStatus, currentStatus, resourceStatus, currentStatus);
inline constexpr Autoscaler hpa(metricSpec, metricStatus);

} // namespace wk::cluster::render::schema
