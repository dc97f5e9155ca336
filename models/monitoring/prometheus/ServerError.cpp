// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerError.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::ServerError)
};

const QRegularExpression& positionPattern()
{
    // Of invalid parameter "query": 1:5: parse error: unexpected …
    static const QRegularExpression pattern(u"(?:^|[\\s:])(\\d{1,6}):(\\d{1,6}): (.*)$"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    return pattern;
}

Error badQuery(const QString& words)
{
    Error error{Kind::BadInput, Texts::tr("Prometheus does not understand the query: %1.").arg(words), words, {}};
    if (const auto match = positionPattern().match(words); match.hasMatch()) {
        QString what = match.captured(3);
        if (what.startsWith("parse error: "_L1))
            what = what.sliced(13);
        error.sentence = Texts::tr("Prometheus does not understand the query at line %1, column %2: %3.")
                             .arg(match.captured(1), match.captured(2), what);
    } else if (words.contains("exceeded maximum resolution"_L1)) {
        error.sentence =
            Texts::tr("The step is too short for this range: a server gives at most 11,000 points a series.");
        error.remedy = Texts::tr("Ask for a longer step or a shorter range.");
    }
    return error;
}

/// The title of a web page, else its first words.
QString pageWords(QByteArrayView body)
{
    const QString text = QString::fromUtf8(body.first(qMin<qsizetype>(body.size(), 16 << 10)));
    static const QRegularExpression title(u"<title[^>]*>([^<]*)</title>"_s, QRegularExpression::CaseInsensitiveOption);
    if (const auto match = title.match(text); match.hasMatch())
        return match.captured(1).simplified().left(120);
    static const QRegularExpression tags(u"<(style|script)\\b.*?</\\1>|<[^>]*>"_s,
                                         QRegularExpression::DotMatchesEverythingOption |
                                             QRegularExpression::CaseInsensitiveOption);
    return QString(text).replace(tags, u" "_s).simplified().left(120);
}

Error webPage(const QString& server, const net::ResponseHead& head, QByteArrayView body)
{
    return {head.status >= 500 ? Kind::Server : Kind::Protocol,
            Texts::tr("%1 answered with a web page instead of data (status %2): “%3”.")
                .arg(server, QString::number(head.status), pageWords(body)),
            QString::fromUtf8(body.first(qMin<qsizetype>(body.size(), 2000))),
            Texts::tr("Is the address right, its path included, or is there a login page or a proxy in between?")};
}

struct StatusWords
{
    int status;
    Kind kind;
    const char* sentence;
    const char* remedy;
};

constexpr StatusWords knownStatuses[] = {
    {401, Kind::Unauthorized,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError",
                       "%1 wants to know who asks, and did not accept what it was told."),
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "Check the user, password or token of this server.")},
    {403, Kind::Forbidden,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "%1 knows who asks, and does not allow it."), ""},
    {404, Kind::NotFound,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "There is no Prometheus under this address of %1."),
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "Does the address have a path prefix?")},
    {429, Kind::Throttled, QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "%1 is asked too much at present."), ""},
    {502, Kind::Server,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "What stands before %1 cannot reach it (status 502)."), ""},
    {503, Kind::Server,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError",
                       "%1 is not ready to answer (status 503): it is starting, or overloaded."),
     ""},
    {504, Kind::Server,
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "What stands before %1 waited too long for it (status 504)."),
     QT_TRANSLATE_NOOP("wk::monitoring::ServerError", "Ask for fewer series or a shorter range.")},
};

Error byStatus(const QString& server, const net::ResponseHead& head, const QString& detail)
{
    const auto known = std::ranges::find(knownStatuses, head.status, &StatusWords::status);
    if (known != std::end(knownStatuses))
        return {known->kind, Texts::tr(known->sentence).arg(server), detail,
                *known->remedy ? Texts::tr(known->remedy) : QString()};
    if (head.status >= 300 && head.status < 400)
        return {
            Kind::Protocol,
            Texts::tr("%1 sends us elsewhere: %2.").arg(server, QString::fromUtf8(head.header("Location")).left(200)),
            detail, Texts::tr("Give the address that it leads to, or log in to what stands before it.")};
    return {head.status >= 500 ? Kind::Server : Kind::Protocol,
            Texts::tr("%1 answered with status %2.").arg(server).arg(head.status),
            detail,
            {}};
}

