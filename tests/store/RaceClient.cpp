// SPDX-License-Identifier: GPL-3.0-or-later
#include "RaceClient.h"

#include "OneTimeCode.h"

#include <QtCore/QDateTime>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

/// The names of what is changed: few enough that requests meet on them.
QString object(int i) { return (i % 2 ? u"app%1@staging"_s : u"app%1"_s).arg(i); }
constexpr int Objects = 16;
/// Requests that are open at the same time, about.
constexpr int Open = 40;

} // namespace

std::optional<store::Rows> RaceClient::ask(const QByteArray& sql, const store::Parameters& parameters)
{
    if (!m_session)
        m_session = std::make_unique<store::Session>(m_server.session(m_setup.person, m_database));
    const auto result = m_session->run(sql, parameters);
    if (result) {
        ++m_answers[{}];
        return *result;
    }
    const QString state = result.error().detail.left(5);
    ++m_answers[state];
    // Refused by a rule, or by whoever holds the lock for too long; or the connection was ended.
    const bool lost = result.error().kind == Error::Kind::Network;
    if (lost)
        m_session.reset();
    else if (!state.startsWith(u"WK") && state != u"55P03")
        m_surprises.append(QString::fromUtf8(sql.left(80) + ": " + words(result)));
    return std::nullopt;
}

void RaceClient::step()
{
    // What runs, and then what may, comes first, so that much is carried to its end.
    const auto rows =
        ask("SELECT number, revision, plan_sha256, state, title, count(*) OVER () FROM watchkeeper.request "
            "WHERE state NOT IN ('closed', 'cancelled') ORDER BY random() * CASE WHEN state = 'running' "
            "THEN 0.15 WHEN state IN ('approved', 'scheduled') THEN 0.4 ELSE 1 END LIMIT 1");
    if (!rows)
        return;
    if (rows->isEmpty() || (rows->number(0, 5) < Open && roll(3) == 0))
        return create();
    Seen seen{rows->text(0, 0), rows->text(0, 1), rows->text(0, 2), rows->text(0, 3), rows->text(0, 4)};
    const QString deed = deedFor(seen.state);
    if (m_stale && roll(12) == 0)
        std::swap(seen, *m_stale);
    else if (roll(4) == 0)
        m_stale = seen;
    deed == u"carry out" ? carryOut(seen) : act(deed, seen);
}

QString RaceClient::deedFor(const QString& state)
{
    // What a state calls for, the likelier the oftener it is named.
    static const auto times = [](int count, const QString& deed) { return QStringList(count, deed); };
    static const std::map<QString, QStringList> fitting{
        {u"draft"_s, times(20, u"submit"_s) + QStringList{u"edit"_s, u"cancel"_s, u"cancel"_s, u"glass"_s}},
        {u"submitted"_s, times(12, u"approve"_s) + QStringList{u"edit"_s, u"reject"_s}},
        {u"approved"_s, times(20, u"claim"_s) + QStringList{u"schedule"_s, u"edit"_s, u"reject"_s, u"glass"_s}},
        {u"scheduled"_s, times(20, u"claim"_s) + QStringList{u"schedule"_s, u"edit"_s, u"cancel"_s}},
        {u"running"_s, {u"carry out"_s}},
        {u"rejected"_s, times(3, u"edit"_s) + QStringList{u"cancel"_s}},
    };
    static const QStringList anything{u"submit"_s, u"approve"_s, u"edit"_s,  u"reject"_s, u"claim"_s,    u"schedule"_s,
                                      u"cancel"_s, u"glass"_s,   u"close"_s, u"review"_s, u"carry out"_s};
    const auto found = fitting.find(state);
    static const QStringList ended{u"close"_s, u"review"_s};
    const QStringList& from = roll(12) == 0 ? anything : found == fitting.end() ? ended : found->second;
    return from[roll(int(from.size()))];
}

void RaceClient::create()
{
    const QString what = object(roll(Objects));
    const QByteArray title = "{\"title\":\"[x] " + what.toUtf8() + "\"}";
    ask("SELECT watchkeeper.create_request($1, $2)", {StoreScript::fields(title), StoreScript::plan(what)});
}

