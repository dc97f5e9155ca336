// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/ExecCredential.h"

#include "core/Duration.h"
#include "platform/ProcessEnd.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QPointer>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QTimer>

namespace wk::platform {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::platform::ExecCredential)
};

constexpr qsizetype MaxOutput = 1 << 20;
constexpr qsizetype MaxErrorText = 4096;
constexpr qint64 FailureHoldsMs = 2'000;

/// Plugins print what they got when they are asked to be verbose. Nothing that looks like a bearer token is passed on.
QString withoutSecrets(const QByteArray& text)
{
    static const QRegularExpression jwt(u"eyJ[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*)*"_s);
    static const QRegularExpression bearer(
        u"(?i)(bearer\\s+|(?:token|password|secret)[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',]{6,}"_s);
    static const QRegularExpression key(u"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)"_s,
                                        QRegularExpression::DotMatchesEverythingOption);
    QString out = QString::fromUtf8(text.left(MaxErrorText)).trimmed();
    out.replace(key, u"[private key]"_s);
    out.replace(jwt, u"[token]"_s);
    out.replace(bearer, u"\\1[hidden]"_s);
    return out;
}

} // namespace

ExecCredentialSource::ExecCredentialSource(ExecPlugin plugin, const ResolvedContext& cluster, Clock& clock,
                                           std::shared_ptr<ExecEnvironment> environment, QObject* parent)
    : QObject(parent), m_plugin(std::move(plugin)), m_cluster(cluster), m_clock(clock),
      m_environment(std::move(environment))
{
}

ExecCredentialSource::~ExecCredentialSource() { endProcess(std::move(m_process)); }

std::optional<Error> ExecCredentialSource::objection(const ExecPlugin& plugin)
{
    if (plugin.command.isEmpty())
        return Error{Error::Kind::BadInput, Texts::tr("The user's exec entry names no command."), {}, {}};
    if (plugin.interactiveMode == ExecPlugin::InteractiveMode::Always) {
        return Error{Error::Kind::Unsupported,
                     Texts::tr("The credential plugin %1 wants to talk to you in a terminal (interactiveMode: Always), "
                               "and a window has none.")
                         .arg(plugin.command),
                     {},
                     Texts::tr("Log in with the plugin's own command first and set interactiveMode: IfAvailable.")};
    }
    if (plugin.apiVersion != "client.authentication.k8s.io/v1"_L1 &&
        plugin.apiVersion != "client.authentication.k8s.io/v1beta1"_L1) {
        return Error{Error::Kind::Unsupported,
                     Texts::tr("The credential plugin %1 is configured for “%2”, which current clients do not speak.")
                         .arg(plugin.command, plugin.apiVersion),
                     {},
                     Texts::tr("Update the plugin and set its apiVersion to client.authentication.k8s.io/v1.")};
    }
    return std::nullopt;
}

QByteArray ExecCredentialSource::execInfo(const ExecPlugin& plugin, const ResolvedContext& cluster,
                                          const QByteArray& caPem)
{
    QJsonObject spec{{u"interactive"_s, false}};
    if (plugin.provideClusterInfo) {
        QJsonObject info{{u"server"_s, cluster.server.toString()}};
        if (!cluster.tlsServerName.isEmpty())
            info.insert(u"tls-server-name"_s, cluster.tlsServerName);
        if (cluster.insecureSkipTlsVerify)
            info.insert(u"insecure-skip-tls-verify"_s, true);
        if (!caPem.isEmpty())
            info.insert(u"certificate-authority-data"_s, QString::fromLatin1(caPem.toBase64()));
        if (!cluster.proxyUrl.isEmpty())
            info.insert(u"proxy-url"_s, cluster.proxyUrl.toString());
        if (cluster.disableCompression)
            info.insert(u"disable-compression"_s, true);
        if (!plugin.clusterExtensionJson.isEmpty()) {
            // The extension may be any JSON value; QJsonDocument reads only objects and arrays.
            const auto wrapped = QJsonDocument::fromJson("[" + plugin.clusterExtensionJson + "]").array();
            info.insert(u"config"_s, wrapped.isEmpty() ? QJsonValue() : wrapped.first());
        }
        spec.insert(u"cluster"_s, info);
    }
    return QJsonDocument(
               QJsonObject{{u"apiVersion"_s, plugin.apiVersion}, {u"kind"_s, u"ExecCredential"_s}, {u"spec"_s, spec}})
        .toJson(QJsonDocument::Compact);
}

