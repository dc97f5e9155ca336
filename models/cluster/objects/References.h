// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::cluster {

/// That an object names another one, of its own namespace, and cannot do without it.
struct Reference
{
    QString kindId; ///< "configmaps", "secrets", "persistentvolumeclaims", "serviceaccounts", "services"
    QString name;
    QString how;           ///< "volume config; environment of api", as a person says it
    bool optional = false; ///< pods start without it
    bool operator==(const Reference&) const = default;
};

/// What pods, workloads, ingresses and service accounts name, each object once, in the order in which it
/// is met. Pure; what is missing or of another type than documented is left out.
[[nodiscard]] QList<Reference> referencesOf(const QJsonObject& object);

/// The pod that an object is (a pod) or makes (a workload, a cron job): its metadata and spec; empty for other kinds.
[[nodiscard]] QJsonObject podTemplateOf(const QJsonObject& object);

/// Who names one object.
struct Referrer
{
    QString kindId, kind, space, name;
    QString how;
    bool operator==(const Referrer&) const = default;
};

struct ReferrerScan
{
    QList<Referrer> found;
    bool incomplete = false; ///< the list goes on after what was read
};

/// Those of a server's JSON list that name an object. What a workload made (the pods of a replica set) is left out: its
/// maker is told instead.
[[nodiscard]] ReferrerScan referrersIn(const QByteArray& list, const QString& kindId, const QString& kind,
                                       const QString& wantedKindId, const QString& wantedName);

/// The kinds whose objects may name one of that kind; empty where none does.
[[nodiscard]] QStringList referrerKindsOf(const QString& kindId);

} // namespace wk::cluster
