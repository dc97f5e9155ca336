// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/Platforms.h"
#include "FakeCluster.h"

#include "widgets/common/Theme.h"
#include "widgets/overview/OverviewPanel.h"
#include "widgets/overview/PulseWords.h"
#include "widgets/overview/SignalButton.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QtTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using monitoring::Pulse;
using monitoring::Series;
using table::Health;

namespace {

const QByteArray shop = R"(
monitoring:
  prometheus:
    url: http://127.0.0.1:1
slos:
  - {name: availability, title: Availability, metric: availability, objective: ">= 99.9 %"}
alerts:
  - {name: high-error-rate, title: High error rate, urgency: critical, metric: error rate, when: "> 5 %"}
dashboards:
  - {name: overview, title: Overview, panels: [request rate]}
  - {name: performance, title: Performance, panels: [error rate]}
)";

Series seriesOf(double value, qint64 atMs, const monitoring::Labels& labels = {})
{
    Series out;
    out.labels = labels;
    out.time = {atMs - 60'000, atMs};
    out.value = {value / 2, value};
    return out;
}

} // namespace

/// A tile's figures, and where they lead.
class TestOverviewPulse : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup();
    void figuresLeadToTheirDashboard();
    void alertsAndBudgetsAreTold();
    void aFigureOfBeforeSaysSo();
    void withoutAServerItSaysWhy();
    void beforeTheFirstAnswersItSaysSo();
    void whatIsNotCertainSaysWhy();
    void healthLeadsToWhatIsDown();
    void whereThereIsLittleRoom();
    void whatWaitsIsOnTheTile();
    void onlyWhoLooksAsks();

private:
    [[nodiscard]] OverviewTile* tile() const { return m_panel->tiles().first(); }
    [[nodiscard]] SignalButton* button(int index) const
    {
        return tile()->findChild<SignalButton*>(u"tileSignal%1"_s.arg(index));
    }

    Theme m_theme;
    std::shared_ptr<ManualClock> m_clock;
    std::shared_ptr<FakeCluster> m_cluster;
    std::shared_ptr<const platform::Platform> m_platform;
    std::shared_ptr<monitoring::ServerSource> m_source;
    std::shared_ptr<monitoring::ProbeSource> m_probes;
    std::shared_ptr<Pulse> m_pulse;
    std::unique_ptr<OverviewPanel> m_panel;
};

void TestOverviewPulse::init()
{
    m_clock = std::make_shared<ManualClock>();
    m_cluster = std::make_shared<FakeCluster>();
    m_platform = shopWith(shop);
    QVERIFY(m_platform);
    monitoring::ServerSource::Places places;
    places.platform = m_platform;
    m_source = std::make_shared<monitoring::ServerSource>(places, *m_clock);
    m_pulse = std::make_shared<Pulse>(m_platform, std::make_shared<const monitoring::MetricCatalog>(builtinCatalog()),
                                      m_source);
    OverviewEntry entry;
    entry.id = u"shop/production"_s;
    entry.title = u"Shop"_s;
    entry.platform = u"shop"_s;
    const auto table = [this](const QString& id) { return m_cluster->table(id); };
    entry.overview = std::make_shared<cluster::Overview>(
        cluster::OverviewSpec{},
        cluster::OverviewSources{table(u"pods"_s), table(u"nodes"_s), table(u"events"_s), table(u"deployments.apps"_s),
                                 table(u"statefulsets.apps"_s), table(u"daemonsets.apps"_s)},
        m_clock);
    entry.cluster = m_cluster;
    entry.pulse = m_pulse;
    m_probes = std::make_shared<monitoring::ProbeSource>(monitoring::ProbeWay(), *m_clock, [] { return 0.5; });
    m_probes->setPlatform(
        shopWith("services:\n"
                 "  - {name: a, title: A, kind: database, product: PostgreSQL, host: 127.0.0.1, ports: [1]}\n"
                 "  - {name: b, title: B, kind: database, product: PostgreSQL, host: 127.0.0.1, ports: [2]}\n"));
    QCOMPARE(m_probes->counts().all(), 2);
    entry.probes = m_probes;
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"web"_s));
    m_panel = std::make_unique<OverviewPanel>(m_clock);
    m_panel->resize(1300, 800);
    m_panel->setEntries({entry});
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    m_source->look();
    QTRY_COMPARE_WITH_TIMEOUT(m_source->state(), monitoring::ServerSource::State::Found, 60'000);
}

void TestOverviewPulse::cleanup()
{
    m_panel.reset();
    m_pulse.reset();
    m_probes.reset();
    m_source.reset();
}

