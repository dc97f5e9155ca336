// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/DeskReader.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;
using enum RecordReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::DeskReader)
};

TimeWindow::Occurrence readOccurrence(RecordReader& reader)
{
    return {reader.moment("starts", Required), reader.moment("ends", Required)};
}

TimeWindow readWindow(RecordReader& reader)
{
    TimeWindow out;
    out.id = reader.number("id", 1);
    reader.setWhat(Texts::tr("window %1").arg(out.id));
    const QString kind = reader.text("kind");
    out.freeze = kind == "freeze"_L1;
    if (!out.freeze && kind != "maintenance"_L1)
        reader.refuse("kind", kind);
    out.name = reader.text("name");
    out.platform = reader.text("platform");
    out.cluster = reader.text("cluster");
    out.space = reader.text("namespace");
    out.zone = reader.text("zone");
    out.starts = reader.moment("starts_at");
    out.ends = reader.moment("ends_at");
    const QJsonArray days = reader.array("days");
    for (const auto& day : days)
        out.days << day.toInt();
    // "22:00:00": the seconds are always zero.
    out.from = reader.text("from_time", Optional).left(5);
    out.to = reader.text("to_time", Optional).left(5);
    out.setBy = reader.text("set_by");
    out.setAt = reader.moment("set_at", Required);
    out.reason = reader.text("reason", Optional);
    out.active = reader.boolean("active");
    out.occurrences = reader.list("occurrences", readOccurrence, Texts::tr("an occurrence of window %1").arg(out.id));
    return out;
}

Policy readPolicy(RecordReader& reader)
{
    Policy out;
    out.platform = reader.text("platform");
    reader.setWhat(Texts::tr("the policy of “%1”").arg(out.platform));
    out.version = reader.integer("version", 1);
    out.body = reader.object("body", Required);
    out.setBy = reader.text("set_by");
    out.setAt = reader.moment("set_at", Required);
    out.reason = reader.text("reason", Optional);
    out.current = reader.boolean("current");
    return out;
}

StoredTemplate readTemplate(RecordReader& reader)
{
    StoredTemplate out;
    out.name = reader.text("name");
    reader.setWhat(Texts::tr("template “%1”").arg(out.name));
    out.version = reader.integer("version", 1);
    out.platform = reader.text("platform");
    out.body = reader.object("body", Required);
    out.author = reader.text("author");
    out.at = reader.moment("at", Required);
    out.approved = reader.boolean("approved");
    out.approvers = reader.texts("approvers", Optional);
    return out;
}

Notice readNotice(RecordReader& reader)
{
    Notice out;
    out.id = reader.number("id", 1);
    reader.setWhat(Texts::tr("notice %1").arg(out.id));
    out.at = reader.moment("at", Required);
    out.kind = reader.text("kind");
    out.number = reader.number("number", 1, std::numeric_limits<qint64>::max(), Optional);
    out.person = reader.text("person");
    out.text = reader.text("text");
    return out;
}

AuditEntry readAuditEntry(RecordReader& reader)
{
    AuditEntry out;
    out.seq = reader.number("seq", 1);
    reader.setWhat(Texts::tr("audit row %1").arg(out.seq));
    out.at = reader.moment("at", Required);
    out.person = reader.text("person");
    out.action = reader.text("action");
    out.number = reader.number("number", 1, std::numeric_limits<qint64>::max(), Optional);
    out.detail = reader.object("detail");
    out.entry = reader.utf8("entry");
    out.previousHash = reader.hash("prev_hash");
    out.hash = reader.hash("row_hash");
    return out;
}

Person::Role readRole(RecordReader& reader) { return {reader.text("role"), reader.text("platform")}; }

AuditHead readHead(const QJsonObject& json, RecordReader& outer, const char* name)
{
    RecordReader reader(json, Texts::tr("the end of the audit"));
    AuditHead out;
    out.seq = reader.number("seq", 0);
    out.hash = reader.hash("hash");
    if (reader.error())
        outer.refuse(name, reader.error()->sentence);
    return out;
}

Person::Totp totpOf(RecordReader& reader)
{
    const QString word = reader.text("totp");
    if (word == "confirmed"_L1)
        return Person::Totp::Confirmed;
    if (word == "pending"_L1)
        return Person::Totp::Pending;
    if (word != "none"_L1)
        reader.refuse("totp", word);
    return Person::Totp::None;
}

} // namespace

