// SPDX-License-Identifier: GPL-3.0-or-later
// From the first draft to the end: filed, refused, approved, awaited.
#include "CtlChangeTest.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>

namespace wk::test {

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
    VERIFY_SAYS(approved, u"Scale deployment auth in streamgate from [0-9]+ to 3 replicas"_s); // shows what is approved
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

void TestCtlChange::itIsBoundToWhatWasThere()
{
    const auto scaled = [this](int replicas) {
        return m_stage.kubectl(u"streamgate"_s, {u"scale"_s, u"deployment"_s, u"monitor"_s, u"-n"_s, u"streamgate"_s,
                                                 u"--replicas=%1"_s.arg(replicas)});
    };
    const int before = replicas(u"monitor"_s);
    const auto request = approved({scaleTo(u"monitor"_s, before + 2)});
    COMPARE_RAN(scaled(before + 1), 0);
    const Ran late = m_stage.ctl(u"anna"_s, {u"change"_s, u"execute"_s, QString::number(request)}, "fail\n");
    QVERIFY(late.code != 0);
    VERIFY_SAYS(late, u"when this was approved"_s);
    QCOMPARE(replicas(u"monitor"_s), before + 1);

    // Filed unbound, it says so, and submitting binds it.
    const QJsonObject loose = filed({scaleTo(u"monitor"_s, before)}, {u"--no-pin"_s});
    const QString number = QString::number(loose.value("number"_L1).toInteger());
    const QStringList show{u"change"_s, u"show"_s, number};
    VERIFY_SAYS(m_stage.ctl(u"bob"_s, show), u"Step 1 is not bound to a state"_s);
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"submit"_s, number}), 0);
    const QJsonObject shown = CtlStage::json(m_stage.ctl(u"bob"_s, show + QStringList{u"-o"_s, u"json"_s}));
    QCOMPARE(shown.value("state"_L1).toString(), u"submitted"_s);
    QCOMPARE(shown.value("revision"_L1).toInt(), 2);
    QVERIFY(shown.value("loose"_L1).toArray().isEmpty());
    QVERIFY(shown.value("sha256"_L1) != loose.value("sha256"_L1));
    COMPARE_RAN(m_stage.ctl(u"anna"_s, {u"change"_s, u"cancel"_s, number, u"--reason"_s, u"tried"_s}), 0);
    COMPARE_RAN(scaled(before), 0);

    // What cannot be read is not filed as if it could.
    const QString nowhere =
        m_stage.file(u"nowhere.json"_s, planText(u"streamgate"_s, u"Nowhere"_s, {scaleTo(u"no-such"_s, 2)}));
    const Ran refused = m_stage.ctl(u"anna"_s, QStringList{u"change"_s, u"new"_s, u"--plan"_s, nowhere} + formWords());
    COMPARE_RAN(refused, 1);
    VERIFY_SAYS(refused, u"not bound to a state"_s);
    VERIFY_SAYS(refused, u"--no-pin"_s);
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

} // namespace wk::test

QTEST_GUILESS_MAIN(wk::test::TestCtlChange)
