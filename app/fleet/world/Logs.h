// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Model.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>

namespace wk::fleet {

/// What a container prints, as a pure function of the pod's seed and the time: nothing is stored, yet every reader sees
/// the same lines, and a line seen once is still there an hour later.
class LogSource
{
public:
    struct Line
    {
        qint64 timeMs = 0;
        QByteArray text;
    };

    /// The present run of a container, or the run before it.
    LogSource(const Cluster& cluster, const Pod& pod, int container, bool previous);

    [[nodiscard]] qint64 startedMs() const { return m_start; } ///< 0: it has not run
    [[nodiscard]] bool running() const { return m_end == 0 && m_start > 0; }
    /// Lines with fromMs <= time < untilMs, oldest first, at most `limit` of them counted from the end.
    [[nodiscard]] QList<Line> lines(qint64 fromMs, qint64 untilMs, qsizetype limit) const;
    /// The time of the oldest line that the kubelet still has: it keeps one file, and begins another when that is full.
    [[nodiscard]] qint64 keptFromMs(qint64 nowMs) const;
    /// The run ended then, without a word: its pod was removed.
    void endAt(qint64 ms) { m_end = m_end > 0 ? m_end : ms; }
    /// When the run ended; 0 while it goes on.
    [[nodiscard]] qint64 endedMs() const { return m_end; }

private:
    [[nodiscard]] Line lineAt(qint64 slot) const;
    [[nodiscard]] QByteArray request(quint64 h, bool bad) const;
    [[nodiscard]] QByteArray body(qint64 timeMs, quint64 h) const;
    [[nodiscard]] QList<Line> lastWords() const;
    [[nodiscard]] QList<Line> burst(qint64 fromMs, qint64 untilMs) const;

    QString m_runtime;
    QString m_service;
    QString m_image;
    quint64 m_seed = 0;
    qint64 m_start = 0;
    qint64 m_end = 0; ///< 0 while it runs
    QString m_endReason;
    int m_exitCode = 0;
    qint64 m_slotMs = 1000; ///< one line per slot, somewhere within it
    bool m_failing = false;
    int m_port = 0;
    LogBurst m_burst;
};

} // namespace wk::fleet
