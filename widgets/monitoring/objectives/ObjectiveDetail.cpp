// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/objectives/ObjectiveDetail.h"

#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/ObjectiveWords.h"
#include "table/CellText.h"
#include "widgets/charts/Chart.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/PanelChart.h"
#include "widgets/monitoring/explore/QueryNotes.h"
#include "widgets/monitoring/objectives/BudgetBar.h"
#include "widgets/monitoring/objectives/BudgetChart.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using monitoring::ObjectiveFeed;
using monitoring::SloSpec;

namespace {

constexpr int chartHeight = 220;

QString documentOf(const ObjectiveFeed& feed, const QString& source)
{
    for (const platform::Document& document : feed.means().platform->documents) {
        if (document.name == source)
            return document.title;
    }
    return source;
}

QString timesText(const std::optional<double>& rate)
{
    return rate ? ObjectiveDetail::tr("%1 ×").arg(*rate, 0, 'g', 3) : ObjectiveDetail::tr("not known");
}

SummarySection burns(const monitoring::SloReport& report)
{
    SummarySection section{ObjectiveDetail::tr("How fast it is spent"), {}};
    for (size_t i = 0; i < monitoring::burnPairs.size(); ++i) {
        const monitoring::BurnPair& pair = monitoring::burnPairs[i];
        const monitoring::BurnReading& reading = report.burns[i];
        const QString limit = pair.pages ? ObjectiveDetail::tr("pages above %1 ×").arg(pair.factor)
                                         : ObjectiveDetail::tr("a ticket above %1 ×").arg(pair.factor);
        const QString windows =
            ObjectiveDetail::tr("%1, %2").arg(monitoring::spanText(pair.longMs), monitoring::spanText(pair.shortMs));
        const QString value =
            ObjectiveDetail::tr("%1 and %2; %3").arg(timesText(reading.longRate), timesText(reading.shortRate), limit);
        const table::Health burning = pair.pages ? table::Health::Bad : table::Health::Warning;
        section.items << SummaryItem{windows, value, reading.burning ? burning : table::Health::None,
                                     ObjectiveDetail::tr("The Site Reliability Workbook, chapter 5: both windows have "
                                                         "to burn, so that it matters and still goes on")};
    }
    return section;
}

SummarySection origin(const ObjectiveFeed& feed, const QString& document, const QString& source, qint64 askedMs)
{
    SummarySection section{ObjectiveDetail::tr("Where it comes from"), {}};
    if (!document.isEmpty())
        section.items << SummaryItem{ObjectiveDetail::tr("Document"), documentOf(feed, document)};
    if (askedMs > 0)
        section.items << SummaryItem{ObjectiveDetail::tr("Asked"), source + u", "_s + table::exactMoment(askedMs)};
    return section;
}

void addQuery(SummarySection& section, const QString& key, const QString& promql)
{
    if (!promql.isEmpty())
        section.items << SummaryItem{key,  promql, table::Health::None, ObjectiveDetail::tr("Open in the explorer"),
                                     true, promql};
}

QString questionText(const monitoring::SloQuestion& question)
{
    using What = monitoring::SloQuestion::What;
    switch (question.what) {
    case What::Share: return ObjectiveDetail::tr("Month");
    case What::Known: return ObjectiveDetail::tr("Known, ms");
    case What::Events: return ObjectiveDetail::tr("Requests");
    }
    return {};
}

table::Health healthOf(monitoring::Standing standing)
{
    static constexpr table::Health healths[] = {table::Health::Good, table::Health::Warning, table::Health::Bad,
                                                table::Health::Unknown};
    return healths[int(standing)];
}

} // namespace

ObjectiveDetail::ObjectiveDetail(Parts parts, QWidget* parent)
    : QWidget(parent), m_parts(std::move(parts)),
      m_range(m_parts.clock, series::TimeRange::last(ObjectiveFeed::targetPeriodMs)), m_title(new QLabel(this)),
      m_bar(new BudgetBar(this)), m_words(new QueryNotes(this)), m_facts(new SummaryView(this)),
      m_column(new QVBoxLayout(this))
{
    m_title->setObjectName(u"objectiveTitle"_s);
    m_title->setFont(Theme::of(this).font(Theme::Role::BaseStrong));
    m_title->setWordWrap(true);
    m_title->setContentsMargins(12, 8, 12, 0);
    m_bar->setObjectName(u"objectiveBudget"_s);
    m_words->setObjectName(u"objectiveWords"_s);
    m_words->setAccessibleName(tr("How it stands"));
    m_facts->setObjectName(u"objectiveFacts"_s);
    m_facts->setAccessibleName(tr("About it"));
    auto* bar = new QVBoxLayout;
    bar->setContentsMargins(12, 0, 12, 4);
    bar->addWidget(m_bar);
    bar->addWidget(m_words);
    m_column->setContentsMargins({});
    m_column->setSpacing(4);
    m_column->addWidget(m_title);
    m_column->addLayout(bar);
    m_column->addWidget(m_facts, 1);
    connect(m_facts, &SummaryView::linkActivated, this, &ObjectiveDetail::queryRequested);
    clear();
}

