// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QString>

namespace wk::fleet {

/// Fills in what the API server fills in (k8s.io/kubernetes/pkg/apis/*/v1/defaults.go) for the kinds that are acted
/// upon: workloads and their pod templates, services, autoscalers, secrets.
[[nodiscard]] QJsonObject withDefaults(const QString& resource, QJsonObject object);

} // namespace wk::fleet
