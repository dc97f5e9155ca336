// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/ActionSteps.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::ActionField;
using changes::Plan;
using changes::Step;
using changes::Target;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::ActionSteps)
};

/// How an action is offered: its key, whether it rolls pods out, and whether what it takes away is gone.
struct Manner
{
    const char16_t* name;
    const char16_t* key = u"";
    bool rollsOut = false;
    bool danger = false;
};

constexpr std::array manners{Manner{u"scale", u"S", true},
                             Manner{u"restart", u"R", true},
                             Manner{u"setImage", u"I", true},
                             Manner{u"setEnv", u"V", true},
                             Manner{u"setResources", u"L", true},
                             Manner{u"undo", u"U", true},
                             Manner{u"pause"},
                             Manner{u"resume"},
                             Manner{u"setAutoscaler", u"A"},
                             Manner{u"removeAutoscaler"},
                             Manner{u"cordon", u"C"},
                             Manner{u"uncordon"},
                             Manner{u"patchConfigMap", u"M"},
                             Manner{u"switchVersion", u"W"},
                             Manner{u"applyObject", u"E"},
                             Manner{u"createObject", u"N"},
                             Manner{u"drain", u"D", false, true},
                             Manner{u"deletePods", u"Del", false, true},
                             Manner{u"deleteObject", u"Del", false, true}};

constexpr auto bySelector = "deletePodsBySelector"_L1;

const Manner* mannerOf(const QString& action)
{
    const auto it = std::ranges::find_if(manners, [&](const Manner& m) { return action == QStringView(m.name); });
    return it == manners.end() ? nullptr : &*it;
}

OfferedAction offered(const Manner& manner, const changes::ActionKind& kind)
{
    return {kind.name(), kind.title(), QString::fromUtf16(manner.key), manner.danger};
}

/// Whether its form asks the same of each object, whatever that is like now.
bool takesSeveral(const changes::ActionKind& kind, const Target& target)
{
    Step step;
    step.name = kind.name();
    step.target = target;
    return std::ranges::all_of(kind.fields(step, {}), [](const ActionField& field) {
        return field.kind == ActionField::Kind::Number || field.kind == ActionField::Kind::Flag ||
               field.kind == ActionField::Kind::Choice;
    });
}

/// What is not worth offering, though the action could be asked for.
bool isPointless(const changes::ActionKind& kind, const Target& target)
{
    const QString name = kind.name();
    return target.resource == "events"_L1 || name == "createObject"_L1 ||
           (name == "deleteObject"_L1 && target.resource == "pods"_L1);
}

QList<OfferedAction> ofCollection(const Target& target)
{
    QList<OfferedAction> out{{u"createObject"_s, Texts::tr("Create from a manifest"), u"N"_s, false}};
    if (target.resource == "pods"_L1)
        out << OfferedAction{QString(bySelector), Texts::tr("Delete pods by their labels"), {}, true};
    return out;
}

Step stepOf(const ActionAsk& ask, const Target& target, const QJsonObject& parameters)
{
    Step step;
    step.name = ask.action;
    step.target = target;
    step.parameters = parameters;
    const Manner* manner = mannerOf(ask.action);
    step.onFailure = manner && manner->rollsOut ? Step::OnFailure::Rollback : Step::OnFailure::Stop;
    return step;
}

/// Pods of a namespace are deleted in one step, whatever their number.
QList<Step> podSteps(const ActionAsk& ask, const QJsonObject& parameters)
{
    QList<Step> out;
    for (const Target& pod : ask.targets) {
        auto it = std::ranges::find(out, pod.space, [](const Step& step) { return step.target.space; });
        if (it == out.end()) {
            Target all = pod;
            all.name.clear();
            it = out.insert(out.end(), stepOf(ask, all, parameters));
        }
        QJsonArray names = it->parameters.value("names"_L1).toArray();
        names.append(pod.name);
        it->parameters.insert(u"names"_s, names);
    }
    return out;
}

