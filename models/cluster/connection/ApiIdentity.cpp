// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ApiIdentity.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QUrl>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::ApiIdentity)
};

constexpr qint64 MaxCredentialFile = 4 << 20;

Result<QByteArray> readFile(const QString& path, const QString& what)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const bool missing = !QFileInfo::exists(path);
        return fail(missing ? Error::Kind::NotFound : Error::Kind::Io,
                    missing ? Texts::tr("The %1 %2 does not exist.").arg(what, path)
                            : Texts::tr("The %1 %2 cannot be read.").arg(what, path),
                    file.errorString(), Texts::tr("Check the path in the kubeconfig and the file's permissions."));
    }
    QByteArray content = file.read(MaxCredentialFile);
    if (content.trimmed().isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("The %1 %2 is empty.").arg(what, path));
    return content;
}

Result<void> take(QByteArray& to, const QByteArray& data, const QString& path, const QString& what)
{
    if (!data.isEmpty() || path.isEmpty()) {
        to = data;
        return {};
    }
    auto content = readFile(path, what);
    if (!content)
        return fail(content.error());
    to = std::move(*content);
    return {};
}

} // namespace

net::Headers impersonationHeaders(const platform::Impersonation& who)
{
    net::Headers headers;
    if (!who.user.isEmpty())
        headers << qMakePair(QByteArray("Impersonate-User"), who.user.toUtf8());
    if (!who.uid.isEmpty())
        headers << qMakePair(QByteArray("Impersonate-Uid"), who.uid.toUtf8());
    for (const QString& group : who.groups)
        headers << qMakePair(QByteArray("Impersonate-Group"), group.toUtf8());
    for (const auto& [key, values] : who.extra) {
        // Header names know no case and few characters: client-go lower-cases and percent-encodes the key.
        const QByteArray name = "Impersonate-Extra-" + QUrl::toPercentEncoding(key.toLower(), "!#$&'*+^`|");
        for (const QString& value : values)
            headers << qMakePair(name, value.toUtf8());
    }
    return headers;
}

Result<QByteArray> authorization(const platform::ResolvedContext& context, const platform::ExecCredential* credential)
{
    if (credential)
        return credential->token.isEmpty() ? QByteArray() : "Bearer " + credential->token;
    if (!context.tokenFile.isEmpty()) {
        auto token = readFile(context.tokenFile, Texts::tr("token file"));
        // client-go falls back to the token that stands beside the file's name.
        if (!token && context.token.isEmpty())
            return fail(token.error());
        return "Bearer " + (token ? token->trimmed() : context.token.toUtf8());
    }
    if (!context.token.isEmpty())
        return "Bearer " + context.token.toUtf8().trimmed();
    if (!context.basicUser.isEmpty() || !context.basicPassword.isEmpty())
        return "Basic " + (context.basicUser + u':' + context.basicPassword).toUtf8().toBase64();
    return QByteArray();
}

Result<net::HttpOptions> httpOptions(const platform::ResolvedContext& context,
                                     const platform::ExecCredential* credential)
{
    if (!context.authProvider.isEmpty()) {
        return fail(
            Error::Kind::Unsupported,
            Texts::tr(
                "The user “%1” logs in through the auth-provider “%2”, which Kubernetes has removed from its clients.")
                .arg(context.userName, context.authProvider),
            {}, Texts::tr("Fetch a new kubeconfig that uses an exec plugin (kubelogin, gke-gcloud-auth-plugin, …)."));
    }
    net::HttpOptions options;
    options.asked = net::HttpOptions::Asked::ApiServer;
    options.base = context.server;
    options.insecure = context.insecureSkipTlsVerify;
    options.tlsServerName = context.tlsServerName;
    options.proxy = context.proxyUrl;
    options.compression =
        context.disableCompression ? net::HttpOptions::Compression::Off : net::HttpOptions::Compression::Auto;
    if (!options.insecure) {
        if (const auto r = take(options.caPem, context.caData, context.caFile, Texts::tr("certificate authority")); !r)
            return fail(r.error());
    }
    if (credential && !credential->clientCertificate.isEmpty()) {
        options.clientCertPem = credential->clientCertificate;
        options.clientKeyPem = credential->clientKey;
    } else {
        if (const auto r = take(options.clientCertPem, context.clientCertificateData, context.clientCertificateFile,
                                Texts::tr("client certificate"));
            !r)
            return fail(r.error());
        if (const auto r =
                take(options.clientKeyPem, context.clientKeyData, context.clientKeyFile, Texts::tr("client key"));
            !r)
            return fail(r.error());
    }
    options.defaultHeaders << qMakePair(QByteArray("User-Agent"), QByteArray("watchkeeper/" WATCHKEEPER_VERSION));
    options.defaultHeaders += impersonationHeaders(context.impersonate);
    return options;
}

} // namespace wk::cluster
