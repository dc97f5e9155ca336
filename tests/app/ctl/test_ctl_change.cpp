// SPDX-License-Identifier: GPL-3.0-or-later
#include "CtlStage.h"

#include "../../store/OneTimeCode.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

#include <csignal>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// What people and pipelines do with change requests from a terminal: the real program, a real store, the fleet.
class TestCtlChange : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aWholeLife();
    void refusals_data();
    void refusals();
    void approvalNamesTheHash();
    void anEditVoidsTheApproval();
    void aPipelineAwaits();
    void actions();
    void confirmationAndStop();
    void interruptedAfterThisStep();
    void aHighRiskAsksForACode();
    void onePersonAlone();
    void aFailedCheckRollsBack();
    void theRecord();
    void aBrokenRecordIsNamed();

private:
    /// Files a plan as anna and submits it; the request as JSON.
    [[nodiscard]] QJsonObject filed(const QList<QJsonObject>& steps, const QStringList& more = {u"--submit"_s});
    [[nodiscard]] qint64 approved(const QList<QJsonObject>& steps);
    [[nodiscard]] QString stateOf(qint64 number);
    [[nodiscard]] int replicas(const QString& deployment);

    CtlStage m_stage;
    int m_plans = 0;
};

void TestCtlChange::initTestCase()
{
    if (QStandardPaths::findExecutable(u"kubectl"_s).isEmpty())
        QSKIP("kubectl is not installed (Debian: kubernetes-client)");
    const auto started = m_stage.startStore();
    if (!started && started.error().kind == wk::Error::Kind::NotFound)
        QSKIP(qPrintable(started.error().text()));
    QVERIFY2(started, started ? "" : qPrintable(started.error().text() + started.error().detail));
    QVERIFY2(m_stage.startFleet(), "the fleet did not start");
    m_stage.setClass(u"streamgate"_s, u"production"_s, u"staging"_s); // one approval is enough then
}

QJsonObject TestCtlChange::filed(const QList<QJsonObject>& steps, const QStringList& more)
{
    const QString plan = m_stage.file(u"plan.json"_s, planText(u"streamgate"_s, u"Plan %1"_s.arg(++m_plans), steps));
    const Ran ran = m_stage.ctl(u"anna"_s, QStringList{u"change"_s, u"new"_s, u"--plan"_s, plan, u"-o"_s, u"json"_s} +
                                               formWords() + more);
    if (ran.code != 0)
        qWarning("%s", (ran.out + ran.err).constData());
    return CtlStage::json(ran);
}

qint64 TestCtlChange::approved(const QList<QJsonObject>& steps)
{
    const QJsonObject request = filed(steps);
    const QString number = QString::number(request.value("number"_L1).toInteger());
    const Ran ran = m_stage.ctl(u"bob"_s, {u"change"_s, u"approve"_s, number, u"--sha256"_s,
                                           request.value("sha256"_L1).toString(), u"-o"_s, u"json"_s});
    if (CtlStage::json(ran).value("state"_L1) != u"approved"_s)
        qWarning("%s", (ran.out + ran.err).constData());
    return number.toLongLong();
}

QString TestCtlChange::stateOf(qint64 number)
{
    return CtlStage::json(m_stage.ctl(u"vera"_s, {u"change"_s, u"show"_s, QString::number(number), u"-o"_s, u"json"_s}))
        .value("state"_L1)
        .toString();
}

int TestCtlChange::replicas(const QString& deployment)
{
    return m_stage
        .kubectl(u"streamgate"_s, {u"get"_s, u"deployment"_s, deployment, u"-o"_s, u"jsonpath={.spec.replicas}"_s})
        .out.toInt();
}

QJsonObject scaleTo(const QString& deployment, int replicas)
{
    return actionStep(u"scale"_s, u"production"_s, u"Deployment"_s, u"streamgate"_s, deployment,
                      {{u"replicas"_s, replicas}});
}

QJsonObject check(const QString& name, const QJsonObject& parameters, const QString& deployment = {})
{
    QJsonObject step{{u"check"_s, name}, {u"parameters"_s, parameters}};
    if (!deployment.isEmpty())
        step.insert(u"target"_s, scaleTo(deployment, 1).value("target"_L1));
    return step;
}

