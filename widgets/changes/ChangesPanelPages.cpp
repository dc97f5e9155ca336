// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the Changes panel that are made when they are first wanted.
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/changes/rules/CalendarView.h"
#include "widgets/changes/rules/PolicyView.h"
#include "widgets/changes/unapproved/UnapprovedPage.h"

#include <QtWidgets/QPushButton>
#include <QtWidgets/QStackedWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;

CalendarView* ChangesPanel::calendar()
{
    if (!m_calendar) {
        m_calendar = new CalendarView(m_parts.desk, m_parts.clock, this);
        m_centre->addWidget(m_calendar);
        connect(m_calendar, &CalendarView::requestLinked, this, &ChangesPanel::openRequest);
        connect(m_calendar, &CalendarView::notice, this, &ChangesPanel::notice);
    }
    return m_calendar;
}

PolicyView* ChangesPanel::policies()
{
    if (!m_policies) {
        m_policies = new PolicyView(m_parts.desk, m_parts.clock, this);
        m_centre->addWidget(m_policies);
        connect(m_policies, &PolicyView::notice, this, &ChangesPanel::notice);
    }
    return m_policies;
}

AuditView* ChangesPanel::audit()
{
    if (!m_audit) {
        m_audit = new AuditView(m_parts.desk, m_parts.clock, m_parts.dialogs, this);
        m_centre->addWidget(m_audit);
        connect(m_audit, &AuditView::requestLinked, this, &ChangesPanel::openRequest);
        connect(m_audit, &AuditView::notice, this, &ChangesPanel::notice);
    }
    return m_audit;
}

UnapprovedPage* ChangesPanel::unapproved()
{
    if (!m_unapproved) {
        m_unapproved = new UnapprovedPage(
            {*m_parts.unapproved, m_parts.desk, m_parts.means, m_parts.clock, m_parts.states, m_parts.dialogs}, this);
        m_centre->addWidget(m_unapproved);
        connect(m_unapproved, &UnapprovedPage::requestLinked, this, &ChangesPanel::openRequest);
        connect(m_unapproved, &UnapprovedPage::notice, this, &ChangesPanel::notice);
        connect(m_unapproved, &UnapprovedPage::proposed, this, &ChangesPanel::propose);
        connect(m_unapproved, &UnapprovedPage::accountRequested, this, &ChangesPanel::account);
    }
    return m_unapproved;
}

void ChangesPanel::openUnapproved(const QString& key)
{
    if (!m_parts.unapproved)
        return;
    showPart(u"unapproved"_s);
    if (!key.isEmpty())
        unapproved()->open(key);
}

RequestForm* ChangesPanel::form()
{
    if (!m_form) {
        m_form = new RequestForm(m_parts.desk, m_parts.means, m_parts.clock, this);
        m_centre->addWidget(m_form);
        connect(m_form, &RequestForm::notice, this, &ChangesPanel::notice);
        connect(m_form, &RequestForm::left, this, &ChangesPanel::leaveForm);
        connect(m_form, &RequestForm::saved, this, [this](qint64 number) {
            leaveForm();
            showPart(changeListId(ChangeList::Mine));
            openRequest(number);
        });
    }
    return m_form;
}

void ChangesPanel::showForm()
{
    closeRequest();
    m_centre->setCurrentWidget(form());
    m_new->setEnabled(false);
}

void ChangesPanel::leaveForm() { showPart(m_part); }

void ChangesPanel::newRequest(const QString& platform)
{
    if (!form()->isDirty())
        form()->begin(platform);
    showForm();
}

void ChangesPanel::followTemplate(const QString& platform, const QString& name, const QJsonObject& given)
{
    if (form()->isDirty())
        emit notice(tr("A request that was begun is not saved yet; save or discard it first"));
    else
        form()->beginTemplate(platform, name, given);
    showForm();
}

void ChangesPanel::propose(const changes::Plan& plan, const changes::RequestFields& fields)
{
    if (form()->isDirty())
        emit notice(tr("A request that was begun is not saved yet; save or discard it first"));
    else
        form()->beginPlan(plan, fields);
    showForm();
}

void ChangesPanel::account(const QString& platform, const std::optional<changes::Plan>& plan,
                           const changes::RequestFields& fields)
{
    if (form()->isDirty())
        emit notice(tr("A request that was begun is not saved yet; save or discard it first"));
    else if (plan)
        form()->beginPlan(*plan, fields);
    else
        form()->beginRecord(platform, fields);
    showForm();
}

void ChangesPanel::edit(qint64)
{
    if (form()->isDirty())
        emit notice(tr("A request that was begun is not saved yet; save or discard it first"));
    else
        form()->edit(*m_view->detail());
    showForm();
}

} // namespace wk::widgets
