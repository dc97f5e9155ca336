// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestView.h"

#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/execution/ExecutionView.h"
#include "widgets/changes/plan/PlanView.h"
#include "widgets/changes/requests/OfferBar.h"
#include "widgets/changes/requests/RequestSections.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/Theme.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestState;

RequestView::RequestView(changes::ChangeDesk& desk, ChangeMeans& means, std::shared_ptr<Clock> clock,
                         std::shared_ptr<FileDialogs> dialogs, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_means(means), m_clock(std::move(clock))
{
    setObjectName(u"requestView"_s);
    build(std::move(dialogs));
    connectParts();
    connect(&m_desk, &changes::ChangeDesk::changed, this, &RequestView::refresh);
    const auto mine = [this](qint64 number) {
        if (number == m_number)
            read();
    };
    connect(&m_desk, &changes::ChangeDesk::requestChanged, this, mine);
    connect(&m_desk, &changes::ChangeDesk::executionChanged, this, mine);
    connect(&m_means, &ChangeMeans::executorChanged, this, &RequestView::refresh);
}

void RequestView::buildHead(QVBoxLayout* column)
{
    const Theme& theme = Theme::of(this);
    const auto label = [this](const QString& name) {
        auto* made = new QLabel(this);
        made->setObjectName(name);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(true);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return made;
    };
    m_title = label(u"requestTitle"_s);
    m_title->setFont(theme.font(Theme::Role::TitleStrong));
    m_facts = label(u"requestFacts"_s);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_reason = label(u"requestReason"_s);
    m_hash = label(u"requestHash"_s);
    m_hash->setFont(theme.font(Theme::Role::Mono));
    m_hash->setForegroundRole(QPalette::PlaceholderText);
    m_hash->setWordWrap(false);
    m_state = new HealthBadge(this);
    m_state->setObjectName(u"requestState"_s);
    m_risk = new HealthBadge(this);
    m_risk->setObjectName(u"requestRisk"_s);
    const auto button = [this](const QString& name, const QString& iconName, const QString& tip) {
        auto* made = new QToolButton(this);
        made->setObjectName(name);
        made->setIcon(icon(iconName));
        made->setAutoRaise(true);
        made->setToolTip(tip);
        made->setAccessibleName(tip);
        return made;
    };
    m_close = button(u"requestClose"_s, u"close"_s, tr("Close the request (Esc)"));
    connect(m_close, &QToolButton::clicked, this, &RequestView::closeRequested);
    m_copy = button(u"requestCopy"_s, u"copy"_s, tr("Copy the whole SHA-256 of the plan"));
    connect(m_copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromLatin1(m_detail->summary.sha256));
        emit notice(tr("Copied the plan's SHA-256"));
    });
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_close, 0, Qt::AlignTop);
    auto* badges = new QHBoxLayout;
    badges->setSpacing(16);
    badges->addWidget(m_state);
    badges->addWidget(m_risk);
    badges->addStretch(1);
    badges->addWidget(m_hash);
    badges->addWidget(m_copy);
    column->setContentsMargins(16, 8, 8, 0);
    column->setSpacing(4);
    column->addLayout(top);
    column->addLayout(badges);
    column->addWidget(m_facts);
    column->addWidget(m_reason);
}

void RequestView::build(std::shared_ptr<FileDialogs> dialogs)
{
    auto* head = new QVBoxLayout;
    buildHead(head);
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(u"requestTabs"_s);
    m_tabs->setAccessibleName(tr("Parts of the request"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    for (const QString& title : {tr("Plan and difference"), tr("Approvals"), tr("Form"), tr("Execution"), tr("Audit")})
        m_tabs->addTab(title);
    head->addWidget(m_tabs);
    m_plan = new PlanView(this);
    m_approvals = new SummaryView(this);
    m_approvals->setObjectName(u"requestApprovals"_s);
    m_form = new SummaryView(this);
    m_form->setObjectName(u"requestForm"_s);
    m_execution = new ExecutionView(m_clock, m_means.world(), this);
    m_audit = new AuditView(m_desk, m_clock, std::move(dialogs), this);
    m_stateView = new StateView(this);
    m_stateView->setObjectName(u"requestStateView"_s);
    m_stale = new StaleBanner(this);
    m_stack = new QStackedWidget(this);
    const QList<QWidget*> pages{m_plan, m_approvals, m_form, m_execution, m_audit, m_stateView};
    for (QWidget* page : pages)
        m_stack->addWidget(page);
    m_bar = new OfferBar(this);
    m_question = new DecisionBar(this);
    m_question->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_stale);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_bar);
    layout->addWidget(m_question);
}

