// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/MonitoringBench.h"
#include "../monitoring/Platforms.h"
#include "table/TableModel.h"
#include "widgets/charts/Chart.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/TableStates.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/PanelChart.h"
#include "widgets/monitoring/explore/ExplorePage.h"
#include "widgets/monitoring/explore/QueryEdit.h"
#include "widgets/monitoring/explore/QueryHistory.h"
#include "widgets/monitoring/explore/QueryNotes.h"
#include "widgets/monitoring/objectives/ObjectiveDetail.h"
#include "widgets/monitoring/objectives/ObjectivesPage.h"

#include <QtCore/QUrlQuery>
#include <QtWidgets/QApplication>
#include <QtWidgets/QTabBar>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;

namespace {

constexpr qint64 nowMs = 1'795'176'000'000;

class MemoryStates final : public TableStates
{
public:
    [[nodiscard]] QJsonObject load(const QString& id) const override { return m_all.value(id); }
    void save(const QString& id, const QJsonObject& state) override { m_all.insert(id, state); }

private:
    QHash<QString, QJsonObject> m_all;
};

QString parameter(const Received& received, const QString& name)
{
    return QUrlQuery(QString::fromUtf8(received.body)).queryItemValue(name, QUrl::FullyDecoded);
}

QByteArray vectorOf(const QByteArray& value)
{
    return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795176000,")" + value +
           R"("]}]}})";
}

} // namespace

/// The pages with questions by hand, and with objectives, on a scripted server.
class TestExplorePage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup();
    void anAnswerIsATable();
    void aMistakeIsMarkedWhereItIs();
    void proposalsAreWritten();
    void theChartAndSeveralQueries();
    void whatWasAskedIsKept();
    void afterAFailureWhatWasThereIsStale();
    void hiddenItAsksNothing();
    void objectivesAndTargets();
    void anObjectiveInFull();

private:
    void answer(QTcpSocket* socket, const Received& received);
    template <typename T>
    [[nodiscard]] T* find(const QWidget* in, const char* name) const
    {
        return in->findChild<T*>(QString::fromLatin1(name));
    }
    ExplorePage* explore();
    void ask(const QString& query)
    {
        find<QueryEdit>(m_page.get(), "exploreQuery")->setQuery(query);
        QTest::keyClick(find<QueryEdit>(m_page.get(), "exploreQuery"), Qt::Key_Return);
    }
    /// Questions that went out; what is called off may still reach the server.
    [[nodiscard]] quint64 sent() const { return m_place.source->server()->sent(); }
    [[nodiscard]] DataTable* table(const char* name) const { return find<DataTable>(m_page.get(), name); }

    Theme m_theme;
    std::unique_ptr<TestServer> m_server;
    std::shared_ptr<ManualClock> m_clock;
    std::shared_ptr<series::TimeRangeModel> m_range;
    std::shared_ptr<MemoryStates> m_states;
    std::shared_ptr<QueryHistory> m_history;
    MonitoringPlace m_place;
    std::unique_ptr<MonitoringPage> m_page;
    QStringList m_asked;
    bool m_broken = false;
};

void TestExplorePage::init()
{
    m_broken = false;
    m_asked.clear();
    m_server = std::make_unique<TestServer>([this](QTcpSocket* s, const Received& r) { answer(s, r); });
    m_clock = std::make_shared<ManualClock>(nowMs);
    m_range = std::make_shared<series::TimeRangeModel>(m_clock);
    m_states = std::make_shared<MemoryStates>();
    m_history = std::make_shared<QueryHistory>(m_states, m_clock);
    const QByteArray url = m_server->url().toString().toUtf8();
    m_place.title = u"Shop"_s;
    m_place.platform = shopWith(
        "monitoring: {prometheus: {url: \"" + url +
        "\"}}\n"
        "slos: [{name: error-rate, title: Error rate, metric: error rate, objective: \"< 0.1 %\"},"
        " {name: throughput, title: Throughput, metric: request rate, objective: \"> 100 req/s\"}]\n"
        "kpis: [{name: errors, title: Errors, group: reliability, metric: error rate, target: \"< 0.1 %\"}]\n");
    QVERIFY(m_place.platform);
    m_place.catalog = std::make_shared<const MetricCatalog>(builtinCatalog().with(*m_place.platform));
    m_place.source = std::make_shared<ServerSource>(ServerSource::Places{{}, {}, m_place.platform}, *m_clock);
    m_place.source->look();
    QTRY_VERIFY(m_place.source->server());
}

