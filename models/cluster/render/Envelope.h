// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

#include <string_view>

namespace wk::cluster::render {

/// runtime.Unknown: what stands around every protobuf object. Views into the bytes given.
struct Envelope
{
    std::string_view apiVersion;
    std::string_view kind;
    QByteArrayView raw;
};

inline constexpr std::string_view protobufMagic{"k8s\0", 4};

/// Opens "k8s\0" + runtime.Unknown. Error::Kind::Protocol where it is none, or where the object inside is compressed.
[[nodiscard]] Result<Envelope> openEnvelope(QByteArrayView bytes);

/// A TypeMeta message {apiVersion = 1, kind = 2}. Throws protozero's exceptions.
void readTypeMeta(std::string_view bytes, Envelope& envelope);

/// metav1.WatchEvent {type = 1, object = 2 {raw = 1}}.
struct ProtobufEvent
{
    std::string_view type;
    QByteArrayView object; ///< with its envelope
};
[[nodiscard]] Result<ProtobufEvent> openEvent(QByteArrayView frame);

} // namespace wk::cluster::render
