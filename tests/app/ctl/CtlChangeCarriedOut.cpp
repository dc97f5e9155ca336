// SPDX-License-Identifier: GPL-3.0-or-later
// Carried out: single actions, stops, one-time codes, one person alone, rollback; and what the record says of it.
#include "CtlChangeTest.h"

#include "../../store/OneTimeCode.h"

#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

#include <csignal>

namespace wk::test {

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
    qint64 expected = 0;
    for (const QByteArray& line : lines)
        QCOMPARE(QJsonDocument::fromJson(line).object().value("seq"_L1).toInteger(), ++expected);
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

} // namespace wk::test
