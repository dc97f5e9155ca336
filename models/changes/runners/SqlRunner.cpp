// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/SqlRunner.h"

#include "changes/SecretUses.h"
#include "changes/runners/SqlEffects.h"
#include "changes/runners/SqlSession.h"
#include "platform/Platform.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 lookMs = 30'000;
constexpr qint64 shortMs = 20'000; ///< BEGIN, COMMIT, questions about a transaction
constexpr qint64 graceMs = 10'000; ///< the client gives up this much later than the server, whose answer says more
constexpr qint64 observeAgainMs = 1'000;
constexpr int observeTries = 60;

class SqlJob : public Job
{
public:
    SqlJob(const SqlRunner::Means& means, const Target& database)
        : m_means(means), m_database(database),
          m_session(
              means, database, [this](Error error, bool lost) { failed(std::move(error), lost); }, nullptr)
    {
    }

protected:
    virtual void failed(Error error, bool lost) = 0;

    const SqlRunner::Means& m_means;
    const Target m_database;
    SqlSession m_session;
};

class ValueJob final : public Promising<SqlValue, SqlJob>
{
public:
    ValueJob(const SqlRunner::Means& means, const Target& database, const QString& statement)
        : Promising(means, database), m_statement(statement.toUtf8())
    {
    }

    void start() override
    {
        m_session.open(
            [this] { m_session.run("BEGIN TRANSACTION READ ONLY", {}, shortMs, [this](auto&) { limit(); }); });
    }

private:
    void failed(Error error, bool) override { end(fail(std::move(error))); }

    void limit()
    {
        m_session.run("SELECT pg_catalog.set_config('statement_timeout', $1, true)", {QByteArray::number(lookMs)},
                      shortMs, [this](auto&) { explain(); });
    }
    /// Works the plan out without running it: it names the functions behind views and operators, too.
    void explain()
    {
        m_session.run("EXPLAIN (VERBOSE, COSTS OFF) " + m_statement, {}, lookMs + graceMs,
                      [this](const store::Rows& plan) {
                          QString text = QString::fromUtf8(m_statement) + u'\n';
                          for (int row = 0; row < plan.size(); ++row)
                              text += plan.text(row, 0) + u'\n';
                          judge(text);
                      });
    }
    void judge(const QString& text)
    {
        if (text.contains("u&\""_L1, Qt::CaseInsensitive)) {
            refuse(u"U&\"…\""_s);
            return;
        }
        const QByteArray names = sqlEffects::arrayOf(sqlEffects::doubtful(sqlEffects::calledIn(text)));
        m_session.run("SELECT proname FROM pg_catalog.pg_proc WHERE proname = ANY ($1::text[]) AND (provolatile = 'v' "
                      "OR proname = ANY ($2::text[])) ORDER BY 1 LIMIT 1",
                      {names, sqlEffects::arrayOf(sqlEffects::runsText())}, shortMs, [this](const store::Rows& found) {
                          if (found.size() > 0)
                              refuse(found.text(0, 0));
                          else
                              declare();
                      });
    }
    void refuse(const QString& name)
    {
        end(fail(Error::Kind::BadInput,
                 SqlTexts::tr("On %1: the query calls %2, which may do something: a check only asks. It was not run.")
                     .arg(m_database.words(), name),
                 {},
                 SqlTexts::tr("Do it with a step that runs SQL. A function of your own that only reads can be declared "
                              "STABLE.")));
    }
    /// A cursor takes a query and nothing else, and at most two rows of it are ever sent.
    void declare()
    {
        m_session.run("DECLARE watchkeeper_check NO SCROLL CURSOR FOR " + m_statement, {}, lookMs + graceMs,
                      [this](auto&) { fetch(); });
    }
    void fetch()
    {
        m_session.run("FETCH FORWARD 2 FROM watchkeeper_check", {}, lookMs + graceMs, [this](const store::Rows& rows) {
            end(SqlValue{rows.size(), rows.columns(), rows.isNull(0, 0), rows.text(0, 0)});
        });
    }

