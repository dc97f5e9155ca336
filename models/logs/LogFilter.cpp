// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogFilter.h"

#include "logs/LogLevel.h"

#include <QtCore/QCoreApplication>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

QString words(const char* text) { return QCoreApplication::translate("wk::LogFilter", text); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

bool isAscii(QByteArrayView text)
{
    return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

/// `word` is in lower case.
bool contains(QByteArrayView line, const QByteArray& word)
{
    if (!isAscii(word))
        return QString::fromUtf8(line).contains(QString::fromUtf8(word), Qt::CaseInsensitive);
    return std::search(line.begin(), line.end(), word.begin(), word.end(),
                       [](char a, char b) { return lower(a) == b; }) != line.end();
}

/// The next word of a line of words; quotes hold several together. A quote that is not closed ends with the text.
QString nextWord(QStringView text, qsizetype& at, bool& quoted)
{
    while (at < text.size() && text[at].isSpace())
        ++at;
    QString word;
    bool inside = false;
    for (; at < text.size() && (inside || !text[at].isSpace()); ++at) {
        if (text[at] == u'"') {
            inside = !inside;
            quoted = true;
        } else {
            word += text[at];
        }
    }
    return word;
}

} // namespace

Result<LogFilter> LogFilter::make(const QString& text, Mode mode)
{
    LogFilter filter;
    if (mode == Mode::Regex) {
        const bool exact = std::ranges::any_of(text, [](QChar c) { return c.isUpper(); });
        filter.m_regex = QRegularExpression(text, exact ? QRegularExpression::NoPatternOption
                                                        : QRegularExpression::CaseInsensitiveOption);
        if (!filter.m_regex.isValid())
            return fail(Error::Kind::BadInput, words("The expression is wrong at character %1: %2.")
                                                   .arg(filter.m_regex.patternErrorOffset() + 1)
                                                   .arg(filter.m_regex.errorString()));
        filter.m_regex.optimize();
        return filter;
    }
    for (qsizetype at = 0; at < text.size();) {
        bool quoted = false;
        const QString word = nextWord(text, at, quoted);
        const bool unwanted = word.size() > 1 && word.startsWith(u'-');
        const QString bare = (unwanted ? word.sliced(1) : word).toLower();
        if (bare.isEmpty())
            continue;
        if (!quoted && !unwanted && bare.startsWith(u"level:")) {
            const QByteArray name = bare.sliced(6).toUtf8();
            filter.m_atLeast = levelNamed(name);
            if (filter.m_atLeast == Level::None)
                return fail(Error::Kind::BadInput, words("There is no level “%1”.").arg(bare.sliced(6)), {},
                            words("Levels are trace, debug, info, warning, error and fatal."));
            continue;
        }
        (unwanted ? filter.m_unwanted : filter.m_wanted).append(bare.toUtf8());
    }
    return filter;
}

bool LogFilter::isEmpty() const
{
    return m_wanted.isEmpty() && m_unwanted.isEmpty() && m_atLeast == Level::None && m_regex.pattern().isEmpty();
}

bool LogFilter::matches(QByteArrayView line, Level level) const
{
    const auto in = [line](const QByteArray& word) { return contains(line, word); };
    return level >= m_atLeast && std::ranges::all_of(m_wanted, in) && std::ranges::none_of(m_unwanted, in) &&
           (m_regex.pattern().isEmpty() || m_regex.match(QString::fromUtf8(line)).hasMatch());
}

std::vector<std::pair<qsizetype, qsizetype>> LogFilter::hits(const QString& line) const
{
    std::vector<std::pair<qsizetype, qsizetype>> found;
    for (const QByteArray& word : m_wanted) {
        const QString text = QString::fromUtf8(word);
        for (qsizetype at = line.indexOf(text, 0, Qt::CaseInsensitive); at >= 0;
             at = line.indexOf(text, at + text.size(), Qt::CaseInsensitive))
            found.emplace_back(at, text.size());
    }
    if (!m_regex.pattern().isEmpty()) {
        for (auto it = m_regex.globalMatch(line); it.hasNext();)
            if (const auto match = it.next(); match.capturedLength() > 0)
                found.emplace_back(match.capturedStart(), match.capturedLength());
    }
    std::ranges::sort(found);
    return found;
}

} // namespace wk::logs
