// SPDX-License-Identifier: GPL-3.0-or-later
// What a DataTable shows: rows, or why there are none.
#include "widgets/common/DataTable.h"

#include "table/CellText.h"
#include "table/TableModel.h"
#include "widgets/common/CellDelegate.h"
#include "widgets/common/FilterBar.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"

#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QToolButton>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using table::Freshness;

void DataTable::refreshCounts()
{
    using S = Freshness::State;
    const S state = m_model->freshness().state;
    const bool known =
        m_model->source() && state != S::Idle && state != S::Loading && state != S::Failed && state != S::Unavailable;
    if (known || m_model->totalCount() > 0)
        m_filter->setCounts(m_model->rowCount(), m_model->totalCount(), m_model->isArranging());
    else
        m_filter->setNoCounts();
}

void DataTable::refreshState()
{
    const Freshness freshness = m_model->freshness();
    const qint64 now = m_clock->nowMs();
    const bool hasRows = m_model->totalCount() > 0;
    m_freshness->setFreshness(freshness, now);
    const bool keptEmpty = freshness.state == Freshness::State::Stale && freshness.asOfMs > 0;
    m_banner->setFreshness(hasRows || keptEmpty ? freshness : Freshness{}, now);
    // The banner says the same in full.
    m_freshness->setVisible(m_model->source() != nullptr && m_banner->isHidden());
    const bool stale = freshness.state == Freshness::State::Stale || freshness.state == Freshness::State::Failed;
    if (m_view->cells()->setStale(stale))
        m_view->repaintCells();
    m_exportButton->setEnabled(hasRows);
    m_exportButton->setToolTip(hasRows ? tr("Export these rows as CSV") : tr("There are no rows to export"));
    if (hasRows && (m_model->rowCount() > 0 || m_model->isArranging())) {
        // A filter that has lost all rows for a moment must not take the focus out of the table.
        m_stack->setCurrentWidget(m_view);
    } else {
        showStateFor(freshness);
        m_stack->setCurrentWidget(m_state);
    }
}

void DataTable::showStateFor(const Freshness& freshness)
{
    using S = Freshness::State;
    const Error unknown{Error::Kind::Network, tr("The reason was not given"), {}, {}};
    const Error error = freshness.error.value_or(unknown);
    if (m_model->totalCount() > 0) {
        m_state->showFilteredEmpty(
            tr("No row passes the filter"),
            tr("None of %1 matches \"%2\"").arg(table::rowsText(m_model->totalCount()), m_filter->text().trimmed()),
            tr("Clear the filter"));
        return;
    }
    const QString loading = m_loadingText.isEmpty() ? tr("Loading") : m_loadingText;
    switch (m_model->source() ? freshness.state : S::Live) {
    case S::Idle:
    case S::Loading: m_state->showLoading(loading); return;
    case S::Live:
        if (m_model->isArranging())
            m_state->showLoading(loading);
        else
            m_state->showEmpty(m_emptyTitle, m_emptyHint, m_emptyAction);
        return;
    case S::Reconnecting:
        if (freshness.asOfMs > 0)
            m_state->showEmpty(m_emptyTitle, m_emptyHint, m_emptyAction);
        else
            m_state->showLoading(tr("Reconnecting"));
        return;
    case S::Stale:
        if (freshness.asOfMs > 0)
            m_state->showEmpty(m_emptyTitle, m_emptyHint, m_emptyAction);
        else
            m_state->showFailed(tr("%1 could not be loaded").arg(m_subject), error, tr("Try again"), m_helpText);
        return;
    case S::Failed:
        m_state->showFailed(tr("%1 could not be loaded").arg(m_subject), error, tr("Try again"), m_helpText);
        return;
    case S::Unavailable: m_state->showUnavailable(tr("%1 cannot be shown").arg(m_subject), error, m_helpText); return;
    }
}

void DataTable::onTick()
{
    const qint64 now = m_clock->nowMs();
    const Freshness freshness = m_model->freshness();
    m_freshness->setFreshness(freshness, now);
    if (m_banner->isVisible())
        m_banner->setFreshness(freshness, now);
    // Ages move by minutes; every ten seconds is soon enough, and every thirty for rows that a filter by age lets go.
    if (++m_ticks % 2 == 0)
        m_view->repaintCells();
    if (m_ticks % 6 == 0)
        m_model->refreshTime();
}

} // namespace wk::widgets
