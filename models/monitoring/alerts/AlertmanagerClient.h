// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertmanagerFacts.h"
#include "monitoring/prometheus/PrometheusClient.h"

namespace wk::monitoring {

/// Which alerts are asked for. As it stands: all of them.
struct AlertFilter
{
    std::vector<LabelMatcher> matchers; ///< all have to hold
    QString receiver;                   ///< a regular expression; empty: any
    bool active = true, silenced = true, inhibited = true;
    bool unprocessed = true; ///< groups have none
};

/// Asks one Alertmanager, by its API v2: reads only. As PrometheusClient otherwise: on the transport's thread, never
/// from inside the call that asks, failures as an Error with a sentence of its own. What changes silences is made by
/// silenceBody() and silencePath(), and is sent elsewhere.
/// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
class AlertmanagerClient
{
public:
    struct Options
    {
        qint64 maxBytes = 64LL << 20;
        qint64 silenceMs = 30'000; ///< how long it may say nothing
    };
    template <typename T>
    using Then = PrometheusClient::Then<T>;
    using FlightPtr = PrometheusClient::FlightPtr;

    /// `way.transport` must be there.
    AlertmanagerClient(Way way, Options options) : m_way(std::move(way)), m_options(options) {}
    explicit AlertmanagerClient(Way way) : AlertmanagerClient(std::move(way), Options()) {}

    [[nodiscard]] FlightPtr status(Then<AlertmanagerStatus> then);
    [[nodiscard]] FlightPtr alerts(const AlertFilter& filter, Then<std::vector<ManagedAlert>> then);
    [[nodiscard]] FlightPtr groups(const AlertFilter& filter, Then<std::vector<AlertGroup>> then);
    [[nodiscard]] FlightPtr receivers(Then<QStringList> then);
    /// Those whose own matchers include `matchers`; those that are over, too, for as long as it keeps them.
    [[nodiscard]] FlightPtr silences(const std::vector<LabelMatcher>& matchers, Then<std::vector<Silence>> then);

    [[nodiscard]] const QString& words() const { return m_way.words; }

private:
    template <typename T>
    [[nodiscard]] FlightPtr read(const QByteArray& path, const QByteArray& query, Result<T> (*reader)(QByteArrayView),
                                 Then<T> then);

    Way m_way;
    Options m_options;
};

} // namespace wk::monitoring
