// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/Promql.h"
#include "monitoring/promql/PromqlLexer.h"
#include "monitoring/promql/PromqlWords.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Kind = PromqlNode::Kind;
using Token = PromqlToken;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

struct Failure
{
    qsizetype at = 0;
    QString message;
};

// Recursive descent, one method for each level of precedence. The first failure stands; everything after it returns
// null.
class Parser
{
public:
    explicit Parser(QStringView text) : m_lexer(text) { advance(); }

    Result<PromqlPtr> whole()
    {
        PromqlPtr node = binary(0);
        if (node && m_token.kind != Token::Kind::End)
            node = wrong(tr("\"%1\" does not belong there").arg(m_token.text));
        if (node && isRange(*node))
            node = wrong(tr("the expression is a range, which has to go into a function such as rate()"));
        if (node)
            return node;
        return fail(Error::Kind::BadInput, tr("The query cannot be understood: %1").arg(m_failure->message),
                    tr("at character %1").arg(m_failure->at + 1));
    }

private:
    using Made = std::shared_ptr<PromqlNode>;

    static bool isRange(const PromqlNode& node)
    {
        return node.kind == Kind::Subquery || (node.kind == Kind::Selector && node.rangeMs > 0);
    }
    static Made make(Kind kind, const QString& name = {})
    {
        auto node = std::make_shared<PromqlNode>();
        node->kind = kind;
        node->name = name;
        return node;
    }
    Made wrong(const QString& message)
    {
        if (!m_failure)
            m_failure = Failure{m_token.at, message};
        return {};
    }
    // Gives the node its children, unless the tree would grow higher than what walks it by recursion may climb.
    Made with(const Made& node, std::vector<PromqlPtr> children)
    {
        for (const PromqlPtr& child : children)
            node->height = std::max(node->height, child->height + 1);
        node->children = std::move(children);
        return node->height > 500 ? wrong(tr("it is nested too deeply")) : node;
    }
    void advance() { m_token = m_lexer.next(); }
    bool accept(QStringView symbol)
    {
        if (!m_token.is(symbol))
            return false;
        advance();
        return true;
    }
    bool expect(QStringView symbol)
    {
        if (accept(symbol))
            return true;
        wrong(m_token.kind == Token::Kind::End ? tr("it ends where \"%1\" is expected").arg(symbol)
                                               : tr("\"%1\" is expected, not \"%2\"").arg(symbol, m_token.text));
        return false;
    }

    // The operator that the token is, at this level of precedence; empty where it is none.
    [[nodiscard]] QString operatorAt(int level) const
    {
        static const QList<QStringList> levels{{u"or"_s},
                                               {u"and"_s, u"unless"_s},
                                               {u"=="_s, u"!="_s, u"<="_s, u">="_s, u"<"_s, u">"_s},
                                               {u"+"_s, u"-"_s},
                                               {u"*"_s, u"/"_s, u"%"_s, u"atan2"_s}};
        for (const QString& op : levels[level]) {
            if (m_token.is(op) || m_token.isWord(op))
                return op;
        }
        return {};
    }

    PromqlPtr binary(int level)
    {
        if (level == 5)
            return unary();
        PromqlPtr left = binary(level + 1);
        while (left) {
            const QString op = operatorAt(level);
            if (op.isEmpty())
                break;
            advance();
            left = right(left, op, level + 1);
        }
        return left;
    }

    PromqlPtr right(const PromqlPtr& left, const QString& op, int level)
    {
        Made node = make(Kind::Binary, op);
        if (m_token.isWord(u"bool")) {
            node->isBool = true;
            advance();
        }
        if (!labelsAfter({u"on"_s, u"ignoring"_s}, node->labels, true) ||
            !labelsAfter({u"group_left"_s, u"group_right"_s}, node->group, false))
            return {};
        const PromqlPtr second = level > 5 ? unary() : binary(level);
        if (!second)
            return {};
        if (isRange(*left) || isRange(*second))
            return wrong(tr("a range has no place beside an operator"));
        return with(node, {left, second});
    }

    PromqlPtr unary()
    {
        if (++m_depth > 200)
            return wrong(tr("it is nested too deeply"));
        PromqlPtr result;
        if (m_token.is(u"-") || m_token.is(u"+")) {
            Made node = make(Kind::Unary, m_token.text);
            advance();
            if (const PromqlPtr operand = unary())
                result = with(node, {operand});
        } else {
            result = postfix();
            if (result && accept(u"^")) // binds to the right, and closer than a sign before it
                result = right(result, u"^"_s, 6);
        }
        --m_depth;
        return result;
    }

    // An expression with what may stand behind it: a range, a subquery, an offset, a moment.
    PromqlPtr postfix()
    {
        Made node = primary();
        while (node) {
            if (m_token.is(u"[")) {
                node = range(node);
            } else if (m_token.isWord(u"offset")) {
                advance();
                const bool back = accept(u"-");
                const auto ms = duration();
                if (!ms)
                    return {};
                node->offsetMs = back ? -*ms : *ms;
            } else if (accept(u"@")) {
                node->at = m_token.text;
                const bool function = m_token.isWord(u"start") || m_token.isWord(u"end");
                if (!function && m_token.kind != Token::Kind::Number)
                    return wrong(tr("a time is expected behind @"));
                advance();
                if (function && (!expect(u"(") || !expect(u")")))
                    return {};
            } else {
                break;
            }
        }
        return node;
    }

    std::optional<qint64> duration()
    {
        const auto ms =
            m_token.kind == Token::Kind::Duration ? promqlDurationMs(m_token.text) : std::optional<qint64>();
        if (!ms || *ms <= 0) {
            wrong(tr("a duration such as 5m is expected"));
            return std::nullopt;
        }
        advance();
        return ms;
    }