    QByteArray m_statement;
};

class PerformSqlJob final : public Promising<Performed, SqlJob>
{
public:
    PerformSqlJob(const SqlRunner::Means& means, const Step& step, StepRunner::BeforeSending before,
                  StepRunner::Progress progress, MaySend maySend)
        : Promising(means, step.target), m_step(step), m_record(std::move(before)), m_progress(std::move(progress)),
          m_maySend(std::move(maySend)), m_limitMs(step.parameters.value("withinSeconds"_L1).toInteger(300) * 1000)
    {
    }

    void start() override
    {
        m_session.open([this] { m_session.run("BEGIN", {}, shortMs, [this](auto&) { number(); }); });
    }

private:
    /// Of the transaction, which is given one here, before it has done anything.
    void number()
    {
        m_session.run("SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.txid_current()",
                      {QByteArray::number(m_limitMs)}, shortMs, [this](const store::Rows& rows) {
                          m_before = beforeOutside(m_step);
                          m_before.uid = rows.text(0, 1);
                          record();
                      });
    }
    void record()
    {
        await(m_record(m_before), [this](const Result<void>& recorded) {
            if (hasEnded())
                return; // the connection broke meanwhile
            if (!recorded) {
                end(fail(recorded.error()));
                return;
            }
            if (m_progress)
                m_progress(SqlTexts::tr("The statement runs"));
            m_session.run(m_step.parameters.value("statement"_L1).toString().toUtf8(), {}, m_limitMs + graceMs,
                          [this](const store::Rows& rows) { commit(rows.affected()); });
        });
    }
    void commit(qint64 affected)
    {
        if (m_maySend && !m_maySend()) {
            end(fail(Error::Kind::Conflict, SqlTexts::tr("Not committed: the lease may be lost, and somebody else may "
                                                         "go on. Nothing was changed.")));
            return;
        }
        m_committing = true;
        m_session.run("COMMIT", {}, shortMs, [this, affected](auto&) {
            Performed out;
            out.sentence = SqlTexts::tr("Done on %1: %2 rows.").arg(m_step.target.words()).arg(affected);
            out.inverse = m_before.inverse;
            out.result = {{u"sentence"_s, out.sentence}, {u"rows"_s, affected}, {u"transaction"_s, m_before.uid}};
            end(std::move(out));
        });
    }
    void failed(Error error, bool lost) override
    {
        if (lost && m_committing) {
            error.detail = error.sentence + u'\n' + error.detail;
            error.sentence = SqlTexts::tr("The connection to %1 broke before the answer: it is not known whether this "
                                          "was carried out.")
                                 .arg(m_step.target.words());
        } else {
            error.sentence += u' ' + SqlTexts::tr("Nothing was changed.");
        }
        end(fail(std::move(error)));
    }

    const Step m_step;
    StepRunner::BeforeSending m_record;
    StepRunner::Progress m_progress;
    const MaySend m_maySend;
    Before m_before;
    const qint64 m_limitMs;
    bool m_committing = false;
};

class ObserveSqlJob final : public Promising<Observation, SqlJob>
{
public:
    ObserveSqlJob(const SqlRunner::Means& means, const Step& step, const QString& transaction)
        : Promising(means, step.target), m_transaction(transaction)
    {
    }

    void start() override
    {
        m_session.open([this] { ask(); });
    }

private:
    void ask()
    {
        m_session.run("SELECT pg_catalog.txid_status($1::bigint)", {m_transaction}, shortMs,
                      [this](const store::Rows& rows) { judge(rows.text(0, 0)); });
    }
    void judge(const QString& status)
    {
        using State = Observation::State;
        if (status == "committed"_L1)
            end(Observation{State::Done, SqlTexts::tr("It was carried out: its transaction is committed.")});
        else if (status == "aborted"_L1)
            end(Observation{State::NotDone, SqlTexts::tr("It was not carried out: its transaction was rolled back.")});
        else if (status != "in progress"_L1)
            end(Observation{State::Mixed,
                            SqlTexts::tr("The database remembers its transaction no more. Look at the data.")});
        else if (++m_tries >= observeTries)
            end(Observation{State::Mixed, SqlTexts::tr("Its transaction is still under way in the database.")});
        else
            m_again = m_means.clock.after(this, observeAgainMs, [this] { ask(); });
    }
    void failed(Error error, bool) override { end(fail(std::move(error))); }

