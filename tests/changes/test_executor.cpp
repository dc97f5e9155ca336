// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExecutorFixture.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

using Phase = Executor::Phase;

/// The executor over a real store and a scripted world.
class TestExecutor : public QObject, private ExecutorFixture
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void runsToTheEnd();
    void stopsAndGoesOn();
    void confirmIsThePersons();
    void failedCheckRollsBackByItself();
    void failedActionWaitsForADecision();
    void whatCannotBeTakenBackIsSaid();
    void driftSendsNothing();
    void actsAtOnceInDevelopment();
    void onlyWhatWasApproved();
    void verifiesInTheEnd();
    void tooLargeToTakeBackIsNotSent();
    void aloneInAPrivateStore();
};

void TestExecutor::initTestCase() { START_OR_SKIP(m_team.start()); }

void TestExecutor::init() { VERIFY_OK(renew()); }

void TestExecutor::runsToTheEnd()
{
    const qint64 number =
        approved(planOf({scaleStep(u"a"_s, 5), checkStep(u"rolloutFinished"_s, u"a"_s), scaleStep(u"b"_s, 3)}));
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    QVERIFY(otto.isCurrent());
    QSignalSpy steps(&otto.desk, &ChangeDesk::executionChanged);
    const auto executor = open(olga, number);
    QSignalSpy progress(executor.get(), &Executor::progress), finished(executor.get(), &Executor::finished);
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    QCOMPARE(finished.size(), 1);
    QVERIFY(progress.size() >= 2);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
    QCOMPARE(m_world->history(u"b"_s), QList<int>{3});
    const RequestDetail detail = olga.detail(number);
    QCOMPARE(detail.summary.state, RequestState::Verified);
    QCOMPARE(detail.execution()->steps.size(), 3);
    for (const StepRecord& record : detail.execution()->steps)
        QVERIFY(record.state == StepState::Done && record.endedAt && !record.sentence().isEmpty());
    QCOMPARE(
        Before::fromJson(detail.execution()->step(1)->before).inverse.steps.first().parameters.value("replicas"_L1), 1);
    QTRY_VERIFY(steps.size() >= 6);
    QVERIFY(soon(olga.desk.verifyAudit(0))->ok);
}

void TestExecutor::stopsAndGoesOn()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 5), scaleStep(u"c"_s, 5)}));
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    QObject::connect(executor.get(), &Executor::progress, executor.get(), [&](int step) {
        if (step == 1)
            executor->stopAfterThisStep();
    });
    PHASE(*executor, Phase::Deciding);
    QCOMPARE(executor->choices(), Executor::Proceed | Executor::RollBack | Executor::EndFailed);
    QCOMPARE(m_world->history(u"b"_s), QList<int>());
    executor->confirm(true, {}); // not offered: nothing happens
    QCOMPARE(executor->phase(), Phase::Deciding);
    executor->proceed();
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    QCOMPARE(m_world->history(u"a"_s), QList<int>{5});
}

void TestExecutor::confirmIsThePersons()
{
    Seat olga(m_team.at("olga"));
    for (const bool yes : {true, false}) {
        const qint64 number = approved(
            planOf({scaleStep(u"a"_s, 5), checkStep(u"confirm"_s, u"a"_s, {{u"question"_s, u"Is the shop open?"_s}})}));
        const auto executor = open(olga, number);
        PHASE(*executor, Phase::Deciding);
        QCOMPARE(executor->choices(), Executor::Confirm);
        QCOMPARE(executor->step(), 2);
        executor->confirm(yes, u"I looked."_s);
        PHASE(*executor, yes ? Phase::Ended : Phase::Deciding);
        if (!yes) {
            QCOMPARE(executor->choices(), Executor::RollBack | Executor::EndFailed);
            executor->finish(RequestState::Failed, u"It is closed."_s);
            PHASE(*executor, Phase::Ended);
            QCOMPARE(olga.detail(number).execution()->note, u"It is closed."_s);
        }
        QVERIFY(olga.detail(number).execution()->step(2)->sentence().contains(u"I looked."_s));
    }
}

