// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/KindSpec.h"

namespace wk::cluster::render {

/// A built-in kind at one version for one server: columns, and rows from either encoding. Immutable.
class BuiltInRenderer final : public Renderer, public std::enable_shared_from_this<BuiltInRenderer>
{
public:
    BuiltInRenderer(ResourceKind kind, const RenderOptions& options, const Schema& schema, KindSpec spec);

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] QByteArray listAccept() const override;
    [[nodiscard]] QByteArray watchAccept() const override;
    [[nodiscard]] bool supportsBookmarks() const override { return true; }
    [[nodiscard]] Result<std::unique_ptr<ListDecoder>> listDecoder(QByteArrayView contentType) const override;
    [[nodiscard]] Result<std::unique_ptr<WatchDecoder>> watchDecoder(QByteArrayView contentType) const override;

    [[nodiscard]] const Schema& schema() const { return m_schema; }
    /// The row of an object that was decoded with schema(). Fails where it has no name or no uid.
    [[nodiscard]] Result<Decoded> render(const Value& object) const;

private:
    ResourceKind m_kind;
    RenderOptions m_options;
    const Schema& m_schema;
    KindSpec m_spec;
    table::Columns m_columns;
};

/// "namespace/name", or "name".
[[nodiscard]] QString objectKey(const QString& space, const QString& name);
/// The media type of a Content-Type, without parameters, lower-case.
[[nodiscard]] QByteArray mediaType(QByteArrayView contentType);
/// A media type that no decoder reads.
[[nodiscard]] std::unexpected<Error> unreadable(QByteArrayView contentType);

} // namespace wk::cluster::render
