// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertSource.h"
#include "monitoring/alerts/AlertTally.h"
#include "widgets/common/RowsBetween.h"

#include "table/Column.h"

namespace wk::widgets {

/// What an Alertmanager has, as rows of tables, and the words for it, the same wherever they are said.
namespace alerts {

/// "critical"; "no severity" where the alert has no such label.
[[nodiscard]] QString severityWords(const monitoring::ManagedAlert& alert);
/// "firing", "silenced", "inhibited", "not routed yet", "resolved".
[[nodiscard]] QString stateWords(const monitoring::BookedAlert& alert);
/// The severity's health while it tells people; Info while it is kept from them; Good once it is resolved.
[[nodiscard]] table::Health healthOf(const monitoring::BookedAlert& alert);
/// The first of the annotations summary, description, message; empty where there is none.
[[nodiscard]] QString summaryOf(const monitoring::ManagedAlert& alert);
/// Where to read what to do: the annotation runbook_url, runbook or the like, where it is an address of the web.
[[nodiscard]] QString runbookOf(const monitoring::ManagedAlert& alert);
/// Its labels without the name and the severity: "instance=a,job=b".
[[nodiscard]] QString placeOf(const monitoring::ManagedAlert& alert);
/// {alertname="DiskFull",node="n1"} as a person reads it: alertname="DiskFull", node="n1".
[[nodiscard]] QString matchersWords(const std::vector<monitoring::LabelMatcher>& matchers);
/// "21 Nov, 16:04:10, 12m ago"; local time.
[[nodiscard]] QString momentWords(qint64 ms, qint64 now);

[[nodiscard]] table::Columns alertColumns();
/// Ids are fingerprints.
/// Those that are about another platform than this one say so; null: none does.
[[nodiscard]] RowsById alertRows(const monitoring::AlertSource& source, const platform::Platform* platform = nullptr);
[[nodiscard]] table::Columns silenceColumns();
/// Ids are those of silences. How many alerts each covers is worked out on those that fire now.
[[nodiscard]] RowsById silenceRows(const monitoring::AlertSource& source, qint64 now);
[[nodiscard]] table::Columns groupColumns();
/// Ids are receiver and labels.
[[nodiscard]] RowsById groupRows(const monitoring::AlertSource& source);

/// How far all of it can be trusted now.
[[nodiscard]] table::Freshness freshnessOf(const monitoring::AlertSource& source);

} // namespace alerts

} // namespace wk::widgets
