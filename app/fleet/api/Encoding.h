// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/ObjectStore.h"
#include "fleet/world/Resources.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <functional>
#include <optional>

namespace wk::fleet {

/// What the client wants an answer to look like (Accept).
enum class Format { Json, Protobuf, Table, Metadata };

/// The first clause of Accept that this server can serve for the kind; nullopt: 406. `protobuf` says whether the kind
/// has one.
[[nodiscard]] std::optional<Format> negotiate(const QByteArray& accept, bool protobuf, bool views = true);
/// True where the kind can travel as protobuf.
[[nodiscard]] bool hasProtobuf(const Resource& resource);

/// metav1.Status as the API server forms it.
[[nodiscard]] QJsonObject statusObject(int code, const QString& reason, const QString& message,
                                       const QJsonObject& details = {});

struct ListEnvelope
{
    QString resourceVersion;
    QString continueToken;
    qint64 remaining = -1;
};

/// Turns objects into bytes in one format for one kind. Encodings of an object are made once and kept with it.
class Encoder
{
public:
    enum class Include { None, Metadata, Object };
    /// `definition` is the CRD of a custom kind; `now` gives the time that ages count from.
    Encoder(const Resource& resource, Format format, QJsonObject definition, std::function<qint64()> now,
            Include include = Include::Metadata);

    [[nodiscard]] QByteArray contentType(bool watch) const;
    [[nodiscard]] QByteArray object(const ObjectPtr& object) const;
    /// A list, in pieces; returns nothing when it is complete.
    [[nodiscard]] std::function<QByteArray()> list(std::vector<ObjectPtr> objects, const ListEnvelope& envelope) const;
    [[nodiscard]] QByteArray watchEvent(QByteArrayView type, const ObjectPtr& object);
    [[nodiscard]] QByteArray bookmark(qint64 revision, bool initialEventsEnd) const;
    [[nodiscard]] QByteArray errorEvent(const QJsonObject& status) const;
    [[nodiscard]] QByteArray status(const QJsonObject& status) const;

private:
    [[nodiscard]] const QByteArray& message(const Object& object) const;  ///< protobuf, without envelope
    [[nodiscard]] const QByteArray& bareJson(const Object& object) const; ///< without kind and apiVersion
    [[nodiscard]] QByteArray fullJson(const Object& object) const;
    [[nodiscard]] QJsonObject tableRow(const Object& object) const;
    [[nodiscard]] QJsonObject metadataOnly(const Object& object) const;
    [[nodiscard]] std::function<QByteArray()> protobufList(std::vector<ObjectPtr> objects,
                                                           const ListEnvelope& envelope) const;

    Resource m_resource;
    Format m_format;
    QJsonObject m_definition;
    std::function<qint64()> m_now;
    Include m_include;
    QJsonArray m_columns;
    mutable QByteArray m_converted; ///< the last object in a version that is not stored
    bool m_columnsSent = false;     ///< only the first event of a watch carries them
};

} // namespace wk::fleet
