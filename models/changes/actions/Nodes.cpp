// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

bool isClosed(const QJsonObject& node) { return valueAt(node, u"/spec/unschedulable").toBool(); }

/// Lets new pods onto a node, or keeps them away.
class Cordon : public ObjectAction
{
public:
    Cordon(Facts facts, bool close) : ObjectAction(std::move(facts)), m_close(close) {}

    void validate(const Step&, MemberReader&) const override {}

    QString words(const Step& step, const QJsonObject&) const override
    {
        return (m_close ? ActionTexts::tr("Keep new pods away from %1") : ActionTexts::tr("Let new pods onto %1 again"))
            .arg(step.target.words());
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        if (isClosed(live) == m_close)
            return alreadySo(live, (m_close ? ActionTexts::tr("The %1 takes no new pods already.")
                                            : ActionTexts::tr("The %1 takes new pods already."))
                                       .arg(step.target.words()));
        Prepared out;
        out.live = live;
        out.calls << closing(step.target, live, m_close);
        out.inverse = kube::inverse(m_close ? u"uncordon"_s : u"cordon"_s, step.target, {}, live);
        return out;
    }

    /// A node's version changes with every heartbeat: its identity and this field are what matters.
    Precondition precondition(const Step&, const QJsonObject& live, const Around& around) const override
    {
        Precondition out;
        out.uid = kube::uid(live);
        if (!around.follows && !live.isEmpty())
            out.fields[u"/spec/unschedulable"_s] = isClosed(live) ? QJsonValue(true) : QJsonValue(QJsonValue::Null);
        return out;
    }

protected:
    static Call closing(const Target& target, const QJsonObject& live, bool close)
    {
        const QJsonValue value = close ? QJsonValue(true) : QJsonValue(QJsonValue::Null);
        return kube::merge(
            target, live, {{u"spec"_s, QJsonObject{{u"unschedulable"_s, value}}}},
            (close ? ActionTexts::tr("Keep new pods away from %1") : ActionTexts::tr("Let new pods onto %1 again"))
                .arg(target.words()));
    }

private:
    bool m_close;
};

