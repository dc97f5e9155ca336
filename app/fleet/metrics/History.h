// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "fleet/world/Engine.h"

namespace wk::fleet {

/// Writes what Prometheus would have scraped of a cluster between `fromMs` and now, by the same laws as what it will
/// scrape, as OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`. Counters go on from there. Coarse: a
/// sample a minute for the last six hours (four of the last), every two for a day; before that pairs, which is
/// what a rate needs, every half hour for a week, every second and third hour for a month, then every third. Whether
/// pods answered stands there every five minutes, what they cost every hour. Of each service two of its pods have a
/// past. There were a few troubles, and they are there by the minute.
[[nodiscard]] Result<void> writeHistory(Engine& engine, qint64 fromMs, const QString& path);

} // namespace wk::fleet
