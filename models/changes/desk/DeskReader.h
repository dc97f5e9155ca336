// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "changes/desk/RecordReader.h"

/// What stands around the requests: as changes/RequestReader.h.
namespace wk::changes {

[[nodiscard]] Review readReview(RecordReader& reader);

[[nodiscard]] QByteArray windowSql();
[[nodiscard]] Result<QList<TimeWindow>> readWindows(const store::Rows& rows);
[[nodiscard]] QByteArray policySql();
[[nodiscard]] Result<QList<Policy>> readPolicies(const store::Rows& rows);
[[nodiscard]] QByteArray templateSql();
[[nodiscard]] Result<QList<StoredTemplate>> readTemplates(const store::Rows& rows);
[[nodiscard]] QByteArray reviewSql();
[[nodiscard]] Result<QList<Review>> readReviews(const store::Rows& rows);
[[nodiscard]] QByteArray noticeSql();
[[nodiscard]] Result<QList<Notice>> readNotices(const store::Rows& rows);

/// SELECT … FROM audit_list a, without a condition.
[[nodiscard]] QByteArray auditSql();
[[nodiscard]] Result<QList<AuditEntry>> readAudit(const store::Rows& rows);

/// Of whoami().
[[nodiscard]] Result<Person> readPerson(const QJsonValue& answer);
/// Of verify_audit().
[[nodiscard]] Result<AuditVerdict> readVerdict(const QJsonValue& answer);

} // namespace wk::changes
