// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "Platforms.h"
#include "monitoring/pulse/PulseBoard.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::test;
using table::Health;

namespace {

QString askedFor(const Received& received)
{
    return QUrlQuery(QString::fromUtf8(received.body)).queryItemValue(u"query"_s, QUrl::FullyDecoded);
}

bool isRange(const Received& received) { return received.target.contains("query_range"); }

/// An answer in which every part of the bundle has one series, with these samples.
QByteArray answerTo(const Received& received, const QByteArray& samples, const QByteArray& labels = {})
{
    // A key is quoted in PromQL as it is in JSON.
    static const QRegularExpression key(uR"("watchkeeper_part", ("(?:[^"\\]|\\.)*"))"_s);
    const QString query = askedFor(received);
    QByteArrayList series;
    for (const auto& match : key.globalMatch(query))
        series << "{\"metric\":{\"watchkeeper_part\":" + match.captured(1).toUtf8() + labels + "}," + samples + '}';
    return R"({"status":"success","data":{"resultType":")" + QByteArray(isRange(received) ? "matrix" : "vector") +
           "\",\"result\":[" + series.join(',') + "]}}";
}

const QByteArray oneNow = R"("value":[1700000000,"1"])";

const QByteArray objectives = R"(slos:
  - {name: availability, title: Availability, metric: availability, objective: ">= 99.9 %"}
alerts:
  - {name: high-error-rate, title: High error rate, urgency: critical, metric: error rate, when: "> 5 %"}
dashboards:
  - {name: overview, title: Overview, panels: [request rate, error rate]}
)";

/// A shop whose Prometheus is the test's server.
struct Shop
{
    explicit Shop(TestServer& server, Clock& clock, const QByteArray& more = objectives)
        : platform(shopWith(more)), catalog(std::make_shared<const MetricCatalog>(builtinCatalog()))
    {
        ServerSource::Places places;
        places.platform = shopWith("services:\n  - {name: p, title: Prometheus, kind: monitoring, host: 127.0.0.1, "
                                   "product: Prometheus, ports: [" +
                                   QByteArray::number(server.serverPort()) + "]}\n");
        source = std::make_shared<ServerSource>(std::move(places), clock);
        pulse = std::make_shared<Pulse>(platform, catalog, source);
    }
    std::shared_ptr<const platform::Platform> platform;
    std::shared_ptr<const MetricCatalog> catalog;
    std::shared_ptr<ServerSource> source;
    std::shared_ptr<Pulse> pulse;
};

/// Everything that a round asks about it is answered.
bool isAnswered(const Pulse& pulse)
{
    return pulse.alertsMs() > 0 && pulse.budgets().at(0).askedMs > 0 &&
           std::ranges::none_of(pulse.figures(), [](const PulseFigure& figure) { return figure.text.isEmpty(); });
}

} // namespace

/// The figures of a platform's tile: what is asked, how often, and what comes of it.
class TestPulse : public QObject
{
    Q_OBJECT
private slots:
    void partsAreToldApart()
    {
        QCOMPARE(bundled({{u"a"_s, u"up"_s}, {u"b$"_s, u"sum(x)"_s}}),
                 uR"(label_replace((up), "watchkeeper_part", "a", "", "") or )"
                 uR"(label_replace((sum(x)), "watchkeeper_part", "b$$", "", ""))"_s);
        Answer answer;
        answer.series.resize(2);
        answer.series[0].labels = {{u"job"_s, u"x"_s}, {QString::fromUtf16(bundleLabel), u"a"_s}};
        answer.series[1].labels = {{QString::fromUtf16(bundleLabel), u"b"_s}};
        const auto part = partOf(answer, u"a"_s);
        QCOMPARE(part.size(), size_t(1));
        QCOMPARE(part[0].labels, (Labels{{u"job"_s, u"x"_s}}));
        QVERIFY(partOf(answer, u"c"_s).empty());
        const std::vector<BundlePart> three(3, {u"k"_s, u"x"_s});
        QCOMPARE(lotsOf(three, 1'000'000).size(), size_t(1));
        QCOMPARE(lotsOf(three, 1).size(), size_t(3));
    }

