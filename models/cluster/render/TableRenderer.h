// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/JsonDecoders.h"

#include <QtCore/QMutex>

namespace wk::cluster::render {

/// The columns of a server's Table, and how a row's cells become ours. Immutable once made.
struct TableLayout
{
    enum class Source { Cell, Number, Name, Namespace, Created, Labels, Owner, Deadline };
    struct Entry
    {
        Source source = Source::Cell;
        int cell = -1; ///< position among the server's cells
    };
    table::Columns columns;
    std::vector<Entry> entries;
    int status = -1; ///< our column that tells the health, -1 where none does
    int ready = -1;
};

/// Every kind that is not built in: rows and columns as the server prints them (metav1.Table), health from a column
/// whose words are known. Where a server sends no Table but the objects themselves, there are name and age. Decoders of
/// one renderer share its columns: a watch sends them only once.
class TableRenderer final : public Renderer, public std::enable_shared_from_this<TableRenderer>
{
public:
    TableRenderer(ResourceKind kind, const RenderOptions& options);

    [[nodiscard]] table::Columns columns() const override;
    [[nodiscard]] QByteArray listAccept() const override;
    [[nodiscard]] QByteArray watchAccept() const override { return listAccept(); }
    [[nodiscard]] bool supportsBookmarks() const override { return false; }
    [[nodiscard]] Result<std::unique_ptr<ListDecoder>> listDecoder(QByteArrayView contentType) const override;
    [[nodiscard]] Result<std::unique_ptr<WatchDecoder>> watchDecoder(QByteArrayView contentType) const override;

    /// Takes over columnDefinitions (a JSON array).
    Result<void> define(QByteArrayView definitions) const;
    /// Columns for objects that come without a Table, where none are known yet.
    void defineGeneric() const;
    [[nodiscard]] std::shared_ptr<const TableLayout> layout() const;

private:
    void setLayout(std::shared_ptr<const TableLayout> layout) const;

    ResourceKind m_kind;
    RenderOptions m_options;
    mutable QMutex m_mutex;
    mutable std::shared_ptr<const TableLayout> m_layout;
};

} // namespace wk::cluster::render
