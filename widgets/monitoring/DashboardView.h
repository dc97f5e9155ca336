// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/DashboardPlan.h"
#include "monitoring/PrometheusServer.h"
#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

class QGridLayout;
class QScrollArea;

namespace wk::widgets {

class FileDialogs;
class PanelChart;

/// One dashboard: its panels as charts, in as many columns as the width allows, all at one time range and under one
/// crosshair.
class DashboardView : public QWidget
{
    Q_OBJECT
public:
    static constexpr int leastChartWidth = 360, chartHeight = 260;

    /// Outlive it.
    struct Means
    {
        monitoring::PrometheusServer& server;
        QString source; ///< the server's name, as sentences say it
        series::TimeRangeModel& range;
        FileDialogs& files;
        Clock& clock;
    };

    explicit DashboardView(const Means& means, QWidget* parent = nullptr);

    void setPlan(const monitoring::DashboardPlan& plan);
    [[nodiscard]] const QList<PanelChart*>& charts() const { return m_charts; }

signals:
    void queryRequested(const QString& promql);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    Means m_means;
    QScrollArea* m_scroll;
    QWidget* m_page;
    QGridLayout* m_grid;
    QList<PanelChart*> m_charts;
    int m_columns = 0;
};

} // namespace wk::widgets
