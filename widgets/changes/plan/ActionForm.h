// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionField.h"
#include "changes/plan/Mistakes.h"

#include <QtWidgets/QWidget>

class QFormLayout;
class QLabel;

namespace wk::widgets {

/// The parameters of an action as a form, made of what the kind of action says of itself: each field begins with what
/// the cluster has now, and shows below what is wrong with it.
///
/// objectNames inside: "action-<field>", "mistake-<field>".
class ActionForm : public QWidget
{
    Q_OBJECT
public:
    explicit ActionForm(QWidget* parent = nullptr);

    /// What the person wrote stays where the field is still there.
    void setFields(const QList<changes::ActionField>& fields);
    [[nodiscard]] const QList<changes::ActionField>& fields() const { return m_fields; }
    /// As the action takes them. What cannot be read yet (a manifest) is left out.
    [[nodiscard]] QJsonObject parameters() const;
    /// What stands in the way of them, as a sentence; empty: nothing. Whether they are right is for the action to say.
    [[nodiscard]] QString whyNotReady() const;
    /// Shows those that belong to a field, and returns the others.
    QStringList setMistakes(const QList<changes::Mistake>& mistakes);
    void focusFirst();

signals:
    void edited();
    /// A field on which others depend is another one.
    void decided();

private:
    struct Row
    {
        changes::ActionField field;
        QWidget* editor = nullptr;
        QLabel* mistake = nullptr;
        bool touched = false;
    };
    QWidget* makeEditor(const changes::ActionField& field);
    void addRow(const changes::ActionField& field);
    void onEdited(const QString& name);
    void write(const Row& row, QJsonObject& parameters) const;
    [[nodiscard]] bool isMissing(const Row& row) const;
    [[nodiscard]] bool isDifferent(const Row& row) const;

    QFormLayout* m_form;
    QList<changes::ActionField> m_fields;
    QList<Row> m_rows;
    bool m_filling = false;
};

} // namespace wk::widgets
