// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Encoding.h"

#include "cluster/render/ProtobufWriter.h"
#include "fleet/api/Versions.h"
#include "fleet/sheets/Tables.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace render = wk::cluster::render;

namespace {

constexpr qsizetype pieceBytes = 256 * 1024;

wk::cluster::ResourceKind kindOf(const Resource& r)
{
    return {r.group, r.version, r.resource, r.kind, r.singular, r.shortNames, r.categories, r.verbs, r.namespaced};
}

QByteArray varint(quint64 n)
{
    QByteArray out;
    while (n >= 0x80) {
        out += char(n | 0x80);
        n >>= 7;
    }
    return out + char(n);
}

QByteArray field(int number, const QByteArray& bytes)
{
    return varint(quint64(number) << 3 | 2) + varint(quint64(bytes.size())) + bytes;
}

QJsonObject listMetadata(const ListEnvelope& e)
{
    QJsonObject m{{u"resourceVersion"_s, e.resourceVersion}};
    if (!e.continueToken.isEmpty())
        m[u"continue"_s] = e.continueToken;
    if (e.remaining > 0)
        m[u"remainingItemCount"_s] = e.remaining;
    return m;
}

} // namespace

bool hasProtobuf(const Resource& r)
{
    return isStoredVersion(r) && !r.custom && !r.virtualKind && render::schemaFor(kindOf(r)) != nullptr;
}

std::optional<Format> negotiate(const QByteArray& accept, bool protobuf, bool views)
{
    if (accept.trimmed().isEmpty())
        return Format::Json;
    for (const QByteArray& clause : accept.split(',')) {
        const QList<QByteArray> parts = clause.split(';');
        const QByteArray type = parts.first().trimmed().toLower();
        QByteArray as, version = "v1";
        for (qsizetype i = 1; i < parts.size(); ++i) {
            const QByteArray p = parts[i].trimmed();
            if (p.startsWith("as="))
                as = p.mid(3);
            else if (p.startsWith("v="))
                version = p.mid(2);
        }
        const bool json = type == "application/json" || type == "*/*" || type == "application/*";
        const bool wire = type == "application/vnd.kubernetes.protobuf" && protobuf;
        if (as.isEmpty() && json)
            return Format::Json;
        if (as.isEmpty() && wire)
            return Format::Protobuf;
        if (!views || version != "v1" || !json)
            continue;
        if (as == "Table")
            return Format::Table;
        if (as == "PartialObjectMetadata" || as == "PartialObjectMetadataList")
            return Format::Metadata;
    }
    return std::nullopt;
}

QJsonObject statusObject(int code, const QString& reason, const QString& message, const QJsonObject& details)
{
    QJsonObject s{{u"kind"_s, u"Status"_s},
                  {u"apiVersion"_s, u"v1"_s},
                  {u"metadata"_s, QJsonObject()},
                  {u"status"_s, u"Failure"_s},
                  {u"message"_s, message},
                  {u"reason"_s, reason},
                  {u"code"_s, code}};
    if (!details.isEmpty())
        s[u"details"_s] = details;
    return s;
}

Encoder::Encoder(const Resource& resource, Format format, QJsonObject definition, std::function<qint64()> now,
                 Include include)
    : m_resource(resource), m_format(format), m_definition(std::move(definition)), m_now(std::move(now)),
      m_include(include)
{
    if (format == Format::Table)
        m_columns = tableColumns(m_resource, m_definition);
}

QByteArray Encoder::contentType(bool watch) const
{
    if (m_format == Format::Protobuf)
        return watch ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/vnd.kubernetes.protobuf";
    return "application/json";
}

const QByteArray& Encoder::message(const Object& o) const
{
    if (o.protoBytes.isEmpty())
        o.protoBytes = render::encodeProtobuf(*render::schemaFor(kindOf(m_resource)), o.json);
    return o.protoBytes;
}

