// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/SqlError.h"

#include "store/Store.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

#include <libpq-fe.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::SqlError)
};

/// What a SQLSTATE means to the person. %1 the server, %2 the person, %3 the database.
struct Meaning
{
    const char* state; ///< all five characters, or the two of its class
    Error::Kind kind;
    const char* sentence;
    const char* remedy;
};

using Kind = Error::Kind;

#define T(text) QT_TRANSLATE_NOOP("wk::store::SqlError", text)
// The longer state before its class.
constexpr Meaning meanings[] = {
    {"28P01", Kind::Unauthorized, T("The store at %1 refused the password of “%2”."),
     T("Enter the password again, or have whoever runs the database set a new one.")},
    {"28", Kind::Unauthorized, T("The store at %1 does not let “%2” in."),
     T("Whoever runs the database has to create this role and allow it in pg_hba.conf from this machine.")},
    {"3D000", Kind::NotFound, T("There is no database “%3” at %1."),
     T("Check the name in the store's address, or create it and run `watchkeeperctl store init`.")},
    {"42501", Kind::Forbidden, T("“%2” may not do this in the store at %1."),
     T("Have an administrator run `watchkeeperctl store grant %2 ROLE`.")},
    {"25006", Kind::Server, T("The store at %1 is read-only: it is a standby, or was made read-only."),
     T("Name all servers of the database in the store's address, so that the one that takes changes is found; nothing "
       "was changed.")},
    {"53100", Kind::Io, T("The disk of the store at %1 is full; nothing was changed."),
     T("Whoever runs the database has to make room.")},
    {"53300", Kind::Throttled, T("The store at %1 has no free connection."),
     T("It is tried again by itself; if it lasts, max_connections is too low.")},
    {"53", Kind::Server, T("The store at %1 lacks memory or disk."),
     T("Whoever runs the database has to look after it.")},
    {"57P03", Kind::Network, T("The store at %1 is starting up or recovering."), T("It is tried again by itself.")},
    {"57P04", Kind::NotFound, T("The database “%3” at %1 was dropped."), T("Restore it from a backup.")},
    {"57P01", Kind::Network,
     T("The store at %1 ended the connection: it shuts down, or an administrator wanted it so."),
     T("It is tried again by itself.")},
    {"57P", Kind::Network, T("The store at %1 is shutting down."), T("It is tried again by itself.")},
    {"57014", Kind::Server, T("The store at %1 took longer than its time limit; nothing was changed."),
     T("Try again; ask for less at once.")},
    {"55P03", Kind::Conflict, T("Somebody else holds what this needs in the store at %1; nothing was changed."),
     T("Try again.")},
    {"40", Kind::Conflict, T("Another change came between in the store at %1; nothing was changed."), T("Try again.")},
    {"3F000", Kind::Unsupported, T("The database “%3” at %1 has no schema of Watchkeeper."),
     T("Have an administrator run `watchkeeperctl store init`.")},
    {"42P01", Kind::Unsupported, T("The schema of the store at %1 lacks something that this Watchkeeper needs."),
     T("Have an administrator run `watchkeeperctl store migrate`.")},
    {"42883", Kind::Unsupported, T("The schema of the store at %1 lacks something that this Watchkeeper needs."),
     T("Have an administrator run `watchkeeperctl store migrate`.")},
    {"42", Kind::Protocol, T("The store at %1 did not understand what this Watchkeeper asked."),
     T("Check that both are of the same version.")},
    {"22", Kind::BadInput, T("The store at %1 refused a value."), ""},
    {"23", Kind::Conflict, T("What the store at %1 holds does not allow this; nothing was changed."), ""},
    {"54", Kind::BadInput, T("This is more than the store at %1 takes at once."), ""},
    {"08", Kind::Network, T("The connection to the store at %1 broke."), T("It is tried again by itself.")},
    {"XX", Kind::Server, T("The store at %1 found its own data damaged, or made a mistake."),
     T("Whoever runs the database has to look into its log.")},
    {"58", Kind::Io, T("The store at %1 has trouble with its disk."),
     T("Whoever runs the database has to look into its log.")},
    {"", Kind::Server, T("The store at %1 refused."), ""},
};

/// Our own errors: the message is the sentence. resources/schema says what each means.
constexpr std::pair<const char*, Error::Kind> ownStates[] = {
    {"WK400", Kind::BadInput}, {"WK401", Kind::Unauthorized}, {"WK403", Kind::Forbidden}, {"WK404", Kind::NotFound},
    {"WK409", Kind::Conflict}, {"WK410", Kind::Gone},         {"WK422", Kind::Conflict},  {"WK423", Kind::Conflict},
};

