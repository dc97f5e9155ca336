// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/AccessRules.h"

#include "cluster/objects/SummaryParts.h"
#include "table/Order.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QMap>
#include <QtCore/QSet>

#include <algorithm>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using summary::at;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::AccessRules)
};

const QStringList& usualVerbs()
{
    static const QStringList verbs{u"get"_s,    u"list"_s,  u"watch"_s,  u"create"_s,
                                   u"update"_s, u"patch"_s, u"delete"_s, u"deletecollection"_s};
    return verbs;
}

bool has(const QJsonArray& list, const QString& value) { return list.contains(value) || list.contains(u"*"_s); }

/// True where a rule is about the resource (or what is below it), whatever its verbs.
bool covers(const QJsonObject& rule, const ResourceKind& kind, const QString& below, const QString& name)
{
    if (!has(rule.value(u"apiGroups"_s).toArray(), kind.group))
        return false;
    const QJsonArray resources = rule.value(u"resources"_s).toArray();
    const QString combined = below.isEmpty() ? kind.resource : kind.resource + u'/' + below;
    if (!has(resources, combined) && (below.isEmpty() || !resources.contains(u"*/"_s + below)))
        return false;
    const QJsonArray names = rule.value(u"resourceNames"_s).toArray();
    return names.isEmpty() || (!name.isEmpty() && names.contains(name));
}

/// What a name in a rule cannot be about: there is none yet, or there are many.
bool isNameless(const QString& verb)
{
    return verb == u"create" || verb == u"list" || verb == u"watch" || verb == u"deletecollection";
}

bool allows(const QJsonArray& rules, const ResourceKind& kind, const Right& right, const QString& name)
{
    return std::any_of(rules.begin(), rules.end(), [&](const QJsonValue& value) {
        const QJsonObject rule = value.toObject();
        // What is below an object (its eviction) is created under the object's name.
        const bool named = !right.subresource.isEmpty() || !isNameless(right.verb);
        return has(rule.value(u"verbs"_s).toArray(), right.verb) &&
               covers(rule, kind, right.subresource, named ? name : QString());
    });
}

QList<Right> rightsAskedOf(const ResourceKind& kind)
{
    QList<Right> out{{u"get"_s, {}, Texts::tr("read it")},       {u"list"_s, {}, Texts::tr("list them")},
                     {u"watch"_s, {}, Texts::tr("follow them")}, {u"create"_s, {}, Texts::tr("create one")},
                     {u"update"_s, {}, Texts::tr("replace it")}, {u"patch"_s, {}, Texts::tr("change it")},
                     {u"delete"_s, {}, Texts::tr("delete it")}};
    if (!kind.verbs.isEmpty())
        out.removeIf([&](const Right& right) { return !kind.verbs.contains(right.verb); });
    const QString id = kind.id();
    if (id == u"pods")
        out += QList<Right>{{u"get"_s, u"log"_s, Texts::tr("read its logs")},
                            {u"create"_s, u"exec"_s, Texts::tr("run commands in it")},
                            {u"create"_s, u"portforward"_s, Texts::tr("forward its ports")},
                            {u"create"_s, u"eviction"_s, Texts::tr("evict it")}};
    if (id == u"deployments.apps" || id == u"statefulsets.apps" || id == u"replicasets.apps")
        out.append(Right{u"patch"_s, u"scale"_s, Texts::tr("scale it")});
    if (id == u"serviceaccounts")
        out.append(Right{u"create"_s, u"token"_s, Texts::tr("get a token for it")});
    return out;
}

/// The verbs that rules allow on an object, the usual ones first.
QStringList verbsOn(const QJsonArray& rules, const ResourceKind& kind, const QString& name)
{
    QSet<QString> found;
    for (const QJsonValue& value : rules) {
        const QJsonObject rule = value.toObject();
        for (const QJsonArray verbs = rule.value(u"verbs"_s).toArray(); const QJsonValue& verb : verbs) {
            const QString word = verb.toString();
            if (covers(rule, kind, {}, isNameless(word) ? QString() : name))
                found.insert(word);
        }
    }
    if (found.contains(u"*"_s))
        return {u"*"_s};
    QStringList out;
    for (const QString& verb : usualVerbs()) {
        if (found.remove(verb))
            out.append(verb);
    }
    QStringList others(found.begin(), found.end());
    others.sort();
    return out + others;
}

