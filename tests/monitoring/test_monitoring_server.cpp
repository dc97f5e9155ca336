// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"

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

QTEST_GUILESS_MAIN(TestMonitoringServer)
#include "test_monitoring_server.moc"
