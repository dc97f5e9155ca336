// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/HttpServer.h"

#include <QtCore/QRandomGenerator>
#include <QtCore/QTimer>
#include <QtNetwork/QSslServer>
#include <QtNetwork/QSslSocket>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr qint64 lowWater = 256 * 1024;
constexpr qint64 hardLimit = 32 * 1024 * 1024; ///< of bytes waiting for one peer

QByteArray reason(int status)
{
    switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Request Entity Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
    }
}

} // namespace

HttpConnection::HttpConnection(QTcpSocket* socket, HttpServer* server)
    : QObject(server), m_socket(socket), m_server(server)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, &HttpConnection::readMore);
    connect(socket, &QTcpSocket::bytesWritten, this, &HttpConnection::pump);
    // With TLS bytesWritten says no more than that bytes were encrypted.
    if (auto* tls = qobject_cast<QSslSocket*>(socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, &HttpConnection::pump);
    connect(socket, &QTcpSocket::disconnected, this, [this] {
        emit closed();
        deleteLater();
    });
    if (socket->bytesAvailable() > 0)
        QTimer::singleShot(0, this, &HttpConnection::readMore);
}

QSslCertificate HttpConnection::peerCertificate() const
{
    const auto* tls = qobject_cast<QSslSocket*>(m_socket);
    return tls && tls->sslHandshakeErrors().isEmpty() ? tls->peerCertificate() : QSslCertificate();
}

void HttpConnection::readMore()
{
    // While an answer is under way no more than one further request is taken in.
    if (m_received) {
        m_received(m_socket->readAll());
        return;
    }
    if (m_buffer.size() < 4 * 1024 * 1024)
        m_buffer += m_socket->readAll();
    if (!m_busy)
        dispatch();
}

void HttpConnection::dispatch()
{
    if (m_buffer.isEmpty())
        return;
    switch (m_parser.parse(m_buffer)) {
    case HttpParser::State::NeedMore: return;
    case HttpParser::State::Bad:
        m_busy = true;
        m_keepAlive = false;
        respond(m_parser.status(), "text/plain; charset=utf-8", reason(m_parser.status()));
        return;
    case HttpParser::State::Complete: break;
    }
    m_busy = true;
    const HttpRequest request = m_parser.take();
    m_keepAlive = request.keepAlive;
    m_http10 = !request.keepAlive && request.header("connection").isEmpty();
    if (m_server->chaos.delayMs > 0) {
        QTimer::singleShot(int(m_server->chaos.delayMs), this,
                           [this, request] { m_server->m_handler(request, *this); });
        return;
    }
    m_server->m_handler(request, *this);
}

void HttpConnection::sendHead(int status, const QByteArray& contentType, const HttpHeaders& headers)
{
    QByteArray head =
        "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason(status) + "\r\nContent-Type: " + contentType + "\r\n";
    for (const auto& [name, value] : headers)
        head += name + ": " + value + "\r\n";
    if (!m_keepAlive)
        head += "Connection: close\r\n";
    m_socket->write(head + "\r\n");
}

void HttpConnection::respond(int status, const QByteArray& contentType, const QByteArray& body,
                             const HttpHeaders& extra)
{
    HttpHeaders headers = extra;
    headers.append({"Content-Length", QByteArray::number(body.size())});
    sendHead(status, contentType, headers);
    send(body);
    finishAnswer();
}

void HttpConnection::stream(int status, const QByteArray& contentType, std::function<QByteArray()> pull)
{
    m_pull = std::move(pull);
    begin(status, contentType, {});
    pump();
}

void HttpConnection::begin(int status, const QByteArray& contentType, std::function<void()> drained)
{
    m_open = true;
    m_drained = std::move(drained);
    m_chunked = !m_http10;
    sendHead(status, contentType, m_chunked ? HttpHeaders{{"Transfer-Encoding", "chunked"}} : HttpHeaders{});
}

void HttpConnection::write(const QByteArray& bytes)
{
    if (!m_open || bytes.isEmpty())
        return;
    if (m_chunked)
        m_socket->write(QByteArray::number(bytes.size(), 16) + "\r\n");
    send(bytes);
    if (m_chunked)
        m_socket->write("\r\n");
    if (m_socket->bytesToWrite() > hardLimit)
        abort();
}

