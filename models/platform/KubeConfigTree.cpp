// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfigTree.h"

#include "platform/KubeConfigWords.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_map>

namespace wk::platform {

using namespace Qt::StringLiterals;

namespace {

using Texts = KubeConfigWords;

using Node = KubeConfigNode;
using Type = Node::Type;

constexpr qsizetype MaxBytes = 8 << 20;
constexpr int MaxDepth = 64;
constexpr size_t MaxNodes = 200'000;

/// Thrown inside the parser's callbacks, caught around the parser.
struct Refused
{
    QString why;
    YAML::Mark mark;
};

/// Which type a plain scalar has in YAML 1.1 as gopkg.in/yaml.v2 reads it, on which kubectl's decoder stands.
Type plainType(const std::string& text)
{
    static const QRegularExpression boolean(
        u"^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$"_s);
    static const QRegularExpression number(
        u"^([-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)|[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN))$"_s);
    if (text.empty() || text.size() > 64)
        return text.empty() ? Type::Null : Type::Text;
    const QString s = QString::fromStdString(text);
    if (boolean.match(s).hasMatch())
        return Type::Bool;
    return number.match(s).hasMatch() ? Type::Number : Type::Text;
}

class TreeBuilder final : public YAML::EventHandler
{
public:
    Node root;

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(make(Type::Null, mark), anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto it = m_anchors.find(anchor);
        if (it == m_anchors.end())
            throw Refused{Texts::tr("an alias refers to something that contains it"), mark};
        count(it->second.second, mark);
        m_copied = it->second.second;
        add(it->second.first, 0);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        Node node = make(Type::Text, mark);
        if (tag == "?")
            node.type = plainType(value);
        else if (tag == "tag:yaml.org,2002:null")
            node.type = Type::Null;
        node.text = value;
        add(std::move(node), anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(make(Type::List, mark), anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(make(Type::Map, mark), anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open
    {
        Node node;
        YAML::anchor_t anchor;
        size_t nodesBefore;
        std::optional<std::string> key;
    };

    Node make(Type type, const YAML::Mark& mark)
    {
        count(1, mark);
        Node node;
        node.type = type;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        return node;
    }

    void count(size_t n, const YAML::Mark& mark)
    {
        m_nodes += n;
        if (m_nodes > MaxNodes)
            throw Refused{Texts::tr("too much: more than %1 values").arg(MaxNodes), mark};
    }

    void open(Node node, YAML::anchor_t anchor)
    {
        if (m_stack.size() >= MaxDepth)
            throw Refused{Texts::tr("nested deeper than %1 levels").arg(MaxDepth), YAML::Mark::null_mark()};
        m_stack.push_back({std::move(node), anchor, m_nodes, std::nullopt});
    }

    void close()
    {
        Open done = std::move(m_stack.back());
        m_stack.pop_back();
        m_copied = m_nodes - done.nodesBefore + 1;
        if (done.node.type == Type::Map)
            merge(done.node);
        add(std::move(done.node), done.anchor);
    }

    /// "<<: *base" (YAML 1.1 merge keys): what the map itself says wins.
    static void merge(Node& map)
    {
        const auto at = std::ranges::find(map.map, "<<", [](const auto& e) { return std::string_view(e.first); });
        if (at == map.map.end())
            return;
        Node source = std::move(at->second);
        map.map.erase(at);
        std::vector<Node> bases;
        if (source.type == Type::List)
            bases = std::move(source.list);
        else
            bases.push_back(std::move(source));
        for (Node& base : bases) {
            for (auto& entry : base.map) {
                if (!map.find(entry.first))
                    map.map.push_back(std::move(entry));
            }
        }
    }

    void add(Node node, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            m_anchors[anchor] = {node, qMax<size_t>(1, m_copied)};
        m_copied = 1;
        if (m_stack.empty()) {
            root = std::move(node);
            return;
        }
        Open& parent = m_stack.back();
        if (parent.node.type == Type::List) {
            parent.node.list.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = node.type == Type::Map || node.type == Type::List ? std::string() : node.text;
        } else {
            parent.node.map.emplace_back(std::move(*parent.key), std::move(node));
            parent.key.reset();
        }
    }

    std::vector<Open> m_stack;
    std::unordered_map<YAML::anchor_t, std::pair<Node, size_t>> m_anchors;
    size_t m_nodes = 0;
    size_t m_copied = 1; ///< nodes in what add() is given
};

Node fromJson(const QJsonValue& value, int depth, size_t& nodes)
{
    Node node;
    if (++nodes > MaxNodes || depth > MaxDepth)
        throw Refused{Texts::tr("too large or nested too deep"), YAML::Mark::null_mark()};
    switch (value.type()) {
    case QJsonValue::Bool:
        node.type = Type::Bool;
        node.text = value.toBool() ? "true" : "false";
        break;
    case QJsonValue::Double:
        node.type = Type::Number;
        node.text = QByteArray::number(value.toDouble()).toStdString();
        break;
    case QJsonValue::String:
        node.type = Type::Text;
        node.text = value.toString().toStdString();
        break;
    case QJsonValue::Array: {
        node.type = Type::List;
        const QJsonArray array = value.toArray();
        for (const QJsonValue& v : array)
            node.list.push_back(fromJson(v, depth + 1, nodes));
        break;
    }
    case QJsonValue::Object: {
        node.type = Type::Map;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            node.map.emplace_back(it.key().toStdString(), fromJson(it.value(), depth + 1, nodes));
        break;
    }
    default: break;
    }
    return node;
}

QJsonValue toJsonValue(const Node& node)
{
    switch (node.type) {
    case Type::Null: return QJsonValue::Null;
    case Type::Bool: return node.truth();
    case Type::Number: {
        bool ok = false;
        const QString text = QString::fromStdString(node.text).remove(u'_');
        if (const qlonglong whole = text.toLongLong(&ok, 0); ok)
            return whole;
        const double number = text.toDouble(&ok);
        return ok ? QJsonValue(number) : QJsonValue(text);
    }
    case Type::Text: return QString::fromStdString(node.text);
    case Type::List: {
        QJsonArray array;
        for (const Node& n : node.list)
            array.append(toJsonValue(n));
        return array;
    }
    case Type::Map: break;
    }
    QJsonObject object;
    for (const auto& [key, value] : node.map)
        object.insert(QString::fromStdString(key), toJsonValue(value));
    return object;
}

QString place(const QString& path, int line, int column)
{
    return line > 0 ? u"%1:%2:%3"_s.arg(path).arg(line).arg(column) : path;
}

std::unexpected<Error> syntaxError(const QString& path, const YAML::Mark& mark, const QString& why)
{
    const QString where = mark.is_null() ? path : place(path, mark.line + 1, mark.column + 1);
    return fail(Error::Kind::BadInput, Texts::tr("%1: this is not valid YAML: %2.").arg(where, why), {},
                Texts::tr("Correct the file, or fetch the kubeconfig again."));
}

} // namespace

const KubeConfigNode* KubeConfigNode::find(std::string_view key) const
{
    for (auto it = map.rbegin(); it != map.rend(); ++it) {
        if (it->first == key)
            return &it->second;
    }
    return nullptr;
}

bool KubeConfigNode::truth() const
{
    if (type != Type::Bool || text.empty())
        return false;
    const char c = text.front();
    return c == 'y' || c == 'Y' || c == 't' || c == 'T' || text == "on" || text == "On" || text == "ON";
}

QByteArray KubeConfigNode::toJson() const
{
    // QJsonDocument writes objects and arrays only.
    const QByteArray wrapped = QJsonDocument(QJsonArray{toJsonValue(*this)}).toJson(QJsonDocument::Compact);
    return wrapped.mid(1, wrapped.size() - 2);
}

QString kubeConfigNodeName(KubeConfigNode::Type type)
{
    switch (type) {
    case Type::Null: return Texts::tr("nothing");
    case Type::Text: return Texts::tr("text");
    case Type::Number: return Texts::tr("a number");
    case Type::Bool: return Texts::tr("true or false");
    case Type::Map: return Texts::tr("a map");
    case Type::List: return Texts::tr("a list");
    }
    return {};
}

QString kubeConfigPlace(const QString& path, const KubeConfigNode& node) { return place(path, node.line, node.column); }

Result<KubeConfigNode> parseKubeConfigTree(const QByteArray& text, const QString& path)
{
    if (text.size() > MaxBytes) {
        return fail(Error::Kind::BadInput, Texts::tr("%1 is larger than 8 MiB: that is no kubeconfig.").arg(path));
    }
    try {
        // JSON is YAML, but for escapes beyond U+FFFF and tabs; Qt's reader knows these.
        if (text.trimmed().startsWith('{')) {
            const QJsonDocument json = QJsonDocument::fromJson(text);
            size_t nodes = 0;
            if (json.isObject())
                return fromJson(json.object(), 0, nodes);
        }
        std::istringstream in(text.toStdString());
        YAML::Parser parser(in);
        TreeBuilder builder;
        parser.HandleNextDocument(builder);
        return std::move(builder.root);
    } catch (const Refused& e) {
        return syntaxError(path, e.mark, e.why);
    } catch (const YAML::Exception& e) {
        return syntaxError(path, e.mark, QString::fromStdString(e.msg));
    } catch (const std::exception& e) {
        return fail(Error::Kind::BadInput, Texts::tr("%1 cannot be read.").arg(path), QString::fromUtf8(e.what()));
    }
}

} // namespace wk::platform
