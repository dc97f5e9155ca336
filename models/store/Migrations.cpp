// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Migrations.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>

// The resource lies in a static library, from which the linker drops what nobody names. Q_INIT_RESOURCE has to be used
// outside of namespaces.
static void initSchemaResources() { Q_INIT_RESOURCE(schema); }

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::Migrations)
};

/// Of pg_advisory_lock: "watchkee" in ASCII. Nobody else in this database uses it.
constexpr auto LockSql = "SELECT pg_advisory_lock(8602814476083193189)";
constexpr auto UnlockSql = "SELECT pg_advisory_unlock(8602814476083193189)";

Result<QList<Migration>> applied(Session& session)
{
    const auto there = session.run("SELECT to_regclass('watchkeeper.schema_version') IS NOT NULL");
    if (!there)
        return fail(there.error());
    QList<Migration> result;
    if (!there->boolean(0, 0))
        return result;
    const auto rows = session.run("SELECT version, name, sha256 FROM watchkeeper.schema_version ORDER BY version");
    if (!rows)
        return fail(rows.error());
    for (int i = 0; i < rows->size(); ++i)
        result.append({int(rows->number(i, 0)), rows->text(i, 1), {}, rows->bytes(i, 2).toByteArray()});
    return result;
}

/// Whether what was applied is the beginning of what we know.
std::optional<Error> difference(const QList<Migration>& done, const QList<Migration>& known, const QString& server)
{
    if (!done.isEmpty() && !known.isEmpty() && done.last().version > known.last().version)
        return schemaFault(done.last().version, known.last().version, server);
    for (qsizetype i = 0; i < done.size(); ++i) {
        if (i < known.size() && done[i].version == known[i].version && done[i].sha256 == known[i].sha256)
            continue;
        return Error{
            Error::Kind::Unsupported, // which trying again does not change
            Texts::tr("The schema of the store at %1 was made from another “%2” than the one of this Watchkeeper.")
                .arg(server, done[i].name),
            {},
            Texts::tr("Use the Watchkeeper that made it, or a release; nothing was changed.")};
    }
    return std::nullopt;
}

/// Whoever may make a function in a schema that is looked into lends their words to whoever runs a migration.
constexpr auto PathSql = "SET search_path = pg_catalog, pg_temp";

/// Up to PostgreSQL 14 everybody may make something in "public", and what is there already is not known to be harmless.
Result<void> requireClosedPublic(Session& session)
{
    const auto open = session.run("SELECT EXISTS (SELECT FROM pg_namespace n,"
                                  " aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
                                  " WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE')");
    if (!open)
        return fail(open.error());
    if (!open->boolean(0, 0))
        return {};
    return fail(
        Error::Kind::Forbidden,
        Texts::tr("Everybody may make functions in the schema “public” of the database at %1; the schema of "
                  "Watchkeeper is not brought into such a database, and nothing was changed.")
            .arg(session.server()),
        {}, Texts::tr("Have its owner run: REVOKE CREATE ON SCHEMA public FROM PUBLIC; and look at what is in it."));
}

Result<void> apply(Session& session, const Migration& migration)
{
    const QByteArray record = "INSERT INTO watchkeeper.schema_version (version, name, sha256) VALUES ($1, $2, $3)";
    auto step = session.script("BEGIN");
    if (step)
        step = session.script(PathSql);
    if (step)
        step = session.script(migration.sql);
    if (step)
        step = session.run("SET LOCAL ROLE watchkeeper_owner");
    if (step)
        step = session.run(record, {migration.version, migration.name, migration.sha256});
    if (step)
        step = session.script("COMMIT");
    if (step)
        return {};
    Error error = step.error();
    if (const auto undone = session.script("ROLLBACK"); !undone)
        error.detail += u'\n' + undone.error().sentence;
    error.detail += u'\n' + migration.name;
    return fail(error);
}

} // namespace

QList<Migration> builtinMigrations()
{
    initSchemaResources();
    QList<Migration> result;
    const QDir folder(u":/schema"_s);
    const QStringList names = folder.entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
    for (const QString& name : names) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue; // a resource that is listed can be read
        const QByteArray sql = file.readAll();
        result.append({name.section(u'_', 0, 0).toInt(), name, sql,
                       QCryptographicHash::hash(sql, QCryptographicHash::Sha256).toHex()});
    }
    return result;
}

int newestSchema()
{
    const auto all = builtinMigrations();
    return all.isEmpty() ? 0 : all.last().version;
}

std::optional<Error> schemaFault(int found, int wanted, const QString& server)
{
    const auto fault = [&](const QString& sentence, const QString& remedy) {
        return Error{Error::Kind::Unsupported, sentence.arg(server).arg(found).arg(wanted), {}, remedy};
    };
    if (found > wanted)
        return fault(
            Texts::tr("The schema of the store at %1 is of version %2, newer than the %3 that this Watchkeeper knows."),
            Texts::tr("Update Watchkeeper."));
    if (found < wanted)
        return fault(Texts::tr("The schema of the store at %1 is of version %2; this Watchkeeper needs %3."),
                     Texts::tr("Have an administrator run `watchkeeperctl store migrate`."));
    return std::nullopt;
}

Result<void> closePublic(Session& session)
{
    const auto closed = session.script("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    return closed ? Result<void>() : fail(closed.error());
}

Result<Migrated> migrate(Session& session, const QList<Migration>& migrations)
{
    if (const auto safe = session.script(PathSql); !safe)
        return fail(safe.error());
    if (const auto locked = session.run(LockSql); !locked)
        return fail(locked.error());
    const auto work = [&]() -> Result<Migrated> {
        const auto done = applied(session);
        if (!done)
            return fail(done.error());
        if (auto error = difference(*done, migrations, session.server()))
            return fail(*error);
        Migrated result{done->isEmpty() ? 0 : done->last().version, 0};
        result.to = result.from;
        if (migrations.isEmpty() || migrations.last().version <= result.from)
            return result;
        if (const auto closed = requireClosedPublic(session); !closed)
            return fail(closed.error());
        for (const Migration& migration : migrations) {
            if (migration.version <= result.from)
                continue;
            if (const auto step = apply(session, migration); !step)
                return fail(step.error());
            result.to = migration.version;
        }
        return result;
    };
    auto result = work();
    if (const auto unlocked = session.run(UnlockSql); !unlocked && result)
        return fail(unlocked.error());
    return result;
}

} // namespace wk::store
