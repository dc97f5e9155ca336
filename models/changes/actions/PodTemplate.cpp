// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"
#include "core/Quantity.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

using fields::templatePath;

/// Changes containers of a workload's pod template. The patch holds the whole list of containers, made from the
/// version of the object that it is pinned to: nothing depends on how a server merges lists.
class ContainerAction : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        const QJsonObject pod = valueAt(live, u'/' + templatePath(step.target).join(u'/') + u"/spec"_s).toObject();
        QJsonObject patch;
        QStringList missing = containersOf(step), seen;
        Inverse back;
        for (const QString& list : {u"initContainers"_s, u"containers"_s}) {
            QJsonArray containers = pod.value(list).toArray();
            const QJsonArray before = containers;
            for (auto it = containers.begin(); it != containers.end(); ++it) {
                const QString container = it->toObject().value("name"_L1).toString();
                seen << container;
                if (!missing.removeOne(container))
                    continue;
                const QJsonObject old = it->toObject();
                const QJsonObject changed = change(step, old);
                *it = changed;
                if (changed != old)
                    addInverse(step, old, live, back);
            }
            if (containers != before)
                patch.insert(list, containers);
        }
        if (!missing.isEmpty())
            return fail(Error::Kind::NotFound, ActionTexts::tr("The %1 has no container “%2”; it has: %3.")
                                                   .arg(step.target.words(), missing.first(), seen.join(u", "_s)));
        if (patch.isEmpty())
            return alreadySo(live, ActionTexts::tr("The %1 is like this already.").arg(step.target.words()));
        patch = {{u"spec"_s, patch}};
        const QStringList path = templatePath(step.target);
        for (auto it = path.rbegin(); it != path.rend(); ++it)
            patch = {{*it, patch}};
        Prepared out;
        out.live = live;
        out.calls << kube::merge(step.target, live, patch, words(step, live));
        out.inverse = back;
        return out;
    }

protected:
    [[nodiscard]] virtual QStringList containersOf(const Step& step) const
    {
        return {step.parameters.value("container"_L1).toString()};
    }
    [[nodiscard]] virtual QJsonObject change(const Step& step, QJsonObject container) const = 0;
    /// The parameters that bring back what `container` was.
    [[nodiscard]] virtual QJsonObject former(const Step& step, const QJsonObject& container) const = 0;

    virtual void addInverse(const Step& step, const QJsonObject& container, const QJsonObject& live,
                            Inverse& back) const
    {
        const Inverse one = kube::inverse(name(), step.target, former(step, container), live);
        back.reason += one.reason;
        back.steps = back.reason.isEmpty() ? one.steps + back.steps : QList<Step>();
    }

    static QString containerName(MemberReader& parameters)
    {
        return parameters.text(u"container"_s, Need::Required, 63);
    }
};

class SetImage final : public ContainerAction
{
public:
    using ContainerAction::ContainerAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        const QJsonObject images = parameters.textMap(u"images"_s, false, Need::Required);
        for (auto it = images.begin(); it != images.end(); ++it) {
            const QString image = it.value().toString();
            if (image.isEmpty() || image.size() > 512 ||
                std::ranges::any_of(image, [](QChar c) { return c.isSpace() || c.unicode() < 0x21; }))
                parameters.mistake(u"images."_s + it.key(), ActionTexts::tr("is no name of an image"));
        }
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        return fields::images(step.target, answers.value(0));
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        QStringList parts;
        const QJsonObject images = step.parameters.value("images"_L1).toObject();
        for (auto it = images.begin(); it != images.end(); ++it)
            parts << ActionTexts::tr("%1 to %2").arg(it.key(), it.value().toString());
        return ActionTexts::tr("Set the image of %1: %2").arg(step.target.words(), parts.join(u", "_s));
    }

protected:
    QStringList containersOf(const Step& step) const override
    {
        return step.parameters.value("images"_L1).toObject().keys();
    }
    QJsonObject change(const Step& step, QJsonObject container) const override
    {
        const QString who = container.value("name"_L1).toString();
        container.insert(u"image"_s, step.parameters.value("images"_L1).toObject().value(who));
        return container;
    }
    QJsonObject former(const Step&, const QJsonObject& container) const override
    {
        return {{container.value("name"_L1).toString(), container.value("image"_L1)}};
    }
    /// All containers in one step, so that a rollback is one rollout.
    void addInverse(const Step& step, const QJsonObject& container, const QJsonObject& live,
                    Inverse& back) const override
    {
        QJsonObject images =
            back.steps.isEmpty() ? QJsonObject() : back.steps.first().parameters.value("images"_L1).toObject();
        const QJsonObject one = former(step, container);
        images.insert(one.begin().key(), one.begin().value());
        back = kube::inverse(name(), step.target, {{u"images"_s, images}}, live);
    }
};

