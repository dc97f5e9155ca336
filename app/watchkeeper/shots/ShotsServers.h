// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtNetwork/QTcpServer>

class QTcpSocket;

namespace wk::app {

/// Takes connections and never says a word: what a hung server looks like. For the pictures.
class SilentServer : public QObject
{
    Q_OBJECT
public:
    explicit SilentServer(QObject* parent = nullptr);
    /// 0 where no port could be had.
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }

private:
    QTcpServer m_server;
};

/// Passes bytes on to a server until cut() ends every connection and refuses new ones: what an outage looks like.
class CutLink : public QObject
{
    Q_OBJECT
public:
    CutLink(QString host, quint16 targetPort, QObject* parent = nullptr);
    [[nodiscard]] quint16 port() const { return m_port; }
    void cut();

private:
    void accept();

    QTcpServer m_server;
    QString m_host;
    quint16 m_targetPort;
    quint16 m_port = 0;
    QList<QPointer<QTcpSocket>> m_sockets;
};

} // namespace wk::app
