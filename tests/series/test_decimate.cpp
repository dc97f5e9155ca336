// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Decimate.h"

#include <QtTest/QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace wk::series;

namespace {

constexpr double noValue = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Columns regular(std::vector<double> values, qint64 stepMs = 1000)
{
    Columns columns;
    columns.value = std::move(values);
    for (size_t i = 0; i < columns.value.size(); ++i)
        columns.time.push_back(qint64(i) * stepMs);
    return columns;
}

} // namespace

class TestDecimate : public QObject
{
    Q_OBJECT
private slots:
    void nothingAtAll()
    {
        QVERIFY(decimate({}, 0, 1000, 100, 0).isEmpty());
        QVERIFY(decimate(regular({noValue, noValue}), 0, 1000, 100, 0).isEmpty());
        QVERIFY(decimate(regular({1, 2}), 1000, 0, 100, 0).isEmpty());
    }

    void fewValuesStayAsTheyAre()
    {
        const auto drawn = decimate(regular({3, 1, 2}), 0, 2000, 100, 0);
        QCOMPARE(drawn.runs.size(), size_t(1));
        QCOMPARE(drawn.runs[0], (std::vector<Point>{{0, 3}, {1000, 1}, {2000, 2}}));
        QCOMPARE(drawn.low, 1.0);
        QCOMPARE(drawn.high, 3.0);
        QCOMPARE(drawn.considered, size_t(3));
    }