void RaceClient::act(const QString& deed, const Seen& seen)
{
    const store::Parameters exact{seen.number, seen.revision, seen.sha256};
    const auto with = [&](const store::Parameters& more) { return exact + more; };
    if (deed == u"edit") {
        const QByteArray title = "{\"title\":\"" + seen.title.toUtf8() + "\"}";
        ask("SELECT watchkeeper.edit_request($1, $2, $3, $4)",
            {seen.number, seen.revision, StoreScript::fields(title), StoreScript::plan(seen.title.section(u' ', 1))});
    } else if (deed == u"submit") {
        ask("SELECT watchkeeper.submit_request($1, $2, $3)", exact);
    } else if (deed == u"approve") {
        ask("SELECT watchkeeper.approve_request($1, $2, $3, $4, $5)", with({u"good"_s, code()}));
    } else if (deed == u"reject") {
        ask("SELECT watchkeeper.reject_request($1, $2, $3, $4)", with({u"too risky"_s}));
    } else if (deed == u"cancel") {
        ask("SELECT watchkeeper.cancel_request($1, $2)", {seen.number, u"not wanted"_s});
    } else if (deed == u"schedule") {
        ask("SELECT watchkeeper.schedule_request($1, $2, now() - interval '1 hour', now() + interval '1 day')",
            {seen.number, seen.revision});
    } else if (deed == u"claim") {
        lease(ask("SELECT watchkeeper.claim_execution($1, $2, $3)", exact));
    } else if (deed == u"glass") {
        ask("SELECT watchkeeper.break_glass($1, $2, $3, $4, $5, $6, $7)",
            with({u"everything is down"_s, u"INC-7"_s,
                  seen.title.contains(u"@staging") ? u"staging"_s : u"production"_s, code()}));
    } else if (deed == u"review") {
        ask("SELECT watchkeeper.review_break_glass($1, 'accepted', 'looked at it')", {seen.number});
    } else if (deed == u"close") {
        ask("SELECT watchkeeper.close_request($1, 'done')", {seen.number});
    } else {
        carryOut(seen);
    }
}

void RaceClient::carryOut(const Seen& seen)
{
    const auto rows =
        ask("SELECT e.id, coalesce(s.state, 'none'), e.lease_until <= clock_timestamp(), "
            "e.executor = session_user "
            "FROM watchkeeper.execution e LEFT JOIN watchkeeper.step s ON s.execution = e.id AND s.step = 1 "
            "WHERE e.number = $1 ORDER BY e.id DESC LIMIT 1",
            {seen.number});
    if (!rows || rows->isEmpty())
        return;
    const QString id = rows->text(0, 0), state = rows->text(0, 1), token = m_leases.token(rows->number(0, 0));
    if (!rows->boolean(0, 3) && roll(6) != 0)
        return; // mostly it is left to whoever holds the lease
    if (rows->boolean(0, 2) || roll(30) == 0)
        return lease(ask("SELECT watchkeeper.take_over_execution($1, 'they are gone')", {id}));
    const int any = roll(10);
    if (any == 0) {
        ask("SELECT watchkeeper.heartbeat_execution($1, $2)", {id, token});
    } else if (state == u"none" || state == u"repeat" || any == 1) {
        ask("SELECT watchkeeper.begin_step($1, $2, 1, '{}')", {id, token});
    } else if (state == u"running") {
        ask("SELECT watchkeeper.end_step($1, $2, 1, $3, '{}')", {id, token, roll(4) == 0 ? u"failed"_s : u"done"_s});
    } else if (state == u"unknown") {
        const QString word = QStringList{u"done"_s, u"failed"_s, u"repeat"_s}[roll(3)];
        ask("SELECT watchkeeper.resolve_step($1, $2, 1, $3, 'looked at it')", {id, token, word});
    } else {
        ask("SELECT watchkeeper.finish_execution($1, $2, $3, '')",
            {id, token, state == u"failed" ? u"failed"_s : u"verified"_s});
    }
}

void RaceClient::lease(const std::optional<store::Rows>& given)
{
    if (!given)
        return;
    const QJsonValue answer = given->json(0, 0);
    m_leases.add(answer[u"execution"].toInteger(), answer[u"token"].toString());
}

QString RaceClient::code() const { return oneTimeCode(m_setup.secret, QDateTime::currentSecsSinceEpoch() / 30); }

} // namespace wk::test
