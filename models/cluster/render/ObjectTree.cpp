// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/ObjectTree.h"

#include "cluster/render/JsonReader.h"

#include <QtCore/QCoreApplication>

#include <protozero/pbf_reader.hpp>

#include <stdexcept>

namespace wk::cluster::render {

namespace {

// Blocks beyond this are given back after use; a usual object needs a few hundred nodes.
constexpr std::size_t keptNodes = 100'000;

Error garbage(const char* detail)
{
    return {Error::Kind::Protocol,
            QCoreApplication::translate("wk::Decoder", "The server sent an object that cannot be read"),
            QString::fromUtf8(detail),
            {}};
}

} // namespace

// Nodes

ObjectTree::ObjectTree() = default;
ObjectTree::~ObjectTree() = default;

void ObjectTree::reset()
{
    if (m_nodes.capacity() > keptNodes)
        std::vector<Node>().swap(m_nodes);
    m_nodes.clear();
    m_nodes.resize(2); // 0 means none, 1 is the root
}

std::uint32_t ObjectTree::allocate(std::size_t count)
{
    const std::size_t index = m_nodes.size();
    if (index + count > maxNodes)
        throw std::length_error("an object with too many fields");
    m_nodes.resize(index + count);
    return static_cast<std::uint32_t>(index);
}

void ObjectTree::setText(std::uint32_t index, std::string_view text)
{
    Node& node = m_nodes[index];
    node.kind = Kind::Text;
    node.text = {text.data(), static_cast<std::uint32_t>(text.size())};
}

void ObjectTree::setNumber(std::uint32_t index, Kind kind, std::int64_t value)
{
    Node& node = m_nodes[index];
    node.kind = kind;
    node.number = value;
}

std::uint32_t ObjectTree::openMessage(std::uint32_t index, const Schema& schema)
{
    // A message that comes twice is merged, as protobuf says.
    if (m_nodes[index].kind == Kind::Message && m_nodes[index].message.schema == &schema)
        return m_nodes[index].message.base;
    const std::uint32_t base = allocate(schema.fields.size());
    Node& node = m_nodes[index];
    node.kind = Kind::Message;
    node.message = {&schema, base};
    return base;
}

std::uint32_t ObjectTree::append(std::uint32_t index, Kind kind, std::size_t width)
{
    const std::uint32_t element = allocate(width);
    Node& node = m_nodes[index];
    if (node.kind != kind) {
        node.kind = kind;
        node.list = {element, element, 1};
    } else {
        m_nodes[node.list.tail].next = element;
        node.list.tail = element;
        ++node.list.count;
    }
    return element;
}

// Protobuf

class ProtobufReader
{
public:
    explicit ProtobufReader(ObjectTree& tree) : m_tree(tree) {}

    void message(std::uint32_t index, const Schema& schema, protozero::data_view bytes, int depth)
    {
        if (depth > ObjectTree::maxDepth)
            throw std::length_error("an object nested too deeply");
        const std::uint32_t base = m_tree.openMessage(index, schema);
        protozero::pbf_reader reader{bytes};
        while (reader.next()) {
            const int position = schema.positionOf(reader.tag());
            if (position < 0) {
                reader.skip();
                continue;
            }
            field(base + static_cast<std::uint32_t>(position), schema.fields[static_cast<std::size_t>(position)],
                  reader, depth);
        }
    }

private:
    using Kind = ObjectTree::Kind;
    using Wire = protozero::pbf_wire_type;

    static void require(const protozero::pbf_reader& reader, Wire wire)
    {
        if (!reader.has_wire_type(wire))
            throw std::invalid_argument("a field with the wrong wire type");
    }

    static std::string_view view(protozero::pbf_reader& reader)
    {
        require(reader, Wire::length_delimited);
        const protozero::data_view bytes = reader.get_view();
        return {bytes.data(), bytes.size()};
    }

    static std::int64_t varint(protozero::pbf_reader& reader)
    {
        require(reader, Wire::varint);
        return reader.get_int64();
    }

