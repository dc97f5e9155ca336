// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "net/HttpOptions.h"

#include <QtCore/QObject>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslError>

#include <functional>
#include <memory>

class QTcpSocket;

namespace wk::cluster {

/// Single questions to the network, each with a time limit and one answer, given later. A new question replaces one
/// that is still open.
class DoctorProbe : public QObject
{
public:
    /// `clock` outlives the probe.
    DoctorProbe(const net::HttpOptions& options, Clock& clock, qint64 limitMs, QObject* parent);
    ~DoctorProbe() override;

    /// Addresses of `host`.
    void resolve(const QString& host, const std::function<void(Result<QList<QHostAddress>>)>& done);
    /// Connects to `url`'s host and port and hangs up. With `viaProxy`, through the options' proxy.
    void connectTo(const QUrl& url, bool viaProxy, const std::function<void(Result<void>)>& done);

    struct Handshake
    {
        QString protocol;
        QString cipher;
        QList<QSslCertificate> chain;
        QList<QSslError> ignored; ///< what verification would have refused, where the identity does not verify
    };
    /// A TLS handshake with the server as the identity makes it.
    void handshake(const std::function<void(Result<Handshake>)>& done);

private:
    void stop();
    [[nodiscard]] std::shared_ptr<void> limit(std::function<void()> f);

    net::HttpOptions m_options;
    Clock& m_clock;
    qint64 m_limitMs;
    int m_lookup = -1;
    std::unique_ptr<QTcpSocket> m_socket;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::cluster
