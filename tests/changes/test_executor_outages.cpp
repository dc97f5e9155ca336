// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExecutorFixture.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

using Phase = Executor::Phase;

/// What goes wrong around an execution: answers that are lost, leases that die, stores that go away, who takes over.
class TestExecutorOutages : public QObject, private ExecutorFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_team.start()); }
    void init() { VERIFY_OK(renew()); }

    void lostAnswerIsLookedAt();
    void nothingIsSentWithoutTheRecord();
    void leaseTakenAwayStopsAtOnce();
    void leaseDiesWhileTheStoreIsAway();
    void storeAwayInTheMiddle();
    void takenOverByAnother();
    void unknownStepIsAskedAbout();
};

void TestExecutorOutages::lostAnswerIsLookedAt()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    m_runner->loses = [](const QString&) { return Error{Error::Kind::Network, u"The answer was lost."_s, {}, {}}; };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QVERIFY(olga.detail(number).execution()->step(1)->sentence().contains(u"a has 5 replicas."_s));
}

void TestExecutorOutages::nothingIsSentWithoutTheRecord()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    Seat olga(m_team.at("olga"));
    auto blocker = m_team.server.session(u"postgres"_s, m_team.database);
    m_runner->holds = [&](Point point, const QString&) {
        if (point == Point::Asked) {
            // From here on nothing can be written down: the beginning of the step waits.
            (void)blocker.run("BEGIN", {});
            (void)blocker.run("SELECT FROM watchkeeper.execution FOR UPDATE", {});
        }
        return false;
    };
    const auto executor = open(olga, number);
    QTRY_COMPARE(m_team.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), u"1"_s);
    QCOMPARE(m_world->history(u"a"_s), QList<int>());
    (void)blocker.run("ROLLBACK", {});
    m_runner->holds = [](Point, const QString&) { return false; };
    PHASE(*executor, Phase::Ended);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
}

void TestExecutorOutages::leaseTakenAwayStopsAtOnce()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    m_runner->holds = [](Point point, const QString&) { return point == Point::Recorded; };
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    const auto executor = open(olga, number);
    QTRY_VERIFY(!executor->records().isEmpty());
    m_clock.advance(Heartbeat::beatMs); // a sign of life: the lease lasts
    QCOMPARE(executor->phase(), Phase::Working);
    VERIFY_OK(m_team.killLeases());
    const auto other = takeOver(otto, number);
    PHASE(*other, Phase::Deciding);
    m_clock.advance(Heartbeat::beatMs);
    PHASE(*executor, Phase::Lost);
    QVERIFY(m_runner->abandoned > 0);
    QVERIFY(executor->error() && executor->sentence().contains(u"under way"_s));
    QCOMPARE(executor->choices(), Executor::Choices());
    QCOMPARE(m_world->history(u"a"_s), QList<int>());
}

void TestExecutorOutages::leaseDiesWhileTheStoreIsAway()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    Seat olga(m_team.at("olga"));
    m_runner->holds = [this](Point point, const QString& name) {
        if (point == Point::Sent && name == u"a"_s)
            m_team.server.stop(PostgresServer::Stop::Immediate);
        return false;
    };
    const auto executor = open(olga, number);
    QTRY_COMPARE(m_world->history(u"a"_s), QList<int>{5});
    QTRY_VERIFY(olga.store.state() != store::Store::State::Ready);
    m_clock.advance(Heartbeat::leaseMs); // by our own clock the lease may be dead
    PHASE(*executor, Phase::Lost);
    QVERIFY2(executor->sentence().contains(u"Scaled a to 5."_s), qPrintable(executor->sentence()));
    VERIFY_OK(m_team.server.startAgain());
    VERIFY_OK(m_team.killLeases());
    QVERIFY(olga.isCurrent());
    const auto again = takeOver(olga, number);
    PHASE(*again, Phase::Deciding);
    QTRY_VERIFY(again->observation());
    QCOMPARE(again->observation()->state, Observation::State::Done);
    again->resolve(Resolution::Done, u"It has five."_s);
    PHASE(*again, Phase::Deciding);
    QCOMPARE(again->choices(), Executor::Proceed | Executor::RollBack | Executor::EndFailed);
    again->proceed();
    PHASE(*again, Phase::Ended);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(m_world->history(u"b"_s), QList<int>{5});
}

