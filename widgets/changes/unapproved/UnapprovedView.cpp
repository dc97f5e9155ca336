// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/unapproved/UnapprovedView.h"

#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/plan/PlanText.h"
#include "widgets/changes/requests/DecisionBar.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/changes/unapproved/RestoreDialog.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"

#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTextBrowser>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Plan;
using changes::UnapprovedItem;
using Role = Theme::Role;
using Token = Theme::Token;

namespace {

constexpr int leastReason = 3; ///< characters, as the store asks for

} // namespace

UnapprovedView::UnapprovedView(changes::UnapprovedDesk& unapproved, changes::ChangeDesk& desk, ChangeMeans& means,
                               std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_unapproved(unapproved), m_desk(desk), m_means(means), m_clock(std::move(clock))
{
    setObjectName(u"unapprovedView"_s);
    build();
    connect(&m_unapproved, &changes::UnapprovedDesk::changed, this, &UnapprovedView::follow);
    connect(&m_desk, &changes::ChangeDesk::changed, this, &UnapprovedView::refresh);
    connect(&Theme::of(this), &Theme::changed, this, &UnapprovedView::write);
}

QLabel* UnapprovedView::addFact(QGridLayout* grid, const QString& title, const QString& name)
{
    auto* key = new QLabel(title, this);
    key->setForegroundRole(QPalette::PlaceholderText);
    auto* value = new QLabel(this);
    value->setObjectName(name);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setAccessibleName(title);
    const int row = grid->rowCount();
    grid->addWidget(key, row, 0, Qt::AlignTop);
    grid->addWidget(value, row, 1);
    return value;
}

QWidget* UnapprovedView::buildFoot()
{
    m_foot = new QWidget(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    for (const auto& [act, name] : {std::pair{UnapprovedAct::Account, u"unapprovedAccount"_s},
                                    std::pair{UnapprovedAct::Restore, u"unapprovedRestore"_s},
                                    std::pair{UnapprovedAct::Dismiss, u"unapprovedDismiss"_s}}) {
        auto* button = new QPushButton(m_foot);
        button->setObjectName(name);
        connect(button, &QPushButton::clicked, this, [this, act = act] { trigger(act); });
        row->addWidget(button);
        m_buttons << button;
    }
    m_reason = new QLabel(m_foot);
    m_reason->setObjectName(u"unapprovedReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    row->addStretch(1);
    auto* column = new QVBoxLayout(m_foot);
    column->setContentsMargins(16, 8, 16, 8);
    column->setSpacing(8);
    column->addWidget(m_reason);
    column->addLayout(row);
    return m_foot;
}

void UnapprovedView::build()
{
    m_title = new QLabel(this);
    m_title->setObjectName(u"unapprovedTitle"_s);
    m_title->setFont(Theme::of(this).font(Role::TitleStrong));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setObjectName(u"unapprovedClose"_s);
    close->setIcon(icon(u"close"));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close the change (Esc)"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &UnapprovedView::closeRequested);
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(close, 0, Qt::AlignTop);
    m_state = new HealthBadge(this);
    m_state->setObjectName(u"unapprovedState"_s);
    m_request = new QPushButton(this);
    m_request->setObjectName(u"unapprovedRequest"_s);
    m_request->setFlat(true);
    m_request->setIcon(icon(u"changes"));
    connect(m_request, &QPushButton::clicked, this, [this] { emit requestLinked(m_item->request); });
    auto* badges = new QHBoxLayout;
    badges->setSpacing(16);
    badges->addWidget(m_state);
    badges->addWidget(m_request);
    badges->addStretch(1);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    m_who = addFact(grid, tr("Who"), u"unapprovedWho"_s);
    m_when = addFact(grid, tr("When"), u"unapprovedWhen"_s);
    m_where = addFact(grid, tr("Where"), u"unapprovedWhere"_s);
    m_seen = addFact(grid, tr("Seen by"), u"unapprovedSeen"_s);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 8, 8, 8);
    head->setSpacing(4);
    head->addLayout(top);
    head->addLayout(badges);
    head->addLayout(grid);
    m_difference = new QTextBrowser(this);
    m_difference->setObjectName(u"unapprovedDifference"_s);
    m_difference->setAccessibleName(tr("What was changed"));
    m_difference->setOpenLinks(false);
    m_difference->setFrameShape(QFrame::NoFrame);
    m_difference->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_difference->document()->setDocumentMargin(16);
    m_question = new DecisionBar(this);
    m_question->hide();
    connect(m_question, &DecisionBar::cancelled, this, &UnapprovedView::leaveQuestion);
    connect(m_question, &DecisionBar::confirmed, this, [this](const ActAnswer& answer) { dismiss(answer.text); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_difference, 1);
    layout->addWidget(buildFoot());
    layout->addWidget(m_question);
}

void UnapprovedView::showItem(const QString& key)
{
    const UnapprovedItem* item = m_unapproved.item(key);
    if (!item) {
        emit notice(tr("That change is no longer open: somebody has accounted for it."));
        return;
    }
    if (key != this->key())
        leaveQuestion();
    m_item = *item;
    write();
    m_difference->verticalScrollBar()->setValue(0);
    refresh();
}

void UnapprovedView::clear()
{
    leaveQuestion();
    m_item.reset();
}

/// What is shown stays when it leaves the list under the person's eyes; that it did is said.
void UnapprovedView::follow()
{
    if (!m_item)
        return;
    if (const UnapprovedItem* item = m_unapproved.item(key())) {
        m_item = *item;
        refresh();
    } else if (m_unapproved.status().state == changes::DeskStatus::State::Current) {
        emit notice(tr("%1: this change is accounted for").arg(m_item->target.words()));
        emit closeRequested();
    }
}

void UnapprovedView::refresh()
{
    if (!m_item)
        return;
    const qint64 now = m_clock->nowMs();
    m_title->setText(m_item->target.words());
    const UnapprovedStanding standing = standingOf(*m_item);
    m_state->setHealth(standing.health, standing.words);
    m_state->setToolTip(standing.reason);
    m_request->setVisible(m_item->request != 0);
    m_request->setText(u' ' + tr("Open request %1").arg(m_item->request));
    m_who->setText(authorWords(*m_item));
    m_who->setToolTip(m_item->manager.isEmpty() && !m_item->byController()
                          ? tr("The API server keeps no note of who only removed fields, and before Kubernetes 1.22 of "
                               "who scaled.")
                          : tr("The program, as the API server noted it (managedFields). Which person used it stands "
                               "in the server's own audit log."));
    m_when->setText(changedWhenWords(*m_item, now));
    m_when->setToolTip(utcWords(m_item->at ? m_item->at : m_item->seenAt));
    m_where->setText(tr("cluster %1 of %2").arg(m_item->target.cluster, m_item->platform));
    m_seen->setText(m_item->observer.isEmpty() ? tr("this program, %1").arg(agoWords(m_item->seenAt, now))
                                               : tr("%1, %2").arg(m_item->observer, agoWords(m_item->seenAt, now)));
    m_seen->setToolTip(utcWords(m_item->seenAt));
    m_offers = offersFor(*m_item, m_desk);
    QString reason;
    for (qsizetype i = 0; i < m_offers.size(); ++i) {
        const UnapprovedOffer& offer = m_offers[i];
        const QString tip = offer.whyNot.isEmpty() ? u"%1 (%2)"_s.arg(offer.title, offer.shortcut) : offer.whyNot;
        m_buttons[i]->setText(offer.title);
        m_buttons[i]->setEnabled(offer.whyNot.isEmpty());
        m_buttons[i]->setToolTip(tip);
        m_buttons[i]->setAccessibleDescription(tip);
        if (reason.isEmpty())
            reason = offer.whyNot;
    }
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

void UnapprovedView::write()
{
    m_difference->clear();
    if (!m_item)
        return;
    QTextCursor cursor(m_difference->document());
    cursor.beginEditBlock();
    PlanText out(cursor, Theme::of(this));
    out.paragraph(m_item->sentence, Role::BaseStrong, Token::Text, 0, 0);
    if (m_item->difference.isEmpty())
        out.paragraph(tr("There is no difference to show."), Role::Base, Token::Muted, 0, 8);
    else
        out.paragraph(tr("The difference it made"), Role::SmallStrong, Token::Muted, 0, 10);
    out.difference(m_item->difference, 0);
    if (m_item->seen && !m_item->seen->restore.isEmpty()) {
        out.paragraph(tr("What would bring it back"), Role::SmallStrong, Token::Muted, 0, 12);
        for (const changes::Step& step : m_item->seen->restore)
            out.paragraph(step.words() + u'.', Role::Base, Token::Text, 0, 2);
    }
    cursor.endEditBlock();
}

void UnapprovedView::trigger(UnapprovedAct act)
{
    const auto offer = std::ranges::find(m_offers, act, &UnapprovedOffer::act);
    if (!m_item || offer == m_offers.end())
        return;
    if (!offer->whyNot.isEmpty()) {
        emit notice(offer->whyNot);
        return;
    }
    switch (act) {
    case UnapprovedAct::Account: return account();
    case UnapprovedAct::Restore: return restore();
    case UnapprovedAct::Dismiss: return askDismiss();
    }
}

void UnapprovedView::account()
{
    changes::RequestFields fields;
    std::optional<Plan> plan;
    if (m_item->seen) {
        fields = m_item->seen->request(m_item->id);
        if (const auto made = Plan::make(m_item->platform, fields.title, m_item->seen->repeat))
            plan = *made;
    } else {
        // All that is known here is what is on record.
        changes::ObjectChange known;
        known.target = m_item->target;
        fields = known.request(m_item->id);
        fields.what = m_item->sentence + u"\n\n"_s + m_item->difference;
        fields.rollbackPlan.clear();
    }
    emit accountRequested(m_item->platform, plan, fields);
}

void UnapprovedView::restore()
{
    const auto plan = Plan::make(m_item->platform, tr("Restore %1").arg(m_item->target.words()), m_item->seen->restore);
    if (!plan) {
        emit notice(plan.error().error().text());
        return;
    }
    auto* dialog = new RestoreDialog(m_means, tr("Restore %1").arg(m_item->target.words()), *plan,
                                     restoreRequest(*m_item, *plan), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RestoreDialog::proposed, this, &UnapprovedView::proposed);
    connect(dialog, &RestoreDialog::begun, this, &UnapprovedView::notice);
    dialog->open();
}

void UnapprovedView::askDismiss()
{
    ActQuestion question;
    question.sentence = tr("It leaves the list for everybody. Your reason goes to the record.");
    question.textLabel = tr("Reason");
    question.leastText = leastReason;
    question.confirm = tr("Dismiss");
    m_foot->hide();
    m_question->ask(question, {}, {});
    m_question->show();
}

bool UnapprovedView::leaveQuestion()
{
    const bool asked = !m_question->isHidden();
    m_question->hide();
    m_foot->show();
    return asked;
}

void UnapprovedView::dismiss(const QString& reason)
{
    m_question->setBusy(true);
    whenDone(m_unapproved.dismiss(m_item->id, reason), this, [this, of = key()](const Result<void>& answer) {
        m_question->setBusy(false);
        if (!answer)
            m_question->showError(answer.error().text());
        else if (of == key())
            leaveQuestion();
    });
}

} // namespace wk::widgets
