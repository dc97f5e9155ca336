// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

/// Objects that decide about others: who may do what, what may be created, what a whole cluster knows.
Risk objectRisk(const Target& target)
{
    return target.space.isEmpty() || target.group == "rbac.authorization.k8s.io"_L1 || target.resource == "secrets"_L1
               ? Risk::High
               : Risk::Medium;
}

/// What creating and applying share: a "manifest" that is the target and nothing else.
class ManifestAction : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step& step, MemberReader& parameters) const override
    {
        const QJsonObject manifest = parameters.object(u"manifest"_s, Need::Required);
        if (manifest.isEmpty())
            return;
        const Target named = kube::targetOf(step.target.cluster, manifest, step.target.resource);
        if (named != step.target)
            parameters.mistake(u"manifest"_s, ActionTexts::tr("is the %1 (%2), not the target")
                                                  .arg(named.words(), manifest.value("apiVersion"_L1).toString()));
    }

    Risk risk(const Step& step) const override { return objectRisk(step.target); }

    QList<Read> reads(const Step& step, const Answers& soFar) const override
    {
        return soFar.isEmpty() ? QList<Read>{{step.target.path(), {}, true}} : QList<Read>();
    }

    Precondition precondition(const Step& step, const QJsonObject& live, const Around& around) const override
    {
        return live.isEmpty() && !around.follows ? Precondition::absence()
                                                 : ObjectAction::precondition(step, live, around);
    }

protected:
    static QJsonObject manifestOf(const Step& step) { return step.parameters.value("manifest"_L1).toObject(); }
};

class CreateObject final : public ManifestAction
{
public:
    using ManifestAction::ManifestAction;

    QList<ActionField> fields(const Step&, const Answers&) const override { return {fields::manifest({})}; }

    QList<Read> formReads(const Step&, const Answers&) const override { return {}; }

    QString words(const Step& step, const QJsonObject&) const override
    {
        return ActionTexts::tr("Create %1").arg(step.target.words());
    }

    QList<Permission> permissions(const Step& step) const override
    {
        Permission p = permission(step.target, u"create"_s);
        p.name.clear(); // the name of what is created is not part of the question: k8s.io/apiserver, "create"
        return {p};
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        if (!answers.first().isEmpty())
            return fail(Error::Kind::Conflict, ActionTexts::tr("The %1 exists already.").arg(step.target.words()), {},
                        ActionTexts::tr("Apply the manifest to change it."));
        Prepared out;
        out.calls << Call{Call::Form::Create, step.target.collectionPath(), {}, manifestOf(step), words(step, {})};
        out.inverse = {{kube::action(u"deleteObject"_s, step.target)}, {}};
        return out;
    }
};

/// Server-side apply as "watchkeeper"; "force" takes fields away from other owners; "replace" puts the manifest in
/// place of the object as it is, which brings back what was.
class ApplyObject final : public ManifestAction
{
public:
    using ManifestAction::ManifestAction;

    void validate(const Step& step, MemberReader& parameters) const override
    {
        ManifestAction::validate(step, parameters);
        const bool force = parameters.boolean(u"force"_s), replace = parameters.boolean(u"replace"_s);
        if (force && replace)
            parameters.mistake(u"force"_s, ActionTexts::tr("means nothing together with replace"));
    }

    QList<ActionField> fields(const Step&, const Answers& answers) const override
    {
        return {fields::manifest(answers.value(0)),
                fields::flag(u"force"_s, ActionTexts::tr("Take over fields that others own")),
                fields::flag(u"replace"_s, ActionTexts::tr("Put it in place of the whole object"))};
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        if (replaces(step))
            return ActionTexts::tr("Bring back %1 as it was").arg(step.target.words());
        return step.parameters.value("force"_L1).toBool()
                   ? ActionTexts::tr("Apply a manifest to %1, taking over fields that others own")
                         .arg(step.target.words())
                   : ActionTexts::tr("Apply a manifest to %1").arg(step.target.words());
    }

