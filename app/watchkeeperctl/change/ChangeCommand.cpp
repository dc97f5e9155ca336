// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeAwait.h"
#include "change/ChangeBinding.h"
#include "change/ChangeExecution.h"
#include "change/ChangeGlass.h"
#include "change/ChangePlan.h"
#include "change/ChangePrinter.h"
#include "change/ChangeRules.h"
#include "change/ChangeWriting.h"

#include <QtCore/QJsonDocument>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestState;
using changes::RequestSummary;

namespace {

void plan(ChangeSession& s)
{
    const auto given = planOf(s, s.arguments().words.sliced(1));
    if (!given) {
        s.fail(given.error());
        return;
    }
    const auto print = [&s](const changes::Plan& made, const QList<PlanPreview::Entry>& entries) {
        const auto failed = std::ranges::any_of(entries, [](const auto& entry) { return entry.error.has_value(); });
        if (s.wantsJson()) {
            QJsonObject json{{u"sha256"_s, QString::fromLatin1(made.sha256())},
                             {u"plan"_s, QString::fromUtf8(made.canonical())},
                             {u"words"_s, QJsonArray::fromStringList(made.words())},
                             {u"loose"_s, looseJson(made)}};
            if (!entries.isEmpty())
                json.insert(u"preview"_s, previewJson(made, entries));
            printJson(json);
        } else {
            printLine(ChangeSession::tr("%1, for platform %2").arg(made.title(), made.platform()));
            if (entries.isEmpty())
                printLine(made.words().join(u'\n'));
            else
                printPreview(made, entries);
            printLine(ChangeSession::tr("SHA-256 %1").arg(QString::fromLatin1(made.sha256())));
        }
        s.finish(failed ? Refused : Done);
    };
    withBound(s, given->plan, [&s, print](const changes::BoundPlan& bound) {
        if (s.arguments().contexts.isEmpty())
            print(bound.plan, {});
        else
            withPreview(s, bound.plan, [print, plan = bound.plan](const auto& entries) { print(plan, entries); });
    });
}

void show(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        if (s.wantsJson())
            printJson(requestJson(detail));
        else
            printRequest(detail);
        s.finish(Done);
    });
}

QList<RequestSummary> waitingForMe(ChangeSession& s)
{
    QList<RequestSummary> out;
    for (const changes::Waiting& waiting : s.desk().waitingForMe()) {
        const auto& rows = s.desk().rows();
        const auto it = std::ranges::find(rows, waiting.number, &RequestSummary::number);
        if (it == rows.end())
            continue;
        out << *it;
        if (!s.wantsJson())
            printNote(waiting.sentence);
    }
    return out;
}

/// The states that --state names; all known ones where there is none.
Result<QList<RequestState>> statesOf(const Arguments& arguments)
{
    QList<RequestState> out;
    for (const QString& word : arguments.value(u"state"_s).split(u',', Qt::SkipEmptyParts)) {
        const auto state = changes::requestState(QString(word).replace(u'-', u'_'));
        if (!state) {
            QStringList known;
            for (const RequestState one : changes::requestStates())
                known << changes::requestStateName(one);
            return fail(Error::Kind::BadInput, ChangeSession::tr("There is no state \"%1\"").arg(word), {},
                        ChangeSession::tr("States: %1").arg(known.join(u", "_s)));
        }
        out << *state;
    }
    return out;
}