/// Parameters: "container", "set": {NAME: text or the content of a valueFrom}, "remove": [NAME], "order": [NAME] (the
/// order in which these stand, for an inverse: later variables may refer to earlier ones).
class SetEnv final : public ContainerAction
{
public:
    using ContainerAction::ContainerAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        containerName(parameters);
        const QJsonObject set = parameters.object(u"set"_s);
        for (auto it = set.begin(); it != set.end(); ++it) {
            const QString place = u"set."_s + it.key();
            if (it.key().isEmpty() || it.key().contains(u'='))
                parameters.mistake(place, ActionTexts::tr("is no name of a variable"));
            if (!it.value().isString() && (!it.value().isObject() || it.value().toObject().isEmpty()))
                parameters.mistake(place, ActionTexts::tr("must be a text, or what valueFrom holds"));
        }
        const QStringList removed = parameters.texts(u"remove"_s);
        parameters.texts(u"order"_s);
        if (set.isEmpty() && removed.isEmpty())
            parameters.mistake({}, ActionTexts::tr("must set or remove a variable"));
        for (const QString& variable : removed) {
            if (set.contains(variable))
                parameters.mistake(u"remove"_s, ActionTexts::tr("“%1” is set and removed").arg(variable));
        }
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        return fields::environment(step, answers.value(0));
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        QStringList parts;
        const QJsonObject set = step.parameters.value("set"_L1).toObject();
        for (auto it = set.begin(); it != set.end(); ++it)
            parts << (it.value().isString() ? u"%1=%2"_s.arg(it.key(), it.value().toString().left(80))
                                            : ActionTexts::tr("%1 from a reference").arg(it.key()));
        const QJsonArray removed = step.parameters.value("remove"_L1).toArray();
        for (const auto& variable : removed)
            parts << ActionTexts::tr("without %1").arg(variable.toString());
        return ActionTexts::tr("Set the environment of container %1 of %2: %3")
            .arg(step.parameters.value("container"_L1).toString(), step.target.words(), parts.join(u", "_s));
    }

protected:
    QJsonObject change(const Step& step, QJsonObject container) const override
    {
        const QJsonObject set = step.parameters.value("set"_L1).toObject();
        const QJsonArray removed = step.parameters.value("remove"_L1).toArray();
        QList<QJsonObject> entries;
        QStringList present;
        const QJsonArray old = container.value("env"_L1).toArray();
        for (const auto& entry : old) {
            const QString variable = entry.toObject().value("name"_L1).toString();
            if (removed.contains(variable))
                continue;
            present << variable;
            entries << (set.contains(variable) ? made(variable, set.value(variable)) : entry.toObject());
        }
        for (auto it = set.begin(); it != set.end(); ++it) {
            if (!present.contains(it.key()))
                entries << made(it.key(), it.value());
        }
        const QJsonArray order = step.parameters.value("order"_L1).toArray();
        const auto rank = [&order](const QJsonObject& entry) {
            for (qsizetype i = 0; i < order.size(); ++i) {
                if (order.at(i) == entry.value("name"_L1))
                    return i;
            }
            return order.size();
        };
        if (!order.isEmpty())
            std::ranges::stable_sort(entries, {}, rank);
        QJsonArray env;
        for (const QJsonObject& entry : entries)
            env.append(entry);
        if (env.isEmpty())
            container.remove("env"_L1);
        else
            container.insert(u"env"_s, env);
        return container;
    }

    QJsonObject former(const Step& step, const QJsonObject& container) const override
    {
        QJsonObject set;
        QJsonArray order;
        QStringList touched = step.parameters.value("set"_L1).toObject().keys();
        const QJsonArray removed = step.parameters.value("remove"_L1).toArray();
        for (const auto& variable : removed)
            touched << variable.toString();
        const QJsonArray old = container.value("env"_L1).toArray();
        for (const auto& item : old) {
            const QJsonObject entry = item.toObject();
            const QString variable = entry.value("name"_L1).toString();
            order.append(variable);
            if (!touched.removeOne(variable))
                continue;
            const QJsonValue from = entry.value("valueFrom"_L1);
            set.insert(variable, from.isObject() ? from : QJsonValue(entry.value("value"_L1).toString()));
        }
        QJsonObject out{{u"container"_s, container.value("name"_L1)}};
        if (!set.isEmpty())
            out.insert(u"set"_s, set);
        QStringList added;
        for (const QString& variable : touched) {
            if (step.parameters.value("set"_L1).toObject().contains(variable))
                added << variable;
        }
        if (!added.isEmpty())
            out.insert(u"remove"_s, QJsonArray::fromStringList(added));
        if (!set.isEmpty())
            out.insert(u"order"_s, order);
        return out;
    }

