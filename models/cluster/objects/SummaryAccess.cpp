// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/SummaryParts.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

#define WK_S(text) tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", text))

namespace wk::cluster::summary {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

QString bytes(qsizetype n) { return QLocale().formattedDataSize(n, 1, QLocale::DataSizeIecFormat); }

void configMap(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Keys");
    const QJsonObject data = object.value(u"data"_s).toObject(), binary = object.value(u"binaryData"_s).toObject();
    for (auto it = data.begin(); it != data.end(); ++it) {
        const QString value = it.value().toString();
        // A short line says more than its size.
        add(s, it.key(), value.contains(u'\n') || value.size() > 80 ? bytes(value.toUtf8().size()) : value);
    }
    for (auto it = binary.begin(); it != binary.end(); ++it)
        add(s, it.key(), bytes(QByteArray::fromBase64(it.value().toString().toLatin1()).size()));
    if (object.value(u"immutable"_s).toBool())
        add(s, WK_S("Immutable"), WK_S("yes"));
    out.append(s);
}

void secret(const QJsonObject& object, ObjectSummary& out)
{
    FactSection s;
    s.title = WK_S("Secret");
    add(s, WK_S("Type"), text(object.value(u"type"_s)));
    out.sections.append(s);
    const QJsonObject data = object.value(u"data"_s).toObject();
    out.secretKeys = data.keys();
}

void rules(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Allows");
    s.headers = {WK_S("Verbs"), WK_S("Resources"), WK_S("API groups"), WK_S("Only named")};
    for (const QJsonArray values = object.value(u"rules"_s).toArray(); const QJsonValue& value : values) {
        const QJsonObject rule = value.toObject();
        QStringList groups;
        for (const QJsonArray apiGroups = rule.value(u"apiGroups"_s).toArray(); const QJsonValue& group : apiGroups)
            groups.append(group.toString().isEmpty() ? WK_S("core") : group.toString());
        QString what = list(rule.value(u"resources"_s).toArray());
        if (what.isEmpty())
            what = list(rule.value(u"nonResourceURLs"_s).toArray());
        s.rows.append(QList<Fact>{cell(list(rule.value(u"verbs"_s).toArray())), cell(what), cell(groups.join(u", "_s)),
                                  cell(list(rule.value(u"resourceNames"_s).toArray()))});
    }
    out.append(s);
}

void binding(const QJsonObject& object, QList<FactSection>& out)
{
    const QString space = at(object, u"metadata.namespace").toString();
    FactSection s;
    s.title = WK_S("Binding");
    const QString kind = text(at(object, u"roleRef.kind")), name = text(at(object, u"roleRef.name"));
    addLink(s, WK_S("Grants"), kindIdOf(u"rbac.authorization.k8s.io/v1"_s, kind), kind == u"Role" ? space : QString(),
            name, kind + u' ' + name);
    out.append(s);
    FactSection subjects;
    subjects.title = WK_S("To");
    subjects.headers = {WK_S("Kind"), WK_S("Name"), WK_S("Namespace")};
    for (const QJsonArray values = object.value(u"subjects"_s).toArray(); const QJsonValue& value : values) {
        const QJsonObject subject = value.toObject();
        subjects.rows.append(QList<Fact>{cell(text(subject.value(u"kind"_s))), cell(text(subject.value(u"name"_s))),
                                         cell(text(subject.value(u"namespace"_s)))});
    }
    out.append(subjects);
}

void event(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Event");
    const QString type = text(object.value(u"type"_s));
    add(s, WK_S("Type"), type, type == u"Warning" ? Health::Warning : Health::None);
    add(s, WK_S("Reason"), text(object.value(u"reason"_s)));
    add(s, WK_S("Message"), text(object.value(u"message"_s)));
    const QJsonObject about = object.value(u"involvedObject"_s).toObject();
    const QString kind = text(about.value(u"kind"_s)), name = text(about.value(u"name"_s));
    addLink(s, WK_S("About"), kindIdOf(text(about.value(u"apiVersion"_s)), kind), text(about.value(u"namespace"_s)),
            name, kind + u' ' + name);
    add(s, WK_S("Count"), text(object.value(u"count"_s)));
    addMoment(s, WK_S("First seen"), object.value(u"firstTimestamp"_s));
    addMoment(s, WK_S("Last seen"), object.value(u"lastTimestamp"_s));
    addMoment(s, WK_S("Seen"), object.value(u"eventTime"_s));
    add(s, WK_S("From"), text(at(object, u"source.component")));
    out.append(s);
}

void definition(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Definition");
    add(s, WK_S("Kind"), text(at(object, u"spec.names.kind")));
    add(s, WK_S("Group"), text(at(object, u"spec.group")));
    add(s, WK_S("Scope"), text(at(object, u"spec.scope")));
    QStringList versions;
    for (const QJsonArray values = at(object, u"spec.versions").toArray(); const QJsonValue& value : values) {
        const QJsonObject version = value.toObject();
        QString name = text(version.value(u"name"_s));
        if (version.value(u"storage"_s).toBool())
            name += u' ' + WK_S("(stored)");
        if (version.value(u"served"_s).toBool(true))
            versions.append(name);
    }
    add(s, WK_S("Versions"), versions.join(u", "_s));
    out.append(s);
}

void lease(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Lease");
    add(s, WK_S("Holder"), text(at(object, u"spec.holderIdentity")));
    addMoment(s, WK_S("Renewed"), at(object, u"spec.renewTime"));
    addMoment(s, WK_S("Acquired"), at(object, u"spec.acquireTime"));
    add(s, WK_S("Lasts (seconds)"), text(at(object, u"spec.leaseDurationSeconds")));
    add(s, WK_S("Changed hands"), text(at(object, u"spec.leaseTransitions")));
    out.append(s);
}

void serviceAccount(const QJsonObject& object, QList<FactSection>& out)
{
    FactSection s;
    s.title = WK_S("Account");
    const QString space = at(object, u"metadata.namespace").toString();
    for (const QJsonArray values = object.value(u"secrets"_s).toArray(); const QJsonValue& value : values)
        addLink(s, WK_S("Token"), u"secrets"_s, space, value.toObject().value(u"name"_s).toString());
    for (const QJsonArray values = object.value(u"imagePullSecrets"_s).toArray(); const QJsonValue& value : values)
        addLink(s, WK_S("Pull secret"), u"secrets"_s, space, value.toObject().value(u"name"_s).toString());
    out.append(s);
}

} // namespace

bool configurationAndAccess(const QString& kind, const QJsonObject& object, ObjectSummary& out)
{
    static constexpr Describer kinds[] = {
        {u"ConfigMap", configMap},
        {u"Role", rules},
        {u"ClusterRole", rules},
        {u"RoleBinding", binding},
        {u"ClusterRoleBinding", binding},
        {u"Event", event},
        {u"CustomResourceDefinition", definition},
        {u"Lease", lease},
        {u"ServiceAccount", serviceAccount},
    };
    if (kind == u"Secret") {
        secret(object, out); // tells its keys beside the facts
        return true;
    }
    return describe(kinds, kind, object, out.sections);
}

} // namespace wk::cluster::summary
