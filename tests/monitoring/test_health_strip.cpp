// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/HealthStrip.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;
using Verdict = ProbeResult::Verdict;

namespace {

constexpr qint64 now = 1'700'000'000'000, minute = 60'000;

ProbeSpec specOf(const QString& id)
{
    ProbeSpec out;
    out.id = out.service = id;
    return out;
}

void say(ProbeBook& book, const QString& id, Verdict verdict, qint64 atMs)
{
    ProbeResult result;
    result.verdict = verdict;
    result.atMs = atMs;
    if (verdict == Verdict::Down || verdict == Verdict::Unasked)
        result.error = Error{Error::Kind::Network, u"nobody is there"_s, {}, {}};
    book.begun(id);
    book.record(id, std::move(result), atMs);
}

} // namespace

/// The health of a place's services on one line.
class TestHealthStrip : public QObject
{
    Q_OBJECT
private slots:
    void anAnswerHoldsUntilTheNext()
    {
        ProbeBook book([] { return 0.5; });
        book.setProbes({specOf(u"a"_s), specOf(u"b"_s)}, 0);
        QCOMPARE(healthStrip(book, now, 10 * minute, 10), std::vector<HealthCell>(10)); // nobody was asked
        say(book, u"a"_s, Verdict::Up, now - 5 * minute);
        say(book, u"a"_s, Verdict::Down, now - 5 * minute + 30'000);
        say(book, u"a"_s, Verdict::Up, now - 4 * minute);
        say(book, u"b"_s, Verdict::Slow, now - minute / 2);
        const auto strip = healthStrip(book, now, 10 * minute, 10);
        QCOMPARE(strip[4], HealthCell());                                              // before the first
        QCOMPARE(strip[5], (HealthCell{.up = 0, .slow = 0, .down = 1, .unasked = 0})); // the worst of the minute
        QCOMPARE(strip[6].up + strip[6].down, 1);
        QCOMPARE(strip[8], HealthCell()); // two turns after the last answer nobody knows
        QCOMPARE(strip[9], (HealthCell{.up = 0, .slow = 1, .down = 0, .unasked = 0}));
    }

    void whatIsOlderIsNotShown()
    {
        ProbeBook book([] { return 0.5; });
        book.setProbes({specOf(u"a"_s)}, 0);
        say(book, u"a"_s, Verdict::Down, now - 60 * minute);
        QCOMPARE(healthStrip(book, now, 10 * minute, 10), std::vector<HealthCell>(10));
        QVERIFY(healthStrip(book, now, 10 * minute, 0).empty());
    }

    void onlyWhatWasAskedIsCounted()
    {
        ProbeBook book([] { return 0.5; });
        book.setProbes({specOf(u"a"_s), specOf(u"b"_s), specOf(u"c"_s), specOf(u"d"_s)}, 0);
        QCOMPARE(healthSummary(book).waiting, 4);
        QCOMPARE(healthSummary(book).asked, 0);
        say(book, u"a"_s, Verdict::Up, now);
        say(book, u"b"_s, Verdict::Down, now);
        say(book, u"c"_s, Verdict::Unasked, now);
        say(book, u"c"_s, Verdict::Unasked, now + 1);
        HealthSummary summary = healthSummary(book);
        QCOMPARE(summary.asked, 1);
        QCOMPARE(summary.waiting, 2); // one failure is no outage yet
        QCOMPARE(summary.unasked, 1);
        QCOMPARE(summary.why, u"nobody is there"_s);
        say(book, u"b"_s, Verdict::Down, now + minute);
        summary = healthSummary(book);
        QCOMPARE(summary.asked, 2);
        QCOMPARE(summary.answer, 1);
        QCOMPARE(summary.down, QStringList{u"b"_s});
    }
};

QTEST_GUILESS_MAIN(TestHealthStrip)
#include "test_health_strip.moc"
