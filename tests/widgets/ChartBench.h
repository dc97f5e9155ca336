// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ChartExamples.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"

#include <QtCore/QCoreApplication>
#include <QtWidgets/QToolButton>

namespace wk::test {

using namespace Qt::StringLiterals;

inline constexpr qint64 hour = 3'600'000;

/// A chart that is shown, six hours of it.
struct ChartBench
{
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(exampleNowMs);
    series::TimeRangeModel range{clock, series::TimeRange::last(6 * hour)};
    OneFile files;
    widgets::Chart chart{range, files};

    explicit ChartBench(widgets::ChartContent content)
    {
        chart.setContent(std::move(content));
        chart.resize(800, 320);
        chart.show();
        QCoreApplication::processEvents();
    }
    [[nodiscard]] widgets::ChartPlot& plot() { return *chart.plot(); }
    [[nodiscard]] QPoint at(qint64 ms)
    {
        return QPoint(int(plot().frame().x(double(ms))), int(plot().frame().plot.center().y()));
    }
    [[nodiscard]] QList<QToolButton*> legend() { return chart.findChildren<QToolButton*>(u"chartSeries"_s); }
};

/// Whether a pixel of (nearly) this colour is in a picture's region.
inline bool hasColor(const QImage& image, const QRect& region, const QColor& color)
{
    for (int y = region.top(); y <= region.bottom(); ++y) {
        for (int x = region.left(); x <= region.right(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) +
                    std::abs(pixel.blue() - color.blue()) <
                24)
                return true;
        }
    }
    return false;
}

} // namespace wk::test
