// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReaderBench.h"

using namespace wk;
using namespace wk::logs;
using namespace wk::test;

/// One run of one container, over as many requests as it takes, against a server whose every answer is scripted.
class TestLogReader : public QObject
{
    Q_OBJECT

private slots:
    void whatIsAskedFor();
    void aBeginningIsAskedForOnce();
    void nothingIsTakenBeforeItIsProved();
    void aCutIsResumedWithoutDoubles();
    void aHalfLineIsReadAgain();
    void equalLinesAreAllThere();
    void linesThatAreGoneLeaveAGap();
    void aTailIsNotFilledUp();
    void theLastWordsAreReadAgain();
    void aRestartIsReadFromPrevious();
    void anotherRunIsNeverTakenForThisOne();
    void twoRestartsLeaveAGap();
    void aPodThatGoesInOrderLeavesNoGap();
    void aPodThatGoesMeanwhileLeavesAGap();
    void aNamesakeIsAnotherPod();
    void aSilentStreamIsDoubled();
    void aServerThatDoesNotAnswerIsAskedAgain();
    void refusalsAreSaid();
    void aServerThatEndsTheStreamIsAskedAgain();
    void aSlowStoreSlowsTheServer();
    void wordsOfTheKubeletAreLines();
    void timesNeverGoBack();
    void onlyThePastIsRead();
};

void TestLogReader::whatIsAskedFor()
{
    ReaderBench b;
    const auto call = b.log();
    QCOMPARE(call->query("container"), u"app"_s);
    QCOMPARE(call->query("timestamps"), u"true"_s);
    QCOMPARE(call->query("follow"), u"true"_s);
    QVERIFY(!call->has("sinceTime") && !call->has("tailLines") && !call->has("previous"));
    QCOMPARE(call->request.lane, net::Request::Lane::Stream);
    QVERIFY(call->request.idleTimeoutMs <= 0); // a log may be silent for hours
    QCOMPARE(b.phase(), Phase::Opening);
}

void TestLogReader::aBeginningIsAskedForOnce()
{
    LogReader::Setup setup;
    setup.tail = 3;
    setup.sinceNs = 1'795'312'805'500'000'000; // 02:00:05.5
    ReaderBench b(setup);
    auto call = b.opened();
    QCOMPARE(call->query("tailLines"), u"3"_s);
    QCOMPARE(call->query("sinceTime"), u"2026-11-22T02:00:05Z"_s);
    call->data(at(5'100, "before") + at(5'500, "a") + at(7'000, "b"));
    QCOMPARE(b.lines, (QByteArrayList{"a", "b"}));
    call->cut();
    b.wait();
    call = b.log();
    QVERIFY(!call->has("tailLines"));
    QCOMPARE(call->query("sinceTime"), u"2026-11-22T02:00:06Z"_s); // a second more than the last line's own
}

void TestLogReader::nothingIsTakenBeforeItIsProved()
{
    ReaderBench b;
    const auto call = b.log();
    call->head(200, "text/plain");
    call->data(at(1, "a"));
    QCOMPARE(b.lines, QByteArrayList());
    b.tellPod({});
    QCOMPARE(b.lines, QByteArrayList{"a"});
    QCOMPARE(b.phase(), Phase::Reading);
}

void TestLogReader::aCutIsResumedWithoutDoubles()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a") + at(2'000, "b"));
    for (int i = 0; i < 5; ++i) {
        call->cut();
        b.wait();
        call = b.opened();
        QCOMPARE(call->query("sinceTime"), u"2026-11-22T02:00:01Z"_s);
        call->data(at(1'000, "a") + at(2'000, "b") + at(2'001, "c"));
    }
    QCOMPARE(b.lines, (QByteArrayList{"a", "b", "c"}));
    QCOMPARE(b.gaps(), 0);
    QCOMPARE(b.reader->state().interruptions, 5);
}

void TestLogReader::aHalfLineIsReadAgain()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a") + at(1'500, "half a line").chopped(6));
    call->cut();
    b.wait();
    call = b.opened();
    call->data(at(1'000, "a") + at(1'500, "half a line"));
    QCOMPARE(b.lines, (QByteArrayList{"a", "half a line"}));
}

void TestLogReader::equalLinesAreAllThere()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "x") + at(1'000, "x") + at(1'000, "y"));
    call->cut();
    b.wait();
    // The server has one more of the same line at the same time.
    b.opened()->data(at(1'000, "x") + at(1'000, "x") + at(1'000, "y") + at(1'000, "x") + at(1'000, "y"));
    QCOMPARE(b.lines, (QByteArrayList{"x", "x", "y", "x", "y"}));
    QCOMPARE(b.gaps(), 0);
}

void TestLogReader::linesThatAreGoneLeaveAGap()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a") + at(30'000, "b"));
    call->cut();
    b.wait();
    b.opened()->data(at(50'000, "much later") + at(51'000, "and on")); // the kubelet has begun another file
    QCOMPARE(b.lines.size(), 5);
    QVERIFY2(b.lines[2].startsWith("GAPLines of app in api-1 may be missing after 2026-11-22T02:00:30"),
             b.lines[2].constData());
    QCOMPARE(b.lines.last(), "and on");
    QCOMPARE(b.gaps(), 1);
}

