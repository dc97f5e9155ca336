// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <compare>
#include <vector>

namespace wk::logs {

/// How grave a line says it is.
enum class Level : quint8 { None, Trace, Debug, Info, Warning, Error, Fatal };

/// What stands in a line: what a container wrote, or what has to be known about what it wrote.
enum class LineKind : quint8 {
    Text,
    Gap, ///< lines may be missing here
};

/// A line's place in a log that is merged by time, and what has to be known of very many lines at once. `key` is the
/// line's own time, or that of the line before it in the same source where that is later: a container's own order
/// always stands.
struct LineKey
{
    qint64 key = 0; ///< nanoseconds since the Unix epoch
    quint32 id = 0; ///< number of the line in the order of arrival
    quint16 source = 0;
    Level level = Level::None;
    LineKind kind = LineKind::Text;

    auto operator<=>(const LineKey& other) const
    {
        if (const auto c = key <=> other.key; c != 0)
            return c;
        if (const auto c = source <=> other.source; c != 0)
            return c;
        return id <=> other.id;
    }
    bool operator==(const LineKey& other) const { return (*this <=> other) == 0; }
};

struct LogLine
{
    LineKey place;
    bool cut = false; ///< it was longer than `LogReader` keeps
    QByteArray text;  ///< as the container wrote it, without the line's end; seldom not UTF-8
};

/// Lines of one source on their way into a store.
struct LogBatch
{
    struct Piece
    {
        qint64 key = 0;
        qsizetype size = 0; ///< of the line in `text`, where all lines follow each other
        LineKind kind = LineKind::Text;
        bool cut = false;
    };
    quint16 source = 0;
    QByteArray text;
    std::vector<Piece> pieces;

    void add(qint64 key, QByteArrayView line, LineKind kind = LineKind::Text, bool cut = false)
    {
        text.append(line);
        pieces.push_back({key, line.size(), kind, cut});
    }
    [[nodiscard]] bool isEmpty() const { return pieces.empty(); }
};

} // namespace wk::logs
