// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wk::test {

using namespace Qt::StringLiterals;

QByteArray Received::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

TestServer::TestServer(Handler handler) : m_handler(std::move(handler)) { (void)listen(QHostAddress::LocalHost); }

QUrl TestServer::url(const QString& host) const
{
    return QUrl(u"%1://%2:%3"_s.arg(m_tls ? u"https"_s : u"http"_s, host).arg(serverPort()));
}

void TestServer::useTls(const Issued& certificate, const QByteArray& clientAuthority)
{
    m_tls = true;
    m_configuration = QSslConfiguration::defaultConfiguration();
    m_configuration.setLocalCertificateChain(QSslCertificate::fromData(certificate.certificate));
    QSslKey key(certificate.key, QSsl::Ec);
    if (key.isNull())
        key = QSslKey(certificate.key, QSsl::Rsa);
    m_configuration.setPrivateKey(key);
    m_configuration.setPeerVerifyMode(clientAuthority.isEmpty() ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!clientAuthority.isEmpty())
        m_configuration.setCaCertificates(QSslCertificate::fromData(clientAuthority));
}

void TestServer::incomingConnection(qintptr descriptor)
{
    ++m_connections;
    QTcpSocket* socket = m_tls ? new QSslSocket(this) : new QTcpSocket(this);
    socket->setSocketDescriptor(descriptor);
    const auto pending = std::make_shared<QByteArray>();
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, pending] { read(socket, *pending); });
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    if (auto* tls = qobject_cast<QSslSocket*>(socket)) {
        tls->setSslConfiguration(m_configuration);
        tls->startServerEncryption();
    }
}

void TestServer::read(QTcpSocket* socket, QByteArray& pending)
{
    pending += socket->readAll();
    for (;;) {
        const auto end = pending.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Received request;
        const QList<QByteArray> lines = pending.left(end).split('\n');
        const QList<QByteArray> first = lines.first().trimmed().split(' ');
        request.verb = first.value(0);
        request.target = first.value(1);
        for (const QByteArray& line : lines.mid(1)) {
            const auto colon = line.indexOf(':');
            request.headers << qMakePair(line.left(colon).trimmed(), line.mid(colon + 1).trimmed());
        }
        const auto length = request.header("Content-Length").toLongLong();
        if (pending.size() < end + 4 + length)
            return;
        request.body = pending.mid(end + 4, length);
        pending.remove(0, end + 4 + length);
        if (auto* tls = qobject_cast<QSslSocket*>(socket))
            request.clientName = tls->peerCertificate().subjectInfo(QSslCertificate::CommonName).join(u' ').toUtf8();
        m_received << request;
        m_handler(socket, request);
    }
}

void TestServer::answer(QTcpSocket* socket, int status, const QByteArray& body, const QByteArray& extraHeaders)
{
    socket->write("HTTP/1.1 " + QByteArray::number(status) +
                  " X\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + extraHeaders + "\r\n" + body);
}

void TestServer::beginChunked(QTcpSocket* socket, const QByteArray& extraHeaders)
{
    socket->write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + extraHeaders + "\r\n");
}

void TestServer::chunk(QTcpSocket* socket, const QByteArray& data)
{
    socket->write(QByteArray::number(data.size(), 16) + "\r\n" + data + "\r\n");
}

