// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/RequestReader.h"

#include "changes/desk/DeskReader.h"
#include "changes/desk/RecordReader.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;
using enum RecordReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::RequestReader)
};

ApprovalSlot readSlot(RecordReader& reader)
{
    ApprovalSlot slot;
    slot.roles = reader.texts("roles", Required);
    slot.person = reader.text("person", Optional);
    return slot;
}

Assignment readAssignment(const QJsonObject& json, RecordReader& outer, const char* name)
{
    Assignment out;
    if (json.isEmpty())
        return out;
    RecordReader reader(json, Texts::tr("the approvals of a request"));
    out.complete = reader.boolean("complete");
    out.rule = reader.text("rule", Optional);
    out.needed = reader.list("slots", readSlot, Texts::tr("an approval that is asked for"));
    if (reader.error())
        outer.refuse(name, reader.error()->sentence);
    return out;
}

RequestSummary readSummary(RecordReader& reader)
{
    RequestSummary out;
    out.number = reader.number("number", 1);
    reader.setWhat(Texts::tr("request %1").arg(out.number));
    out.platform = reader.text("platform");
    out.title = reader.text("title");
    out.type = reader.text("type");
    out.state = reader.word("state", requestState);
    out.revision = reader.integer("revision", 1);
    out.sha256 = reader.hash("plan_sha256");
    out.risk = reader.word("risk", riskOf);
    out.requester = reader.text("requester");
    out.editor = reader.text("editor");
    out.incident = reader.text("incident", Optional);
    out.templateName = reader.text("template", Optional);
    out.templateVersion = reader.integer("template_version", 1, Optional);
    out.rule = reader.text("rule", Optional);
    out.notBefore = reader.moment("not_before");
    out.notAfter = reader.moment("not_after");
    out.createdAt = reader.moment("created_at", Required);
    out.submittedAt = reader.moment("submitted_at");
    out.approvedAt = reader.moment("approved_at");
    out.expiresAt = reader.moment("expires_at");
    out.endedAt = reader.moment("ended_at");
    out.expired = reader.boolean("expired");
    out.afterTheFact = reader.boolean("after_the_fact");
    out.reviewOpen = reader.boolean("review_open");
    out.waitingFor = readAssignment(reader.object("waiting_for"), reader, "waiting_for");
    out.executor = reader.text("executor", Optional);
    out.approvedByMe = reader.boolean("approved_by_me");
    out.leaseDead = reader.boolean("lease_dead");
    return out;
}

Approval readApproval(RecordReader& reader)
{
    Approval out;
    out.revision = reader.integer("revision", 1);
    out.person = reader.text("person");
    const QString verdict = reader.text("verdict");
    out.approves = verdict == "approve"_L1;
    if (!out.approves && verdict != "reject"_L1)
        reader.refuse("verdict", verdict);
    out.comment = reader.text("comment", Optional);
    out.steppedUp = reader.boolean("step_up");
    out.at = reader.moment("at", Required);
    out.counts = reader.boolean("counts");
    return out;
}

RequestConflict readConflict(RecordReader& reader)
{
    RequestConflict out;
    out.number = reader.number("number", 1);
    out.title = reader.text("title");
    out.state = reader.word("state", requestState);
    out.sameObject = reader.text("same") == "object"_L1;
    return out;
}

RequestTarget readTarget(RecordReader& reader)
{
    RequestTarget out;
    out.cluster = reader.text("cluster");
    out.group = reader.text("api_group");
    out.kind = reader.text("kind");
    out.space = reader.text("namespace");
    out.name = reader.text("name");
    out.actions = reader.texts("actions");
    out.asks = reader.boolean("asks");
    return out;
}

StepRecord readStep(RecordReader& reader)
{
    StepRecord out;
    out.step = int(reader.number("step", -Plan::maxSteps, Plan::maxSteps));
    out.state = reader.word("state", stepState);
    out.attempt = reader.integer("attempt", 1);
    out.person = reader.text("person");
    out.before = reader.object("before");
    out.result = reader.object("result");
    out.startedAt = reader.moment("started_at", Required);
    out.endedAt = reader.moment("ended_at");
    if (out.step == 0)
        reader.refuse("step", u"0"_s);
    return out;
}

ExecutionRecord::Holder readHolder(RecordReader& reader)
{
    return {reader.text("person"), reader.moment("at", Required), reader.text("reason")};
}

ExecutionRecord readExecution(RecordReader& reader)
{
    ExecutionRecord out;
    out.id = reader.number("id", 1);
    reader.setWhat(Texts::tr("execution %1").arg(out.id));
    out.number = reader.number("number", 1);
    out.revision = reader.integer("revision", 1);
    out.sha256 = reader.hash("plan_sha256");
    out.planSteps = reader.integer("steps", 0);
    out.rule = reader.text("rule", Optional);
    out.executor = reader.text("executor");
    out.claimedAt = reader.moment("claimed_at", Required);
    out.leaseUntil = reader.moment("lease_until", Required);
    out.endedAt = reader.moment("ended_at");
    out.leaseDead = reader.boolean("lease_dead");
    if (out.endedAt)
        out.outcome = reader.word("outcome", requestState);
    out.note = reader.text("note", Optional);
    out.holders = reader.list("holders", readHolder, Texts::tr("a holder of execution %1").arg(out.id));
    out.steps = reader.list("step_list", readStep, Texts::tr("a step of execution %1").arg(out.id));
    return out;
}

