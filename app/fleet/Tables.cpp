// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Tables.h"

#include "core/Duration.h"
#include "fleet/Json.h"

#include <QtCore/QHash>
#include <QtCore/QStringList>

#include <functional>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

const QString none = u"<none>"_s;

QString age(const QJsonValue& time, qint64 now)
{
    const auto ms = parseRfc3339Ms(time.toString().toStdString());
    return ms ? humanDuration(now - *ms) : u"<unknown>"_s;
}

QString created(const QJsonObject& o, qint64 now) { return age(at(o, u"metadata", u"creationTimestamp"), now); }

QString orNone(const QStringList& list, const QString& separator = u","_s)
{
    return list.isEmpty() ? none : list.join(separator);
}

QString textOrNone(const QJsonValue& v) { return v.toString().isEmpty() ? none : v.toString(); }

QStringList fields(const QJsonArray& list, const QString& key)
{
    QStringList out;
    for (const QJsonValue& v : list)
        out.append(v.toObject().value(key).toString());
    return out;
}

QString selectorText(const QJsonObject& labels)
{
    QStringList out;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        out.append(it.key() + u'=' + it.value().toString());
    return orNone(out);
}

QJsonArray containersOf(const QJsonObject& o) { return at(o, u"spec", u"template", u"spec", u"containers").toArray(); }

/// printPod(): the STATUS, RESTARTS and READY columns.
QJsonArray podCells(const QJsonObject& o, qint64 now)
{
    const QJsonObject spec = o.value(u"spec").toObject(), status = o.value(u"status").toObject();
    QString reason = status.value(u"reason").toString();
    if (reason.isEmpty())
        reason = status.value(u"phase").toString();
    int ready = 0, restarts = 0;
    qint64 lastRestart = 0;
    bool running = false;
    const QJsonArray statuses = status.value(u"containerStatuses").toArray();
    for (qsizetype i = statuses.size() - 1; i >= 0; --i) {
        const QJsonObject c = statuses.at(i).toObject();
        restarts += c.value(u"restartCount").toInt();
        if (const auto t = parseRfc3339Ms(at(c, u"lastState", u"terminated", u"finishedAt").toString().toStdString()))
            lastRestart = std::max(lastRestart, *t);
        const QString waiting = at(c, u"state", u"waiting", u"reason").toString();
        const QJsonObject terminated = at(c, u"state", u"terminated").toObject();
        if (!waiting.isEmpty())
            reason = waiting;
        else if (!terminated.isEmpty() && !terminated.value(u"reason").toString().isEmpty())
            reason = terminated.value(u"reason").toString();
        else if (!terminated.isEmpty())
            reason = u"ExitCode:%1"_s.arg(terminated.value(u"exitCode").toInt());
        else if (c.value(u"ready").toBool() && at(c, u"state", u"running").isObject()) {
            running = true;
            ++ready;
        }
    }
    if (reason == u"Completed"_s && running) {
        bool isReady = false;
        for (const QJsonValue& c : status.value(u"conditions").toArray())
            isReady |= c.toObject().value(u"type") == u"Ready"_s && c.toObject().value(u"status") == u"True"_s;
        reason = isReady ? u"Running"_s : u"NotReady"_s;
    }
    if (!at(o, u"metadata", u"deletionTimestamp").toString().isEmpty())
        reason = status.value(u"reason") == u"NodeLost"_s ? u"Unknown"_s : u"Terminating"_s;
    const QString restartText = restarts > 0 && lastRestart > 0
                                    ? u"%1 (%2 ago)"_s.arg(restarts).arg(humanDuration(now - lastRestart))
                                    : QString::number(restarts);
    return {at(o, u"metadata", u"name"),
            u"%1/%2"_s.arg(ready).arg(spec.value(u"containers").toArray().size()),
            reason,
            restartText,
            created(o, now),
            textOrNone(status.value(u"podIP")),
            textOrNone(spec.value(u"nodeName")),
            none,
            none};
}

