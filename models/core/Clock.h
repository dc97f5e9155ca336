// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QtGlobal>

#include <functional>
#include <map>
#include <memory>

class QObject;

namespace wk {

/// Where time is read and awaited. Injected everywhere, so that a test decides what time it is and never sleeps.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Wall clock, milliseconds since the Unix epoch, UTC.
    [[nodiscard]] virtual qint64 nowMs() const = 0;
    /// Monotonic milliseconds from an arbitrary origin; never goes back, keeps running while the machine is awake.
    [[nodiscard]] virtual qint64 monotonicMs() const = 0;
    /// Calls `f` once on `context`'s thread after `delayMs`, unless `context` has been destroyed or the returned token
    /// is released before. Must be called on `context`'s thread.
    [[nodiscard]] virtual std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) = 0;
};

/// The machine's own clock and event loop timers.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] qint64 nowMs() const override;
    [[nodiscard]] qint64 monotonicMs() const override;
    [[nodiscard]] std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) override;
};

/// A clock that stands still until advance() is called; timers fire inside advance(), in the order of their times.
/// For tests and for the simulated fleet. Not thread-safe: use on one thread.
class ManualClock final : public Clock
{
public:
    explicit ManualClock(qint64 startMs = 1'700'000'000'000) : m_now(startMs) {}

    [[nodiscard]] qint64 nowMs() const override { return m_now; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_now; }
    [[nodiscard]] std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) override;

    void advance(qint64 ms);
    /// Milliseconds until the next timer is due, -1 where none waits.
    [[nodiscard]] qint64 nextTimerInMs() const;

private:
    struct Timer;
    qint64 m_now;
    std::multimap<qint64, std::weak_ptr<Timer>> m_timers;
};

} // namespace wk