    QString m_transaction;
    std::shared_ptr<void> m_again;
    int m_tries = 0;
};

} // namespace

QFuture<Result<SqlValue>> SqlRunner::value(const Target& database, const QString& statement)
{
    return m_jobs.run(std::make_unique<ValueJob>(m_means, database, statement));
}

QFuture<Result<Performed>> SqlRunner::perform(const Step& step, StepRunner::BeforeSending before,
                                              StepRunner::Progress progress)
{
    return m_jobs.run(
        std::make_unique<PerformSqlJob>(m_means, step, std::move(before), std::move(progress), m_maySend));
}

QFuture<Result<Observation>> SqlRunner::observe(const Step& step, const Before& before)
{
    if (before.uid.isEmpty())
        return QtFuture::makeReadyFuture(Result<Observation>(
            Observation{Observation::State::Mixed, SqlTexts::tr("The record has no transaction. Look at the data.")}));
    return m_jobs.run(std::make_unique<ObserveSqlJob>(m_means, step, before.uid));
}

namespace {

/// Where a service is: in the cluster of its workloads' namespaces, else in that of the platform's main one. Empty
/// where they are in several, or nobody says.
QString clusterOf(const platform::Platform& platform, const platform::Service& service)
{
    QStringList spaces, clusters;
    for (const platform::Workload& workload : service.workloads)
        spaces << workload.space;
    const auto main = std::ranges::find_if(platform.namespaces, &platform::Namespace::main);
    if (spaces.isEmpty() && !platform.namespaces.empty())
        spaces << (main == platform.namespaces.end() ? platform.namespaces.front() : *main).name;
    for (const platform::Namespace& space : platform.namespaces) {
        if (spaces.contains(space.name) && !clusters.contains(space.cluster))
            clusters << space.cluster;
    }
    return clusters.size() == 1 ? clusters.first() : QString();
}

} // namespace

std::vector<DatabasePlace> databasesOf(const platform::Platform& platform)
{
    std::vector<DatabasePlace> out;
    for (const platform::Service& service : platform.services) {
        if (service.kind != platform::Service::Kind::Database ||
            service.product.compare("PostgreSQL"_L1, Qt::CaseInsensitive) != 0)
            continue;
        const QString host =
            service.host.isEmpty()
                ? QString()
                : u"%1:%2"_s.arg(service.host).arg(service.ports.empty() ? 5432 : service.ports.front());
        for (const QString& database : service.databases)
            out.push_back({clusterOf(platform, service), database, host});
    }
    return out;
}

QFuture<Result<store::Address>> databaseAddress(const platform::Platform& platform, secrets::SecretStore& secrets,
                                                const Target& database)
{
    const QString key = databaseSecret(platform.name, database.cluster, database.name);
    return secrets.read(key).then([&platform, key,
                                   database](const Result<std::optional<QByteArray>>& kept) -> Result<store::Address> {
        if (kept && *kept)
            return store::Address::parse(QString::fromUtf8(**kept));
        for (const DatabasePlace& place : databasesOf(platform)) {
            // A database of the same name in another cluster is another database.
            if (!place.host.isEmpty() && place.cluster == database.cluster && place.database == database.name)
                return store::Address::parse(u"postgresql://%1/%2"_s.arg(place.host, place.database));
        }
        return fail(Error::Kind::NotFound, SqlTexts::tr("It is not known where the %1 is.").arg(database.words()), {},
                    SqlTexts::tr("Give its PostgreSQL service a host in the platform file, or keep its address in the "
                                 "keychain as “%1”.")
                        .arg(key));
    });
}

} // namespace wk::changes