QJsonArray nodeCells(const QJsonObject& o, qint64 now)
{
    QStringList status, roles;
    QString ready = u"Unknown"_s;
    for (const QJsonValue& c : at(o, u"status", u"conditions").toArray())
        if (c.toObject().value(u"type") == u"Ready"_s)
            ready = c.toObject().value(u"status") == u"True"_s ? u"Ready"_s : u"NotReady"_s;
    status.append(ready);
    if (at(o, u"spec", u"unschedulable").toBool())
        status.append(u"SchedulingDisabled"_s);
    const QJsonObject labels = at(o, u"metadata", u"labels").toObject();
    for (const QString& key : labels.keys())
        if (key.startsWith(u"node-role.kubernetes.io/"))
            roles.append(key.section(u'/', 1));
    QString internal = none;
    for (const QJsonValue& a : at(o, u"status", u"addresses").toArray())
        if (a.toObject().value(u"type") == u"InternalIP"_s)
            internal = a.toObject().value(u"address").toString();
    const QJsonObject info = at(o, u"status", u"nodeInfo").toObject();
    return {at(o, u"metadata", u"name"),
            status.join(u','),
            orNone(roles),
            created(o, now),
            info.value(u"kubeletVersion"),
            internal,
            none,
            info.value(u"osImage"),
            info.value(u"kernelVersion"),
            info.value(u"containerRuntimeVersion")};
}

int number(const QJsonObject& o, QStringView section, QStringView key) { return at(o, section, key).toInt(); }

QString ports(const QJsonObject& o)
{
    QStringList out;
    for (const QJsonValue& v : at(o, u"spec", u"ports").toArray()) {
        const QJsonObject p = v.toObject();
        QString t = QString::number(p.value(u"port").toInt());
        if (const int node = p.value(u"nodePort").toInt())
            t += u':' + QString::number(node);
        out.append(t + u'/' + p.value(u"protocol").toString());
    }
    return orNone(out);
}

QString externalAddress(const QJsonObject& o)
{
    const QJsonArray list = at(o, u"status", u"loadBalancer", u"ingress").toArray();
    if (!list.isEmpty())
        return fields(list, u"ip"_s).join(u',');
    return at(o, u"spec", u"type") == u"LoadBalancer"_s ? u"<pending>"_s : none;
}

QJsonArray autoscalerCells(const QJsonObject& o, qint64 now)
{
    QStringList metrics;
    const QJsonArray current = at(o, u"status", u"currentMetrics").toArray();
    const QJsonArray wanted = at(o, u"spec", u"metrics").toArray();
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QJsonObject resource = at(wanted.at(i).toObject(), u"resource").toObject();
        const QJsonValue now1 = i < current.size()
                                    ? at(current.at(i).toObject(), u"resource", u"current", u"averageUtilization")
                                    : QJsonValue();
        metrics.append(
            u"%1: %2/%3%"_s
                .arg(resource.value(u"name").toString(), now1.isDouble() ? u"%1%"_s.arg(now1.toInt()) : u"<unknown>"_s)
                .arg(at(resource, u"target", u"averageUtilization").toInt()));
    }
    return {at(o, u"metadata", u"name"),
            at(o, u"spec", u"scaleTargetRef", u"kind").toString() + u'/' +
                at(o, u"spec", u"scaleTargetRef", u"name").toString(),
            metrics.join(u", "),
            QString::number(number(o, u"spec", u"minReplicas")),
            number(o, u"spec", u"maxReplicas"),
            number(o, u"status", u"currentReplicas"),
            created(o, now)};
}

QJsonArray jobCells(const QJsonObject& o, qint64 now)
{
    const auto start = parseRfc3339Ms(at(o, u"status", u"startTime").toString().toStdString());
    const auto end = parseRfc3339Ms(at(o, u"status", u"completionTime").toString().toStdString());
    QString status = u"Running"_s;
    for (const QJsonValue& c : at(o, u"status", u"conditions").toArray())
        if (c.toObject().value(u"status") == u"True"_s)
            status = c.toObject().value(u"type").toString();
    const QJsonArray containers = containersOf(o);
    return {at(o, u"metadata", u"name"),
            status,
            u"%1/%2"_s.arg(number(o, u"status", u"succeeded")).arg(number(o, u"spec", u"completions")),
            start ? humanDuration((end ? *end : now) - *start) : QString(),
            created(o, now),
            fields(containers, u"name"_s).join(u','),
            fields(containers, u"image"_s).join(u','),
            selectorText(at(o, u"spec", u"selector", u"matchLabels").toObject())};
}

