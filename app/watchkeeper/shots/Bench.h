// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/shell/MainWindow.h"

#include <QtCore/QElapsedTimer>
#include <QtWidgets/QApplication>

namespace wk::app {

/// How much of the time the GUI thread works, and the longest time it worked in one go. Counted from the outermost
/// event deliveries. (The dispatcher's awake() and aboutToBlock() would be simpler and are wrong: timers and sockets
/// are served before awake() is emitted, by Qt's own dispatcher as by glib's.)
class BusyMeter
{
public:
    BusyMeter() { m_clock.start(); }
    void restart();
    /// 0 to 1 since restart().
    [[nodiscard]] double share() const;
    [[nodiscard]] double longestMs() const { return double(m_longestNs) / 1e6; }

    /// Around each delivery; may nest.
    void enter();
    void leave();

private:
    QElapsedTimer m_clock;
    int m_depth = 0;
    qint64 m_startNs = 0;
    qint64 m_enteredNs = 0;
    qint64 m_leftNs = 0;
    qint64 m_stretchNs = 0; ///< of deliveries that followed each other at once
    qint64 m_busyNs = 0;
    qint64 m_longestNs = 0;
};

/// A QApplication that tells a meter of every event it delivers.
class MeasuredApplication final : public QApplication
{
public:
    using QApplication::QApplication;
    /// Null: measures nothing.
    void setMeter(BusyMeter* meter) { m_meter = meter; }
    bool notify(QObject* receiver, QEvent* event) override;

private:
    BusyMeter* m_meter = nullptr;
};

/// `--bench`: shows the pods of the current place for so many seconds after they have synced, and prints one JSON line:
/// start_to_first_paint_ms, synced_ms (both from the start of the process), rows, gui_busy_share, gui_cpu_share (the
/// kernel's own count of the same, without the time it had to wait for a processor), longest_stall_ms (all three after
/// the sync), sync_longest_stall_ms, rss_mib. Leaves with 0, or with 1 in words if nothing came within two minutes.
class Bench : public QObject
{
    Q_OBJECT
public:
    Bench(MainWindow& window, MeasuredApplication& application, int seconds, QObject* parent = nullptr);
    ~Bench() override;
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
    MeasuredApplication& m_application;
    int m_seconds;
    BusyMeter m_meter;
    double m_firstPaintMs = -1;
    double m_syncedMs = -1;
    double m_syncStallMs = 0;
    double m_cpuMs = 0; ///< of the GUI thread when the measured time began
    int m_polls = 0;
};

} // namespace wk::app
