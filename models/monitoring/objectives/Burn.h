// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <array>
#include <optional>

namespace wk::monitoring {

/// A pair of windows: an alert when the budget is spent `factor` times too fast in both. The long one says that it
/// matters, the short one that it still goes on.
/// Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts", for a period of 30 days:
/// factor = share of the budget that the long window may cost × 30 d / long window.
struct BurnPair
{
    qint64 shortMs, longMs;
    double factor;
    bool pages; ///< else a ticket
};

inline constexpr std::array<BurnPair, 4> burnPairs{{{5 * 60'000, 60 * 60'000, 14.4, true},
                                                    {30 * 60'000, 6 * 3'600'000, 6, true},
                                                    {2 * 3'600'000, 24 * 3'600'000, 3, false},
                                                    {6 * 3'600'000, 3 * 86'400'000, 1, false}}};

/// How many times too fast the budget is spent: bad share / allowed share. Nullopt where the share is unknown (NaN: no
/// traffic) or nothing is allowed.
[[nodiscard]] std::optional<double> burnRate(double badShare, double allowedShare);

enum class BurnState { Quiet, Ticket, Page, Unknown };

struct BurnReading
{
    std::optional<double> shortRate, longRate;
    bool burning = false;
};

/// One pair, judged; unknown where one of the two shares is.
[[nodiscard]] BurnReading readBurn(const BurnPair& pair, double shortBadShare, double longBadShare,
                                   double allowedShare);

/// The worst of the readings; Unknown where none burns and one of them is not known.
[[nodiscard]] BurnState burnState(const std::array<BurnReading, 4>& readings);

} // namespace wk::monitoring
