// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/ObjectTree.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster::render {

// Kept apart from the decoder: only comparisons and diagnostics need it.
class ObjectDump
{
public:
    static QJsonValue value(const Value& value)
    {
        using Kind = ObjectTree::Kind;
        if (!value.exists())
            return QJsonValue::Undefined;
        const ObjectTree::Node& node = value.m_tree->m_nodes[value.m_index];
        switch (node.kind) {
        case Kind::Absent: return QJsonValue::Undefined;
        case Kind::Text: return text(value.text());
        case Kind::Number:
        case Kind::Moment: return QJsonValue(qint64(node.number));
        case Kind::Bool: return QJsonValue(node.number != 0);
        case Kind::Message: return message(value);
        case Kind::List: {
            QJsonArray list;
            for (const Value element : value)
                list.append(ObjectDump::value(element));
            return list;
        }
        case Kind::Map: {
            QJsonObject map;
            for (const Value entry : value)
                map.insert(text(entry.key()), text(entry.text()));
            return map;
        }
        }
        return QJsonValue::Undefined;
    }

private:
    static QString text(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

    // Protobuf writes out what JSON omits as empty: a text, a number or a message without content says nothing.
    static bool isDefault(const QJsonValue& value)
    {
        switch (value.type()) {
        case QJsonValue::Undefined:
        case QJsonValue::Null: return true;
        case QJsonValue::Bool: return !value.toBool();
        case QJsonValue::Double: return value.toInteger() == 0;
        case QJsonValue::String: return value.toString().isEmpty();
        case QJsonValue::Array: return value.toArray().isEmpty();
        case QJsonValue::Object: return value.toObject().isEmpty();
        }
        return false;
    }

    static QJsonObject message(const Value& value)
    {
        const ObjectTree::Node& node = value.m_tree->m_nodes[value.m_index];
        const Schema& schema = *node.message.schema;
        QJsonObject object;
        for (std::size_t i = 0; i < schema.fields.size(); ++i) {
            const QJsonValue field = ObjectDump::value(Value(value.m_tree, node.message.base + std::uint32_t(i)));
            if (!isDefault(field))
                object.insert(
                    QString::fromLatin1(schema.fields[i].name.data(), qsizetype(schema.fields[i].name.size())), field);
        }
        return object;
    }
};

QByteArray Value::toJson() const
{
    return QJsonDocument(QJsonObject{{QStringLiteral("object"), ObjectDump::value(*this)}})
        .toJson(QJsonDocument::Compact);
}

} // namespace wk::cluster::render
