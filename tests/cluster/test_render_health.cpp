// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

#include "cluster/render/Health.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;
using table::Health;

/// What operators read: every state that means trouble, with its words, from both encodings; and kubectl's word for it.
class TestRenderHealth : public QObject
{
    Q_OBJECT

private slots:
    void verdicts_data();
    void verdicts();
    void cells_data();
    void cells();
    void restartsOfNewerServers();
    void requests();
    void deletion();
    void textsAreShared();
};

namespace {

#define CONTAINERS                                                                                                     \
    R"("spec": {"nodeName": "node-1", "containers": [{"name": "api", "image": "registry.example/api:v1"}, {"name": "proxy", "image": "p"}]})"
#define READY R"("conditions": [{"type": "Ready", "status": "True"}, {"type": "Initialized", "status": "True"}])"
#define NOTREADY                                                                                                       \
    R"("conditions": [{"type": "Ready", "status": "False", "message": "containers with unready status: [api]"}])"
#define RUNNING(name)                                                                                                  \
    R"({"name": ")" name R"(", "ready": true, "state": {"running": {"startedAt": "2026-11-20T08:00:00Z"}}})"

struct Case
{
    const char* name;
    const char* resource;
    const char* json;
    Health health;
    const char* reason; ///< whole, or its beginning where it ends with "*"
};

const Case cases[] = {
    {"pod: fine", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", )" READY
     R"(, "containerStatuses": [)" RUNNING("api") "," RUNNING("proxy") "]}}",
     Health::Good, ""},
    {"pod: completed", "pods", R"({"status": {"phase": "Succeeded"}})", Health::None, ""},
    {"pod: crash loop", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", )" NOTREADY
     R"(, "containerStatuses": [{"name": "api", "restartCount": 17,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-20T08:05:00Z"}}}, )" RUNNING(
         "proxy") "]}}",
     Health::Bad, "api: back-off restarting failed container (17 restarts, last exit code 137, OOMKilled)"},
    {"pod: crash loop once", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", "containerStatuses": [{"name": "api", "restartCount": 1,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}})",
     Health::Bad, "api: back-off restarting failed container (1 restart, last exit code 1)"},
    {"pod: image", "pods",
     "{" CONTAINERS
     R"(, "status": {"phase": "Pending", "containerStatuses": [{"name": "api", "image": "", "state": {"waiting":
        {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"registry.example/api:v1\""}}}]}})",
     Health::Bad,
     "api: cannot pull image registry.example/api:v1 (ImagePullBackOff): Back-off pulling image "
     "\"registry.example/api:v1\""},
    {"pod: init image", "pods",
     R"({"spec": {"initContainers": [{"name": "migrate", "image": "m:1"}], "containers": [{"name": "api"}]}, "status": {"phase": "Pending",
        "initContainerStatuses": [{"name": "migrate", "state": {"waiting": {"reason": "ErrImagePull"}}}]}})",
     Health::Bad, "migrate: cannot pull image m:1 (ErrImagePull)"},
    {"pod: config", "pods",
     R"({"status": {"phase": "Pending", "containerStatuses": [{"name": "api", "state": {"waiting": {"reason": "CreateContainerConfigError",
        "message": "secret \"keys\" not found"}}}]}})",
     Health::Bad, "api: CreateContainerConfigError: secret \"keys\" not found"},
    {"pod: just killed", "pods",
     "{" CONTAINERS
     R"(, "status": {"phase": "Running", "containerStatuses": [{"name": "api", "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}})",
     Health::Bad, "api: killed for using more memory than its limit (OOMKilled, exit code 137)"},
    {"pod: was killed", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", )" READY
     R"(, "containerStatuses": [{"name": "api", "ready": true, "restartCount": 2,
        "state": {"running": {}}, "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}})",
     Health::Info,
     "api: was last killed for using more memory than its limit (2 restarts, last exit code 137, OOMKilled)"},
    {"pod: ended", "pods",
     R"({"status": {"phase": "Failed", "containerStatuses": [{"name": "api", "state": {"terminated": {"exitCode": 2, "reason": "Error", "message": "no such file\n"}}}]}})",
     Health::Bad, "api: ended with exit code 2 (Error): no such file"},
    {"pod: evicted", "pods",
     R"({"status": {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory. "}})",
     Health::Bad, "Evicted: The node was low on resource: memory"},
    {"pod: one not ready", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", )" NOTREADY
     R"(, "containerStatuses": [{"name": "api", "state": {"running": {}}}, )" RUNNING("proxy") "]}}",
     Health::Warning, "api is not ready"},
    {"pod: two not ready", "pods",
     "{" CONTAINERS R"(, "status": {"phase": "Running", )" NOTREADY
     R"(, "containerStatuses": [{"name": "api", "state": {"running": {}}}, {"name": "proxy", "state": {"running": {}}}]}})",
     Health::Warning, "2 of 2 containers are not ready: api, proxy"},
    {"pod: gate", "pods",
     R"({"spec": {"readinessGates": [{"conditionType": "example.com/lb"}], "containers": [{"name": "api"}]}, "status": {"phase": "Running", )" NOTREADY
     R"(, "containerStatuses": [)" RUNNING("api") "]}}",
     Health::Warning, "readiness gate example.com/lb is not passed"},
    {"pod: unschedulable", "pods",
     R"({"status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": "0/3 nodes are available: 3 Insufficient cpu."}]}})",
     Health::Warning, "cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu"},
    {"pod: gated", "pods",
     R"({"status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]}})",
     Health::Info, "waits for its scheduling gates"},
    {"pod: creating", "pods",
     "{" CONTAINERS
     R"(, "status": {"phase": "Pending", "containerStatuses": [{"name": "api", "state": {"waiting": {"reason": "ContainerCreating"}}}]}})",
     Health::Info, "containers are being created"},
    {"pod: node lost", "pods",
     R"({"metadata": {"deletionTimestamp": "2026-11-20T08:10:00Z"}, "status": {"phase": "Running", "reason": "NodeLost", "message": "Node node-1 which was running pod api is unresponsive"}})",
     Health::Unknown, "its node does not answer: Node node-1 which was running pod api is unresponsive"},
    {"pod: unknown", "pods", R"({"status": {"phase": "Unknown"}})", Health::Unknown, "its state is unknown"},
    {"pod: deleted", "pods",
     R"({"metadata": {"deletionTimestamp": "2026-11-20T08:10:00Z", "finalizers": ["a.example/b", "c"]}, "status": {"phase": "Running"}})",
     Health::Info, "is being deleted; waits for a.example/b, c"},

    {"node: fine", "nodes",
     R"({"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "MemoryPressure", "status": "False"}]}})",
     Health::Good, ""},
    {"node: not ready", "nodes",
     R"({"status": {"conditions": [{"type": "Ready", "status": "False", "message": "container runtime is down"}]}})",
     Health::Bad, "is not ready: container runtime is down"},
    {"node: silent", "nodes",
     R"({"status": {"conditions": [{"type": "Ready", "status": "Unknown", "message": "Kubelet stopped posting node status."}]}})",
     Health::Bad, "does not report any more: Kubelet stopped posting node status"},
    {"node: pressure", "nodes",
     R"({"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "MemoryPressure", "status": "True"}, {"type": "DiskPressure", "status": "True"}]}})",
     Health::Warning, "memory pressure, disk pressure"},
    {"node: cordoned", "nodes",
     R"({"spec": {"unschedulable": true}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}})",
     Health::Info, "cordoned: takes no new pods"},
    {"node: network", "nodes",
     R"({"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "NetworkUnavailable", "status": "True", "message": "no route"}]}})",
     Health::Bad, "network unavailable: no route"},
    {"node: never", "nodes", "{}", Health::Unknown, "has never reported its state"},
    {"namespace: going", "namespaces", R"({"status": {"phase": "Terminating"}})", Health::Info,
     "is being deleted with everything in it"},
    {"namespace: stuck", "namespaces",
     R"({"status": {"phase": "Terminating", "conditions": [{"type": "NamespaceContentRemaining", "status": "True", "message": "pods. has 1 resource instances"}]}})",
     Health::Warning, "is being deleted and cannot finish: pods. has 1 resource instances"},

    {"deployment: fine", "deployments",
     R"({"spec": {"replicas": 3}, "status": {"readyReplicas": 3, "availableReplicas": 3, "updatedReplicas": 3}})",
     Health::Good, ""},
    {"deployment: short", "deployments",
     R"({"spec": {"replicas": 5}, "status": {"readyReplicas": 3, "availableReplicas": 3, "updatedReplicas": 5}})",
     Health::Warning, "3 of 5 replicas are ready"},
    {"deployment: none", "deployments", R"({"spec": {"replicas": 5}, "status": {}})", Health::Bad,
     "none of 5 replicas is ready"},
    {"deployment: stuck", "deployments",
     R"({"spec": {"replicas": 3}, "status": {"readyReplicas": 3, "availableReplicas": 3, "conditions": [{"type": "Progressing", "status": "False",
        "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet \"api-2\" has timed out progressing."}]}})",
     Health::Bad, "the rollout is stuck (ProgressDeadlineExceeded): ReplicaSet \"api-2\" has timed out progressing"},
    {"deployment: paused", "deployments",
     R"({"spec": {"replicas": 1, "paused": true}, "status": {"readyReplicas": 1, "availableReplicas": 1}})",
     Health::Info, "paused: changes are not rolled out"},
    {"deployment: rolling", "deployments",
     R"({"spec": {"replicas": 4}, "status": {"readyReplicas": 4, "availableReplicas": 4, "updatedReplicas": 1}})",
     Health::Info, "rolling out: 1 of 4 replicas are updated"},
    {"deployment: quota", "deployments",
     R"({"spec": {"replicas": 4}, "status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: shop"}]}})",
     Health::Bad, "pods cannot be created: exceeded quota: shop"},
    {"deployment: asleep", "deployments", R"({"spec": {"replicas": 0}})", Health::None, "scaled to zero"},
    {"stateful set: short", "statefulsets", R"({"spec": {"replicas": 3}, "status": {"readyReplicas": 2}})",
     Health::Warning, "2 of 3 replicas are ready"},
    {"stateful set: rolling", "statefulsets",
     R"({"spec": {"replicas": 3}, "status": {"readyReplicas": 3, "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"}})",
     Health::Info, "rolling out: 1 of 3 replicas are updated"},
    {"daemon set: short", "daemonsets",
     R"({"status": {"desiredNumberScheduled": 5, "numberReady": 4, "updatedNumberScheduled": 5}})", Health::Warning,
     "ready on 4 of 5 nodes"},
    {"daemon set: stray", "daemonsets",
     R"({"status": {"desiredNumberScheduled": 1, "numberReady": 1, "numberMisscheduled": 1, "updatedNumberScheduled": 1}})",
     Health::Warning, "runs on 1 node where it should not"},
    {"replica set: old", "replicasets", R"({"spec": {"replicas": 0}})", Health::None, ""},
    {"replica set: short", "replicasets", R"({"spec": {"replicas": 2}, "status": {"readyReplicas": 1}})",
     Health::Warning, "1 of 2 replicas are ready"},

    {"job: failed", "jobs",
     R"({"status": {"failed": 7, "conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "Job has reached the specified backoff limit"}]}})",
     Health::Bad, "failed (BackoffLimitExceeded): Job has reached the specified backoff limit"},
    {"job: failing", "jobs", R"({"spec": {"backoffLimit": 6}, "status": {"failed": 2}})", Health::Warning,
     "2 pods failed so far; it gives up after 6"},
    {"job: done", "jobs", R"({"status": {"conditions": [{"type": "Complete", "status": "True"}]}})", Health::Good, ""},
    {"cron job: suspended", "cronjobs", R"({"spec": {"suspend": true}})", Health::Info, "suspended: starts no jobs"},
    {"autoscaler: at most", "horizontalpodautoscalers",
     R"({"spec": {"maxReplicas": 10}, "status": {"currentReplicas": 10, "conditions": [{"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas"}]}})",
     Health::Warning, "at its maximum of 10 replicas and wants more"},
    {"autoscaler: blind", "horizontalpodautoscalers",
     R"({"spec": {"maxReplicas": 10}, "status": {"conditions": [{"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric",
        "message": "unable to get metrics for resource cpu"}]}})",
     Health::Bad, "cannot read its metrics: unable to get metrics for resource cpu"},
    {"autoscaler: no target", "horizontalpodautoscalers",
     R"({"status": {"conditions": [{"type": "AbleToScale", "status": "False", "message": "deployments.apps \"x\" not found"}]}})",
     Health::Bad, "cannot scale: deployments.apps \"x\" not found"},

    {"claim: unbound", "persistentvolumeclaims",
     R"({"spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}})", Health::Warning,
     "not bound to a volume (storage class fast)"},
    {"claim: lost", "persistentvolumeclaims", R"({"spec": {"volumeName": "pv-1"}, "status": {"phase": "Lost"}})",
     Health::Bad, "lost: the volume pv-1 is gone"},
    {"volume: failed", "persistentvolumes", R"({"status": {"phase": "Failed", "message": "recycler failed"}})",
     Health::Bad, "could not be reclaimed: recycler failed"},
    {"volume: released", "persistentvolumes", R"({"status": {"phase": "Released"}})", Health::Warning,
     "released: its claim is gone, its data is still there"},
    {"budget: tight", "poddisruptionbudgets",
     R"({"status": {"expectedPods": 3, "currentHealthy": 3, "desiredHealthy": 3}})", Health::Warning,
     "no disruption is allowed: drains will wait"},
    {"budget: broken", "poddisruptionbudgets",
     R"({"status": {"expectedPods": 3, "currentHealthy": 1, "desiredHealthy": 2}})", Health::Bad,
     "1 pods are healthy, 2 are needed"},
    {"event: warning", "events",
     R"({"type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container"})", Health::Warning,
     "BackOff: Back-off restarting failed container"},
    {"event: normal", "events", R"({"type": "Normal", "reason": "Pulled"})", Health::None, ""},
    {"slice: none ready", "endpointslices",
     R"({"endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": false}}, {"addresses": ["10.0.0.2"], "conditions": {"ready": false}}]})",
     Health::Bad, "none of 2 endpoints is ready"},
    {"slice: unset is ready", "endpointslices", R"({"endpoints": [{"addresses": ["10.0.0.1"]}]})", Health::Good, ""},
    {"service: pending", "services", R"({"spec": {"type": "LoadBalancer"}})", Health::Warning,
     "waits for a load balancer's address"},
    {"definition: not established", "customresourcedefinitions",
     R"({"status": {"conditions": [{"type": "Established", "status": "False", "message": "the initial names have been accepted"}]}})",
     Health::Warning, "is not served yet: the initial names have been accepted"},
    {"definition: names", "customresourcedefinitions",
     R"({"status": {"conditions": [{"type": "NamesAccepted", "status": "False", "message": "\"x\" is already in use"}]}})",
     Health::Bad, "its names are not accepted: \"x\" is already in use"},
};

