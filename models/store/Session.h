// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/Address.h"
#include "store/Rows.h"
#include "store/SqlError.h"

#include <atomic>
#include <memory>

struct pg_conn;

namespace wk::store {

/// A connection that waits for its answers: for preparing a database on a thread of its own (migrations, the private
/// server) and for command lines. Never on the GUI thread.
class Session
{
public:
    /// Tries the hosts in their order. `limitMs` is for each. Whoever waits gives up with Error::Kind::Cancelled soon
    /// after `stop` was set, which has to outlive the session.
    [[nodiscard]] static Result<Session> open(const Address& address, const QByteArray& password = {},
                                              qint64 limitMs = 10'000, const std::atomic<bool>* stop = nullptr);

    [[nodiscard]] Result<Rows> run(const QByteArray& sql, const Parameters& parameters = {});
    /// Several statements, in one transaction unless they say otherwise.
    [[nodiscard]] Result<Rows> script(const QByteArray& sql);
    /// Sets the password of a role. The server and its log see only a SCRAM verifier.
    [[nodiscard]] Result<Rows> setPassword(const QString& role, const QByteArray& password);
    [[nodiscard]] QString server() const { return m_subject.server; }

private:
    struct Deleter
    {
        void operator()(pg_conn* connection) const;
    };

    Session(pg_conn* connection, Subject subject, const std::atomic<bool>* stop)
        : m_connection(connection), m_subject(std::move(subject)), m_stop(stop)
    {
    }
    [[nodiscard]] Result<void> takesChanges(const Address& address);
    [[nodiscard]] Result<Rows> take(bool sent);
    [[nodiscard]] Result<Rows> judge(std::shared_ptr<pg_result> result);

    std::unique_ptr<pg_conn, Deleter> m_connection;
    Subject m_subject;
    const std::atomic<bool>* m_stop;
};

/// A name as SQL wants it: "anna" with its quotes.
[[nodiscard]] QByteArray quotedName(const QString& name);

} // namespace wk::store
