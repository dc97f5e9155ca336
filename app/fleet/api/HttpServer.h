// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "fleet/api/HttpParser.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QSet>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

#include <functional>
#include <memory>
#include <optional>

namespace wk::fleet {

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

/// Faults of the wire, switched on by tests.
struct Chaos
{
    qint64 delayMs = 0;   ///< before each answer
    int truncate = 0;     ///< that many next answers end in the middle, by a reset
    int garble = 0;       ///< in that many next answers bytes are changed
    int cutPerMille = 0;  ///< chance that a connection is cut at each write
    bool stalled = false; ///< connections stay open and nothing is sent (half-open)
};

class HttpServer;

/// One connection; also the answer to the request that it is busy with. A handler answers at once with respond(), with
/// a produced body by stream(), or keeps the answer open with begin(), write() and end().
class HttpConnection : public QObject
{
    Q_OBJECT
public:
    HttpConnection(QTcpSocket* socket, HttpServer* server);

    void respond(int status, const QByteArray& contentType, const QByteArray& body, const HttpHeaders& extra = {});
    /// Sends what `pull` returns, chunk by chunk as the peer reads, until it returns nothing.
    void stream(int status, const QByteArray& contentType, std::function<QByteArray()> pull);
    /// An answer without end. `drained` is called whenever more may be written.
    void begin(int status, const QByteArray& contentType, std::function<void()> drained);
    void write(const QByteArray& bytes);
    void end();
    /// Leaves HTTP (101): what the peer says from now on goes to `received`. What the answer holds stays until the
    /// connection ends.
    void upgrade(const HttpHeaders& headers, std::function<void(const QByteArray&)> received);
    /// Bytes as they are, after upgrade().
    void writeRaw(const QByteArray& bytes);
    /// Ends the connection once everything is written.
    void hangUp();
    /// True while the peer keeps up: less than 256 KiB is waiting.
    [[nodiscard]] bool writable() const;
    void abort();

    /// The certificate that the peer proved to own; null where it showed none.
    [[nodiscard]] QSslCertificate peerCertificate() const;
    /// Puts something that lives as long as the present answer here.
    void hold(std::shared_ptr<void> what) { m_held = std::move(what); }

signals:
    void closed();

private:
    void readMore();
    void dispatch();
    void finishAnswer();
    void pump();
    void send(const QByteArray& bytes);
    void sendHead(int status, const QByteArray& contentType, const HttpHeaders& headers);

    QTcpSocket* m_socket;
    HttpServer* m_server;
    HttpParser m_parser;
    QByteArray m_buffer;
    bool m_busy = false;
    bool m_open = false; ///< an answer without Content-Length is under way
    bool m_keepAlive = true;
    bool m_chunked = false;
    bool m_http10 = false;
    std::function<QByteArray()> m_pull;
    std::function<void()> m_drained;
    std::function<void(const QByteArray&)> m_received; ///< after upgrade()
    std::shared_ptr<void> m_held;
};

/// A small HTTP/1.1 server on loopback, with or without TLS. Keep-alive, chunked answers, no pipelining in parallel.
class HttpServer : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<void(const HttpRequest&, HttpConnection&)>;

    explicit HttpServer(Handler handler, QObject* parent = nullptr);
    ~HttpServer() override;

    /// TLS with this configuration; before listen().
    void setTls(const QSslConfiguration& configuration) { m_tls = configuration; }
    /// Loopback only. Port 0 takes a free one.
    [[nodiscard]] Result<void> listen(quint16 port);
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] qsizetype connectionCount() const { return m_connections.size(); }
    /// Stops listening and resets every connection; listen(port()) brings it back.
    void goDown();
    void cutAll();

    Chaos chaos;

private:
    friend class HttpConnection;
    void adopt(QTcpSocket* socket);

    Handler m_handler;
    std::optional<QSslConfiguration> m_tls;
    std::unique_ptr<QTcpServer> m_listener;
    QSet<HttpConnection*> m_connections;
    quint16 m_port = 0;
};

} // namespace wk::fleet
