// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QStringList>
#include <QtCore/QUrl>

#include <memory>
#include <optional>

namespace wk::platform {

/// How a context is told apart from every other: the file (or the $KUBECONFIG list) that it was read from, and its name
/// there. Two files may both hold a context "admin"; they stay two.
struct ContextId
{
    QString origin; ///< absolute path; for a merged list the paths joined by the platform's list separator
    QString context;
    bool operator==(const ContextId&) const = default;
};

/// An exec credential plugin (client.authentication.k8s.io), as written in a user entry.
struct ExecPlugin
{
    enum class InteractiveMode { IfAvailable, Never, Always };
    QString apiVersion;
    QString command; ///< resolved against the file's folder if it has a separator, else looked up in PATH
    QStringList args;
    QList<QPair<QString, QString>> env;
    QString installHint;
    InteractiveMode interactiveMode = InteractiveMode::IfAvailable;
    bool provideClusterInfo = false;
    QByteArray clusterExtensionJson; ///< extensions["client.authentication.k8s.io/exec"] of the cluster, as JSON
};

/// Whom to act as (Impersonate-* headers).
struct Impersonation
{
    QString user;
    QString uid;
    QStringList groups;
    QList<QPair<QString, QStringList>> extra;
};

/// A context with its cluster and user, inline data decoded and paths absolute. File contents (certificates, tokens)
/// are read by whoever uses them, so that a rotated file is picked up.
struct ResolvedContext
{
    ContextId id;
    QString clusterName;
    QString userName;
    QString space; ///< the context's namespace, empty where none is set

    QUrl server;
    QString tlsServerName;
    bool insecureSkipTlsVerify = false;
    bool disableCompression = false;
    QUrl proxyUrl;     ///< http, https or socks5; empty: the environment's proxy
    QByteArray caData; ///< PEM; wins over caFile
    QString caFile;

    QByteArray clientCertificateData; ///< PEM; wins over the file
    QString clientCertificateFile;
    QByteArray clientKeyData;
    QString clientKeyFile;
    QString token;
    QString tokenFile; ///< wins over token, as in client-go
    QString basicUser;
    QString basicPassword;
    std::optional<ExecPlugin> exec;
    Impersonation impersonate;
    QString authProvider; ///< name of a legacy auth-provider; not supported by any current client
};

/// One line of the list of contexts that a person chooses from.
struct ContextEntry
{
    ContextId id;
    QString clusterName;
    QString userName;
    QString space;
    QString file; ///< the file that this very entry stands in
    bool current = false;
    QStringList shadowed; ///< files of the list in which an entry of the same name was ignored
};

/// What kubectl reads: one file, or the merge of a $KUBECONFIG list by kubectl's rules (first file wins per map key,
/// entries are taken whole, relative paths belong to their own file, a missing file in a list is ignored).
/// Source: k8s.io/client-go/tools/clientcmd/loader.go.
class KubeConfig
{
public:
    /// One explicit file (--kubeconfig): must exist.
    [[nodiscard]] static Result<KubeConfig> loadFile(const QString& path);
    /// A $KUBECONFIG-style list, merged. Empty result (no contexts) where no file exists.
    [[nodiscard]] static Result<KubeConfig> loadList(const QStringList& paths);
    /// The same, but a file that cannot be read or understood is left out and its error added to `errors`: kubectl
    /// refuses the whole list then, a list for people should not.
    [[nodiscard]] static KubeConfig loadReadable(const QStringList& paths, QList<Error>& errors);
    /// $KUBECONFIG if set, else ~/.kube/config.
    [[nodiscard]] static QStringList defaultPaths();
    /// Parses the text of one file; `path` names it in errors and anchors relative paths.
    [[nodiscard]] static Result<KubeConfig> parse(const QByteArray& yaml, const QString& path);

    [[nodiscard]] QList<ContextEntry> contexts() const;
    [[nodiscard]] QString currentContext() const;
    /// The named context, or the current one for an empty name. Fails in words where the context, its cluster or its
    /// user does not exist, or where inline data is not base64.
    [[nodiscard]] Result<ResolvedContext> resolve(const QString& context = {}) const;
    /// Every file that was looked for, existing or not: what a watcher must watch.
    [[nodiscard]] QStringList files() const;

    struct Data;
    KubeConfig();
    ~KubeConfig();
    KubeConfig(const KubeConfig&);
    KubeConfig(KubeConfig&&) noexcept;
    KubeConfig& operator=(const KubeConfig&);
    KubeConfig& operator=(KubeConfig&&) noexcept;

private:
    std::shared_ptr<const Data> m_data;
};

} // namespace wk::platform
