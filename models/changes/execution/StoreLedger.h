// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/ExecutionLedger.h"

namespace wk::store {
class Store;
} // namespace wk::store

namespace wk::changes {

/// The ledger over the store's functions claim_execution() … finish_execution().
class StoreLedger final : public ExecutionLedger
{
    Q_OBJECT
public:
    /// `store` outlives it.
    explicit StoreLedger(store::Store& store, QObject* parent = nullptr);

    [[nodiscard]] QFuture<Result<Claim>> claim(qint64 number, int revision, const QByteArray& sha256) override;
    [[nodiscard]] QFuture<Result<Claim>> actNow(const RequestFields& fields, const Plan& plan) override;
    [[nodiscard]] QFuture<Result<Claim>> takeOver(qint64 execution, const QString& reason) override;
    [[nodiscard]] QFuture<Result<void>> heartbeat(qint64 execution, const QString& token) override;
    [[nodiscard]] QFuture<Result<void>> beginStep(qint64 execution, const QString& token, int step,
                                                  const QJsonObject& before) override;
    [[nodiscard]] QFuture<Result<void>> endStep(qint64 execution, const QString& token, int step, StepState outcome,
                                                const QJsonObject& result) override;
    [[nodiscard]] QFuture<Result<void>> resolveStep(qint64 execution, const QString& token, int step,
                                                    Resolution resolution, const QString& reason) override;
    [[nodiscard]] QFuture<Result<void>> finish(qint64 execution, const QString& token, RequestState outcome,
                                               const QString& note) override;
    [[nodiscard]] QFuture<Result<ExecutionRecord>> record(qint64 execution) override;
    [[nodiscard]] QFuture<Result<std::optional<ExecutionRecord>>> running(qint64 number,
                                                                          const QByteArray& sha256) override;

private:
    store::Store& m_store;
};

} // namespace wk::changes
