// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Random.h"
#include "core/Result.h"
#include "store/Address.h"
#include "store/Rows.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonObject>
#include <QtCore/QObject>

#include <functional>
#include <memory>

namespace wk::store {

/// Whether a statement may be sent a second time.
enum class Statement {
    Read, ///< changes nothing: repeated by itself where the connection broke before its answer
    Write ///< sent once; where the connection broke before its answer nobody knows whether it was carried out
};

/// What is known about the store as a whole, for the status bar.
struct StoreStatus
{
    enum class State {
        Connecting,   ///< never was connected yet
        Ready,        ///< connected, schema as expected, notifications arrive
        Reconnecting, ///< was connected; tries again by itself
        Failed        ///< refused for a reason that trying again does not change: `error` says what to do
    };

    State state = State::Connecting;
    std::optional<Error> error; ///< why it is not Ready; set while Connecting, too, once a try has failed
    QString person;             ///< session_user: who we are to the store
    QString server;             ///< "db1.example:5432"
    QString serverVersion;      ///< "15.4"
    bool isPrivate = false;
    int schemaVersion = 0;
    qint64 sinceMs = 0;   ///< when this state began, wall clock
    qint64 nextTryMs = 0; ///< when it is tried again, wall clock; 0 where it is not
};

/// The team's PostgreSQL database, or the person's own. Lives on the GUI thread and never waits: a thread of its own
/// holds one connection, over which statements go one after the other in the order in which they were given.
///
/// While there is no connection, statements wait for Options::waitMs and then fail with Error::Kind::Network ("nothing
/// was changed"). A Write whose connection broke before its answer fails with Error::Kind::Network and the sentence
/// that it is not known whether it was carried out; its detail begins with SQLSTATE 08007 (isOutcomeUnknown()). A Read
/// is repeated. What the database refuses fails with the kind of its SQLSTATE, and the detail begins with that.
/// Futures are fulfilled on the Store's thread, also when it is destroyed (Error::Kind::Cancelled).
class Store : public QObject
{
    Q_OBJECT
public:
    using State = StoreStatus::State;
    /// Where the store is. Asked for on the Store's thread before every round of connecting; may first start a server.
    using AddressSource = std::function<QFuture<Result<Address>>()>;
    /// The password for an address that has none. Asked for on the Store's thread, only when a server demands one.
    using PasswordSource = std::function<QFuture<Result<QByteArray>>(const Address&)>;

    struct Options
    {
        PasswordSource password; ///< empty: a server that demands a password is an error
        Clock* clock =
            nullptr; ///< nullptr: the machine's. Used on the store's thread; must outlive that, see BackgroundThread
        Random random = systemRandom(); ///< of the backoff's jitter
        bool needsSchema = true;        ///< false: connect to a database without (our) schema, too
        qint64 connectMs = 10'000;      ///< time limit of one try at one host
        qint64 waitMs = 15'000;         ///< how long a statement waits for a connection
        qint64 statementMs = 60'000;    ///< the server's statement_timeout
        qint64 lockMs = 10'000;         ///< the server's lock_timeout
        qint64 heartbeatMs = 5'000;     ///< an idle connection is asked for a sign of life this often
        qint64 backoffInitialMs = 250;  ///< doubled up to backoffCapMs, with jitter
        qint64 backoffCapMs = 10'000;
    };

    Store(AddressSource address, Options options, QObject* parent = nullptr);
    explicit Store(const Address& address, QObject* parent = nullptr);
    Store(const Address& address, Options options, QObject* parent = nullptr);
    /// Cancels what is under way. The thread closes the connection and ends by itself; nothing waits for it here.
    ~Store() override;

    [[nodiscard]] const StoreStatus& status() const;
    [[nodiscard]] State state() const { return status().state; }

    /// One statement with $1, $2, ... in it.
    [[nodiscard]] QFuture<Result<Rows>> query(const QByteArray& sql, const Parameters& parameters = {},
                                              Statement kind = Statement::Read);
    /// SELECT watchkeeper.function($1, ...): its result as JSON (jsonb as it is; void and null: null).
    [[nodiscard]] QFuture<Result<QJsonValue>> call(const QString& function, const Parameters& arguments = {},
                                                   Statement kind = Statement::Write);
    /// Several statements without parameters, separated by semicolons, in one transaction unless they say otherwise.
    [[nodiscard]] QFuture<Result<Rows>> script(const QByteArray& sql);

    /// Drops the connection and starts over: after sleep, a change of network, a new password, or from Failed.
    void reconnect();

signals:
    void stateChanged();
    /// NOTIFY watchkeeper: {"what":"request","number":12,"state":"approved","revision":2,"by":"anna"}.
    void notified(const QJsonObject& notice);
    /// A connection is there, the first or a new one: notices may have been missed, read the state again.
    void resynchronise();

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// An AddressSource that always answers the same.
[[nodiscard]] Store::AddressSource fixedAddress(const Address& address);

/// Whether an error means that a Write may or may not have been carried out.
[[nodiscard]] bool isOutcomeUnknown(const Error& error);
/// The SQLSTATE that an error of the store begins its detail with ("WK409", "42501"); empty where it has none.
[[nodiscard]] QString sqlState(const Error& error);

} // namespace wk::store
