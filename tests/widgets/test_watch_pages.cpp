// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/MonitoringBench.h"
#include "../monitoring/Platforms.h"
#include "../monitoring/RealPrometheus.h"
#include "monitoring/rules/AlertRules.h"
#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/TableWithDetail.h"
#include "widgets/monitoring/health/HealthPage.h"
#include "widgets/monitoring/rules/RulesPage.h"

#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QApplication>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;

namespace {

QString shownCell(DataTable* table, const QString& rowId, const QString& column)
{
    const int row = table->model()->rowOf(rowId);
    return row < 0
               ? u"no row "_s + rowId
               : table->model()->index(row, table::indexOfColumn(table->model()->columns(), column)).data().toString();
}

QString idOf(DataTable* table, const QString& name)
{
    for (const table::RowPtr& row : table->model()->visibleRows()) {
        if (row->name == name)
            return row->id;
    }
    return {};
}

} // namespace

/// The pages that say whether services answer, and what a server's rules watch.
class TestWatchPages : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.apply(*qApp); }

    void health()
    {
        int status = 200;
        TestServer server([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, "busy"); });
        const auto shop =
            shopWith("services:\n  - {name: auth, title: Auth, kind: application, endpoints: [{name: "
                     "health, use: health, url: '" +
                     server.url().toString().toUtf8() + "/health'}]}\n  - {name: queue, title: Queue, kind: queue}\n");
        QVERIFY(shop);
        MonitoringPlace place{u"Shop"_s, shop, {}, {}};
        place.probes = std::make_shared<monitoring::ProbeSource>(monitoring::ProbeWay(), *m_clock, systemRandom());
        place.probes->setPlatform(shop);
        HealthPage page({m_clock, m_files});
        page.resize(1200, 700);
        page.setPlace(place);
        QVERIFY(!place.probes->isWanted()); // not before it is seen
        page.show();
        QVERIFY(place.probes->isWanted());
        page.findChild<QAction*>(u"healthAskAll"_s)->trigger();
        const QString id = u"auth/health"_s;
        QTRY_COMPARE_WITH_TIMEOUT(shownCell(page.table(), id, u"answer"_s), u"200"_s, 60'000);
        auto* counts = page.findChild<HealthBadge*>(u"healthCounts"_s);
        QCOMPARE(counts->text(),
                 page.table()->model()->row(id)->health == table::Health::Good ? u"1 up"_s : u"1 slow or due"_s);
        QCOMPARE(page.table()->model()->rowCount(), 2);

        // Enter opens it beside the table, and what comes next is shown there, too.
        page.table()->setCurrentId(id);
        QTest::keyClick(page.table()->view(), Qt::Key_Return);
        QCOMPARE(page.list()->opened(), id);
        QVERIFY(page.list()->detail()->isVisible());
        QVERIFY(page.findChild<QWidget*>(u"healthStrip"_s)->isVisible());
        status = 503;
        page.findChild<QWidget*>(u"probeAsk"_s)->setFocus();
        QTest::keyClick(page.findChild<QWidget*>(u"probeAsk"_s), Qt::Key_Space);
        const auto state = [&] { return page.list()->detail()->content().state; };
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith(u"failing"_s) || state() == u"down"_s, 60'000);
        place.probes->askNow(id);
        QTRY_COMPARE_WITH_TIMEOUT(state(), u"down"_s, 60'000);
        QCOMPARE(page.table()->model()->rowOf(id), 0); // the worst first
        QVERIFY(shownCell(page.table(), id, u"answer"_s).contains(u"503"_s));
        QTest::keyClick(page.findChild<QWidget*>(u"probeAsk"_s), Qt::Key_Escape);
        QVERIFY(page.list()->opened().isEmpty() && !page.list()->detail()->isVisible());
        page.showService(u"queue"_s);
        QTRY_COMPARE(page.table()->model()->rowCount(), 1);
        page.hide();
        QVERIFY(!place.probes->isWanted());

        page.setPlace({});
        page.show();
        QVERIFY(page.findChild<StateView*>(u"stateView"_s)->isVisible()); // nothing to ask, and what would be here
    }

    void narrowAColumnTakesTheOthersPlace()
    {
        const auto shop = shopWith("services:\n  - {name: queue, title: Queue, kind: queue}\n");
        MonitoringPlace place{u"Shop"_s, shop, {}, {}};
        place.probes = std::make_shared<monitoring::ProbeSource>(monitoring::ProbeWay(), *m_clock, systemRandom());
        place.probes->setPlatform(shop);
        HealthPage page({m_clock, m_files});
        page.resize(700, 500);
        page.setPlace(place);
        page.show();
        page.list()->open(page.table()->model()->rowAt(0)->id);
        QVERIFY(!page.table()->isVisible() && page.list()->detail()->isVisible());
        page.resize(1300, 500);
        QTRY_VERIFY(page.table()->isVisible() && page.list()->detail()->isVisible());
        page.list()->close();
        QVERIFY(page.table()->isVisible());
    }

    void rulesOfARealServer()
    {
        if (const QString reason = RealPrometheus::missing(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        const QByteArray services = "services:\n  - {name: web, title: Web, kind: application, workloads: [{kind: "
                                    "Deployment, name: web}]}\n";
        const QByteArray slow =
            "  - {name: slow, title: Slow, urgency: warning, metric: request latency, quantile: 95, "
            "when: \"> 1 s\", for: 5m}\n";
        const QByteArray disk =
            "  - {name: disk, title: Disk, urgency: critical, metric: disk usage, when: \"> 85 %\", for: 5m}\n";
        const auto catalog = std::make_shared<const monitoring::MetricCatalog>(builtinCatalog());
        const RuleFile file = rulesOf(*shopWith(services + "alerts:\n" + slow + disk), *catalog);
        RealPrometheus server;
        QVERIFY2(server.start(demoHistory(QDateTime::currentSecsSinceEpoch()), rulesYaml(file).toUtf8() + R"(
  - name: live
    rules:
      - alert: Always
        expr: vector(1) > 0
        labels: {severity: critical}
      - alert: Broken
        expr: vector(1) / on() (label_replace(vector(1), "a", "1", "", "") or label_replace(vector(1), "a", "2", "", ""))
)"),
                 qPrintable(server.error()));
        const QByteArray monitoring =
            "  - {name: prometheus, title: Prometheus, kind: monitoring, host: 127.0.0.1, ports: [" +
            QByteArray::number(server.url().port()) + "]}\n";
        const auto shop = shopWith(services + monitoring + "alerts:\n" + slow + disk);
        const auto source = std::make_shared<monitoring::ServerSource>(
            monitoring::ServerSource::Places{.get = {}, .context = {}, .platform = shop}, *m_clock);
        source->look();
        QTRY_COMPARE_WITH_TIMEOUT(source->state(), monitoring::ServerSource::State::Found, 60'000);

        RulesPage page({m_clock, m_files});
        page.resize(1200, 700);
        page.setPlace({u"Shop"_s, shop, source, catalog});
        QVERIFY(!page.feed().isKnown());
        page.show();
        QSignalSpy changed(&page.feed(), &monitoring::RuleFeed::changed);
        DataTable* rules = page.table(RulesPage::List::Rules);
        // Evaluated every second, asked when a person wants to know.
        for (int i = 0; i < 60 && shownCell(rules, idOf(rules, u"Always"_s), u"state"_s) != u"firing (1)"_s; ++i) {
            page.findChild<QAction*>(u"rulesAsk"_s)->trigger();
            QVERIFY(changed.wait(60'000));
            QTest::qWait(200);
        }
        QCOMPARE(shownCell(rules, idOf(rules, u"Always"_s), u"state"_s), u"firing (1)"_s);
        QCOMPARE(shownCell(rules, idOf(rules, u"Broken"_s), u"state"_s), u"cannot be evaluated"_s);
        QVERIFY(shownCell(rules, idOf(rules, u"Broken"_s), u"error"_s).contains(u"duplicate"_s));
        QCOMPARE(shownCell(rules, idOf(rules, u"Slow"_s), u"for"_s), u"5m"_s);
        QVERIFY(page.findChild<HealthBadge*>(u"rulesCounts"_s)->text().contains(u"1 cannot be evaluated, 1 firing"_s));
        rules->setCurrentId(idOf(rules, u"Broken"_s));
        page.list(RulesPage::List::Rules)->open(idOf(rules, u"Broken"_s));
        QVERIFY(page.list(RulesPage::List::Rules)->detail()->isVisible());
        QSignalSpy query(&page, &RulesPage::queryRequested);
        emit page.list(RulesPage::List::Rules)->detail()->acted(u"ruleQuery"_s);
        QCOMPARE(query.count(), 1);
        QVERIFY(query[0][0].toString().startsWith(u"vector(1) / on"_s));

        page.showList(RulesPage::List::Coverage);
        DataTable* cover = page.table(RulesPage::List::Coverage);
        auto* counts = page.findChild<HealthBadge*>(u"rulesCounts"_s);
        QCOMPARE(counts->text(), u"2 of 2 thresholds covered"_s);
        QVERIFY(!page.findChild<QAction*>(u"rulesCopyMissing"_s)->isEnabled());
        // A threshold goes from the file, and another one comes to it.
        const QByteArray later = QByteArray(slow).replace("name: slow", "name: snail").replace("95", "50");
        page.setPlace({u"Shop"_s, shopWith(services + monitoring + "alerts:\n" + disk + later), source, catalog});
        QCOMPARE(counts->text(), u"1 of 2 thresholds covered: 1 without a rule, 1 left over on the server"_s);
        QCOMPARE(shownCell(cover, idOf(cover, u"snail"_s), u"state"_s), u"no rule"_s);
        QCOMPARE(shownCell(cover, idOf(cover, u"slow"_s), u"state"_s), u"left over"_s);
        page.findChild<QAction*>(u"rulesCopyMissing"_s)->trigger();
        QVERIFY(QApplication::clipboard()->text().contains(u"alert: Snail"_s));
    }

private:
    Theme m_theme;
    std::shared_ptr<Clock> m_clock = std::make_shared<SystemClock>();
    std::shared_ptr<FileDialogs> m_files = std::make_shared<SystemFileDialogs>();
};

QTEST_MAIN(TestWatchPages)
#include "test_watch_pages.moc"