    void aWrongPartSpoilsNoOther()
    {
        int asked = 0;
        std::map<QString, bool> right;
        bool done = false;
        std::vector<std::function<void()>> later;
        QueryBundle bundle(
            [&](const QString& promql, const PrometheusClient::Then<AnswerPtr>& then) -> QueryBundle::FlightPtr {
                ++asked;
                later.push_back([promql, then] {
                    if (promql.contains(u"wrong"_s))
                        then(fail(Error{Error::Kind::BadInput, u"no"_s, {}, {}}));
                    else
                        then(std::make_shared<Answer>());
                });
                return nullptr;
            },
            {{u"a"_s, u"x"_s}, {u"b"_s, u"wrong"_s}, {u"c"_s, u"y"_s}, {u"d"_s, u"z"_s}}, 100'000,
            [&](const QString& key, const Result<std::vector<Series>>& series) { right[key] = series.has_value(); },
            [&] { done = true; });
        for (size_t i = 0; i < later.size(); ++i) {
            const auto answer = later[i]; // which may ask for more
            answer();
        }
        QVERIFY(done && bundle.isDone());
        QCOMPARE(right, (std::map<QString, bool>{{u"a"_s, true}, {u"b"_s, false}, {u"c"_s, true}, {u"d"_s, true}}));
        QCOMPARE(asked, 5); // all; two halves; the halves of the one that is wrong
    }

