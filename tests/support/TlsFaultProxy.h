// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtNetwork/QSslConfiguration>

#include <memory>
#include <vector>

QT_BEGIN_NAMESPACE
class QSslServer;
QT_END_NAMESPACE

namespace wk::test {

class TlsFaultLink;

/// Stands before an API server, ends TLS with the server's own certificate and speaks HTTP/1.1 to both sides, so that
/// it can spoil what is said: a watch's frames cut short or turned into garbage, and requests answered with 429. Client
/// certificates do not get through; use a token.
class TlsFaultProxy : public QObject
{
    Q_OBJECT
public:
    enum class Fault {
        None,
        Garble,   ///< the next chunk of a watch is replaced with as many bytes of garbage
        Truncate, ///< the next chunk of a watch is cut in its middle, and the connection with it
    };

    /// `directory`: where server.crt, server.key and ca.crt are.
    TlsFaultProxy(quint16 upstreamPort, const QString& directory);
    ~TlsFaultProxy() override;

    [[nodiscard]] quint16 port() const;
    /// The next `count` watch chunks suffer; spoiled() counts them.
    void spoil(Fault fault, int count);
    [[nodiscard]] int spoiled() const { return m_spoiled; }
    /// Until told otherwise every request is answered with 429 and Retry-After, and running responses are cut.
    void throttle(int retryAfterSeconds);
    void endThrottling() { m_retryAfter = -1; }
    [[nodiscard]] int throttled() const { return m_throttled; }

private:
    friend class TlsFaultLink;
    void accept();

    quint16 m_upstream;
    QSslConfiguration m_clientTls;
    std::unique_ptr<QSslServer> m_server;
    std::vector<std::unique_ptr<TlsFaultLink>> m_links;
    Fault m_fault = Fault::None;
    int m_remaining = 0;
    int m_spoiled = 0;
    int m_retryAfter = -1;
    int m_throttled = 0;
};

} // namespace wk::test
