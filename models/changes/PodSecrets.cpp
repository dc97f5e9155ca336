// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/PodSecrets.h"

#include "changes/ActionKind.h"
#include "changes/JsonTree.h"

#include <QtCore/QJsonArray>

#include <functional>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

bool looksSecret(const QJsonObject& variable)
{
    if (!variable.contains("value"_L1))
        return false;
    const ActionKind* kind = actionKind(u"setEnv");
    Step step;
    step.name = kind->name();
    step.parameters = {{u"container"_s, u"c"_s},
                       {u"set"_s, QJsonObject{{variable.value("name"_L1).toString(), variable.value("value"_L1)}}}};
    Mistakes mistakes;
    MemberReader reader(step.parameters, {}, mistakes);
    kind->validate(step, reader);
    return !mistakes.isEmpty();
}

using Visit = std::function<void(const QString& container, QJsonObject& variable)>;

QJsonArray visited(QJsonArray containers, const Visit& visit)
{
    for (auto item : containers) {
        QJsonObject container = item.toObject();
        if (!container.contains("env"_L1))
            continue;
        QJsonArray env = container.value("env"_L1).toArray();
        for (auto entry : env) {
            QJsonObject variable = entry.toObject();
            if (!looksSecret(variable))
                continue;
            visit(container.value("name"_L1).toString(), variable);
            entry = variable;
        }
        container.insert(u"env"_s, env);
        item = container;
    }
    return containers;
}

/// Visits the variables of every list of containers, wherever the pod's specification stands.
QJsonValue walked(const QJsonValue& node, const Visit& visit)
{
    if (!node.isObject())
        return node;
    QJsonObject out = node.toObject();
    for (auto it = out.begin(); it != out.end(); ++it) {
        if (it.key() == "containers"_L1 || it.key() == "initContainers"_L1)
            *it = visited(it->toArray(), visit);
        else if (it.key() == "spec"_L1 || it.key() == "template"_L1 || it.key() == "jobTemplate"_L1)
            *it = walked(*it, visit);
    }
    return out;
}

} // namespace

QStringList secretVariables(const QJsonObject& object)
{
    QStringList out;
    (void)walked(object, [&](const QString& container, QJsonObject& variable) {
        out << container + u": "_s + variable.value("name"_L1).toString();
    });
    return out;
}

QJsonObject withoutSecretVariables(QJsonObject object)
{
    return walked(object, [](const QString&, QJsonObject& variable) { variable.insert(u"value"_s, u"(hidden)"_s); })
        .toObject();
}

} // namespace wk::changes
