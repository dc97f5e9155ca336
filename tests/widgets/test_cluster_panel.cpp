// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClusterPanelFixture.h"

#include "widgets/cluster/DetailSections.h"
#include "widgets/cluster/DoctorDialog.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/cluster/SpaceChooser.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/TableHeader.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using table::Freshness;
using table::Health;

/// Kinds, namespaces, filters, and what the panel says where it cannot show them.
class TestClusterPanel : public ClusterPanelFixture
{
    Q_OBJECT

private slots:
    void kindsHaveCounts();
    void namespaceNarrowsWithoutARequest();
    void refusedForAllIsAskedForOne();
    void filterIsKeptPerKind();
    void forbiddenAndFailedSaySo();
    void withoutAClusterThereIsAWayOn();
    void aClusterMayBeNobodyElses();
    void troubleIsOneClickAway();
    void sortMarkLeavesWithItsTable();
    void emptyNamespaceLeadsToAll();
    void countIsSilentUntilKnown();
    void usageIsMeasured();
    void actionsSayWhyNot();
    void doctorSaysWhatFailed();
};

void TestClusterPanel::kindsHaveCounts()
{
    QCOMPARE(m_panel->currentKindId(), u"pods"_s);
    QCOMPARE(kindText(u"pods"_s), u"Pods, 3, 1 in trouble"_s);
    QCOMPARE(kindText(u"namespaces"_s), u"Namespaces, 2"_s);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-1"_s));
    QCOMPARE(kindText(u"pods"_s), u"Pods, 3"_s);
    QVERIFY(m_tallies->settled());
}

void TestClusterPanel::namespaceNarrowsWithoutARequest()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 2);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"other"_s, u"db-1"_s));
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-2"_s));
    QTRY_COMPARE(rowCount(), 3);
    auto* spaces = m_panel->findChild<SpaceChooser*>(u"spaceChooser"_s);
    QCOMPARE(spaces->space(), u"shop"_s);
    QCOMPARE(spaces->count(), 3);
}

void TestClusterPanel::refusedForAllIsAskedForOne()
{
    m_cluster->table(u"pods"_s)->set(Freshness::State::Unavailable,
                                     Error{Error::Kind::Forbidden, u"tester may not list pods"_s, {}, {}});
    m_cluster->table(u"pods"_s, u"shop"_s)->put(FakeCluster::row(u"shop"_s, u"only-here"_s));
    QVERIFY2(kindText(u"pods"_s) == u"Pods", qPrintable(kindText(u"pods"_s)));
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 1);
}

