// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Ticks.h"

#include <QtCore/QDateTime>
#include <QtTest/QtTest>

#include <limits>

using namespace wk::series;
using namespace Qt::StringLiterals;

namespace {

QString joined(const std::vector<QString>& texts)
{
    return QStringList(texts.begin(), texts.end()).join(u' ').replace(u'\u00a0', u'_');
}

QString joined(const std::vector<TimeTick>& ticks)
{
    QStringList texts;
    for (const TimeTick& tick : ticks)
        texts += tick.day ? u'[' + tick.text + u']' : tick.text;
    return texts.join(u' ');
}

qint64 ms(const char* iso) { return QDateTime::fromString(QLatin1StringView(iso), Qt::ISODate).toMSecsSinceEpoch(); }

} // namespace

class TestTicks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }

    void values_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("atMost");
        QTest::addColumn<Unit>("unit");
        QTest::addColumn<bool>("zero");
        QTest::addColumn<QString>("texts");
        QTest::newRow("tens") << 3. << 97. << 5 << Unit::Number << true << u"0 20 40 60 80 100"_s;
        QTest::newRow("thousands, scaled alike")
            << 0. << 1800. << 4 << Unit::PerSecond << true << u"0_k/s 0.5_k/s 1.0_k/s 1.5_k/s 2.0_k/s"_s;
        QTest::newRow("shares") << 0.001 << 0.0123 << 5 << Unit::Ratio << true
                                << u"0_% 0.25_% 0.50_% 0.75_% 1.00_% 1.25_%"_s;
        QTest::newRow("bytes by powers of two")
            << 0. << 3.1e9 << 4 << Unit::Bytes << true << u"0_GiB 1_GiB 2_GiB 3_GiB"_s;
        QTest::newRow("milliseconds") << 0. << 0.47 << 5 << Unit::Seconds << true
                                      << u"0_ms 100_ms 200_ms 300_ms 400_ms 500_ms"_s;
        QTest::newRow("minutes") << 0. << 500. << 5 << Unit::Seconds << true
                                 << u"0_min 2_min 4_min 6_min 8_min 10_min"_s;
        QTest::newRow("not from zero") << 99.2 << 99.9 << 4 << Unit::Number << false << u"99.2 99.4 99.6 99.8 100.0"_s;
        QTest::newRow("below zero") << -7. << -2. << 4 << Unit::Number << true << u"-8 -6 -4 -2 0"_s;
        QTest::newRow("one value") << 5. << 5. << 4 << Unit::Number << true << u"0 2 4 6"_s;
        QTest::newRow("all zero") << 0. << 0. << 4 << Unit::Number << true
                                  << u"0.00 0.25 0.50 0.75 1.00"_s.replace(u"0.00"_s, u"0"_s);
        QTest::newRow("nothing") << 1. << 0. << 2 << Unit::Number << true << u"0 0.5 1.0"_s;
        QTest::newRow("infinite") << 0. << std::numeric_limits<double>::infinity() << 2 << Unit::Number << true
                                  << u"0 0.5 1.0"_s;
    }
    void values()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, atMost);
        QFETCH(Unit, unit);
        QFETCH(bool, zero);
        const auto ticks = valueTicks(low, high, atMost, unit, zero);
        QTEST(joined(ticks.text), "texts");
        QCOMPARE(ticks.at.size(), ticks.text.size());
        QCOMPARE(ticks.low, ticks.at.front());
        QVERIFY(std::abs(ticks.high - ticks.at.back()) < 1e-9 * std::max(1., std::abs(ticks.high)));
    }

    /// Whatever the ends: they are held, the ticks ascend, and there are not too many.
    void anyEnds()
    {
        QRandomGenerator random(5);
        for (int i = 0; i < 20'000; ++i) {
            const double a = (random.generateDouble() - 0.3) * std::pow(10, random.bounded(-9, 13));
            const double b = a + random.generateDouble() * std::pow(10, random.bounded(-9, 13));
            const auto unit = Unit(random.bounded(8));
            const int atMost = random.bounded(2, 10);
            const auto ticks = valueTicks(a, b, atMost, unit, random.bounded(2));
            if (b - a < 1e-9 * std::max(std::abs(a), std::abs(b)))
                continue; // nearer to one another than doubles can be told apart
            QVERIFY2(ticks.low <= a + ticks.step * 1e-6 && ticks.high >= b - ticks.step * 1e-6,
                     qPrintable(u"%1 %2: %3 %4"_s.arg(a).arg(b).arg(ticks.low).arg(ticks.high)));
            QVERIFY2(ticks.at.size() <= size_t(atMost) + 1,
                     qPrintable(u"%1 %2 %3"_s.arg(a).arg(b).arg(ticks.at.size())));
            QVERIFY(std::ranges::is_sorted(ticks.at));
        }
    }

    void times_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<int>("atMost");
        QTest::addColumn<QString>("texts");
        QTest::newRow("an hour") << "UTC"_ba << ms("2026-11-20T08:03:00Z") << ms("2026-11-20T09:03:00Z") << 6
                                 << u"08:10 08:20 08:30 08:40 08:50 09:00"_s;
        QTest::newRow("half a minute") << "UTC"_ba << ms("2026-11-20T08:03:01Z") << ms("2026-11-20T08:03:31Z") << 4
                                       << u"08:03:10 08:03:20 08:03:30"_s;
        QTest::newRow("across midnight") << "UTC"_ba << ms("2026-11-20T21:00:00Z") << ms("2026-11-21T03:00:00Z") << 4
                                         << u"22:00 [21 Nov] 02:00"_s;
        QTest::newRow("a week") << "UTC"_ba << ms("2026-11-14T12:00:00Z") << ms("2026-11-21T12:00:00Z") << 8
                                << u"[15 Nov] [16 Nov] [17 Nov] [18 Nov] [19 Nov] [20 Nov] [21 Nov]"_s;
        QTest::newRow("a year") << "UTC"_ba << ms("2025-11-21T00:00:00Z") << ms("2026-11-21T00:00:00Z") << 6
                                << u"[2026] [Mar] [May] [Jul] [Sept] [Nov]"_s;
        QTest::newRow("a zone half an hour off")
            << "Asia/Kolkata"_ba << ms("2026-11-20T08:00:00Z") << ms("2026-11-20T14:00:00Z") << 6
            << u"14:00 15:00 16:00 17:00 18:00 19:00"_s;
        // Central Europe: at 03:00 on 29 March 2026 clocks went from 02:00 to 03:00; at 03:00 on 25 October back to
        // 02:00.
        QTest::newRow("an hour that was not") << "Europe/Berlin"_ba << ms("2026-03-28T23:30:00Z")
                                              << ms("2026-03-29T03:30:00Z") << 4 << u"01:00 03:00 04:00 05:00"_s;
        QTest::newRow("an hour that was twice") << "Europe/Berlin"_ba << ms("2026-10-24T22:30:00Z")
                                                << ms("2026-10-25T02:30:00Z") << 4 << u"01:00 02:00 02:00 03:00"_s;
    }
    void times()
    {
        QFETCH(QByteArray, zone);
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        QFETCH(int, atMost);
        QTEST(joined(timeTicks(from, to, atMost, QTimeZone(zone))), "texts");
    }

    void anyTimes()
    {
        QRandomGenerator random(6);
        const QTimeZone zones[] = {QTimeZone("UTC"), QTimeZone("America/New_York"), QTimeZone("Australia/Lord_Howe")};
        for (int i = 0; i < 3'000; ++i) {
            const qint64 from = random.bounded(2'000'000'000) * 1000ll;
            const qint64 to = from + qint64(std::pow(10, 1 + random.generateDouble() * 10));
            const int atMost = random.bounded(1, 12);
            const auto ticks = timeTicks(from, to, atMost, zones[i % 3]);
            QVERIFY(ticks.size() <= size_t(atMost) * 2 + 2);
            for (size_t k = 0; k < ticks.size(); ++k) {
                QVERIFY(ticks[k].at >= from && ticks[k].at <= to);
                QVERIFY(k == 0 || ticks[k].at > ticks[k - 1].at);
            }
        }
        QVERIFY(timeTicks(5, 5, 3, zones[0]).empty());
    }

    void valueTexts_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<Unit>("unit");
        QTest::addColumn<QString>("text");
        const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
        QTest::newRow("zero") << 0. << Unit::Number << u"0"_s;
        QTest::newRow("negative zero") << -0. << Unit::Number << u"0"_s;
        QTest::newRow("small") << 0.0375 << Unit::Number << u"0.0375"_s;
        QTest::newRow("thousands") << 1250. << Unit::Number << u"1.25_k"_s;
        QTest::newRow("round up to the next scale") << 999.97 << Unit::Number << u"1_k"_s;
        QTest::newRow("a rate") << 1'234'567. << Unit::PerSecond << u"1.23_M/s"_s;
        QTest::newRow("a share") << 0.1234 << Unit::Ratio << u"12.3_%"_s;
        QTest::newRow("a small share") << 0.00042 << Unit::Ratio << u"0.042_%"_s;
        QTest::newRow("milliseconds") << 0.35 << Unit::Seconds << u"350_ms"_s;
        QTest::newRow("days") << 129'600. << Unit::Seconds << u"1.5_d"_s;
        QTest::newRow("bytes") << 1'610'612'736. << Unit::Bytes << u"1.5_GiB"_s;
        QTest::newRow("byte rate") << 512. << Unit::BytesPerSecond << u"512_B/s"_s;
        QTest::newRow("negative") << -1500. << Unit::Number << u"-1.5_k"_s;
        QTest::newRow("no value") << nan << Unit::Bytes << u"no value"_s;
        QTest::newRow("infinite") << -inf << Unit::Bytes << u"-∞"_s;
        QTest::newRow("tiny") << 1.5e-9 << Unit::Number << u"1.5e-09"_s;
    }
    void valueTexts()
    {
        QFETCH(double, value);
        QFETCH(Unit, unit);
        QTEST(valueText(value, unit).replace(u'\u00a0', u'_'), "text");
    }

    void unitNames()
    {
        for (int i = 0; i < 8; ++i)
            QCOMPARE(unitFromName(unitName(Unit(i))), std::optional(Unit(i)));
        QVERIFY(!unitFromName(u"furlongs"));
    }
};

QTEST_GUILESS_MAIN(TestTicks)
#include "test_ticks.moc"
