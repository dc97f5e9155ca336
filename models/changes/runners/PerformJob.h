// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionJobs.h"

namespace wk::changes {

/// Carries one action out: reads, compares, records, sends, waits for what has to go.
class PerformJob final : public PromisingJob<Performed>
{
public:
    PerformJob(ClusterAccess& access, Clock& clock, const Step& step, ClusterActions::BeforeSending before,
               ClusterActions::Progress progress, MaySend maySend)
        : Promising(access, clock, step), m_before(std::move(before)), m_progress(std::move(progress)),
          m_maySend(std::move(maySend))
    {
    }
    void start() override;

private:
    static constexpr int maxAttempts = 5;
    static constexpr qint64 evictAgainMs = 5'000; ///< kubectl/pkg/drain waits as long
    static constexpr qint64 lookAgainMs = 1'000;

    void attempt();
    void judge(Result<Answers> answers);
    void record();
    void sendNext();
    void onAnswer(const Call& call, Result<Answer> answer);
    void lookAtRefused(const Call& call, const Error& why);
    void again(const Error& why);
    void waitForVanishing();
    void finish();
    void later(qint64 ms, void (PerformJob::*then)());
    [[nodiscard]] bool isLate() const { return m_clock.monotonicMs() >= m_deadlineMs; }
    void tell(const QString& text) const;

    ClusterActions::BeforeSending m_before;
    ClusterActions::Progress m_progress;
    MaySend m_maySend;
    Prepared m_prepared;
    Inverse m_inverse; ///< as captured at first
    QString m_words;
    QList<Call> m_queue, m_putOff;
    QList<Vanishing> m_vanishing;
    QJsonArray m_objects;
    qsizetype m_total = 0;
    int m_attempts = 0, m_succeeded = 0;
    bool m_recorded = false;
    qint64 m_deadlineMs = 0;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::changes
