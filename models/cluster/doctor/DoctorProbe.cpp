// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/doctor/DoctorProbe.h"

#include "net/HttpFailure.h"
#include "net/TlsSetup.h"

#include <QtNetwork/QHostInfo>
#include <QtNetwork/QSslCipher>
#include <QtNetwork/QSslSocket>

namespace wk::cluster {

namespace {

/// The same trouble, met on the way to the proxy.
QNetworkReply::NetworkError ofProxy(QNetworkReply::NetworkError code)
{
    switch (code) {
    case QNetworkReply::ConnectionRefusedError: return QNetworkReply::ProxyConnectionRefusedError;
    case QNetworkReply::HostNotFoundError: return QNetworkReply::ProxyNotFoundError;
    case QNetworkReply::TimeoutError: return QNetworkReply::ProxyTimeoutError;
    case QNetworkReply::RemoteHostClosedError: return QNetworkReply::ProxyConnectionClosedError;
    default: return QNetworkReply::UnknownProxyError;
    }
}

Error failed(const net::HttpFailureText& text, QNetworkReply::NetworkError code, const QString& words)
{
    net::HttpFailure failure;
    failure.code = code;
    failure.text = words;
    failure.phase = net::HttpPhase::Connecting;
    return text.describe(failure);
}

QString protocolName(QSsl::SslProtocol protocol)
{
    return protocol == QSsl::TlsV1_3   ? QStringLiteral("TLS 1.3")
           : protocol == QSsl::TlsV1_2 ? QStringLiteral("TLS 1.2")
                                       : QStringLiteral("TLS");
}

} // namespace

DoctorProbe::DoctorProbe(const net::HttpOptions& options, Clock& clock, qint64 limitMs, QObject* parent)
    : QObject(parent), m_options(options), m_clock(clock), m_limitMs(limitMs)
{
}

DoctorProbe::~DoctorProbe() { stop(); }

void DoctorProbe::stop()
{
    m_timer.reset();
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(std::exchange(m_lookup, -1));
    if (m_socket) {
        // We may be inside one of its signals.
        QTcpSocket* socket = m_socket.release();
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

std::shared_ptr<void> DoctorProbe::limit(std::function<void()> f)
{
    return m_clock.after(this, m_limitMs, std::move(f));
}

void DoctorProbe::resolve(const QString& host, const std::function<void(Result<QList<QHostAddress>>)>& done)
{
    stop();
    const net::HttpFailureText text(m_options);
    const auto code =
        host == m_options.base.host() ? QNetworkReply::HostNotFoundError : QNetworkReply::ProxyNotFoundError;
    m_timer = limit([this, done, text, code] {
        stop();
        done(fail(failed(text, code, {})));
    });
    m_lookup = QHostInfo::lookupHost(host, this, [this, done, text, code](const QHostInfo& info) {
        m_lookup = -1;
        stop();
        if (info.error() == QHostInfo::NoError && !info.addresses().isEmpty())
            done(info.addresses());
        else
            done(fail(failed(text, code, info.errorString())));
    });
}

void DoctorProbe::connectTo(const QUrl& url, bool viaProxy, const std::function<void(Result<void>)>& done)
{
    stop();
    const net::HttpFailureText text(m_options);
    const bool toProxy = !viaProxy && url.authority() != m_options.base.authority();
    m_socket = std::make_unique<QTcpSocket>();
    const auto proxy = net::proxySetup(viaProxy ? net::effectiveProxy(m_options) : QUrl(), m_options.asked);
    m_socket->setProxy(proxy.value_or(QNetworkProxy(QNetworkProxy::NoProxy)));
    m_timer = limit([this, done, text, toProxy] {
        stop();
        done(fail(toProxy ? failed(text, QNetworkReply::ProxyTimeoutError, {})
                          : text.silent(net::HttpPhase::Connecting, m_limitMs)));
    });
    connect(m_socket.get(), &QTcpSocket::connected, this, [this, done] {
        stop();
        done({});
    });
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this,
            [this, done, text, toProxy](QAbstractSocket::SocketError error) {
                const auto code = toProxy ? ofProxy(net::replyErrorOf(error)) : net::replyErrorOf(error);
                const QString words = m_socket->errorString();
                stop();
                done(fail(failed(text, code, words)));
            });
    const int port =
        toProxy ? url.port(url.scheme().startsWith(QLatin1StringView("socks")) ? 1080 : 80) : net::serverPort(url);
    m_socket->connectToHost(url.host(), quint16(port));
}

void DoctorProbe::handshake(const std::function<void(Result<Handshake>)>& done)
{
    stop();
    const net::HttpFailureText text(m_options);
    auto tls = net::tlsSetup(m_options);
    const auto proxy = net::proxySetup(net::effectiveProxy(m_options), m_options.asked);
    if (!tls || !proxy) {
        m_timer = m_clock.after(this, 0, [done, error = tls ? proxy.error() : tls.error()] { done(fail(error)); });
        return;
    }
    // Where nothing is verified, what verification would have said is still worth telling.
    if (m_options.insecure)
        tls->setPeerVerifyMode(QSslSocket::QueryPeer);
    auto* socket = new QSslSocket;
    m_socket.reset(socket);
    socket->setProxy(*proxy);
    socket->setSslConfiguration(*tls);
    m_timer = limit([this, done, text] {
        stop();
        done(fail(text.silent(net::HttpPhase::Sent, m_limitMs)));
    });
    connect(socket, &QSslSocket::encrypted, this, [this, done, socket] {
        Handshake seen{protocolName(socket->sessionProtocol()), socket->sessionCipher().name(),
                       socket->peerCertificateChain(), socket->sslHandshakeErrors()};
        stop();
        done(std::move(seen));
    });
    connect(socket, &QSslSocket::errorOccurred, this, [this, done, text, socket](QAbstractSocket::SocketError error) {
        net::HttpFailure failure;
        failure.code = net::replyErrorOf(error);
        failure.text = socket->errorString();
        failure.tlsErrors = socket->sslHandshakeErrors();
        failure.chain = socket->peerCertificateChain();
        failure.phase = net::HttpPhase::Connecting;
        stop();
        done(fail(text.describe(failure)));
    });
    const QString host = m_options.base.host();
    socket->connectToHostEncrypted(host, quint16(net::serverPort(m_options.base)),
                                   m_options.tlsServerName.isEmpty() ? host : m_options.tlsServerName);
}

} // namespace wk::cluster
