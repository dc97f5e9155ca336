// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ActionKind.h"

#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Passwords.h"

#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

QString riskName(Risk risk)
{
    switch (risk) {
    case Risk::Low: return u"low"_s;
    case Risk::Medium: return u"medium"_s;
    case Risk::High: return u"high"_s;
    }
    Q_UNREACHABLE();
}

QByteArray Permission::review() const
{
    QJsonObject attributes{{u"verb"_s, verb}, {u"group"_s, group}, {u"resource"_s, resource}};
    for (const auto& [key, value] :
         {std::pair(u"subresource"_s, subresource), std::pair(u"namespace"_s, space), std::pair(u"name"_s, name)}) {
        if (!value.isEmpty())
            attributes.insert(key, value);
    }
    return QJsonDocument(QJsonObject{{u"apiVersion"_s, u"authorization.k8s.io/v1"_s},
                                     {u"kind"_s, u"SelfSubjectAccessReview"_s},
                                     {u"spec"_s, QJsonObject{{u"resourceAttributes"_s, attributes}}}})
        .toJson(QJsonDocument::Compact);
}

QString Permission::words() const
{
    QString what = resource;
    if (!group.isEmpty())
        what += u'.' + group;
    if (!subresource.isEmpty())
        what += u'/' + subresource;
    const QString all = verb + u' ' + what;
    return space.isEmpty() ? all : ActionTexts::tr("%1 in %2").arg(all, space);
}

QList<Read> ActionKind::reads(const Step& step, const Answers& soFar) const
{
    if (!soFar.isEmpty() || place() != Place::Cluster)
        return {};
    return {{step.target.path(), {}, false}};
}

QList<ActionField> ActionKind::fields(const Step&, const Answers&) const { return {}; }

QList<Read> ActionKind::formReads(const Step& step, const Answers& soFar) const { return reads(step, soFar); }

Precondition ActionKind::precondition(const Step& step, const QJsonObject& live, const Around& around) const
{
    Q_UNUSED(step);
    Precondition out;
    out.uid = kube::uid(live);
    if (around.follows || out.uid.isEmpty())
        return out;
    // The generation counts changes of the specification, the version every word of the status. Replicas that an
    // autoscaler sets do not count. A hash of a password that is short enough to guess tells it.
    const qint64 generation = valueAt(live, u"/metadata/generation").toInteger();
    const bool scales =
        around.autoscaled && valueAt(live, u"/spec/replicas").isDouble() && passwords::places(live).isEmpty();
    const QJsonValue digest =
        Precondition::digest(live.value("spec"_L1), scales ? QStringList{u"replicas"_s} : QStringList());
    if (digest.isObject() && (scales || (generation == 0 && live.contains("status"_L1))))
        out.fields[u"/spec"_s] = digest;
    else if (generation > 0)
        out.fields[u"/metadata/generation"_s] = generation;
    else
        out.resourceVersion = kube::resourceVersion(live);
    return out;
}

bool ObjectAction::supports(const Target& target) const
{
    if (target.type() != Target::Kind::Object || target.name.isEmpty())
        return false;
    const QString id = target.resourceId();
    return m_facts.kinds.empty() ||
           std::ranges::any_of(m_facts.kinds, [&](const char16_t* kind) { return id == QStringView(kind); });
}

Risk ObjectAction::risk(const Step&) const { return m_facts.risk; }

QList<Permission> ObjectAction::permissions(const Step& step) const
{
    return {permission(step.target, QString::fromUtf16(m_facts.verb), QString::fromUtf16(m_facts.subresource))};
}

Prepared ObjectAction::alreadySo(const QJsonObject& live, const QString& sentence)
{
    Prepared out;
    out.live = live;
    out.inverse = kube::noInverse(sentence);
    out.notes << sentence;
    return out;
}

Permission ObjectAction::permission(const Target& target, const QString& verb, const QString& subresource)
{
    return {verb, target.group, target.resource, subresource, target.space, target.name};
}

const std::vector<const ActionKind*>& actionKinds()
{
    // Stateless values, made once.
    static const KindList owned = [] {
        KindList list;
        for (auto* add : {addScaling, addRollout, addPodTemplate, addAutoscaling, addPods, addNodes, addConfig,
                          addTraffic, addObjects, addOutside, addSilences})
            add(list);
        return list;
    }();
    static const std::vector<const ActionKind*> all = [] {
        std::vector<const ActionKind*> out;
        for (const auto& kind : owned)
            out.push_back(kind.get());
        return out;
    }();
    return all;
}

const ActionKind* actionKind(QStringView name)
{
    const auto& all = actionKinds();
    const auto it = std::ranges::find_if(all, [name](const ActionKind* kind) { return kind->name() == name; });
    return it == all.end() ? nullptr : *it;
}

std::vector<const ActionKind*> actionsFor(const Target& target)
{
    std::vector<const ActionKind*> out;
    std::ranges::copy_if(actionKinds(), std::back_inserter(out),
                         [&](const ActionKind* kind) { return kind->supports(target); });
    return out;
}

Risk risk(const Step& step, platform::ClusterClass klass)
{
    const ActionKind* kind = step.isAction() ? actionKind(step.name) : nullptr;
    if (!kind)
        return Risk::Low;
    const Risk full = kind->risk(step);
    switch (klass) {
    case platform::ClusterClass::Development:
    case platform::ClusterClass::Test: return Risk::Low;
    case platform::ClusterClass::Staging: return std::min(full, Risk::Medium);
    case platform::ClusterClass::Production:
    case platform::ClusterClass::Recovery: return full;
    }
    Q_UNREACHABLE();
}

Risk risk(const QList<Step>& steps, const std::function<platform::ClusterClass(const QString&)>& classOf)
{
    Risk out = Risk::Low;
    for (const Step& step : steps) {
        // A program on this machine may reach anything.
        const bool local = step.target.type() == Target::Kind::Command;
        out = std::max(out, risk(step, local ? platform::ClusterClass::Production : classOf(step.target.cluster)));
    }
    return out;
}

} // namespace wk::changes