void TestCtlChange::aWholeLife()
{
    const QString plan = m_stage.file(
        u"life.json"_s,
        planText(u"streamgate"_s, u"[auth] - a third replica"_s,
                 {scaleTo(u"auth"_s, 3), check(u"rolloutFinished"_s, {{u"withinSeconds"_s, 120}}, u"auth"_s)}));
    const Ran planned = m_stage.ctl(
        u"anna"_s, {u"change"_s, u"plan"_s, u"--plan"_s, plan, u"--context"_s, u"streamgate"_s, u"-o"_s, u"json"_s});
    COMPARE_RAN(planned, 0);
    const QString sha256 = CtlStage::json(planned).value("sha256"_L1).toString();
    QCOMPARE(sha256.size(), 64);
    VERIFY_SAYS(planned, u"replicas: 3"_s);

    const Ran made = m_stage.ctl(
        u"anna"_s,
        QStringList{u"change"_s, u"new"_s, u"--plan"_s, plan, u"--submit"_s, u"-o"_s, u"json"_s} + formWords());
    COMPARE_RAN(made, 0);
    QCOMPARE(CtlStage::json(made).value("sha256"_L1).toString(), sha256);
    QCOMPARE(CtlStage::json(made).value("state"_L1).toString(), u"submitted"_s);
    const QString number = QString::number(CtlStage::json(made).value("number"_L1).toInteger());
    VERIFY_SAYS(m_stage.ctl(u"bob"_s, {u"change"_s, u"list"_s, u"--waiting"_s}), number + u" .*submitted"_s);

    const Ran approved = m_stage.ctl(
        u"bob"_s, {u"change"_s, u"approve"_s, number, u"--plan"_s, plan, u"--comment"_s, u"looked at it"_s});
    COMPARE_RAN(approved, 0);
    VERIFY_SAYS(approved, u"Scale deployment auth in streamgate to 3 replicas"_s); // shows what is approved
    VERIFY_SAYS(approved, u"is approved"_s);

    const Ran executed = m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, number});
    COMPARE_RAN(executed, 0);
    VERIFY_SAYS(executed, u"step 1: done"_s);
    VERIFY_SAYS(executed, u"step 2: done"_s);
    VERIFY_SAYS(executed, u"Request %1 is verified"_s.arg(number));
    QCOMPARE(replicas(u"auth"_s), 3);

    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number, u"--note"_s, u"as planned"_s}), 0);
    const QJsonObject closed =
        CtlStage::json(m_stage.ctl(u"vera"_s, {u"change"_s, u"show"_s, number, u"-o"_s, u"json"_s}));
    QCOMPARE(closed.value("state"_L1).toString(), u"closed"_s);
    QCOMPARE(closed.value("approvals"_L1).toArray().first().toObject().value("person"_L1).toString(), u"bob"_s);
    QCOMPARE(closed.value("executions"_L1).toArray().first().toObject().value("outcome"_L1).toString(), u"verified"_s);
}

