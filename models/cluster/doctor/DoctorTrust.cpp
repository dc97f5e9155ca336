// SPDX-License-Identifier: GPL-3.0-or-later
// What the two sides make of each other: certificates, credentials, versions, permissions.
#include "cluster/connection/ApiIdentity.h"
#include "cluster/doctor/DoctorParts.h"
#include "net/HttpFailure.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using Texts = DoctorTexts;

namespace {

constexpr qint64 DayMs = 86'400'000;

QString day(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); }

} // namespace

void Doctor::Private::tls()
{
    if (m_context.server.scheme() == "http"_L1) {
        return done(State::Warning,
                    Texts::tr("The connection is not encrypted: everybody on the way can read and change it."), {},
                    Texts::tr("Use an https:// address in the kubeconfig."));
    }
    m_probe->handshake([this](const Result<DoctorProbe::Handshake>& seen) {
        if (!seen)
            return failed(seen.error());
        tellTls(*seen);
    });
}

void Doctor::Private::tellTls(const DoctorProbe::Handshake& seen)
{
    const QSslCertificate leaf = seen.chain.value(0);
    const qint64 end = leaf.expiryDate().toMSecsSinceEpoch();
    QStringList detail{Texts::tr("%1, %2").arg(seen.protocol, seen.cipher),
                       Texts::tr("valid for %1").arg(net::certificateHosts(leaf).join(u", "_s))};
    if (m_options.insecure) {
        for (const QSslError& error : seen.ignored)
            detail << Texts::tr("would be refused: %1").arg(error.errorString());
        return done(State::Warning,
                    Texts::tr("The server's certificate is not verified: anybody could pose as %1.")
                        .arg(net::serverName(m_context.server)),
                    detail.join(u'\n'),
                    Texts::tr("Replace insecure-skip-tls-verify by the cluster's certificate-authority-data."));
    }
    const QString sentence = Texts::tr("The certificate “%1” was issued by “%2” and is valid until %3.")
                                 .arg(net::certificateName(leaf), net::certificateIssuer(leaf), day(end));
    const bool soon = end - clock.nowMs() < 14 * DayMs;
    done(soon ? State::Warning : State::Ok, sentence, detail.join(u'\n'),
         soon ? Texts::tr("Renew the API server's certificate soon.") : QString());
}

QString Doctor::Private::method() const
{
    if (m_context.exec)
        return Texts::tr("the plugin %1").arg(m_context.exec->command);
    if (!m_context.tokenFile.isEmpty())
        return Texts::tr("the token in %1").arg(m_context.tokenFile);
    if (!m_context.token.isEmpty())
        return Texts::tr("a token");
    if (!m_context.basicUser.isEmpty())
        return Texts::tr("a password");
    if (!m_options.clientCertPem.isEmpty())
        return Texts::tr("a client certificate");
    return {};
}

void Doctor::Private::credential()
{
    m_client = std::make_unique<ApiClient>(m_context, clock);
    m_client->prepare([this](const Result<void>& ready) {
        if (!ready)
            return failed(ready.error());
        net::Request request;
        request.path = "/version";
        request.headers = {{"Accept", "application/json"}};
        request.idleTimeoutMs = limitMs;
        net::send(*m_client, request, 1 << 20).then(this, [this](const Result<net::Response>& response) {
            m_version = response;
            if (!response)
                return failed(response.error());
            if (response->head.status == 401)
                return failed(statusError(m_context, response->head, response->body));
            const platform::ExecRun run = m_client->lastPluginRun();
            QStringList detail;
            if (!run.program.isEmpty())
                detail << Texts::tr("ran %1 in %2 ms, exit code %3")
                              .arg(run.program)
                              .arg(run.durationMs)
                              .arg(run.exitCode);
            if (!run.stderrText.isEmpty())
                detail << run.stderrText;
            if (!m_context.impersonate.user.isEmpty())
                detail << Texts::tr("acting as “%1”").arg(m_context.impersonate.user);
            if (method().isEmpty())
                return done(State::Warning,
                            Texts::tr("User “%1” has no credential: the server sees an anonymous visitor.")
                                .arg(m_context.userName),
                            detail.join(u'\n'),
                            Texts::tr("Add a token, a client certificate or an exec plugin to the user."));
            const qint64 end = m_client->credentialExpiresMs();
            QString sentence = Texts::tr("The server accepts user “%1” by %2.").arg(m_context.userName, method());
            if (end > 0)
                sentence += u' ' + Texts::tr("It is good until %1.").arg(day(end));
            const bool soon = end > 0 && !m_context.exec && end - clock.nowMs() < 7 * DayMs;
            done(soon ? State::Warning : State::Ok, sentence, detail.join(u'\n'),
                 soon ? Texts::tr("Fetch a new kubeconfig soon.") : QString());
        });
    });
}

