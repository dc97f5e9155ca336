// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "MainWindow.h"

#include <QtCore/QElapsedTimer>

namespace wk::app {

/// How much of the time the GUI thread works, and the longest time it was away from its event loop. Counted from the
/// event dispatcher: between awake() and aboutToBlock() it is busy. Needs a dispatcher that emits awake() as soon as it
/// wakes: Qt's own, not glib's (QT_NO_GLIB=1).
class BusyMeter : public QObject
{
    Q_OBJECT
public:
    explicit BusyMeter(QObject* parent = nullptr);
    void restart();
    /// 0 to 1 since restart().
    [[nodiscard]] double share() const;
    [[nodiscard]] double longestMs() const { return double(m_longestNs) / 1e6; }

private:
    void onAwake();
    void onBlock();

    QElapsedTimer m_clock;
    qint64 m_sinceNs = 0; ///< since when the thread is busy; -1 while it waits
    qint64 m_startNs = 0;
    qint64 m_busyNs = 0;
    qint64 m_longestNs = 0;
};

/// `--bench`: shows the pods of the current place for so many seconds after they have synced, and prints one JSON line:
/// start_to_first_paint_ms, synced_ms (both from the start of the process), rows, gui_busy_share, gui_cpu_share (the
/// kernel's own count of the same, without the time it had to wait for a processor), longest_stall_ms (all three after
/// the sync), sync_longest_stall_ms, rss_mib. Leaves with 0, or with 1 in words if nothing came within two minutes.
class Bench : public QObject
{
    Q_OBJECT
public:
    Bench(MainWindow& window, int seconds, QObject* parent = nullptr);
    void begin();

    /// Milliseconds since the process began, -1 where the system does not tell.
    [[nodiscard]] static double sinceProcessStartMs();
    /// Resident memory now, MiB; -1 where the system does not tell.
    [[nodiscard]] static double residentMib();
    /// CPU time of the calling thread so far, milliseconds; -1 where the system does not tell.
    [[nodiscard]] static double threadCpuMs();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void poll();
    void report();

    MainWindow& m_window;
    int m_seconds;
    BusyMeter m_meter;
    double m_firstPaintMs = -1;
    double m_syncedMs = -1;
    double m_syncStallMs = 0;
    double m_cpuMs = 0; ///< of the GUI thread when the measured time began
    int m_polls = 0;
};

} // namespace wk::app
