// SPDX-License-Identifier: GPL-3.0-or-later
#include "Manifests.h"
#include "ScriptedAccess.h"
#include "changes/runners/CommandRunner.h"
#include "changes/runners/PlanRunner.h"
#include "changes/runners/WebClient.h"

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

QFuture<Result<void>> recorded(const Before&) { return QtFuture::makeReadyFuture(Result<void>()); }

Step command(const QString& program, const QByteArray& parameters)
{
    Target target;
    target.kind = u"Command"_s;
    target.name = program;
    return step(u"runCommand"_s, target, parameters);
}

Step shell(const QByteArray& script, const QByteArray& rest = {})
{
    return command(u"sh"_s, R"({"arguments":["-c",")" + script + "\"]" + rest + '}');
}

/// Notes what it is asked for.
class NotingRunner final : public OutsideRunner
{
public:
    QStringList asked;
    QFuture<Result<Performed>> perform(const Step& step, StepRunner::BeforeSending, StepRunner::Progress) override
    {
        asked << u"perform "_s + step.name;
        return QtFuture::makeReadyFuture(Result<Performed>(Performed()));
    }
    QFuture<Result<Observation>> observe(const Step& step, const Before&) override
    {
        asked << u"observe "_s + step.name;
        return QtFuture::makeReadyFuture(Result<Observation>(Observation()));
    }
    void abandon() override { asked << u"abandon"_s; }
};

} // namespace

