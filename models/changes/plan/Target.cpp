// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Target.h"

#include "changes/plan/Mistakes.h"
#include "cluster/Decoder.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Target)
};

constexpr auto databaseKind = "Database"_L1;
constexpr auto commandKind = "Command"_L1;
constexpr auto silenceKind = "Silence"_L1;

/// What may stand in a path: k8s.io/apimachinery/pkg/api/validation/path forbids ".", "..", "/" and "%"; the names of
/// RBAC objects hold colons.
bool matches(const QString& text, const char16_t* pattern)
{
    const QRegularExpression expression(u"\\A(?:%1)\\z"_s.arg(QStringView(pattern)));
    return expression.match(text).hasMatch();
}

void judgeObject(const Target& target, const QString& place, Mistakes& mistakes)
{
    const auto wrong = [&](const char* member, const QString& message) {
        mistakes.add(place + u'.' + QLatin1StringView(member), message);
    };
    if (!target.group.isEmpty() && !matches(target.group, uR"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)"))
        wrong("group", Texts::tr("is no name of an API group"));
    if (!matches(target.version, uR"(v[0-9]+((alpha|beta)[0-9]+)?)"))
        wrong("version", Texts::tr("is no API version"));
    if (!matches(target.kind, uR"([A-Za-z][A-Za-z0-9]{0,62})"))
        wrong("kind", Texts::tr("is no kind of object"));
    if (!matches(target.resource, uR"([a-z][a-z0-9]{0,62})"))
        wrong("resource", Texts::tr("is no name of a resource"));
    if (!target.space.isEmpty() && !matches(target.space, uR"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)"))
        wrong("namespace", Texts::tr("is no name of a namespace"));
    if (!target.name.isEmpty() &&
        (!matches(target.name, uR"([A-Za-z0-9_.:\-]{1,253})") || target.name == "."_L1 || target.name == ".."_L1))
        wrong("name", Texts::tr("is no name of an object"));
    const QString id = target.resourceId();
    const auto& known = cluster::builtInKinds();
    const auto it = std::ranges::find_if(known, [&](const auto& kind) { return kind.id() == id; });
    if (it == known.end())
        return;
    if (it->kind != target.kind)
        wrong("kind", Texts::tr("must be %1 for %2").arg(it->kind, id));
    if (it->namespaced && target.space.isEmpty())
        wrong("namespace", Texts::tr("is missing"));
    if (!it->namespaced && !target.space.isEmpty())
        wrong("namespace", Texts::tr("must be empty: %1 stand in no namespace").arg(id));
}

/// "ConfigMap" -> "config map", "HorizontalPodAutoscaler" -> "horizontal pod autoscaler"
QString spoken(const QString& kind)
{
    QString out;
    for (const QChar c : kind) {
        if (c.isUpper() && !out.isEmpty() && !out.endsWith(u' '))
            out += u' ';
        out += c.toLower();
    }
    return out;
}

} // namespace

Target::Kind Target::type() const
{
    if (!resource.isEmpty())
        return Kind::Object;
    return kind == commandKind ? Kind::Command : kind == silenceKind ? Kind::Silence : Kind::Database;
}

QString Target::resourceId() const { return resourceKind().id(); }

cluster::ResourceKind Target::resourceKind() const
{
    cluster::ResourceKind out;
    out.group = group;
    out.version = version;
    out.resource = resource;
    out.kind = kind;
    out.namespaced = !space.isEmpty();
    return out;
}

QByteArray Target::path() const { return name.isEmpty() ? collectionPath() : resourceKind().objectPath(space, name); }
QByteArray Target::collectionPath() const { return resourceKind().path(space); }

QString Target::words() const
{
    switch (type()) {
    case Kind::Database: return Texts::tr("database %1 of %2").arg(name, cluster);
    case Kind::Command: return Texts::tr("program %1").arg(name);
    case Kind::Silence: return Texts::tr("silence %1 of %2").arg(name, cluster);
    case Kind::Object: break;
    }
    if (name.isEmpty())
        return space.isEmpty() ? resource : Texts::tr("%1 in %2").arg(resource, space);
    return space.isEmpty() ? Texts::tr("%1 %2").arg(spoken(kind), name)
                           : Texts::tr("%1 %2 in %3").arg(spoken(kind), name, space);
}

QString Target::key() const
{
    const QString what = type() == Kind::Object ? resourceId() : kind;
    return cluster + u' ' + what + u' ' + (space.isEmpty() ? name : space + u'/' + name);
}

QJsonObject Target::toJson() const
{
    QJsonObject out{{u"cluster"_s, cluster}, {u"kind"_s, kind}, {u"name"_s, name}};
    if (type() == Kind::Object) {
        out.insert(u"group"_s, group);
        out.insert(u"version"_s, version);
        out.insert(u"resource"_s, resource);
        out.insert(u"namespace"_s, space);
    }
    return out;
}

Target Target::fromJson(const QJsonValue& json, const QString& place, Mistakes& mistakes)
{
    Target target;
    if (!json.isObject()) {
        mistakes.add(place, json.isUndefined() ? Texts::tr("is missing") : Texts::tr("must be an object"));
        return target;
    }
    const QJsonObject object = json.toObject();
    MemberReader reader(object, place, mistakes);
    target.kind = reader.text(u"kind"_s, Need::Required, 63);
    const bool isDatabase = target.kind == databaseKind && !object.contains("resource"_L1);
    const bool isCommand = target.kind == commandKind && !object.contains("resource"_L1);
    const bool isSilence = target.kind == silenceKind && !object.contains("resource"_L1);
    // Empty texts mean something in these: the core group, no namespace, this machine, chosen by selector.
    const auto plain = [&](const QString& name, bool required) {
        reader.allow(name);
        const QJsonValue value = object.value(name);
        if (value.isString() && value.toString().size() <= 1024)
            return value.toString();
        if (required || !value.isUndefined())
            reader.mistake(name, value.isUndefined() ? Texts::tr("is missing") : Texts::tr("must be a text"));
        return QString();
    };
    target.cluster = plain(u"cluster"_s, true);
    target.name = plain(u"name"_s, true);
    if (isDatabase || isCommand || isSilence) {
        if (target.name.isEmpty())
            reader.mistake(u"name"_s, Texts::tr("is missing"));
    } else {
        target.group = plain(u"group"_s, true);
        target.version = plain(u"version"_s, true);
        target.resource = plain(u"resource"_s, true);
        target.space = plain(u"namespace"_s, true);
        judgeObject(target, place, mistakes);
    }
    if (isCommand != target.cluster.isEmpty())
        reader.mistake(u"cluster"_s, isCommand ? Texts::tr("must be empty: a program runs on this machine")
                                               : Texts::tr("is missing"));
    reader.finish();
    return target;
}

} // namespace wk::changes
