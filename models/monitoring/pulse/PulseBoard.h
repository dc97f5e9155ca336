// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "monitoring/pulse/Pulse.h"
#include "series/TimeRange.h"

#include <QtCore/QPointer>

namespace wk::monitoring {

/// Asks for the pulses of all platforms, and only while somebody looks. Platforms of one server share their questions:
/// one for each golden signal and one for the alerts, every 30 seconds, however many platforms and services there are;
/// the error budgets, which change slowly and cost more, every five minutes. Where an Alertmanager answers, it says
/// which alerts fire, and Prometheus is not asked. A round that is not answered when the next is due is waited for, so
/// that a slow server is never asked twice at once.
class PulseBoard : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        qint64 everyMs = 30'000;
        qint64 budgetsEveryMs = 300'000;
        qint64 presenceEveryMs = 600'000; ///< which of a metric's names the server has
        qint64 spanMs = 3'600'000;        ///< of a line, unless setRange() says another
        int pixels = 90;
        qsizetype maxChars = 12'000; ///< of a query: through an API server it goes by GET
    };

    /// `clock` outlives it.
    PulseBoard(Clock& clock, Options options, QObject* parent = nullptr);
    explicit PulseBoard(Clock& clock, QObject* parent = nullptr) : PulseBoard(clock, Options(), parent) {}
    ~PulseBoard() override;

    /// Takes the place of those there were.
    void setPulses(std::vector<std::shared_ptr<Pulse>> pulses);
    [[nodiscard]] const std::vector<std::shared_ptr<Pulse>>& pulses() const { return m_pulses; }
    /// What the lines show; the figures are those of now. A line of the last hours, up to longestAlongMs, is asked with
    /// its figure; any other by itself, once for each of its steps, or once where it does not follow the clock.
    void setRange(const series::TimeRange& range);
    static constexpr qint64 longestAlongMs = 6 * 3'600'000;
    /// Asks at once, then every 30 seconds; or calls everything off.
    void setWatched(bool watched);
    [[nodiscard]] bool isWatched() const { return m_watched; }
    /// Whether something that was asked is not answered yet.
    [[nodiscard]] bool isAsking() const;
    /// A person wants to know now.
    void askNow();

private:
    class Round;

    void watchAlerts();
    void regroup();
    void tick();

    Clock& m_clock;
    Options m_options;
    series::TimeRange m_range;
    std::vector<std::shared_ptr<Pulse>> m_pulses;
    std::map<QString, std::unique_ptr<Round>> m_rounds; ///< by server
    std::shared_ptr<void> m_timer;
    bool m_watched = false;
    std::vector<std::shared_ptr<void>> m_alertWatches; ///< one for each Alertmanager, while it is watched
};

} // namespace wk::monitoring
