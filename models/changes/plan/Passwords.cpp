// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Passwords.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>

namespace wk::changes::passwords {

using namespace Qt::StringLiterals;

namespace {

template <size_t N>
bool isOneOf(const QLatin1StringView (&words)[N], QStringView word)
{
    return std::ranges::any_of(words, [word](QLatin1StringView known) { return word == known; });
}

// What a password is called, as a word of its own.
constexpr QLatin1StringView words[] = {"pass"_L1,   "pwd"_L1,         "password"_L1,    "passwd"_L1, "passphrase"_L1,
                                       "secret"_L1, "token"_L1,       "credential"_L1,  "apikey"_L1, "authorization"_L1,
                                       "dsn"_L1,    "credentials"_L1, "passwordhash"_L1};
// As the end of a word: PGPASSWORD, clientsecret.
constexpr QLatin1StringView endings[] = {"password"_L1, "passwd"_L1, "passphrase"_L1,
                                         "secret"_L1,   "token"_L1,  "apikey"_L1};
// Before "key".
constexpr QLatin1StringView keys[] = {
    "api"_L1,     "private"_L1, "access"_L1, "secret"_L1,  "signing"_L1, "sign"_L1,    "encryption"_L1,
    "encrypt"_L1, "jwt"_L1,     "auth"_L1,   "account"_L1, "master"_L1,  "session"_L1, "service"_L1,
    "hmac"_L1,    "cipher"_L1,  "ssh"_L1,    "tls"_L1,     "ssl"_L1,     "license"_L1, "storage"_L1};
// After it a name is still one: DB_PASSWORD_OLD, unlike TOKEN_TTL or PASSWORD_FILE.
constexpr QLatin1StringView tails[] = {"prod"_L1,    "production"_L1, "staging"_L1,  "dev"_L1,     "test"_L1,
                                       "old"_L1,     "new"_L1,        "primary"_L1,  "backup"_L1,  "main"_L1,
                                       "default"_L1, "current"_L1,    "previous"_L1, "base64"_L1,  "b64"_L1,
                                       "value"_L1,   "plain"_L1,      "text"_L1,     "encoded"_L1, "hash"_L1};

/// "dbPassword" and "DB_PASSWORD" are "db", "password".
QStringList wordsOf(QStringView name)
{
    QStringList out;
    QString word;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar c = name.at(i);
        const bool hump = c.isUpper() && i > 0 && name.at(i - 1).isLower();
        if ((!c.isLetterOrNumber() || hump) && !word.isEmpty())
            out << std::exchange(word, {});
        if (c.isLetterOrNumber())
            word += c.toLower();
    }
    if (!word.isEmpty())
        out << word;
    return out;
}

/// Whether something of that name is meant to be kept.
bool isName(QStringView name)
{
    bool out = false;
    const QStringList parts = wordsOf(name);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QString& part = parts.at(i);
        const bool key = (part == "key"_L1 || part == "keys"_L1) && i > 0 && isOneOf(keys, parts.at(i - 1));
        const bool ends = std::ranges::any_of(endings, [&part](auto end) { return part.endsWith(end); });
        const bool tail = std::ranges::all_of(part, [](QChar c) { return c.isDigit(); }) || isOneOf(tails, part);
        out = key || ends || isOneOf(words, part) || (out && tail);
    }
    return out;
}

bool isReference(QStringView value)
{
    static const QRegularExpression reference(uR"(\A(\$\(.*\)|\$\{.*\}|\$\w+|<[^<>]*>|\*+|%\(.*\)s|\{\{.*\}\})\z)"_s);
    return value == hidden || reference.match(value).hasMatch();
}

bool isPath(QStringView value)
{
    static const QRegularExpression path(
        uR"(\A(/(etc|run|var|mnt|secrets|opt|home|tmp|usr|vault)/|\./|~/)[\w./-]*\z)"_s);
    return path.match(value).hasMatch();
}

bool isFlag(QStringView value)
{
    static const QStringList flags{u"true"_s, u"false"_s, u"yes"_s, u"no"_s, u"on"_s, u"off"_s, u"null"_s, u"none"_s};
    return flags.contains(value.toString().toLower());
}

/// Not something that stands for one, or where one is.
bool isValue(QStringView text) { return !text.isEmpty() && !isReference(text) && !isPath(text) && !isFlag(text); }

struct Span
{
    qsizetype from = 0, length = 0;
};

