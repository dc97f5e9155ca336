// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/PulseView.h"

#include "widgets/overview/RowSection.h"
#include "widgets/overview/SignalButton.h"

#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

QList<OverviewRow::Content> contentsOf(const QList<PulseLine>& lines)
{
    QList<OverviewRow::Content> out;
    for (const PulseLine& line : lines)
        out.append(line.content);
    return out;
}

} // namespace

PulseView::PulseView(std::shared_ptr<monitoring::Pulse> pulse, QWidget* parent)
    : QWidget(parent), m_pulse(std::move(pulse)), m_figures(new QWidget(this)), m_grid(new QGridLayout(m_figures)),
      m_alerts(new RowSection(u"tileAlerts"_s, {}, this)),
      m_budgets(new RowSection(u"tileBudgets"_s, tr("Error budgets left in this month"), this)),
      m_origin(new QLabel(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(0);
    for (size_t i = 0; i < monitoring::goldenSignals.size(); ++i) {
        auto* button = new SignalButton(m_figures);
        button->setObjectName(u"tileSignal%1"_s.arg(i));
        connect(button, &QAbstractButton::clicked, this, [this, button] {
            if (const QString page = dashboardOf(button->figure().metric, *m_pulse); !page.isEmpty())
                emit pageRequested(page);
        });
        m_signals.append(button);
    }
    m_origin->setObjectName(u"tileOrigin"_s);
    m_origin->setTextFormat(Qt::PlainText);
    m_origin->setFont(Theme::of(this).font(Theme::Role::Small));
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_origin->setWordWrap(true);
    m_origin->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    m_origin->setAccessibleName(tr("Where the figures come from"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_alerts);
    column->addWidget(m_figures);
    column->addWidget(m_origin);
    column->addWidget(m_budgets);
    const auto follow = [this](RowSection* section, QList<PulseLine> PulseText::*lines) {
        connect(section, &RowSection::activated, this, [this, lines](int row) {
            if (row < (m_text.*lines).size())
                emit pageRequested((m_text.*lines)[row].page);
        });
    };
    follow(m_alerts, &PulseText::alerts);
    follow(m_budgets, &PulseText::budgets);
    arrange();
    refresh();
}

void PulseView::refresh()
{
    m_text = pulseText(*m_pulse);
    const auto figures = m_pulse->figures();
    const QString origin = m_pulse->source().name();
    for (qsizetype i = 0; i < m_signals.size() && size_t(i) < figures.size(); ++i)
        m_signals[i]->setFigure(figures[size_t(i)], origin);
    m_figures->setVisible(m_text.why.isEmpty());
    m_alerts->setRows(contentsOf(m_text.alerts), 1);
    m_budgets->setRows(contentsOf(m_text.budgets), width() >= 620 ? 2 : 1);
    m_origin->setText(m_text.why.isEmpty() ? m_text.origin : m_text.why);
    m_origin->setToolTip(m_pulse->source().reason());
}

void PulseView::arrange()
{
    const int columns = width() >= 520 ? 4 : 2;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (qsizetype i = 0; i < m_signals.size(); ++i)
        m_grid->addWidget(m_signals[i], int(i) / columns, int(i) % columns);
    for (int c = 0; c < 4; ++c)
        m_grid->setColumnStretch(c, c < columns ? 1 : 0);
}

void PulseView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
    m_budgets->setRows(contentsOf(m_text.budgets), width() >= 620 ? 2 : 1);
}

} // namespace wk::widgets
