// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/StoreLedger.h"

#include "changes/desk/RequestReader.h"
#include "store/Store.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

QFuture<Result<Claim>> asClaim(QFuture<Result<QJsonValue>> answer)
{
    return answer.then(
        [](const Result<QJsonValue>& found) { return found ? readClaim(*found) : Result<Claim>(fail(found.error())); });
}

QFuture<Result<void>> asDone(QFuture<Result<QJsonValue>> answer)
{
    return answer.then(
        [](const Result<QJsonValue>& found) { return found ? Result<void>() : Result<void>(fail(found.error())); });
}

} // namespace

StoreLedger::StoreLedger(store::Store& store, QObject* parent) : ExecutionLedger(parent), m_store(store)
{
    connect(&store, &store::Store::resynchronise, this, &ExecutionLedger::available);
}

QFuture<Result<Claim>> StoreLedger::claim(qint64 number, int revision, const QByteArray& sha256)
{
    return asClaim(m_store.call(u"claim_execution"_s, {number, revision, sha256}));
}

QFuture<Result<Claim>> StoreLedger::actNow(const RequestFields& fields, const Plan& plan)
{
    return asClaim(m_store.call(u"act_now"_s, {fields.toJson(), plan.canonical()}));
}

QFuture<Result<Claim>> StoreLedger::takeOver(qint64 execution, const QString& reason)
{
    return asClaim(m_store.call(u"take_over_execution"_s, {execution, reason}));
}

QFuture<Result<void>> StoreLedger::heartbeat(qint64 execution, const QString& token)
{
    return asDone(m_store.call(u"heartbeat_execution"_s, {execution, token}));
}

QFuture<Result<void>> StoreLedger::beginStep(qint64 execution, const QString& token, int step,
                                             const QJsonObject& before)
{
    return asDone(m_store.call(u"begin_step"_s, {execution, token, step, before}));
}

QFuture<Result<void>> StoreLedger::endStep(qint64 execution, const QString& token, int step, StepState outcome,
                                           const QJsonObject& result)
{
    return asDone(m_store.call(u"end_step"_s, {execution, token, step, stepStateName(outcome), result}));
}

QFuture<Result<void>> StoreLedger::resolveStep(qint64 execution, const QString& token, int step, Resolution resolution,
                                               const QString& reason)
{
    return asDone(m_store.call(u"resolve_step"_s, {execution, token, step, resolutionName(resolution), reason}));
}

QFuture<Result<void>> StoreLedger::finish(qint64 execution, const QString& token, RequestState outcome,
                                          const QString& note)
{
    return asDone(m_store.call(u"finish_execution"_s, {execution, token, requestStateName(outcome), note}));
}

QFuture<Result<ExecutionRecord>> StoreLedger::record(qint64 execution)
{
    return m_store.query(executionSql() + "WHERE e.id = $1", {execution})
        .then([execution](const Result<store::Rows>& rows) -> Result<ExecutionRecord> {
            const auto found = rows ? readExecutions(*rows) : Result<QList<ExecutionRecord>>(fail(rows.error()));
            if (!found)
                return fail(found.error());
            if (found->isEmpty())
                return fail(Error::Kind::NotFound, tr("There is no execution %1.").arg(execution));
            return found->first();
        });
}

QFuture<Result<std::optional<ExecutionRecord>>> StoreLedger::running(qint64 number, const QByteArray& sha256)
{
    const QByteArray sql = executionSql() + "WHERE e.ended_at IS NULL AND e.executor = session_user "
                                            "AND e.plan_sha256 = $2 AND ($1::bigint = 0 OR e.number = $1) "
                                            "ORDER BY e.id DESC LIMIT 1";
    return m_store.query(sql, {number, sha256})
        .then([](const Result<store::Rows>& rows) -> Result<std::optional<ExecutionRecord>> {
            const auto found = rows ? readExecutions(*rows) : Result<QList<ExecutionRecord>>(fail(rows.error()));
            if (!found)
                return fail(found.error());
            return found->isEmpty() ? std::nullopt : std::optional(found->first());
        });
}

} // namespace wk::changes
