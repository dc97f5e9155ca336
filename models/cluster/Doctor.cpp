// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/Doctor.h"

#include "cluster/ApiClient.h"
#include "cluster/ApiIdentity.h"
#include "cluster/DoctorAccess.h"
#include "cluster/DoctorProbe.h"
#include "net/HttpFailure.h"
#include "net/Send.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFuture>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using State = DoctorStep::State;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::Doctor)
};

constexpr qint64 DayMs = 86'400'000;

QString titleOf(const QString& id)
{
    if (id == "file"_L1)
        return Texts::tr("Kubeconfig");
    if (id == "dns"_L1)
        return Texts::tr("Name");
    if (id == "tcp"_L1)
        return Texts::tr("Connection");
    if (id == "proxy"_L1)
        return Texts::tr("Proxy");
    if (id == "tls"_L1)
        return Texts::tr("TLS");
    if (id == "credential"_L1)
        return Texts::tr("Credential");
    return id == "api"_L1 ? Texts::tr("API server") : Texts::tr("Permissions");
}

QString day(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); }

const QStringList& order()
{
    static const QStringList ids{u"file"_s, u"dns"_s,        u"tcp"_s, u"proxy"_s,
                                 u"tls"_s,  u"credential"_s, u"api"_s, u"access"_s};
    return ids;
}

} // namespace

QString doctorStateName(DoctorStep::State state)
{
    switch (state) {
    case State::Ok: return u"ok"_s;
    case State::Warning: return u"warning"_s;
    case State::Failed: return u"failed"_s;
    case State::Skipped: return u"skipped"_s;
    }
    return {};
}

Doctor::Subject Doctor::Subject::standard(const QString& context)
{
    return {platform::KubeConfig::defaultPaths(), false, context};
}

Doctor::Subject Doctor::Subject::of(const platform::ContextId& id)
{
    const QStringList files = id.origin.split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return {files, files.size() == 1, id.context};
}

class Doctor::Private : public QObject
{
public:
    Private(Subject s, Clock& c, Doctor* owner) : subject(std::move(s)), clock(c), q(owner) {}

    void run() { (this->*m_next[m_at])(); }

    Subject subject;
    Clock& clock;
    Doctor* q;
    QList<DoctorStep> steps;
    std::optional<Error> failure;
    bool finished = false;
    qint64 limitMs = 5'000;

private:
    using StepFunction = void (Private::*)();
    const std::array<StepFunction, 8> m_next{&Private::file, &Private::dns,        &Private::tcp, &Private::proxy,
                                             &Private::tls,  &Private::credential, &Private::api, &Private::access};

    void file();
    void dns();
    void tcp();
    void proxy();
    void tls();
    void credential();
    void api();
    void access();

    void done(State state, const QString& sentence, const QString& detail = {}, const QString& remedy = {});
    void failed(const Error& error);
    void tellTls(const DoctorProbe::Handshake& seen);
    void tellVersion(const net::Response& response);
    void tellAccess(const QString& space, const QList<DoctorAccess::Answer>& answers);
    void askAccess(const QString& space);
    [[nodiscard]] QString method() const;

    size_t m_at = 0;
    qint64 m_startedMs = 0;
    platform::ResolvedContext m_context;
    net::HttpOptions m_options;
    QUrl m_proxy;
    std::unique_ptr<DoctorProbe> m_probe;
    std::unique_ptr<ApiClient> m_client;
    std::unique_ptr<DoctorAccess> m_access;
    std::optional<Result<net::Response>> m_version;
};

/// Ends the present step and begins the next, from the event loop.
void Doctor::Private::done(State state, const QString& sentence, const QString& detail, const QString& remedy)
{
    const QString id = order().value(qsizetype(m_at));
    const DoctorStep step{id, titleOf(id), state, sentence, detail, remedy, clock.monotonicMs() - m_startedMs};
    steps << step;
    emit q->stepFinished(step);
    ++m_at;
    if (m_at == m_next.size()) {
        finished = true;
        emit q->finished();
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_startedMs = clock.monotonicMs();
            if (failure)
                done(State::Skipped, Texts::tr("Not tried: a step before has failed."));
            else
                run();
        },
        Qt::QueuedConnection);
}

