// SPDX-License-Identifier: GPL-3.0-or-later
// What the Changes panel says at a glance.
#include "changes/execution/Executor.h"
#include "changes/unapproved/UnapprovedDesk.h"
#include "core/Duration.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/common/Health.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::DeskStatus;
using table::Health;

QString ChangesPanel::headline() const { return m_headline->text(); }

/// Executions of this program that stand still until the person decides.
int ChangesPanel::decisions() const
{
    return int(std::ranges::count_if(m_parts.desk.rows(), [this](const changes::RequestSummary& request) {
        const changes::Executor* executor = m_parts.means.executor(request.number);
        return executor && executor->phase() == changes::Executor::Phase::Deciding;
    }));
}

void ChangesPanel::follow()
{
    auto& desk = m_parts.desk;
    const bool known =
        desk.status().state == DeskStatus::State::Current || desk.status().state == DeskStatus::State::Stale;
    const bool abandoned = std::ranges::any_of(desk.rows(), &changes::RequestSummary::leaseDead);
    for (const ChangeList list : changeLists) {
        const int count = known ? countOf(list, desk) : -1;
        Health health = Health::None;
        if (list == ChangeList::Waiting && count > 0)
            health = Health::Warning;
        else if (list == ChangeList::Running && count > 0)
            health = abandoned ? Health::Bad : decisions() > 0 ? Health::Warning : Health::Info;
        m_nav->setCount(changeListId(list), list == ChangeList::History ? -1 : count, health, changeListTitle(list));
    }
    followUnapproved();
    const ApprovalFigure figure = approvalFigure(desk.rows());
    m_figure->setText(figure.count == 0 ? QString()
                                        : tr("Approval takes %1: median of %2 in the last 30 days")
                                              .arg(humanDuration(figure.medianMs))
                                              .arg(figure.count));
    const auto& person = desk.person();
    m_codes->setVisible(known && !person.solo && !person.name.isEmpty() &&
                        person.totp != changes::Person::Totp::Confirmed);
    followStatus();
    // What calls first is shown first, until the person has gone somewhere.
    if (known && !m_chosen) {
        const bool waits = countOf(ChangeList::Waiting, desk) > 0;
        const bool runs = countOf(ChangeList::Running, desk) > 0;
        const bool unasked = m_parts.unapproved && m_parts.unapproved->open() > 0;
        showPart(waits     ? changeListId(ChangeList::Waiting)
                 : runs    ? changeListId(ChangeList::Running)
                 : unasked ? u"unapproved"_s
                           : changeListId(ChangeList::Open));
        m_chosen = true;
    }
}

void ChangesPanel::followStatus()
{
    auto& desk = m_parts.desk;
    const DeskStatus& status = desk.status();
    m_sureOfRecord = m_sureOfRecord && status.record;
    m_record->setText(Health::Bad, status.record ? status.record->text() : QString(),
                      m_sureOfRecord ? tr("Accept it: nobody is told again") : tr("Accept the record as it is"));
    const auto& notices = desk.notices();
    const bool news = !notices.isEmpty() && notices.first().id > m_seenNotice;
    const bool leads = news && m_parts.unapproved && notices.first().kind == u"unapproved";
    m_notice->setText(Health::Warning, news ? notices.first().text : QString(), leads ? tr("Show it") : tr("Seen"));
    const int waiting = int(desk.waitingForMe().size());
    const int running = countOf(ChangeList::Running, desk);
    const int undecided = decisions();
    QString runs = running == 1 ? tr("1 is running") : tr("%1 are running").arg(running);
    if (undecided > 0)
        runs += undecided == 1 ? tr(", 1 stands still until you decide")
                               : tr(", %1 stand still until you decide").arg(undecided);
    QString text;
    Health health = Health::Good;
    if (status.state == DeskStatus::State::Loading) {
        text = tr("Changes");
        health = Health::None;
    } else if (status.state == DeskStatus::State::Failed) {
        text = tr("The store of changes cannot be used");
        health = Health::Bad;
    } else {
        const QString waits = waiting == 0   ? tr("Nothing waits for you")
                              : waiting == 1 ? tr("1 request waits for you")
                                             : tr("%1 requests wait for you").arg(waiting);
        text = running > 0 ? waits + u"; "_s + runs : waits;
        if (status.state == DeskStatus::State::Stale && status.asOf)
            text += tr(", as of %1").arg(momentWords(status.asOf, m_parts.clock->nowMs()));
        health = waiting + undecided > 0 ? Health::Warning : running > 0 ? Health::Info : Health::Good;
    }
    m_headline->setText(text);
    m_headlineIcon->setVisible(health != Health::None);
    m_headlineIcon->setPixmap(healthIcon(health).pixmap(20, 20));
}

void ChangesPanel::followUnapproved()
{
    if (!m_parts.unapproved)
        return;
    const DeskStatus::State state = m_parts.unapproved->status().state;
    const bool known = state == DeskStatus::State::Current || state == DeskStatus::State::Stale;
    const int open = m_parts.unapproved->open();
    m_nav->setCount(u"unapproved"_s, known || open > 0 ? open : -1, open > 0 ? Health::Warning : Health::None,
                    tr("What was changed without a request, and nobody has accounted for"));
}

/// The newest notice has been seen; of an unapproved change, it leads there.
void ChangesPanel::leaveNotice()
{
    const auto& notices = m_parts.desk.notices();
    if (notices.isEmpty())
        return;
    const changes::Notice notice = notices.first();
    m_seenNotice = notice.id;
    followStatus();
    if (!m_parts.unapproved || notice.kind != u"unapproved")
        return;
    const auto& items = m_parts.unapproved->items();
    const auto it = std::ranges::find(items, notice.number, &changes::UnapprovedItem::id);
    openUnapproved(it == items.end() ? QString() : it->key());
}

void ChangesPanel::acceptRecord()
{
    // It cannot be taken back: one click asks, the next one is the answer.
    if (std::exchange(m_sureOfRecord, !m_sureOfRecord))
        m_parts.desk.acceptRecord();
    followStatus();
}

} // namespace wk::widgets