BlackHole::BlackHole()
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    m_sockets << server;
    if (::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(server, 0) != 0)
        return;
    socklen_t size = sizeof address;
    ::getsockname(server, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    // Fill the queue of connections that nobody accepts.
    for (int i = 0; i < 4; ++i) {
        const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        m_sockets << client;
        (void)::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
}

BlackHole::~BlackHole()
{
    for (const int s : std::as_const(m_sockets))
        ::close(s);
}

quint16 closedPort()
{
    QTcpServer server;
    (void)server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

TestProxy::TestProxy(bool socks) : m_socks(socks)
{
    (void)listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, &TestProxy::accept);
}

QUrl TestProxy::url() const
{
    return QUrl(u"%1://127.0.0.1:%2"_s.arg(m_socks ? u"socks5"_s : u"http"_s).arg(serverPort()));
}

void TestProxy::accept()
{
    QTcpSocket* client = nextPendingConnection();
    connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    const auto step = std::make_shared<int>(0);
    connect(client, &QTcpSocket::readyRead, this, [this, client, step] {
        if (m_socks)
            speakSocks(client, step);
        else
            speakHttp(client);
    });
}

void TestProxy::tunnel(QTcpSocket* client, quint16 port, const QByteArray& reply)
{
    client->disconnect(this);
    auto* server = new QTcpSocket(client);
    connect(server, &QTcpSocket::connected, client, [client, server, reply] {
        client->write(reply);
        connect(client, &QTcpSocket::readyRead, server, [client, server] { server->write(client->readAll()); });
        if (client->bytesAvailable() > 0)
            server->write(client->readAll());
    });
    connect(server, &QTcpSocket::readyRead, client, [client, server] { client->write(server->readAll()); });
    connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
    server->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
}

void TestProxy::speakHttp(QTcpSocket* client)
{
    const QByteArray head = client->peek(8192);
    if (!head.contains("\r\n\r\n"))
        return;
    client->read(head.indexOf("\r\n\r\n") + 4);
    const QByteArray target = head.split(' ').value(1);
    m_asked << QString::fromUtf8(target);
    const auto at = head.toLower().indexOf("proxy-authorization:");
    m_authorization = at < 0 ? QByteArray() : head.mid(at + 20, head.indexOf('\r', at) - at - 20).trimmed();
    if (refuse) {
        client->write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        client->disconnectFromHost();
    } else if (wantPassword && m_authorization.isEmpty()) {
        client->write("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
    } else {
        tunnel(client, quint16(target.mid(target.lastIndexOf(':') + 1).toUInt()), "HTTP/1.1 200 Connected\r\n\r\n");
    }
}

void TestProxy::speakSocks(QTcpSocket* client, const std::shared_ptr<int>& step)
{
    // RFC 1928: greeting, then a request whose address may be a name (type 3).
    if (*step == 0) {
        if (client->bytesAvailable() < 3)
            return;
        client->readAll();
        client->write(QByteArray("\x05\x00", 2));
        *step = 1;
        return;
    }
    const QByteArray request = client->readAll();
    QString host;
    qsizetype portAt = 8;
    if (request.size() > 6 && request[3] == 3) {
        host = QString::fromUtf8(request.mid(5, uchar(request[4])));
        portAt = 5 + uchar(request[4]);
    } else {
        host = u"(address)"_s;
    }
    const auto port = quint16((uchar(request[portAt]) << 8) | uchar(request[portAt + 1]));
    m_asked << u"%1:%2"_s.arg(host).arg(port);
    if (refuse) {
        client->write(QByteArray("\x05\x02\x00\x01\0\0\0\0\0\0", 10));
        client->disconnectFromHost();
        return;
    }
    tunnel(client, port, QByteArray("\x05\x00\x00\x01\x7f\0\0\x01\0\0", 10));
}

QByteArray gzip(const QByteArray& data)
{
    quint32 crc = ~0U;
    for (const char c : data) {
        crc ^= uchar(c);
        for (int i = 0; i < 8; ++i)
            crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
    }
    crc = ~crc;
    const auto little = [](quint32 v) {
        QByteArray out;
        for (int i = 0; i < 4; ++i)
            out += char((v >> (8 * i)) & 0xff);
        return out;
    };
    // qCompress: 4 bytes of length, 2 of zlib header, deflate, 4 of Adler-32.
    const QByteArray deflate = qCompress(data).mid(6).chopped(4);
    return QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + deflate + little(crc) + little(quint32(data.size()));
}

} // namespace wk::test