const QByteArray& Encoder::bareJson(const Object& o) const
{
    if (!isStoredVersion(m_resource)) {
        QJsonObject bare = inVersion(m_resource, o.json);
        bare.remove(u"kind"_s);
        bare.remove(u"apiVersion"_s);
        m_converted = compact(bare);
        return m_converted;
    }
    if (o.jsonBytes.isEmpty()) {
        QJsonObject bare = o.json;
        bare.remove(u"kind"_s);
        bare.remove(u"apiVersion"_s);
        o.jsonBytes = compact(bare);
    }
    return o.jsonBytes;
}

QByteArray Encoder::fullJson(const Object& o) const
{
    return R"({"kind":")" + m_resource.kind.toUtf8() + R"(","apiVersion":")" + m_resource.apiVersion().toUtf8() +
           "\"," + bareJson(o).mid(1);
}

QJsonObject Encoder::metadataOnly(const Object& o) const
{
    return {{u"kind"_s, u"PartialObjectMetadata"_s},
            {u"apiVersion"_s, u"meta.k8s.io/v1"_s},
            {u"metadata"_s, o.json.value(u"metadata")}};
}

QJsonObject Encoder::tableRow(const Object& o) const
{
    QJsonObject row{{u"cells"_s, tableCells(m_resource, m_definition, o.json, m_now())}};
    if (m_include == Include::Metadata)
        row[u"object"_s] = metadataOnly(o);
    else if (m_include == Include::Object)
        row[u"object"_s] = o.json;
    return row;
}

QByteArray Encoder::object(const ObjectPtr& o) const
{
    switch (m_format) {
    case Format::Json: return fullJson(*o);
    case Format::Protobuf: return render::protobufEnvelope(m_resource.apiVersion(), m_resource.kind, message(*o));
    case Format::Metadata: return compact(metadataOnly(*o));
    case Format::Table: break;
    }
    return compact({{u"kind"_s, u"Table"_s},
                    {u"apiVersion"_s, u"meta.k8s.io/v1"_s},
                    {u"metadata"_s, QJsonObject{{u"resourceVersion"_s, QString::number(o->revision)}}},
                    {u"columnDefinitions"_s, m_columns},
                    {u"rows"_s, QJsonArray{tableRow(*o)}}});
}

/// runtime.Unknown carries its length in front, so every item is encoded before the first byte leaves; the bytes
/// themselves are not copied together.
std::function<QByteArray()> Encoder::protobufList(std::vector<ObjectPtr> objects, const ListEnvelope& e) const
{
    QByteArray metadata = field(1, {}) + field(2, e.resourceVersion.toUtf8()) + field(3, e.continueToken.toUtf8());
    if (e.remaining > 0)
        metadata += varint(4 << 3) + varint(quint64(e.remaining));
    metadata = field(1, metadata);
    auto messages = std::make_shared<std::vector<QByteArray>>();
    messages->reserve(objects.size());
    quint64 total = quint64(metadata.size());
    for (const ObjectPtr& o : objects) {
        messages->push_back(message(*o));
        const quint64 size = quint64(messages->back().size());
        total += size + 1 + quint64(varint(size).size());
    }
    const QByteArray typeMeta =
        field(1, m_resource.apiVersion().toUtf8()) + field(2, m_resource.kind.toUtf8() + "List");
    const QByteArray head = QByteArray("k8s\0", 4) + field(1, typeMeta) + varint(2 << 3 | 2) + varint(total) + metadata;
    return [messages, head, next = std::size_t(0), started = false, ended = false]() mutable {
        QByteArray piece;
        if (!std::exchange(started, true))
            piece = head;
        while (next < messages->size() && piece.size() < pieceBytes)
            piece += field(2, (*messages)[next++]);
        if (next == messages->size() && !ended) {
            ended = true;
            piece += field(3, {}) + field(4, {}); // contentEncoding, contentType
        }
        return piece;
    };
}

