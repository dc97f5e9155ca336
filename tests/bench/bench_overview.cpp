// SPDX-License-Identifier: GPL-3.0-or-later
// bench_overview [minutes]: what one open overview of the four built-in platforms costs their Prometheus, as JSON. A
// real Prometheus with an hour and a half of history answers; the minutes (20) go by at once, on a clock that is put
// forward.
// - queries_a_minute, naive_queries_a_minute, fewer: ours, one query for every figure of every tile at every refresh,
// and
//   how many times fewer ours are; where the platforms have one server
// - eval_ms_a_minute, naive_eval_ms_a_minute, eval_ratio: how long the server worked at them, by its own count
// - apart_queries_a_minute: ours where each platform has a server of its own
// - hidden_queries: while nobody looks
#include "../monitoring/ExampleHistory.h"
#include "../monitoring/RealPrometheus.h"
#include "monitoring/pulse/PulseBoard.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

#include <cstdio>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 second = 1'000, minute = 60 * second;

[[noreturn]] void die(const QString& why)
{
    std::fprintf(stderr, "bench_overview: %s\n", qPrintable(why));
    std::exit(1);
}

double rounded(double value) { return std::round(value * 100) / 100; }

/// What the server counts of itself.
struct Load
{
    double queries = 0, evalMs = 0;
    Load operator-(const Load& other) const { return {queries - other.queries, evalMs - other.evalMs}; }
};

