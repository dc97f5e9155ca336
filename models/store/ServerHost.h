// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/PrivateServer.h"
#include "store/ServerLock.h"
#include "store/ServerPrograms.h"

#include <atomic>

namespace wk::store {

/// The part of a PrivateServer that waits: on a thread of its own.
///
/// In the directory: `data` (PostgreSQL's), `run` (the socket), `log`, and two locks. Who uses the server holds `users`
/// shared; who starts or stops it holds `control` alone. The last user is who gets `users` alone.
class ServerHost
{
public:
    ServerHost(PrivateServer::Setup setup, const std::atomic<bool>& stop) : m_setup(std::move(setup)), m_stop(stop) {}

    /// Makes, starts and migrates what is not there yet, and takes part in the server's use.
    [[nodiscard]] Result<Address> start();
    /// Ends the use, and where it was the last begins to stop the server. Does not wait for it.
    void release();

private:
    [[nodiscard]] QString path(const char* name) const { return m_setup.directory + u'/' + QLatin1String(name); }
    [[nodiscard]] QString socketDirectory() const;
    [[nodiscard]] Result<void> prepareDirectories();
    [[nodiscard]] Result<void> ownDirectory(const QString& directory) const;
    [[nodiscard]] Result<void> reachable() const;
    [[nodiscard]] Result<void> lockControl(ServerLock& control) const;
    [[nodiscard]] Result<void> create();
    [[nodiscard]] Result<void> configure(const QString& data) const;
    [[nodiscard]] Result<void> write(const QString& file, const QByteArray& content) const;
    [[nodiscard]] Result<void> run();
    [[nodiscard]] bool answers() const;
    [[nodiscard]] bool isAlive() const;
    [[nodiscard]] Result<void> forgetStranger() const;
    [[nodiscard]] Result<void> prepareDatabase();
    [[nodiscard]] Address address(const QString& user, const QString& database) const;
    [[nodiscard]] Error explained(const QString& what, const QString& output) const;
    [[nodiscard]] QString logTail() const;

    PrivateServer::Setup m_setup;
    const std::atomic<bool>& m_stop;
    ServerUser m_user;
    QString m_person;
    ServerPrograms m_programs;
    ServerLock m_users;
    bool m_prepared = false;
};

} // namespace wk::store