void TestExecutor::failedCheckRollsBackByItself()
{
    Step check = checkStep(u"rolloutFinished"_s, u"b"_s);
    check.onFailure = Step::OnFailure::Rollback;
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 7), check, scaleStep(u"c"_s, 9)}));
    m_runner->checks = [](const Step&) { return CheckOutcome{false, u"The pods do not start."_s, {}}; };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::RolledBack);
    QCOMPARE(m_runner->asked, (QStringList{u"scale a 5"_s, u"scale b 7"_s, u"scale b 1"_s, u"scale a 1"_s}));
    QCOMPARE(m_world->replicas(u"a"_s), 1);
    const RequestDetail detail = olga.detail(number);
    QCOMPARE(detail.summary.state, RequestState::RolledBack);
    QCOMPARE(detail.execution()->step(3)->state, StepState::Failed);
    QVERIFY(detail.execution()->step(-2) && detail.execution()->step(-1));
}

void TestExecutor::failedActionWaitsForADecision()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 7)}));
    m_runner->fails = [](const QString& name) {
        return name == u"b"_s ? std::optional(Error{Error::Kind::Forbidden, u"You may not."_s, {}, {}}) : std::nullopt;
    };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Deciding);
    QVERIFY(executor->sentence().contains(u"You may not."_s));
    QCOMPARE(executor->choices(), Executor::RollBack | Executor::EndFailed);
    m_runner->fails = [](const QString&) { return std::nullopt; };
    executor->rollBack();
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::RolledBack);
    // Of b nothing was carried out: that was looked at, and nothing was sent to take it back.
    QCOMPARE(m_runner->asked, (QStringList{u"scale a 5"_s, u"scale b 7"_s, u"scale a 1"_s}));
    QCOMPARE(olga.detail(number).execution()->step(-2)->state, StepState::Skipped);
}

/// Before the person decides, and in the end.
void TestExecutor::whatCannotBeTakenBackIsSaid()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), scaleStep(u"b"_s, 7), scaleStep(u"c"_s, 9)}));
    m_runner->fails = [this](const QString& name) {
        m_runner->noInverse = name == u"a"_s ? u"It is gone for good."_s : QString(); // of the step after this one
        return name == u"c"_s ? std::optional(Error{Error::Kind::Forbidden, u"You may not."_s, {}, {}}) : std::nullopt;
    };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Deciding);
    QVERIFY2(executor->sentence().contains(u"Step 2 cannot be taken back: It is gone for good."_s) &&
                 !executor->sentence().contains(u"Step 1 cannot"_s),
             qPrintable(executor->sentence()));
    executor->rollBack();
    PHASE(*executor, Phase::Ended);
    const RequestDetail detail = olga.detail(number);
    QCOMPARE(m_world->history(u"a"_s), (QList<int>{5, 1}));
    QCOMPARE(m_world->history(u"b"_s), (QList<int>{7}));
    QCOMPARE(detail.execution()->step(-2)->state, StepState::Skipped);
    QCOMPARE(detail.execution()->note, u"Step 2 was not taken back: It is gone for good."_s);
}

void TestExecutor::driftSendsNothing()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    m_runner->holds = [this](Point point, const QString&) {
        if (point == Point::Asked)
            QMetaObject::invokeMethod(
                this, [this] { m_runner->abandon(); }, Qt::QueuedConnection); // ends without a record
        return point == Point::Asked;
    };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Deciding);
    QCOMPARE(executor->choices(), Executor::EndFailed);
    const auto* record = olga.detail(number).execution()->step(1);
    QVERIFY(olga.detail(number).execution()->step(1)->before.isEmpty());
    Q_UNUSED(record)
    executor->rollBack(); // not offered
    executor->finish(RequestState::Failed, {});
    PHASE(*executor, Phase::Ended);
    QCOMPARE(m_world->history(u"a"_s), QList<int>());
}

void TestExecutor::actsAtOnceInDevelopment()
{
    Seat olga(m_team.at("olga"));
    QVERIFY(olga.isCurrent());
    const auto development = [](const QString&) { return platform::ClusterClass::Development; };
    const auto opened =
        Gate(olga.desk, m_clock)
            .atOnce(formOf(u"Shop - more replicas"_s), planOf({scaleStep(u"a"_s, 2)}), development, means(olga));
    VERIFY_OK(opened);
    (*opened)->start();
    PHASE(**opened, Phase::Ended);
    QVERIFY((*opened)->number() > 0);
    QCOMPARE(olga.detail((*opened)->number()).summary.rule, u"development"_s);
    // What this workstation believes of a cluster's class does not count in the store.
    const auto wrong = Gate(olga.desk, m_clock)
                           .atOnce(formOf(u"Shop - more replicas"_s), planOf({scaleStep(u"a"_s, 3, u"green"_s)}),
                                   development, means(olga));
    VERIFY_OK(wrong);
    (*wrong)->start();
    PHASE(**wrong, Phase::Refused);
    QCOMPARE((*wrong)->error()->kind, Error::Kind::Forbidden);
    QCOMPARE(m_world->replicas(u"a"_s), 2);
}