Load loadOf(const RealPrometheus& server)
{
    QNetworkAccessManager network;
    QUrl url = server.url();
    url.setPath(u"/metrics"_s);
    const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(url)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 30'000) || reply->error() != QNetworkReply::NoError)
        die(u"the server does not tell its own figures"_s);
    const QString page = QString::fromUtf8(reply->readAll());
    const auto sum = [&page](const QString& pattern) {
        double out = 0;
        const QRegularExpression line(pattern, QRegularExpression::MultilineOption);
        for (const auto& match : line.globalMatch(page))
            out += match.captured(1).toDouble();
        return out;
    };
    return {sum(uR"(^prometheus_http_requests_total\{[^}]*handler="/api/v1/query(?:_range)?"[^}]*\} (\S+)$)"_s),
            1'000 * sum(uR"(^prometheus_engine_query_duration_seconds_sum\{slice="inner_eval"\} (\S+)$)"_s)};
}

std::shared_ptr<ServerSource> sourceAt(const RealPrometheus& server, Clock& clock)
{
    ServerSource::Places places;
    places.platform = shopWith("services:\n  - {name: p, title: Prometheus, kind: monitoring, host: 127.0.0.1, "
                               "product: Prometheus, ports: [" +
                               QByteArray::number(server.url().port()) + "]}\n");
    return std::make_shared<ServerSource>(std::move(places), clock);
}

/// The platforms' tiles, on one server or on a source each.
std::vector<std::shared_ptr<Pulse>> pulses(const RealPrometheus& server, Clock& clock)
{
    std::vector<std::shared_ptr<Pulse>> out;
    for (const QString& name : {u"streamgate"_s, u"social-live"_s, u"stratmaster"_s, u"tchat"_s}) {
        const auto platform = builtinPlatform(name);
        out.push_back(std::make_shared<Pulse>(platform,
                                              std::make_shared<const MetricCatalog>(builtinCatalog().with(*platform)),
                                              sourceAt(server, clock)));
    }
    return out;
}

void settle(const std::function<bool()>& done)
{
    if (!QTest::qWaitFor(done, 120'000))
        die(u"the server does not answer"_s);
}

bool isKnown(const Pulse& pulse)
{
    return pulse.alertsMs() > 0 && std::ranges::all_of(pulse.budgets(), [](const PulseBudget& budget) {
               return budget.askedMs > 0 || budget.error;
           });
}

/// Goes on in steps of 30 s, each of which is answered before the next.
Load boardLoad(const RealPrometheus& server, ManualClock& clock, const std::vector<std::shared_ptr<Pulse>>& tiles,
               int minutes)
{
    PulseBoard board(clock);
    board.setPulses(tiles);
    board.setWatched(true);
    settle([&] {
        return !board.isAsking() && std::ranges::all_of(tiles, [](const auto& tile) { return isKnown(*tile); });
    });
    const Load before = loadOf(server);
    for (int i = 0; i < 2 * minutes; ++i) {
        clock.advance(30 * second);
        const qint64 now = clock.nowMs();
        settle([&] {
            return !board.isAsking() &&
                   std::ranges::all_of(tiles, [&](const auto& tile) { return tile->alertsMs() == now; });
        });
    }
    return loadOf(server) - before;
}

/// Every figure of every tile for itself, at every refresh.
Load naiveLoad(const RealPrometheus& server, ManualClock& clock, const std::vector<std::shared_ptr<Pulse>>& tiles)
{
    const Load before = loadOf(server);
    int open = 0;
    std::vector<PrometheusServer::FlightPtr> flights;
    const auto then = [&open](const Result<AnswerPtr>&) { --open; };
    const qint64 now = clock.nowMs();
    const Period month = calendarMonth(now, QTimeZone::systemTimeZone());
    for (const auto& tile : tiles) {
        PrometheusServer& asked = *tile->source().server();
        const auto instant = [&](const QString& promql) {
            ++open;
            flights.push_back(asked.instant({promql, std::nullopt}, Priority::Visible, then));
        };
        for (const PulsePart& part : tile->plan().parts) {
            if (part.promql.isEmpty())
                continue;
            ++open;
            flights.push_back(
                asked.chart({part.promql, {now - 60 * minute, now}, 90, 15'000}, Priority::Visible, then));
        }
        instant(tile->plan().alerts);
        for (const SloSpec& spec : tile->plan().budgets) {
            for (const SloQuestion& question : questionsOf(spec, month, now)) {
                if (question.ofPeriod || question.window == u"1h")
                    instant(question.promql);
            }
        }
    }
    settle([&] { return open == 0; });
    return loadOf(server) - before;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const int minutes = argc > 1 ? std::max(5, QByteArray(argv[1]).toInt()) : 20;
    if (const QString why = RealPrometheus::missing(); !why.isEmpty()) {
        std::printf("{\"bench\":\"overview\",\"skipped\":\"%s\"}\n", qPrintable(why));
        return 0;
    }
    ManualClock clock(QDateTime::currentMSecsSinceEpoch() / minute * minute);
    ExampleHistory history;
    for (const QString& name : {u"streamgate"_s, u"social-live"_s, u"stratmaster"_s, u"tchat"_s})
        history.add(*builtinPlatform(name), builtinCatalog().with(*builtinPlatform(name)));
    RealPrometheus server;
    if (!server.start(history.openMetrics(clock.nowMs() / second, 90)))
        die(server.error());
    const auto together = pulses(server, clock);
    for (const auto& tile : together) {
        tile->source().look();
        settle([&] { return tile->source().server(); });
    }
    // Twice a minute, as ours: one refresh is enough to know it.
    const Load ours = boardLoad(server, clock, together, minutes), once = naiveLoad(server, clock, together);
    double apart = 0;
    for (const auto& tile : together)
        apart += boardLoad(server, clock, {tile}, minutes).queries / minutes;
    const Load before = loadOf(server);
    clock.advance(10 * minute);
    QTest::qWait(200);
    const Load hidden = loadOf(server) - before;
    QJsonObject out{{u"bench"_s, u"overview"_s}, {u"tiles"_s, int(together.size())}};
    out.insert(u"queries_a_minute"_s, rounded(ours.queries / minutes));
    out.insert(u"naive_queries_a_minute"_s, rounded(once.queries * 2));
    out.insert(u"fewer"_s, rounded(once.queries * 2 / (ours.queries / minutes)));
    out.insert(u"eval_ms_a_minute"_s, rounded(ours.evalMs / minutes));
    out.insert(u"naive_eval_ms_a_minute"_s, rounded(once.evalMs * 2));
    out.insert(u"eval_ratio"_s, rounded(once.evalMs * 2 / (ours.evalMs / minutes)));
    out.insert(u"apart_queries_a_minute"_s, rounded(apart));
    out.insert(u"hidden_queries"_s, hidden.queries);
    std::printf("%s\n", QJsonDocument(out).toJson(QJsonDocument::Compact).constData());
    return 0;
}