QJsonArray endpointSliceCells(const QJsonObject& o, qint64 now)
{
    QStringList portsText, addresses;
    for (const QJsonValue& p : o.value(u"ports").toArray())
        portsText.append(QString::number(p.toObject().value(u"port").toInt()));
    for (const QJsonValue& e : o.value(u"endpoints").toArray())
        for (const QJsonValue& a : e.toObject().value(u"addresses").toArray())
            addresses.append(a.toString());
    QString list = orNone(addresses.mid(0, 3));
    if (addresses.size() > 3)
        list += u" + %1 more..."_s.arg(addresses.size() - 3);
    return {at(o, u"metadata", u"name"), o.value(u"addressType"),
            portsText.isEmpty() ? u"<unset>"_s : portsText.join(u','), addresses.isEmpty() ? u"<unset>"_s : list,
            created(o, now)};
}

QJsonArray endpointsCells(const QJsonObject& o, qint64 now)
{
    QStringList list;
    for (const QJsonValue& v : o.value(u"subsets").toArray())
        for (const QJsonValue& a : v.toObject().value(u"addresses").toArray())
            for (const QJsonValue& p : v.toObject().value(u"ports").toArray())
                list.append(a.toObject().value(u"ip").toString() + u':' +
                            QString::number(p.toObject().value(u"port").toInt()));
    QString text = orNone(list.mid(0, 3));
    if (list.size() > 3)
        text += u" + %1 more..."_s.arg(list.size() - 3);
    return {at(o, u"metadata", u"name"), text, created(o, now)};
}

QJsonArray eventCells(const QJsonObject& o, qint64 now)
{
    const QJsonObject involved = o.value(u"involvedObject").toObject();
    QString source = at(o, u"source", u"component").toString();
    if (const QString host = at(o, u"source", u"host").toString(); !host.isEmpty())
        source += u", "_s + host;
    return {age(o.value(u"lastTimestamp"), now),
            o.value(u"type"),
            o.value(u"reason"),
            involved.value(u"kind").toString().toLower() + u'/' + involved.value(u"name").toString(),
            involved.value(u"fieldPath").toString(),
            source,
            o.value(u"message").toString().trimmed(),
            age(o.value(u"firstTimestamp"), now),
            o.value(u"count").toInt(),
            at(o, u"metadata", u"name")};
}

QJsonArray claimCells(const QJsonObject& o, qint64 now)
{
    QStringList modes;
    for (const QJsonValue& m : at(o, u"status", u"accessModes").toArray())
        modes.append(m == u"ReadWriteOnce"_s ? u"RWO"_s : m == u"ReadOnlyMany"_s ? u"ROX"_s : u"RWX"_s);
    const bool deleting = !at(o, u"metadata", u"deletionTimestamp").toString().isEmpty();
    return {at(o, u"metadata", u"name"),
            deleting ? QJsonValue(u"Terminating"_s) : at(o, u"status", u"phase"),
            at(o, u"spec", u"volumeName").toString(),
            at(o, u"status", u"capacity", u"storage").toString(),
            modes.join(u','),
            at(o, u"spec", u"storageClassName").toString(),
            u"<unset>"_s,
            created(o, now),
            at(o, u"spec", u"volumeMode").toString()};
}

QJsonArray volumeCells(const QJsonObject& o, qint64 now)
{
    const QJsonObject claim = at(o, u"spec", u"claimRef").toObject();
    return {at(o, u"metadata", u"name"),
            at(o, u"spec", u"capacity", u"storage"),
            u"RWO"_s,
            at(o, u"spec", u"persistentVolumeReclaimPolicy"),
            at(o, u"status", u"phase"),
            claim.isEmpty() ? QString() : claim.value(u"namespace").toString() + u'/' + claim.value(u"name").toString(),
            at(o, u"spec", u"storageClassName"),
            u"<unset>"_s,
            at(o, u"status", u"reason").toString(),
            created(o, now),
            at(o, u"spec", u"volumeMode").toString()};
}

QJsonArray ingressCells(const QJsonObject& o, qint64 now)
{
    const QStringList hosts = fields(at(o, u"spec", u"rules").toArray(), u"host"_s);
    return {at(o, u"metadata", u"name"),
            at(o, u"spec", u"ingressClassName"),
            hosts.isEmpty() ? u"*"_s : hosts.join(u','),
            fields(at(o, u"status", u"loadBalancer", u"ingress").toArray(), u"ip"_s).join(u','),
            at(o, u"spec", u"tls").toArray().isEmpty() ? u"80"_s : u"80, 443"_s,
            created(o, now)};
}

