// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"
#include "net/HttpOptions.h"

#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslError>

namespace wk::net {

/// How far an exchange had come when it failed.
enum class HttpPhase { Idle, Connecting, Sent, Answering };

/// What was seen of an exchange that failed.
struct HttpFailure
{
    HttpPhase phase = HttpPhase::Idle;
    QNetworkReply::NetworkError code = QNetworkReply::NoError;
    QString text; ///< Qt's own words
    QList<QSslError> tlsErrors;
    QList<QSslCertificate> chain; ///< the peer's, leaf first
    qint64 bytes = 0;             ///< body bytes received
    qint64 expectedBytes = -1;    ///< from Content-Length
};

/// A socket's error in the terms of QNetworkReply, from which sentences are made.
[[nodiscard]] QNetworkReply::NetworkError replyErrorOf(QAbstractSocket::SocketError error);

/// The one place where a failed connection becomes a sentence: the cockpit and the doctor show the same.
class HttpFailureText
{
public:
    explicit HttpFailureText(const HttpOptions& options);

    [[nodiscard]] Error describe(const HttpFailure& failure) const;
    /// Nothing was received for `ms`.
    [[nodiscard]] Error silent(HttpPhase phase, qint64 ms) const;
    [[nodiscard]] Error refused() const;
    [[nodiscard]] Error unresolved() const;
    [[nodiscard]] Error unreachable(const QString& text) const;
    [[nodiscard]] Error truncated(qint64 bytes, qint64 expectedBytes) const;
    [[nodiscard]] Error tooLarge(qint64 bytes) const;
    /// `errors` as found by the TLS layer for the peer's chain.
    [[nodiscard]] Error tls(const QList<QSslError>& errors, const QList<QSslCertificate>& chain,
                            const QString& text) const;

private:
    [[nodiscard]] Error tlsAlert(const QString& text) const;
    [[nodiscard]] Error untrusted(const QSslCertificate& leaf, Error result) const;

    QString m_server;
    QString m_wantedName;
    QString m_proxy;
    QByteArray m_caPem;
    HttpOptions::Asked m_asked;
    bool m_hasClientCertificate;
    bool m_plain;
};

/// "CN" of a certificate's subject, else its organisation, else the whole subject.
[[nodiscard]] QString certificateName(const QSslCertificate& certificate);
[[nodiscard]] QString certificateIssuer(const QSslCertificate& certificate);
/// The names and addresses that a certificate is valid for.
[[nodiscard]] QStringList certificateHosts(const QSslCertificate& certificate);

} // namespace wk::net