void RequestView::connectParts()
{
    connect(m_tabs, &QTabBar::currentChanged, this, &RequestView::refresh);
    connect(m_audit, &AuditView::notice, this, &RequestView::notice);
    connect(m_bar, &OfferBar::triggered, this, &RequestView::trigger);
    connect(m_question, &DecisionBar::cancelled, this, &RequestView::closeQuestion);
    connect(m_question, &DecisionBar::confirmed, this, &RequestView::perform);
    connect(m_stateView, &StateView::actionTriggered, this, &RequestView::read);
    connect(m_plan, &PlanView::moreWanted, this, [this] {
        m_limit = changes::Plan::maxSteps;
        m_plan->setUnasked(0);
        askNext();
    });
    for (SummaryView* view : {m_approvals, m_form})
        connect(view, &SummaryView::linkActivated, this, &RequestView::onLink);
}

void RequestView::showRequest(qint64 number)
{
    if (number == m_number)
        return;
    clear();
    m_number = number;
    m_stateView->showLoading(tr("Reading request %1").arg(number));
    refresh();
    read();
}

void RequestView::clear()
{
    closeQuestion();
    ++m_generation;
    m_number = 0;
    m_detail.reset();
    m_offers.clear();
    m_asking = 0;
    m_limit = previewLimit;
    m_tabs->setCurrentIndex(0);
}

void RequestView::showPage(Page page) { m_tabs->setCurrentIndex(int(page)); }
RequestView::Page RequestView::page() const { return Page(m_tabs->currentIndex()); }

void RequestView::read()
{
    whenDone(m_desk.detail(m_number), this, [this, generation = m_generation](const Result<RequestDetail>& answer) {
        if (generation != m_generation)
            return;
        if (answer)
            take(*answer);
        else if (!m_detail)
            m_stateView->showFailed(tr("Request %1 could not be read").arg(m_number), answer.error(), tr("Try again"));
    });
}

void RequestView::take(RequestDetail detail)
{
    const bool another = m_detail && (m_detail->summary.revision != detail.summary.revision ||
                                      m_detail->summary.sha256 != detail.summary.sha256 ||
                                      m_detail->summary.state != detail.summary.state);
    if (another && !m_sending && m_question->isVisible()) {
        closeQuestion();
        emit notice(tr("Request %1 has changed under your eyes; look at it again.").arg(m_number));
    }
    m_detail = std::move(detail);
    if (m_detail->plan) {
        m_plan->setPlan(*m_detail->plan);
        const auto* execution = m_detail->execution();
        m_plan->setRecords(execution ? execution->steps : QList<changes::StepRecord>());
        m_plan->setSaysLoose(!execution);
        const int steps = int(m_detail->plan->steps().size());
        m_plan->setUnasked(steps > m_limit && wantsPreview(m_limit + 1) ? m_limit + 1 : 0);
    } else {
        const Error& error = m_detail->plan.error();
        const bool none = error.kind == Error::Kind::NotFound;
        m_plan->setNoPlan(none ? tr("A record of what was already done") : tr("This plan cannot be trusted"),
                          none ? tr("It has no steps: nothing is carried out.") : error.text());
    }
    refresh();
    askNext();
    emit loaded();
}