QMap<QString, QJsonArray> rulesByName(const QJsonArray& roles)
{
    QMap<QString, QJsonArray> out;
    for (const QJsonValue& role : roles)
        out.insert(at(role.toObject(), u"metadata.name").toString(), role.toObject().value(u"rules"_s).toArray());
    return out;
}

} // namespace

Result<OwnRights> ownRightsOf(const QByteArray& review, const ResourceKind& kind, const QString& name)
{
    const QJsonObject status = QJsonDocument::fromJson(review).object().value(u"status"_s).toObject();
    if (!status.value(u"resourceRules"_s).isArray())
        return fail(Error::Kind::Protocol, Texts::tr("The server's answer does not say what is allowed."));
    const QJsonArray rules = status.value(u"resourceRules"_s).toArray();
    OwnRights out{.rights = rightsAskedOf(kind),
                  .incomplete = status.value(u"incomplete"_s).toBool(),
                  .why = status.value(u"evaluationError"_s).toString()};
    for (Right& right : out.rights)
        right.allowed = allows(rules, kind, right, name);
    return out;
}

bool Grant::changes() const
{
    static const QSet<QString> reading{u"get"_s, u"list"_s, u"watch"_s};
    return std::ranges::any_of(verbs, [](const QString& verb) { return !reading.contains(verb); });
}

QList<Grant> grantsOn(const RoleBook& book, const ResourceKind& kind, const QString& space, const QString& name)
{
    const auto roles = rulesByName(book.roles), clusterRoles = rulesByName(book.clusterRoles);
    QList<Grant> out;
    const auto take = [&](const QJsonArray& bindings, const QString& bindingKindId) {
        for (const QJsonValue& value : bindings) {
            const QJsonObject binding = value.toObject();
            const QString roleKind = at(binding, u"roleRef.kind").toString(),
                          role = at(binding, u"roleRef.name").toString(),
                          bindingSpace = at(binding, u"metadata.namespace").toString();
            if (!bindingSpace.isEmpty() && bindingSpace != space)
                continue;
            const QStringList verbs = verbsOn((roleKind == u"Role" ? roles : clusterRoles).value(role), kind, name);
            if (verbs.isEmpty())
                continue;
            for (const QJsonArray subjects = binding.value(u"subjects"_s).toArray(); const QJsonValue& s : subjects) {
                const QJsonObject subject = s.toObject();
                const QString subjectSpace = subject.value(u"namespace"_s).toString();
                const QString subjectName = subject.value(u"name"_s).toString();
                out.append(Grant{.subjectKind = subject.value(u"kind"_s).toString(),
                                 .subject = subjectSpace.isEmpty() ? subjectName : subjectSpace + u'/' + subjectName,
                                 .verbs = verbs,
                                 .roleKind = roleKind,
                                 .role = role,
                                 .bindingKindId = bindingKindId,
                                 .bindingSpace = bindingSpace,
                                 .binding = at(binding, u"metadata.name").toString()});
            }
        }
    };
    if (!space.isEmpty())
        take(book.bindings, u"rolebindings.rbac.authorization.k8s.io"_s);
    take(book.clusterBindings, u"clusterrolebindings.rbac.authorization.k8s.io"_s);
    // People before programs.
    const auto rank = [](const Grant& grant) {
        return grant.subjectKind == u"User" ? 0 : grant.subjectKind == u"Group" ? 1 : 2;
    };
    std::ranges::stable_sort(out, [&](const Grant& a, const Grant& b) {
        if (rank(a) != rank(b))
            return rank(a) < rank(b);
        return table::naturalCompare(a.subject, b.subject) < 0;
    });
    return out;
}

} // namespace wk::cluster
