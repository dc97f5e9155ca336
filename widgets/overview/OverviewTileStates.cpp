// SPDX-License-Identifier: GPL-3.0-or-later
// What a tile shows of itself: all, what there is room for, or why there is nothing.
#include "widgets/overview/OverviewTile.h"

#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/overview/PulseView.h"
#include "widgets/overview/RowSection.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Freshness;

TileRoom OverviewTile::room() const { return m_more->isChecked() ? TileRoom::Full : m_room; }

void OverviewTile::setRoom(TileRoom room)
{
    if (m_room == room)
        return;
    m_room = room;
    applyRoom();
}

void OverviewTile::setExpanded(bool expanded) { m_more->setChecked(expanded); }

void OverviewTile::applyRoom()
{
    const bool all = m_more->isChecked();
    m_more->setVisible(m_room != TileRoom::Full && m_entry.overview);
    m_more->setIcon(icon(all ? u"minus"_s : u"plus"_s));
    m_more->setToolTip(all ? tr("Show what can be told at a glance")
                           : tr("Show everything: services, warnings, all alerts and budgets"));
    m_more->setAccessibleName(m_more->toolTip());
    if (m_pulse)
        m_pulse->setRoom(room());
    refresh();
}

void OverviewTile::showHealth()
{
    m_healthLines = m_entry.probes ? healthLines(*m_entry.probes, m_clock->nowMs()) : QList<PulseLine>();
    QList<OverviewRow::Content> rows;
    for (const PulseLine& line : std::as_const(m_healthLines))
        rows.append(line.content);
    m_probes->setRows(rows, 1);
}

/// Where there is little room the verdict keeps to one line.
void OverviewTile::fitVerdict()
{
    const bool oneLine = room() != TileRoom::Full;
    const int most = width() - 80; // without the icon and the space around
    m_verdict->setWordWrap(!oneLine);
    m_verdict->setText(oneLine && most > 0 ? m_verdict->fontMetrics().elidedText(m_said, Qt::ElideRight, most)
                                           : m_said);
    m_verdict->setToolTip(m_verdict->text() == m_said ? QString() : m_said);
    m_verdict->setAccessibleName(m_said);
}

void OverviewTile::showState()
{
    m_body->hide();
    m_state->show();
    if (!m_entry.overview) {
        m_state->showEmpty(m_entry.problem, m_entry.remedy, m_entry.action);
        return;
    }
    const Freshness freshness = m_entry.overview->freshness();
    using State = Freshness::State;
    std::optional<Error> error = freshness.error;
    if (!error && m_entry.cluster)
        error = m_entry.cluster->state().error;
    if (freshness.state == State::Failed && error)
        m_state->showFailed(tr("%1 cannot be reached").arg(m_entry.title), *error, tr("Explain"));
    else if (freshness.state == State::Unavailable && error)
        m_state->showUnavailable(tr("%1 shows nothing to this user").arg(m_entry.title), *error);
    else
        m_state->showLoading(m_entry.cluster ? tr("Connecting to %1").arg(m_entry.cluster->name()) : tr("Connecting"));
}

void OverviewTile::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    if (!m_entry.overview || m_body->isHidden())
        return;
    if (m_columns != serviceColumns())
        showBody();
    else
        fitVerdict();
}

void OverviewTile::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (m_entry.probes)
        m_wanted = m_entry.probes->want();
}

void OverviewTile::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    m_wanted.reset();
}

} // namespace wk::widgets