Result<ExecCredential> ExecCredentialSource::parse(const QByteArray& json, const ExecPlugin& plugin)
{
    const auto bad = [&](const QString& why) {
        return fail(Error::Kind::Unauthorized,
                    Texts::tr("The credential plugin %1 ran, but %2.").arg(plugin.command, why), {},
                    Texts::tr("Run the plugin in a terminal and compare its output with the ExecCredential format."));
    };
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return bad(json.trimmed().isEmpty() ? Texts::tr("printed nothing")
                                            : Texts::tr("what it printed is no JSON object"));
    const QJsonObject object = document.object();
    if (object.value("kind"_L1).toString() != "ExecCredential"_L1)
        return bad(Texts::tr("what it printed is no ExecCredential"));
    if (const QString version = object.value("apiVersion"_L1).toString(); version != plugin.apiVersion)
        return bad(Texts::tr("it answered in version “%1” where “%2” is configured").arg(version, plugin.apiVersion));
    const QJsonValue statusValue = object.value("status"_L1);
    if (!statusValue.isObject())
        return bad(Texts::tr("its answer has no status"));
    const QJsonObject status = statusValue.toObject();
    ExecCredential credential;
    credential.token = status.value("token"_L1).toString().trimmed().toUtf8();
    credential.clientCertificate = status.value("clientCertificateData"_L1).toString().toUtf8();
    credential.clientKey = status.value("clientKeyData"_L1).toString().toUtf8();
    if (credential.clientCertificate.isEmpty() != credential.clientKey.isEmpty())
        return bad(Texts::tr("its answer has a client certificate without a key, or a key without a certificate"));
    if (credential.token.isEmpty() && credential.clientCertificate.isEmpty())
        return bad(Texts::tr("its answer has neither a token nor a client certificate"));
    if (const QString expiry = status.value("expirationTimestamp"_L1).toString(); !expiry.isEmpty()) {
        const auto ms = parseRfc3339Ms(expiry.toStdString());
        if (!ms)
            return bad(Texts::tr("its expirationTimestamp “%1” is no date").arg(expiry));
        credential.expiresMs = *ms;
    }
    return credential;
}

void ExecCredentialSource::fetch(Done done)
{
    if (const auto no = objection(m_plugin)) {
        QTimer::singleShot(0, this, [done = std::move(done), error = *no] { done(fail(error)); });
        return;
    }
    const bool good = m_current && (m_current->expiresMs == 0 || m_clock.nowMs() < m_current->expiresMs);
    if (good && !m_running) {
        QTimer::singleShot(0, this, [done = std::move(done), credential = *m_current] { done(credential); });
        return;
    }
    // Late ones of many refused requests get the answer that the first one led to, and not a run each.
    if (m_lastError && !m_running && m_clock.monotonicMs() - m_failedMs < FailureHoldsMs) {
        QTimer::singleShot(0, this, [done = std::move(done), error = *m_lastError] { done(fail(error)); });
        return;
    }
    m_waiting.push_back(std::move(done));
    if (m_running)
        return;
    m_running = true;
    m_run = {};
    m_startedMs = m_clock.monotonicMs();
    m_environment->find(m_plugin.command, this, [this](const ExecEnvironment::Found& found) { start(found); });
}

void ExecCredentialSource::refuse(quint64 generation)
{
    if (m_current && m_current->generation == generation)
        m_current.reset();
}

Error ExecCredentialSource::failed(const QString& why) const
{
    QStringList detail;
    if (!m_run.program.isEmpty())
        detail << Texts::tr("ran %1").arg(m_run.program);
    if (m_run.exitCode >= 0)
        detail << Texts::tr("exit code %1").arg(m_run.exitCode);
    if (!m_run.stderrText.isEmpty())
        detail << m_run.stderrText;
    return {Error::Kind::Unauthorized, why, detail.join(u'\n'), m_plugin.installHint};
}

