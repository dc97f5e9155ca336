// SPDX-License-Identifier: GPL-3.0-or-later
// How schemas are written down: a message is its name and its fields, a field is its number and its JSON name.
#pragma once

#include "cluster/render/Schema.h"

#include <concepts>

namespace wk::cluster::render {

constexpr Field text(int number, std::string_view name) { return {number, name, FieldType::String}; }
constexpr Field texts(int number, std::string_view name) { return text(number, name).list(); }
constexpr Field flag(int number, std::string_view name) { return {number, name, FieldType::Bool}; }
constexpr Field integer(int number, std::string_view name) { return {number, name, FieldType::Int}; }
constexpr Field time(int number, std::string_view name) { return {number, name, FieldType::Time}; }
constexpr Field microTime(int number, std::string_view name) { return {number, name, FieldType::MicroTime}; }
constexpr Field quantity(int number, std::string_view name) { return {number, name, FieldType::Quantity}; }
constexpr Field intOrString(int number, std::string_view name) { return {number, name, FieldType::IntOrString}; }
constexpr Field textMap(int number, std::string_view name) { return {number, name, FieldType::StringMap}; }
constexpr Field quantityMap(int number, std::string_view name) { return {number, name, FieldType::QuantityMap}; }
constexpr Field keyMap(int number, std::string_view name) { return {number, name, FieldType::KeyMap}; }
constexpr Field object(int number, std::string_view name, const Schema& of) { return {number, name, of}; }
constexpr Field objects(int number, std::string_view name, const Schema& of) { return Field(number, name, of).list(); }

/// Holds the fields, so that they are there before the schema over them.
template <std::size_t count>
struct MessageFields
{
    std::array<Field, count> own;
};

/// A schema that owns its fields. Of static storage: others point to it.
template <std::size_t count>
class Message : private MessageFields<count>, public Schema
{
public:
    explicit constexpr Message(std::string_view messageName, const std::same_as<Field> auto&... messageFields)
        : MessageFields<count>{{messageFields...}}, Schema(messageName, this->own)
    {
    }
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
};
template <class... Fields>
Message(std::string_view, const Fields&...) -> Message<sizeof...(Fields)>;

} // namespace wk::cluster::render
