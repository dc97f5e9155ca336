// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

namespace wk::changes {

/// The lease of an execution, and all that is needed to go on with it.
struct Claim
{
    qint64 execution = 0, number = 0;
    int revision = 0;
    QString token; ///< proves the lease; a secret: in memory only, never logged
    QByteArray planText;
    QList<StepRecord> steps; ///< what was begun before; empty for a first claim
};

/// What a person says of a step that nobody saw end.
enum class Resolution { Done, Failed, Repeat };
[[nodiscard]] QString resolutionName(Resolution resolution);

/// Where an execution is written down, step by step, before and after: StoreLedger over the store. Lives on the GUI
/// thread; nothing waits; futures are fulfilled on any thread. Errors as the store gives them; Network with
/// store::isOutcomeUnknown() where the answer to a write was lost: then record() or running() tell what is so.
class ExecutionLedger : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual QFuture<Result<Claim>> claim(qint64 number, int revision, const QByteArray& sha256) = 0;
    /// Files, approves by rule and claims in one go.
    [[nodiscard]] virtual QFuture<Result<Claim>> actNow(const RequestFields& fields, const Plan& plan) = 0;
    /// Only once the lease is dead; steps left running become unknown.
    [[nodiscard]] virtual QFuture<Result<Claim>> takeOver(qint64 execution, const QString& reason) = 0;
    /// The lease lasts 30 s from here.
    [[nodiscard]] virtual QFuture<Result<void>> heartbeat(qint64 execution, const QString& token) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> beginStep(qint64 execution, const QString& token, int step,
                                                          const QJsonObject& before) = 0;
    /// `outcome`: Done, Failed or Skipped.
    [[nodiscard]] virtual QFuture<Result<void>> endStep(qint64 execution, const QString& token, int step,
                                                        StepState outcome, const QJsonObject& result) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> resolveStep(qint64 execution, const QString& token, int step,
                                                            Resolution resolution, const QString& reason) = 0;
    /// `outcome`: Verified, Failed or RolledBack.
    [[nodiscard]] virtual QFuture<Result<void>> finish(qint64 execution, const QString& token, RequestState outcome,
                                                       const QString& note) = 0;

    /// What is on record.
    [[nodiscard]] virtual QFuture<Result<ExecutionRecord>> record(qint64 execution) = 0;
    /// The execution of this plan that I hold and that has not ended; `number` 0: of any request.
    [[nodiscard]] virtual QFuture<Result<std::optional<ExecutionRecord>>> running(qint64 number,
                                                                                  const QByteArray& sha256) = 0;

signals:
    /// The store is back: what failed for want of it is worth another try.
    void available();
};

} // namespace wk::changes
