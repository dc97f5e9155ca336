// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>

namespace wk::changes {

/// What a text of foreign origin may cost.
struct JsonLimits
{
    qsizetype bytes = 1 << 20;
    int depth = 64;
    qsizetype values = 100'000; ///< objects, arrays and scalars together
};

/// The largest integer that a plan may hold, either sign: every reader of JSON keeps it exactly (RFC 8259 §6).
inline constexpr qint64 maxJsonInteger = 1LL << 53;

/// Reads exactly one JSON text (RFC 8259), strictly: UTF-8 without mistakes, no member twice, no surrogate alone, no
/// U+0000 (PostgreSQL stores none), numbers only as integers up to maxJsonInteger. Fails with BadInput and says where.
/// The hash of a plan is taken over what this accepts, so two readers must never see two meanings in one text.
[[nodiscard]] Result<QJsonValue> parseJson(QByteArrayView text, const JsonLimits& limits = {});

/// The one way to write a value (RFC 8785): no blanks, members sorted by UTF-16 code units, the shortest escapes.
/// Fails with BadInput on what parseJson() would not accept: a fraction, an integer too large, half a character.
[[nodiscard]] Result<QByteArray> canonicalJson(const QJsonValue& value);

/// SHA-256 in lower-case hexadecimal digits.
[[nodiscard]] QByteArray sha256Hex(QByteArrayView bytes);

} // namespace wk::changes
