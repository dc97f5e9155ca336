// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExecutorFixture.h"

#include <QtCore/QProcess>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

using Phase = Executor::Phase;

namespace {

constexpr int steps = 10;

/// Deployments that no other plan touches: several requests may be open at the same time.
Plan tenSteps(const QString& prefix)
{
    QList<Step> out;
    for (int i = 1; i <= steps; ++i)
        out << scaleStep(u"%1%2"_s.arg(prefix).arg(i), 5);
    return planOf(out);
}

const char* pointName(Point point)
{
    switch (point) {
    case Point::Asked: return "asked";
    case Point::Recorded: return "recorded";
    case Point::Sent: return "sent";
    case Point::Told: break;
    }
    return "told";
}

} // namespace

/// An executor that is killed anywhere in a plan of ten steps: nothing runs twice, and somebody else can bring it to
/// its end, forward or back.
class TestExecutorKill : public QObject, private ExecutorFixture
{
    Q_OBJECT

private slots:
    void initTestCase();

    void anotherFinishes_data() { points({Point::Asked, Point::Recorded, Point::Sent, Point::Told}); }
    void anotherFinishes();
    void anotherRollsBack_data() { points({Point::Recorded, Point::Sent}); }
    void anotherRollsBack();
    void killedWhileRollingBack_data();
    void killedWhileRollingBack();
    void processIsKilled_data();
    void processIsKilled();

private:
    static void points(const QList<Point>& where);
    /// Runs until it is killed; the request's number.
    qint64 runAndKill(Seat& seat, const Plan& plan, const std::function<bool(Point, const QString&)>& dies);
    /// Takes over, says of an unknown step what was found out, and goes on to a decision.
    std::unique_ptr<Executor> takeOverAndJudge(Seat& seat, qint64 number);
    void judge(Executor& executor);
    /// Every deployment was scaled up exactly once, and never down.
    void verifyAllUp(const QString& prefix);
    void verifyAllBack(const QString& prefix);
};

void TestExecutorKill::initTestCase()
{
    START_OR_SKIP(m_team.start());
    VERIFY_OK(renew());
}

void TestExecutorKill::points(const QList<Point>& where)
{
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("point");
    for (int step = 1; step <= steps; ++step)
        for (const Point point : where)
            QTest::addRow("step %d %s", step, pointName(point)) << step << int(point);
}

qint64 TestExecutorKill::runAndKill(Seat& seat, const Plan& plan,
                                    const std::function<bool(Point, const QString&)>& dies)
{
    const qint64 number = approved(plan);
    std::unique_ptr<Executor> executor;
    m_runner->holds = [&](Point point, const QString& name) {
        if (!dies(point, name))
            return false;
        // As SIGKILL would: it is gone in the middle of what it does, and what it had asked of others stays asked.
        QMetaObject::invokeMethod(
            this, [&] { executor.reset(); }, Qt::QueuedConnection);
        return true;
    };
    executor = open(seat, number);
    if (!until([&] { return !executor; }, 30'000))
        qFatal("was not killed: %s", qPrintable(executor->sentence()));
    m_runner->holds = [](Point, const QString&) { return false; };
    if (const auto dead = m_team.killLeases(); !dead)
        qFatal("%s", words(dead).constData());
    return number;
}

void TestExecutorKill::judge(Executor& executor)
{
    while (executor.choices() == Executor::Resolve) {
        QVERIFY(until([&] { return executor.observation().has_value(); }));
        QVERIFY(executor.observation()->state != Observation::State::Mixed);
        const bool done = executor.observation()->state == Observation::State::Done;
        executor.resolve(done ? Resolution::Done : Resolution::Repeat, executor.observation()->sentence);
        QVERIFY(until([&] {
            return executor.phase() >= Phase::Ended || (executor.choices() && executor.choices() != Executor::Resolve);
        }));
    }
}

std::unique_ptr<Executor> TestExecutorKill::takeOverAndJudge(Seat& seat, qint64 number)
{
    auto executor = takeOver(seat, number);
    if (!until([&] { return executor->phase() == Phase::Deciding || executor->phase() >= Phase::Ended; }))
        qFatal("%s", qPrintable(executor->sentence()));
    judge(*executor);
    return executor;
}

void TestExecutorKill::verifyAllUp(const QString& prefix)
{
    for (int i = 1; i <= steps; ++i)
        QCOMPARE(m_world->history(u"%1%2"_s.arg(prefix).arg(i)), QList<int>{5});
}

void TestExecutorKill::verifyAllBack(const QString& prefix)
{
    for (int i = 1; i <= steps; ++i) {
        const QList<int> history = m_world->history(u"%1%2"_s.arg(prefix).arg(i));
        QVERIFY2(history.isEmpty() || history == (QList<int>{5, 1}), qPrintable(QString::number(i)));
    }
}

void TestExecutorKill::anotherFinishes()
{
    QFETCH(int, step);
    QFETCH(int, point);
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    const QString prefix = u"f%1x%2x"_s.arg(step).arg(point), victim = prefix + QString::number(step);
    const qint64 number = runAndKill(
        olga, tenSteps(prefix), [&](Point at, const QString& name) { return at == Point(point) && name == victim; });
    const auto executor = takeOverAndJudge(otto, number);
    if (executor->phase() == Phase::Deciding)
        executor->proceed();
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    verifyAllUp(prefix);
    QVERIFY(soon(otto.desk.verifyAudit(0))->ok);
}

void TestExecutorKill::anotherRollsBack()
{
    QFETCH(int, step);
    QFETCH(int, point);
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    const QString prefix = u"b%1x%2x"_s.arg(step).arg(point), victim = prefix + QString::number(step);
    const qint64 number = runAndKill(
        olga, tenSteps(prefix), [&](Point at, const QString& name) { return at == Point(point) && name == victim; });
    const auto executor = takeOverAndJudge(otto, number);
    const bool nothingDone = step == 1 && Point(point) == Point::Recorded;
    if (nothingDone) {
        QVERIFY(!(executor->choices() & Executor::RollBack));
        executor->finish(RequestState::Failed, u"Given up."_s);
    } else {
        executor->rollBack();
    }
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), nothingDone ? RequestState::Failed : RequestState::RolledBack);
    verifyAllBack(prefix);
}

