// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScript.h"

#include "OneTimeCode.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>

#include <latch>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

// {1} is the first word after the verb, {rest} everything, {rest2} everything after the first word.
const std::map<QString, QString>& verbs()
{
    static const std::map<QString, QString> result{
        {u"create"_s, u"SELECT watchkeeper.create_request('{fields}', '{plan}')"_s},
        {u"edit"_s, u"SELECT watchkeeper.edit_request({n}, {r}, '{fields}', '{plan}')"_s},
        {u"act_now"_s, u"SELECT watchkeeper.act_now('{fields}', '{plan}')"_s},
        {u"submit"_s, u"SELECT watchkeeper.submit_request({n}, {r}, '{s}')"_s},
        {u"cancel"_s, u"SELECT watchkeeper.cancel_request({n}, 'not wanted')"_s},
        {u"approve"_s, u"SELECT watchkeeper.approve_request({n}, {r}, '{s}', 'looks good', '{rest}')"_s},
        {u"reject"_s, u"SELECT watchkeeper.reject_request({n}, {r}, '{s}', 'too risky')"_s},
        {u"schedule"_s, u"SELECT watchkeeper.schedule_request({n}, {r}, {rest})"_s},
        {u"claim"_s, u"SELECT watchkeeper.claim_execution({n}, {r}, '{s}')"_s},
        {u"beat"_s, u"SELECT watchkeeper.heartbeat_execution({e}, '{t}')"_s},
        {u"begin"_s, u"SELECT watchkeeper.begin_step({e}, '{t}', {1}, '{}')"_s},
        {u"end"_s, u"SELECT watchkeeper.end_step({e}, '{t}', {1}, '{rest2}', '{}')"_s},
        {u"finish"_s, u"SELECT watchkeeper.finish_execution({e}, '{t}', '{1}', 'so it went')"_s},
        {u"take_over"_s, u"SELECT watchkeeper.take_over_execution({e}, 'they are gone')"_s},
        {u"resolve"_s, u"SELECT watchkeeper.resolve_step({e}, '{t}', {1}, '{rest2}', 'looked at it')"_s},
        {u"close"_s, u"SELECT watchkeeper.close_request({n}, 'done')"_s},
        {u"glass"_s,
         u"SELECT watchkeeper.break_glass({n}, {r}, '{s}', 'everything is down', 'INC-7', 'production', '{rest}')"_s},
        {u"review"_s, u"SELECT watchkeeper.review_break_glass({n}, '{1}', 'looked at it')"_s},
        {u"sql"_s, u"{rest}"_s},
    };
    return result;
}

/// "tom2" is tom over a second connection.
QString user(const QString& person)
{
    static const QRegularExpression digits(u"[0-9]+$"_s);
    const QString name = QString(person).remove(digits);
    return name == u"root" ? u"postgres"_s : name;
}

Answer ask(store::Session& session, const QByteArray& statement)
{
    const auto result = session.script(statement);
    if (result)
        return {{}, {}, *result};
    static const QRegularExpression state(u"^([0-9A-Z]{5})"_s);
    const auto found = state.match(result.error().detail);
    return {found.hasMatch() ? found.captured(1) : u"?"_s, QString::fromUtf8(words(result)), {}};
}

/// "name:action@cluster/namespace" or parts of it, or a check: "?sql@cluster".
QJsonObject stepOf(const QString& one)
{
    static const QRegularExpression form(u"^(\\?)?([^:@/]+)(?::([^@/]+))?(?:@([^/]*))?(?:/(.+))?$"_s);
    const auto part = form.match(one);
    const auto given = [&](int i, const QString& other) {
        return part.captured(i).isEmpty() ? other : part.captured(i);
    };
    const bool isCheck = !part.captured(1).isEmpty();
    const QString action = isCheck ? part.captured(2) : given(3, u"scale"_s);
    const QString name = isCheck ? u"orders"_s : part.captured(2), cluster = given(4, u"production"_s);
    QJsonObject step{{isCheck ? u"check"_s : u"action"_s, action},
                     {u"parameters"_s, action == u"scale" ? QJsonObject{{u"replicas"_s, 3}} : QJsonObject{}}};
    if (action == u"runCommand")
        step[u"target"_s] = QJsonObject{{u"cluster"_s, QString()}, {u"kind"_s, u"Command"_s}, {u"name"_s, name}};
    else if (action == u"silence" || action == u"expireSilence")
        step[u"target"_s] = QJsonObject{{u"cluster"_s, cluster}, {u"kind"_s, u"Silence"_s}, {u"name"_s, name}};
    else if (action == u"runSql" || action == u"sql")
        step[u"target"_s] = QJsonObject{{u"cluster"_s, cluster}, {u"kind"_s, u"Database"_s}, {u"name"_s, name}};
    else if (!isCheck)
        step[u"target"_s] = QJsonObject{{u"cluster"_s, cluster},
                                        {u"group"_s, u"apps"_s},
                                        {u"version"_s, u"v1"_s},
                                        {u"kind"_s, u"Deployment"_s},
                                        {u"resource"_s, u"deployments"_s},
                                        {u"namespace"_s, given(5, u"apps"_s)},
                                        {u"name"_s, name}};
    return step;
}

} // namespace

