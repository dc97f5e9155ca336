// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/PrometheusServer.h"
#include "monitoring/promql/PromqlSpot.h"

#include <QtCore/QHash>

namespace wk::monitoring {

/// The names that a server knows, for whoever writes a query: asked when they are first wanted, kept for a while. On
/// the GUI thread.
class ServerNames : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 keepMs = 300'000; ///< then they are asked again when they are wanted
    static constexpr qint64 retryMs = 15'000; ///< after a failure

    /// Both outlive it.
    ServerNames(PrometheusServer& server, Clock& clock, QObject* parent = nullptr);

    /// Each is what is known; what is not known yet is asked for, and arrived() says when to look again.
    [[nodiscard]] QStringList metrics();
    /// Of all metrics where `metric` is empty.
    [[nodiscard]] QStringList labels(const QString& metric);
    [[nodiscard]] QStringList values(const QString& metric, const QString& label);
    /// "counter: Requests served."; empty where the server does not say.
    [[nodiscard]] QString about(const QString& metric);

signals:
    void arrived();

private:
    struct Entry
    {
        QStringList names;
        qint64 atMs = 0; ///< when they came, or could not be had; 0: under way
        bool failed = false;
        PrometheusServer::FlightPtr flight;
    };
    using Ask = std::function<PrometheusServer::FlightPtr(PrometheusClient&, PrometheusClient::Then<QStringList>)>;
    QStringList known(const QString& key, Ask ask);
    [[nodiscard]] bool isDue(qint64 atMs, bool failed) const;

    PrometheusServer& m_server;
    Clock& m_clock;
    QHash<QString, std::shared_ptr<Entry>> m_entries;
    MetadataMap m_metadata;
    qint64 m_metadataMs = 0;
    PrometheusServer::FlightPtr m_metadataFlight;
};

/// One thing that could be written at a spot.
struct PromqlOffer
{
    QString text;  ///< as it is listed
    QString about; ///< "function", "counter: Requests served."
    QString write; ///< what replaces the spot's word; a cursor belongs behind it
};

/// What to propose there, best first.
[[nodiscard]] std::vector<PromqlOffer> offersAt(const PromqlSpot& spot, ServerNames& names, int atMost = 40);

} // namespace wk::monitoring
