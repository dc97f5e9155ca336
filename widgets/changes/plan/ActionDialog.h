// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/plan/ActionSteps.h"

#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;
class QTimer;

namespace wk::widgets {

class ActionForm;
class ChangeMeans;
class ConfirmDialog;
class PlanView;

/// An action on one object or on several: what it needs, the difference that it would make as the cluster works it out,
/// and the two ways to it: at once where the Gate lets it, after one more question, else as a request.
///
/// objectNames inside: those of ActionForm, "planView", "actionReason", "actionNow", "actionPropose".
class ActionDialog : public QDialog
{
    Q_OBJECT
public:
    /// Asked again so long after the last key.
    static constexpr int previewDelayMs = 300;
    /// Differences that are worked out without being asked for.
    static constexpr int mostPreviews = 12;

    /// `means` outlives it.
    ActionDialog(ChangeMeans& means, const ActionAsk& ask, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<changes::Plan>& plan() const { return m_plan; }
    /// The cluster was asked for all that the form and the difference show.
    [[nodiscard]] bool isCalm() const { return m_looked && !m_delay->isActive() && m_waiting == 0; }
    /// Asked before it is done at once; nullptr where nothing is asked now.
    [[nodiscard]] ConfirmDialog* question() const { return m_question; }

signals:
    void proposed(const wk::changes::Plan& plan, const wk::changes::RequestFields& fields);
    /// Carrying it out has begun.
    void begun(const QString& words);

private:
    void build();
    void look();
    void showFields();
    void judge();
    void askCluster();
    void preview(int from, int to);
    void refreshButtons();
    void askOnceMore();
    void doNow();
    /// The plan, bound to the state that the differences were worked out from.
    [[nodiscard]] Result<changes::Plan> seen() const;
    /// The target that a manifest names, for an object that is not there yet.
    [[nodiscard]] Result<ActionAsk> askOf(QJsonObject& parameters) const;
    [[nodiscard]] changes::RequestFields request() const;
    [[nodiscard]] platform::ClusterClass classOf(const QString& cluster) const;

    ChangeMeans& m_means;
    ActionAsk m_ask;
    changes::Answers m_answers;
    std::optional<changes::Plan> m_plan;
    QHash<int, changes::Precondition> m_seen; ///< what the difference of a step rests on, by its number
    QString m_missing;                        ///< why there is no plan
    QString m_forbidden;                      ///< by the cluster's own rules
    QString m_lookError;
    bool m_looked = false, m_asked = false;
    int m_waiting = 0; ///< answers of the cluster
    QTimer* m_delay;
    ActionForm* m_form;
    PlanView* m_view;
    QLabel* m_reason;
    ConfirmDialog* m_question = nullptr;
    QPushButton *m_now, *m_propose;
};

} // namespace wk::widgets
