// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/Endpoints.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::channels {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::channels::Endpoints)
};

QString portWords(const QJsonValue& port)
{
    const QString name = port["name"_L1].toString(), number = QString::number(port["port"_L1].toInt());
    return name.isEmpty() ? number : number + u" ("_s + name + u')';
}

} // namespace

QString ForwardTarget::words() const
{
    const QString what = (kind == Kind::Service ? Texts::tr("service %1/%2") : Texts::tr("pod %1/%2")).arg(space, name);
    return port.isEmpty() ? what : Texts::tr("%1, port %2").arg(what, port);
}

Result<QString> servicePortName(const QByteArray& service, const ForwardTarget& target)
{
    const QJsonObject spec = QJsonDocument::fromJson(service).object().value("spec"_L1).toObject();
    if (spec.value("type"_L1).toString() == "ExternalName"_L1)
        return fail(Error::Kind::Unsupported,
                    Texts::tr("Service %1/%2 has no pods: it stands for the name %3.")
                        .arg(target.space, target.name, spec.value("externalName"_L1).toString()));
    const QJsonArray ports = spec.value("ports"_L1).toArray();
    QStringList all;
    QString only;
    for (const QJsonValue& port : ports) {
        if (port["protocol"_L1].toString(u"TCP"_s) != "TCP"_L1)
            continue; // only TCP can be forwarded
        only = port["name"_L1].toString();
        const bool named = target.port == only || target.port == QString::number(port["port"_L1].toInt());
        if (!target.port.isEmpty() && named)
            return only;
        all << portWords(port);
    }
    if (target.port.isEmpty() && all.size() == 1)
        return only;
    if (all.isEmpty())
        return fail(Error::Kind::Unsupported,
                    Texts::tr("Service %1/%2 has no TCP port.").arg(target.space, target.name));
    const QString sentence =
        target.port.isEmpty() ? Texts::tr("Service %1/%2 has several ports.").arg(target.space, target.name)
                              : Texts::tr("Service %1/%2 has no port %3.").arg(target.space, target.name, target.port);
    return fail(Error::Kind::NotFound, sentence, {}, Texts::tr("Name one of these: %1.").arg(all.join(u", "_s)));
}

std::vector<PodPort> readyPods(const QByteArray& endpoints, const QString& portName)
{
    std::vector<PodPort> out;
    const QJsonArray subsets = QJsonDocument::fromJson(endpoints).object().value("subsets"_L1).toArray();
    for (const QJsonValue& subset : subsets) {
        const QJsonArray ports = subset["ports"_L1].toArray();
        const auto ours =
            std::ranges::find_if(ports, [&](const QJsonValue& p) { return p["name"_L1].toString() == portName; });
        if (ours == ports.end())
            continue;
        for (const QJsonValue& address : subset["addresses"_L1].toArray()) {
            const QJsonValue pod = address["targetRef"_L1];
            if (pod["kind"_L1].toString() == "Pod"_L1 && !pod["name"_L1].toString().isEmpty())
                out.push_back({pod["name"_L1].toString(), (*ours)["port"_L1].toInt()});
        }
    }
    std::ranges::sort(out, {}, &PodPort::pod);
    return out;
}

} // namespace wk::channels
