// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "platform/ExecEnvironment.h"
#include "platform/KubeConfig.h"

#include <QtCore/QObject>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QProcess;

namespace wk::platform {

/// What a credential plugin handed out. Held in memory only.
struct ExecCredential
{
    QByteArray token;
    QByteArray clientCertificate; ///< PEM
    QByteArray clientKey;         ///< PEM
    qint64 expiresMs = 0;         ///< 0: until the server refuses it
    quint64 generation = 0;       ///< counts runs; a 401 under an older generation needs no new run
};

/// How the last run of a plugin went, for the doctor. Never holds what it printed on stdout.
struct ExecRun
{
    QString program; ///< resolved path, empty where not found
    int exitCode = -1;
    QString stderrText; ///< at most 4 KiB, tokens blanked
    qint64 durationMs = 0;
};

/// Runs the exec plugin of one context and keeps its credential until it expires. Many callers at once lead to one run.
/// Protocol: client.authentication.k8s.io/v1 and v1beta1; client-go plugin/pkg/client/auth/exec/exec.go.
class ExecCredentialSource : public QObject
{
public:
    using Done = std::function<void(Result<ExecCredential>)>;

    /// `clock` and `environment` outlive this object. `cluster` is told to the plugin where it asks for it.
    ExecCredentialSource(ExecPlugin plugin, const ResolvedContext& cluster, Clock& clock,
                         std::shared_ptr<ExecEnvironment> environment, QObject* parent = nullptr);
    ~ExecCredentialSource() override;

    /// The credential: from memory while it is good, else from a run of the plugin. `done` comes later, on this thread,
    /// unless this object is destroyed first.
    void fetch(Done done);
    /// The server answered 401 under `generation`: drops that credential, so that the next fetch() runs the plugin. A
    /// newer credential stays.
    void refuse(quint64 generation);

    [[nodiscard]] const std::optional<ExecCredential>& current() const { return m_current; }
    [[nodiscard]] const ExecRun& lastRun() const { return m_run; }

    /// Longest run of a plugin. Default 60 s.
    void setLimitMs(qint64 ms) { m_limitMs = ms; }

    /// The JSON of KUBERNETES_EXEC_INFO.
    [[nodiscard]] static QByteArray execInfo(const ExecPlugin& plugin, const ResolvedContext& cluster,
                                             const QByteArray& caPem);
    /// Reads what a plugin printed.
    [[nodiscard]] static Result<ExecCredential> parse(const QByteArray& json, const ExecPlugin& plugin);
    /// Where the plugin cannot be run at all by a program without a terminal, or by today's clients: why.
    [[nodiscard]] static std::optional<Error> objection(const ExecPlugin& plugin);

private:
    void start(const ExecEnvironment::Found& found);
    void ended();
    void answer(Result<ExecCredential> result);
    [[nodiscard]] Error failed(const QString& why) const;

    ExecPlugin m_plugin;
    ResolvedContext m_cluster;
    Clock& m_clock;
    std::shared_ptr<ExecEnvironment> m_environment;
    std::optional<ExecCredential> m_current;
    std::optional<Error> m_lastError;
    qint64 m_failedMs = 0;
    std::vector<Done> m_waiting;
    std::unique_ptr<QProcess> m_process;
    std::shared_ptr<void> m_timer;
    QByteArray m_stdout;
    QByteArray m_stderr;
    ExecRun m_run;
    qint64 m_startedMs = 0;
    qint64 m_limitMs = 60'000;
    quint64 m_generation = 0;
    bool m_running = false;
};

} // namespace wk::platform
