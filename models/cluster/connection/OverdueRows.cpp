// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/OverdueRows.h"

#include "cluster/render/Health.h"

namespace wk::cluster {

OverdueRows::OverdueRows(Clock& clock, QObject* context, std::function<void(const table::RowPtr&)> judgeAnew)
    : m_clock(clock), m_context(context), m_judgeAnew(std::move(judgeAnew))
{
}

void OverdueRows::setColumns(const table::Columns& columns)
{
    m_columns = columns;
    m_column = table::indexOfColumn(columns, u"deletion-deadline");
    m_dying.clear();
    m_timer.reset();
}

const table::Instant* OverdueRows::deadline(const table::Row& row) const
{
    return m_column < 0 || size_t(m_column) >= row.cells.size()
               ? nullptr
               : std::get_if<table::Instant>(&row.cells[size_t(m_column)]);
}

void OverdueRows::note(const table::RowPtr& before, const table::RowPtr& after)
{
    if (m_column < 0)
        return;
    if (after && deadline(*after)) {
        m_dying.insert_or_assign(after->id, after);
        const qint64 now = m_clock.nowMs();
        arm(std::clamp(deadline(*after)->ms + patienceMs + 1, now, now + repeatMs));
    } else if (!m_dying.empty()) {
        m_dying.erase((after ? after : before)->id);
    }
}

table::RowPtr OverdueRows::judged(const table::RowPtr& row) const
{
    const table::Instant* due = deadline(*row);
    if (!due || m_clock.nowMs() - due->ms <= patienceMs)
        return row;
    const render::HealthNow now = render::healthAt(m_columns, *row, m_clock.nowMs(), patienceMs);
    auto copy = std::make_shared<table::Row>(*row);
    copy->health = now.health;
    copy->reason = now.reason;
    return copy;
}

void OverdueRows::arm(qint64 atMs)
{
    if (m_timer && m_timerMs <= atMs)
        return;
    m_timerMs = atMs;
    m_timer = m_clock.after(m_context, std::max<qint64>(0, atMs - m_clock.nowMs()), [this] {
        m_timer.reset();
        judge();
    });
}

void OverdueRows::judge()
{
    const qint64 now = m_clock.nowMs();
    qint64 next = now + repeatMs;
    for (const auto& [id, row] : m_dying) {
        const qint64 due = deadline(*row)->ms + patienceMs;
        if (now > due)
            m_judgeAnew(row);
        else
            next = std::min(next, due + 1);
    }
    if (!m_dying.empty())
        arm(next);
}

} // namespace wk::cluster
