// SPDX-License-Identifier: GPL-3.0-or-later
// Field numbers: k8s.io/api and k8s.io/apimachinery, generated.proto of each package. The live test compares every
// kind's protobuf with its JSON from a real API server, so a wrong number does not stay.
#include "cluster/ResourceKind.h"
#include "cluster/render/AutoscalerSchemas.h"
#include "cluster/render/SchemaParts.h"

namespace wk::cluster::render {

using namespace schema;

namespace {

// core/v1 Pod

constexpr Message resources("ResourceRequirements", quantityMap(1, "limits"), quantityMap(2, "requests"));
constexpr Message container("Container", text(1, "name"), text(2, "image"), object(8, "resources", resources),
                            text(24, "restartPolicy"));
constexpr Message readinessGate("PodReadinessGate", text(1, "conditionType"));
constexpr Message podSpec("PodSpec", objects(2, "containers", container), text(3, "restartPolicy"),
                          text(8, "serviceAccountName"), text(10, "nodeName"), objects(20, "initContainers", container),
                          text(24, "priorityClassName"), objects(28, "readinessGates", readinessGate),
                          quantityMap(32, "overhead"));
constexpr Message waiting("ContainerStateWaiting", text(1, "reason"), text(2, "message"));
constexpr Message running("ContainerStateRunning", time(1, "startedAt"));
constexpr Message terminated("ContainerStateTerminated", integer(1, "exitCode"), integer(2, "signal"),
                             text(3, "reason"), text(4, "message"), time(5, "startedAt"), time(6, "finishedAt"));
constexpr Message containerState("ContainerState", object(1, "waiting", waiting), object(2, "running", running),
                                 object(3, "terminated", terminated));
constexpr Message containerStatus("ContainerStatus", text(1, "name"), object(2, "state", containerState),
                                  object(3, "lastState", containerState), flag(4, "ready"), integer(5, "restartCount"),
                                  text(6, "image"), flag(9, "started"));
constexpr Message podIp("PodIP", text(1, "ip"));
constexpr Message podStatus("PodStatus", text(1, "phase"), objects(2, "conditions", condition), text(3, "message"),
                            text(4, "reason"), text(6, "podIP"), time(7, "startTime"),
                            objects(8, "containerStatuses", containerStatus), text(9, "qosClass"),
                            objects(10, "initContainerStatuses", containerStatus), text(11, "nominatedNodeName"),
                            objects(12, "podIPs", podIp));
constexpr Kind pod("Pod", podSpec, podStatus);

// What is read of a pod template.
constexpr Message templateContainer("Container", text(1, "name"), text(2, "image"));
constexpr Message templateSpec("PodSpec", objects(2, "containers", templateContainer), textMap(7, "nodeSelector"));
constexpr Message podTemplate("PodTemplateSpec", object(2, "spec", templateSpec));

// core/v1 Node

constexpr Message taint("Taint", text(1, "key"), text(2, "value"), text(3, "effect"));
constexpr Message nodeSpec("NodeSpec", flag(4, "unschedulable"), objects(5, "taints", taint));
constexpr Message nodeAddress("NodeAddress", text(1, "type"), text(2, "address"));
constexpr Message nodeInfo("NodeSystemInfo", text(4, "kernelVersion"), text(5, "osImage"),
                           text(6, "containerRuntimeVersion"), text(7, "kubeletVersion"), text(10, "architecture"));
constexpr Message nodeStatus("NodeStatus", quantityMap(1, "capacity"), quantityMap(2, "allocatable"),
                             objects(4, "conditions", condition), objects(5, "addresses", nodeAddress),
                             object(7, "nodeInfo", nodeInfo));
constexpr Kind node("Node", nodeSpec, nodeStatus);

// core/v1, the rest

constexpr Message namespaceStatus("NamespaceStatus", text(1, "phase"), objects(2, "conditions", condition));
constexpr Message namespaceObject("Namespace", object(1, "metadata", plainMeta), object(3, "status", namespaceStatus));

constexpr Message servicePort("ServicePort", text(1, "name"), text(2, "protocol"), integer(3, "port"),
                              integer(5, "nodePort"));
constexpr Message serviceSpec("ServiceSpec", objects(1, "ports", servicePort), textMap(2, "selector"),
                              text(3, "clusterIP"), text(4, "type"), texts(5, "externalIPs"), text(10, "externalName"),
                              texts(18, "clusterIPs"));
constexpr Message balancerIngress("LoadBalancerIngress", text(1, "ip"), text(2, "hostname"));
constexpr Message balancerStatus("LoadBalancerStatus", objects(1, "ingress", balancerIngress));
constexpr Message serviceStatus("ServiceStatus", object(1, "loadBalancer", balancerStatus));
constexpr Kind service("Service", serviceSpec, serviceStatus);

constexpr Message endpointAddress("EndpointAddress", text(1, "ip"));
constexpr Message endpointPort("EndpointPort", text(1, "name"), integer(2, "port"));
constexpr Message endpointSubset("EndpointSubset", objects(1, "addresses", endpointAddress),
                                 objects(2, "notReadyAddresses", endpointAddress), objects(3, "ports", endpointPort));
constexpr Message endpoints("Endpoints", object(1, "metadata", plainMeta), objects(2, "subsets", endpointSubset));

constexpr Message configMap("ConfigMap", object(1, "metadata", plainMeta), keyMap(2, "data"), keyMap(3, "binaryData"),
                            flag(4, "immutable"));
constexpr Message secret("Secret", object(1, "metadata", plainMeta), keyMap(2, "data"), text(3, "type"),
                         flag(5, "immutable"));

constexpr Message volumeSpec("PersistentVolumeSpec", quantityMap(1, "capacity"), texts(3, "accessModes"),
                             object(4, "claimRef", objectReference), text(5, "persistentVolumeReclaimPolicy"),
                             text(6, "storageClassName"), text(8, "volumeMode"), text(10, "volumeAttributesClassName"));
constexpr Message volumeStatus("PersistentVolumeStatus", text(1, "phase"), text(2, "message"), text(3, "reason"));
constexpr Kind persistentVolume("PersistentVolume", volumeSpec, volumeStatus, objectMeta);

constexpr Message claimSpec("PersistentVolumeClaimSpec", object(2, "resources", resources), text(3, "volumeName"),
                            text(5, "storageClassName"), text(6, "volumeMode"), text(9, "volumeAttributesClassName"));
constexpr Message claimStatus("PersistentVolumeClaimStatus", text(1, "phase"), texts(2, "accessModes"),
                              quantityMap(3, "capacity"), objects(4, "conditions", condition));
constexpr Kind persistentVolumeClaim("PersistentVolumeClaim", claimSpec, claimStatus, objectMeta);

constexpr Message secretReference("ObjectReference", text(3, "name"));
constexpr Message serviceAccount("ServiceAccount", object(1, "metadata", plainMeta),
                                 objects(2, "secrets", secretReference));

constexpr Message eventSource("EventSource", text(1, "component"), text(2, "host"));
constexpr Message eventSeries("EventSeries", integer(1, "count"), microTime(2, "lastObservedTime"));
constexpr Message event("Event", object(1, "metadata", plainMeta), object(2, "involvedObject", objectReference),
                        text(3, "reason"), text(4, "message"), object(5, "source", eventSource),
                        time(6, "firstTimestamp"), time(7, "lastTimestamp"), integer(8, "count"), text(9, "type"),
                        microTime(10, "eventTime"), object(11, "series", eventSeries), text(14, "reportingComponent"),
                        text(15, "reportingInstance"));

constexpr Message controllerSpec("ReplicationControllerSpec", integer(1, "replicas"), textMap(2, "selector"),
                                 object(3, "template", podTemplate));
constexpr Message replicaStatus("ReplicaSetStatus", integer(1, "replicas"), integer(3, "observedGeneration"),
                                integer(4, "readyReplicas"), integer(5, "availableReplicas"),
                                objects(6, "conditions", shortCondition));
constexpr Kind replicationController("ReplicationController", controllerSpec, replicaStatus);

constexpr Message quotaStatus("ResourceQuotaStatus", quantityMap(1, "hard"), quantityMap(2, "used"));
constexpr Message resourceQuota("ResourceQuota", object(1, "metadata", plainMeta), object(3, "status", quotaStatus));
constexpr Message limitRange("LimitRange", object(1, "metadata", plainMeta));

// apps/v1

constexpr Message deploymentSpec("DeploymentSpec", integer(1, "replicas"), object(2, "selector", labelSelector),
                                 object(3, "template", podTemplate), flag(7, "paused"));
constexpr Message deploymentStatus("DeploymentStatus", integer(1, "observedGeneration"), integer(2, "replicas"),
                                   integer(3, "updatedReplicas"), integer(4, "availableReplicas"),
                                   integer(5, "unavailableReplicas"), objects(6, "conditions", deploymentCondition),
                                   integer(7, "readyReplicas"));
constexpr Kind deployment("Deployment", deploymentSpec, deploymentStatus);

constexpr Message setSpec("ReplicaSetSpec", integer(1, "replicas"), object(2, "selector", labelSelector),
                          object(3, "template", podTemplate));
// With annotations: the revision is one.
constexpr Kind replicaSet("ReplicaSet", setSpec, replicaStatus, objectMeta);

constexpr Message statefulStatus("StatefulSetStatus", integer(1, "observedGeneration"), integer(2, "replicas"),
                                 integer(3, "readyReplicas"), integer(4, "currentReplicas"),
                                 integer(5, "updatedReplicas"), text(6, "currentRevision"), text(7, "updateRevision"));
constexpr Kind statefulSet("StatefulSet", setSpec, statefulStatus);

constexpr Message daemonSpec("DaemonSetSpec", object(1, "selector", labelSelector), object(2, "template", podTemplate));
constexpr Message daemonStatus("DaemonSetStatus", integer(1, "currentNumberScheduled"),
                               integer(2, "numberMisscheduled"), integer(3, "desiredNumberScheduled"),
                               integer(4, "numberReady"), integer(5, "observedGeneration"),
                               integer(6, "updatedNumberScheduled"), integer(7, "numberAvailable"),
                               integer(8, "numberUnavailable"));
constexpr Kind daemonSet("DaemonSet", daemonSpec, daemonStatus);

// batch

constexpr Message jobSpec("JobSpec", integer(1, "parallelism"), integer(2, "completions"),
                          object(4, "selector", labelSelector), object(6, "template", podTemplate),
                          integer(7, "backoffLimit"), flag(10, "suspend"));
constexpr Message jobStatus("JobStatus", objects(1, "conditions", condition), time(2, "startTime"),
                            time(3, "completionTime"), integer(4, "active"), integer(5, "succeeded"),
                            integer(6, "failed"));
constexpr Kind job("Job", jobSpec, jobStatus);

constexpr Message jobTemplate("JobTemplateSpec", object(2, "spec", jobSpec));
constexpr Message cronJobSpec("CronJobSpec", text(1, "schedule"), flag(4, "suspend"),
                              object(5, "jobTemplate", jobTemplate), text(8, "timeZone"));
constexpr Message cronJobStatus("CronJobStatus", objects(1, "active", objectReference), time(4, "lastScheduleTime"),
                                time(5, "lastSuccessfulTime"));
constexpr Kind cronJob("CronJob", cronJobSpec, cronJobStatus);

// discovery, networking

constexpr Message endpointConditions("EndpointConditions", flag(1, "ready"), flag(2, "serving"),
                                     flag(3, "terminating"));
constexpr Message endpoint("Endpoint", texts(1, "addresses"), object(2, "conditions", endpointConditions));
constexpr Message slicePort("EndpointPort", text(1, "name"), integer(3, "port"));
constexpr Message endpointSlice("EndpointSlice", object(1, "metadata", plainMeta), objects(2, "endpoints", endpoint),
                                objects(3, "ports", slicePort), text(4, "addressType"));

constexpr Message ingressTls("IngressTLS", texts(1, "hosts"), text(2, "secretName"));
constexpr Message ingressRule("IngressRule", text(1, "host"));
constexpr Message ingressSpec("IngressSpec", objects(2, "tls", ingressTls), objects(3, "rules", ingressRule),
                              text(4, "ingressClassName"));
constexpr Kind ingress("Ingress", ingressSpec, serviceStatus);

constexpr Message networkPolicySpec("NetworkPolicySpec", object(1, "podSelector", labelSelector),
                                    texts(4, "policyTypes"));
constexpr Message networkPolicy("NetworkPolicy", object(1, "metadata", plainMeta),
                                object(2, "spec", networkPolicySpec));

// storage, policy, rbac, coordination, scheduling, apiextensions

constexpr Message storageClass("StorageClass", object(1, "metadata", objectMeta), text(2, "provisioner"),
                               text(4, "reclaimPolicy"), flag(6, "allowVolumeExpansion"), text(7, "volumeBindingMode"));

constexpr Message budgetSpec("PodDisruptionBudgetSpec", intOrString(1, "minAvailable"),
                             object(2, "selector", labelSelector), intOrString(3, "maxUnavailable"));
constexpr Message budgetStatus("PodDisruptionBudgetStatus", integer(1, "observedGeneration"),
                               integer(3, "disruptionsAllowed"), integer(4, "currentHealthy"),
                               integer(5, "desiredHealthy"), integer(6, "expectedPods"));
constexpr Kind podDisruptionBudget("PodDisruptionBudget", budgetSpec, budgetStatus);

constexpr Message policyRule("PolicyRule", texts(1, "verbs"), texts(2, "apiGroups"), texts(3, "resources"));
constexpr Message role("Role", object(1, "metadata", plainMeta), objects(2, "rules", policyRule));
constexpr Message subject("Subject", text(1, "kind"), text(3, "name"), text(4, "namespace"));
constexpr Message roleRef("RoleRef", text(2, "kind"), text(3, "name"));
constexpr Message roleBinding("RoleBinding", object(1, "metadata", plainMeta), objects(2, "subjects", subject),
                              object(3, "roleRef", roleRef));

constexpr Message leaseSpec("LeaseSpec", text(1, "holderIdentity"), integer(2, "leaseDurationSeconds"),
                            microTime(3, "acquireTime"), microTime(4, "renewTime"));
constexpr Message lease("Lease", object(1, "metadata", plainMeta), object(2, "spec", leaseSpec));

constexpr Message priorityClass("PriorityClass", object(1, "metadata", plainMeta), integer(2, "value"),
                                flag(3, "globalDefault"), text(5, "preemptionPolicy"));

constexpr Message crdNames("CustomResourceDefinitionNames", text(1, "plural"), text(4, "kind"));
constexpr Message crdVersion("CustomResourceDefinitionVersion", text(1, "name"), flag(2, "served"), flag(3, "storage"));
constexpr Message crdSpec("CustomResourceDefinitionSpec", text(1, "group"), object(3, "names", crdNames),
                          text(4, "scope"), objects(7, "versions", crdVersion));
constexpr Message crdStatus("CustomResourceDefinitionStatus", objects(1, "conditions", shortCondition));
constexpr Kind customResourceDefinition("CustomResourceDefinition", crdSpec, crdStatus);

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
    {u"autoscaling", u"v2beta1", u"horizontalpodautoscalers", &hpaV2Beta1.kind},
    {u"autoscaling", u"v2beta2", u"horizontalpodautoscalers", &hpa.kind},
    {u"autoscaling", u"v2", u"horizontalpodautoscalers", &hpa.kind},
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
