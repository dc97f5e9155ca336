// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/Answer.h"
#include "monitoring/prometheus/Steps.h"

#include <list>

namespace wk::monitoring {

/// One answer made of parts in the order of their times, which must not overlap: the columns of equal labels one after
/// the other. Warnings are those of all parts, each once.
[[nodiscard]] AnswerPtr joined(const std::vector<AnswerPtr>& parts);
/// The part of a matrix that lies in the range; series that have nothing there are left out.
[[nodiscard]] AnswerPtr cut(const AnswerPtr& answer, const TimeRange& range);

/// What range queries gave, for each query and step one stretch of time without a gap. What is older than the servers'
/// own delays does not change any more, so a window that moves on asks only for its new end. Pure; one thread.
class RangeCache
{
public:
    struct Stretch
    {
        TimeRange range; ///< aligned to the step; empty where nothing is known
        AnswerPtr answer;
    };

    explicit RangeCache(qint64 maxBytes) : m_maxBytes(maxBytes) {}

    /// What is known of that query at that step.
    [[nodiscard]] Stretch find(const QString& query, qint64 stepMs);
    /// Keeps it instead of what was known. Answers that are partial or come with a warning are not kept.
    void keep(const QString& query, qint64 stepMs, Stretch stretch);
    void clear();
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    struct Entry
    {
        QString query;
        qint64 step;
        Stretch stretch;
        qint64 bytes;
    };
    void drop(std::list<Entry>::iterator entry);

    std::list<Entry> m_entries; ///< the latest used first
    qint64 m_maxBytes;
    qint64 m_bytes = 0;
};

} // namespace wk::monitoring