Review readReview(RecordReader& reader)
{
    Review out;
    out.number = reader.number("number", 1);
    reader.setWhat(Texts::tr("the review of request %1").arg(out.number));
    out.revision = reader.integer("revision", 1);
    out.title = reader.text("title");
    out.platform = reader.text("platform");
    out.requester = reader.text("requester");
    out.state = reader.word("state", requestState);
    out.breaker = reader.text("breaker");
    out.reason = reader.text("reason");
    out.incident = reader.text("incident");
    out.openedAt = reader.moment("opened_at", Required);
    out.dueAt = reader.moment("due_at", Required);
    out.verdict = reader.text("verdict", Optional);
    out.reviewer = reader.text("reviewer", Optional);
    out.comment = reader.text("comment", Optional);
    out.reviewedAt = reader.moment("reviewed_at");
    out.overdue = reader.boolean("overdue");
    return out;
}

QByteArray windowSql() { return "SELECT to_jsonb(w) FROM watchkeeper.window_list w ORDER BY w.id"; }

Result<QList<TimeWindow>> readWindows(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("a window"), readWindow);
}

QByteArray policySql()
{
    return "SELECT to_jsonb(p) FROM watchkeeper.policy_list p ORDER BY p.platform, p.version DESC";
}

Result<QList<Policy>> readPolicies(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("a policy"), readPolicy);
}

QByteArray templateSql()
{
    return "SELECT to_jsonb(t) FROM watchkeeper.template_list t ORDER BY t.name, t.version DESC LIMIT 2000";
}

Result<QList<StoredTemplate>> readTemplates(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("a template"), readTemplate);
}

QByteArray reviewSql()
{
    return "SELECT to_jsonb(v) FROM watchkeeper.review_list v ORDER BY v.verdict IS NOT NULL, "
           "CASE WHEN v.verdict IS NULL THEN v.due_at END, v.reviewed_at DESC LIMIT 1000";
}

Result<QList<Review>> readReviews(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("a review"), readReview);
}

QByteArray noticeSql() { return "SELECT to_jsonb(n) FROM watchkeeper.notice n ORDER BY n.id DESC LIMIT 200"; }

Result<QList<Notice>> readNotices(const store::Rows& rows)
{
    return readObjects(rows, Texts::tr("a notice"), readNotice);
}

QByteArray auditSql()
{
    return "SELECT a.seq, a.at, a.person, a.action, a.number, a.detail, a.entry, a.prev_hash, a.row_hash "
           "FROM watchkeeper.audit_list a ";
}

Result<QList<AuditEntry>> readAudit(const store::Rows& rows)
{
    return readRows(rows, Texts::tr("an audit row"), readAuditEntry);
}

Result<Person> readPerson(const QJsonValue& answer)
{
    const QJsonObject json = answer.toObject();
    RecordReader reader(json, Texts::tr("the person"));
    Person out;
    out.name = reader.text("person");
    out.admin = reader.boolean("admin");
    out.roles = reader.list("roles", readRole, Texts::tr("a role of %1").arg(out.name));
    out.totp = totpOf(reader);
    out.totpLockedUntil = reader.moment("totp_locked_until");
    const QString mode = reader.text("policy");
    out.solo = mode == "solo"_L1;
    out.schemaVersion = reader.integer("schema_version", 1, Optional);
    out.openReviews = reader.integer("open_reviews", 0);
    out.head = readHead(reader.object("audit_head"), reader, "audit_head");
    return reader.result(out);
}

Result<AuditVerdict> readVerdict(const QJsonValue& answer)
{
    const QJsonObject json = answer.toObject();
    RecordReader reader(json, Texts::tr("the audit's verification"));
    AuditVerdict out;
    out.ok = reader.boolean("ok");
    out.firstBroken = reader.number("first_broken", 0, std::numeric_limits<qint64>::max(), Optional);
    out.checked = reader.number("checked", 0);
    out.head = readHead(reader.object("head"), reader, "head");
    const qint64 altered = reader.number("altered", 0, std::numeric_limits<qint64>::max(), Optional);
    out.sentence =
        out.ok ? Texts::tr("The record is whole: %1 rows follow from each other.").arg(out.checked)
        : altered > 0 && altered == out.firstBroken
            ? Texts::tr("Something was changed behind the record's back: what row %1 is about is not there as "
                        "it was recorded.")
                  .arg(altered)
        : out.firstBroken > 0
            ? Texts::tr("The record is broken: row %1 is the first that does not follow from the one before "
                        "it.")
                  .arg(out.firstBroken)
            : Texts::tr("The record is broken: it does not end as its head says.");
    return reader.result(out);
}

} // namespace wk::changes
