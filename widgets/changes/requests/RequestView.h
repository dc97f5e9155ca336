// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/changes/requests/DecisionBar.h"
#include "widgets/changes/requests/RequestOffers.h"

#include <QtWidgets/QWidget>

class QLabel;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace wk::widgets {

class AuditView;
class ChangeMeans;
class ExecutionView;
class FileDialogs;
class HealthBadge;
class OfferBar;
class PlanView;
class StaleBanner;
class StateView;
class SummaryView;

/// One request in full, and what can be done with it. The plan and its difference stand first and stay in view while a
/// verdict is given. It is read anew when it changes; a question about a revision that is no longer the one shown is
/// taken back.
///
/// objectNames inside: "requestTitle", "requestState", "requestRisk", "requestFacts", "requestHash", "requestTabs",
/// "planView", "requestForm", "requestApprovals", "requestStateView", "offerBar", "decisionBar", "requestClose".
class RequestView : public QWidget
{
    Q_OBJECT
public:
    enum class Page { Plan, Approvals, Form, Execution, Audit };
    /// Differences are worked out by themselves for the first steps only.
    static constexpr int previewLimit = 40;

    /// `desk` and `means` outlive it.
    RequestView(changes::ChangeDesk& desk, ChangeMeans& means, std::shared_ptr<Clock> clock,
                std::shared_ptr<FileDialogs> dialogs, QWidget* parent = nullptr);

    void showRequest(qint64 number);
    void clear();
    [[nodiscard]] qint64 number() const { return m_number; }
    [[nodiscard]] const std::optional<changes::RequestDetail>& detail() const { return m_detail; }
    [[nodiscard]] const QList<RequestOffer>& offers() const { return m_offers; }
    /// True once no difference is being worked out.
    [[nodiscard]] bool isCalm() const { return m_detail && m_asking == 0; }
    void showPage(Page page);
    [[nodiscard]] Page page() const;
    /// Asks for what the act needs; says why where it is not possible.
    void trigger(RequestAct act);
    /// Esc: takes back what is being asked; false where nothing is.
    bool leaveQuestion();

signals:
    void closeRequested();
    void editRequested(qint64 number);
    void requestLinked(qint64 number);
    void notice(const QString& text);
    void loaded();

private:
    void build(std::shared_ptr<FileDialogs> dialogs);
    void buildHead(class QVBoxLayout* column);
    void connectParts();
    void read();
    void take(changes::RequestDetail detail);
    void refresh();
    void refreshHead();
    void refreshOffers();
    void askNext();
    [[nodiscard]] bool wantsPreview(int step) const;
    void perform(const ActAnswer& answer);
    [[nodiscard]] changes::ChangeDesk::Written send(const ActAnswer& answer);
    void closeQuestion();
    void onLink(const QString& link);

    changes::ChangeDesk& m_desk;
    ChangeMeans& m_means;
    std::shared_ptr<Clock> m_clock;
    qint64 m_number = 0;
    quint64 m_generation = 0; ///< answers about an earlier request are dropped
    std::optional<changes::RequestDetail> m_detail;
    QList<RequestOffer> m_offers;
    RequestAct m_act = RequestAct::Submit; ///< that the question is about
    int m_asking = 0;                      ///< the step whose difference is being worked out
    int m_limit = previewLimit;
    bool m_sending = false; ///< our own answer is on its way: what changes now is that

    QLabel *m_title, *m_facts, *m_hash, *m_reason;
    HealthBadge *m_state, *m_risk;
    QToolButton *m_close, *m_copy;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    StateView* m_stateView;
    StaleBanner* m_stale;
    PlanView* m_plan;
    SummaryView *m_form, *m_approvals;
    ExecutionView* m_execution;
    AuditView* m_audit;
    OfferBar* m_bar;
    DecisionBar* m_question;
};

} // namespace wk::widgets
