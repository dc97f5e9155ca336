// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClusterPanelFixture.h"

#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/SummaryView.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using table::Freshness;
using table::Health;

/// The detail of one object, beside its table.
class TestClusterDetail : public ClusterPanelFixture
{
    Q_OBJECT

private slots:
    void keysLeadToADetailAndBack();
    void openDetailGrowsOlder();
    void targetWithNameOpensTheObject();
    void objectThatGoesIsSaidToBeGone();
    void secretIsShownOnRequestAndHiddenAgain();
    void newestEventStandsFirst();
    void divisionsAreRemembered();
};

void TestClusterDetail::keysLeadToADetailAndBack()
{
    QTRY_COMPARE(rowCount(), 3);
    m_panel->dataTable()->setCurrentId(u"shop/api-0"_s);
    m_panel->dataTable()->focusTable();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_VERIFY(m_panel->isDetailOpen() && m_panel->detail()->isLoaded());
    QCOMPARE(m_panel->detail()->name(), u"api-0"_s);
    QVERIFY(m_panel->detail()->isVisible());
    auto* yaml = m_panel->findChild<CodeView*>(u"detailYaml"_s);
    m_panel->detail()->showPage(ObjectDetail::Page::Yaml);
    QVERIFY2(yaml->text().startsWith(u"apiVersion: v1\nkind: Pod\n"), qPrintable(yaml->text()));
    m_panel->detail()->setFocus();
    QTest::keyClick(m_panel->detail(), Qt::Key_Escape);
    QVERIFY(!m_panel->isDetailOpen());
    QTest::keyClick(m_panel.get(), Qt::Key_Slash);
    QTRY_COMPARE(QApplication::focusWidget()->objectName(), u"filterEdit"_s);
}

void TestClusterDetail::openDetailGrowsOlder()
{
    m_cluster->objects["api-0"] =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-0","namespace":"shop","creationTimestamp":"2023-11-14T22:12:00Z"}})";
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = u"api-0"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    auto* view = m_panel->findChild<SummaryView*>(u"detailSummary"_s);
    const auto created = [view] {
        for (const SummarySection& section : view->sections()) {
            for (const SummaryItem& item : section.items) {
                if (item.key == u"Created")
                    return item.value;
            }
        }
        return QString();
    };
    const QString before = created();
    QVERIFY2(before.contains(u"1 m ago"), qPrintable(before));
    m_clock->advance(60'000);
    QVERIFY2(created().contains(u"2 m ago"), qPrintable(created()));
    m_panel->closeDetail();
    QCOMPARE(m_cluster->fetches, 1);
}

void TestClusterDetail::targetWithNameOpensTheObject()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = u"api-1"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    QCOMPARE(m_panel->detail()->name(), u"api-1"_s);
    QCOMPARE(m_panel->findChild<QLabel*>(u"detailReason"_s)->text(), u"api: back-off restarting"_s);
    QSignalSpy notices(m_panel.get(), &ClusterPanel::notice);
    m_panel->open({.kindId = u"widgets.example.com"_s, .space = {}, .name = {}, .filter = {}});
    QCOMPARE(notices.size(), 1);
}

void TestClusterDetail::objectThatGoesIsSaidToBeGone()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = u"api-0"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    m_cluster->table(u"pods"_s)->remove(u"shop/api-0"_s);
    QVERIFY(m_panel->detail()->isGone());
    QVERIFY(m_panel->findChild<QLabel*>(u"detailReason"_s)->text().contains(u"deleted"));
}

void TestClusterDetail::secretIsShownOnRequestAndHiddenAgain()
{
    m_cluster->table(u"secrets"_s)->put(FakeCluster::row(u"shop"_s, u"key"_s));
    m_panel->open({.kindId = u"secrets"_s, .space = u"shop"_s, .name = u"key"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    auto* view = m_panel->findChild<SummaryView*>(u"detailSummary"_s);
    const auto shown = [view] {
        QString all;
        for (const SummarySection& section : view->sections()) {
            for (const SummaryItem& item : section.items)
                all += item.key + u'=' + item.value + u'\n';
        }
        return all;
    };
    QVERIFY2(shown().contains(u"password=Show value (7 bytes)"), qPrintable(shown()));
    const int before = m_cluster->fetches;
    emit view->linkActivated(u"secret:password"_s);
    QTRY_VERIFY2(shown().contains(u"password=hunter2"), qPrintable(shown()));
    QCOMPARE(m_cluster->fetches, before + 1);
    m_clock->advance(ObjectDetail::revealMs + 1);
    QVERIFY2(!shown().contains(u"hunter2"), qPrintable(shown()));
    emit view->linkActivated(u"secret:password"_s);
    QTRY_VERIFY(shown().contains(u"hunter2"));
    m_panel->closeDetail();
    QVERIFY(!shown().contains(u"hunter2"));
}

void TestClusterDetail::newestEventStandsFirst()
{
    for (const int minutes : {50, 2, 20}) {
        auto event = std::make_shared<table::Row>();
        event->id = event->name = QString::number(minutes);
        event->space = u"shop"_s;
        event->cells = {u"shop"_s,      table::Instant{m_clock->nowMs() - minutes * 60'000},
                        u"Normal"_s,    u"Scheduled"_s,
                        u"pod/api-0"_s, u"assigned"_s};
        m_cluster->table(u"events"_s)->put(event);
    }
    m_panel->open({.kindId = u"events"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 3);
    QTRY_COMPARE(m_panel->dataTable()->model()->rowAt(0)->name, u"2"_s);
    QCOMPARE(m_panel->dataTable()->model()->rowAt(2)->name, u"50"_s);
}

void TestClusterDetail::divisionsAreRemembered()
{
    auto* kinds = m_panel->findChild<QSplitter*>(u"kindSplitter"_s);
    QVERIFY2(m_panel->divisions().isEmpty(), "what nobody touched was remembered");
    QSignalSpy changed(m_panel.get(), &ClusterPanel::divisionsChanged);
    kinds->setFocus();
    emit kinds->splitterMoved(kinds->sizes().first(), 1); // as a drag that ends where it began
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_panel->divisions().value(u"kinds"_s).toInt(), kinds->sizes().first());

    ClusterPanel next(m_clock, m_states);
    next.resize(1300, 800);
    next.setDivisions({{u"kinds"_s, 300}, {u"beside"_s, 420}});
    next.show();
    QVERIFY(QTest::qWaitForWindowActive(&next));
    next.setCluster(m_cluster, m_tallies);
    next.open({.kindId = u"pods"_s, .space = {}, .name = u"api-0"_s, .filter = {}});
    QTRY_VERIFY(next.isDetailOpen());
    QTRY_COMPARE(next.findChild<QSplitter*>(u"kindSplitter"_s)->sizes().first(), 300);
    QTRY_COMPARE(next.findChild<QSplitter*>(u"detailSplitter"_s)->sizes().last(), 420);
    // A window that has become narrow lays the detail below, and a height is not taken from a width.
    next.resize(1000, 800);
    QTRY_COMPARE(next.findChild<QSplitter*>(u"detailSplitter"_s)->orientation(), Qt::Vertical);
    QTRY_VERIFY(qAbs(next.findChild<QSplitter*>(u"detailSplitter"_s)->sizes().last() - 400) <= 2);
}

QTEST_MAIN(TestClusterDetail)
#include "test_cluster_detail.moc"
