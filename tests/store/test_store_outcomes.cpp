// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScript.h"
#include "core/Future.h"
#include "support/ChaosProxy.h"

using namespace wk;
using namespace wk::store;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

/// Files requests without end, one after the other, each under a title of its own.
class Filer
{
public:
    Filer(const Address& address, QString person) : m_store(address, quickOptions()), m_person(std::move(person))
    {
        QObject::connect(&m_store, &Store::resynchronise, &m_store, [this] { ++m_resynchronised; });
        file();
    }

    void stop() { m_stopped = true; }
    void mark() { m_mark = stored.size(); }
    [[nodiscard]] qsizetype sinceMark() const { return stored.size() - m_mark; }
    [[nodiscard]] bool isIdle() const { return m_idle; }
    [[nodiscard]] int resynchronised() const { return m_resynchronised; }
    [[nodiscard]] const Store& store() const { return m_store; }
    QStringList stored;  ///< titles that the database said it has
    QStringList unknown; ///< titles of which nobody knows
    QStringList refused; ///< titles with which nothing was changed

private:
    void file()
    {
        m_idle = m_stopped;
        if (m_stopped)
            return;
        const QString title = u"[%1] - %2"_s.arg(m_person).arg(++m_count);
        const QByteArray fields = StoreScript::fields("{\"title\":\"" + title.toUtf8() + "\"}");
        whenDone(m_store.call(u"create_request"_s, {fields, StoreScript::plan(u"api"_s)}), &m_store,
                 [this, title](const Result<QJsonValue>& made) {
                     (made ? stored : isOutcomeUnknown(made.error()) ? unknown : refused) << title;
                     QTimer::singleShot(40, &m_store, [this] { file(); }); // a person has a limit for a day
                 });
    }

    Store m_store;
    QString m_person;
    int m_count = 0;
    qsizetype m_mark = 0;
    int m_resynchronised = 0;
    bool m_stopped = false;
    bool m_idle = false;
};

} // namespace

/// What happened to a change when the server went away in its middle: the person is told the truth, and nothing is lost
/// or doubled.
class TestOutcomes : public QObject
{
    Q_OBJECT
private:
    PostgresServer m_server;
    QString m_database;

