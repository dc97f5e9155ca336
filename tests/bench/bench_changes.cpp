// SPDX-License-Identifier: GPL-3.0-or-later
// bench_changes [past requests]: the change store on a PostgreSQL of its own. Prints one JSON line:
//   approve_ms             approve() until its own answer, median of 20
//   visible_ms             approve() until another cockpit's desk shows the request as approved, median
//   visible_ratio          of the two, median of the rounds' ratios
//   past, history_ms       so many past requests read as values, newest first; psql_ms the same rows by psql into a
//   file filter_ms              the 500 newest of them that have a word in title, requester or incident append_per_s
//   audit rows a second by 8 writers, each in a transaction of its own; plain_per_s the same
//                          writers into a table without a chain
//   verify_per_s           audit rows a second, recomputed by verify_audit()
#include "changes/desk/Requests.h"
#include "changes/plan/Plan.h"
#include "store/Store.h"
#include "support/PostgresServer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QProcess>
#include <QtTest/QTest>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

namespace {

constexpr int writers = 8;
constexpr int rounds = 20;

[[noreturn]] void die(const Error& error)
{
    std::fprintf(stderr, "bench_changes: %s\n", qPrintable(error.text() + u' ' + error.detail));
    std::exit(1);
}

template <typename T>
T must(Result<T> result)
{
    if (!result)
        die(result.error());
    if constexpr (!std::is_void_v<T>)
        return *std::move(result);
}

template <typename T>
T await(const QFuture<Result<T>>& future)
{
    while (!future.isFinished())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
    return must(future.result());
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// One person's cockpit, as far as changes go.
struct Cockpit
{
    explicit Cockpit(const store::Address& address) : store(address), desk(store, {})
    {
        if (!QTest::qWaitFor([this] { return desk.status().state == DeskStatus::State::Current; }, 20'000)) {
            die(desk.status().error.value_or(Error{Error::Kind::Network, u"the store did not answer"_s, {}, {}}));
        }
    }

    [[nodiscard]] const RequestSummary* row(qint64 number) const
    {
        const auto at = std::find_if(desk.rows().begin(), desk.rows().end(),
                                     [number](const RequestSummary& one) { return one.number == number; });
        return at == desk.rows().end() ? nullptr : &*at;
    }

    store::Store store;
    Requests desk;
};

Plan planOf(int number)
{
    const QByteArray json =
        R"({"format":"watchkeeper/plan/v1","platform":"streamgate","title":"Scale","steps":[{"action":"scale",
        "target":{"cluster":"production","group":"apps","version":"v1","kind":"Deployment","resource":"deployments",
                  "namespace":"streamgate","name":"service-)" +
        QByteArray::number(number) + R"("},"parameters":{"replicas":5}}]})";
    const auto plan = Plan::parse(json);
    if (!plan)
        die(plan.error().error());
    return *plan;
}

RequestFields fieldsOf(int number)
{
    RequestFields fields;
    fields.title = u"service-%1 - more replicas"_s.arg(number);
    fields.what = u"Five replicas instead of three."_s;
    fields.why = u"The evening's traffic."_s;
    fields.impact = u"None expected."_s;
    fields.testsPassed = {u"load"_s};
    fields.rollbackPlan = u"Scale back."_s;
    fields.rollbackMinutes = 1;
    fields.dataRecovery = u"None needed."_s;
    return fields;
}

