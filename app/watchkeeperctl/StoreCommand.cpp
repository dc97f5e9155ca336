// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreCommand.h"

#include "Prompt.h"
#include "StoreWork.h"
#include "core/Future.h"
#include "store/Migrations.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using store::Address;
using Schema = StoreAccess::Schema;

namespace {

void printJson(const QJsonObject& object)
{
    printLine(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented)).trimmed());
}

void printField(const QString& name, const QString& value) { printLine(u"%1%2"_s.arg(name, -15).arg(value)); }

/// "tech-lead on every platform, operator on streamgate".
QString rolesText(const QJsonObject& me)
{
    QStringList result;
    const QJsonArray roles = me.value(u"roles"_s).toArray();
    for (const QJsonValue& value : roles) {
        const QString role = value[u"role"_s].toString();
        const QString platform = value[u"platform"_s].toString();
        result << (platform == u"*" ? role : role + u'@' + platform);
    }
    if (me.value(u"admin"_s).toBool() && !result.contains(u"admin"_s))
        result.prepend(u"admin"_s);
    return result.isEmpty() ? QObject::tr("none") : result.join(u", "_s);
}

} // namespace

StoreCommand::StoreCommand(std::unique_ptr<StoreAccess> access, Arguments arguments)
    : m_access(std::move(access)), m_arguments(std::move(arguments))
{
}

StoreCommand::~StoreCommand() { m_home->close(); }

void StoreCommand::end(int code) { QCoreApplication::exit(code); }

void StoreCommand::end(const Error& error)
{
    printError(error);
    end(exitCodeOf(error));
}

template <typename F>
void StoreCommand::open(Schema schema, F then)
{
    m_access->open(schema, [this, then = std::move(then)](const std::optional<Error>& error) {
        if (error)
            end(*error);
        else
            then();
    });
}

void StoreCommand::askWho(std::function<void(const QJsonObject&)> then)
{
    whenDone(m_access->store().call(u"whoami"_s, {}, store::Statement::Read), this,
             [this, then = std::move(then)](const Result<QJsonValue>& me) {
                 if (me)
                     then(me->toObject());
                 else
                     end(me.error());
             });
}

void StoreCommand::printStatus(const QJsonObject& me)
{
    const store::StoreStatus& status = m_access->store().status();
    const auto fault = store::schemaFault(status.schemaVersion, store::newestSchema(), status.server);
    const QJsonObject head = me.value(u"audit_head"_s).toObject();
    if (m_arguments.output == u"json") {
        QJsonObject result{{u"store"_s, m_access->address().text()},
                           {u"private"_s, status.isPrivate},
                           {u"server"_s, status.server},
                           {u"serverVersion"_s, status.serverVersion},
                           {u"person"_s, status.person},
                           {u"schema"_s, status.schemaVersion},
                           {u"schemaWanted"_s, store::newestSchema()}};
        if (!me.isEmpty()) {
            result.insert(u"policy"_s, me.value(u"policy"_s));
            result.insert(u"openReviews"_s, me.value(u"open_reviews"_s));
            result.insert(u"auditHead"_s, head);
        }
        printJson(result);
    } else {
        printField(QObject::tr("store"),
                   status.isPrivate ? QObject::tr("your own, on this machine") : m_access->address().text());
        printField(QObject::tr("server"), QObject::tr("%1, PostgreSQL %2").arg(status.server, status.serverVersion));
        printField(QObject::tr("person"), status.person);
        printField(QObject::tr("schema"),
                   status.schemaVersion == 0 ? QObject::tr("none") : QString::number(status.schemaVersion));
        if (!me.isEmpty()) {
            printField(QObject::tr("policy"), me.value(u"policy"_s).toString());
            printField(QObject::tr("roles"), rolesText(me));
            if (const qint64 open = me.value(u"open_reviews"_s).toInteger(); open > 0)
                printField(QObject::tr("owed"), QObject::tr("%1 reviews of broken glass").arg(open));
            printField(QObject::tr("audit"), QObject::tr("%1 entries, head %2")
                                                 .arg(head.value(u"seq"_s).toInteger())
                                                 .arg(head.value(u"hash"_s).toString().left(16)));
        }
    }
    if (fault)
        end(*fault);
    else
        end(Done);
}