/// metav1.Status: the API server's own word about the way to the service.
Error throughCluster(const QString& server, const net::ResponseHead& head, const QJsonObject& status)
{
    const QString message = status.value("message"_L1).toString();
    Error error = byStatus(server, head, message);
    if (head.status == 403)
        error = {Kind::Forbidden, Texts::tr("The cluster does not let you reach %1: %2.").arg(server, message), message,
                 Texts::tr("Needed is the right to get services/proxy in that namespace.")};
    else if (head.status == 401)
        error = {Kind::Unauthorized, Texts::tr("The cluster did not accept your login: %1.").arg(message), message, {}};
    else if (!message.isEmpty())
        error.sentence = Texts::tr("The cluster cannot reach %1: %2.").arg(server, message);
    return error;
}

} // namespace

std::optional<QueryPosition> queryPosition(const QString& serverWords)
{
    const auto match = positionPattern().match(serverWords);
    if (!match.hasMatch())
        return std::nullopt;
    return QueryPosition{match.captured(1).toInt(), match.captured(2).toInt()};
}

Error serverError(const QString& errorType, const QString& words)
{
    const QString said = words.endsWith(u'.') ? words.chopped(1) : words;
    if (errorType == "bad_data"_L1)
        return badQuery(said);
    if (errorType == "execution"_L1 || errorType == "execution_error"_L1)
        return {Kind::BadInput, Texts::tr("The query cannot be worked out: %1.").arg(said), words, {}};
    if (errorType == "timeout"_L1)
        return {Kind::Server, Texts::tr("The query took longer than the server allows: %1.").arg(said), words,
                Texts::tr("Ask for fewer series or a shorter range.")};
    if (errorType == "canceled"_L1)
        return {Kind::Server, Texts::tr("The server gave up the query: %1.").arg(said), words, {}};
    if (errorType == "not_found"_L1)
        return {Kind::NotFound, Texts::tr("The server does not know it: %1.").arg(said), words, {}};
    if (errorType == "unavailable"_L1)
        return {Kind::Server, Texts::tr("The server cannot answer at present: %1.").arg(said), words, {}};
    return {
        Kind::Server, Texts::tr("Prometheus could not answer: %1.").arg(said.isEmpty() ? errorType : said), words, {}};
}

bool isWebPage(const net::ResponseHead& head, QByteArrayView body)
{
    const QByteArray type = head.header("Content-Type").toLower();
    return type.startsWith("text/html") || type.startsWith("application/xhtml") || body.trimmed().startsWith('<');
}

Error answerError(const QString& server, const net::ResponseHead& head, QByteArrayView body)
{
    const QJsonObject json = QJsonDocument::fromJson(body.toByteArray()).object();
    Error error;
    if (json.value("kind"_L1).toString() == "Status"_L1)
        error = throughCluster(server, head, json);
    else if (json.value("status"_L1).toString() == "error"_L1)
        error = serverError(json.value("errorType"_L1).toString(), json.value("error"_L1).toString());
    else if (head.status != 401 && head.status != 403 && isWebPage(head, body))
        error = webPage(server, head, body);
    else
        error = byStatus(server, head, QString::fromUtf8(body.first(qMin<qsizetype>(body.size(), 2000))).simplified());
    error.httpStatus = head.status;
    error.retryAfterMs = head.retryAfterMs();
    return error;
}

Error cutOff(qint64 bytes)
{
    return {Kind::Protocol, Texts::tr("The answer breaks off after %1 bytes.").arg(bytes), {}, Texts::tr("Try again.")};
}

Error tooMuch(std::size_t mib)
{
    return {Error::Kind::Protocol,
            Texts::tr("The answer would take more than %1 MiB of memory, which is more than is kept.").arg(mib),
            {},
            Texts::tr("Ask for fewer series, a shorter range or a longer step.")};
}

Error tooLarge(const QString& server, qint64 limit)
{
    return {Kind::Protocol,
            Texts::tr("The answer of %1 is larger than %2 MiB, which is more than is taken in at once.")
                .arg(server)
                .arg(limit >> 20),
            {},
            Texts::tr("Ask for fewer series, a shorter range or a longer step.")};
}

} // namespace wk::monitoring
