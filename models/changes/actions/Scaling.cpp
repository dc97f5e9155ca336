// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

constexpr qint64 maxReplicas = 100'000;

/// Through the scale subresource, which is what a person may be allowed to change without the rest of the object.
class Scale final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.integer(u"replicas"_s, 0, maxReplicas, Need::Required);
    }

    QList<ActionField> fields(const Step&, const Answers& answers) const override
    {
        ActionField out = fields::number(u"replicas"_s, ActionTexts::tr("Replicas"), 0, maxReplicas, false,
                                         ActionTexts::tr("how many there should be"));
        if (!answers.isEmpty())
            out.now = replicas(answers.first());
        return {out};
    }

    QString words(const Step& step, const QJsonObject& live) const override
    {
        const qint64 to = step.parameters.value("replicas"_L1).toInteger();
        const auto known = step.precondition.fields.find(u"/spec/replicas"_s);
        const QJsonValue from = !live.isEmpty()                           ? replicas(live)
                                : known != step.precondition.fields.end() ? known->second
                                                                          : QJsonValue();
        if (from.isDouble())
            return ActionTexts::tr("Scale %1 from %2 to %3 replicas")
                .arg(step.target.words(), QString::number(from.toInteger()), QString::number(to));
        return to == 1 ? ActionTexts::tr("Scale %1 to 1 replica").arg(step.target.words())
                       : ActionTexts::tr("Scale %1 to %2 replicas").arg(step.target.words(), QString::number(to));
    }

    Risk risk(const Step& step) const override
    {
        return step.parameters.value("replicas"_L1).toInteger() == 0 ? Risk::High : Risk::Medium;
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        const QJsonValue from = replicas(live);
        const QJsonValue to = step.parameters.value("replicas"_L1);
        if (from == to)
            return alreadySo(live, ActionTexts::tr("The %1 already has %2 replicas.")
                                       .arg(step.target.words(), QString::number(to.toInteger())));
        Prepared out;
        out.live = live;
        Call call = kube::merge(step.target, live, {{u"spec"_s, QJsonObject{{u"replicas"_s, to}}}}, words(step, live));
        call.path += "/scale";
        out.calls << call;
        out.inverse = kube::inverse(name(), step.target, {{u"replicas"_s, from}}, live);
        return out;
    }

    Precondition precondition(const Step& step, const QJsonObject& live, const Around& around) const override
    {
        Precondition out = ObjectAction::precondition(step, live, around);
        if (!around.follows && !live.isEmpty())
            out.fields[u"/spec/replicas"_s] = replicas(live);
        return out;
    }

private:
    static QJsonValue replicas(const QJsonObject& live) { return valueAt(live, u"/spec/replicas").toInteger(1); }
};

} // namespace

void addScaling(KindList& list)
{
    list.push_back(std::make_unique<Scale>(
        ObjectAction::Facts{u"scale",
                            QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Scale"),
                            {u"deployments.apps", u"statefulsets.apps", u"replicasets.apps", u"replicationcontrollers"},
                            Risk::Medium,
                            u"patch",
                            u"scale"}));
}

} // namespace wk::changes