QString approveToVisible(test::PostgresServer& server, const QString& database)
{
    Cockpit operators(server.address(u"ann"_s, database));
    Cockpit approver(server.address(u"tom"_s, database));
    Cockpit other(server.address(u"vera"_s, database));
    std::vector<double> own, visible, ratios;
    for (int i = 0; i < rounds; ++i) {
        const Plan plan = planOf(i);
        RequestFields fields = fieldsOf(i);
        fields.risk = Risk::Low;
        const qint64 number = await(operators.desk.create(fields, plan));
        await(operators.desk.submit(number, 1, plan.sha256()));
        const auto approvedAtOther = [&] {
            const RequestSummary* row = other.row(number);
            return row && row->waitingFor.open().size() + 1 == row->waitingFor.needed.size();
        };
        if (!QTest::qWaitFor([&] { return other.row(number) && other.row(number)->state == RequestState::Submitted; },
                             10'000))
            die(Error{Error::Kind::Network, u"a request was not seen by another cockpit"_s, {}, {}});
        QElapsedTimer timer;
        timer.start();
        auto answer = approver.desk.approve(number, 1, plan.sha256(), u"Looks right."_s, {});
        double answered = 0, seen = 0;
        while ((answered == 0 || seen == 0) && timer.elapsed() < 10'000) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
            if (answered == 0 && answer.isFinished()) {
                (void)must(answer.result());
                answered = double(timer.nsecsElapsed()) / 1e6;
            }
            const RequestSummary* row = other.row(number);
            if (seen == 0 && row && (row->state == RequestState::Approved || approvedAtOther()))
                seen = double(timer.nsecsElapsed()) / 1e6;
        }
        if (seen == 0)
            die(Error{Error::Kind::Network, u"an approval was not seen by another cockpit"_s, {}, {}});
        own.push_back(answered);
        visible.push_back(seen);
        ratios.push_back(seen / answered);
    }
    return u"\"approve_ms\":%1,\"visible_ms\":%2,\"visible_ratio\":%3"_s.arg(median(own), 0, 'f', 1)
        .arg(median(visible), 0, 'f', 1)
        .arg(median(ratios), 0, 'f', 2);
}

void fillPast(test::PostgresServer& server, const QString& database, int count)
{
    store::Session session = server.session(u"postgres"_s, database);
    const QByteArray plan = planOf(0).canonical();
    must(session.run(
        "CREATE TEMP TABLE one AS SELECT $1::text AS plan, encode(sha256(convert_to($1, 'UTF8')), 'hex') AS hash",
        {store::Value(plan)}));
    must(session.script("SET session_replication_role = replica"));
    must(session.run(
        "INSERT INTO watchkeeper.request (platform, title, type, state, plan_sha256, risk, requester, editor, "
        "created_at, submitted_at, approved_at, ended_at) SELECT 'streamgate', format('service-%s - change %s', i "
        "% 40, i), 'deployment', 'closed', hash, 'low', 'ann', 'ann', t, t + interval '1 minute', t + interval "
        "'20 minutes', t + interval '1 hour' FROM one, generate_series(1, $1::int) i, LATERAL (SELECT now() - "
        "($1::int - i + 3000) * interval '2 minutes' AS t) x",
        {store::Value(count)}));
    must(session.script(
        "INSERT INTO watchkeeper.revision (number, revision, editor, at, fields, plan, plan_sha256, "
        "declared_risk, computed_risk, steps) SELECT r.number, 1, 'ann', r.created_at, '{}', o.plan, o.hash, "
        "'low', 'low', 1 FROM watchkeeper.request r, one o WHERE r.state = 'closed'; ANALYZE"));
}

QString history(test::PostgresServer& server, const QString& database, int count)
{
    fillPast(server, database, count);
    Cockpit reader(server.address(u"vera"_s, database));
    HistoryFilter every, some;
    every.limit = count;
    some.text = u"service-17 "_s;
    some.limit = 500;
    std::vector<double> all, psql, filtered, ratios;
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto rows = await(reader.desk.history(every));
        all.push_back(double(timer.nsecsElapsed()) / 1e6);
        if (rows.size() != count)
            die(Error{Error::Kind::Protocol, u"%1 of %2 past requests came"_s.arg(rows.size()).arg(count), {}, {}});
        timer.restart();
        QProcess program;
        program.setStandardOutputFile(QProcess::nullDevice());
        program.start(u"psql"_s,
                      {u"-XqAt"_s, server.address(u"vera"_s, database).text(), u"-c"_s,
                       u"SELECT * FROM watchkeeper.request_list ORDER BY number DESC LIMIT %1"_s.arg(count)});
        if (!program.waitForFinished(120'000) || program.exitCode() != 0)
            die(Error{Error::Kind::Network, QString::fromUtf8(program.readAllStandardError()), {}, {}});
        psql.push_back(double(timer.nsecsElapsed()) / 1e6);
        ratios.push_back(all.back() / psql.back());
        timer.restart();
        if (await(reader.desk.history(some)).size() != std::min(500, count / 40))
            die(Error{Error::Kind::Protocol, u"the filter found something else"_s, {}, {}});
        filtered.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    return u"\"past\":%1,\"history_ms\":%2,\"psql_ms\":%3,\"history_ratio\":%4,\"filter_ms\":%5"_s.arg(count)
        .arg(median(all), 0, 'f', 0)
        .arg(median(psql), 0, 'f', 0)
        .arg(median(ratios), 0, 'f', 2)
        .arg(median(filtered), 0, 'f', 0);
}

double perSecond(test::PostgresServer& server, const QString& database, const QByteArray& sql, qint64 milliseconds)
{
    std::atomic<int> done = 0;
    std::vector<std::jthread> threads;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&] {
            store::Session session = server.session(u"postgres"_s, database);
            while (timer.elapsed() < milliseconds) {
                must(session.run(sql));
                ++done;
            }
        });
    }
    threads.clear();
    return double(done) / (double(timer.elapsed()) / 1000);
}

QString audit(test::PostgresServer& server, const QString& database)
{
    store::Session session = server.session(u"postgres"_s, database);
    must(session.script(
        "CREATE TABLE public.plain (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz DEFAULT "
        "clock_timestamp(), person text DEFAULT session_user, action text, detail jsonb)"));
    std::vector<double> chained, plain, ratios;
    for (int i = 0; i < 3; ++i) {
        plain.push_back(perSecond(
            server, database,
            "INSERT INTO public.plain (action, detail) VALUES ('bench', '{\"comment\": \"one of many\"}')", 2000));
        chained.push_back(perSecond(
            server, database, "SELECT watchkeeper._audit('bench', NULL, '{\"comment\": \"one of many\"}')", 2000));
        ratios.push_back(chained.back() / plain.back());
    }
    QElapsedTimer timer;
    timer.start();
    const auto verdict =
        must(session.run("SELECT (v->>'ok')::boolean, (v->>'checked')::bigint FROM watchkeeper.verify_audit(0) v"));
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    if (!verdict.boolean(0, 0))
        die(Error{Error::Kind::Protocol, u"the chain is broken after the run"_s, {}, {}});
    return u"\"append_per_s\":%1,\"plain_per_s\":%2,\"append_ratio\":%3,\"verify_per_s\":%4,\"verified\":%5"_s
        .arg(median(chained), 0, 'f', 0)
        .arg(median(plain), 0, 'f', 0)
        .arg(median(ratios), 0, 'f', 2)
        .arg(double(verdict.number(0, 1)) / seconds, 0, 'f', 0)
        .arg(verdict.number(0, 1));
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const int past = argc > 1 ? std::atoi(argv[1]) : 100'000;
    test::PostgresServer server;
    // As a store of a team is run: what is confirmed is on disk.
    must(server.start("fsync = on\nsynchronous_commit = on\n"));
    const QString database = must(server.freshDatabase());
    must(server.addPerson(database, u"ann"_s, {u"operator"_s}));
    must(server.addPerson(database, u"tom"_s, {u"tech-lead"_s, u"operations"_s}));
    must(server.addPerson(database, u"vera"_s, {u"viewer"_s}));
    const QString visible = approveToVisible(server, database);
    const QString chain = audit(server, database);
    const QString list = history(server, database, past);
    std::printf("{\"bench\":\"changes\",%s,%s,%s}\n", qPrintable(visible), qPrintable(list), qPrintable(chain));
    return 0;
}
