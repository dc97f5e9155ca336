// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <expected>

namespace wk::fleet {

// The patch formats of the Kubernetes API. All are pure: the object goes in and the changed object comes out.

/// RFC 6902. Fails where an operation cannot be carried out; then nothing is.
[[nodiscard]] Result<QJsonObject> applyJsonPatch(const QJsonObject& object, const QJsonArray& operations);

/// RFC 7386: null removes, objects merge, everything else replaces.
[[nodiscard]] QJsonObject applyMergePatch(QJsonObject object, const QJsonObject& patch);

/// k8s.io/apimachinery/pkg/util/strategicpatch: as a merge patch, but lists of named elements merge by their key, and
/// $patch (delete, replace), $setElementOrder, $deleteFromPrimitiveList and $retainKeys direct it.
[[nodiscard]] QJsonObject applyStrategicPatch(const QJsonObject& object, const QJsonObject& patch);

/// A document with a patch applied, of the kind that the content type names. Fails with the metav1.Status that the
/// server would send.
[[nodiscard]] std::expected<QJsonObject, QJsonObject>
patchedDocument(const QJsonObject& document, const QByteArray& contentType, const QByteArray& body);

} // namespace wk::fleet
