// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/Decoder.h"
#include "cluster/render/KubectlText.h"
#include "cluster/render/ProtobufWriter.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

namespace wk::test {

inline constexpr char protobufType[] = "application/vnd.kubernetes.protobuf";
inline constexpr char protobufWatchType[] = "application/vnd.kubernetes.protobuf;stream=watch";
inline constexpr char jsonType[] = "application/json";
/// Ten minutes after completed() objects were created: 2026-11-20T08:10:00Z.
inline constexpr qint64 testNowMs = 1'795'162'200'000;

inline QByteArray data(const QString& name)
{
    QFile file(QStringLiteral(TEST_DATA "/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no test data %s", qPrintable(name));
    return file.readAll();
}

/// A built-in kind by its plural, at another version where one is given.
inline cluster::ResourceKind kindOf(const QString& resource, const QString& version = {})
{
    for (cluster::ResourceKind kind : cluster::builtInKinds()) {
        if (kind.resource == resource) {
            if (!version.isEmpty())
                kind.version = version;
            return kind;
        }
    }
    qFatal("no kind %s", qPrintable(resource));
    return {};
}

inline cluster::ResourceKind customKind(const QString& resource, const QString& kind, bool namespaced)
{
    cluster::ResourceKind custom;
    custom.group = QStringLiteral("watch.example");
    custom.version = QStringLiteral("v1");
    custom.resource = resource;
    custom.kind = kind;
    custom.namespaced = namespaced;
    return custom;
}

/// What came out of a list: rows, its end, or the error and what came before it.
struct Listed
{
    std::vector<cluster::Decoded> rows;
    Result<cluster::ListEnd> end = cluster::ListEnd{};
};

/// Feeds `bytes` in pieces of `piece` bytes (0: whole).
inline Listed list(const cluster::Renderer& renderer, const char* type, QByteArrayView bytes, qsizetype piece = 0)
{
    Listed listed;
    auto decoder = renderer.listDecoder(type);
    if (!decoder) {
        listed.end = std::unexpected(decoder.error());
        return listed;
    }
    const auto sink = [&](cluster::Decoded&& decoded) { listed.rows.push_back(std::move(decoded)); };
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype size = piece > 0 ? std::min(piece, bytes.size() - at) : bytes.size();
        if (auto fed = (*decoder)->feed(bytes.sliced(at, size), sink); !fed) {
            listed.end = std::unexpected(fed.error());
            return listed;
        }
        at += size;
    }
    listed.end = (*decoder)->finish(sink);
    return listed;
}

struct Watched
{
    std::vector<cluster::WatchEvent> events;
    Result<void> result;
    bool inFrame = false;
};

inline Watched watch(const cluster::Renderer& renderer, const char* type, QByteArrayView bytes, qsizetype piece = 0)
{
    Watched watched;
    auto decoder = renderer.watchDecoder(type);
    if (!decoder) {
        watched.result = std::unexpected(decoder.error());
        return watched;
    }
    const auto sink = [&](cluster::WatchEvent&& event) { watched.events.push_back(std::move(event)); };
    for (qsizetype at = 0; at < bytes.size() && watched.result;) {
        const qsizetype size = piece > 0 ? std::min(piece, bytes.size() - at) : bytes.size();
        watched.result = (*decoder)->feed(bytes.sliced(at, size), sink);
        at += size;
    }
    watched.inFrame = (*decoder)->inFrame();
    return watched;
}

inline bool sameRows(const std::vector<cluster::Decoded>& a, const std::vector<cluster::Decoded>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const cluster::Decoded& x, const cluster::Decoded& y) {
        return x.key == y.key && x.resourceVersion == y.resourceVersion && x.row->id == y.row->id &&
               x.row->sameContent(*y.row);
    });
}

/// The object with a name, a namespace, a uid and a resource version where it has none.
inline QJsonObject completed(const QByteArray& json, bool namespaced)
{
    QJsonParseError error;
    QJsonObject object = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        qFatal("bad JSON in a test: %s in %s", qPrintable(error.errorString()), json.constData());
    QJsonObject meta = object[QStringLiteral("metadata")].toObject();
    const auto preset = [&](const QString& key, const QString& value) {
        if (!meta.contains(key))
            meta.insert(key, value);
    };
    preset(QStringLiteral("name"), QStringLiteral("api-1"));
    if (namespaced)
        preset(QStringLiteral("namespace"), QStringLiteral("shop"));
    preset(QStringLiteral("uid"), QStringLiteral("uid-1"));
    preset(QStringLiteral("resourceVersion"), QStringLiteral("7"));
    preset(QStringLiteral("creationTimestamp"), QStringLiteral("2026-11-20T08:00:00Z"));
    object[QStringLiteral("metadata")] = meta;
    return object;
}

/// One object's row, decoded from JSON and from protobuf; both must be the same. Null where they are not.
inline table::RowPtr rendered(const cluster::Renderer& renderer, const cluster::ResourceKind& kind,
                              const QByteArray& json)
{
    const QJsonObject object = completed(json, kind.namespaced);
    const QByteArray document =
        "{\"type\":\"ADDED\",\"object\":" + QJsonDocument(object).toJson(QJsonDocument::Compact) + "}";
    const Watched fromJson = watch(renderer, jsonType, document);
    const Watched fromProtobuf =
        watch(renderer, protobufWatchType,
              cluster::render::encodeWatchFrame("ADDED", cluster::render::encodeObject(kind, object)));
    if (!fromJson.result || !fromProtobuf.result || fromJson.events.size() != 1 || fromProtobuf.events.size() != 1) {
        qWarning("not decoded: %s", qPrintable((fromJson.result ? fromProtobuf : fromJson).result.error().detail));
        return {};
    }
    const table::RowPtr row = fromJson.events.front().object.row;
    if (!row->sameContent(*fromProtobuf.events.front().object.row)) {
        qWarning("the encodings differ: \"%s\" and \"%s\"", qPrintable(row->reason),
                 qPrintable(fromProtobuf.events.front().object.row->reason));
        return {};
    }
    return row;
}

/// The cell of that column as kubectl prints it.
inline QString printed(const cluster::Renderer& renderer, const table::Row& row, QStringView column,
                       qint64 nowMs = testNowMs, int minor = 0)
{
    const table::Columns columns = renderer.columns();
    const int index = table::indexOfColumn(columns, column);
    return index < 0 ? QStringLiteral("no such column")
                     : cluster::render::kubectlText(columns, row, index, nowMs, minor);
}

} // namespace wk::test
