// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/api/Validation.h"
#include "fleet/world/Json.h"

#include <QtCore/QJsonArray>

namespace wk::fleet {

/// The causes of a refusal, as the functions of k8s.io/apimachinery/pkg/util/validation/field make them.
class Causes
{
public:
    void invalid(const QString& field, const QString& value, const QString& why);
    void required(const QString& field, const QString& why = {});
    void forbidden(const QString& field, const QString& why);
    void duplicate(const QString& field, const QString& value);
    void unsupported(const QString& field, const QJsonValue& value, const QStringList& supported);
    void notBelowZero(const QString& field, const QJsonValue& value);
    void port(const QString& field, const QJsonValue& value);

    QList<Cause> list;
};

/// A JSON value as Go's %#v-like formatter prints it in messages.
[[nodiscard]] QString shownInCause(const QJsonValue& value);
/// map[string]string{"app":"web"}
[[nodiscard]] QString goMap(const QJsonObject& map);

// ValidationWorkloads.cpp
void checkContainers(Causes& causes, const QJsonObject& podSpec, const QString& path);
void checkWorkload(Causes& causes, const Resource& resource, const QJsonObject& object, const QJsonObject& old);
void checkAutoscaler(Causes& causes, const QJsonObject& object);
void checkPodUpdate(Causes& causes, const QJsonObject& object, const QJsonObject& old);
void checkBudget(Causes& causes, const QJsonObject& object);

// ValidationNetwork.cpp
void checkService(Causes& causes, const QJsonObject& object, const QJsonObject& old);
void checkIngress(Causes& causes, const QJsonObject& object);

} // namespace wk::fleet