    void gapsByTimeAndByMissingValues()
    {
        Columns columns = regular({1, 1, noValue, 1, 1});
        QCOMPARE(decimate(columns, 0, 4000, 100, 0).runs.size(), size_t(2));
        columns = {{0, 1000, 60'000, 61'000}, {1, 2, 3, 4}};
        QCOMPARE(decimate(columns, 0, 61'000, 100, 2500).runs.size(), size_t(2));
        QCOMPARE(decimate(columns, 0, 61'000, 100, 0).runs.size(), size_t(1));
    }

    /// Every second value missing, a thousand to the pixel: the line is whole, and there are not half a million runs.
    void gapsBelowAPixelAreNotDrawn()
    {
        std::vector<double> values(100'000, 1);
        for (size_t i = 1; i < values.size(); i += 2)
            values[i] = noValue;
        QVERIFY(decimate(regular(values), 0, 99'999'000, 100, 1500).runs.size() <= 101);
    }

    void aLonelyValueIsARunOfOnePoint()
    {
        const auto drawn = decimate(regular({noValue, 5, noValue}), 0, 2000, 10, 0);
        QCOMPARE(drawn.runs.size(), size_t(1));
        QCOMPARE(drawn.runs[0], (std::vector<Point>{{1000, 5}}));
    }

    void infinitiesAreCountedAndBreakTheLine()
    {
        const auto drawn = decimate(regular({1, infinity, 2, -infinity}), 0, 3000, 100, 0);
        QCOMPARE(drawn.infinite, size_t(2));
        QCOMPARE(drawn.runs.size(), size_t(2));
        QCOMPARE(drawn.high, 2.0);
    }

    void neighboursOutsideLeadTheLineOut()
    {
        const auto drawn = decimate(regular({0, 10, 20, 30, 40}), 1500, 2500, 100, 0);
        QCOMPARE(drawn.runs[0], (std::vector<Point>{{1000, 10}, {2000, 20}, {3000, 30}}));
        // They count neither for the scale nor as values.
        QCOMPARE(drawn.low, 20.0);
        QCOMPARE(drawn.high, 20.0);
        QCOMPARE(drawn.considered, size_t(1));
    }

    void aNeighbourBeyondAGapIsNotDrawn()
    {
        const Columns columns{{0, 100'000, 101'000}, {1, 2, 3}};
        const auto drawn = decimate(columns, 50'000, 102'000, 100, 5'000);
        QCOMPARE(drawn.runs.size(), size_t(1));
        QCOMPARE(drawn.runs[0].front().at, 100'000.0);
    }

    /// Of a million values with three spikes in three of 800 columns, every spike is drawn, and no more than four
    /// points a column.
    void noSpikeIsLost()
    {
        std::mt19937 random(7);
        std::uniform_real_distribution<double> noise(0, 1);
        std::vector<double> values(1'000'000);
        std::generate(values.begin(), values.end(), [&] { return noise(random); });
        values[123'456] = 50;
        values[500'001] = -40;
        values[999'998] = 70;
        const auto drawn = decimate(regular(std::move(values)), 0, 999'999'000, 800, 2500);
        QCOMPARE(drawn.runs.size(), size_t(1));
        QVERIFY(drawn.points() <= 4 * 801);
        QCOMPARE(drawn.considered, size_t(1'000'000));
        const auto has = [&](double value) {
            return std::any_of(drawn.runs[0].begin(), drawn.runs[0].end(),
                               [&](const Point& point) { return point.value == value; });
        };
        QVERIFY(has(50) && has(-40) && has(70));
        QCOMPARE(drawn.low, -40.0);
        QCOMPARE(drawn.high, 70.0);
    }

    /// Column by column, what is kept has the extremes, the first and the last of what was there; times ascend.
    void everyColumnKeepsItsFourValues()
    {
        std::mt19937 random(11);
        std::uniform_real_distribution<double> noise(-100, 100);
        std::uniform_int_distribution<int> step(1, 30);
        for (int round = 0; round < 200; ++round) {
            Columns columns;
            qint64 at = 0;
            for (int i = 0; i < 500; ++i) {
                columns.time.push_back(at += step(random));
                columns.value.push_back(i % 97 == 13 ? noValue : noise(random));
            }
            const int pixels = 1 + round % 40;
            const auto drawn = decimate(columns, 0, at, pixels, 0);
            std::map<qint64, std::vector<double>> before, after;
            const double perColumn = std::max(1.0, double(at) / pixels);
            for (size_t i = 0; i < columns.size(); ++i) {
                if (std::isfinite(columns.value[i]))
                    before[qint64(double(columns.time[i]) / perColumn)].push_back(columns.value[i]);
            }
            double last = -1;
            for (const auto& run : drawn.runs) {
                for (const Point& point : run) {
                    QVERIFY(point.at > last);
                    last = point.at;
                    after[qint64(point.at / perColumn)].push_back(point.value);
                }
            }
            QCOMPARE(before.size(), after.size());
            for (const auto& [column, values] : before) {
                const auto& kept = after[column];
                QCOMPARE(kept.front(), values.front());
                QCOMPARE(kept.back(), values.back());
                QCOMPARE(*std::ranges::min_element(kept), *std::ranges::min_element(values));
                QCOMPARE(*std::ranges::max_element(kept), *std::ranges::max_element(values));
            }
        }
    }

    void usualGap()
    {
        QCOMPARE(usualGapMs(regular({1, 2})), qint64(0));
        QCOMPARE(usualGapMs(regular({1, 2, 3, 4}, 15'000)), qint64(37'500));
        // One long pause does not change what is usual.
        Columns columns = regular({1, 2, 3, 4, 5}, 15'000);
        columns.time.back() += 1'000'000;
        QCOMPARE(usualGapMs(columns), qint64(37'500));
    }

    void valueAtATime()
    {
        const Columns columns = regular({1, 2, 3});
        QVERIFY(std::isnan(valueAt(columns, -1, 0)));
        QCOMPARE(valueAt(columns, 0, 0), 1.0);
        QCOMPARE(valueAt(columns, 1999, 0), 2.0);
        QCOMPARE(valueAt(columns, 99'000, 0), 3.0);
        QVERIFY(std::isnan(valueAt(columns, 99'000, 2500)));
        QVERIFY(std::isnan(valueAt({}, 0, 0)));
    }
};

QTEST_GUILESS_MAIN(TestDecimate)
#include "test_decimate.moc"