void TestOverviewPulse::figuresLeadToTheirDashboard()
{
    QSignalSpy asked(m_panel.get(), &OverviewPanel::pageRequested);
    m_pulse->takePart(u"errors"_s, std::vector{seriesOf(0.07, m_clock->nowMs())}, m_clock->nowMs());
    QTRY_COMPARE_WITH_TIMEOUT(button(1)->figure().text, u"7\u00A0%"_s, 60'000);
    QCOMPARE(button(1)->figure().health, Health::Bad);
    QVERIFY2(button(1)->accessibleName().contains(u"High error rate"_s), qPrintable(button(1)->accessibleName()));
    QVERIFY(button(1)->toolTip().contains(u"http_requests_total"_s)); // where it comes from
    QVERIFY(button(0)->figure().text.isEmpty());
    QCOMPARE(tile()->health(), Health::Bad);
    QCOMPARE(m_panel->headline(), u"1 of 1 needs a look: Shop"_s);
    QTest::keyClick(button(1), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), u"shop/production"_s);
    QCOMPARE(asked[0][1].toString(), u"performance"_s);
}

void TestOverviewPulse::alertsAndBudgetsAreTold()
{
    QSignalSpy asked(m_panel.get(), &OverviewPanel::pageRequested);
    const auto alert = [this](const QString& name, const QString& severity) {
        return seriesOf(1, m_clock->nowMs(), {{u"alertname"_s, name}, {u"severity"_s, severity}});
    };
    m_pulse->takeAlerts(std::vector{alert(u"Slow"_s, u"warning"_s), alert(u"high-error-rate"_s, u"critical"_s)},
                        m_clock->nowMs());
    auto* alerts = tile()->findChild<QWidget*>(u"tileAlerts"_s);
    QTRY_VERIFY_WITH_TIMEOUT(alerts->isVisible(), 60'000);
    auto* first = alerts->findChild<OverviewRow*>(u"tileAlertsRow0"_s);
    QCOMPARE(first->content().text, u"high-error-rate"_s);
    QCOMPARE(first->content().detail, u"High error rate"_s);
    QCOMPARE(tile()->findChild<QLabel*>(u"tileVerdict"_s)->text(), u"2 alerts are firing"_s);
    QTest::mouseClick(first, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].toString(), u"alerts"_s);
    QCOMPARE(asked[0][2].toString(), u"alert=\"high-error-rate\" state:firing"_s);
    const auto* critical = tile()->findChild<CountButton*>(u"tileCount0"_s);
    QCOMPARE(critical->accessibleName(), u"1 critical, Bad"_s);
    QTest::keyClick(const_cast<CountButton*>(critical), Qt::Key_Return);
    QCOMPARE(asked[1][2].toString(), u"severity=critical state:firing"_s);
    QCOMPARE(tile()->findChild<CountButton*>(u"tileCount1"_s)->content().word, u"warning"_s);
    auto* budget = tile()->findChild<OverviewRow*>(u"tileBudgetsRow0"_s);
    QVERIFY(budget && budget->isVisible());
    QCOMPARE(budget->content().text, u"Availability"_s);
    QVERIFY(!budget->content().bar); // nothing is known of it yet
    QTest::mouseClick(budget, Qt::LeftButton);
    QCOMPARE(asked[2][1].toString(), u"objectives"_s);
    QCOMPARE(asked[2][2].toString(), u"availability"_s);
}

