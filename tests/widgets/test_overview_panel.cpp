// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeCluster.h"

#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtTest/QtTest>
#include <QtWidgets/QLabel>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using table::Freshness;
using table::Health;

class TestOverviewPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup() { m_panel.reset(); }
    void verdicts();
    void troubleLeadsToItsObject();
    void failedTileExplains();
    void unboundTileSaysWhatToDo();
    void sameEntriesKeepTheirTiles();

private:
    [[nodiscard]] OverviewEntry entry(const QString& id);

    Theme m_theme;
    std::shared_ptr<ManualClock> m_clock;
    std::shared_ptr<FakeCluster> m_cluster;
    std::unique_ptr<OverviewPanel> m_panel;
};

void TestOverviewPanel::init()
{
    m_clock = std::make_shared<ManualClock>();
    m_cluster = std::make_shared<FakeCluster>();
    m_panel = std::make_unique<OverviewPanel>(m_clock);
    m_panel->resize(1300, 800);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
}

OverviewEntry TestOverviewPanel::entry(const QString& id)
{
    cluster::OverviewSpec spec{.spaces = {u"shop"_s},
                               .services = {{u"Checkout"_s, {{u"Deployment"_s, u"shop"_s, u"checkout"_s}}}}};
    cluster::OverviewSources sources{m_cluster->table(u"pods"_s),
                                     m_cluster->table(u"nodes"_s),
                                     m_cluster->table(u"events"_s),
                                     m_cluster->table(u"deployments.apps"_s),
                                     m_cluster->table(u"statefulsets.apps"_s),
                                     m_cluster->table(u"daemonsets.apps"_s)};
    OverviewEntry entry;
    entry.id = id;
    entry.title = id;
    entry.overview = std::make_shared<cluster::Overview>(spec, sources, m_clock);
    entry.cluster = m_cluster;
    return entry;
}

void TestOverviewPanel::verdicts()
{
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"checkout"_s));
    m_panel->setEntries({entry(u"Shop"_s)});
    QCOMPARE(m_panel->tiles()[0]->text().verdict, u"The service is ready"_s);
    QCOMPARE(m_panel->headline(), u"Nothing needs a look"_s);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"checkout-0"_s, Health::Bad, u"OOMKilled"_s));
    QTRY_COMPARE(m_panel->tiles()[0]->text().verdict, u"1 pod needs a look"_s);
    QTRY_COMPARE(m_panel->headline(), u"1 of 1 needs a look: Shop"_s);
    m_cluster->table(u"nodes"_s)->put(FakeCluster::row({}, u"n1"_s, Health::Bad, u"does not report"_s));
    m_cluster->table(u"nodes"_s)->put(FakeCluster::row({}, u"n2"_s));
    QTRY_COMPARE(m_panel->tiles()[0]->text().verdict, u"1 node is not ready, 1 pod needs a look"_s);
    QCOMPARE(m_panel->tiles()[0]->text().facts[2].content.figure, u"1/2"_s);
}

void TestOverviewPanel::troubleLeadsToItsObject()
{
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"checkout-0"_s, Health::Bad, u"OOMKilled"_s));
    m_panel->setEntries({entry(u"Shop"_s)});
    auto* row = m_panel->findChild<OverviewRow*>(u"tileTroubleRow0"_s);
    QVERIFY(row);
    QVERIFY2(row->accessibleName().contains(u"checkout-0") && row->accessibleName().contains(u"OOMKilled"),
             qPrintable(row->accessibleName()));
    QSignalSpy spy(m_panel.get(), &OverviewPanel::openRequested);
    row->setFocus();
    QTest::keyClick(row, Qt::Key_Return);
    QCOMPARE(spy.size(), 1);
    QCOMPARE(spy[0][0].toString(), u"Shop"_s);
    const auto target = spy[0][1].value<cluster::ClusterTarget>();
    QCOMPARE(target.kindId, u"pods"_s);
    QCOMPARE(target.name, u"checkout-0"_s);
}

void TestOverviewPanel::failedTileExplains()
{
    for (const QString& id : {u"pods"_s, u"nodes"_s, u"events"_s})
        m_cluster->table(id)->set(Freshness::State::Failed,
                                  Error{Error::Kind::Network, u"host refuses connections"_s, {}, {}});
    m_panel->setEntries({entry(u"Shop"_s)});
    auto* state = m_panel->findChild<StateView*>(u"tileState"_s);
    QVERIFY(state->isVisible());
    QCOMPARE(state->state(), StateView::State::Failed);
    QVERIFY(state->text().contains(u"host refuses connections"));
    QSignalSpy spy(m_panel.get(), &OverviewPanel::explainRequested);
    emit state->actionTriggered();
    QCOMPARE(spy.size(), 1);
    QCOMPARE(m_panel->headline(), u"1 of 1 needs a look: Shop"_s);
}

void TestOverviewPanel::unboundTileSaysWhatToDo()
{
    OverviewEntry unbound;
    unbound.id = unbound.title = u"Shop"_s;
    unbound.problem = u"There is no context \"shop\""_s;
    unbound.remedy = u"Choose one."_s;
    unbound.action = u"Choose a context"_s;
    m_panel->setEntries({unbound});
    auto* state = m_panel->findChild<StateView*>(u"tileState"_s);
    QCOMPARE(state->title(), unbound.problem);
    QSignalSpy spy(m_panel.get(), &OverviewPanel::actionRequested);
    emit state->actionTriggered();
    QCOMPARE(spy[0][0].toString(), u"Shop"_s);
}

void TestOverviewPanel::sameEntriesKeepTheirTiles()
{
    const OverviewEntry a = entry(u"A"_s), b = entry(u"B"_s);
    m_panel->setEntries({a, b});
    const auto before = m_panel->tiles();
    m_panel->setEntries({b, a});
    QCOMPARE(m_panel->tiles(), (QList<OverviewTile*>{before[1], before[0]}));
    m_panel->setEntries({});
    QVERIFY(m_panel->findChild<StateView*>(u"overviewState"_s)->isVisible());
}

QTEST_MAIN(TestOverviewPanel)
#include "test_overview_panel.moc"
