// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <expected>
#include <memory>
#include <vector>

namespace wk::platform {

/// One node of a YAML document together with where it stands. Aliases share the node they name, so a tree may be a
/// directed graph; it never has a cycle and its expanded size is bounded (see YamlLimits).
struct YamlNode
{
    enum class Kind { Null, Scalar, Sequence, Map };
    struct Entry
    {
        QString key;
        int line = 0;
        int column = 0;
        std::shared_ptr<const YamlNode> value;
    };

    Kind kind = Kind::Null;
    int line = 0;   ///< 1-based
    int column = 0; ///< 1-based, counted in bytes of the line
    QString text;   ///< of a scalar
    std::vector<std::shared_ptr<const YamlNode>> items;
    std::vector<Entry> entries; ///< in the order of the file; a key may stand twice, which the reader reports
    qint64 weight = 1;          ///< nodes in the expanded tree below and with this one
    bool quoted = false;        ///< a scalar in quotation marks or a block: a text, whatever it looks like

    [[nodiscard]] const YamlNode* find(QStringView key) const;
};

/// What a document may cost. A platform file is written by hand; none comes near these.
struct YamlLimits
{
    qsizetype bytes = 1024 * 1024;
    int depth = 64;
    qint64 nodes = 200'000; ///< after expanding aliases
};

/// Why a text is no document. Line and column as in YamlNode.
struct YamlMistake
{
    int line = 0;
    int column = 0;
    QString message;
    QString expected;
};

/// Parses exactly one document. Never throws, whatever the bytes; an empty document is a Null node.
[[nodiscard]] std::expected<std::shared_ptr<const YamlNode>, YamlMistake> parseYaml(const QByteArray& text,
                                                                                    const YamlLimits& limits = {});

} // namespace wk::platform