void TestOverviewPulse::aFigureOfBeforeSaysSo()
{
    m_pulse->takePart(u"errors"_s, std::vector{seriesOf(0.01, m_clock->nowMs())}, m_clock->nowMs());
    m_pulse->takePart(u"errors"_s, fail(Error::Kind::Server, u"It is starting."_s), m_clock->nowMs() + 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(button(1)->figure().error, 60'000);
    QCOMPARE(button(1)->figure().text, u"1\u00A0%"_s);
    QVERIFY2(button(1)->accessibleName().contains(u"as of"_s), qPrintable(button(1)->accessibleName()));
    const QString origin = tile()->findChild<QLabel*>(u"tileOrigin"_s)->text();
    QVERIFY2(origin.contains(u"not of now"_s) && origin.contains(u"It is starting."_s), qPrintable(origin));
}

void TestOverviewPulse::withoutAServerItSaysWhy()
{
    monitoring::ServerSource::Places nowhere;
    monitoring::ServerSource source(nowhere, *m_clock);
    source.look();
    QTRY_COMPARE_WITH_TIMEOUT(source.state(), monitoring::ServerSource::State::Failed, 60'000);
    const Pulse pulse(m_platform, std::make_shared<const monitoring::MetricCatalog>(builtinCatalog()),
                      std::shared_ptr<monitoring::ServerSource>(&source, [](auto*) {}));
    const PulseText text = pulseText(pulse);
    QVERIFY2(text.why.startsWith(u"No figures: "_s), qPrintable(text.why));
    QCOMPARE(text.health, Health::None);
}

void TestOverviewPulse::beforeTheFirstAnswersItSaysSo()
{
    QCOMPARE(pulseText(*m_pulse).counts.size(), 1);
    QCOMPARE(pulseText(*m_pulse).counts[0].content.word, u"Asking which alerts fire"_s);
    m_pulse->takeAlerts(std::vector<Series>(), m_clock->nowMs());
    QCOMPARE(pulseText(*m_pulse).counts[0].content.word, u"No alert fires"_s);
    QCOMPARE(pulseText(*m_pulse).counts[0].content.health, Health::Good);
    const auto lines = healthLines(*m_probes, m_clock->nowMs());
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines[0].content.text, u"Asking 2 health endpoints"_s);
    QVERIFY(lines[0].content.figure.isEmpty()); // and not 0/2
    QCOMPARE(lines[0].content.health, Health::Unknown);
}

void TestOverviewPulse::whatIsNotCertainSaysWhy()
{
    // Ten days of June, of which the server knows four, and a budget of 43 minutes: six bad days would spend it.
    const qint64 day = 86'400'000;
    const monitoring::Period june{0, 30 * day};
    monitoring::SloReport report;
    report.status = monitoring::sloStatusFrom(june, 10 * day, 0.001, {1'000, 0.5, 4 * day}, true);
    QCOMPARE(report.status.state, monitoring::SloStatus::State::Uncertain);
    const auto specs = m_pulse->plan().budgets;
    const monitoring::PulseBudget budget = monitoring::judged(specs.at(0), report);
    QCOMPARE(budget.note, u"not certain: 40\u00A0% of the month so far is known"_s);
    QCOMPARE(budget.health, Health::Unknown);
    QVERIFY(budget.left && budget.leftAtWorst && *budget.left > *budget.leftAtWorst);
    const QString why = monitoring::unknownText(report.status);
    QVERIFY2(why.contains(u"6 d of 10 d are not known"_s) && why.contains(u"40"_s), qPrintable(why));
}

void TestOverviewPulse::healthLeadsToWhatIsDown()
{
    QSignalSpy asked(m_panel.get(), &OverviewPanel::pageRequested);
    auto* row = tile()->findChild<OverviewRow*>(u"tileHealthRow0"_s);
    QVERIFY(row && row->isVisible());
    // Nobody listens at those ports; a second failure is believed.
    const auto down = [&] {
        m_clock->advance(10'000);
        return row->content().health == Health::Bad && row->content().figure == u"0/2"_s;
    };
    QTRY_VERIFY_WITH_TIMEOUT(down(), 60'000);
    QVERIFY2(row->content().detail.startsWith(u"not: "_s), qPrintable(row->content().detail));
    QVERIFY(std::ranges::any_of(row->content().strip, [](const auto& cell) { return cell.down == 2; }));
    QTest::mouseClick(row, Qt::LeftButton);
    QCOMPARE(asked[0][1].toString(), u"health"_s);
    QCOMPARE(asked[0][2].toString(), u"is:trouble"_s);
}

/// What does not fit is a key away; what is in trouble stays counted.
void TestOverviewPulse::whereThereIsLittleRoom()
{
    auto* services = tile()->findChild<QWidget*>(u"tileTrouble"_s);
    auto* more = tile()->findChild<QToolButton*>(u"tileMore"_s);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"web-0"_s, Health::Bad, u"OOMKilled"_s));
    QTRY_VERIFY_WITH_TIMEOUT(services->isVisible(), 60'000);
    QCOMPARE(tile()->room(), TileRoom::Full);
    QVERIFY(!more->isVisible());
    tile()->setRoom(TileRoom::Tight);
    QVERIFY(!services->isVisible());
    QVERIFY(more->isVisible());
    QTest::keyClick(more, Qt::Key_Space);
    QCOMPARE(tile()->room(), TileRoom::Full);
    QVERIFY(services->isVisible());
    QTest::keyClick(more, Qt::Key_Space);
    QVERIFY(!services->isVisible());
    QVERIFY2(tile()->findChild<QLabel*>(u"tileVerdict"_s)->accessibleName().contains(u"1 pod needs a look"_s),
             qPrintable(tile()->findChild<QLabel*>(u"tileVerdict"_s)->accessibleName()));
}

void TestOverviewPulse::whatWaitsIsOnTheTile()
{
    QSignalSpy asked(m_panel.get(), &OverviewPanel::changesRequested);
    m_panel->setWaiting({{u"shop"_s, {u"Request 12 waits for your approval."_s}}, {u"other"_s, {u"x"_s}}});
    auto* row = tile()->findChild<OverviewRow*>(u"tileWaitingRow0"_s);
    QVERIFY(row && row->isVisible());
    QCOMPARE(row->content().text, u"Request 12 waits for your approval."_s);
    QTest::mouseClick(row, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    m_panel->setWaiting({});
    QVERIFY(!row->isVisible());
}

void TestOverviewPulse::onlyWhoLooksAsks()
{
    QSignalSpy watched(m_panel.get(), &OverviewPanel::watchedChanged);
    m_panel->hide();
    QCOMPARE(watched.count(), 1);
    QCOMPARE(watched[0][0].toBool(), false);
    m_panel->show();
    QCOMPARE(watched.count(), 2);
    QCOMPARE(watched[1][0].toBool(), true);
}

QTEST_MAIN(TestOverviewPulse)
#include "test_overview_pulse.moc"