void TestCtlChange::refusals_data()
{
    QTest::addColumn<QString>("person");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QString& person, const QString& arguments, int code,
                        const QString& says) {
        QTest::newRow(name) << person << arguments.split(u' ', Qt::SkipEmptyParts) << code << says;
    };
    row("no such request", u"anna"_s, u"change show 4711"_s, 1, u"4711"_s);
    row("no number", u"anna"_s, u"change show twelve"_s, 2, u"not the number"_s);
    row("no sub-command", u"anna"_s, u"change"_s, 2, u"approve"_s);
    row("unknown sub-command", u"anna"_s, u"change bless 1"_s, 2, u"knows no \"bless\""_s);
    row("an option of another command", u"anna"_s, u"change show 1 --sha256 x"_s, 2, u"takes no option --sha256"_s);
    row("one word too many", u"anna"_s, u"change show 1 2"_s, 2, u"\"2\" is one word too many"_s);
    row("an option that get does not take", u"anna"_s, u"get pods --comment x"_s, 2, u"takes no option --comment"_s);
    row("no store", u"anna"_s, u"change list --store postgresql://anna@127.0.0.1:1/x"_s, 3, u"127.0.0.1"_s);
    row("no plan", u"anna"_s, u"change new"_s, 1, u"Say where the plan is"_s);
    row("a plan that is not there", u"anna"_s, u"change plan --plan /nonexistent.json"_s, 1, u"cannot be read"_s);
    row("an unknown template", u"anna"_s, u"change plan --platform streamgate --template magic"_s, 1,
        u"no template \"magic\".*rolling-restart"_s);
    row("an unknown platform", u"anna"_s, u"change plan --platform nowhere --template canary"_s, 1, u"no platform"_s);
    row("an unknown state", u"anna"_s, u"change list --state blessed"_s, 1, u"no state \"blessed\""_s);
    row("a time that is none", u"anna"_s, u"audit list --from yesterday"_s, 1, u"is not a time"_s);
    row("the viewer executes", u"vera"_s, u"change execute DRAFT"_s, 1, u"vera|role|draft"_s);
    row("the requester approves", u"anna"_s, u"change approve SUBMITTED --sha256 HASH"_s, 1,
        u"(?i)nobody approves|wrote"_s);
    row("the viewer approves", u"vera"_s, u"change approve SUBMITTED --sha256 HASH"_s, 1, u"(?i)role"_s);
    row("executed before it is approved", u"anna"_s, u"change execute SUBMITTED"_s, 1, u"(?i)submitted|approved"_s);
    row("taken over though nobody runs it", u"carl"_s, u"change takeover SUBMITTED --reason nobody"_s, 1, u"."_s);
    row("taken over without a reason", u"carl"_s, u"change takeover SUBMITTED"_s, 2, u"--reason"_s);
    row("resolved in words that mean nothing", u"carl"_s, u"change resolve SUBMITTED 1 perhaps --reason x"_s, 2,
        u"done\\|failed"_s);
    row("rejected without a comment", u"bob"_s, u"change reject SUBMITTED"_s, 1, u"comment"_s);
    row("cancelled by somebody else", u"carl"_s, u"change cancel SUBMITTED --reason because"_s, 1, u"(?i)request"_s);
    row("an action without a store's platform", u"anna"_s,
        u"action scale deployment/auth replicas=2 -n streamgate --context streamgate"_s, 2, u"--platform"_s);
    row("an unknown action", u"anna"_s, u"action explode deployment/auth"_s, 2, u"knows no \"explode\""_s);
    row("an action at once in production", u"anna"_s,
        u"action scale deployment/auth replicas=2 -n streamgate --platform streamgate --yes"_s, 1, u"--as-plan"_s);
}

void TestCtlChange::refusals()
{
    static const QJsonObject submitted = filed({scaleTo(u"upload"_s, 3)});
    static const QJsonObject draft = filed({scaleTo(u"worker"_s, 4)}, {});
    QFETCH(QString, person);
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    for (QString& word : arguments) {
        word.replace(u"SUBMITTED"_s, QString::number(submitted.value("number"_L1).toInteger()));
        word.replace(u"DRAFT"_s, QString::number(draft.value("number"_L1).toInteger()));
        word.replace(u"HASH"_s, submitted.value("sha256"_L1).toString());
    }
    const Ran ran = m_stage.ctl(person, arguments);
    COMPARE_RAN(ran, code);
    QVERIFY2(QRegularExpression(says).match(QString::fromUtf8(ran.err)).hasMatch(), ran.err.constData());
}