QJsonArray bindingCells(const QJsonObject& o, qint64 now)
{
    QStringList users, groups, accounts;
    for (const QJsonValue& v : o.value(u"subjects").toArray()) {
        const QJsonObject s = v.toObject();
        const QString name = s.value(u"name").toString();
        if (s.value(u"kind") == u"User"_s)
            users.append(name);
        else if (s.value(u"kind") == u"Group"_s)
            groups.append(name);
        else
            accounts.append(s.value(u"namespace").toString() + u'/' + name);
    }
    return {at(o, u"metadata", u"name"),
            at(o, u"roleRef", u"kind").toString() + u'/' + at(o, u"roleRef", u"name").toString(),
            created(o, now),
            users.join(u", "),
            groups.join(u", "),
            accounts.join(u", ")};
}

struct Sheet
{
    /// "Name;Ready;Restarts*": an asterisk marks a wide column, a # an integer.
    const char* columns;
    std::function<QJsonArray(const QJsonObject&, qint64)> cells;
};

QJsonValue name(const QJsonObject& o) { return at(o, u"metadata", u"name"); }

QJsonArray templateCells(const QJsonObject& o)
{
    const QJsonArray c = containersOf(o);
    return {fields(c, u"name"_s).join(u','), fields(c, u"image"_s).join(u','),
            selectorText(at(o, u"spec", u"selector", u"matchLabels").toObject())};
}

QJsonArray joined(QJsonArray a, const QJsonArray& b)
{
    for (const QJsonValue& v : b)
        a.append(v);
    return a;
}

