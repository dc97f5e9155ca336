// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/prometheus/PrometheusServer.h"

#include <QtCore/QHash>

namespace wk::monitoring {

/// Which selectors a server has series for at present: for queryOf(), which chooses among the forms of a metric. On the
/// GUI thread. Some twenty selectors make one question.
class SeriesLookup : public QObject
{
    Q_OBJECT
public:
    static constexpr qsizetype selectorsAtOnce = 20;

    /// `server` outlives it.
    explicit SeriesLookup(PrometheusServer& server, QObject* parent = nullptr);

    /// Asks for those that are not known yet; `then` is called once from the event loop, whatever came of it, and not
    /// at all where it is asked again before, or destroyed.
    void ask(const QStringList& selectors, std::function<void()> then);
    void rest();
    /// What was found; knows nothing of selectors that were not asked for, or could not be.
    [[nodiscard]] SeriesPresence presence() const;

    /// "label_replace(count(up), "wk_at", "0", "", "") or …": one sample for each selector that there is, by its place.
    [[nodiscard]] static QString question(const QStringList& selectors);

private:
    PrometheusServer& m_server;
    std::shared_ptr<QHash<QString, bool>> m_known = std::make_shared<QHash<QString, bool>>();
    std::vector<PrometheusServer::FlightPtr> m_flights;
    size_t m_open = 0;
};

} // namespace wk::monitoring
