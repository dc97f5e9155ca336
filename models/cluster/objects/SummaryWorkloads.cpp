// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/SummaryParts.h"
#include "core/Quantity.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

#define WK_S(text) tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", text))

namespace wk::cluster::summary {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

/// "Running", "Waiting: CrashLoopBackOff", "Terminated: OOMKilled, exit code 137", with what went before a restart.
Fact containerState(const QJsonObject& status)
{
    const QJsonObject state = status.value(u"state"_s).toObject();
    if (state.contains(u"waiting"_s)) {
        const QJsonObject waiting = state.value(u"waiting"_s).toObject();
        const QString reason = text(waiting.value(u"reason"_s)), message = text(waiting.value(u"message"_s));
        const bool starting = reason == u"ContainerCreating" || reason == u"PodInitializing";
        QString words = reason.isEmpty() ? WK_S("Waiting") : WK_S("Waiting: %1").arg(reason);
        if (!message.isEmpty())
            words += u" ("_s + message + u')';
        return cell(words, starting ? Health::Info : Health::Bad);
    }
    if (state.contains(u"terminated"_s)) {
        const QJsonObject ended = state.value(u"terminated"_s).toObject();
        const QString code = text(ended.value(u"exitCode"_s));
        QString words = WK_S("Ended: %1, exit code %2").arg(text(ended.value(u"reason"_s)), code);
        const QString message = text(ended.value(u"message"_s));
        if (!message.isEmpty())
            words += u" ("_s + message + u')';
        return cell(words, code == u"0" ? Health::None : Health::Bad);
    }
    if (state.contains(u"running"_s)) {
        const bool ready = status.value(u"ready"_s).toBool();
        return ready ? cell(WK_S("Running"), Health::Good) : cell(WK_S("Running, not ready"), Health::Warning);
    }
    return cell(WK_S("Not started"), Health::Unknown);
}

/// When it began to be what it is: a container that waits does not say.
QJsonValue since(const QJsonObject& status)
{
    const QJsonValue ended = at(status, u"state.terminated.finishedAt");
    return ended.isString() ? ended : at(status, u"state.running.startedAt");
}

QString lastEnd(const QJsonObject& status)
{
    const QJsonObject ended = at(status, u"lastState.terminated").toObject();
    if (ended.isEmpty())
        return {};
    return WK_S("%1, exit code %2").arg(text(ended.value(u"reason"_s)), text(ended.value(u"exitCode"_s)));
}

QString containerPorts(const QJsonObject& container)
{
    QStringList parts;
    for (const QJsonArray ports = container.value(u"ports"_s).toArray(); const QJsonValue& port : ports) {
        const QJsonObject p = port.toObject();
        parts.append(text(p.value(u"containerPort"_s)) + u'/' + p.value(u"protocol"_s).toString(u"TCP"_s));
    }
    return parts.join(u", "_s);
}

void containers(const QString& title, const QJsonArray& specs, const QJsonArray& statuses, bool live,
                QList<FactSection>& out)
{
    if (specs.isEmpty())
        return;
    FactSection section;
    section.title = title;
    section.headers = live
                          ? QStringList{WK_S("Name"),  WK_S("State"), WK_S("Restarts"), WK_S("Last end"), WK_S("Since"),
                                        WK_S("Ended"), WK_S("Image"), WK_S("Requests"), WK_S("Limits"),   WK_S("Ports")}
                          : QStringList{WK_S("Name"), WK_S("Image"), WK_S("Requests"), WK_S("Limits"), WK_S("Ports")};
    for (const QJsonValue& value : specs) {
        const QJsonObject spec = value.toObject();
        const QString name = text(spec.value(u"name"_s));
        QList<Fact> row{cell(name)};
        if (live) {
            QJsonObject status;
            for (const QJsonValue& s : statuses) {
                if (s.toObject().value(u"name"_s).toString() == name)
                    status = s.toObject();
            }
            const QString ended = lastEnd(status);
            row << containerState(status) << cell(text(status.value(u"restartCount"_s)))
                << cell(ended, ended.contains(u"OOMKilled") ? Health::Bad : Health::None) << momentCell(since(status))
                << momentCell(at(status, u"lastState.terminated.finishedAt"));
        }
        row << cell(text(spec.value(u"image"_s))) << cell(resources(at(spec, u"resources.requests").toObject()))
            << cell(resources(at(spec, u"resources.limits").toObject())) << cell(containerPorts(spec));
        section.rows.append(row);
    }
    out.append(section);
}

QString volumeSource(const QJsonObject& volume)
{
    for (auto it = volume.begin(); it != volume.end(); ++it) {
        if (it.key() == u"name" || !it.value().isObject())
            continue;
        const QJsonObject source = it.value().toObject();
        for (const QString& key : {u"claimName"_s, u"secretName"_s, u"name"_s, u"path"_s, u"driver"_s}) {
            if (source.contains(key))
                return it.key() + u' ' + text(source.value(key));
        }
        return it.key();
    }
    return {};
}

void volumes(const QJsonArray& array, QList<FactSection>& out)
{
    FactSection section;
    section.title = WK_S("Volumes");
    for (const QJsonValue& value : array) {
        const QJsonObject volume = value.toObject();
        add(section, text(volume.value(u"name"_s)), volumeSource(volume));
    }
    if (!section.facts.isEmpty())
        out.append(section);
}

void pod(const QJsonObject& object, QList<FactSection>& out)
{
    containers(WK_S("Containers"), at(object, u"spec.containers").toArray(),
               at(object, u"status.containerStatuses").toArray(), true, out);
    containers(WK_S("Init containers"), at(object, u"spec.initContainers").toArray(),
               at(object, u"status.initContainerStatuses").toArray(), true, out);
    FactSection where;
    where.title = WK_S("Where it runs");
    addLink(where, WK_S("Node"), u"nodes"_s, {}, at(object, u"spec.nodeName").toString());
    add(where, WK_S("Pod IP"), text(at(object, u"status.podIP")));
    add(where, WK_S("Host IP"), text(at(object, u"status.hostIP")));
    addMoment(where, WK_S("Started"), at(object, u"status.startTime"));
    add(where, WK_S("Quality of service"), text(at(object, u"status.qosClass")));
    add(where, WK_S("Restart policy"), text(at(object, u"spec.restartPolicy")));
    addLink(where, WK_S("Service account"), u"serviceaccounts"_s, at(object, u"metadata.namespace").toString(),
            at(object, u"spec.serviceAccountName").toString());
    add(where, WK_S("Priority class"), text(at(object, u"spec.priorityClassName")));
    add(where, WK_S("Node selector"), pairs(at(object, u"spec.nodeSelector").toObject()));
    add(where, WK_S("Message"), text(at(object, u"status.message")), Health::Warning);
    out.append(where);
    volumes(at(object, u"spec.volumes").toArray(), out);
}

void node(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection machine;
    machine.title = WK_S("Machine");
    for (const QJsonArray addresses = at(object, u"status.addresses").toArray(); const QJsonValue& address : addresses)
        add(machine, text(address.toObject().value(u"type"_s)), text(address.toObject().value(u"address"_s)));
    add(machine, WK_S("Kubelet"), text(at(object, u"status.nodeInfo.kubeletVersion")));
    add(machine, WK_S("Container runtime"), text(at(object, u"status.nodeInfo.containerRuntimeVersion")));
    add(machine, WK_S("System"), text(at(object, u"status.nodeInfo.osImage")));
    add(machine, WK_S("Kernel"), text(at(object, u"status.nodeInfo.kernelVersion")));
    add(machine, WK_S("Architecture"), text(at(object, u"status.nodeInfo.architecture")));
    if (at(object, u"spec.unschedulable").toBool())
        add(machine, WK_S("Scheduling"), WK_S("cordoned: takes no new pods"), Health::Warning);
    out.append(machine);

    FactSection room;
    room.title = WK_S("Room");
    room.headers = {WK_S("Resource"), WK_S("Allocatable"), WK_S("Capacity")};
    const QJsonObject capacity = at(object, u"status.capacity").toObject();
    const QJsonObject allocatable = at(object, u"status.allocatable").toObject();
    const auto amount = [](const QString& resource, const QJsonValue& value) {
        const auto bytes = parseQuantity(text(value).toStdString());
        const bool inBytes =
            resource == u"memory" || resource.endsWith(u"storage") || resource.startsWith(u"hugepages");
        return inBytes && bytes ? QLocale().formattedDataSize(*bytes, 1, QLocale::DataSizeIecFormat) : text(value);
    };
    for (auto it = capacity.begin(); it != capacity.end(); ++it)
        room.rows.append(QList<Fact>{cell(it.key()), cell(amount(it.key(), allocatable.value(it.key()))),
                                     cell(amount(it.key(), it.value()))});
    out.append(room);

    FactSection taints;
    taints.title = WK_S("Taints");
    for (const QJsonArray values = at(object, u"spec.taints").toArray(); const QJsonValue& value : values) {
        const QJsonObject taint = value.toObject();
        const QString v = text(taint.value(u"value"_s));
        add(taints, text(taint.value(u"key"_s)) + (v.isEmpty() ? QString() : u'=' + v), text(taint.value(u"effect"_s)));
    }
    out.append(taints);
}

void strategy(const QJsonObject& object, FactSection& s)
{
    for (const QStringView path : {u"spec.strategy", u"spec.updateStrategy"}) {
        const QJsonObject strategy = at(object, path).toObject();
        const QString type = text(strategy.value(u"type"_s));
        if (type.isEmpty())
            continue;
        const QJsonObject rolling = strategy.value(u"rollingUpdate"_s).toObject();
        const QString details = pairs(rolling);
        add(s, WK_S("Update strategy"), details.isEmpty() ? type : type + u" ("_s + details + u')');
    }
}

void controller(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Replicas");
    const auto count = [&](const QString& label, QStringView path) {
        const QJsonValue value = at(object, path);
        if (value.isDouble())
            add(s, label, text(value));
    };
    count(WK_S("Wanted"), u"spec.replicas");
    count(WK_S("Wanted"), u"status.desiredNumberScheduled");
    const QJsonObject status = object.value(u"status"_s).toObject();
    const bool daemon = status.contains(u"desiredNumberScheduled"_s);
    const auto number = [&](const QString& key) { return QString::number(status.value(key).toInteger()); };
    const qint64 wanted =
        daemon ? status.value(u"desiredNumberScheduled"_s).toInteger() : at(object, u"spec.replicas").toInteger(1);
    const qint64 ready = status.value(daemon ? u"numberReady"_s : u"readyReplicas"_s).toInteger();
    add(s, WK_S("Ready"), QString::number(ready), ready < wanted ? Health::Warning : Health::None);
    add(s, WK_S("Up to date"), number(daemon ? u"updatedNumberScheduled"_s : u"updatedReplicas"_s));
    if (!daemon && status.contains(u"availableReplicas"_s))
        add(s, WK_S("Available"), number(u"availableReplicas"_s));
    strategy(object, s);
    add(s, WK_S("Selector"), selector(at(object, u"spec.selector")));
    addLink(s, WK_S("Service"), u"services"_s, at(object, u"metadata.namespace").toString(),
            at(object, u"spec.serviceName").toString());
    add(s, WK_S("Service account"), text(at(object, u"spec.template.spec.serviceAccountName")));
    if (at(object, u"spec.paused").toBool())
        add(s, WK_S("Rollout"), WK_S("paused"), Health::Warning);
    out.append(s);
    containers(WK_S("Containers"), at(object, u"spec.template.spec.containers").toArray(), {}, false, out);
    containers(WK_S("Init containers"), at(object, u"spec.template.spec.initContainers").toArray(), {}, false, out);
    volumes(at(object, u"spec.template.spec.volumes").toArray(), out);
}

void job(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Run");
    add(s, WK_S("Completions wanted"), text(at(object, u"spec.completions")));
    add(s, WK_S("Parallel"), text(at(object, u"spec.parallelism")));
    add(s, WK_S("Succeeded"), text(at(object, u"status.succeeded")));
    add(s, WK_S("Failed"), text(at(object, u"status.failed")), Health::Warning);
    add(s, WK_S("Active"), text(at(object, u"status.active")));
    add(s, WK_S("Retries before it fails"), text(at(object, u"spec.backoffLimit")));
    addMoment(s, WK_S("Started"), at(object, u"status.startTime"));
    addMoment(s, WK_S("Completed"), at(object, u"status.completionTime"));
    out.append(s);
    containers(WK_S("Containers"), at(object, u"spec.template.spec.containers").toArray(), {}, false, out);
}

void cronJob(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Schedule");
    const QString space = at(object, u"metadata.namespace").toString();
    add(s, WK_S("Schedule"), text(at(object, u"spec.schedule")));
    add(s, WK_S("Time zone"), text(at(object, u"spec.timeZone")));
    if (at(object, u"spec.suspend").toBool())
        add(s, WK_S("Suspended"), WK_S("yes: no new jobs are started"), Health::Warning);
    add(s, WK_S("Overlapping runs"), text(at(object, u"spec.concurrencyPolicy")));
    addMoment(s, WK_S("Last started"), at(object, u"status.lastScheduleTime"));
    addMoment(s, WK_S("Last succeeded"), at(object, u"status.lastSuccessfulTime"));
    for (const QJsonArray actives = at(object, u"status.active").toArray(); const QJsonValue& active : actives)
        addLink(s, WK_S("Running"), u"jobs.batch"_s, space, active.toObject().value(u"name"_s).toString());
    out.append(s);
    containers(WK_S("Containers"), at(object, u"spec.jobTemplate.spec.template.spec.containers").toArray(), {}, false,
               out);
}

void autoscaler(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Scaling");
    const QJsonObject ref = at(object, u"spec.scaleTargetRef").toObject();
    const QString kind = text(ref.value(u"kind"_s)), name = text(ref.value(u"name"_s));
    addLink(s, WK_S("Scales"), kindIdOf(text(ref.value(u"apiVersion"_s)), kind),
            at(object, u"metadata.namespace").toString(), name, kind + u' ' + name);
    add(s, WK_S("Replicas now"), text(at(object, u"status.currentReplicas")));
    add(s, WK_S("Replicas wanted"), text(at(object, u"status.desiredReplicas")));
    add(s, WK_S("At least"), text(at(object, u"spec.minReplicas")));
    add(s, WK_S("At most"), text(at(object, u"spec.maxReplicas")));
    add(s, WK_S("CPU target (% of requests)"), text(at(object, u"spec.targetCPUUtilizationPercentage")));
    for (const QJsonArray values = at(object, u"spec.metrics").toArray(); const QJsonValue& value : values) {
        const QJsonObject metric = value.toObject();
        const QString type = text(metric.value(u"type"_s));
        const QJsonObject source =
            metric.value(type.isEmpty() ? QString() : type.at(0).toLower() + type.mid(1)).toObject();
        QString what = text(source.value(u"name"_s));
        if (what.isEmpty())
            what = text(at(source, u"metric.name"));
        QJsonObject target = source.value(u"target"_s).toObject();
        target.remove(u"type"_s);
        add(s, WK_S("Metric %1").arg(what), pairs(target.isEmpty() ? source : target));
    }
    addMoment(s, WK_S("Last scaled"), at(object, u"status.lastScaleTime"));
    out.append(s);
}

void disruptionBudget(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Budget");
    add(s, WK_S("At least available"), text(at(object, u"spec.minAvailable")));
    add(s, WK_S("At most unavailable"), text(at(object, u"spec.maxUnavailable")));
    add(s, WK_S("Healthy now"), text(at(object, u"status.currentHealthy")));
    add(s, WK_S("Healthy wanted"), text(at(object, u"status.desiredHealthy")));
    add(s, WK_S("Disruptions allowed"), text(at(object, u"status.disruptionsAllowed")));
    add(s, WK_S("Selector"), selector(at(object, u"spec.selector")));
    out.append(s);
}

} // namespace

bool workloads(const QString& kind, const QJsonObject& object, QList<FactSection>& out)
{
    static constexpr Describer kinds[] = {
        {u"Pod", pod},
        {u"Node", node},
        {u"Deployment", controller},
        {u"StatefulSet", controller},
        {u"DaemonSet", controller},
        {u"ReplicaSet", controller},
        {u"ReplicationController", controller},
        {u"Job", job},
        {u"CronJob", cronJob},
        {u"HorizontalPodAutoscaler", autoscaler},
        {u"PodDisruptionBudget", disruptionBudget},
    };
    return describe(kinds, kind, object, out);
}

} // namespace wk::cluster::summary
