// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "table/Row.h"

/// What the Changes panel says of a request, the same wherever it says it.
namespace wk::widgets {

/// How a request stands, at a glance.
struct Standing
{
    table::Health health = table::Health::None;
    QString words;  ///< "submitted", "approved, expired"
    QString reason; ///< why the health is what it is; empty where there is nothing to say
};
[[nodiscard]] Standing standingOf(const changes::RequestSummary& request);

/// High: Warning, medium: Info; a low risk is not worth a colour.
[[nodiscard]] table::Health riskHealth(changes::Risk risk);
/// "high risk"
[[nodiscard]] QString riskText(changes::Risk risk);
/// "deployment" → "Deployment"
[[nodiscard]] QString typeWords(const QString& type);
/// "tech lead; operations": who or what is waited for; empty where nobody is.
[[nodiscard]] QString waitsForWords(const changes::RequestSummary& request);
/// Why a request was approved without people: "Private store: one person decides". Empty for people.
[[nodiscard]] QString ruleWords(const QString& rule);
/// "f3a91c07b2d4": enough of a hash to tell two apart by eye; the whole one stands in the tooltip.
[[nodiscard]] QString shortHash(const QByteArray& sha256);

/// "21 Nov, 16:04", the year where it is not this one's. Local time; empty for nullopt.
[[nodiscard]] QString momentWords(const changes::Moment& moment, qint64 nowMs);
/// "21 Nov, 16:04, 12 m ago".
[[nodiscard]] QString agoWords(const changes::Moment& moment, qint64 nowMs);
/// "from 21 Nov, 16:04 until 22:00"; empty where neither is set.
[[nodiscard]] QString spanWords(const changes::Moment& from, const changes::Moment& until, qint64 nowMs);

/// From submission to the last approval, in milliseconds; nullopt where no people approved.
[[nodiscard]] std::optional<qint64> approvalMs(const changes::RequestSummary& request);
/// The median of that over `requests`.
struct ApprovalFigure
{
    qint64 medianMs = 0;
    int count = 0; ///< 0: there is no figure
};
[[nodiscard]] ApprovalFigure approvalFigure(const QList<changes::RequestSummary>& requests);

/// How far what a desk shows can be trusted, in a table's terms.
[[nodiscard]] table::Freshness freshnessOf(const changes::DeskStatus& status);

} // namespace wk::widgets
