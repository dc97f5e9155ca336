// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

/// Sends traffic elsewhere. A service: "selector": {label: text, or null}. An ingress: "from" and "to" (names of
/// services), optionally only for "host", with another "port"; or "canaryWeight" (percent, ingress-nginx, null removes
/// it); or "spec", to bring back what was.
class SwitchVersion final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step& step, MemberReader& parameters) const override
    {
        if (isService(step.target)) {
            parameters.textMap(u"selector"_s, true, Need::Required);
            return;
        }
        parameters.exactlyOne({u"to"_s, u"canaryWeight"_s, u"spec"_s});
        const bool swaps = parameters.has(u"to"_s);
        parameters.text(u"to"_s, Need::Optional, 63);
        parameters.text(u"from"_s, swaps ? Need::Required : Need::Optional, 63);
        parameters.text(u"host"_s, Need::Optional, 253);
        parameters.integer(u"port"_s, 1, 65'535);
        parameters.object(u"spec"_s);
        if (!step.parameters.value("canaryWeight"_L1).isNull())
            parameters.integer(u"canaryWeight"_s, 0, 100);
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        return isService(step.target) ? fields::service(answers.value(0), answers.value(1))
                                      : fields::ingress(answers.value(0), answers.value(1));
    }

    QList<Read> formReads(const Step& step, const Answers& soFar) const override
    {
        if (soFar.size() != 1)
            return reads(step, soFar);
        return {isService(step.target) ? fields::deploymentsBeside(step.target)
                                       : fields::beside(step.target, {}, u"v1"_s, u"services"_s)};
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        const QJsonObject& p = step.parameters;
        const QString who = step.target.words();
        if (isService(step.target)) {
            QStringList parts;
            const QJsonObject selector = p.value("selector"_L1).toObject();
            for (auto it = selector.begin(); it != selector.end(); ++it)
                parts << (it.value().isNull() ? ActionTexts::tr("any %1").arg(it.key())
                                              : it.key() + u'=' + it.value().toString());
            return ActionTexts::tr("Let %1 send traffic to pods with %2").arg(who, parts.join(u", "_s));
        }
        if (p.contains("canaryWeight"_L1))
            return p.value("canaryWeight"_L1).isNull()
                       ? ActionTexts::tr("Remove the canary's share of traffic from %1").arg(who)
                       : ActionTexts::tr("Let %1 send %2 % of the traffic to the canary")
                             .arg(who, QString::number(p.value("canaryWeight"_L1).toInteger()));
        if (p.contains("spec"_L1))
            return ActionTexts::tr("Bring back the former rules of %1").arg(who);
        return ActionTexts::tr("Let %1 send traffic to service %2 instead of %3")
            .arg(who, p.value("to"_L1).toString(), p.value("from"_L1).toString());
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        const QJsonObject& p = step.parameters;
        Prepared out;
        out.live = live;
        QJsonObject patch, former;
        if (isService(step.target)) {
            patch = changed(valueAt(live, u"/spec/selector").toObject(), p.value("selector"_L1).toObject(), former);
            if (!patch.isEmpty())
                patch = {{u"spec"_s, QJsonObject{{u"selector"_s, patch}}}};
            former = {{u"selector"_s, former}};
        } else if (p.contains("canaryWeight"_L1)) {
            patch = weightPatch(p.value("canaryWeight"_L1), live, former);
        } else {
            const QJsonObject now = live.value("spec"_L1).toObject();
            const QJsonObject wanted =
                p.contains("spec"_L1) ? p.value("spec"_L1).toObject() : switched(p, now).toObject();
            if (!p.contains("spec"_L1) && wanted == now && !names(now, p.value("to"_L1).toString()))
                return fail(Error::Kind::NotFound, ActionTexts::tr("The %1 sends nothing to service “%2”.")
                                                       .arg(step.target.words(), p.value("from"_L1).toString()));
            if (const QJsonObject change = mergeDifference(now, wanted); !change.isEmpty())
                patch = {{u"spec"_s, change}};
            former = {{u"spec"_s, now}};
        }
        if (patch.isEmpty())
            return alreadySo(live, ActionTexts::tr("The %1 sends traffic there already.").arg(step.target.words()));
        out.calls << kube::merge(step.target, live, patch, words(step, live));
        out.inverse = kube::inverse(name(), step.target, former, live);
        return out;
    }

    /// An ingress's generation does not count its annotations.
    Precondition precondition(const Step& step, const QJsonObject& live, const Around& around) const override
    {
        Precondition out = ObjectAction::precondition(step, live, around);
        if (!around.follows && !live.isEmpty() && step.parameters.contains("canaryWeight"_L1)) {
            const QJsonValue now = kube::metadata(live).value("annotations"_L1).toObject().value(weightAnnotation);
            out.fields[u"/metadata/annotations/"_s + pointerPart(weightAnnotation)] =
                now.isString() ? now : QJsonValue(QJsonValue::Null);
        }
        return out;
    }

private:
    static constexpr auto weightAnnotation = "nginx.ingress.kubernetes.io/canary-weight"_L1;

    static bool isService(const Target& target) { return target.resource == "services"_L1; }

    /// Of `wanted` what differs from `now`; what was goes to `former`, null for what was not there.
    static QJsonObject changed(const QJsonObject& now, const QJsonObject& wanted, QJsonObject& former)
    {
        QJsonObject out;
        for (auto it = wanted.begin(); it != wanted.end(); ++it) {
            const QJsonValue present = now.contains(it.key()) ? now.value(it.key()) : QJsonValue(QJsonValue::Null);
            if (present == it.value())
                continue;
            out.insert(it.key(), it.value());
            former.insert(it.key(), present);
        }
        return out;
    }

    static QJsonObject weightPatch(const QJsonValue& weight, const QJsonObject& live, QJsonObject& former)
    {
        const QJsonValue text = weight.isNull() ? weight : QJsonValue(QString::number(weight.toInteger()));
        const QJsonObject annotations = kube::metadata(live).value("annotations"_L1).toObject();
        const QJsonValue present =
            annotations.contains(weightAnnotation) ? annotations.value(weightAnnotation) : QJsonValue(QJsonValue::Null);
        former = {{u"canaryWeight"_s, present.isNull() ? present : QJsonValue(present.toString().toLongLong())}};
        if (present == text)
            return {};
        return {{u"metadata"_s, QJsonObject{{u"annotations"_s, QJsonObject{{QString(weightAnnotation), text}}}}}};
    }

    /// Every backend in a tree of rules; networking.k8s.io/v1 says service.name, v1beta1 serviceName.
    static QJsonValue switched(const QJsonObject& p, const QJsonValue& value)
    {
        if (value.isArray()) {
            QJsonArray out;
            const QJsonArray list = value.toArray();
            for (const auto& item : list) {
                const QString host = item.toObject().value("host"_L1).toString();
                const bool other = p.contains("host"_L1) && item.toObject().contains("http"_L1) &&
                                   host != p.value("host"_L1).toString();
                out.append(other ? QJsonValue(item) : switched(p, item));
            }
            return out;
        }
        if (!value.isObject())
            return value;
        QJsonObject out = value.toObject();
        for (auto it = out.begin(); it != out.end(); ++it)
            *it = switched(p, it.value());
        if (out.value("serviceName"_L1) == p.value("from"_L1)) {
            out.insert(u"serviceName"_s, p.value("to"_L1));
            if (p.contains("port"_L1))
                out.insert(u"servicePort"_s, p.value("port"_L1));
        }
        QJsonObject service = out.value("service"_L1).toObject();
        if (service.value("name"_L1) == p.value("from"_L1) && !service.isEmpty()) {
            service.insert(u"name"_s, p.value("to"_L1));
            if (p.contains("port"_L1))
                service.insert(u"port"_s, QJsonObject{{u"number"_s, p.value("port"_L1)}});
            out.insert(u"service"_s, service);
        }
        return out;
    }

    static bool names(const QJsonValue& value, const QString& service)
    {
        if (value.isString())
            return value.toString() == service;
        if (value.isArray()) {
            const QJsonArray list = value.toArray();
            return std::ranges::any_of(list, [&](const QJsonValue& v) { return names(v, service); });
        }
        const QJsonObject object = value.toObject();
        return std::any_of(object.begin(), object.end(), [&](const QJsonValue& v) { return names(v, service); });
    }
};

} // namespace

void addTraffic(KindList& list)
{
    list.push_back(std::make_unique<SwitchVersion>(
        ObjectAction::Facts{u"switchVersion",
                            QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Switch version"),
                            {u"services", u"ingresses.networking.k8s.io"},
                            Risk::High}));
}

} // namespace wk::changes
