// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace wk::cluster {
struct ResourceKind;
}

namespace wk::cluster::render {

/// How a field travels, in both encodings.
enum class FieldType : std::uint8_t {
    String, ///< text
    Bytes,  ///< only its length is kept
    Bool,
    Int,         ///< int32 or int64
    Time,        ///< metav1.Time: RFC 3339 in JSON, {seconds, nanos} in protobuf; kept as milliseconds
    MicroTime,   ///< metav1.MicroTime, the same with microseconds
    Quantity,    ///< resource.Quantity: text (or a number) in JSON, {string} in protobuf; kept as text
    IntOrString, ///< intstr.IntOrString; kept as a number or a text
    Message,     ///< an object with a schema of its own
    StringMap,   ///< map<string, string>
    QuantityMap, ///< map<string, Quantity>
    KeyMap,      ///< a map of which only the keys are kept (Secret.data: a value is never held)
};

/// FNV-1a, so that a field's name is compared as one number.
[[nodiscard]] constexpr std::uint32_t nameHash(std::string_view name)
{
    std::uint32_t hash = 2166136261u;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

struct Schema;

/// One field that we read of a Kubernetes message. Everything else is skipped unread.
struct Field
{
    std::uint8_t number = 0; ///< in k8s.io/api/**/generated.proto
    FieldType type = FieldType::String;
    bool repeated = false;
    std::string_view name; ///< in JSON
    std::uint32_t hash = 0;
    const Schema* child = nullptr; ///< of a Message

    constexpr Field(int fieldNumber, std::string_view jsonName, FieldType fieldType)
        : number(static_cast<std::uint8_t>(fieldNumber)), type(fieldType), name(jsonName), hash(nameHash(jsonName))
    {
    }
    constexpr Field(int fieldNumber, std::string_view jsonName, const Schema& message)
        : Field(fieldNumber, jsonName, FieldType::Message)
    {
        child = &message;
    }
    /// The same, many times.
    [[nodiscard]] constexpr Field list() const
    {
        Field copy = *this;
        copy.repeated = true;
        return copy;
    }
};

/// The fields that we read of one Kubernetes message.
struct Schema
{
    std::string_view name;
    std::span<const Field> fields;
    std::array<std::int8_t, 48> byNumber{}; ///< field number -> position, -1 where the field is skipped

    constexpr Schema(std::string_view messageName, std::span<const Field> messageFields)
        : name(messageName), fields(messageFields)
    {
        byNumber.fill(-1);
        for (std::size_t i = 0; i < fields.size(); ++i)
            byNumber.at(fields[i].number) = static_cast<std::int8_t>(i);
    }

    /// Position of the field with that protobuf number, -1 where it is not read.
    [[nodiscard]] constexpr int positionOf(std::uint32_t number) const
    {
        return number < byNumber.size() ? byNumber[number] : -1;
    }
    /// Position of the field with that JSON name, -1 where it is not read.
    [[nodiscard]] constexpr int positionOf(std::string_view jsonName, std::uint32_t hash) const
    {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i].hash == hash && fields[i].name == jsonName)
                return static_cast<int>(i);
        }
        return -1;
    }
};

/// The schema of a built-in kind at its version; null where the kind is not rendered by ourselves.
[[nodiscard]] const Schema* schemaFor(const ResourceKind& kind);
/// metav1.Status.
[[nodiscard]] const Schema& statusSchema();
/// metav1.ListMeta.
[[nodiscard]] const Schema& listMetaSchema();
/// An object of which only the metadata matters (metav1.PartialObjectMetadata).
[[nodiscard]] const Schema& metadataOnlySchema();
/// autoscaling/v1 keeps its further metrics as JSON in annotations: objects with these under "items".
[[nodiscard]] const Schema& annotatedMetricSpecsSchema();
[[nodiscard]] const Schema& annotatedMetricStatusesSchema();
[[nodiscard]] const Schema& annotatedConditionsSchema();

} // namespace wk::cluster::render
