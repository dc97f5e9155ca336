// SPDX-License-Identifier: GPL-3.0-or-later
// What of services and ingresses the API server would not take (pkg/apis/core/validation,
// pkg/apis/networking/validation).
#include "fleet/api/ValidationParts.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

void checkPorts(Causes& causes, const QJsonArray& ports)
{
    QStringList known;
    for (qsizetype i = 0; i < ports.size(); ++i) {
        const QJsonObject port = ports.at(i).toObject();
        const QString at = u"spec.ports[%1]"_s.arg(i);
        if (ports.size() > 1 && port.value(u"name").toString().isEmpty())
            causes.required(at + u".name"_s);
        causes.port(at + u".port"_s, port.value(u"port"));
        if (port.value(u"targetPort").isDouble())
            causes.port(at + u".targetPort"_s, port.value(u"targetPort"));
        const QString key = u"%1/%2"_s.arg(port.value(u"port").toInt()).arg(port.value(u"protocol").toString());
        if (known.contains(key))
            causes.duplicate(at, key);
        known.append(key);
    }
}

void checkBackend(Causes& causes, const QJsonObject& backend, const QString& path)
{
    const QJsonObject service = backend.value(u"service").toObject();
    if (service.isEmpty() && backend.value(u"resource").isObject())
        return;
    if (service.value(u"name").toString().isEmpty())
        causes.required(path + u".service.name"_s);
    const QJsonObject port = service.value(u"port").toObject();
    if (port.value(u"name").toString().isEmpty())
        causes.port(path + u".service.port.number"_s, port.value(u"number"));
}

void checkPath(Causes& causes, const QJsonObject& path, const QString& at)
{
    const QStringList types{u"Exact"_s, u"ImplementationSpecific"_s, u"Prefix"_s};
    const QJsonValue type = path.value(u"pathType");
    if (!type.isString())
        causes.required(at + u".pathType"_s, u"pathType must be specified"_s);
    else if (!types.contains(type.toString()))
        causes.unsupported(at + u".pathType"_s, type, types);
    const QString text = path.value(u"path").toString();
    if ((type == u"Exact"_s || type == u"Prefix"_s) && !text.startsWith(u'/'))
        causes.invalid(at + u".path"_s, shownInCause(text), u"must be an absolute path"_s);
    checkBackend(causes, path.value(u"backend").toObject(), at + u".backend"_s);
}

} // namespace

void checkService(Causes& causes, const QJsonObject& object, const QJsonObject& old)
{
    static const QRegularExpression label(u"^[a-z]([-a-z0-9]*[a-z0-9])?$"_s);
    const QJsonObject spec = object.value(u"spec").toObject();
    const QString type = spec.value(u"type").toString(), name = at(object, u"metadata", u"name").toString();
    if (old.isEmpty() && !name.isEmpty() && !label.match(name).hasMatch())
        causes.invalid(u"metadata.name"_s, shownInCause(name),
                       u"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                       "alphabetic character, and end with an alphanumeric character"_s);
    const QJsonArray ports = spec.value(u"ports").toArray();
    if (ports.isEmpty() && spec.value(u"clusterIP") != u"None"_s && type != u"ExternalName")
        causes.required(u"spec.ports"_s);
    checkPorts(causes, ports);
    const QStringList types{u"ClusterIP"_s, u"ExternalName"_s, u"LoadBalancer"_s, u"NodePort"_s};
    if (!types.contains(type))
        causes.unsupported(u"spec.type"_s, type, types);
    const QString before = at(old, u"spec", u"clusterIP").toString(), after = spec.value(u"clusterIP").toString();
    if (!before.isEmpty() && type != u"ExternalName" && before != after)
        causes.invalid(u"spec.clusterIPs[0]"_s, shownInCause(after), u"may not change once set"_s);
}

void checkIngress(Causes& causes, const QJsonObject& object)
{
    const QJsonObject spec = object.value(u"spec").toObject();
    const QJsonArray rules = spec.value(u"rules").toArray();
    if (rules.isEmpty() && !spec.value(u"defaultBackend").isObject())
        causes.invalid(u"spec"_s, QString::fromUtf8(compact(spec)),
                       u"either `defaultBackend` or `rules` must be specified"_s);
    if (spec.value(u"defaultBackend").isObject())
        checkBackend(causes, spec.value(u"defaultBackend").toObject(), u"spec.defaultBackend"_s);
    for (qsizetype i = 0; i < rules.size(); ++i) {
        const QJsonObject rule = rules.at(i).toObject();
        const QJsonArray paths = at(rule, u"http", u"paths").toArray();
        if (rule.value(u"http").isObject() && paths.isEmpty())
            causes.required(u"spec.rules[%1].http.paths"_s.arg(i));
        for (qsizetype p = 0; p < paths.size(); ++p)
            checkPath(causes, paths.at(p).toObject(), u"spec.rules[%1].http.paths[%2]"_s.arg(i).arg(p));
    }
}

} // namespace wk::fleet
