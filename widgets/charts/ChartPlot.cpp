// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartPlot.h"

#include "widgets/charts/ChartLines.h"

#include <QtCharts/QChart>
#include <QtCharts/QValueAxis>
#include <QtGui/QMouseEvent>
#include <QtWidgets/QStyle>

namespace wk::widgets {

using namespace Qt::StringLiterals;
namespace {

QChart* makeChart()
{
    auto* chart = new QChart;
    chart->legend()->hide();
    chart->setBackgroundVisible(false);
    chart->setMargins({});
    chart->setAnimationOptions(QChart::NoAnimation);
    return chart;
}

} // namespace

ChartPlot::ChartPlot(series::TimeRangeModel& range, QWidget* parent)
    : QChartView(makeChart(), parent), m_range(range), m_across(new QValueAxis(this)), m_up(new QValueAxis(this))
{
    for (QValueAxis* axis : {m_across, m_up}) {
        axis->setVisible(false); // ChartPaint draws them: round local times, names of bands
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
    }
    chart()->addAxis(m_across, Qt::AlignBottom);
    chart()->addAxis(m_up, Qt::AlignLeft);
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 90);
    setObjectName(u"chartPlot"_s);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setBackgroundRole(QPalette::NoRole);
    viewport()->setAutoFillBackground(false);
    connect(&m_range, &series::TimeRangeModel::changed, this, &ChartPlot::rebuild);
    rebuild();
}

ChartPlot::~ChartPlot()
{
    m_lines.clear(); // before the chart that they draw in
}

void ChartPlot::setContent(const ChartContent& content)
{
    m_content = content;
    setAccessibleName(content.title);
    rebuild();
}

void ChartPlot::setMarks(const std::vector<ChartMark>& marks)
{
    if (marks == m_content.marks)
        return;
    m_content.marks = marks;
    m_marks.arrange(m_content.marks, m_frame);
    setAccessibleDescription(readout().words());
    viewport()->update();
}

void ChartPlot::setHidden(const QSet<QString>& ids)
{
    m_hidden = ids;
    rebuild();
}

void ChartPlot::setHighlighted(const QString& id)
{
    if (id == m_highlighted)
        return;
    m_highlighted = id;
    rebuild();
}

std::vector<size_t> ChartPlot::shown() const
{
    std::vector<size_t> shown;
    for (size_t i = 0; i < m_content.series.size(); ++i) {
        if (!m_hidden.contains(m_content.series[i].id))
            shown.push_back(i);
    }
    return shown;
}

/// The values, and what of the bands is near enough that one wants to see how far away it is.
std::pair<double, double> ChartPlot::scaleOf(double low, double high, bool any) const
{
    if (!any)
        return {0, 1};
    const double span = std::max(high - (m_content.honestZero ? std::min(0., low) : low), std::abs(high) * 0.01);
    double top = high, bottom = low;
    for (const ChartBand& band : m_content.bands) {
        for (const auto& edge : {band.from, band.to}) {
            if (edge && *edge > high && *edge <= high + span)
                top = std::max(top, *edge);
            if (edge && *edge < low && *edge >= low - span)
                bottom = std::min(bottom, *edge);
        }
    }
    return {bottom, top};
}

void ChartPlot::rebuild()
{
    const Theme& theme = Theme::of(this);
    const qint64 from = m_range.fromMs(), to = m_range.toMs();
    const int pixels = std::max(50, viewport()->width());
    const auto visible = shown();
    std::vector<series::Drawn> drawn(m_content.series.size());
    double low = 0, high = 0;
    bool any = false;
    m_points = 0;
    for (const size_t index : visible) {
        const ChartSeries& each = m_content.series[index];
        if (!each.data)
            continue;
        drawn[index] = series::decimate(*each.data, from, to, pixels, gapOf(m_content, each));
        m_points += drawn[index].points();
        if (drawn[index].low > drawn[index].high)
            continue;
        low = any ? std::min(low, drawn[index].low) : drawn[index].low;
        high = any ? std::max(high, drawn[index].high) : drawn[index].high;
        any = true;
    }
    const auto [bottom, top] = scaleOf(low, high, any);
    m_frame = chartFrame(viewport()->size(), theme, from, to, bottom, top, m_content.unit, m_content.honestZero,
                         QTimeZone::systemTimeZone());
    m_marks.arrange(m_content.marks, m_frame);
    chart()->setPlotArea(m_frame.plot);
    m_across->setRange(double(m_frame.fromMs), double(m_frame.toMs));
    m_up->setRange(m_frame.up.low, m_frame.up.high);
    while (m_lines.size() < drawn.size())
        m_lines.push_back(std::make_unique<ChartLines>(*chart(), *m_across, *m_up));
    for (size_t i = 0; i < m_lines.size(); ++i) {
        if (i >= drawn.size() || drawn[i].isEmpty()) {
            m_lines[i]->hide();
            continue;
        }
        const ChartSeries& each = m_content.series[i];
        QColor color = theme.series(int(i));
        if (!m_highlighted.isEmpty() && each.id != m_highlighted)
            color.setAlphaF(0.3F);
        m_lines[i]->show(drawn[i], {color, each.dashed, each.id == m_highlighted});
    }
    resetCachedContent();
    viewport()->update();
}

ChartReadout ChartPlot::readout() const
{
    if (!m_crosshair)
        return {};
    const auto near = qint64(double(m_frame.toMs - m_frame.fromMs) / std::max(1., m_frame.plot.width()) * 5);
    return readoutAt(m_content, shown(), *m_crosshair, near);
}

void ChartPlot::setCrosshair(std::optional<qint64> atMs)
{
    if (atMs == m_crosshair)
        return;
    m_crosshair = atMs;
    setAccessibleDescription(readout().words());
    viewport()->update();
}

void ChartPlot::moveCrosshair(std::optional<qint64> atMs)
{
    if (atMs == m_crosshair)
        return;
    setCrosshair(atMs);
    emit crosshairMoved(atMs);
}

void ChartPlot::drawBackground(QPainter* painter, const QRectF&)
{
    const Theme& theme = Theme::of(this);
    painter->fillRect(QRectF(QPointF(), viewport()->size()), theme.color(Theme::Token::Surface));
    ChartPaint paint(*painter, m_frame, theme);
    paint.bands(m_content.bands);
    paint.axes(QTimeZone::systemTimeZone());
}

void ChartPlot::drawForeground(QPainter* painter, const QRectF&)
{
    const Theme& theme = Theme::of(this);
    ChartPaint paint(*painter, m_frame, theme);
    paint.bandNames(m_content.bands);
    m_marks.paint(*painter, m_frame, theme);
    if (m_drag == Drag::Select)
        paint.selection(m_dragFrom, m_dragTo);
    if (m_crosshair)
        paint.crosshair(readout());
    if (hasFocus()) {
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(theme.color(Theme::Token::Accent), 1));
        painter->drawRect(QRectF(QPointF(), viewport()->size()).adjusted(0, 0, -1, -1));
    }
}

void ChartPlot::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    rebuild();
}

void ChartPlot::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        rebuild();
}

} // namespace wk::widgets
