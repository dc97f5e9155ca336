// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeCluster.h"

#include "table/TableModel.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/DetailSections.h"
#include "widgets/cluster/DoctorDialog.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/cluster/SpaceChooser.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/TableHeader.h"
#include "widgets/common/Theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using table::Freshness;
using table::Health;

namespace {

class MemoryStates final : public TableStates
{
public:
    QJsonObject load(const QString& id) const override { return states.value(id); }
    void save(const QString& id, const QJsonObject& state) override { states.insert(id, state); }
    QHash<QString, QJsonObject> states;
};

} // namespace

class TestClusterPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup() { m_panel.reset(); }
    void kindsHaveCounts();
    void keysLeadToADetailAndBack();
    void openDetailGrowsOlder();
    void namespaceNarrowsWithoutARequest();
    void refusedForAllIsAskedForOne();
    void targetWithNameOpensTheObject();
    void filterIsKeptPerKind();
    void forbiddenAndFailedSaySo();
    void objectThatGoesIsSaidToBeGone();
    void secretIsShownOnRequestAndHiddenAgain();
    void withoutAClusterThereIsAWayOn();
    void aClusterMayBeNobodyElses();
    void troubleIsOneClickAway();
    void newestEventStandsFirst();
    void sortMarkLeavesWithItsTable();
    void emptyNamespaceLeadsToAll();
    void countIsSilentUntilKnown();
    void divisionsAreRemembered();
    void usageIsMeasured();
    void doctorSaysWhatFailed();

private:
    QString kindText(const QString& id) const;
    [[nodiscard]] int rowCount() const { return m_panel->dataTable()->model()->rowCount(); }

    Theme m_theme;
    std::shared_ptr<ManualClock> m_clock;
    std::shared_ptr<FakeCluster> m_cluster;
    std::shared_ptr<cluster::KindTallies> m_tallies;
    std::shared_ptr<MemoryStates> m_states;
    std::unique_ptr<ClusterPanel> m_panel;
};

void TestClusterPanel::init()
{
    m_clock = std::make_shared<ManualClock>();
    m_cluster = std::make_shared<FakeCluster>();
    m_tallies = std::make_shared<cluster::KindTallies>(m_cluster);
    m_states = std::make_shared<MemoryStates>();
    for (const QString& space : {u"shop"_s, u"other"_s})
        m_cluster->table(u"namespaces"_s)->put(FakeCluster::row({}, space));
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-0"_s));
    m_cluster->table(u"pods"_s)->put(
        FakeCluster::row(u"shop"_s, u"api-1"_s, Health::Bad, u"api: back-off restarting"_s));
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"other"_s, u"db-0"_s));
    m_cluster->objects["api-0"] =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-0","namespace":"shop"},"spec":{"nodeName":"n1"}})";
    m_cluster->objects["api-1"] = R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-1","namespace":"shop"}})";
    m_cluster->objects["key"] =
        R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"key"},"data":{"password":"7 bytes"}})";
    m_cluster->objects["key+"] =
        R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"key"},"data":{"password":"aHVudGVyMg=="}})";
    m_panel = std::make_unique<ClusterPanel>(m_clock, m_states);
    m_panel->resize(1300, 800);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    m_panel->setCluster(m_cluster, m_tallies);
}

QString TestClusterPanel::kindText(const QString& id) const
{
    for (QTreeWidgetItemIterator it(m_panel->kindList()); *it; ++it) {
        if ((*it)->toolTip(0).section(u'\n', 0, 0) == id)
            return (*it)->data(0, Qt::AccessibleTextRole).toString();
    }
    return u"no such kind"_s;
}

void TestClusterPanel::kindsHaveCounts()
{
    QCOMPARE(m_panel->currentKindId(), u"pods"_s);
    QCOMPARE(kindText(u"pods"_s), u"Pods, 3, 1 in trouble"_s);
    QCOMPARE(kindText(u"namespaces"_s), u"Namespaces, 2"_s);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-1"_s));
    QCOMPARE(kindText(u"pods"_s), u"Pods, 3"_s);
    QVERIFY(m_tallies->settled());
}

void TestClusterPanel::keysLeadToADetailAndBack()
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

void TestClusterPanel::openDetailGrowsOlder()
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

void TestClusterPanel::targetWithNameOpensTheObject()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = u"api-1"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    QCOMPARE(m_panel->detail()->name(), u"api-1"_s);
    QCOMPARE(m_panel->findChild<QLabel*>(u"detailReason"_s)->text(), u"api: back-off restarting"_s);
    QSignalSpy notices(m_panel.get(), &ClusterPanel::notice);
    m_panel->open({.kindId = u"widgets.example.com"_s, .space = {}, .name = {}, .filter = {}});
    QCOMPARE(notices.size(), 1);
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

void TestClusterPanel::objectThatGoesIsSaidToBeGone()
{
    m_panel->open({.kindId = u"pods"_s, .space = u"shop"_s, .name = u"api-0"_s, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    m_cluster->table(u"pods"_s)->remove(u"shop/api-0"_s);
    QVERIFY(m_panel->detail()->isGone());
    QVERIFY(m_panel->findChild<QLabel*>(u"detailReason"_s)->text().contains(u"deleted"));
}

void TestClusterPanel::secretIsShownOnRequestAndHiddenAgain()
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

void TestClusterPanel::newestEventStandsFirst()
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

void TestClusterPanel::divisionsAreRemembered()
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

void TestClusterPanel::usageIsMeasured()
{
    using K = table::Column::Kind;
    const table::Columns columns{
        {.id = u"cpu"_s, .title = u"CPU"_s, .kind = K::MilliCpu, .description = {}},
        {.id = u"cpu-allocatable"_s, .title = u"CPU Allocatable"_s, .kind = K::MilliCpu, .description = {}}};
    table::Row row;
    row.cells = {qint64(190), qint64(3800)};
    const SummarySection section = sectionOfRow(u"At a glance"_s, columns, row, 0, true);
    QCOMPARE(section.items.size(), 1);
    QCOMPARE(section.items[0].value, u"190 of 3,800 allocatable (5 %)"_s);
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
