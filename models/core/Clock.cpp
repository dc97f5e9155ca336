// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Clock.h"

#include <QtCore/QDateTime>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QTimer>

#include <chrono>

namespace wk {

qint64 SystemClock::nowMs() const { return QDateTime::currentMSecsSinceEpoch(); }

qint64 SystemClock::monotonicMs() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::shared_ptr<void> SystemClock::after(QObject* context, qint64 delayMs, std::function<void()> f)
{
    auto* timer = new QTimer(context);
    timer->setSingleShot(true);
    QObject::connect(timer, &QTimer::timeout, context, [timer, f = std::move(f)] {
        timer->deleteLater();
        f();
    });
    timer->start(static_cast<int>(std::clamp<qint64>(delayMs, 0, std::numeric_limits<int>::max())));
    QPointer<QTimer> guard(timer);
    return {timer, [guard](void*) {
                if (guard) {
                    guard->stop();
                    guard->deleteLater();
                }
            }};
}

struct ManualClock::Timer
{
    QPointer<QObject> context;
    std::function<void()> f;
};

std::shared_ptr<void> ManualClock::after(QObject* context, qint64 delayMs, std::function<void()> f)
{
    auto timer = std::make_shared<Timer>(Timer{context, std::move(f)});
    m_timers.emplace(m_now + qMax<qint64>(0, delayMs), timer);
    return timer;
}

void ManualClock::advance(qint64 ms)
{
    const qint64 target = m_now + ms;
    while (!m_timers.empty() && m_timers.begin()->first <= target) {
        const auto first = m_timers.begin();
        m_now = qMax(m_now, first->first);
        const auto timer = first->second.lock();
        m_timers.erase(first);
        if (timer && timer->context)
            timer->f();
    }
    m_now = target;
}

qint64 ManualClock::nextTimerInMs() const
{
    for (const auto& [due, timer] : m_timers) {
        if (!timer.expired())
            return qMax<qint64>(0, due - m_now);
    }
    return -1;
}

} // namespace wk