const QHash<QString, Sheet>& sheets()
{
    static const QHash<QString, Sheet> all{
        {u"pods"_s, {"Name;Ready;Status;Restarts;Age;IP*;Node*;Nominated Node*;Readiness Gates*", podCells}},
        {u"nodes"_s,
         {"Name;Status;Roles;Age;Version;Internal-IP*;External-IP*;OS-Image*;Kernel-Version*;Container-Runtime*",
          nodeCells}},
        {u"namespaces"_s,
         {"Name;Status;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), at(o, u"status", u"phase"), created(o, now)};
          }}},
        {u"deployments.apps"_s,
         {"Name;Ready;Up-to-date#;Available#;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined(
                  {name(o), u"%1/%2"_s.arg(number(o, u"status", u"readyReplicas")).arg(number(o, u"spec", u"replicas")),
                   number(o, u"status", u"updatedReplicas"), number(o, u"status", u"availableReplicas"),
                   created(o, now)},
                  templateCells(o));
          }}},
        {u"replicasets.apps"_s,
         {"Name;Desired#;Current#;Ready#;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined({name(o), number(o, u"spec", u"replicas"), number(o, u"status", u"replicas"),
                             number(o, u"status", u"readyReplicas"), created(o, now)},
                            templateCells(o));
          }}},
        {u"statefulsets.apps"_s,
         {"Name;Ready;Age;Containers*;Images*",
          [](const QJsonObject& o, qint64 now) {
              const QJsonArray t = templateCells(o);
              return QJsonArray{
                  name(o), u"%1/%2"_s.arg(number(o, u"status", u"readyReplicas")).arg(number(o, u"spec", u"replicas")),
                  created(o, now), t.at(0), t.at(1)};
          }}},
        {u"daemonsets.apps"_s,
         {"Name;Desired#;Current#;Ready#;Up-to-date#;Available#;Node Selector;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined({name(o), number(o, u"status", u"desiredNumberScheduled"),
                             number(o, u"status", u"currentNumberScheduled"), number(o, u"status", u"numberReady"),
                             number(o, u"status", u"updatedNumberScheduled"), number(o, u"status", u"numberAvailable"),
                             selectorText(at(o, u"spec", u"template", u"spec", u"nodeSelector").toObject()),
                             created(o, now)},
                            templateCells(o));
          }}},
        {u"jobs.batch"_s, {"Name;Status;Completions;Duration;Age;Containers*;Images*;Selector*", jobCells}},
        {u"cronjobs.batch"_s,
         {"Name;Schedule;Timezone;Suspend;Active#;Last Schedule;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              const QJsonArray c =
                  at(o, u"spec", u"jobTemplate", u"spec", u"template", u"spec", u"containers").toArray();
              const QJsonValue last = at(o, u"status", u"lastScheduleTime");
              return QJsonArray{name(o),
                                at(o, u"spec", u"schedule"),
                                textOrNone(at(o, u"spec", u"timeZone")),
                                at(o, u"spec", u"suspend").toBool() ? u"True"_s : u"False"_s,
                                int(at(o, u"status", u"active").toArray().size()),
                                last.isString() ? age(last, now) : none,
                                created(o, now),
                                fields(c, u"name"_s).join(u','),
                                fields(c, u"image"_s).join(u','),
                                none};
          }}},
        {u"horizontalpodautoscalers.autoscaling"_s,
         {"Name;Reference;Targets;MinPods;MaxPods#;Replicas#;Age", autoscalerCells}},
        {u"services"_s,
         {"Name;Type;Cluster-IP;External-IP;Port(s);Age;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o),
                                at(o, u"spec", u"type"),
                                textOrNone(at(o, u"spec", u"clusterIP")),
                                externalAddress(o),
                                ports(o),
                                created(o, now),
                                selectorText(at(o, u"spec", u"selector").toObject())};
          }}},
        {u"endpointslices.discovery.k8s.io"_s, {"Name;AddressType;Ports;Endpoints;Age", endpointSliceCells}},
        {u"endpoints"_s, {"Name;Endpoints;Age", endpointsCells}},
        {u"ingresses.networking.k8s.io"_s, {"Name;Class;Hosts;Address;Ports;Age", ingressCells}},
        {u"ingressclasses.networking.k8s.io"_s,
         {"Name;Controller;Parameters;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), at(o, u"spec", u"controller"), none, created(o, now)};
          }}},
        {u"configmaps"_s,
         {"Name;Data#;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o),
                                int(o.value(u"data").toObject().size() + o.value(u"binaryData").toObject().size()),
                                created(o, now)};
          }}},
        {u"secrets"_s,
         {"Name;Type;Data#;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), o.value(u"type"), int(o.value(u"data").toObject().size()), created(o, now)};
          }}},
        {u"serviceaccounts"_s,
         {"Name;Secrets#;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), int(o.value(u"secrets").toArray().size()), created(o, now)};
          }}},
        {u"persistentvolumes"_s,
         {"Name;Capacity;Access Modes;Reclaim "
          "Policy;Status;Claim;StorageClass;VolumeAttributesClass;Reason;Age;VolumeMode*",
          volumeCells}},
        {u"persistentvolumeclaims"_s,
         {"Name;Status;Volume;Capacity;Access Modes;StorageClass;VolumeAttributesClass;Age;VolumeMode*", claimCells}},
        {u"storageclasses.storage.k8s.io"_s,
         {"Name;Provisioner;ReclaimPolicy;VolumeBindingMode;AllowVolumeExpansion;Age",
          [](const QJsonObject& o, qint64 now) {
              const bool isDefault =
                  at(o, u"metadata", u"annotations", u"storageclass.kubernetes.io/is-default-class") == u"true"_s;
              return QJsonArray{isDefault ? QString(name(o).toString() + u" (default)"_s) : name(o).toString(),
                                o.value(u"provisioner"),
                                o.value(u"reclaimPolicy"),
                                o.value(u"volumeBindingMode"),
                                o.value(u"allowVolumeExpansion").toBool(),
                                created(o, now)};
          }}},
        {u"networkpolicies.networking.k8s.io"_s,
         {"Name;Pod-Selector;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), selectorText(at(o, u"spec", u"podSelector", u"matchLabels").toObject()),
                                created(o, now)};
          }}},
        {u"poddisruptionbudgets.policy"_s,
         {"Name;Min Available;Max Unavailable;Allowed Disruptions#;Age",
          [](const QJsonObject& o, qint64 now) {
              const auto part = [&](QStringView key) {
                  const QJsonValue v = at(o, u"spec", key);
                  return v.isDouble() ? QString::number(v.toInt()) : v.isString() ? v.toString() : u"N/A"_s;
              };
              return QJsonArray{name(o), part(u"minAvailable"), part(u"maxUnavailable"),
                                number(o, u"status", u"disruptionsAllowed"), created(o, now)};
          }}},
        {u"roles.rbac.authorization.k8s.io"_s,
         {"Name;Created At",
          [](const QJsonObject& o, qint64) {
              return QJsonArray{name(o), at(o, u"metadata", u"creationTimestamp")};
          }}},
        {u"clusterroles.rbac.authorization.k8s.io"_s,
         {"Name;Created At",
          [](const QJsonObject& o, qint64) {
              return QJsonArray{name(o), at(o, u"metadata", u"creationTimestamp")};
          }}},
        {u"rolebindings.rbac.authorization.k8s.io"_s, {"Name;Role;Age;Users*;Groups*;ServiceAccounts*", bindingCells}},
        {u"clusterrolebindings.rbac.authorization.k8s.io"_s,
         {"Name;Role;Age;Users*;Groups*;ServiceAccounts*", bindingCells}},
        {u"leases.coordination.k8s.io"_s,
         {"Name;Holder;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), at(o, u"spec", u"holderIdentity"), created(o, now)};
          }}},
        {u"events"_s,
         {"Last Seen;Type;Reason;Object;Subobject*;Source*;Message;First Seen*;Count*#;Name*", eventCells}},
        {u"customresourcedefinitions.apiextensions.k8s.io"_s,
         {"Name;Created At",
          [](const QJsonObject& o, qint64) {
              return QJsonArray{name(o), at(o, u"metadata", u"creationTimestamp")};
          }}},
    };
    return all;
}

