// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/pulse/Pulse.h"

namespace wk::monitoring {

using table::Health;

Pulse::Pulse(std::shared_ptr<const platform::Platform> platform, std::shared_ptr<const MetricCatalog> catalog,
             std::shared_ptr<ServerSource> source, std::shared_ptr<AlertSource> alerts, QObject* parent)
    : QObject(parent), m_platform(std::move(platform)), m_catalog(std::move(catalog)), m_source(std::move(source)),
      m_manager(std::move(alerts))
{
    connect(m_source.get(), &ServerSource::changed, this, &Pulse::changed);
    if (m_manager) {
        connect(m_manager.get(), &AlertSource::changed, this, &Pulse::takeManagers);
        takeManagers();
    }
    setPresence({});
}

Pulse::~Pulse() = default;

void Pulse::setPresence(const SeriesPresence& presence)
{
    m_plan = pulsePlan(*m_platform, *m_catalog, presence);
    std::vector<PulseBudget> budgets;
    for (const SloSpec& spec : m_plan.budgets) {
        const auto known = std::ranges::find(m_budgets, spec.slo->name, &PulseBudget::name);
        if (known != m_budgets.end()) {
            budgets.push_back(*known);
            continue;
        }
        budgets.emplace_back();
        budgets.back().name = spec.slo->name;
        budgets.back().title = spec.slo->title;
    }
    m_budgets = std::move(budgets);
    emit changed();
}

std::vector<PulseFigure> Pulse::figures() const
{
    std::vector<PulseFigure> out;
    for (const GoldenSignal signal : goldenSignals) {
        std::vector<const PulsePart*> parts;
        for (const PulsePart& part : m_plan.parts) {
            if (part.signal == signal)
                parts.push_back(&part);
        }
        out.push_back(judged(signal, parts, m_readings));
    }
    return out;
}

void Pulse::takePart(const QString& key, const Result<std::vector<Series>>& series, qint64 nowMs)
{
    const auto part = std::ranges::find(m_plan.parts, key, &PulsePart::key);
    if (part == m_plan.parts.end() || !part->plan.metric)
        return;
    if (series) {
        PulsePartReading reading = readPart(*part->plan.metric, *series, nowMs);
        reading.askedMs = nowMs;
        reading.longer = std::move(m_readings[key].longer);
        m_readings[key] = std::move(reading);
    } else {
        m_readings[key].error = series.error(); // what stands stays, as old as it is
    }
    emit changed();
}

void Pulse::takeLine(const QString& key, const Result<std::vector<Series>>& series, qint64 nowMs)
{
    const auto part = std::ranges::find(m_plan.parts, key, &PulsePart::key);
    if (part == m_plan.parts.end() || !part->plan.metric || !series)
        return;
    m_readings[key].longer = readPart(*part->plan.metric, *series, nowMs).line;
    emit changed();
}

void Pulse::dropLines()
{
    for (auto& [key, reading] : m_readings)
        reading.longer = {};
    emit changed();
}

void Pulse::takeAlerts(const Result<std::vector<Series>>& series, qint64 nowMs)
{
    m_alertsError.reset();
    if (series) {
        m_server.alerts = readFiring(*series);
        m_server.tally = tallyOf(m_server.alerts);
        m_server.atMs = nowMs;
    } else {
        m_alertsError = series.error();
    }
    emit changed();
}

void Pulse::takeManagers()
{
    m_managers = {firingIn(m_manager->book(), m_platform.get()), tallyOf(m_manager->book(), m_platform.get()),
                  m_manager->heardAt()};
    emit changed();
}

Pulse::AlertsBy Pulse::alertsBy() const
{
    if (managerMayAnswer())
        return m_managers.atMs > 0 ? AlertsBy::Alertmanager : AlertsBy::Nobody;
    // What Prometheus said before Alertmanager was heard last is older than what that one said.
    if (m_server.atMs > 0 && m_server.atMs >= m_managers.atMs)
        return AlertsBy::Prometheus;
    return m_managers.atMs > 0 ? AlertsBy::Alertmanager : AlertsBy::Nobody;
}

bool Pulse::managerMayAnswer() const
{
    return m_manager && m_manager->state() != AlertSource::State::Failed && !m_manager->isStale();
}

// Also at first, while nobody knows yet whether there is an Alertmanager.
bool Pulse::wantsServersAlerts() const { return !managerMayAnswer() || m_managers.atMs == 0; }

const Pulse::Said& Pulse::said() const
{
    static const Said none;
    const AlertsBy by = alertsBy();
    return by == AlertsBy::Alertmanager ? m_managers : by == AlertsBy::Prometheus ? m_server : none;
}

const std::vector<PulseAlert>& Pulse::alerts() const { return said().alerts; }
const AlertTally& Pulse::tally() const { return said().tally; }
qint64 Pulse::alertsMs() const { return said().atMs; }

void Pulse::takeBudget(size_t budget, const Period& period, const std::vector<SloQuestion>& questions,
                       const std::vector<Result<std::optional<double>>>& answers, qint64 nowMs)
{
    if (budget >= m_budgets.size())
        return;
    const auto failed = std::ranges::find_if(answers, [](const auto& answer) { return !answer; });
    if (failed != answers.end()) {
        m_budgets[budget].error = failed->error();
    } else {
        std::vector<std::optional<double>> figures;
        for (const auto& answer : answers)
            figures.push_back(*answer);
        const SloSpec& spec = m_plan.budgets[budget];
        m_budgets[budget] = judged(spec, reportOf(spec, period, nowMs, questions, figures));
        m_budgets[budget].askedMs = nowMs;
    }
    emit changed();
}

Health Pulse::health() const
{
    Health worst = Health::None;
    const auto add = [&worst](Health health) {
        if (urgencyOf(health) > urgencyOf(worst) || worst == Health::None)
            worst = health;
    };
    for (const PulseFigure& figure : figures()) {
        if (!figure.text.isEmpty())
            add(figure.health);
    }
    for (const PulseBudget& budget : m_budgets) {
        if (budget.left)
            add(budget.health);
    }
    for (const PulseAlert& alert : alerts())
        add(alert.health);
    return worst;
}

qint64 Pulse::asOfMs() const
{
    qint64 oldest = 0;
    for (const PulseFigure& figure : figures()) {
        if (figure.askedMs > 0 && (oldest == 0 || figure.askedMs < oldest))
            oldest = figure.askedMs;
    }
    return oldest;
}

std::optional<Error> Pulse::error() const
{
    if (m_source->error())
        return m_source->error();
    for (const auto& [key, reading] : m_readings) {
        if (reading.error)
            return reading.error;
    }
    return wantsServersAlerts() ? m_alertsError : std::nullopt;
}

} // namespace wk::monitoring
