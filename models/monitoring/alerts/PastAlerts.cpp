// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/PastAlerts.h"

#include "monitoring/pulse/PulsePlan.h"
#include "series/Decimate.h"

#include <cmath>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 retryMs = 30'000;
}

PastAlerts::PastAlerts(std::shared_ptr<ServerSource> server, std::shared_ptr<const platform::Platform> platform,
                       Clock& clock, QObject* parent)
    : QObject(parent), m_server(std::move(server)), m_platform(std::move(platform)), m_clock(clock)
{
    if (m_server)
        connect(m_server.get(), &ServerSource::changed, this, [this] {
            m_flight.reset(); // another server, or none
            m_askedStep = 0;
            if (m_server->error())
                m_error = m_server->error();
            ask();
            emit changed();
        });
}

PastAlerts::~PastAlerts() = default;

QString PastAlerts::question(const platform::Platform& platform, qint64 stepMs)
{
    // The worst of each step: an alert that fired between two instants is seen, too.
    return u"count by (severity, alertname, service) (max_over_time(%1[%2ms]))"_s.arg(firingAlerts(platform))
        .arg(stepMs);
}

std::vector<PastAlerts::Run> PastAlerts::runsOf(const Answer& answer, qint64 stepMs, qint64 lastMs)
{
    std::vector<Run> runs;
    for (const Series& series : answer.series) {
        const Key key{labelValue(series.labels, u"alertname"), labelValue(series.labels, u"severity"),
                      labelValue(series.labels, u"service")};
        qint64 before = 0;
        for (size_t i = 0; i < series.size(); ++i) {
            const qint64 at = series.time[i];
            const int count = std::isfinite(series.value[i]) ? int(series.value[i]) : 1;
            if (before == 0 || at - before > stepMs)
                runs.push_back({key, at - stepMs / 2, at, false, count});
            Run& run = runs.back();
            run.untilMs = at;
            run.goesOn = at == lastMs;
            run.most = std::max(run.most, count);
            before = at;
        }
    }
    return runs;
}

void PastAlerts::setWatched(bool watched)
{
    m_watched = watched;
    if (watched) {
        if (m_server)
            m_server->look();
        ask();
        return;
    }
    m_flight.reset();
    m_retry.reset();
    m_askedStep = 0; // asked again when somebody looks
}

void PastAlerts::want(qint64 fromMs, qint64 toMs)
{
    m_wanted = {fromMs, toMs};
    ask();
}

void PastAlerts::ask()
{
    PrometheusServer* server = m_server ? m_server->server() : nullptr;
    if (!m_watched || !server || m_wanted.to <= m_wanted.from)
        return;
    const qint64 step = stepFor(m_wanted, pixels, 15'000);
    const TimeRange range = aligned(m_wanted, step);
    if (range.isEmpty() || (range == m_asked && step == m_askedStep))
        return;
    m_asked = range;
    m_askedStep = step;
    m_flight = server->chart({question(*m_platform, step), m_wanted, pixels, 15'000}, Priority::Visible,
                             [this, range, step](const Result<AnswerPtr>& answer) { take(answer, range, step); });
}

void PastAlerts::take(const Result<AnswerPtr>& answer, const TimeRange& asked, qint64 stepMs)
{
    if (answer) {
        m_runs = runsOf(**answer, stepMs, asked.to);
        m_runStep = stepMs;
        m_error.reset();
    } else {
        m_error = answer.error();
        m_askedStep = 0;
        m_retry = m_clock.after(this, retryMs, [this] { ask(); });
    }
    emit changed();
}

} // namespace wk::monitoring