/// The JSONPath that printer columns use here: .a.b and .a[?(@.k=="v")].b.
QJsonValue follow(const QJsonObject& object, const QString& path)
{
    QJsonValue v = object;
    QString rest = path;
    while (rest.startsWith(u'.')) {
        rest.remove(0, 1);
        const qsizetype end = std::min(rest.indexOf(u'.') < 0 ? rest.size() : rest.indexOf(u'.'),
                                       rest.indexOf(u'[') < 0 ? rest.size() : rest.indexOf(u'['));
        v = v.toObject().value(rest.left(end));
        rest.remove(0, end);
        if (!rest.startsWith(u"[?(@."))
            continue;
        const QString key = rest.section(u"=="_s, 0, 0).mid(5);
        const QString wanted = rest.section(u'"', 1, 1);
        QJsonValue found(QJsonValue::Undefined);
        for (const QJsonValue& item : v.toArray())
            if (item.toObject().value(key).toString() == wanted) {
                found = item;
                break;
            }
        v = found;
        rest.remove(0, rest.indexOf(u']') + 1);
    }
    return v;
}

QJsonArray printerColumns(const QJsonObject& definition)
{
    return at(definition, u"spec", u"versions").toArray().at(0).toObject().value(u"additionalPrinterColumns").toArray();
}

QJsonObject column(const QString& columnName, const QString& type, int priority)
{
    return {{u"name"_s, columnName},
            {u"type"_s, type},
            {u"format"_s, columnName == u"Name"_s ? u"name"_s : QString()},
            {u"description"_s, QString()},
            {u"priority"_s, priority}};
}

} // namespace

QJsonArray tableColumns(const Resource& resource, const QJsonObject& definition)
{
    QJsonArray out;
    const auto sheet = sheets().constFind(resource.id());
    if (sheet == sheets().constEnd()) {
        out.append(column(u"Name"_s, u"string"_s, 0));
        if (!resource.custom)
            out.append(column(u"Age"_s, u"string"_s, 0));
        for (const QJsonValue& v : printerColumns(definition)) {
            const QJsonObject c = v.toObject();
            out.append(column(c.value(u"name").toString(), c.value(u"type").toString(), c.value(u"priority").toInt()));
        }
        return out;
    }
    for (QString c : QString::fromLatin1(sheet->columns).split(u';')) {
        const bool wide = c.contains(u'*'), integer = c.contains(u'#');
        c.remove(u'*');
        c.remove(u'#');
        out.append(column(c, integer ? u"integer"_s : u"string"_s, wide ? 1 : 0));
    }
    return out;
}

QJsonArray tableCells(const Resource& resource, const QJsonObject& definition, const QJsonObject& object, qint64 nowMs)
{
    const auto sheet = sheets().constFind(resource.id());
    if (sheet != sheets().constEnd())
        return sheet->cells(object, nowMs);
    QJsonArray cells{name(object)};
    if (!resource.custom)
        cells.append(created(object, nowMs));
    for (const QJsonValue& v : printerColumns(definition)) {
        const QJsonObject c = v.toObject();
        const QJsonValue value = follow(object, c.value(u"jsonPath").toString());
        if (value.isUndefined())
            cells.append(QJsonValue::Null);
        else
            cells.append(c.value(u"type") == u"date"_s ? QJsonValue(age(value, nowMs)) : value);
    }
    return cells;
}

} // namespace wk::fleet