void StoreCommand::status()
{
    open(Schema::Any, [this] {
        const store::StoreStatus& status = m_access->store().status();
        if (status.schemaVersion == store::newestSchema())
            askWho([this](const QJsonObject& me) { printStatus(me); });
        else
            printStatus({});
    });
}

void StoreCommand::whoami()
{
    open(Schema::Current, [this] {
        askWho([this](const QJsonObject& me) {
            if (m_arguments.output == u"json") {
                printJson(me);
            } else {
                printField(QObject::tr("person"), me.value(u"person"_s).toString());
                printField(QObject::tr("roles"), rolesText(me));
                printField(QObject::tr("one-time code"), me.value(u"totp"_s).toString());
                printField(QObject::tr("policy"), me.value(u"policy"_s).toString());
            }
            end(Done);
        });
    });
}

void StoreCommand::psqlUri()
{
    const auto print = [this] {
        Address address = m_access->address();
        // What psql would do less strictly by itself.
        if (address.sslMode().startsWith("verify")) {
            address.setOption("sslmode", address.sslMode());
            address.setOption("sslrootcert", address.option("sslrootcert", store::defaultRootCertificates().toUtf8()));
        }
        printLine(address.text());
        if (m_access->isPrivate())
            printNote(QObject::tr("your own store runs only while a Watchkeeper is open"));
        end(Done);
    };
    // A team's is known without asking it.
    if (m_access->isPrivate())
        open(Schema::Any, print);
    else
        QMetaObject::invokeMethod(this, print, Qt::QueuedConnection);
}

void StoreCommand::runInBackground(const Address& address, Work work, std::function<void()> then)
{
    m_thread.post([this, home = m_home, address, password = m_access->password(), work = std::move(work),
                   then = std::move(then)] {
        auto session = store::Session::open(address, password);
        const Result<QStringList> lines = session ? work(*session) : fail(session.error());
        home->post([this, lines, then] {
            if (!lines) {
                end(lines.error());
                return;
            }
            for (const QString& line : *lines)
                printLine(line);
            then();
        });
    });
}

void StoreCommand::work(Schema schema, Work work)
{
    open(schema, [this, work = std::move(work)] { runInBackground(m_access->address(), work, [] { end(Done); }); });
}

void StoreCommand::init(const QStringList& admins)
{
    const auto prepare = [this, admins](bool isNew) {
        const auto work = [admins, isNew](store::Session& session) -> Result<QStringList> {
            if (const auto closed = isNew ? store::closePublic(session) : Result<void>(); !closed)
                return fail(closed.error());
            return initStore(session, admins);
        };
        runInBackground(m_access->address(), work, [] { end(Done); });
    };
    m_access->open(Schema::Any, [this, prepare](const std::optional<Error>& error) {
        if (error && store::sqlState(*error) == u"3D000") {
            Address neighbour = m_access->address();
            const QString name = neighbour.database();
            neighbour.setDatabase(u"postgres"_s);
            runInBackground(
                neighbour, [name](store::Session& session) { return createDatabase(session, name); },
                [prepare] { prepare(true); });
        } else if (error) {
            end(*error);
        } else {
            prepare(false);
        }
    });
}

