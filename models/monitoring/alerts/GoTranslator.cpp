// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/GoTranslator.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

#include <algorithm>
#include <array>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::GoPattern)
};

bool isOctal(char32_t c) { return c >= U'0' && c <= U'7'; }
bool isHex(char32_t c) { return isAsciiAlnum(c) && (c < U'A' || (c | 0x20) <= U'f'); }

} // namespace

void GoTranslator::characterClass()
{
    QString begin = u"["_s;
    if (peek() == U'^') {
        begin += u'^';
        ++m_at;
    }
    put(begin);
    for (bool first = true; !atEnd() && m_why.isEmpty() && (first || peek() != U']'); first = false)
        classItem();
    if (atEnd())
        refuse(Texts::tr("“[” is not closed"));
    else
        ++m_at;
    m_out += u']';
}

void GoTranslator::classItem()
{
    if (peek() == U'[' && namedClass())
        return;
    if (peek() == U'\\') {
        static constexpr std::array<std::pair<char32_t, const char16_t*>, 6> perl{{
            {U'd', u"0-9"},
            {U'D', u"\\x00-/:-\\x{10ffff}"},
            {U'w', u"0-9A-Za-z_"},
            {U'W', u"\\x00-/:-@\\[-\\^`{-\\x{10ffff}"},
            {U's', u"\\t\\n\\f\\r "},
            {U'S', u"\\x00-\\x08\\x0b\\x0e-\\x1f!-\\x{10ffff}"},
        }};
        const auto known = std::ranges::find(perl, peek(1), [](const auto& one) { return one.first; });
        if (known != perl.end()) {
            m_at += 2;
            m_out += QString::fromUtf16(known->second);
            return;
        }
        if (peek(1) == U'p' || peek(1) == U'P') {
            ++m_at;
            m_out += unicodeClass();
            return;
        }
    }
    const char32_t low = classCharacter();
    m_out += literalText(low);
    if (peek() != U'-' || m_at + 1 >= m_in.size() || peek(1) == U']')
        return;
    ++m_at;
    const char32_t high = classCharacter();
    if (high < low)
        refuse(Texts::tr("a range in “[…]” is the wrong way round"));
    m_out += u'-' + literalText(high);
}

/// [:alpha:] and its like; a bracket by itself otherwise.
bool GoTranslator::namedClass()
{
    if (peek(1) != U':')
        return false;
    qsizetype end = 2;
    while (m_at + end < m_in.size() && (peek(end) != U':' || peek(end + 1) != U']'))
        ++end;
    if (m_at + end >= m_in.size())
        return false;
    const QString name = QString::fromUcs4(reinterpret_cast<const char32_t*>(m_in.constData() + m_at + 2), end - 2);
    static const QStringList known{u"alnum"_s, u"alpha"_s, u"ascii"_s, u"blank"_s, u"cntrl"_s, u"digit"_s, u"graph"_s,
                                   u"lower"_s, u"print"_s, u"punct"_s, u"space"_s, u"upper"_s, u"word"_s,  u"xdigit"_s};
    if (!known.contains(name.startsWith(u'^') ? name.sliced(1) : name))
        refuse(Texts::tr("[:%1:] is no class of characters").arg(name));
    m_out += u"[:%1:]"_s.arg(name);
    m_at += end + 2;
    return true;
}

/// At p or P. PCRE knows names of its own besides, which are refused; the others it judges itself.
QString GoTranslator::unicodeClass()
{
    QString out = u"\\%1{"_s.arg(QChar(char16_t(next())));
    QString name;
    if (peek() == U'{') {
        for (++m_at; !atEnd() && peek() != U'}';)
            name += QChar::fromUcs4(next());
    } else if (!atEnd()) {
        name += QChar::fromUcs4(peek());
    }
    static const QRegularExpression form(u"\\A\\^?(?!X)[A-Z][A-Za-z_]*\\z"_s);
    if (atEnd() || !form.match(name).hasMatch())
        refuse(Texts::tr("“%1” names no class of characters").arg(name));
    else
        ++m_at;
    return out + name + u'}';
}

char32_t GoTranslator::classCharacter()
{
    if (atEnd()) {
        refuse(Texts::tr("“[” is not closed"));
        return U'\0';
    }
    if (peek() != U'\\')
        return next();
    ++m_at;
    return escapedCharacter();
}

/// After the backslash.
char32_t GoTranslator::escapedCharacter()
{
    if (atEnd()) {
        refuse(Texts::tr("it ends in a backslash"));
        return U'\0';
    }
    const char32_t c = next();
    if (c < 0x80 && !isAsciiAlnum(c))
        return c;
    if (c == U'0' || (isOctal(c) && isOctal(peek()))) { // a single digit would be a reference
        char32_t out = c - U'0';
        for (int more = 0; more < 2 && isOctal(peek()); ++more)
            out = out * 8 + (next() - U'0');
        return out;
    }
    if (c == U'x')
        return hex();
    static constexpr std::array<std::pair<char32_t, char32_t>, 6> controls{
        {{U'a', 7}, {U'f', 12}, {U'n', 10}, {U'r', 13}, {U't', 9}, {U'v', 11}}};
    const auto known = std::ranges::find(controls, c, [](const auto& one) { return one.first; });
    if (known != controls.end())
        return known->second;
    refuse(Texts::tr("“\\%1” is not known there").arg(QChar::fromUcs4(c)));
    return U'\0';
}

/// After \x: two digits, or any number in braces.
char32_t GoTranslator::hex()
{
    QString digits;
    const bool braces = peek() == U'{';
    if (braces)
        ++m_at;
    while (isHex(peek()) && digits.size() < (braces ? 8 : 2))
        digits += QChar(char16_t(next()));
    bool good = false;
    const uint value = digits.toUInt(&good, 16);
    if (braces)
        good = good && !atEnd() && next() == U'}';
    if (!good || value > 0x10ffff || (!braces && digits.size() != 2))
        refuse(Texts::tr("“\\x” is not followed by the number of a character"));
    return value;
}

} // namespace wk::monitoring
