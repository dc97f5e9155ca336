// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/TlsFaultProxy.h"

#include "support/TlsFaultLink.h"

#include <QtCore/QFile>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslServer>

namespace wk::test {

using namespace Qt::StringLiterals;

TlsFaultProxy::TlsFaultProxy(quint16 upstreamPort, const QString& directory)
    : m_upstream(upstreamPort), m_clientTls(QSslConfiguration::defaultConfiguration()),
      m_server(std::make_unique<QSslServer>())
{
    m_clientTls.setCaCertificates(QSslCertificate::fromPath(directory + u"/ca.crt"_s));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromPath(directory + u"/server.crt"_s));
    QFile key(directory + u"/server.key"_s);
    if (key.open(QIODevice::ReadOnly))
        tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone); // asks for no client certificate
    m_server->setSslConfiguration(tls);
    connect(m_server.get(), &QSslServer::pendingConnectionAvailable, this, &TlsFaultProxy::accept);
    m_server->listen(QHostAddress::LocalHost);
}

TlsFaultProxy::~TlsFaultProxy() = default;

quint16 TlsFaultProxy::port() const { return m_server->serverPort(); }

void TlsFaultProxy::spoil(Fault fault, int count)
{
    m_fault = fault;
    m_remaining = count;
    m_spoiled = 0;
}

void TlsFaultProxy::throttle(int retryAfterSeconds)
{
    m_retryAfter = retryAfterSeconds;
    m_throttled = 0;
    for (const auto& link : m_links)
        link->cut();
}

void TlsFaultProxy::accept()
{
    std::erase_if(m_links, [](const auto& link) { return link->isOver(); });
    while (auto* client = qobject_cast<QSslSocket*>(m_server->nextPendingConnection()))
        m_links.push_back(std::make_unique<TlsFaultLink>(this, client, m_upstream, m_clientTls));
}

TlsFaultLink::TlsFaultLink(TlsFaultProxy* proxy, QSslSocket* client, quint16 upstream, const QSslConfiguration& tls)
    : m_proxy(proxy), m_client(client), m_upstream(new QSslSocket(this))
{
    m_client->setParent(this);
    m_upstream->setSslConfiguration(tls);
    connect(m_client, &QSslSocket::readyRead, this, &TlsFaultLink::fromClient);
    connect(m_client, &QSslSocket::disconnected, this, &TlsFaultLink::cut);
    connect(m_upstream, &QSslSocket::readyRead, this, &TlsFaultLink::fromServer);
    connect(m_upstream, &QSslSocket::disconnected, this, [this] {
        fromServer();
        m_client->disconnectFromHost();
    });
    m_upstream->connectToHostEncrypted(u"127.0.0.1"_s, upstream);
    fromClient();
}

void TlsFaultLink::cut()
{
    m_client->abort();
    m_upstream->abort();
}

void TlsFaultLink::fromClient()
{
    m_request += m_client->readAll();
    // GET requests only: a head without a body.
    for (qsizetype end = m_request.indexOf("\r\n\r\n"); end >= 0; end = m_request.indexOf("\r\n\r\n")) {
        const QByteArray head = m_request.left(end + 4);
        m_request.remove(0, end + 4);
        if (m_proxy->m_retryAfter >= 0) {
            refuse();
            continue;
        }
        m_isWatch = head.left(head.indexOf('\r')).contains("watch=");
        m_upstream->write(head);
    }
}

void TlsFaultLink::refuse()
{
    ++m_proxy->m_throttled;
    static const QByteArray body =
        R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"too many requests, try again later",)"
        R"("reason":"TooManyRequests","code":429})";
    m_client->write("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: " +
                    QByteArray::number(m_proxy->m_retryAfter) +
                    "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
}

void TlsFaultLink::fromServer()
{
    m_response += m_upstream->readAll();
    bool passed = true;
    while (passed && !m_response.isEmpty()) {
        switch (m_stage) {
        case Stage::Head: passed = passHead(); break;
        case Stage::Chunk: passed = passChunk(); break;
        case Stage::Body: passed = passBody(); break;
        }
    }
}

bool TlsFaultLink::passHead()
{
    const qsizetype end = m_response.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = m_response.left(end + 4);
    m_response.remove(0, end + 4);
    m_client->write(head);
    const QByteArray lower = head.toLower();
    if (lower.contains("transfer-encoding: chunked")) {
        m_stage = Stage::Chunk;
    } else if (const qsizetype at = lower.indexOf("content-length: "); at >= 0) {
        m_bodyLeft = lower.mid(at + 16, lower.indexOf('\r', at) - at - 16).toLongLong();
        m_stage = m_bodyLeft > 0 ? Stage::Body : Stage::Head;
    }
    return true;
}

bool TlsFaultLink::passBody()
{
    const QByteArray part = m_response.left(m_bodyLeft);
    m_response.remove(0, part.size());
    m_client->write(part);
    m_bodyLeft -= part.size();
    if (m_bodyLeft == 0)
        m_stage = Stage::Head;
    return true;
}

bool TlsFaultLink::passChunk()
{
    const qsizetype line = m_response.indexOf("\r\n");
    if (line < 0)
        return false;
    bool ok = false;
    const qsizetype size = m_response.left(line).toLongLong(&ok, 16);
    const qsizetype whole = line + 2 + size + 2;
    if (!ok || m_response.size() < whole)
        return false;
    QByteArray chunk = m_response.left(whole);
    m_response.remove(0, whole);
    if (size == 0)
        m_stage = Stage::Head;
    const bool spoil =
        m_isWatch && size > 0 && m_proxy->m_remaining > 0 && m_proxy->m_fault != TlsFaultProxy::Fault::None;
    if (spoil) {
        --m_proxy->m_remaining;
        ++m_proxy->m_spoiled;
        if (m_proxy->m_fault == TlsFaultProxy::Fault::Truncate) {
            m_client->write(chunk.left(line + 2 + size / 2));
            m_client->flush();
            m_client->disconnectFromHost();
            m_upstream->abort();
            return false;
        }
        std::fill(chunk.begin() + line + 2, chunk.begin() + line + 2 + size, '\xFF');
    }
    m_client->write(chunk);
    return true;
}

} // namespace wk::test
