// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/objectives/BudgetChart.h"

#include "monitoring/objectives/SloLine.h"
#include "widgets/charts/Chart.h"

#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using monitoring::AnswerPtr;

namespace {

constexpr qint64 hourMs = 3'600'000;
/// The hours of the longest month, and the one that the clocks may add.
constexpr int mostHours = 31 * 24 + 1;

} // namespace

BudgetChart::BudgetChart(const monitoring::ObjectiveFeed& feed, size_t slo, const QString& source, FileDialogs& files,
                         std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_feed(feed), m_slo(slo), m_source(source), m_clock(std::move(clock)),
      m_range(m_clock, series::TimeRange::between(feed.period().fromMs, feed.period().untilMs)),
      m_chart(new Chart(m_range, files, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_chart);
    m_chart->setTitle(tr("Error budget left"), series::Unit::Ratio);
    m_chart->setLoading(tr("Asking %1").arg(m_source));
    connect(&feed, &monitoring::ObjectiveFeed::ended, this, [this] {
        if (isVisible())
            ask();
    });
    connect(m_chart, &Chart::actionTriggered, this, &BudgetChart::ask);
    connect(m_chart, &Chart::queryRequested, this, &BudgetChart::queryRequested);
}

void BudgetChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_feed.slos()[m_slo].askedMs != m_drawnMs)
        ask();
}

void BudgetChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_flights.clear();
}

void BudgetChart::ask()
{
    const monitoring::ObjectiveFeed::Slo& slo = m_feed.slos()[m_slo];
    if (!slo.spec || slo.askedMs == 0)
        return;
    m_flights.clear();
    m_share.reset();
    m_events.reset();
    m_error.reset();
    m_report = slo.report;
    m_askedMs = slo.askedMs;
    m_range.setRange(series::TimeRange::between(m_feed.period().fromMs, m_feed.period().untilMs));
    const auto presence = m_feed.presence();
    const auto share = slo.spec->badShare(u"1h"_s, presence), events = slo.spec->events(u"1h"_s, presence);
    if (!share) {
        m_chart->setFailed(share.error(), tr("Ask again"));
        return;
    }
    m_query = *share;
    const monitoring::TimeRange range{m_feed.period().fromMs + hourMs, m_clock->nowMs()};
    const auto submit = [&](const QString& query, bool isEvents) {
        ++m_open;
        m_flights.push_back(
            m_feed.means().server.chart({query, range, mostHours, hourMs}, monitoring::Priority::Visible,
                                        [this, isEvents](const Result<AnswerPtr>& answer) { take(isEvents, answer); }));
    };
    m_open = 0;
    submit(*share, false);
    if (events)
        submit(*events, true);
}

void BudgetChart::take(bool events, const Result<AnswerPtr>& answer)
{
    if (!answer)
        m_error = answer.error();
    else if ((*answer)->series.size() == 1)
        (events ? m_events : m_share) = (*answer)->series.front();
    if (--m_open == 0)
        draw();
}

void BudgetChart::draw()
{
    m_drawnMs = m_askedMs;
    if (m_error) {
        m_chart->setFailed(*m_error, tr("Ask again"));
        return;
    }
    if (!m_share) {
        m_chart->setEmpty(tr("No values"), tr("Nothing is known about any hour of this month."), {});
        return;
    }
    const monitoring::Period& period = m_report.status.period;
    auto line = std::make_shared<series::Columns>(
        monitoring::budgetLine(m_report.status, {*m_share, m_events.value_or(series::Columns())}, m_clock->nowMs()));
    auto even = std::make_shared<series::Columns>();
    even->time = {period.fromMs, period.untilMs};
    even->value = {1, 0};
    ChartContent content;
    content.title = tr("Error budget left");
    content.unit = series::Unit::Ratio;
    content.query = m_query;
    content.source = m_source;
    content.fetchedMs = m_askedMs;
    content.series.push_back({u"left"_s, tr("Left"), std::move(line), false});
    content.series.push_back({u"even"_s, tr("Spent evenly"), std::move(even), true});
    content.bands.push_back({tr("spent"), {}, 0.0, table::Health::Bad});
    m_chart->setContent(content);
}

} // namespace wk::widgets