    void theServersTroubleIsEverybodys()
    {
        int asked = 0, failed = 0;
        QueryBundle bundle(
            [&](const QString&, const PrometheusClient::Then<AnswerPtr>& then) -> QueryBundle::FlightPtr {
                ++asked;
                QTimer::singleShot(0, this, [then] { then(fail(Error::Kind::Network, u"away"_s)); });
                return nullptr;
            },
            {{u"a"_s, u"x"_s}, {u"b"_s, u"y"_s}}, 100'000,
            [&](const QString&, const Result<std::vector<Series>>& series) { failed += series ? 0 : 1; }, {});
        QTRY_COMPARE_WITH_TIMEOUT(failed, 2, 60'000);
        QCOMPARE(asked, 1);
    }

    void aLimitOfTheFileJudges()
    {
        const auto platform = shopWith(objectives);
        const MetricCatalog catalog = builtinCatalog();
        const PulsePlan plan = pulsePlan(*platform, catalog);
        QCOMPARE(plan.budgets.size(), size_t(1));
        const auto part = std::ranges::find(plan.parts, u"errors"_s, &PulsePart::key);
        QVERIFY(part != plan.parts.end() && !part->promql.isEmpty());
        const auto judge = [&](double value) {
            std::map<QString, PulsePartReading> readings;
            readings[u"errors"_s].value = value;
            return judged(GoldenSignal::Errors, {&*part}, readings);
        };
        QCOMPARE(judge(0.01).health, Health::Good);
        QCOMPARE(judge(0.01).text, u"1\u00A0%"_s);
        QCOMPARE(judge(0.07).health, Health::Bad);
        QVERIFY2(judge(0.07).remark.contains(u"High error rate"_s), qPrintable(judge(0.07).remark));
        QCOMPARE(judged(GoldenSignal::Errors, {&*part}, {}).text, QString());
        QVERIFY(!judged(GoldenSignal::Errors, {&*part}, {}).remark.isEmpty());
    }

    void whatIsOldIsNotNow()
    {
        const MetricCatalog catalog = builtinCatalog();
        Series series;
        series.time = {1'000'000, 1'060'000};
        series.value = {0.5, 0.25};
        const platform::Metric& metric = *catalog.named(u"error-rate");
        QCOMPARE(readPart(metric, {series}, 1'070'000).value, std::optional(0.25));
        const PulsePartReading old = readPart(metric, {series}, 1'060'000 + newestMs + 1);
        QVERIFY(!old.value);
        QCOMPARE(old.line.size(), size_t(2));
        QCOMPARE(old.valueMs, 1'060'000);
    }

    void theWorstAlertComesFirst()
    {
        const auto series = [](const QString& name, const QString& severity, double count) {
            Series out;
            out.labels = {{u"alertname"_s, name}, {u"severity"_s, severity}};
            out.time = {0};
            out.value = {count};
            return out;
        };
        const auto alerts = readFiring(
            {series(u"Slow"_s, u"warning"_s, 9), series(u"Note"_s, u"info"_s, 1), series(u"Down"_s, u"critical"_s, 1)});
        QCOMPARE(alerts.size(), size_t(3));
        QCOMPARE(alerts[0], (PulseAlert{u"Down"_s, u"critical"_s, 1, Health::Bad}));
        QCOMPARE(alerts[1].count, 9);
        Series web = series(u"Down"_s, u"critical"_s, 2), db = web;
        web.labels.emplace_back(u"service"_s, u"web"_s);
        db.labels.emplace_back(u"service"_s, u"db"_s);
        const auto merged = readFiring({web, db}); // one line for one alert, whatever it fires for
        QCOMPARE(merged.size(), size_t(1));
        QCOMPARE(merged[0].count, 4);
        QCOMPARE(merged[0].services, (QStringList{u"web"_s, u"db"_s}));
        QCOMPARE(alerts[2].health, Health::Info);
    }

    /// Two platforms of one server cost as many questions as one, and a tile that nobody looks at none.
    void oneQuestionForAllTiles()
    {
        ManualClock clock;
        QStringList asked;
        TestServer server([&](QTcpSocket* socket, const Received& received) {
            const QString query = askedFor(received);
            asked << query;
            const bool alerts = query.contains(u"ALERTS"_s);
            const QByteArray samples =
                isRange(received) ? QByteArray(R"("values":[[1699999980,"0.02"],[1700000000,"0.07"]])") : oneNow;
            const QByteArray labels = alerts ? R"(,"alertname":"Down","severity":"critical")" : "";
            TestServer::answer(socket, 200, answerTo(received, samples, labels), json);
        });
        Shop one(server, clock), two(server, clock);
        PulseBoard board(clock);
        board.setPulses({one.pulse, two.pulse});
        QTest::qWait(0);
        QVERIFY(asked.isEmpty()); // nobody looks
        board.setWatched(true);
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(*one.pulse) && isAnswered(*two.pulse), 60'000);
        QCOMPARE(one.pulse->figures()[1].text, u"7\u00A0%"_s);
        QCOMPARE(one.pulse->figures()[1].health, Health::Bad);
        QCOMPARE(one.pulse->alerts().at(0).name, u"Down"_s);
        QCOMPARE(one.pulse->health(), Health::Bad);
        asked.clear();
        clock.advance(30'000);
        QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 5, 60'000); // four signals and the alerts, of both
        QVERIFY(std::ranges::all_of(asked, [](const QString& q) { return q.contains(u"\"1"_s); }));
        board.setWatched(false);
        clock.advance(300'000);
        QTest::qWait(0);
        QCOMPARE(asked.size(), 5);
    }

    void aFailureLeavesTheFigureAndSaysSo()
    {
        ManualClock clock;
        bool broken = false;
        TestServer server([&](QTcpSocket* socket, const Received& received) {
            if (broken)
                TestServer::answer(socket, 503, "starting", {});
            else
                TestServer::answer(
                    socket, 200,
                    answerTo(received, isRange(received) ? QByteArray(R"("values":[[1700000000,"0.01"]])") : oneNow),
                    json);
        });
        Shop shop(server, clock);
        PulseBoard board(clock);
        board.setPulses({shop.pulse});
        board.setWatched(true);
        QTRY_COMPARE_WITH_TIMEOUT(shop.pulse->figures()[1].text, u"1\u00A0%"_s, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(*shop.pulse), 60'000);
        const qint64 asked = shop.pulse->figures()[1].askedMs;
        broken = true;
        clock.advance(30'000);
        QTRY_VERIFY_WITH_TIMEOUT(shop.pulse->figures()[1].error && shop.pulse->alertsError(), 60'000);
        QCOMPARE(shop.pulse->figures()[1].text, u"1\u00A0%"_s);
        QCOMPARE(shop.pulse->figures()[1].askedMs, asked); // as old as it is
        QVERIFY(shop.pulse->error()->sentence.contains(u"503"_s));
    }
};

QTEST_GUILESS_MAIN(TestPulse)
#include "test_pulse.moc"
