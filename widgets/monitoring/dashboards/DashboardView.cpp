// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/dashboards/DashboardView.h"

#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/charts/MarkBar.h"
#include "widgets/monitoring/dashboards/PanelChart.h"

#include <QtWidgets/QGridLayout>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

DashboardView::DashboardView(const Means& means, QWidget* parent)
    : QWidget(parent), m_means(means), m_bar(new MarkBar(m_means.range, this)), m_scroll(new QScrollArea(this)),
      m_page(new QWidget), m_grid(new QGridLayout(m_page))
{
    m_scroll->setObjectName(u"dashboardScroll"_s);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_page);
    m_page->setBackgroundRole(QPalette::Base);
    m_page->setAutoFillBackground(true);
    m_grid->setContentsMargins(16, 8, 16, 16);
    m_grid->setHorizontalSpacing(24);
    m_grid->setVerticalSpacing(16);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 16, 0);
    bar->addWidget(m_bar);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_scroll, 1);
    m_bar->setBoard(m_means.marks);
}

void DashboardView::setPlan(const monitoring::DashboardPlan& plan)
{
    qDeleteAll(std::exchange(m_charts, {}));
    for (const monitoring::PanelPlan& panel : plan.panels) {
        auto* made =
            new PanelChart(m_means.server, panel, m_means.source, m_means.range, m_means.files, m_means.clock, m_page);
        made->setMinimumHeight(chartHeight);
        made->setMaximumHeight(mostHeight);
        made->chart()->setMarks(m_means.marks, false);
        m_charts += made;
        connect(made, &PanelChart::queryRequested, this, &DashboardView::queryRequested);
        // One crosshair for all: what happened at that moment elsewhere is the question.
        connect(made->chart(), &Chart::crosshairMoved, this, [this, made](std::optional<qint64> at) {
            for (PanelChart* each : std::as_const(m_charts)) {
                if (each != made)
                    each->chart()->plot()->setCrosshair(at);
            }
        });
    }
    m_columns = 0;
    arrange();
}

void DashboardView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void DashboardView::arrange()
{
    const int room = width() - 32;
    const int columns = std::clamp(room / (leastChartWidth + m_grid->horizontalSpacing()), 1, 3);
    if (columns == m_columns)
        return;
    m_columns = columns;
    // The last row shares its width among the charts that it has, and rows grow where there is height to spare: no
    // corner stays empty.
    const int count = int(m_charts.size()), rows = (count + columns - 1) / columns;
    for (int i = 0; i < count; ++i) {
        const int row = i / columns;
        const int inRow = row == rows - 1 ? count - row * columns : columns, span = units / inRow;
        m_grid->addWidget(m_charts[i], row, (i % columns) * span, 1, span);
    }
    for (int i = 0; i < units; ++i)
        m_grid->setColumnStretch(i, 1);
    for (int i = 0; i <= count; ++i)
        m_grid->setRowStretch(i, i < rows ? 100 : i == rows ? 1 : 0);
}

} // namespace wk::widgets
