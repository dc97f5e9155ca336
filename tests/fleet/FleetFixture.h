// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/Fleet.h"
#include "fleet/world/Json.h"
#include "fleet/world/Resources.h"

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>
#include <QtTest/QtTest>

namespace wk::fleet {

/// What a server answered, whole.
struct Answer
{
    int status = 0;
    QByteArray type;
    QByteArray body;
    QByteArray retryAfter;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

/// A test of a whole fleet that runs on free ports, over TLS, as a client sees it.
class FleetFixture : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

protected:
    /// The path under which all objects of a kind are listed.
    [[nodiscard]] static QByteArray listPath(const Resource& resource);
    [[nodiscard]] QNetworkRequest request(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                                          const QString& cluster) const;
    /// An empty token is the administrator's certificate, "none" is nobody's.
    Answer get(const QByteArray& path, const QByteArray& accept = "application/json", const QByteArray& token = {},
               const QString& cluster = QStringLiteral("tchat"), const QByteArray& verb = "GET",
               const QByteArray& body = {}, const QByteArray& type = {});
    QJsonObject admin(const QByteArray& command);
    QNetworkReply* open(const QByteArray& path, const QByteArray& accept = "application/json");
    [[nodiscard]] Fleet::Member& tchat() { return *m_fleet->member(QStringLiteral("tchat")); }
    [[nodiscard]] Engine& engine() { return *tchat().engine; }
    /// Something that certainly changes pods, now.
    void restartSomething();

    QTemporaryDir m_dir;
    std::unique_ptr<Fleet> m_fleet;
    QNetworkAccessManager m_manager;

private:
    QSslConfiguration m_admin;
    QSslConfiguration m_tokenOnly;
};

} // namespace wk::fleet
