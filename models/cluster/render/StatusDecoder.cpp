// SPDX-License-Identifier: GPL-3.0-or-later
// How the API server says no. Format: k8s.io/apimachinery/pkg/apis/meta/v1 Status; reasons: StatusReason in its
// types.go.
#include "cluster/render/BuiltInRenderer.h"
#include "cluster/render/Cells.h"
#include "cluster/render/Envelope.h"
#include "cluster/render/WatchTypes.h"

#include <QtCore/QRegularExpression>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using render::words;

namespace {

Error::Kind kindOf(int code)
{
    switch (code) {
    case 401: return Error::Kind::Unauthorized;
    case 403: return Error::Kind::Forbidden;
    case 404: return Error::Kind::NotFound;
    case 405:
    case 406:
    case 415:
    case 501: return Error::Kind::Unsupported;
    case 409:
    case 412: return Error::Kind::Conflict;
    case 410: return Error::Kind::Gone;
    case 429: return Error::Kind::Throttled;
    default:
        if (code >= 500)
            return Error::Kind::Server;
        return code >= 400 ? Error::Kind::BadInput : Error::Kind::Protocol;
    }
}

// `pods is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "x"` or
// `... at the cluster scope`. Source: k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go.
std::optional<QString> forbiddenSentence(const QString& message)
{
    static const QRegularExpression pattern(
        u"User \"(?<user>[^\"]*)\" cannot (?<verb>\\S+) (?:resource \"(?<resource>[^\"]*)\"(?: in API group "
        u"\"(?<group>[^\"]*)\")?"
        "|path \"(?<path>[^\"]*)\")(?: (?:in the namespace \"(?<space>[^\"]*)\"|at the cluster scope))?(?:: (?<why>.*))?"_s,
        QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = pattern.match(message);
    if (!match.hasMatch())
        return std::nullopt;
    const QString user = match.captured(u"user"_s);
    const QString verb = match.captured(u"verb"_s);
    if (const QString path = match.captured(u"path"_s); !path.isEmpty())
        return words("User \"%1\" may not %2 %3").arg(user, verb, path);
    const QString group = match.captured(u"group"_s);
    const QString resource = match.captured(u"resource"_s) + (group.isEmpty() ? QString() : u'.' + group);
    if (const QString space = match.captured(u"space"_s); !space.isEmpty())
        return words("User \"%1\" may not %2 %3 in namespace \"%4\"").arg(user, verb, resource, space);
    return words("User \"%1\" may not %2 %3 in the whole cluster").arg(user, verb, resource);
}

struct Words
{
    QString sentence;
    QString remedy;
};

Words wordsFor(int code, const QString& message, const QString& what)
{
    const auto about = [&](const QString& sentence) {
        return what.isEmpty() ? sentence : words("%1: %2").arg(what, sentence);
    };
    switch (code) {
    case 401:
        return {about(words("The server does not accept your credentials")),
                words("Log in again or check the user in the kubeconfig; the connection doctor shows where the "
                      "credentials come from.")};
    case 403:
        if (auto sentence = forbiddenSentence(message))
            return {about(*sentence), words("Ask for a role that allows it, or look at a namespace where you may.")};
        return {about(words("The server forbids this to you")), words("Ask for a role that allows it.")};
    case 404:
        if (message.contains(u"could not find the requested resource"_s) || message.isEmpty() ||
            message.startsWith(u"404 page"_s))
            return {about(words("The server does not serve this kind")), {}};
        return {about(words("It does not exist: %1").arg(message)), {}};
    case 405:
    case 406:
    case 415: return {about(words("The server does not support this request")), {}};
    case 409:
    case 412:
        return {about(words("It was changed by somebody else in the meantime")),
                words("Look at the newest state and try again.")};
    case 410:
        return {about(words("The server no longer has the history that was asked for")),
                words("The list is read anew.")};
    case 429: return {about(words("The server is busy and asks to wait")), {}};
    case 503: return {about(words("The server is not available")), words("It may be starting; it is tried again.")};
    case 504: return {about(words("The server did not answer in time")), words("It is tried again.")};
    default:
        if (code >= 500)
            return {about(words("The server failed with an internal error (%1)").arg(code)),
                    words("It is tried again.")};
        return {about(words("The server refused the request (%1)").arg(code)), {}};
    }
}

} // namespace

std::optional<Status> decodeStatus(QByteArrayView contentType, QByteArrayView body)
{
    const QByteArray type = render::mediaType(contentType);
    render::ObjectTree tree;
    Result<render::Value> object = fail(Error::Kind::Protocol, QString());
    if (body.startsWith("k8s\0") || type == "application/vnd.kubernetes.protobuf") {
        const auto envelope = render::openEnvelope(body);
        if (!envelope || envelope->kind != "Status")
            return std::nullopt;
        object = tree.decodeProtobuf(render::statusSchema(), envelope->raw);
    } else if (type == "application/json" || type.isEmpty()) {
        object = tree.decodeJson(render::statusSchema(), body);
    }
    if (!object ||
        ((*object)["code"].integer() == 0 && (*object)["message"].text().empty() && (*object)["reason"].text().empty()))
        return std::nullopt;
    return render::readStatus(*object);
}

Error errorFromResponse(int httpStatus, QByteArrayView contentType, QByteArrayView body, const QString& what)
{
    const std::optional<Status> status = decodeStatus(contentType, body);
    constexpr qsizetype longestDetail = 500;
    const bool readable = render::mediaType(contentType).startsWith("text/plain");
    const QString message = status     ? status->message
                            : readable ? QString::fromUtf8(body.first(std::min(body.size(), longestDetail))).trimmed()
                                       : QString();
    Words text = wordsFor(httpStatus, message, what);
    Error error;
    error.kind = kindOf(httpStatus);
    error.httpStatus = httpStatus;
    // The watch cache is behind what was asked for: not a fault, only a matter of waiting.
    if (status && status->causes.contains(u"ResourceVersionTooLarge"_s)) {
        error.kind = Error::Kind::Throttled;
        text = {words("The server is still catching up with the newest changes"), {}};
    }
    error.sentence = text.sentence;
    error.remedy = text.remedy;
    error.detail = QStringLiteral("HTTP %1").arg(httpStatus);
    if (status && !status->reason.isEmpty())
        error.detail += u' ' + status->reason;
    if (!message.isEmpty())
        error.detail += u": "_s + message;
    if (status && status->retryAfterSeconds >= 0)
        error.retryAfterMs = status->retryAfterSeconds * 1000;
    return error;
}

} // namespace wk::cluster
