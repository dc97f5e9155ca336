// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertSource.h"
#include "monitoring/metrics/MetricCatalog.h"
#include "monitoring/probes/ProbeSource.h"
#include "monitoring/prometheus/ServerSource.h"
#include "series/MarkBoard.h"

#include <QtWidgets/QWidget>

class QTabBar;

namespace wk::widgets {

/// Where one looks: one platform, and what there is to be asked about it.
struct MonitoringPlace
{
    QString title; ///< "StreamGate"
    std::shared_ptr<const platform::Platform> platform;
    std::shared_ptr<monitoring::ServerSource> source;
    std::shared_ptr<const monitoring::MetricCatalog> catalog; ///< with the platform's own metrics
    /// Whether its services answer; asked while somebody wants to know.
    std::shared_ptr<monitoring::ProbeSource> probes = {};
    /// What its Alertmanager has; asked while somebody watches.
    std::shared_ptr<monitoring::AlertSource> alerts = {};
    QString cluster = {}; ///< of the place, by its name in the platform file
    /// What happened there beside the figures; asked while a chart is seen.
    std::shared_ptr<series::MarkBoard> marks = {};
    bool operator==(const MonitoringPlace&) const = default;
};

/// A page of the monitoring panel beside the dashboards. Made when it is first opened.
class MonitoringPage : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Whether it shows nothing without the place's Prometheus: the panel then says itself that it is looked for, or
    /// why there is none, and the page is only shown where `place.source` has found it.
    [[nodiscard]] virtual bool needsServer() const { return true; }
    /// Whether the time range above the pages is its, too.
    [[nodiscard]] virtual bool usesRange() const { return false; }
    /// What it has several of, side by side: dashboards, lists, ways to show an answer. Null where it is one thing.
    [[nodiscard]] virtual QTabBar* lists() const { return nullptr; }
    /// Called before it is shown, and whenever the place or the server of the place is another one. A page asks nothing
    /// while it is hidden.
    virtual void setPlace(const MonitoringPlace& place) = 0;
};

} // namespace wk::widgets
