// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/WayBack.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

constexpr int maxPods = 500;

/// One pod by the target's name, several by "names", or all of a label "selector". A pod without a controller would
/// not come back and needs "unmanaged": true.
class DeletePods final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    bool supports(const Target& target) const override
    {
        return target.type() == Target::Kind::Object && target.resourceId() == "pods"_L1;
    }

    void validate(const Step& step, MemberReader& parameters) const override
    {
        const QStringList names = parameters.texts(u"names"_s);
        parameters.text(u"selector"_s);
        parameters.integer(u"gracePeriodSeconds"_s, 0, 86'400);
        parameters.integer(u"withinSeconds"_s, 1, 86'400);
        parameters.boolean(u"unmanaged"_s);
        const int ways =
            int(!step.target.name.isEmpty()) + int(parameters.has(u"names"_s)) + int(parameters.has(u"selector"_s));
        if (ways != 1)
            parameters.mistake({}, ActionTexts::tr("must say which pods: the target's name, names, or a selector"));
        if (names.size() > maxPods || (parameters.has(u"names"_s) && names.isEmpty()))
            parameters.mistake(u"names"_s, ActionTexts::tr("must be 1 to %1 pods").arg(maxPods));
        for (const QString& pod : names) {
            if (pod.isEmpty() || pod.contains(u'/') || pod.contains(u'%') || pod.startsWith(u'.'))
                parameters.mistake(u"names"_s, ActionTexts::tr("“%1” is no name of a pod").arg(pod));
        }
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        QList<ActionField> out;
        if (step.target.name.isEmpty() && !step.parameters.contains("names"_L1))
            out << fields::podSelector(answers.value(0));
        out << fields::flag(u"unmanaged"_s, ActionTexts::tr("Also pods that nobody makes anew"))
            << fields::number(u"gracePeriodSeconds"_s, ActionTexts::tr("Time to stop, seconds"), 0, 86'400, true,
                              ActionTexts::tr("as each pod says"));
        return out;
    }

    QList<Read> formReads(const Step& step, const Answers& soFar) const override
    {
        return step.target.name.isEmpty() && !step.parameters.contains("names"_L1) && soFar.isEmpty()
                   ? QList<Read>{fields::deploymentsBeside(step.target)}
                   : QList<Read>();
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        if (!step.target.name.isEmpty())
            return ActionTexts::tr("Delete %1").arg(step.target.words());
        if (step.parameters.contains("selector"_L1))
            return ActionTexts::tr("Delete the pods with %1 in %2")
                .arg(step.parameters.value("selector"_L1).toString(), step.target.space);
        QStringList names;
        const QJsonArray list = step.parameters.value("names"_L1).toArray();
        for (const auto& pod : list)
            names << pod.toString();
        return ActionTexts::tr("Delete pods in %1: %2").arg(step.target.space, names.join(u", "_s));
    }

    Risk risk(const Step& step) const override { return step.target.name.isEmpty() ? Risk::Medium : Risk::Low; }

    QList<Read> reads(const Step& step, const Answers& soFar) const override
    {
        if (!soFar.isEmpty())
            return {};
        if (step.parameters.contains("selector"_L1))
            return {{step.target.path(),
                     "limit=" + QByteArray::number(maxPods + 1) +
                         "&labelSelector=" + kube::encoded(step.parameters.value("selector"_L1).toString()),
                     false}};
        if (!step.target.name.isEmpty())
            return {{step.target.path(), {}, false}};
        QList<Read> out;
        const QJsonArray list = step.parameters.value("names"_L1).toArray();
        for (const auto& pod : list)
            out << Read{step.target.collectionPath() + '/' + kube::encoded(pod.toString()), {}, false};
        return out;
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QList<QJsonObject> pods =
            step.parameters.contains("selector"_L1) ? kube::items(answers.first()) : answers;
        if (pods.size() > maxPods)
            return fail(Error::Kind::BadInput, ActionTexts::tr("More than %1 pods match.").arg(maxPods), {},
                        ActionTexts::tr("Choose a narrower selector."));
        Prepared out;
        out.live = step.target.name.isEmpty() ? identities(pods) : pods.value(0);
        out.withinSeconds = step.parameters.value("withinSeconds"_L1).toInteger(300);
        QStringList unmanaged;
        for (const QJsonObject& pod : pods) {
            const Target target = kube::targetOf(step.target.cluster, pod, u"pods"_s);
            if (kube::controllerOf(pod).isEmpty())
                unmanaged << target.name;
            QJsonObject options = kube::deleteOptions(pod, false);
            if (step.parameters.contains("gracePeriodSeconds"_L1))
                options.insert(u"gracePeriodSeconds"_s, step.parameters.value("gracePeriodSeconds"_L1));
            out.calls << Call{
                Call::Form::Delete, target.path(), {}, options, ActionTexts::tr("Delete %1").arg(target.words())};
            out.vanishing << Vanishing{target.path(), kube::uid(pod)};
        }
        if (!unmanaged.isEmpty() && !step.parameters.value("unmanaged"_L1).toBool())
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("Nothing would make these pods anew: %1.").arg(unmanaged.join(u", "_s)), {},
                        ActionTexts::tr("Set unmanaged to true where they may be lost."));
        if (pods.isEmpty())
            return alreadySo(out.live, ActionTexts::tr("There is no such pod."));
        out.inverse = kube::noInverse(noWayBack(step));
        return out;
    }

    /// A pod is replaced, not changed: which ones they are is all there is to know.
    Precondition precondition(const Step& step, const QJsonObject& live, const Around&) const override
    {
        Precondition out;
        out.uid = kube::uid(live);
        if (step.target.name.isEmpty())
            out.fields[u"/pods"_s] = Precondition::digest(live.value("pods"_L1));
        return out;
    }

private:
    /// Stands for several pods where a precondition is compared: {"pods": {name: uid}}.
    static QJsonObject identities(const QList<QJsonObject>& pods)
    {
        QJsonObject all;
        for (const QJsonObject& pod : pods)
            all.insert(kube::metadata(pod).value("name"_L1).toString(), kube::uid(pod));
        return {{u"pods"_s, all}};
    }
};

} // namespace

void addPods(KindList& list)
{
    list.push_back(std::make_unique<DeletePods>(ObjectAction::Facts{
        u"deletePods", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Delete pods"), {u"pods"}, Risk::Low, u"delete"}));
}

} // namespace wk::changes
