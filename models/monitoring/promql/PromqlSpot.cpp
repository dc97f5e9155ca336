// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/PromqlSpot.h"

#include "monitoring/promql/PromqlLexer.h"
#include "monitoring/promql/PromqlWords.h"

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Token = PromqlToken;
using Kind = PromqlSpot::Kind;

bool isOneOf(const Token& token, const QStringList& words)
{
    return token.kind == Token::Kind::Name && words.contains(token.text.toLower());
}

bool groups(const Token& token)
{
    static const QStringList words{u"by"_s, u"without"_s, u"on"_s, u"ignoring"_s, u"group_left"_s, u"group_right"_s};
    return isOneOf(token, words);
}

bool joins(const Token& token)
{
    static const QStringList words{u"and"_s, u"or"_s, u"unless"_s, u"atan2"_s, u"bool"_s};
    return isOneOf(token, words);
}

std::vector<Token> tokensOf(QStringView text)
{
    std::vector<Token> tokens;
    PromqlLexer lexer(text);
    for (Token token = lexer.next(); token.kind != Token::Kind::End; token = lexer.next()) {
        tokens.push_back(token);
        if (token.kind == Token::Kind::Wrong)
            break; // what comes behind cannot be told apart any more
    }
    return tokens;
}

// A bracket that is open at the cursor.
struct Open
{
    QString symbol;
    size_t at = 0; ///< among the tokens
};

std::vector<Open> openIn(const std::vector<Token>& tokens, size_t count)
{
    std::vector<Open> open;
    for (size_t i = 0; i < count; ++i) {
        if (tokens[i].is(u"(") || tokens[i].is(u"{") || tokens[i].is(u"["))
            open.push_back({tokens[i].text, i});
        else if (!open.empty() && (tokens[i].is(u")") || tokens[i].is(u"}") || tokens[i].is(u"]")))
            open.pop_back();
    }
    return open;
}

bool isMetric(const std::vector<Token>& tokens, size_t i)
{
    if (tokens[i].kind != Token::Kind::Name || groups(tokens[i]) || joins(tokens[i]) || tokens[i].isWord(u"offset") ||
        isAggregation(tokens[i].text.toLower()))
        return false;
    return i + 1 >= tokens.size() || !tokens[i + 1].is(u"(");
}

// The metric that `by (…)` is about: the next one behind it, else the one before.
QString metricNear(const std::vector<Token>& tokens, size_t cursor)
{
    QString before;
    std::vector<bool> open; ///< whether there are no metrics in that bracket
    for (size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.is(u"(") || token.is(u"{") || token.is(u"["))
            open.push_back(!token.is(u"(") || (i > 0 && groups(tokens[i - 1])));
        else if (!open.empty() && (token.is(u")") || token.is(u"}") || token.is(u"]")))
            open.pop_back();
        if (!isMetric(tokens, i) || (!open.empty() && open.back()))
            continue;
        if (i >= cursor)
            return token.text;
        before = token.text;
    }
    return before;
}

bool isMatcherSymbol(const Token& token)
{
    return token.is(u"=") || token.is(u"!=") || token.is(u"=~") || token.is(u"!~");
}

// Inside {…}: what stands between the last comma and the cursor.
void readSelector(PromqlSpot& spot, const std::vector<Token>& tokens, size_t brace, size_t end)
{
    if (brace > 0 && tokens[brace - 1].kind == Token::Kind::Name)
        spot.metric = tokens[brace - 1].text;
    size_t begin = brace + 1;
    for (size_t i = brace + 1; i < end; ++i) {
        if (!tokens[i].is(u","))
            continue;
        if (i - begin == 3 && tokens[i - 1].kind == Token::Kind::Text)
            spot.matchers.append({tokens[begin].text, tokens[begin + 1].text, tokens[i - 1].text});
        begin = i + 1;
    }
    const size_t written = end - begin;
    if (written == 0) {
        spot.kind = spot.quoted ? Kind::None : Kind::Label;
    } else if (written == 2 && isMatcherSymbol(tokens[begin + 1])) {
        spot.kind = Kind::Value;
        spot.label = tokens[begin].text;
    }
}

// Whether an operand has just ended, so that an operator comes next.
bool endsOperand(const Token& token)
{
    return (token.kind == Token::Kind::Name && !joins(token) && !groups(token) && !token.isWord(u"offset")) ||
           token.kind == Token::Kind::Number || token.kind == Token::Kind::Duration ||
           token.kind == Token::Kind::Text || token.is(u")") || token.is(u"}") || token.is(u"]");
}

bool inComment(QStringView text)
{
    // A # outside of quotes; the lexer leaves comments out, and so would see blanks.
    QChar quote;
    for (const QChar c : text.sliced(text.lastIndexOf(u'\n') + 1)) {
        if (quote.isNull() && c == u'#')
            return true;
        if (quote.isNull() && u"\"'`"_s.contains(c))
            quote = c;
        else if (c == quote)
            quote = {};
    }
    return false;
}

} // namespace

PromqlSpot promqlSpotAt(QStringView text, qsizetype cursor)
{
    PromqlSpot spot;
    cursor = std::clamp(cursor, qsizetype(0), text.size());
    spot.at = cursor;
    const QStringView before = text.first(cursor);
    if (inComment(before))
        return spot;
    const std::vector<Token> tokens = tokensOf(before);
    size_t end = tokens.size(); // of what stands before the word at the cursor
    if (end > 0) {
        const Token& last = tokens.back();
        const bool quote = last.kind == Token::Kind::Wrong && u"\"'`"_s.contains(last.text.front());
        const bool touches = last.at + last.text.size() == cursor && last.kind != Token::Kind::Text;
        const bool word = last.kind == Token::Kind::Name || last.kind == Token::Kind::Number ||
                          last.kind == Token::Kind::Duration || last.kind == Token::Kind::Wrong;
        if (quote || (touches && word)) {
            spot.quoted = quote;
            spot.prefix = quote ? last.text.sliced(1) : last.text;
            spot.at = last.at + (quote ? 1 : 0);
            --end;
        }
    }
    const std::vector<Open> open = openIn(tokens, end);
    if (!open.empty() && open.back().symbol == u"{") {
        readSelector(spot, tokens, open.back().at, end);
        return spot;
    }
    if (spot.quoted)
        return spot;
    if (!open.empty() && open.back().symbol == u"[") {
        spot.kind = Kind::Duration;
        return spot;
    }
    if (!open.empty() && open.back().at > 0 && groups(tokens[open.back().at - 1])) {
        spot.kind = Kind::Label;
        spot.metric = metricNear(tokensOf(text), end);
        return spot;
    }
    const bool number = !spot.prefix.isEmpty() && spot.prefix.front().isDigit();
    if (number)
        return spot;
    spot.kind = end > 0 && endsOperand(tokens[end - 1]) ? Kind::Keyword : Kind::Operand;
    return spot;
}

QStringList promqlMatches(const QStringList& names, const QString& typed, int atMost)
{
    QStringList begin, words, inside;
    for (const QString& name : names) {
        if (begin.size() >= atMost)
            break;
        const qsizetype at = name.indexOf(typed, 0, Qt::CaseInsensitive);
        if (at == 0)
            begin << name;
        else if (at > 0 && name.contains(u'_' + typed, Qt::CaseInsensitive))
            words << name;
        else if (at > 0)
            inside << name;
    }
    return (begin + words + inside).first(std::min(qsizetype(atMost), begin.size() + words.size() + inside.size()));
}

} // namespace wk::monitoring