/// Where a text gives itself away. Each pattern's group 1 is what has to go.
QList<Span> spansIn(const QString& text)
{
    static const QRegularExpression patterns[] = {
        QRegularExpression(uR"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"']*:([^\s/@"']+)@)"_s),
        QRegularExpression(uR"(-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)(?:-----END|\z))"_s,
                           QRegularExpression::DotMatchesEverythingOption),
        QRegularExpression(uR"(\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+))"_s),
        QRegularExpression(uR"(\b((?:gh[pousr]_|glpat-|xox[baprs]-|sk_live_|AGE-SECRET-KEY-)[\w-]{10,}))"_s),
        QRegularExpression(uR"(\b(?:Bearer|Basic)\s+([\w.+/=-]{8,}))"_s),
        QRegularExpression(uR"(\bPASSWORD\s+[EU]?&?'((?:[^']|'')+)')"_s, QRegularExpression::CaseInsensitiveOption),
        QRegularExpression(uR"(\bIDENTIFIED\s+BY\s+'((?:[^']|'')+)')"_s, QRegularExpression::CaseInsensitiveOption)};
    QList<Span> out;
    for (const QRegularExpression& pattern : patterns) {
        for (auto it = pattern.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            if (!isReference(match.capturedView(1)))
                out << Span{match.capturedStart(1), match.capturedLength(1)};
        }
    }
    // NAME=value, name: value, --name=value, name => value, as in files, connection strings and command lines.
    static const QRegularExpression pair(
        uR"x(([A-Za-z][\w.-]*)["']?\s*(?:=>|[=:])[ \t]*(?:"([^"\n]+)"|'((?:[^'\n]|'')+)'|([^\s,;"'&|]+)))x"_s);
    for (auto it = pair.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const int group = match.hasCaptured(2) ? 2 : match.hasCaptured(3) ? 3 : 4;
        const QStringView value = match.capturedView(group);
        const qsizetype dot = value.lastIndexOf(u'.');
        const bool code = group == 4 && (value.contains(u'(') || (dot > 0 && isName(value.sliced(dot + 1))));
        if (isName(match.capturedView(1)) && !code && isValue(value) && !value.startsWith(u"//"))
            out << Span{match.capturedStart(group), match.capturedLength(group)};
    }
    return out;
}

/// Goes through a JSON value and hides what it finds; notes where.
class Walk
{
public:
    QStringList places;

    QJsonValue value(const QString& name, const QJsonValue& value, const QString& place)
    {
        if (value.isObject())
            return object(value.toObject(), place);
        if (value.isArray())
            return array(value.toArray(), place);
        return value.isString() ? text(name, value.toString(), place) : value;
    }

private:
    QJsonValue found(const QString& place, const QJsonValue& instead)
    {
        places << place;
        return instead;
    }

    QJsonValue text(const QString& name, const QString& value, const QString& place)
    {
        if (isName(name) && isValue(value))
            return found(place, QString(hidden));
        if (value.startsWith(u'{') || value.startsWith(u'[')) { // kubectl's last-applied-configuration, a JSON file
            const QJsonDocument inner = QJsonDocument::fromJson(value.toUtf8());
            if (!inner.isNull()) {
                Walk walk;
                const QJsonValue clean =
                    walk.value({}, inner.isArray() ? QJsonValue(inner.array()) : inner.object(), {});
                if (walk.places.isEmpty())
                    return value;
                const QJsonDocument out =
                    clean.isArray() ? QJsonDocument(clean.toArray()) : QJsonDocument(clean.toObject());
                return found(place, QString::fromUtf8(out.toJson(QJsonDocument::Compact)));
            }
        }
        const QString clean = masked(value);
        return clean == value ? QJsonValue(value) : found(place, clean);
    }

    QJsonObject object(QJsonObject object, const QString& place)
    {
        const bool secret = object.value("kind"_L1).toString() == "Secret"_L1;
        const QString called = object.value("name"_L1).toString(); // of {"name": …, "value": …}
        for (auto it = object.begin(); it != object.end(); ++it) {
            const QString key = it.key();
            const bool split = key.contains(u'.') || key.contains(u'/');
            const QString at = place.isEmpty() ? key : split ? u"%1[%2]"_s.arg(place, key) : place + u'.' + key;
            if (secret && (key == "data"_L1 || key == "stringData"_L1))
                *it = values(it->toObject(), at);
            else
                *it = value(key == "value"_L1 && !called.isEmpty() ? called : key, it.value(), at);
        }
        return object;
    }

    QJsonObject values(QJsonObject data, const QString& place)
    {
        for (auto it = data.begin(); it != data.end(); ++it) {
            if (it.value() != QString(hidden))
                *it = found(place + u'.' + it.key(), QString(hidden));
        }
        return data;
    }

    QJsonArray array(QJsonArray list, const QString& place)
    {
        QString option; // "--password" before its value
        for (qsizetype i = 0; i < list.size(); ++i) {
            const QString item = list.at(i).toString(), called = list.at(i).toObject().value("name"_L1).toString();
            const QString at = u"%1[%2]"_s.arg(place, called.isEmpty() ? QString::number(i) : called);
            const bool login = (option == "-u"_L1 || option == "--user"_L1) && item.contains(u':');
            if (login && !isReference(item.section(u':', 1)))
                list[i] = found(at, item.section(u':', 0, 0) + u':' + hidden);
            else
                list[i] = value(option, list.at(i), at);
            option = item.startsWith(u'-') && !item.contains(u'=') ? item : QString();
        }
        return list;
    }
};

} // namespace

bool isPassword(QStringView name, QStringView value)
{
    return (isName(name) && isValue(value)) || !spansIn(value.toString()).isEmpty();
}

QStringList places(const QJsonValue& value)
{
    Walk walk;
    (void)walk.value({}, value, {});
    return walk.places;
}

QJsonValue masked(const QJsonValue& value) { return Walk().value({}, value, {}); }

QJsonObject masked(const QJsonObject& object) { return masked(QJsonValue(object)).toObject(); }

QString masked(const QString& text)
{
    QList<Span> spans = spansIn(text);
    std::ranges::sort(spans, std::ranges::greater(), &Span::from);
    QString out = text;
    qsizetype end = text.size();
    for (const Span& span : spans) {
        if (span.from + span.length <= end) // else inside one that went
            out.replace(span.from, span.length, hidden);
        end = std::min(end, span.from);
    }
    return out;
}

FieldChange masked(FieldChange change)
{
    static const QRegularExpression parts(uR"(\[([^\]]+)\]|([^.\[\]]+))"_s);
    QStringList names;
    for (auto it = parts.globalMatch(change.path); it.hasNext();) {
        const auto match = it.next();
        names << (match.hasCaptured(1) ? match.captured(1) : match.captured(2));
    }
    const bool ofVariable = names.size() > 1 && names.last() == "value"_L1;
    const QString name = names.isEmpty() ? QString() : ofVariable ? names.at(names.size() - 2) : names.last();
    Walk walk;
    change.before = walk.value(name, change.before, {});
    change.after = walk.value(name, change.after, {});
    return change;
}

} // namespace wk::changes::passwords
