// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/OverdueRows.h"
#include "cluster/connection/Reflector.h"
#include "cluster/connection/RowStore.h"
#include "cluster/connection/RowStorePending.h"
#include "cluster/objects/ObjectVersion.h"
#include "cluster/tallies/Usage.h"

#include <atomic>

namespace wk::cluster {

/// How the connection below all tables stands; written by the worker, read by its feeds.
struct LinkHealth
{
    bool up = false;            ///< the last heartbeat was answered
    qint64 lastContactMs = 0;   ///< wall clock of the last answer
    std::optional<Error> error; ///< why it is not up; empty before the first try has ended
};

/// What the GUI side of a table is told, in this order: kind, columns, batch, versions, freshness.
struct TableUpdate
{
    std::optional<ResourceKind> kind;
    std::optional<table::Columns> columns;
    std::optional<table::Batch> batch;
    std::vector<ObjectVersion> versions; ///< of objects that were listed or changed, where somebody follows them
    std::optional<table::Freshness> freshness;
};

/// Fills one LiveTable from the connection's thread: one reflector for its scope, or one for each namespace where
/// listing the whole cluster is forbidden. At most one batch is under way to the GUI thread; what changes meanwhile is
/// coalesced.
class ReflectorFeed : public QObject
{
    Q_OBJECT
public:
    struct Setup
    {
        ResourceKind kind;
        QString space;
        QString homeSpace; ///< the context's namespace: where to look when nothing else is allowed
        std::shared_ptr<const Renderer> renderer;
        Reflector::Options options;
        qint64 batchMs = 50;
    };
    struct Services
    {
        net::Transport& transport;
        Clock& clock;
        Random random;
        const LinkHealth& link;
        std::atomic<qint64>& objects; ///< counters of the connection
        std::atomic<qint64>& events;
    };
    using Deliver = std::function<void(TableUpdate&&)>;

    ReflectorFeed(Setup setup, Services services, Deliver deliver, QObject* parent = nullptr);
    ~ReflectorFeed() override;

    /// Begins to list. Until then the feed only tells how the connection stands.
    void start();
    /// Takes another version or renderer of the kind; starts over, without rows.
    void setKind(const ResourceKind& kind, std::shared_ptr<const Renderer> renderer);
    void stop();
    void restart();
    /// As restart(), and asks again for what was refused: the person wants to start over.
    void reopen();
    void kick();
    void verify();
    /// LinkHealth has changed.
    void linkChanged();
    /// Values to append to the rows, or null where the server has none.
    void setUsage(std::shared_ptr<const Usage> usage);
    /// While discovery is still to say which version is served, a 404 is no verdict.
    void setUndecided(bool undecided);
    /// From now on tells the version of every object that is listed or changed, also where its row stays the same.
    void followVersions() { m_followsVersions = true; }
    /// The GUI thread has applied the last batch.
    void acknowledge();

    [[nodiscard]] const ResourceKind& kind() const { return m_setup.kind; }
    [[nodiscard]] bool started() const { return m_started; }
    /// The server said 404 to this version of the kind.
    [[nodiscard]] bool notServed() const;

signals:
    /// Rows of a committed list or an event came: what depends on the objects may be outdated.
    void contentChanged();
    /// The kind's version is not served.
    void versionMissing();

private:
    class Part;
    friend class Part;
    struct Tally;

    void addPart(const QString& space);
    void splitBySpace();
    void askForTheWhole();
    void onStatus();
    // ReflectorFeedFreshness.cpp
    [[nodiscard]] Tally tally() const;
    [[nodiscard]] table::Freshness computeFreshness();
    void sendFreshness(TableUpdate& update);
    // ReflectorFeedRows.cpp
    [[nodiscard]] table::Columns columns() const;
    [[nodiscard]] bool columnsChanged() const;
    [[nodiscard]] table::RowPtr decorated(const table::RowPtr& row) const;
    void onRow(const table::RowPtr& before, const table::RowPtr& after);
    void noteVersion(const Decoded& object);
    void schedule();
    void flush();

    Setup m_setup;
    Services m_services;
    Deliver m_deliver;
    bool m_started = false;
    bool m_split = false;
    bool m_undecided = false;
    bool m_urgent = false;
    bool m_inFlight = false;
    bool m_reset = false; ///< the next batch holds everything
    qint64 m_sentMs = -1; ///< monotonic, of the last batch
    qint64 m_asOfMs = 0;
    std::vector<std::unique_ptr<Part>> m_parts;
    RowStorePending m_pending;
    bool m_followsVersions = false;
    std::unordered_map<QString, ObjectVersion> m_versions; ///< not told yet, by uid
    OverdueRows m_overdue;
    std::shared_ptr<const Usage> m_usage;
    UsageCells m_usageCells; ///< of the renderer's columns
    table::Columns m_sentColumns;
    table::Freshness m_sent;
    std::shared_ptr<void> m_batchTimer;
    std::shared_ptr<void> m_staleTimer;
    std::unique_ptr<net::Exchange> m_spacesCall;
    Backoff m_wholeWaits; ///< between questions whether the whole cluster may be listed by now
    std::shared_ptr<void> m_wholeTimer;
    std::unique_ptr<net::Exchange> m_wholeCall;
};

} // namespace wk::cluster
