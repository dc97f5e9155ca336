// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QRandomGenerator>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

#include <memory>
#include <vector>

namespace wk::test {

/// A network that misbehaves on demand: forwards bytes between clients and one server, on 127.0.0.1. Knows nothing of
/// TLS; whatever it changes within it, TLS refuses. Works on the thread that made it, whose event loop must run.
class ChaosProxy : public QObject
{
public:
    enum class Mode {
        Pass,
        BlackHole, ///< nothing passes in either direction, new connections are accepted and starve; sockets stay
        Refuse,    ///< new connections are refused; old ones pass
    };

    explicit ChaosProxy(quint16 targetPort, QObject* parent = nullptr);
    ~ChaosProxy() override;

    /// Where clients connect to. 0 where the proxy could not listen.
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] int connections() const { return int(m_links.size()); }
    /// Connections accepted so far.
    [[nodiscard]] int accepted() const { return m_accepted; }

    void setMode(Mode mode);
    /// The server is gone: connections are cut, new ones refused.
    void setRefusing(bool refusing);
    /// The network is gone without a word: nothing passes, sockets stay. Connections of that time stay dead afterwards.
    void setSilent(bool silent) { setMode(silent ? Mode::BlackHole : Mode::Pass); }
    /// Both ends of every connection get a FIN (or, `rst`, an RST).
    void cutAll(bool rst = false);
    /// Cuts one connection in `oneIn`, at random.
    void cutSome(QRandomGenerator& random, int oneIn);
    /// Half-open: what is open now stays open and carries nothing any more; new connections pass.
    void freezeAll();
    /// The same for the one connection that got a byte from the server most recently: a watch with traffic.
    void freezeBusiest();
    /// Each connection's next answer ends after `bytes`, then the connection is cut.
    void truncateNext(qsizetype bytes);
    /// One bit of each connection's next answer is turned over.
    void garbleNext();
    /// Every byte is that late, in both directions.
    void setDelayMs(int ms) { m_delayMs = ms; }

private:
    struct Link;
    void accept();
    void pump(Link& link, bool toServer);
    void deliver(const std::weak_ptr<Link>& link, bool toServer, const QByteArray& bytes);
    void remove(Link* link);

    QTcpServer m_server;
    quint16 m_target;
    quint16 m_port = 0;
    Mode m_mode = Mode::Pass;
    int m_delayMs = 0;
    int m_accepted = 0;
    std::vector<std::shared_ptr<Link>> m_links;
};

} // namespace wk::test
