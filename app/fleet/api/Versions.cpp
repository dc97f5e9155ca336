// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Versions.h"

#include "fleet/world/Json.h"

#include <QtCore/QJsonArray>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject metric(QStringView section, const QString& name, const QJsonObject& values)
{
    return {{u"type"_s, u"Resource"_s}, {u"resource"_s, QJsonObject{{u"name"_s, name}, {section.toString(), values}}}};
}

/// averageUtilization of the CPU metric in a list of metrics; null where there is none.
QJsonValue utilisation(const QJsonArray& metrics, QStringView section)
{
    for (const QJsonValue& m : metrics) {
        const QJsonObject resource = m.toObject().value(u"resource").toObject();
        if (resource.value(u"name") == u"cpu"_s)
            return at(resource, section, u"averageUtilization");
    }
    return QJsonValue::Undefined;
}

void set(QJsonObject& object, const QString& key, const QJsonValue& value)
{
    if (!value.isUndefined() && !value.isNull())
        object[key] = value;
}

} // namespace

bool isStoredVersion(const Resource& resource)
{
    return !(resource.group == u"autoscaling" && resource.version == u"v1");
}

QJsonObject inVersion(const Resource& resource, const QJsonObject& stored)
{
    if (isStoredVersion(resource))
        return stored;
    QJsonObject o = stored, spec = o.value(u"spec").toObject(), status = o.value(u"status").toObject();
    o[u"apiVersion"_s] = u"autoscaling/v1"_s;
    set(spec, u"targetCPUUtilizationPercentage"_s, utilisation(spec.value(u"metrics").toArray(), u"target"));
    set(status, u"currentCPUUtilizationPercentage"_s,
        utilisation(status.value(u"currentMetrics").toArray(), u"current"));
    spec.remove(u"metrics"_s);
    for (const QString& key : {u"currentMetrics"_s, u"conditions"_s})
        status.remove(key);
    o[u"spec"_s] = spec;
    o[u"status"_s] = status;
    return o;
}

QJsonObject forStore(const Resource& resource, const QJsonObject& object)
{
    if (isStoredVersion(resource))
        return object;
    QJsonObject o = object, spec = o.value(u"spec").toObject();
    o[u"apiVersion"_s] = u"autoscaling/v2"_s;
    if (const QJsonValue target = spec.take(u"targetCPUUtilizationPercentage"_s); target.isDouble())
        spec[u"metrics"_s] =
            QJsonArray{metric(u"target", u"cpu"_s, {{u"type"_s, u"Utilization"_s}, {u"averageUtilization"_s, target}})};
    o[u"spec"_s] = spec;
    return o;
}

} // namespace wk::fleet
