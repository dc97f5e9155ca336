// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/templates/PlanTemplate.h"

#include <QtWidgets/QWidget>

class QFormLayout;
class QLabel;

namespace wk::widgets {

/// The parameters of a plan template as fields of a form: choices from the platform file, numbers with their bounds and
/// units, each with what is wrong with it below.
///
/// objectNames inside: "parameter-<id>", "mistake-<id>".
class ParameterForm : public QWidget
{
    Q_OBJECT
public:
    explicit ParameterForm(QWidget* parent = nullptr);

    /// What the person gave stays; defaults and choices follow.
    void setFields(const QList<changes::TemplateField>& fields);
    void clear();
    /// What the person gave, by parameter; defaults are not among it.
    [[nodiscard]] const QJsonObject& given() const { return m_given; }
    void setGiven(const QJsonObject& given) { m_given = given; }
    /// Those that belong to a parameter; the others are returned.
    QStringList setMistakes(const QList<changes::Mistake>& mistakes);

signals:
    void edited();

private:
    struct Row
    {
        QString shape; ///< type and choices: another one needs another editor
        QWidget* editor = nullptr;
        QLabel* mistake = nullptr;
    };

    QWidget* makeEditor(const changes::TemplateField& field);
    void showValue(QWidget* editor, const changes::TemplateField& field);
    void give(const QString& id, const QJsonValue& value);

    QFormLayout* m_form;
    QStringList m_ids;
    QStringList m_hidden; ///< read from the cluster, not typed in
    QHash<QString, Row> m_rows;
    QJsonObject m_given;
    bool m_showing = false;
};

} // namespace wk::widgets
