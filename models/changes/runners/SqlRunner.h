// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckWorld.h"
#include "changes/runners/Jobs.h"
#include "changes/runners/OutsideRunner.h"
#include "core/Clock.h"
#include "secrets/SecretStore.h"
#include "store/Address.h"

namespace wk::platform {
struct Platform;
}

namespace wk::changes {

/// Statements on the platform's databases: runSql, and the queries of checks. Each has a connection of its own, which
/// is closed at its end. Lives on the GUI thread; nothing waits.
///
/// The query of a check runs in a transaction that only reads, and not at all where it calls a function that may have
/// effects (runners/SqlEffects.h). A database role that may do little besides is the better wall: keep its address.
///
/// runSql runs one statement in one transaction. The number of that transaction goes into the record before the
/// statement is sent (Before::uid), so that observe() can ask the server what became of it (txid_status). Where the
/// connection breaks before COMMIT was sent nothing was changed; after that the error says that it is not known. What
/// PostgreSQL refuses inside a transaction (VACUUM, CREATE INDEX CONCURRENTLY) it refuses here.
class SqlRunner final : public SqlReader, public OutsideRunner
{
public:
    /// Where a database of the platform is. Called on the GUI thread.
    using AddressSource = std::function<QFuture<Result<store::Address>>(const Target& database)>;

    /// `secrets` holds the password of an address under Address::text(). All outlives it.
    SqlRunner(AddressSource address, secrets::SecretStore& secrets, Clock& clock)
        : m_means{std::move(address), secrets, clock}
    {
    }

    [[nodiscard]] QFuture<Result<SqlValue>> value(const Target& database, const QString& statement) override;
    /// Performed::result: {"sentence", "rows": affected, "transaction"}.
    [[nodiscard]] QFuture<Result<Performed>> perform(const Step& step, StepRunner::BeforeSending before,
                                                     StepRunner::Progress progress) override;
    [[nodiscard]] QFuture<Result<Observation>> observe(const Step& step, const Before& before) override;
    void abandon() override { m_jobs.clear(); }

    struct Means
    {
        AddressSource address;
        secrets::SecretStore& secrets;
        Clock& clock;
    };

private:
    Means m_means;
    Jobs m_jobs;
};

/// A PostgreSQL database that a platform file names.
struct DatabasePlace
{
    QString cluster, database;
    QString host; ///< "db.example:5432"; empty: the file does not say
};
[[nodiscard]] std::vector<DatabasePlace> databasesOf(const platform::Platform& platform);

/// The address of a platform's database for one person: what `secrets` keeps as "database PLATFORM/CLUSTER/NAME" (a
/// whole postgresql://…, for databases that are reached by another way), else host and port of the service that has a
/// database of that name in that cluster, by the platform file. `platform` outlives the future.
[[nodiscard]] QFuture<Result<store::Address>> databaseAddress(const platform::Platform& platform,
                                                              secrets::SecretStore& secrets, const Target& database);

} // namespace wk::changes
