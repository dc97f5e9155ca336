// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

#include "cluster/render/Health.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;
using table::Health;

/// What operators read: every state that means trouble, with its words, from both encodings.
class TestRenderHealth : public QObject
{
    Q_OBJECT

private slots:
    void verdicts_data();
    void verdicts();
    void deletion();
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

QTEST_GUILESS_MAIN(TestRenderHealth)
#include "test_render_health.moc"
