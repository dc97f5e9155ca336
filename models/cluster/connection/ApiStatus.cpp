// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ApiClient.h"
#include "net/HttpOptions.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <QtNetwork/QSslCertificate>

#include <protozero/pbf_reader.hpp>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::ApiStatus)
};

struct StatusText
{
    QString message;
    QString reason;
};

/// metav1.Status in JSON, or in Kubernetes protobuf (k8s.io/apimachinery/pkg/runtime/generated.proto Unknown, and
/// meta/v1/generated.proto Status: message = 3, reason = 4).
StatusText readStatus(QByteArrayView body)
{
    StatusText out;
    if (body.startsWith(QByteArrayView("k8s\0", 4))) {
        try {
            protozero::pbf_reader unknown(body.data() + 4, size_t(body.size() - 4));
            while (unknown.next(2, protozero::pbf_wire_type::length_delimited)) {
                protozero::pbf_reader status(unknown.get_view());
                while (status.next()) {
                    const bool text = status.wire_type() == protozero::pbf_wire_type::length_delimited;
                    if (text && (status.tag() == 3 || status.tag() == 4)) {
                        QString& to = status.tag() == 3 ? out.message : out.reason;
                        const auto view = status.get_view();
                        to = QString::fromUtf8(view.data(), qsizetype(view.size()));
                    } else {
                        status.skip();
                    }
                }
            }
        } catch (const protozero::exception& e) {
            out.message = Texts::tr("(unreadable answer: %1)").arg(QString::fromLatin1(e.what()));
        }
        return out;
    }
    const QJsonObject object = QJsonDocument::fromJson(body.toByteArray()).object();
    if (object.value("kind"_L1).toString() == "Status"_L1) {
        out.message = object.value("message"_L1).toString();
        out.reason = object.value("reason"_L1).toString();
    }
    return out;
}

Error::Kind kindOf(int status)
{
    switch (status) {
    case 400:
    case 406:
    case 415:
    case 422: return Error::Kind::BadInput;
    case 401: return Error::Kind::Unauthorized;
    case 403: return Error::Kind::Forbidden;
    case 404: return Error::Kind::NotFound;
    case 409: return Error::Kind::Conflict;
    case 410: return Error::Kind::Gone;
    case 429: return Error::Kind::Throttled;
    default: return status >= 500 ? Error::Kind::Server : Error::Kind::Protocol;
    }
}

/// When a bearer token says that it expires (the exp claim of a JSON Web Token), 0 where it does not say. Nothing is
/// verified: the server has refused it already.
qint64 tokenExpiresMs(const platform::ResolvedContext& context)
{
    QByteArray token = context.token.toUtf8();
    if (QFile file(context.tokenFile); !context.tokenFile.isEmpty() && file.open(QIODevice::ReadOnly))
        token = file.read(1 << 20);
    const QByteArray claims = QByteArray::fromBase64(token.split('.').value(1), QByteArray::Base64UrlEncoding);
    return qint64(QJsonDocument::fromJson(claims).object().value("exp"_L1).toDouble()) * 1000;
}

QDateTime certificateExpires(const platform::ResolvedContext& context)
{
    QByteArray pem = context.clientCertificateData;
    if (QFile file(context.clientCertificateFile);
        pem.isEmpty() && !context.clientCertificateFile.isEmpty() && file.open(QIODevice::ReadOnly))
        pem = file.read(1 << 20);
    const auto chain = QSslCertificate::fromData(pem, QSsl::Pem);
    return chain.isEmpty() ? QDateTime() : chain.first().expiryDate();
}

/// A credential that was good once: said with its date.
QString expired(const platform::ResolvedContext& context)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto day = [](const QDateTime& when) { return when.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); };
    if (context.exec)
        return {};
    if (const qint64 ms = tokenExpiresMs(context); ms > 0 && QDateTime::fromMSecsSinceEpoch(ms) < now)
        return Texts::tr("The token of user “%1” expired on %2.")
            .arg(context.userName, day(QDateTime::fromMSecsSinceEpoch(ms)));
    if (const QDateTime end = certificateExpires(context); end.isValid() && end < now)
        return Texts::tr("The client certificate of user “%1” expired on %2.").arg(context.userName, day(end));
    return {};
}

QString unauthorized(const platform::ResolvedContext& context, const QString& server)
{
    if (const QString why = expired(context); !why.isEmpty())
        return why;
    if (context.exec)
        return Texts::tr("%1 does not accept the credential that the plugin %2 handed out for “%3”.")
            .arg(server, context.exec->command, context.userName);
    if (!context.token.isEmpty() || !context.tokenFile.isEmpty())
        return Texts::tr("%1 does not accept the token of user “%2”.").arg(server, context.userName);
    if (!context.basicUser.isEmpty())
        return Texts::tr("%1 does not accept the password of user “%2”.").arg(server, context.userName);
    if (!context.clientCertificateData.isEmpty() || !context.clientCertificateFile.isEmpty())
        return Texts::tr("%1 does not accept the client certificate of user “%2”.").arg(server, context.userName);
    return Texts::tr("%1 wants a credential, and user “%2” of the kubeconfig has none.").arg(server, context.userName);
}

QString unauthorizedRemedy(const platform::ResolvedContext& context)
{
    if (context.exec)
        return Texts::tr("Log in again with the plugin's own command.");
    return Texts::tr("It may have expired or been withdrawn: log in again, or fetch a new kubeconfig.");
}

} // namespace

QString forbiddenSentence(const platform::ResolvedContext& context, const QString& what)
{
    return Texts::tr("User “%1” is not allowed to see %2.").arg(context.userName, what);
}

Error statusError(const platform::ResolvedContext& context, const net::ResponseHead& head, QByteArrayView body,
                  const QString& what)
{
    const StatusText status = readStatus(body);
    const QString server = net::serverName(context.server);
    Error error;
    error.kind = kindOf(head.status);
    error.httpStatus = head.status;
    error.retryAfterMs = head.retryAfterMs();
    QString subject = what.isEmpty() ? Texts::tr("this") : what;
    switch (head.status) {
    case 401:
        error.sentence = unauthorized(context, server);
        error.remedy = unauthorizedRemedy(context);
        break;
    case 403:
        error.sentence = forbiddenSentence(context, subject);
        error.remedy = Texts::tr("Ask for a role with get, list and watch on it.");
        break;
    case 404:
        error.sentence = what.isEmpty() ? Texts::tr("%1 does not know this address.").arg(server)
                                        : Texts::tr("%1 has no %2.").arg(server, what);
        break;
    case 410: error.sentence = Texts::tr("The version that was asked for is no longer kept by %1.").arg(server); break;
    case 429: error.sentence = Texts::tr("%1 is busy and asks us to wait.").arg(server); break;
    default:
        if (head.status >= 500)
            error.sentence = Texts::tr("%1 failed to answer (HTTP %2).").arg(server).arg(head.status);
        else if (head.status >= 300 && head.status < 400)
            error.sentence = Texts::tr("%1 sends us elsewhere (HTTP %2), which an API server does not do.")
                                 .arg(server)
                                 .arg(head.status);
        else
            error.sentence =
                Texts::tr("%1 refused the request for %2 (HTTP %3).").arg(server, subject).arg(head.status);
    }
    error.detail = status.message;
    if (error.detail.isEmpty())
        error.detail = QString::fromUtf8(body.first(qMin<qsizetype>(body.size(), 1000)).toByteArray()).simplified();
    if (!status.reason.isEmpty() && !error.detail.contains(status.reason))
        error.detail += u" ("_s + status.reason + u')';
    return error;
}

} // namespace wk::cluster
