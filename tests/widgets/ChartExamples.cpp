// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChartExamples.h"

#include <QtCore/QRandomGenerator>

#include <cmath>
#include <numbers>

namespace wk::test {

using namespace Qt::StringLiterals;
using widgets::ChartContent;
using widgets::ChartMark;

ChartContent errorRates()
{
    constexpr qint64 hour = 3'600'000, step = 15'000, from = exampleNowMs - 6 * hour;
    ChartContent content;
    content.title = u"Error rate by service"_s;
    content.unit = series::Unit::Ratio;
    content.query =
        u"sum by (job) (rate(http_requests_total{status=~\"5..\"}[5m])) / sum by (job) (rate(http_requests_total[5m]))"_s;
    content.source = u"http://prometheus.streamgate:9090"_s;
    content.fetchedMs = exampleNowMs;
    QRandomGenerator random(3);
    int number = 0;
    for (const QString& name : {u"api-gateway"_s, u"transcoder"_s, u"streaming"_s, u"auth"_s}) {
        auto columns = std::make_shared<series::Columns>();
        for (qint64 at = from; at <= exampleNowMs; at += step) {
            const double hours = double(at - from) / double(hour);
            if (number == 1 && hours > 2 && hours < 2.17)
                continue;
            double value = 0.004 + 0.002 * number + 0.002 * std::sin(hours * std::numbers::pi / (1.5 + number)) +
                           0.001 * random.generateDouble();
            if (number == 0 && hours > 4.1 && hours < 4.5)
                value += 0.06 * std::sin((hours - 4.1) / 0.4 * std::numbers::pi);
            columns->time.push_back(at);
            columns->value.push_back(value);
        }
        content.series.push_back({name, name, columns, false});
        ++number;
    }
    content.bands = {{u"warning above 1 %"_s, 0.01, 0.05, table::Health::Warning},
                     {u"critical above 5 %"_s, 0.05, std::nullopt, table::Health::Bad}};
    using Mark = ChartMark;
    content.marks = {{.id = u"rollout-1"_s,
                      .kind = Mark::Kind::Rollout,
                      .atMs = from + 4 * hour,
                      .text = u"Rollout of api-gateway to v1.4.2"_s,
                      .target = u"deployments.apps/shop/api-gateway"_s},
                     {.id = u"alert-1"_s,
                      .kind = Mark::Kind::Alert,
                      .atMs = from + 41 * hour / 10,
                      .untilMs = from + 46 * hour / 10,
                      .text = u"HighErrorRate fired"_s,
                      .tone = Mark::Tone::Bad},
                     {.id = u"change-7"_s,
                      .kind = Mark::Kind::Change,
                      .atMs = from + 45 * hour / 10,
                      .text = u"Change 7: roll back api-gateway"_s,
                      .target = u"7"_s}};
    return content;
}

ChartContent longSeries(size_t count)
{
    ChartContent content;
    content.title = u"Requests"_s;
    content.unit = series::Unit::PerSecond;
    auto columns = std::make_shared<series::Columns>();
    QRandomGenerator random(9);
    for (size_t i = 0; i < count; ++i) {
        columns->time.push_back(exampleNowMs - qint64(count - i) * 1000);
        columns->value.push_back(800 + 300 * std::sin(double(i) / 14'000) + 80 * random.generateDouble());
    }
    content.series.push_back({u"all"_s, u"all"_s, columns, false});
    return content;
}

} // namespace wk::test
