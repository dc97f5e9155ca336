// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QScrollArea>

namespace wk::widgets {

class ChartLegend;

/// A legend as high as it needs to be, but never so high that it takes the chart's place: beyond some rows it scrolls.
class LegendArea : public QScrollArea
{
    Q_OBJECT
public:
    static constexpr int mostRows = 3;

    /// Takes the legend.
    explicit LegendArea(ChartLegend* legend, QWidget* parent = nullptr);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] int rowHeight() const;
    void judgeBar();

    ChartLegend* m_legend;
};

} // namespace wk::widgets
