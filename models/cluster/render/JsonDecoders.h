// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/BuiltInRenderer.h"
#include "cluster/render/JsonSplitter.h"

#include <functional>

namespace wk::cluster::render {

/// A JSON list of a built-in kind: {"kind": "PodList", "metadata": {...}, "items": [...]} with its members in any
/// order.
class JsonListDecoder final : public ListDecoder, private JsonSplitter::Handler
{
public:
    explicit JsonListDecoder(std::shared_ptr<const BuiltInRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] Result<ListEnd> finish(const Sink& sink) override;

private:
    [[nodiscard]] JsonSplitter::Use use(std::string_view member) const override;
    Result<void> whole(std::string_view member, QByteArrayView value) override;
    Result<void> element(std::string_view member, QByteArrayView value) override;

    std::shared_ptr<const BuiltInRenderer> m_renderer;
    ObjectTree m_tree;
    JsonSplitter m_splitter;
    const Sink* m_sink = nullptr; ///< during feed()
    ListEnd m_end;
};

/// Cuts a stream into its JSON documents, one after another, with any white space between them.
class JsonDocuments
{
public:
    using Sink = std::function<Result<void>(QByteArrayView)>;
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink);
    [[nodiscard]] bool inDocument() const { return m_inDocument; }

private:
    JsonValueScanner m_scanner;
    std::string m_pending;
    bool m_inDocument = false;
};

/// A JSON watch of a built-in kind: {"type": "ADDED", "object": {...}} one after another.
class JsonWatchDecoder final : public WatchDecoder
{
public:
    explicit JsonWatchDecoder(std::shared_ptr<const BuiltInRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] bool inFrame() const override { return m_documents.inDocument(); }

private:
    Result<void> document(QByteArrayView bytes, const Sink& sink);

    std::shared_ptr<const BuiltInRenderer> m_renderer;
    ObjectTree m_tree;
    JsonDocuments m_documents;
};

/// A kind that must end with "List" or be what is expected; a quoted JSON text.
[[nodiscard]] std::string_view unquoted(QByteArrayView json);

} // namespace wk::cluster::render