/// Programs, pages, and which runner a step goes to.
class TestPlanRunner : public QObject
{
    Q_OBJECT

private slots:
    void argumentsAsTheyStand();
    void outputIsBounded();
    void exitCode();
    void noSuchProgram();
    void endedBySignal();
    void environmentIsClean();
    void inputIsEmpty();
    void recordedFirst();
    void endedWhenItsTimeIsOver();
    void killedWhenItDoesNotListen();
    void givenUpTakesItsChildrenAlong();
    void undoIsItsInverse();
    void nobodyKnowsWhatACommandDid();
    void pages();
    void dispatches();
    void nothingIsThere_data();
    void nothingIsThere();

private:
    template <typename T>
    Result<T> wait(QFuture<Result<T>> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000))
            return fail(Error::Kind::Protocol, u"the test waited too long"_s);
        return future.result();
    }
    Result<Performed> run(const Step& step) { return wait(m_commands.perform(step, recorded, {})); }
    static QString output(const Result<Performed>& done)
    {
        return done ? done->result.value("output"_L1).toString() : u"failed: "_s + done.error().text();
    }
    /// Starts a program that says "ready" when it is.
    QFuture<Result<Performed>> start(const Step& step)
    {
        auto ready = std::make_shared<bool>(false);
        auto future = m_commands.perform(step, recorded, [ready](const QString& line) { *ready = line == "ready"_L1; });
        if (!QTest::qWaitFor([&] { return *ready || future.isFinished(); }, 30'000))
            qFatal("the program did not start");
        return future;
    }

    ManualClock m_clock;
    CommandRunner m_commands{m_clock};
};

void TestPlanRunner::argumentsAsTheyStand()
{
    const auto done = run(command(u"printf"_s, R"({"arguments":["%s|","a b","$HOME","*","; rm x","'","ä"]})"));
    QCOMPARE(output(done), u"a b|$HOME|*|; rm x|'|ä|"_s);
    QCOMPARE(done->sentence, u"The program “printf” ended well."_s);
    QCOMPARE(done->result.value("exitCode"_L1).toInteger(-1), 0);
    QCOMPARE(done->result.value("omittedBytes"_L1).toInteger(-1), 0);
}

void TestPlanRunner::outputIsBounded()
{
    const auto done = run(shell("head -c 300000 /dev/zero | tr '\\\\000' x; echo; echo end >&2"));
    QCOMPARE(output(done).size(), CommandRunner::maxOutput);
    QVERIFY(output(done).endsWith(u"x\nend\n"_s));
    QCOMPARE(done->result.value("omittedBytes"_L1).toInteger(), 300'005 - CommandRunner::maxOutput);
    QVERIFY(!output(run(shell("printf 'a\\\\000b\\\\377'"))).contains(QChar(u'\0')));
}

void TestPlanRunner::exitCode()
{
    const auto done = run(shell("echo one; echo two >&2; exit 3"));
    QVERIFY(!done);
    QCOMPARE(done.error().sentence, u"The program “sh” ended with exit code 3: two"_s);
    QCOMPARE(done.error().detail, u"one\ntwo\n"_s);
}

void TestPlanRunner::noSuchProgram()
{
    const auto done = run(command(u"no-such-program-here"_s, "{}"));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::NotFound);
    QVERIFY2(done.error().sentence.endsWith(u"Nothing was done."_s), qPrintable(done.error().sentence));
}

void TestPlanRunner::endedBySignal()
{
    const auto done = run(shell("kill -KILL $$"));
    QVERIFY(!done);
    QCOMPARE(done.error().sentence, u"The program “sh” was ended by a signal."_s);
}

void TestPlanRunner::environmentIsClean()
{
    QProcessEnvironment base = QProcessEnvironment::systemEnvironment();
    base.insert(u"PGPASSWORD"_s, u"hush"_s);
    base.insert(u"SOME_TOKEN"_s, u"hush"_s);
    base.insert(u"KUBECONFIG"_s, u"/a/file"_s);
    base.insert(u"LC_TIME"_s, u"C"_s);
    CommandRunner runner(m_clock, base);
    const QString all = output(wait(runner.perform(command(u"env"_s, "{}"), recorded, {})));
    QVERIFY2(!all.contains(u"hush"_s), qPrintable(all));
    QVERIFY2(all.contains(u"PATH="_s) && all.contains(u"KUBECONFIG=/a/file\n"_s) && all.contains(u"LC_TIME=C\n"_s),
             qPrintable(all));
}

void TestPlanRunner::inputIsEmpty() { QCOMPARE(output(run(command(u"cat"_s, "{}"))), QString()); }

void TestPlanRunner::recordedFirst()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"made"_s);
    const Step touch = command(u"touch"_s, R"({"arguments":[")" + file.toUtf8() + R"("]})");
    const auto refused = wait(m_commands.perform(touch,
                                                 [](const Before&) {
                                                     return QtFuture::makeReadyFuture(Result<void>(
                                                         fail(Error::Kind::Network, u"The store is away."_s)));
                                                 },
                                                 {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().sentence, u"The store is away."_s);
    QVERIFY(!QFile::exists(file));
    QVERIFY(run(touch));
    QVERIFY(QFile::exists(file));
}

void TestPlanRunner::endedWhenItsTimeIsOver()
{
    auto future = start(
        shell("trap 'echo stopped; exit 0' TERM; echo ready; while :; do sleep 0.1; done", R"(,"withinSeconds":7)"));
    m_clock.advance(6'999);
    QVERIFY(!future.isFinished());
    m_clock.advance(1);
    const auto done = wait(future);
    QVERIFY(!done);
    QCOMPARE(done.error().sentence, u"The program “sh” was ended after 7 s: it is not known what it did until then."_s);
    QVERIFY2(done.error().detail.endsWith(u"stopped\n"_s), qPrintable(done.error().detail));
}

void TestPlanRunner::killedWhenItDoesNotListen()
{
    auto future = start(shell("trap '' TERM; echo ready; while :; do sleep 0.1; done", R"(,"withinSeconds":7)"));
    m_clock.advance(7'000);
    m_clock.advance(CommandRunner::graceMs - 1);
    QCoreApplication::processEvents();
    QVERIFY(!future.isFinished());
    m_clock.advance(1);
    QVERIFY(!wait(future));
}

void TestPlanRunner::givenUpTakesItsChildrenAlong()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"pid"_s);
    const auto future = start(shell("sleep 300 & echo $! > " + file.toUtf8() + "; echo ready; wait"));
    QFile pid(file);
    QVERIFY(pid.open(QIODevice::ReadOnly));
    const QString child = u"/proc/%1"_s.arg(QString::fromLatin1(pid.readAll().trimmed()));
    QVERIFY(QFile::exists(child));
    m_commands.abandon();
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().kind, Error::Kind::Cancelled);
    // Gone, or dead and not yet collected by whoever has to.
    const auto isDead = [&child] {
        QFile stat(child + u"/stat"_s);
        return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
    };
    QTRY_VERIFY(isDead());
}

void TestPlanRunner::undoIsItsInverse()
{
    const auto done = run(command(u"true"_s, R"({"arguments":["on"],"undo":["off"]})"));
    QVERIFY(done);
    QCOMPARE(done->inverse.steps.size(), 1);
    QCOMPARE(done->inverse.steps.first().parameters, json(R"({"arguments":["off"]})"));
}

void TestPlanRunner::nobodyKnowsWhatACommandDid()
{
    const auto seen = wait(m_commands.observe(shell("true"), {}));
    QVERIFY(seen);
    QCOMPARE(int(seen->state), int(Observation::State::Mixed));
}

void TestPlanRunner::pages()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QByteArrayList lines;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket* socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&lines, socket] {
            const QByteArray request = socket->readAll();
            lines << request.first(request.indexOf('\r'));
            socket->write("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nhi");
        });
    });
    WebClient web(m_clock, [](const QUrl&) {
        net::HttpOptions options;
        options.environmentProxy = false;
        return options;
    });
    const QString base = u"http://127.0.0.1:%1"_s.arg(server.serverPort());
    const auto page = wait(web.get(QUrl(base + u"/a%20b?query=x%2By%25%20%26"_s)));
    QVERIFY2(page, qPrintable(page ? QString() : page.error().text()));
    QCOMPARE(page->status, 302);
    QCOMPARE(page->body, "hi");
    QVERIFY(wait(web.get(QUrl(base))));
    QCOMPARE(lines, QByteArrayList({"GET /a%20b?query=x%2By%25%20%26 HTTP/1.1", "GET / HTTP/1.1"}));
}

