// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "monitoring/prometheus/ServerSource.h"

namespace wk::monitoring {

/// Which alerts of a platform fired when, as its Prometheus has it on record (the series ALERTS that rules write):
/// alerts of one name, severity and service together. To the nearest step of the range, which grows with it.
/// Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
class PastAlerts final : public QObject
{
    Q_OBJECT
public:
    static constexpr int pixels = 300; ///< a range has at most so many steps

    struct Key
    {
        QString name, severity, service;
        bool operator==(const Key&) const = default;
    };
    struct Run
    {
        Key key;
        qint64 fromMs = 0, untilMs = 0; ///< within half a step
        bool goesOn = false;            ///< still at the end of what was asked
        int most = 1;                   ///< so many at once
        bool operator==(const Run&) const = default;
    };

    /// `server` may be null. The clock outlives it.
    PastAlerts(std::shared_ptr<ServerSource> server, std::shared_ptr<const platform::Platform> platform, Clock& clock,
               QObject* parent = nullptr);
    ~PastAlerts() override;

    void setWatched(bool watched);
    void want(qint64 fromMs, qint64 toMs);

    [[nodiscard]] const std::vector<Run>& runs() const { return m_runs; }
    /// Of the runs; 0 before the first answer.
    [[nodiscard]] qint64 stepMs() const { return m_runStep; }
    /// There is somebody to ask.
    [[nodiscard]] bool exists() const { return m_server != nullptr; }
    /// What was wanted last has been answered.
    [[nodiscard]] bool isKnown() const { return m_runStep > 0 && !m_error; }
    /// Why not.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

    /// As it is asked.
    [[nodiscard]] static QString question(const platform::Platform& platform, qint64 stepMs);
    /// Of an answer with that step.
    [[nodiscard]] static std::vector<Run> runsOf(const Answer& answer, qint64 stepMs, qint64 lastMs);

signals:
    void changed();

private:
    void ask();
    void take(const Result<AnswerPtr>& answer, const TimeRange& asked, qint64 stepMs);

    std::shared_ptr<ServerSource> m_server;
    std::shared_ptr<const platform::Platform> m_platform;
    Clock& m_clock;
    bool m_watched = false;
    TimeRange m_wanted;
    TimeRange m_asked; ///< aligned
    qint64 m_askedStep = 0, m_runStep = 0;
    std::vector<Run> m_runs;
    std::optional<Error> m_error;
    PrometheusServer::FlightPtr m_flight;
    std::shared_ptr<void> m_retry;
};

} // namespace wk::monitoring
