// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerAddress.h"

#include "cluster/connection/ApiClient.h"
#include "net/HttpTransport.h"

#include <QtCore/QCoreApplication>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::ServerAddress)
};

QByteArray authorization(const ServerLogin& login)
{
    switch (login.kind) {
    case ServerLogin::Kind::None: break;
    case ServerLogin::Kind::Basic: return "Basic " + (login.user.toUtf8() + ':' + login.secret).toBase64();
    case ServerLogin::Kind::Bearer: return "Bearer " + login.secret.trimmed();
    }
    return {};
}

} // namespace

QString ServerAddress::words() const
{
    if (servicePath.isEmpty())
        return net::serverName(url);
    // /api/v1/namespaces/SPACE/services/[SCHEME:]NAME:PORT/proxy
    const QStringList parts = QString::fromLatin1(servicePath).split(u'/');
    const QStringList service = parts.value(6).split(u':');
    return Texts::tr("%1 in %2").arg(service.value(service.size() > 2 ? 1 : 0), parts.value(4));
}

QString ServerAddress::key() const
{
    QStringList parts{url.toString(QUrl::RemoveUserInfo), QString::fromLatin1(servicePath), login.user};
    if (cluster)
        parts << cluster->server.toString() << cluster->id.origin << cluster->id.context;
    for (const auto& [name, value] : headers)
        parts << QString::fromUtf8(name + ": " + value);
    return parts.join(u'\n');
}

QByteArray servicePath(const QString& space, const QString& service, int port, bool https, const QString& prefix)
{
    QString path =
        u"/api/v1/namespaces/%1/services/%2:%3:%4/proxy"_s.arg(space, https ? u"https"_s : u"http"_s, service)
            .arg(port);
    for (const QString& part : prefix.split(u'/', Qt::SkipEmptyParts))
        path += u'/' + QString::fromLatin1(QUrl::toPercentEncoding(part));
    return path.toLatin1();
}

Result<Way> openWay(const ServerAddress& address, Clock& clock)
{
    Way way;
    way.words = address.words();
    if (!address.servicePath.isEmpty()) {
        if (!address.cluster)
            return fail(Error::Kind::Unsupported,
                        Texts::tr("There is no connection to the cluster of %1.").arg(way.words));
        way.transport = std::make_unique<cluster::ApiClient>(*address.cluster, clock);
        way.prefix = address.servicePath;
        way.mayPost = false;
        return way;
    }
    const QString scheme = address.url.scheme();
    if (!address.url.isValid() || address.url.host().isEmpty() || (scheme != "http"_L1 && scheme != "https"_L1))
        return fail(
            Error::Kind::BadInput,
            Texts::tr("“%1” is no address of a Prometheus server.").arg(address.url.toString(QUrl::RemoveUserInfo)), {},
            Texts::tr("It begins with http:// or https://."));
    ServerLogin login = address.login;
    if (login.kind == ServerLogin::Kind::None && !address.url.userName().isEmpty())
        login = {ServerLogin::Kind::Basic, address.url.userName(), address.url.password().toUtf8(), login.clientCertPem,
                 login.clientKeyPem};
    net::HttpOptions options;
    options.base = address.url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    options.caPem = address.caPem;
    options.insecure = address.insecure;
    options.clientCertPem = login.clientCertPem;
    options.clientKeyPem = login.clientKeyPem;
    options.proxy = address.proxy;
    options.defaultHeaders = address.headers;
    if (const QByteArray value = authorization(login); !value.isEmpty())
        options.defaultHeaders.emplaceBack("Authorization", value);
    way.transport = std::make_unique<net::HttpTransport>(std::move(options), clock);
    return way;
}

} // namespace wk::monitoring
