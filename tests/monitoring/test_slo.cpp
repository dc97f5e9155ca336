// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "monitoring/objectives/Burn.h"
#include "monitoring/objectives/Kpi.h"
#include "monitoring/objectives/SloBudget.h"
#include "monitoring/objectives/SloSpec.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;

qint64 at(const QString& time) { return QDateTime::fromString(time, Qt::ISODate).toMSecsSinceEpoch(); }

// Whole days of requests from the beginning of a period.
std::vector<SloStretch> days(const Period& period, int count, double total, double bad)
{
    std::vector<SloStretch> all;
    all.reserve(size_t(count));
    for (int i = 0; i < count; ++i)
        all.push_back({{period.fromMs + i * day, period.fromMs + (i + 1) * day}, total, bad});
    return all;
}

QString rounded(std::optional<double> value) { return value ? QString::number(*value, 'g', 6) : u"-"_s; }

} // namespace

/// Error budgets, burn rates and KPIs against figures that were worked out by hand.
class TestSlo : public QObject
{
    Q_OBJECT

private slots:
    // 30 d × 0.1 % = 43 min 12 s; the seeds' 43 minutes. 28 d: 40 min 19.2 s; 29 d: 41 min 45.6 s; 31 d: 44 min 38.4 s.
    void budgetsOfMonths_data()
    {
        QTest::addColumn<QString>("moment");
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("until");
        QTest::addColumn<double>("seconds"); // of failure that 99.9 % allow
        QTest::newRow("30 days") << u"2026-11-21T20:00:00Z"_s << QByteArray("UTC") << u"2026-11-01T00:00:00Z"_s
                                 << u"2026-12-01T00:00:00Z"_s << 2592.0;
        QTest::newRow("31 days") << u"2026-01-01T00:00:00Z"_s << QByteArray("UTC") << u"2026-01-01T00:00:00Z"_s
                                 << u"2026-02-01T00:00:00Z"_s << 2678.4;
        QTest::newRow("February") << u"2026-02-28T23:59:59Z"_s << QByteArray("UTC") << u"2026-02-01T00:00:00Z"_s
                                  << u"2026-03-01T00:00:00Z"_s << 2419.2;
        QTest::newRow("leap day") << u"2028-02-29T12:00:00Z"_s << QByteArray("UTC") << u"2028-02-01T00:00:00Z"_s
                                  << u"2028-03-01T00:00:00Z"_s << 2505.6;
        QTest::newRow("no leap day in 2100") << u"2100-02-10T00:00:00Z"_s << QByteArray("UTC")
                                             << u"2100-02-01T00:00:00Z"_s << u"2100-03-01T00:00:00Z"_s << 2419.2;
        // The clocks go forward on the 29th: 31 days less an hour. 743 h × 3.6 s = 2674.8 s.
        QTest::newRow("summer time begins") << u"2026-03-15T00:00:00Z"_s << QByteArray("Europe/Berlin")
                                            << u"2026-02-28T23:00:00Z"_s << u"2026-03-31T22:00:00Z"_s << 2674.8;
        // Back on the 25th: 745 h.
        QTest::newRow("summer time ends") << u"2026-10-31T23:30:00Z"_s << QByteArray("America/New_York")
                                          << u"2026-10-01T04:00:00Z"_s << u"2026-11-01T04:00:00Z"_s << 2678.4;
        QTest::newRow("already the next month there")
            << u"2026-10-31T17:00:00Z"_s << QByteArray("Asia/Bangkok") << u"2026-10-31T17:00:00Z"_s
            << u"2026-11-30T17:00:00Z"_s << 2592.0;
        QTest::newRow("the year ends") << u"2026-12-31T23:59:59Z"_s << QByteArray("UTC") << u"2026-12-01T00:00:00Z"_s
                                       << u"2027-01-01T00:00:00Z"_s << 2678.4;
    }
    void budgetsOfMonths()
    {
        QFETCH(QString, moment);
        QFETCH(QByteArray, zone);
        QFETCH(QString, from);
        QFETCH(QString, until);
        QFETCH(double, seconds);
        const QTimeZone tz(zone);
        if (!tz.isValid())
            QSKIP("this system has no such time zone");
        const Period month = calendarMonth(at(moment), tz);
        QCOMPARE(month.fromMs, at(from));
        QCOMPARE(month.untilMs, at(until));
        QCOMPARE(sloStatus(month, month.fromMs, 0.001, {}, false).allowedMs, qint64(std::llround(seconds * 1000)));
    }