void TestCtlChange::approvalNamesTheHash()
{
    const QJsonObject request = filed({scaleTo(u"metadata"_s, 3)});
    const QString number = QString::number(request.value("number"_L1).toInteger());
    const QString hash = request.value("sha256"_L1).toString();
    const auto approve = [&](const QStringList& more, const QByteArray& input = {}) {
        return m_stage.ctl(u"bob"_s, QStringList{u"change"_s, u"approve"_s, number} + more, input);
    };
    const Ran silent = approve({});
    COMPARE_RAN(silent, 2);
    VERIFY_SAYS(silent, hash); // what would be approved is always shown
    COMPARE_RAN(approve({u"--sha256"_s, QString(64, u'0')}), 1);
    COMPARE_RAN(approve({u"--sha256"_s, hash.left(12)}), 1);
    const QString other =
        m_stage.file(u"other.json"_s, planText(u"streamgate"_s, u"Another"_s, {scaleTo(u"metadata"_s, 9)}));
    const Ran another = approve({u"--plan"_s, other});
    COMPARE_RAN(another, 1);
    VERIFY_SAYS(another, u"another plan"_s);
    COMPARE_RAN(approve({}, "00000000\n"), 1);
    QCOMPARE(stateOf(number.toLongLong()), u"submitted"_s);
    COMPARE_RAN(approve({}, hash.left(8).toLatin1() + '\n'), 0); // typed from what was shown
    QCOMPARE(stateOf(number.toLongLong()), u"approved"_s);
    const Ran fourEyes = m_stage.ctl(u"bob"_s, {u"change"_s, u"execute"_s, number});
    COMPARE_RAN(fourEyes, 1);
    VERIFY_SAYS(fourEyes, u"(?i)approved"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"cancel"_s, number, u"--reason"_s, u"only a test"_s}), 0);
}

void TestCtlChange::anEditVoidsTheApproval()
{
    const qint64 request = approved({scaleTo(u"metadata"_s, 3)});
    const QString number = QString::number(request);
    const QString plan =
        m_stage.file(u"edited.json"_s, planText(u"streamgate"_s, u"Edited"_s, {scaleTo(u"metadata"_s, 4)}));
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"edit"_s, number, u"--plan"_s, plan}), 0);
    QCOMPARE(stateOf(request), u"draft"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, number}), 1);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"submit"_s, number}), 0);
    COMPARE_RAN(m_stage.ctl(u"carl"_s, {u"change"_s, u"reject"_s, number, u"--comment"_s, u"one is enough"_s}), 0);
    QCOMPARE(stateOf(request), u"rejected"_s);
    QCOMPARE(replicas(u"metadata"_s), 2);
}

