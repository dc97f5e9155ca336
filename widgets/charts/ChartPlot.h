// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"
#include "widgets/charts/ChartMarks.h"

#include <QtCharts/QChartView>
#include <QtCore/QSet>

class QValueAxis;

namespace wk::widgets {

class ChartLines;

/// The picture of a chart: lines by QtCharts, over them what ChartPaint draws. Drag marks a range to zoom into, Shift
/// and drag (or the middle button) moves, Ctrl and the wheel zooms about the pointer, a double click zooms out. With
/// the keyboard: Left and Right walk from value to value, Home and End to the ends, + and - zoom, Shift+Left and
/// Shift+Right move, M and Shift+M go from mark to mark, Enter (or a click) opens what is marked, Esc leaves; what is
/// under the crosshair is its accessible description.
class ChartPlot : public QChartView
{
    Q_OBJECT
public:
    explicit ChartPlot(series::TimeRangeModel& range, QWidget* parent = nullptr);
    ~ChartPlot() override;

    void setContent(const ChartContent& content);
    [[nodiscard]] const ChartContent& content() const { return m_content; }
    /// Other marks on the same values.
    void setMarks(const std::vector<ChartMark>& marks);
    /// Ids of the series that are switched off.
    void setHidden(const QSet<QString>& ids);
    /// The id of the series that stands out; empty: none.
    void setHighlighted(const QString& id);
    /// Shows every chart of a panel at the same instant; nullopt: none.
    void setCrosshair(std::optional<qint64> atMs);
    [[nodiscard]] std::optional<qint64> crosshair() const { return m_crosshair; }
    [[nodiscard]] ChartReadout readout() const;

    /// Works out scales and lines again, for the range as of now.
    void rebuild();
    [[nodiscard]] const ChartFrame& frame() const { return m_frame; }
    [[nodiscard]] const ChartMarks& marks() const { return m_marks; }
    /// Points handed to QtCharts, for measurements.
    [[nodiscard]] size_t drawnPoints() const { return m_points; }

signals:
    void crosshairMoved(std::optional<qint64> atMs);
    void markActivated(const wk::series::Mark& mark);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] std::vector<size_t> shown() const;
    [[nodiscard]] std::pair<double, double> scaleOf(double low, double high, bool any) const;
    void moveCrosshair(std::optional<qint64> atMs);
    void walkMarks(int direction);
    /// One mark is opened; of several the person chooses.
    void openMarks(const std::vector<const ChartMark*>& marks, const QPointF& at);
    void offer(const std::vector<const ChartMark*>& marks, const QPointF& at);

    series::TimeRangeModel& m_range;
    ChartContent m_content;
    QSet<QString> m_hidden;
    QString m_highlighted;
    ChartFrame m_frame;
    ChartMarks m_marks; ///< of m_content in m_frame
    std::vector<std::unique_ptr<ChartLines>> m_lines;
    QValueAxis *m_across, *m_up;
    std::optional<qint64> m_crosshair;
    enum class Drag { None, Select, Move } m_drag = Drag::None;
    qint64 m_dragFrom = 0, m_dragTo = 0;
    series::TimeRange m_dragRange = series::TimeRange::last(3'600'000);
    size_t m_points = 0;
};

} // namespace wk::widgets
