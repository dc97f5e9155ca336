// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/MonitoringBench.h"
#include "ChartExamples.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/charts/LegendArea.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/DashboardView.h"
#include "widgets/monitoring/dashboards/PanelChart.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;

namespace {

constexpr qint64 hour = 3'600'000;

/// Two series over the range that is asked for, a value each minute.
QByteArray answerTo(const Received& received)
{
    const QUrlQuery form(QString::fromUtf8(received.body));
    const double from = form.queryItemValue(u"start"_s).toDouble(), to = form.queryItemValue(u"end"_s).toDouble();
    QByteArray series;
    for (const QByteArray service : {"api", "auth"}) {
        QByteArray values;
        for (double at = from; at <= to; at += 60)
            values += (values.isEmpty() ? "[" : ",[") + QByteArray::number(at, 'f', 3) + ",\"" +
                      (service == "api" ? "0.02" : "0.001") + "\"]";
        series += QByteArray(series.isEmpty() ? "" : ",") + R"({"metric":{"job":")" + service + R"("},"values":[)" +
                  values + "]}";
    }
    return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}}";
}

} // namespace

class TestDashboardView : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp);
        m_metric.name = u"error-ratio"_s;
        m_metric.unit = u"ratio"_s;
    }

    void init()
    {
        m_broken = false;
        m_asked.clear();
        m_bench = std::make_unique<Bench>([this](QTcpSocket* socket, const Received& received) {
            m_asked << QUrlQuery(QString::fromUtf8(received.body)).queryItemValue(u"query"_s, QUrl::FullyDecoded);
            if (m_broken)
                TestServer::answer(socket, 503, "starting", {});
            else
                TestServer::answer(socket, 200, answerTo(received), json);
        });
        m_bench->start();
        m_bench->clock.advance(exampleNowMs - m_bench->clock.nowMs());
        m_clock = std::make_shared<ManualClock>(exampleNowMs);
        m_range = std::make_unique<series::TimeRangeModel>(m_clock, series::TimeRange::last(hour));
        m_view = std::make_unique<DashboardView>(
            DashboardView::Means{*m_bench->prometheus, u"prometheus.shop"_s, *m_range, m_files, *m_clock});
        m_view->setPlan(plan());
        m_view->resize(900, 700);
    }

    void cleanup()
    {
        m_view.reset();
        m_bench.reset();
    }

    void showsSeriesBandsAndOrigin()
    {
        m_view->show();
        settle();
        QCOMPARE(m_view->charts().size(), 3);
        Chart* chart = m_view->charts()[0]->chart();
        QTRY_COMPARE(chart->content().series.size(), size_t(2));
        QCOMPARE(chart->content().title, u"Error rate"_s);
        QCOMPARE(chart->content().unit, series::Unit::Ratio);
        QCOMPARE(chart->content().series[0].name, u"api"_s);
        QCOMPARE(chart->content().series[0].data->value.front(), 0.02);
        QCOMPARE(chart->content().bands.size(), size_t(2));
        QCOMPARE(*chart->content().bands[0].from, 0.05); // 5 % of the axis
        QCOMPARE(chart->content().bands[0].name, u"Errors, critical > 5 %"_s);
        QVERIFY(!chart->content().bands[0].to);
        QCOMPARE(chart->content().bands[1].from, chart->content().bands[1].to); // a target is a line
        QVERIFY(chart->content().query.contains(u"errors"_s));
        const auto* legend = chart->findChild<LegendArea*>();
        QTRY_VERIFY2(legend->height() > 10, qPrintable(QString::number(legend->height())));
        QCOMPARE(chart->content().source, u"prometheus.shop"_s);
        // What is not measured says so, and asks nobody.
        QVERIFY(m_view->charts()[2]->chart()->showsState());
        QVERIFY(!m_asked.contains(QString()));
    }

    void asksAgainWhileItFollowsAndOnlyWhileItIsSeen()
    {
        m_view->show();
        settle();
        QTRY_COMPARE(m_view->charts()[0]->chart()->content().series.size(), size_t(2));
        const auto before = m_asked.size();
        m_clock->advance(PanelChart::refreshMs * 5);
        QTRY_VERIFY(m_asked.size() > before);
        settle();
        for (int i = 0; i < 2; ++i) // nothing is on its way any more
            QTRY_COMPARE(m_view->charts()[i]->feed().state(), monitoring::PanelFeed::State::Current);
        QTRY_COMPARE(m_bench->prometheus->running() + m_bench->prometheus->waiting(), 0);
        m_view->hide();
        const auto hidden = m_asked.size();
        m_clock->advance(PanelChart::refreshMs * 20);
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(m_asked.size(), hidden);
    }

    void keepsWhatItHasWhenTheServerFails()
    {
        m_view->show();
        settle();
        Chart* chart = m_view->charts()[0]->chart();
        QTRY_COMPARE(chart->content().series.size(), size_t(2));
        m_broken = true;
        m_range->setRange(series::TimeRange::last(3 * hour));
        settle();
        QTRY_VERIFY(chart->notice().startsWith(u"Stale since"_s));
        QCOMPARE(chart->content().series.size(), size_t(2));
        m_broken = false;
        m_range->setRange(series::TimeRange::last(2 * hour));
        settle();
        QTRY_VERIFY(chart->notice().isEmpty());
    }

    void chartsFillTheWidthAndNoMore()
    {
        m_view->show();
        settle();
        QTRY_COMPARE(m_view->charts()[0]->chart()->content().series.size(), size_t(2));
        m_broken = true; // which makes a long sentence beside each title
        m_range->setRange(series::TimeRange::last(3 * hour));
        settle();
        QTRY_VERIFY(m_view->charts()[1]->chart()->notice().startsWith(u"Stale since"_s));
        QCoreApplication::processEvents();
        const auto& charts = m_view->charts();
        const QWidget* page = charts[0]->parentWidget();
        QTRY_VERIFY(page->width() <= m_view->width());
        // Two beside each other, the third below them as wide as both.
        QCOMPARE(charts[0]->y(), charts[1]->y());
        QCOMPARE(charts[2]->x(), charts[0]->x());
        QCOMPARE(charts[2]->geometry().right(), charts[1]->geometry().right());
        QVERIFY(charts[0]->height() >= DashboardView::chartHeight);
    }

    void oneCrosshairForAll()
    {
        m_view->show();
        settle();
        QTRY_COMPARE(m_view->charts()[1]->chart()->content().series.size(), size_t(2));
        QTest::keyClick(m_view->charts()[0]->chart()->plot(), Qt::Key_Home);
        QVERIFY(m_view->charts()[0]->chart()->plot()->crosshair());
        QCOMPARE(m_view->charts()[1]->chart()->plot()->crosshair(), m_view->charts()[0]->chart()->plot()->crosshair());
    }

