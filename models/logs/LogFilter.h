// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "logs/LogLine.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QStringList>

namespace wk::logs {

/// Which lines a person wants to see. Words: every one must occur, in any case; "several words" together in quotes,
/// -word must not occur, level:warning and graver. Or one regular expression (Perl's, in any case unless it has a
/// capital letter). A value; matches() may be called from any thread.
class LogFilter
{
public:
    enum class Mode { Words, Regex };

    LogFilter() = default; ///< lets everything pass
    /// Fails where the expression is none, and says at which place.
    [[nodiscard]] static Result<LogFilter> make(const QString& text, Mode mode);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] bool matches(QByteArrayView line, Level level) const;
    /// What to highlight in a line: places and lengths, in characters, from left to right.
    [[nodiscard]] std::vector<std::pair<qsizetype, qsizetype>> hits(const QString& line) const;

    bool operator==(const LogFilter& other) const
    {
        return m_wanted == other.m_wanted && m_unwanted == other.m_unwanted && m_atLeast == other.m_atLeast &&
               m_regex == other.m_regex;
    }

private:
    QList<QByteArray> m_wanted; ///< lower case
    QList<QByteArray> m_unwanted;
    Level m_atLeast = Level::None;
    QRegularExpression m_regex; ///< empty pattern: none
};

} // namespace wk::logs
