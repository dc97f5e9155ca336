// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/JsonReader.h"

#include "core/Duration.h"

#include <cstring>
#include <stdexcept>

namespace wk::cluster::render {

namespace ondemand = simdjson::ondemand;

namespace {
constexpr std::size_t keptBytes = 1 << 20;
}

simdjson::padded_string_view JsonReader::padded(QByteArrayView bytes)
{
    const auto size = static_cast<std::size_t>(bytes.size());
    std::vector<char>& buffer = m_json.buffer;
    if (buffer.capacity() > keptBytes && size < keptBytes) {
        std::vector<char>().swap(buffer);
        m_json.parser = ondemand::parser();
    }
    buffer.resize(size + simdjson::SIMDJSON_PADDING);
    if (size > 0)
        std::memcpy(buffer.data(), bytes.data(), size);
    std::memset(buffer.data() + size, ' ', simdjson::SIMDJSON_PADDING);
    return simdjson::padded_string_view(buffer.data(), size, buffer.size());
}

void JsonReader::document(const Schema& schema, QByteArrayView bytes)
{
    ondemand::document document = m_json.parser.iterate(padded(bytes));
    object(1, schema, document.get_object(), 0);
}

void JsonReader::event(QByteArrayView bytes, ObjectTree::ChooseFunction choose, void* context)
{
    ondemand::document document = m_json.parser.iterate(padded(bytes));
    ondemand::object event = document.get_object();
    const std::string_view type = event.find_field_unordered("type").get_string();
    const Schema* schema = choose(context, type);
    if (schema)
        object(1, *schema, event.find_field_unordered("object").get_object(), 0);
}

void JsonReader::object(std::uint32_t index, const Schema& schema, ondemand::object object, int depth)
{
    if (depth > ObjectTree::maxDepth)
        throw std::length_error("an object nested too deeply");
    const std::uint32_t base = m_tree.openMessage(index, schema);
    for (auto member : object) {
        const std::string_view name = member.unescaped_key();
        const int position = schema.positionOf(name, nameHash(name));
        if (position >= 0)
            field(base + static_cast<std::uint32_t>(position), schema.fields[static_cast<std::size_t>(position)],
                  member.value(), depth);
    }
}

void JsonReader::field(std::uint32_t slot, const Field& field, ondemand::value value, int depth)
{
    if (value.is_null())
        return;
    if (!field.repeated) {
        one(slot, field, value, depth);
        return;
    }
    for (auto element : value.get_array())
        one(m_tree.append(slot, Kind::List, 1), field, element.value(), depth);
}

void JsonReader::one(std::uint32_t index, const Field& field, ondemand::value value, int depth)
{
    switch (field.type) {
    case FieldType::String: m_tree.setText(index, value.get_string()); break;
    case FieldType::Bytes: {
        const std::string_view base64 = value.get_string();
        m_tree.setNumber(index, Kind::Number, static_cast<std::int64_t>(base64.size() / 4 * 3));
        break;
    }
    case FieldType::Bool: m_tree.setNumber(index, Kind::Bool, bool(value.get_bool())); break;
    case FieldType::Int: m_tree.setNumber(index, Kind::Number, int64_t(value.get_int64())); break;
    case FieldType::Time:
    case FieldType::MicroTime: {
        const auto ms = parseRfc3339Ms(value.get_string());
        if (!ms)
            throw std::invalid_argument("a moment that is none");
        m_tree.setNumber(index, Kind::Moment, *ms);
        break;
    }
    case FieldType::Quantity: m_tree.setText(index, textOrNumber(value)); break;
    case FieldType::IntOrString:
        if (value.type() == ondemand::json_type::number)
            m_tree.setNumber(index, Kind::Number, int64_t(value.get_int64()));
        else
            m_tree.setText(index, value.get_string());
        break;
    case FieldType::Message: object(index, *field.child, value.get_object(), depth + 1); break;
    case FieldType::StringMap:
    case FieldType::QuantityMap:
    case FieldType::KeyMap: map(index, field.type, value.get_object()); break;
    }
}

void JsonReader::map(std::uint32_t slot, FieldType type, ondemand::object object)
{
    for (auto member : object) {
        const std::string_view key = member.unescaped_key();
        const std::uint32_t element = m_tree.append(slot, Kind::Map, 2);
        m_tree.setText(element + 1, key);
        std::string_view text;
        if (type == FieldType::QuantityMap)
            text = textOrNumber(member.value());
        else if (type == FieldType::StringMap)
            text = member.value().get_string();
        m_tree.setText(element, text);
    }
}

// A quantity may be written as a bare number: its own characters are the text.
std::string_view JsonReader::textOrNumber(ondemand::value value)
{
    if (value.type() != ondemand::json_type::number)
        return value.get_string();
    std::string_view token = value.raw_json_token();
    while (!token.empty() &&
           (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
        token.remove_suffix(1);
    return token;
}

} // namespace wk::cluster::render
