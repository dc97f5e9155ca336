// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonObject>

namespace wk::fleet {

/// The object in a request's body as JSON: from JSON, YAML or protobuf, by Content-Type. Error::Kind::Unsupported: no
/// such type; BadInput: bytes that are none.
[[nodiscard]] Result<QJsonObject> objectInBody(const QByteArray& contentType, const QByteArray& body);

/// YAML (of which JSON is a part) as JSON.
[[nodiscard]] Result<QJsonValue> jsonFromYaml(const QByteArray& text);

/// A runtime.Unknown with a kind that typed clients (kubectl's own commands) create: fields that such commands set.
[[nodiscard]] Result<QJsonObject> objectFromProtobuf(const QByteArray& body);

} // namespace wk::fleet
