// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreWork.h"

#include "store/Migrations.h"
#include "store/Store.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using store::quotedName;
using store::Session;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

QString named(const RoleGrant& grant)
{
    return grant.platform == u"*" ? grant.role : grant.role + u'@' + grant.platform;
}

/// A truth that the database tells: one row, one boolean.
Result<bool> asks(Session& session, const QByteArray& sql, const store::Parameters& parameters)
{
    const auto rows = session.run(sql, parameters);
    return rows ? Result<bool>(rows->boolean(0, 0)) : fail(rows.error());
}

/// Runs `work` in one transaction. What fails takes everything with it.
template <typename F>
Result<QStringList> inTransaction(Session& session, F work)
{
    if (const auto begun = session.script("BEGIN"); !begun)
        return fail(begun.error());
    Result<QStringList> lines = work();
    const auto ended = session.script(lines ? "COMMIT" : "ROLLBACK");
    if (lines && !ended)
        return fail(ended.error());
    return lines;
}

/// A login role, made where it is missing.
Result<bool> makeRole(Session& session, const QString& person)
{
    const auto there =
        asks(session, "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1 AND rolcanlogin)", {person});
    if (!there || *there)
        return there ? Result<bool>(false) : fail(there.error());
    // A cockpit takes two connections, a command one; whoever takes many more takes them from the others.
    const auto made = session.script("CREATE ROLE " + quotedName(person) + " LOGIN CONNECTION LIMIT 20");
    if (made)
        return true;
    Error error = made.error();
    if (store::sqlState(error) == u"42501") {
        error.sentence = Texts::tr("The database has no login role \"%1\", and you may not make one").arg(person);
        error.remedy = Texts::tr("Have whoever runs the database do it: CREATE ROLE %1 LOGIN")
                           .arg(QString::fromUtf8(quotedName(person)));
    }
    return fail(error);
}

} // namespace

Result<RoleGrant> parseRoleGrant(const QString& word)
{
    const qsizetype at = word.indexOf(u'@');
    if (at == 0 || at == word.size() - 1 || word.isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("\"%1\" is no role").arg(word), {},
                    Texts::tr("Write ROLE or ROLE@PLATFORM"));
    return at < 0 ? RoleGrant{word} : RoleGrant{word.left(at), word.sliced(at + 1)};
}

Result<QStringList> migrateStore(Session& session, bool wantsSchema)
{
    if (wantsSchema) {
        const auto there = asks(session, "SELECT to_regclass('watchkeeper.schema_version') IS NOT NULL", {});
        if (!there)
            return fail(there.error());
        if (!*there)
            return fail(Error::Kind::Unsupported,
                        Texts::tr("The database at %1 has no schema of Watchkeeper yet").arg(session.server()), {},
                        Texts::tr("Prepare it with `watchkeeperctl store init`"));
    }
    const auto done = store::migrate(session);
    if (!done)
        return fail(done.error());
    if (done->from == done->to)
        return QStringList{Texts::tr("The schema is of version %1 already").arg(done->to)};
    return QStringList{Texts::tr("The schema was brought from version %1 to %2").arg(done->from).arg(done->to)};
}

Result<QStringList> createDatabase(Session& session, const QString& name)
{
    const auto made = session.script("CREATE DATABASE " + quotedName(name) +
                                     " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
                                     " LC_CTYPE 'C'");
    if (!made)
        return fail(made.error());
    return QStringList{Texts::tr("The database \"%1\" was made").arg(name)};
}

Result<QStringList> initStore(Session& session, const QStringList& admins)
{
    auto lines = migrateStore(session, false);
    if (!lines)
        return lines;
    const auto made = inTransaction(session, [&]() -> Result<QStringList> {
        QStringList result;
        QStringList names = admins;
        const auto self = session.run("SELECT session_user, rolsuper FROM pg_catalog.pg_roles"
                                      " WHERE rolname = session_user");
        if (!self)
            return fail(self.error());
        // Whoever prepares a store without being a superuser could not admit anybody otherwise.
        if (names.isEmpty() && !self->boolean(0, 1))
            names << self->text(0, 0);
        for (const QString& name : names) {
            if (const auto role = makeRole(session, name); !role)
                return fail(role.error());
            if (const auto granted = session.script("GRANT watchkeeper_admin TO " + quotedName(name)); !granted)
                return fail(granted.error());
            result << Texts::tr("%1 is an admin of the store").arg(name);
        }
        if (names.isEmpty())
            result << Texts::tr("Nobody was made an admin; a superuser of the database is one without it");
        return result;
    });
    return made ? Result<QStringList>(*lines + *made) : made;
}

