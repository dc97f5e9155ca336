// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/Schema.h"
#include "core/Result.h"

#include <QtCore/QByteArray>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace wk::cluster::render {

class ObjectTree;

/// A field's name with its hash, computed by the compiler.
struct FieldName
{
    std::string_view text;
    std::uint32_t hash;
    consteval FieldName(const char* name) : text(name), hash(nameHash(text)) {}
};

/// A place in an ObjectTree: a message, a list, a map, a scalar, or nothing at all. Reading a field of nothing gives
/// nothing, so `object["status"]["phase"].text()` needs no checks. Valid until the tree decodes its next object.
class Value
{
public:
    Value() = default;

    /// The field of a message; nothing where it is absent or the schema does not read it.
    [[nodiscard]] Value operator[](FieldName field) const;
    /// The value of a map's key; nothing where it is absent.
    [[nodiscard]] Value at(std::string_view key) const;

    [[nodiscard]] bool exists() const { return m_tree != nullptr; }
    /// String, Quantity, a textual IntOrString, a map's value; empty otherwise. UTF-8 where the server is honest.
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] bool is(std::string_view other) const { return text() == other; }
    /// Int, a numeric IntOrString, the length of Bytes.
    [[nodiscard]] qint64 integer(qint64 otherwise = 0) const;
    [[nodiscard]] bool boolean(bool otherwise = false) const;
    /// Time and MicroTime in milliseconds since the epoch.
    [[nodiscard]] std::optional<qint64> time() const;
    /// True for an IntOrString that holds a number.
    [[nodiscard]] bool isNumber() const;
    /// Elements of a list, entries of a map.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool isEmpty() const { return size() == 0; }

    /// Over the elements of a list or the entries of a map.
    class Iterator
    {
    public:
        Iterator(const ObjectTree* tree, std::uint32_t index) : m_tree(tree), m_index(index) {}
        [[nodiscard]] Value operator*() const { return Value(m_tree, m_index); }
        Iterator& operator++();
        [[nodiscard]] bool operator!=(const Iterator& other) const { return m_index != other.m_index; }

    private:
        const ObjectTree* m_tree;
        std::uint32_t m_index;
    };
    [[nodiscard]] Iterator begin() const;
    [[nodiscard]] Iterator end() const { return {m_tree, 0}; }

    /// Of a map's entry: its key. (text() is its value.)
    [[nodiscard]] std::string_view key() const;

    /// Canonical JSON of everything that is known, without default values: two encodings of one object give the same.
    [[nodiscard]] QByteArray toJson() const;

private:
    friend class ObjectTree;
    friend class Iterator;
    friend class ObjectDump;
    Value(const ObjectTree* tree, std::uint32_t index) : m_tree(tree), m_index(index) {}

    const ObjectTree* m_tree = nullptr;
    std::uint32_t m_index = 0;
};

/// One Kubernetes object reduced to the fields of its schema, from either encoding. Nodes live in one growing block
/// that is reused for the next object; texts are views into the bytes given (protobuf) or into the JSON parser's
/// buffer. Decoding a pod allocates nothing once the block has grown.
class ObjectTree
{
public:
    ObjectTree();
    ~ObjectTree();
    ObjectTree(const ObjectTree&) = delete;
    ObjectTree& operator=(const ObjectTree&) = delete;

    /// `bytes` must outlive the reading of values. Fails with Error::Kind::Protocol on bytes that are no such message.
    [[nodiscard]] Result<Value> decodeProtobuf(const Schema& schema, QByteArrayView bytes);
    /// `bytes` may go once this has returned.
    [[nodiscard]] Result<Value> decodeJson(const Schema& schema, QByteArrayView bytes);
    /// The objects's member `member` of a JSON document, with its schema chosen by the text of the member `type` next
    /// to it: a watch event. `choose` gets that text and returns the schema.
    template <typename Choose>
    [[nodiscard]] Result<Value> decodeJsonEvent(QByteArrayView bytes, Choose&& choose)
    {
        return decodeJsonMember(
            bytes,
            [](void* context, std::string_view type) -> const Schema* {
                return (*static_cast<std::remove_reference_t<Choose>*>(context))(type);
            },
            &choose);
    }

    static constexpr int maxDepth = 64;
    /// An object with more nodes than this is garbage: etcd takes no object above 1.5 MB.
    static constexpr std::size_t maxNodes = 2'000'000;

private:
    friend class Value;
    friend class Value::Iterator;
    friend class ProtobufReader;
    friend class JsonReader;
    friend class ObjectDump;

    enum class Kind : std::uint8_t { Absent, Text, Number, Bool, Moment, Message, List, Map };

    struct Node
    {
        Kind kind = Kind::Absent;
        std::uint32_t next = 0; ///< next element of the list or map that this is an element of; 0 ends
        union {
            struct
            {
                const char* data;
                std::uint32_t size;
            } text;
            std::int64_t number;
            struct
            {
                const Schema* schema;
                std::uint32_t base; ///< index of the first of schema->fields.size() nodes
            } message;
            struct
            {
                std::uint32_t head, tail, count;
            } list; ///< a map's element is two nodes: the value, then the key
        };
        Node() : text{nullptr, 0} {}
    };

    void reset();
    /// Index of `count` new absent nodes; throws where the object is too large.
    std::uint32_t allocate(std::size_t count);
    void setText(std::uint32_t index, std::string_view text);
    void setNumber(std::uint32_t index, Kind kind, std::int64_t value);
    /// Makes the node a message (or leaves it one) and returns its first slot.
    std::uint32_t openMessage(std::uint32_t index, const Schema& schema);
    /// Appends an element of `width` nodes to the list or map at `index`.
    std::uint32_t append(std::uint32_t index, Kind kind, std::size_t width);

    using ChooseFunction = const Schema* (*)(void*, std::string_view);
    [[nodiscard]] Result<Value> decodeJsonMember(QByteArrayView bytes, ChooseFunction choose, void* context);

    struct Json;
    std::vector<Node> m_nodes;
    std::unique_ptr<Json> m_json;
};

} // namespace wk::cluster::render
