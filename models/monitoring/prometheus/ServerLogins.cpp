// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerLogins.h"

#include "core/Future.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using platform::ServerAccess;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::ServerLogins)
};

constexpr qint64 maxPemBytes = 1 << 20;

Result<QByteArray> readPem(const AccessFile& file, const QString& path)
{
    if (path.isEmpty())
        return QByteArray();
    const QString full =
        path.startsWith("~/"_L1) ? QDir::homePath() + path.sliced(1) : QDir(file.folder).absoluteFilePath(path);
    QFile pem(full);
    if (!pem.open(QIODevice::ReadOnly))
        return fail(
            Error::Kind::Io,
            Texts::tr("The file %1, which the platform file names, cannot be read: %2.").arg(full, pem.errorString()));
    return pem.read(maxPemBytes);
}

void addPrefix(ServerAddress& address, const QString& prefix)
{
    QString path = prefix;
    while (path.endsWith(u'/'))
        path.chop(1);
    if (path.isEmpty())
        return;
    if (!address.servicePath.isEmpty()) {
        for (const QString& part : path.split(u'/', Qt::SkipEmptyParts))
            address.servicePath += '/' + QUrl::toPercentEncoding(part);
        return;
    }
    QString whole = address.url.path();
    while (whole.endsWith(u'/'))
        whole.chop(1);
    address.url.setPath(whole + path);
}

/// All but the secret.
Result<ServerAddress> withoutSecret(ServerAddress address, const AccessFile& file)
{
    const ServerAccess& access = file.access;
    const bool wantsOwnWay =
        access.login != ServerAccess::Login::None || !access.certificate.isEmpty() || !access.headers.empty();
    if (!address.servicePath.isEmpty() && wantsOwnWay)
        return fail(
            Error::Kind::Unsupported,
            Texts::tr("%1 is behind the API server, which passes neither a login nor headers on.").arg(address.words()),
            {}, Texts::tr("Give the platform file an address of its own under monitoring."));
    addPrefix(address, access.prefix);
    const auto authority = readPem(file, access.authority), certificate = readPem(file, access.certificate),
               key = readPem(file, access.key);
    for (const auto* const pem : {&authority, &certificate, &key}) {
        if (!*pem)
            return fail(pem->error());
    }
    address.caPem = *authority;
    address.login.clientCertPem = *certificate;
    address.login.clientKeyPem = *key;
    for (const auto& [name, value] : access.headers)
        address.headers.emplaceBack(name.toLatin1(), value.toLatin1());
    if (!access.proxy.isEmpty())
        address.proxy = QUrl(access.proxy);
    address.insecure = access.insecure;
    return address;
}

Error noSecret(const QString& entry, const QString& server)
{
    return {Error::Kind::Unauthorized,
            Texts::tr("The keychain has no entry “%1”, with which the platform file logs in to %2.").arg(entry, server),
            {},
            Texts::tr("Keep the password or token there: watchkeeperctl secret set %1").arg(entry)};
}

QFuture<Result<ServerAddress>> ready(Result<ServerAddress> address)
{
    return QtFuture::makeReadyFuture(std::move(address));
}

} // namespace

QString secretName(const QString& platform, const QString& server) { return platform + u'/' + server; }

std::optional<AccessFile> accessOf(const std::optional<ServerAccess>& access, const QString& platform,
                                   const QString& file, const QString& server)
{
    if (!access)
        return std::nullopt;
    return AccessFile{*access, QFileInfo(file).absolutePath(),
                      access->secret.isEmpty() ? secretName(platform, server) : access->secret};
}

QFuture<Result<ServerAddress>> withAccess(ServerAddress address, const AccessFile& file, secrets::SecretStore* secrets)
{
    auto reached = withoutSecret(std::move(address), file);
    if (!reached || file.access.login == ServerAccess::Login::None)
        return ready(std::move(reached));
    reached->login.kind =
        file.access.login == ServerAccess::Login::Basic ? ServerLogin::Kind::Basic : ServerLogin::Kind::Bearer;
    reached->login.user = file.access.user;
    if (!secrets)
        return ready(fail(noSecret(file.entry, reached->words())));
    return secrets->read(file.entry)
        .then([reached = std::move(*reached),
               entry = file.entry](const Result<std::optional<QByteArray>>& secret) -> Result<ServerAddress> {
            if (!secret)
                return fail(secret.error());
            if (!*secret || (*secret)->isEmpty())
                return fail(noSecret(entry, reached.words()));
            ServerAddress out = reached;
            out.login.secret = **secret;
            return out;
        });
}

} // namespace wk::monitoring
