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

QList<OverviewRow::Content> contentsOf(const QList<PulseLine>& lines, qsizetype most)
{
    QList<OverviewRow::Content> out;
    for (const PulseLine& line : lines.first(std::min(most, lines.size())))
        out.append(line.content);
    return out;
}

} // namespace

PulseView::PulseView(std::shared_ptr<monitoring::Pulse> pulse, QWidget* parent)
    : QWidget(parent), m_pulse(std::move(pulse)), m_top(new QBoxLayout(QBoxLayout::TopToBottom)),
      m_counts(new QWidget(this)), m_figures(new QWidget(this)), m_grid(new QGridLayout(m_figures)),
      m_alerts(new RowSection(u"tileAlerts"_s, {}, this)),
      m_budgets(new RowSection(u"tileBudgets"_s, tr("Error budgets left in this month"), this)),
      m_origin(new QLabel(this))
{
    build();
    const auto lead = [this](RowSection* section, QList<PulseLine> PulseText::*lines) {
        connect(section, &RowSection::activated, this, [this, lines](int row) {
            if (row < (m_text.*lines).size())
                follow((m_text.*lines)[row].link);
        });
    };
    lead(m_alerts, &PulseText::alerts);
    lead(m_budgets, &PulseText::budgets);
    arrange();
    refresh();
}

void PulseView::build()
{
    auto* counts = new QHBoxLayout(m_counts);
    counts->setContentsMargins(0, 0, 0, 0);
    counts->setSpacing(4);
    counts->addStretch(1);
    m_counts->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_top->setSpacing(0);
    m_top->addWidget(m_counts);
    m_top->addWidget(m_alerts, 1);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(0);
    for (size_t i = 0; i < monitoring::goldenSignals.size(); ++i) {
        auto* button = new SignalButton(m_figures);
        button->setObjectName(u"tileSignal%1"_s.arg(i));
        connect(button, &QAbstractButton::clicked, this, [this, button] {
            if (const QString page = dashboardOf(button->figure().metric, *m_pulse); !page.isEmpty())
                follow({page, {}});
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
    column->addLayout(m_top);
    column->addWidget(m_figures);
    column->addWidget(m_origin);
    column->addWidget(m_budgets);
}

void PulseView::follow(const PulseLink& link) { emit pageRequested(link.page, link.filter); }

void PulseView::setRoom(TileRoom room)
{
    if (m_room == room)
        return;
    m_room = room;
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
    showCounts();
    showRows();
    QStringList lines{m_text.why.isEmpty() ? m_text.origin : m_text.why};
    if (!m_text.alertsNote.isEmpty() && m_pulse->alertSource()->heardAt() > 0)
        lines << m_text.alertsNote; // it was there, and is away
    // What is as it should be is in the figures' tooltips, too.
    const bool wrong = !m_text.why.isEmpty() || m_pulse->error() || m_pulse->asOfMs() == 0 || lines.size() > 1;
    m_origin->setVisible(wrong || m_room == TileRoom::Full);
    m_origin->setText(lines.join(u'\n'));
    m_origin->setToolTip(m_pulse->source().reason());
}

void PulseView::showCounts()
{
    while (m_countButtons.size() > m_text.counts.size())
        delete m_countButtons.takeLast();
    while (m_countButtons.size() < m_text.counts.size()) {
        auto* button = new CountButton(m_counts);
        const qsizetype index = m_countButtons.size();
        button->setObjectName(u"tileCount%1"_s.arg(index));
        connect(button, &QAbstractButton::clicked, this, [this, index] { follow(m_text.counts.value(index).link); });
        static_cast<QBoxLayout*>(m_counts->layout())->insertWidget(int(index), button);
        m_countButtons << button;
    }
    for (qsizetype i = 0; i < m_countButtons.size(); ++i)
        m_countButtons[i]->setContent(m_text.counts[i].content);
}

void PulseView::showRows()
{
    const int columns = width() >= 620 ? 2 : 1;
    const bool beside = m_room == TileRoom::Brief && width() >= 520;
    m_top->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    const qsizetype alerts = m_room == TileRoom::Full ? maxPulseAlerts + 1 : m_room == TileRoom::Brief ? 1 : 0;
    m_alerts->setRows(contentsOf(m_text.alerts, alerts), 1);
    // The worst of them stands for all where there is little room.
    const qsizetype budgets = m_room == TileRoom::Full ? maxPulseBudgets : m_room == TileRoom::Brief ? columns : 1;
    QList<OverviewRow::Content> rows = contentsOf(m_text.budgets, budgets);
    if (m_room == TileRoom::Tight && !rows.isEmpty() && rows.first().detail.isEmpty())
        rows.first().detail =
            m_text.budgets.size() > 1 ? tr("least error budget of %1").arg(m_text.budgets.size()) : tr("error budget");
    m_budgets->setRows(rows, columns);
    m_budgets->setTitleVisible(m_room != TileRoom::Tight);
}

void PulseView::arrange()
{
    const int columns = width() >= 400 ? 4 : 2;
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
    showRows();
}

} // namespace wk::widgets
