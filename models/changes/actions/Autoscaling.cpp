// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

constexpr auto plural = "horizontalpodautoscalers"_L1;

/// Both act on a workload and find its autoscaler by themselves, so that a workload never gets two. They read the
/// workload, the versions in which the server knows autoscalers, and the autoscalers of the namespace.
class AutoscalerAction : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    QList<Read> reads(const Step& step, const Answers& soFar) const override
    {
        if (soFar.isEmpty())
            return {{step.target.path(), {}, false}, {"/apis/autoscaling", {}, false}};
        if (soFar.size() > 2)
            return {};
        const QString version = served(soFar.at(1));
        return {{autoscaler(step.target, version, {}).collectionPath(), {}, false}};
    }

    QList<Permission> permissions(const Step& step) const override
    {
        QList<Permission> out;
        for (const QString& verb : verbs())
            out << Permission{verb, u"autoscaling"_s, plural, {}, step.target.space, {}};
        return out;
    }

    /// The workload's identity, and its autoscaler, which it is about.
    Precondition precondition(const Step&, const QJsonObject& live, const Around& around) const override
    {
        Precondition out;
        out.uid = kube::uid(live);
        if (!around.follows && !live.isEmpty()) {
            const QJsonValue present = live.value(beside);
            out.fields[u'/' + QString(beside)] =
                present.isObject() ? Precondition::digest(present) : QJsonValue(QJsonValue::Null);
        }
        return out;
    }

protected:
    static constexpr auto beside = "autoscaler"_L1;

    /// The workload with the specification of its autoscaler as a member that no workload has.
    static QJsonObject together(QJsonObject workload, const QJsonObject& autoscaler)
    {
        if (!autoscaler.isEmpty())
            workload.insert(beside, autoscaler.value("spec"_L1));
        return workload;
    }

    [[nodiscard]] virtual QStringList verbs() const = 0;

    /// The best of the versions that a server has; v1 knows processor time only.
    static QString served(const QJsonObject& group)
    {
        QStringList versions;
        const QJsonArray list = group.value("versions"_L1).toArray();
        for (const auto& item : list)
            versions << item.toObject().value("version"_L1).toString();
        for (const QString& version : {u"v2"_s, u"v2beta2"_s}) {
            if (versions.contains(version))
                return version;
        }
        return u"v1"_s;
    }

    static Target autoscaler(const Target& workload, const QString& version, const QString& name)
    {
        return {workload.cluster, u"autoscaling"_s, version, u"HorizontalPodAutoscaler"_s,
                plural,           workload.space,   name};
    }
};

