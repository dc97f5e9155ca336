// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Address.h"
#include "store/ServerPrograms.h"
#include "store/Session.h"

#include <QtCore/QStringList>
#include <QtCore/QTemporaryDir>

#include <memory>

namespace wk::test {

/// A PostgreSQL server of a test's own, in a temporary directory: on a Unix socket for everybody (trust) and on a
/// loopback port (passwords). Stopped with this object. Functions wait, as tests may.
class PostgresServer
{
public:
    enum class Stop { Fast, Immediate };

    PostgresServer();
    ~PostgresServer();

    /// Makes and starts it. `settings` are added to postgresql.conf. Fails where PostgreSQL is not installed
    /// (Error::Kind::NotFound): then skip.
    [[nodiscard]] Result<void> start(const QByteArray& settings = {});
    /// Becomes a standby that follows `primary`, which has to run.
    [[nodiscard]] Result<void> startStandby(const PostgresServer& primary);
    [[nodiscard]] Result<void> promote();
    void stop(Stop how = Stop::Fast);
    /// SIGKILL to the postmaster.
    void kill();
    [[nodiscard]] Result<void> startAgain();
    /// Replaces the lines of the last configure(); new connections have them when this returns.
    [[nodiscard]] Result<void> configure(const QByteArray& settings);
    /// A file in the data directory, readable for the server alone: certificates.
    QString put(const QString& name, const QByteArray& content) const;

    /// A database of its own, made from the migrations (through a template, so that it takes little time).
    [[nodiscard]] Result<QString> freshDatabase();
    [[nodiscard]] Result<QString> emptyDatabase();
    /// A login role among the people, with roles on every platform of that database ("operator", ...).
    [[nodiscard]] Result<void> addPerson(const QString& database, const QString& person, const QStringList& roles,
                                         const QString& password = {});

    /// By the socket.
    [[nodiscard]] store::Address address(const QString& user, const QString& database) const;
    [[nodiscard]] store::Address superuser(const QString& database = QStringLiteral("postgres")) const;
    [[nodiscard]] store::Session session(const QString& user, const QString& database) const;
    /// Both servers' sockets, this one's first.
    [[nodiscard]] store::Address addressWith(const PostgresServer& other, const QString& user,
                                             const QString& database) const;
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString log() const;
    /// Who its programs run as.
    [[nodiscard]] const store::ServerUser& user() const { return m_user; }

private:
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> program(const char* name, const QStringList& arguments) const;
    [[nodiscard]] QString data() const { return m_directory.path() + QStringLiteral("/data"); }

    QTemporaryDir m_directory;
    store::ServerPrograms m_programs;
    store::ServerUser m_user;
    quint16 m_port = 0;
    int m_databases = 0;
    bool m_hasTemplate = false;
    bool m_runs = false;
};

/// "postgresql://…" of a loopback address.
[[nodiscard]] QString loopbackUri(const QString& user, quint16 port, const QString& database);

} // namespace wk::test
