// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/unapproved/RestoreDialog.h"

#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/plan/PlanView.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

RestoreDialog::RestoreDialog(ChangeMeans& means, const QString& title, changes::Plan plan,
                             changes::RequestFields fields, QWidget* parent)
    : QDialog(parent), m_means(means), m_plan(std::move(plan)), m_fields(std::move(fields)), m_view(new PlanView(this)),
      m_reason(new QLabel(this)), m_now(new QPushButton(tr("Do it now"), this)),
      m_propose(new QPushButton(tr("Propose it"), this))
{
    setObjectName(u"restoreDialog"_s);
    setWindowTitle(tr("Restore"));
    resize(680, 540);
    auto* heading = new QLabel(title, this);
    heading->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    m_reason->setObjectName(u"restoreReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    m_now->setObjectName(u"restoreNow"_s);
    m_propose->setObjectName(u"restorePropose"_s);
    auto* back = new QPushButton(tr("Back"), this);
    back->setObjectName(u"restoreBack"_s);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(back);
    buttons->addStretch(1);
    buttons->addWidget(m_now);
    buttons->addWidget(m_propose);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(heading);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_reason);
    layout->addLayout(buttons);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_now, &QPushButton::clicked, this, &RestoreDialog::doNow);
    connect(m_propose, &QPushButton::clicked, this, [this] {
        emit proposed(m_plan, m_fields);
        accept();
    });
    m_view->setPlan(m_plan);
    refresh();
    askNext();
}

/// One step after the other: what it would change, and whether the cluster lets the person do it.
void RestoreDialog::askNext()
{
    if (m_asked == m_plan.steps().size())
        return refresh();
    const changes::Step step = m_plan.steps().at(m_asked);
    const int number = m_asked + 1;
    m_view->setAsking(number);
    whenDone(m_means.preview(m_plan.platform(), step), this,
             [this, number](const Result<changes::Preview>& preview) { m_view->setPreview(number, preview); });
    whenDone(m_means.whyNotAllowed(m_plan.platform(), step), this, [this](const Result<QString>& answer) {
        ++m_asked;
        if (m_forbidden.isEmpty())
            m_forbidden = answer ? *answer : answer.error().text();
        askNext();
    });
}

void RestoreDialog::refresh()
{
    const bool asked = m_asked == m_plan.steps().size();
    const QString why = !asked                   ? tr("The cluster is asked whether you may do this.")
                        : !m_forbidden.isEmpty() ? m_forbidden
                                                 : m_means.whyNotAtOnce(m_plan);
    m_now->setEnabled(why.isEmpty());
    m_now->setToolTip(why);
    m_now->setDefault(why.isEmpty());
    m_propose->setDefault(asked && !why.isEmpty());
    m_reason->setText(asked ? why : QString());
}

void RestoreDialog::doNow()
{
    if (const auto started = m_means.runAtOnce(m_fields, m_plan); !started) {
        m_reason->setText(started.error().text());
        return;
    }
    emit begun(m_plan.steps().first().words());
    accept();
}

} // namespace wk::widgets