void RequestView::refresh()
{
    if (m_number == 0)
        return;
    m_stale->setFreshness(m_detail ? freshnessOf(m_desk.status()) : table::Freshness{}, m_clock->nowMs());
    m_tabs->setVisible(m_detail.has_value());
    m_bar->setVisible(m_detail && m_question->isHidden());
    refreshHead();
    if (!m_detail) {
        m_stack->setCurrentWidget(m_stateView);
        return;
    }
    refreshOffers();
    m_approvals->setSections(approvalSections(*m_detail, m_desk, m_clock->nowMs()));
    m_form->setSections(formSections(*m_detail, m_clock->nowMs()));
    m_execution->show(*m_detail, m_means.executor(m_number));
    if (page() == Page::Audit)
        m_audit->showAudit(m_number);
    m_stack->setCurrentIndex(m_tabs->currentIndex());
}

void RequestView::refreshHead()
{
    for (QWidget* part : {static_cast<QWidget*>(m_state), static_cast<QWidget*>(m_risk), static_cast<QWidget*>(m_copy),
                          static_cast<QWidget*>(m_hash), static_cast<QWidget*>(m_facts)})
        part->setVisible(m_detail.has_value());
    if (!m_detail) {
        m_title->setText(tr("Request %1").arg(m_number));
        m_reason->hide();
        return;
    }
    const auto& s = m_detail->summary;
    m_title->setText(u"%1\u2002%2"_s.arg(s.number).arg(s.title));
    const Standing standing = standingOf(s);
    m_state->setHealth(standing.health, standing.words);
    m_risk->setHealth(riskHealth(s.risk), riskText(s.risk));
    m_hash->setText(shortHash(s.sha256));
    m_hash->setToolTip(tr("SHA-256 of the plan: %1").arg(QString::fromLatin1(s.sha256)));
    m_hash->setVisible(!s.sha256.isEmpty());
    m_copy->setVisible(!s.sha256.isEmpty());
    m_facts->setText(QStringList{
        s.platform, typeWords(s.type), tr("revision %1").arg(s.revision),
        tr("by %1").arg(s.requester == s.editor ? s.requester : tr("%1, edited by %2").arg(s.requester, s.editor))}
                         .join(u" · "_s));
    const QString waits =
        s.state == RequestState::Submitted && !s.expired ? tr("Waits for %1.").arg(waitsForWords(s)) : standing.reason;
    QStringList lines{waits, ruleWords(s.rule)};
    const auto same = std::ranges::count(m_detail->conflicts, true, &changes::RequestConflict::sameObject);
    if (same > 0)
        lines << tr("%1 other open requests change the same object.").arg(same);
    lines.removeAll(QString());
    m_reason->setText(lines.join(u' '));
    m_reason->setVisible(!lines.isEmpty());
}

void RequestView::refreshOffers()
{
    m_offers =
        offersFor(*m_detail, m_desk,
                  {m_means.whyNotRun(*m_detail), m_means.whyNotTakeOver(*m_detail), m_means.whyNotApprove(*m_detail)});
    m_bar->setOffers(m_offers);
}

bool RequestView::wantsPreview(int step) const
{
    const RequestState state = m_detail->summary.state;
    if (!m_detail->plan || state > RequestState::Running || !changes::isOpen(state))
        return false;
    const auto* execution = m_detail->execution();
    const changes::Step& s = m_detail->plan->steps().at(step - 1);
    return s.isAction() && !s.target.cluster.isEmpty() && s.target.type() == changes::Target::Kind::Object &&
           !m_plan->hasPreview(step) && !(execution && execution->step(step));
}

void RequestView::askNext()
{
    if (!m_detail || !m_detail->plan || m_asking != 0)
        return;
    const auto& steps = m_detail->plan->steps();
    for (int step = 1; step <= steps.size() && step <= m_limit; ++step) {
        if (!wantsPreview(step))
            continue;
        m_asking = step;
        m_plan->setAsking(step);
        whenDone(m_means.preview(m_detail->plan->platform(), steps[step - 1]), this,
                 [this, step, generation = m_generation,
                  sha256 = m_detail->summary.sha256](const Result<changes::Preview>& preview) {
                     if (generation != m_generation)
                         return;
                     m_asking = 0;
                     if (m_detail->summary.sha256 == sha256)
                         m_plan->setPreview(step, preview);
                     askNext();
                 });
        return;
    }
}

} // namespace wk::widgets