ObjectiveDetail::~ObjectiveDetail() { delete m_chart; }

void ObjectiveDetail::clear()
{
    setChart({}, nullptr);
    m_bar->hide();
    setWords({}, table::Health::None);
    m_title->setText(tr("Choose an objective or a target"));
    m_facts->setSections({});
}

void ObjectiveDetail::setWords(const QStringList& words, table::Health health)
{
    QList<QueryNotes::Note> notes;
    for (const QString& sentence : words) {
        if (!sentence.isEmpty())
            notes << QueryNotes::Note{notes.isEmpty() ? health : table::Health::None, sentence, {}};
    }
    m_words->setNotes(notes);
}

void ObjectiveDetail::setChart(const QString& key, const std::function<QWidget*()>& make)
{
    if (key == m_chartKey && m_chart)
        return;
    delete std::exchange(m_chart, nullptr);
    m_chartKey = key;
    m_chart = make ? make() : nullptr;
    if (!m_chart)
        return;
    m_chart->setFixedHeight(chartHeight);
    m_chart->setContentsMargins(12, 0, 12, 0);
    m_column->insertWidget(2, m_chart);
}

void ObjectiveDetail::showObjective(const ObjectiveFeed& feed, size_t index, const QString& source)
{
    const ObjectiveFeed::Slo& slo = feed.slos()[index];
    const monitoring::SloReport& report = slo.report;
    const bool asked = slo.spec && slo.askedMs > 0;
    const bool budget = asked && slo.spec->kind == SloSpec::Kind::Budget;
    const table::Health health = healthOf(monitoring::standingOf(slo));
    m_title->setText(slo.slo->objective ? tr("%1: %2").arg(slo.slo->title, slo.slo->objective->text())
                                        : slo.slo->title);
    m_bar->setVisible(budget && report.status.remaining);
    if (budget && report.status.remaining)
        m_bar->setBudget(*report.status.remaining, report.status.remainingAtWorst.value_or(*report.status.remaining),
                         health, report.words.value(0));
    setChart(
        budget ? u"slo "_s + slo.slo->name : QString(), !budget ? std::function<QWidget*()>() : [&]() -> QWidget* {
            auto* chart = new BudgetChart(feed, index, source, *m_parts.dialogs, m_parts.clock, this);
            chart->chart()->setMarks(m_marks, true);
            connect(chart, &BudgetChart::queryRequested, this, &ObjectiveDetail::queryRequested);
            return chart;
        });
    QList<SummarySection> sections;
    QStringList words = slo.spec ? report.words : QStringList{slo.why};
    if (slo.error)
        words.prepend(slo.error->text());
    setWords(words, health);
    if (budget)
        sections << burns(report);
    SummarySection from = origin(feed, slo.slo->source, source, slo.askedMs);
    for (const monitoring::SloQuestion& question : slo.questions) {
        if (question.ofPeriod)
            addQuery(from, questionText(question), question.promql);
    }
    m_facts->setSections(sections << from);
}

void ObjectiveDetail::showTarget(const ObjectiveFeed& feed, size_t index, const QString& source)
{
    const ObjectiveFeed::Target& target = feed.targets()[index];
    const platform::Kpi& kpi = target.plan.kpi;
    m_title->setText(kpi.target ? tr("%1: %2").arg(kpi.title, kpi.target->text()) : kpi.title);
    m_bar->hide();
    platform::Dashboard::Panel panel{kpi.metric, {}, {}, {}};
    if (kpi.quantile)
        panel.quantiles = {int(*kpi.quantile)};
    monitoring::DashboardPlan plan =
        monitoring::planOf({{}, {}, {}, {panel}}, *feed.means().platform, *feed.means().catalog, feed.presence());
    monitoring::PanelPlan& chart = plan.panels.front();
    // What the words alone find may be another metric than the one that the target's unit chose.
    const bool draws = !target.plan.promql.isEmpty() && chart.metric == target.plan.metric && !chart.queries.empty();
    setChart(
        draws ? u"target "_s + kpi.group + kpi.name : QString(),
        !draws ? std::function<QWidget*()>() : [&]() -> QWidget* {
            auto* made =
                new PanelChart(feed.means().server, chart, source, m_range, *m_parts.dialogs, *m_parts.clock, this);
            made->chart()->setMarks(m_marks, true);
            connect(made, &PanelChart::queryRequested, this, &ObjectiveDetail::queryRequested);
            return made;
        });
    QStringList words{target.reading.words.isEmpty() ? target.plan.why : target.reading.words};
    if (!target.reading.trendWords.isEmpty())
        words << target.reading.trendWords;
    if (target.error)
        words.prepend(target.error->text());
    SummarySection from = origin(feed, kpi.source, source, target.plan.promql.isEmpty() ? 0 : target.askedMs);
    addQuery(from, tr("30 days"), target.plan.promql);
    setWords(words, target.plan.promql.isEmpty() ? table::Health::Unknown : healthOf(standingOf(target.reading)));
    m_facts->setSections({from});
}

} // namespace wk::widgets