void TestCtlChange::aPipelineAwaits()
{
    const QJsonObject request = filed({scaleTo(u"cache"_s, 3)});
    const QString number = QString::number(request.value("number"_L1).toInteger());
    const Ran late =
        m_stage.ctl(u"anna"_s, {u"change"_s, u"await"_s, number, u"--state"_s, u"approved"_s, u"--timeout"_s, u"1s"_s});
    COMPARE_RAN(late, 4);
    VERIFY_SAYS(late, u"waits for"_s);
    const auto pipeline = m_stage.begin(u"anna"_s, {u"change"_s, u"execute"_s, number, u"--wait"_s});
    QVERIFY(QTest::qWaitFor([&] { return pipeline->readAllStandardError().contains("waits for"); }, 30'000));
    COMPARE_RAN(m_stage.ctl(u"bob"_s,
                            {u"change"_s, u"approve"_s, number, u"--sha256"_s, request.value("sha256"_L1).toString()}),
                0);
    QVERIFY(QTest::qWaitFor([&] { return pipeline->state() == QProcess::NotRunning; }, 60'000));
    QCOMPARE(pipeline->exitCode(), 0);
    QCOMPARE(replicas(u"cache"_s), 3);
    const auto await = [&](const QString& which, const QString& states) {
        return m_stage.ctl(u"vera"_s, {u"change"_s, u"await"_s, which, u"--state"_s, states, u"--timeout"_s, u"60s"_s});
    };
    COMPARE_RAN(await(number, u"verified"_s), 0);
    COMPARE_RAN(await(number, u"approved"_s), 0); // it was, and went well since
    COMPARE_RAN(await(number, u"rejected"_s), 5);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"close"_s, number}), 0);
    COMPARE_RAN(await(number, u"verified,closed"_s), 0);

    const auto filing = m_stage.begin(
        u"anna"_s,
        QStringList{u"change"_s, u"new"_s, u"--submit"_s, u"--wait"_s, u"--plan"_s,
                    m_stage.file(u"wait.json"_s, planText(u"streamgate"_s, u"Waits"_s, {scaleTo(u"cache"_s, 2)}))} +
            formWords());
    QVERIFY(QTest::qWaitFor([&] { return filing->readAllStandardError().contains("waits for"); }, 30'000));
    COMPARE_RAN(m_stage.ctl(u"bob"_s, {u"change"_s, u"reject"_s, QString::number(number.toInt() + 1), u"--comment"_s,
                                       u"not now"_s}),
                0);
    QVERIFY(QTest::qWaitFor([&] { return filing->state() == QProcess::NotRunning; }, 60'000));
    QCOMPARE(filing->exitCode(), 5);
}

void TestCtlChange::actions()
{
    const QStringList scale{u"action"_s,     u"scale"_s, u"deployment/streaming"_s,
                            u"replicas=6"_s, u"-n"_s,    u"streamgate"_s};
    const Ran dry = m_stage.ctl(u"anna"_s, scale + QStringList{u"--context"_s, u"streamgate"_s, u"--dry-run"_s});
    COMPARE_RAN(dry, 0);
    VERIFY_SAYS(dry, u"\\+ +replicas: 6"_s);
    const Ran viewer =
        m_stage.ctl(u"vera"_s, scale + QStringList{u"--context"_s, u"streamgate-viewer"_s, u"--dry-run"_s});
    COMPARE_RAN(viewer, 1);
    VERIFY_SAYS(viewer, u"not allowed to"_s);
    QCOMPARE(replicas(u"streaming"_s), 5);

    // A cluster of class development, here and in the store: at once, after a confirmation.
    const QString file =
        m_stage.file(u"shop.yaml"_s, "name: shop\ntitle: Shop\nsummary: For tests\nclusters:\n"
                                     "  - {name: dev, title: Development, class: development, context: streamgate}\n"
                                     "namespaces:\n  - {name: streamgate, cluster: dev, role: all, main: "
                                     "true}\nservices:\n  - {name: streaming, title: Streaming, kind: application}\n");
    m_stage.setClass(u"shop"_s, u"dev"_s, u"development"_s);
    const QStringList now =
        scale + QStringList{u"--platform"_s, u"shop"_s, u"--platform-dir"_s, file.section(u'/', 0, -2)};
    COMPARE_RAN(m_stage.ctl(u"anna"_s, now), 1); // nobody said yes
    QCOMPARE(replicas(u"streaming"_s), 5);
    const Ran done = m_stage.ctl(u"anna"_s, now, "yes\n");
    COMPARE_RAN(done, 0);
    QCOMPARE(replicas(u"streaming"_s), 6);
    const Ran asPlan = m_stage.ctl(u"anna"_s, scale + QStringList{u"--platform"_s, u"streamgate"_s, u"--as-plan"_s});
    const Ran proposed =
        m_stage.ctl(u"anna"_s, QStringList{u"change"_s, u"new"_s, u"--plan"_s, u"-"_s} + formWords(), asPlan.out);
    COMPARE_RAN(proposed, 0);
    VERIFY_SAYS(proposed, u"is draft"_s);
}

void TestCtlChange::confirmationAndStop()
{
    const QList<QJsonObject> steps{scaleTo(u"monitor"_s, 2),
                                   check(u"confirm"_s, {{u"question"_s, u"Does it serve?"_s}}),
                                   scaleTo(u"monitor"_s, 1)};
    const QString number = QString::number(approved(steps));
    const Ran left = m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, number}); // nobody answers
    COMPARE_RAN(left, 4);
    VERIFY_SAYS(left, u"Does it serve\\?"_s);
    QCOMPARE(replicas(u"monitor"_s), 2);
    const Ran early = m_stage.ctl(u"carl"_s, {u"change"_s, u"takeover"_s, number, u"--reason"_s, u"anna has left"_s});
    COMPARE_RAN(early, 1);
    VERIFY_SAYS(early, u"anna"_s);
    QVERIFY(m_stage.superuser().script(
        "UPDATE watchkeeper.execution SET lease_until = now() - interval '1 s' WHERE ended_at IS NULL"));
    const Ran resolved = m_stage.ctl(u"carl"_s, {u"change"_s, u"resolve"_s, number, u"2"_s, u"done"_s, u"--reason"_s,
                                                 u"it serves, I looked"_s, u"--stop-after-step"_s});
    COMPARE_RAN(resolved, 4);
    QVERIFY(m_stage.superuser().script(
        "UPDATE watchkeeper.execution SET lease_until = now() - interval '1 s' WHERE ended_at IS NULL"));
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"rollback"_s, number, u"--reason"_s, u"changed our minds"_s}), 5);
    QCOMPARE(stateOf(number.toLongLong()), u"rolled_back"_s);
    QCOMPARE(replicas(u"monitor"_s), 1);
}

