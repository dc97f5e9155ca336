// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/SloLine.h"

#include <QtCore/QHash>

#include <cmath>

namespace wk::monitoring {

series::Columns budgetLine(const SloStatus& status, const SloHours& hours, qint64 nowMs)
{
    series::Columns line;
    const qint64 until = std::min(nowMs, status.period.untilMs);
    if (status.allowed <= 0 || status.elapsedMs <= 0)
        return line;
    QHash<qint64, double> counted;
    for (size_t i = 0; i < hours.events.size(); ++i)
        counted.insert(hours.events.time[i], hours.events.value[i]);
    const auto weightOf = [&](size_t i) {
        const double weight = hours.events.isEmpty() ? 1.0 : counted.value(hours.share.time[i], 0.0);
        return std::isfinite(hours.share.value[i]) && std::isfinite(weight) ? std::max(weight, 0.0) : 0.0;
    };
    const auto isInside = [&](size_t i) {
        return hours.share.time[i] > status.period.fromMs && hours.share.time[i] <= until;
    };
    double weights = 0;
    for (size_t i = 0; i < hours.share.size(); ++i)
        weights += isInside(i) ? weightOf(i) : 0;
    // All hours together are what has passed of the period; of it, the budget is the allowed share.
    const double passed = double(status.elapsedMs) / double(status.period.length());
    const double scale = weights > 0 ? passed / weights / status.allowed : 0;
    line.time.push_back(status.period.fromMs);
    line.value.push_back(1);
    double left = 1;
    for (size_t i = 0; i < hours.share.size(); ++i) {
        if (!isInside(i))
            continue;
        const bool known = std::isfinite(hours.share.value[i]);
        left -= known ? hours.share.value[i] * weightOf(i) * scale : 0;
        line.time.push_back(hours.share.time[i]);
        line.value.push_back(known ? left : qQNaN());
    }
    return line;
}

} // namespace wk::monitoring
