// SPDX-License-Identifier: GPL-3.0-or-later
#include "SessionBench.h"

using namespace wk;
using namespace wk::logs;
using namespace wk::test;

/// The log of a workload as a person sees it: merged, filtered, marked, saved.
class TestLogSession : public QObject
{
    Q_OBJECT

private slots:
    void podsAreMergedByTime();
    void podsComeAndGo();
    void aRestartIsAnotherSource();
    void aRunThatCameAndWentIsRead();
    void theFilterFollowsWhatComes();
    void aFilterIsReplacedAtOnce();
    void errorsAndMarksAreFound();
    void whatIsLetGoIsGoneEverywhere();
    void thePastEnds();
    void theRunBeforeIsRead();
    void refusedListsAreSaid();
    void containersAreKnownAlsoWhereOneIsRead();
    void aCronJobIsReadByItsJobs();
    void whatIsShownIsSaved();
};

void TestLogSession::podsAreMergedByTime()
{
    SessionBench b;
    const auto logs = b.begin({"api-1", "api-2"});
    QCOMPARE(logs.size(), 2);
    QVERIFY(logs[0] && logs[1]);
    QCOMPARE(b.server.calls.front()->query("labelSelector"), u"app=api"_s);
    logs[0]->data(at(1'000, "1a") + at(3'000, "1b"));
    logs[1]->data(at(2'000, "2a"));
    QTRY_COMPARE(b.shown(), (QByteArrayList{"1a", "2a", "1b"}));
    QSignalSpy changed(b.session.get(), &LogSession::linesChanged);
    logs[1]->data(at(3'500, "2b"));
    QTRY_COMPARE(b.session->size(), 4);
    QCOMPARE(changed.first().at(0).toLongLong(), 3); // what stood before it stands
    QCOMPARE(b.session->sourceName(b.session->placeAt(0).source), u"api-1/app"_s);
    QTRY_VERIFY(b.session->state().listed);
    QVERIFY(!b.session->state().finished);
}

void TestLogSession::podsComeAndGo()
{
    LogWish wish;
    wish.tail = 100;
    SessionBench b(wish);
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0) && b.watch);
    QCOMPARE(logs[0]->query("tailLines"), u"100"_s);
    logs[0]->data(at(1'000, "old"));
    b.event("ADDED", "api-2", {});
    auto second = b.openLog("api-2", {});
    QVERIFY(second);
    QVERIFY(!second->has("tailLines")); // one that begins now is read from its first line
    second->data(at(2'000, "new"));
    logs[0]->end();
    QCoreApplication::processEvents();
    b.event("DELETED", "api-1", {});
    b.server.takePath(podPath("api-1"))->refuse(404, "NotFound");
    QTRY_COMPARE(b.shown(), (QByteArrayList{"old", "new"}));
    QTRY_COMPARE(b.session->state().sources.size(), size_t(2));
    QTRY_VERIFY(b.session->state().sources[0].podGone);
    QTRY_COMPARE(b.session->state().sources[0].reader.phase, ReaderState::Phase::Done);
}

void TestLogSession::aRestartIsAnotherSource()
{
    SessionBench b;
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    logs[0]->data(at(1'000, "first run"));
    const RunText second{"run-2", "run-1", true, 1};
    logs[0]->end();
    b.event("MODIFIED", "api-1", second);
    // Both the reader and the feed look at the pod.
    b.tellPod("api-1", second);
    b.tellPod("api-1", second);
    QCoreApplication::processEvents();
    QList<ScriptedTransport::CallPtr> logsNow;
    while (auto call = b.server.takePath(podPath("api-1") + "/log")) {
        call->head(200, "text/plain");
        b.tellPod("api-1", second);
        logsNow.append(call);
    }
    QCOMPARE(logsNow.size(), 2);
    for (const auto& call : logsNow) {
        if (call->has("previous")) {
            call->data(at(1'000, "first run") + at(1'100, "last words"));
            call->end();
        } else {
            call->data(at(2'000, "second run"));
        }
    }
    QTRY_COMPARE(b.shown(), (QByteArrayList{"first run", "last words", "second run"}));
    QTRY_COMPARE(b.session->sourceName(b.session->placeAt(2).source), u"api-1/app (run 2)"_s);
}

void TestLogSession::aRunThatCameAndWentIsRead()
{
    SessionBench b;
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    b.event("MODIFIED", "api-1", {"run-3", "run-2", true, 2}); // run-2 lasted less than our look
    b.tellPod("api-1", {"run-3", "run-2", true, 2});
    int previous = 0, present = 0;
    while (auto call = b.server.takePath(podPath("api-1") + "/log"))
        ++(call->has("previous") ? previous : present);
    QCOMPARE(previous, 1);
    QCOMPARE(present, 1);
}

void TestLogSession::theFilterFollowsWhatComes()
{
    SessionBench b;
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    QByteArray text;
    for (int i = 0; i < 3'000; ++i)
        text += at(i, i % 100 == 7 ? "ERROR odd " + QByteArray::number(i) : "INFO even");
    logs[0]->data(text);
    QTRY_COMPARE(b.session->total(), 3'000);
    b.session->setFilter(*LogFilter::make(u"odd"_s, LogFilter::Mode::Words));
    QTRY_COMPARE(b.session->size(), 30);
    QCOMPARE(b.session->lineAt(29)->text, "ERROR odd 2907");
    QCOMPARE(b.session->unfiltered(), 0u);
    logs[0]->data(at(4'000, "odd again") + at(4'001, "not"));
    QTRY_COMPARE(b.session->size(), 31);
    QTRY_COMPARE(b.session->total(), 3'002);
    b.session->setFilter({});
    QCOMPARE(b.session->size(), 3'002);
}

void TestLogSession::aFilterIsReplacedAtOnce()
{
    SessionBench b;
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    QByteArray text;
    for (int i = 0; i < 60'000; ++i)
        text += at(i, "line " + QByteArray::number(i));
    logs[0]->data(text);
    QTRY_COMPARE_WITH_TIMEOUT(b.session->total(), 60'000, 30'000);
    for (const char16_t* word : {u"line", u"1", u"22", u"333"})
        b.session->setFilter(*LogFilter::make(QString::fromUtf16(word), LogFilter::Mode::Words));
    QTRY_VERIFY_WITH_TIMEOUT(b.session->unfiltered() == 0, 30'000);
    int expected = 0;
    for (int i = 0; i < 60'000; ++i)
        expected += QByteArray::number(i).contains("333");
    QCOMPARE(b.session->size(), expected); // nothing of the filters before
}

void TestLogSession::errorsAndMarksAreFound()
{
    SessionBench b;
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    logs[0]->data(at(1, "INFO a") + at(2, "WARN b") + at(3, "ERROR c") + at(4, "INFO d") + at(5, "FATAL e"));
    QTRY_COMPARE(b.session->size(), 5);
    LogSession& s = *b.session;
    QCOMPARE(s.findLevel(Level::Error, 0), 2);
    QCOMPARE(s.findLevel(Level::Error, 3), 4);
    QCOMPARE(s.findLevel(Level::Error, 4, true), 2);
    QCOMPARE(s.findLevel(Level::Error, 2, true), -1);
    QCOMPARE(s.findLevel(Level::Warning, 0), 1);
    s.setMarked(s.placeAt(1), true);
    s.setMarked(s.placeAt(3), true);
    QCOMPARE(s.findMark(0), 1);
    QCOMPARE(s.findMark(2), 3);
    QCOMPARE(s.findMark(3, true), 1);
    QCOMPARE(s.findMark(4), -1);
    s.setFilter(*LogFilter::make(u"INFO"_s, LogFilter::Mode::Words));
    QTRY_COMPARE(s.size(), 2);
    QCOMPARE(s.findMark(0), 1); // "d"; "b" is not shown
    s.setMarked(s.placeAt(1), false);
    QCOMPARE(s.findMark(0), -1);
}

void TestLogSession::whatIsLetGoIsGoneEverywhere()
{
    LogSession::Options options;
    options.limits.chunkBytes = 2'000;
    options.limits.lines = 500;
    SessionBench b({}, options);
    const auto logs = b.begin({"api-1"});
    QVERIFY(logs.value(0));
    logs[0]->data(at(0, "the very first"));
    QTRY_COMPARE(b.session->size(), 1);
    b.session->setMarked(b.session->placeAt(0), true);
    for (int i = 1; i < 3'000; i += 100) {
        QByteArray text;
        for (int j = i; j < i + 100; ++j)
            text += at(j, "line " + QByteArray::number(j));
        logs[0]->data(text);
    }
    QTRY_COMPARE(b.session->letGo() + quint32(b.session->total()), 3'001u);
    QVERIFY(b.session->total() <= 600);
    QVERIFY(b.session->marks().empty());
    QCOMPARE(b.session->lineAt(b.session->size() - 1)->text, "line 3000");
    QCOMPARE(b.session->lineAt(0)->text, "line " + QByteArray::number(b.session->letGo()));
}

void TestLogSession::thePastEnds()
{
    LogWish wish;
    wish.follow = false;
    SessionBench b(wish);
    const auto logs = b.begin({"api-1", "api-2"});
    QCOMPARE(logs.size(), 2);
    QVERIFY(logs[0] && logs[1] && !b.watch);
    QVERIFY(!logs[0]->has("follow"));
    for (const auto& log : logs) {
        log->data(at(1'000, "x"));
        log->end();
    }
    QTRY_VERIFY(b.session->state().finished);
    QCOMPARE(b.session->size(), 2); // what is said to be finished is there
}

void TestLogSession::theRunBeforeIsRead()
{
    LogWish wish;
    wish.previous = true;
    SessionBench b(wish);
    const RunText run{"run-2", "run-1", true, 1};
    const auto logs = b.begin({"api-1"}, run);
    QVERIFY(logs.value(0));
    QCOMPARE(logs[0]->query("previous"), u"true"_s);
    logs[0]->data(at(1'000, "panic"));
    logs[0]->end();
    QTRY_VERIFY(b.session->state().finished);
    QCOMPARE(b.shown(), QByteArrayList{"panic"});
    QCOMPARE(b.session->state().sources[0].run.ending, u"OOMKilled, exit code 137"_s);
}

void TestLogSession::refusedListsAreSaid()
{
    SessionBench b;
    b.server.take()->refuse(403, "Forbidden", "pods is forbidden");
    QTRY_VERIFY(b.session->state().error.has_value());
    QCOMPARE(b.session->state().error->kind, Error::Kind::Forbidden);
    QVERIFY(!b.session->state().listed);
}

void TestLogSession::containersAreKnownAlsoWhereOneIsRead()
{
    LogWish wish;
    wish.container = u"sidecar"_s;
    SessionBench b(wish);
    QVERIFY(!b.begin({"api-1"}).value(0)); // it has "app" only
    QTRY_COMPARE(b.session->state().containers, QStringList{u"app"_s});
    QVERIFY(b.session->state().sources.empty());
}

void TestLogSession::aCronJobIsReadByItsJobs()
{
    SessionBench b({}, {}, u"cron-7"_s);
    b.jobs = {{"api-1", "nightly-1"}, {"api-2", "other-1"}, {"api-3", "nightly-2"}};
    const auto logs = b.begin({"api-1", "api-2", "api-3"});
    QCOMPARE(logs.size(), 3);
    QVERIFY(!logs[0] && !logs[1] && !logs[2]); // not before it is known whose jobs they are
    const auto tellJob = [&](const QByteArray& job, const QByteArray& owner) {
        auto call = b.server.takePath("/apis/batch/v1/namespaces/shop/jobs/" + job);
        QVERIFY(call);
        call->answer(200, "application/json",
                     R"({"kind":"Job","metadata":{"name":"x","ownerReferences":[{"uid":")" + owner + "\"}]}}");
        QCoreApplication::processEvents();
    };
    tellJob("nightly-1", "cron-7");
    tellJob("other-1", "cron-8");
    tellJob("nightly-2", "cron-7");
    QVERIFY(b.server.takePath(podPath("api-1") + "/log"));
    QVERIFY(!b.server.takePath(podPath("api-2") + "/log"));
    QVERIFY(b.server.takePath(podPath("api-3") + "/log"));
}

void TestLogSession::whatIsShownIsSaved()
{
    SessionBench b;
    const auto logs = b.begin({"api-1", "api-2"});
    QVERIFY(logs.value(0) && logs.value(1));
    logs[0]->data(at(1'000, "keep 1") + at(3'000, "keep 3"));
    logs[1]->data(at(2'000, "keep 2") + at(2'500, "drop"));
    b.session->setFilter(*LogFilter::make(u"keep"_s, LogFilter::Mode::Words));
    QTRY_COMPARE(b.session->size(), 3);
    const QString name = b.dir.filePath(u"out.log"_s);
    const auto saving = b.session->exportTo(name, true, true);
    QSignalSpy finished(saving.get(), &LogExport::finished);
    QTRY_COMPARE(finished.size(), 1);
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "2026-11-22T02:00:01.000000000Z [api-1/app] keep 1\n"
                             "2026-11-22T02:00:02.000000000Z [api-2/app] keep 2\n"
                             "2026-11-22T02:00:03.000000000Z [api-1/app] keep 3\n");
}

QTEST_GUILESS_MAIN(TestLogSession)
#include "test_log_session.moc"
