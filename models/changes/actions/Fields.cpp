// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"

#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes::fields {

using namespace Qt::StringLiterals;

namespace {

constexpr auto canary = "nginx.ingress.kubernetes.io/canary"_L1;

QJsonObject podOf(const Target& target, const QJsonObject& live)
{
    return valueAt(live, u'/' + templatePath(target).join(u'/') + u"/spec"_s).toObject();
}

QList<QJsonObject> containersOf(const Target& target, const QJsonObject& live)
{
    QList<QJsonObject> out;
    const QJsonObject pod = podOf(target, live);
    for (const QString& list : {u"containers"_s, u"initContainers"_s}) {
        const QJsonArray containers = pod.value(list).toArray();
        for (const auto& container : containers)
            out << container.toObject();
    }
    return out;
}

QString nameOf(const QJsonObject& container) { return container.value("name"_L1).toString(); }

/// The field that chooses a container, and the container that is chosen.
std::pair<ActionField, QJsonObject> container(const Step& step, const QJsonObject& live)
{
    ActionField out{u"container"_s, ActionTexts::tr("Container"), Kind::Text};
    const auto all = containersOf(step.target, live);
    if (all.isEmpty()) {
        out.hint = ActionTexts::tr("its name in the pod");
        return {out, {}};
    }
    out.kind = Kind::Choice;
    out.decides = true;
    for (const QJsonObject& one : all)
        out.choices << ActionField::Choice{nameOf(one), nameOf(one)};
    const auto chosen = std::ranges::find(all, step.parameters.value("container"_L1).toString(), nameOf);
    const QJsonObject one = chosen == all.end() ? all.first() : *chosen;
    out.now = nameOf(one);
    return {out, one};
}

ActionField pairs(const QString& name, const QString& label, const QJsonObject& now)
{
    ActionField out{name, label, Kind::Pairs};
    out.now = now;
    out.onlyChanges = true;
    return out;
}

/// Every backend that rules name, in networking.k8s.io/v1 and v1beta1.
void backends(const QJsonValue& value, QStringList& out)
{
    if (value.isArray()) {
        const QJsonArray list = value.toArray();
        for (const auto& item : list)
            backends(item, out);
        return;
    }
    const QJsonObject object = value.toObject();
    for (const QString& name :
         {object.value("serviceName"_L1).toString(), valueAt(object, u"/service/name").toString()}) {
        if (!name.isEmpty() && !out.contains(name))
            out << name;
    }
    for (const auto& member : object)
        backends(member, out);
}

QList<ActionField::Choice> choicesOf(const QStringList& names)
{
    QList<ActionField::Choice> out;
    for (const QString& name : names)
        out << ActionField::Choice{name, name};
    return out;
}

QStringList namesIn(const QJsonObject& list)
{
    QStringList out;
    const auto items = kube::items(list);
    for (const QJsonObject& item : items)
        out << kube::metadata(item).value("name"_L1).toString();
    return out;
}

QString labelText(const QJsonObject& labels)
{
    QStringList out;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        out << it.key() + u'=' + it.value().toString();
    return out.join(u',');
}

} // namespace

ActionField number(const QString& name, const QString& label, qint64 low, qint64 high, bool optional,
                   const QString& hint)
{
    ActionField out{name, label, Kind::Number, optional};
    out.low = low;
    out.high = high;
    out.hint = hint;
    return out;
}

ActionField flag(const QString& name, const QString& label) { return {name, label, Kind::Flag, true}; }

ActionField changed(const QString& name, const QString& label, const QJsonValue& now, const QString& hint)
{
    ActionField out{name, label, Kind::Text, true};
    out.hint = hint;
    out.now = now;
    out.onlyChanges = true;
    return out;
}

QStringList templatePath(const Target& target)
{
    return target.resource == "cronjobs"_L1 ? QStringList{u"spec"_s, u"jobTemplate"_s, u"spec"_s, u"template"_s}
                                            : QStringList{u"spec"_s, u"template"_s};
}

