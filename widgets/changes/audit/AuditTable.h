// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "table/TableSource.h"

#include <map>

namespace wk::widgets {

/// Rows of the audit, newest first, page by page. Row ids are sequence numbers.
class AuditTable final : public table::TableSource
{
    Q_OBJECT
public:
    static constexpr int pageSize = 1000;

    /// What `wanted` lets through, judged by the store over all of the record. Nothing is read before read(). `desk`
    /// outlives it.
    AuditTable(changes::ChangeDesk& desk, changes::AuditFilter wanted, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override { return auditColumns(); }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    [[nodiscard]] table::Freshness freshness() const override;

    /// What was added since, or all of it for the first time.
    void read();
    void readOlder();
    [[nodiscard]] bool hasOlder() const { return m_hasOlder; }
    [[nodiscard]] bool isReading() const { return m_reading; }
    [[nodiscard]] const changes::AuditEntry* entry(const QString& rowId) const;

    [[nodiscard]] static table::Columns auditColumns();

signals:
    void pageChanged();

private:
    void take(const Result<QList<changes::AuditEntry>>& answer, bool older);

    changes::ChangeDesk& m_desk;
    changes::AuditFilter m_wanted;
    std::map<qint64, changes::AuditEntry> m_entries;
    std::map<qint64, table::RowPtr> m_rows;
    std::optional<Error> m_error;
    bool m_again = false; ///< something changed while a page was on its way
    bool m_known = false, m_reading = false, m_hasOlder = false;
};

/// The detail of an entry in one line: "revision 2, risk high".
[[nodiscard]] QString auditWords(const changes::AuditEntry& entry);

} // namespace wk::widgets
