// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/PrometheusClient.h"

#include <functional>

namespace wk::monitoring {

/// One of several queries that go to a server as one.
struct BundlePart
{
    QString key; ///< by which its series are told from those of the others
    QString promql;
    bool operator==(const BundlePart&) const = default;
};

/// The label that a bundle puts on the series of its parts.
inline constexpr char16_t bundleLabel[] = u"watchkeeper_part";

/// label_replace((a), "watchkeeper_part", "key a", "", "") or label_replace((b), …): the series of all parts in one
/// answer. Every part has to give series, none a bare number.
[[nodiscard]] QString bundled(const std::vector<BundlePart>& parts);
/// The series of one part, without that label.
[[nodiscard]] std::vector<Series> partOf(const Answer& answer, const QString& key);
/// In as few lots as there are, each with a query of at most `maxChars` (one part alone may be longer).
[[nodiscard]] std::vector<std::vector<BundlePart>> lotsOf(const std::vector<BundlePart>& parts, qsizetype maxChars);

/// Asks a bundle and hands out each part's answer. A query that the server refuses as such is asked again in halves
/// until it is known which part is wrong: one bad query spoils no other. What has to do with the server, and not with
/// the query, is the answer of all parts.
class QueryBundle
{
public:
    using FlightPtr = PrometheusClient::FlightPtr;
    using Ask = std::function<FlightPtr(const QString& promql, PrometheusClient::Then<AnswerPtr> then)>;
    using Take = std::function<void(const QString& key, Result<std::vector<Series>> series)>;

    /// `take` is called once for each part, and `done` after the last; none of them once the bundle is gone.
    QueryBundle(Ask ask, std::vector<BundlePart> parts, qsizetype maxChars, Take take, std::function<void()> done);

    [[nodiscard]] bool isDone() const { return m_open == 0; }

private:
    void send(std::vector<BundlePart> parts);
    void answered(const std::vector<BundlePart>& parts, const Result<AnswerPtr>& answer);

    Ask m_ask;
    qsizetype m_maxChars;
    Take m_take;
    std::function<void()> m_done;
    size_t m_open; ///< parts without an answer
    std::vector<FlightPtr> m_flights;
};

} // namespace wk::monitoring
