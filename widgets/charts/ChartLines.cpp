// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartLines.h"

#include <QtCharts/QAbstractAxis>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <QtGui/QPen>

namespace wk::widgets {

ChartLines::ChartLines(QChart& chart, QAbstractAxis& across, QAbstractAxis& up)
    : m_chart(chart), m_across(across), m_up(up)
{
}

ChartLines::~ChartLines()
{
    for (QLineSeries* line : std::as_const(m_lines)) {
        m_chart.removeSeries(line);
        delete line;
    }
    if (m_dots) {
        m_chart.removeSeries(m_dots);
        delete m_dots;
    }
}

void ChartLines::attach(QAbstractSeries* series)
{
    m_chart.addSeries(series);
    series->attachAxis(&m_across);
    series->attachAxis(&m_up);
}

QLineSeries* ChartLines::line(qsizetype index)
{
    while (m_lines.size() <= index) {
        auto* line = new QLineSeries;
        attach(line);
        m_lines.append(line);
    }
    return m_lines[index];
}

void ChartLines::show(const series::Drawn& drawn, const Look& look)
{
    QPen pen(look.color, look.strong ? 2.5 : 1.5);
    pen.setCosmetic(true);
    pen.setJoinStyle(Qt::RoundJoin);
    if (look.dashed)
        pen.setStyle(Qt::DashLine);
    qsizetype used = 0;
    QList<QPointF> dots, points;
    for (const auto& run : drawn.runs) {
        if (run.size() == 1) {
            dots.append({run[0].at, run[0].value});
            continue;
        }
        points.clear();
        points.reserve(qsizetype(run.size()));
        for (const series::Point& point : run)
            points.append({point.at, point.value});
        QLineSeries* each = line(used++);
        each->setPen(pen);
        each->replace(points);
        each->setVisible(true);
    }
    for (qsizetype i = used; i < m_lines.size(); ++i)
        m_lines[i]->setVisible(false);
    if (!m_dots && !dots.isEmpty()) {
        m_dots = new QScatterSeries;
        attach(m_dots);
    }
    if (m_dots) {
        m_dots->setColor(look.color);
        m_dots->setBorderColor(look.color);
        m_dots->setMarkerSize(look.strong ? 5 : 4);
        m_dots->replace(dots);
        m_dots->setVisible(!dots.isEmpty());
    }
}

void ChartLines::hide() { show({}, {}); }

} // namespace wk::widgets