struct CellCase
{
    const char* name;
    const char* resource;
    const char* column;
    const char* json;
    const char* text;
    int minor;
};

const CellCase cellCases[] = {
    {"init", "pods", "status",
     R"({"spec": {"initContainers": [{"name": "a"}, {"name": "b"}]}, "status": {"phase": "Pending", "initContainerStatuses": [
        {"name": "a", "state": {"terminated": {"exitCode": 0}}}, {"name": "b", "state": {"running": {}}}]}})",
     "Init:1/2", 20},
    {"init failed", "pods", "status",
     R"({"spec": {"initContainers": [{"name": "a"}]}, "status": {"phase": "Pending", "initContainerStatuses": [
        {"name": "a", "state": {"terminated": {"exitCode": 3}}}]}})",
     "Init:ExitCode:3", 20},
    {"init waiting", "pods", "status",
     R"({"spec": {"initContainers": [{"name": "a"}]}, "status": {"phase": "Pending", "initContainerStatuses": [
        {"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}})",
     "Init:CrashLoopBackOff", 20},
    {"signal", "pods", "status",
     R"({"status": {"phase": "Running", "containerStatuses": [{"name": "a", "state": {"terminated": {"signal": 9}}}]}})",
     "Signal:9", 20},
    {"first container's word", "pods", "status", R"({"status": {"phase": "Running", "containerStatuses": [
        {"name": "a", "state": {"waiting": {"reason": "ImagePullBackOff"}}}, {"name": "b", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}})",
     "ImagePullBackOff", 20},
    {"completed and running", "pods", "status",
     R"({"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [
        {"name": "a", "ready": true, "state": {"running": {}}}, {"name": "b", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]}})",
     "Running", 20},
    {"completed, not ready", "pods", "status", R"({"status": {"phase": "Running", "containerStatuses": [
        {"name": "a", "ready": true, "state": {"running": {}}}, {"name": "b", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]}})",
     "NotReady", 20},
    {"evicted", "pods", "status", R"({"status": {"phase": "Failed", "reason": "Evicted"}})", "Evicted", 20},
    {"sidecar", "pods", "ready",
     R"({"spec": {"initContainers": [{"name": "mesh", "restartPolicy": "Always"}], "containers": [{"name": "a"}]}, "status": {"phase": "Running",
        "initContainerStatuses": [{"name": "mesh", "ready": true, "started": true, "state": {"running": {}}}],
        "containerStatuses": [{"name": "a", "ready": true, "state": {"running": {}}}]}})",
     "2/2", 30},
    {"gates", "pods", "readiness-gates",
     R"({"spec": {"readinessGates": [{"conditionType": "a"}, {"conditionType": "b"}]},
        "status": {"conditions": [{"type": "a", "status": "True"}]}})",
     "1/2", 20},
    {"no gates", "pods", "readiness-gates", "{}", "<none>", 20},
    {"age", "pods", "age", "{}", "10m", 20},
    {"node status", "nodes", "status",
     R"({"spec": {"unschedulable": true}, "status": {"conditions": [{"type": "Ready", "status": "False"}]}})",
     "NotReady,SchedulingDisabled", 20},
    {"roles", "nodes", "roles",
     R"({"metadata": {"labels": {"node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/control-plane": "", "kubernetes.io/role": "edge"}}})",
     "control-plane,edge,worker", 20},
    {"os unknown", "nodes", "os-image", "{}", "<unknown>", 20},
    {"taints", "nodes", "taints",
     R"({"spec": {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}, {"key": "c", "effect": "NoExecute"}]}})",
     "a=b:NoSchedule,c:NoExecute", 20},
    {"selector", "replicasets", "selector",
     R"({"spec": {"selector": {"matchLabels": {"b": "1"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["y", "x"]},
        {"key": "c", "operator": "NotIn", "values": ["z"]}, {"key": "d", "operator": "Exists"}, {"key": "e", "operator": "DoesNotExist"}]}}})",
     "a in (x,y),b=1,c notin (z),d,!e", 20},
    {"no completions", "jobs", "completions", R"({"spec": {"parallelism": 2}, "status": {"succeeded": 1}})", "1/1 of 2",
     20},
    {"job took", "jobs", "duration",
     R"({"status": {"startTime": "2026-11-20T08:00:00Z", "completionTime": "2026-11-20T08:03:20Z"}})", "3m20s", 20},
    {"job runs", "jobs", "duration", R"({"status": {"startTime": "2026-11-20T08:05:00Z"}})", "5m", 20},
    {"job not started", "jobs", "duration", "{}", "", 20},
    {"job status", "jobs", "status", R"({"status": {"conditions": [{"type": "Failed", "status": "True"}]}})", "Failed",
     31},
    {"never scheduled", "cronjobs", "last-schedule", "{}", "<none>", 20},
    {"suspend", "cronjobs", "suspend", R"({"spec": {"suspend": false}})", "False", 20},
    {"cpu of old servers", "horizontalpodautoscalers", "targets",
     R"({"spec": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}]}})",
     "<unknown>/80%", 20},
    {"cpu of new servers", "horizontalpodautoscalers", "targets",
     R"({"spec": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}]},
         "status": {"currentMetrics": [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 10}}}]}})",
     "cpu: 10%/80%", 30},
    {"three metrics", "horizontalpodautoscalers", "targets",
     R"({"spec": {"metrics": [{"type": "Pods", "pods": {"target": {"averageValue": "100"}}}, {"type": "External", "external": {"target": {"averageValue": "30"}}},
        {"type": "Object", "object": {"target": {"value": "5"}}}]},
        "status": {"currentMetrics": [{"type": "Pods", "pods": {"current": {"averageValue": "50"}}}]}})",
     "50/100, <unknown>/30 (avg) + 1 more...", 20},
    {"no metrics", "horizontalpodautoscalers", "targets", "{}", "<none>", 20},
    {"minimum unset", "horizontalpodautoscalers", "minpods", "{}", "<unset>", 20},
    {"balancer", "services", "external-ip",
     R"({"spec": {"type": "LoadBalancer", "externalIPs": ["9.9.9.9"]}, "status": {"loadBalancer": {"ingress": [{"hostname": "b.example"}, {"ip": "1.2.3.4"}]}}})",
     "1.2.3.4,b.example,9.9.9.9", 20},
    {"balancer pending", "services", "external-ip", R"({"spec": {"type": "LoadBalancer"}})", "<pending>", 20},
    {"node port", "services", "ports",
     R"({"spec": {"ports": [{"port": 80, "nodePort": 30080, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}]}})",
     "80:30080/TCP,53/UDP", 20},
    {"many hosts", "ingresses", "hosts",
     R"({"spec": {"rules": [{"host": "a"}, {"host": "b"}, {"host": "c"}, {"host": "d"}, {"host": "e"}]}})",
     "a,b,c + 2 more...", 20},
    {"any host", "ingresses", "hosts", R"({"spec": {"rules": [{}]}})", "*", 20},
    {"slice unset", "endpointslices", "ports", "{}", "<unset>", 20},
    {"slice many", "endpointslices", "endpoints",
     R"({"endpoints": [{"addresses": ["1"]}, {"addresses": ["2", "3"]}, {"addresses": ["4"]}, {"addresses": ["5"]}]})",
     "1,2,3 + 2 more...", 20},
    {"endpoints", "endpoints", "endpoints",
     R"({"subsets": [{"addresses": [{"ip": "1.1.1.1"}, {"ip": "::1"}], "ports": [{"port": 80}]}]})",
     "1.1.1.1:80,[::1]:80", 20},
    {"claim of a volume", "persistentvolumes", "claim", R"({"spec": {"claimRef": {"namespace": "a", "name": "b"}}})",
     "a/b", 20},
    {"no claim", "persistentvolumes", "claim", "{}", "", 20},
    {"modes", "persistentvolumes", "access-modes",
     R"({"spec": {"accessModes": ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOnce"]}})", "RWO,RWX", 20},
    {"capacity before binding", "persistentvolumeclaims", "capacity", R"({"status": {"capacity": {"storage": "5Gi"}}})",
     "", 20},
    {"mode unset", "persistentvolumeclaims", "volumemode", "{}", "<unset>", 20},
    {"default class", "storageclasses", "name",
     R"({"metadata": {"name": "std", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}})",
     "std (default)", 20},
    {"budget percent", "poddisruptionbudgets", "max-unavailable", R"({"spec": {"maxUnavailable": "30%"}})", "30%", 20},
    {"budget number", "poddisruptionbudgets", "min-available", R"({"spec": {"minAvailable": 2}})", "2", 20},
    {"budget unset", "poddisruptionbudgets", "min-available", "{}", "N/A", 20},
    {"subjects", "rolebindings", "serviceaccounts",
     R"({"subjects": [{"kind": "ServiceAccount", "name": "b", "namespace": "a"}, {"kind": "User", "name": "x"}, {"kind": "ServiceAccount", "name": "d", "namespace": "c"}]})",
     "a/b, c/d", 20},
    {"created", "clusterroles", "created-at", "{}", "2026-11-20T08:00:00Z", 20},
    {"event in series", "events", "last-seen",
     R"({"series": {"count": 3, "lastObservedTime": "2026-11-20T08:09:30.5Z"}, "eventTime": "2026-11-20T08:00:00.000000Z"})",
     "29s", 20},
    {"event count", "events", "count", "{}", "1", 20},
    {"event message", "events", "message", R"({"message": " first\nsecond "})", "first...", 20},
    {"event source", "events", "source", R"({"reportingComponent": "x/y", "reportingInstance": "x-0"})", "x/y, x-0",
     20},
    {"quota", "resourcequotas", "request",
     R"({"status": {"hard": {"requests.cpu": "2", "limits.cpu": "4", "pods": "10"}, "used": {"pods": "3"}}})",
     "pods: 3/10, requests.cpu: 0/2", 20},
    {"quota limit", "resourcequotas", "limit",
     R"({"status": {"hard": {"limits.cpu": "4"}, "used": {"limits.cpu": "500m"}}})", "limits.cpu: 500m/4", 20},
    {"owner", "pods", "owner",
     R"({"metadata": {"ownerReferences": [{"kind": "X", "name": "x"}, {"kind": "ReplicaSet", "name": "api-1", "controller": true}]}})",
     "ReplicaSet/api-1", 20},
    {"labels", "pods", "labels", R"({"metadata": {"labels": {"b": "2", "a": "1"}}})", "a=1,b=2", 20},
};

} // namespace