void TestClusterPanel::filterIsKeptPerKind()
{
    m_panel->dataTable()->setFilterText(u"is:trouble"_s);
    QTRY_COMPARE(rowCount(), 1);
    m_panel->open({.kindId = u"nodes"_s, .space = {}, .name = {}, .filter = {}});
    QCOMPARE(m_panel->dataTable()->filterText(), QString());
    m_panel->open({.kindId = u"pods"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(m_panel->dataTable()->filterText(), u"is:trouble"_s);
}

void TestClusterPanel::forbiddenAndFailedSaySo()
{
    auto* state = m_panel->dataTable()->findChild<StateView*>(u"stateView"_s);
    m_cluster->table(u"secrets"_s)
        ->set(Freshness::State::Unavailable, Error{Error::Kind::Forbidden, u"tester may not list secrets"_s, {}, {}});
    m_panel->open({.kindId = u"secrets"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_VERIFY(state->isVisible());
    QCOMPARE(state->state(), StateView::State::Unavailable);
    QVERIFY2(state->text().contains(u"tester may not list secrets"), qPrintable(state->text()));
    m_cluster->table(u"nodes"_s)
        ->set(Freshness::State::Failed, Error{Error::Kind::Network, u"host refuses connections"_s, {}, {}});
    m_panel->open({.kindId = u"nodes"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(state->state(), StateView::State::Failed);
    emit state->actionTriggered();
    QCOMPARE(m_cluster->reconnects, 1);
}

void TestClusterPanel::withoutAClusterThereIsAWayOn()
{
    m_panel->setNoCluster(u"No cluster is open"_s, u"hint"_s, u"Choose a cluster"_s);
    m_panel->setCluster(nullptr, nullptr);
    auto* state = m_panel->findChild<StateView*>(u"clusterState"_s);
    QVERIFY(state->isVisible());
    QSignalSpy spy(m_panel.get(), &ClusterPanel::actionRequested);
    emit state->actionTriggered();
    QCOMPARE(spy.size(), 1);
}

void TestClusterPanel::aClusterMayBeNobodyElses()
{
    const std::weak_ptr<FakeCluster> cluster = m_cluster;
    const std::weak_ptr<cluster::KindTallies> tallies = m_tallies;
    m_cluster.reset();
    m_tallies.reset();
    QVERIFY(!tallies.expired());
    m_panel->setCluster(nullptr, nullptr);
    QVERIFY(tallies.expired());
    QVERIFY(cluster.expired());
    QCOMPARE(m_panel->kindList()->topLevelItemCount(), 0);
}

void TestClusterPanel::troubleIsOneClickAway()
{
    auto* button = m_panel->findChild<QToolButton*>(u"troubleButton"_s);
    QTRY_VERIFY(button->isVisible());
    QCOMPARE(button->accessibleName(), u"1 in trouble"_s);
    button->click();
    QTRY_COMPARE(rowCount(), 1);
    QCOMPARE(m_panel->dataTable()->filterText(), u"is:trouble"_s);
    QVERIFY(button->isChecked());
    button->click();
    QTRY_COMPARE(rowCount(), 3);
    // The one namespace that is shown counts for itself.
    m_panel->open({.kindId = u"pods"_s, .space = u"other"_s, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 1);
    QVERIFY(!button->isVisible());
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"other"_s, u"db-0"_s, Health::Warning));
    QTRY_VERIFY(button->isVisible());
}

void TestClusterPanel::sortMarkLeavesWithItsTable()
{
    m_panel->open({.kindId = u"events"_s, .space = {}, .name = {}, .filter = {}});
    QCOMPARE(m_panel->dataTable()->view()->header()->sortKeys().size(), 1);
    m_panel->open({.kindId = u"pods"_s, .space = {}, .name = {}, .filter = {}});
    QCOMPARE(m_panel->dataTable()->view()->header()->sortKeys(), table::SortKeys());
    QCOMPARE(m_panel->dataTable()->view()->frozenHeader()->sortKeys(), table::SortKeys());
}

void TestClusterPanel::emptyNamespaceLeadsToAll()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"nobody"_s, .name = {}, .filter = {}});
    auto* action = m_panel->dataTable()->findChild<QPushButton*>(u"stateAction"_s);
    QTRY_VERIFY(action->isVisible());
    QCOMPARE(action->text(), u"Show all namespaces"_s);
    action->click();
    QCOMPARE(m_panel->space(), QString());
    QTRY_COMPARE(rowCount(), 3);
}

void TestClusterPanel::countIsSilentUntilKnown()
{
    m_cluster->table(u"nodes"_s)->set(Freshness::State::Loading);
    m_panel->open({.kindId = u"nodes"_s, .space = {}, .name = {}, .filter = {}});
    auto* count = m_panel->dataTable()->findChild<QLabel*>(u"filterCount"_s);
    QTRY_COMPARE(count->text(), QString());
    m_cluster->table(u"nodes"_s)->set(Freshness::State::Live);
    QTRY_COMPARE(count->text(), u"0"_s);
    QSignalSpy explain(m_panel.get(), &ClusterPanel::explainRequested);
    m_cluster->table(u"nodes"_s)
        ->set(Freshness::State::Failed, Error{Error::Kind::Network, u"host refuses connections"_s, {}, {}});
    QTRY_COMPARE(count->text(), QString());
    auto* help = m_panel->dataTable()->findChild<QPushButton*>(u"stateHelp"_s);
    QTRY_VERIFY(help->isVisible());
    help->click();
    QCOMPARE(explain.size(), 1);
}

void TestClusterPanel::usageIsMeasured()
{
    using K = table::Column::Kind;
    table::Columns columns{
        {.id = u"cpu"_s, .title = u"CPU"_s, .kind = K::MilliCpu, .description = {}},
        {.id = u"cpu-allocatable"_s, .title = u"CPU Allocatable"_s, .kind = K::MilliCpu, .description = {}}};
    columns[0].against = {{u"cpu-allocatable"_s, u"allocatable"_s, true}};
    table::Row row;
    row.cells = {qint64(190), qint64(3800)};
    const SummarySection section = sectionOfRow(u"At a glance"_s, columns, row, 0, true);
    QCOMPARE(section.items.size(), 1);
    QCOMPARE(section.items[0].value, u"190 · 5 % of allocatable (3,800 m)"_s);
}

void TestClusterPanel::actionsSayWhyNot()
{
    struct Offers final : ObjectActions
    {
        QList<Action> actionsFor(const Objects& objects) const override
        {
            if (objects.first().kind.id() != u"pods")
                return {};
            if (objects.first().name.isEmpty())
                return {{u"create"_s, u"Create"_s, u"N"_s, false}};
            return {{u"restart"_s, u"Restart"_s, u"R"_s, false}, {u"deletePods"_s, u"Delete"_s, u"Del"_s, true}};
        }
        QFuture<QString> whyNot(const QString& id, const Objects&) override
        {
            return QtFuture::makeReadyFuture(id == u"deletePods" ? u"tester may not delete pods."_s : QString());
        }
        void trigger(const QString& id, const Objects& objects) override
        {
            QStringList names;
            for (const Object& object : objects)
                names << object.name;
            names.sort();
            triggered << id + u' ' + names.join(u',');
        }
        QStringList triggered;
    } offers;
    m_panel->setObjectActions(&offers);
    const QString rowId = m_panel->dataTable()->model()->rowAt(0)->id;
    const QString name = m_panel->dataTable()->model()->rowAt(0)->name;
    QMenu menu;
    emit m_panel->dataTable()->contextMenuRequested(&menu, rowId);
    auto* restart = menu.findChild<QAction*>(u"action-restart"_s);
    auto* remove = menu.findChild<QAction*>(u"action-deletePods"_s);
    QVERIFY(restart && remove);
    QVERIFY(!restart->isEnabled()); // not before the cluster was asked
    QTRY_VERIFY(restart->isEnabled());
    QTRY_COMPARE(remove->toolTip(), u"tester may not delete pods."_s);
    QVERIFY(!remove->isEnabled());
    restart->trigger();
    QCOMPARE(offers.triggered, QStringList{u"restart "_s + name});
    QVERIFY(menu.findChild<QAction*>(u"action-create"_s)); // with no object at all
    // By key, on all rows that are selected; what is forbidden says so, and is not done.
    offers.triggered.clear();
    m_panel->dataTable()->view()->selectAll();
    m_panel->dataTable()->focusTable();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_R);
    QTRY_COMPARE(offers.triggered.size(), 1);
    QCOMPARE(offers.triggered.first().count(u','), m_panel->dataTable()->model()->rowCount() - 1);
    QSignalSpy notice(m_panel.get(), &ClusterPanel::notice);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Delete);
    QTRY_COMPARE(notice.size(), 1);
    QCOMPARE(notice.first().first().toString(), u"Delete: tester may not delete pods."_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_N);
    QTRY_COMPARE(offers.triggered.size(), 2);
    m_panel->dataTable()->focusFilter(); // letters belong to the line there
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_R);
    QCOMPARE(m_panel->dataTable()->filterText(), u"r"_s);
    QCOMPARE(offers.triggered.size(), 2);
    m_panel->dataTable()->setFilterText({});
    // Above the detail.
    m_panel->dataTable()->setCurrentId(rowId);
    emit m_panel->dataTable()->activated(rowId);
    auto* button = m_panel->findChild<QToolButton*>(u"bar-restart"_s);
    QVERIFY(button && !m_panel->findChild<QToolButton*>(u"bar-deletePods"_s));
    QTRY_VERIFY(button->isEnabled());
    button->click();
    QCOMPARE(offers.triggered.last(), u"restart "_s + name);
    m_panel->setObjectActions(nullptr);
}

void TestClusterPanel::doctorSaysWhatFailed()
{
    using S = cluster::DoctorStep::State;
    DoctorDialog dialog(u"shop"_s, nullptr);
    QVERIFY(dialog.verdict().contains(u"Examining"));
    dialog.setSteps({{u"file"_s, u"Kubeconfig"_s, S::Ok, u"read"_s, {}, {}, 1},
                     {u"tls"_s, u"TLS"_s, S::Failed, u"the certificate has expired"_s, u"CN=x"_s, u"Renew it."_s, 12},
                     {u"api"_s, u"API"_s, S::Skipped, {}, {}, {}, 0}},
                    true);
    QCOMPARE(dialog.verdict(), u"the certificate has expired"_s);
    QVERIFY2(dialog.report().contains(u"[failed] TLS (12 ms): the certificate has expired\n    -> Renew it."),
             qPrintable(dialog.report()));
}

QTEST_MAIN(TestClusterPanel)
#include "test_cluster_panel.moc"
