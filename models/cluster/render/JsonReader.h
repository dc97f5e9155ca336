// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/ObjectTree.h"

#include <simdjson.h>

namespace wk::cluster::render {

/// The parser and the padded copy of the document that its views point into.
struct ObjectTree::Json
{
    simdjson::ondemand::parser parser;
    std::vector<char> buffer;
};

/// Fills an ObjectTree from JSON. Internal to ObjectTree.cpp; throws std::exception on anything that is not such an
/// object.
class JsonReader
{
public:
    JsonReader(ObjectTree& tree, ObjectTree::Json& json) : m_tree(tree), m_json(json) {}

    void document(const Schema& schema, QByteArrayView bytes);
    void event(QByteArrayView bytes, ObjectTree::ChooseFunction choose, void* context);

private:
    using Kind = ObjectTree::Kind;
    simdjson::padded_string_view padded(QByteArrayView bytes);
    void object(std::uint32_t index, const Schema& schema, simdjson::ondemand::object object, int depth);
    void field(std::uint32_t slot, const Field& field, simdjson::ondemand::value value, int depth);
    void one(std::uint32_t index, const Field& field, simdjson::ondemand::value value, int depth);
    void map(std::uint32_t slot, FieldType type, simdjson::ondemand::object object);
    std::string_view textOrNumber(simdjson::ondemand::value value);

    ObjectTree& m_tree;
    ObjectTree::Json& m_json;
};

} // namespace wk::cluster::render