    void field(std::uint32_t slot, const Field& field, protozero::pbf_reader& reader, int depth)
    {
        switch (field.type) {
        case FieldType::StringMap:
        case FieldType::QuantityMap:
        case FieldType::KeyMap: mapEntry(slot, field.type, view(reader)); return;
        default: scalar(field.repeated ? m_tree.append(slot, Kind::List, 1) : slot, field, reader, depth);
        }
    }

    void scalar(std::uint32_t index, const Field& field, protozero::pbf_reader& reader, int depth)
    {
        switch (field.type) {
        case FieldType::String: m_tree.setText(index, view(reader)); break;
        case FieldType::Bytes:
            m_tree.setNumber(index, Kind::Number, static_cast<std::int64_t>(view(reader).size()));
            break;
        case FieldType::Bool: m_tree.setNumber(index, Kind::Bool, varint(reader) != 0); break;
        case FieldType::Int: m_tree.setNumber(index, Kind::Number, varint(reader)); break;
        case FieldType::Time:
        case FieldType::MicroTime: moment(index, view(reader)); break;
        case FieldType::Quantity: m_tree.setText(index, quantity(view(reader))); break;
        case FieldType::IntOrString: intOrString(index, view(reader)); break;
        default: {
            const std::string_view bytes = view(reader);
            message(index, *field.child, {bytes.data(), bytes.size()}, depth + 1);
        }
        }
    }

