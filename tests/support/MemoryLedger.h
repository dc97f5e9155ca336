// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ExecutionLedger.h"
#include "core/Clock.h"
#include "support/MemoryDesk.h"

namespace wk::test {

/// Writes executions down in a MemoryDesk, where panels read them.
class MemoryLedger final : public changes::ExecutionLedger
{
public:
    /// Both outlive it.
    MemoryLedger(MemoryDesk& desk, Clock& clock) : m_desk(desk), m_clock(clock) {}

    [[nodiscard]] QFuture<Result<changes::Claim>> claim(qint64 number, int revision, const QByteArray& sha256) override;
    [[nodiscard]] QFuture<Result<changes::Claim>> actNow(const changes::RequestFields& fields,
                                                         const changes::Plan& plan) override;
    [[nodiscard]] QFuture<Result<changes::Claim>> takeOver(qint64 execution, const QString& reason) override;
    [[nodiscard]] QFuture<Result<void>> heartbeat(qint64 execution, const QString& token) override;
    [[nodiscard]] QFuture<Result<void>> beginStep(qint64 execution, const QString& token, int step,
                                                  const QJsonObject& before) override;
    [[nodiscard]] QFuture<Result<void>> endStep(qint64 execution, const QString& token, int step,
                                                changes::StepState outcome, const QJsonObject& result) override;
    [[nodiscard]] QFuture<Result<void>> resolveStep(qint64 execution, const QString& token, int step,
                                                    changes::Resolution resolution, const QString& reason) override;
    [[nodiscard]] QFuture<Result<void>> finish(qint64 execution, const QString& token, changes::RequestState outcome,
                                               const QString& note) override;
    [[nodiscard]] QFuture<Result<changes::ExecutionRecord>> record(qint64 execution) override;
    [[nodiscard]] QFuture<Result<std::optional<changes::ExecutionRecord>>> running(qint64 number,
                                                                                   const QByteArray& sha256) override;

private:
    [[nodiscard]] changes::RequestDetail* requestOf(qint64 execution);
    [[nodiscard]] changes::ExecutionRecord* find(qint64 execution);
    [[nodiscard]] changes::Claim claimOf(const changes::RequestDetail& detail,
                                         const changes::ExecutionRecord& execution) const;
    [[nodiscard]] QDateTime now() const { return QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC); }

    MemoryDesk& m_desk;
    Clock& m_clock;
    qint64 m_last = 100;
};

} // namespace wk::test