void TestPlanRunner::dispatches()
{
    ScriptedCluster one, two;
    NotingRunner databases, commands, silences;
    PlanRunner::Means means;
    means.world.cluster = [&](const QString& name) -> Result<ClusterAccess*> {
        if (name == "one"_L1)
            return &one;
        if (name == "two"_L1)
            return &two;
        return fail(Error::Kind::NotFound, u"There is no cluster “%1”."_s.arg(name));
    };
    means.databases = &databases;
    means.commands = &commands;
    means.silences = &silences;
    PlanRunner runner(means, m_clock);
    const auto on = [](const QString& cluster) {
        Step s = step(u"scale"_s, deployment(), R"({"replicas":4})");
        s.target.cluster = cluster;
        return s;
    };
    for (ScriptedCluster* cluster : {&one, &two}) {
        cluster->objects[deployment().path()] = liveDeployment();
        cluster->sends.always(answer("{}"));
    }
    QVERIFY(wait(runner.perform(on(u"two"_s), recorded, {})));
    QVERIFY(one.sent.empty());
    QCOMPARE(two.sent.size(), size_t(1));
    QVERIFY(wait(runner.perform(on(u"one"_s), recorded, {})));
    QCOMPARE(one.sent.size(), size_t(1));
    const auto nowhere = wait(runner.perform(on(u"three"_s), recorded, {}));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().sentence, u"There is no cluster “three”."_s);

    Target database;
    database.cluster = u"one"_s;
    database.kind = u"Database"_s;
    database.name = u"shop"_s;
    const Step sql = step(u"runSql"_s, database, R"({"statement":"x"})");
    QVERIFY(wait(runner.perform(sql, recorded, {})));
    QVERIFY(wait(runner.observe(sql, {})));
    QVERIFY(wait(runner.perform(shell("true"), recorded, {})));
    const Step silence = step(u"expireSilence"_s, {u"one"_s, {}, {}, u"Silence"_s, {}, {}, u"s1"_s}, "{}");
    QVERIFY(wait(runner.perform(silence, recorded, {})));
    runner.abandon();
    QCOMPARE(silences.asked, QStringList({u"perform expireSilence"_s, u"abandon"_s}));
    QCOMPARE(databases.asked, QStringList({u"perform runSql"_s, u"observe runSql"_s, u"abandon"_s}));
    QCOMPARE(commands.asked, QStringList({u"perform runCommand"_s, u"abandon"_s}));
    Step unknown = on(u"one"_s);
    unknown.name = u"paint"_s;
    QVERIFY(!wait(runner.perform(unknown, recorded, {})));
    QVERIFY(wait(runner.perform(on(u"one"_s), recorded, {}))); // later steps may be asked for
}

void TestPlanRunner::nothingIsThere_data()
{
    QTest::addColumn<Step>("what");
    QTest::newRow("cluster") << step(u"scale"_s, deployment(), R"({"replicas":4})");
    QTest::newRow("database") << step(u"runSql"_s, {u"one"_s, {}, {}, u"Database"_s, {}, {}, u"x"_s}, "{}");
    QTest::newRow("command") << shell("true");
}

void TestPlanRunner::nothingIsThere()
{
    QFETCH(Step, what);
    PlanRunner runner(PlanRunner::Means(), m_clock);
    const auto done = wait(runner.perform(what, recorded, {}));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Unsupported);
}

QTEST_GUILESS_MAIN(TestPlanRunner)
#include "test_plan_runner.moc"
