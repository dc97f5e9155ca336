// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Backoff.h"
#include "store/Connection.h"
#include "store/HostLookup.h"
#include "store/Store.h"
#include "store/TlsProbe.h"

#include <deque>

namespace wk::store {

/// The part of a Store that lives on the store's thread: finds the server, holds the connection, keeps the statements
/// in their order.
class StoreWorker : public QObject
{
    Q_OBJECT
public:
    struct Task
    {
        quint64 id = 0;
        QByteArray sql;
        std::optional<Parameters> parameters; ///< none: a script
        Statement kind = Statement::Read;
        qint64 deadlineMs = 0; ///< monotonic: until when it waits for a connection
    };
    /// What the worker tells and asks; called on its thread.
    struct Outbox
    {
        std::function<void(StoreStatus)> status;
        std::function<void(quint64 id, Result<Rows>)> answer;
        std::function<void(QByteArray payload)> notified;
        std::function<void()> resynchronise;
        std::function<void(quint64 round)> askAddress;
        std::function<void(quint64 round, Address)> askPassword;
    };

    StoreWorker(Store::Options options, Clock& clock, int schemaVersion, Outbox outbox, QObject* parent = nullptr);
    ~StoreWorker() override;

    void start() { restart(); }
    void submit(Task task);
    /// Answers to askAddress and askPassword; those of an earlier round are ignored.
    void setAddress(quint64 round, Result<Address> address);
    void setPassword(quint64 round, Result<QByteArray> password);
    /// Drops the connection and starts over at once.
    void restart();

private:
    void beginRound();
    void tryNextHost();
    void onOpened(const std::optional<Connection::Refusal>& refusal);
    void onRefused(Error error, bool final);
    void setUp();
    void onSetUp(const Result<Rows>& rows);
    void checkSchema();
    void listen();
    void becomeReady();
    void endRound(Error error);
    void onLost(Error error);
    void runNext();
    void onAnswer(const Result<Rows>& rows);
    void beat();
    void requeue(Task task);
    void failQueue(const Error& error);
    void armExpiry();
    void expire();
    void dropConnection();
    void tell(StoreStatus::State state, std::optional<Error> error, qint64 nextTryInMs = 0);
    [[nodiscard]] Address::Host& host() { return m_hosts[m_host]; }

    Store::Options m_options;
    Clock& m_clock;
    int m_wantedSchema;
    Outbox m_outbox;
    Backoff m_backoff;
    HostLookup m_lookup;
    std::unique_ptr<TlsProbe> m_probe;
    std::unique_ptr<Connection> m_connection;
    Address m_address;
    QList<Address::Host> m_hosts; ///< resolved, of this round
    qsizetype m_host = -1;
    QList<Error> m_refusals; ///< of this round, one per host
    QByteArray m_password;
    bool m_passwordAsked = false;
    quint64 m_round = 0;
    bool m_ready = false;
    bool m_wasReady = false;
    std::deque<Task> m_queue;
    std::optional<Task> m_current;
    StoreStatus m_status;
    std::shared_ptr<void> m_retry;
    std::shared_ptr<void> m_expiry;
    std::shared_ptr<void> m_heartbeat;
    std::shared_ptr<void> m_limit; ///< of the statement under way
};

} // namespace wk::store
