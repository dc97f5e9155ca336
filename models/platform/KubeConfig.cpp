// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfig.h"

#include "platform/KubeConfigData.h"
#include "platform/KubeConfigWords.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace wk::platform {

using namespace Qt::StringLiterals;

namespace {

using Texts = KubeConfigWords;

constexpr qint64 MaxBytes = 8 << 20;

QString clean(const QString& path) { return QDir::cleanPath(QFileInfo(path).absoluteFilePath()); }

/// Reading a named pipe would wait for its writer; the shell's own ("<(command)") are filled already.
bool isReadable(const QString& path, const QFileInfo& info)
{
    return info.isFile() || path.startsWith("/dev/fd/"_L1) || path.startsWith("/proc/self/fd/"_L1) ||
           path == "/dev/stdin"_L1 || path == "/dev/null"_L1;
}

Result<QByteArray> readFile(const QString& path)
{
    const QFileInfo info(path);
    if (info.exists() && !isReadable(path, info))
        return fail(Error::Kind::BadInput, Texts::tr("%1 is not a file.").arg(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(Error::Kind::Io, Texts::tr("%1 cannot be read: %2.").arg(path, file.errorString()), {},
                    Texts::tr("Check the file's owner and permissions."));
    }
    return file.read(MaxBytes + 1);
}

Result<QByteArray> decode(const QString& base64, const QString& field, const QString& entry, const QString& file)
{
    QByteArray text = base64.toLatin1();
    text.replace('\n', QByteArray()).replace('\r', QByteArray()).replace(' ', QByteArray());
    const auto decoded =
        QByteArray::fromBase64Encoding(text, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) {
        return fail(Error::Kind::BadInput, Texts::tr("%1 of “%2” in %3 is not base64.").arg(field, entry, file), {},
                    Texts::tr("Fetch the kubeconfig again: it seems to have been cut off or edited."));
    }
    return *decoded;
}

template <typename T>
const T* named(const QList<T>& entries, const QString& name)
{
    const auto it = std::ranges::find(entries, name, &T::name);
    return it == entries.end() ? nullptr : &*it;
}

/// "host", "host:port" or an address; without a scheme it is https where anything about TLS is configured, as
/// k8s.io/client-go/rest.DefaultServerURL decides.
QUrl serverUrl(const QString& text, bool tls)
{
    const QString full = text.contains("://"_L1) ? text : (tls ? "https://"_L1 : "http://"_L1) + text;
    return QUrl(full, QUrl::StrictMode);
}

Result<void> takeCluster(ResolvedContext& out, const KubeConfigCluster& cluster)
{
    if (cluster.server.isEmpty()) {
        return fail(Error::Kind::BadInput,
                    Texts::tr("The cluster “%1” in %2 has no server.").arg(cluster.name, cluster.file), {},
                    Texts::tr("Add the API server's address as server: https://…"));
    }
    const bool hasCa = !cluster.caData.isEmpty() || !cluster.caFile.isEmpty();
    out.server = serverUrl(cluster.server, hasCa || cluster.insecure || !out.clientCertificateData.isEmpty() ||
                                               !out.clientCertificateFile.isEmpty());
    const QString scheme = out.server.scheme();
    if (!out.server.isValid() || out.server.host().isEmpty() || (scheme != "https"_L1 && scheme != "http"_L1)) {
        return fail(Error::Kind::BadInput,
                    Texts::tr("“%1”, the server of cluster “%2” in %3, is no http:// or https:// address.")
                        .arg(cluster.server, cluster.name, cluster.file));
    }
    if (cluster.insecure && hasCa) {
        return fail(Error::Kind::BadInput,
                    Texts::tr("The cluster “%1” in %2 has both a certificate authority and insecure-skip-tls-verify.")
                        .arg(cluster.name, cluster.file),
                    {}, Texts::tr("Remove insecure-skip-tls-verify."));
    }
    out.tlsServerName = cluster.tlsServerName;
    out.insecureSkipTlsVerify = cluster.insecure;
    out.disableCompression = cluster.disableCompression;
    if (!cluster.proxyUrl.isEmpty()) {
        out.proxyUrl = QUrl(cluster.proxyUrl, QUrl::StrictMode);
        if (!out.proxyUrl.isValid() || out.proxyUrl.host().isEmpty())
            return fail(Error::Kind::BadInput,
                        Texts::tr("proxy-url of cluster “%1” in %2 is no address.").arg(cluster.name, cluster.file));
    }
    out.caFile = cluster.caFile;
    const auto ca = decode(cluster.caData, u"certificate-authority-data"_s, cluster.name, cluster.file);
    if (!ca)
        return fail(ca.error());
    out.caData = *ca;
    return {};
}

Result<void> takeUser(ResolvedContext& out, const KubeConfigUser& user)
{
    const auto certificate = decode(user.certificateData, u"client-certificate-data"_s, user.name, user.file);
    if (!certificate)
        return fail(certificate.error());
    const auto key = decode(user.keyData, u"client-key-data"_s, user.name, user.file);
    if (!key)
        return fail(key.error());
    out.clientCertificateData = *certificate;
    out.clientCertificateFile = user.certificateFile;
    out.clientKeyData = *key;
    out.clientKeyFile = user.keyFile;
    out.token = user.token;
    out.tokenFile = user.tokenFile;
    out.basicUser = user.basicUser;
    out.basicPassword = user.basicPassword;
    out.impersonate = user.impersonate;
    out.authProvider = user.authProvider;
    out.exec = user.exec;
    // client-go: the mode is required from v1 on; v1beta1 knew none.
    if (user.exec && user.execModeMissing && user.exec->apiVersion == "client.authentication.k8s.io/v1"_L1) {
        return fail(Error::Kind::BadInput,
                    Texts::tr("The exec entry of user “%1” in %2 lacks interactiveMode, which v1 requires.")
                        .arg(user.name, user.file),
                    {}, Texts::tr("Add interactiveMode: IfAvailable."));
    }
    if ((!user.token.isEmpty() || !user.tokenFile.isEmpty()) &&
        (!user.basicUser.isEmpty() || !user.basicPassword.isEmpty())) {
        return fail(Error::Kind::BadInput,
                    Texts::tr("The user “%1” in %2 has both a token and a password.").arg(user.name, user.file), {},
                    Texts::tr("Remove one of them."));
    }
    return {};
}

} // namespace

KubeConfig::KubeConfig() : m_data(std::make_shared<Data>()) {}
KubeConfig::~KubeConfig() = default;
KubeConfig::KubeConfig(const KubeConfig&) = default;
KubeConfig::KubeConfig(KubeConfig&&) noexcept = default;
KubeConfig& KubeConfig::operator=(const KubeConfig&) = default;
KubeConfig& KubeConfig::operator=(KubeConfig&&) noexcept = default;

Result<KubeConfig> KubeConfig::parse(const QByteArray& yaml, const QString& path)
{
    const QString file = clean(path);
    const auto tree = parseKubeConfigTree(yaml, file);
    if (!tree)
        return fail(tree.error());
    auto data = std::make_shared<Data>();
    data->origin = file;
    data->files = {file};
    if (const auto read = data->read(*tree, file); !read)
        return fail(read.error());
    KubeConfig config;
    config.m_data = std::move(data);
    return config;
}

Result<KubeConfig> KubeConfig::loadFile(const QString& path)
{
    const QString file = clean(path);
    if (!QFileInfo::exists(file) && !QFileInfo(file).isSymLink()) {
        return fail(Error::Kind::NotFound, Texts::tr("The kubeconfig %1 does not exist.").arg(file), {},
                    Texts::tr("Check the path, or copy the cluster's kubeconfig there."));
    }
    const auto text = readFile(file);
    if (!text)
        return fail(text.error());
    return parse(*text, file);
}

Result<KubeConfig> KubeConfig::loadList(const QStringList& paths)
{
    QList<Error> errors;
    KubeConfig config = loadReadable(paths, errors);
    if (!errors.isEmpty())
        return fail(errors.first());
    return config;
}

KubeConfig KubeConfig::loadReadable(const QStringList& paths, QList<Error>& errors)
{
    auto merged = std::make_shared<Data>();
    for (const QString& path : paths) {
        if (!path.isEmpty())
            merged->files << clean(path);
    }
    merged->files.removeDuplicates();
    merged->origin = merged->files.join(QDir::listSeparator());
    for (const QString& file : std::as_const(merged->files)) {
        if (!QFileInfo::exists(file))
            continue;
        if (const auto one = loadFile(file))
            merged->merge(*one->m_data);
        else
            errors << one.error();
    }
    KubeConfig config;
    config.m_data = std::move(merged);
    return config;
}

QStringList KubeConfig::defaultPaths()
{
    const QString variable = qEnvironmentVariable("KUBECONFIG");
    if (!variable.isEmpty())
        return variable.split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return {QDir::homePath() + "/.kube/config"_L1};
}

QList<ContextEntry> KubeConfig::contexts() const
{
    QList<ContextEntry> entries = m_data->contexts;
    for (ContextEntry& entry : entries) {
        entry.id.origin = m_data->origin;
        entry.current = entry.id.context == m_data->current;
    }
    return entries;
}

QString KubeConfig::currentContext() const { return m_data->current; }
QStringList KubeConfig::files() const { return m_data->files; }

Result<ResolvedContext> KubeConfig::resolve(const QString& context) const
{
    const QString name = context.isEmpty() ? m_data->current : context;
    QStringList known;
    for (const ContextEntry& e : m_data->contexts)
        known << e.id.context;
    const QString shown = m_data->origin.isEmpty() ? Texts::tr("the kubeconfig") : m_data->origin;
    if (known.isEmpty()) {
        return fail(Error::Kind::NotFound, Texts::tr("There is no context in %1.").arg(shown), {},
                    Texts::tr("Copy a cluster's kubeconfig there, or name one with --kubeconfig or $KUBECONFIG."));
    }
    if (name.isEmpty()) {
        return fail(Error::Kind::NotFound, Texts::tr("%1 has no current context.").arg(shown), {},
                    Texts::tr("Choose one of: %1.").arg(known.join(u", "_s)));
    }
    const auto entry = std::ranges::find(m_data->contexts, name, [](const ContextEntry& e) { return e.id.context; });
    if (entry == m_data->contexts.end()) {
        return fail(Error::Kind::NotFound, Texts::tr("There is no context “%1” in %2.").arg(name, shown), {},
                    Texts::tr("Choose one of: %1.").arg(known.join(u", "_s)));
    }
    const KubeConfigCluster* cluster = named(m_data->clusters, entry->clusterName);
    if (!cluster) {
        return fail(Error::Kind::NotFound,
                    Texts::tr("The context “%1” in %2 refers to the cluster “%3”, which does not exist.")
                        .arg(name, entry->file, entry->clusterName),
                    {}, Texts::tr("Add the cluster, or choose another context."));
    }
    const KubeConfigUser* user = named(m_data->users, entry->userName);
    if (!user && !entry->userName.isEmpty()) {
        return fail(Error::Kind::NotFound,
                    Texts::tr("The context “%1” in %2 refers to the user “%3”, who does not exist.")
                        .arg(name, entry->file, entry->userName),
                    {}, Texts::tr("Add the user, or choose another context."));
    }
    ResolvedContext out;
    out.id = {m_data->origin, name};
    out.clusterName = entry->clusterName;
    out.userName = entry->userName;
    out.space = entry->space;
    if (user) {
        if (const auto taken = takeUser(out, *user); !taken)
            return fail(taken.error());
    }
    if (const auto taken = takeCluster(out, *cluster); !taken)
        return fail(taken.error());
    if (out.exec)
        out.exec->clusterExtensionJson = cluster->execExtension;
    return out;
}

} // namespace wk::platform
