// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/QueryBudget.h"
#include "monitoring/prometheus/RangeCache.h"

#include <QtTest/QTest>

using namespace wk::monitoring;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;

AnswerPtr matrix(const QString& pod, const std::vector<qint64>& times, const QStringList& warnings = {})
{
    auto out = std::make_shared<Answer>();
    out->kind = Answer::Kind::Matrix;
    out->warnings = warnings;
    Series series{{times, {}}, {{u"pod"_s, pod}}, {}};
    for (const qint64 time : times)
        series.value.push_back(double(time) / 10);
    out->series.push_back(std::move(series));
    return out;
}

} // namespace

/// Which instants are asked for, when, and what is remembered: all of it pure.
class TestMonitoringRanges : public QObject
{
    Q_OBJECT

private slots:
    void stepFits_data();
    void stepFits();
    void neverMorePointsThanPixels();
    void alignsInside_data();
    void alignsInside();
    void piecesLeaveNothingOut();
    void asksOnlyForWhatIsMissing_data();
    void asksOnlyForWhatIsMissing();
    void joins();
    void cutsHistograms();
    void cacheKeepsWhatIsWhole();
    void cacheIsBounded();
    void budget();
};

void TestMonitoringRanges::stepFits_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<int>("pixels");
    QTest::addColumn<qint64>("least");
    QTest::addColumn<qint64>("step");
    QTest::newRow("an hour on 800") << hour << 800 << qint64(1'000) << qint64(5'000);
    QTest::newRow("an hour on 800, scraped every 15 s") << hour << 800 << qint64(15'000) << qint64(15'000);
    QTest::newRow("a day on 1440") << day << 1440 << qint64(1'000) << 2 * minute;
    QTest::newRow("a day on 1441") << day << 1441 << qint64(1'000) << minute;
    QTest::newRow("eight weeks on 300") << 56 * day << 300 << qint64(1'000) << 6 * hour;
    QTest::newRow("a century on 10") << 36'500 * day << 10 << qint64(1'000) << 4'080 * day;
    QTest::newRow("nothing") << qint64(0) << 100 << qint64(1'000) << qint64(1'000);
    QTest::newRow("one pixel") << day << 1 << qint64(1'000) << 2 * day;
    QTest::newRow("no pixel") << day << 0 << qint64(1'000) << 2 * day;
    QTest::newRow("a scrape interval of its own") << hour << 800 << qint64(17'000) << qint64(30'000);
}

void TestMonitoringRanges::stepFits()
{
    QFETCH(qint64, length);
    QFETCH(int, pixels);
    QFETCH(qint64, least);
    QFETCH(qint64, step);
    QCOMPARE(stepFor({1'700'000'000'000, 1'700'000'000'000 + length}, pixels, least), step);
}

void TestMonitoringRanges::neverMorePointsThanPixels()
{
    quint64 random = 7;
    const auto next = [&random](quint64 below) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        return qint64((random >> 20) % below);
    };
    for (int i = 0; i < 20'000; ++i) {
        const qint64 from = 1'700'000'000'000 + next(quint64(day));
        const TimeRange range{from, from + next(quint64(1) << (10 + next(32)))};
        const int pixels = int(1 + next(4'000));
        const qint64 step = stepFor(range, pixels, 1 + next(60'000));
        const TimeRange instants = aligned(range, step);
        QVERIFY(pointsIn(instants, step) <= pixels);
        if (!instants.isEmpty()) {
            QVERIFY(instants.from >= range.from && instants.to <= range.to);
            QVERIFY(instants.from - range.from < step && range.to - instants.to < step);
            QCOMPARE(instants.from % step, 0);
        }
    }
}

void TestMonitoringRanges::alignsInside_data()
{
    QTest::addColumn<TimeRange>("range");
    QTest::addColumn<TimeRange>("inside");
    QTest::newRow("is so") << TimeRange{100, 300} << TimeRange{100, 300};
    QTest::newRow("inwards") << TimeRange{101, 399} << TimeRange{200, 300};
    QTest::newRow("none") << TimeRange{101, 199} << TimeRange{200, 100};
    QTest::newRow("before the epoch") << TimeRange{-250, -50} << TimeRange{-200, -100};
}

void TestMonitoringRanges::alignsInside()
{
    QFETCH(TimeRange, range);
    QFETCH(TimeRange, inside);
    QVERIFY(aligned(range, 100) == inside);
}

void TestMonitoringRanges::piecesLeaveNothingOut()
{
    const TimeRange range{0, 25'000 * minute};
    const auto parts = pieces(range, minute);
    QCOMPARE(parts.size(), std::size_t(3));
    QCOMPARE(parts.front().from, range.from);
    QCOMPARE(parts.back().to, range.to);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        QVERIFY(pointsIn(parts[i], minute) <= maxPointsPerSeries);
        if (i > 0)
            QCOMPARE(parts[i].from, parts[i - 1].to + minute);
    }
    QVERIFY(pieces({10, 0}, 1).empty());
    QCOMPARE(pieces({0, (maxPointsPerSeries - 1) * 10}, 10).size(), std::size_t(1));
    QCOMPARE(pieces({0, maxPointsPerSeries * 10}, 10).size(), std::size_t(2));
}

void TestMonitoringRanges::asksOnlyForWhatIsMissing_data()
{
    QTest::addColumn<TimeRange>("wanted");
    QTest::addColumn<TimeRange>("known");
    QTest::addColumn<std::vector<TimeRange>>("asked");
    using Ranges = std::vector<TimeRange>;
    const TimeRange wanted{100, 200};
    QTest::newRow("nothing known") << wanted << TimeRange{0, -1} << Ranges{wanted};
    QTest::newRow("all known") << wanted << TimeRange{100, 200} << Ranges{};
    QTest::newRow("more known") << wanted << TimeRange{0, 300} << Ranges{};
    QTest::newRow("moved on") << wanted << TimeRange{80, 180} << Ranges{{190, 200}};
    QTest::newRow("moved back") << wanted << TimeRange{120, 300} << Ranges{{100, 110}};
    QTest::newRow("zoomed out") << wanted << TimeRange{120, 180} << Ranges{{100, 110}, {190, 200}};
    QTest::newRow("elsewhere") << wanted << TimeRange{300, 400} << Ranges{wanted};
    QTest::newRow("nothing wanted") << TimeRange{10, 0} << TimeRange{300, 400} << Ranges{};
}

void TestMonitoringRanges::asksOnlyForWhatIsMissing()
{
    QFETCH(TimeRange, wanted);
    QFETCH(TimeRange, known);
    QFETCH(std::vector<TimeRange>, asked);
    QVERIFY(missing(wanted, known, 10) == asked);
}

void TestMonitoringRanges::joins()
{
    auto more = std::make_shared<Answer>(*matrix(u"b"_s, {30}));
    more->series.push_back(matrix(u"a"_s, {30, 40})->series.front());
    const AnswerPtr all = joined({matrix(u"a"_s, {10, 20}, {u"slow"_s}), more, matrix(u"a"_s, {60}, {u"slow"_s})});
    QCOMPARE(all->series.size(), std::size_t(2));
    QVERIFY(all->series[0].time == (std::vector<qint64>{10, 20, 30, 40, 60}));
    QVERIFY(all->series[0].value == (std::vector<double>{1, 2, 3, 4, 6}));
    QVERIFY(all->series[1].time == std::vector<qint64>{30});
    QCOMPARE(all->warnings, QStringList(u"slow"_s));
    // A range that nothing lies in leaves no empty series behind.
    const AnswerPtr part = cut(all, {35, 59});
    QCOMPARE(part->series.size(), std::size_t(1));
    QVERIFY(part->series[0].time == std::vector<qint64>{40});
}

void TestMonitoringRanges::cutsHistograms()
{
    auto answer = std::make_shared<Answer>();
    answer->series.push_back(
        {{}, {}, {{10, 20, 30}, {3, 1, 2}, {9, 8, 7}, {0, 2, 2}, {0, 1, 5}, {1, 2, 6}, {2, 1, 2}}});
    const AnswerPtr middle = cut(answer, {15, 30});
    const Histograms& cutOut = middle->series.front().histograms;
    QVERIFY((cutOut == Histograms{{20, 30}, {1, 2}, {8, 7}, {0, 0}, {5}, {6}, {2}}));
    // Joined again it is as it was.
    QVERIFY(joined({cut(answer, {0, 10}), middle})->series == answer->series);
}

void TestMonitoringRanges::cacheKeepsWhatIsWhole()
{
    RangeCache cache(1 << 20);
    QVERIFY(cache.find(u"q"_s, 10).range.isEmpty());
    cache.keep(u"q"_s, 10, {{10, 20}, matrix(u"a"_s, {10, 20})});
    QVERIFY((cache.find(u"q"_s, 10).range == TimeRange{10, 20}));
    QVERIFY(cache.find(u"q"_s, 20).range.isEmpty());
    QVERIFY(cache.find(u"p"_s, 10).range.isEmpty());
    // A warned answer takes the place of nothing, and what was known goes with it.
    cache.keep(u"q"_s, 10, {{10, 30}, matrix(u"a"_s, {10, 20, 30}, {u"a store is away"_s})});
    QVERIFY(cache.find(u"q"_s, 10).range.isEmpty());
    QCOMPARE(cache.bytes(), 0);
}

void TestMonitoringRanges::cacheIsBounded()
{
    std::vector<qint64> times(1'000);
    for (std::size_t i = 0; i < times.size(); ++i)
        times[i] = qint64(i) * 10;
    RangeCache cache(100'000);
    for (int i = 0; i < 50; ++i) {
        cache.keep(u"q%1"_s.arg(i), 10, {{0, 9'990}, matrix(u"a"_s, times)});
        QVERIFY(cache.bytes() <= 100'000);
        (void)cache.find(u"q0"_s, 10); // in use all the time
    }
    QVERIFY(!cache.find(u"q0"_s, 10).range.isEmpty());
    QVERIFY(cache.find(u"q1"_s, 10).range.isEmpty());
    QVERIFY(!cache.find(u"q49"_s, 10).range.isEmpty());
    cache.clear();
    QCOMPARE(cache.bytes(), 0);
}

void TestMonitoringRanges::budget()
{
    QueryBudget budget(2);
    budget.add(1, Priority::Visible);
    budget.add(2, Priority::Later);
    budget.add(3, Priority::Visible);
    budget.add(4, Priority::Now);
    QCOMPARE(budget.next(), std::optional<quint64>(4));
    QCOMPARE(budget.next(), std::optional<quint64>(1));
    QVERIFY(!budget.next());
    budget.remove(3); // nobody wants it any more
    budget.remove(4);
    QCOMPARE(budget.next(), std::optional<quint64>(2));
    QVERIFY(!budget.next());
    QCOMPARE(budget.running(), 2);
    budget.remove(1);
    budget.remove(2);
    QCOMPARE(budget.running() + budget.waiting(), 0);
}

QTEST_APPLESS_MAIN(TestMonitoringRanges)
#include "test_monitoring_ranges.moc"
