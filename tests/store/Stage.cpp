// SPDX-License-Identifier: GPL-3.0-or-later
#include "Stage.h"

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

// The beginning, kept in a schema that nobody else may look into.
constexpr auto Prepare = R"(
GRANT watchkeeper_admin TO adam;
SELECT watchkeeper.set_cluster('streamgate', 'dev', 'development'),
       watchkeeper.set_cluster('streamgate', 'staging', 'staging'),
       watchkeeper.set_cluster('streamgate', 'production', 'production');
CREATE SCHEMA beginning;
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'watchkeeper'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('CREATE TABLE beginning.%I AS TABLE watchkeeper.%I', t.relname, t.relname);
    END LOOP;
END $$;
)";

// Without the triggers and keys that keep rows where they are.
constexpr auto Reset = R"(
SET session_replication_role = replica;
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'watchkeeper'::regnamespace LOOP
        IF t.relkind = 'r' THEN
            EXECUTE format('DELETE FROM watchkeeper.%I', t.relname);
            EXECUTE format('INSERT INTO watchkeeper.%I OVERRIDING SYSTEM VALUE TABLE beginning.%I', t.relname, t.relname);
        ELSIF t.relname ~ '^totp_(tries|used)_' THEN
            EXECUTE format('DROP SEQUENCE watchkeeper.%I', t.relname);
        ELSIF t.relkind = 'S' THEN
            EXECUTE format('ALTER SEQUENCE watchkeeper.%I RESTART', t.relname);
        END IF;
    END LOOP;
END $$;
SET session_replication_role = DEFAULT;
)";

} // namespace

const std::map<QString, QStringList>& Stage::people()
{
    static const std::map<QString, QStringList> result{
        {u"anna"_s, {u"operator"_s}},
        {u"otto"_s, {u"operator"_s}},
        {u"tom"_s, {u"tech-lead"_s}},
        {u"tina"_s, {u"tech-lead"_s, u"security"_s, u"operations"_s}},
        {u"olga"_s, {u"operations"_s}},
        {u"sara"_s, {u"security"_s}},
        {u"vera"_s, {u"viewer"_s}},
        {u"adam"_s, {}},
        {u"zoe"_s, {}},
    };
    return result;
}

Result<void> Stage::start(const QByteArray& settings)
{
    if (const auto started = m_server.start(settings); !started)
        return started;
    const auto made = m_server.freshDatabase();
    if (!made)
        return fail(made.error());
    m_database = *made;
    for (const auto& [person, roles] : people()) {
        if (const auto added = m_server.addPerson(m_database, person, roles); !added)
            return added;
    }
    m_root = std::make_unique<store::Session>(m_server.session(u"postgres"_s, m_database));
    const auto ready = m_root->script(Prepare);
    return ready ? Result<void>() : fail(ready.error());
}

QString Stage::reset()
{
    if (const auto done = m_root->script(Reset); !done)
        qFatal("%s", words(done).constData());
    return m_database;
}

const QStringList* Stage::way(const QString& name) const
{
    const auto found = m_ways.find(name);
    return found == m_ways.end() ? nullptr : &found->second;
}

} // namespace wk::test
