// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "Platforms.h"
#include "monitoring/objectives/ObjectiveWords.h"
#include "monitoring/objectives/SloLine.h"
#include "monitoring/prometheus/AnswerDecoder.h"
#include "monitoring/prometheus/AnswerRows.h"
#include "monitoring/prometheus/ServerNames.h"
#include "table/CellText.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::test;
using Kind = PromqlSpot::Kind;

Q_DECLARE_METATYPE(wk::monitoring::PromqlSpot::Kind)

namespace {

constexpr qint64 hourMs = 3'600'000, dayMs = 24 * hourMs;

AnswerPtr decoded(const QByteArray& data)
{
    AnswerDecoder decoder;
    (void)decoder.feed(R"({"status":"success","data":)" + data + "}");
    return decoder.finish().value_or(nullptr);
}

QString queryOf(const Received& received)
{
    return QUrlQuery(QString::fromUtf8(received.body)).queryItemValue(u"query"_s, QUrl::FullyDecoded);
}

QByteArray oneValue(const QByteArray& value)
{
    return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795176000,")" + value +
           R"("]}]}})";
}

} // namespace

/// For whoever asks by hand, and where objectives stand: what needs no real server.
class TestExplore : public QObject
{
    Q_OBJECT
private slots:
    void spots_data();
    void spots();
    void anySpot();
    void matches();
    void offersOfAServer();
    void failedNamesAreAskedAgain();
    void rows();
    void budgetFallsAsItIsSpent();
    void budgetOfTraffic();
    void shares();
    void feedAsksOnceAndReads();
    void feedSaysWhatFailed();
};

void TestExplore::spots_data()
{
    QTest::addColumn<QString>("text"); // | is the cursor
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("label");
    const auto row = [](const char* text, Kind kind, const char* prefix = "", const char* metric = "",
                        const char* label = "") {
        QTest::newRow(text) << QString::fromLatin1(text) << kind << QString::fromLatin1(prefix)
                            << QString::fromLatin1(metric) << QString::fromLatin1(label);
    };
    row("|", Kind::Operand);
    row("htt|", Kind::Operand, "htt");
    row("sum(ra|", Kind::Operand, "ra");
    row("up |", Kind::Keyword);
    row("sum(up) b|", Kind::Keyword, "b");
    row("up and |", Kind::Operand);
    row("up / dow|", Kind::Operand, "dow");
    row("up{|", Kind::Label, "", "up");
    row("up{jo|", Kind::Label, "jo", "up");
    row("up{job=\"a\",ins|", Kind::Label, "ins", "up");
    row("up{job=|", Kind::Value, "", "up", "job");
    row("up{job=\"ap|", Kind::Value, "ap", "up", "job");
    row("up{job=~\"ap|\"}", Kind::Value, "ap", "up", "job");
    row("up{job |", Kind::None, "", "up");
    row("sum by (|) (rate(up[5m]))", Kind::Label, "", "up");
    row("sum by (job, in|) (rate(up{a=\"b\"}[5m]))", Kind::Label, "in", "up");
    row("rate(up[|", Kind::Duration);
    row("rate(up[5|m])", Kind::Duration, "5");
    row("0.5|", Kind::None, "0.5");
    row("up # a com|", Kind::None);
    row("up{job=\"#\",|", Kind::Label, "", "up");
    row("\"a text|", Kind::None, "a text");
    row("up offset 5m |", Kind::Keyword);
}

void TestExplore::spots()
{
    QFETCH(QString, text);
    const qsizetype cursor = text.indexOf(u'|');
    const PromqlSpot spot = promqlSpotAt(QString(text).remove(cursor, 1), cursor);
    QTEST(spot.kind, "kind");
    QTEST(spot.prefix, "prefix");
    QTEST(spot.metric, "metric");
    QTEST(spot.label, "label");
    QCOMPARE(spot.at, cursor - spot.prefix.size());
}

