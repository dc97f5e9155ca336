// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "monitoring/objectives/SloReport.h"
#include "monitoring/objectives/SloRules.h"
#include "monitoring/promql/Promql.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;

// November 2026, on the 11th at midnight: ten days of thirty.
const Period november =
    calendarMonth(QDateTime(QDate(2026, 11, 11), QTime(0, 0), QTimeZone::utc()).toMSecsSinceEpoch(), QTimeZone::utc());
const qint64 now = november.fromMs + 10 * day;

} // namespace

/// What is asked about an SLO, and what its answers come to.
class TestSloReport : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_streamgate = builtinPlatform(u"streamgate"_s);
        m_catalog = builtinCatalog().with(*m_streamgate);
    }

    void questions()
    {
        const SloSpec spec = specNamed(u"error-rate");
        const auto questions = questionsOf(spec, november, now);
        // The period's share, how much of it is known, its requests; and the windows 5m 30m 1h 2h 6h 1d 3d.
        QCOMPARE(questions.size(), size_t(10));
        for (const SloQuestion& question : questions) {
            QVERIFY2(parsePromql(question.promql), qPrintable(question.promql));
            QVERIFY2(question.promql.contains(u'[' + question.window), qPrintable(question.promql));
        }
        QCOMPARE(questions[0].window, u"10d"_s);
        const auto recorded = questionsOf(spec, november, now, [](const QString& selector) -> std::optional<bool> {
            return selector.startsWith(u"slo:errors:");
        });
        QCOMPARE(recorded.back().promql, recordedShare(u"streamgate"_s, u"error-rate"_s, recorded.back().window));
        QCOMPARE(questionsOf(specNamed(u"availability"), november, now).size(), size_t(9)); // time: no events
        QCOMPARE(questionsOf(specNamed(u"throughput"), november, now).size(), size_t(1));
        // Right after the month has begun there is still a window.
        QCOMPARE(questionsOf(spec, november, november.fromMs)[0].window, u"5m"_s);
    }

    // Hand-computed: 99.9 %, 0.02 % bad in 10 of 30 days: (0.0002 / 0.001) / 3 = 1/15 of the budget is spent, and of
    // 43 min 12 s are left 40 min 19.2 s. The last hour: 0.3 % bad, 3 times too fast: 14/15 of 30 days / 3 = 9 d 8 h.
    void aMonth()
    {
        const SloReport report = reported(u"error-rate", 0.0002, 10.0 * day, 1e6, 0.003);
        QCOMPARE(qRound64(*report.status.remaining * 1e6), 933'333);
        QCOMPARE(qRound64(double(*report.exhaustedMs) / minute), (9 * day + 8 * hour) / minute);
        QCOMPARE(*report.held, true);
        QCOMPARE(report.words,
                 (QStringList{u"40 min 19 s of 43 min 12 s left (93.33 %)"_s,
                              u"In the last hour the budget was spent at 3 times the allowed speed; at that it is "
                              "gone in 9 d 8 h"_s}));
        QVERIFY(report.burn == BurnState::Ticket); // 3 is not above 3, but above the 1 of the last pair
    }

    void itLasts()
    {
        const SloReport report = reported(u"error-rate", 0.0002, 10.0 * day, 1e6, 0.0002);
        QVERIFY2(report.words[1].endsWith(u"it lasts to the end of the period"), qPrintable(report.words[1]));
        QVERIFY(report.burn == BurnState::Quiet);
        QVERIFY(reported(u"error-rate", 0.0, 10.0 * day, 1e6, 0.0).words[1].startsWith(u"Nothing of the budget"));
    }

    void nothingIsKnown()
    {
        const SloReport report = reported(u"error-rate", std::nullopt, std::nullopt, std::nullopt, std::nullopt);
        QVERIFY(!report.held && !report.status.remaining && !report.rate && report.burn == BurnState::Unknown);
        QCOMPARE(report.words[0], u"Not known"_s);
        QVERIFY2(report.words.contains(u"Nothing was measured in 10 d"_s), qPrintable(report.words.join(u'\n')));
        // Fewer answers than questions, and answers that are no numbers.
        const SloSpec spec = specNamed(u"error-rate");
        QVERIFY(!reportOf(spec, november, now, questionsOf(spec, november, now), {}).held);
        QVERIFY(!reported(u"error-rate", qQNaN(), qInf(), qQNaN(), qQNaN()).held);
    }

    void gaps()
    {
        // An hour and a half is not known, which is more than the budget of 43 minutes: nobody can say that it is kept.
        const SloReport report = reported(u"error-rate", 0.0001, 10.0 * day - 90 * minute, 1e6, 0.0);
        QVERIFY(report.status.state == SloStatus::State::Uncertain && !report.held);
        QVERIFY2(report.words.join(u'\n').contains(u"1 h 30 min of 10 d are not known"),
                 qPrintable(report.words.join(u'\n')));
        // What is less than one look is no gap.
        QCOMPARE(reported(u"error-rate", 0.0001, 10.0 * day - 4 * minute, 1e6, 0.0).status.unknownMs(), 0);
        // Traffic that ended long ago: known, and nothing in it.
        QVERIFY(*reported(u"error-rate", qQNaN(), 10.0 * day, 0.0, qQNaN()).held);
    }

    void littleTraffic()
    {
        // 1,000 requests in ten days are 3,000 in the month, of which 3 may fail.
        const SloReport report = reported(u"error-rate", 0.0, 10.0 * day, 1'000.0, 0.0);
        QVERIFY2(report.words.contains(u"Little traffic: 1 error is 33.33 % of the budget"_s),
                 qPrintable(report.words.join(u'\n')));
    }

    void availabilityAndLevel()
    {
        const SloReport availability = reported(u"availability", 0.002, 10.0 * day, std::nullopt, 0.0);
        // Two thirds are spent: 0.2 % of ten days are 28 min 48 s.
        QCOMPARE(availability.words[0], u"14 min 24 s of 43 min 12 s left (33.33 %)"_s);
        QVERIFY(!availability.status.oneEvent);
        const SloReport low = reported(u"throughput", 812.5, std::nullopt, std::nullopt, std::nullopt);
        QVERIFY(!*low.held);
        QCOMPARE(low.words[0], u"812.5 a second on average, but > 1000 req/s is wanted"_s);
        QVERIFY(*reported(u"throughput", 1'200.0, std::nullopt, std::nullopt, std::nullopt).held);
        QVERIFY(!reported(u"throughput", std::nullopt, std::nullopt, std::nullopt, std::nullopt).held);
    }

private:
    SloSpec specNamed(QStringView name) const
    {
        const auto slo =
            std::ranges::find_if(m_streamgate->slos, [&](const platform::Slo& s) { return s.name == name; });
        return *specOf(*slo, *m_streamgate, m_catalog);
    }

    // `burning`: the share of each of the burn windows.
    SloReport reported(QStringView name, std::optional<double> share, std::optional<double> known,
                       std::optional<double> events, std::optional<double> burning) const
    {
        const SloSpec spec = specNamed(name);
        const auto questions = questionsOf(spec, november, now);
        std::vector<std::optional<double>> answers;
        for (const SloQuestion& question : questions) {
            if (question.what == SloQuestion::What::Share)
                answers.push_back(question.ofPeriod ? share : burning);
            else
                answers.push_back(question.what == SloQuestion::What::Known ? known : events);
        }
        return reportOf(spec, november, now, questions, answers);
    }

    std::shared_ptr<const platform::Platform> m_streamgate;
    MetricCatalog m_catalog;
};

QTEST_GUILESS_MAIN(TestSloReport)
#include "test_slo_report.moc"
