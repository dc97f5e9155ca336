// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/TableRenderer.h"

#include "cluster/render/Cells.h"
#include "cluster/render/TableDecoders.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = table::Column::Kind;
using Source = TableLayout::Source;

void add(TableLayout& layout, table::Column column, Source source, int cell = -1)
{
    const QString base = column.id;
    for (int n = 2; table::indexOfColumn(layout.columns, column.id) >= 0; ++n)
        column.id = base + u'-' + QString::number(n);
    layout.columns.append(std::move(column));
    layout.entries.push_back({source, cell});
}

bool tellsStatus(const QString& id) { return id == u"status" || id == u"phase" || id == u"state" || id == u"health"; }

// One columnDefinition of the server.
void addServerColumn(TableLayout& layout, const QJsonObject& definition, int cell)
{
    const QString title = definition.value(u"name"_s).toString();
    const QString type = definition.value(u"type"_s).toString();
    table::Column column{columnId(title),
                         title,
                         Kind::Text,
                         definition.value(u"priority"_s).toInt() > 0,
                         definition.value(u"description"_s).toString().simplified(),
                         false};
    Source source = Source::Cell;
    if (definition.value(u"format"_s).toString() == u"name" && column.id == u"name") {
        source = Source::Name;
    } else if (type == u"date" && column.id == u"age") {
        // The server has already turned it into words that age with the list: the object's own moment stays right.
        source = Source::Created;
        column.kind = Kind::Age;
    } else if (type == u"date" && column.id == u"created-at") {
        source = Source::Created;
        column.kind = Kind::Moment;
    } else if (type == u"integer" || type == u"number") {
        source = Source::Number;
        column.kind = Kind::Number;
    } else if (tellsStatus(column.id)) {
        column.kind = Kind::Status;
        if (layout.status < 0)
            layout.status = int(layout.columns.size());
    } else if (column.id == u"ready" && layout.ready < 0) {
        layout.ready = int(layout.columns.size());
    }
    add(layout, std::move(column), source, cell);
}

void addFront(TableLayout& layout, bool namespaced)
{
    if (namespaced)
        add(layout, {u"namespace"_s, u"Namespace"_s, Kind::Text, false, {}, false}, Source::Namespace);
}

void addExtras(TableLayout& layout, bool wanted)
{
    if (!wanted)
        return;
    add(layout, {u"labels"_s, u"Labels"_s, Kind::Labels, true, {}, true}, Source::Labels);
    add(layout, {u"owner"_s, u"Owner"_s, Kind::Text, true, {}, true}, Source::Owner);
    // The server's own column may be words that age with the list.
    add(layout, {u"creation-time"_s, u"Creation Time"_s, Kind::Moment, true, {}, true}, Source::Created);
    add(layout, {u"deletion-deadline"_s, u"Deletion Deadline"_s, Kind::Moment, true, {}, true}, Source::Deadline);
}

} // namespace

TableRenderer::TableRenderer(ResourceKind kind, const RenderOptions& options)
    : m_kind(std::move(kind)), m_options(options)
{
}

table::Columns TableRenderer::columns() const
{
    const auto current = layout();
    return current ? current->columns : table::Columns();
}

QByteArray TableRenderer::listAccept() const { return "application/json;as=Table;g=meta.k8s.io;v=v1,application/json"; }

Result<std::unique_ptr<ListDecoder>> TableRenderer::listDecoder(QByteArrayView contentType) const
{
    if (mediaType(contentType) != "application/json")
        return unreadable(contentType);
    return std::make_unique<TableListDecoder>(shared_from_this());
}

Result<std::unique_ptr<WatchDecoder>> TableRenderer::watchDecoder(QByteArrayView contentType) const
{
    if (mediaType(contentType) != "application/json")
        return unreadable(contentType);
    return std::make_unique<TableWatchDecoder>(shared_from_this());
}

Result<void> TableRenderer::define(QByteArrayView definitions) const
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray(definitions.data(), definitions.size()));
    const QJsonArray array = document.array();
    if (array.isEmpty())
        return {}; // later events of a watch bring none
    auto made = std::make_shared<TableLayout>();
    addFront(*made, m_kind.namespaced);
    int cell = 0;
    for (const QJsonValue& definition : array)
        addServerColumn(*made, definition.toObject(), cell++);
    addExtras(*made, m_options.extraColumns);
    setLayout(std::move(made));
    return {};
}

void TableRenderer::defineGeneric() const
{
    if (layout())
        return;
    auto made = std::make_shared<TableLayout>();
    addFront(*made, m_kind.namespaced);
    add(*made, {u"name"_s, u"Name"_s, Kind::Text, false, {}, false}, Source::Name);
    add(*made, {u"age"_s, u"Age"_s, Kind::Age, false, {}, false}, Source::Created);
    addExtras(*made, m_options.extraColumns);
    setLayout(std::move(made));
}

std::shared_ptr<const TableLayout> TableRenderer::layout() const
{
    const QMutexLocker lock(&m_mutex);
    return m_layout;
}

void TableRenderer::setLayout(std::shared_ptr<const TableLayout> layout) const
{
    const QMutexLocker lock(&m_mutex);
    m_layout = std::move(layout);
}

} // namespace wk::cluster::render