    void moment(std::uint32_t index, std::string_view bytes)
    {
        // An unset moment travels as an empty message (metav1.Time.ProtoTime).
        if (bytes.empty())
            return;
        std::int64_t seconds = 0;
        std::int64_t nanos = 0;
        protozero::pbf_reader reader{bytes.data(), bytes.size()};
        while (reader.next()) {
            if (reader.tag() == 1)
                seconds = varint(reader);
            else if (reader.tag() == 2)
                nanos = varint(reader);
            else
                reader.skip();
        }
        // Within the years that people use: no overflow, whatever the bytes.
        constexpr std::int64_t limit = 1'000'000'000'000;
        if (seconds < -limit || seconds > limit || nanos < 0 || nanos >= 1'000'000'000)
            throw std::invalid_argument("a moment out of range");
        m_tree.setNumber(index, Kind::Moment, seconds * 1000 + nanos / 1'000'000);
    }

    static std::string_view quantity(std::string_view bytes)
    {
        std::string_view text;
        protozero::pbf_reader reader{bytes.data(), bytes.size()};
        while (reader.next()) {
            if (reader.tag() == 1)
                text = view(reader);
            else
                reader.skip();
        }
        return text;
    }

    void intOrString(std::uint32_t index, std::string_view bytes)
    {
        std::int64_t type = 0;
        std::int64_t number = 0;
        std::string_view text;
        protozero::pbf_reader reader{bytes.data(), bytes.size()};
        while (reader.next()) {
            if (reader.tag() == 1)
                type = varint(reader);
            else if (reader.tag() == 2)
                number = varint(reader);
            else if (reader.tag() == 3)
                text = view(reader);
            else
                reader.skip();
        }
        if (type == 0)
            m_tree.setNumber(index, Kind::Number, number);
        else
            m_tree.setText(index, text);
    }

    void mapEntry(std::uint32_t slot, FieldType type, std::string_view bytes)
    {
        std::string_view key;
        std::string_view value;
        protozero::pbf_reader reader{bytes.data(), bytes.size()};
        while (reader.next()) {
            if (reader.tag() == 1)
                key = view(reader);
            else if (reader.tag() == 2 && type != FieldType::KeyMap)
                value = type == FieldType::QuantityMap ? quantity(view(reader)) : view(reader);
            else
                reader.skip();
        }
        const std::uint32_t element = m_tree.append(slot, Kind::Map, 2);
        m_tree.setText(element, value);
        m_tree.setText(element + 1, key);
    }

    ObjectTree& m_tree;
};

Result<Value> ObjectTree::decodeProtobuf(const Schema& schema, QByteArrayView bytes)
{
    try {
        reset();
        ProtobufReader(*this).message(1, schema, {bytes.data(), static_cast<std::size_t>(bytes.size())}, 0);
        return Value(this, 1);
    } catch (const std::exception& e) {
        reset();
        return fail(garbage(e.what()));
    }
}

// JSON

Result<Value> ObjectTree::decodeJson(const Schema& schema, QByteArrayView bytes)
{
    try {
        reset();
        if (!m_json)
            m_json = std::make_unique<Json>();
        JsonReader(*this, *m_json).document(schema, bytes);
        return Value(this, 1);
    } catch (const std::exception& e) {
        reset();
        return fail(garbage(e.what()));
    }
}

Result<Value> ObjectTree::decodeJsonMember(QByteArrayView bytes, ChooseFunction choose, void* context)
{
    try {
        reset();
        if (!m_json)
            m_json = std::make_unique<Json>();
        JsonReader(*this, *m_json).event(bytes, choose, context);
        return Value(this, 1);
    } catch (const std::exception& e) {
        reset();
        return fail(garbage(e.what()));
    }
}

// Reading

Value Value::operator[](FieldName field) const
{
    if (!m_tree)
        return {};
    const ObjectTree::Node& node = m_tree->m_nodes[m_index];
    if (node.kind != ObjectTree::Kind::Message)
        return {};
    const int position = node.message.schema->positionOf(field.text, field.hash);
    if (position < 0)
        return {};
    const std::uint32_t index = node.message.base + static_cast<std::uint32_t>(position);
    return m_tree->m_nodes[index].kind == ObjectTree::Kind::Absent ? Value() : Value(m_tree, index);
}

Value Value::at(std::string_view key) const
{
    for (const Value entry : *this) {
        if (entry.key() == key)
            return entry;
    }
    return {};
}

std::string_view Value::text() const
{
    if (!m_tree)
        return {};
    const ObjectTree::Node& node = m_tree->m_nodes[m_index];
    return node.kind == ObjectTree::Kind::Text ? std::string_view(node.text.data, node.text.size) : std::string_view();
}

qint64 Value::integer(qint64 otherwise) const
{
    if (!m_tree)
        return otherwise;
    const ObjectTree::Node& node = m_tree->m_nodes[m_index];
    return node.kind == ObjectTree::Kind::Number ? node.number : otherwise;
}

bool Value::boolean(bool otherwise) const
{
    if (!m_tree)
        return otherwise;
    const ObjectTree::Node& node = m_tree->m_nodes[m_index];
    return node.kind == ObjectTree::Kind::Bool ? node.number != 0 : otherwise;
}

std::optional<qint64> Value::time() const
{
    if (!m_tree || m_tree->m_nodes[m_index].kind != ObjectTree::Kind::Moment)
        return std::nullopt;
    return m_tree->m_nodes[m_index].number;
}

bool Value::isNumber() const { return m_tree && m_tree->m_nodes[m_index].kind == ObjectTree::Kind::Number; }

std::size_t Value::size() const
{
    if (!m_tree)
        return 0;
    const ObjectTree::Node& node = m_tree->m_nodes[m_index];
    return node.kind == ObjectTree::Kind::List || node.kind == ObjectTree::Kind::Map ? node.list.count : 0;
}

std::string_view Value::key() const
{
    if (!m_tree || m_index + 1 >= m_tree->m_nodes.size())
        return {};
    const ObjectTree::Node& node = m_tree->m_nodes[m_index + 1];
    return node.kind == ObjectTree::Kind::Text ? std::string_view(node.text.data, node.text.size) : std::string_view();
}

Value::Iterator Value::begin() const { return {m_tree, size() == 0 ? 0 : m_tree->m_nodes[m_index].list.head}; }

Value::Iterator& Value::Iterator::operator++()
{
    m_index = m_tree->m_nodes[m_index].next;
    return *this;
}

} // namespace wk::cluster::render