void TestExecutorOutages::storeAwayInTheMiddle()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    m_runner->holds = [this](Point point, const QString& name) {
        if (point == Point::Sent && name == u"a"_s)
            m_team.server.stop(PostgresServer::Stop::Immediate);
        return false;
    };
    store::Store::Options quick = quickOptions();
    quick.waitMs = 300;
    Seat olga(m_team.at("olga"));
    store::Store store(m_team.at("olga"), quick);
    StoreLedger ledger(store);
    QVERIFY(olga.isCurrent());
    const auto opened = Gate(olga.desk, m_clock).open(olga.detail(number), {ledger, *m_runner, m_clock});
    VERIFY_OK(opened);
    Executor& executor = **opened;
    executor.start();
    QTRY_VERIFY(executor.waitingFor().contains(u"Waits for the store to write down the end of step 1."_s));
    QCOMPARE(m_world->history(u"b"_s), QList<int>());
    VERIFY_OK(m_team.server.startAgain());
    PHASE(executor, Phase::Ended);
    QCOMPARE(executor.outcome(), RequestState::Verified);
    QCOMPARE(executor.waitingFor(), QString());
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(m_world->history(u"b"_s), QList<int>{5});
    QCOMPARE(m_team.value("SELECT count(*) FROM watchkeeper.audit WHERE action = 'step.end'"), u"2"_s);
}

void TestExecutorOutages::takenOverByAnother()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    Seat olga(m_team.at("olga")), otto(m_team.at("otto")), tina(m_team.at("tina"));
    auto executor = open(olga, number);
    QObject::connect(executor.get(), &Executor::progress, executor.get(), [&] { executor->stopAfterThisStep(); });
    PHASE(*executor, Phase::Deciding);
    QVERIFY(otto.isCurrent() && tina.isCurrent());
    const Gate gate(otto.desk, m_clock);
    QVERIFY(gate.whyNotTakeOver(otto.detail(number)).contains(u"olga is carrying it out"_s));
    executor.reset();
    VERIFY_OK(m_team.killLeases());
    QCOMPARE(gate.whyNotTakeOver(otto.detail(number)), QString());
    // Who approved does not carry out.
    QVERIFY(Gate(tina.desk, m_clock).whyNotTakeOver(tina.detail(number)).contains(u"You approved"_s));
    const auto other = takeOver(otto, number);
    PHASE(*other, Phase::Deciding);
    other->rollBack();
    PHASE(*other, Phase::Ended);
    QCOMPARE(other->outcome(), RequestState::RolledBack);
    QCOMPARE(m_world->history(u"a"_s), (QList<int>{5, 1}));
    QCOMPARE(olga.detail(number).execution()->holders.size(), 2);
    QCOMPARE(olga.detail(number).execution()->holders.last().reason, u"They are gone."_s);
}

void TestExecutorOutages::unknownStepIsAskedAbout()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5)}));
    m_runner->holds = [](Point point, const QString&) { return point == Point::Recorded; };
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    auto executor = open(olga, number);
    QTRY_VERIFY(!executor->records().isEmpty());
    executor.reset();
    VERIFY_OK(m_team.killLeases());
    m_runner->holds = [](Point, const QString&) { return false; };
    const auto other = takeOver(otto, number);
    PHASE(*other, Phase::Deciding);
    QCOMPARE(other->choices(), Executor::Resolve);
    QCOMPARE(other->step(), 1);
    QTRY_VERIFY(other->observation());
    QCOMPARE(other->observation()->state, Observation::State::NotDone);
    QTest::qWait(200); // it is not repeated by itself
    QCOMPARE(m_world->history(u"a"_s), QList<int>());
    other->resolve(Resolution::Repeat, u"x"_s); // the store wants a reason
    QTRY_VERIFY(other->sentence().contains(u"reason"_s));
    other->resolve(Resolution::Repeat, u"It still has one replica."_s);
    PHASE(*other, Phase::Deciding);
    QTRY_COMPARE(other->choices(), Executor::Choices(Executor::Proceed | Executor::EndFailed));
    other->proceed();
    PHASE(*other, Phase::Ended);
    QCOMPARE(other->outcome(), RequestState::Verified);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(olga.detail(number).execution()->step(1)->attempt, 2);
}

QTEST_GUILESS_MAIN(TestExecutorOutages)
#include "test_executor_outages.moc"
