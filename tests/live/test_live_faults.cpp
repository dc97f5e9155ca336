// SPDX-License-Identifier: GPL-3.0-or-later
#include "WatchedTable.h"
#include "support/ChaosProxy.h"
#include "support/Churn.h"
#include "support/LiveServer.h"
#include "support/Process.h"
#include "support/TlsFaultProxy.h"

#include <QtCore/QRandomGenerator>
#include <QtCore/QTimer>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// What goes wrong between a cockpit and a real API server, while objects change a hundred times a second. Each time:
/// shown as stale within 5 s, live again within 35 s of the server's return, and then the same table as kubectl's.
/// $WATCHKEEPER_LIVE_LONG=1 makes outages 20 s and the churn 5 minutes.
class TestLiveFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void followsChurn();
    void serverKilled();
    void serverStoppedInOrder();
    void historyCompacted();
    void connectionsCutAtRandom();
    void halfOpen();
    void throttled();
    void garbledFrame();
    void truncatedFrame();
    void manyWatchesAndLists();
    void cleanupTestCase();

private:
    static constexpr int staleWithinMs = 5000;
    static constexpr int liveWithinMs = 35'000;

    [[nodiscard]] static bool isLong() { return qEnvironmentVariableIntValue("WATCHKEEPER_LIVE_LONG") != 0; }
    [[nodiscard]] static int outageMs() { return isLong() ? 20'000 : 7'000; }
    [[nodiscard]] ControlPlane& plane() { return *m_server->controlPlane(); }
    void wait(int ms) { QTest::qWait(ms); } ///< lets the outage last; nothing is right because of it
    void equalsKubectl(WatchedTable& watched, int kind = 0);
    void comesBack(WatchedTable& watched);

    std::unique_ptr<LiveServer> m_server;
    std::unique_ptr<Churn> m_churn;
    qint64 m_acceptedBefore = 0;
};

void TestLiveFaults::initTestCase()
{
    if (const QString reason = LiveServer::missing(); !reason.isEmpty())
        QSKIP(qPrintable(u"live tests: skipped, because "_s + reason));
    m_server = std::make_unique<LiveServer>();
    QVERIFY2(m_server->start(0), qPrintable(m_server->error())); // the churn brings nodes of its own
    m_churn = std::make_unique<Churn>(plane().port(), plane().directory());
    QVERIFY(m_churn->populate(400));
}

void TestLiveFaults::init()
{
    m_acceptedBefore = m_churn->accepted();
    m_churn->start(100);
}

void TestLiveFaults::cleanup()
{
    m_churn->stop();
    // A test of faults under churn without churn would prove nothing.
    QVERIFY2(m_churn->accepted() - m_acceptedBefore > 50,
             qPrintable(QString::number(m_churn->accepted() - m_acceptedBefore)));
}

void TestLiveFaults::cleanupTestCase()
{
    m_churn.reset();
    m_server.reset();
}

void TestLiveFaults::equalsKubectl(WatchedTable& watched, int kind)
{
    // On a busy machine the churn needs its time, too.
    QTRY_VERIFY_WITH_TIMEOUT(m_churn->accepted() - m_acceptedBefore > 50, 60'000);
    m_churn->stop();
    const QString id = watched.table(kind)->kind().id();
    const QStringList arguments{u"get"_s, id, u"-A"_s, u"-o"_s, u"wide"_s};
    Comparison comparison;
    // The last events may still be on their way.
    QTRY_VERIFY2_WITH_TIMEOUT(
        (comparison = m_server->compareWithKubectl(u"root"_s, arguments, [&] { return watched.print(kind); }))
            .differences.isEmpty(),
        qPrintable(id + u": "_s + comparison.differences.mid(0, 10).join(u"\n  "_s) + u"\n"_s + watched.describe()),
        15'000);
    QVERIFY2(comparison.unsettled.isEmpty(), qPrintable(comparison.unsettled.join(u'\n')));
    QVERIFY(comparison.objects > 0);
}

void TestLiveFaults::comesBack(WatchedTable& watched)
{
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), liveWithinMs);
    equalsKubectl(watched);
}

