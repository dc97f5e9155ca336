// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogStore.h"

#include "logs/LogLevel.h"

namespace wk::logs {

/// Sixteen bytes for each line.
struct LogStore::Entry
{
    qint64 key;
    quint32 at; ///< in the chunk's text
    quint16 source;
    quint8 level;
    quint8 flags; ///< the kind, and `cutFlag`
};

namespace {
constexpr quint8 cutFlag = 0x80;
}

struct LogStore::Chunk
{
    quint32 first = 0; ///< number of its first line
    std::vector<Entry> entries;
    QByteArray text;    ///< empty once it is only on disk
    quint32 size = 0;   ///< of the text
    qint64 fileAt = -1; ///< -1: not on disk
    bool inMemory = true;

    [[nodiscard]] quint32 end() const { return first + quint32(entries.size()); }
    [[nodiscard]] quint32 endOf(size_t index) const
    {
        return index + 1 < entries.size() ? entries[index + 1].at : size;
    }
    [[nodiscard]] LineKey place(size_t index) const
    {
        const Entry& e = entries[index];
        return {e.key, first + quint32(index), e.source, Level(e.level), LineKind(e.flags & ~cutFlag)};
    }
};

LogStore::LogStore(std::unique_ptr<SpillFile> file, Limits limits) : m_limits(limits), m_file(std::move(file))
{
    static_assert(sizeof(Entry) == 16);
    open();
}

LogStore::~LogStore() = default;

void LogStore::open()
{
    auto chunk = std::make_unique<Chunk>();
    chunk->first = m_end;
    chunk->text.reserve(m_limits.chunkBytes);
    m_chunks.push_back(std::move(chunk));
}

void LogStore::append(const LogBatch& batch)
{
    // Recognising levels takes longest, and needs nobody's permission.
    std::vector<Level> levels;
    levels.reserve(batch.pieces.size());
    qsizetype at = 0;
    for (const LogBatch::Piece& piece : batch.pieces) {
        levels.push_back(piece.kind == LineKind::Text ? levelOf(QByteArrayView(batch.text).sliced(at, piece.size))
                                                      : Level::None);
        at += piece.size;
    }
    const std::lock_guard lock(m_mutex);
    at = 0;
    for (size_t i = 0; i < batch.pieces.size(); ++i) {
        const LogBatch::Piece& piece = batch.pieces[i];
        Chunk* chunk = m_chunks.back().get();
        if (chunk->size > 0 && chunk->size + piece.size > m_limits.chunkBytes) {
            seal();
            chunk = m_chunks.back().get();
        }
        chunk->entries.push_back({piece.key, chunk->size, batch.source, quint8(levels[i]),
                                  quint8(quint8(piece.kind) | (piece.cut ? cutFlag : 0))});
        chunk->text.append(QByteArrayView(batch.text).sliced(at, piece.size));
        chunk->size += quint32(piece.size);
        m_bytes += piece.size;
        at += piece.size;
        ++m_end;
    }
    while (m_chunks.size() > 1 && (m_bytes > m_limits.bytes || m_end - m_chunks.front()->first > m_limits.lines))
        letGoOldest();
}

void LogStore::seal()
{
    Chunk& chunk = *m_chunks.back();
    chunk.entries.shrink_to_fit();
    if (m_file) {
        if (const auto written = m_file->write(m_fileEnd, chunk.text)) {
            chunk.fileAt = m_fileEnd;
            m_fileEnd += chunk.size;
            m_onDisk += chunk.size;
            m_trouble.reset();
        } else {
            m_trouble = written.error();
        }
    }
    open();
    cool();
}

/// Chunks that are on disk leave memory; those that are not stay, within their limit.
void LogStore::cool()
{
    const qsizetype hot = qsizetype(m_chunks.size()) - 1 - m_limits.hotChunks;
    for (qsizetype i = 0; i < hot; ++i) {
        Chunk& chunk = *m_chunks[size_t(i)];
        if (chunk.fileAt < 0 || !chunk.inMemory)
            continue;
        chunk.inMemory = false;
        chunk.text = QByteArray();
    }
    while (m_chunks.size() > 1 && textInMemory() > m_limits.memoryBytes + m_limits.hotChunks * m_limits.chunkBytes) {
        // The oldest that is in memory only; those before it go with it, so that numbers have no holes.
        letGoOldest();
    }
}

qint64 LogStore::textInMemory() const
{
    qint64 bytes = 0;
    for (const auto& chunk : m_chunks)
        bytes += chunk->inMemory ? chunk->size : 0;
    return bytes;
}

void LogStore::letGoOldest()
{
    const Chunk& chunk = *m_chunks.front();
    m_bytes -= chunk.size;
    if (chunk.fileAt >= 0) {
        m_onDisk -= chunk.size;
        m_file->release(chunk.fileAt, chunk.size);
    }
    m_chunks.pop_front();
}

LogStore::Size LogStore::size() const
{
    const std::lock_guard lock(m_mutex);
    Size s{m_chunks.front()->first, m_end, m_bytes, m_onDisk, 0};
    for (const auto& chunk : m_chunks)
        s.inMemory += qint64(chunk->entries.capacity() * sizeof(Entry)) + chunk->text.capacity();
    return s;
}

std::optional<Error> LogStore::trouble() const
{
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

LogStore::Chunk* LogStore::chunkOf(quint32 id) const
{
    if (id < m_chunks.front()->first || id >= m_end)
        return nullptr;
    const auto after = std::ranges::upper_bound(m_chunks, id, {}, [](const auto& chunk) { return chunk->first; });
    return std::prev(after)->get();
}

Result<QByteArray> LogStore::textOf(const Chunk& chunk, quint32 at, quint32 size) const
{
    if (chunk.inMemory)
        return chunk.text.sliced(at, size);
    return m_file->read(chunk.fileAt + at, size);
}

std::optional<LogLine> LogStore::line(quint32 id) const
{
    const std::lock_guard lock(m_mutex);
    const Chunk* chunk = chunkOf(id);
    if (!chunk)
        return std::nullopt;
    const size_t index = id - chunk->first;
    const Entry& entry = chunk->entries[index];
    LogLine line{chunk->place(index), (entry.flags & cutFlag) != 0, {}};
    if (auto text = textOf(*chunk, entry.at, chunk->endOf(index) - entry.at)) {
        line.text = std::move(*text);
    } else {
        m_trouble = text.error();
        line.place.kind = LineKind::Gap;
        line.text = text.error().sentence.toUtf8();
    }
    return line;
}

std::vector<LineKey> LogStore::places(quint32 from, quint32 to) const
{
    std::vector<LineKey> out;
    const std::lock_guard lock(m_mutex);
    from = std::max(from, m_chunks.front()->first);
    to = std::min(to, m_end);
    if (from >= to)
        return out;
    out.reserve(to - from);
    while (from < to) {
        const Chunk* chunk = chunkOf(from);
        for (const quint32 end = std::min(to, chunk->end()); from < end; ++from)
            out.push_back(chunk->place(from - chunk->first));
    }
    return out;
}

void LogStore::scan(quint32 from, quint32 to, const std::function<bool(const Seen&)>& see) const
{
    while (true) {
        // One chunk at a time; the lock is not held while others look at it.
        std::vector<Entry> entries;
        QByteArray text;
        quint32 base = 0;
        {
            const std::lock_guard lock(m_mutex);
            from = std::max(from, m_chunks.front()->first);
            const Chunk* chunk = from < std::min(to, m_end) ? chunkOf(from) : nullptr;
            if (!chunk)
                return;
            const size_t begin = from - chunk->first, end = std::min(to, chunk->end()) - chunk->first;
            entries.assign(chunk->entries.begin() + qptrdiff(begin), chunk->entries.begin() + qptrdiff(end));
            base = entries.front().at;
            auto read = textOf(*chunk, base, chunk->endOf(end - 1) - base);
            if (read) {
                text = std::move(*read);
            } else {
                m_trouble = read.error();
                from += quint32(entries.size());
                continue;
            }
        }
        for (size_t i = 0; i < entries.size(); ++i, ++from) {
            const Entry& e = entries[i];
            const qsizetype at = e.at - base;
            const qsizetype end = i + 1 < entries.size() ? entries[i + 1].at - base : text.size();
            if (!see({{e.key, from, e.source, Level(e.level), LineKind(e.flags & ~cutFlag)},
                      QByteArrayView(text).sliced(at, end - at)}))
                return;
        }
    }
}

} // namespace wk::logs