void TestExecutor::onlyWhatWasApproved()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    Seat olga(m_team.at("olga"));
    QVERIFY(olga.isCurrent());
    const RequestDetail seen = olga.detail(number);
    VERIFY_OK(soon(olga.desk.edit(number, 1, formOf(u"Shop - more"_s), planOf({scaleStep(u"a"_s, 50)}))));
    // A stale look is refused by the store, a fresh one by the gate.
    const auto stale = Gate(olga.desk, m_clock).open(seen, means(olga));
    VERIFY_OK(stale);
    (*stale)->start();
    PHASE(**stale, Phase::Refused);
    QCOMPARE((*stale)->error()->kind, Error::Kind::Conflict);
    const auto fresh = Gate(olga.desk, m_clock).open(olga.detail(number), means(olga));
    QVERIFY(!fresh);
    QCOMPARE(fresh.error().kind, Error::Kind::Forbidden);
    RequestDetail tampered = seen;
    tampered.plan = Plan::fromStore(seen.planText + ' ', seen.summary.sha256);
    QVERIFY(!Gate(olga.desk, m_clock).open(tampered, means(olga)));
    QCOMPARE(m_runner->asked, QStringList());
}

void TestExecutor::verifiesInTheEnd()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5), checkStep(u"rolloutFinished"_s, u"a"_s)}));
    m_runner->checks = [this](const Step& step) {
        m_world->scale(u"a"_s, 1); // somebody else, behind our back
        return CheckOutcome{true, step.words(), {}};
    };
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Deciding);
    QCOMPARE(executor->choices(), Executor::EndVerified | Executor::RollBack | Executor::EndFailed);
    QVERIFY(executor->sentence().contains(u"a has 1 replicas."_s));
    executor->finish(RequestState::Verified, u"The autoscaler took it back; fine."_s);
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
}

void TestExecutor::tooLargeToTakeBackIsNotSent()
{
    const qint64 number = approved(planOf({scaleStep(u"a"_s, 5)}));
    m_runner->noInverse = QString(300 * 1024, u'x');
    Seat olga(m_team.at("olga"));
    const auto executor = open(olga, number);
    PHASE(*executor, Phase::Deciding);
    QVERIFY2(executor->sentence().contains(u"larger than"_s), qPrintable(executor->sentence()));
    QCOMPARE(m_world->history(u"a"_s), QList<int>());
    QCOMPARE(olga.detail(number).execution()->step(1)->state, StepState::Failed);
    executor->finish(RequestState::Failed, {});
    PHASE(*executor, Phase::Ended);
}

void TestExecutor::aloneInAPrivateStore()
{
    const auto database = m_team.server.freshDatabase();
    VERIFY_OK(database);
    m_team.database = *database;
    VERIFY_OK(m_team.server.addPerson(*database, u"vera"_s, {}));
    VERIFY_OK(m_team.asRoot("SELECT watchkeeper.set_store_mode('solo')"));
    Seat vera(m_team.at("vera"));
    QVERIFY(vera.isCurrent() && vera.desk.person().solo);
    const Plan plan = planOf({scaleStep(u"a"_s, 5, u"green"_s)});
    const qint64 number = vera.propose(u"Shop - more replicas"_s, plan);
    QVERIFY(until([&] { return vera.waitsFor(number, Waiting::Why::Run); }));
    QCOMPARE(vera.row(number)->rule, u"solo"_s);
    const auto executor = open(vera, number);
    PHASE(*executor, Phase::Ended);
    const auto production = [](const QString&) { return platform::ClusterClass::Production; };
    const auto now = Gate(vera.desk, m_clock)
                         .atOnce(formOf(u"Shop - fewer replicas"_s), planOf({scaleStep(u"a"_s, 2, u"green"_s)}),
                                 production, means(vera));
    VERIFY_OK(now);
    (*now)->start();
    PHASE(**now, Phase::Ended);
    QCOMPARE(m_world->history(u"a"_s), (QList<int>{5, 2}));
}

QTEST_GUILESS_MAIN(TestExecutor)
#include "test_executor.moc"