std::function<QByteArray()> Encoder::list(std::vector<ObjectPtr> objects, const ListEnvelope& e) const
{
    if (m_format == Format::Protobuf)
        return protobufList(std::move(objects), e);
    QByteArray head = "{\"kind\":\"";
    if (m_format == Format::Table)
        head += "Table\",\"apiVersion\":\"meta.k8s.io/v1\"";
    else if (m_format == Format::Metadata)
        head += "PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\"";
    else
        head += m_resource.kind.toUtf8() + "List\",\"apiVersion\":\"" + m_resource.apiVersion().toUtf8() + '"';
    head += ",\"metadata\":" + compact(listMetadata(e));
    if (m_format == Format::Table)
        head += ",\"columnDefinitions\":" + QJsonDocument(m_columns).toJson(QJsonDocument::Compact) + ",\"rows\":[";
    else
        head += ",\"items\":[";
    return [self = *this, objects = std::move(objects), head, next = std::size_t(0), started = false,
            ended = false]() mutable {
        QByteArray piece;
        if (!std::exchange(started, true))
            piece = head;
        while (next < objects.size() && piece.size() < pieceBytes) {
            const Object& o = *objects[next];
            if (next++ > 0)
                piece += ',';
            switch (self.m_format) {
            case Format::Table: piece += compact(self.tableRow(o)); break;
            case Format::Metadata: piece += compact(self.metadataOnly(o)); break;
            default: piece += self.m_resource.custom ? self.fullJson(o) : self.bareJson(o); break;
            }
        }
        if (next == objects.size() && !std::exchange(ended, true))
            piece += "]}\n";
        return piece;
    };
}

QByteArray Encoder::watchEvent(QByteArrayView type, const ObjectPtr& o)
{
    if (m_format == Format::Protobuf)
        return render::encodeWatchFrame(type, object(o));
    const QByteArray bytes = object(o);
    if (m_format == Format::Table && !std::exchange(m_columnsSent, true))
        m_columns = {};
    return "{\"type\":\"" + type.toByteArray() + "\",\"object\":" + bytes + "}\n";
}

QByteArray Encoder::bookmark(qint64 revision, bool initialEventsEnd) const
{
    const QString rv = QString::number(revision);
    if (m_format == Format::Protobuf)
        return render::encodeWatchFrame("BOOKMARK", render::encodeBookmark(kindOf(m_resource), rv, initialEventsEnd));
    QJsonObject metadata{{u"resourceVersion"_s, rv}, {u"creationTimestamp"_s, QJsonValue::Null}};
    if (initialEventsEnd)
        metadata[u"annotations"_s] = QJsonObject{{u"k8s.io/initial-events-end"_s, u"true"_s}};
    QJsonObject o{{u"kind"_s, m_resource.kind}, {u"apiVersion"_s, m_resource.apiVersion()}, {u"metadata"_s, metadata}};
    if (m_format == Format::Table)
        o = QJsonObject{{u"kind"_s, u"Table"_s},
                        {u"apiVersion"_s, u"meta.k8s.io/v1"_s},
                        {u"metadata"_s, QJsonObject{{u"resourceVersion"_s, rv}}},
                        {u"columnDefinitions"_s, QJsonValue::Null},
                        {u"rows"_s, QJsonArray{QJsonObject{{u"cells"_s, QJsonArray()}, {u"object"_s, o}}}}};
    return "{\"type\":\"BOOKMARK\",\"object\":" + compact(o) + "}\n";
}

QByteArray Encoder::errorEvent(const QJsonObject& s) const
{
    if (m_format == Format::Protobuf)
        return render::encodeWatchFrame("ERROR", render::encodeStatus(s));
    return "{\"type\":\"ERROR\",\"object\":" + compact(s) + "}\n";
}

QByteArray Encoder::status(const QJsonObject& s) const
{
    return m_format == Format::Protobuf ? render::encodeStatus(s) : compact(s) + '\n';
}

} // namespace wk::fleet
