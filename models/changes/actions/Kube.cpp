// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Kube.h"

#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Passwords.h"

#include <QtCore/QUrl>

namespace wk::changes::kube {

using namespace Qt::StringLiterals;

QJsonObject metadata(const QJsonObject& object) { return object.value("metadata"_L1).toObject(); }
QString uid(const QJsonObject& object) { return metadata(object).value("uid"_L1).toString(); }
QString resourceVersion(const QJsonObject& object) { return metadata(object).value("resourceVersion"_L1).toString(); }
QString textAt(const QJsonObject& object, QStringView pointer) { return valueAt(object, pointer).toString(); }

QList<QJsonObject> items(const QJsonObject& list)
{
    QString kind = list.value("kind"_L1).toString();
    if (kind.endsWith("List"_L1))
        kind.chop(4);
    QList<QJsonObject> out;
    const QJsonArray all = list.value("items"_L1).toArray();
    for (const auto& item : all) {
        QJsonObject object = item.toObject();
        if (!object.contains("kind"_L1))
            object.insert(u"kind"_s, kind);
        if (!object.contains("apiVersion"_L1))
            object.insert(u"apiVersion"_s, list.value("apiVersion"_L1));
        out << object;
    }
    return out;
}

QJsonObject controllerOf(const QJsonObject& object)
{
    const QJsonArray owners = metadata(object).value("ownerReferences"_L1).toArray();
    for (const auto& owner : owners) {
        if (owner.toObject().value("controller"_L1).toBool())
            return owner.toObject();
    }
    return {};
}

QJsonObject guarded(const QJsonObject& live, QJsonObject patch)
{
    QJsonObject meta = metadata(patch);
    meta.insert(u"uid"_s, uid(live));
    meta.insert(u"resourceVersion"_s, resourceVersion(live));
    patch.insert(u"metadata"_s, meta);
    return patch;
}

QJsonObject deleteOptions(const QJsonObject& live, bool exact)
{
    QJsonObject preconditions{{u"uid"_s, uid(live)}};
    if (exact)
        preconditions.insert(u"resourceVersion"_s, resourceVersion(live));
    return {{u"apiVersion"_s, u"v1"_s}, {u"kind"_s, u"DeleteOptions"_s}, {u"preconditions"_s, preconditions}};
}

Call merge(const Target& target, const QJsonObject& live, const QJsonObject& patch, const QString& words)
{
    return {Call::Form::Merge, target.path(), {}, guarded(live, patch), words};
}

QJsonObject recreatable(QJsonObject object)
{
    QJsonObject meta = metadata(object);
    for (const auto name : {"uid"_L1, "resourceVersion"_L1, "creationTimestamp"_L1, "generation"_L1, "managedFields"_L1,
                            "selfLink"_L1, "deletionTimestamp"_L1, "deletionGracePeriodSeconds"_L1})
        meta.remove(name);
    object.insert(u"metadata"_s, meta);
    object.remove("status"_L1);
    return object;
}

QByteArray encoded(const QString& text) { return QUrl::toPercentEncoding(text); }

QByteArray selectorQuery(const QJsonObject& selector)
{
    QStringList terms;
    const QJsonObject labels = selector.value("matchLabels"_L1).toObject();
    for (auto it = labels.begin(); it != labels.end(); ++it)
        terms << it.key() + u'=' + it.value().toString();
    const QJsonArray expressions = selector.value("matchExpressions"_L1).toArray();
    for (const auto& item : expressions) {
        const QJsonObject e = item.toObject();
        const QString key = e.value("key"_L1).toString(), op = e.value("operator"_L1).toString();
        QStringList values;
        const QJsonArray list = e.value("values"_L1).toArray();
        for (const auto& value : list)
            values << value.toString();
        if (op == "Exists"_L1)
            terms << key;
        else if (op == "DoesNotExist"_L1)
            terms << u'!' + key;
        else
            terms << u"%1 %2 (%3)"_s.arg(key, op == "NotIn"_L1 ? u"notin"_s : u"in"_s, values.join(u','));
    }
    return encoded(terms.join(u','));
}

Step action(const QString& name, const Target& target, const QJsonObject& parameters)
{
    Step step;
    step.name = name;
    step.target = target;
    step.parameters = parameters;
    return step;
}

Inverse inverse(const QString& name, const Target& target, const QJsonObject& parameters, const QJsonObject& live)
{
    // Everybody reads the record.
    if (const QStringList places = passwords::places(parameters); !places.isEmpty())
        return noInverse(ActionTexts::tr("What was there looks like a password, which is not recorded (%1).")
                             .arg(places.join(u", "_s)));
    Step step = action(name, target, parameters);
    step.precondition.uid = uid(live);
    return {{step}, {}};
}

Inverse noInverse(const QString& reason) { return {{}, reason}; }

QJsonObject autoscalerOf(const Target& workload, const QJsonObject& list)
{
    const auto all = items(list);
    for (const QJsonObject& item : all) {
        const QJsonObject reference = valueAt(item, u"/spec/scaleTargetRef").toObject();
        const QString group = reference.value("apiVersion"_L1).toString().section(u'/', 0, -2);
        if (reference.value("kind"_L1).toString() == workload.kind &&
            reference.value("name"_L1).toString() == workload.name && group == workload.group)
            return item;
    }
    return {};
}

Target targetOf(const QString& cluster, const QJsonObject& object, const QString& resource)
{
    Target target;
    target.cluster = cluster;
    const QString apiVersion = object.value("apiVersion"_L1).toString();
    const qsizetype slash = apiVersion.indexOf(u'/');
    target.group = slash < 0 ? QString() : apiVersion.first(slash);
    target.version = apiVersion.sliced(slash + 1);
    target.kind = object.value("kind"_L1).toString();
    target.resource = resource;
    target.space = metadata(object).value("namespace"_L1).toString();
    target.name = metadata(object).value("name"_L1).toString();
    return target;
}

QString capitalised(const QString& text) { return text.isEmpty() ? text : text.at(0).toUpper() + text.sliced(1); }

} // namespace wk::changes::kube