void TestExplorePage::cleanup()
{
    m_page.reset();
    m_place = {};
    m_server.reset();
}

void TestExplorePage::answer(QTcpSocket* socket, const Received& received)
{
    const QString query = parameter(received, u"query"_s);
    m_asked << query;
    if (received.target.contains("/label/"))
        TestServer::answer(socket, 200, R"({"status":"success","data":["http_requests_total","up"]})", json);
    else if (received.target.contains("/metadata"))
        TestServer::answer(socket, 200, R"({"status":"success","data":{}})", json);
    else if (m_broken)
        TestServer::answer(socket, 503, "starting", {});
    else if (query.contains(u"wrong("_s))
        TestServer::answer(
            socket, 400,
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unknown function with name \"wrong\""})",
            json);
    else if (received.target.contains("query_range"))
        TestServer::answer(socket, 200,
                           R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"api"},)"
                           R"("values":[[)" +
                               parameter(received, u"end"_s).toUtf8() + R"(,"0.0001"]]}]}})",
                           json);
    else if (query.startsWith("label_replace("_L1))
        TestServer::answer(socket, 200, empty, json);
    else if (query == u"up")
        TestServer::answer(
            socket, 200,
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"api"},)"
            R"("value":[1795176000,"1"]},{"metric":{"__name__":"up","job":"web"},"value":[1795176000,"0"]}]}})",
            json);
    else if (query.startsWith(u"300000 * count_over_time("_s)) // all of the month is known
        TestServer::answer(socket, 200, vectorOf("1e10"), json);
    else
        TestServer::answer(socket, 200, vectorOf(query.contains(u"status"_s) ? "0.0002" : "250"), json);
}

ExplorePage* TestExplorePage::explore()
{
    auto* page = new ExplorePage({m_clock, m_range, std::make_shared<SystemFileDialogs>(), m_history});
    m_page.reset(page);
    page->setPlace(m_place);
    page->resize(1000, 640);
    page->show();
    return page;
}

void TestExplorePage::anAnswerIsATable()
{
    explore();
    QVERIFY(find<StateView>(m_page.get(), "exploreState")->isVisible()); // and what would fill it
    ask(u"up"_s);
    QTRY_COMPARE(table("exploreTable")->model()->rowCount(), 2);
    QVERIFY(table("exploreTable")->isVisible());
    QCOMPARE(table("exploreTable")->model()->columns().size(), 4);
    QVERIFY(find<QLabel>(m_page.get(), "exploreOrigin")->text().contains(u"2 series"_s));
    // What a query does instead of what is meant is said beside it.
    ask(u"container_memory_usage_bytes"_s);
    QTRY_VERIFY(!find<QueryNotes>(m_page.get(), "exploreNotes")->notes().isEmpty());
    QVERIFY(find<QueryNotes>(m_page.get(), "exploreNotes")->notes()[0].text.contains(u"page cache"_s));
    // It follows the clock, and a fixed range has its own moment.
    const auto asked = [&] { return m_asked.count(u"container_memory_usage_bytes"_s); };
    QTRY_COMPARE(table("exploreTable")->model()->rowCount(), 1);
    const auto before = asked();
    m_clock->advance(ExplorePage::refreshMs);
    QTRY_COMPARE(asked(), before + 1);
}

