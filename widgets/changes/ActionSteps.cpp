// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/ActionSteps.h"

#include "changes/ActionKind.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Plan;
using changes::Step;
using changes::Target;
using Kind = ActionField::Kind;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::ActionSteps)
};

/// An action that is offered directly, and whether it rolls pods out.
struct Direct
{
    const char16_t* name;
    bool rollsOut;
    bool danger;
};

constexpr std::array directs{Direct{u"scale", true, false},    Direct{u"restart", true, false},
                             Direct{u"setImage", true, false}, Direct{u"undo", true, false},
                             Direct{u"pause", false, false},   Direct{u"resume", false, false},
                             Direct{u"cordon", false, false},  Direct{u"uncordon", false, false},
                             Direct{u"drain", false, true},    Direct{u"deletePods", false, true}};

const Direct* directOf(const QString& action)
{
    const auto it = std::ranges::find_if(directs, [&](const Direct& d) { return action == QStringView(d.name); });
    return it == directs.end() ? nullptr : &*it;
}

} // namespace

QStringList directActions(const Target& target)
{
    QStringList out;
    for (const Direct& direct : directs) {
        const changes::ActionKind* kind = changes::actionKind(direct.name);
        if (kind && kind->supports(target))
            out << kind->name();
    }
    return out;
}

QString actionTitle(const QString& action)
{
    const changes::ActionKind* kind = changes::actionKind(action);
    return kind ? kind->title() : action;
}

bool isDangerous(const QString& action)
{
    const Direct* direct = directOf(action);
    return direct && direct->danger;
}

QList<ActionField> actionFields(const QString& action)
{
    if (action == u"scale")
        return {{u"replicas"_s, Texts::tr("Replicas"), Kind::Number, Texts::tr("how many there should be"), false}};
    if (action == u"setImage")
        return {{u"container"_s, Texts::tr("Container"), Kind::Text, Texts::tr("its name in the pod"), false},
                {u"image"_s, Texts::tr("Image"), Kind::Text, u"registry.example/app:1.2.3"_s, false}};
    if (action == u"undo")
        return {{u"toRevision"_s, Texts::tr("Revision"), Kind::Number, Texts::tr("the one before"), true}};
    if (action == u"drain")
        return {{u"emptyDir"_s, Texts::tr("Also pods that lose local data"), Kind::Flag, {}, true},
                {u"unmanaged"_s, Texts::tr("Also pods that nobody makes anew"), Kind::Flag, {}, true}};
    return {};
}

Step actionStep(const QString& action, const Target& target, const QHash<QString, QString>& values)
{
    Step step;
    step.name = action;
    step.target = target;
    const Direct* direct = directOf(action);
    step.onFailure = direct && direct->rollsOut ? Step::OnFailure::Rollback : Step::OnFailure::Stop;
    if (action == u"setImage") {
        step.parameters.insert(u"images"_s, QJsonObject{{values.value(u"container"_s), values.value(u"image"_s)}});
        return step;
    }
    for (const ActionField& field : actionFields(action)) {
        const QString value = values.value(field.name);
        if (field.kind == Kind::Flag && value == u"true")
            step.parameters.insert(field.name, true);
        else if (field.kind == Kind::Number && !value.isEmpty())
            step.parameters.insert(field.name, value.toLongLong());
        else if (field.kind == Kind::Text && !value.isEmpty())
            step.parameters.insert(field.name, value);
    }
    return step;
}

Plan::Made actionPlan(const QString& platform, const Step& step)
{
    QList<Step> steps{step};
    const Direct* direct = directOf(step.name);
    const QString kind = step.target.kind;
    if (direct && direct->rollsOut && (kind == u"Deployment" || kind == u"StatefulSet" || kind == u"DaemonSet")) {
        Step wait;
        wait.type = Step::Type::Check;
        wait.name = u"rolloutFinished"_s;
        wait.target = step.target;
        wait.parameters = {{u"withinSeconds"_s, 600}};
        wait.onFailure = Step::OnFailure::Rollback;
        steps << wait;
    }
    return Plan::make(platform, step.words().left(200), steps);
}

changes::RequestFields actionRequest(const Plan& plan)
{
    const Step& step = plan.steps().first();
    changes::RequestFields fields;
    fields.title = u"[%1] - %2"_s.arg(step.target.name, step.words()).left(200);
    fields.type = step.name == u"setImage" || step.name == u"undo" ? u"deployment"_s : u"infrastructure"_s;
    fields.risk = changes::risk(step, platform::ClusterClass::Production);
    fields.what = step.words() + u'.';
    fields.rollbackPlan = step.onFailure == Step::OnFailure::Rollback
                              ? Texts::tr("What was there is recorded just before and restored.")
                              : QString();
    return fields;
}

} // namespace wk::widgets
