// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// What stands in a cell: kubectl's word for every state, from both encodings.
class TestRenderCells : public QObject
{
    Q_OBJECT

private slots:
    void cells_data();
    void cells();
    void restartsOfNewerServers();
    void requests();
    void textsAreShared();
};

namespace {

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

void TestRenderCells::cells_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < std::size(cellCases); ++i)
        QTest::addRow("%s %s", cellCases[i].resource, cellCases[i].name) << int(i);
}

void TestRenderCells::cells()
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

void TestRenderCells::restartsOfNewerServers()
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

void TestRenderCells::requests()
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
    // Limits bound a pod only where each container that runs on has one; init containers that end do not count.
    const QByteArray limited =
        R"({"spec": {"initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always", "resources": {"limits": {"cpu": "100m"}}}],
        "containers": [{"name": "a", "resources": {"limits": {"cpu": "250m", "memory": "256Mi"}}}, {"name": "b", "resources": {"limits": {"cpu": "1"}}}]},
        "status": {"phase": "Running"}})";
    QVERIFY(cell(limited, u"cpu-limit") == table::Cell(qint64(1350)));
    QVERIFY(table::isEmpty(cell(limited, u"memory-limit")));
    QVERIFY(table::isEmpty(cell("{}", u"cpu-limit")));
    QVERIFY(cell(limited, u"phase") == table::Cell(u"Running"_s));
}

// What makes many rows small: equal texts share their data.
void TestRenderCells::textsAreShared()
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

QTEST_GUILESS_MAIN(TestRenderCells)
#include "test_render_cells.moc"
