// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/LegendArea.h"

#include "widgets/charts/ChartLegend.h"

#include <QtCore/QEvent>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

LegendArea::LegendArea(ChartLegend* legend, QWidget* parent) : QScrollArea(parent), m_legend(legend)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setWidgetResizable(true);
    setWidget(m_legend);
    m_legend->setAutoFillBackground(false);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_legend, &ChartLegend::entered, this, [this](QWidget* entry) { ensureWidgetVisible(entry, 0, 0); });
}

int LegendArea::rowHeight() const { return m_legend->heightForWidth(QWIDGETSIZE_MAX); }

int LegendArea::heightForWidth(int width) const
{
    const int most = mostRows * rowHeight();
    if (m_legend->heightForWidth(width) <= most)
        return m_legend->heightForWidth(width);
    return most;
}

QSize LegendArea::minimumSizeHint() const { return {m_legend->minimumSizeHint().width(), rowHeight()}; }

/// A bar that comes takes width, which may make another row: it is there only where the legend without it is too high.
void LegendArea::judgeBar()
{
    const bool fits = m_legend->heightForWidth(width()) <= height();
    setVerticalScrollBarPolicy(fits ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAlwaysOn);
}

void LegendArea::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    judgeBar();
}

bool LegendArea::eventFilter(QObject* watched, QEvent* event)
{
    // Another content asks for another height.
    if (watched == m_legend && event->type() == QEvent::LayoutRequest) {
        updateGeometry();
        judgeBar();
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace wk::widgets
