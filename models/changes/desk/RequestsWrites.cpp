// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/RequestsPrivate.h"
#include "changes/plan/Json.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

store::Value jsonValue(const RequestFields& fields) { return {fields.toJson()}; }

store::Value timeValue(const QDateTime& time) { return store::Value::timeMs(time.toMSecsSinceEpoch()); }

/// A plan without steps: what a record of something already done rests on.
Result<QByteArray> emptyPlan(const QString& platform, const QString& title)
{
    return canonicalJson(QJsonObject{{u"format"_s, u"watchkeeper/plan/v1"_s},
                                     {u"platform"_s, platform},
                                     {u"title"_s, title},
                                     {u"steps"_s, QJsonArray()}});
}

constexpr char byState[] = "SELECT number FROM watchkeeper.request WHERE number = $1 AND state = $2";
// An approval that has expired was there before; one that counts is the answer.
constexpr char byVerdict[] =
    "SELECT a.number FROM watchkeeper.approval a JOIN watchkeeper.request r USING (number) WHERE a.number = $1 "
    "AND a.revision = $2 AND a.person = session_user AND a.verdict = $3 AND (a.verdict = 'reject' OR a.at > "
    "clock_timestamp() - make_interval(hours => (SELECT (p.body ->> 'approval_hours')::int FROM watchkeeper.policy p "
    "WHERE p.platform IN (r.platform, '*') ORDER BY p.platform = '*', p.version DESC LIMIT 1)))";

} // namespace

Requests::Written Requests::create(const RequestFields& fields, const Plan& plan)
{
    const qint64 newest = d->rows.isEmpty() ? 0 : d->rows.first().number;
    return d->write({u"create_request"_s,
                     {jsonValue(fields), plan.canonical()},
                     "SELECT max(number) FROM watchkeeper.request WHERE requester = session_user AND plan_sha256 = $1 "
                     "AND title = $2 AND number > $3",
                     {plan.sha256(), fields.title, newest}});
}

Requests::Written Requests::createRecord(const RequestFields& fields, const QString& platform)
{
    const auto plan = emptyPlan(platform, fields.title);
    if (!plan)
        return QtFuture::makeReadyFuture(Result<qint64>(fail(plan.error())));
    const qint64 newest = d->rows.isEmpty() ? 0 : d->rows.first().number;
    RequestFields record = fields;
    record.afterTheFact = true;
    return d->write({u"create_request"_s,
                     {jsonValue(record), *plan},
                     "SELECT max(number) FROM watchkeeper.request WHERE requester = session_user AND title = $1 "
                     "AND after_the_fact AND number > $2",
                     {fields.title, newest}});
}

Requests::Written Requests::edit(qint64 number, int revision, const RequestFields& fields, const Plan& plan)
{
    return d->write({u"edit_request"_s,
                     {number, revision, jsonValue(fields), plan.canonical()},
                     "SELECT number FROM watchkeeper.revision WHERE number = $1 AND revision = $2::int + 1 "
                     "AND editor = session_user AND plan_sha256 = $3",
                     {number, revision, plan.sha256()}});
}

Requests::Written Requests::submit(qint64 number, int revision, const QByteArray& sha256)
{
    return d->write({u"submit_request"_s,
                     {number, revision, sha256},
                     "SELECT number FROM watchkeeper.request WHERE number = $1 AND revision = $2 AND state <> 'draft'",
                     {number, revision}});
}

Requests::Written Requests::cancel(qint64 number, const QString& reason)
{
    return d->write({u"cancel_request"_s, {number, reason}, byState, {number, u"cancelled"_s}});
}

Requests::Written Requests::approve(qint64 number, int revision, const QByteArray& sha256, const QString& comment,
                                    const QString& code)
{
    return d->write({u"approve_request"_s,
                     {number, revision, sha256, comment, code.isEmpty() ? store::Value() : store::Value(code)},
                     byVerdict,
                     {number, revision, u"approve"_s}});
}

Requests::Written Requests::reject(qint64 number, int revision, const QByteArray& sha256, const QString& comment)
{
    return d->write(
        {u"reject_request"_s, {number, revision, sha256, comment}, byVerdict, {number, revision, u"reject"_s}});
}