void Doctor::Private::api() { tellVersion(**m_version); }

void Doctor::Private::tellVersion(const net::Response& response)
{
    const int status = response.head.status;
    if (status == 403) {
        return done(State::Warning, Texts::tr("%1 answers, but does not tell its version to user “%2”.")
                                        .arg(net::serverName(m_context.server), m_context.userName));
    }
    if (status >= 300)
        return failed(statusError(m_context, response.head, response.body, u"/version"_s));
    const QJsonObject version = QJsonDocument::fromJson(response.body).object();
    const QString git = version.value("gitVersion"_L1).toString();
    if (git.isEmpty()) {
        return failed({Error::Kind::Protocol,
                       Texts::tr("%1 answers, but is no Kubernetes API server.").arg(net::serverName(m_context.server)),
                       QString::fromUtf8(response.body.left(200)).simplified(),
                       Texts::tr("Check the server's address in the kubeconfig.")});
    }
    done(State::Ok, Texts::tr("%1 is Kubernetes %2.").arg(net::serverName(m_context.server), git),
         version.value("platform"_L1).toString());
}

void Doctor::Private::access()
{
    m_access = std::make_unique<DoctorAccess>(*m_client, m_context, limitMs, this);
    askAccess({});
}

void Doctor::Private::askAccess(const QString& space)
{
    m_access->ask(space, [this, space](const Result<QList<DoctorAccess::Answer>>& answers) {
        if (!answers)
            return failed(answers.error());
        const bool none = std::ranges::none_of(*answers, &DoctorAccess::Answer::allowed);
        // A role of one namespace allows nothing in all of them: ask where the context points to.
        if (none && space.isEmpty() && !m_context.space.isEmpty())
            QMetaObject::invokeMethod(
                this, [this] { askAccess(m_context.space); }, Qt::QueuedConnection);
        else
            tellAccess(space, *answers);
    });
}

void Doctor::Private::tellAccess(const QString& space, const QList<DoctorAccess::Answer>& answers)
{
    QStringList allowed;
    QStringList denied;
    for (const auto& answer : answers)
        (answer.allowed ? allowed : denied) << answer.kind;
    const QString where = space.isEmpty() ? Texts::tr("in all namespaces") : Texts::tr("in namespace %1").arg(space);
    const QString detail =
        Texts::tr("may list %1: %2").arg(where, allowed.isEmpty() ? Texts::tr("nothing") : allowed.join(u", "_s));
    const QString remedy = Texts::tr("Ask for a role with get, list and watch on it.");
    if (denied.isEmpty())
        return done(State::Ok,
                    Texts::tr("User “%1” may see every kind that was asked for, %2.").arg(m_context.userName, where),
                    detail);
    const QString sentence = forbiddenSentence(m_context, denied.join(u", "_s));
    if (!allowed.isEmpty())
        return done(State::Warning, sentence, detail, remedy);
    Error error{Error::Kind::Forbidden, sentence, detail, remedy, 403};
    failed(error);
}

} // namespace wk::cluster
