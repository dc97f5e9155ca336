// SPDX-License-Identifier: GPL-3.0-or-later
// How traffic finds pods.
#include "fleet/sheets/TableSheet.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QString ports(const QJsonObject& o)
{
    QStringList out;
    for (const QJsonArray values = at(o, u"spec", u"ports").toArray(); const QJsonValue& v : values) {
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

QString firstThree(const QStringList& list)
{
    const QString text = orNone(list.mid(0, 3));
    return list.size() > 3 ? text + u" + %1 more..."_s.arg(list.size() - 3) : text;
}

QJsonArray endpointSliceCells(const QJsonObject& o, qint64 now)
{
    QStringList portsText, addresses;
    for (const QJsonArray ports = o.value(u"ports").toArray(); const QJsonValue& p : ports)
        portsText.append(QString::number(p.toObject().value(u"port").toInt()));
    for (const QJsonArray entries = o.value(u"endpoints").toArray(); const QJsonValue& e : entries)
        for (const QJsonArray values = e.toObject().value(u"addresses").toArray(); const QJsonValue& a : values)
            addresses.append(a.toString());
    return {at(o, u"metadata", u"name"), o.value(u"addressType"),
            portsText.isEmpty() ? u"<unset>"_s : portsText.join(u','),
            addresses.isEmpty() ? u"<unset>"_s : firstThree(addresses), created(o, now)};
}

QJsonArray endpointsCells(const QJsonObject& o, qint64 now)
{
    QStringList list;
    for (const QJsonArray values = o.value(u"subsets").toArray(); const QJsonValue& v : values)
        for (const QJsonArray addresses = v.toObject().value(u"addresses").toArray(); const QJsonValue& a : addresses)
            for (const QJsonArray ports = v.toObject().value(u"ports").toArray(); const QJsonValue& p : ports)
                list.append(a.toObject().value(u"ip").toString() + u':' +
                            QString::number(p.toObject().value(u"port").toInt()));
    return {at(o, u"metadata", u"name"), firstThree(list), created(o, now)};
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

} // namespace

Sheets networkSheets()
{
    return {
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
        {u"networkpolicies.networking.k8s.io"_s,
         {"Name;Pod-Selector;Age",
          [](const QJsonObject& o, qint64 now) {
              return QJsonArray{name(o), selectorText(at(o, u"spec", u"podSelector", u"matchLabels").toObject()),
                                created(o, now)};
          }}},
    };
}

} // namespace wk::fleet