Requests::Written Requests::schedule(qint64 number, int revision, const QDateTime& notBefore, const QDateTime& notAfter)
{
    return d->write({u"schedule_request"_s,
                     {number, revision, timeValue(notBefore), timeValue(notAfter)},
                     "SELECT number FROM watchkeeper.request WHERE number = $1 AND revision = $2 "
                     "AND state = 'scheduled' AND not_before = $3 AND not_after = $4",
                     {number, revision, timeValue(notBefore), timeValue(notAfter)}});
}

Requests::Written Requests::close(qint64 number, const QString& note)
{
    return d->write({u"close_request"_s, {number, note}, byState, {number, u"closed"_s}});
}

Requests::Written Requests::breakGlass(qint64 number, int revision, const QByteArray& sha256, const QString& reason,
                                       const QString& incident, const QString& typed, const QString& code)
{
    return d->write({u"break_glass"_s,
                     {number, revision, sha256, reason, incident, typed, code},
                     "SELECT number FROM watchkeeper.review WHERE number = $1 AND revision = $2 "
                     "AND breaker = session_user",
                     {number, revision}});
}

Requests::Written Requests::review(qint64 number, bool accepted, const QString& comment)
{
    const QString verdict = accepted ? u"accepted"_s : u"objected"_s;
    return d->write({u"review_break_glass"_s,
                     {number, verdict, comment},
                     "SELECT number FROM watchkeeper.review WHERE number = $1 AND reviewer = session_user "
                     "AND verdict = $2 AND comment = $3",
                     {number, verdict, comment}});
}

Requests::Written Requests::setWindow(const TimeWindow& window, const QString& reason, qint64 replaces)
{
    qint64 newest = 0;
    for (const TimeWindow& known : d->windows)
        newest = std::max(newest, known.id);
    return d->write(
        {u"set_window"_s,
         {window.toJson(), reason, replaces > 0 ? store::Value(replaces) : store::Value()},
         "SELECT max(id) FROM watchkeeper.time_window WHERE set_by = session_user AND name = $1 AND id > $2",
         {window.name, newest}});
}

Requests::Written Requests::endWindow(qint64 id, const QString& reason)
{
    return d->write({u"end_window"_s,
                     {id, reason},
                     "SELECT id FROM watchkeeper.time_window WHERE id = $1 AND removed_by = session_user",
                     {id}});
}

Requests::Written Requests::setPolicy(const QString& platform, const QJsonObject& body, const QString& reason, int seen)
{
    return d->write({u"set_policy"_s,
                     {platform, body, reason, seen},
                     "SELECT version FROM watchkeeper.policy WHERE platform = $1 AND version = $2::int + 1 "
                     "AND set_by = session_user AND reason = $3",
                     {platform, seen, reason}});
}

Requests::Written Requests::keepTemplate(const QString& name, const QJsonObject& body)
{
    int newest = 0;
    for (const StoredTemplate& known : d->templates)
        if (known.name == name)
            newest = std::max(newest, known.version);
    return d->write({u"set_template"_s,
                     {name, body},
                     "SELECT max(version) FROM watchkeeper.template WHERE name = $1 AND author = session_user "
                     "AND version > $2::int",
                     {name, newest}});
}

Requests::Written Requests::approveTemplate(const QString& name, int version)
{
    return d->write({u"approve_template"_s,
                     {name, version},
                     "SELECT version FROM watchkeeper.template_approval WHERE name = $1 AND version = $2::int "
                     "AND person = session_user",
                     {name, version}});
}

QFuture<Result<Enrolment>> Requests::enrollTotp()
{
    // Where the answer is lost, asking again makes a new secret: nothing to look up.
    return d->store.call(u"enroll_totp"_s).then([](const Result<QJsonValue>& answer) -> Result<Enrolment> {
        if (!answer)
            return fail(answer.error());
        const QJsonObject json = answer->toObject();
        return Enrolment{json.value("secret_base32"_L1).toString(), json.value("uri"_L1).toString()};
    });
}

QFuture<Result<void>> Requests::confirmTotp(const QString& code)
{
    return d
        ->write({u"confirm_totp"_s,
                 {code},
                 "SELECT CASE WHEN watchkeeper.whoami() ->> 'totp' = 'confirmed' THEN 1 END",
                 {}})
        .then(
            [](const Result<qint64>& answer) { return answer ? Result<void>() : Result<void>(fail(answer.error())); });
}

} // namespace wk::changes
