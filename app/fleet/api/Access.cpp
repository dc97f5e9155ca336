// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Access.h"

#include "fleet/world/Json.h"

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

QJsonArray Access::rules(const ObjectStore& store, const QJsonObject& binding)
{
    const QJsonObject ref = binding.value(u"roleRef").toObject();
    const bool wide = ref.value(u"kind") == u"ClusterRole"_s;
    const ObjectPtr role =
        store.find(wide ? u"clusterroles.rbac.authorization.k8s.io"_s : u"roles.rbac.authorization.k8s.io"_s,
                   wide ? QString() : at(binding, u"metadata", u"namespace").toString(), ref.value(u"name").toString());
    return role ? role->json.value(u"rules").toArray() : QJsonArray();
}

std::vector<ObjectPtr> Access::bindings(const ObjectStore& store, const User& user, const QString& space)
{
    std::vector<ObjectPtr> all = store.list(u"clusterrolebindings.rbac.authorization.k8s.io"_s);
    if (!space.isEmpty())
        std::ranges::copy(store.list(u"rolebindings.rbac.authorization.k8s.io"_s, space), std::back_inserter(all));
    std::erase_if(all, [&](const ObjectPtr& binding) {
        return std::ranges::none_of(binding->json.value(u"subjects").toArray(), [&](const QJsonValue& s) {
            const QString kind = s.toObject().value(u"kind").toString(), name = s.toObject().value(u"name").toString();
            return (kind == u"User" && name == user.name) || (kind == u"Group" && user.groups.contains(name));
        });
    });
    return all;
}

std::optional<QString> Access::allowed(const ObjectStore& store, const User& user, const Asked& asked)
{
    if (user.groups.contains(u"system:masters"_s))
        return QString();
    // system:basic-user, which every cluster grants to all who are known
    const bool review = asked.group == u"authorization.k8s.io" || asked.group == u"authentication.k8s.io";
    if (user.groups.contains(u"system:authenticated"_s) && review && asked.verb == u"create")
        return u"RBAC: allowed by ClusterRoleBinding \"system:basic-user\""_s;
    const auto names = [](const QJsonValue& list, const QString& wanted) {
        const QJsonArray all = list.toArray();
        return all.contains(wanted) || all.contains(u"*"_s);
    };
    for (const ObjectPtr& binding : bindings(store, user, asked.space)) {
        for (const QJsonArray granted = rules(store, binding->json); const QJsonValue& v : granted) {
            const QJsonObject rule = v.toObject();
            const QJsonArray objects = rule.value(u"resourceNames").toArray();
            if (!names(rule.value(u"verbs"), asked.verb) || !names(rule.value(u"apiGroups"), asked.group) ||
                !names(rule.value(u"resources"), asked.resource) ||
                (!objects.isEmpty() && !objects.contains(asked.name)))
                continue;
            const QJsonObject ref = binding->json.value(u"roleRef").toObject();
            return u"RBAC: allowed by %1 \"%2\" of %3 \"%4\" to User \"%5\""_s.arg(
                binding->space.isEmpty() ? u"ClusterRoleBinding"_s : u"RoleBinding"_s,
                binding->space.isEmpty() ? binding->name : binding->name + u'/' + binding->space,
                ref.value(u"kind").toString(), ref.value(u"name").toString(), user.name);
        }
    }
    return std::nullopt;
}

QJsonArray Access::allRules(const ObjectStore& store, const User& user, const QString& space)
{
    if (user.groups.contains(u"system:masters"_s))
        return {json(R"({'verbs':['*'],'apiGroups':['*'],'resources':['*']})")};
    QJsonArray all;
    for (const ObjectPtr& binding : bindings(store, user, space))
        for (const QJsonArray granted = rules(store, binding->json); const QJsonValue& rule : granted)
            all.append(rule);
    return all;
}

bool Access::pathAllowed(const User& user, const QByteArray& path)
{
    // system:public-info-viewer
    if (path == "/version" || path.startsWith("/healthz") || path.startsWith("/livez") || path.startsWith("/readyz"))
        return true;
    return user.groups.contains(u"system:authenticated"_s);
}

} // namespace wk::fleet
