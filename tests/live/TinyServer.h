// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHash>
#include <QtNetwork/QSslServer>

namespace wk::test {

/// An API server in miniature over TLS: knows one token ("good-token"), has no pods, and forbids secrets.
class TinyServer : public QObject
{
public:
    TinyServer(const QString& certificate, const QString& key);
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }

private:
    void answer(QTcpSocket* socket);

    QSslServer m_server;
    QHash<QTcpSocket*, QByteArray> m_pending;
};

/// A port whose queue of connections is full: the kernel drops what comes, as a black hole does.
class BlackHole
{
public:
    BlackHole();
    ~BlackHole();
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    int m_listener = -1;
    int m_fillers[4] = {-1, -1, -1, -1};
    quint16 m_port = 0;
};

} // namespace wk::test
