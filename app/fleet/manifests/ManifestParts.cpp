// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Rng.h"

#include <QtCore/QDateTime>
#include <QtCore/QTimeZone>

using namespace Qt::StringLiterals;

namespace wk::fleet {

QString timeText(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate); }

QString microTimeText(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss.zzz'000Z'"_s);
}

QString uidFor(const Cluster& cluster, const QString& kind, const QString& space, const QString& name, qint64 salt)
{
    return uuidFrom(hash64(cluster.spec.id + u'|' + kind + u'|' + space + u'|' + name + u'|' + QString::number(salt),
                           cluster.seed));
}

QJsonObject metadataFor(const Cluster& cluster, const QString& kind, const QString& space, const QString& name,
                        qint64 createdMs, const QJsonObject& labels)
{
    QJsonObject m{{u"name"_s, name},
                  {u"uid"_s, uidFor(cluster, kind, space, name)},
                  {u"creationTimestamp"_s, timeText(createdMs)}};
    if (!space.isEmpty())
        m[u"namespace"_s] = space;
    if (!labels.isEmpty())
        m[u"labels"_s] = labels;
    return m;
}

QJsonObject workloadLabels(const Workload& w)
{
    return {{u"app"_s, w.spec.name},
            {u"app.kubernetes.io/name"_s, w.spec.name},
            {u"app.kubernetes.io/part-of"_s, w.spec.space},
            {u"tier"_s, w.spec.tier}};
}

QJsonObject kindObject(const QString& apiVersion, const QString& kind)
{
    return {{u"apiVersion"_s, apiVersion}, {u"kind"_s, kind}};
}

QJsonObject kindObject(const QString& apiVersion, const QString& kind, const QJsonObject& metadata, QJsonObject rest)
{
    rest[u"apiVersion"_s] = apiVersion;
    rest[u"kind"_s] = kind;
    rest[u"metadata"_s] = metadata;
    return rest;
}

QJsonObject ownerReference(const QString& apiVersion, const QString& kind, const QString& name, const QString& uid)
{
    return {
        {u"apiVersion"_s, apiVersion},  {u"kind"_s, kind}, {u"name"_s, name}, {u"uid"_s, uid}, {u"controller"_s, true},
        {u"blockOwnerDeletion"_s, true}};
}

} // namespace wk::fleet