/// As `kubectl drain`: no new pods, then every pod is evicted, which disruption budgets may put off. Pods of daemon
/// sets and mirror pods stay. Source: kubectl/pkg/drain/filters.go.
class Drain final : public Cordon
{
public:
    explicit Drain(Facts facts) : Cordon(std::move(facts), true) {}

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.boolean(u"emptyDir"_s);
        parameters.boolean(u"unmanaged"_s);
        parameters.integer(u"gracePeriodSeconds"_s, 0, 86'400);
        parameters.integer(u"withinSeconds"_s, 1, 86'400);
    }

    QList<ActionField> fields(const Step&, const Answers&) const override
    {
        return {
            fields::flag(u"emptyDir"_s, ActionTexts::tr("Also pods that lose local data")),
            fields::flag(u"unmanaged"_s, ActionTexts::tr("Also pods that nobody makes anew")),
            fields::number(u"gracePeriodSeconds"_s, ActionTexts::tr("Time to stop, seconds"), 0, 86'400, true,
                           ActionTexts::tr("as each pod says")),
            fields::number(u"withinSeconds"_s, ActionTexts::tr("Give up after, seconds"), 1, 86'400, true, u"900"_s)};
    }

    QList<Read> formReads(const Step&, const Answers&) const override { return {}; }

    QString words(const Step& step, const QJsonObject&) const override
    {
        return step.parameters.value("emptyDir"_L1).toBool()
                   ? ActionTexts::tr("Move all pods away from %1, and lose what their empty-dir volumes hold")
                         .arg(step.target.words())
                   : ActionTexts::tr("Move all pods away from %1").arg(step.target.words());
    }

    QList<Permission> permissions(const Step& step) const override
    {
        return {permission(step.target, u"patch"_s),
                {u"list"_s, {}, u"pods"_s, {}, {}, {}},
                {u"create"_s, {}, u"pods"_s, u"eviction"_s, {}, {}}};
    }

    QList<Read> reads(const Step& step, const Answers& soFar) const override
    {
        if (!soFar.isEmpty())
            return {};
        return {{step.target.path(), {}, false},
                {"/api/v1/pods", "fieldSelector=" + kube::encoded(u"spec.nodeName="_s + step.target.name), false},
                {"/api/v1", {}, false}};
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& node = answers.first();
        Prepared out;
        out.live = node;
        out.withinSeconds = step.parameters.value("withinSeconds"_L1).toInteger(900);
        if (!isClosed(node))
            out.calls << closing(step.target, node, true);
        const QString version = evictionVersion(answers.at(2));
        QStringList local, unmanaged;
        int staying = 0;
        const auto pods = kube::items(answers.at(1));
        for (const QJsonObject& pod : pods) {
            const QString owner = kube::controllerOf(pod).value("kind"_L1).toString();
            const QString phase = kube::textAt(pod, u"/status/phase");
            const bool over = phase == "Succeeded"_L1 || phase == "Failed"_L1;
            const QJsonObject annotations = kube::metadata(pod).value("annotations"_L1).toObject();
            if (annotations.contains("kubernetes.io/config.mirror"_L1) || (owner == "DaemonSet"_L1 && !over)) {
                ++staying;
                continue;
            }
            const Target target = kube::targetOf(step.target.cluster, pod, u"pods"_s);
            out.vanishing << Vanishing{target.path(), kube::uid(pod)};
            if (kube::metadata(pod).contains("deletionTimestamp"_L1))
                continue;
            if (owner.isEmpty() && !over)
                unmanaged << target.space + u'/' + target.name;
            if (!over && hasLocalData(pod))
                local << target.space + u'/' + target.name;
            out.calls << eviction(step, target, pod, version);
        }
        if (!local.isEmpty() && !step.parameters.value("emptyDir"_L1).toBool())
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("These pods would lose what their empty-dir volumes hold: %1.")
                            .arg(local.join(u", "_s)),
                        {}, ActionTexts::tr("Set emptyDir to true where that may be lost."));
        if (!unmanaged.isEmpty() && !step.parameters.value("unmanaged"_L1).toBool())
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("Nothing would make these pods anew: %1.").arg(unmanaged.join(u", "_s)), {},
                        ActionTexts::tr("Set unmanaged to true where they may be lost."));
        if (staying > 0)
            out.notes << ActionTexts::tr("Pods of daemon sets and of the node itself that stay: %1.").arg(staying);
        if (out.calls.isEmpty() && out.vanishing.isEmpty())
            return alreadySo(
                node, ActionTexts::tr("The %1 is empty and takes no new pods already.").arg(step.target.words()));
        out.inverse = isClosed(node) ? kube::noInverse(ActionTexts::tr("The node took no new pods before."))
                                     : kube::inverse(u"uncordon"_s, step.target, {}, node);
        return out;
    }

private:
    /// policy/v1 since 1.22; the list of core resources says which form the server takes.
    static QString evictionVersion(const QJsonObject& resources)
    {
        const QJsonArray list = resources.value("resources"_L1).toArray();
        for (const auto& item : list) {
            const QJsonObject resource = item.toObject();
            if (resource.value("name"_L1).toString() == "pods/eviction"_L1)
                return u"policy/"_s + resource.value("version"_L1).toString(u"v1beta1"_s);
        }
        return u"policy/v1beta1"_s;
    }

    static bool hasLocalData(const QJsonObject& pod)
    {
        const QJsonArray volumes = valueAt(pod, u"/spec/volumes").toArray();
        return std::ranges::any_of(volumes, [](const QJsonValue& v) { return v.toObject().contains("emptyDir"_L1); });
    }

    static Call eviction(const Step& step, const Target& pod, const QJsonObject& live, const QString& version)
    {
        QJsonObject options = kube::deleteOptions(live, false);
        if (step.parameters.contains("gracePeriodSeconds"_L1))
            options.insert(u"gracePeriodSeconds"_s, step.parameters.value("gracePeriodSeconds"_L1));
        const QJsonObject body{{u"apiVersion"_s, version},
                               {u"kind"_s, u"Eviction"_s},
                               {u"metadata"_s, QJsonObject{{u"name"_s, pod.name}, {u"namespace"_s, pod.space}}},
                               {u"deleteOptions"_s, options}};
        return {Call::Form::Evict, pod.path() + "/eviction", {}, body, ActionTexts::tr("Evict %1").arg(pod.words())};
    }
};

} // namespace

void addNodes(KindList& list)
{
    const std::vector<const char16_t*> nodes{u"nodes"};
    list.push_back(std::make_unique<Cordon>(
        ObjectAction::Facts{u"cordon", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Cordon"), nodes, Risk::Low},
        true));
    list.push_back(std::make_unique<Cordon>(
        ObjectAction::Facts{u"uncordon", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Uncordon"), nodes, Risk::Low},
        false));
    list.push_back(std::make_unique<Drain>(
        ObjectAction::Facts{u"drain", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Drain"), nodes, Risk::High}));
}

} // namespace wk::changes
