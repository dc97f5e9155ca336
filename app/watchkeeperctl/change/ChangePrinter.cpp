// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangePrinter.h"

#include "CommandLine.h"
#include "changes/plan/PlanBinding.h"
#include "changes/plan/WayBack.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using namespace changes;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

void printField(const QString& name, const QString& text)
{
    if (!text.isEmpty())
        printLine(name.leftJustified(15) + QString(text).replace(u'\n', u'\n' + QString(15, u' ')));
}

QString spanText(const Moment& from, const Moment& to)
{
    if (!from && !to)
        return {};
    return Texts::tr("%1 to %2")
        .arg(from ? timeText(from) : Texts::tr("now"), to ? timeText(to) : Texts::tr("any time"));
}

QStringList looseSentences(const Plan& plan)
{
    QStringList out;
    for (const LooseStep& step : looseSteps(plan))
        out << step.sentence() + u'.';
    return out;
}

void printForm(const RequestFields& fields)
{
    printField(Texts::tr("what"), fields.what);
    printField(Texts::tr("why"), fields.why);
    printField(Texts::tr("impact"), fields.impact);
    printField(Texts::tr("tests"), QStringList{fields.testsPassed.join(u", "_s), fields.tests}.join(u' ').trimmed());
    printField(Texts::tr("rollback plan"), fields.rollbackPlan);
    if (fields.rollbackMinutes >= 0)
        printField(Texts::tr("rollback takes"), Texts::tr("%1 min").arg(fields.rollbackMinutes));
    printField(Texts::tr("data recovery"), fields.dataRecovery);
    printField(Texts::tr("incident"), fields.incident);
    printField(Texts::tr("template"), fields.templateName);
}

QString approvalText(const Approval& approval)
{
    QString text =
        approval.approves ? Texts::tr("%1 approves revision %2, %3") : Texts::tr("%1 rejects revision %2, %3");
    text = text.arg(approval.person).arg(approval.revision).arg(timeText(approval.at));
    if (approval.steppedUp)
        text += Texts::tr(", with a one-time code");
    if (!approval.counts)
        text += Texts::tr(" (does not count any more)");
    return approval.comment.isEmpty() ? text : text + u": "_s + approval.comment;
}

void printExecution(const ExecutionRecord& execution)
{
    QString text = Texts::tr("execution %1 of revision %2 by %3 since %4")
                       .arg(QString::number(execution.id), QString::number(execution.revision), execution.executor,
                            timeText(execution.claimedAt));
    if (execution.outcome)
        text += Texts::tr(", ended %1: %2").arg(timeText(execution.endedAt), requestStateWords(*execution.outcome));
    else if (execution.leaseDead)
        text += Texts::tr("; its executor gave no sign of life for 30 s: it can be taken over");
    printLine(text);
    for (const StepRecord& step : execution.steps) {
        const QString place =
            step.step > 0 ? Texts::tr("step %1").arg(step.step) : Texts::tr("rollback of step %1").arg(-step.step);
        const QString tries = step.attempt > 1 ? Texts::tr(", attempt %1").arg(step.attempt) : QString();
        printLine(u"  %1: %2%3 (%4)  %5"_s.arg(place, stepStateWords(step.state), tries, step.person, step.sentence())
                      .trimmed());
    }
    printField(Texts::tr("  note"), execution.note);
}

void insertTime(QJsonObject& json, const QString& name, const Moment& time)
{
    if (time)
        json.insert(name, time->toUTC().toString(Qt::ISODateWithMs));
}

QJsonObject stepJson(const StepRecord& step)
{
    QJsonObject json{{u"step"_s, step.step},
                     {u"state"_s, stepStateName(step.state)},
                     {u"attempt"_s, step.attempt},
                     {u"person"_s, step.person},
                     {u"result"_s, step.result}};
    insertTime(json, u"startedAt"_s, step.startedAt);
    insertTime(json, u"endedAt"_s, step.endedAt);
    return json;
}

QJsonObject executionJson(const ExecutionRecord& execution)
{
    QJsonArray steps;
    for (const StepRecord& step : execution.steps)
        steps.append(stepJson(step));
    QJsonObject json{{u"execution"_s, execution.id},
                     {u"revision"_s, execution.revision},
                     {u"executor"_s, execution.executor},
                     {u"leaseDead"_s, execution.leaseDead},
                     {u"steps"_s, steps},
                     {u"note"_s, execution.note}};
    if (execution.outcome)
        json.insert(u"outcome"_s, requestStateName(*execution.outcome));
    insertTime(json, u"claimedAt"_s, execution.claimedAt);
    insertTime(json, u"endedAt"_s, execution.endedAt);
    return json;
}

} // namespace

QString timeText(const Moment& time)
{
    return time ? time->toUTC().toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s) : QString();
}

void printRequests(const QList<RequestSummary>& requests)
{
    QList<QStringList> lines{
        {u"NUMBER"_s, u"STATE"_s, u"RISK"_s, u"PLATFORM"_s, u"REQUESTER"_s, u"WAITS FOR"_s, u"CREATED"_s, u"TITLE"_s}};
    for (const RequestSummary& r : requests)
        lines << QStringList{QString::number(r.number),
                             r.expired ? Texts::tr("expired") : requestStateWords(r.state),
                             riskWords(r.risk),
                             r.platform,
                             r.requester,
                             r.waitingFor.words(),
                             timeText(r.createdAt),
                             r.title};
    printColumns(lines);
}

