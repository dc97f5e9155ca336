// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/ChaosProxy.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QPointer>
#include <QtCore/QTimer>

#include <algorithm>

namespace wk::test {

struct ChaosProxy::Link
{
    QPointer<QTcpSocket> client; ///< both belong to the proxy, which may go first
    QPointer<QTcpSocket> server;
    bool frozen = false;
    bool garble = false;
    qsizetype truncateAfter = -1;
    qint64 received = 0; ///< from the server
    QElapsedTimer lastByte;

    ~Link()
    {
        for (const auto& s : {client, server}) {
            if (s) {
                s->disconnect();
                s->abort();
                s->deleteLater();
            }
        }
    }
};

ChaosProxy::ChaosProxy(quint16 targetPort, QObject* parent) : QObject(parent), m_target(targetPort)
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] { accept(); });
    if (m_server.listen(QHostAddress::LocalHost))
        m_port = m_server.serverPort();
}

ChaosProxy::~ChaosProxy() { m_links.clear(); }

void ChaosProxy::accept()
{
    while (QTcpSocket* client = m_server.nextPendingConnection()) {
        ++m_accepted;
        auto link = std::make_shared<Link>();
        link->client = client;
        link->server = new QTcpSocket(this);
        Link* raw = link.get();
        m_links.push_back(std::move(link));
        connect(client, &QTcpSocket::readyRead, this, [this, raw] { pump(*raw, true); });
        connect(raw->server, &QTcpSocket::readyRead, this, [this, raw] { pump(*raw, false); });
        connect(raw->server, &QTcpSocket::connected, this, [this, raw] { pump(*raw, true); });
        for (QTcpSocket* end : {client, raw->server.get()}) {
            // A half-open connection tells neither side that the other one has gone.
            connect(end, &QTcpSocket::disconnected, this, [this, raw] {
                if (!raw->frozen && m_mode != Mode::BlackHole)
                    remove(raw);
            });
            connect(end, &QTcpSocket::errorOccurred, this, [this, raw] {
                if (!raw->frozen && m_mode != Mode::BlackHole)
                    remove(raw);
            });
        }
        raw->server->connectToHost(QHostAddress::LocalHost, m_target);
    }
}

void ChaosProxy::pump(Link& link, bool toServer)
{
    QTcpSocket* from = toServer ? link.client : link.server;
    if (toServer && link.server->state() != QAbstractSocket::ConnectedState)
        return; // read once the server is there
    QByteArray bytes = from->readAll();
    if (bytes.isEmpty() || link.frozen || m_mode == Mode::BlackHole) {
        link.frozen = link.frozen || (m_mode == Mode::BlackHole && !bytes.isEmpty()); // what is lost is lost for good
        return;
    }
    bool cut = false;
    if (!toServer) {
        link.received += bytes.size();
        link.lastByte.start();
        if (std::exchange(link.garble, false))
            bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 0x10);
        if (link.truncateAfter >= 0) {
            bytes.truncate(link.truncateAfter);
            cut = true;
        }
    }
    const auto shared = std::ranges::find_if(m_links, [&](const auto& l) { return l.get() == &link; });
    const std::weak_ptr<Link> weak = *shared;
    if (m_delayMs > 0)
        QTimer::singleShot(m_delayMs, this, [this, weak, toServer, bytes] { deliver(weak, toServer, bytes); });
    else
        deliver(weak, toServer, bytes);
    if (cut) {
        link.client->flush();
        remove(&link);
    }
}

void ChaosProxy::deliver(const std::weak_ptr<Link>& weak, bool toServer, const QByteArray& bytes)
{
    const auto link = weak.lock();
    if (link && !link->frozen && m_mode != Mode::BlackHole)
        (toServer ? link->server : link->client)->write(bytes);
}

void ChaosProxy::remove(Link* link)
{
    const auto it = std::ranges::find_if(m_links, [&](const auto& l) { return l.get() == link; });
    if (it == m_links.end())
        return;
    // What was read of one end belongs to the other before both are closed.
    for (const auto& [from, to] : {std::pair(link->client, link->server), std::pair(link->server, link->client)}) {
        if (!link->frozen && m_mode != Mode::BlackHole && link->truncateAfter < 0)
            to->write(from->readAll());
        to->flush();
    }
    const auto dying = *it; // its sockets are deleted later: one of them is on the stack
    m_links.erase(it);
    dying->client->disconnect(this);
    dying->server->disconnect(this);
    dying->client->disconnectFromHost();
    dying->server->disconnectFromHost();
    QTimer::singleShot(1'000, this, [dying] {});
}

void ChaosProxy::setMode(Mode mode)
{
    if (mode == Mode::BlackHole || m_mode == Mode::BlackHole)
        freezeAll();
    m_mode = mode;
    if (mode == Mode::Refuse)
        m_server.close();
    else if (!m_server.isListening())
        m_server.listen(QHostAddress::LocalHost, m_port);
}

void ChaosProxy::setRefusing(bool refusing)
{
    setMode(refusing ? Mode::Refuse : Mode::Pass);
    if (refusing)
        cutAll();
}

void ChaosProxy::cutAll(bool rst)
{
    const auto links = m_links;
    for (const auto& link : links) {
        if (rst)
            std::erase(m_links, link); // aborted when the last pointer goes
        else
            remove(link.get());
    }
}

void ChaosProxy::cutSome(QRandomGenerator& random, int oneIn)
{
    const auto links = m_links;
    for (const auto& link : links) {
        if (random.bounded(oneIn) == 0)
            remove(link.get());
    }
}

void ChaosProxy::freezeAll()
{
    for (const auto& link : m_links)
        link->frozen = true;
}

void ChaosProxy::freezeBusiest()
{
    std::shared_ptr<Link> busiest;
    for (const auto& link : m_links) {
        if (!link->frozen && link->lastByte.isValid() &&
            (!busiest || link->lastByte.elapsed() < busiest->lastByte.elapsed()))
            busiest = link;
    }
    if (busiest)
        busiest->frozen = true;
}

void ChaosProxy::truncateNext(qsizetype bytes)
{
    for (const auto& link : m_links)
        link->truncateAfter = bytes;
}

void ChaosProxy::garbleNext()
{
    for (const auto& link : m_links)
        link->garble = true;
}

} // namespace wk::test
