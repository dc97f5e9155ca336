// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/GoPattern.h"

#include "monitoring/alerts/GoTranslator.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::GoPattern)
};

constexpr int maxRepeat = 1'000; ///< regexp/syntax refuses more

} // namespace

QString GoTranslator::run()
{
    // It goes back and tries again, which RE2 never does: bounded, so that no expression keeps a program from going on.
    m_out = u"(*LIMIT_MATCH=200000)(*LF)(?-is)"_s;
    while (!atEnd() && m_why.isEmpty())
        step();
    if (!m_open.empty())
        refuse(Texts::tr("a parenthesis is not closed"));
    return m_why;
}

void GoTranslator::step()
{
    switch (const char32_t c = next(); c) {
    case U'(': open(); return;
    case U')': close(); return;
    case U'|':
        m_out += u'|';
        m_repeatable = m_repeated = false;
        return;
    case U'^': put(m_flags.lines ? u"(?:\\A|(?<=\\n))"_s : u"(?:\\A)"_s); return;
    case U'$': put(m_flags.lines ? u"(?:(?=\\n)|\\z)"_s : u"(?:\\z)"_s); return;
    case U'.': put(u"."_s); return;
    case U'*':
    case U'+':
    case U'?': repeat(QString(QChar(char16_t(c)))); return;
    case U'{':
        if (!counted())
            put(literalText(c));
        return;
    case U'[': characterClass(); return;
    case U'\\': escape(); return;
    default: put(literalText(c));
    }
}

void GoTranslator::open()
{
    if (peek() == U'?' && !groupName()) {
        flags();
        return;
    }
    m_open.push_back(m_flags);
    m_out += "(?:"_L1;
    m_repeatable = m_repeated = false;
}

/// (?P<name> and (?<name>: the name is left out.
bool GoTranslator::groupName()
{
    const qsizetype begin = peek(1) == U'P' ? 3 : 2;
    if (peek(begin - 1) != U'<')
        return false;
    qsizetype end = begin;
    while (isAsciiAlnum(peek(end)) || peek(end) == U'_')
        ++end;
    if (end == begin || peek(end) != U'>')
        return false; // (?<= and (?<! among them
    m_at += end + 1;
    return true;
}

/// (?flags) holds to the end of the group, (?flags:…) is one.
void GoTranslator::flags()
{
    const Flags before = m_flags;
    bool on = true, saw = true;
    ++m_at;
    while (!atEnd()) {
        const char32_t c = next();
        if (c == U'i')
            m_flags.fold = on;
        else if (c == U'm')
            m_flags.lines = on;
        else if (c == U's')
            m_flags.dotAll = on;
        else if (c == U'-' && on)
            on = saw = false;
        else if ((c == U':' || c == U')') && saw) {
            if (c == U':')
                m_open.push_back(before);
            const auto written = [this](bool set) {
                return QLatin1StringView(m_flags.fold == set ? "i" : "") +
                       QLatin1StringView(m_flags.dotAll == set ? "s" : "");
            };
            m_out += "(?"_L1 + written(true) + u'-' + written(false) + QChar(char16_t(c));
            m_repeatable = m_repeated = false;
            return;
        } else if (c != U'U') {
            break;
        }
        saw = saw || c != U'-';
    }
    refuse(Texts::tr("“(?” is followed by something other than flags or a name: look-around is not known there"));
}

void GoTranslator::close()
{
    if (m_open.empty()) {
        refuse(Texts::tr("a parenthesis is closed that was not opened"));
        return;
    }
    m_flags = m_open.back();
    m_open.pop_back();
    put(u")"_s);
}

void GoTranslator::repeat(const QString& sign)
{
    if (!m_repeatable)
        refuse(Texts::tr("“%1” has nothing before it to repeat").arg(sign));
    else if (m_repeated)
        refuse(Texts::tr("“%1” repeats a repetition").arg(sign));
    m_out += sign;
    if (peek() == U'?')
        ++m_at; // how greedily does not matter: all of the text has to match
    m_repeated = true;
}

std::optional<int> GoTranslator::number()
{
    if (peek() == U'0' && peek(1) >= U'0' && peek(1) <= U'9')
        return std::nullopt;
    int out = -1;
    while (peek() >= U'0' && peek() <= U'9')
        out = std::min(std::max(out, 0) * 10 + int(next() - U'0'), maxRepeat + 1);
    return out < 0 ? std::nullopt : std::optional(out);
}

/// {n}, {n,} or {n,m}; anything else is a brace.
bool GoTranslator::counted()
{
    const qsizetype begin = m_at;
    const std::optional<int> least = number();
    std::optional<int> most = least;
    bool endless = false;
    if (least && peek() == U',') {
        ++m_at;
        endless = peek() == U'}';
        most = endless ? least : number();
    }
    if (!least || !most || peek() != U'}') {
        m_at = begin;
        return false;
    }
    ++m_at;
    if (*least > maxRepeat || *most > maxRepeat || *most < *least)
        refuse(Texts::tr("a count of repetitions is beyond 1,000 or the wrong way round"));
    repeat(endless ? u"{%1,}"_s.arg(*least) : u"{%1,%2}"_s.arg(*least).arg(*most));
    return true;
}

void GoTranslator::escape()
{
    const char32_t c = peek();
    if (c == U'A' || c == U'z' || c == U'b' || c == U'B') {
        ++m_at;
        put(u"(?:\\%1)"_s.arg(QChar(char16_t(c))));
    } else if (c == U's' || c == U'S') {
        ++m_at;
        put(c == U's' ? u"[\\t\\n\\f\\r ]"_s : u"[^\\t\\n\\f\\r ]"_s);
    } else if (c == U'd' || c == U'D' || c == U'w' || c == U'W') {
        ++m_at;
        put(u"\\%1"_s.arg(QChar(char16_t(c))));
    } else if (c == U'p' || c == U'P') {
        put(unicodeClass());
    } else if (c == U'Q') {
        ++m_at;
        quoted();
    } else {
        put(literalText(escapedCharacter()));
    }
}

/// \Q…\E, or to the end.
void GoTranslator::quoted()
{
    while (!atEnd()) {
        if (peek() == U'\\' && peek(1) == U'E') {
            m_at += 2;
            return;
        }
        put(literalText(next()));
    }
}

Result<QRegularExpression> anchoredGoPattern(const QString& pattern)
{
    // Go compiles it so, and so a pattern whose own parentheses close the wrong way is read as it reads it.
    GoTranslator translator(u"^(?:"_s + pattern + u")$"_s);
    QString why = translator.run();
    QRegularExpression out(translator.pattern(), QRegularExpression::DontCaptureOption);
    if (why.isEmpty() && !out.isValid())
        why = out.errorString();
    if (why.isEmpty())
        return out;
    return fail(Error::Kind::BadInput,
                Texts::tr("Alertmanager does not take “%1” as a regular expression: %2.").arg(pattern, why), {},
                Texts::tr("It takes the syntax of RE2."));
}

} // namespace wk::monitoring