QList<Step> stepsOf(const ActionAsk& ask, const QJsonObject& parameters)
{
    if (ask.action == "deletePods"_L1 && ask.targets.size() > 1)
        return podSteps(ask, parameters);
    QList<Step> out;
    const Manner* manner = mannerOf(ask.action);
    for (const Target& target : ask.targets) {
        out << stepOf(ask, target, parameters);
        if (!manner || !manner->rollsOut ||
            !QStringList{u"Deployment"_s, u"StatefulSet"_s, u"DaemonSet"_s}.contains(target.kind))
            continue;
        Step wait;
        wait.type = Step::Type::Check;
        wait.name = u"rolloutFinished"_s;
        wait.target = target;
        wait.parameters = {{u"withinSeconds"_s, 600}};
        wait.onFailure = Step::OnFailure::Rollback;
        out << wait;
    }
    return out;
}

} // namespace

QString targetsWords(const QList<Target>& targets)
{
    if (targets.size() == 1)
        return targets.first().name.isEmpty() ? targets.first().space : targets.first().words();
    const auto same = [&](auto member) {
        return std::ranges::all_of(targets, [&](const Target& t) { return t.*member == targets.first().*member; });
    };
    const QString what = Texts::tr("%1 %2").arg(targets.size()).arg(targets.first().resource);
    return same(&Target::space) && !targets.first().space.isEmpty()
               ? Texts::tr("%1 in %2").arg(what, targets.first().space)
               : what;
}

QString ActionAsk::title() const
{
    if (action == "createObject"_L1)
        return Texts::tr("Create from a manifest");
    if (action == "deletePods"_L1 && targets.first().name.isEmpty())
        return Texts::tr("Delete pods in %1 by their labels").arg(targets.first().space);
    const QString words = targetsWords(targets);
    return action == "deletePods"_L1 ? Texts::tr("Delete %1").arg(words)
                                     : Texts::tr("%1: %2").arg(kind()->title(), words);
}

Step ActionAsk::example() const
{
    QJsonObject parameters;
    if (action == "deletePods"_L1 && targets.size() > 1)
        parameters.insert(u"names"_s, QJsonArray());
    return stepOf(*this, targets.first(), parameters);
}

QList<OfferedAction> offeredActions(const QList<Target>& targets)
{
    if (targets.isEmpty())
        return {};
    if (targets.first().name.isEmpty())
        return ofCollection(targets.first());
    QList<OfferedAction> out;
    for (const Manner& manner : manners) {
        const changes::ActionKind* kind = changes::actionKind(manner.name);
        if (kind && std::ranges::all_of(targets, [&](const Target& target) { return kind->supports(target); }) &&
            !isPointless(*kind, targets.first()) && (targets.size() == 1 || takesSeveral(*kind, targets.first())))
            out << offered(manner, *kind);
    }
    return out;
}

ActionAsk askFor(const QString& id, const QString& platform, const QList<Target>& targets,
                 const QList<cluster::ResourceKind>& kinds)
{
    return {platform, id == bySelector ? u"deletePods"_s : id, targets, kinds};
}

bool isDangerous(const QString& action)
{
    const Manner* manner = mannerOf(action);
    return manner && manner->danger;
}

Plan::Made actionPlan(const ActionAsk& ask, const QJsonObject& parameters)
{
    const QList<Step> steps = stepsOf(ask, parameters);
    const QString title = ask.targets.size() == 1 ? steps.first().words() : ask.title();
    return Plan::make(ask.platform, title.left(200), steps);
}

changes::RequestFields actionRequest(const Plan& plan,
                                     const std::function<platform::ClusterClass(const QString&)>& classOf)
{
    const Step& step = plan.steps().first();
    QList<Target> targets;
    QStringList what;
    for (const Step& one : plan.steps()) {
        if (!one.isAction())
            continue;
        targets << one.target;
        what << one.words() + u'.';
    }
    changes::RequestFields fields;
    const QString who = targets.size() > 1           ? targetsWords(targets)
                        : step.target.name.isEmpty() ? step.target.space
                                                     : step.target.name;
    fields.title = u"[%1] - %2"_s.arg(who, targets.size() > 1 ? plan.title() : step.words()).left(200);
    fields.type = step.name == "setImage"_L1 || step.name == "undo"_L1           ? u"deployment"_s
                  : step.name == "setEnv"_L1 || step.name == "patchConfigMap"_L1 ? u"configuration"_s
                                                                                 : u"infrastructure"_s;
    fields.risk = changes::risk(plan.steps(), classOf);
    fields.what = what.join(u'\n').left(4000);
    fields.rollbackPlan = step.onFailure == Step::OnFailure::Rollback
                              ? Texts::tr("What was there is recorded just before and restored.")
                              : QString();
    return fields;
}

} // namespace wk::widgets
