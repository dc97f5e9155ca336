// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/Kpi.h"
#include "monitoring/objectives/SloReport.h"
#include "monitoring/prometheus/SeriesLookup.h"

namespace wk::monitoring {

/// Where the objectives and the targets of one platform stand: asks what is needed for them, and reads the answers. On
/// the GUI thread. What the server has is looked up first, so that each metric is asked by a form that it can answer.
class ObjectiveFeed : public QObject
{
    Q_OBJECT
public:
    /// Over which the figures of targets are taken, and how long ago those before them.
    static constexpr qint64 targetPeriodMs = thirtyDaysMs;

    /// All outlive it.
    struct Means
    {
        PrometheusServer& server;
        std::shared_ptr<const platform::Platform> platform;
        std::shared_ptr<const MetricCatalog> catalog; ///< with the platform's own metrics
        Clock& clock;
        QTimeZone zone = QTimeZone::systemTimeZone(); ///< whose calendar months are the periods
    };

    struct Slo
    {
        const platform::Slo* slo = nullptr;
        std::optional<SloSpec> spec; ///< nothing: `why`
        QString why;
        std::vector<SloQuestion> questions;
        SloReport report;
        qint64 askedMs = 0;         ///< of the report; 0: none yet
        std::optional<Error> error; ///< why the last questions gave no report
    };
    struct Target
    {
        KpiPlan plan;
        KpiReading reading;
        qint64 askedMs = 0;
        std::optional<Error> error;
    };
    enum class Wanted { Objectives, Everything };

    explicit ObjectiveFeed(Means means, QObject* parent = nullptr);
    ~ObjectiveFeed() override;

    /// Asks again; what is under way is called off. What was known stays until its answer is there.
    void ask(Wanted wanted);
    void rest();
    [[nodiscard]] bool isAsking() const { return m_asking; }

    [[nodiscard]] const std::vector<Slo>& slos() const { return m_slos; }
    [[nodiscard]] const std::vector<Target>& targets() const { return m_targets; }
    [[nodiscard]] const Period& period() const { return m_period; }
    [[nodiscard]] const Means& means() const { return m_means; }
    [[nodiscard]] SeriesPresence presence() const { return m_lookup.presence(); }

signals:
    void changed();
    /// Everything that was asked for has its answer, or its error.
    void ended();

private:
    struct Round;
    void makeTargets(const SeriesPresence& presence);
    [[nodiscard]] QStringList neededSelectors() const;
    void askAll();
    void askSlo(Slo& slo);
    void askTarget(Target& target);
    void submit(const InstantQuery& query, std::function<void(const Result<AnswerPtr>&)> then);
    void done();

    Means m_means;
    Period m_period;
    SeriesLookup m_lookup;
    std::vector<Slo> m_slos;
    std::vector<Target> m_targets;
    std::vector<PrometheusServer::FlightPtr> m_flights;
    size_t m_open = 0;
    bool m_asking = false, m_withTargets = false;
    qint64 m_nowMs = 0;
};

/// The one figure that an answer holds; nothing where it holds none, or several.
[[nodiscard]] std::optional<double> oneFigure(const Answer& answer);

} // namespace wk::monitoring
