// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/YamlTree.h"

#include "platform/PlatformWords.h"

#include <QtCore/QStringConverter>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_map>

namespace wk::platform {

namespace {

// Leaves yaml-cpp's parser; caught in parseYaml.
struct Stop
{
    YamlMistake mistake;
};

// Builds the tree from parser events. yaml-cpp's own node type is not used: it expands nothing but keeps no marks for
// keys, loses duplicates and has no limits.
class Builder : public YAML::EventHandler
{
public:
    explicit Builder(const YamlLimits& limits) : m_limits(limits) {}

    std::shared_ptr<const YamlNode> root() const { return m_root; }
    /// Where the last scalar that is not plain begins.
    YAML::Mark lastQuoted() const { return m_lastQuoted; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        leaf(YamlNode::Kind::Null, mark, anchor, {}, false);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        if (tag == "!")
            m_lastQuoted = mark;
        leaf(YamlNode::Kind::Scalar, mark, anchor, value, tag == "!");
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            stop(mark, Words::tr("an alias stands inside the value that it names"),
                 Words::tr("an alias to a finished value"));
        put(found->second, mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::Sequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::Map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open
    {
        std::shared_ptr<YamlNode> node;
        YAML::Mark mark;
        YAML::anchor_t anchor = 0;
        bool haveKey = false;
        YamlNode::Entry entry;
    };

    [[noreturn]] static void stop(const YAML::Mark& mark, const QString& message, const QString& expected)
    {
        throw Stop{YamlMistake{mark.line + 1, mark.column + 1, message, expected}};
    }

    void leaf(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& value, bool quoted)
    {
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->quoted = quoted;
        node->line = mark.line + 1;
        node->column = mark.column + 1;
        node->text = QString::fromStdString(value);
        if (anchor != 0)
            m_anchors[anchor] = node;
        put(node, mark);
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor)
    {
        if (int(m_open.size()) >= m_limits.depth)
            stop(mark, Words::tr("nested too deeply"), Words::tr("at most %1 levels").arg(m_limits.depth));
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->line = mark.line + 1;
        node->column = mark.column + 1;
        m_open.push_back(Open{node, mark, anchor, false, {}});
    }

    void close()
    {
        const Open done = std::move(m_open.back());
        m_open.pop_back();
        if (done.anchor != 0)
            m_anchors[done.anchor] = done.node;
        put(done.node, done.mark);
    }

    // Hands a finished value to whoever waits for it: the map (as key, then as value), the sequence, or the document.
    void put(const std::shared_ptr<const YamlNode>& node, const YAML::Mark& mark)
    {
        if (m_open.empty()) {
            m_root = node;
            return;
        }
        Open& parent = m_open.back();
        YamlNode& into = *parent.node;
        if (into.kind == YamlNode::Kind::Map && !parent.haveKey) {
            if (node->kind != YamlNode::Kind::Scalar)
                stop(mark, Words::tr("a key must be a word"), Words::tr("\"key: value\""));
            parent.entry = YamlNode::Entry{node->text, mark.line + 1, mark.column + 1, nullptr};
            parent.haveKey = true;
            return;
        }
        into.weight += node->weight;
        if (into.weight > m_limits.nodes)
            stop(mark, Words::tr("the document is too large once its aliases are expanded"),
                 Words::tr("at most %1 values").arg(m_limits.nodes));
        if (into.kind == YamlNode::Kind::Map) {
            parent.entry.value = node;
            into.entries.push_back(std::move(parent.entry));
            parent.haveKey = false;
        } else {
            into.items.push_back(node);
        }
    }

    const YamlLimits m_limits;
    std::vector<Open> m_open;
    std::unordered_map<YAML::anchor_t, std::shared_ptr<const YamlNode>> m_anchors;
    std::shared_ptr<const YamlNode> m_root;
    YAML::Mark m_lastQuoted = YAML::Mark::null_mark();
};

// yaml-cpp takes the end of the file for the end of a quoted text. Only the last one can be open.
std::optional<YamlMistake> checkLastQuote(const QByteArray& text, const YAML::Mark& mark)
{
    if (mark.is_null())
        return std::nullopt;
    qsizetype at = 0;
    for (int line = 0; line < mark.line; ++line)
        at = text.indexOf('\n', at) + 1;
    at += mark.column;
    if (at >= text.size() || (text[at] != '"' && text[at] != '\''))
        return std::nullopt;
    const char quote = text[at];
    for (qsizetype i = at + 1; i < text.size(); ++i) {
        const bool escaped = quote == '"' && text[i] == '\\';
        const bool doubled = quote == '\'' && text[i] == quote && i + 1 < text.size() && text[i + 1] == quote;
        if (escaped || doubled)
            ++i;
        else if (text[i] == quote)
            return std::nullopt;
    }
    return YamlMistake{mark.line + 1, mark.column + 1, Words::tr("the quotation mark is never closed"),
                       Words::tr("%1 at the end of the text").arg(QLatin1Char(quote))};
}

// Looks over the bytes before the parser does: size, UTF-8 and control characters (yaml-cpp takes 0x04 for the end of
// the file), and brackets opened in one line, which yaml-cpp queues up in memory before it tells anyone how deep they
// are.
std::optional<YamlMistake> checkBytes(const QByteArray& text, const YamlLimits& limits)
{
    if (text.size() > limits.bytes)
        return YamlMistake{1, 1, Words::tr("the file has %1 bytes").arg(text.size()),
                           Words::tr("at most %1 bytes").arg(limits.bytes)};
    int line = 1;
    qsizetype lineStart = 0;
    int brackets = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto byte = uchar(text[i]);
        const int column = int(i - lineStart) + 1;
        if (byte == '\n') {
            ++line;
            lineStart = i + 1;
        } else if (byte == '[' || byte == '{') {
            if (++brackets > 8 * limits.depth)
                return YamlMistake{line, column, Words::tr("nested too deeply"),
                                   Words::tr("at most %1 levels").arg(limits.depth)};
        } else if (byte == ']' || byte == '}') {
            brackets = std::max(0, brackets - 1);
        } else if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7f) {
            return YamlMistake{line, column, Words::tr("a control character (0x%1)").arg(byte, 2, 16, QLatin1Char('0')),
                               Words::tr("text")};
        }
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    const QString decoded = decoder(text);
    if (decoder.hasError()) {
        // The first character that could not be decoded tells the line.
        const qsizetype at = decoded.indexOf(QChar::ReplacementCharacter);
        const auto before = QStringView(decoded).first(std::max<qsizetype>(at, 0));
        return YamlMistake{int(before.count(u'\n')) + 1, int(before.size() - before.lastIndexOf(u'\n')),
                           Words::tr("the text is not UTF-8"), Words::tr("a file saved as UTF-8")};
    }
    return std::nullopt;
}

} // namespace

const YamlNode* YamlNode::find(QStringView key) const
{
    for (const Entry& entry : entries) {
        if (entry.key == key)
            return entry.value.get();
    }
    return nullptr;
}

std::expected<std::shared_ptr<const YamlNode>, YamlMistake> parseYaml(const QByteArray& bytes, const YamlLimits& limits)
{
    // A byte order mark is no part of the text; the parser would skip it and count columns without it.
    const QByteArray text = bytes.startsWith("\xef\xbb\xbf") ? bytes.sliced(3) : bytes;
    if (std::optional<YamlMistake> mistake = checkBytes(text, limits))
        return std::unexpected(*std::move(mistake));
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        Builder builder(limits);
        if (!parser.HandleNextDocument(builder))
            return std::make_shared<YamlNode>(YamlNode{YamlNode::Kind::Null, 1, 1, {}, {}, {}, 1});
        if (std::optional<YamlMistake> open = checkLastQuote(text, builder.lastQuoted()))
            return std::unexpected(*std::move(open));
        Builder second(limits);
        if (parser.HandleNextDocument(second) && second.root())
            return std::unexpected(YamlMistake{second.root()->line, second.root()->column,
                                               Words::tr("a second document begins here"),
                                               Words::tr("one document in a file")});
        return builder.root() ? builder.root() : std::make_shared<const YamlNode>();
    } catch (const Stop& stop) {
        return std::unexpected(stop.mistake);
    } catch (const YAML::Exception& e) {
        return std::unexpected(YamlMistake{std::max(e.mark.line, 0) + 1, std::max(e.mark.column, 0) + 1,
                                           Words::tr("not YAML: %1").arg(QString::fromStdString(e.msg)),
                                           Words::tr("a YAML document")});
    } catch (const std::exception& e) {
        return std::unexpected(YamlMistake{1, 1, Words::tr("not YAML: %1").arg(QString::fromLocal8Bit(e.what())),
                                           Words::tr("a YAML document")});
    }
}

} // namespace wk::platform
