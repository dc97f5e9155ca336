// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/PrivateServer.h"
#include "store/ServerDirectory.h"
#include "store/ServerLock.h"
#include "store/ServerPrograms.h"
#include "store/Session.h"

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
    [[nodiscard]] Result<void> lockControl(ServerLock& control) const;
    [[nodiscard]] Result<void> create();
    [[nodiscard]] Result<void> run();
    [[nodiscard]] bool answers() const;
    [[nodiscard]] Result<Session> open(const QString& database) const;
    [[nodiscard]] Result<void> prepareDatabase();
    [[nodiscard]] Address address(const QString& user, const QString& database) const;

    PrivateServer::Setup m_setup;
    const std::atomic<bool>& m_stop;
    ServerDirectory m_files;
    ServerPrograms m_programs;
    ServerLock m_users;
    bool m_prepared = false;
};

} // namespace wk::store