void HttpConnection::send(const QByteArray& bytes)
{
    Chaos& chaos = m_server->chaos;
    if (chaos.cutPerMille > 0 && int(QRandomGenerator::global()->bounded(1000)) < chaos.cutPerMille) {
        QTimer::singleShot(0, this, &HttpConnection::abort);
        return;
    }
    if (chaos.truncate > 0 && bytes.size() > 1) {
        --chaos.truncate;
        m_socket->write(bytes.first(bytes.size() / 2));
        m_socket->flush();
        QTimer::singleShot(20, this, &HttpConnection::abort);
        return;
    }
    if (chaos.garble > 0 && bytes.size() > 8) {
        --chaos.garble;
        QByteArray changed = bytes;
        for (qsizetype i = 4; i < changed.size(); i += qMax<qsizetype>(1, changed.size() / 16))
            changed[i] = char(changed.at(i) ^ 0x5a);
        m_socket->write(changed);
        return;
    }
    m_socket->write(bytes);
}

void HttpConnection::upgrade(const HttpHeaders& headers, std::function<void(const QByteArray&)> received)
{
    m_received = std::move(received);
    QByteArray head = "HTTP/1.1 101 " + reason(101) + "\r\n";
    for (const auto& [name, value] : headers)
        head += name + ": " + value + "\r\n";
    m_socket->write(head + "\r\n");
    // What came along with the request; its handler is still on the stack.
    QTimer::singleShot(0, this, [this] { m_received(std::exchange(m_buffer, {})); });
}

void HttpConnection::writeRaw(const QByteArray& bytes)
{
    send(bytes);
    if (m_socket->bytesToWrite() > hardLimit)
        abort();
}

void HttpConnection::hangUp() { m_socket->disconnectFromHost(); }

void HttpConnection::end()
{
    if (!m_open)
        return;
    m_open = false;
    if (m_chunked)
        m_socket->write("0\r\n\r\n");
    finishAnswer();
}

void HttpConnection::finishAnswer()
{
    m_pull = {};
    m_drained = {};
    m_held.reset();
    m_open = false;
    m_busy = false;
    if (!m_keepAlive) {
        m_socket->disconnectFromHost();
        return;
    }
    QTimer::singleShot(0, this, [this] {
        if (!m_busy)
            dispatch();
    });
}

bool HttpConnection::writable() const
{
    if (m_server->chaos.stalled)
        return false;
    const auto* tls = qobject_cast<const QSslSocket*>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0) < lowWater;
}

void HttpConnection::pump()
{
    while (m_open && m_pull && writable()) {
        const QByteArray next = m_pull();
        if (next.isEmpty()) {
            end();
            return;
        }
        write(next);
    }
    if (m_open && m_drained && writable())
        m_drained();
}

void HttpConnection::abort()
{
    m_open = false;
    m_socket->abort();
}

HttpServer::HttpServer(Handler handler, QObject* parent) : QObject(parent), m_handler(std::move(handler)) {}

HttpServer::~HttpServer() { cutAll(); }

Result<void> HttpServer::listen(quint16 port)
{
    if (m_tls) {
        auto tls = std::make_unique<QSslServer>();
        tls->setSslConfiguration(*m_tls);
        m_listener = std::move(tls);
    } else {
        m_listener = std::make_unique<QTcpServer>();
    }
    m_listener->setMaxPendingConnections(1000);
    m_listener->setListenBacklogSize(512);
    if (!m_listener->listen(QHostAddress::LocalHost, port))
        return fail(Error::Kind::Network,
                    u"Port %1 on 127.0.0.1 cannot be opened: %2"_s.arg(port).arg(m_listener->errorString()), {},
                    u"Choose another with --port-base."_s);
    m_port = m_listener->serverPort();
    connect(m_listener.get(), &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (m_listener && m_listener->hasPendingConnections())
            adopt(m_listener->nextPendingConnection());
    });
    return {};
}

void HttpServer::adopt(QTcpSocket* socket)
{
    if (!socket)
        return;
    auto* connection = new HttpConnection(socket, this);
    m_connections.insert(connection);
    connect(connection, &HttpConnection::closed, this, [this, connection] { m_connections.remove(connection); });
}

void HttpServer::goDown()
{
    if (m_listener)
        m_listener->close();
    cutAll();
}

void HttpServer::cutAll()
{
    const QSet<HttpConnection*> all = m_connections;
    for (HttpConnection* c : all)
        c->abort();
}

} // namespace wk::fleet
