// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CodeHighlighter.h"

#include "widgets/common/Theme.h"

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

/// Lines beyond this are data (a certificate, a blob), not structure.
constexpr qsizetype longestLine = 4000;

bool isLiteral(QStringView word)
{
    if (word == u"true" || word == u"false" || word == u"null" || word == u"~")
        return true;
    bool number = false;
    (void)word.toDouble(&number);
    return number;
}

qsizetype indentOf(QStringView line)
{
    qsizetype indent = 0;
    while (indent < line.size() && line[indent] == u' ')
        ++indent;
    return indent;
}

} // namespace

CodeHighlighter::CodeHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {}

void CodeHighlighter::setLanguage(CodeView::Language language) { m_language = language; }

void CodeHighlighter::setColors(const Theme& theme)
{
    using Token = Theme::Token;
    m_key.setForeground(theme.color(Token::Accent));
    m_text.setForeground(theme.color(Token::Text));
    m_literal.setForeground(theme.color(Token::Good));
    m_comment.setForeground(theme.color(Token::Muted));
    m_added.setForeground(theme.color(Token::Good));
    m_removed.setForeground(theme.color(Token::Bad));
    rehighlight();
}

void CodeHighlighter::highlightBlock(const QString& line)
{
    setCurrentBlockState(-1);
    if (line.size() > longestLine)
        return;
    if (m_language == CodeView::Language::Yaml)
        highlightYaml(line);
    else if (m_language == CodeView::Language::Json)
        highlightJson(line);
    else if (m_language == CodeView::Language::Difference && (line.startsWith(u'+') || line.startsWith(u'-')))
        setFormat(0, int(line.size()), line.startsWith(u'+') ? m_added : m_removed);
}

void CodeHighlighter::highlightYaml(const QString& line)
{
    const qsizetype indent = indentOf(line);
    // The state is the indentation of the key that opened a block scalar; deeper lines belong to it.
    const int open = previousBlockState();
    if (open >= 0 && (indent > open || line.trimmed().isEmpty())) {
        setCurrentBlockState(open);
        setFormat(0, int(line.size()), m_text);
        return;
    }
    qsizetype at = indent;
    while (line.mid(at, 2) == u"- ")
        at += 2;
    if (at < line.size() && line[at] == u'#') {
        setFormat(int(at), int(line.size() - at), m_comment);
        return;
    }
    qsizetype colon = line.indexOf(u':', at);
    while (colon >= 0 && colon + 1 < line.size() && line[colon + 1] != u' ')
        colon = line.indexOf(u':', colon + 1);
    if (colon < 0 || (at < line.size() && line[at] == u'"' && line.indexOf(u'"', at + 1) > colon)) {
        highlightValue(line, at);
        return;
    }
    setFormat(int(at), int(colon - at), m_key);
    const QString value = line.sliced(colon + 1).trimmed();
    if (value == u"|" || value == u">" || value == u"|-" || value == u">-" || value == u"|+" || value == u">+")
        setCurrentBlockState(int(indent));
    highlightValue(line, colon + 1);
}

void CodeHighlighter::highlightValue(const QString& line, qsizetype from)
{
    while (from < line.size() && line[from] == u' ')
        ++from;
    qsizetype end = line.size();
    const qsizetype comment = line.indexOf(u" #"_s, from);
    const bool quoted = from < line.size() && (line[from] == u'"' || line[from] == u'\'');
    if (comment >= 0 && !quoted) {
        setFormat(int(comment), int(end - comment), m_comment);
        end = comment;
    }
    if (from < end)
        setFormat(int(from), int(end - from),
                  isLiteral(QStringView(line).sliced(from, end - from).trimmed()) ? m_literal : m_text);
}

void CodeHighlighter::highlightJson(const QString& line)
{
    qsizetype i = 0;
    while (i < line.size()) {
        const QChar c = line[i];
        const qsizetype start = i;
        if (c == u'"') {
            for (++i; i < line.size() && line[i] != u'"'; ++i) {
                if (line[i] == u'\\')
                    ++i;
            }
            i = std::min(i + 1, line.size());
            qsizetype next = i;
            while (next < line.size() && line[next].isSpace())
                ++next;
            const bool isKey = next < line.size() && line[next] == u':';
            setFormat(int(start), int(i - start), isKey ? m_key : m_text);
        } else if (c.isLetterOrNumber() || c == u'-') {
            while (i < line.size() &&
                   (line[i].isLetterOrNumber() || line[i] == u'-' || line[i] == u'+' || line[i] == u'.'))
                ++i;
            setFormat(int(start), int(i - start), m_literal);
        } else {
            ++i;
        }
    }
}

} // namespace wk::widgets
