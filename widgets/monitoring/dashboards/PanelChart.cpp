// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/dashboards/PanelChart.h"

#include "monitoring/metrics/MetricUnits.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"

#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::Answer;
using monitoring::PanelBand;
using monitoring::PanelFeed;
using monitoring::Series;

namespace {

constexpr qint64 settleMs = 150; ///< after a size or a range has changed: more changes may follow

/// The unit that the chart's own scales know; values of others are numbers, and the title names the unit.
series::Unit unitOf(const QString& unit)
{
    static const QHash<QString, series::Unit> known{
        {u"ratio"_s, series::Unit::Ratio},   {u"s"_s, series::Unit::Seconds},
        {u"bytes"_s, series::Unit::Bytes},   {u"bytes/s"_s, series::Unit::BytesPerSecond},
        {u"1/s"_s, series::Unit::PerSecond}, {u"USD"_s, series::Unit::Currency},
    };
    return known.value(unit, series::Unit::Number);
}

QString nameOf(const Series& series, const monitoring::PanelPlan& plan, const QString& title)
{
    QStringList words;
    for (const QString& label : plan.legend) {
        const QString value = monitoring::labelValue(series.labels, label);
        if (!value.isEmpty())
            words += value;
    }
    if (words.isEmpty() && title.isEmpty())
        return series.labels.empty() ? plan.name : monitoring::labelsText(series.labels, u", "_s);
    if (!title.isEmpty())
        words += title;
    return words.join(u' ');
}

table::Health healthOf(PanelBand::Kind kind)
{
    switch (kind) {
    case PanelBand::Kind::Critical: return table::Health::Bad;
    case PanelBand::Kind::Warning: return table::Health::Warning;
    case PanelBand::Kind::Info: return table::Health::Info;
    case PanelBand::Kind::Target: return table::Health::Good;
    }
    return table::Health::None;
}

QString titleOf(const monitoring::PanelPlan& plan)
{
    return plan.name.isEmpty() ? plan.name : plan.name.left(1).toUpper() + plan.name.mid(1);
}

/// A limit of an alert shades where it is bad to be; a target is a line.
ChartBand bandOf(const PanelBand& band, const monitoring::PanelPlan& plan)
{
    using Comparison = platform::Threshold::Comparison;
    const double scale = plan.factor == 0 ? 1 : 1 / plan.factor;
    const double lower = band.limit.value * scale, upper = band.limit.upper * scale;
    // Several limits of one figure differ by document and urgency: the figure itself tells them apart.
    const QString limit =
        band.limit.unit.isEmpty() && !plan.unit.isEmpty() ? band.limit.text() + u' ' + plan.unit : band.limit.text();
    ChartBand made{band.title.contains(limit) ? band.title : band.title + u' ' + limit, {}, {}, healthOf(band.kind)};
    if (band.kind == PanelBand::Kind::Target)
        made.from = made.to = lower;
    else if (band.limit.comparison == Comparison::Greater || band.limit.comparison == Comparison::GreaterOrEqual)
        made.from = lower;
    else if (band.limit.comparison == Comparison::Less || band.limit.comparison == Comparison::LessOrEqual)
        made.to = lower;
    else
        made.from = lower, made.to = upper;
    return made;
}

} // namespace

ChartContent chartOf(const PanelFeed& feed, const QString& source)
{
    const monitoring::PanelPlan& plan = feed.plan();
    ChartContent content;
    content.title = titleOf(plan);
    content.unit = plan.metric ? unitOf(plan.metric->unit) : series::Unit::Number;
    content.source = source;
    content.fetchedMs = feed.askedMs();
    QStringList queries, notice = feed.remarks();
    if (feed.isPartial())
        notice.prepend(PanelChart::tr("Partial: the server does not have everything"));
    for (const PanelFeed::Part& part : feed.parts()) {
        queries += part.promql;
        if (!part.answer)
            continue;
        for (const Series& series : part.answer->series) {
            const QString name = nameOf(series, plan, part.title);
            // The columns live as long as the answer that they are part of.
            content.series.push_back({part.title + monitoring::labelsText(series.labels), name,
                                      series::ColumnsPtr(part.answer, &series), false});
            if (!series.histograms.time.empty())
                notice += PanelChart::tr("Native histograms have no line: ask for a quantile of them");
        }
    }
    content.query = queries.join(u'\n');
    notice.removeDuplicates();
    content.notice = notice.join(u". "_s);
    for (const PanelBand& band : plan.bands)
        content.bands.push_back(bandOf(band, plan));
    return content;
}

