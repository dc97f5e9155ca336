// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/objectives/Burn.h"

#include <cmath>

namespace wk::monitoring {

std::optional<double> burnRate(double badShare, double allowedShare)
{
    if (!std::isfinite(badShare) || badShare < 0 || allowedShare <= 0)
        return std::nullopt;
    return badShare / allowedShare;
}

BurnReading readBurn(const BurnPair& pair, double shortBadShare, double longBadShare, double allowedShare)
{
    BurnReading reading{burnRate(shortBadShare, allowedShare), burnRate(longBadShare, allowedShare)};
    reading.burning =
        reading.shortRate && reading.longRate && *reading.shortRate > pair.factor && *reading.longRate > pair.factor;
    return reading;
}

BurnState burnState(const std::array<BurnReading, 4>& readings)
{
    BurnState worst = BurnState::Quiet;
    bool unknown = false;
    for (size_t i = 0; i < readings.size(); ++i) {
        if (readings[i].burning)
            worst = std::max(worst, burnPairs[i].pages ? BurnState::Page : BurnState::Ticket);
        unknown = unknown || !readings[i].shortRate || !readings[i].longRate;
    }
    return worst == BurnState::Quiet && unknown ? BurnState::Unknown : worst;
}

} // namespace wk::monitoring
