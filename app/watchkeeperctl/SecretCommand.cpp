// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "PlatformFiles.h"
#include "Prompt.h"
#include "SecretAccess.h"
#include "changes/SecretUses.h"
#include "core/Future.h"
#include "platform/PlatformLoader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using secrets::Credential;
using State = secrets::Credentials::Keychain::State;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl::Secret)
};

/// What the platforms that are known here, and the store that is named, ask for.
std::vector<secrets::SecretUse> usesOf(const Arguments& arguments)
{
    std::vector<secrets::SecretUse> out;
    for (const auto& platform : platform::loadPlatforms(platformDirectories(arguments)).platforms)
        std::ranges::copy(changes::secretUses(*platform), std::back_inserter(out));
    const QString store = arguments.store.isEmpty() ? qEnvironmentVariable("WATCHKEEPER_STORE") : arguments.store;
    if (const auto address = store::Address::parse(store); address && !store.isEmpty())
        out.push_back(changes::secretUse(*address));
    return out;
}

QString placeName(const Credential& one)
{
    switch (one.place) {
    case Credential::Place::Keychain: return u"kept"_s;
    case Credential::Place::Session: return u"session"_s;
    case Credential::Place::Missing: return one.isMissed() ? u"missing"_s : u"not kept"_s;
    case Credential::Place::NotAsked: break;
    }
    return u"not known"_s;
}

QString sinceText(const Credential& one)
{
    return one.sinceMs ? QDateTime::fromMSecsSinceEpoch(*one.sinceMs, Qt::UTC).toString(Qt::ISODate) : QString();
}

QStringList usesText(const Credential& one)
{
    QStringList out;
    for (const secrets::SecretUse& use : one.uses)
        out << use.words;
    return out;
}

void printCredentials(const std::vector<Credential>& all, bool json)
{
    if (json) {
        QJsonArray items;
        for (const Credential& one : all)
            items << QJsonObject{{u"name"_s, one.name},
                                 {u"kept"_s, placeName(one)},
                                 {u"kind"_s, secrets::secretKindName(one.kind)},
                                 {u"since"_s, sinceText(one)},
                                 {u"by"_s, one.by},
                                 {u"uses"_s, QJsonArray::fromStringList(usesText(one))}};
        printLine(QString::fromUtf8(QJsonDocument(items).toJson()).trimmed());
        return;
    }
    QList<QStringList> lines{{u"NAME"_s, u"KEPT"_s, u"KIND"_s, u"SINCE"_s, u"USED FOR"_s}};
    for (const Credential& one : all)
        lines << QStringList{one.name, placeName(one), secrets::secretKindName(one.kind), sinceText(one),
                             usesText(one).join(u", "_s)};
    printColumns(lines);
}

/// The keychain, until it has answered.
class Secret final : public QObject
{
public:
    explicit Secret(const Arguments& arguments)
        : m_json(arguments.output == u"json"), m_credentials(openCredentials(m_clock))
    {
        m_credentials->setUses(usesOf(arguments));
    }

    template <typename T, typename F>
    void then(QFuture<Result<T>> future, F said)
    {
        whenDone(future, this, [this, said](const Result<T>& result) {
            if (!result)
                return end(result.error());
            if (m_credentials->problem())
                printError(*m_credentials->problem());
            if constexpr (std::is_void_v<T>)
                QCoreApplication::exit(said());
            else
                QCoreApplication::exit(said(*result));
        });
    }
    void list()
    {
        connect(m_credentials.get(), &secrets::Credentials::changed, this, [this] {
            const auto& keychain = m_credentials->keychain();
            if (std::exchange(m_listed, m_listed || keychain.state != State::Asking) || keychain.state == State::Asking)
                return;
            printCredentials(m_credentials->all(), m_json);
            if (m_credentials->problem())
                printError(*m_credentials->problem());
            if (keychain.error)
                return end(*keychain.error);
            QCoreApplication::exit(Done);
        });
        m_credentials->look();
    }
    [[nodiscard]] secrets::Credentials& credentials() { return *m_credentials; }

private:
    void end(const Error& error)
    {
        printError(error);
        QCoreApplication::exit(exitCodeOf(error));
    }

    const bool m_json;
    bool m_listed = false;
    SystemClock m_clock;
    std::unique_ptr<secrets::Credentials> m_credentials;
};

int usageError(const QString& what)
{
    printError({Error::Kind::BadInput,
                what,
                {},
                Texts::tr("For example: watchkeeperctl secret set shop/prometheus, or: watchkeeperctl secret list")});
    return Usage;
}

Result<void> set(Secret& asked, const Arguments& arguments, const QString& name)
{
    const auto value = askNewSecret(Texts::tr("Password or token for %1: ").arg(name), Texts::tr("Once more: "));
    if (!value)
        return fail(value.error());
    const auto said = [name] {
        printLine(Texts::tr("The keychain keeps %1.").arg(name));
        return int(Done);
    };
    if (arguments.has(u"type"_s))
        asked.then(asked.credentials().keep(name, secrets::secretKindOf(arguments.value(u"type"_s)), *value,
                                            secrets::Keep::Keychain),
                   said);
    else
        asked.then(asked.credentials().write(name, *value), said);
    return {};
}

} // namespace

int runSecret(const Arguments& arguments, Running& running)
{
    const QString deed = arguments.words.value(0), name = arguments.words.value(1);
    const bool lists = deed == u"list", sets = deed == u"set";
    if (arguments.words.size() != (lists ? 1 : 2) || (!lists && name.isEmpty()))
        return usageError(Texts::tr("secret takes one of set, remove and check, and the name of an entry; or list"));
    for (const QString& option : arguments.named.keys()) {
        if (!sets || option != u"type")
            return usageError(Texts::tr("secret %1 takes no option --%2").arg(deed, option));
    }
    const QString type = arguments.value(u"type"_s);
    if (arguments.has(u"type"_s) && secrets::secretKindName(secrets::secretKindOf(type)) != type)
        return usageError(Texts::tr("\"%1\" is none of password, token, webhook and database").arg(type));
    auto secret = std::make_unique<Secret>(arguments);
    Secret& asked = *secret;
    if (lists) {
        asked.list();
    } else if (sets) {
        if (const auto begun = set(asked, arguments, name); !begun) {
            printError(begun.error());
            return exitCodeOf(begun.error());
        }
    } else if (deed == u"remove") {
        asked.then(asked.credentials().remove(name), [name] {
            printLine(Texts::tr("The keychain has no %1 any more.").arg(name));
            return int(Done);
        });
    } else if (deed == u"check") {
        asked.then(asked.credentials().read(name), [name](const std::optional<QByteArray>& value) {
            printLine(value ? Texts::tr("The keychain has %1.").arg(name)
                            : Texts::tr("The keychain has no entry %1.").arg(name));
            return value ? int(Done) : int(Refused);
        });
    } else {
        return usageError(Texts::tr("secret knows no \"%1\"").arg(deed));
    }
    running = std::move(secret);
    return -1;
}

} // namespace wk::ctl
