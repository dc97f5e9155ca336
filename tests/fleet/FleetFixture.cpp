// SPDX-License-Identifier: GPL-3.0-or-later
#include "FleetFixture.h"

#include <QtNetwork/QSslKey>

using namespace Qt::StringLiterals;

namespace wk::fleet {

constexpr qint64 start = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday

void FleetFixture::initTestCase()
{
    QVERIFY(m_dir.isValid());
    Fleet::Options o;
    o.seed = 5;
    o.startMs = start;
    o.speed = 5;
    o.portBase = 0;
    o.stateDirectory = m_dir.path();
    o.faults = defaultFaults();
    m_fleet = std::make_unique<Fleet>(o);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    QCOMPARE(m_fleet->complaints(), QStringList());
    m_tokenOnly = QSslConfiguration::defaultConfiguration();
    m_tokenOnly.setCaCertificates({QSslCertificate(m_fleet->pki().authority())});
    m_admin = m_tokenOnly;
    const auto pair = m_fleet->pki().clientPair(u"admin"_s, u"system:masters"_s);
    QVERIFY(pair.has_value());
    m_admin.setLocalCertificate(QSslCertificate(pair->certificate));
    m_admin.setPrivateKey(QSslKey(pair->key, QSsl::Ec));
}

void FleetFixture::init()
{
    // Connections are reused without regard to the identity: every test starts with none.
    m_manager.clearConnectionCache();
}

QByteArray FleetFixture::listPath(const Resource& resource)
{
    return ((resource.group.isEmpty() ? u"/api/v1/"_s : u"/apis/"_s + resource.apiVersion() + u'/') + resource.resource)
        .toUtf8();
}

QNetworkRequest FleetFixture::request(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                                      const QString& cluster) const
{
    QNetworkRequest r(
        QUrl::fromEncoded("https://127.0.0.1:" + QByteArray::number(m_fleet->member(cluster)->port) + path));
    r.setRawHeader("Accept", accept);
    r.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    r.setSslConfiguration(token.isEmpty() ? m_admin : m_tokenOnly);
    if (!token.isEmpty() && token != "none")
        r.setRawHeader("Authorization", "Bearer " + token);
    return r;
}

Answer FleetFixture::get(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                         const QString& cluster, const QByteArray& verb, const QByteArray& body, const QByteArray& type)
{
    if (!token.isEmpty())
        m_manager.clearConnectionCache();
    QNetworkRequest r = request(path, accept, token, cluster);
    if (!type.isEmpty())
        r.setRawHeader("Content-Type", type);
    std::unique_ptr<QNetworkReply> reply(m_manager.sendCustomRequest(r, verb, body));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    Answer a{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->rawHeader("Content-Type"),
             reply->readAll(), reply->rawHeader("Retry-After"), reply->error()};
    if (!token.isEmpty())
        m_manager.clearConnectionCache();
    return a;
}

QJsonObject FleetFixture::admin(const QByteArray& command)
{
    QNetworkRequest r(QUrl::fromEncoded("http://127.0.0.1:" + QByteArray::number(m_fleet->adminPort()) + command));
    std::unique_ptr<QNetworkReply> reply(m_manager.sendCustomRequest(r, command == "/state" ? "GET" : "POST"));
    [&] { QTRY_VERIFY(reply->isFinished()); }();
    return QJsonDocument::fromJson(reply->readAll()).object();
}

QNetworkReply* FleetFixture::open(const QByteArray& path, const QByteArray& accept)
{
    return m_manager.get(request(path, accept, {}, u"tchat"_s));
}

void FleetFixture::restartSomething()
{
    QVERIFY(admin("/fault?cluster=tchat&fault=restart&target=tchat/notification-service").contains(u"done"_s));
}

} // namespace wk::fleet
