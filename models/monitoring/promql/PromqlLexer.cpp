// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/PromqlLexer.h"

#include "monitoring/promql/Promql.h"

namespace wk::monitoring {

namespace {

bool isLetter(QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c == u':'; }

bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

} // namespace

PromqlToken PromqlLexer::take(PromqlToken::Kind kind, qsizetype size)
{
    PromqlToken token{kind, m_text.sliced(m_at, size).toString(), m_at};
    m_at += size;
    return token;
}

PromqlToken PromqlLexer::next()
{
    while (m_at < m_text.size() && (m_text[m_at].isSpace() || m_text[m_at] == u'#')) {
        if (m_text[m_at] != u'#') {
            ++m_at;
            continue;
        }
        while (m_at < m_text.size() && m_text[m_at] != u'\n')
            ++m_at;
    }
    if (m_at == m_text.size())
        return {PromqlToken::Kind::End, {}, m_at};
    const QChar c = m_text[m_at];
    if (isDigit(c) || (c == u'.' && m_at + 1 < m_text.size() && isDigit(m_text[m_at + 1])))
        return number();
    if (c == u'"' || c == u'\'' || c == u'`')
        return quoted();
    // A colon begins the name of a recording rule, or stands between the range and the step of a subquery.
    if (isLetter(c) && (c != u':' || (m_at + 1 < m_text.size() && isLetter(m_text[m_at + 1]))))
        return word();
    for (const char16_t* symbol : {u"==", u"!=", u"<=", u">=", u"=~", u"!~"}) {
        if (m_text.sliced(m_at).startsWith(QStringView(symbol)))
            return take(PromqlToken::Kind::Symbol, 2);
    }
    return take(QStringView(u"()[]{}<>=+-*/%^,:@").contains(c) ? PromqlToken::Kind::Symbol : PromqlToken::Kind::Wrong,
                1);
}

PromqlToken PromqlLexer::word()
{
    qsizetype end = m_at;
    while (end < m_text.size() && (isLetter(m_text[end]) || isDigit(m_text[end])))
        ++end;
    return take(PromqlToken::Kind::Name, end - m_at);
}

PromqlToken PromqlLexer::number()
{
    qsizetype end = m_at;
    while (end < m_text.size()) {
        const QChar c = m_text[end];
        const QChar before = end > m_at ? m_text[end - 1].toLower() : QChar();
        // A sign belongs to the number behind the e of an exponent, but not behind that of a hexadecimal number.
        const bool exponent = (c == u'+' || c == u'-') && before == u'e' && !m_text.sliced(m_at).startsWith(u"0x");
        if (!isDigit(c) && c != u'.' && !(isLetter(c) && c != u':') && !exponent)
            break;
        ++end;
    }
    const QStringView text = m_text.sliced(m_at, end - m_at);
    if (promqlValue(text))
        return take(PromqlToken::Kind::Number, end - m_at);
    return take(promqlDurationMs(text) ? PromqlToken::Kind::Duration : PromqlToken::Kind::Wrong, end - m_at);
}

PromqlToken PromqlLexer::quoted()
{
    const qsizetype begin = m_at;
    const QChar quote = m_text[m_at++];
    QString value;
    while (m_at < m_text.size() && m_text[m_at] != quote) {
        const QChar c = m_text[m_at++];
        if (c == u'\\' && quote != u'`' && m_at < m_text.size()) {
            const QChar escaped = m_text[m_at++];
            value += escaped == u'n' ? QChar(u'\n') : escaped == u't' ? QChar(u'\t') : escaped;
            if (!QStringView(u"nt\\\"'").contains(escaped))
                value.insert(value.size() - 1, u'\\'); // an escape that nobody needs here: kept as it stands
        } else {
            value += c;
        }
    }
    if (m_at == m_text.size())
        return {PromqlToken::Kind::Wrong, m_text.sliced(begin).toString(), begin};
    ++m_at;
    return {PromqlToken::Kind::Text, value, begin};
}

} // namespace wk::monitoring