Result<QStringList> grantRoles(Session& session, const QString& person, const QList<RoleGrant>& roles,
                               const QByteArray& password)
{
    return inTransaction(session, [&]() -> Result<QStringList> {
        QStringList lines;
        const auto made = makeRole(session, person);
        if (!made)
            return fail(made.error());
        if (*made)
            lines << Texts::tr("The login role \"%1\" was made").arg(person);
        if (!password.isEmpty()) {
            if (const auto set = session.setPassword(person, password); !set)
                return fail(set.error());
            lines << Texts::tr("%1 has a new password").arg(person);
        }
        for (const RoleGrant& grant : roles) {
            const auto granted =
                session.run("SELECT watchkeeper.grant_role($1, $2, $3)", {person, grant.role, grant.platform});
            if (!granted)
                return fail(granted.error());
            lines << Texts::tr("%1 is %2").arg(person, named(grant));
        }
        return lines;
    });
}

Result<QStringList> revokeRoles(Session& session, const QString& person, const QList<RoleGrant>& roles)
{
    const auto taken = inTransaction(session, [&]() -> Result<QStringList> {
        QStringList lines;
        QList<RoleGrant> all = roles;
        if (roles.isEmpty()) {
            const auto rows = session.run(
                "SELECT role, platform FROM watchkeeper.person_role WHERE person = $1 ORDER BY platform, role",
                {person});
            if (!rows)
                return fail(rows.error());
            for (int i = 0; i < rows->size(); ++i)
                all << RoleGrant{rows->text(i, 0), rows->text(i, 1)};
        }
        for (const RoleGrant& grant : std::as_const(all)) {
            const auto revoked =
                session.run("SELECT watchkeeper.revoke_role($1, $2, $3)", {person, grant.role, grant.platform});
            if (!revoked)
                return fail(revoked.error());
            lines << Texts::tr("%1 is no longer %2").arg(person, named(grant));
        }
        return lines;
    });
    if (!taken || !roles.isEmpty())
        return taken;
    // The admission was given by the schema's owner, and only whoever may act as that can take it back.
    const auto expelled = inTransaction(session, [&]() -> Result<QStringList> {
        const QByteArray name = quotedName(person);
        auto step = session.script("SET LOCAL ROLE watchkeeper_owner; REVOKE watchkeeper_people FROM " + name);
        if (step)
            step = session.script("RESET ROLE; REVOKE watchkeeper_admin FROM " + name);
        if (!step)
            return fail(step.error());
        return QStringList{Texts::tr("%1 is not let into the store any more").arg(person)};
    });
    if (expelled)
        return *taken + *expelled;
    if (store::sqlState(expelled.error()) != u"42501")
        return expelled;
    return *taken + QStringList{Texts::tr("%1 can still read; whoever runs the database takes that away with: "
                                          "REVOKE watchkeeper_people, watchkeeper_admin FROM %2")
                                    .arg(person, QString::fromUtf8(quotedName(person)))};
}

namespace {

constexpr char clustersSql[] =
    "SELECT platform, name, class, counts_as, set_by, pg_catalog.to_char(counts_from AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD HH24:MI') FROM watchkeeper.cluster_list";

QString clusterLine(const store::Rows& rows, int row)
{
    const QString platform = rows.text(row, 0), name = rows.text(row, 1), now = rows.text(row, 3);
    const QString line = Texts::tr("%1 of %2 counts as %3").arg(name, platform, now);
    if (rows.text(row, 2) == now)
        return line;
    return line + Texts::tr("; %1 wants it to be %2, which counts from %3 UTC on, or once another admin runs "
                            "`watchkeeperctl store confirm-cluster %4 %5 %2`")
                      .arg(rows.text(row, 4), rows.text(row, 2), rows.text(row, 5), platform, name);
}

Result<QStringList> clusterLines(const Result<store::Rows>& rows)
{
    if (!rows)
        return fail(rows.error());
    QStringList lines;
    for (int i = 0; i < rows->size(); ++i)
        lines << clusterLine(*rows, i);
    return lines;
}

/// Calls one of the functions that take platform, name and class, and says what is so then.
Result<QStringList> changeCluster(Session& session, const char* function, const QStringList& words)
{
    const auto done = session.run(QByteArray("SELECT watchkeeper.") + function + "($1, $2, $3)",
                                  {words.value(0), words.value(1), words.value(2)});
    if (!done)
        return fail(done.error());
    return clusterLines(
        session.run(QByteArray(clustersSql) + " WHERE platform = $1 AND name = $2", {words.value(0), words.value(1)}));
}

} // namespace

Result<QStringList> setCluster(Session& session, const QStringList& words)
{
    return changeCluster(session, "set_cluster", words);
}

Result<QStringList> confirmCluster(Session& session, const QStringList& words)
{
    return changeCluster(session, "confirm_cluster", words);
}

Result<QStringList> listClusters(Session& session)
{
    auto lines = clusterLines(session.run(QByteArray(clustersSql) + " ORDER BY platform, name"));
    if (lines && lines->isEmpty())
        lines->append(Texts::tr("No cluster is registered: each counts as production"));
    return lines;
}

} // namespace wk::ctl
