// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows a TableModel shows, and in which order: worked out here for small tables, on another thread for big ones.
#include "table/TableModelPrivate.h"

#include <QtCore/QThreadPool>

namespace wk::table {

void TableModel::rearrange()
{
    if (m_job && m_job->content) {
        startJob(m_job->content);
        return;
    }
    if (m_store->size() > inlineLimit) {
        startJob(nullptr);
        return;
    }
    if (m_job)
        m_job->cancelled = true;
    m_job.reset();
    std::vector<RowPtr> rows(m_store->slotCount());
    for (size_t slot = 0; slot < rows.size(); ++slot)
        rows[slot] = m_store->entry(Slot(slot)).row;
    m_current = m_wanted;
    transition(arrange(rows, m_current, nowMs()));
    emit countsChanged();
}

void TableModel::startJob(std::shared_ptr<const std::vector<RowPtr>> content)
{
    auto job = std::make_shared<Job>();
    if (m_job) {
        m_job->cancelled = true;
        // The same content under another arrangement: what came in since it was taken still counts.
        if (content && m_job->content == content)
            job->batches = std::move(m_job->batches);
    }
    job->arrangement = m_wanted;
    job->nowMs = nowMs();
    job->content = std::move(content);
    if (!job->content) {
        job->rows.resize(m_store->slotCount());
        for (size_t slot = 0; slot < job->rows.size(); ++slot)
            job->rows[slot] = m_store->entry(Slot(slot)).row;
    }
    m_job = job;
    emit countsChanged();
    QThreadPool::globalInstance()->start([job, mailbox = m_mailbox] {
        if (job->content) {
            job->store = std::make_unique<RowStore>();
            job->store->reserve(job->content->size());
            for (const RowPtr& row : *job->content) {
                if (job->cancelled)
                    return;
                // A source that breaks its word about unique ids loses rows, not memory.
                if (const Slot slot = job->store->find(row->id); slot != RowStore::none)
                    job->store->entry(slot).row = row;
                else
                    job->store->insert(row);
            }
            job->rows.resize(job->store->slotCount());
            for (size_t slot = 0; slot < job->rows.size(); ++slot)
                job->rows[slot] = job->store->entry(Slot(slot)).row;
        }
        job->visible = arrange(job->rows, job->arrangement, job->nowMs, &job->cancelled);
        if (job->store) {
            for (const Slot slot : job->visible)
                job->store->entry(slot).visible = true;
        }
        job->rows = {};
        const std::scoped_lock lock(mailbox->mutex);
        if (mailbox->receiver && !job->cancelled) {
            TableModel* model = mailbox->receiver;
            QMetaObject::invokeMethod(
                model, [model, job] { model->finishJob(job); }, Qt::QueuedConnection);
        }
    });
}

void TableModel::finishJob(const std::shared_ptr<Job>& job)
{
    if (job != m_job)
        return;
    m_job.reset();
    m_current = job->arrangement;
    if (job->content)
        swapContent(job);
    else
        mergeJob(job);
    emit countsChanged();
}

void TableModel::swapContent(const std::shared_ptr<Job>& job)
{
    beginResetModel();
    std::shared_ptr<RowStore> old = std::exchange(m_store, std::move(job->store));
    m_visible = std::move(job->visible);
    m_glow.clear();
    endResetModel();
    QThreadPool::globalInstance()->start([old = std::move(old), content = std::move(job->content)]() mutable {
        old.reset();
        content.reset();
    });
    for (const Job::Waiting& waiting : job->batches)
        applyChanges(waiting.batch, waiting.glow);
}

void TableModel::mergeJob(const std::shared_ptr<Job>& job)
{
    if (job->dirty.empty()) {
        transition(std::move(job->visible));
        return;
    }
    std::vector<bool> dirty(m_store->slotCount());
    std::vector<Slot> arrivals;
    for (const Slot slot : job->dirty) {
        const bool seen = dirty[slot];
        dirty[slot] = true;
        if (!seen && m_store->entry(slot).row && m_current.filter.matches(m_store->row(slot), nowMs()))
            arrivals.push_back(slot);
    }
    std::erase_if(job->visible, [&](Slot slot) { return dirty[slot]; });
    transition(merged(job->visible, std::move(arrivals)));
}

} // namespace wk::table
