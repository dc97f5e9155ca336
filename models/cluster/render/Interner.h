// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <string>
#include <string_view>
#include <vector>

namespace wk::cluster::render {

/// Gives equal texts the same QString data: namespaces, nodes, labels and images repeat in every row. A direct-mapped
/// cache, so it is bounded and never needs clearing; a text that has been pushed out simply gets a new copy. Not
/// thread-safe: one per thread, see texts().
class Interner
{
public:
    [[nodiscard]] QString get(std::string_view utf8)
    {
        if (utf8.empty())
            return {};
        if (utf8.size() > longestKept)
            return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
        Entry& entry = m_entries[std::hash<std::string_view>{}(utf8) % m_entries.size()];
        if (entry.utf8 != utf8) {
            entry.utf8 = utf8;
            entry.text = QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
        }
        return entry.text;
    }

    /// The pool of the calling thread.
    [[nodiscard]] static Interner& ofThread()
    {
        thread_local Interner interner;
        return interner;
    }

private:
    static constexpr std::size_t longestKept = 512;
    struct Entry
    {
        std::string utf8;
        QString text;
    };
    std::vector<Entry> m_entries{2048};
};

/// `utf8` as a QString that shares its data with equal ones of this thread.
[[nodiscard]] inline QString shared(std::string_view utf8) { return Interner::ofThread().get(utf8); }
/// `utf8` as a QString of its own: names, uids, addresses.
[[nodiscard]] inline QString own(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

} // namespace wk::cluster::render