    Made range(const Made& of)
    {
        advance();
        const auto ms = duration();
        if (!ms)
            return {};
        if (accept(u":")) {
            Made node = make(Kind::Subquery);
            node->rangeMs = *ms;
            if (!with(node, {of}))
                return {};
            if (m_token.kind == Token::Kind::Duration) {
                const auto step = duration();
                if (!step)
                    return {};
                node->stepMs = *step;
            }
            return expect(u"]") ? node : Made();
        }
        if (of->kind != Kind::Selector || of->rangeMs > 0)
            return wrong(tr("only series take a range; an expression takes [5m:1m]"));
        of->rangeMs = *ms;
        return expect(u"]") ? of : Made();
    }

    Made primary()
    {
        switch (m_token.kind) {
        case Token::Kind::Number: {
            Made node = make(Kind::Number);
            node->number = promqlValue(m_token.text).value_or(0);
            advance();
            return node;
        }
        case Token::Kind::Text: {
            Made node = make(Kind::Text, m_token.text);
            advance();
            return node;
        }
        case Token::Kind::Name: return named();
        case Token::Kind::End: return wrong(tr("it ends too early"));
        default: break;
        }
        if (m_token.is(u"{"))
            return selector({});
        if (!m_token.is(u"("))
            return wrong(tr("\"%1\" cannot begin an expression").arg(m_token.text));
        advance();
        const PromqlPtr inner = binary(0);
        // What stands in brackets is a node of its own only for its tail: (a)[5m:] offset 1h.
        return inner && expect(u")") ? std::make_shared<PromqlNode>(*inner) : Made();
    }

    Made named()
    {
        const QString name = m_token.text;
        const QString word = name.toLower();
        advance();
        if (isAggregation(word) && (m_token.is(u"(") || m_token.isWord(u"by") || m_token.isWord(u"without")))
            return aggregate(word);
        if (m_token.is(u"(")) {
            if (!isPromqlFunction(name))
                return wrong(tr("there is no function %1()").arg(name));
            Made node = make(Kind::Call, name);
            if (!arguments(node))
                return {};
            const bool given = std::ranges::any_of(node->children, [](const PromqlPtr& c) { return isRange(*c); });
            if (wantsRange(name) != given)
                return wrong(given ? tr("%1() takes no range").arg(name)
                                   : tr("%1() wants a range such as [5m]").arg(name));
            return node;
        }
        if (word == u"inf" || word == u"nan") {
            Made node = make(Kind::Number);
            node->number = word == u"inf" ? qInf() : qQNaN();
            return node;
        }
        return selector(name);
    }

    Made aggregate(const QString& name)
    {
        Made node = make(Kind::Aggregate, name);
        const QStringList words{u"by"_s, u"without"_s};
        if (!labelsAfter(words, node->labels, true) || !arguments(node))
            return {};
        if (node->labels.word.isEmpty() && !labelsAfter(words, node->labels, true))
            return {};
        if (node->children.empty() || isRange(*node->children.back()))
            return wrong(tr("%1() wants series at one moment").arg(name));
        return node;
    }

    bool arguments(const Made& node)
    {
        if (!expect(u"("))
            return false;
        if (accept(u")"))
            return true;
        std::vector<PromqlPtr> given;
        do {
            given.push_back(binary(0));
            if (!given.back())
                return false;
        } while (accept(u","));
        if (!with(node, std::move(given)))
            return false;
        return expect(u")");
    }

    // "by (a, b)" and its like; the list may be left out behind group_left.
    bool labelsAfter(const QStringList& words, PromqlNode::Labels& labels, bool needsList)
    {
        for (const QString& word : words) {
            if (!m_token.isWord(word))
                continue;
            labels.word = word;
            advance();
            if (!needsList && !m_token.is(u"("))
                return true;
            if (!expect(u"("))
                return false;
            while (m_token.kind == Token::Kind::Name) {
                labels.names << m_token.text;
                advance();
                if (!accept(u","))
                    break;
            }
            return expect(u")");
        }
        return true;
    }

    Made selector(const QString& name)
    {
        Made node = make(Kind::Selector, name);
        if (!accept(u"{"))
            return node;
        while (m_token.kind == Token::Kind::Name) {
            PromqlNode::Matcher matcher{m_token.text, {}, {}};
            advance();
            matcher.op = m_token.text;
            if (!m_token.is(u"=") && !m_token.is(u"!=") && !m_token.is(u"=~") && !m_token.is(u"!~"))
                return wrong(tr("= != =~ or !~ is expected behind the label %1").arg(matcher.label));
            advance();
            matcher.value = m_token.text;
            if (m_token.kind != Token::Kind::Text)
                return wrong(tr("a text in quotation marks is expected for the label %1").arg(matcher.label));
            advance();
            if (matcher.label == u"__name__" && matcher.op == u"=" && node->name.isEmpty())
                node->name = matcher.value;
            else
                node->matchers.push_back(std::move(matcher));
            if (!accept(u","))
                break;
        }
        if (!expect(u"}"))
            return {};
        if (node->name.isEmpty() && node->matchers.empty())
            return wrong(tr("it selects every series there is"));
        return node;
    }

    PromqlLexer m_lexer;
    Token m_token;
    int m_depth = 0;
    std::optional<Failure> m_failure;
};

} // namespace

Result<PromqlPtr> parsePromql(QStringView text)
{
    if (text.size() > 65'536)
        return fail(Error::Kind::BadInput, tr("The query cannot be understood: it has more than 65,536 characters"));
    return Parser(text).whole();
}

} // namespace wk::monitoring
