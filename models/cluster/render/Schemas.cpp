// SPDX-License-Identifier: GPL-3.0-or-later
// Field numbers: k8s.io/api and k8s.io/apimachinery, generated.proto of each package. The live test compares every
// kind's protobuf with its JSON from a real API server, so a wrong number does not stay.
#include "cluster/render/Schema.h"

#include "cluster/ResourceKind.h"

namespace wk::cluster::render {

namespace {

using enum FieldType;

// metav1

constexpr Field ownerReferenceFields[] = {{1, "kind", String}, {3, "name", String}, {6, "controller", Bool}};
constexpr Schema ownerReference{"OwnerReference", ownerReferenceFields};

constexpr Field objectMetaFields[] = {
    {1, "name", String},
    {3, "namespace", String},
    {5, "uid", String},
    {6, "resourceVersion", String},
    {7, "generation", Int},
    {8, "creationTimestamp", Time},
    {9, "deletionTimestamp", Time},
    {10, "deletionGracePeriodSeconds", Int},
    {11, "labels", StringMap},
    {12, "annotations", StringMap},
    Field{13, "ownerReferences", ownerReference}.list(),
    Field{14, "finalizers", String}.list(),
};
constexpr Schema objectMeta{"ObjectMeta", objectMetaFields};

// Where the annotations are not read they are skipped: last-applied configurations are long.
constexpr Field plainMetaFields[] = {
    {1, "name", String},
    {3, "namespace", String},
    {5, "uid", String},
    {6, "resourceVersion", String},
    {7, "generation", Int},
    {8, "creationTimestamp", Time},
    {9, "deletionTimestamp", Time},
    {10, "deletionGracePeriodSeconds", Int},
    {11, "labels", StringMap},
    Field{13, "ownerReferences", ownerReference}.list(),
    Field{14, "finalizers", String}.list(),
};
constexpr Schema plainMeta{"ObjectMeta", plainMetaFields};

constexpr Field metadataOnlyFields[] = {{1, "metadata", objectMeta}};
constexpr Schema metadataOnly{"PartialObjectMetadata", metadataOnlyFields};

constexpr Field listMetaFields[] = {
    {2, "resourceVersion", String}, {3, "continue", String}, {4, "remainingItemCount", Int}};
constexpr Schema listMeta{"ListMeta", listMetaFields};

constexpr Field statusCauseFields[] = {{1, "reason", String}, {2, "message", String}, {3, "field", String}};
constexpr Schema statusCause{"StatusCause", statusCauseFields};
constexpr Field statusDetailsFields[] = {
    {1, "name", String},           {2, "group", String}, {3, "kind", String}, Field{4, "causes", statusCause}.list(),
    {5, "retryAfterSeconds", Int},
};
constexpr Schema statusDetails{"StatusDetails", statusDetailsFields};
constexpr Field statusFields[] = {
    {1, "metadata", listMeta}, {2, "status", String},         {3, "message", String},
    {4, "reason", String},     {5, "details", statusDetails}, {6, "code", Int},
};
constexpr Schema statusMessage{"Status", statusFields};

constexpr Field requirementFields[] = {{1, "key", String}, {2, "operator", String}, Field{3, "values", String}.list()};
constexpr Schema requirement{"LabelSelectorRequirement", requirementFields};
constexpr Field labelSelectorFields[] = {{1, "matchLabels", StringMap},
                                         Field{2, "matchExpressions", requirement}.list()};
constexpr Schema labelSelector{"LabelSelector", labelSelectorFields};

// {type, status, ..., reason, message} with the numbers of core/v1 and batch/v1 conditions.
constexpr Field conditionFields[] = {
    {1, "type", String},   {2, "status", String},  {4, "lastTransitionTime", Time},
    {5, "reason", String}, {6, "message", String},
};
constexpr Schema condition{"Condition", conditionFields};
// The same of apps/v1 replica sets, autoscaling and apiextensions, which have no probe time.
constexpr Field shortConditionFields[] = {
    {1, "type", String},   {2, "status", String},  {3, "lastTransitionTime", Time},
    {4, "reason", String}, {5, "message", String},
};
constexpr Schema shortCondition{"Condition", shortConditionFields};
constexpr Field deploymentConditionFields[] = {
    {1, "type", String},    {2, "status", String},           {4, "reason", String},
    {5, "message", String}, {7, "lastTransitionTime", Time},
};
constexpr Schema deploymentCondition{"DeploymentCondition", deploymentConditionFields};

constexpr Field objectReferenceFields[] = {
    {1, "kind", String},
    {2, "namespace", String},
    {3, "name", String},
    {7, "fieldPath", String},
};
constexpr Schema objectReference{"ObjectReference", objectReferenceFields};

// core/v1 Pod

constexpr Field resourcesFields[] = {{1, "limits", QuantityMap}, {2, "requests", QuantityMap}};
constexpr Schema resources{"ResourceRequirements", resourcesFields};
constexpr Field containerFields[] = {
    {1, "name", String},
    {2, "image", String},
    {8, "resources", resources},
    {24, "restartPolicy", String},
};
constexpr Schema container{"Container", containerFields};
constexpr Field readinessGateFields[] = {{1, "conditionType", String}};
constexpr Schema readinessGate{"PodReadinessGate", readinessGateFields};
constexpr Field podSpecFields[] = {
    Field{2, "containers", container}.list(),
    {3, "restartPolicy", String},
    {8, "serviceAccountName", String},
    {10, "nodeName", String},
    Field{20, "initContainers", container}.list(),
    {24, "priorityClassName", String},
    Field{28, "readinessGates", readinessGate}.list(),
    {32, "overhead", QuantityMap},
};
constexpr Schema podSpec{"PodSpec", podSpecFields};
constexpr Field waitingFields[] = {{1, "reason", String}, {2, "message", String}};
constexpr Schema waiting{"ContainerStateWaiting", waitingFields};
constexpr Field runningFields[] = {{1, "startedAt", Time}};
constexpr Schema running{"ContainerStateRunning", runningFields};
constexpr Field terminatedFields[] = {
    {1, "exitCode", Int},   {2, "signal", Int},     {3, "reason", String},
    {4, "message", String}, {5, "startedAt", Time}, {6, "finishedAt", Time},
};
constexpr Schema terminated{"ContainerStateTerminated", terminatedFields};
constexpr Field containerStateFields[] = {
    {1, "waiting", waiting}, {2, "running", running}, {3, "terminated", terminated}};
constexpr Schema containerState{"ContainerState", containerStateFields};
constexpr Field containerStatusFields[] = {
    {1, "name", String},  {2, "state", containerState}, {3, "lastState", containerState},
    {4, "ready", Bool},   {5, "restartCount", Int},     {6, "image", String},
    {9, "started", Bool},
};
constexpr Schema containerStatus{"ContainerStatus", containerStatusFields};
constexpr Field podIpFields[] = {{1, "ip", String}};
constexpr Schema podIp{"PodIP", podIpFields};
constexpr Field podStatusFields[] = {
    {1, "phase", String},
    Field{2, "conditions", condition}.list(),
    {3, "message", String},
    {4, "reason", String},
    {6, "podIP", String},
    {7, "startTime", Time},
    Field{8, "containerStatuses", containerStatus}.list(),
    {9, "qosClass", String},
    Field{10, "initContainerStatuses", containerStatus}.list(),
    {11, "nominatedNodeName", String},
    Field{12, "podIPs", podIp}.list(),
};
constexpr Schema podStatus{"PodStatus", podStatusFields};
constexpr Field podFields[] = {{1, "metadata", plainMeta}, {2, "spec", podSpec}, {3, "status", podStatus}};
constexpr Schema pod{"Pod", podFields};

// What is read of a pod template.
constexpr Field templateContainerFields[] = {{1, "name", String}, {2, "image", String}};
constexpr Schema templateContainer{"Container", templateContainerFields};
constexpr Field templateSpecFields[] = {Field{2, "containers", templateContainer}.list(),
                                        {7, "nodeSelector", StringMap}};
constexpr Schema templateSpec{"PodSpec", templateSpecFields};
constexpr Field podTemplateFields[] = {{2, "spec", templateSpec}};
constexpr Schema podTemplate{"PodTemplateSpec", podTemplateFields};

// core/v1 Node

constexpr Field taintFields[] = {{1, "key", String}, {2, "value", String}, {3, "effect", String}};
constexpr Schema taint{"Taint", taintFields};
constexpr Field nodeSpecFields[] = {{4, "unschedulable", Bool}, Field{5, "taints", taint}.list()};
constexpr Schema nodeSpec{"NodeSpec", nodeSpecFields};
constexpr Field nodeAddressFields[] = {{1, "type", String}, {2, "address", String}};
constexpr Schema nodeAddress{"NodeAddress", nodeAddressFields};
constexpr Field nodeInfoFields[] = {
    {4, "kernelVersion", String},  {5, "osImage", String},       {6, "containerRuntimeVersion", String},
    {7, "kubeletVersion", String}, {10, "architecture", String},
};
constexpr Schema nodeInfo{"NodeSystemInfo", nodeInfoFields};
constexpr Field nodeStatusFields[] = {
    {1, "capacity", QuantityMap},
    {2, "allocatable", QuantityMap},
    Field{4, "conditions", condition}.list(),
    Field{5, "addresses", nodeAddress}.list(),
    {7, "nodeInfo", nodeInfo},
};
constexpr Schema nodeStatus{"NodeStatus", nodeStatusFields};
constexpr Field nodeFields[] = {{1, "metadata", plainMeta}, {2, "spec", nodeSpec}, {3, "status", nodeStatus}};
constexpr Schema node{"Node", nodeFields};

// core/v1, the rest

constexpr Field namespaceStatusFields[] = {{1, "phase", String}, Field{2, "conditions", condition}.list()};
constexpr Schema namespaceStatus{"NamespaceStatus", namespaceStatusFields};
constexpr Field namespaceFields[] = {{1, "metadata", plainMeta}, {3, "status", namespaceStatus}};
constexpr Schema namespaceObject{"Namespace", namespaceFields};

constexpr Field servicePortFields[] = {
    {1, "name", String}, {2, "protocol", String}, {3, "port", Int}, {5, "nodePort", Int}};
constexpr Schema servicePort{"ServicePort", servicePortFields};
constexpr Field serviceSpecFields[] = {
    Field{1, "ports", servicePort}.list(),
    {2, "selector", StringMap},
    {3, "clusterIP", String},
    {4, "type", String},
    Field{5, "externalIPs", String}.list(),
    {10, "externalName", String},
    Field{18, "clusterIPs", String}.list(),
};
constexpr Schema serviceSpec{"ServiceSpec", serviceSpecFields};
constexpr Field balancerIngressFields[] = {{1, "ip", String}, {2, "hostname", String}};
constexpr Schema balancerIngress{"LoadBalancerIngress", balancerIngressFields};
constexpr Field balancerStatusFields[] = {Field{1, "ingress", balancerIngress}.list()};
constexpr Schema balancerStatus{"LoadBalancerStatus", balancerStatusFields};
constexpr Field serviceStatusFields[] = {{1, "loadBalancer", balancerStatus}};
constexpr Schema serviceStatus{"ServiceStatus", serviceStatusFields};
constexpr Field serviceFields[] = {{1, "metadata", plainMeta}, {2, "spec", serviceSpec}, {3, "status", serviceStatus}};
constexpr Schema service{"Service", serviceFields};

constexpr Field endpointAddressFields[] = {{1, "ip", String}};
constexpr Schema endpointAddress{"EndpointAddress", endpointAddressFields};
constexpr Field endpointPortFields[] = {{1, "name", String}, {2, "port", Int}};
constexpr Schema endpointPort{"EndpointPort", endpointPortFields};
constexpr Field endpointSubsetFields[] = {
    Field{1, "addresses", endpointAddress}.list(),
    Field{2, "notReadyAddresses", endpointAddress}.list(),
    Field{3, "ports", endpointPort}.list(),
};
constexpr Schema endpointSubset{"EndpointSubset", endpointSubsetFields};
constexpr Field endpointsFields[] = {{1, "metadata", plainMeta}, Field{2, "subsets", endpointSubset}.list()};
constexpr Schema endpoints{"Endpoints", endpointsFields};

constexpr Field configMapFields[] = {
    {1, "metadata", plainMeta}, {2, "data", KeyMap}, {3, "binaryData", KeyMap}, {4, "immutable", Bool}};
constexpr Schema configMap{"ConfigMap", configMapFields};
constexpr Field secretFields[] = {
    {1, "metadata", plainMeta}, {2, "data", KeyMap}, {3, "type", String}, {5, "immutable", Bool}};
constexpr Schema secret{"Secret", secretFields};

constexpr Field volumeSpecFields[] = {
    {1, "capacity", QuantityMap},
    Field{3, "accessModes", String}.list(),
    {4, "claimRef", objectReference},
    {5, "persistentVolumeReclaimPolicy", String},
    {6, "storageClassName", String},
    {8, "volumeMode", String},
    {10, "volumeAttributesClassName", String},
};
constexpr Schema volumeSpec{"PersistentVolumeSpec", volumeSpecFields};
constexpr Field volumeStatusFields[] = {{1, "phase", String}, {2, "message", String}, {3, "reason", String}};
constexpr Schema volumeStatus{"PersistentVolumeStatus", volumeStatusFields};
constexpr Field volumeFields[] = {{1, "metadata", objectMeta}, {2, "spec", volumeSpec}, {3, "status", volumeStatus}};
constexpr Schema persistentVolume{"PersistentVolume", volumeFields};

constexpr Field claimSpecFields[] = {
    {2, "resources", resources},
    {3, "volumeName", String},
    {5, "storageClassName", String},
    {6, "volumeMode", String},
    {9, "volumeAttributesClassName", String},
};
constexpr Schema claimSpec{"PersistentVolumeClaimSpec", claimSpecFields};
constexpr Field claimStatusFields[] = {
    {1, "phase", String},
    Field{2, "accessModes", String}.list(),
    {3, "capacity", QuantityMap},
    Field{4, "conditions", condition}.list(),
};
constexpr Schema claimStatus{"PersistentVolumeClaimStatus", claimStatusFields};
constexpr Field claimFields[] = {{1, "metadata", objectMeta}, {2, "spec", claimSpec}, {3, "status", claimStatus}};
constexpr Schema persistentVolumeClaim{"PersistentVolumeClaim", claimFields};

constexpr Field secretReferenceFields[] = {{3, "name", String}};
constexpr Schema secretReference{"ObjectReference", secretReferenceFields};
constexpr Field serviceAccountFields[] = {{1, "metadata", plainMeta}, Field{2, "secrets", secretReference}.list()};
constexpr Schema serviceAccount{"ServiceAccount", serviceAccountFields};

constexpr Field eventSourceFields[] = {{1, "component", String}, {2, "host", String}};
constexpr Schema eventSource{"EventSource", eventSourceFields};
constexpr Field eventSeriesFields[] = {{1, "count", Int}, {2, "lastObservedTime", MicroTime}};
constexpr Schema eventSeries{"EventSeries", eventSeriesFields};
constexpr Field eventFields[] = {
    {1, "metadata", plainMeta},
    {2, "involvedObject", objectReference},
    {3, "reason", String},
    {4, "message", String},
    {5, "source", eventSource},
    {6, "firstTimestamp", Time},
    {7, "lastTimestamp", Time},
    {8, "count", Int},
    {9, "type", String},
    {10, "eventTime", MicroTime},
    {11, "series", eventSeries},
    {14, "reportingComponent", String},
    {15, "reportingInstance", String},
};
constexpr Schema event{"Event", eventFields};

constexpr Field controllerSpecFields[] = {
    {1, "replicas", Int}, {2, "selector", StringMap}, {3, "template", podTemplate}};
constexpr Schema controllerSpec{"ReplicationControllerSpec", controllerSpecFields};
constexpr Field replicaStatusFields[] = {
    {1, "replicas", Int},
    {3, "observedGeneration", Int},
    {4, "readyReplicas", Int},
    {5, "availableReplicas", Int},
    Field{6, "conditions", shortCondition}.list(),
};
constexpr Schema replicaStatus{"ReplicaSetStatus", replicaStatusFields};
constexpr Field controllerFields[] = {
    {1, "metadata", plainMeta}, {2, "spec", controllerSpec}, {3, "status", replicaStatus}};
constexpr Schema replicationController{"ReplicationController", controllerFields};

constexpr Field quotaStatusFields[] = {{1, "hard", QuantityMap}, {2, "used", QuantityMap}};
constexpr Schema quotaStatus{"ResourceQuotaStatus", quotaStatusFields};
constexpr Field quotaFields[] = {{1, "metadata", plainMeta}, {3, "status", quotaStatus}};
constexpr Schema resourceQuota{"ResourceQuota", quotaFields};
constexpr Field limitRangeFields[] = {{1, "metadata", plainMeta}};
constexpr Schema limitRange{"LimitRange", limitRangeFields};

// apps/v1

constexpr Field deploymentSpecFields[] = {
    {1, "replicas", Int},
    {2, "selector", labelSelector},
    {3, "template", podTemplate},
    {7, "paused", Bool},
};
constexpr Schema deploymentSpec{"DeploymentSpec", deploymentSpecFields};
constexpr Field deploymentStatusFields[] = {
    {1, "observedGeneration", Int},  {2, "replicas", Int},
    {3, "updatedReplicas", Int},     {4, "availableReplicas", Int},
    {5, "unavailableReplicas", Int}, Field{6, "conditions", deploymentCondition}.list(),
    {7, "readyReplicas", Int},
};
constexpr Schema deploymentStatus{"DeploymentStatus", deploymentStatusFields};
constexpr Field deploymentFields[] = {
    {1, "metadata", plainMeta}, {2, "spec", deploymentSpec}, {3, "status", deploymentStatus}};
constexpr Schema deployment{"Deployment", deploymentFields};

constexpr Field setSpecFields[] = {{1, "replicas", Int}, {2, "selector", labelSelector}, {3, "template", podTemplate}};
constexpr Schema setSpec{"ReplicaSetSpec", setSpecFields};
constexpr Field replicaSetFields[] = {{1, "metadata", plainMeta}, {2, "spec", setSpec}, {3, "status", replicaStatus}};
constexpr Schema replicaSet{"ReplicaSet", replicaSetFields};

constexpr Field statefulStatusFields[] = {
    {1, "observedGeneration", Int}, {2, "replicas", Int},        {3, "readyReplicas", Int},
    {4, "currentReplicas", Int},    {5, "updatedReplicas", Int}, {6, "currentRevision", String},
    {7, "updateRevision", String},
};
constexpr Schema statefulStatus{"StatefulSetStatus", statefulStatusFields};
constexpr Field statefulSetFields[] = {{1, "metadata", plainMeta}, {2, "spec", setSpec}, {3, "status", statefulStatus}};
constexpr Schema statefulSet{"StatefulSet", statefulSetFields};

constexpr Field daemonSpecFields[] = {{1, "selector", labelSelector}, {2, "template", podTemplate}};
constexpr Schema daemonSpec{"DaemonSetSpec", daemonSpecFields};
constexpr Field daemonStatusFields[] = {
    {1, "currentNumberScheduled", Int}, {2, "numberMisscheduled", Int},
    {3, "desiredNumberScheduled", Int}, {4, "numberReady", Int},
    {5, "observedGeneration", Int},     {6, "updatedNumberScheduled", Int},
    {7, "numberAvailable", Int},        {8, "numberUnavailable", Int},
};
constexpr Schema daemonStatus{"DaemonSetStatus", daemonStatusFields};
constexpr Field daemonSetFields[] = {{1, "metadata", plainMeta}, {2, "spec", daemonSpec}, {3, "status", daemonStatus}};
constexpr Schema daemonSet{"DaemonSet", daemonSetFields};

// batch

constexpr Field jobSpecFields[] = {
    {1, "parallelism", Int},      {2, "completions", Int},  {4, "selector", labelSelector},
    {6, "template", podTemplate}, {7, "backoffLimit", Int}, {10, "suspend", Bool},
};
constexpr Schema jobSpec{"JobSpec", jobSpecFields};
constexpr Field jobStatusFields[] = {
    Field{1, "conditions", condition}.list(),
    {2, "startTime", Time},
    {3, "completionTime", Time},
    {4, "active", Int},
    {5, "succeeded", Int},
    {6, "failed", Int},
};
constexpr Schema jobStatus{"JobStatus", jobStatusFields};
constexpr Field jobFields[] = {{1, "metadata", plainMeta}, {2, "spec", jobSpec}, {3, "status", jobStatus}};
constexpr Schema job{"Job", jobFields};

constexpr Field jobTemplateFields[] = {{2, "spec", jobSpec}};
constexpr Schema jobTemplate{"JobTemplateSpec", jobTemplateFields};
constexpr Field cronJobSpecFields[] = {
    {1, "schedule", String},
    {4, "suspend", Bool},
    {5, "jobTemplate", jobTemplate},
    {8, "timeZone", String},
};
constexpr Schema cronJobSpec{"CronJobSpec", cronJobSpecFields};
constexpr Field cronJobStatusFields[] = {
    Field{1, "active", objectReference}.list(),
    {4, "lastScheduleTime", Time},
    {5, "lastSuccessfulTime", Time},
};
constexpr Schema cronJobStatus{"CronJobStatus", cronJobStatusFields};
constexpr Field cronJobFields[] = {{1, "metadata", plainMeta}, {2, "spec", cronJobSpec}, {3, "status", cronJobStatus}};
constexpr Schema cronJob{"CronJob", cronJobFields};

// autoscaling

constexpr Field scaleTargetFields[] = {{1, "kind", String}, {2, "name", String}};
constexpr Schema scaleTarget{"CrossVersionObjectReference", scaleTargetFields};

constexpr Field hpaV1SpecFields[] = {
    {1, "scaleTargetRef", scaleTarget},
    {2, "minReplicas", Int},
    {3, "maxReplicas", Int},
    {4, "targetCPUUtilizationPercentage", Int},
};
constexpr Schema hpaV1Spec{"HorizontalPodAutoscalerSpec", hpaV1SpecFields};
constexpr Field hpaV1StatusFields[] = {
    {3, "currentReplicas", Int},
    {4, "desiredReplicas", Int},
    {5, "currentCPUUtilizationPercentage", Int},
};
constexpr Schema hpaV1Status{"HorizontalPodAutoscalerStatus", hpaV1StatusFields};
constexpr Field hpaV1Fields[] = {{1, "metadata", objectMeta}, {2, "spec", hpaV1Spec}, {3, "status", hpaV1Status}};
constexpr Schema hpaV1{"HorizontalPodAutoscaler", hpaV1Fields};

// v2beta1: the values stand in the source itself. Also the shape of v1's annotations.
constexpr Field oldObjectSourceFields[] = {
    {2, "metricName", String}, {3, "targetValue", Quantity}, {5, "averageValue", Quantity}};
constexpr Schema oldObjectSource{"ObjectMetricSource", oldObjectSourceFields};
constexpr Field oldPodsSourceFields[] = {{1, "metricName", String}, {2, "targetAverageValue", Quantity}};
constexpr Schema oldPodsSource{"PodsMetricSource", oldPodsSourceFields};
constexpr Field oldResourceSourceFields[] = {
    {1, "name", String},
    {2, "targetAverageUtilization", Int},
    {3, "targetAverageValue", Quantity},
};
constexpr Schema oldResourceSource{"ResourceMetricSource", oldResourceSourceFields};
constexpr Field oldExternalSourceFields[] = {
    {1, "metricName", String},
    {3, "targetValue", Quantity},
    {4, "targetAverageValue", Quantity},
};
constexpr Schema oldExternalSource{"ExternalMetricSource", oldExternalSourceFields};
constexpr Field oldMetricSpecFields[] = {
    {1, "type", String},
    {2, "object", oldObjectSource},
    {3, "pods", oldPodsSource},
    {4, "resource", oldResourceSource},
    {5, "external", oldExternalSource},
    {7, "containerResource", oldResourceSource},
};
constexpr Schema oldMetricSpec{"MetricSpec", oldMetricSpecFields};
constexpr Field oldObjectStatusFields[] = {
    {2, "metricName", String}, {3, "currentValue", Quantity}, {5, "averageValue", Quantity}};
constexpr Schema oldObjectStatus{"ObjectMetricStatus", oldObjectStatusFields};
constexpr Field oldPodsStatusFields[] = {{1, "metricName", String}, {2, "currentAverageValue", Quantity}};
constexpr Schema oldPodsStatus{"PodsMetricStatus", oldPodsStatusFields};
constexpr Field oldResourceStatusFields[] = {
    {1, "name", String},
    {2, "currentAverageUtilization", Int},
    {3, "currentAverageValue", Quantity},
};
constexpr Schema oldResourceStatus{"ResourceMetricStatus", oldResourceStatusFields};
constexpr Field oldExternalStatusFields[] = {
    {1, "metricName", String},
    {3, "currentValue", Quantity},
    {4, "currentAverageValue", Quantity},
};
constexpr Schema oldExternalStatus{"ExternalMetricStatus", oldExternalStatusFields};
constexpr Field oldMetricStatusFields[] = {
    {1, "type", String},
    {2, "object", oldObjectStatus},
    {3, "pods", oldPodsStatus},
    {4, "resource", oldResourceStatus},
    {5, "external", oldExternalStatus},
    {7, "containerResource", oldResourceStatus},
};
constexpr Schema oldMetricStatus{"MetricStatus", oldMetricStatusFields};
constexpr Field hpaV2Beta1SpecFields[] = {
    {1, "scaleTargetRef", scaleTarget},
    {2, "minReplicas", Int},
    {3, "maxReplicas", Int},
    Field{4, "metrics", oldMetricSpec}.list(),
};
constexpr Schema hpaV2Beta1Spec{"HorizontalPodAutoscalerSpec", hpaV2Beta1SpecFields};
constexpr Field hpaV2Beta1StatusFields[] = {
    {3, "currentReplicas", Int},
    {4, "desiredReplicas", Int},
    Field{5, "currentMetrics", oldMetricStatus}.list(),
    Field{6, "conditions", shortCondition}.list(),
};
constexpr Schema hpaV2Beta1Status{"HorizontalPodAutoscalerStatus", hpaV2Beta1StatusFields};
constexpr Field hpaV2Beta1Fields[] = {
    {1, "metadata", plainMeta}, {2, "spec", hpaV2Beta1Spec}, {3, "status", hpaV2Beta1Status}};
constexpr Schema hpaV2Beta1{"HorizontalPodAutoscaler", hpaV2Beta1Fields};

constexpr Field annotatedSpecsFields[] = {Field{1, "items", oldMetricSpec}.list()};
constexpr Schema annotatedSpecs{"annotated metrics", annotatedSpecsFields};
constexpr Field annotatedStatusesFields[] = {Field{1, "items", oldMetricStatus}.list()};
constexpr Schema annotatedStatuses{"annotated current metrics", annotatedStatusesFields};
constexpr Field annotatedConditionsFields[] = {Field{1, "items", shortCondition}.list()};
constexpr Schema annotatedConditions{"annotated conditions", annotatedConditionsFields};

// v2beta2 and v2: the values stand in a MetricTarget and a MetricValueStatus.
constexpr Field metricTargetFields[] = {
    {1, "type", String},
    {2, "value", Quantity},
    {3, "averageValue", Quantity},
    {4, "averageUtilization", Int},
};
constexpr Schema metricTarget{"MetricTarget", metricTargetFields};
constexpr Field metricValueFields[] = {
    {1, "value", Quantity}, {2, "averageValue", Quantity}, {3, "averageUtilization", Int}};
constexpr Schema metricValue{"MetricValueStatus", metricValueFields};
constexpr Field objectSourceFields[] = {{2, "target", metricTarget}};
constexpr Schema objectSource{"ObjectMetricSource", objectSourceFields};
constexpr Field podsSourceFields[] = {{2, "target", metricTarget}};
constexpr Schema podsSource{"PodsMetricSource", podsSourceFields};
constexpr Field resourceSourceFields[] = {{1, "name", String}, {2, "target", metricTarget}};
constexpr Schema resourceSource{"ResourceMetricSource", resourceSourceFields};
constexpr Field metricSpecFields[] = {
    {1, "type", String},         {2, "object", objectSource},
    {3, "pods", podsSource},     {4, "resource", resourceSource},
    {5, "external", podsSource}, {7, "containerResource", resourceSource},
};
constexpr Schema metricSpec{"MetricSpec", metricSpecFields};
constexpr Field currentStatusFields[] = {{2, "current", metricValue}};
constexpr Schema currentStatus{"PodsMetricStatus", currentStatusFields};
constexpr Field resourceStatusFields[] = {{1, "name", String}, {2, "current", metricValue}};
constexpr Schema resourceStatus{"ResourceMetricStatus", resourceStatusFields};
constexpr Field metricStatusFields[] = {
    {1, "type", String},
    {2, "object", currentStatus},
    {3, "pods", currentStatus},
    {4, "resource", resourceStatus},
    {5, "external", currentStatus},
    {7, "containerResource", resourceStatus},
};
constexpr Schema metricStatus{"MetricStatus", metricStatusFields};
constexpr Field hpaSpecFields[] = {
    {1, "scaleTargetRef", scaleTarget},
    {2, "minReplicas", Int},
    {3, "maxReplicas", Int},
    Field{4, "metrics", metricSpec}.list(),
};
constexpr Schema hpaSpec{"HorizontalPodAutoscalerSpec", hpaSpecFields};
constexpr Field hpaStatusFields[] = {
    {3, "currentReplicas", Int},
    {4, "desiredReplicas", Int},
    Field{5, "currentMetrics", metricStatus}.list(),
    Field{6, "conditions", shortCondition}.list(),
};
constexpr Schema hpaStatus{"HorizontalPodAutoscalerStatus", hpaStatusFields};
constexpr Field hpaFields[] = {{1, "metadata", plainMeta}, {2, "spec", hpaSpec}, {3, "status", hpaStatus}};
constexpr Schema hpa{"HorizontalPodAutoscaler", hpaFields};

// discovery, networking

constexpr Field endpointConditionsFields[] = {{1, "ready", Bool}, {2, "serving", Bool}, {3, "terminating", Bool}};
constexpr Schema endpointConditions{"EndpointConditions", endpointConditionsFields};
constexpr Field endpointFields[] = {Field{1, "addresses", String}.list(), {2, "conditions", endpointConditions}};
constexpr Schema endpoint{"Endpoint", endpointFields};
constexpr Field slicePortFields[] = {{1, "name", String}, {3, "port", Int}};
constexpr Schema slicePort{"EndpointPort", slicePortFields};
constexpr Field endpointSliceFields[] = {
    {1, "metadata", plainMeta},
    Field{2, "endpoints", endpoint}.list(),
    Field{3, "ports", slicePort}.list(),
    {4, "addressType", String},
};
constexpr Schema endpointSlice{"EndpointSlice", endpointSliceFields};

constexpr Field ingressTlsFields[] = {Field{1, "hosts", String}.list(), {2, "secretName", String}};
constexpr Schema ingressTls{"IngressTLS", ingressTlsFields};
constexpr Field ingressRuleFields[] = {{1, "host", String}};
constexpr Schema ingressRule{"IngressRule", ingressRuleFields};
constexpr Field ingressSpecFields[] = {
    Field{2, "tls", ingressTls}.list(),
    Field{3, "rules", ingressRule}.list(),
    {4, "ingressClassName", String},
};
constexpr Schema ingressSpec{"IngressSpec", ingressSpecFields};
constexpr Field ingressFields[] = {{1, "metadata", plainMeta}, {2, "spec", ingressSpec}, {3, "status", serviceStatus}};
constexpr Schema ingress{"Ingress", ingressFields};

constexpr Field networkPolicySpecFields[] = {{1, "podSelector", labelSelector}, Field{4, "policyTypes", String}.list()};
constexpr Schema networkPolicySpec{"NetworkPolicySpec", networkPolicySpecFields};
constexpr Field networkPolicyFields[] = {{1, "metadata", plainMeta}, {2, "spec", networkPolicySpec}};
constexpr Schema networkPolicy{"NetworkPolicy", networkPolicyFields};

// storage, policy, rbac, coordination, scheduling, apiextensions

constexpr Field storageClassFields[] = {
    {1, "metadata", objectMeta},       {2, "provisioner", String},       {4, "reclaimPolicy", String},
    {6, "allowVolumeExpansion", Bool}, {7, "volumeBindingMode", String},
};
constexpr Schema storageClass{"StorageClass", storageClassFields};

constexpr Field budgetSpecFields[] = {
    {1, "minAvailable", IntOrString}, {2, "selector", labelSelector}, {3, "maxUnavailable", IntOrString}};
constexpr Schema budgetSpec{"PodDisruptionBudgetSpec", budgetSpecFields};
constexpr Field budgetStatusFields[] = {
    {1, "observedGeneration", Int}, {3, "disruptionsAllowed", Int}, {4, "currentHealthy", Int},
    {5, "desiredHealthy", Int},     {6, "expectedPods", Int},
};
constexpr Schema budgetStatus{"PodDisruptionBudgetStatus", budgetStatusFields};
constexpr Field budgetFields[] = {{1, "metadata", plainMeta}, {2, "spec", budgetSpec}, {3, "status", budgetStatus}};
constexpr Schema podDisruptionBudget{"PodDisruptionBudget", budgetFields};

constexpr Field policyRuleFields[] = {
    Field{1, "verbs", String}.list(),
    Field{2, "apiGroups", String}.list(),
    Field{3, "resources", String}.list(),
};
constexpr Schema policyRule{"PolicyRule", policyRuleFields};
constexpr Field roleFields[] = {{1, "metadata", plainMeta}, Field{2, "rules", policyRule}.list()};
constexpr Schema role{"Role", roleFields};
constexpr Field subjectFields[] = {{1, "kind", String}, {3, "name", String}, {4, "namespace", String}};
constexpr Schema subject{"Subject", subjectFields};
constexpr Field roleRefFields[] = {{2, "kind", String}, {3, "name", String}};
constexpr Schema roleRef{"RoleRef", roleRefFields};
constexpr Field roleBindingFields[] = {
    {1, "metadata", plainMeta}, Field{2, "subjects", subject}.list(), {3, "roleRef", roleRef}};
constexpr Schema roleBinding{"RoleBinding", roleBindingFields};

constexpr Field leaseSpecFields[] = {
    {1, "holderIdentity", String},
    {2, "leaseDurationSeconds", Int},
    {3, "acquireTime", MicroTime},
    {4, "renewTime", MicroTime},
};
constexpr Schema leaseSpec{"LeaseSpec", leaseSpecFields};
constexpr Field leaseFields[] = {{1, "metadata", plainMeta}, {2, "spec", leaseSpec}};
constexpr Schema lease{"Lease", leaseFields};

constexpr Field priorityClassFields[] = {
    {1, "metadata", plainMeta},
    {2, "value", Int},
    {3, "globalDefault", Bool},
    {5, "preemptionPolicy", String},
};
constexpr Schema priorityClass{"PriorityClass", priorityClassFields};

constexpr Field crdNamesFields[] = {{1, "plural", String}, {4, "kind", String}};
constexpr Schema crdNames{"CustomResourceDefinitionNames", crdNamesFields};
constexpr Field crdVersionFields[] = {{1, "name", String}, {2, "served", Bool}, {3, "storage", Bool}};
constexpr Schema crdVersion{"CustomResourceDefinitionVersion", crdVersionFields};
constexpr Field crdSpecFields[] = {
    {1, "group", String},
    {3, "names", crdNames},
    {4, "scope", String},
    Field{7, "versions", crdVersion}.list(),
};
constexpr Schema crdSpec{"CustomResourceDefinitionSpec", crdSpecFields};
constexpr Field crdStatusFields[] = {Field{1, "conditions", shortCondition}.list()};
constexpr Schema crdStatus{"CustomResourceDefinitionStatus", crdStatusFields};
constexpr Field crdFields[] = {{1, "metadata", plainMeta}, {2, "spec", crdSpec}, {3, "status", crdStatus}};
constexpr Schema customResourceDefinition{"CustomResourceDefinition", crdFields};

struct Entry
{
    QStringView group;
    QStringView version; ///< empty: every version has these fields
    QStringView resource;
    const Schema* schema;
};

constexpr Entry entries[] = {
    {u"", u"", u"pods", &pod},
    {u"", u"", u"nodes", &node},
    {u"", u"", u"namespaces", &namespaceObject},
    {u"", u"", u"services", &service},
    {u"", u"", u"endpoints", &endpoints},
    {u"", u"", u"configmaps", &configMap},
    {u"", u"", u"secrets", &secret},
    {u"", u"", u"persistentvolumes", &persistentVolume},
    {u"", u"", u"persistentvolumeclaims", &persistentVolumeClaim},
    {u"", u"", u"serviceaccounts", &serviceAccount},
    {u"", u"", u"events", &event},
    {u"", u"", u"replicationcontrollers", &replicationController},
    {u"", u"", u"resourcequotas", &resourceQuota},
    {u"", u"", u"limitranges", &limitRange},
    {u"apps", u"v1", u"deployments", &deployment},
    {u"apps", u"v1", u"replicasets", &replicaSet},
    {u"apps", u"v1", u"statefulsets", &statefulSet},
    {u"apps", u"v1", u"daemonsets", &daemonSet},
    {u"batch", u"v1", u"jobs", &job},
    {u"batch", u"", u"cronjobs", &cronJob},
    {u"autoscaling", u"v1", u"horizontalpodautoscalers", &hpaV1},
    {u"autoscaling", u"v2beta1", u"horizontalpodautoscalers", &hpaV2Beta1},
    {u"autoscaling", u"v2beta2", u"horizontalpodautoscalers", &hpa},
    {u"autoscaling", u"v2", u"horizontalpodautoscalers", &hpa},
    {u"discovery.k8s.io", u"", u"endpointslices", &endpointSlice},
    {u"networking.k8s.io", u"", u"ingresses", &ingress},
    {u"extensions", u"v1beta1", u"ingresses", &ingress},
    {u"networking.k8s.io", u"v1", u"networkpolicies", &networkPolicy},
    {u"storage.k8s.io", u"", u"storageclasses", &storageClass},
    {u"policy", u"", u"poddisruptionbudgets", &podDisruptionBudget},
    {u"rbac.authorization.k8s.io", u"", u"roles", &role},
    {u"rbac.authorization.k8s.io", u"", u"clusterroles", &role},
    {u"rbac.authorization.k8s.io", u"", u"rolebindings", &roleBinding},
    {u"rbac.authorization.k8s.io", u"", u"clusterrolebindings", &roleBinding},
    {u"coordination.k8s.io", u"v1", u"leases", &lease},
    {u"coordination.k8s.io", u"v1beta1", u"leases", &lease},
    {u"scheduling.k8s.io", u"", u"priorityclasses", &priorityClass},
    {u"apiextensions.k8s.io", u"", u"customresourcedefinitions", &customResourceDefinition},
};

} // namespace

const Schema* schemaFor(const ResourceKind& kind)
{
    for (const Entry& entry : entries) {
        if (entry.resource == kind.resource && entry.group == kind.group &&
            (entry.version.isEmpty() || entry.version == kind.version))
            return entry.schema;
    }
    return nullptr;
}

const Schema& statusSchema() { return statusMessage; }
const Schema& listMetaSchema() { return listMeta; }
const Schema& metadataOnlySchema() { return metadataOnly; }
const Schema& annotatedMetricSpecsSchema() { return annotatedSpecs; }
const Schema& annotatedMetricStatusesSchema() { return annotatedStatuses; }
const Schema& annotatedConditionsSchema() { return annotatedConditions; }

} // namespace wk::cluster::render
