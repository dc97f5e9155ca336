// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "logs/LogLine.h"
#include "logs/SpillFile.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace wk::logs {

/// The lines of a log in the order in which they arrived, each at its number, for as many as the limits allow. Text is
/// kept in chunks; all but the newest are on disk, of each line sixteen bytes stay in memory. Beyond a limit the oldest
/// chunk is let go, and counted.
///
/// Safe from any thread. Reading a line is one read of a file of our own, from the system's cache as a rule; nothing
/// waits for the network.
class LogStore
{
public:
    struct Limits
    {
        qint64 bytes = 4LL << 30; ///< of text, on disk and in memory
        qint64 lines = 20'000'000;
        qint64 memoryBytes = 64LL << 20; ///< of text, where the disk takes no more
        qsizetype chunkBytes = 1 << 20;
        qsizetype hotChunks = 8; ///< newest ones that stay in memory, too
    };
    struct Size
    {
        quint32 first = 0;   ///< number of the oldest line that is kept
        quint32 end = 0;     ///< one past the newest
        qint64 bytes = 0;    ///< of text
        qint64 onDisk = 0;   ///< of them
        qint64 inMemory = 0; ///< text and places
    };

    /// Without a file everything stays in memory, within `memoryBytes`.
    explicit LogStore(std::unique_ptr<SpillFile> file) : LogStore(std::move(file), Limits{}) {}
    LogStore(std::unique_ptr<SpillFile> file, Limits limits);
    ~LogStore();
    Q_DISABLE_COPY_MOVE(LogStore)

    void append(const LogBatch& batch);

    [[nodiscard]] Size size() const;
    /// Lines that were let go since the beginning: `size().first`.
    [[nodiscard]] quint32 letGo() const { return size().first; }
    /// Why lines are kept in memory only, or cannot be read.
    [[nodiscard]] std::optional<Error> trouble() const;

    /// nullopt where that number was let go, or is not there yet. A line that cannot be read from the disk is a Gap
    /// that says so.
    [[nodiscard]] std::optional<LogLine> line(quint32 id) const;
    /// The places of the lines `from` to before `to`, as far as they are kept, by number.
    [[nodiscard]] std::vector<LineKey> places(quint32 from, quint32 to) const;
    /// Shows the lines `from` to before `to` by number, until the function returns false. The text is valid during the
    /// call only. Others may append meanwhile.
    struct Seen
    {
        LineKey place;
        QByteArrayView text;
    };
    void scan(quint32 from, quint32 to, const std::function<bool(const Seen&)>& see) const;

private:
    struct Entry;
    struct Chunk;
    [[nodiscard]] Chunk* chunkOf(quint32 id) const;
    void open();
    void seal();
    void cool();
    void letGoOldest();
    [[nodiscard]] Result<QByteArray> textOf(const Chunk& chunk, quint32 at, quint32 size) const;
    [[nodiscard]] qint64 textInMemory() const;

    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::unique_ptr<SpillFile> m_file;
    std::deque<std::unique_ptr<Chunk>> m_chunks; ///< oldest first; the last one is being filled
    quint32 m_end = 0;
    qint64 m_bytes = 0;
    qint64 m_onDisk = 0;
    qint64 m_fileEnd = 0;
    mutable std::optional<Error> m_trouble;
};

} // namespace wk::logs
