// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "changes/execution/ExecutionLedger.h"
#include "store/Rows.h"

/// What the cockpit asks of the store's views (resources/schema, *_views.sql), and the answers as values. A row that is
/// not as it has to be makes the whole answer a Protocol error that names it.
namespace wk::changes {

/// SELECT … FROM request_list l, without a condition: "WHERE l.number = $1" can follow.
[[nodiscard]] QByteArray requestListSql();
[[nodiscard]] Result<QList<RequestSummary>> readRequests(const store::Rows& rows);

/// $1: the number. One statement, so that all of it is of one moment.
[[nodiscard]] QByteArray requestDetailSql();
/// NotFound where there is no row.
[[nodiscard]] Result<RequestDetail> readDetail(const store::Rows& rows, qint64 number);

/// Executions with their steps, without a condition: "WHERE e.id = $1" can follow.
[[nodiscard]] QByteArray executionSql();
[[nodiscard]] Result<QList<ExecutionRecord>> readExecutions(const store::Rows& rows);

/// Of claim_execution(), take_over_execution() and act_now().
[[nodiscard]] Result<Claim> readClaim(const QJsonValue& answer);

} // namespace wk::changes