QString stateSentence(const RequestSummary& request)
{
    if (request.expired)
        return Texts::tr("Request %1 has expired.").arg(request.number);
    const QString state = Texts::tr("Request %1 is %2").arg(request.number).arg(requestStateWords(request.state));
    const QString waits = request.waitingFor.words();
    return waits.isEmpty() ? state + u'.' : Texts::tr("%1 and waits for: %2.").arg(state, waits);
}

void printRequest(const RequestDetail& detail)
{
    const RequestSummary& r = detail.summary;
    printLine(Texts::tr("Request %1: %2").arg(r.number).arg(r.title));
    printField(Texts::tr("state"), stateSentence(r));
    printField(Texts::tr("risk"), Texts::tr("%1 (declared %2)").arg(riskWords(r.risk), riskWords(detail.declaredRisk)));
    printField(Texts::tr("platform"), r.platform);
    printField(Texts::tr("type"), r.type);
    printField(Texts::tr("requester"), r.requester);
    printField(Texts::tr("revision"), Texts::tr("%1, by %2").arg(r.revision).arg(r.editor));
    printField(Texts::tr("when"), spanText(r.notBefore, r.notAfter));
    printField(Texts::tr("expires"), timeText(r.expiresAt));
    printForm(detail.fields);
    printField(Texts::tr("plan SHA-256"), QString::fromLatin1(r.sha256));
    if (detail.plan)
        printField(Texts::tr("plan"),
                   (detail.plan->words() + looseSentences(*detail.plan) + noWayBack(*detail.plan)).join(u'\n'));
    else if (!detail.plan.error().sentence.isEmpty())
        printField(Texts::tr("plan"), detail.plan.error().text());
    for (const RequestConflict& conflict : detail.conflicts)
        printField(Texts::tr("conflict"),
                   (conflict.sameObject ? Texts::tr("request %1 (%2) touches the same object: %3")
                                        : Texts::tr("request %1 (%2) touches the same namespace: %3"))
                       .arg(QString::number(conflict.number), requestStateWords(conflict.state), conflict.title));
    for (const Approval& approval : detail.approvals)
        printField(approval.approves ? Texts::tr("approval") : Texts::tr("rejection"), approvalText(approval));
    for (const ExecutionRecord& execution : detail.executions)
        printExecution(execution);
}

QJsonObject requestJson(const RequestSummary& r)
{
    QJsonObject json{{u"number"_s, r.number},
                     {u"platform"_s, r.platform},
                     {u"title"_s, r.title},
                     {u"type"_s, r.type},
                     {u"state"_s, requestStateName(r.state)},
                     {u"revision"_s, r.revision},
                     {u"sha256"_s, QString::fromLatin1(r.sha256)},
                     {u"risk"_s, riskName(r.risk)},
                     {u"requester"_s, r.requester},
                     {u"editor"_s, r.editor},
                     {u"expired"_s, r.expired},
                     {u"waitsFor"_s, r.waitingFor.words()}};
    if (!r.executor.isEmpty())
        json.insert(u"executor"_s, r.executor);
    for (const auto& [name, time] : {std::pair{u"notBefore"_s, r.notBefore},
                                     {u"notAfter"_s, r.notAfter},
                                     {u"createdAt"_s, r.createdAt},
                                     {u"submittedAt"_s, r.submittedAt},
                                     {u"approvedAt"_s, r.approvedAt},
                                     {u"expiresAt"_s, r.expiresAt},
                                     {u"endedAt"_s, r.endedAt}})
        insertTime(json, name, time);
    return json;
}

QJsonObject requestJson(const RequestDetail& detail)
{
    QJsonObject json = requestJson(detail.summary);
    json.insert(u"form"_s, detail.fields.toJson());
    if (detail.plan)
        json.insert(u"plan"_s, QJsonDocument::fromJson(detail.plan->canonical()).object());
    if (detail.plan)
        json.insert(u"loose"_s, looseJson(*detail.plan));
    QJsonArray approvals, executions;
    for (const Approval& approval : detail.approvals) {
        QJsonObject one{{u"person"_s, approval.person},       {u"revision"_s, approval.revision},
                        {u"approves"_s, approval.approves},   {u"comment"_s, approval.comment},
                        {u"steppedUp"_s, approval.steppedUp}, {u"counts"_s, approval.counts}};
        insertTime(one, u"at"_s, approval.at);
        approvals.append(one);
    }
    for (const ExecutionRecord& execution : detail.executions)
        executions.append(executionJson(execution));
    json.insert(u"approvals"_s, approvals);
    json.insert(u"executions"_s, executions);
    return json;
}

QJsonArray looseJson(const Plan& plan)
{
    QJsonArray out;
    for (const LooseStep& step : looseSteps(plan))
        out.append(QJsonObject{{u"step"_s, step.number}, {u"why"_s, step.why}});
    return out;
}

namespace {

void printDocument(const QJsonDocument& document)
{
    const QByteArray text = document.toJson();
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
}

} // namespace

void printJson(const QJsonObject& object) { printDocument(QJsonDocument(object)); }
void printJson(const QJsonArray& array) { printDocument(QJsonDocument(array)); }

} // namespace wk::ctl