void Doctor::Private::failed(const Error& error)
{
    failure = error;
    done(State::Failed, error.sentence, error.detail, error.remedy);
}

void Doctor::Private::file()
{
    m_startedMs = clock.monotonicMs();
    const auto config = subject.explicitFile ? platform::KubeConfig::loadFile(subject.files.value(0))
                                             : platform::KubeConfig::loadList(subject.files);
    if (!config)
        return failed(config.error());
    const auto context = config->resolve(subject.context);
    if (!context)
        return failed(context.error());
    m_context = *context;
    // Files that the context names are part of this step: nothing is sent before they could be read.
    const auto options = httpOptions(m_context, nullptr);
    if (!options)
        return failed(options.error());
    m_options = *options;
    m_proxy = net::effectiveProxy(m_options);
    QStringList detail{Texts::tr("cluster “%1” at %2, user “%3”")
                           .arg(m_context.clusterName, m_context.server.toDisplayString(), m_context.userName)};
    State state = State::Ok;
    QString sentence;
    for (const auto& entry : config->contexts()) {
        if (entry.id.context != m_context.id.context)
            continue;
        sentence = Texts::tr("The context “%1” is in %2.").arg(entry.id.context, entry.file);
        if (!entry.shadowed.isEmpty()) {
            state = State::Warning;
            sentence +=
                u' ' + Texts::tr("Another one of the same name in %1 is ignored.").arg(entry.shadowed.join(u", "_s));
        }
    }
    done(state, sentence, detail.join(u'\n'));
}

void Doctor::Private::dns()
{
    m_probe = std::make_unique<DoctorProbe>(m_options, clock, limitMs, this);
    const QString host = m_proxy.isEmpty() ? m_context.server.host() : m_proxy.host();
    if (!QHostAddress(host).isNull())
        return done(State::Skipped, Texts::tr("%1 is an address: there is no name to look up.").arg(host));
    m_probe->resolve(host, [this, host](const Result<QList<QHostAddress>>& found) {
        if (!found)
            return failed(found.error());
        QStringList addresses;
        for (const QHostAddress& address : *found)
            addresses << address.toString();
        done(State::Ok, Texts::tr("%1 is %2.").arg(host, addresses.join(u", "_s)));
    });
}

void Doctor::Private::tcp()
{
    const QUrl target = m_proxy.isEmpty() ? m_context.server : m_proxy;
    m_probe->connectTo(target, false, [this, target](const Result<void>& connected) {
        if (!connected)
            return failed(connected.error());
        const QString name = m_proxy.isEmpty() ? net::serverName(target) : target.toDisplayString(QUrl::RemoveUserInfo);
        done(State::Ok, Texts::tr("%1 accepts connections.").arg(name));
    });
}

void Doctor::Private::proxy()
{
    if (m_proxy.isEmpty())
        return done(State::Skipped, Texts::tr("No proxy is used."));
    const QString shown = m_proxy.toDisplayString(QUrl::RemoveUserInfo);
    const QString source =
        m_options.proxy.isEmpty() ? Texts::tr("from the environment") : Texts::tr("proxy-url in the kubeconfig");
    m_probe->connectTo(m_context.server, true, [this, shown, source](const Result<void>& connected) {
        if (!connected)
            return failed(connected.error());
        done(State::Ok, Texts::tr("The proxy %1 lets us through to %2.").arg(shown, net::serverName(m_context.server)),
             source);
    });
}

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

Doctor::Doctor(Subject subject, Clock& clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(std::move(subject), clock, this))
{
}

Doctor::~Doctor() = default;

void Doctor::setStepLimitMs(qint64 ms) { d->limitMs = ms; }

void Doctor::start()
{
    QMetaObject::invokeMethod(
        d.get(), [this] { d->run(); }, Qt::QueuedConnection);
}

bool Doctor::isFinished() const { return d->finished; }
QList<DoctorStep> Doctor::steps() const { return d->steps; }
std::optional<Error> Doctor::failure() const { return d->failure; }

} // namespace wk::cluster