QList<ActionField> images(const Target& target, const QJsonObject& live)
{
    QList<ActionField> out;
    const auto all = containersOf(target, live);
    for (const QJsonObject& one : all)
        out << changed(u"images/"_s + nameOf(one), ActionTexts::tr("Image of %1").arg(nameOf(one)),
                       one.value("image"_L1), u"registry.example/app:1.2.3"_s);
    if (all.isEmpty())
        out << pairs(u"images"_s, ActionTexts::tr("Images by container"), {});
    return out;
}

QList<ActionField> environment(const Step& step, const QJsonObject& live)
{
    const auto [which, one] = container(step, live);
    QJsonObject now;
    const QJsonArray env = one.value("env"_L1).toArray();
    for (const auto& item : env) {
        const QJsonObject entry = item.toObject();
        const QJsonValue from = entry.value("valueFrom"_L1);
        now.insert(nameOf(entry), from.isObject() ? from : QJsonValue(entry.value("value"_L1).toString()));
    }
    ActionField variables = pairs(u"set"_s, ActionTexts::tr("Variables"), now);
    variables.removed = u"remove"_s;
    variables.references = true;
    return {which, variables};
}

QList<ActionField> resources(const Step& step, const QJsonObject& live)
{
    const auto [which, one] = container(step, live);
    const QJsonObject now = one.value("resources"_L1).toObject();
    QList<ActionField> out{which};
    for (const auto& [name, label, hint] :
         {std::tuple(u"requests/cpu"_s, ActionTexts::tr("CPU requested"), u"500m"_s),
          std::tuple(u"requests/memory"_s, ActionTexts::tr("Memory requested"), u"512Mi"_s),
          std::tuple(u"limits/cpu"_s, ActionTexts::tr("CPU at most"), u"1"_s),
          std::tuple(u"limits/memory"_s, ActionTexts::tr("Memory at most"), u"1Gi"_s)})
        out << changed(name, label, valueAt(now, u'/' + name), hint);
    return out;
}

QList<ActionField> configMap(const QJsonObject& live)
{
    return {pairs(u"data"_s, ActionTexts::tr("Data"), live.value("data"_L1).toObject())};
}

QList<ActionField> service(const QJsonObject& live, const QJsonObject& list)
{
    const QJsonObject now = valueAt(live, u"/spec/selector").toObject();
    ActionField out = pairs(u"selector"_s, ActionTexts::tr("Pods with the labels"), now);
    const auto items = kube::items(list);
    for (const QJsonObject& item : items) {
        const QJsonObject labels = valueAt(item, u"/spec/template/metadata/labels").toObject();
        QJsonObject wanted;
        qsizetype same = 0;
        for (auto it = now.begin(); it != now.end(); ++it) {
            if (!labels.contains(it.key()))
                continue;
            wanted.insert(it.key(), labels.value(it.key()));
            same += labels.value(it.key()) == it.value() ? 1 : 0;
        }
        // Another version of the same thing: most labels agree, all are there.
        if (wanted.size() == now.size() && (same > 0 || now.size() == 1))
            out.choices << ActionField::Choice{
                wanted, ActionTexts::tr("Deployment %1 (%2)")
                            .arg(kube::metadata(item).value("name"_L1).toString(), labelText(wanted))};
    }
    return {out};
}