void TestExplore::anySpot()
{
    // Whatever stands there, at every place of it: a spot within the text.
    const QString text = u"sum by(}[{\"a\\\" '`)) x{,=~!\"}[5m:] 0x @ # \n offset -1.e+ \u2026"_s;
    for (qsizetype at = -1; at <= text.size() + 1; ++at) {
        const PromqlSpot spot = promqlSpotAt(text, at);
        QVERIFY(spot.at >= 0 && spot.at + spot.prefix.size() <= text.size());
    }
}

void TestExplore::matches()
{
    const QStringList names{u"go_total"_s, u"http_requests_total"_s, u"subtotal"_s, u"total_of_all"_s};
    QCOMPARE(promqlMatches(names, u"TOT"_s, 10),
             (QStringList{u"total_of_all"_s, u"go_total"_s, u"http_requests_total"_s, u"subtotal"_s}));
    QCOMPARE(promqlMatches(names, u"tot"_s, 2), (QStringList{u"total_of_all"_s, u"go_total"_s}));
    QCOMPARE(promqlMatches(names, u""_s, 2).size(), 2);
    QVERIFY(promqlMatches(names, u"x"_s, 10).isEmpty());
}

void TestExplore::offersOfAServer()
{
    Bench b([](QTcpSocket* socket, const Received& received) {
        QByteArray names = R"(["http_requests_total","up"])";
        if (received.target.contains("/metadata"))
            TestServer::answer(
                socket, 200,
                R"({"status":"success","data":{"http_requests":[{"type":"counter","help":"Served.","unit":""}]}})",
                json);
        else if (received.target.contains("/label/job/"))
            names = R"(["a\"b","api"])";
        else if (received.target.contains("/labels"))
            names = R"(["__name__","job"])";
        if (!received.target.contains("/metadata"))
            TestServer::answer(socket, 200, R"({"status":"success","data":)" + names + '}', json);
    });
    b.start();
    ServerNames names(*b.prometheus, b.clock);
    const auto offers = [&](const QString& text) { return offersAt(promqlSpotAt(text, text.size()), names); };
    QVERIFY(offers(u"sum(http_"_s).empty()); // on their way
    QTRY_COMPARE(offers(u"sum(http_"_s).size(), size_t(1));
    QTRY_COMPARE(offers(u"sum(http_"_s)[0].about, u"counter: Served."_s);
    QCOMPARE(offers(u"rat"_s)[0].write, u"rate("_s);
    QTRY_COMPARE(offers(u"up{"_s).size(), size_t(1));
    QCOMPARE(offers(u"up{"_s)[0].write, u"job"_s);
    QTRY_COMPARE(offers(u"up{job=\"a"_s).size(), size_t(2));
    QCOMPARE(offers(u"up{job=\"a"_s)[0].write, u"a\\\"b\""_s); // the quote that stands there is not written twice
    QCOMPARE(offers(u"up{job="_s)[1].write, u"\"api\""_s);
    const quint64 sent = b.prometheus->sent();
    for (int i = 0; i < 5; ++i)
        (void)offers(u"up{job=\"a"_s);
    QCOMPARE(b.prometheus->sent(), sent);
}

void TestExplore::failedNamesAreAskedAgain()
{
    bool broken = true;
    Bench b([&](QTcpSocket* socket, const Received&) {
        TestServer::answer(socket, broken ? 503 : 200, R"({"status":"success","data":["up"]})", json);
    });
    b.start();
    ServerNames names(*b.prometheus, b.clock);
    QSignalSpy arrived(&names, &ServerNames::arrived);
    QVERIFY(names.metrics().isEmpty());
    QTRY_COMPARE(arrived.size(), 1);
    broken = false;
    QVERIFY(names.metrics().isEmpty());
    QCOMPARE(b.prometheus->sent(), quint64(1)); // not at every key
    b.clock.advance(ServerNames::retryMs);
    (void)names.metrics();
    QTRY_COMPARE(names.metrics(), QStringList{u"up"_s});
}