/// Parameters: "maxReplicas", "minReplicas", "cpuPercent", "memoryPercent", "name" (of a new one); or, to bring back
/// what was, "version" and "spec".
class SetAutoscaler final : public AutoscalerAction
{
public:
    using AutoscalerAction::AutoscalerAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.text(u"name"_s, Need::Optional, 253);
        parameters.exactlyOne({u"maxReplicas"_s, u"spec"_s});
        const auto most = parameters.integer(u"maxReplicas"_s, 1, 100'000);
        const auto least = parameters.integer(u"minReplicas"_s, 1, 100'000);
        if (most && least && *least > *most)
            parameters.mistake(u"minReplicas"_s, ActionTexts::tr("must not be more than maxReplicas"));
        const auto cpu = parameters.integer(u"cpuPercent"_s, 1, 10'000);
        const auto memory = parameters.integer(u"memoryPercent"_s, 1, 10'000);
        if (most && !cpu && !memory)
            parameters.mistake({}, ActionTexts::tr("must have cpuPercent or memoryPercent"));
        const bool whole = parameters.has(u"spec"_s);
        parameters.object(u"spec"_s);
        parameters.choice(u"version"_s, {u"v1"_s, u"v2beta2"_s, u"v2"_s}, whole ? Need::Required : Need::Optional);
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        return fields::autoscaler(kube::autoscalerOf(step.target, answers.value(2)));
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        const QJsonObject& p = step.parameters;
        if (p.contains("spec"_L1))
            return ActionTexts::tr("Bring back the former autoscaler of %1").arg(step.target.words());
        QStringList parts;
        if (p.contains("cpuPercent"_L1))
            parts << ActionTexts::tr("%1 % CPU").arg(p.value("cpuPercent"_L1).toInteger());
        if (p.contains("memoryPercent"_L1))
            parts << ActionTexts::tr("%1 % memory").arg(p.value("memoryPercent"_L1).toInteger());
        return ActionTexts::tr("Let %1 scale by itself between %2 and %3 replicas, aiming at %4")
            .arg(step.target.words(), QString::number(p.value("minReplicas"_L1).toInteger(1)),
                 QString::number(p.value("maxReplicas"_L1).toInteger()), parts.join(ActionTexts::tr(" and ")));
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QString version = served(answers.at(1));
        const QJsonObject present = kube::autoscalerOf(step.target, answers.at(2));
        const QJsonObject& p = step.parameters;
        if (version == "v1"_L1 && p.contains("memoryPercent"_L1))
            return fail(Error::Kind::Unsupported,
                        ActionTexts::tr("This cluster's autoscalers know CPU only (autoscaling/v1), not memory."));
        if (p.contains("spec"_L1) && p.value("version"_L1).toString() != version)
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("The cluster now describes autoscalers as %1, not as %2.")
                            .arg(version, p.value("version"_L1).toString()));
        Prepared out;
        out.live = together(answers.first(), present);
        const QJsonObject before = present.value("spec"_L1).toObject();
        const QJsonObject after = p.contains("spec"_L1) ? p.value("spec"_L1).toObject() : wanted(step, version, before);
        const QString named = p.value("name"_L1).toString(step.target.name);
        if (present.isEmpty()) {
            const Target made = autoscaler(step.target, version, named);
            const QJsonObject manifest{{u"apiVersion"_s, u"autoscaling/"_s + version},
                                       {u"kind"_s, made.kind},
                                       {u"metadata"_s, QJsonObject{{u"name"_s, named}, {u"namespace"_s, made.space}}},
                                       {u"spec"_s, after}};
            out.calls << Call{Call::Form::Create, made.collectionPath(), {}, manifest, words(step, {})};
            out.inverse = {{kube::action(u"removeAutoscaler"_s, step.target)}, {}};
            return out;
        }
        const QJsonObject patch = mergeDifference(before, after);
        if (patch.isEmpty())
            return alreadySo(out.live, ActionTexts::tr("The %1 is scaled like this already.").arg(step.target.words()));
        const Target changed = autoscaler(step.target, version, kube::metadata(present).value("name"_L1).toString());
        out.calls << kube::merge(changed, present, {{u"spec"_s, patch}}, words(step, {}));
        out.inverse = {{kube::action(name(), step.target, {{u"version"_s, version}, {u"spec"_s, before}})}, {}};
        return out;
    }

protected:
    QStringList verbs() const override { return {u"list"_s, u"create"_s, u"patch"_s}; }

private:
    static QJsonObject resourceMetric(const QString& resource, qint64 percent)
    {
        return {{u"type"_s, u"Resource"_s},
                {u"resource"_s, QJsonObject{{u"name"_s, resource},
                                            {u"target"_s, QJsonObject{{u"type"_s, u"Utilization"_s},
                                                                      {u"averageUtilization"_s, percent}}}}}};
    }

    /// What stands now with the figures of the step; metrics of other kinds stay.
    static QJsonObject wanted(const Step& step, const QString& version, QJsonObject spec)
    {
        const QJsonObject& p = step.parameters;
        spec.insert(u"scaleTargetRef"_s, QJsonObject{{u"apiVersion"_s, step.target.resourceKind().apiVersion()},
                                                     {u"kind"_s, step.target.kind},
                                                     {u"name"_s, step.target.name}});
        spec.insert(u"maxReplicas"_s, p.value("maxReplicas"_L1));
        if (p.contains("minReplicas"_L1))
            spec.insert(u"minReplicas"_s, p.value("minReplicas"_L1));
        if (version == "v1"_L1) {
            spec.insert(u"targetCPUUtilizationPercentage"_s, p.value("cpuPercent"_L1));
            return spec;
        }
        QJsonArray metrics;
        const QJsonArray old = spec.value("metrics"_L1).toArray();
        for (const auto& metric : old) {
            const QString resource = valueAt(metric, u"/resource/name").toString();
            const bool replaced = metric.toObject().value("type"_L1).toString() == "Resource"_L1 &&
                                  (resource == "cpu"_L1 || resource == "memory"_L1);
            if (!replaced)
                metrics.append(metric);
        }
        for (const auto& [parameter, resource] :
             {std::pair(u"cpuPercent"_s, u"cpu"_s), std::pair(u"memoryPercent"_s, u"memory"_s)}) {
            if (p.contains(parameter))
                metrics.append(resourceMetric(resource, p.value(parameter).toInteger()));
        }
        spec.insert(u"metrics"_s, metrics);
        return spec;
    }
};

class RemoveAutoscaler final : public AutoscalerAction
{
public:
    using AutoscalerAction::AutoscalerAction;

    void validate(const Step&, MemberReader&) const override {}

    QString words(const Step& step, const QJsonObject&) const override
    {
        return ActionTexts::tr("Remove the autoscaler of %1").arg(step.target.words());
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject present = kube::autoscalerOf(step.target, answers.at(2));
        if (present.isEmpty())
            return alreadySo(answers.first(), ActionTexts::tr("The %1 has no autoscaler.").arg(step.target.words()));
        const Target removed =
            autoscaler(step.target, served(answers.at(1)), kube::metadata(present).value("name"_L1).toString());
        Prepared out;
        out.live = together(answers.first(), present);
        out.calls << Call{Call::Form::Delete, removed.path(), {}, kube::deleteOptions(present, true), words(step, {})};
        out.inverse = {{kube::action(u"createObject"_s, removed, {{u"manifest"_s, kube::recreatable(present)}})}, {}};
        return out;
    }

protected:
    QStringList verbs() const override { return {u"list"_s, u"delete"_s}; }
};

} // namespace

void addAutoscaling(KindList& list)
{
    const std::vector<const char16_t*> kinds{u"deployments.apps", u"statefulsets.apps", u"replicasets.apps"};
    list.push_back(std::make_unique<SetAutoscaler>(ObjectAction::Facts{
        u"setAutoscaler", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Set autoscaler"), kinds, Risk::Medium}));
    list.push_back(std::make_unique<RemoveAutoscaler>(ObjectAction::Facts{
        u"removeAutoscaler", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Remove autoscaler"), kinds, Risk::Medium}));
}

} // namespace wk::changes
