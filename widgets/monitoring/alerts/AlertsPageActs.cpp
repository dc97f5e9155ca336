// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on the page of alerts, and the entry that is open beside the list.
#include "widgets/common/DataTable.h"
#include "widgets/monitoring/alerts/AcknowledgeDialog.h"
#include "widgets/monitoring/alerts/AlertContent.h"
#include "widgets/monitoring/alerts/AlertRows.h"
#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/alerts/SilenceDialog.h"

#include "platform/Platform.h"

#include <QtCore/QUrl>
#include <QtGui/QDesktopServices>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::AlertSource;
using monitoring::BookedAlert;
using monitoring::labelsText;
using monitoring::Silence;

namespace {

// Ids of acts, which are the names of their buttons, too.
const QString acknowledgeAct = u"alertAcknowledge"_s, silenceAct = u"alertSilence"_s, runbookAct = u"alertRunbook"_s,
              extendAct = u"silenceExtend"_s, expireAct = u"silenceExpire"_s;

} // namespace

void AlertsPage::open(List list, const QString& id)
{
    if (id.isEmpty())
        return;
    showList(list);
    m_opened = id;
    refreshDetail();
    if (m_opened.isEmpty())
        return;
    m_detail->show();
    divide();
    if (table(list)->currentId() != id)
        table(list)->setCurrentId(id);
}

/// What is shown stays while it can be told of; what has gone closes.
void AlertsPage::refreshDetail()
{
    if (m_opened.isEmpty() || !m_place.alerts)
        return;
    const AlertSource& source = *m_place.alerts;
    const qint64 now = m_parts.clock->nowMs();
    AlertDetail::Content content;
    if (list() == List::Alerts) {
        const BookedAlert* alert = source.book().find(m_opened);
        if (!alert)
            return close();
        content = alerts::contentOf(source, *alert, now);
        const QString over = alert->firing ? QString() : tr("It is resolved.");
        content.acts = {{acknowledgeAct, tr("Acknowledge…"), over, tr("Put a name to it (K)")},
                        {silenceAct, tr("Silence…"), whyNoSilence(), tr("Keep it from people for a while (M)")}};
        if (const QString runbook = alerts::runbookOf(alert->alert); !runbook.isEmpty())
            content.acts << AlertDetail::Act{runbookAct, tr("Open the runbook"), {}, runbook};
    } else if (list() == List::Silences) {
        const Silence* silence = source.silence(m_opened);
        if (!silence)
            return close();
        content = alerts::contentOf(source, *silence, now);
        const bool over = silence->stateAt(now) == Silence::State::Expired;
        content.acts = {{extendAct, over ? tr("Make it anew…") : tr("Extend…"), whyNoSilence()}};
        if (!over)
            content.acts << AlertDetail::Act{expireAct, tr("End it now…"), whyNoSilence()};
    } else {
        const auto is = [this](const monitoring::AlertGroup& one) {
            return one.receiver + u' ' + labelsText(one.labels) == m_opened;
        };
        const auto group = std::ranges::find_if(source.groups(), is);
        if (group == source.groups().end())
            return close();
        content = alerts::contentOf(*group);
    }
    m_detail->setContent(content);
}

void AlertsPage::act(const QString& id)
{
    if (id == acknowledgeAct)
        acknowledge(m_opened);
    else if (id == silenceAct)
        silence(m_opened);
    else if (id == extendAct)
        extend(m_opened);
    else if (id == expireAct)
        expire(m_opened);
    else if (const BookedAlert* alert = m_place.alerts->book().find(m_opened))
        followLink(alerts::runbookOf(alert->alert));
}

void AlertsPage::followLink(const QString& link)
{
    if (link.startsWith(alerts::silenceLink))
        open(List::Silences, link.sliced(alerts::silenceLink.size()));
    else if (link.startsWith(alerts::alertLink))
        open(List::Alerts, link.sliced(alerts::alertLink.size()));
    else if (!link.isEmpty() && !QDesktopServices::openUrl(QUrl(link)))
        emit notice(tr("Nothing here opens %1").arg(link));
}

void AlertsPage::acknowledge(const QString& fingerprint)
{
    const BookedAlert* alert = m_place.alerts ? m_place.alerts->book().find(fingerprint) : nullptr;
    if (!alert || !alert->firing)
        return;
    auto* dialog = new AcknowledgeDialog(alert->alert.name(), m_parts.who ? m_parts.who() : QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, fingerprint] {
        const auto added =
            m_parts.acknowledgements->add({fingerprint, dialog->name(), dialog->note(), m_parts.clock->nowMs()});
        emit notice(added ? tr("Seen by %1").arg(dialog->name()) : added.error().text());
        refresh();
    });
    dialog->open();
}

QString AlertsPage::whyNoSilence() const
{
    return m_parts.door ? QString() : tr("Silences go through the store of changes, and there is none here.");
}

SilenceWish AlertsPage::wishFor(const Silence& silence) const
{
    SilenceWish out;
    out.platform = m_place.platform ? m_place.platform->name : QString();
    out.cluster = m_place.cluster;
    out.silence = silence;
    if (out.silence.createdBy.isEmpty() && m_parts.who)
        out.silence.createdBy = m_parts.who();
    return out;
}

void AlertsPage::silence(const QString& fingerprint)
{
    if (!m_place.alerts)
        return;
    Silence silence;
    if (const BookedAlert* alert = m_place.alerts->book().find(fingerprint))
        for (const auto& [name, value] : alert->alert.labels)
            silence.matchers.push_back({name, value});
    ask(wishFor(silence));
}

void AlertsPage::extend(const QString& silenceId)
{
    const Silence* known = m_place.alerts ? m_place.alerts->silence(silenceId) : nullptr;
    if (!known)
        return;
    SilenceWish wish = wishFor(*known);
    wish.kind = SilenceWish::Kind::Extend;
    ask(wish);
}

void AlertsPage::expire(const QString& silenceId)
{
    const Silence* known = m_place.alerts ? m_place.alerts->silence(silenceId) : nullptr;
    if (!known)
        return;
    SilenceWish wish = wishFor(*known);
    wish.kind = SilenceWish::Kind::Expire;
    ask(wish);
}

void AlertsPage::ask(const SilenceWish& wish)
{
    if (const QString why = whyNoSilence(); !why.isEmpty()) {
        emit notice(why);
        return;
    }
    if (m_dialog)
        return;
    m_dialog = new SilenceDialog(wish, m_place.alerts, *m_parts.door, m_parts.clock, this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &SilenceDialog::notice, this, &AlertsPage::notice);
    connect(m_dialog, &QDialog::finished, this, [this] {
        m_dialog = nullptr;
        if (m_place.alerts)
            m_place.alerts->askNow();
    });
    m_dialog->open();
}

} // namespace wk::widgets