void TestExplore::rows()
{
    const AnswerPtr vector =
        decoded(R"({"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a","time":"x"},"value":[7,"1"]},)"
                R"({"metric":{"__name__":"up"},"value":[7,"NaN"]}]})");
    QVERIFY(vector);
    const AnswerRows made = rowsOf(*vector);
    QStringList ids;
    for (const table::Column& column : made.columns)
        ids << column.id;
    QCOMPARE(ids, (QStringList{u"metric"_s, u"job"_s, u"label_time"_s, u"time"_s, u"value"_s}));
    QCOMPARE(made.rows.size(), size_t(2));
    QCOMPARE(made.rows[0]->cells[2], table::Cell(u"x"_s));
    QCOMPARE(made.rows[0]->cells[4], table::Cell(1.0));
    QCOMPARE(made.rows[1]->cells[1], table::Cell());
    QCOMPARE(made.rows[1]->cells[4], table::Cell(u"NaN"_s));
    QCOMPARE(sizeText(*vector), u"2 series"_s);
    const AnswerPtr matrix =
        decoded(R"({"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"0.0003"],[3,"3"]]}]})");
    const AnswerRows few = rowsOf(*matrix, 2);
    QCOMPARE(few.rows.size(), size_t(2));
    QCOMPARE(few.left, size_t(1));
    QVERIFY(few.rows[0]->id != few.rows[1]->id);
    QCOMPARE(sizeText(*matrix), u"1 series, 3 samples"_s);
    // What is small is not nothing.
    QCOMPARE(table::cellText(few.columns.last(), few.rows[1]->cells.back(), 0, QLocale::c()), u"0.0003"_s);
    QCOMPARE(sizeText(*decoded(R"({"resultType":"vector","result":[]})")), u"no series"_s);
}

// 99.9 % of 30 days; ten of them have passed, one hour of them was nothing but failure: 1/720 of the period is bad, and
// 1/1000 is allowed.
void TestExplore::budgetFallsAsItIsSpent()
{
    const Period period{0, 30 * dayMs};
    const qint64 now = 10 * dayMs;
    SloHours hours;
    for (int hour = 1; hour <= 240; ++hour) {
        hours.share.time.push_back(hour * hourMs);
        hours.share.value.push_back(hour == 100 ? 1 : hour == 120 ? qQNaN() : 0);
    }
    SloMeasure measure{240.0 * hourMs, double(hourMs), now};
    const SloStatus status = sloStatusFrom(period, now, 0.001, measure, false);
    hours.share.value[119] = 0;
    const series::Columns line = budgetLine(status, hours, now);
    QCOMPARE(line.size(), size_t(241));
    QCOMPARE(line.value[0], 1.0);
    QCOMPARE(line.value[99], 1.0);
    QCOMPARE(qRound64(line.value[100] * 1e6), qRound64((1 - 1.0 / 720 / 0.001) * 1e6));
    QCOMPARE(qRound64(line.value.back() * 1e6), qRound64(*status.remaining * 1e6)); // where the report stands
    hours.share.value[119] = qQNaN(); // an hour that nobody knows leaves a gap
    QVERIFY(std::isnan(budgetLine(status, hours, now).value[120]));
    QVERIFY(!std::isnan(budgetLine(status, hours, now).value[121]));
    QVERIFY(budgetLine(SloStatus(), hours, now).isEmpty());
}