void ExecCredentialSource::start(const ExecEnvironment::Found& found)
{
    m_run.program = found.program;
    if (found.program.isEmpty()) {
        Error error = failed(Texts::tr("The credential plugin %1 was not found.").arg(m_plugin.command));
        error.kind = Error::Kind::NotFound;
        if (!found.searched.isEmpty())
            error.detail = Texts::tr("looked in %1").arg(found.searched.join(u", "_s));
        if (error.remedy.isEmpty())
            error.remedy = Texts::tr("Install it, or write its full path into the kubeconfig.");
        answer(fail(std::move(error)));
        return;
    }
    QProcessEnvironment variables = found.variables;
    for (const auto& [name, value] : m_plugin.env)
        variables.insert(name, value);
    QByteArray ca = m_cluster.caData;
    if (QFile file(m_cluster.caFile); ca.isEmpty() && !m_cluster.caFile.isEmpty() && file.open(QIODevice::ReadOnly))
        ca = file.read(MaxOutput);
    variables.insert(u"KUBERNETES_EXEC_INFO"_s, QString::fromUtf8(execInfo(m_plugin, m_cluster, ca)));

    m_stdout.clear();
    m_stderr.clear();
    m_process = std::make_unique<QProcess>();
    QProcess* process = m_process.get();
    process->setProcessEnvironment(variables);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setProgram(found.program);
    process->setArguments(m_plugin.args);
    connect(process, &QProcess::readyReadStandardOutput, this, [this] {
        m_stdout += m_process->readAllStandardOutput();
        if (m_stdout.size() > MaxOutput)
            m_process->kill();
    });
    connect(process, &QProcess::readyReadStandardError, this, [this] {
        m_stderr += m_process->readAllStandardError();
        m_stderr.truncate(16 * MaxErrorText);
    });
    connect(process, &QProcess::finished, this, [this] { ended(); });
    connect(process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            answer(fail(failed(Texts::tr("The credential plugin %1 could not be started: %2.")
                                   .arg(m_plugin.command, m_process->errorString()))));
    });
    m_timer = m_clock.after(this, m_limitMs, [this] {
        m_run.stderrText = withoutSecrets(m_stderr);
        answer(fail(failed(Texts::tr("The credential plugin %1 did not finish within %2 s.")
                               .arg(m_plugin.command)
                               .arg(m_limitMs / 1000))));
    });
    process->start();
}

void ExecCredentialSource::ended()
{
    m_stdout += m_process->readAllStandardOutput();
    m_stderr += m_process->readAllStandardError();
    m_run.exitCode = m_process->exitCode();
    m_run.stderrText = withoutSecrets(m_stderr);
    if (m_stdout.size() > MaxOutput) {
        answer(fail(failed(
            Texts::tr("The credential plugin %1 printed more than a credential can be.").arg(m_plugin.command))));
    } else if (m_process->exitStatus() == QProcess::CrashExit) {
        answer(fail(failed(Texts::tr("The credential plugin %1 crashed.").arg(m_plugin.command))));
    } else if (m_run.exitCode != 0) {
        answer(fail(failed(Texts::tr("The credential plugin %1 failed with exit code %2.")
                               .arg(m_plugin.command)
                               .arg(m_run.exitCode))));
    } else {
        Result<ExecCredential> credential = parse(m_stdout, m_plugin);
        if (!credential && credential.error().detail.isEmpty())
            credential.error().detail = failed({}).detail;
        answer(std::move(credential));
    }
}

void ExecCredentialSource::answer(Result<ExecCredential> result)
{
    m_timer.reset();
    m_stdout.fill('\0');
    m_stdout.clear();
    m_run.durationMs = m_clock.monotonicMs() - m_startedMs;
    endProcess(std::move(m_process));
    m_running = false;
    if (result) {
        result->generation = ++m_generation;
        m_current = *result;
        m_lastError.reset();
    } else {
        m_current.reset();
        m_lastError = result.error();
        m_failedMs = m_clock.monotonicMs();
    }
    const auto waiting = std::exchange(m_waiting, {});
    QPointer<ExecCredentialSource> alive(this);
    for (const Done& done : waiting) {
        if (!alive)
            return;
        done(result);
    }
}

} // namespace wk::platform
