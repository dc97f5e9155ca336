// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/Revisions.h"

#include "cluster/objects/ObjectYaml.h"
#include "cluster/objects/SummaryParts.h"
#include "core/Duration.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrl>

#include <algorithm>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using summary::at;

namespace {

QString annotation(const QJsonObject& object, const QString& key)
{
    return at(object, u"metadata.annotations").toObject().value(key).toString();
}

bool isOwnedBy(const QJsonObject& object, const QString& uid)
{
    for (const QJsonArray owners = at(object, u"metadata.ownerReferences").toArray();
         const QJsonValue& owner : owners) {
        if (owner.toObject().value(u"uid"_s).toString() == uid)
            return true;
    }
    return false;
}

/// What controllers write into a template to tell their own revisions apart is no difference between them.
QJsonObject plainTemplate(QJsonObject pod)
{
    pod.remove(u"$patch"_s);
    QJsonObject metadata = pod.value(u"metadata"_s).toObject();
    QJsonObject labels = metadata.value(u"labels"_s).toObject();
    for (const QString& key : {u"pod-template-hash"_s, u"controller-revision-hash"_s, u"pod-template-generation"_s})
        labels.remove(key);
    metadata.insert(u"labels"_s, labels);
    if (metadata.value(u"creationTimestamp"_s).isNull())
        metadata.remove(u"creationTimestamp"_s);
    pod.insert(u"metadata"_s, metadata);
    return pod;
}

QStringList imagesOf(const QJsonObject& pod)
{
    QStringList out;
    for (const QJsonArray all = at(pod, u"spec.containers").toArray(); const QJsonValue& container : all)
        out.append(container.toObject().value(u"image"_s).toString());
    return out;
}

Revision revisionOf(const QJsonObject& kept, const QJsonObject& workload)
{
    const bool replicaSet = at(kept, u"spec.template").isObject();
    const QJsonObject pod =
        plainTemplate((replicaSet ? at(kept, u"spec.template") : at(kept, u"data.spec.template")).toObject());
    Revision out;
    out.number = replicaSet ? annotation(kept, u"deployment.kubernetes.io/revision"_s).toLongLong()
                            : kept.value(u"revision"_s).toInteger();
    out.name = at(kept, u"metadata.name").toString();
    out.createdMs = parseRfc3339Ms(at(kept, u"metadata.creationTimestamp").toString().toStdString()).value_or(0);
    out.images = imagesOf(pod);
    out.cause = annotation(kept, u"kubernetes.io/change-cause"_s);
    if (replicaSet)
        out.pods = at(kept, u"status.replicas").toInteger();
    // A deployment's template is its newest revision; a stateful set's status names its own.
    const QString wanted = at(workload, u"status.updateRevision").toString();
    out.current =
        wanted.isEmpty() ? pod == plainTemplate(at(workload, u"spec.template").toObject()) : wanted == out.name;
    out.text = yamlFromValue(pod);
    return out;
}

} // namespace

RevisionQuery revisionQueryOf(const QJsonObject& workload)
{
    const QString kind = workload.value(u"kind"_s).toString();
    const QString kindId = kind == u"Deployment"                            ? u"replicasets.apps"_s
                           : kind == u"StatefulSet" || kind == u"DaemonSet" ? u"controllerrevisions.apps"_s
                                                                            : QString();
    if (kindId.isEmpty())
        return {};
    const QByteArray text =
        QUrl::toPercentEncoding(summary::selector(at(workload, u"spec.selector")).replace(u", "_s, u","_s));
    return {kindId, text.isEmpty() ? QByteArray() : "labelSelector=" + text};
}

Result<QList<Revision>> revisionsOf(const QJsonObject& workload, const QByteArray& list)
{
    const QJsonDocument document = QJsonDocument::fromJson(list);
    if (!document.object().value(u"items"_s).isArray())
        return fail(Error::Kind::Protocol, QCoreApplication::translate("wk::cluster::Revisions",
                                                                       "The server's answer is no list of revisions."));
    const QString uid = at(workload, u"metadata.uid").toString();
    QList<Revision> out;
    for (const QJsonArray items = document.object().value(u"items"_s).toArray(); const QJsonValue& item : items) {
        if (isOwnedBy(item.toObject(), uid))
            out.append(revisionOf(item.toObject(), workload));
    }
    std::ranges::sort(out, [](const Revision& a, const Revision& b) { return a.number > b.number; });
    // Where two are alike, only the newest is what is wanted now.
    bool found = false;
    for (Revision& revision : out) {
        revision.current = revision.current && !found;
        found = found || revision.current;
    }
    if (!found && !out.isEmpty())
        out.first().current = true;
    return out;
}

} // namespace wk::cluster
