// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a feed on their way to the GUI thread: decorated, gathered into batches, one under way at a time.
#include "cluster/connection/ReflectorFeedPart.h"

namespace wk::cluster {

using table::Freshness;

namespace {

constexpr qint64 loadingBatchMs = 250; ///< while the first list arrives, after the first rows

} // namespace

table::Columns ReflectorFeed::columns() const
{
    table::Columns columns = m_setup.renderer->columns();
    if (m_usage && !columns.isEmpty())
        columns += m_usageCells.columns();
    return columns;
}

bool ReflectorFeed::columnsChanged() const
{
    return !std::ranges::equal(columns(), m_sentColumns, [](const table::Column& x, const table::Column& y) {
        return x.id == y.id && x.title == y.title && x.kind == y.kind;
    });
}

table::RowPtr ReflectorFeed::decorated(const table::RowPtr& plain) const
{
    table::RowPtr row = m_overdue.judged(plain);
    if (!m_usage)
        return row;
    auto copy = std::make_shared<table::Row>(*row);
    const auto it = m_usage->values.find(row->space.isEmpty() ? row->name : row->space + u'/' + row->name);
    m_usageCells.append(*copy, it == m_usage->values.end() ? nullptr : &it->second);
    return copy;
}

void ReflectorFeed::setUsage(std::shared_ptr<const Usage> usage)
{
    const auto before = std::exchange(m_usage, std::move(usage));
    if (!before != !m_usage) {
        m_usageCells = UsageCells(m_setup.renderer->columns());
        m_reset = true; // the columns differ: every row does
    } else if (m_usage) {
        const auto valueOf = [](const Usage& u, const QString& key) {
            const auto it = u.values.find(key);
            return it == u.values.end() ? std::nullopt : std::optional(it->second);
        };
        for (const auto& part : m_parts) {
            part->m_store.forEach([&](const QString& key, const table::RowPtr& row) {
                if (valueOf(*before, key) != valueOf(*m_usage, key) && !m_pending.contains(row->id))
                    m_pending.add(row, row);
            });
        }
    }
    schedule();
}

void ReflectorFeed::onRow(const table::RowPtr& before, const table::RowPtr& after)
{
    m_overdue.note(before, after);
    m_pending.add(before, after);
    schedule();
}

void ReflectorFeed::noteVersion(const Decoded& object)
{
    if (!m_followsVersions || !object.row)
        return;
    const table::Row& row = *object.row;
    m_versions.insert_or_assign(row.id, ObjectVersion{row.id, row.space, row.name, object.resourceVersion});
    schedule();
}

void ReflectorFeed::schedule()
{
    const bool nothing = m_pending.isEmpty() && m_versions.empty() && !m_reset && !m_urgent;
    if (m_inFlight || nothing || (m_batchTimer && !m_urgent))
        return;
    if (!m_setup.options.watch && m_sent.state == Freshness::State::Loading && !m_urgent)
        return; // a single list is handed over once, whole
    const qint64 now = m_services.clock.monotonicMs();
    const qint64 gap = m_sent.state == Freshness::State::Loading && m_sentMs >= 0 ? loadingBatchMs : m_setup.batchMs;
    const qint64 wait = m_urgent || m_sentMs < 0 ? (m_urgent ? 0 : gap) : std::max<qint64>(0, m_sentMs + gap - now);
    m_batchTimer = m_services.clock.after(this, wait, [this] {
        m_batchTimer.reset();
        flush();
    });
}

void ReflectorFeed::flush()
{
    if (m_inFlight)
        return;
    m_urgent = false;
    TableUpdate update;
    if (columnsChanged()) {
        m_sentColumns = columns();
        update.columns = m_sentColumns;
        m_reset = true;
        if (m_overdue.columns().isEmpty()) { // a server's own columns have come
            m_overdue.setColumns(m_setup.renderer->columns());
            for (const auto& part : m_parts)
                part->m_store.forEach(
                    [this](const QString&, const table::RowPtr& row) { m_overdue.note(nullptr, row); });
        }
    }
    if (m_reset) {
        m_reset = false;
        m_pending.clear();
        table::Batch batch;
        batch.reset = true;
        for (const auto& part : m_parts)
            part->m_store.forEach(
                [&](const QString&, const table::RowPtr& row) { batch.upserts.push_back(decorated(row)); });
        update.batch = std::move(batch);
    } else if (!m_pending.isEmpty()) {
        table::Batch batch = m_pending.take();
        if (m_usage || !m_overdue.isEmpty())
            std::ranges::transform(batch.upserts, batch.upserts.begin(),
                                   [this](const auto& row) { return decorated(row); });
        update.batch = std::move(batch);
    }
    for (auto& [uid, version] : std::exchange(m_versions, {}))
        update.versions.push_back(std::move(version));
    m_inFlight = update.batch.has_value();
    if (m_inFlight || !update.versions.empty())
        m_sentMs = m_services.clock.monotonicMs();
    sendFreshness(update);
    m_deliver(std::move(update));
}

void ReflectorFeed::acknowledge()
{
    m_inFlight = false;
    schedule();
}

} // namespace wk::cluster
