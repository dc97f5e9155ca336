// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Ticks.h"
#include "widgets/charts/ChartReadout.h"
#include "widgets/common/Theme.h"

#include <QtCore/QRectF>

class QPainter;

namespace wk::widgets {

/// Where things are in a chart: a region of time and value, and the rectangle that shows it.
struct ChartFrame
{
    QRectF plot; ///< device-independent pixels
    qint64 fromMs = 0, toMs = 1;
    series::ValueTicks up;
    std::vector<series::TimeTick> across;

    [[nodiscard]] double x(double atMs) const
    {
        return plot.left() + plot.width() * (atMs - double(fromMs)) / double(toMs - fromMs);
    }
    [[nodiscard]] double y(double value) const
    {
        return plot.bottom() - plot.height() * (value - up.low) / (up.high - up.low);
    }
    [[nodiscard]] qint64 instant(double x) const
    {
        return fromMs + qint64((x - plot.left()) / std::max(1., plot.width()) * double(toMs - fromMs));
    }
};

/// Works out the scales, and the room that their labels need, for a chart of this size.
[[nodiscard]] ChartFrame chartFrame(const QSizeF& size, const Theme& theme, qint64 fromMs, qint64 toMs, double low,
                                    double high, series::Unit unit, bool honestZero, const QTimeZone& zone);

/// Everything of a chart but its lines, in the theme's colours.
class ChartPaint
{
public:
    ChartPaint(QPainter& painter, const ChartFrame& frame, const Theme& theme)
        : m_painter(painter), m_frame(frame), m_theme(theme)
    {
    }

    void bands(const std::vector<ChartBand>& bands);
    void axes(const QTimeZone& zone);
    /// The lines' names of bands, above the series; those that the scale does not reach are named at its end.
    void bandNames(const std::vector<ChartBand>& bands);
    void crosshair(const ChartReadout& readout);
    void selection(qint64 fromMs, qint64 toMs);

private:
    struct BandEdge
    {
        double value;
        bool above; ///< the band lies above its edge
    };
    [[nodiscard]] static std::optional<BandEdge> edgeOf(const ChartBand& band);

    QPainter& m_painter;
    const ChartFrame& m_frame;
    const Theme& m_theme;
};

} // namespace wk::widgets
