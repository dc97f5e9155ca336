// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertSource.h"
#include "widgets/monitoring/alerts/AlertDetail.h"

/// What is told of an alert, a silence or a group in full; without the acts, which are the page's.
namespace wk::widgets::alerts {

// Links within the page; others are addresses of the web.
inline constexpr QLatin1StringView silenceLink("silence:");
inline constexpr QLatin1StringView alertLink("alert:");

[[nodiscard]] AlertDetail::Content contentOf(const monitoring::AlertSource& source,
                                             const monitoring::BookedAlert& alert, qint64 now);
[[nodiscard]] AlertDetail::Content contentOf(const monitoring::AlertSource& source, const monitoring::Silence& silence,
                                             qint64 now);
[[nodiscard]] AlertDetail::Content contentOf(const monitoring::AlertGroup& group);

} // namespace wk::widgets::alerts
