// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wk::platform {

/// A YAML or JSON document as plain data, aliases and merge keys resolved. Bounded: a text that would grow beyond the
/// limits when its aliases are resolved does not become a tree.
struct KubeConfigNode
{
    /// Declared, because clang before 16 needs the finished type of `map` for an implicit one (clazy is built on 14).
    KubeConfigNode() = default;

    enum class Type { Null, Text, Number, Bool, Map, List };
    Type type = Type::Null;
    std::string text; ///< of a scalar, as written
    std::vector<std::pair<std::string, KubeConfigNode>> map;
    std::vector<KubeConfigNode> list;
    int line = 0; ///< from 1; 0 where unknown (JSON)
    int column = 0;

    /// The last entry of that key (YAML decoders in Go let the last one win), null where absent.
    [[nodiscard]] const KubeConfigNode* find(std::string_view key) const;
    /// Go's reading of a YAML 1.1 boolean.
    [[nodiscard]] bool truth() const;
    /// As compact JSON, for what is handed on without being understood.
    [[nodiscard]] QByteArray toJson() const;
};

/// What stands in a node, in words: "a number", "a list".
[[nodiscard]] QString kubeConfigNodeName(KubeConfigNode::Type type);

/// Reads the first document of a text. Limits: 8 MiB, 64 levels, 200,000 nodes. Errors name `path` with line and
/// column.
[[nodiscard]] Result<KubeConfigNode> parseKubeConfigTree(const QByteArray& text, const QString& path);

/// "path:line:column", as far as known.
[[nodiscard]] QString kubeConfigPlace(const QString& path, const KubeConfigNode& node);

} // namespace wk::platform
