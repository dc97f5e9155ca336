// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

namespace wk::fleet {

/// How the API server merges a list: whole (atomic), by the keys of its elements, or as a set of plain values.
struct ListType
{
    enum class Kind { Atomic, Map, Set };
    Kind kind = Kind::Atomic;
    QString mergeKey; ///< of a strategic merge patch (x-kubernetes-patch-merge-key); empty: the patch replaces the list
    QStringList mapKeys;           ///< of a server-side apply (x-kubernetes-list-map-keys)
    bool defaultsProtocol = false; ///< elements without "protocol" mean TCP
};

/// The type of the list at a path of field names without indices ({"spec", "template", "spec", "containers"}).
/// Source: the patch strategies and list types in k8s.io/api.
[[nodiscard]] ListType listTypeAt(const QStringList& path);

/// Position in `list` of the element with the same values under `keys` as `wanted`; -1 where there is none.
[[nodiscard]] qsizetype findElement(const QJsonArray& list, const QJsonObject& wanted, const ListType& type,
                                    const QStringList& keys);
/// The values of an element under the type's map keys, as fieldsV1 writes them.
[[nodiscard]] QJsonObject elementKeys(const QJsonObject& element, const ListType& type);

} // namespace wk::fleet
