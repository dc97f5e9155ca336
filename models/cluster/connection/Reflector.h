// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/Decoder.h"
#include "core/Backoff.h"
#include "net/Transport.h"

#include <QtCore/QObject>

namespace wk::cluster {

/// Receives what a Reflector reads. All calls come on the reflector's thread.
class ReflectorSink
{
public:
    virtual ~ReflectorSink() = default;
    /// A complete list begins; `initial` until the first has ended well. Followed by listed()…, then listEnded() or
    /// listFailed().
    virtual void listBegan(bool initial) = 0;
    virtual void listed(Decoded&& object) = 0;
    virtual void listEnded() = 0;
    virtual void listFailed() = 0;
    /// Added, Modified or Deleted.
    virtual void changed(WatchEvent::Type type, Decoded&& object) = 0;
    /// status() differs now.
    virtual void statusChanged() = 0;
};

/// Where a Reflector stands.
struct ReflectorStatus
{
    enum class Phase {
        Idle, ///< not started
        Listing,
        Opening, ///< a watch was asked for and not answered yet
        Watching,
        Waiting, ///< until the next try
        Refused, ///< forbidden, or not served; tried again now and then
        Done,    ///< the one list that was wanted is complete
        Failed,  ///< the one list that was wanted could not be had
    };
    Phase phase = Phase::Idle;
    bool refused = false;       ///< the last verdict was a refusal; also while it is asked again
    bool synced = false;        ///< a complete list was read once
    bool silent = false;        ///< the stream died without a word: rows are only known up to `proofMs`
    qint64 proofMs = 0;         ///< wall clock of the last byte of this list+watch
    std::optional<Error> error; ///< why it is not following; cleared by the next good answer

    [[nodiscard]] bool isLive() const
    {
        return synced && !error && (phase == Phase::Watching || phase == Phase::Opening || phase == Phase::Done);
    }
};

/// list+watch of one kind in one scope, by the rules of client-go's Reflector (tools/cache/reflector.go) and of the API
/// concepts page (resourceVersion semantics). Never ends by itself while `watch` is wanted: each failure leads to
/// another try, with the last known resource version, later and later.
///
/// A watch may be dead without anybody saying so (a half-open connection: no FIN, no RST, no packet). Bookmarks come
/// about once a minute from real servers and are not guaranteed, so they cannot be the only sign of life. Three
/// defences: the connection's Heartbeat, which shares its fate with the network and calls restart() on all; TCP
/// keepalive in the transport; and here, for a stream that alone is dead behind a proxy that keeps answering, make
/// before break: a stream that is silent for longer than is usual for it (ten times its mean gap, 1.5 s to quietMs) is
/// doubled by a new watch from the last resource version, and replaced when that one answers. Nothing is lost or shown
/// twice, since the old stream is dropped unread; the cost is one request per quiet kind every 20 s or so.
class Reflector : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        bool watch = true;
        /// A single list (`watch` off) as of now, from etcd, instead of from the API server's cache, which answers
        /// several times sooner and may be behind by a moment.
        bool mostRecent = true;
        bool watchList = false; ///< ask for a streamed list first (KEP-3157); falls back on any error
        QByteArray labelSelector = {};
        QByteArray fieldSelector = {};
        qint64 quietMs = 20'000; ///< silence after which a stream is verified
        qint64 answerMs = 5'000; ///< longest wait for the head of a watch's response
        qint64 stallMs = 30'000; ///< longest silence within a list
    };

    /// All references outlive the reflector. `transport` may change what it sends through; see restart().
    Reflector(const ResourceKind& kind, QString space, std::shared_ptr<const Renderer> renderer,
              net::Transport& transport, Clock& clock, const Random& random, Options options, ReflectorSink& sink,
              QObject* parent = nullptr);
    ~Reflector() override;

    void start();
    /// Aborts what runs; rows and resource version are kept. start() goes on from there.
    void stop();
    /// Ends a wait now (the server answers again), after a jitter of up to half a second; not one that the server asked
    /// for.
    void kick();
    /// The connection below may be dead: opens everything anew, from the last resource version.
    void restart();
    /// Doubles the watch and keeps the one that answers.
    void verify();

    [[nodiscard]] const ReflectorStatus& status() const { return m_status; }
    [[nodiscard]] const QString& space() const { return m_space; }
    [[nodiscard]] const QString& resourceVersion() const { return m_version; }

private:
    enum class ListFrom { Cache, Last, Quorum };
    struct Response;
    struct ListCall;
    struct Stream;

    // ReflectorList.cpp
    void startList(ListFrom from);
    void sendPage(bool paged, const QString& continueToken);
    void onListHead(quint64 serial, const net::ResponseHead& head);
    void onListData(quint64 serial, QByteArrayView bytes);
    void onListFinished(quint64 serial, std::optional<Error> error);
    void onListRefused(const Response& response);
    void listDone(const ListEnd& end);
    void dropList();
    void listFailed(Error error, qint64 waitAtLeastMs = 0);

    // ReflectorWatch.cpp
    void startWatch();
    void startWatchList();
    [[nodiscard]] std::unique_ptr<Stream> openStream(bool initialEvents);
    [[nodiscard]] Stream* stream(quint64 serial) const;
    void onStreamHead(quint64 serial, const net::ResponseHead& head);
    void onStreamData(quint64 serial, QByteArrayView bytes);
    void onStreamFinished(quint64 serial, std::optional<Error> error);
    void onEvent(Stream& stream, WatchEvent&& event);
    void onErrorEvent(const Status& status);
    void onStreamRefused(const Response& response);
    void onUnanswered(quint64 serial);
    void adoptProbe();
    void dropStreams();
    void streamFailed(Error error, qint64 waitAtLeastMs = 0);
    void watchListFailed();
    [[nodiscard]] qint64 quietLimitMs() const;
    void armQuietTimer();
    void noteArrival();

    // Reflector.cpp
    void resume();
    void wait(qint64 ms, bool byServer, std::function<void()> then);
    void refuse(Error error);
    void setPhase(ReflectorStatus::Phase phase);
    void publish();
    void retire(std::unique_ptr<net::Exchange> exchange);
    [[nodiscard]] QByteArray selectors() const;
    [[nodiscard]] Error errorOf(const Response& response, bool watch) const;

    ResourceKind m_kind;
    QString m_space;
    std::shared_ptr<const Renderer> m_renderer;
    net::Transport& m_transport;
    Clock& m_clock;
    Random m_random;
    Options m_options;
    ReflectorSink& m_sink;
    Backoff m_backoff;
    Backoff m_refusals;

    ReflectorStatus m_status;
    QString m_version;          ///< last resource version; opaque
    bool m_versionLost = false; ///< the server does not have m_version: list without one
    bool m_watchListRefused = false;
    int m_garbled = 0; ///< broken streams one after another
    int m_throttled = 0;
    qint64 m_refusedSinceMs = -1; ///< monotonic, of refusals after a good answer

    quint64 m_serial = 0;
    std::unique_ptr<ListCall> m_list;
    std::unique_ptr<Stream> m_watch;
    std::unique_ptr<Stream> m_probe;
    std::shared_ptr<void> m_timer; ///< of a wait
    bool m_waitByServer = false;
    std::function<void()> m_afterWait;
    std::shared_ptr<void> m_quietTimer;
    qint64 m_lastArrivalMs = 0; ///< monotonic
    double m_meanGapMs = 0;     ///< between arrivals on the stream; 0 where unknown
    double m_quietJitter = 0;
    qint64 m_quietDueMs = 0; ///< monotonic
};

} // namespace wk::cluster
