// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/ProtobufWriter.h"

#include "core/Duration.h"

#include <QtCore/QJsonArray>
#include <QtCore/QtEndian>

#include <protozero/pbf_writer.hpp>

#include <cmath>
#include <string>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;
using protozero::pbf_writer;

namespace {

// Deeper schemas do not exist; the depth is theirs, not the input's.
void writeMessage(pbf_writer& out, const Schema& schema, const QJsonObject& object);

std::string utf8(const QJsonValue& value) { return value.toString().toStdString(); }

// A quantity may be written as a JSON number.
std::string quantityText(const QJsonValue& value)
{
    return value.isDouble() ? QString::number(value.toDouble(), 'g', 15).toStdString() : utf8(value);
}

void writeMoment(pbf_writer& out, protozero::pbf_tag_type tag, const QJsonValue& value)
{
    const std::string text = utf8(value);
    const auto ms = parseRfc3339Ms(text);
    if (!ms)
        return;
    std::string message;
    pbf_writer moment{message};
    const qint64 seconds = qint64(std::floor(double(*ms) / 1000.0));
    moment.add_int64(1, seconds);
    moment.add_int32(2, int32_t((*ms - seconds * 1000) * 1'000'000));
    out.add_message(tag, message);
}

void writeQuantity(pbf_writer& out, protozero::pbf_tag_type tag, const QJsonValue& value)
{
    std::string message;
    pbf_writer quantity{message};
    quantity.add_string(1, quantityText(value));
    out.add_message(tag, message);
}

void writeIntOrString(pbf_writer& out, protozero::pbf_tag_type tag, const QJsonValue& value)
{
    std::string message;
    pbf_writer choice{message};
    choice.add_int64(1, value.isString() ? 1 : 0);
    choice.add_int32(2, value.isString() ? 0 : int32_t(value.toInteger()));
    choice.add_string(3, value.isString() ? utf8(value) : std::string());
    out.add_message(tag, message);
}

void writeMap(pbf_writer& out, const Field& field, const QJsonObject& map)
{
    for (auto it = map.begin(); it != map.end(); ++it) {
        std::string message;
        pbf_writer entry{message};
        entry.add_string(1, it.key().toStdString());
        if (field.type == FieldType::QuantityMap)
            writeQuantity(entry, 2, it.value());
        else
            entry.add_string(2, utf8(it.value()));
        out.add_message(field.number, message);
    }
}

void writeOne(pbf_writer& out, const Field& field, const QJsonValue& value)
{
    switch (field.type) {
    case FieldType::String:
        if (value.isString())
            out.add_string(field.number, utf8(value));
        break;
    case FieldType::Bytes:
        if (value.isString())
            out.add_bytes(field.number, QByteArray::fromBase64(value.toString().toLatin1()).toStdString());
        break;
    case FieldType::Bool:
        if (value.isBool())
            out.add_bool(field.number, value.toBool());
        break;
    case FieldType::Int:
        if (value.isDouble())
            out.add_int64(field.number, value.toInteger());
        break;
    case FieldType::Time:
    case FieldType::MicroTime: writeMoment(out, field.number, value); break;
    case FieldType::Quantity: writeQuantity(out, field.number, value); break;
    case FieldType::IntOrString: writeIntOrString(out, field.number, value); break;
    case FieldType::Message:
        if (value.isObject()) {
            std::string message;
            pbf_writer child{message};
            writeMessage(child, *field.child, value.toObject());
            out.add_message(field.number, message);
        }
        break;
    case FieldType::StringMap:
    case FieldType::QuantityMap:
    case FieldType::KeyMap: writeMap(out, field, value.toObject()); break;
    }
}

void writeMessage(pbf_writer& out, const Schema& schema, const QJsonObject& object)
{
    for (const Field& field : schema.fields) {
        const auto it = object.constFind(QLatin1String(field.name.data(), qsizetype(field.name.size())));
        if (it == object.constEnd() || it->isNull())
            continue;
        if (!field.repeated) {
            writeOne(out, field, *it);
            continue;
        }
        const QJsonArray items = it->toArray();
        for (const QJsonValue& item : items)
            writeOne(out, field, item);
    }
}

QByteArray bytes(const std::string& text) { return QByteArray(text.data(), qsizetype(text.size())); }

} // namespace

QByteArray encodeProtobuf(const Schema& schema, const QJsonObject& object)
{
    std::string message;
    pbf_writer out{message};
    writeMessage(out, schema, object);
    return bytes(message);
}

QByteArray protobufEnvelope(const QString& apiVersion, const QString& kind, QByteArrayView message)
{
    std::string typeMeta;
    pbf_writer type{typeMeta};
    type.add_string(1, apiVersion.toStdString());
    type.add_string(2, kind.toStdString());
    std::string envelope("k8s\0", 4);
    pbf_writer unknown{envelope};
    unknown.add_message(1, typeMeta);
    unknown.add_bytes(2, message.data(), size_t(message.size()));
    unknown.add_string(3, "");
    unknown.add_string(4, "");
    return bytes(envelope);
}

QByteArray encodeObject(const ResourceKind& kind, const QJsonObject& object)
{
    const Schema* schema = schemaFor(kind);
    return schema ? protobufEnvelope(kind.apiVersion(), kind.kind, encodeProtobuf(*schema, object)) : QByteArray();
}

QByteArray encodeList(const ResourceKind& kind, const ListMeta& meta, const QList<QByteArray>& items)
{
    std::string metadata;
    pbf_writer listMeta{metadata};
    listMeta.add_string(1, "");
    listMeta.add_string(2, meta.resourceVersion.toStdString());
    listMeta.add_string(3, meta.continueToken.toStdString());
    if (meta.remaining >= 0)
        listMeta.add_int64(4, meta.remaining);
    std::string message;
    pbf_writer list{message};
    list.add_message(1, metadata);
    for (const QByteArray& item : items)
        list.add_message(2, item.constData(), size_t(item.size()));
    return protobufEnvelope(kind.apiVersion(), kind.kind + u"List"_s,
                            QByteArrayView(message.data(), qsizetype(message.size())));
}

QByteArray encodeWatchFrame(QByteArrayView type, QByteArrayView object)
{
    std::string raw;
    pbf_writer extension{raw};
    extension.add_bytes(1, object.data(), size_t(object.size()));
    std::string frame(4, '\0');
    pbf_writer event{frame};
    event.add_string(1, type.data(), size_t(type.size()));
    event.add_message(2, raw);
    qToBigEndian(quint32(frame.size() - 4), frame.data());
    return bytes(frame);
}

QByteArray encodeBookmark(const ResourceKind& kind, const QString& resourceVersion, bool initialEventsEnd)
{
    QJsonObject metadata{{u"resourceVersion"_s, resourceVersion}};
    if (initialEventsEnd)
        metadata.insert(u"annotations"_s, QJsonObject{{u"k8s.io/initial-events-end"_s, u"true"_s}});
    const QByteArray message = encodeProtobuf(metadataOnlySchema(), {{u"metadata"_s, metadata}});
    return protobufEnvelope(kind.apiVersion(), kind.kind, message);
}

QByteArray encodeStatus(const QJsonObject& status)
{
    return protobufEnvelope(u"v1"_s, u"Status"_s, encodeProtobuf(statusSchema(), status));
}

} // namespace wk::cluster::render