StoreScript::StoreScript(Stage& stage)
    : m_stage(stage), m_database(stage.reset()), m_values{{u"db"_s, m_database},
                                                          {u"plan"_s, QString::fromUtf8(plan(u"api"_s))},
                                                          {u"fields"_s, QString::fromUtf8(fields())}}
{
}

StoreScript::~StoreScript()
{
    for (auto& [person, running] : m_running)
        running.wait();
    disconnect();
}

store::Session& StoreScript::session(const QString& person)
{
    auto& result = m_sessions[person];
    if (!result)
        result = std::make_unique<store::Session>(m_stage.server().session(user(person), m_database));
    return *result;
}

Answer StoreScript::sql(const QString& person, const QByteArray& statement) { return ask(session(person), statement); }

QString StoreScript::value(const QByteArray& statement)
{
    const Answer answer = sql(u"root"_s, statement);
    return answer.state.isEmpty() ? answer.rows.text(0, 0) : answer.words;
}

void StoreScript::disconnect()
{
    std::erase_if(m_sessions, [](const auto& entry) { return entry.first != u"root"; });
}

QString StoreScript::run(const QStringList& lines)
{
    for (const QString& line : lines) {
        if (const QString wrong = runLine(line); !wrong.isEmpty())
            return wrong;
    }
    return {};
}

QByteArray StoreScript::filled(const QString& person, QString text)
{
    for (const auto& [name, value] : m_values)
        text.replace(u'{' + name + u'}', QString(value).replace(u'\'', u"''"_s));
    static const QRegularExpression codes(u"\\{code([+-]\\d)?(?::(\\w+))?\\}"_s);
    for (auto found = codes.match(text); found.hasMatch(); found = codes.match(text)) {
        const QString whose = found.captured(2).isEmpty() ? user(person) : found.captured(2);
        text.replace(found.capturedStart(), found.capturedLength(), code(whose, found.captured(1).toInt()));
    }
    if (text.contains(u"{huge}"))
        text.replace(u"{huge}"_s, QString(1'000'000, u'x'));
    return text.toUtf8();
}

QString StoreScript::fingerprint()
{
    const QString parts = value(
        "SELECT string_agg(format('SELECT %L AS part, md5(coalesce(string_agg(t::text, ''|'' ORDER BY t::text), '''')) "
        "AS hash FROM %s t %s', c.oid::regclass, c.oid::regclass, CASE c.relname "
        "WHEN 'pg_proc' THEN 'WHERE pronamespace = ''watchkeeper''::regnamespace' ELSE '' END), ' UNION ALL ') "
        "FROM pg_class c WHERE c.relkind = 'r' AND (c.relnamespace = 'watchkeeper'::regnamespace OR c.oid IN "
        "('pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_auth_members'::regclass, 'pg_authid'::regclass, "
        "'pg_db_role_setting'::regclass, 'pg_largeobject_metadata'::regclass, 'pg_namespace'::regclass))");
    const QString hash = value("SELECT string_agg(part || '=' || hash, ' ' ORDER BY part) FROM (" + parts.toUtf8() +
                               " UNION ALL SELECT 'relations', count(*)::text FROM pg_class WHERE relkind <> 't' AND "
                               "relkind <> 'i') x");
    return hash;
}

