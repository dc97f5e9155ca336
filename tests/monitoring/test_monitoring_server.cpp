// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// How many questions go out, when, and what becomes of those that nobody wants any more.
class TestMonitoringServer : public QObject
{
    Q_OBJECT

private slots:
    void atMostTwoAtOnce();
    void cancelledOnTheServer();
    void ownerGoes();
    void chartAsksForWhatIsNew();
    void longRangesInPieces();
    void pieceFails();
    void clocks_data();
    void clocks();
    void clockAheadKeepsNothingOfTheFuture();
};

void TestMonitoringServer::atMostTwoAtOnce()
{
    QList<QPointer<QTcpSocket>> open;
    QByteArrayList asked;
    Bench b([&](QTcpSocket* socket, const Received& received) {
        open << socket;
        asked << received.body.left(7);
    });
    b.start();
    std::array<Question, 5> questions;
    constexpr Priority priorities[] = {Priority::Visible, Priority::Visible, Priority::Later, Priority::Visible,
                                       Priority::Now};
    for (std::size_t i = 0; i < questions.size(); ++i)
        questions[i].flight =
            b.prometheus->instant({QString::number(i), std::nullopt}, priorities[i], questions[i].then());
    QTRY_COMPARE(open.size(), 2);
    QCOMPARE(b.prometheus->running(), 2);
    QCOMPARE(b.prometheus->waiting(), 3);
    while (!open.isEmpty()) {
        TestServer::answer(open.takeFirst(), 200, empty, json);
        const int left = b.prometheus->running() + b.prometheus->waiting() - 1;
        QTRY_COMPARE(b.prometheus->running() + b.prometheus->waiting(), left);
        QTRY_COMPARE(open.size(), qMin(left, 2));
    }
    std::sort(asked.begin(), asked.begin() + 2);
    QCOMPARE(asked, QByteArrayList({"query=0", "query=1", "query=4", "query=3", "query=2"}));
    QCOMPARE(b.prometheus->sent(), quint64(5));
}

void TestMonitoringServer::cancelledOnTheServer()
{
    QPointer<QTcpSocket> socket;
    int requests = 0;
    Bench b([&](QTcpSocket* s, const Received&) {
        socket = s;
        ++requests;
    });
    b.start();
    std::array<Question, 3> questions;
    for (Question& question : questions)
        question.flight = b.prometheus->instant({u"q"_s, std::nullopt}, Priority::Now, question.then());
    QTRY_COMPARE(requests, 2);
    questions[2].flight.reset(); // never went out
    questions[0].flight.reset();
    questions[1].flight.reset();
    // The server sees that nobody listens any more.
    QTRY_VERIFY(!socket || socket->state() != QAbstractSocket::ConnectedState);
    QCOMPARE(b.prometheus->running() + b.prometheus->waiting(), 0);
    QCOMPARE(requests, 2);
    for (const Question& question : questions)
        QVERIFY(!question.result);
}

void TestMonitoringServer::ownerGoes()
{
    QPointer<QTcpSocket> socket;
    Bench b([&](QTcpSocket* s, const Received&) { socket = s; });
    b.start();
    Question question;
    question.flight = b.prometheus->instant({u"q"_s, std::nullopt}, Priority::Now, question.then());
    QTRY_VERIFY(socket);
    b.prometheus.reset();
    QTRY_VERIFY(!socket || socket->state() != QAbstractSocket::ConnectedState);
    question.flight.reset(); // after its server
    QVERIFY(!question.result);
}

