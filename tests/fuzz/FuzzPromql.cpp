// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/promql/Promql.h"
#include "monitoring/promql/PromqlSpot.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Either a query comes out or a sentence why not; what is a query has a normal form and looks back no less than
/// nothing.
int fuzzPromql(const uint8_t* data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char*>(data), qsizetype(size));
    for (const qsizetype cursor : {text.size(), text.size() / 2}) {
        const auto spot = wk::monitoring::promqlSpotAt(text, cursor);
        if (spot.at < 0 || spot.at + spot.prefix.size() > text.size())
            std::abort();
    }
    const auto node = wk::monitoring::parsePromql(text);
    if (!node) {
        if (node.error().sentence.isEmpty())
            std::abort();
        return 0;
    }
    if (wk::monitoring::normalForm(**node).isEmpty() || wk::monitoring::longestRangeMs(**node) < 0)
        std::abort();
    static_cast<void>(wk::monitoring::comparisonOf(*node));
    return 0;
}

/// A file of metrics: either metrics come out or reasons why not.
int fuzzMetrics(const uint8_t* data, size_t size)
{
    const wk::monitoring::MetricLoad load = wk::monitoring::parseMetrics(
        QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)), QStringLiteral("fuzz.yaml"));
    if (!load.problems.empty() && !load.catalog.metrics().empty())
        std::abort();
    return 0;
}
