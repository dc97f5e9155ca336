// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

#include <QtCore/QSet>
#include <QtWidgets/QWidget>

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace wk::widgets {

/// Every field of the change template: title, type, risk, what, why, impact, tests, rollback, time, incident.
///
/// objectNames inside: "fieldTitle", "fieldType", "fieldRisk", "fieldWhat", "fieldWhy", "fieldImpact",
/// "fieldTests", "test-unit" …, "fieldRollback", "fieldMinutes", "fieldRecovery", "fieldFrom", "fieldUntil",
/// "fieldIncident", and "problem-<field>" for what is wrong.
class FormFields : public QWidget
{
    Q_OBJECT
public:
    explicit FormFields(QWidget* parent = nullptr);

    /// Takes all of it; nothing counts as the person's own then.
    void setFields(const changes::RequestFields& fields);
    /// Takes what the person has not written themselves.
    void prefill(const changes::RequestFields& fields);
    /// `base` holds what has no field here.
    [[nodiscard]] changes::RequestFields fields(changes::RequestFields base) const;
    /// Shows what is wrong beside the fields; true where nothing is. `complete`: also what a submission should not
    /// lack.
    bool judge(bool complete);
    void focusFirst();

signals:
    void edited();

private:
    void build();
    void addTimes();
    void addTests();
    QLineEdit* addLine(const QString& id, const QString& label, const QString& hint);
    QPlainTextEdit* addText(const QString& id, const QString& label, const QString& hint);
    QComboBox* addChoice(const QString& id, const QString& label, const QList<std::pair<QString, QString>>& choices);
    void addRow(const QString& id, const QString& label, QWidget* editor);
    void touched(const QString& id);
    void apply(const changes::RequestFields& fields, bool onlyUntouched);
    void setProblem(const QString& id, const QString& sentence, bool isError);

    QFormLayout* m_form;
    QHash<QString, QLabel*> m_problems;
    QSet<QString> m_touched;
    bool m_applying = false;
    QLineEdit *m_title, *m_minutes, *m_incident;
    QComboBox *m_type, *m_risk;
    QPlainTextEdit *m_what, *m_why, *m_impact, *m_tests, *m_rollback, *m_recovery;
    QHash<QString, QCheckBox*> m_passed;
    QCheckBox* m_timed;
    QDateTimeEdit *m_from, *m_until;
};

} // namespace wk::widgets