void TestMonitoringServer::chartAsksForWhatIsNew()
{
    // Answers every instant that is asked for with its own time.
    const auto answerRange = [](QTcpSocket* socket, const Received& received) {
        QMap<QByteArray, double> form;
        for (const QByteArray& part : received.body.split('&'))
            form[part.split('=').value(0)] = part.split('=').value(1).toDouble();
        QByteArrayList values;
        for (double t = form["start"]; t <= form["end"]; t += form["step"])
            values << '[' + QByteArray::number(t, 'f', 3) + ",\"" + QByteArray::number(t, 'f', 0) + "\"]";
        TestServer::answer(socket, 200,
                           R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)" +
                               values.join(',') + "]}]}}",
                           json);
    };
    Bench b(answerRange);
    b.start();
    const auto ask = [&b](qint64 from, qint64 to) {
        Question question;
        question.flight =
            b.prometheus->chart({u"q"_s, {from, to}, 61, 1'000}, Priority::Visible,
                                [&question](Result<AnswerPtr> answer) { question.result = std::move(answer); });
        (void)question.wait();
        return question;
    };
    const qint64 now = b.clock.nowMs() / 60'000 * 60'000;
    constexpr qint64 hour = 3'600'000;
    const auto expectWhole = [](const Question& question, qint64 from, qint64 to) {
        QVERIFY(question.result && *question.result);
        QCOMPARE((**question.result)->series.size(), std::size_t(1));
        const auto& time = (**question.result)->series.front().time;
        QCOMPARE(time.size(), std::size_t((to - from) / 60'000 + 1));
        QCOMPARE(time.front(), from);
        QCOMPARE(time.back(), to);
    };
    expectWhole(ask(now - hour, now), now - hour, now);
    // Ten minutes later: the five that were too young to be kept, and the ten that are new.
    b.clock.advance(600'000);
    expectWhole(ask(now - hour + 600'000, now + 600'000), now - hour + 600'000, now + 600'000);
    QCOMPARE(b.server.received().size(), 2);
    const QByteArray second = b.server.received().last().body;
    const qint64 from = second.split('&').value(1).split('=').value(1).toDouble() * 1'000;
    QVERIFY2(from > now - 360'000 && from <= now - 240'000, second.constData());
    // What has settled is not asked for again.
    expectWhole(ask(now - hour + 600'000, now - 660'000), now - hour + 600'000, now - 660'000);
    QCOMPARE(b.server.received().size(), 2);
}

void TestMonitoringServer::longRangesInPieces()
{
    Bench b([](QTcpSocket* socket, const Received&) {
        TestServer::answer(socket, 200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})", json);
    });
    b.start();
    Question question;
    const qint64 now = b.clock.nowMs();
    question.flight =
        b.prometheus->chart({u"q"_s, {now - 30'000'000, now}, 40'000, 1'000}, Priority::Visible, question.then());
    QVERIFY(question.wait());
    QVERIFY(*question.result);
    QCOMPARE(b.server.received().size(), 3);
    for (const Received& received : b.server.received())
        QVERIFY(received.target == "/api/v1/query_range" && received.body.contains("step=1.000"));
}

void TestMonitoringServer::pieceFails()
{
    int requests = 0;
    Bench b([&](QTcpSocket* socket, const Received&) {
        const bool good = ++requests != 2;
        TestServer::answer(socket, good ? 200 : 503,
                           R"({"status":"success","data":{"resultType":"matrix","result":[]}})",
                           good ? json : "Content-Type: text/plain\r\n");
    });
    b.start();
    Question question;
    const qint64 now = b.clock.nowMs();
    question.flight =
        b.prometheus->chart({u"q"_s, {now - 30'000'000, now}, 40'000, 1'000}, Priority::Visible, question.then());
    QVERIFY(question.wait());
    QVERIFY(!*question.result);
    QCOMPARE(question.result->error().kind, Error::Kind::Server);
    QTRY_COMPARE(b.prometheus->running() + b.prometheus->waiting(), 0);
}

namespace {

/// What an HTTP server says in its Date, so far behind this machine.
QByteArray dateHeader(qint64 behindMs)
{
    const QDateTime at = QDateTime::currentDateTimeUtc().addMSecs(-behindMs);
    return "Date: " + QLocale::c().toString(at, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1() + "\r\n" + json;
}

} // namespace

void TestMonitoringServer::clocks_data()
{
    QTest::addColumn<qint64>("behindMs");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    QTest::newRow("the same") << qint64(0) << 200 << QString();
    QTest::newRow("some seconds") << qint64(20'000) << 200 << QString();
    QTest::newRow("ahead") << qint64(7'200'500) << 200 << u"This machine's clock is 120m ahead"_s;
    QTest::newRow("behind") << qint64(-3 * 86'400'000) << 200 << u"This machine's clock is"_s;
    QTest::newRow("of a refusal") << qint64(7'200'500) << 503 << u"ahead of the server's"_s;
}

void TestMonitoringServer::clocks()
{
    QFETCH(qint64, behindMs);
    QFETCH(int, status);
    QFETCH(QString, says);
    Bench b(
        [&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, empty, dateHeader(behindMs)); });
    QVERIFY(b.ask().result);
    const QString remark = b.prometheus->clockRemark();
    QVERIFY2(says.isEmpty() ? remark.isEmpty()
                            : remark.startsWith(u"This machine's clock is"_s) && remark.contains(says),
             qPrintable(remark));
    if (!says.isEmpty())
        QVERIFY2(remark.contains(behindMs > 0 ? u"ahead"_s : u"behind"_s), qPrintable(remark));
}

/// What the server cannot know yet is no gap: it is asked for again when it can.
void TestMonitoringServer::clockAheadKeepsNothingOfTheFuture()
{
    constexpr qint64 hour = 3'600'000;
    qint64 serverNow = 0;
    Bench b([&](QTcpSocket* socket, const Received& received) {
        const qint64 from = received.body.split('&').value(1).split('=').value(1).toDouble() * 1'000;
        QByteArrayList values;
        for (qint64 t = from; t <= serverNow; t += 60'000)
            values << '[' + QByteArray::number(t / 1'000) + ",\"1\"]";
        const QByteArray series = R"({"metric":{},"values":[)" + values.join(',') + "]}";
        TestServer::answer(socket, 200,
                           R"({"status":"success","data":{"resultType":"matrix","result":[)" +
                               (values.isEmpty() ? QByteArray() : series) + "]}}",
                           dateHeader(hour));
    });
    b.start();
    const qint64 now = b.clock.nowMs() / 60'000 * 60'000;
    serverNow = now - hour;
    const auto last = [&b](qint64 to) {
        Question question;
        question.flight =
            b.prometheus->chart({u"q"_s, {to - 2 * hour, to}, 121, 1'000}, Priority::Visible,
                                [&question](Result<AnswerPtr> answer) { question.result = std::move(answer); });
        (void)question.wait();
        return question.result && *question.result && !(**question.result)->series.empty()
                   ? (**question.result)->series.front().time.back()
                   : 0;
    };
    QCOMPARE(last(now), serverNow);
    b.clock.advance(hour / 2);
    serverNow += hour / 2;
    QCOMPARE(last(now + hour / 2), serverNow);
    const QByteArray body = b.server.received().last().body;
    const qint64 from = body.split('&').value(1).split('=').value(1).toDouble() * 1'000;
    QVERIFY2(from <= now - hour, body.constData());
    QVERIFY2(from > now - hour - 600'000, body.constData()); // what had settled there is kept
}

QTEST_GUILESS_MAIN(TestMonitoringServer)
#include "test_monitoring_server.moc"