QList<ActionField> ingress(const QJsonObject& live, const QJsonObject& list)
{
    const QJsonObject annotations = kube::metadata(live).value("annotations"_L1).toObject();
    if (annotations.value(canary).toString() == "true"_L1) {
        ActionField weight = number(u"canaryWeight"_s, ActionTexts::tr("Share of the canary, percent"), 0, 100, false);
        bool isNumber = false;
        const qint64 now = annotations.value(QString(canary) + u"-weight"_s).toString().toLongLong(&isNumber);
        if (isNumber)
            weight.now = now;
        return {weight};
    }
    QStringList from;
    backends(live.value("spec"_L1), from);
    ActionField before{u"from"_s, ActionTexts::tr("Instead of service"), from.isEmpty() ? Kind::Text : Kind::Choice};
    before.choices = choicesOf(from);
    ActionField to{u"to"_s, ActionTexts::tr("Send traffic to service")};
    to.choices = choicesOf(namesIn(list));
    ActionField host{u"host"_s, ActionTexts::tr("Only for host"), Kind::Text, true};
    host.hint = ActionTexts::tr("all hosts");
    const QJsonArray rules = valueAt(live, u"/spec/rules").toArray();
    for (const auto& rule : rules) {
        const QString name = rule.toObject().value("host"_L1).toString();
        if (!name.isEmpty())
            host.choices << ActionField::Choice{name, name};
    }
    return {before, to, host,
            number(u"port"_s, ActionTexts::tr("Port"), 1, 65'535, true, ActionTexts::tr("as before"))};
}

QList<ActionField> autoscaler(const QJsonObject& autoscaler)
{
    const QJsonObject spec = autoscaler.value("spec"_L1).toObject();
    QJsonValue cpu = spec.value("targetCPUUtilizationPercentage"_L1), memory = QJsonValue::Undefined;
    const QJsonArray metrics = spec.value("metrics"_L1).toArray();
    for (const auto& metric : metrics) {
        const QJsonValue aim = valueAt(metric, u"/resource/target/averageUtilization");
        const QString resource = valueAt(metric, u"/resource/name").toString();
        (resource == "cpu"_L1 ? cpu : memory) = resource == "cpu"_L1 || resource == "memory"_L1 ? aim : memory;
    }
    QList<ActionField> out{
        number(u"minReplicas"_s, ActionTexts::tr("Replicas at least"), 1, 100'000, true, u"1"_s),
        number(u"maxReplicas"_s, ActionTexts::tr("Replicas at most"), 1, 100'000, false),
        number(u"cpuPercent"_s, ActionTexts::tr("Aim at CPU, percent of the request"), 1, 10'000, true),
        number(u"memoryPercent"_s, ActionTexts::tr("Aim at memory, percent of the request"), 1, 10'000, true)};
    out[0].now = spec.value("minReplicas"_L1);
    out[1].now = spec.value("maxReplicas"_L1);
    out[2].now = cpu;
    out[3].now = memory;
    return out;
}

ActionField podSelector(const QJsonObject& list)
{
    ActionField out{u"selector"_s, ActionTexts::tr("Pods with the labels")};
    out.hint = u"app=gateway,track=canary"_s;
    const auto items = kube::items(list);
    for (const QJsonObject& item : items) {
        const QString labels = labelText(valueAt(item, u"/spec/selector/matchLabels").toObject());
        if (!labels.isEmpty())
            out.choices << ActionField::Choice{
                labels,
                ActionTexts::tr("%1 (deployment %2)").arg(labels, kube::metadata(item).value("name"_L1).toString())};
    }
    return out;
}

ActionField manifest(QJsonObject live)
{
    ActionField out{u"manifest"_s, ActionTexts::tr("Manifest"), Kind::Manifest};
    if (live.isEmpty())
        return out;
    if (live.value("kind"_L1).toString() == "Secret"_L1) {
        live.remove("data"_L1);
        live.remove("stringData"_L1);
    }
    out.now = kube::recreatable(live);
    return out;
}

Read beside(const Target& target, const QString& group, const QString& version, const QString& resource)
{
    cluster::ResourceKind kind;
    kind.group = group;
    kind.version = version;
    kind.resource = resource;
    return {kind.path(target.space), "limit=500", false};
}

Read deploymentsBeside(const Target& target) { return beside(target, u"apps"_s, u"v1"_s, u"deployments"_s); }

} // namespace wk::changes::fields