constexpr auto unknownOutcomeState = "08007"_L1; // transaction_resolution_unknown

QString filled(const char* text, const Subject& subject)
{
    QString result = Texts::tr(text);
    result.replace(u"%1"_s, subject.server).replace(u"%2"_s, subject.person).replace(u"%3"_s, subject.database);
    return result;
}

QString firstLine(const QString& text) { return text.trimmed().section(u'\n', 0, 0).trimmed(); }

QString field(const pg_result* result, int code) { return QString::fromUtf8(PQresultErrorField(result, code)); }

} // namespace

Error sqlError(const QByteArray& state, const QString& message, const QString& hint, const Subject& subject)
{
    const auto own = std::ranges::find(ownStates, state, [](const auto& o) { return QByteArray(o.first); });
    if (own != std::end(ownStates))
        return {own->second, message, QString::fromLatin1(state), hint};
    const auto meaning = std::ranges::find_if(meanings, [&](const Meaning& m) { return state.startsWith(m.state); });
    Error error{meaning->kind, filled(meaning->sentence, subject),
                QString::fromLatin1(state.isEmpty() ? QByteArray("08000") : state) + u": "_s + message,
                *meaning->remedy ? filled(meaning->remedy, subject) : hint};
    // The server's own words say which value or which rule: worth more than a general sentence alone.
    if (meaning->kind == Kind::BadInput || state.startsWith("23"))
        error.sentence += u' ' + message + u'.';
    return error;
}

Error sqlError(const pg_result* result, const Subject& subject)
{
    return sqlError(QByteArray(PQresultErrorField(result, PG_DIAG_SQLSTATE)), field(result, PG_DIAG_MESSAGE_PRIMARY),
                    field(result, PG_DIAG_MESSAGE_HINT), subject);
}

Error connectError(const QString& message, const Subject& subject)
{
    // "…failed: FATAL:  28P01: …": two spaces stand before the state and nowhere else.
    static const QRegularExpression state(uR"(: {2}([0-9A-Z]{5}):\s*(.*))"_s);
    if (const auto match = state.match(message); match.hasMatch())
        return sqlError(match.captured(1).toLatin1(), firstLine(match.captured(2)), {}, subject);
    return {Kind::Network, Texts::tr("The store at %1 cannot be reached.").arg(subject.server), message.trimmed(),
            Texts::tr("Check that PostgreSQL runs there, the address and port, the network and the VPN.")};
}

Error lostError(const QByteArray& state, const QString& message, const Subject& subject)
{
    if (!state.isEmpty())
        return sqlError(state, message, {}, subject);
    return {Kind::Network, Texts::tr("The connection to the store at %1 broke.").arg(subject.server),
            u"08006: "_s + firstLine(message), Texts::tr("It is tried again by itself.")};
}

Error outcomeUnknownError(const Error& lost)
{
    return {
        Kind::Network,
        Texts::tr("The connection to the store broke before its answer: it is not known whether this was carried out."),
        unknownOutcomeState + u": "_s + lost.sentence + (lost.detail.isEmpty() ? QString() : u'\n' + lost.detail),
        Texts::tr("Wait for the connection, look at what is there now, and only then decide to do it again.")};
}

Error readOnlyError(bool isStandby, const Subject& subject)
{
    Error error = sqlError("25006", isStandby ? u"pg_is_in_recovery"_s : u"transaction_read_only"_s, {}, subject);
    if (isStandby) {
        error.sentence = Texts::tr("The store at %1 is a standby, which takes no changes.").arg(subject.server);
        return error;
    }
    error.sentence = Texts::tr("The store at %1 was made read-only: nothing can be changed there.").arg(subject.server);
    error.remedy = Texts::tr("Whoever runs the database has to lift default_transaction_read_only; it is tried again "
                             "by itself.");
    return error;
}

Error timeoutError(qint64 ms, const Subject& subject)
{
    return {Kind::Network,
            Texts::tr("The store at %1 does not answer: nothing came for %2 s.")
                .arg(subject.server, QString::number(double(ms) / 1000.0, 'g', 3)),
            {},
            Texts::tr("The address may be wrong, or a firewall or a missing VPN swallows the packets.")};
}

bool isPassing(const Error& error)
{
    switch (error.kind) {
    case Kind::Network:
    case Kind::Server:
    case Kind::Throttled:
    case Kind::Conflict:
    case Kind::Io: return true;
    default: return false;
    }
}

bool isOutcomeUnknown(const Error& error) { return error.detail.startsWith(unknownOutcomeState); }

QString sqlState(const Error& error)
{
    static const QRegularExpression state(u"^([0-9A-Z]{5})(:|$)"_s);
    return state.match(error.detail).captured(1);
}

} // namespace wk::store
