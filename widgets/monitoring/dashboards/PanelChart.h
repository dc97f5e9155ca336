// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/PanelFeed.h"
#include "monitoring/prometheus/DataProbe.h"
#include "series/TimeRangeModel.h"
#include "widgets/charts/ChartContent.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

class Chart;
class FileDialogs;

/// A dashboard's panel as a chart needs it: its series named by the labels that tell them apart, in base units, its
/// limits as bands. Nothing is copied but the names.
[[nodiscard]] ChartContent chartOf(const monitoring::PanelFeed& feed, const QString& source);

/// One panel of a dashboard: asks while it is visible, follows the shared range, draws.
class PanelChart : public QWidget
{
    Q_OBJECT
public:
    /// How often a chart that follows the clock asks again, at least; else once for each of its steps.
    static constexpr qint64 refreshMs = 15'000;

    /// All outlive it. `source` names the server.
    PanelChart(monitoring::PrometheusServer& server, const monitoring::PanelPlan& plan, const QString& source,
               series::TimeRangeModel& range, FileDialogs& files, Clock& clock, QWidget* parent = nullptr);

    [[nodiscard]] Chart* chart() const { return m_chart; }
    [[nodiscard]] const monitoring::PanelFeed& feed() const { return m_feed; }

signals:
    void queryRequested(const QString& promql);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void ask();
    void askSoon(qint64 ms);
    void refresh();
    void showNothing();
    void explain();

    monitoring::PanelFeed m_feed;
    monitoring::DataProbe m_probe; ///< says why there is nothing
    QString m_why;                 ///< what it said; empty: not asked since there was something
    QString m_source;
    series::TimeRangeModel& m_range;
    Clock& m_clock;
    Chart* m_chart;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::widgets
