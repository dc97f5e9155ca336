// SPDX-License-Identifier: GPL-3.0-or-later
// The cluster itself: nodes, configuration, storage, access, events.
#include "fleet/sheets/TableSheet.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonArray createdAtCells(const QJsonObject& o, qint64) { return {name(o), at(o, u"metadata", u"creationTimestamp")}; }

QJsonArray nodeCells(const QJsonObject& o, qint64 now)
{
    QStringList status, roles;
    QString ready = u"Unknown"_s;
    for (const QJsonArray items = at(o, u"status", u"conditions").toArray(); const QJsonValue& c : items)
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
    for (const QJsonArray addresses = at(o, u"status", u"addresses").toArray(); const QJsonValue& a : addresses)
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
    for (const QJsonArray values = at(o, u"status", u"accessModes").toArray(); const QJsonValue& m : values)
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

QJsonArray bindingCells(const QJsonObject& o, qint64 now)
{
    QStringList users, groups, accounts;
    for (const QJsonArray values = o.value(u"subjects").toArray(); const QJsonValue& v : values) {
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

} // namespace

Sheets clusterSheets()
{
    return {
        {u"nodes"_s,
         {"Name;Status;Roles;Age;Version;Internal-IP*;External-IP*;OS-Image*;Kernel-Version*;Container-Runtime*",
          nodeCells}},
        {u"namespaces"_s,
         {"Name;Status;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), at(o, u"status", u"phase"), created(o, now)};
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
        {u"roles.rbac.authorization.k8s.io"_s, {"Name;Created At", createdAtCells}},
        {u"clusterroles.rbac.authorization.k8s.io"_s, {"Name;Created At", createdAtCells}},
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
        {u"customresourcedefinitions.apiextensions.k8s.io"_s, {"Name;Created At", createdAtCells}},
    };
}

} // namespace wk::fleet