void TestRenderHealth::verdicts_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < std::size(cases); ++i)
        QTest::newRow(cases[i].name) << int(i);
}

void TestRenderHealth::verdicts()
{
    QFETCH(int, index);
    const Case& test = cases[index];
    const ResourceKind kind = kindOf(QString::fromLatin1(test.resource));
    const table::RowPtr row = rendered(*rendererFor(kind, {}), kind, test.json);
    QVERIFY(row);
    QCOMPARE(row->reason, QString::fromUtf8(test.reason));
    QCOMPARE(int(row->health), int(test.health));
}

void TestRenderHealth::cells_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < std::size(cellCases); ++i)
        QTest::addRow("%s %s", cellCases[i].resource, cellCases[i].name) << int(i);
}

void TestRenderHealth::cells()
{
    QFETCH(int, index);
    const CellCase& test = cellCases[index];
    const ResourceKind kind = kindOf(QString::fromLatin1(test.resource));
    const auto renderer = rendererFor(kind, {.serverMinor = test.minor});
    const table::RowPtr row = rendered(*renderer, kind, test.json);
    QVERIFY(row);
    QCOMPARE(printed(*renderer, *row, QString::fromLatin1(test.column), testNowMs, test.minor),
             QString::fromUtf8(test.text));
}

void TestRenderHealth::restartsOfNewerServers()
{
    const QByteArray pod =
        R"({"status": {"phase": "Running", "containerStatuses": [{"name": "a", "restartCount": 3, "ready": true, "state": {"running": {}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2026-11-20T08:05:00Z"}}}]}})";
    const ResourceKind kind = kindOf(u"pods"_s);
    for (const bool extra : {false, true}) {
        const auto old = rendererFor(kind, {.serverMinor = 20, .extraColumns = extra});
        QCOMPARE(printed(*old, *rendered(*old, kind, pod), u"restarts", testNowMs, 20), u"3"_s);
        const auto newer = rendererFor(kind, {.serverMinor = 22, .extraColumns = extra});
        QCOMPARE(printed(*newer, *rendered(*newer, kind, pod), u"restarts", testNowMs, 22), u"3 (5m ago)"_s);
    }
    const auto all = rendererFor(kind, {});
    QCOMPARE(printed(*all, *rendered(*all, kind, pod), u"last-restart-reason"), u"Error"_s);
}

