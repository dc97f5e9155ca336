// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/rules/RuleDialog.h"

class QCheckBox;
class QSpinBox;

namespace wk::widgets {

/// Makes a new version of a platform's policy. Approvals are written as people say them: places with commas between, in
/// each one role or several with "or" between.
///
/// objectNames inside: "policyLow", "policyMedium", "policyHigh", "stepUp-low" …, "execute-operator" …,
/// "policy-glass_hours" …
class PolicyDialog final : public RuleDialog
{
    Q_OBJECT
public:
    /// `desk` outlives it. `platform` may have no policy of its own yet: it begins with the one that counts.
    PolicyDialog(changes::ChangeDesk& desk, const QString& platform, QWidget* parent = nullptr);

    [[nodiscard]] QJsonObject body() const;

protected:
    [[nodiscard]] QString missing() const override;
    [[nodiscard]] changes::ChangeDesk::Written write(const QString& reason) override;

private:
    QList<QCheckBox*> addChoices(const QString& label, const QString& name, const QStringList& choices,
                                 const QStringList& chosen);

    changes::ChangeDesk& m_desk;
    const QString m_platform;
    QJsonObject m_before, m_shown; ///< as stored, and as the fields began
    int m_seen = 0;
    QMap<QString, QLineEdit*> m_approvals; ///< by risk
    QList<QCheckBox*> m_stepUp, m_execute;
    QMap<QString, QSpinBox*> m_numbers;
};

/// "tech-lead or operations, security" as the store writes it, and back.
[[nodiscard]] QJsonArray approvalPlaces(const QString& text);
[[nodiscard]] QString approvalWords(const QJsonArray& places);

/// A figure of a policy: "Broken glass lasts", in hours or as a number.
struct PolicyFigure
{
    QString key, title;
    int most;
    bool hours;
};
[[nodiscard]] const QList<PolicyFigure>& policyFigures();

} // namespace wk::widgets
