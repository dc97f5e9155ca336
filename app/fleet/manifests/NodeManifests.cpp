// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject nodeCondition(const QString& type, const QString& status, qint64 heartbeat, qint64 since,
                          const QString& reason, const QString& message)
{
    return {{u"type"_s, type},
            {u"status"_s, status},
            {u"lastHeartbeatTime"_s, timeText(heartbeat)},
            {u"lastTransitionTime"_s, timeText(since)},
            {u"reason"_s, reason},
            {u"message"_s, message}};
}

QJsonArray nodeConditions(const Node& n)
{
    const bool silent = n.lost && !n.ready;
    const QString unknown = u"Kubelet stopped posting node status."_s;
    const auto one = [&](const QString& type, bool bad, const QString& good, const QString& message) {
        if (silent)
            return nodeCondition(type, u"Unknown"_s, n.heartbeatMs, n.changedMs, u"NodeStatusUnknown"_s, unknown);
        return nodeCondition(type, bad ? u"True"_s : u"False"_s, n.heartbeatMs, bad ? n.changedMs : n.createdMs, good,
                             message);
    };
    QJsonArray list{
        one(u"MemoryPressure"_s, n.memoryPressure,
            n.memoryPressure ? u"KubeletHasInsufficientMemory"_s : u"KubeletHasSufficientMemory"_s,
            n.memoryPressure ? u"kubelet has insufficient memory available"_s
                             : u"kubelet has sufficient memory available"_s),
        one(u"DiskPressure"_s, false, u"KubeletHasNoDiskPressure"_s, u"kubelet has no disk pressure"_s),
        one(u"PIDPressure"_s, false, u"KubeletHasSufficientPID"_s, u"kubelet has sufficient PID available"_s)};
    if (silent)
        list.append(
            nodeCondition(u"Ready"_s, u"Unknown"_s, n.heartbeatMs, n.changedMs, u"NodeStatusUnknown"_s, unknown));
    else
        list.append(nodeCondition(u"Ready"_s, u"True"_s, n.heartbeatMs, n.changedMs, u"KubeletReady"_s,
                                  u"kubelet is posting ready status"_s));
    return list;
}

} // namespace

QJsonObject nodeManifest(const Cluster& c, const Node& n)
{
    QJsonObject labels{{u"kubernetes.io/arch"_s, u"amd64"_s},
                       {u"kubernetes.io/os"_s, u"linux"_s},
                       {u"kubernetes.io/hostname"_s, n.name},
                       {u"node.kubernetes.io/instance-type"_s, n.instanceType},
                       {u"topology.kubernetes.io/region"_s, u"region-1"_s},
                       {u"topology.kubernetes.io/zone"_s, u"region-1%1"_s.arg(QChar(u'a' + n.number % 3))}};
    if (!n.role.isEmpty())
        labels[u"node-role.kubernetes.io/"_s + n.role] = QString();
    QJsonObject m = metadataFor(c, u"Node"_s, {}, n.name, n.createdMs, labels);
    m[u"annotations"_s] = QJsonObject{{u"node.alpha.kubernetes.io/ttl"_s, u"0"_s}};
    QJsonArray taints;
    if (n.role == u"control-plane")
        taints.append(json(R"({'key':'node-role.kubernetes.io/control-plane','effect':'NoSchedule'})"));
    if (n.cordoned)
        taints.append(json(R"({'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'})"));
    for (const QJsonValue& t : n.taints)
        taints.append(t);
    if (n.lost && !n.ready)
        for (const QString& effect : {u"NoSchedule"_s, u"NoExecute"_s})
            taints.append(QJsonObject{{u"key"_s, u"node.kubernetes.io/unreachable"_s},
                                      {u"effect"_s, effect},
                                      {u"timeAdded"_s, timeText(n.changedMs)}});
    QJsonObject spec{{u"podCIDR"_s, u"10.244.%1.0/24"_s.arg(n.number)},
                     {u"podCIDRs"_s, QJsonArray{u"10.244.%1.0/24"_s.arg(n.number)}},
                     {u"providerID"_s, u"sim:///region-1/"_s + hexDigits(hash64(n.name, c.seed), 17)}};
    if (n.cordoned)
        spec[u"unschedulable"_s] = true;
    if (!taints.isEmpty())
        spec[u"taints"_s] = taints;
    const auto room = [&](int cpu, qint64 memoryKi) {
        return QJsonObject{{u"cpu"_s, cpu % 1000 == 0 ? QString::number(cpu / 1000) : u"%1m"_s.arg(cpu)},
                           {u"memory"_s, u"%1Ki"_s.arg(memoryKi)},
                           {u"pods"_s, u"250"_s},
                           {u"ephemeral-storage"_s, u"203056560Ki"_s}};
    };
    const qint64 memoryKi = qint64(n.memoryGi) * 1024 * 1024;
    QJsonObject info = json(
        R"({'kernelVersion':'6.1.0-28-amd64','osImage':'Debian GNU/Linux 12 (bookworm)','containerRuntimeVersion':'containerd://1.7.24',
        'kubeletVersion':'v1.32.4','kubeProxyVersion':'v1.32.4','operatingSystem':'linux','architecture':'amd64'})");
    info[u"machineID"_s] = hexDigits(hash64(n.name, c.seed ^ 1), 32);
    info[u"systemUUID"_s] = uuidFrom(hash64(n.name, c.seed ^ 2));
    info[u"bootID"_s] = uuidFrom(hash64(n.name, c.seed ^ 3));
    const QJsonObject status{
        {u"addresses"_s, QJsonArray{QJsonObject{{u"type"_s, u"InternalIP"_s}, {u"address"_s, n.ip}},
                                    QJsonObject{{u"type"_s, u"Hostname"_s}, {u"address"_s, n.name}}}},
        {u"capacity"_s, room(n.cpu * 1000, memoryKi)},
        {u"allocatable"_s, room(n.cpu * 1000 - 80, memoryKi - 1'048'576)},
        {u"conditions"_s, nodeConditions(n)},
        {u"nodeInfo"_s, info},
        {u"daemonEndpoints"_s, json(R"({'kubeletEndpoint':{'Port':10250}})")}};
    return kindObject(u"v1"_s, u"Node"_s, m, {{u"spec"_s, spec}, {u"status"_s, status}});
}

QJsonObject leaseManifest(const Cluster& c, const Node& n, qint64 renewMs)
{
    return kindObject(u"coordination.k8s.io/v1"_s, u"Lease"_s,
                      metadataFor(c, u"Lease"_s, u"kube-node-lease"_s, n.name, n.createdMs),
                      {{u"spec"_s, QJsonObject{{u"holderIdentity"_s, n.name},
                                               {u"leaseDurationSeconds"_s, 40},
                                               {u"renewTime"_s, microTimeText(renewMs)}}}});
}

} // namespace wk::fleet