private:
    [[nodiscard]] monitoring::DashboardPlan plan() const
    {
        monitoring::PanelPlan errors;
        errors.name = u"Error rate"_s;
        errors.metric = &m_metric;
        errors.unit = u"%"_s;
        errors.factor = 100;
        errors.queries = {{u"errors / all"_s, {}}};
        errors.legend = {u"job"_s};
        using Kind = monitoring::PanelBand::Kind;
        errors.bands = {{Kind::Critical,
                         {platform::Threshold::Comparison::Greater, 5, 5, u"%"_s, {}},
                         {},
                         u"Errors, critical"_s,
                         {}},
                        {Kind::Target,
                         {platform::Threshold::Comparison::Less, 0.1, 0.1, u"%"_s, {}},
                         {},
                         u"objective below 0.1 %"_s,
                         {}}};
        monitoring::PanelPlan again = errors;
        again.name = u"Errors of yesterday"_s;
        monitoring::PanelPlan nothing;
        nothing.name = u"Revenue"_s;
        nothing.why = u"No exporter counts it."_s;
        return {u"overview"_s, u"Overview"_s, {}, {errors, again, nothing}};
    }
    /// What was put off until the person has settled is asked now.
    void settle()
    {
        QCoreApplication::processEvents();
        m_clock->advance(200);
        QCoreApplication::processEvents();
    }

    Theme m_theme;
    platform::Metric m_metric;
    OneFile m_files;
    bool m_broken = false;
    QStringList m_asked;
    std::unique_ptr<Bench> m_bench;
    std::shared_ptr<ManualClock> m_clock;
    std::unique_ptr<series::TimeRangeModel> m_range;
    std::unique_ptr<DashboardView> m_view;
};

QTEST_MAIN(TestDashboardView)
#include "test_dashboard_view.moc"
