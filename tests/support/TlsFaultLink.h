// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/TlsFaultProxy.h"

#include <QtNetwork/QSslSocket>

namespace wk::test {

/// One client connection of a TlsFaultProxy with its own connection to the server behind. Follows the responses'
/// chunked framing (RFC 9112 §7.1), because garbage between chunks would only ever test the HTTP library.
class TlsFaultLink : public QObject
{
    Q_OBJECT
public:
    TlsFaultLink(TlsFaultProxy* proxy, QSslSocket* client, quint16 upstream, const QSslConfiguration& tls);
    void cut();
    [[nodiscard]] bool isOver() const { return m_client->state() == QAbstractSocket::UnconnectedState; }

private:
    void fromClient();
    void fromServer();
    [[nodiscard]] bool passHead();
    [[nodiscard]] bool passChunk();
    [[nodiscard]] bool passBody();
    void refuse();

    TlsFaultProxy* m_proxy;
    QSslSocket* m_client;   ///< child
    QSslSocket* m_upstream; ///< child
    QByteArray m_request;   ///< of the client, until its head is complete
    QByteArray m_response;  ///< of the server, not yet passed on
    enum class Stage { Head, Chunk, Body } m_stage = Stage::Head;
    qint64 m_bodyLeft = 0;
    bool m_isWatch = false;
};

} // namespace wk::test
