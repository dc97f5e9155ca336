// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "cluster/render/Schema.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonObject>
#include <QtCore/QList>

namespace wk::cluster::render {

// Writes what the decoders read: for the simulated fleet and for tests. Formats:
// k8s.io/apimachinery/pkg/runtime/serializer/protobuf (magic "k8s\0" and runtime.Unknown), runtime/generated.proto,
// apis/meta/v1/generated.proto (WatchEvent), serializer/streaming (4 bytes big-endian length before each frame).

/// The fields of `object` that `schema` knows, as a protobuf message. Fields of the wrong JSON type are left out.
[[nodiscard]] QByteArray encodeProtobuf(const Schema& schema, const QJsonObject& object);

/// "k8s\0" and a runtime.Unknown around a message.
[[nodiscard]] QByteArray protobufEnvelope(const QString& apiVersion, const QString& kind, QByteArrayView message);

/// One object of a built-in kind with its envelope: the body of a GET, or a watch event's object. Empty where the kind
/// has no schema.
[[nodiscard]] QByteArray encodeObject(const ResourceKind& kind, const QJsonObject& object);

/// metadata of a list.
struct ListMeta
{
    QString resourceVersion;
    QString continueToken;
    qint64 remaining = -1; ///< remainingItemCount; left out where negative
};

/// A whole list response: `items` are messages without envelope (encodeProtobuf).
[[nodiscard]] QByteArray encodeList(const ResourceKind& kind, const ListMeta& meta, const QList<QByteArray>& items);

/// One frame of a watch stream, its length included. `type` is ADDED, MODIFIED, DELETED, BOOKMARK or ERROR; `object`
/// has its envelope.
[[nodiscard]] QByteArray encodeWatchFrame(QByteArrayView type, QByteArrayView object);

/// A bookmark's object: a kind's object with nothing but a resource version, and the annotation that ends the initial
/// events.
[[nodiscard]] QByteArray encodeBookmark(const ResourceKind& kind, const QString& resourceVersion,
                                        bool initialEventsEnd = false);

/// metav1.Status with its envelope.
[[nodiscard]] QByteArray encodeStatus(const QJsonObject& status);

} // namespace wk::cluster::render
