// SPDX-License-Identifier: GPL-3.0-or-later
#include "../table/TableFixture.h"
#include "ClusterPanelFixture.h"

#include "table/Gauge.h"
#include "widgets/charts/Chart.h"
#include "widgets/cluster/DetailSections.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/detail/UsageView.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/StateView.h"

#include <QtWidgets/QMenu>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;

/// Usage in the cluster panel: bars beside figures, and figures summed up.
class TestClusterUsage : public ClusterPanelFixture
{
    Q_OBJECT

private slots:
    void barsAreAsLongAsTheirShare();
    void sumsAreKindsOfTheirOwn();
    void enterLeadsToThePods();
    void sumsHaveNoActions();
    void refusedForAllSumsUpOne();
    void whatIsMissingIsSaid();
    void oneObjectIsDrawn();
};

void TestClusterUsage::barsAreAsLongAsTheirShare()
{
    using K = table::Column::Kind;
    table::Columns columns{{u"name"_s, u"Name"_s, K::Text, false, {}, false},
                           {u"cpu"_s, u"CPU"_s, K::MilliCpu, false, {}, true},
                           {u"cpu-request"_s, u"CPU Request"_s, K::MilliCpu, true, {}, true},
                           {u"cpu-limit"_s, u"CPU Limit"_s, K::MilliCpu, true, {}, true}};
    columns[1].against = {{u"cpu-request"_s, u"request"_s, false}, {u"cpu-limit"_s, u"limit"_s, true}};
    auto source = std::make_shared<table::fixture::HandSource>(columns);
    const auto add = [&](const QString& name, qint64 used, const table::Cell& limit) {
        auto row = std::make_shared<table::Row>();
        row->id = row->name = name;
        row->cells = {name, used, table::Cell(), limit};
        source->put({row});
    };
    add(u"a"_s, 25, qint64(100));
    add(u"b"_s, 95, qint64(100));
    add(u"c"_s, 500, table::Cell());
    DataTable table(m_clock);
    table.setSource(source);
    table.resize(600, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const QImage image = table.view()->viewport()->grab().toImage();
    const auto pixels = [&](int row, const QColor& color) {
        const QRect cell = table.view()->visualRect(table.model()->index(row, 1));
        int count = 0;
        for (int x = cell.left(); x < cell.left() + 52; ++x)
            count += image.pixelColor(x, cell.center().y()) == color;
        return count;
    };
    const QColor calm = m_theme.color(Theme::Token::Muted), near = m_theme.color(Theme::Token::Warning),
                 rest = m_theme.color(Theme::Token::Border);
    QCOMPARE(pixels(0, calm), 10);
    QCOMPARE(pixels(0, rest), 30);
    QCOMPARE(pixels(1, near), 38); // and the words say it, too
    QVERIFY(table.model()->index(1, 1).data(Qt::AccessibleTextRole).toString().contains(u"95 % of limit"_s));
    QCOMPARE(pixels(2, calm) + pixels(2, near) + pixels(2, rest), 0); // nothing to measure against: no bar
}

void TestClusterUsage::sumsAreKindsOfTheirOwn()
{
    QCOMPARE(kindText(u"usage-by-namespace.watchkeeper"_s), u"Usage by namespace"_s);
    m_panel->open({.kindId = u"usage-by-namespace.watchkeeper"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 2);
    const auto pods = [this](const QString& space) {
        const table::RowPtr row = m_panel->dataTable()->model()->row(space);
        return row ? std::get<qint64>(row->cells[1]) : -1;
    };
    QCOMPARE(pods(u"shop"_s), 2);
    QCOMPARE(pods(u"other"_s), 1);
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-2"_s));
    QCOMPARE(pods(u"shop"_s), 3);
    m_panel->open({.kindId = u"usage-by-workload.watchkeeper"_s, .space = u"shop"_s, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 3); // of the namespace that is chosen
    m_cluster->table(u"nodes"_s)->put(FakeCluster::row({}, u"n1"_s));
    m_panel->open({.kindId = u"usage-by-node.watchkeeper"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 1);
    QVERIFY(!m_tallies->tally(u"usage-by-node.watchkeeper"_s)); // nobody goes on adding up what nobody looks at
}

void TestClusterUsage::enterLeadsToThePods()
{
    m_panel->open({.kindId = u"usage-by-namespace.watchkeeper"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 2);
    m_panel->dataTable()->setCurrentId(u"shop"_s);
    m_panel->dataTable()->focusTable();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_COMPARE(m_panel->currentKindId(), u"pods"_s);
    QCOMPARE(m_panel->space(), u"shop"_s);
    QTRY_COMPARE(rowCount(), 2);
    QCOMPARE(m_panel->kindList()->currentKindId(), u"pods"_s);
}

void TestClusterUsage::sumsHaveNoActions()
{
    struct Offers final : ObjectActions
    {
        QList<Action> actionsFor(const Objects&) const override { return {{u"delete"_s, u"Delete"_s, u"Del"_s, true}}; }
        QFuture<QString> whyNot(const QString&, const Objects&) override
        {
            return QtFuture::makeReadyFuture(QString());
        }
        void trigger(const QString&, const Objects&) override { ++triggered; }
        int triggered = 0;
    } offers;
    m_panel->setObjectActions(&offers);
    m_panel->open({.kindId = u"usage-by-namespace.watchkeeper"_s, .space = {}, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 2);
    m_panel->dataTable()->setCurrentId(u"shop"_s);
    QMenu menu;
    emit m_panel->dataTable()->contextMenuRequested(&menu, u"shop"_s);
    QVERIFY(menu.isEmpty());
    m_panel->dataTable()->focusTable();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Delete);
    QCoreApplication::processEvents();
    QCOMPARE(offers.triggered, 0);
    m_panel->setObjectActions(nullptr);
}

void TestClusterUsage::refusedForAllSumsUpOne()
{
    m_cluster->table(u"pods"_s)->set(table::Freshness::State::Unavailable,
                                     Error{Error::Kind::Forbidden, u"tester may not list pods"_s, {}, {}});
    m_cluster->table(u"pods"_s, u"shop"_s)->put(FakeCluster::row(u"shop"_s, u"only-here"_s));
    m_panel->open({.kindId = u"usage-by-workload.watchkeeper"_s, .space = u"shop"_s, .name = {}, .filter = {}});
    QTRY_COMPARE(rowCount(), 1);
}

void TestClusterUsage::whatIsMissingIsSaid()
{
    m_panel->open({.kindId = u"usage-by-namespace.watchkeeper"_s, .space = {}, .name = {}, .filter = {}});
    auto* freshness = m_panel->dataTable()->findChild<FreshnessLabel*>(u"freshness"_s);
    QTRY_VERIFY2(freshness->toolTip().contains(u"metrics.k8s.io"_s), qPrintable(freshness->toolTip()));
}

void TestClusterUsage::oneObjectIsDrawn()
{
    const auto pods = cluster::kindById(cluster::builtInKinds(), u"pods"_s);
    QVERIFY(UsageView::isFor(pods));
    QVERIFY(!UsageView::isFor(cluster::kindById(cluster::builtInKinds(), u"deployments.apps"_s)));
    using K = table::Column::Kind;
    auto source = std::make_shared<table::fixture::HandSource>(
        table::Columns{{u"cpu-request"_s, u"CPU Request"_s, K::MilliCpu, true, {}, true},
                       {u"cpu-limit"_s, u"CPU Limit"_s, K::MilliCpu, true, {}, true}});
    auto row = std::make_shared<table::Row>();
    row->id = row->name = u"m-0"_s;
    row->space = u"shop"_s;
    row->cells = {qint64(250), qint64(500)};
    source->put({row});
    UsageView view(m_clock);
    view.resize(500, 600);
    view.show();
    auto served = std::make_shared<FakeCluster>();
    view.setObject(served, pods, u"shop"_s, u"m-0"_s, source);
    QVERIFY(view.findChild<StateView*>(u"usageState"_s)->isVisible()); // no metrics.k8s.io: in words
    QVERIFY(!view.history());
    served->serveMetrics();
    served->objects["m-0"] =
        R"({"timestamp":"2026-11-22T04:00:00Z","containers":[{"name":"api","usage":{"cpu":"120m","memory":"2Mi"}},
        {"name":"proxy","usage":{"cpu":"30m","memory":"1Mi"}}]})";
    view.clear();
    view.setObject(served, pods, u"shop"_s, u"m-0"_s, source);
    auto* cpu = view.findChild<Chart*>(u"usageCpu"_s);
    QTRY_COMPARE(cpu->content().series.size(), 4u);
    QStringList names;
    for (const ChartSeries& line : cpu->content().series)
        names << line.name;
    QCOMPARE(names, (QStringList{u"api"_s, u"proxy"_s, u"all containers"_s, u"request"_s}));
    QCOMPARE(cpu->content().series[2].data->value, std::vector<double>{0.15});
    QCOMPARE(cpu->content().series[3].data->value.front(), 0.25);
    QCOMPARE(cpu->content().bands.size(), 1u);
    QCOMPARE(cpu->content().bands[0].from, std::optional(0.5));
    QVERIFY2(cpu->content().query.endsWith(u"/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/m-0"_s),
             qPrintable(cpu->content().query)); // where the figures came from
    const int fetches = served->fetches;
    view.hide();
    m_clock->advance(10 * cluster::UsageHistory::intervalMs);
    QCOMPARE(served->fetches, fetches); // nobody looks
    served->objects.clear();
    view.show();
    QTRY_VERIFY(view.history()->error());
    QCOMPARE(cpu->content().series.size(), 4u); // what was measured stays, marked as failed
    view.clear();
    QVERIFY(cpu->content().series.empty());
}

QTEST_MAIN(TestClusterUsage)
#include "test_cluster_usage.moc"
