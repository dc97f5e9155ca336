// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertSource.h"
#include "monitoring/alerts/AlertTally.h"
#include "monitoring/prometheus/ServerSource.h"

#include <QtCore/QObject>

namespace wk::monitoring {

/// How a platform is, in the few figures that are always in view. What was read stays until something newer was read,
/// and says how old it is. On the GUI thread; asked by a PulseBoard.
class Pulse : public QObject
{
    Q_OBJECT
public:
    /// `alerts`: the place's Alertmanager; null where nobody looks for one.
    Pulse(std::shared_ptr<const platform::Platform> platform, std::shared_ptr<const MetricCatalog> catalog,
          std::shared_ptr<ServerSource> source, std::shared_ptr<AlertSource> alerts = nullptr,
          QObject* parent = nullptr);
    ~Pulse() override;

    [[nodiscard]] const platform::Platform& platform() const { return *m_platform; }
    [[nodiscard]] const MetricCatalog& catalog() const { return *m_catalog; }
    [[nodiscard]] ServerSource& source() const { return *m_source; }

    /// One for each of goldenSignals, in that order.
    [[nodiscard]] std::vector<PulseFigure> figures() const;
    [[nodiscard]] const std::vector<PulseBudget>& budgets() const { return m_budgets; }
    /// Who says which alerts fire: Alertmanager, who knows what is silenced; else Prometheus; Nobody: not asked yet.
    enum class AlertsBy { Nobody, Prometheus, Alertmanager };
    [[nodiscard]] AlertsBy alertsBy() const;
    /// Those that tell people.
    [[nodiscard]] const std::vector<PulseAlert>& alerts() const;
    [[nodiscard]] const AlertTally& tally() const;
    /// When that was said; 0: never.
    [[nodiscard]] qint64 alertsMs() const;
    [[nodiscard]] const std::optional<Error>& alertsError() const { return m_alertsError; }
    /// Null where the place has none.
    [[nodiscard]] AlertSource* alertSource() const { return m_manager.get(); }
    /// The worst of all of these.
    [[nodiscard]] table::Health health() const;
    /// When the oldest of what is shown was asked for; 0: nothing is known.
    [[nodiscard]] qint64 asOfMs() const;
    /// Why the last questions got no answer.
    [[nodiscard]] std::optional<Error> error() const;

    // For the board.
    [[nodiscard]] const PulsePlan& plan() const { return m_plan; }
    /// Whether Prometheus has to be asked which alerts fire.
    [[nodiscard]] bool wantsServersAlerts() const;
    void setPresence(const SeriesPresence& presence);
    void takePart(const QString& key, const Result<std::vector<Series>>& series, qint64 nowMs);
    /// The line of another range than that of the figures; an error leaves what there was.
    void takeLine(const QString& key, const Result<std::vector<Series>>& series, qint64 nowMs);
    /// Lines are those of the figures again.
    void dropLines();
    void takeAlerts(const Result<std::vector<Series>>& series, qint64 nowMs);
    /// @param answers one for each of the questions
    void takeBudget(size_t budget, const Period& period, const std::vector<SloQuestion>& questions,
                    const std::vector<Result<std::optional<double>>>& answers, qint64 nowMs);

signals:
    void changed();

private:
    std::shared_ptr<const platform::Platform> m_platform;
    std::shared_ptr<const MetricCatalog> m_catalog;
    std::shared_ptr<ServerSource> m_source;
    std::shared_ptr<AlertSource> m_manager;
    PulsePlan m_plan;
    std::map<QString, PulsePartReading> m_readings;
    std::vector<PulseBudget> m_budgets;
    /// Of one of the two who know of alerts.
    struct Said
    {
        std::vector<PulseAlert> alerts;
        AlertTally tally;
        qint64 atMs = 0;
    };
    [[nodiscard]] const Said& said() const;
    [[nodiscard]] bool managerMayAnswer() const;
    void takeManagers();

    Said m_server, m_managers;
    std::optional<Error> m_alertsError;
};

} // namespace wk::monitoring
