// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Resources.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace wk::fleet {

/// columnDefinitions of a meta.k8s.io/v1 Table for the kind. Custom kinds take theirs from `definition`, the CRD that
/// defines them. Source: k8s.io/kubernetes/pkg/printers/internalversion/printers.go.
[[nodiscard]] QJsonArray tableColumns(const Resource& resource, const QJsonObject& definition);
/// The cells of one object, in the columns' order. `nowMs` is what ages are counted from.
[[nodiscard]] QJsonArray tableCells(const Resource& resource, const QJsonObject& definition, const QJsonObject& object,
                                    qint64 nowMs);

} // namespace wk::fleet
