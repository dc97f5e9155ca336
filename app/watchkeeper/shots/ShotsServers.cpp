// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shots/ShotsServers.h"

#include <QtNetwork/QTcpSocket>

namespace wk::app {

SilentServer::SilentServer(QObject* parent) : QObject(parent)
{
    m_server.listen(QHostAddress::LocalHost);
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = m_server.nextPendingConnection())
            connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->readAll(); });
    });
}

CutLink::CutLink(QString host, quint16 targetPort, QObject* parent)
    : QObject(parent), m_host(std::move(host)), m_targetPort(targetPort)
{
    m_server.listen(QHostAddress::LocalHost);
    m_port = m_server.serverPort();
    connect(&m_server, &QTcpServer::newConnection, this, &CutLink::accept);
}

void CutLink::accept()
{
    while (QTcpSocket* near = m_server.nextPendingConnection()) {
        auto* far = new QTcpSocket(near);
        m_sockets.append(near);
        connect(near, &QTcpSocket::readyRead, far, [near, far] { far->write(near->readAll()); });
        connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
        connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
        connect(far, &QTcpSocket::disconnected, near, &QTcpSocket::disconnectFromHost);
        far->connectToHost(m_host, m_targetPort);
    }
}

void CutLink::cut()
{
    m_server.close();
    for (const QPointer<QTcpSocket>& socket : std::as_const(m_sockets)) {
        if (socket)
            socket->abort();
    }
    m_sockets.clear();
}

} // namespace wk::app
