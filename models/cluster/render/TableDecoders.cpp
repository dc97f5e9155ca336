// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/TableDecoders.h"

#include "cluster/render/Cells.h"
#include "cluster/render/Message.h"
#include "cluster/render/WatchTypes.h"

#include <cstring>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;
namespace ondemand = simdjson::ondemand;

namespace {

using Source = TableLayout::Source;

std::unexpected<Error> malformed(const char* detail)
{
    return fail(Error::Kind::Protocol, words("The server's table cannot be read"), QString::fromUtf8(detail));
}

// {"object": {"metadata": ...}} of a row.
const Schema& rowSchema()
{
    static const Message row("TableRow", object(1, "object", metadataOnlySchema()));
    return row;
}

Cell jsonCell(ondemand::value value)
{
    switch (value.type()) {
    case ondemand::json_type::string: return shared(value.get_string());
    case ondemand::json_type::number: {
        const ondemand::number number = value.get_number();
        if (number.is_int64())
            return qint64(number.get_int64());
        return number.as_double();
    }
    case ondemand::json_type::boolean: return value.get_bool() ? u"true"_s : u"false"_s;
    case ondemand::json_type::null: return QString();
    case ondemand::json_type::array:
    case ondemand::json_type::object:
        // What kubectl would print in Go's own notation; a table of a server has no such cells.
        return u"..."_s;
    }
    return QString();
}

bool isOneOf(const QString& word, std::initializer_list<QStringView> words)
{
    for (const QStringView candidate : words) {
        if (word.compare(candidate, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

Health healthOfWord(const QString& word)
{
    if (isOneOf(word, {u"Ready", u"Running", u"Active", u"Available", u"Bound", u"Healthy", u"Synced", u"Succeeded",
                       u"Success", u"Complete", u"Completed", u"Established", u"Deployed", u"OK", u"True", u"Up",
                       u"Applied", u"Reconciled"}))
        return Health::Good;
    if (isOneOf(word, {u"Failed", u"Failure", u"Error", u"NotReady", u"Unhealthy", u"Lost", u"Invalid", u"False",
                       u"Down", u"CrashLoopBackOff"}))
        return Health::Bad;
    if (isOneOf(word, {u"Degraded", u"Warning", u"Stalled", u"OutOfSync"}))
        return Health::Warning;
    if (isOneOf(word, {u"Pending", u"Progressing", u"Creating", u"Provisioning", u"Updating", u"Terminating",
                       u"Deleting", u"Waiting", u"Reconciling", u"Suspended", u"Paused", u"Scaling", u"Initializing"}))
        return Health::Info;
    return word.compare(u"Unknown", Qt::CaseInsensitive) == 0 ? Health::Unknown : Health::None;
}

// "2/3"
std::optional<Verdict> ratioVerdict(const QString& text)
{
    const qsizetype slash = text.indexOf(u'/');
    if (slash <= 0)
        return std::nullopt;
    bool ok = false;
    bool okOf = false;
    const qint64 value = text.first(slash).toLongLong(&ok);
    const qint64 of = text.sliced(slash + 1).toLongLong(&okOf);
    if (!ok || !okOf)
        return std::nullopt;
    if (value >= of)
        return Verdict{Health::Good, {}};
    return Verdict{value == 0 ? Health::Bad : Health::Warning, words("%1 of %2 are ready").arg(value).arg(of)};
}

QString textOf(const table::Row& row, int column)
{
    const auto* text = column < 0 ? nullptr : std::get_if<QString>(&row.cells[size_t(column)]);
    return text ? *text : QString();
}

Verdict tableVerdict(const TableLayout& layout, const table::Row& row)
{
    Verdict verdict;
    for (const int column : {layout.ready, layout.status}) {
        const QString word = textOf(row, column);
        if (word.isEmpty())
            continue;
        if (auto ratio = ratioVerdict(word)) {
            if (ratio->health != Health::Good || verdict.health == Health::None)
                verdict = *ratio;
            continue;
        }
        const Health health = healthOfWord(word);
        const bool worse = verdict.health == Health::None || verdict.health == Health::Good;
        if (health != Health::None && worse)
            verdict = {health, health == Health::Good ? QString() : layout.columns[column].title + u": "_s + word};
    }
    return verdict;
}

} // namespace

// Rows

Result<void> TableRows::readCells(QByteArrayView json)
{
    m_cells.clear();
    const auto size = size_t(json.size());
    m_buffer.resize(size + simdjson::SIMDJSON_PADDING);
    if (size > 0)
        std::memcpy(m_buffer.data(), json.data(), size);
    std::memset(m_buffer.data() + size, ' ', simdjson::SIMDJSON_PADDING);
    try {
        ondemand::document document =
            m_parser.iterate(simdjson::padded_string_view(m_buffer.data(), size, m_buffer.size()));
        for (auto cell : document.get_object().find_field_unordered("cells").get_array())
            m_cells.push_back(jsonCell(cell.value()));
        return {};
    } catch (const std::exception& e) {
        return malformed(e.what());
    }
}

Result<Decoded> TableRows::row(const TableLayout& layout, QByteArrayView json)
{
    if (auto cells = readCells(json); !cells)
        return std::unexpected(cells.error());
    auto tree = m_tree.decodeJson(rowSchema(), json);
    if (!tree)
        return std::unexpected(tree.error());
    return build(layout, (*tree)["object"]["metadata"]);
}

Result<Decoded> TableRows::object(const TableLayout& layout, QByteArrayView json)
{
    m_cells.clear();
    auto tree = m_tree.decodeJson(metadataOnlySchema(), json);
    if (!tree)
        return std::unexpected(tree.error());
    return build(layout, (*tree)["metadata"]);
}

Result<Decoded> TableRows::build(const TableLayout& layout, const Value& meta)
{
    auto row = std::make_shared<table::Row>();
    row->id = own(meta["uid"].text());
    row->name = own(meta["name"].text());
    row->space = shared(meta["namespace"].text());
    if (row->name.isEmpty())
        return malformed("a row without an object's name");
    // Some aggregated servers serve objects that are made up on the fly and have no uid (metrics.k8s.io).
    const QString key = objectKey(row->space, row->name);
    if (row->id.isEmpty())
        row->id = key;
    Context context;
    context.meta = meta;
    row->cells.reserve(layout.entries.size());
    for (const TableLayout::Entry& entry : layout.entries) {
        const bool has = entry.cell >= 0 && size_t(entry.cell) < m_cells.size();
        switch (entry.source) {
        case Source::Cell: {
            Cell cell = has ? m_cells[size_t(entry.cell)] : Cell();
            if (const auto* number = std::get_if<qint64>(&cell))
                cell = QString::number(*number);
            else if (const auto* real = std::get_if<double>(&cell))
                cell = QString::number(*real, 'g', 15);
            row->cells.push_back(std::move(cell));
            break;
        }
        case Source::Number: {
            const bool number = has && !std::holds_alternative<QString>(m_cells[size_t(entry.cell)]);
            row->cells.push_back(number ? m_cells[size_t(entry.cell)] : Cell());
            break;
        }
        case Source::Name: row->cells.push_back(row->name); break;
        case Source::Namespace: row->cells.push_back(row->space); break;
        case Source::Created: row->cells.push_back(momentCell(meta["creationTimestamp"].time())); break;
        case Source::Labels: row->cells.push_back(noneIfEmpty(formatLabels(meta["labels"]))); break;
        case Source::Owner: row->cells.push_back(ownerCell(meta)); break;
        case Source::Deadline: row->cells.push_back(momentCell(meta["deletionTimestamp"].time())); break;
        }
    }
    const auto deletion = deletionVerdict(context);
    Verdict verdict = deletion ? *deletion : tableVerdict(layout, *row);
    row->health = verdict.health;
    row->reason = std::move(verdict.reason);
    return Decoded{key, own(meta["resourceVersion"].text()), std::move(row)};
}

// List

Result<void> TableListDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    m_sink = &sink;
    const auto result = m_splitter.feed(bytes, *this);
    m_sink = nullptr;
    return result;
}

Result<ListEnd> TableListDecoder::finish(const Sink&)
{
    if (!m_splitter.ended())
        return malformed("it was cut off");
    m_renderer->defineGeneric();
    return m_end;
}

JsonSplitter::Use TableListDecoder::use(std::string_view member) const
{
    if (member == "rows" || member == "items")
        return JsonSplitter::Use::Elements;
    const bool wanted = member == "metadata" || member == "kind" || member == "columnDefinitions";
    return wanted ? JsonSplitter::Use::Whole : JsonSplitter::Use::Skip;
}

Result<void> TableListDecoder::whole(std::string_view member, QByteArrayView value)
{
    if (member == "kind") {
        const std::string_view kind = unquoted(value);
        if (kind != "Table" && !kind.ends_with("List"))
            return malformed("it is neither a table nor a list");
        return {};
    }
    if (member == "columnDefinitions")
        return m_renderer->define(value);
    auto meta = m_tree.decodeJson(listMetaSchema(), value);
    if (!meta)
        return std::unexpected(meta.error());
    m_end = readListMeta(*meta);
    return {};
}

Result<void> TableListDecoder::element(std::string_view member, QByteArrayView value)
{
    if (member == "items")
        m_renderer->defineGeneric();
    const auto layout = m_renderer->layout();
    if (!layout)
        return malformed("its rows come before its columns");
    auto decoded = member == "rows" ? m_rows.row(*layout, value) : m_rows.object(*layout, value);
    if (!decoded)
        return std::unexpected(decoded.error());
    (*m_sink)(std::move(*decoded));
    return {};
}

// Watch

namespace {

// The members of an object that are wanted whole, and the elements of its rows.
class Members final : public JsonSplitter::Handler
{
public:
    using Element = std::function<Result<void>(QByteArrayView)>;
    explicit Members(std::initializer_list<std::string_view> wanted) : m_wanted(wanted) {}

    std::map<std::string, QByteArray, std::less<>> found;
    std::vector<QByteArray> rows;

    [[nodiscard]] JsonSplitter::Use use(std::string_view member) const override
    {
        if (member == "rows" && m_rows)
            return JsonSplitter::Use::Elements;
        const bool wanted = std::find(m_wanted.begin(), m_wanted.end(), member) != m_wanted.end();
        return wanted ? JsonSplitter::Use::Whole : JsonSplitter::Use::Skip;
    }
    Result<void> whole(std::string_view member, QByteArrayView value) override
    {
        found[std::string(member)] = value.toByteArray();
        return {};
    }
    Result<void> element(std::string_view, QByteArrayView value) override
    {
        rows.push_back(value.toByteArray());
        return {};
    }
    void wantRows() { m_rows = true; }

private:
    std::vector<std::string_view> m_wanted;
    bool m_rows = false;
};

} // namespace

Result<void> TableWatchDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    return m_documents.feed(bytes, [&](QByteArrayView whole) { return document(whole, sink); });
}

Result<void> TableWatchDecoder::document(QByteArrayView bytes, const Sink& sink)
{
    Members members{"type", "object"};
    if (auto result = JsonSplitter().feed(bytes, members); !result)
        return result;
    WatchEvent event;
    event.type = eventType(unquoted(members.found["type"]));
    const QByteArray object = members.found["object"];
    switch (event.type) {
    case WatchEvent::Type::Error: {
        auto status = m_tree.decodeJson(statusSchema(), object);
        if (!status)
            return std::unexpected(status.error());
        event.status = readStatus(*status);
        break;
    }
    case WatchEvent::Type::Bookmark: {
        auto meta = m_tree.decodeJson(metadataOnlySchema(), object);
        if (!meta)
            return std::unexpected(meta.error());
        readBookmark(*meta, event);
        break;
    }
    case WatchEvent::Type::Unknown: break;
    default: return table(object, event.type, sink);
    }
    sink(std::move(event));
    return {};
}

Result<void> TableWatchDecoder::table(QByteArrayView object, WatchEvent::Type type, const Sink& sink)
{
    Members members{"kind", "columnDefinitions"};
    members.wantRows();
    if (auto result = JsonSplitter().feed(object, members); !result)
        return result;
    const bool isTable = unquoted(members.found["kind"]) == "Table";
    if (isTable) {
        if (auto result = m_renderer->define(members.found["columnDefinitions"]); !result)
            return result;
    } else {
        m_renderer->defineGeneric();
    }
    const auto layout = m_renderer->layout();
    if (!layout)
        return malformed("its rows come before its columns");
    const auto deliver = [&](Result<Decoded> decoded) -> Result<void> {
        if (!decoded)
            return std::unexpected(decoded.error());
        WatchEvent event;
        event.type = type;
        event.object = std::move(*decoded);
        sink(std::move(event));
        return {};
    };
    if (!isTable)
        return deliver(m_rows.object(*layout, object));
    for (const QByteArray& row : members.rows) {
        if (auto result = deliver(m_rows.row(*layout, row)); !result)
            return result;
    }
    return {};
}

} // namespace wk::cluster::render
