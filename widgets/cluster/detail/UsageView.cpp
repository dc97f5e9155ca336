// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/detail/UsageView.h"

#include "widgets/charts/Chart.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QLocale>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 shownMs = 15 * 60'000;

/// Charts count in cores and bytes.
double scaled(qint64 value, bool memory) { return memory ? double(value) : double(value) / 1000; }

} // namespace

UsageView::UsageView(std::shared_ptr<Clock> clock, QWidget* parent) : QWidget(parent), m_clock(std::move(clock))
{
    setObjectName(u"usageView"_s);
}

UsageView::~UsageView() = default;

bool UsageView::isFor(const cluster::ResourceKind& kind)
{
    return kind.group.isEmpty() && (kind.resource == u"pods" || kind.resource == u"nodes");
}

void UsageView::build()
{
    if (m_cpu)
        return;
    m_range = std::make_unique<series::TimeRangeModel>(m_clock, series::TimeRange::last(shownMs));
    m_files = std::make_unique<SystemFileDialogs>();
    m_cpu = new Chart(*m_range, *m_files, this);
    m_cpu->setObjectName(u"usageCpu"_s);
    m_cpu->setTitle(tr("CPU in use"), series::Unit::Cores);
    m_memory = new Chart(*m_range, *m_files, this);
    m_memory->setObjectName(u"usageMemory"_s);
    m_memory->setTitle(tr("Memory in use"), series::Unit::Bytes);
    for (Chart* chart : {m_cpu, m_memory}) {
        connect(chart, &Chart::actionTriggered, this, [this] {
            m_history->setActive(false);
            m_history->setActive(true);
        });
    }
    m_state = new StateView(this);
    m_state->setObjectName(u"usageState"_s);
    m_note = new QLabel(this);
    m_note->setObjectName(u"usageNote"_s);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setFont(Theme::of(this).font(Theme::Role::Small));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(8);
    layout->addWidget(m_cpu, 1);
    layout->addWidget(m_memory, 1);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_note);
}

void UsageView::setObject(std::shared_ptr<cluster::ClusterView> cluster, const cluster::ResourceKind& kind,
                          const QString& space, const QString& name, std::shared_ptr<table::TableSource> source)
{
    if (m_cluster == cluster && m_kind.id() == kind.id() && m_space == space && m_name == name && m_source == source)
        return;
    clear();
    if (!isFor(kind))
        return;
    build();
    m_cluster = std::move(cluster);
    m_kind = kind;
    m_space = space;
    m_name = name;
    m_source = std::move(source);
    const bool served = !cluster::UsageHistory::metricsKind(*m_cluster, kind).resource.isEmpty();
    for (QWidget* widget : QList<QWidget*>{m_cpu, m_memory, m_note})
        widget->setVisible(served);
    m_state->setVisible(!served);
    if (!served) {
        m_state->showEmpty(tr("What is in use is not known"),
                           tr("This cluster serves no metrics.k8s.io. It does once metrics-server is installed."), {});
        return;
    }
    m_history = std::make_unique<cluster::UsageHistory>(m_cluster, kind, space, name, m_clock);
    connect(m_history.get(), &cluster::UsageHistory::changed, this, &UsageView::refresh);
    for (Chart* chart : {m_cpu, m_memory})
        chart->setLoading(tr("Asking metrics.k8s.io"));
    m_note->clear();
    m_history->setActive(isVisible());
}

void UsageView::clear()
{
    m_history.reset();
    m_cluster.reset();
    m_source.reset();
    m_kind = {};
    m_space.clear();
    m_name.clear();
    for (Chart* chart : {m_cpu, m_memory}) {
        if (chart)
            chart->setContent({});
    }
}

