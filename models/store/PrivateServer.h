// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/Address.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

#include <memory>

namespace wk::store {

/// One person's own PostgreSQL server: made and started when it is first asked for, on a Unix socket in a directory
/// that only this person can enter, never on a network. Programs of the same person share it; the last one that lets
/// go stops it. Lives on the GUI thread; everything that waits happens on a thread of its own.
///
/// Who asks is known by the operating system's user (peer authentication): as the person's own role, which is no
/// superuser. Where the program runs as root, which PostgreSQL refuses, the server runs as `postgres`, else as
/// `nobody`.
class PrivateServer : public QObject
{
    Q_OBJECT
public:
    struct Setup
    {
        QString directory;       ///< absolute; empty: defaultDirectory()
        QString programs;        ///< where initdb and postgres are; empty: looked for
        bool durable = true;     ///< false: no fsync, for tests
        bool migrate = true;     ///< false: a database without schema, for tests
        qint64 startMs = 60'000; ///< time limit of a start, recovery after a crash included
    };

    explicit PrivateServer(Setup setup, QObject* parent = nullptr);
    PrivateServer() : PrivateServer(Setup{}) {}
    /// Lets go of the server: asks the thread to, which then ends by itself, and the process not before that. Where
    /// this was the last to use it, a program that outlives the process stops the server. Nothing waits here.
    ~PrivateServer() override;

    /// The address of the running server, after it was made, started and migrated where that is needed. Fulfilled on
    /// this object's thread. Suits Store::AddressSource.
    [[nodiscard]] QFuture<Result<Address>> address();

    [[nodiscard]] const QString& directory() const;
    /// $WATCHKEEPER_PRIVATE_STORE, else "store" in the person's data directory; for root in /var/lib/watchkeeper, where
    /// another user can get to.
    [[nodiscard]] static QString defaultDirectory();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::store