void list(ChangeSession& s)
{
    const auto states = statesOf(s.arguments());
    if (!states) {
        s.fail(states.error());
        return;
    }
    const auto print = [&s](const QList<RequestSummary>& all) {
        QList<RequestSummary> shown;
        const QString me = s.desk().person().name;
        const bool mine = s.arguments().has(u"mine"_s);
        std::ranges::copy_if(all, std::back_inserter(shown),
                             [&](const RequestSummary& r) { return !mine || r.requester == me || r.editor == me; });
        QJsonArray json;
        for (const RequestSummary& r : shown)
            json.append(requestJson(r));
        if (s.wantsJson())
            printJson(json);
        else if (shown.isEmpty())
            printNote(ChangeSession::tr("No requests."));
        else
            printRequests(shown);
        if (!s.wantsJson())
            printDebt(s);
        s.finish(Done);
    };
    if (s.arguments().has(u"waiting"_s)) {
        print(waitingForMe(s));
        return;
    }
    changes::HistoryFilter filter;
    filter.states = *states;
    filter.platform = s.arguments().value(u"platform"_s);
    filter.text = s.arguments().value(u"text"_s);
    if (s.arguments().has(u"limit"_s))
        filter.limit = std::clamp(s.arguments().value(u"limit"_s).toInt(), 1, 100'000);
    s.with(s.desk().history(filter), print);
}

void await(ChangeSession& s)
{
    const auto states = statesOf(s.arguments());
    const auto timeout = timeoutOf(s.arguments());
    if (!states || !timeout) {
        s.fail(states ? timeout.error() : states.error());
        return;
    }
    s.withRequest([&s, states = *states, timeout = *timeout](const RequestDetail& detail) {
        if (states.isEmpty())
            s.misuse(ChangeSession::tr("Say which state: --state approved"));
        else
            ChangeAwait::start(s, detail.summary.number, states, timeout,
                               [&s](const RequestDetail& then) { report(s, then); });
    });
}

const QList<QLatin1StringView> newOptions = formOptions() << QList{"submit"_L1, "wait"_L1, "timeout"_L1, "no-pin"_L1};

const SubCommand commands[] = {
    {u"plan"_s, 0, 100, false, {"plan"_L1, "template"_L1, "platform"_L1, "no-pin"_L1}, plan},
    {u"new"_s, 0, 100, true, newOptions, fileRequest},
    {u"edit"_s, 1, 100, true, newOptions, editRequest},
    {u"submit"_s, 1, 1, true, {"wait"_L1, "timeout"_L1, "no-pin"_L1}, submitRequest},
    {u"show"_s, 1, 1, true, {}, show},
    {u"list"_s, 0, 0, true, {"state"_L1, "mine"_L1, "waiting"_L1, "platform"_L1, "text"_L1, "limit"_L1}, list},
    {u"approve"_s, 1, 1, true, {"sha256"_L1, "plan"_L1, "comment"_L1, "code"_L1}, approveRequest},
    {u"reject"_s, 1, 1, true, {"comment"_L1}, rejectRequest},
    {u"schedule"_s, 1, 1, true, {"not-before"_L1, "not-after"_L1}, scheduleRequest},
    {u"cancel"_s, 1, 1, true, {"reason"_L1}, cancelRequest},
    {u"execute"_s, 1, 1, true, {"stop-after-step"_L1, "wait"_L1, "timeout"_L1}, executeRequest},
    {u"takeover"_s,
     1,
     1,
     true,
     {"reason"_L1, "stop-after-step"_L1, "yes"_L1, "wait"_L1, "timeout"_L1},
     takeOverRequest},
    {u"resolve"_s, 3, 3, true, {"reason"_L1, "stop-after-step"_L1, "yes"_L1, "wait"_L1, "timeout"_L1}, resolveStep},
    {u"rollback"_s, 1, 1, true, {"reason"_L1, "wait"_L1, "timeout"_L1}, rollBackRequest},
    {u"close"_s, 1, 1, true, {"note"_L1}, closeRequest},
    {u"enroll"_s, 0, 0, true, {}, enrollForCodes},
    {u"break-glass"_s, 1, 1, true, {"reason"_L1, "incident"_L1, "cluster"_L1, "code"_L1}, breakGlass},
    {u"review"_s, 0, 2, true, {"comment"_L1}, reviewGlass},
    {u"record"_s, 0, 0, true, formOptions(), fileRecord},
    {u"windows"_s,
     0,
     3,
     true,
     {"platform"_L1, "cluster"_L1, "name"_L1, "zone"_L1, "days"_L1, "from"_L1, "to"_L1, "reason"_L1},
     changeWindows},
    {u"policy"_s, 0, 20, true, {"reason"_L1}, changePolicy},
    {u"templates"_s, 0, 100, true, {"template"_L1, "platform"_L1}, changeTemplates},
    {u"await"_s, 1, 1, true, {"state"_L1, "timeout"_L1}, await},
};

} // namespace

int runChange(const Arguments& arguments, Running& running) { return runSubCommand(commands, arguments, running); }

} // namespace wk::ctl