void TestLogReader::aTailIsNotFilledUp()
{
    LogReader::Setup setup;
    setup.tail = 2;
    ReaderBench b(setup);
    auto call = b.opened();
    call->data(at(5'400, "c") + at(5'600, "d"));
    call->cut();
    b.wait();
    // Since a second that begins before what was wanted.
    b.opened()->data(at(4'200, "a") + at(5'300, "b") + at(5'400, "c") + at(5'600, "d") + at(5'700, "e"));
    QCOMPARE(b.lines, (QByteArrayList{"c", "d", "e"}));
    QCOMPARE(b.gaps(), 0);
}

void TestLogReader::theLastWordsAreReadAgain()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->end();
    RunText over;
    over.running = false;
    b.tellPod(over);
    call = b.log();
    QVERIFY(!call->has("follow") && !call->has("previous"));
    QCOMPARE(call->query("sinceTime"), u"2026-11-22T02:00:00Z"_s);
    call->head(200, "text/plain");
    call->data(at(1'000, "a") + at(1'100, "b") + at(1'200, "last words").chopped(1)); // without a line's end
    call->end();
    b.tellPod(over);
    QCOMPARE(b.lines, (QByteArrayList{"a", "b", "last words"}));
    QCOMPARE(b.phase(), Phase::Done);
    QCOMPARE(b.gaps(), 0);
}

void TestLogReader::aRestartIsReadFromPrevious()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->cut();
    b.wait();
    // The connection was away, and there is another run: its lines are not this one's.
    RunText second{"run-2", "run-1", true, 1};
    call = b.opened(second);
    QVERIFY(!call->has("previous"));
    call->data(at(3'000, "of the second run"));
    call = b.opened(second);
    QCOMPARE(call->query("previous"), u"true"_s);
    QVERIFY(!call->has("follow"));
    call->data(at(1'000, "a") + at(1'500, "b"));
    call->end();
    QCOMPARE(b.lines, (QByteArrayList{"a", "b"}));
    QCOMPARE(b.phase(), Phase::Done);
    QCOMPARE(b.gaps(), 0);
}

void TestLogReader::anotherRunIsNeverTakenForThisOne()
{
    ReaderBench b;
    // Asked for the first run; before the server answered, the container was restarted.
    auto call = b.log();
    call->head(200, "text/plain");
    call->data(at(9'000, "of the second run"));
    b.tellPod({"run-2", "run-1", true, 1});
    QCOMPARE(b.lines, QByteArrayList());
    call = b.opened({"run-2", "run-1", true, 1});
    QCOMPARE(call->query("previous"), u"true"_s);
    call->data(at(1'000, "of the first"));
    call->end();
    QCOMPARE(b.lines, QByteArrayList{"of the first"});
    QCOMPARE(b.phase(), Phase::Done);
}

void TestLogReader::twoRestartsLeaveAGap()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->cut();
    b.wait();
    b.opened({"run-3", "run-2", true, 2})->data(at(9'000, "of the third"));
    QCOMPARE(b.lines.size(), 2);
    QVERIFY(b.lines[1].startsWith("GAP"));
    QCOMPARE(b.phase(), Phase::Done);
}

void TestLogReader::aPodThatGoesInOrderLeavesNoGap()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a") + at(1'100, "last").chopped(1));
    call->end();
    b.podIsGone();
    QCOMPARE(b.lines, (QByteArrayList{"a", "last"}));
    QCOMPARE(b.phase(), Phase::Done);
    QCOMPARE(b.gaps(), 0);
}

void TestLogReader::aPodThatGoesMeanwhileLeavesAGap()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->cut();
    b.wait();
    b.log()->refuse(404, "NotFound");
    b.podIsGone();
    QCOMPARE(b.lines.size(), 2);
    QVERIFY2(b.lines[1].startsWith("GAP") && b.lines[1].contains("02:00:01"), b.lines[1].constData());
    QCOMPARE(b.phase(), Phase::Done);
}

void TestLogReader::aNamesakeIsAnotherPod()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->end();
    b.tellPod({"run-1", {}, true, 0}, "u2"); // a StatefulSet's pod has come again under its name
    QCOMPARE(b.phase(), Phase::Done);
    QCOMPARE(b.lines, QByteArrayList{"a"});
    ReaderBench other;
    call = other.log();
    call->head(200, "text/plain");
    call->data(at(1'000, "of the namesake"));
    other.tellPod({}, "u2");
    QCOMPARE(other.phase(), Phase::Done);
    QVERIFY(!other.lines.contains("of the namesake"));
}

void TestLogReader::aSilentStreamIsDoubled()
{
    ReaderBench b;
    const auto first = b.opened();
    first->data(at(1'000, "a"));
    b.pass(29'000);
    QVERIFY(!b.server.takePath(logPath));
    b.pass(2'000);
    const auto second = b.log();
    QVERIFY(first->alive);
    first->data(at(31'000, "b")); // slow, not dead
    second->head(200, "text/plain");
    second->data(at(1'000, "a") + at(31'000, "b") + at(31'500, "c"));
    b.tellPod({});
    b.pass(0);
    QVERIFY(!first->alive);
    second->data(at(31'600, "d"));
    QCOMPARE(b.lines, (QByteArrayList{"a", "b", "c", "d"}));
    QCOMPARE(b.gaps(), 0);
    QCOMPARE(b.phase(), Phase::Reading);
}

void TestLogReader::aServerThatDoesNotAnswerIsAskedAgain()
{
    ReaderBench b;
    const auto first = b.log();
    b.pass(10'001);
    QVERIFY(!first->alive);
    QCOMPARE(b.phase(), Phase::Waiting);
    QVERIFY(b.reader->state().error->sentence.contains(u"10 s"));
    b.wait();
    b.opened()->data(at(1'000, "a"));
    QCOMPARE(b.lines, QByteArrayList{"a"});
    QVERIFY(!b.reader->state().error);
}

void TestLogReader::refusalsAreSaid()
{
    ReaderBench b;
    b.log()->refuse(403, "Forbidden", "pods \\\"api-1\\\" is forbidden: User \\\"eve\\\" cannot get resource");
    QCOMPARE(b.phase(), Phase::Waiting);
    QCOMPARE(b.reader->state().error->kind, Error::Kind::Forbidden);
    b.pass(20'000);
    QVERIFY(!b.server.takePath(logPath)); // rights are not given within seconds
    b.pass(30'000);
    b.log()->refuse(400, "BadRequest", "container \\\"app\\\" in pod \\\"api-1\\\" is waiting to start");
    b.tellPod({});
    QCOMPARE(b.phase(), Phase::Waiting);
    QVERIFY2(b.reader->state().error->text().contains(u"waiting to start") ||
                 b.reader->state().error->detail.contains(u"waiting to start"),
             qPrintable(b.reader->state().error->text()));
    b.reader->kick(); // the pod has changed
    b.log()->refuse(503, "ServiceUnavailable");
    QCOMPARE(b.phase(), Phase::Waiting);
    b.pass(20'000);
    b.opened()->data(at(1'000, "a"));
    QCOMPARE(b.lines, QByteArrayList{"a"});
}

void TestLogReader::aServerThatEndsTheStreamIsAskedAgain()
{
    ReaderBench b;
    auto call = b.opened();
    call->data(at(1'000, "a"));
    call->end(); // an API server that is being replaced ends its streams in order
    b.tellPod({});
    b.wait();
    call = b.opened();
    call->data(at(1'000, "a") + at(1'100, "b"));
    QCOMPARE(b.lines, (QByteArrayList{"a", "b"}));
    QCOMPARE(b.phase(), Phase::Reading);
}

void TestLogReader::aSlowStoreSlowsTheServer()
{
    ReaderBench b;
    b.stores = false;
    auto call = b.opened();
    const QByteArray line = at(1'000, QByteArray(1'000'000, 'x'));
    for (int i = 0; i < 12; ++i)
        call->data(line);
    QVERIFY(call->paused);
    for (const auto& stored : std::exchange(b.waiting, {}))
        stored();
    QCoreApplication::processEvents();
    QVERIFY(!call->paused);
}

void TestLogReader::wordsOfTheKubeletAreLines()
{
    ReaderBench b;
    b.opened()->data(at(1'000, "a") + "unable to retrieve container logs for containerd://0815\n" + at(2'000, "b"));
    QCOMPARE(b.lines, (QByteArrayList{"a", "unable to retrieve container logs for containerd://0815", "b"}));
    QCOMPARE(b.keys[1], b.keys[0]);
}

void TestLogReader::timesNeverGoBack()
{
    ReaderBench b;
    b.opened()->data(at(2'000, "a") + at(1'900, "stderr was stamped before") + at(2'100, "b"));
    QCOMPARE(b.keys[1], b.keys[0]);
    QVERIFY(b.keys[2] > b.keys[1]);
}

void TestLogReader::onlyThePastIsRead()
{
    LogReader::Setup setup;
    setup.follow = false;
    ReaderBench b(setup);
    auto call = b.log();
    QVERIFY(!call->has("follow"));
    QCOMPARE(call->request.lane, net::Request::Lane::Call);
    call->head(200, "text/plain");
    call->data(at(1'000, "a"));
    call->cut(); // before the pod was seen
    b.tellPod({});
    QCOMPARE(b.phase(), Phase::Waiting);
    b.wait();
    call = b.opened();
    call->data(at(1'000, "a") + at(1'500, "b"));
    call->end();
    QCOMPARE(b.lines, (QByteArrayList{"a", "b"}));
    QCOMPARE(b.phase(), Phase::Done);
}

QTEST_GUILESS_MAIN(TestLogReader)
#include "test_log_reader.moc"