void TestLiveFaults::followsChurn()
{
    WatchedTable watched(
        plane().kubeconfig(), u"admin"_s,
        {u"pods"_s, u"nodes"_s, u"namespaces"_s, u"events"_s, u"deployments"_s, u"configmaps"_s, u"serviceaccounts"_s});
    QVERIFY2(watched.error().isEmpty(), qPrintable(watched.error()));
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    wait(isLong() ? 300'000 : 30'000);
    QVERIFY2(watched.allLive() && !watched.wasStale(), qPrintable(watched.describe()));
    QVERIFY(watched.connection().stats().events > 1000);
    for (int kind = 0; kind < watched.count(); ++kind) {
        if (watched.table(kind)->size() > 0)
            equalsKubectl(watched, kind);
    }
}

void TestLiveFaults::serverKilled()
{
    WatchedTable watched(plane().kubeconfig(), u"admin"_s, {u"pods"_s, u"nodes"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    QVERIFY2(plane().command("kill"), qPrintable(plane().error()));
    QTRY_VERIFY2_WITH_TIMEOUT(watched.wasStale(), qPrintable(watched.describe()), staleWithinMs);
    QVERIFY(watched.table()->size() > 0);
    wait(outageMs());
    QVERIFY2(plane().command("start"), qPrintable(plane().error()));
    comesBack(watched);
}

void TestLiveFaults::serverStoppedInOrder()
{
    // The server may have just started (see the test before) and not know its roles yet: what it forbids now is asked
    // for again.
    WatchedTable watched(plane().kubeconfig(), u"viewer"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 60'000);
    QVERIFY2(plane().command("stop"), qPrintable(plane().error()));
    QTRY_VERIFY2_WITH_TIMEOUT(watched.wasStale(), qPrintable(watched.describe()), staleWithinMs);
    QVERIFY2(plane().command("start"), qPrintable(plane().error()));
    comesBack(watched);
}

void TestLiveFaults::historyCompacted()
{
    ChaosProxy proxy(plane().port());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"admin"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    const QByteArray version = m_server->kubectl(u"root"_s, {u"get"_s, u"--raw"_s, u"/api/v1/pods?limit=1"_s}).out;
    const QByteArray resourceVersion = version.mid(version.indexOf("\"resourceVersion\":\"") + 19).split('"').first();
    proxy.setRefusing(true);
    QTRY_VERIFY2_WITH_TIMEOUT(watched.wasStale(), qPrintable(watched.describe()), staleWithinMs);
    wait(2000); // the churn goes on behind the client's back
    // A new API server knows no event from before its start, and etcd none from before the compaction.
    QVERIFY2(plane().command("compact") && plane().command("kill") && plane().command("start"),
             qPrintable(plane().error()));
    wait(1000);
    QVERIFY2(plane().command("compact"), qPrintable(plane().error()));
    const Ran gone = m_server->kubectl(u"root"_s, {u"get"_s, u"--raw"_s,
                                                   u"/api/v1/pods?watch=1&timeoutSeconds=2&resourceVersion=%1"_s.arg(
                                                       QString::fromLatin1(resourceVersion))});
    QVERIFY2((gone.out + gone.err).contains("410") || (gone.out + gone.err).contains("too old"),
             (gone.out + gone.err).left(500).constData());
    proxy.setRefusing(false);
    comesBack(watched);
}

void TestLiveFaults::connectionsCutAtRandom()
{
    ChaosProxy proxy(plane().port());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"admin"_s, {u"pods"_s, u"nodes"_s, u"namespaces"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    QRandomGenerator random(11);
    QTimer cutter;
    int cuts = 0;
    QObject::connect(&cutter, &QTimer::timeout, &cutter, [&] {
        proxy.cutAll();
        ++cuts;
        cutter.start(200 + random.bounded(1500));
    });
    cutter.start(100);
    wait(isLong() ? 60'000 : 10'000);
    cutter.stop();
    QVERIFY(cuts > 5);
    comesBack(watched);
}

void TestLiveFaults::halfOpen()
{
    ChaosProxy proxy(plane().port());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"admin"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    // Nobody closes anything; nothing arrives any more.
    proxy.setSilent(true);
    QTRY_VERIFY2_WITH_TIMEOUT(watched.wasStale(), qPrintable(watched.describe()), staleWithinMs);
    wait(outageMs());
    proxy.setSilent(false);
    comesBack(watched);
}

void TestLiveFaults::throttled()
{
    TlsFaultProxy proxy(plane().port(), plane().directory());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"root"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    constexpr int retryAfter = 2;
    proxy.throttle(retryAfter);
    QTRY_VERIFY2_WITH_TIMEOUT(watched.wasStale(), qPrintable(watched.describe()), staleWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(proxy.throttled() > 0, staleWithinMs);
    const int before = proxy.throttled();
    wait(6000);
    // The server asked for 2 s between attempts: a heartbeat and a watch in 6 s are a handful, a storm is not.
    QVERIFY2(proxy.throttled() - before <= 12, qPrintable(QString::number(proxy.throttled() - before)));
    proxy.endThrottling();
    comesBack(watched);
}

void TestLiveFaults::garbledFrame()
{
    TlsFaultProxy proxy(plane().port(), plane().directory());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"root"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    proxy.spoil(TlsFaultProxy::Fault::Garble, 3);
    QTRY_VERIFY2_WITH_TIMEOUT(proxy.spoiled() == 3, qPrintable(watched.describe()), 60'000);
    comesBack(watched);
}

void TestLiveFaults::truncatedFrame()
{
    TlsFaultProxy proxy(plane().port(), plane().directory());
    WatchedTable watched(plane().kubeconfigThrough(proxy.port()), u"root"_s, {u"pods"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    proxy.spoil(TlsFaultProxy::Fault::Truncate, 3);
    QTRY_VERIFY2_WITH_TIMEOUT(proxy.spoiled() == 3, qPrintable(watched.describe()), 60'000);
    comesBack(watched);
}

void TestLiveFaults::manyWatchesAndLists()
{
    // More watches than a QNetworkAccessManager has connections for one host: lists must still get through.
    WatchedTable watched(plane().kubeconfig(), u"admin"_s,
                         {u"pods"_s, u"nodes"_s, u"namespaces"_s, u"services"_s, u"configmaps"_s, u"secrets"_s,
                          u"events"_s, u"serviceaccounts"_s, u"deployments"_s, u"replicasets"_s, u"statefulsets"_s,
                          u"daemonsets"_s});
    QVERIFY2(watched.error().isEmpty(), qPrintable(watched.error()));
    QCOMPARE(watched.count(), 12);
    QTRY_VERIFY2_WITH_TIMEOUT(watched.allLive(), qPrintable(watched.describe()), 20'000);
    std::vector<QFuture<Result<QByteArray>>> lists;
    for (int i = 0; i < 20; ++i)
        lists.push_back(watched.connection().get("/api/v1/pods", "resourceVersion=0"));
    QTRY_VERIFY2_WITH_TIMEOUT(std::ranges::all_of(lists, [](const auto& list) { return list.isFinished(); }),
                              qPrintable(watched.describe()), 30'000);
    for (const auto& list : lists) {
        const Result<QByteArray> result = list.result();
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().text()));
        QVERIFY(result->contains("api-gateway-"));
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_churn->accepted() - m_acceptedBefore > 100, 20'000);
    QVERIFY2(watched.allLive(), qPrintable(watched.describe()));
    equalsKubectl(watched);
}

QTEST_GUILESS_MAIN(TestLiveFaults)
#include "test_live_faults.moc"