    [[nodiscard]] Session root() const { return m_server.session(u"postgres"_s, m_database); }
    /// A request that one approval makes approved.
    QJsonObject submitted()
    {
        Session anna = m_server.session(u"anna"_s, m_database);
        const QString name = u"api%1"_s.arg(++m_names); // an object of its own
        const auto made = anna.run("SELECT watchkeeper.create_request($1, $2)",
                                   {StoreScript::fields("{}"), StoreScript::plan(name + u":scale@dev"_s)});
        if (!made)
            qFatal("%s", words(made).constData());
        const QJsonObject request = made->json(0, 0).toObject();
        const auto sent = anna.run("SELECT watchkeeper.submit_request($1, 1, $2)",
                                   {request[u"number"_s].toInteger(), request[u"plan_sha256"_s].toString()});
        if (!sent)
            qFatal("%s", words(sent).constData());
        return request;
    }
    static Parameters approval(const QJsonObject& request)
    {
        return {request[u"number"_s].toInteger(), 1, request[u"plan_sha256"_s].toString(), u"seen"_s, nullptr};
    }
    static QString stateOf(Store& store, const QJsonObject& request)
    {
        const auto rows = wait(store.query("SELECT state FROM watchkeeper.request_list WHERE number = $1",
                                           {request[u"number"_s].toInteger()}));
        return rows ? rows->text(0, 0) : QString::fromUtf8(words(rows));
    }
    [[nodiscard]] bool isBlocked(const QByteArray& person) const
    {
        return QTest::qWaitFor(
            [&] {
                const auto rows = root().run("SELECT FROM pg_stat_activity WHERE usename = $1"
                                             " AND wait_event_type = 'Lock'",
                                             {person});
                return rows && !rows->isEmpty();
            },
            30'000);
    }
    [[nodiscard]] bool auditIsWhole() const
    {
        const auto rows = m_server.session(u"tom"_s, m_database).run("SELECT watchkeeper.verify_audit()");
        return rows && rows->json(0, 0)[u"ok"_s].toBool();
    }
    int m_names = 0;

private slots:
    void initTestCase()
    {
        START_OR_SKIP(m_server.start("wal_level = replica\nfsync = on\nsynchronous_commit = on\n"));
        const auto made = m_server.freshDatabase();
        VERIFY_OK(made);
        m_database = *made;
        VERIFY_OK(m_server.addPerson(m_database, u"anna"_s, {u"operator"_s}, u"right"_s));
        VERIFY_OK(m_server.addPerson(m_database, u"otto"_s, {u"operator"_s}, u"right"_s));
        VERIFY_OK(m_server.addPerson(m_database, u"tom"_s, {u"tech-lead"_s}, u"right"_s));
        VERIFY_OK(root().run("SELECT watchkeeper.set_cluster('streamgate', 'dev', 'development')"));
    }

    void anApprovalThatTheServerDidNotSurvive()
    {
        const QJsonObject request = submitted();
        Store tom(m_server.address(u"tom"_s, m_database), quickOptions());
        QSignalSpy resynchronise(&tom, &Store::resynchronise);
        QVERIFY(reaches(tom, Store::State::Ready));
        Session holder = root();
        VERIFY_OK(holder.run("BEGIN"));
        VERIFY_OK(holder.run("SELECT FROM watchkeeper.request WHERE number = $1 FOR UPDATE",
                             {request[u"number"_s].toInteger()}));
        const auto approving = tom.call(u"approve_request"_s, approval(request));
        QVERIFY(isBlocked("tom"));
        m_server.kill();
        const auto result = wait(approving);
        QVERIFY(!result && isOutcomeUnknown(result.error()));
        QVERIFY2(result.error().sentence.contains(u"it is not known whether this was carried out"), words(result));
        QVERIFY2(result.error().remedy.contains(u"look at what is there now"), words(result));
        QCOMPARE(tom.state(), Store::State::Reconnecting);
        // The children of the killed server let go of its memory a moment later.
        QVERIFY(QTest::qWaitFor([&] { return m_server.startAgain().has_value(); }, 60'000));
        QTRY_COMPARE_WITH_TIMEOUT(resynchronise.size(), 2, 60'000);
        QCOMPARE(stateOf(tom, request), u"submitted"_s); // it was not
        VERIFY_OK(wait(tom.call(u"approve_request"_s, approval(request))));
        QCOMPARE(stateOf(tom, request), u"approved"_s);
        QVERIFY(auditIsWhole());
    }

    void anApprovalWhoseAnswerWasLost()
    {
        const QJsonObject request = submitted();
        ChaosProxy proxy(m_server.port());
        auto options = quickOptions();
        options.password = [](const Address&) { return QtFuture::makeReadyFuture(Result<QByteArray>("right")); };
        Store tom(Address::parse(loopbackUri(u"tom"_s, proxy.port(), m_database)).value(), options);
        QSignalSpy resynchronise(&tom, &Store::resynchronise);
        QVERIFY(reaches(tom, Store::State::Ready));
        Session holder = root();
        VERIFY_OK(holder.run("BEGIN"));
        VERIFY_OK(holder.run("SELECT FROM watchkeeper.request WHERE number = $1 FOR UPDATE",
                             {request[u"number"_s].toInteger()}));
        const auto approving = tom.call(u"approve_request"_s, approval(request));
        QVERIFY(isBlocked("tom"));
        proxy.cutAll();
        const auto result = wait(approving);
        QVERIFY(!result && isOutcomeUnknown(result.error()));
        VERIFY_OK(holder.run("ROLLBACK")); // the server goes on, for somebody who is gone
        QTRY_COMPARE_WITH_TIMEOUT(resynchronise.size(), 2, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(tom, request), u"approved"_s, 30'000); // it was
        // Done again in the belief that it was not, it counts once.
        QVERIFY(!wait(tom.call(u"approve_request"_s, approval(request))));
        const auto approvals = wait(tom.query("SELECT count(*) FROM watchkeeper.approval_list WHERE number = $1",
                                              {request[u"number"_s].toInteger()}));
        VERIFY_OK(approvals);
        QCOMPARE(approvals->number(0, 0), 1);
        QVERIFY(auditIsWhole());
    }

    void aPromotedStandby()
    {
        PostgresServer standby;
        VERIFY_OK(standby.startStandby(m_server));
        // A standby takes nobody while there is a primary, and says so alone.
        {
            Store store(standby.address(u"anna"_s, m_database), quickOptions());
            QTRY_VERIFY_WITH_TIMEOUT(store.status().error.has_value(), 60'000);
            QVERIFY2(store.status().error->sentence.contains(u"is a standby, which takes no changes"),
                     qPrintable(store.status().error->text()));
            QVERIFY2(store.status().error->remedy.contains(u"Name all servers"),
                     qPrintable(store.status().error->text()));
        }
        VERIFY_OK(m_server.configure("synchronous_standby_names = '*'\nsynchronous_commit = on\n"));
        std::vector<std::unique_ptr<Filer>> filers;
        for (const char* person : {"anna", "otto"}) {
            const QString name = QString::fromLatin1(person);
            filers.push_back(std::make_unique<Filer>(standby.addressWith(m_server, name, m_database), name));
        }
        const auto each = [&](auto test) { return std::ranges::all_of(filers, test); };
        QVERIFY(QTest::qWaitFor([&] { return each([](const auto& f) { return f->stored.size() >= 15; }); }, 60'000));
        m_server.stop(PostgresServer::Stop::Immediate);
        // With only the standby left, the person hears what is waited for.
        QVERIFY(QTest::qWaitFor(
            [&] {
                return each([](const auto& f) {
                    const auto& error = f->store().status().error;
                    return error && error->sentence.contains(u"is a standby") &&
                           error->detail.contains(u"cannot be reached");
                });
            },
            60'000));
        VERIFY_OK(standby.promote());
        for (const auto& filer : filers)
            filer->mark();
        QVERIFY(QTest::qWaitFor([&] { return each([](const auto& f) { return f->sinceMark() >= 10; }); }, 60'000));
        for (const auto& filer : filers)
            filer->stop();
        QVERIFY(QTest::qWaitFor([&] { return each([](const auto& f) { return f->isIdle(); }); }, 60'000));
        const auto rows = standby.session(u"anna"_s, m_database)
                              .run("SELECT title, count(*) FROM watchkeeper.request GROUP BY title");
        VERIFY_OK(rows);
        QHash<QString, qint64> there;
        for (int i = 0; i < rows->size(); ++i)
            there.insert(rows->text(i, 0), rows->number(i, 1));
        for (const auto& filer : filers) {
            QVERIFY(filer->resynchronised() >= 2);
            for (const QString& title : filer->stored)
                QVERIFY2(there.value(title) == 1, qPrintable(title)); // nothing lost, nothing doubled
            for (const QString& title : filer->unknown)
                QVERIFY2(there.value(title) <= 1, qPrintable(title));
            for (const QString& title : filer->refused)
                QVERIFY2(there.value(title) == 0, qPrintable(title));
        }
        const auto audit = standby.session(u"tom"_s, m_database).run("SELECT watchkeeper.verify_audit()");
        VERIFY_OK(audit);
        QVERIFY(audit->json(0, 0)[u"ok"_s].toBool());
    }
};

QTEST_GUILESS_MAIN(TestOutcomes)
#include "test_store_outcomes.moc"
