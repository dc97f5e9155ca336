// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "core/Clock.h"

#include <QtWidgets/QWidget>

class QAction;
class QLineEdit;

namespace wk::widgets {

class AuditTable;
class CodeView;
class DataTable;
class FileDialogs;
class LoudBanner;

/// The audit: who did what and when, of one request or of all, with the filter language of every table. Verified on
/// demand, exported as CSV like every table or, with exactly the hashed bytes, as JSON lines.
///
/// Above the table the store is asked for rows by person, by what was done and by any text, over the whole record.
///
/// objectNames inside: "auditPerson", "auditAction", "auditText", "auditTable", "auditEntry", "auditVerdict".
class AuditView : public QWidget
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    AuditView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, std::shared_ptr<FileDialogs> dialogs,
              QWidget* parent = nullptr);

    /// 0: of everything. Reads it.
    void showAudit(qint64 number);
    void verify();
    [[nodiscard]] DataTable* dataTable() const { return m_table; }

signals:
    void requestLinked(qint64 number);
    void notice(const QString& text);

private:
    QWidget* buildSearch();
    void search();
    void showSource();
    void refreshActions();
    void showEntry(const QString& rowId);
    void exportLines();
    [[nodiscard]] QByteArray lines() const;

    changes::ChangeDesk& m_desk;
    std::shared_ptr<FileDialogs> m_dialogs;
    std::shared_ptr<AuditTable> m_source;
    changes::AuditFilter m_wanted;
    qint64 m_number = -1;
    QLineEdit *m_person = nullptr, *m_action = nullptr, *m_text = nullptr;
    QWidget* m_search = nullptr;
    LoudBanner* m_verdict;
    DataTable* m_table;
    CodeView* m_entry;
    QAction *m_older, *m_verify, *m_export;
};

} // namespace wk::widgets