    // Hand-computed, November 2026 (30 days), 99.9 %: the budget is 43 min 12 s = 2,592,000 ms.
    void budgets_data()
    {
        QTest::addColumn<double>("allowed");
        QTest::addColumn<int>("elapsedDays");
        QTest::addColumn<int>("knownDays");
        QTest::addColumn<double>("total"); // a day
        QTest::addColumn<double>("bad");
        QTest::addColumn<QString>("remaining");
        QTest::addColumn<QString>("atWorst");
        QTest::addColumn<QString>("good");
        QTest::addColumn<int>("state");
        using S = SloStatus::State;
        const auto row = [](const char* name, double allowed, int elapsed, int known, double total, double bad,
                            const char* remaining, const char* worst, const char* good, S state) {
            QTest::newRow(name) << allowed << elapsed << known << total << bad << QString::fromLatin1(remaining)
                                << QString::fromLatin1(worst) << QString::fromLatin1(good) << int(state);
        };
        // 0.01 % bad of 0.1 % allowed, for all of the month: a tenth is spent.
        row("a tenth", 0.001, 30, 30, 10'000, 1, "0.9", "0.9", "0.9999", S::Kept);
        // The same until the 10th: a third of the month has passed, so a thirtieth is spent.
        row("until the 10th", 0.001, 10, 10, 10'000, 1, "0.966667", "0.966667", "0.9999", S::Kept);
        row("exactly the budget", 0.001, 30, 30, 10'000, 10, "0", "0", "0.999", S::Spent);
        row("twice the budget", 0.001, 30, 30, 10'000, 20, "-1", "-1", "0.998", S::Spent);
        row("nothing bad", 0.001, 30, 30, 10'000, 0, "1", "1", "1", S::Kept);
        // 99.5 %: 216 minutes in 30 days. 0.25 % bad for 15 of 30 days: a quarter is spent.
        row("99.5 %", 0.005, 15, 15, 10'000, 25, "0.75", "0.75", "0.9975", S::Kept);
        // P95: 5 % may be slow. 4 % are, over the whole month: 80 % are spent.
        row("5 % may be slow", 0.05, 30, 30, 100, 4, "0.2", "0.2", "0.96", S::Kept);
        // 10 days passed, 9 known with nothing bad: the unknown day is 1/30 of the month, 33 times the budget.
        row("a day unknown", 0.001, 10, 9, 10'000, 0, "1", "-32.3333", "1", S::Uncertain);
        // Like the rest: 0.01 % for 10 days although only 5 are known. At worst: (5·0.0001 + 5) / 30 of 0.2.
        row("half unknown, large budget", 0.2, 10, 5, 10'000, 1, "0.999833", "0.166583", "0.9999", S::Kept);
        row("nothing known", 0.001, 10, 0, 0, 0, "-", "-", "-", S::Unknown);
        row("no traffic", 0.001, 10, 10, 0, 0, "1", "1", "-", S::Kept);
        row("not begun", 0.001, 0, 0, 0, 0, "-", "-", "-", S::Unknown);
    }
    void budgets()
    {
        QFETCH(double, allowed);
        QFETCH(int, elapsedDays);
        QFETCH(int, knownDays);
        QFETCH(double, total);
        QFETCH(double, bad);
        QFETCH(QString, remaining);
        QFETCH(QString, atWorst);
        QFETCH(QString, good);
        QFETCH(int, state);
        const Period month = calendarMonth(at(u"2026-11-21T00:00:00Z"_s), QTimeZone::utc());
        const SloStatus status =
            sloStatus(month, month.fromMs + elapsedDays * day, allowed, days(month, knownDays, total, bad), true);
        // A hair around 0 is 0.
        const auto clean = [](std::optional<double> v) { return v && std::abs(*v) < 1e-9 ? std::optional(0.0) : v; };
        QCOMPARE(rounded(clean(status.remaining)), remaining);
        QCOMPARE(rounded(clean(status.remainingAtWorst)), atWorst);
        QCOMPARE(rounded(status.good), good);
        if (std::abs(status.remaining.value_or(1)) > 1e-9)
            QCOMPARE(int(status.state), state);
        QCOMPARE(status.unknownMs(), (elapsedDays - knownDays) * day);
    }

    void timeInsteadOfEvents()
    {
        // 99.9 % of the last 30 days, down for 12 minutes and 57.6 seconds: 30 % of 43 min 12 s.
        const Period window = rollingWindow(at(u"2026-11-21T20:00:00Z"_s), thirtyDaysMs);
        const qint64 down = 777'600;
        const SloStatus status =
            sloStatus(window, window.untilMs, 0.001,
                      {{{window.fromMs, window.untilMs}, double(window.length()), double(down)}}, false);
        QCOMPARE(rounded(status.remaining), u"0.7"_s);
        QCOMPARE(*status.remainingMs(), 1'814'400);
        QCOMPARE(budgetText(status), u"30 min 14 s of 43 min 12 s left (70 %)"_s);
        QVERIFY(!status.oneEvent && lowTrafficText(status).isEmpty() && unknownText(status).isEmpty());
        const SloStatus over =
            sloStatus(window, window.untilMs, 0.001,
                      {{{window.fromMs, window.untilMs}, double(window.length()), 3'600'000}}, false);
        QCOMPARE(budgetText(over), u"Overspent by 16 min 48 s; 43 min 12 s were allowed"_s);
        QCOMPARE(budgetText(sloStatus(window, window.untilMs, 0.001, {}, false)), u"Not known"_s);
    }

    // NaN is no figure; a stretch across the border counts by its part; two for the same time are known once.
    void stretches()
    {
        const Period month = calendarMonth(at(u"2026-11-21T00:00:00Z"_s), QTimeZone::utc());
        const qint64 now = month.fromMs + 4 * day;
        std::vector<SloStretch> list{{{month.fromMs - day, month.fromMs + day}, 2000, 20}, // half of it is October's
                                     {{month.fromMs + day, month.fromMs + 2 * day}, qQNaN(), 0},
                                     {{month.fromMs + 2 * day, month.fromMs + 3 * day}, 1000, 0},
                                     {{month.fromMs + 2 * day, month.fromMs + 3 * day}, 1000, 0},
                                     {{now, now + day}, 1000, 1000}, // has not happened yet
                                     {{month.untilMs, month.untilMs + day}, 1000, 1000}};
        const SloStatus status = sloStatus(month, now, 0.01, list, true);
        QCOMPARE(status.total, 3000.0);
        QCOMPARE(status.bad, 10.0);
        QCOMPARE(status.knownMs, 2 * day);
        QCOMPARE(status.unknownMs(), 2 * day);
        QVERIFY(status.state == SloStatus::State::Uncertain);
        QVERIFY2(unknownText(status).startsWith(u"2 d of 4 d are not known"), qPrintable(unknownText(status)));
        QCOMPARE(unknownText(sloStatus(month, now, 0.01, {}, true)), u"Nothing was measured in 4 d"_s);
        // A moment before the month has begun, and one after it has ended.
        QCOMPARE(sloStatus(month, month.fromMs - day, 0.01, list, true).elapsedMs, 0);
        QCOMPARE(sloStatus(month, month.untilMs + day, 0.01, list, true).elapsedMs, month.length());
    }

    // The document's 43 minutes are right for 30 days, and near enough for 43 min 12 s; 31 days leave 44 min 38 s.
    void whatTheDocumentStates()
    {
        const auto streamgate = builtinPlatform(u"streamgate"_s);
        const platform::Slo& availability = streamgate->slos[0];
        QCOMPARE(statedBudgetText(availability, 2'592'000), QString());
        QCOMPARE(statedBudgetText(availability, 2'678'400),
                 u"The document says 43 min; of this period, >= 99.9 % leave 44 min 38 s"_s);
        QCOMPARE(statedBudgetText(streamgate->slos[1], 2'678'400), QString());
    }

    // By two queries: 0.02 % of the requests of 10 days failed, and 9 days and 23 hours of them are known.
    void measuredInOneGo()
    {
        const Period month = calendarMonth(at(u"2026-11-21T00:00:00Z"_s), QTimeZone::utc());
        const qint64 now = month.fromMs + 10 * day;
        const SloStatus status = sloStatusFrom(month, now, 0.001, SloMeasure{1, 0.0002, 10 * day - hour}, false);
        QCOMPARE(rounded(status.remaining), u"0.933333"_s); // 1 - 0.2 / 3
        QCOMPARE(status.unknownMs(), hour);
        QVERIFY(status.state == SloStatus::State::Uncertain); // an hour is more than 43 minutes
        const SloStatus silent = sloStatusFrom(month, now, 0.001, SloMeasure{qQNaN(), qQNaN(), 10 * day}, true);
        QVERIFY(silent.state == SloStatus::State::Kept && !silent.good);
        const SloStatus nothing = sloStatusFrom(month, now, 0.001, SloMeasure{qQNaN(), qQNaN(), 0}, true);
        QVERIFY(nothing.state == SloStatus::State::Unknown && !nothing.remaining);
        // More than there can be: a clock that runs ahead.
        QCOMPARE(sloStatusFrom(month, now, 0.001, SloMeasure{1, 0, 20 * day}, true).unknownMs(), 0);
    }

    // 100 requests a day, 30 days, 99.9 %: 3 may fail, so one is a third.
    void lowTraffic()
    {
        const Period month = calendarMonth(at(u"2026-11-21T00:00:00Z"_s), QTimeZone::utc());
        const auto text = [&](double aDay) {
            return lowTrafficText(sloStatus(month, month.fromMs + 10 * day, 0.001, days(month, 10, aDay, 0), true));
        };
        QCOMPARE(text(100), u"Little traffic: 1 error is 33.33 % of the budget"_s);
        QCOMPARE(text(10), u"Little traffic: one error is more than the whole budget"_s);
        QCOMPARE(text(1'000'000), QString());
        QCOMPARE(text(0), QString());
    }

    void burnRates()
    {
        QCOMPARE(rounded(burnRate(0.0144, 0.001)), u"14.4"_s);
        QCOMPARE(rounded(burnRate(0, 0.001)), u"0"_s);
        QVERIFY(!burnRate(qQNaN(), 0.001) && !burnRate(0.1, 0) && !burnRate(-0.1, 0.001) && !burnRate(qInf(), 0.001));
        // The workbook's share of the budget that each long window costs at its factor: 2, 5, 10 and 10 %.
        const double costs[] = {0.02, 0.05, 0.1, 0.1};
        for (size_t i = 0; i < burnPairs.size(); ++i)
            QCOMPARE(rounded(burnPairs[i].factor * double(burnPairs[i].longMs) / double(thirtyDaysMs)),
                     rounded(costs[i]));
    }

    void burnPairsWantBothWindows()
    {
        const BurnPair& fast = burnPairs[0];
        QVERIFY(readBurn(fast, 0.02, 0.02, 0.001).burning);
        QVERIFY(!readBurn(fast, 0.0, 0.02, 0.001).burning);      // over already
        QVERIFY(!readBurn(fast, 0.02, 0.01, 0.001).burning);     // not long enough
        QVERIFY(!readBurn(fast, 0.0144, 0.0144, 0.001).burning); // at the limit, not above
        const BurnReading unknown = readBurn(fast, qQNaN(), 0.02, 0.001);
        QVERIFY(!unknown.burning && !unknown.shortRate && unknown.longRate);

        std::array<BurnReading, 4> all;
        const auto state = [&](std::array<std::pair<double, double>, 4> shares) {
            for (size_t i = 0; i < 4; ++i)
                all[i] = readBurn(burnPairs[i], shares[i].first, shares[i].second, 0.001);
            return burnState(all);
        };
        const std::pair<double, double> calm{0.0001, 0.0001}, bad{0.05, 0.05}, none{qQNaN(), 0.0};
        QVERIFY(state({calm, calm, calm, calm}) == BurnState::Quiet);
        QVERIFY(state({calm, calm, calm, bad}) == BurnState::Ticket);
        QVERIFY(state({calm, bad, calm, bad}) == BurnState::Page);
        QVERIFY(state({none, calm, calm, calm}) == BurnState::Unknown); // never taken for quiet
        QVERIFY(state({none, bad, calm, calm}) == BurnState::Page);
    }

    // 70 % left of 30 days at twice the speed: 10.5 days. At 14.4 times a whole budget lasts 50 hours.
    void exhaustion()
    {
        const Period window = rollingWindow(at(u"2026-11-21T20:00:00Z"_s), thirtyDaysMs);
        const auto status = [&](double bad) {
            return sloStatus(window, window.untilMs, 0.001, {{{window.fromMs, window.untilMs}, 1e6, bad}}, true);
        };
        QCOMPARE(exhaustionMs(status(300), 2.0), std::optional<qint64>(10 * day + 12 * hour));
        QCOMPARE(exhaustionMs(status(0), 14.4), std::optional<qint64>(50 * hour));
        QCOMPARE(exhaustionMs(status(2000), 2.0), std::optional<qint64>(0));
        QVERIFY(!exhaustionMs(status(300), 0.0) && !exhaustionMs(status(300), std::nullopt));
        QVERIFY(!exhaustionMs(sloStatus(window, window.untilMs, 0.001, {}, true), 2.0));
        QVERIFY(!exhaustionMs(status(300), 1e-300));
    }

    void objectives_data()
    {
        QTest::addColumn<QByteArray>("slo");
        QTest::addColumn<QString>("expected"); // kind, allowed, good; or a word of why not
        QTest::newRow("availability") << QByteArray("metric: availability, objective: \">= 99.9 %\"")
                                      << u"budget 0.001 good"_s;
        QTest::newRow("errors") << QByteArray("metric: error rate, objective: \"< 0.1 %\"") << u"budget 0.001 bad"_s;
        QTest::newRow("latency") << QByteArray("metric: request latency, quantile: 95, objective: \"< 200 ms\"")
                                 << u"budget 0.05 bad"_s;
        QTest::newRow("throughput") << QByteArray("metric: request rate, objective: \"> 1000 req/s\"")
                                    << u"level 0 bad"_s;
        QTest::newRow("hit rate") << QByteArray("metric: cache hit rate, objective: \"> 70 %\"")
                                  << u"budget 0.3 good"_s;
        QTest::newRow("100 %") << QByteArray("metric: availability, objective: \">= 100 %\"") << u"no budget"_s;
        QTest::newRow("a range") << QByteArray("metric: availability, objective: 50-70 %") << u"less than"_s;
        QTest::newRow("unknown") << QByteArray("metric: weather, objective: \"> 5 %\"") << u"weather"_s;
        QTest::newRow("unmeasured") << QByteArray("metric: mean time to recover, objective: \"< 30 min\"")
                                    << u"incidents"_s;
    }
    void objectives()
    {
        QFETCH(QByteArray, slo);
        QFETCH(QString, expected);
        const auto shop = shopWith("slos: [{name: s, " + slo + "}]\n");
        QVERIFY(shop);
        const MetricCatalog catalog = builtinCatalog();
        const auto spec = specOf(shop->slos[0], *shop, catalog);
        if (!spec) {
            QVERIFY2(spec.error().sentence.contains(expected), qPrintable(spec.error().sentence));
            return;
        }
        QCOMPARE(u"%1 %2 %3"_s.arg(spec->kind == SloSpec::Kind::Budget ? u"budget"_s : u"level"_s,
                                   promqlNumber(spec->allowed), spec->good ? u"good"_s : u"bad"_s),
                 expected);
        const auto share = spec->badShare(u"1h"_s);
        QVERIFY(share && parsePromql(*share) && share->contains(u"[1h"));
        const auto events = spec->events(u"1h"_s);
        QCOMPARE(events.has_value(),
                 shop->slos[0].metric == u"error rate" || shop->slos[0].metric == u"request latency");
        QVERIFY(!events || (parsePromql(*events) && events->startsWith(u"3600 * (sum(rate(http_requests_total{")));
        const auto known = spec->knownMs(u"30d"_s);
        QVERIFY2(known && parsePromql(*known) && known->contains(u"[30d:5m]"), qPrintable(known.value_or(QString())));
    }

    void kpis_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("previous"); // NaN: none
        QTest::addColumn<int>("verdict");
        QTest::addColumn<int>("trend");
        using V = KpiReading::Verdict;
        using T = KpiReading::Trend;
        const auto row = [](const char* name, const char* target, double value, double previous, V verdict, T trend) {
            QTest::newRow(name) << QString::fromLatin1(target) << value << previous << int(verdict) << int(trend);
        };
        row("fewer errors", "< 0.1 %", 0.0004, 0.0008, V::Met, T::Better);
        row("more errors", "< 0.1 %", 0.002, 0.0008, V::Missed, T::Worse);
        row("the same", "< 0.1 %", 0.000801, 0.0008, V::Met, T::Steady);
        row("more uptime", ">= 99.9 %", 0.9995, 0.95, V::Met, T::Better);
        row("less uptime", ">= 99.9 %", 0.95, 0.9995, V::Missed, T::Worse);
        row("into the range", "50-70 %", 0.6, 0.9, V::Met, T::Better);
        row("within the range", "50-70 %", 0.52, 0.68, V::Met, T::Steady);
        row("above the range", "50-70 %", 0.8, 0.6, V::Missed, T::Worse);
        row("from below it", "50-70 %", 0.45, 0.2, V::Missed, T::Better);
        row("no past", "< 0.1 %", 0.0004, qQNaN(), V::Met, T::Unknown);
        row("no figure", "< 0.1 %", qQNaN(), 0.0004, V::Unknown, T::Unknown);
        row("no target", "", 0.3, 0.2, V::NoTarget, T::Unknown);
    }
    void kpis()
    {
        QFETCH(QString, target);
        QFETCH(double, value);
        QFETCH(double, previous);
        QFETCH(int, verdict);
        QFETCH(int, trend);
        platform::Metric metric;
        metric.unit = u"ratio"_s;
        KpiPlan plan;
        plan.metric = &metric;
        plan.promql = u"x"_s;
        plan.kpi.source = u"guide"_s;
        plan.kpi.target = platform::parseThreshold(target);
        if (plan.kpi.target) {
            plan.target = plan.kpi.target;
            plan.target->value /= 100;
            plan.target->upper /= 100;
        }
        const KpiReading reading = readKpi(plan, value, previous, 42);
        QCOMPARE(int(reading.verdict), verdict);
        QCOMPARE(int(reading.trend), trend);
        QCOMPARE(reading.query + reading.source, u"xguide"_s);
        QCOMPARE(reading.atMs, 42);
        QVERIFY(!reading.words.isEmpty());
        QCOMPARE(reading.trendWords.isEmpty(), !reading.previous || !reading.value);
    }

    void kpisOfPlatforms()
    {
        const auto streamgate = builtinPlatform(u"streamgate"_s);
        const MetricCatalog catalog = builtinCatalog().with(*streamgate);
        QStringList groups;
        for (const KpiPlan& plan : kpisOf(*streamgate, catalog, u"30d"_s)) {
            groups << plan.kpi.group;
            QVERIFY2(plan.metric && plan.target, qPrintable(plan.kpi.name));
        }
        groups.removeDuplicates();
        QCOMPARE(groups, (QStringList{u"reliability"_s, u"performance"_s, u"efficiency"_s, u"cost"_s}));
        const KpiReading mttr = readKpi(kpisOf(*streamgate, catalog, u"30d"_s)[1], std::nullopt, std::nullopt, 0);
        QVERIFY(mttr.verdict == KpiReading::Verdict::Unknown && mttr.words.contains(u"incidents"));
    }
};

QTEST_GUILESS_MAIN(TestSlo)
#include "test_slo.moc"
