// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChartBench.h"

#include "widgets/charts/ChartExport.h"
#include "widgets/charts/ChartReadout.h"
#include "widgets/charts/LegendArea.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/charts/TimeRangeWords.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>

#include <cmath>

using namespace wk;
using namespace wk::widgets;
using namespace wk::test;
using namespace Qt::StringLiterals;
using Bench = ChartBench;

class TestChart : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }

    void saysWhatItShows()
    {
        Bench b(errorRates());
        QCOMPARE(b.chart.findChild<QLabel*>(u"chartTitle"_s)->text(), u"Error rate by service"_s);
        const QString origin = b.chart.findChild<QLabel*>(u"chartTitle"_s)->toolTip();
        QVERIFY(origin.contains(u"http_requests_total"_s) && origin.contains(u"prometheus.streamgate"_s) &&
                origin.contains(u"2026"_s));
        QCOMPARE(b.legend().size(), 4);
        QVERIFY(b.legend()[0]->accessibleName().startsWith(u"api-gateway, 0.4"_s));
        QVERIFY(b.chart.notice().isEmpty());
    }

    /// Thirty pods do not take the chart's place: their names scroll, and the keyboard brings them into view.
    void aLongLegendScrolls()
    {
        ChartContent many = errorRates();
        const ChartSeries one = many.series.front();
        for (int i = 0; i < 30; ++i) {
            many.series.push_back(one);
            many.series.back().id = many.series.back().name = u"a pod with a rather long name %1"_s.arg(i);
        }
        Bench b(many);
        auto* area = b.chart.findChild<LegendArea*>();
        QVERIFY(area && area->height() <= LegendArea::mostRows * b.legend()[0]->height());
        QCOMPARE(area->height(), area->heightForWidth(area->width()));
        QVERIFY(area->height() > 2 * b.legend()[0]->height());
        QVERIFY(b.plot().height() > b.chart.height() / 2);
        QToolButton* last = b.legend()[33];
        const auto inView = [&] {
            return area->viewport()->rect().contains(last->mapTo(area->viewport(), QPoint(1, 1)));
        };
        QVERIFY(!inView());
        b.legend()[0]->setFocus();
        QTest::keyClick(b.legend()[0], Qt::Key_Left);
        QTRY_VERIFY(inView());
        b.chart.setContent(errorRates());
        QTRY_VERIFY(area->height() < 2 * b.legend()[0]->height());
    }

    /// A picture of the lines: the spike is there, the gap is empty.
    void drawsSpikesAndGaps()
    {
        Bench b(errorRates());
        b.legend()[0]->click();
        b.legend()[2]->click();
        b.legend()[3]->click();
        QCoreApplication::processEvents();
        const QImage image = b.plot().grab().toImage();
        const ChartFrame& frame = b.plot().frame();
        const auto column = [&](double hours, double width) {
            const double left = frame.x(double(exampleNowMs - 6 * hour) + hours * double(hour));
            const double right = frame.x(double(exampleNowMs - 6 * hour) + (hours + width) * double(hour));
            return QRectF(QPointF(left + 2, frame.plot.top()), QPointF(right - 2, frame.plot.bottom())).toRect();
        };
        QVERIFY(hasColor(image, column(1.5, 0.4), m_theme.series(1)));
        QVERIFY(!hasColor(image, column(2.02, 0.13), m_theme.series(1)));
        QVERIFY(hasColor(image, column(2.3, 0.4), m_theme.series(1)));
        b.legend()[0]->click(); // the scale grows with the spike of the first
        QVERIFY(b.plot().frame().up.high >= 0.06);
    }

    void millionsBecomeWhatPixelsCanShow()
    {
        Bench b(longSeries(1'000'000));
        b.range.setRange(series::TimeRange::between(exampleNowMs - 1'000'000'000, exampleNowMs));
        QVERIFY(b.plot().drawnPoints() <= 4 * size_t(b.plot().width() + 1));
        QVERIFY(b.plot().drawnPoints() > 1000);
        b.range.setRange(series::TimeRange::between(exampleNowMs - 60'000, exampleNowMs));
        QVERIFY(b.plot().drawnPoints() <= 63);
    }

    void legendSwitchesAndIsolates()
    {
        Bench b(errorRates());
        const auto legend = b.legend();
        QTest::keyClick(legend[0], Qt::Key_Space);
        QVERIFY(b.legend()[0]->accessibleName().endsWith(u"hidden"_s));
        QVERIFY(b.plot().frame().up.high < 0.03); // without the outage
        QTest::mouseClick(legend[2], Qt::LeftButton, Qt::ShiftModifier);
        // What was off stays off by its id when new values come, also at another place.
        auto content = errorRates();
        std::swap(content.series[0], content.series[3]);
        b.chart.setContent(content);
        QVERIFY(b.legend()[3]->accessibleName().endsWith(u"hidden"_s));
        legend[0]->setFocus();
        QTest::keyClick(legend[0], Qt::Key_Right);
        QTRY_VERIFY(legend[1]->hasFocus());
        QTest::keyClick(legend[1], Qt::Key_Space, Qt::ShiftModifier);
        const auto shown = [](const QToolButton* one) { return one->accessibleName().endsWith(u"shown"_s); };
        QCOMPARE(std::ranges::count_if(b.legend(), shown), 1);
        QVERIFY(shown(legend[1]));
    }

    void crosshairNamesAllValues()
    {
        Bench b(errorRates());
        QSignalSpy moved(&b.chart, &Chart::crosshairMoved);
        const qint64 when = exampleNowMs - 105 * 60'000; // in the outage
        QTest::mouseMove(b.plot().viewport(), b.at(when));
        QTRY_VERIFY(!moved.isEmpty());
        const ChartReadout readout = b.plot().readout();
        QCOMPARE(readout.lines.size(), size_t(4));
        QCOMPARE(readout.lines[0].name, u"api-gateway"_s); // the largest first
        QVERIFY(std::abs(readout.atMs - when) < 60'000);
        QCOMPARE(readout.atMs % 15'000, 0); // on a value
        QCOMPARE(readout.marks.size(), size_t(1));
        QCOMPARE(readout.marks[0].text, u"HighErrorRate fired"_s);
        QVERIFY(b.plot().accessibleDescription().contains(u"HighErrorRate fired, "_s));
        QVERIFY(b.plot().accessibleDescription().contains(u"api-gateway: "_s));
        QTest::keyClick(&b.plot(), Qt::Key_Escape);
        QVERIFY(!b.plot().crosshair());
    }

    void inAGapThereIsNoValue()
    {
        Bench b(errorRates());
        const auto readout = readoutAt(b.chart.content(), {0, 1}, exampleNowMs - 6 * hour + 2 * hour + 5 * 60'000, 0);
        QCOMPARE(readout.lines[1].name, u"transcoder"_s);
        QCOMPARE(readout.lines[1].value, u"no value"_s);
    }

    void keyboardWalksAndZooms()
    {
        Bench b(errorRates());
        b.plot().setFocus();
        QTest::keyClick(&b.plot(), Qt::Key_Left);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs));
        QTest::keyClick(&b.plot(), Qt::Key_Left);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 15'000));
        QTest::keyClick(&b.plot(), Qt::Key_Home);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 6 * hour));
        QTest::keyClick(&b.plot(), Qt::Key_Plus);
        QCOMPARE(b.range.range(), series::TimeRange::last(4 * hour));
        QTest::keyClick(&b.plot(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(b.range.range(), series::TimeRange::between(exampleNowMs - 5 * hour, exampleNowMs - hour));
        QTest::keyClick(&b.plot(), Qt::Key_Minus);
        QCOMPARE(b.range.range().spanMs(), 6 * hour);
    }

    void draggingZoomsIn()
    {
        Bench b(errorRates());
        const qint64 from = exampleNowMs - 3 * hour, to = exampleNowMs - 2 * hour;
        QTest::mousePress(b.plot().viewport(), Qt::LeftButton, {}, b.at(from));
        QTest::mouseMove(b.plot().viewport(), b.at(to));
        QTest::mouseRelease(b.plot().viewport(), Qt::LeftButton, {}, b.at(to));
        QVERIFY(!b.range.range().follows());
        QVERIFY(std::abs(b.range.fromMs() - from) < 90'000 && std::abs(b.range.toMs() - to) < 90'000);
        b.range.back();
        QVERIFY(b.range.range().follows());
        // A click is no range.
        QTest::mouseClick(b.plot().viewport(), Qt::LeftButton, {}, b.at(from));
        QVERIFY(b.range.range().follows());
    }

    void theQueryIsOneClickAway()
    {
        Bench b(errorRates());
        QSignalSpy asked(&b.chart, &Chart::queryRequested);
        auto* button = b.chart.findChild<QToolButton*>(u"chartQuery"_s);
        QVERIFY(button->toolTip().contains(errorRates().query));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked[0][0].toString(), errorRates().query);
    }

    void statesAndStaleness()
    {
        Bench b({});
        b.chart.setTitle(u"Uploads"_s, series::Unit::PerSecond);
        QCOMPARE(b.chart.findChild<QLabel*>(u"chartTitle"_s)->text(), u"Uploads"_s);
        b.chart.setEmpty(u"No values"_s, u"The metric exists, but not for this service"_s, u"Open the query"_s);
        QVERIFY(b.chart.showsState());
        const Error gone{Error::Kind::Network, u"Prometheus cannot be reached"_s, {}, u"Look at the network"_s};
        b.chart.setFailed(gone, u"Try again"_s);
        QVERIFY(b.chart.showsState());
        b.chart.setContent(errorRates());
        QVERIFY(!b.chart.showsState());
        b.chart.setLoading(u"Asking"_s);
        QVERIFY(!b.chart.showsState()); // what is there stays
        b.chart.setFailed(gone, u"Try again"_s);
        QVERIFY(!b.chart.showsState());
        QVERIFY(b.chart.findChild<QLabel*>(u"chartNotice"_s)->toolTip().contains(u"Prometheus cannot be reached"_s));
        QVERIFY(b.chart.notice().startsWith(u"Stale since"_s));
        b.chart.setContent(errorRates());
        QVERIFY(b.chart.notice().isEmpty());
    }

    void tooManySeriesAreSaid()
    {
        ChartContent content;
        for (int i = 0; i < 10'000; ++i) {
            auto columns = std::make_shared<series::Columns>();
            columns->time = {exampleNowMs - 1000, exampleNowMs};
            columns->value = {double(i), double(i)};
            content.series.push_back({QString::number(i), QString::number(i), columns, false});
        }
        Bench b(content);
        QCOMPARE(b.legend().size(), qsizetype(Chart::mostSeries));
        QVERIFY(b.chart.findChild<QLabel*>(u"chartNotice"_s)->toolTip().contains(u"40 largest of 10000"_s));
        QCOMPARE(b.chart.content().series.back().name, u"9999"_s);
    }

    void csv()
    {
        ChartContent content;
        auto a = std::make_shared<series::Columns>(), c = std::make_shared<series::Columns>();
        *a = {{0, 1000, 2000}, {1, std::numeric_limits<double>::quiet_NaN(), 0.1}};
        *c = {{1000, 3000}, {7, 8}};
        content.series = {{u"a"_s, u"a, \"b\""_s, a, false}, {u"c"_s, u"c"_s, c, false}};
        QCOMPARE(chartCsv(content, 0, 2500), QByteArray("time,\"a, \"\"b\"\"\",c\r\n"
                                                        "1970-01-01T00:00:00.000Z,1,\r\n"
                                                        "1970-01-01T00:00:01.000Z,,7\r\n"
                                                        "1970-01-01T00:00:02.000Z,0.1,\r\n"));
    }

    void files()
    {
        QTemporaryDir directory;
        Bench b(errorRates());
        b.files.path = directory.filePath(u"chart.png"_s);
        b.chart.exportPng();
        QVERIFY(QImage(b.files.path).width() >= 1600);
        b.files.path = directory.filePath(u"values.csv"_s);
        b.chart.exportCsv();
        QFile csv(b.files.path);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().count('\n'), 6 * 240 + 2 + 3); // and a row for each mark
        b.files.path = u"/nonexistent/x.csv"_s;
        b.chart.exportCsv();
        QVERIFY(b.chart.findChild<QLabel*>(u"chartNotice"_s)->toolTip().contains(u"could not be written"_s));
        b.files.path.clear(); // thought better of it
        b.chart.exportPng();
    }

    void rangeBar()
    {
        const auto clock = std::make_shared<ManualClock>(exampleNowMs);
        series::TimeRangeModel range(clock, series::TimeRange::last(hour));
        TimeRangeBar bar(range);
        QCOMPARE(bar.words(), u"Last hour"_s);
        QVERIFY(!bar.findChild<QToolButton*>(u"rangeBack"_s)->isEnabled());
        bar.findChild<QToolButton*>(u"rangeChoose"_s)->menu()->actions()[3]->trigger();
        QCOMPARE(bar.words(), u"Last 6 hours"_s);
        bar.findChild<QToolButton*>(u"rangeNow"_s)->click();
        QVERIFY(!range.range().follows());
        QCOMPARE(bar.words(), u"20 Nov 06:00 – 12:00"_s);
        bar.findChild<QToolButton*>(u"rangeBack"_s)->click();
        QCOMPARE(bar.words(), u"Last 6 hours"_s);
        bar.findChild<QToolButton*>(u"rangeNarrower"_s)->click();
        QCOMPARE(bar.words(), u"Last 3 hours"_s);
    }

    void words()
    {
        QCOMPARE(spanWords(90 * 60'000), u"1 hour 30 minutes"_s);
        QCOMPARE(spanWords(0), u"0 seconds"_s);
        QCOMPARE(spanWords(25 * hour + 5'000), u"1 day 1 hour"_s);
        QCOMPARE(rangeWords(series::TimeRange::between(exampleNowMs - 400 * 24 * hour, exampleNowMs), exampleNowMs,
                            QTimeZone::utc()),
                 u"16 Oct 2025 12:00 – 20 Nov 2026 12:00"_s);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestChart)
#include "test_chart.moc"