/// The columns of a summary, of request_list or request_detail.
constexpr char summaryColumns[] =
    "l.number, l.platform, l.title, l.type, l.state, l.revision, l.plan_sha256, l.risk, l.requester, l.editor, "
    "l.incident, l.template, l.template_version, l.rule, l.not_before, l.not_after, l.created_at, l.submitted_at, "
    "l.approved_at, l.expires_at, l.ended_at, l.expired, l.after_the_fact, l.review_open, l.waiting_for, l.executor, "
    "EXISTS (SELECT FROM watchkeeper.approval a WHERE a.number = l.number AND a.revision = l.revision "
    "AND a.person = session_user AND a.verdict = 'approve') AS approved_by_me, "
    "EXISTS (SELECT FROM watchkeeper.execution e WHERE e.number = l.number AND e.ended_at IS NULL "
    "AND e.lease_until <= statement_timestamp()) AS lease_dead";

constexpr char executionObject[] =
    "to_jsonb(e) || jsonb_build_object('step_list', (SELECT jsonb_agg(to_jsonb(s) - 'execution' ORDER BY s.started_at, "
    "abs(s.step)) FROM watchkeeper.step s WHERE s.execution = e.id))";

/// The plan as what was approved, or why there is none.
Result<Plan> planOf(const QByteArray& text, const QByteArray& sha256, int steps)
{
    if (steps == 0)
        return fail(Error::Kind::NotFound, Texts::tr("This request has no steps: it records what was already done."));
    return Plan::fromStore(text, sha256);
}

} // namespace

QByteArray requestListSql() { return QByteArray("SELECT ") + summaryColumns + " FROM watchkeeper.request_list l "; }

Result<QList<RequestSummary>> readRequests(const store::Rows& rows)
{
    return readRows(rows, Texts::tr("a request"), readSummary);
}

QByteArray requestDetailSql()
{
    return QByteArray("SELECT ") + summaryColumns +
           ", l.fields, l.plan, l.declared_risk, l.computed_risk, l.steps, l.revised_at, l.approvals, l.conflicts, "
           "l.targets, (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.at) FROM watchkeeper.approval_list a "
           "WHERE a.number = l.number) AS given, (SELECT jsonb_agg(" +
           executionObject +
           " ORDER BY e.id) FROM watchkeeper.execution_list e WHERE e.number = l.number) AS executions, "
           "(SELECT jsonb_agg(to_jsonb(v) ORDER BY v.revision) FROM watchkeeper.review_list v "
           "WHERE v.number = l.number) AS reviews, "
           // As break_glass() compares it: in the order of the database's own language.
           "(SELECT string_agg(DISTINCT t.cluster, ', ' ORDER BY t.cluster) FROM watchkeeper.request_target t "
           "WHERE t.number = l.number AND t.revision = l.revision AND t.cluster <> '') AS clusters FROM "
           "watchkeeper.request_detail l WHERE l.number = $1";
}

Result<RequestDetail> readDetail(const store::Rows& rows, qint64 number)
{
    if (rows.isEmpty())
        return fail(Error::Kind::NotFound, Texts::tr("There is no request %1.").arg(number));
    ColumnNumbers columns(rows);
    RecordReader reader(columns, 0, Texts::tr("request %1").arg(number));
    RequestDetail out;
    out.summary = readSummary(reader);
    const auto fields = RequestFields::fromJson(reader.object("fields", Required));
    if (!fields)
        return fail(fields.error());
    out.fields = *fields;
    out.planText = reader.utf8("plan");
    out.declaredRisk = reader.word("declared_risk", riskOf);
    out.computedRisk = reader.word("computed_risk", riskOf);
    out.plan = planOf(out.planText, out.summary.sha256, reader.integer("steps", 0));
    out.revisedAt = reader.moment("revised_at", Required);
    out.assignment = readAssignment(reader.object("approvals"), reader, "approvals");
    out.conflicts = reader.list("conflicts", readConflict, Texts::tr("a conflict of request %1").arg(number));
    out.targets = reader.list("targets", readTarget, Texts::tr("a target of request %1").arg(number));
    out.clusters = reader.text("clusters", RecordReader::Need::Optional);
    out.approvals = reader.list("given", readApproval, Texts::tr("an approval of request %1").arg(number));
    out.executions = reader.list("executions", readExecution, Texts::tr("an execution of request %1").arg(number));
    out.reviews = reader.list("reviews", readReview, Texts::tr("a review of request %1").arg(number));
    return reader.result(std::move(out));
}

QByteArray executionSql() { return QByteArray("SELECT ") + executionObject + " FROM watchkeeper.execution_list e "; }

Result<QList<ExecutionRecord>> readExecutions(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("an execution"), readExecution);
}

Result<Claim> readClaim(const QJsonValue& answer)
{
    const QJsonObject json = answer.toObject();
    RecordReader reader(json, Texts::tr("the claim of an execution"));
    Claim out;
    out.execution = reader.number("execution", 1);
    out.number = reader.number("number", 1);
    out.revision = reader.integer("revision", 1);
    out.token = reader.text("token");
    out.planText = reader.utf8("plan");
    out.steps = reader.list("steps", readStep, Texts::tr("a step of execution %1").arg(out.execution));
    return reader.result(out);
}

} // namespace wk::changes
