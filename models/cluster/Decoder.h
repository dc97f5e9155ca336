// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "core/Result.h"
#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QByteArray>

#include <functional>
#include <memory>

namespace wk::cluster {

/// An object that came over the wire, reduced to what a table needs. The bytes it came from are gone.
struct Decoded
{
    QString key; ///< "namespace/name", or "name" for cluster-scoped objects: the identity in a list and a watch
    QString resourceVersion; ///< opaque
    table::RowPtr row;       ///< its id is the uid
};

/// metadata of a list, known when the list has ended.
struct ListEnd
{
    QString resourceVersion;
    QString continueToken; ///< empty: the list is complete
    qint64 remaining = -1; ///< remainingItemCount, -1 where not given
};

/// metav1.Status: how the API server says no.
struct Status
{
    int code = 0;
    QString reason; ///< "Expired", "Forbidden", ...
    QString message;
    QStringList causes; ///< reasons in details.causes ("ResourceVersionTooLarge")
    qint64 retryAfterSeconds = -1;
};

struct WatchEvent
{
    enum class Type { Added, Modified, Deleted, Bookmark, Error, Unknown };
    Type type = Type::Unknown;
    Decoded object;                ///< Bookmark: only resourceVersion is set
    bool initialEventsEnd = false; ///< a bookmark annotated k8s.io/initial-events-end
    Status status;                 ///< of an Error event
};

/// Decodes the body of one list response while it arrives. Never keeps more than one item's bytes. Rejects garbage with
/// Error::Kind::Protocol; an item larger than 16 MiB or nested deeper than 64 levels counts as garbage.
class ListDecoder
{
public:
    using Sink = std::function<void(Decoded&&)>;
    virtual ~ListDecoder() = default;
    [[nodiscard]] virtual Result<void> feed(QByteArrayView bytes, const Sink& sink) = 0;
    /// To be called at the end of the body. Fails where the body was cut off.
    [[nodiscard]] virtual Result<ListEnd> finish(const Sink& sink) = 0;
};

/// Decodes a watch stream: length-delimited protobuf frames, or JSON documents one after another.
class WatchDecoder
{
public:
    using Sink = std::function<void(WatchEvent&&)>;
    virtual ~WatchDecoder() = default;
    [[nodiscard]] virtual Result<void> feed(QByteArrayView bytes, const Sink& sink) = 0;
    /// True while the last frame is incomplete: an end of stream now is a truncation.
    [[nodiscard]] virtual bool inFrame() const = 0;
};

/// What differs between servers and between uses of a table.
struct RenderOptions
{
    int serverMinor = 0;      ///< of version 1.x; 0 where unknown: newest forms
    bool extraColumns = true; ///< false leaves Column::extra columns (labels, owner, ...) out: less work for `get`
};

/// How the objects of one kind become rows: its columns and its decoders. Immutable, shared, usable from any thread.
/// Built-in kinds have their own, rendered from protobuf or JSON fields; every other kind takes its columns from the
/// server's Table.
class Renderer
{
public:
    virtual ~Renderer() = default;
    /// Columns of the rows. For a Table-backed kind empty until the first response was decoded.
    [[nodiscard]] virtual table::Columns columns() const = 0;
    /// Value of the Accept header for a list and for a watch, best first.
    [[nodiscard]] virtual QByteArray listAccept() const = 0;
    [[nodiscard]] virtual QByteArray watchAccept() const = 0;
    /// False where the kind's watch must not ask for bookmarks or a streamed list (Table).
    [[nodiscard]] virtual bool supportsBookmarks() const = 0;
    /// Decoder for a response with that Content-Type; an Error::Kind::Protocol where it is none this kind can read.
    [[nodiscard]] virtual Result<std::unique_ptr<ListDecoder>> listDecoder(QByteArrayView contentType) const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<WatchDecoder>> watchDecoder(QByteArrayView contentType) const = 0;
};

/// The renderer for a kind as the server serves it.
[[nodiscard]] std::shared_ptr<const Renderer> rendererFor(const ResourceKind& kind, const RenderOptions& options);

/// True where the kind (at any version) is rendered by ourselves, from protobuf on the wire.
[[nodiscard]] bool isBuiltIn(const ResourceKind& kind);

/// The built-in kinds in the order of the cluster panel, with a version to try before discovery has answered.
[[nodiscard]] const QList<ResourceKind>& builtInKinds();

/// Reads a metav1.Status body, JSON or protobuf; nullopt where it is none.
[[nodiscard]] std::optional<Status> decodeStatus(QByteArrayView contentType, QByteArrayView body);

/// The Error a person sees for an HTTP response that is not 2xx: what was asked, what the server said, what to do.
[[nodiscard]] Error errorFromResponse(int httpStatus, QByteArrayView contentType, QByteArrayView body,
                                      const QString& what);

} // namespace wk::cluster