void TestRenderHealth::requests()
{
    const ResourceKind kind = kindOf(u"pods"_s);
    const auto renderer = rendererFor(kind, {});
    const auto cell = [&](const QByteArray& json, QStringView column) {
        const table::RowPtr row = rendered(*renderer, kind, json);
        return row->cells[size_t(table::indexOfColumn(renderer->columns(), column))];
    };
    const QByteArray pod =
        R"({"spec": {"overhead": {"cpu": "10m"}, "initContainers": [{"name": "i", "resources": {"requests": {"cpu": "100m", "memory": "2Gi"}}}],
        "containers": [{"name": "a", "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}}}, {"name": "b", "resources": {"requests": {"cpu": "1"}}}]}})";
    QVERIFY(cell(pod, u"cpu-request") == table::Cell(qint64(1260)));
    QVERIFY(cell(pod, u"memory-request") == table::Cell(qint64(2) << 30));
    QVERIFY(table::isEmpty(cell("{}", u"cpu-request")));
}

void TestRenderHealth::deletion()
{
    const ResourceKind kind = kindOf(u"configmaps"_s);
    const auto renderer = rendererFor(kind, {});
    const table::RowPtr row = rendered(
        *renderer, kind, R"({"metadata": {"deletionTimestamp": "2026-11-20T08:00:00Z", "finalizers": ["x"]}})");
    QVERIFY(row);
    const render::HealthNow soon = render::healthAt(renderer->columns(), *row, testNowMs - 590'000);
    QCOMPARE(int(soon.health), int(Health::Info));
    const render::HealthNow late = render::healthAt(renderer->columns(), *row, testNowMs);
    QCOMPARE(int(late.health), int(Health::Warning));
    QCOMPARE(late.reason, u"is being deleted; waits for x; should have been gone for 10m"_s);
}

// What makes many rows small: equal texts share their data.
void TestRenderHealth::textsAreShared()
{
    const ResourceKind kind = kindOf(u"pods"_s);
    const auto renderer = rendererFor(kind, {});
    const auto make = [&](const char* name) {
        return rendered(
            *renderer, kind,
            QByteArray(R"({"metadata": {"name": ")") + name +
                R"(", "labels": {"a": "b"}}, "spec": {"nodeName": "node-1", "containers": [{"name": "c", "image": "i"}]}, "status": {"phase": "Running"}})");
    };
    const table::RowPtr one = make("one");
    const table::RowPtr two = make("two");
    QCOMPARE(one->space.constData(), two->space.constData());
    for (const QStringView id : {u"status", u"node", u"labels", u"images", u"namespace"}) {
        const auto column = size_t(table::indexOfColumn(renderer->columns(), id));
        QCOMPARE(std::get<QString>(one->cells[column]).constData(), std::get<QString>(two->cells[column]).constData());
    }
    const auto name = size_t(table::indexOfColumn(renderer->columns(), u"name"));
    QCOMPARE(std::get<QString>(one->cells[name]).constData(), one->name.constData());
}

QTEST_GUILESS_MAIN(TestRenderHealth)
#include "test_render_health.moc"