namespace {

int misuse(const QString& sentence)
{
    printError({Error::Kind::BadInput,
                sentence,
                {},
                QObject::tr("Write `store status`, `whoami`, `psql-uri`, `init [ADMIN...]`, `migrate`, "
                            "`grant PERSON ROLE[@PLATFORM]...`, `revoke PERSON [ROLE[@PLATFORM]...]`, `clusters`, "
                            "`cluster PLATFORM NAME CLASS` or `confirm-cluster PLATFORM NAME CLASS`")});
    return Usage;
}

/// How many words a verb takes after itself.
struct Verb
{
    QStringView name;
    qsizetype least;
    qsizetype most;
};
constexpr Verb verbs[] = {{u"status", 0, 0},  {u"whoami", 0, 0},         {u"psql-uri", 0, 0},  {u"init", 0, 1000},
                          {u"migrate", 0, 0}, {u"grant", 2, 1000},       {u"revoke", 1, 1000}, {u"clusters", 0, 0},
                          {u"cluster", 3, 3}, {u"confirm-cluster", 3, 3}};

/// `grant` and `revoke`: a person and roles.
int startRoles(StoreCommand& command, const Arguments& arguments)
{
    const QString person = arguments.words[1];
    QList<RoleGrant> roles;
    for (const QString& word : arguments.words.sliced(2)) {
        const auto role = parseRoleGrant(word);
        if (!role)
            return misuse(role.error().sentence);
        roles << *role;
    }
    if (arguments.words[0] == u"revoke") {
        command.work(Schema::Current,
                     [person, roles](store::Session& session) { return revokeRoles(session, person, roles); });
        return -1;
    }
    command.work(Schema::Current,
                 [person, roles, asks = arguments.newPassword](store::Session& session) -> Result<QStringList> {
                     QByteArray password;
                     if (asks) {
                         const auto typed =
                             askNewSecret(QObject::tr("New password of %1: ").arg(person), QObject::tr("Once more: "));
                         if (!typed)
                             return fail(typed.error());
                         password = *typed;
                     }
                     return grantRoles(session, person, roles, password);
                 });
    return -1;
}

int start(StoreCommand& command, const Arguments& arguments)
{
    const QString verb = arguments.words[0];
    if (verb == u"grant" || verb == u"revoke")
        return startRoles(command, arguments);
    if (verb == u"status")
        command.status();
    else if (verb == u"whoami")
        command.whoami();
    else if (verb == u"psql-uri")
        command.psqlUri();
    else if (verb == u"init")
        command.init(arguments.words.sliced(1));
    else if (verb == u"clusters")
        command.work(Schema::Current, listClusters);
    else if (verb.endsWith(u"cluster"))
        command.work(Schema::Current,
                     [work = verb == u"cluster" ? setCluster : confirmCluster,
                      words = arguments.words.sliced(1)](store::Session& session) { return work(session, words); });
    else
        command.work(Schema::Any, [](store::Session& session) { return migrateStore(session, true); });
    return -1;
}

} // namespace

int runStore(const Arguments& arguments, Running& running)
{
    const QString word = arguments.words.value(0);
    const auto verb = std::ranges::find(verbs, QStringView(word), &Verb::name);
    if (verb == std::end(verbs))
        return misuse(word.isEmpty() ? QObject::tr("Say what to do with the store")
                                     : QObject::tr("store knows no \"%1\"").arg(word));
    const qsizetype given = arguments.words.size() - 1;
    if (given < verb->least || given > verb->most)
        return misuse(QObject::tr("store %1 was given %n word(s)", nullptr, int(given)).arg(word));
    auto access = StoreAccess::make(arguments);
    if (!access) {
        printError(access.error());
        return Usage;
    }
    if ((*access)->isPrivate() && (word == u"init" || word == u"grant" || word == u"revoke")) {
        printError({Error::Kind::Unsupported,
                    QObject::tr("Your own store has one person, you, and is prepared by itself"),
                    {},
                    QObject::tr("Name a team's store with --store or $WATCHKEEPER_STORE")});
        return Refused;
    }
    auto command = std::make_unique<StoreCommand>(std::move(*access), arguments);
    const int code = start(*command, arguments);
    running = std::move(command);
    return code;
}

} // namespace wk::ctl
