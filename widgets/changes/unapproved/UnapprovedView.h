// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/changes/unapproved/UnapprovedWords.h"

#include <QtWidgets/QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QTextBrowser;

namespace wk::widgets {

class ChangeMeans;
class DecisionBar;
class HealthBadge;
class RestoreDialog;

/// One unapproved change in full: who, when, where, the difference it made, and what can be done with it.
///
/// objectNames inside: "unapprovedTitle", "unapprovedState", "unapprovedWho", "unapprovedWhen", "unapprovedWhere",
/// "unapprovedSeen", "unapprovedDifference", "unapprovedAccount", "unapprovedRestore", "unapprovedDismiss",
/// "unapprovedReason", "unapprovedClose", "decisionBar".
class UnapprovedView : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it.
    UnapprovedView(changes::UnapprovedDesk& unapproved, changes::ChangeDesk& desk, ChangeMeans& means,
                   std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    void showItem(const QString& key);
    void clear();
    /// Empty: none is shown.
    [[nodiscard]] QString key() const { return m_item ? m_item->key() : QString(); }
    /// Does it, or asks for what it needs; says why where it is not possible.
    void trigger(UnapprovedAct act);
    /// Esc: takes back what is being asked; false where nothing is.
    bool leaveQuestion();

signals:
    void closeRequested();
    void requestLinked(qint64 number);
    void notice(const QString& text);
    /// An after-the-fact request is to be filled in; `plan` is nothing where no plan can say what was done.
    void accountRequested(const QString& platform, const std::optional<wk::changes::Plan>& plan,
                          const wk::changes::RequestFields& fields);
    /// A plan that restores it is to be proposed.
    void proposed(const wk::changes::Plan& plan, const wk::changes::RequestFields& fields);

private:
    void build();
    QLabel* addFact(QGridLayout* grid, const QString& title, const QString& name);
    QWidget* buildFoot();
    void follow();
    void refresh();
    void write();
    void account();
    void restore();
    void askDismiss();
    void dismiss(const QString& reason);

    changes::UnapprovedDesk& m_unapproved;
    changes::ChangeDesk& m_desk;
    ChangeMeans& m_means;
    std::shared_ptr<Clock> m_clock;
    std::optional<changes::UnapprovedItem> m_item;
    QList<UnapprovedOffer> m_offers;
    QLabel *m_title = nullptr, *m_who = nullptr, *m_when = nullptr, *m_where = nullptr, *m_seen = nullptr;
    QLabel* m_reason = nullptr;
    HealthBadge* m_state = nullptr;
    QPushButton* m_request = nullptr; ///< to the request that accounts for it
    QTextBrowser* m_difference = nullptr;
    QList<QPushButton*> m_buttons; ///< of m_offers
    QWidget* m_foot = nullptr;
    DecisionBar* m_question = nullptr;
};

} // namespace wk::widgets