PanelChart::PanelChart(monitoring::PrometheusServer& server, const monitoring::PanelPlan& plan, const QString& source,
                       series::TimeRangeModel& range, FileDialogs& files, Clock& clock, QWidget* parent)
    : QWidget(parent), m_feed(server, plan), m_probe(server), m_source(source), m_range(range), m_clock(clock),
      m_chart(new Chart(range, files, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_chart);
    m_chart->setTitle(titleOf(plan), plan.metric ? unitOf(plan.metric->unit) : series::Unit::Number);
    connect(&m_feed, &PanelFeed::changed, this, &PanelChart::refresh);
    connect(&m_range, &series::TimeRangeModel::changed, this, [this] {
        if (isVisible())
            askSoon(settleMs);
    });
    connect(m_chart, &Chart::actionTriggered, this, [this] {
        m_why.clear();
        ask();
    });
    connect(m_chart, &Chart::queryRequested, this, &PanelChart::queryRequested);
    refresh();
}

void PanelChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    askSoon(0);
}

void PanelChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_timer.reset();
    m_feed.rest();
    m_probe.rest();
}

void PanelChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (isVisible() && event->oldSize().width() != event->size().width())
        askSoon(settleMs);
}

void PanelChart::askSoon(qint64 ms)
{
    m_timer = m_clock.after(this, ms, [this] { ask(); });
}

void PanelChart::ask()
{
    if (!isVisible() || m_feed.plan().queries.empty())
        return;
    const monitoring::TimeRange range{m_range.fromMs(), m_range.toMs()};
    const int pixels = std::max(100, m_chart->plot()->width());
    m_feed.ask(range, pixels, m_clock.nowMs());
    // A new value comes with each step: asking more often would show the same.
    if (m_range.range().follows())
        askSoon(std::max(refreshMs, monitoring::stepFor(range, pixels)));
}

/// The reason is asked for once, and again when the person asks again.
void PanelChart::showNothing()
{
    const monitoring::PanelPlan& plan = m_feed.plan();
    QStringList words;
    if (!plan.missing.isEmpty())
        words << tr("The server has no series %1.").arg(plan.missing.join(u", "_s));
    else
        words << (m_why.isEmpty() ? tr("The query has no answer in this range; the reason is being looked for.")
                                  : m_why);
    words << m_feed.remarks();
    m_chart->setEmpty(tr("No values"), words.join(u' '), tr("Ask again"));
    if (plan.missing.isEmpty() && m_why.isEmpty() && !m_probe.isAsking() && isVisible())
        explain();
}

void PanelChart::explain()
{
    m_probe.ask(m_feed.plan().queries.front().promql, {m_range.fromMs(), m_range.toMs()},
                [this](const monitoring::DataFindings& found) {
                    m_why = found.text();
                    refresh();
                });
}

void PanelChart::refresh()
{
    const monitoring::PanelPlan& plan = m_feed.plan();
    if (plan.queries.empty()) {
        m_chart->setEmpty(tr("Nothing to ask"), plan.why);
        return;
    }
    if (m_feed.error() && m_feed.parts().empty()) {
        m_chart->setFailed(*m_feed.error(), tr("Ask again"));
        return;
    }
    if (m_feed.parts().empty()) {
        m_chart->setLoading(tr("Asking %1").arg(m_source));
        return;
    }
    const ChartContent content = chartOf(m_feed, m_source);
    if (content.series.empty()) {
        showNothing();
        return;
    }
    m_why.clear();
    m_chart->setContent(content);
    if (m_feed.error())
        m_chart->setFailed(*m_feed.error(), tr("Ask again"));
}

} // namespace wk::widgets