series::ColumnsPtr UsageView::lineOf(const QString& part, bool memory) const
{
    auto line = std::make_shared<series::Columns>();
    for (const cluster::UsageSample& sample : m_history->samples()) {
        qint64 value = 0;
        bool any = false;
        for (const cluster::UsageSample::Part& one : sample.parts) {
            if (!part.isEmpty() && one.name != part)
                continue;
            value += memory ? one.bytes : one.milliCpu;
            any = true;
        }
        if (!any)
            continue; // it did not run then
        line->time.push_back(sample.atMs);
        line->value.push_back(scaled(value, memory));
    }
    return line;
}

std::optional<double> UsageView::amountOf(const QString& column, bool memory) const
{
    if (!m_source)
        return std::nullopt;
    const int at = table::indexOfColumn(m_source->columns(), column);
    if (at < 0)
        return std::nullopt;
    for (const table::RowPtr& row : m_source->rows()) {
        if (row->name != m_name || row->space != m_space || size_t(at) >= row->cells.size())
            continue;
        const auto* amount = std::get_if<qint64>(&row->cells[size_t(at)]);
        return amount ? std::optional(scaled(*amount, memory)) : std::nullopt;
    }
    return std::nullopt;
}

void UsageView::fill(Chart& chart, const QString& resource)
{
    const bool memory = resource == u"memory";
    ChartContent content;
    content.title = memory ? tr("Memory in use (working set)") : tr("CPU in use");
    content.unit = memory ? series::Unit::Bytes : series::Unit::Cores;
    content.query =
        QString::fromUtf8(cluster::UsageHistory::metricsKind(*m_cluster, m_kind).objectPath(m_space, m_name));
    content.source = m_cluster->name();
    content.fetchedMs = m_history->samples().back().atMs;
    QStringList parts;
    for (const cluster::UsageSample& sample : m_history->samples()) {
        for (const cluster::UsageSample::Part& part : sample.parts) {
            if (!parts.contains(part.name))
                parts.append(part.name);
        }
    }
    parts.sort();
    for (const QString& part : std::as_const(parts))
        content.series.push_back({part, part.isEmpty() ? m_name : part, lineOf(part, memory), false});
    if (parts.size() > 1)
        content.series.push_back({u" all"_s, tr("all containers"), lineOf({}, memory), false});
    // A request is what is kept for it, and may be exceeded: a line. Beyond a limit there is nothing.
    const auto& samples = m_history->samples();
    if (const auto request = amountOf(resource + u"-request"_s, memory)) {
        auto line = std::make_shared<series::Columns>();
        line->time = {samples.front().atMs, samples.back().atMs};
        line->value = {*request, *request};
        content.series.push_back({u" request"_s, tr("request"), line, true});
    }
    for (const auto& [suffix, name] :
         {std::pair(u"-limit"_s, tr("limit %1")), std::pair(u"-allocatable"_s, tr("allocatable %1"))}) {
        if (const auto most = amountOf(resource + suffix, memory))
            content.bands.push_back({name.arg(series::valueText(*most, content.unit) +
                                              (memory ? QString() : u' ' + series::unitSymbol(content.unit))),
                                     *most, std::nullopt, table::Health::Bad});
    }
    chart.setContent(std::move(content));
}

void UsageView::refresh()
{
    const auto& samples = m_history->samples();
    if (const auto& error = m_history->error()) {
        for (Chart* chart : {m_cpu, m_memory})
            chart->setFailed(*error, tr("Ask again"));
        return;
    }
    if (samples.empty())
        return;
    fill(*m_cpu, u"cpu"_s);
    fill(*m_memory, u"memory"_s);
    m_note->setText(
        tr("Measured by metrics.k8s.io since this page was opened, at most an hour; last at %1. What was "
           "before is not kept there.")
            .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(samples.back().atMs).time(), u"HH:mm:ss"_s)));
}

void UsageView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_history)
        m_history->setActive(true);
}

void UsageView::hideEvent(QHideEvent* event)
{
    if (m_history)
        m_history->setActive(false);
    QWidget::hideEvent(event);
}

} // namespace wk::widgets