    QList<Permission> permissions(const Step& step) const override
    {
        if (replaces(step))
            return {permission(step.target, u"update"_s)};
        Permission create = permission(step.target, u"create"_s);
        create.name.clear();
        return {permission(step.target, u"patch"_s), create};
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        Prepared out;
        out.live = live;
        QJsonObject body = manifestOf(step);
        if (live.isEmpty() && replaces(step))
            return fail(Error::Kind::NotFound,
                        ActionTexts::tr("The %1 does not exist any more.").arg(step.target.words()));
        if (!live.isEmpty())
            body = kube::guarded(live, body);
        if (replaces(step))
            out.calls << Call{Call::Form::Replace, step.target.path(), {}, body, words(step, {})};
        else
            out.calls << Call{Call::Form::Apply, step.target.path(),
                              step.parameters.value("force"_L1).toBool() ? "force=true" : "force=false", body,
                              words(step, {})};
        if (live.isEmpty())
            out.inverse = {{kube::action(u"deleteObject"_s, step.target)}, {}};
        else
            out.inverse = kube::inverse(name(), step.target,
                                        {{u"manifest"_s, kube::recreatable(live)}, {u"replace"_s, true}}, live);
        return out;
    }

private:
    static bool replaces(const Step& step) { return step.parameters.value("replace"_L1).toBool(); }
};

/// Parameters: "propagation": Background (the default), Foreground or Orphan; "withinSeconds".
class DeleteObject final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.choice(u"propagation"_s, {u"Background"_s, u"Foreground"_s, u"Orphan"_s});
        parameters.integer(u"withinSeconds"_s, 1, 86'400);
    }

    QList<ActionField> fields(const Step&, const Answers&) const override
    {
        ActionField out{u"propagation"_s, ActionTexts::tr("What it owns"), ActionField::Kind::Choice, true};
        out.choices = {{QJsonValue::Undefined, ActionTexts::tr("goes after it")},
                       {u"Foreground"_s, ActionTexts::tr("goes before it")},
                       {u"Orphan"_s, ActionTexts::tr("stays")}};
        return {out};
    }

    QList<Read> formReads(const Step&, const Answers&) const override { return {}; }

    QString words(const Step& step, const QJsonObject&) const override
    {
        return ActionTexts::tr("Delete %1").arg(step.target.words());
    }

    Risk risk(const Step&) const override { return Risk::High; }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        Prepared out;
        out.live = live;
        out.withinSeconds = step.parameters.value("withinSeconds"_L1).toInteger(300);
        QJsonObject options = kube::deleteOptions(live, false);
        options.insert(u"propagationPolicy"_s, step.parameters.value("propagation"_L1).toString(u"Background"_s));
        out.calls << Call{Call::Form::Delete, step.target.path(), {}, options, words(step, {})};
        out.vanishing << Vanishing{step.target.path(), kube::uid(live)};
        const QString lost = cannotComeBack(step.target);
        out.inverse = lost.isEmpty() ? kube::inverse(u"createObject"_s, step.target,
                                                     {{u"manifest"_s, kube::recreatable(live)}}, {})
                                     : kube::noInverse(lost);
        return out;
    }

private:
    /// Why creating it again would not bring back what it was.
    static QString cannotComeBack(const Target& target)
    {
        if (target.resource == "namespaces"_L1)
            return ActionTexts::tr("Everything in a namespace goes with it.");
        if (target.resource == "persistentvolumeclaims"_L1 || target.resource == "persistentvolumes"_L1)
            return ActionTexts::tr("The data of a volume may go with it.");
        if (target.resource == "pods"_L1 || target.resource == "nodes"_L1 || target.resource == "jobs"_L1)
            return ActionTexts::tr("It would be made anew, not brought back.");
        if (target.resource == "customresourcedefinitions"_L1)
            return ActionTexts::tr("All objects of this kind go with it.");
        return {};
    }
};

} // namespace

void addObjects(KindList& list)
{
    list.push_back(std::make_unique<CreateObject>(ObjectAction::Facts{
        u"createObject", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Create"), {}, Risk::Medium, u"create"}));
    list.push_back(std::make_unique<ApplyObject>(ObjectAction::Facts{
        u"applyObject", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Apply manifest"), {}, Risk::Medium}));
    list.push_back(std::make_unique<DeleteObject>(ObjectAction::Facts{
        u"deleteObject", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Delete"), {}, Risk::High, u"delete"}));
}

} // namespace wk::changes