void TestExplorePage::aMistakeIsMarkedWhereItIs()
{
    explore();
    ask(u"sum(wrong(up))"_s);
    auto* edit = find<QueryEdit>(m_page.get(), "exploreQuery");
    QTRY_COMPARE(edit->problemAt(), std::optional(4));
    const auto& notes = find<QueryNotes>(m_page.get(), "exploreNotes")->notes();
    QCOMPARE(notes.size(), 1);
    QVERIFY2(notes[0].text.contains(u"line 1, column 5"_s), qPrintable(notes[0].text));
    edit->goToProblem();
    QCOMPARE(edit->textCursor().position(), 4);
    QTest::keyClick(edit, Qt::Key_X);
    QVERIFY(!edit->problemAt()); // another text, another place
}

void TestExplorePage::proposalsAreWritten()
{
    explore();
    auto* edit = find<QueryEdit>(m_page.get(), "exploreQuery");
    edit->setFocus();
    QTest::keyClicks(edit, u"sum(htt"_s);
    QTRY_VERIFY(edit->proposed().contains(u"http_requests_total"_s));
    QTest::keyClick(edit, Qt::Key_Tab);
    QCOMPARE(edit->query(), u"sum(http_requests_total"_s);
    QVERIFY(edit->proposed().isEmpty());
    QTest::keyClicks(edit, u") / rat"_s);
    QTRY_COMPARE(edit->proposed().value(0), u"rate"_s);
    QTest::keyClick(edit, Qt::Key_Escape);
    QCOMPARE(edit->query(), u"sum(http_requests_total) / rat"_s);
}

