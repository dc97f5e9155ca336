// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

/// Objects as an API server gives them, and steps on them.
namespace wk::test {

inline QJsonObject json(const QByteArray& text) { return QJsonDocument::fromJson(text).object(); }

inline changes::Target target(const QString& group, const QString& version, const QString& kind,
                              const QString& resource, const QString& space, const QString& name)
{
    return {QStringLiteral("production"), group, version, kind, resource, space, name};
}

inline changes::Target deployment(const QString& name = QStringLiteral("api"))
{
    return target(QStringLiteral("apps"), QStringLiteral("v1"), QStringLiteral("Deployment"),
                  QStringLiteral("deployments"), QStringLiteral("shop"), name);
}

inline changes::Target node()
{
    return target({}, QStringLiteral("v1"), QStringLiteral("Node"), QStringLiteral("nodes"), {}, QStringLiteral("n1"));
}

inline changes::Step step(const QString& name, const changes::Target& target, const QByteArray& parameters = "{}")
{
    changes::Step out;
    out.name = name;
    out.target = target;
    out.parameters = json(parameters);
    return out;
}

inline QJsonObject liveDeployment()
{
    return json(R"({"apiVersion":"apps/v1","kind":"Deployment",
      "metadata":{"name":"api","namespace":"shop","uid":"u-d","resourceVersion":"70","generation":4,
        "annotations":{"deployment.kubernetes.io/revision":"2"}},
      "spec":{"replicas":2,"selector":{"matchLabels":{"app":"api"}},
        "template":{"metadata":{"labels":{"app":"api"}},"spec":{"containers":[
          {"name":"c","image":"shop/api:2","env":[{"name":"A","value":"1"},
             {"name":"B","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},
             {"name":"C","value":"$(A)/x"}],
           "resources":{"requests":{"cpu":"100m"}}},
          {"name":"side","image":"shop/side:1","resources":{}}]}}},
      "status":{"readyReplicas":2}})");
}

} // namespace wk::test
