// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExecutorFixture.h"
#include "support/ChaosProxy.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

using Phase = Executor::Phase;

/// Answers of the store that are lost, and a standby that takes its place, in the middle of an execution.
class TestExecutorLost : public QObject, private ExecutorFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_team.start("wal_level = replica\nmax_wal_senders = 4")); }
    void init() { VERIFY_OK(renew()); }

    void stepAnswersAreLookedUp_data();
    void stepAnswersAreLookedUp();
    void claimsAnswerIsLost();
    void claimIsRefusedWithoutAStore();
    void promotedInTheMiddleOfAnExecution(); // last: it leaves the first server behind

private:
    /// Olga, by one or two ports of this machine, without TLS.
    [[nodiscard]] store::Address by(const QList<quint16>& ports) const
    {
        QStringList hosts;
        for (const quint16 port : ports)
            hosts << u"127.0.0.1:%1"_s.arg(port);
        const auto address = store::Address::parse(
            u"postgresql://olga:olga-secret@%1/%2?sslmode=disable&target_session_attrs=read-write"_s.arg(
                hosts.join(u','), m_team.database));
        if (!address)
            qFatal("%s", words(address).constData());
        return *address;
    }
};

void TestExecutorLost::stepAnswersAreLookedUp_data()
{
    QTest::addColumn<int>("point");
    QTest::newRow("of the beginning") << int(Point::Asked);
    QTest::newRow("of the end") << int(Point::Told);
}

void TestExecutorLost::stepAnswersAreLookedUp()
{
    QFETCH(int, point);
    ChaosProxy proxy(m_team.server.port());
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    Seat olga(by({proxy.port()}));
    auto blocker = m_team.server.session(u"postgres"_s, m_team.database);
    m_runner->holds = [&](Point at, const QString& name) {
        if (at == Point(point) && name == u"a"_s) {
            (void)blocker.run("BEGIN", {});
            (void)blocker.run("SELECT FROM watchkeeper.execution FOR UPDATE", {});
        }
        return false;
    };
    const auto executor = open(olga, number);
    QStringList waited;
    QObject::connect(executor.get(), &Executor::changed, executor.get(), [&] { waited << executor->waitingFor(); });
    // The statement has reached the server: the next bytes from there are its answer, and they get lost.
    QVERIFY(until([&] {
        return m_team.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == u"1"_s;
    }));
    proxy.truncateNext(1);
    (void)blocker.run("ROLLBACK", {});
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    QVERIFY2(std::ranges::any_of(waited, [](const QString& text) { return text.contains(u"Waits for the store"_s); }),
             "the answer was not lost");
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(m_world->history(u"b"_s), QList<int>{5});
    for (const char* action : {"step.begin", "step.end"})
        QCOMPARE(m_team.value("SELECT count(*) FROM watchkeeper.audit WHERE action = '" + QByteArray(action) + '\''),
                 u"2"_s);
}

void TestExecutorLost::claimsAnswerIsLost()
{
    ChaosProxy proxy(m_team.server.port());
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    Seat olga(by({proxy.port()}));
    QVERIFY(olga.isCurrent());
    const auto opened = Gate(olga.desk, m_clock).open(olga.detail(number), means(olga));
    VERIFY_OK(opened);
    Executor& executor = **opened;
    proxy.truncateNext(1);
    executor.start();
    // The claim is on record, its token is lost: only time helps, and nothing is sent meanwhile.
    QVERIFY(until([&] { return executor.waitingFor().contains(u"Waits until that claim is dead"_s); }));
    QCOMPARE(executor.phase(), Phase::Claiming);
    QCOMPARE(m_runner->asked, QStringList());
    VERIFY_OK(m_team.killLeases());
    m_clock.advance(Heartbeat::leaseMs + Heartbeat::marginMs);
    PHASE(executor, Phase::Ended);
    QCOMPARE(executor.outcome(), RequestState::Verified);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    const auto holders = olga.detail(number).execution()->holders;
    QCOMPARE(holders.size(), 2);
    QVERIFY(holders.last().reason.contains(u"lost with the connection"_s));
}

void TestExecutorLost::claimIsRefusedWithoutAStore()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    store::Store::Options impatient = quickOptions();
    impatient.waitMs = 200;
    Seat olga(m_team.at("olga"));
    store::Store store(m_team.at("olga"), impatient);
    StoreLedger ledger(store);
    QVERIFY(olga.isCurrent() && until([&] { return store.state() == store::Store::State::Ready; }));
    const RequestDetail detail = olga.detail(number);
    m_team.server.stop(PostgresServer::Stop::Immediate);
    QVERIFY(until([&] { return store.state() != store::Store::State::Ready; }));
    const auto opened = Gate(olga.desk, m_clock).open(detail, {ledger, *m_runner, m_clock});
    VERIFY_OK(opened);
    (*opened)->start();
    PHASE(**opened, Phase::Refused);
    QCOMPARE((*opened)->error()->kind, Error::Kind::Network);
    QCOMPARE(m_runner->asked, QStringList());
    VERIFY_OK(m_team.server.startAgain());
}

void TestExecutorLost::promotedInTheMiddleOfAnExecution()
{
    PostgresServer standby;
    VERIFY_OK(standby.startStandby(m_team.server));
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    Seat olga(by({m_team.server.port(), standby.port()}));
    m_runner->holds = [this](Point at, const QString& name) {
        if (at == Point::Sent && name == u"a"_s) {
            // The standby has all of it before the primary goes.
            while (m_team.value("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()") !=
                   u"1"_s)
                QThread::msleep(5);
            m_team.server.stop(PostgresServer::Stop::Immediate);
        }
        return false;
    };
    const auto executor = open(olga, number);
    QVERIFY(until([&] { return olga.desk.status().state == DeskStatus::State::Stale; }));
    QCOMPARE(m_world->history(u"b"_s), QList<int>());
    VERIFY_OK(standby.promote());
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(m_world->history(u"b"_s), QList<int>{5});
    auto session = standby.session(u"postgres"_s, m_team.database);
    QCOMPARE(session.run("SELECT count(*) FROM watchkeeper.audit WHERE action = 'step.end'", {})->text(0, 0), u"2"_s);
    QVERIFY(soon(olga.desk.verifyAudit(0))->ok);
    QVERIFY(!olga.desk.status().record);
}

QTEST_GUILESS_MAIN(TestExecutorLost)
#include "test_executor_lost.moc"