QString StoreScript::runLine(const QString& line)
{
    static const QRegularExpression form(u"^([\\w*]+): (\\w+)(?: (?!=> |&$)(.*?))?( &)?(?: => (\\w+))?$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression race_(u"^race ([\\w, ]+): (.*)$"_s);
    static const QRegularExpression ending(u"^(\\w+) ends(?: => (\\w+))?$"_s);
    if (line.startsWith(u"after ")) {
        const QStringList* way = m_stage.way(line.mid(6));
        return way ? run(*way) : u"no such way: "_s + line;
    }
    if (line.startsWith(u"request ")) {
        switchTo(line.mid(8));
        return {};
    }
    if (line.startsWith(u"state ") || line.startsWith(u"check "))
        return check(line);
    if (line.endsWith(u" leaves")) {
        m_sessions.erase(line.section(u' ', 0, 0));
        return {};
    }
    if (line.endsWith(u" waits"))
        return waitUntilBlocked(line.section(u' ', 0, 0));
    if (const auto part = ending.match(line); part.hasMatch()) {
        const auto running = m_running.find(part.captured(1));
        if (running == m_running.end())
            return u"nothing runs: "_s + line;
        const Answer answer = running->second.get();
        m_running.erase(running);
        return judge({line, part.captured(1), u"ends"_s, {}, part.captured(2)}, answer);
    }
    const auto together = race_.match(line);
    const auto part = form.match(together.hasMatch() ? u"all: "_s + together.captured(2) : line);
    if (!part.hasMatch())
        return u"cannot be read: "_s + line;
    Line parsed{line, part.captured(1), part.captured(2), part.captured(3), part.captured(5)};
    if (together.hasMatch())
        return race(together.captured(1).split(u", "_s), parsed);
    if (!part.captured(4).isEmpty()) {
        m_running[parsed.person] =
            std::async(std::launch::async, ask, std::ref(session(parsed.person)), statement(parsed));
        return {};
    }
    if (parsed.person != u"*")
        return act(parsed);
    for (const auto& [person, roles] : Stage::people()) {
        parsed.person = person;
        if (const QString wrong = act(parsed); !wrong.isEmpty())
            return person + u", "_s + wrong;
    }
    return {};
}

QString StoreScript::act(const Line& line)
{
    if (line.verb == u"enroll") {
        const QString wrong = enroll(line.person);
        return wrong.isEmpty() ? forgetCodes(line.person) : wrong;
    }
    if (line.verb == u"enroll_only")
        return enroll(line.person);
    if (line.verb == u"forget_codes")
        return forgetCodes(line.person);
    return judge(line, sql(line.person, statement(line)));
}

QByteArray StoreScript::statement(const Line& line)
{
    const QString first = line.rest.section(u' ', 0, 0), second = line.rest.section(u' ', 1);
    if (line.verb == u"create" || line.verb == u"edit" || line.verb == u"act_now") {
        set(u"plan"_s, QString::fromUtf8(plan(first)));
        set(u"fields"_s, QString::fromUtf8(fields(second.isEmpty() ? "{}" : second.toUtf8())));
    }
    const auto verb = verbs().find(line.verb);
    if (verb == verbs().end())
        qFatal("no such verb: %s", qPrintable(line.text));
    QString text = verb->second;
    text.replace(u"{rest2}"_s, second).replace(u"{rest}"_s, line.rest).replace(u"{1}"_s, first);
    return filled(line.person, text);
}

QString StoreScript::judge(const Line& line, const Answer& answer)
{
    if (answer.state != line.expected)
        return u"%1: expected %2, got %3 %4"_s.arg(line.text, line.expected.isEmpty() ? u"success"_s : line.expected,
                                                   answer.state.isEmpty() ? u"success"_s : answer.state, answer.words);
    if (answer.state.isEmpty() && line.verb != u"sql")
        remember(answer.rows.json(0, 0));
    return {};
}

QString StoreScript::race(const QStringList& people, const Line& line)
{
    std::latch start(people.size());
    std::vector<std::future<Answer>> runners;
    for (const QString& person : people) {
        Line own = line;
        own.person = person;
        runners.push_back(std::async(std::launch::async, [&start, &session = session(person), text = statement(own)] {
            start.arrive_and_wait();
            return ask(session, text);
        }));
    }
    int won = 0;
    QString wrong;
    for (auto& runner : runners) {
        const Answer answer = runner.get();
        if (answer.state.isEmpty()) {
            ++won;
            remember(answer.rows.json(0, 0));
        } else if (answer.state != line.expected) {
            wrong = u"%1: got %2 %3"_s.arg(line.text, answer.state, answer.words);
        }
    }
    const qsizetype winners = line.expected.isEmpty() ? people.size() : 1;
    if (wrong.isEmpty() && won != winners)
        wrong = u"%1: %2 succeeded"_s.arg(line.text).arg(won);
    return wrong;
}

QString StoreScript::waitUntilBlocked(const QString& person)
{
    const QByteArray blocked = "SELECT pg_sleep(0.01), count(*) FROM pg_stat_activity WHERE usename = '" +
                               user(person).toUtf8() +
                               "' AND datname = current_database() AND wait_event_type = 'Lock'";
    for (int i = 0; i < 1'000; ++i) {
        if (sql(u"root"_s, blocked).rows.number(0, 1) > 0)
            return {};
    }
    return person + u" does not wait for a lock"_s;
}

QString StoreScript::check(const QString& line)
{
    const bool state = line.startsWith(u"state ");
    const QString expected = line.section(u' ', 1, 1);
    const QByteArray question = state ? filled({}, u"SELECT state FROM watchkeeper.request WHERE number = {n}"_s)
                                      : filled({}, line.section(u' ', 2));
    const QString said = value(question), is = said == u"t" ? u"true"_s : said == u"f" ? u"false"_s : said;
    return is == expected ? QString() : u"%1, but it is %2"_s.arg(line, is);
}

void StoreScript::switchTo(const QString& request)
{
    m_kept[m_current] = m_values;
    m_current = request;
    // A new one begins with what does not belong to a request, and with what would be of the one before.
    if (const auto kept = m_kept.find(m_current); kept != m_kept.end())
        m_values = kept->second;
}

void StoreScript::remember(const QJsonValue& json)
{
    static const std::pair<QString, QString> names[]{{u"number"_s, u"n"_s},
                                                     {u"revision"_s, u"r"_s},
                                                     {u"plan_sha256"_s, u"s"_s},
                                                     {u"execution"_s, u"e"_s},
                                                     {u"token"_s, u"t"_s}};
    for (const auto& [key, name] : names) {
        const QJsonValue value = json[key];
        if (!value.isUndefined() && !value.isNull())
            set(name, value.isString() ? value.toString() : QString::number(value.toInteger()));
    }
}

QString StoreScript::enroll(const QString& person)
{
    const auto made = sql(person, "SELECT watchkeeper.enroll_totp()");
    if (!made.state.isEmpty())
        return made.words;
    m_secrets[person] = fromBase32(made.rows.json(0, 0)[u"secret_base32"].toString());
    const auto confirmed = sql(person, "SELECT watchkeeper.confirm_totp('" + code(person).toUtf8() + "')");
    return confirmed.words;
}

QString StoreScript::forgetCodes(const QString& person)
{
    const QString id = value("SELECT id FROM watchkeeper.totp_secret WHERE person = '" + person.toUtf8() + '\'');
    return sql(u"root"_s, "SELECT setval('watchkeeper.totp_used_" + id.toUtf8() + "', 0)").words;
}

QString StoreScript::code(const QString& person, int ahead) const
{
    const auto secret = m_secrets.find(person);
    return secret == m_secrets.end() ? u"000000"_s
                                     : oneTimeCode(secret->second, QDateTime::currentSecsSinceEpoch() / 30 + ahead);
}

QByteArray StoreScript::plan(const QString& what, const QString& platform)
{
    QJsonArray steps;
    for (const QString& one : what.split(u','))
        steps.append(stepOf(one));
    return QJsonDocument(QJsonObject{{u"format"_s, u"watchkeeper/plan/v1"_s},
                                     {u"platform"_s, platform},
                                     {u"title"_s, u"Change "_s + what},
                                     {u"steps"_s, steps}})
        .toJson(QJsonDocument::Compact);
}

QByteArray StoreScript::fields(const QByteArray& more)
{
    QJsonObject all{{u"title"_s, u"[api] - change"_s},
                    {u"type"_s, u"deployment"_s},
                    {u"what"_s, u"more"_s},
                    {u"why"_s, u"load"_s},
                    {u"impact"_s, u"none"_s},
                    {u"risk"_s, u"low"_s},
                    {u"rollback_plan"_s, u"scale back"_s}};
    const QJsonObject changed = QJsonDocument::fromJson(more).object();
    for (auto it = changed.begin(); it != changed.end(); ++it)
        all.insert(it.key(), it.value());
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

} // namespace wk::test
