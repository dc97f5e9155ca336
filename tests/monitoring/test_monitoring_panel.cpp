// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "monitoring/metrics/PanelFeed.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::test;

namespace {

PanelPlan twoQueries()
{
    PanelPlan plan;
    plan.name = u"Latency"_s;
    plan.queries = {{u"fast"_s, u"p50"_s}, {u"slow"_s, u"p99"_s}};
    return plan;
}

QByteArray matrix(const QByteArray& value)
{
    return R"({"status":"success","warnings":["a store is away"],"data":{"resultType":"matrix","result":[{"metric":{"job":"api"},"values":[[1795176000,")" +
           value + R"("]]}]}})";
}

QString askedFor(const Received& received)
{
    return QUrlQuery(QString::fromUtf8(received.body)).queryItemValue(u"query"_s);
}

} // namespace

/// A dashboard's panel: all of its queries or what was there before.
class TestMonitoringPanel : public QObject
{
    Q_OBJECT
private slots:
    void allQueriesMakeOneAnswer()
    {
        Bench b([](QTcpSocket* socket, const Received& received) {
            TestServer::answer(socket, 200, matrix(askedFor(received) == u"fast" ? "0.1" : "0.9"), json);
        });
        b.start();
        PanelFeed feed(*b.prometheus, twoQueries());
        QCOMPARE(feed.state(), PanelFeed::State::Idle);
        feed.ask(range, 100, 7);
        QCOMPARE(feed.state(), PanelFeed::State::Asking);
        QTRY_COMPARE(feed.state(), PanelFeed::State::Current);
        QCOMPARE(feed.parts().size(), size_t(2));
        QCOMPARE(feed.parts()[0].title, u"p50"_s);
        QCOMPARE(feed.parts()[0].answer->series.at(0).value.at(0), 0.1);
        QCOMPARE(feed.parts()[1].answer->series.at(0).value.at(0), 0.9);
        QCOMPARE(feed.askedMs(), 7);
        QCOMPARE(feed.remarks(), QStringList{u"a store is away"_s}); // once
    }

    void afterAFailureTheAnswerBeforeStays()
    {
        bool broken = false;
        Bench b([&](QTcpSocket* socket, const Received& received) {
            if (broken && askedFor(received) == u"slow")
                TestServer::answer(socket, 503, "starting", {});
            else
                TestServer::answer(socket, 200, matrix("1"), json);
        });
        b.start();
        PanelFeed feed(*b.prometheus, twoQueries());
        feed.ask(range, 100, 7);
        QTRY_COMPARE(feed.state(), PanelFeed::State::Current);
        broken = true;
        feed.ask({range.from, range.to + 60'000}, 100, 8);
        QCOMPARE(feed.state(), PanelFeed::State::Stale);
        QTRY_VERIFY(feed.error());
        QVERIFY(feed.error()->sentence.contains(u"503"_s));
        QCOMPARE(feed.askedMs(), 7); // what is shown is as old as that
        QCOMPARE(feed.parts().size(), size_t(2));
        broken = false;
        feed.ask({range.from, range.to + 120'000}, 100, 9);
        QTRY_COMPARE(feed.state(), PanelFeed::State::Current);
        QVERIFY(!feed.error());
        QCOMPARE(feed.askedMs(), 9);
    }

    void anotherQuestionCallsTheFirstOff()
    {
        QList<QPointer<QTcpSocket>> open;
        Bench b([&](QTcpSocket* socket, const Received&) { open << socket; });
        b.start();
        PanelFeed feed(*b.prometheus, twoQueries());
        feed.ask(range, 100, 7);
        QTRY_COMPARE(open.size(), 2);
        feed.rest();
        QTRY_VERIFY(!open[0] || open[0]->state() != QAbstractSocket::ConnectedState);
        QCOMPARE(b.prometheus->running() + b.prometheus->waiting(), 0);
        QVERIFY(feed.parts().empty());
    }

    void withoutAQueryNothingIsAsked()
    {
        Bench b([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, empty, json); });
        b.start();
        PanelPlan plan;
        plan.why = u"revenue is not measured"_s;
        PanelFeed feed(*b.prometheus, plan);
        QSignalSpy changed(&feed, &PanelFeed::changed);
        feed.ask(range, 100, 7);
        QCOMPARE(changed.count(), 0);
        QCOMPARE(b.prometheus->sent(), quint64(0));
        QCOMPARE(feed.state(), PanelFeed::State::Idle);
    }

private:
    const monitoring::TimeRange range{1'795'172'400'000, 1'795'176'000'000};
};

QTEST_GUILESS_MAIN(TestMonitoringPanel)
#include "test_monitoring_panel.moc"
