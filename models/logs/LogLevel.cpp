// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogLevel.h"

#include <QtCore/QCoreApplication>

#include <array>
#include <string_view>

namespace wk::logs {

namespace {

struct Word
{
    std::string_view text; ///< lower case
    Level level;
};

constexpr std::array words{
    Word{"trace", Level::Trace},     Word{"debug", Level::Debug},    Word{"dbg", Level::Debug},
    Word{"verbose", Level::Debug},   Word{"info", Level::Info},      Word{"information", Level::Info},
    Word{"notice", Level::Info},     Word{"log", Level::Info},       Word{"warn", Level::Warning},
    Word{"warning", Level::Warning}, Word{"error", Level::Error},    Word{"err", Level::Error},
    Word{"severe", Level::Error},    Word{"critical", Level::Fatal}, Word{"crit", Level::Fatal},
    Word{"fatal", Level::Fatal},     Word{"panic", Level::Fatal},    Word{"emerg", Level::Fatal},
    Word{"alert", Level::Fatal},
};
/// pino and bunyan.
constexpr std::array numbers{Word{"10", Level::Trace},   Word{"20", Level::Debug}, Word{"30", Level::Info},
                             Word{"40", Level::Warning}, Word{"50", Level::Error}, Word{"60", Level::Fatal}};

constexpr qsizetype lookedAt = 160; ///< a level stands at the beginning of a line

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

bool same(QByteArrayView word, std::string_view text)
{
    return word.size() == qsizetype(text.size()) &&
           std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return lower(a) == b; });
}

/// The value of a field in JSON ("level":"warn") or logfmt (level=warn).
Level fieldLevel(QByteArrayView line)
{
    for (const std::string_view name : {"level", "severity", "lvl"}) {
        const QByteArrayView key(name.data(), qsizetype(name.size()));
        for (qsizetype at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + 1)) {
            qsizetype end = at + key.size();
            const char before = at > 0 ? line[at - 1] : ' ';
            const bool quoted = before == '"' && end < line.size() && line[end] == '"';
            if (!quoted && before != ' ' && before != '\t')
                continue;
            end += quoted;
            while (quoted && end < line.size() && line[end] == ' ')
                ++end;
            if (end >= line.size() || line[end] != (quoted ? ':' : '='))
                continue;
            do
                ++end;
            while (end < line.size() && (line[end] == ' ' || line[end] == '"'));
            qsizetype stop = end;
            while (stop < line.size() && (isLetter(line[stop]) || (line[stop] >= '0' && line[stop] <= '9')))
                ++stop;
            return levelNamed(line.sliced(end, stop - end));
        }
    }
    return Level::None;
}

/// klog: "E0102 15:04:05.678901".
Level klogLevel(QByteArrayView line)
{
    if (line.size() < 6 || line[5] != ' ')
        return Level::None;
    for (int i = 1; i < 5; ++i)
        if (line[i] < '0' || line[i] > '9')
            return Level::None;
    switch (line[0]) {
    case 'I': return Level::Info;
    case 'W': return Level::Warning;
    case 'E': return Level::Error;
    case 'F': return Level::Fatal;
    default: return Level::None;
    }
}

/// A word that stands where levels stand: all capitals, in brackets, or before a colon.
Level wordLevel(QByteArrayView line)
{
    const qsizetype end = qMin(line.size(), lookedAt);
    for (qsizetype at = 0; at < end;) {
        if (!isLetter(line[at])) {
            ++at;
            continue;
        }
        qsizetype stop = at;
        bool capitals = true;
        for (; stop < line.size() && isLetter(line[stop]); ++stop)
            capitals = capitals && line[stop] < 'a';
        const char before = at > 0 ? line[at - 1] : ' ', after = stop < line.size() ? line[stop] : ' ';
        const bool alone = before != '/' && before != '-' && before != '_' && before != '.' && after != '/' &&
                           after != '-' && after != '_' && after != '.' && after != '=';
        const bool bracketed = (before == '[' || before == '<' || before == '(') && after != ' ';
        if (alone && stop - at >= 3 && stop - at <= 11 && (capitals || bracketed || after == ':'))
            if (const Level level = levelNamed(line.sliced(at, stop - at)); level != Level::None)
                return level;
        at = stop;
    }
    return Level::None;
}

} // namespace

Level levelNamed(QByteArrayView word)
{
    for (const Word& w : words)
        if (same(word, w.text))
            return w.level;
    for (const Word& w : numbers)
        if (same(word, w.text))
            return w.level;
    return Level::None;
}

Level levelOf(QByteArrayView line)
{
    if (const Level level = fieldLevel(line.first(qMin(line.size(), qsizetype(2048)))); level != Level::None)
        return level;
    if (const Level level = klogLevel(line); level != Level::None)
        return level;
    if (line.startsWith("Traceback (most recent call last)") || line.startsWith("Exception in thread"))
        return Level::Error;
    return line.startsWith('{') ? Level::None : wordLevel(line);
}

QString levelWord(Level level)
{
    const auto word = [](const char* text) { return QCoreApplication::translate("wk::LogLevel", text); };
    switch (level) {
    case Level::None: return {};
    case Level::Trace: return word("trace");
    case Level::Debug: return word("debug");
    case Level::Info: return word("info");
    case Level::Warning: return word("warning");
    case Level::Error: return word("error");
    case Level::Fatal: return word("fatal");
    }
    return {};
}

} // namespace wk::logs
