// SPDX-License-Identifier: GPL-3.0-or-later
// What the shell gives the monitoring panel of a place: on a simulated fleet, as two of its users.
#include "fleet/Fleet.h"
#include "monitoring/probes/ProbeSource.h"
#include "secrets/Credentials.h"
#include "watchkeeper/Platforms.h"
#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/shell/Settings.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;
using monitoring::ProbeBook;
using monitoring::ProbeResult;

namespace {

constexpr int longest = 60'000;

/// The same cluster by somebody who may do all, by one who only looks, and by a context that nobody has.
const QByteArray shop = R"(name: shop
title: Shop
clusters:
  - {name: mine, class: development, context: streamgate}
  - {name: shown, class: production, context: streamgate-viewer}
  - {name: missing, class: test, context: nobody-has-it}
namespaces:
  - {name: streamgate, cluster: mine, main: true}
services:
  - {name: gateway, title: Gateway, kind: gateway, ports: [8080], workloads: [{kind: Deployment, name: api-gateway}], endpoints: [{path: /health, use: health}]}
  - {name: ghost, title: Ghost, kind: application, host: ghost, ports: [8080], endpoints: [{path: /health, use: health}]}
)";

} // namespace

class TestMonitoringPlaces : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void throughTheConnection();
    void notAllowed();
    void noContext();
    void nobodyLooks();
    void connectionIsLost();

private:
    /// The last result of a service's probe, once it has one.
    [[nodiscard]] const ProbeBook::Entry* asked(const std::shared_ptr<monitoring::ProbeSource>& probes,
                                                const QString& service) const
    {
        for (const ProbeBook::Entry& entry : probes->book().entries())
            if (entry.spec.service == service)
                return entry.asked ? &entry : nullptr;
        return nullptr;
    }
    [[nodiscard]] static QString said(const ProbeBook::Entry* entry)
    {
        return entry && entry->last.error ? entry->last.error->sentence : QString();
    }

    std::shared_ptr<SystemClock> m_clock = std::make_shared<SystemClock>();
    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<Clusters> m_clusters;
    std::unique_ptr<Platforms> m_platforms;
    std::unique_ptr<secrets::Credentials> m_credentials;
    std::unique_ptr<MonitoringPlaces> m_places;
};

void TestMonitoringPlaces::initTestCase()
{
    fleet::Fleet::Options options;
    options.seed = 5;
    options.startMs = 1'795'428'000'000;
    options.portBase = 0;
    options.stateDirectory = m_dir.filePath(u"fleet"_s);
    options.only = {u"streamgate"_s};
    QVERIFY(QDir().mkpath(options.stateDirectory) && QDir(m_dir.path()).mkdir(u"platforms"_s));
    m_fleet = std::make_unique<fleet::Fleet>(options);
    const auto started = m_fleet->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
    QFile file(m_dir.filePath(u"platforms/shop.yaml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(shop), shop.size());
    file.close();
    m_settings = Settings::inDirectory(m_dir.filePath(u"settings"_s));
    m_clusters = std::make_unique<Clusters>();
    m_clusters->load({m_fleet->kubeconfigPath(), m_fleet->rolesKubeconfigPath()}, {});
    m_platforms = std::make_unique<Platforms>(*m_clusters, *m_settings, m_clock);
    m_platforms->load({m_dir.filePath(u"platforms"_s)});
    QVERIFY(m_platforms->place(u"shop/mine"_s) && m_platforms->place(u"shop/mine"_s)->context);
    m_credentials = std::make_unique<secrets::Credentials>(std::make_unique<secrets::MemoryStore>(),
                                                           secrets::CredentialLedger(QString()), u"a test"_s, *m_clock);
    m_places = std::make_unique<MonitoringPlaces>(*m_platforms, *m_clusters, *m_credentials, *m_clock);
}

/// Inside the cluster, by the connection that the cockpit has: what answers is up, what is not there is not.
void TestMonitoringPlaces::throughTheConnection()
{
    const auto probes = m_places->at(u"shop/mine"_s).probes;
    QVERIFY(probes);
    const auto want = probes->want();
    // Asked before there is a connection it says so, and it is no outage of the service.
    probes->askNow();
    QTRY_VERIFY_WITH_TIMEOUT(asked(probes, u"gateway"_s), longest);
    QVERIFY(asked(probes, u"gateway"_s)->last.verdict != ProbeResult::Verdict::Down);
    const auto isUp = [&] {
        probes->askNow();
        const auto* entry = asked(probes, u"gateway"_s);
        return entry && entry->last.httpStatus == 200;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUp(), longest);
    const ProbeBook::Entry* gateway = asked(probes, u"gateway"_s);
    QCOMPARE(gateway->spec.where(), u"api-gateway:8080 in streamgate"_s);
    QVERIFY(gateway->last.verdict == ProbeResult::Verdict::Up || gateway->last.verdict == ProbeResult::Verdict::Slow);
    QTRY_VERIFY_WITH_TIMEOUT(said(asked(probes, u"ghost"_s)).contains(u"cannot reach ghost:8080 in streamgate"_s),
                             longest);
    QCOMPARE(asked(probes, u"ghost"_s)->last.verdict, ProbeResult::Verdict::Unasked);
    // The same place gives the same probes.
    QCOMPARE(m_places->at(u"shop/mine"_s).probes, probes);
}

void TestMonitoringPlaces::notAllowed()
{
    const auto probes = m_places->at(u"shop/shown"_s).probes;
    const auto want = probes->want();
    const auto isTold = [&] {
        probes->askNow();
        return said(asked(probes, u"gateway"_s)).contains(u"The cluster does not let you reach api-gateway:8080"_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTold(), longest);
    QCOMPARE(asked(probes, u"gateway"_s)->last.verdict, ProbeResult::Verdict::Unasked);
}

void TestMonitoringPlaces::noContext()
{
    const auto probes = m_places->at(u"shop/missing"_s).probes;
    const auto want = probes->want();
    probes->askNow();
    QTRY_VERIFY_WITH_TIMEOUT(asked(probes, u"gateway"_s), longest);
    QVERIFY2(said(asked(probes, u"gateway"_s)).contains(u"has no context in the kubeconfig here"_s),
             qPrintable(said(asked(probes, u"gateway"_s))));
    QCOMPARE(asked(probes, u"gateway"_s)->last.verdict, ProbeResult::Verdict::Unasked);
}

void TestMonitoringPlaces::nobodyLooks()
{
    const auto probes = m_places->at(u"shop/mine"_s).probes;
    QVERIFY(!probes->isWanted());
    const qint64 at = asked(probes, u"gateway"_s)->last.atMs;
    probes->askNow();
    for (int i = 0; i < 50; ++i)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    QCOMPARE(asked(probes, u"gateway"_s)->last.atMs, at);
}

/// The API server goes: nobody knows how the service is, which is not the same as that it is down.
void TestMonitoringPlaces::connectionIsLost()
{
    const auto probes = m_places->at(u"shop/mine"_s).probes;
    const auto want = probes->want();
    m_fleet.reset();
    const auto isLost = [&] {
        probes->askNow();
        return asked(probes, u"gateway"_s)->last.verdict == ProbeResult::Verdict::Unasked;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isLost(), longest);
    QVERIFY(!said(asked(probes, u"gateway"_s)).isEmpty());
    for (const ProbeBook::Mark& mark : asked(probes, u"gateway"_s)->history)
        QVERIFY(mark.verdict != ProbeResult::Verdict::Down);
}

QTEST_MAIN(TestMonitoringPlaces)
#include "test_monitoring_places.moc"
