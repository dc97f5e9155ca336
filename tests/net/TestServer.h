// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Pki.h"

#include <QtCore/QUrl>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslSocket>
#include <QtNetwork/QTcpServer>

#include <functional>

namespace wk::test {

/// What a client sent.
struct Received
{
    QByteArray verb;
    QByteArray target; ///< path and query
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    QByteArray clientName; ///< common name of the client's certificate

    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};

/// A server of one test: real sockets and, where it was given a certificate, real TLS. The handler answers by writing
/// to the socket, at once or later.
class TestServer : public QTcpServer
{
public:
    using Handler = std::function<void(QTcpSocket*, const Received&)>;

    explicit TestServer(Handler handler);
    /// Serves TLS from now on; with `clientAuthority`, clients must show a certificate of it.
    void useTls(const Issued& certificate, const QByteArray& clientAuthority = {});
    [[nodiscard]] QUrl url(const QString& host = QStringLiteral("127.0.0.1")) const;
    [[nodiscard]] const QList<Received>& received() const { return m_received; }
    [[nodiscard]] int connections() const { return m_connections; }

    /// A whole response.
    static void answer(QTcpSocket* socket, int status, const QByteArray& body, const QByteArray& extraHeaders = {});
    /// The beginning of a chunked one, and a chunk of it; an empty chunk ends it.
    static void beginChunked(QTcpSocket* socket, const QByteArray& extraHeaders = {});
    static void chunk(QTcpSocket* socket, const QByteArray& data);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void read(QTcpSocket* socket, QByteArray& pending);

    Handler m_handler;
    bool m_tls = false;
    QSslConfiguration m_configuration;
    QList<Received> m_received;
    int m_connections = 0;
};

/// A port on loopback that takes no more connections: the kernel leaves further attempts without an answer, as a
/// firewall does.
class BlackHole
{
public:
    BlackHole();
    ~BlackHole();
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    QList<int> m_sockets;
    quint16 m_port = 0;
};

/// A port on loopback on which nothing listens.
[[nodiscard]] quint16 closedPort();

/// An HTTP proxy that tunnels CONNECT, and a SOCKS 5 proxy; both send every name to 127.0.0.1 and remember it.
class TestProxy : public QTcpServer
{
public:
    explicit TestProxy(bool socks);
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] const QStringList& asked() const { return m_asked; }
    [[nodiscard]] const QByteArray& authorization() const { return m_authorization; }
    bool refuse = false; ///< answer 403, or SOCKS "not allowed"
    bool wantPassword = false;

private:
    void accept();
    void speakHttp(QTcpSocket* client);
    void speakSocks(QTcpSocket* client, const std::shared_ptr<int>& step);
    void tunnel(QTcpSocket* client, quint16 port, const QByteArray& reply);

    bool m_socks;
    QStringList m_asked;
    QByteArray m_authorization;
};

/// A gzip member (RFC 1952).
[[nodiscard]] QByteArray gzip(const QByteArray& data);

} // namespace wk::test
