// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/prometheus/PrometheusServer.h"
#include "series/MarkBoard.h"
#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

class QGridLayout;
class QScrollArea;

namespace wk::widgets {

class FileDialogs;
class MarkBar;
class PanelChart;

/// One dashboard: its panels as charts, in as many columns as the width allows, all at one time range, under one
/// crosshair and with the same marks.
class DashboardView : public QWidget
{
    Q_OBJECT
public:
    static constexpr int leastChartWidth = 360, chartHeight = 260, mostHeight = 440;

    /// Outlive it.
    struct Means
    {
        monitoring::PrometheusServer& server;
        QString source; ///< the server's name, as sentences say it
        series::TimeRangeModel& range;
        FileDialogs& files;
        Clock& clock;
        std::shared_ptr<series::MarkBoard> marks = {}; ///< what happened beside the figures
    };

    explicit DashboardView(const Means& means, QWidget* parent = nullptr);

    void setPlan(const monitoring::DashboardPlan& plan);
    [[nodiscard]] const QList<PanelChart*>& charts() const { return m_charts; }

signals:
    void queryRequested(const QString& promql);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    static constexpr int units = 6; ///< of a row's width: one, two or three charts share them

    void arrange();

    Means m_means;
    MarkBar* m_bar;
    QScrollArea* m_scroll;
    QWidget* m_page;
    QGridLayout* m_grid;
    QList<PanelChart*> m_charts;
    int m_columns = 0;
};

} // namespace wk::widgets
