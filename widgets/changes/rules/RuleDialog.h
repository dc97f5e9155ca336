// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"

#include <QtWidgets/QDialog>

class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace wk::widgets {

/// Asks for a rule that everybody then has to keep to, and why. What is missing is said beside the button; a refusal of
/// the store is shown and can be mended.
///
/// objectNames inside: "ruleReason", "ruleMissing", "ruleError", "ruleSave".
class RuleDialog : public QDialog
{
    Q_OBJECT
protected:
    RuleDialog(const QString& title, const QString& hint, const QString& save, QWidget* parent);

    [[nodiscard]] QFormLayout* form() const { return m_form; }
    void addRow(const QString& label, QWidget* field, const QString& name);
    void addRow(const QString& label, QLayout* row);
    /// The reason comes last: call it after the fields. `least`: characters.
    void addReason(int least);

    /// What is missing, as a sentence; empty: it can be written.
    [[nodiscard]] virtual QString missing() const = 0;
    [[nodiscard]] virtual changes::ChangeDesk::Written write(const QString& reason) = 0;
    void judge();

private:
    void save();

    QFormLayout* m_form;
    QLabel *m_missing, *m_error;
    QLineEdit* m_reason = nullptr;
    QPushButton* m_save;
    int m_least = 0;
    bool m_busy = false;
};

} // namespace wk::widgets