void TestExplorePage::theChartAndSeveralQueries()
{
    ExplorePage* page = explore();
    page->open(u"rate(a[5m])\nrate(b[5m])"_s); // of a chart that draws two
    QCOMPARE(find<QueryEdit>(page, "exploreQuery")->query(), u"rate(a[5m])\n# rate(b[5m])"_s);
    QVERIFY(page->chart() && page->chart()->isVisible());
    m_clock->advance(1'000);
    QTRY_COMPARE(page->chart()->chart()->content().series.size(), size_t(1));
    QVERIFY(page->chart()->chart()->content().query.startsWith(u"rate(a"_s));
}

void TestExplorePage::whatWasAskedIsKept()
{
    explore();
    for (const QString& query : {u"up"_s, u"vector(1)"_s, u"up"_s}) {
        ask(query);
        QTRY_COMPARE(m_history->at(0), query);
    }
    QCOMPARE(m_history->size(), 2); // each once
    auto* edit = find<QueryEdit>(m_page.get(), "exploreQuery");
    edit->setQuery({});
    QTest::keyClick(edit, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(edit->query(), u"up"_s);
    QTest::keyClick(edit, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(edit->query(), u"vector(1)"_s);
    QTest::keyClick(edit, Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(edit->query(), u"up"_s);
    QueryHistory later(m_states, m_clock); // another session
    QCOMPARE(later.at(1), u"vector(1)"_s);
    find<QTabBar>(m_page.get(), "exploreTabs")->setCurrentIndex(2);
    QCOMPARE(table("exploreHistory")->model()->rowCount(), 2);
}

void TestExplorePage::afterAFailureWhatWasThereIsStale()
{
    explore();
    ask(u"up"_s);
    QTRY_COMPARE(table("exploreTable")->model()->rowCount(), 2);
    m_broken = true;
    m_clock->advance(ExplorePage::refreshMs);
    QTRY_COMPARE(table("exploreTable")->model()->freshness().state, table::Freshness::State::Stale);
    QCOMPARE(table("exploreTable")->model()->rowCount(), 2);
    m_broken = false;
    m_clock->advance(ExplorePage::refreshMs);
    QTRY_COMPARE(table("exploreTable")->model()->freshness().state, table::Freshness::State::Live);
    // Another question has no earlier answer.
    m_broken = true;
    ask(u"vector(1)"_s);
    QTRY_COMPARE(table("exploreTable")->model()->freshness().state, table::Freshness::State::Failed);
    QCOMPARE(table("exploreTable")->model()->rowCount(), 0);
}

void TestExplorePage::hiddenItAsksNothing()
{
    explore();
    ask(u"up"_s);
    QTRY_COMPARE(table("exploreTable")->model()->rowCount(), 2);
    m_page->hide();
    const auto asked = sent();
    m_clock->advance(ExplorePage::refreshMs * 5);
    QCoreApplication::processEvents();
    QCOMPARE(m_place.source->server()->running() + m_place.source->server()->waiting(), 0);
    QCOMPARE(sent(), asked);
}

void TestExplorePage::objectivesAndTargets()
{
    auto* page = new ObjectivesPage({m_clock, std::make_shared<SystemFileDialogs>()});
    m_page.reset(page);
    page->setPlace(m_place);
    QCoreApplication::processEvents();
    QCOMPARE(sent(), quint64(0)); // nobody looks
    page->resize(1100, 640);
    page->show();
    QTRY_COMPARE(table("objectivesTable")->model()->rowCount(), 2);
    QTRY_VERIFY(!page->feed()->isAsking());
    const auto row = table("objectivesTable")->model()->row(u"error-rate"_s);
    QVERIFY(row);
    QCOMPARE(row->cells[2], table::Cell(u"< 0.1 %"_s));
    QCOMPARE(row->cells[3], table::Cell(u"0.02 %"_s));
    QVERIFY(std::holds_alternative<double>(row->cells[4]));
    QCOMPARE(table("objectivesTable")->model()->row(u"throughput"_s)->health, table::Health::Good);
    QCOMPARE(table("targetsTable")->model()->rowCount(), 1);
    QCOMPARE(table("targetsTable")->model()->row(u"reliability/errors"_s)->cells[2], table::Cell(u"Met"_s));
    // Again a minute later, and not while it is hidden.
    const auto before = sent();
    m_clock->advance(ObjectivesPage::refreshMs);
    QTRY_VERIFY(sent() > before);
    QTRY_VERIFY(!page->feed()->isAsking());
    page->hide();
    QTRY_COMPARE(m_place.source->server()->running() + m_place.source->server()->waiting(), 0);
    const auto hidden = sent();
    m_clock->advance(ObjectivesPage::refreshMs * 3);
    QCoreApplication::processEvents();
    QCOMPARE(sent(), hidden);
    page->show(); // after a long while at once, after a moment not again
    QTRY_VERIFY(sent() > hidden);
    QTRY_VERIFY(!page->feed()->isAsking());
    QTRY_COMPARE(m_place.source->server()->running() + m_place.source->server()->waiting(), 0);
    const auto shown = sent();
    page->hide();
    page->show();
    QVERIFY(!page->feed()->isAsking());
    QCOMPARE(sent(), shown);
    // Without a server there is nothing, and nothing breaks.
    page->setPlace({});
    QVERIFY(!page->feed());
}

void TestExplorePage::anObjectiveInFull()
{
    auto* page = new ObjectivesPage({m_clock, std::make_shared<SystemFileDialogs>()});
    m_page.reset(page);
    page->setPlace(m_place);
    page->resize(1100, 640);
    page->show();
    auto* facts = find<SummaryView>(page, "objectiveFacts");
    QTRY_COMPARE(facts->sections().size(), 2);      // chosen by itself: the first
    QCOMPARE(facts->sections()[0].items.size(), 4); // the pairs of burn windows
    QVERIFY(find<QWidget>(page, "objectiveBudget")->isVisible());
    QString opened;
    connect(page, &ObjectivesPage::queryRequested, this, [&](const QString& promql) { opened = promql; });
    emit facts->linkActivated(facts->sections()[1].items.last().link);
    QVERIFY(!opened.isEmpty());
    page->showObjective(u"throughput"_s); // a level: no budget
    QVERIFY(!find<QWidget>(page, "objectiveBudget")->isVisible());
    QCOMPARE(facts->sections().size(), 1);
    QCOMPARE(find<QueryNotes>(page, "objectiveWords")->notes().size(), 1);
}

QTEST_MAIN(TestExplorePage)
#include "test_explore_page.moc"
