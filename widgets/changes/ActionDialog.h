// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/ActionSteps.h"

#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;
class QTimer;

namespace wk::widgets {

class ChangeMeans;
class PlanView;

/// One action on one object: what it needs, the difference that it would make, and the two ways to it: at once where
/// the Gate lets it, else as a request.
///
/// objectNames inside: "action-<field>", "planView", "actionReason", "actionNow", "actionPropose".
class ActionDialog : public QDialog
{
    Q_OBJECT
public:
    /// Asked again so long after the last key.
    static constexpr int previewDelayMs = 300;

    /// `means` outlives it.
    ActionDialog(ChangeMeans& means, const QString& platform, const QString& action, const changes::Target& target,
                 QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<changes::Plan>& plan() const { return m_plan; }

signals:
    void proposed(const wk::changes::Plan& plan, const wk::changes::RequestFields& fields);
    /// Carrying it out has begun.
    void begun(const QString& words);

private:
    QWidget* buildFields();
    void judge();
    void askCluster();
    void refreshButtons();
    void doNow();

    ChangeMeans& m_means;
    QString m_platform, m_action;
    changes::Target m_target;
    QHash<QString, QString> m_values;
    std::optional<changes::Plan> m_plan;
    QString m_forbidden; ///< by the cluster's own rules
    bool m_asked = false;
    QTimer* m_delay;
    PlanView* m_view;
    QLabel* m_reason;
    QPushButton *m_now, *m_propose;
};

} // namespace wk::widgets