void TestExecutorKill::killedWhileRollingBack_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("point");
    for (const int step : {1, 4, 7})
        for (const Point point : {Point::Asked, Point::Recorded, Point::Sent, Point::Told})
            QTest::addRow("taking back step %d %s", step, pointName(point)) << step << int(point);
}

void TestExecutorKill::killedWhileRollingBack()
{
    QFETCH(int, step);
    QFETCH(int, point);
    Seat olga(m_team.at("olga")), otto(m_team.at("otto"));
    const QString prefix = u"r%1x%2x"_s.arg(step).arg(point), victim = prefix + QString::number(step);
    QList<Step> list;
    for (int i = 1; i <= 8; ++i)
        list << scaleStep(u"%1%2"_s.arg(prefix).arg(i), 5);
    list.last().onFailure = Step::OnFailure::Rollback;
    m_runner->fails = [&](const QString& name) {
        return name == prefix + u'8' ? std::optional(Error{Error::Kind::Forbidden, u"No."_s, {}, {}}) : std::nullopt;
    };
    bool back = false;
    const qint64 number = runAndKill(olga, planOf(list), [&](Point at, const QString& name) {
        back |= name == prefix + u'8';
        return back && at == Point(point) && name == victim;
    });
    m_runner->fails = [](const QString&) { return std::nullopt; };
    const auto executor = takeOverAndJudge(otto, number);
    if (executor->phase() == Phase::Deciding) {
        QVERIFY(!(executor->choices() & Executor::Proceed)); // never forward again
        executor->rollBack();
    }
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::RolledBack);
    verifyAllBack(prefix);
}

void TestExecutorKill::processIsKilled_data()
{
    QTest::addColumn<int>("step");
    for (int step = 1; step <= steps; ++step)
        QTest::addRow("step %d", step) << step;
}

/// The same with a process of its own and a real SIGKILL, at a moment that nothing chooses.
void TestExecutorKill::processIsKilled()
{
    QFETCH(int, step);
    Seat otto(m_team.at("otto"));
    const QString prefix = u"p%1x"_s.arg(step);
    const qint64 number = approved(tenSteps(prefix));
    QProcess victim;
    victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    victim.start(QCoreApplication::applicationFilePath(),
                 {u"--victim"_s, m_team.at("olga").text(), m_folder->path(), QString::number(number)});
    // It tells of every step as it is sent; after that many it dies, wherever it is by then.
    QByteArray told;
    QTRY_VERIFY2_WITH_TIMEOUT((told += victim.readAllStandardOutput()).count("sent") >= step, told.constData(), 30'000);
    victim.kill();
    QVERIFY(victim.state() == QProcess::NotRunning || victim.waitForFinished());
    VERIFY_OK(m_team.killLeases());
    const RequestDetail detail = otto.detail(number);
    if (detail.summary.state != RequestState::Running) { // it had ended by then
        QCOMPARE(detail.summary.state, RequestState::Verified);
        return verifyAllUp(prefix);
    }
    const auto executor = takeOverAndJudge(otto, number);
    if (executor->phase() == Phase::Deciding)
        executor->proceed();
    PHASE(*executor, Phase::Ended);
    QCOMPARE(executor->outcome(), RequestState::Verified);
    verifyAllUp(prefix);
}

namespace {

/// The process that is killed: carries a request out on the world in that folder, and tells of every step.
int beVictim(const QStringList& arguments)
{
    const auto address = store::Address::parse(arguments.value(0));
    if (!address)
        qFatal("%s", words(address).constData());
    Seat seat(*address);
    const FileWorld world(arguments.value(1));
    ScriptedRunner runner(world);
    SystemClock clock;
    if (!seat.isCurrent())
        return 1;
    const auto opened =
        Gate(seat.desk, clock).open(seat.detail(arguments.value(2).toLongLong()), {seat.ledger, runner, clock});
    if (!opened)
        qFatal("%s", words(opened).constData());
    QObject::connect(opened->get(), &Executor::progress, opened->get(), [](int, const QString& what) {
        printf("%s\n", qPrintable(what));
        fflush(stdout);
    });
    QObject::connect(opened->get(), &Executor::finished, qApp, &QCoreApplication::quit);
    (*opened)->start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--victim"_s)
        return beVictim(arguments.sliced(2));
    TestExecutorKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_executor_kill.moc"
