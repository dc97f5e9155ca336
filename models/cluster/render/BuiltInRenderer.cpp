// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/BuiltInRenderer.h"

#include "cluster/render/Cells.h"
#include "cluster/render/JsonDecoders.h"
#include "cluster/render/ProtobufDecoders.h"

#include <algorithm>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

// What every kind has besides its own.
void addCommonExtras(KindSpec& spec)
{
    // deletionTimestamp is the moment at which the object should be gone: the grace period is already in it.
    spec.addExtras({
        column(u"Labels"_s, Column::Kind::Labels, labelsAt<"metadata", "labels">),
        column(
            u"Owner"_s, Column::Kind::Text, [](const Context& c) { return ownerCell(c.meta); },
            "Who made it: kind and name"),
        column(u"Deletion Deadline"_s, Column::Kind::Moment, momentAt<"metadata", "deletionTimestamp">,
               "When it should be gone, for objects that are being deleted"),
    });
}

} // namespace

QString objectKey(const QString& space, const QString& name) { return space.isEmpty() ? name : space + u'/' + name; }

QByteArray mediaType(QByteArrayView contentType)
{
    const auto end = std::find(contentType.begin(), contentType.end(), ';');
    return QByteArray(contentType.data(), end - contentType.begin()).trimmed().toLower();
}

std::unexpected<Error> unreadable(QByteArrayView contentType)
{
    return fail(
        Error::Kind::Protocol,
        words("The server answered in a format that cannot be read: %1")
            .arg(contentType.isEmpty() ? words("no content type") : QString::fromUtf8(contentType)),
        {},
        words("Check that the address is a Kubernetes API server and no proxy or login page answers in its place."));
}

BuiltInRenderer::BuiltInRenderer(ResourceKind kind, const RenderOptions& options, const Schema& schema, KindSpec spec)
    : m_kind(std::move(kind)), m_options(options), m_schema(schema), m_spec(std::move(spec))
{
    if (m_kind.namespaced) {
        m_spec.columns.insert(m_spec.columns.begin(),
                              column(u"Namespace"_s, Column::Kind::Text, textAt<"metadata", "namespace">));
    }
    if (m_options.extraColumns)
        addCommonExtras(m_spec);
    for (const ColumnSpec& entry : m_spec.columns)
        m_columns.append(entry.column);
}

QByteArray BuiltInRenderer::listAccept() const { return "application/vnd.kubernetes.protobuf,application/json"; }

QByteArray BuiltInRenderer::watchAccept() const
{
    return "application/vnd.kubernetes.protobuf;stream=watch,application/json;stream=watch,application/json";
}

Result<Decoded> BuiltInRenderer::render(const Value& object) const
{
    Context context;
    context.object = object;
    context.meta = object["metadata"];
    context.options = &m_options;
    auto row = std::make_shared<table::Row>();
    row->id = own(context.meta["uid"].text());
    row->name = own(context.meta["name"].text());
    row->space = shared(context.meta["namespace"].text());
    if (row->id.isEmpty() || row->name.isEmpty())
        return fail(Error::Kind::Protocol, words("The server sent an object without a name or a uid"));
    if (m_spec.prepare)
        m_spec.prepare(context);
    row->cells.reserve(m_spec.columns.size());
    for (const ColumnSpec& entry : m_spec.columns)
        row->cells.push_back(entry.cell ? entry.cell(context) : Cell(row->name));
    Verdict verdict;
    if (m_spec.verdict)
        verdict = m_spec.verdict(context);
    else if (auto deletion = deletionVerdict(context))
        verdict = *deletion;
    row->health = verdict.health;
    row->reason = std::move(verdict.reason);
    Decoded decoded;
    decoded.key = objectKey(row->space, row->name);
    decoded.resourceVersion = own(context.meta["resourceVersion"].text());
    decoded.row = std::move(row);
    return decoded;
}

Result<std::unique_ptr<ListDecoder>> BuiltInRenderer::listDecoder(QByteArrayView contentType) const
{
    const QByteArray type = mediaType(contentType);
    if (type == "application/vnd.kubernetes.protobuf")
        return std::make_unique<ProtobufListDecoder>(shared_from_this());
    if (type == "application/json")
        return std::make_unique<JsonListDecoder>(shared_from_this());
    return unreadable(contentType);
}

Result<std::unique_ptr<WatchDecoder>> BuiltInRenderer::watchDecoder(QByteArrayView contentType) const
{
    const QByteArray type = mediaType(contentType);
    if (type == "application/vnd.kubernetes.protobuf")
        return std::make_unique<ProtobufWatchDecoder>(shared_from_this());
    if (type == "application/json")
        return std::make_unique<JsonWatchDecoder>(shared_from_this());
    return unreadable(contentType);
}

} // namespace wk::cluster::render
