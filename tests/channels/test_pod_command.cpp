// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptedSockets.h"
#include "channels/PodCommandRun.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::channels;
using wk::test::ScriptedSockets;

namespace {
const QByteArray success = R"({"status":"Success"})";
} // namespace

/// A command against a cluster whose every word is given.
class TestPodCommand : public QObject
{
    Q_OBJECT

    ManualClock m_clock;
    std::unique_ptr<ScriptedSockets> m_sockets;
    std::unique_ptr<PodCommandRun> m_run;
    QList<Result<CommandOutcome>> m_ends;

    ScriptedSockets::CallPtr start(qint64 maxBytes = 1000)
    {
        CommandWish wish{u"shop"_s, u"cart-0"_s, u"app"_s, {u"df"_s, u"-h"_s}};
        wish.limitMs = 5'000;
        wish.maxBytes = maxBytes;
        m_run = std::make_unique<PodCommandRun>(wish, *m_sockets, m_clock,
                                                [this](Result<CommandOutcome> r) { m_ends.append(std::move(r)); });
        return m_sockets->calls.back();
    }

private slots:
    void init()
    {
        m_sockets = std::make_unique<ScriptedSockets>();
        m_ends.clear();
    }
    void cleanup() { m_run.reset(); }

    void outputAndExitCode()
    {
        const auto call = start();
        QCOMPARE(call->request.query, "command=df&command=-h&container=app&stdout=true&stderr=true");
        QCOMPARE(call->protocols, (QList<QByteArray>{"v5.channel.k8s.io", "v4.channel.k8s.io"}));
        call->open("v5.channel.k8s.io");
        call->say(1, "one ");
        call->say(2, "warning");
        call->say(1, "two");
        call->say(255, "\x01");
        m_clock.advance(1'500);
        call->say(3, R"({"status":"Failure","reason":"NonZeroExitCode",)"
                     R"("details":{"causes":[{"reason":"ExitCode","message":"7"}]}})");
        QCOMPARE(m_ends.size(), 0);
        call->end();
        QCOMPARE(m_ends.size(), 1);
        QVERIFY(m_ends.first().has_value());
        const CommandOutcome& outcome = *m_ends.first();
        QCOMPARE(outcome.out.bytes, "one two");
        QCOMPARE(outcome.err.bytes, "warning");
        QCOMPARE(outcome.exitCode, 7);
        QCOMPARE(outcome.milliseconds, 1'500);
        QVERIFY(call->sent.isEmpty()); // no input
    }

    void tooMuchIsCountedAndLetGo()
    {
        const auto call = start(10);
        call->open();
        call->say(1, "12345678");
        call->say(1, "9012345");
        call->say(3, success);
        call->end();
        QCOMPARE(m_ends.first()->out.bytes, "1234567890");
        QCOMPARE(m_ends.first()->out.omitted, 5);
        QCOMPARE(m_ends.first()->err.omitted, 0);
    }

    void whatMayNotBeIsSaid()
    {
        start()->refuse(403, Error::Kind::Forbidden);
        QCOMPARE(m_ends.size(), 1);
        QCOMPARE(m_ends.first().error().kind, Error::Kind::Forbidden);
        QVERIFY(m_ends.first().error().remedy.contains(u"pods/exec"_s));
    }

    void aBreakInTheMiddleIsNotTriedAgain()
    {
        const auto call = start();
        call->open();
        call->say(1, "half");
        call->end({Error{Error::Kind::Network, u"reset"_s, {}, {}}, {}, 0, {}});
        QCOMPARE(m_ends.size(), 1);
        QVERIFY(m_ends.first().error().sentence.contains(u"not known how it ended"_s));
        QCOMPARE(m_sockets->calls.size(), 1U);
    }

    void anEndWithoutAStatusIsNoSuccess()
    {
        const auto call = start();
        call->open();
        call->end({{}, {}, 1000, {}});
        QVERIFY(!m_ends.first().has_value());
    }

    void timeIsLimited()
    {
        const auto call = start();
        call->open();
        call->say(1, "so far");
        m_clock.advance(5'000);
        QVERIFY(call->closing);
        QCOMPARE(m_ends.size(), 1);
        QVERIFY(m_ends.first().error().sentence.contains(u"5 s"_s));
        QCOMPARE(m_ends.first().error().detail, u"so far"_s);
        call->end();
        QCOMPARE(m_ends.size(), 1);
    }

    void whoGivesUpIsToldOnce()
    {
        const auto call = start();
        call->open();
        m_run.reset();
        QVERIFY(!call->alive);
        QCOMPARE(m_ends.size(), 1);
        QCOMPARE(m_ends.first().error().kind, Error::Kind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPodCommand)
#include "test_pod_command.moc"
