// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Access.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

std::optional<User> Access::authenticate(const HttpRequest& request, const HttpConnection& connection) const
{
    std::optional<User> user = authenticated(request, connection);
    // Only those who may do everything may also be somebody else (the verb "impersonate" is in no other role here).
    const QByteArray as = request.header("impersonate-user");
    if (user && !as.isEmpty() && user->groups.contains(u"system:masters"_s))
        return User{QString::fromUtf8(as), {u"system:authenticated"_s}};
    return user;
}

std::optional<User> Access::authenticated(const HttpRequest& request, const HttpConnection& connection) const
{
    const QSslCertificate certificate = connection.peerCertificate();
    if (!certificate.isNull()) {
        if (!m_pki.signedByUs(certificate))
            return std::nullopt;
        QStringList groups = certificate.subjectInfo(QSslCertificate::Organization);
        groups.append(u"system:authenticated"_s);
        return User{certificate.subjectInfo(QSslCertificate::CommonName).value(0), groups};
    }
    const QByteArray authorization = request.header("authorization");
    if (authorization.isEmpty())
        return User{u"system:anonymous"_s, {u"system:unauthenticated"_s}};
    if (!authorization.toLower().startsWith("bearer "))
        return std::nullopt;
    const auto it = m_tokens.constFind(authorization.mid(7).trimmed());
    if (it == m_tokens.constEnd())
        return std::nullopt;
    return User{*it, {u"system:authenticated"_s}};
}

bool Access::allowed(const User& user, const QString& verb, const QString& group, const QString& resource)
{
    if (user.groups.contains(u"system:masters"_s))
        return true;
    const bool reading = verb == u"get" || verb == u"list" || verb == u"watch";
    const bool review = group == u"authorization.k8s.io" || group == u"authentication.k8s.io";
    if (user.groups.contains(u"system:authenticated"_s) && review && verb == u"create")
        return true;
    const bool rules = group == u"rbac.authorization.k8s.io";
    if (user.name == u"operator")
        return reading || (!rules && resource != u"nodes" && resource != u"namespaces");
    if (user.name == u"viewer")
        return reading && !rules && resource != u"secrets";
    return false;
}

bool Access::pathAllowed(const User& user, const QByteArray& path)
{
    // system:public-info-viewer
    if (path == "/version" || path.startsWith("/healthz") || path.startsWith("/livez") || path.startsWith("/readyz"))
        return true;
    return user.groups.contains(u"system:authenticated"_s);
}

} // namespace wk::fleet
