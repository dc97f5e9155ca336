// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/unapproved/UnapprovedWords.h"

#include "widgets/changes/plan/ActionSteps.h"
#include "widgets/changes/requests/RequestOffers.h"
#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::UnapprovedItem;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::UnapprovedWords)
};

/// Why nothing can be said about it on record; empty: it can.
QString whyNotOnRecord(const UnapprovedItem& item, const changes::ChangeDesk& desk)
{
    if (item.byController())
        return Texts::tr("%1 does that by itself: nobody has to account for it.").arg(authorWords(item));
    if (const QString refusal = deskRefusal(desk); !refusal.isEmpty())
        return refusal;
    if (item.id == 0)
        return item.notFiled.isEmpty() ? Texts::tr("It is not on record yet.")
                                       : Texts::tr("It could not be put on record: %1").arg(item.notFiled);
    if (item.request != 0)
        return Texts::tr("Request %1 accounts for it.").arg(item.request);
    if (!desk.person().solo && !desk.person().writes(item.platform))
        return Texts::tr("You have no role on platform %1 that files requests.").arg(item.platform);
    return {};
}

QString whyNotRestore(const UnapprovedItem& item, const changes::ChangeDesk& desk)
{
    if (item.byController())
        return Texts::tr("%1 would do it again.").arg(authorWords(item));
    if (!item.seen)
        return Texts::tr("This program was not watching when it happened: it does not know what was there before. "
                         "That of %1 does, while it runs.")
            .arg(item.observer);
    if (item.seen->restore.isEmpty())
        return item.seen->cannotRestore;
    if (const QString refusal = deskRefusal(desk); !refusal.isEmpty())
        return refusal;
    if (!desk.person().solo && !desk.person().writes(item.platform))
        return Texts::tr("You have no role on platform %1 that files requests.").arg(item.platform);
    return {};
}

} // namespace

QString authorWords(const UnapprovedItem& item)
{
    if (item.byController()) {
        QString words = item.controller;
        words[0] = words[0].toUpper();
        return item.manager.isEmpty() ? words : u"%1 (%2)"_s.arg(words, item.manager);
    }
    return item.manager.isEmpty() ? Texts::tr("not noted by the server") : item.manager;
}

QString changeWords(const UnapprovedItem& item)
{
    // A record of another cockpit holds no more than the sentence.
    const QString words = item.target.words() + u": "_s;
    const qsizetype at = item.sentence.indexOf(words);
    QString out = at < 0 ? item.sentence : item.sentence.mid(at + words.size());
    if (out.endsWith(u'.'))
        out.chop(1);
    return out;
}

QString changedWhenWords(const UnapprovedItem& item, qint64 nowMs)
{
    return item.at ? agoWords(item.at, nowMs) : Texts::tr("seen %1").arg(agoWords(item.seenAt, nowMs));
}

QString utcWords(const changes::Moment& moment)
{
    return moment ? moment->toUTC().toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s) : QString();
}

UnapprovedStanding standingOf(const UnapprovedItem& item)
{
    if (item.byController())
        return {Health::None, Texts::tr("by a controller"), {}};
    if (item.request != 0) {
        const auto state = item.requestState.value_or(changes::RequestState::Draft);
        return {Health::Info, Texts::tr("request %1: %2").arg(item.request).arg(changes::requestStateWords(state)),
                Texts::tr("It leaves this list once that request is closed.")};
    }
    if (!item.notFiled.isEmpty())
        return {Health::Bad, Texts::tr("not on record"), item.notFiled};
    return {Health::Warning, Texts::tr("open"), Texts::tr("Nobody has accounted for it.")};
}

QList<UnapprovedOffer> offersFor(const UnapprovedItem& item, const changes::ChangeDesk& desk)
{
    const QString recorded = whyNotOnRecord(item, desk);
    return {{UnapprovedAct::Account, Texts::tr("Request after the fact…"), recorded, u"F"_s},
            {UnapprovedAct::Restore, Texts::tr("Restore…"), whyNotRestore(item, desk), u"B"_s},
            {UnapprovedAct::Dismiss, Texts::tr("Dismiss…"), recorded, u"I"_s}};
}

changes::RequestFields restoreRequest(const UnapprovedItem& item, const changes::Plan& plan)
{
    changes::RequestFields fields = actionRequest(plan);
    fields.title = u"[%1] - %2"_s.arg(item.target.name.left(120), Texts::tr("restore what was there"));
    fields.why = Texts::tr("It was changed without a request. %1").arg(item.sentence);
    fields.impact = Texts::tr("What was there before the change is there again.");
    fields.rollbackPlan = Texts::tr("What is there now is recorded just before and can be put back.");
    fields.rollbackMinutes = 5;
    fields.dataRecovery = Texts::tr("Not needed: no data are touched.");
    return fields;
}

} // namespace wk::widgets
