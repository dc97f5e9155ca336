// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QtGlobal>

#include <optional>
#include <set>
#include <vector>

namespace wk::monitoring {

/// What is asked first where a server is asked more than it may be at once.
enum class Priority {
    Now,     ///< a person or a plan waits for it
    Visible, ///< a chart that is on screen
    Later    ///< whatever may be needed soon
};

/// Which questions go out when: at most so many at once, by priority, then in the order in which they came. Pure.
class QueryBudget
{
public:
    explicit QueryBudget(int atOnce) : m_atOnce(std::size_t(qMax(1, atOnce))) {}

    void add(quint64 id, Priority priority)
    {
        const auto later =
            std::ranges::find_if(m_waiting, [priority](const Waiting& w) { return w.priority > priority; });
        m_waiting.insert(later, {id, priority});
    }
    /// The next that may go out now; it counts as running.
    [[nodiscard]] std::optional<quint64> next()
    {
        if (m_waiting.empty() || m_running.size() >= m_atOnce)
            return std::nullopt;
        const quint64 id = m_waiting.front().id;
        m_waiting.erase(m_waiting.begin());
        m_running.insert(id);
        return id;
    }
    /// It has ended, or nobody wants it any more, running or not.
    void remove(quint64 id)
    {
        m_running.erase(id);
        std::erase_if(m_waiting, [id](const Waiting& w) { return w.id == id; });
    }
    [[nodiscard]] int running() const { return int(m_running.size()); }
    [[nodiscard]] int waiting() const { return int(m_waiting.size()); }

private:
    struct Waiting
    {
        quint64 id;
        Priority priority;
    };
    std::size_t m_atOnce;
    std::vector<Waiting> m_waiting;
    std::set<quint64> m_running;
};

} // namespace wk::monitoring
