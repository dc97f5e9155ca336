// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <deque>
#include <optional>
#include <unordered_map>

namespace wk::logs {

/// Lets a log go on where it was interrupted, without a line twice and without one missing unnoticed. A server can only
/// be asked for the lines since a second (API servers pass whole seconds on to the kubelet), and several lines may have
/// the same time: so what is known of the last seconds is compared with what comes again, line by line, as often as
/// each was there.
class ResumeGuard
{
public:
    /// A line was taken.
    void took(qint64 ns, QByteArrayView line);
    /// The moment from which lines are to be asked for again; nullopt where none was taken.
    [[nodiscard]] std::optional<qint64> since() const;
    /// Lines older than this are kept for a request that is under way.
    void hold(std::optional<qint64> since) { m_hold = since; }

    /// What comes again after an interruption, judged in the server's order.
    class Replay
    {
    public:
        Replay() = default;
        enum class Verdict {
            New,
            Known,      ///< was taken before the interruption
            NewAfterGap ///< new, and what was taken last did not come again: lines between may be missing
        };
        [[nodiscard]] Verdict judge(qint64 ns, QByteArrayView line);
        /// What was taken last has come again; true also where nothing was to come again.
        [[nodiscard]] bool joined() const { return m_sawLast; }

    private:
        friend class ResumeGuard;
        std::unordered_map<quint64, int> m_known; ///< times that a line is to come again
        qint64 m_lastNs = 0;
        quint64 m_lastHash = 0;
        bool m_sawLast = true;
        bool m_sawAny = false;
        bool m_partial = false; ///< lines before the first that was ever taken come, too
    };
    /// For a request with since().
    [[nodiscard]] Replay replay(std::optional<qint64> since) const;

private:
    struct Taken
    {
        qint64 ns;
        quint64 hash;
    };
    std::deque<Taken> m_taken; ///< of the last seconds
    std::optional<qint64> m_firstNs;
    std::optional<qint64> m_hold;
};

} // namespace wk::logs