void TestCtlChange::interruptedAfterThisStep()
{
    QTcpServer page; // the check waits for it until the test lets it answer
    QVERIFY(page.listen(QHostAddress::LocalHost));
    const QJsonObject serves =
        check(u"http"_s, {{u"url"_s, u"http://127.0.0.1:%1/"_s.arg(page.serverPort())}, {u"withinSeconds"_s, 120}});
    const int before = replicas(u"worker"_s);
    const QString number = QString::number(approved({serves, scaleTo(u"worker"_s, 5)}));
    const auto anna = m_stage.begin(u"anna"_s, {u"change"_s, u"execute"_s, number});
    QVERIFY(QTest::qWaitFor([&] { return page.hasPendingConnections(); }, 60'000));
    ::kill(pid_t(anna->processId()), SIGINT);
    QByteArray notes;
    QVERIFY(QTest::qWaitFor([&] { return (notes += anna->readAllStandardError()).contains("Stops after this step"); },
                            30'000));
    QTcpSocket* socket = page.nextPendingConnection();
    socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
    QVERIFY(QTest::qWaitFor([&] { return anna->state() == QProcess::NotRunning; }, 60'000));
    const QByteArray said = anna->readAllStandardOutput();
    QCOMPARE(anna->exitCode(), 4);
    QVERIFY2(said.contains("step 1: done") && said.contains("Stands before step 2 of 2"), said.constData());
    QCOMPARE(replicas(u"worker"_s), before);
    QVERIFY(m_stage.superuser().script(
        "UPDATE watchkeeper.execution SET lease_until = now() - interval '1 s' WHERE ended_at IS NULL"));
    const Ran went =
        m_stage.ctl(u"carl"_s, {u"change"_s, u"takeover"_s, number, u"--reason"_s, u"anna went home"_s}, "proceed\n");
    COMPARE_RAN(went, 0);
    QCOMPARE(replicas(u"worker"_s), 5);
}

void TestCtlChange::aHighRiskAsksForACode()
{
    const auto enrolling = m_stage.begin(u"bob"_s, {u"change"_s, u"enroll"_s});
    QByteArray said;
    QVERIFY(
        QTest::qWaitFor([&] { return (said += enrolling->readAllStandardOutput()).contains("otpauth://"); }, 30'000));
    const QByteArray secret = fromBase32(QString::fromLatin1(said.left(said.indexOf('\n'))));
    const qint64 step = QDateTime::currentSecsSinceEpoch() / 30;
    enrolling->write(oneTimeCode(secret, step).toLatin1() + '\n');
    QVERIFY(QTest::qWaitFor([&] { return enrolling->state() == QProcess::NotRunning; }, 30'000));
    QCOMPARE(enrolling->exitCode(), 0);

    const QJsonObject request = filed({scaleTo(u"metadata"_s, 7)}, {u"--submit"_s, u"--risk"_s, u"high"_s});
    const QStringList approve{u"change"_s, u"approve"_s, QString::number(request.value("number"_L1).toInteger()),
                              u"--sha256"_s, request.value("sha256"_L1).toString()};
    const Ran without = m_stage.ctl(u"bob"_s, approve);
    COMPARE_RAN(without, 1);
    VERIFY_SAYS(without, u"(?i)one-time code"_s);
    COMPARE_RAN(m_stage.ctl(u"bob"_s, approve + QStringList{u"--code"_s, u"123456"_s}),
                2); // others could read it there
    const Ran with = m_stage.ctl(u"bob"_s, approve + QStringList{u"--code"_s, u"-"_s},
                                 oneTimeCode(secret, step + 1).toLatin1() + '\n');
    COMPARE_RAN(with, 0);
    VERIFY_SAYS(with, u"waits for: .*security"_s);
    const Ran shown = m_stage.ctl(u"bob"_s, QStringList{u"change"_s, u"show"_s, approve[2]});
    VERIFY_SAYS(shown, u"bob approves revision 1, .*with a one-time code"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"cancel"_s, approve[2], u"--reason"_s, u"only a test"_s}), 0);
}

void TestCtlChange::onePersonAlone()
{
    const int before = replicas(u"auth"_s);
    const QStringList scale{u"action"_s, u"scale"_s,      u"deployment/auth"_s, u"replicas=%1"_s.arg(before + 1),
                            u"-n"_s,     u"streamgate"_s, u"--platform"_s,      u"streamgate"_s,
                            u"--yes"_s};
    const Ran done = m_stage.ctlAlone(scale);
    COMPARE_RAN(done, 0);
    QCOMPARE(replicas(u"auth"_s), before + 1);
    const Ran record = m_stage.ctlAlone({u"audit"_s, u"list"_s, u"-o"_s, u"json"_s});
    COMPARE_RAN(record, 0);
    QVERIFY2(record.out.contains("step.end") && record.out.contains("solo"), record.out.constData());
    COMPARE_RAN(m_stage.ctlAlone({u"audit"_s, u"verify"_s}), 0);
}

void TestCtlChange::aFailedCheckRollsBack()
{
    QJsonObject failing =
        check(u"http"_s, {{u"url"_s, u"http://127.0.0.1:1/"_s}, {u"withinSeconds"_s, 2}}); // nobody listens
    failing.insert(u"onFailure"_s, u"rollback"_s);
    const int before = replicas(u"auth"_s);
    const QString number = QString::number(approved({scaleTo(u"auth"_s, before + 2), failing}));
    const Ran ran = m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, number, u"-o"_s, u"json"_s});
    COMPARE_RAN(ran, 5);
    QCOMPARE(stateOf(number.toLongLong()), u"rolled_back"_s);
    QCOMPARE(replicas(u"auth"_s), before);
    for (const QByteArray& line : ran.out.trimmed().split('\n'))
        QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
}

void TestCtlChange::theRecord()
{
    COMPARE_RAN(m_stage.ctl(u"vera"_s, {u"audit"_s, u"verify"_s}), 0);
    const Ran exported = m_stage.ctl(u"vera"_s, {u"audit"_s, u"export"_s, u"--from"_s, u"-1h"_s});
    COMPARE_RAN(exported, 0);
    const auto lines = exported.out.trimmed().split('\n');
    const auto rows = m_stage.superuser().run("SELECT count(*) FROM watchkeeper.audit");
    QCOMPARE(qint64(lines.size()), rows->number(0, 0));
    qint64 expected = lines.size();
    for (const QByteArray& line : lines)
        QCOMPARE(QJsonDocument::fromJson(line).object().value("seq"_L1).toInteger(), expected--);
    const Ran ofOne =
        m_stage.ctl(u"vera"_s, {u"audit"_s, u"list"_s, u"--request"_s, u"1"_s, u"--action"_s, u"request."_s});
    COMPARE_RAN(ofOne, 0);
    VERIFY_SAYS(ofOne, u"bob .*request.approve"_s);
}

void TestCtlChange::aBrokenRecordIsNamed()
{
    QVERIFY(m_stage.superuser().script("ALTER TABLE watchkeeper.audit DISABLE TRIGGER ALL;"
                                       "UPDATE watchkeeper.audit SET person = 'nobody' WHERE seq = 7;"
                                       "ALTER TABLE watchkeeper.audit ENABLE TRIGGER ALL"));
    const Ran broken = m_stage.ctl(u"vera"_s, {u"audit"_s, u"verify"_s});
    COMPARE_RAN(broken, 1);
    VERIFY_SAYS(broken, u"from row 7 on"_s);
}

QTEST_GUILESS_MAIN(TestCtlChange)
#include "test_ctl_change.moc"
