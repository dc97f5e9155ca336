// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/MonitoredTransport.h"
#include "core/Backoff.h"

#include <QtCore/QObject>

namespace wk::cluster {

/// GET /version: who answers.
struct ServerVersion
{
    int minor = 0;      ///< 20 of "v1.20.2"; 0 where the server does not say
    QString gitVersion; ///< "v1.20.2"
};

/// Reads a version.Info body.
[[nodiscard]] ServerVersion parseServerVersion(const QByteArray& json);

/// Asks the server every 1.8 s whether it is there, on a connection that is kept open, so that it notices within 4 s
/// when packets no longer pass (a cut is told by the socket, a half-open connection is not). /version finds the server,
/// at first and after a loss; /readyz then tells whether it can do its work. Any answer but a 401 and a 5xx is a sign
/// of life: a person may not be allowed to read /readyz.
///
/// A heartbeat that is late while bytes flow on connections that are older than it waits behind a large list: that is
/// no loss. After a loss it tries again in 1 to 5 s; a refused certificate or credential waits up to 30 s and 5 min,
/// since each try may cost a plugin run, or a step towards a locked account.
class Heartbeat : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 intervalMs = 1'800;
    static constexpr qint64 limitMs = 2'200;

    struct Options
    {
        QString server;                     ///< for sentences: "https://10.0.0.1:6443"
        bool once = false;                  ///< only find the server
        bool patient = false;               ///< a plugin may take its time to produce a credential
        std::function<bool()> excused = {}; ///< a plugin is probably at it now: an answer may be late
    };

    Heartbeat(MonitoredTransport& transport, Clock& clock, const Random& random, Options options,
              QObject* parent = nullptr);
    ~Heartbeat() override;

    void start();
    void stop();
    /// Looks at once; what was late is forgotten.
    void beatNow();
    [[nodiscard]] bool isUp() const { return m_up; }

signals:
    /// The server said who it is: at first, and after each loss.
    void found(const wk::cluster::ServerVersion& version);
    /// An answer; `recovered` after a loss, and for the first one.
    void answered(bool recovered);
    /// No good answer. `timedOut`: packets are lost; what is open may be dead without knowing.
    void lost(const wk::Error& error, bool timedOut);
    /// The machine slept, or the clock was set.
    void woke();

private:
    void beat(bool version);
    void onFinished(const std::optional<Error>& error);
    void onLimit();
    void good();
    void bad(const Error& error, bool timedOut);
    void scheduleNext(qint64 ms);
    void noticeSleep();

    MonitoredTransport& m_transport;
    Clock& m_clock;
    Options m_options;
    Backoff m_networkBackoff;
    Backoff m_tlsBackoff;
    Backoff m_credentialBackoff;
    bool m_up = false;
    bool m_everUp = false;
    bool m_asksVersion = true;
    int m_failures = 0;
    int m_unready = 0;
    quint64 m_serial = 0;
    int m_status = 0;
    qint64 m_retryAfterMs = -1;
    QByteArray m_body;
    qint64 m_startedMs = 0;
    qint64 m_wallMs = 0;
    qint64 m_monotonicMs = 0;
    qint64 m_plannedMs = 0;
    std::unique_ptr<net::Exchange> m_exchange;
    std::shared_ptr<void> m_limitTimer;
    std::shared_ptr<void> m_nextTimer;
};

} // namespace wk::cluster
