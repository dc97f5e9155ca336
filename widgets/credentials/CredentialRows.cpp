// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/credentials/CredentialRows.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using secrets::Credential;
using secrets::Credentials;
using table::Health;
using Place = Credential::Place;
using State = Credentials::Keychain::State;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::CredentialRows)
};

Health healthOf(const Credential& one)
{
    switch (one.place) {
    case Place::Keychain: return Health::Good;
    case Place::Session: return Health::Info;
    case Place::Missing: return one.isMissed() ? Health::Bad : Health::None;
    case Place::NotAsked: return Health::Unknown;
    }
    return Health::Unknown;
}

/// What wants to be looked at comes first.
qint64 rankOf(const Credential& one)
{
    return one.isMissed() ? 3 : one.place == Place::NotAsked ? 2 : one.place == Place::Missing ? 0 : 1;
}

/// Each once, in the order in which they were found.
QString joined(const Credential& one, QString secrets::SecretUse::*part)
{
    QStringList out;
    for (const secrets::SecretUse& use : one.uses)
        if (!(use.*part).isEmpty() && !out.contains(use.*part))
            out << use.*part;
    return out.join(u", "_s);
}

QString usedWords(const Credential& one)
{
    const QString uses = joined(one, &secrets::SecretUse::words);
    return uses.isEmpty() ? Texts::tr("nothing here uses it") : uses;
}

} // namespace

table::Columns credentialColumns()
{
    using K = table::Column::Kind;
    return {{u"name"_s, Texts::tr("Name"), K::Text, false, Texts::tr("Under which the keychain has it")},
            {u"kept"_s, Texts::tr("Kept"), K::Status, false, Texts::tr("Where the secret is")},
            {u"kind"_s, Texts::tr("Kind"), K::Text, false, {}},
            {u"since"_s, Texts::tr("Since"), K::Age, false, Texts::tr("When it was put there last")},
            {u"uses"_s, Texts::tr("Used for"), K::Text, false, Texts::tr("What of the configuration asks for it")},
            {u"platform"_s, Texts::tr("Platform"), K::Text, false, Texts::tr("Whose platform file names it")},
            {u"rank"_s, Texts::tr("Urgency"), K::Number, true, Texts::tr("3: missed; 2: not known; 1: kept")},
            {u"by"_s, Texts::tr("Put there by"), K::Text, true, Texts::tr("The program that kept it")}};
}

QString placeWords(const Credential& one, const Credentials::Keychain& keychain)
{
    switch (one.place) {
    case Place::Keychain: return Texts::tr("in keychain");
    case Place::Session: return Texts::tr("this session");
    case Place::Missing: return one.isMissed() ? Texts::tr("missing") : Texts::tr("not kept");
    case Place::NotAsked: break;
    }
    return keychain.state == State::Failed   ? Texts::tr("not known")
           : keychain.state == State::Asking ? Texts::tr("being asked")
                                             : Texts::tr("not asked yet");
}

RowsById credentialRows(const Credentials& credentials)
{
    RowsById out;
    for (const Credential& one : credentials.all()) {
        auto row = std::make_shared<table::Row>();
        row->id = row->name = one.name;
        row->health = healthOf(one);
        row->reason = credentialWords(one, credentials.keychain());
        row->cells = {one.name,
                      placeWords(one, credentials.keychain()),
                      secrets::secretKindWords(one.kind),
                      one.sinceMs ? table::Cell(table::Instant{*one.sinceMs}) : table::Cell(),
                      usedWords(one),
                      joined(one, &secrets::SecretUse::platform),
                      rankOf(one),
                      one.by};
        out.emplace(one.name, std::move(row));
    }
    return out;
}

QString credentialWords(const Credential& one, const Credentials::Keychain& keychain)
{
    const QString uses = joined(one, &secrets::SecretUse::words);
    const QString used =
        uses.isEmpty() ? Texts::tr("Nothing that is configured here uses it.") : Texts::tr("Used for: %1.").arg(uses);
    const QString since = one.sinceMs
                              ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(*one.sinceMs), QLocale::ShortFormat)
                              : QString();
    switch (one.place) {
    case Place::Keychain:
        return used + u' ' +
               (since.isEmpty() ? Texts::tr("The keychain has it; it is not known since when.")
                                : Texts::tr("In the keychain since %1, put there by %2.").arg(since, one.by));
    case Place::Session:
        return used + u' ' + Texts::tr("Known since %1, until Watchkeeper ends; it is in no file.").arg(since);
    case Place::Missing:
        if (one.isMissed())
            return used + u' ' + Texts::tr("The keychain does not have it: without it nobody is logged in there.");
        return used + u' ' +
               (since.isEmpty() ? Texts::tr("The keychain does not have it, and it is not missed.")
                                : Texts::tr("The keychain had it since %1 and does not have it any more.").arg(since));
    case Place::NotAsked: break;
    }
    return used + u' ' +
           (keychain.state == State::Failed ? Texts::tr("Whether the keychain has it is not known.")
                                            : Texts::tr("The keychain was not asked yet."));
}

std::pair<Health, QString> keychainWords(const Credentials::Keychain& keychain)
{
    switch (keychain.state) {
    case State::NotAsked: return {Health::Unknown, Texts::tr("The keychain was not asked yet")};
    case State::Asking: return {Health::Unknown, Texts::tr("The keychain is being asked")};
    case State::Works: return {Health::Good, Texts::tr("The keychain answers")};
    case State::Failed: break;
    }
    switch (keychain.error ? keychain.error->kind : Error::Kind::Unsupported) {
    case Error::Kind::Unauthorized: return {Health::Warning, Texts::tr("The keychain is locked")};
    case Error::Kind::Forbidden: return {Health::Bad, Texts::tr("The keychain denies access")};
    default: return {Health::Bad, Texts::tr("No keychain")};
    }
}

} // namespace wk::widgets
