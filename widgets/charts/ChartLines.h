// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Decimate.h"

#include <QtCore/QList>
#include <QtGui/QColor>

#include <memory>

class QAbstractAxis;
class QAbstractSeries;
class QChart;
class QLineSeries;
class QScatterSeries;

namespace wk::widgets {

/// The line of one series in a QChart: a QLineSeries for each unbroken run (QtCharts draws no gaps by itself), and dots
/// for values that stand alone. What was made once is used again.
class ChartLines
{
public:
    struct Look
    {
        QColor color;
        bool dashed = false;
        bool strong = false; ///< pointed at in the legend
    };

    /// Both axes belong to the chart, which outlives this.
    ChartLines(QChart& chart, QAbstractAxis& across, QAbstractAxis& up);
    ~ChartLines();
    ChartLines(const ChartLines&) = delete;
    ChartLines& operator=(const ChartLines&) = delete;

    void show(const series::Drawn& drawn, const Look& look);
    void hide();

private:
    QLineSeries* line(qsizetype index);
    void attach(QAbstractSeries* series);

    QChart& m_chart;
    QAbstractAxis &m_across, &m_up;
    QList<QLineSeries*> m_lines;
    QScatterSeries* m_dots = nullptr;
};

} // namespace wk::widgets