// Two hours, nine in ten of the requests in the second, which was bad by half: 45 % of all were bad.
void TestExplore::budgetOfTraffic()
{
    const Period period{0, 28 * dayMs};
    const SloStatus status = sloStatusFrom(period, 2 * hourMs, 0.5, {1'000, 450, 2 * hourMs}, true);
    const SloHours hours{{{hourMs, 2 * hourMs}, {0, 0.5}}, {{hourMs, 2 * hourMs}, {100, 900}}};
    const series::Columns line = budgetLine(status, hours, 2 * hourMs);
    QCOMPARE(line.value[1], 1.0);
    QCOMPARE(qRound64(line.value[2] * 1e9), qRound64(*status.remaining * 1e9));
    QCOMPARE(qRound64(line.value[2] * 1e9), qRound64((1 - 0.45 * 2 / 672 / 0.5) * 1e9));
}

void TestExplore::shares()
{
    QCOMPARE(goodShareText(1), u"100 %"_s);
    QCOMPARE(goodShareText(0.9995), u"99.95 %"_s);
    QCOMPARE(goodShareText(0.999987), u"99.9987 %"_s);
    QCOMPARE(goodShareText(0.5), u"50 %"_s);
    QCOMPARE(goodShareText(0), u"0 %"_s);
    QCOMPARE(targetGroupText(u"cost"_s), u"Cost"_s);
}

void TestExplore::feedAsksOnceAndReads()
{
    int asked = 0;
    Bench b([&](QTcpSocket* socket, const Received& received) {
        ++asked;
        const QString query = queryOf(received);
        if (query.startsWith("label_replace(count("_L1))
            TestServer::answer(socket, 200, empty, json); // nothing is known to be there
        else
            TestServer::answer(socket, 200, oneValue(query.contains(u"status"_s) ? "0.0002" : "1000"), json);
    });
    b.start();
    const auto platform = shopWith(
        "slos: [{name: error-rate, title: Error rate, metric: error rate, objective: \"< 0.1 %\"},"
        " {name: odd, title: Odd, metric: nobody knows, objective: \"< 5 %\"}]\n"
        "kpis: [{name: errors, title: Errors, group: reliability, metric: error rate, target: \"< 0.1 %\"}]\n");
    QVERIFY(platform);
    const auto catalog = std::make_shared<const MetricCatalog>(builtinCatalog().with(*platform));
    ObjectiveFeed feed({*b.prometheus, platform, catalog, b.clock, QTimeZone::utc()});
    QCOMPARE(feed.slos().size(), size_t(2));
    QVERIFY(!feed.slos()[1].spec && feed.slos()[1].why.contains(u"nobody knows"_s));
    QVERIFY(standingOf(feed.slos()[0]) == Standing::Unknown);
    QSignalSpy ended(&feed, &ObjectiveFeed::ended);
    feed.ask(ObjectiveFeed::Wanted::Everything);
    QTRY_COMPARE(ended.size(), 1);
    const ObjectiveFeed::Slo& slo = feed.slos()[0];
    QVERIFY2(!slo.error, qPrintable(slo.error ? slo.error->text() : QString()));
    QCOMPARE(slo.askedMs, b.clock.nowMs());
    QVERIFY(slo.report.status.good);
    QCOMPARE(feed.targets().size(), size_t(1));
    QVERIFY(feed.targets()[0].reading.value);
    const int before = asked;
    feed.ask(ObjectiveFeed::Wanted::Objectives);
    QTRY_COMPARE(ended.size(), 2);
    QCOMPARE(asked - before, int(slo.questions.size())); // what the server has is not looked up again
    feed.ask(ObjectiveFeed::Wanted::Everything);
    feed.rest();
    QCOMPARE(b.prometheus->running() + b.prometheus->waiting(), 0);
}

void TestExplore::feedSaysWhatFailed()
{
    bool broken = false;
    Bench b([&](QTcpSocket* socket, const Received&) {
        TestServer::answer(socket, broken ? 503 : 200, broken ? QByteArray("starting") : oneValue("0"), json);
    });
    b.start();
    const auto platform =
        shopWith("slos: [{name: error-rate, title: Error rate, metric: error rate, objective: \"< 0.1 %\"}]\n");
    const auto catalog = std::make_shared<const MetricCatalog>(builtinCatalog().with(*platform));
    ObjectiveFeed feed({*b.prometheus, platform, catalog, b.clock, QTimeZone::utc()});
    QSignalSpy ended(&feed, &ObjectiveFeed::ended);
    feed.ask(ObjectiveFeed::Wanted::Everything);
    QTRY_COMPARE(ended.size(), 1);
    const qint64 then = feed.slos()[0].askedMs;
    broken = true;
    b.clock.advance(60'000);
    feed.ask(ObjectiveFeed::Wanted::Objectives);
    QTRY_COMPARE(ended.size(), 2);
    QVERIFY(feed.slos()[0].error && feed.slos()[0].error->sentence.contains(u"503"_s));
    QCOMPARE(feed.slos()[0].askedMs, then); // the report is as old as it was
}

QTEST_GUILESS_MAIN(TestExplore)
#include "test_explore.moc"
