// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/TableRenderer.h"

#include <simdjson.h>

namespace wk::cluster::render {

/// Turns rows of a Table, and objects that came without one, into rows of ours.
class TableRows
{
public:
    /// One element of "rows": {"cells": [...], "object": {"metadata": {...}}}.
    [[nodiscard]] Result<Decoded> row(const TableLayout& layout, QByteArrayView json);
    /// An object itself.
    [[nodiscard]] Result<Decoded> object(const TableLayout& layout, QByteArrayView json);

private:
    Result<void> readCells(QByteArrayView json);
    [[nodiscard]] Result<Decoded> build(const TableLayout& layout, const Value& meta);

    ObjectTree m_tree;
    simdjson::ondemand::parser m_parser;
    std::vector<char> m_buffer;
    std::vector<table::Cell> m_cells;
};

/// A Table, or a list, as JSON.
class TableListDecoder final : public ListDecoder, private JsonSplitter::Handler
{
public:
    explicit TableListDecoder(std::shared_ptr<const TableRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] Result<ListEnd> finish(const Sink& sink) override;

private:
    [[nodiscard]] JsonSplitter::Use use(std::string_view member) const override;
    Result<void> whole(std::string_view member, QByteArrayView value) override;
    Result<void> element(std::string_view member, QByteArrayView value) override;

    std::shared_ptr<const TableRenderer> m_renderer;
    JsonSplitter m_splitter;
    TableRows m_rows;
    ObjectTree m_tree;
    const Sink* m_sink = nullptr; ///< during feed()
    ListEnd m_end;
};

/// A watch whose objects are Tables of one row.
class TableWatchDecoder final : public WatchDecoder
{
public:
    explicit TableWatchDecoder(std::shared_ptr<const TableRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] bool inFrame() const override { return m_documents.inDocument(); }

private:
    Result<void> document(QByteArrayView bytes, const Sink& sink);
    Result<void> table(QByteArrayView object, WatchEvent::Type type, const Sink& sink);

    std::shared_ptr<const TableRenderer> m_renderer;
    JsonDocuments m_documents;
    TableRows m_rows;
    ObjectTree m_tree;
};

} // namespace wk::cluster::render