private:
    static QJsonObject made(const QString& variable, const QJsonValue& value)
    {
        QJsonObject out{{u"name"_s, variable}};
        if (value.isObject())
            out.insert(u"valueFrom"_s, value);
        else if (!value.toString().isEmpty()) // a server leaves an empty value out
            out.insert(u"value"_s, value);
        return out;
    }
};

/// Parameters: "container", "requests" and "limits": {"cpu": "500m", "memory": null to remove}.
class SetResources final : public ContainerAction
{
public:
    using ContainerAction::ContainerAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        containerName(parameters);
        bool any = false;
        for (const QString& group : {u"requests"_s, u"limits"_s}) {
            const QJsonObject figures = parameters.textMap(group, true);
            any = any || !figures.isEmpty();
            for (auto it = figures.begin(); it != figures.end(); ++it) {
                const auto figure = parseQuantityMilli(it.value().toString().toStdString());
                if (it.value().isString() && (!figure || *figure < 0))
                    parameters.mistake(group + u'.' + it.key(),
                                       ActionTexts::tr("must be a quantity such as 500m or 1Gi"));
            }
        }
        if (!any)
            parameters.mistake({}, ActionTexts::tr("must have requests or limits"));
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        return fields::resources(step, answers.value(0));
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        QStringList parts;
        for (const QString& group : {u"requests"_s, u"limits"_s}) {
            const QJsonObject figures = step.parameters.value(group).toObject();
            for (auto it = figures.begin(); it != figures.end(); ++it)
                parts << (it.value().isNull()
                              ? ActionTexts::tr("no %1 of %2").arg(group, it.key())
                              : ActionTexts::tr("%1 of %2 %3").arg(group, it.key(), it.value().toString()));
        }
        return ActionTexts::tr("Set the resources of container %1 of %2: %3")
            .arg(step.parameters.value("container"_L1).toString(), step.target.words(), parts.join(u", "_s));
    }

protected:
    QJsonObject change(const Step& step, QJsonObject container) const override
    {
        QJsonObject resources = container.value("resources"_L1).toObject();
        for (const QString& group : {u"requests"_s, u"limits"_s}) {
            const QJsonObject merged =
                mergePatched(resources.value(group), step.parameters.value(group).toObject()).toObject();
            if (merged.isEmpty())
                resources.remove(group);
            else
                resources.insert(group, merged);
        }
        container.insert(u"resources"_s, resources);
        return container;
    }
    QJsonObject former(const Step& step, const QJsonObject& container) const override
    {
        QJsonObject out{{u"container"_s, container.value("name"_L1)}};
        for (const QString& group : {u"requests"_s, u"limits"_s}) {
            const QJsonObject old = container.value("resources"_L1).toObject().value(group).toObject();
            QJsonObject figures;
            const QStringList names = step.parameters.value(group).toObject().keys();
            for (const QString& figure : names)
                figures.insert(figure, old.contains(figure) ? old.value(figure) : QJsonValue(QJsonValue::Null));
            if (!figures.isEmpty())
                out.insert(group, figures);
        }
        return out;
    }
};

} // namespace

void addPodTemplate(KindList& list)
{
    const std::vector<const char16_t*> kinds{u"deployments.apps", u"statefulsets.apps", u"daemonsets.apps",
                                             u"cronjobs.batch"};
    list.push_back(std::make_unique<SetImage>(ObjectAction::Facts{
        u"setImage", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Set image"), kinds, Risk::Medium}));
    list.push_back(std::make_unique<SetEnv>(ObjectAction::Facts{
        u"setEnv", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Set environment"), kinds, Risk::Medium}));
    list.push_back(std::make_unique<SetResources>(
        ObjectAction::Facts{u"setResources", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Set requests and limits"),
                            kinds, Risk::Medium}));
}

} // namespace wk::changes
