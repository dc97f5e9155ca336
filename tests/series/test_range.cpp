// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/TimeRangeModel.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::series;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 hour = 3'600'000;
}

class TestRange : public QObject
{
    Q_OBJECT
private slots:
    void texts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("again"); // empty: refused
        QTest::newRow("hours") << u"6h"_s << u"6h"_s;
        QTest::newRow("last hours") << u" last 90m "_s << u"1h30m"_s;
        QTest::newRow("two instants") << u"2026-11-20T08:00:00Z/2026-11-20T09:00:00Z"_s
                                      << u"2026-11-20T08:00:00Z/2026-11-20T09:00:00Z"_s;
        QTest::newRow("the wrong way round")
            << u"2026-11-20T09:00:00Z/2026-11-20T08:00:00Z"_s << u"2026-11-20T08:00:00Z/2026-11-20T09:00:00Z"_s;
        QTest::newRow("from, for") << u"2026-11-20T08:00:00Z/30m"_s << u"2026-11-20T08:00:00Z/2026-11-20T08:30:00Z"_s;
        QTest::newRow("for, until") << u"30m/2026-11-20T08:00:00Z"_s << u"2026-11-20T07:30:00Z/2026-11-20T08:00:00Z"_s;
        QTest::newRow("too short") << u"1s"_s << u"10s"_s;
        QTest::newRow("nothing") << u""_s << u""_s;
        QTest::newRow("zero") << u"0"_s << u""_s;
        QTest::newRow("words") << u"yesterday"_s << u""_s;
        QTest::newRow("two durations") << u"5m/6m"_s << u""_s;
        QTest::newRow("half") << u"2026-11-20T08:00:00Z/"_s << u""_s;
    }
    void texts()
    {
        QFETCH(QString, text);
        QFETCH(QString, again);
        const auto range = TimeRange::parse(text);
        QCOMPARE(range.has_value(), !again.isEmpty());
        if (!range) {
            QVERIFY(!range.error().sentence.isEmpty() && !range.error().remedy.isEmpty());
            return;
        }
        QCOMPARE(range->text(), again);
        QCOMPARE(*TimeRange::parse(range->text()), *range);
    }

    void followsTheClock()
    {
        const auto clock = std::make_shared<ManualClock>(100 * hour);
        TimeRangeModel model(clock, TimeRange::last(hour));
        QCOMPARE(model.fromMs(), 99 * hour);
        clock->advance(hour);
        QCOMPARE(model.fromMs(), 100 * hour);
        model.setFollows(false);
        clock->advance(hour);
        QCOMPARE(model.fromMs(), 100 * hour);
        QCOMPARE(model.toMs(), 101 * hour);
        model.setFollows(true);
        QCOMPARE(model.toMs(), 102 * hour);
        QCOMPARE(model.range().spanMs(), hour);
    }

    void theWayBack()
    {
        TimeRangeModel model(std::make_shared<ManualClock>(100 * hour));
        QSignalSpy changed(&model, &TimeRangeModel::changed);
        QVERIFY(!model.canGoBack());
        model.back();
        QCOMPARE(changed.count(), 0);
        model.setRange(TimeRange::last(6 * hour));
        model.setRange(TimeRange::last(6 * hour)); // the same again
        QCOMPARE(changed.count(), 1);
        model.zoom(0.5, 97 * hour);
        QCOMPARE(model.range(), TimeRange::last(3 * hour)); // it follows, so its end stays
        model.pan(-1);
        QCOMPARE(model.range(), TimeRange::between(94 * hour, 97 * hour));
        model.back();
        model.back();
        QCOMPARE(model.range(), TimeRange::last(6 * hour));
        model.forward();
        QCOMPARE(model.range(), TimeRange::last(3 * hour));
        model.setRange(TimeRange::last(2 * hour)); // another way from here
        QVERIFY(!model.canGoForward());
        for (int i = 0; i < 200; ++i)
            model.setRange(TimeRange::last((i + 3) * hour));
        int steps = 0;
        for (; model.canGoBack(); ++steps)
            model.back();
        QCOMPARE(steps, int(TimeRangeModel::deepestUndo));
    }

    void zoomKeepsWhatIsUnderThePointer()
    {
        TimeRangeModel model(std::make_shared<ManualClock>(100 * hour), TimeRange::between(0, 4 * hour));
        model.zoom(0.5, hour);
        QCOMPARE(model.range(), TimeRange::between(hour / 2, hour / 2 + 2 * hour));
        model.zoom(1e-12, hour);
        QCOMPARE(model.range().spanMs(), TimeRange::shortestMs);
        model.zoom(1e300, hour);
        QCOMPARE(model.range().spanMs(), TimeRange::longestMs);
        const auto before = model.range();
        model.zoom(0, hour);
        model.zoom(-1, hour);
        model.zoom(std::numeric_limits<double>::quiet_NaN(), hour);
        QCOMPARE(model.range(), before);
    }
};

QTEST_GUILESS_MAIN(TestRange)
#include "test_range.moc"
