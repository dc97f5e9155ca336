// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/MetricCatalog.h"

#include "monitoring/metrics/MetricQuery.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/promql/Promql.h"
#include "platform/PlatformSchema.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

using namespace Qt::StringLiterals;

// The resource lies in a static library, from which the linker drops what nobody names.
static void initMetricResources() { Q_INIT_RESOURCE(metrics); }

namespace wk::monitoring {

namespace {

using MetricPtr = std::shared_ptr<const platform::Metric>;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

QString plain(const QString& words) { return words.simplified().toLower(); }

bool isCalled(const platform::Metric& metric, const QString& words)
{
    return plain(metric.name) == words || plain(metric.title) == words ||
           std::ranges::any_of(metric.words, [&](const QString& word) { return plain(word) == words; });
}

// A form that could never be asked is a mistake of its file: tried for a service that is made up.
void tryForms(const platform::Metric& metric, const platform::YamlNode& root, platform::YamlReport& report)
{
    platform::Platform shop;
    shop.name = u"shop"_s;
    shop.namespaces.push_back({u"shop"_s, {}, {}, true});
    platform::Service web;
    web.name = u"web"_s;
    web.workloads.push_back({u"Deployment"_s, u"web"_s, u"shop"_s, {}, {}, {}, {}, {}, {}, {}});
    shop.services.push_back(web);
    for (const platform::MetricForm& form : metric.forms) {
        const QString query =
            filledIn(form.query, metric, form, {&shop, &shop.services[0], nullptr, {}}, {95, u"5m"_s, 0.2});
        const auto parsed = parsePromql(query);
        if (!parsed)
            report.add(root,
                       tr("the metric %1 cannot be asked: %2 (%3)").arg(metric.name, parsed.error().sentence, query),
                       tr("PromQL, with $where, $by, $window, $quantile where they belong"));
    }
}

void put(std::vector<MetricPtr>& all, const MetricPtr& metric)
{
    const auto place = std::ranges::find_if(all, [&](const MetricPtr& known) { return known->name == metric->name; });
    if (place != all.end())
        *place = metric;
    else
        all.push_back(metric);
}

} // namespace

MetricCatalog::MetricCatalog(std::vector<MetricPtr> metrics) : m_metrics(std::move(metrics)) {}

MetricCatalog MetricCatalog::with(const platform::Platform& platform) const
{
    std::vector<MetricPtr> all;
    all.reserve(platform.metrics.size() + m_metrics.size());
    for (const platform::Metric& own : platform.metrics)
        all.push_back(std::make_shared<platform::Metric>(resolved(own)));
    const size_t owned = all.size();
    for (const MetricPtr& metric : m_metrics) {
        const auto end = all.begin() + qsizetype(owned);
        if (std::find_if(all.begin(), end, [&](const MetricPtr& own) { return own->name == metric->name; }) == end)
            all.push_back(metric);
    }
    return MetricCatalog(std::move(all));
}

// Another name for a metric of the catalogue: what the platform says of it, and the other's ways to ask.
platform::Metric MetricCatalog::resolved(const platform::Metric& own) const
{
    if (own.same.isEmpty())
        return own;
    const platform::Metric* other = named(own.same);
    platform::Metric metric = other ? *other : own;
    metric.name = own.name;
    metric.title = own.title;
    metric.words = own.words;
    if (!own.meaning.isEmpty())
        metric.meaning = own.meaning;
    if (!other) {
        metric.unit = u"count"_s;
        metric.unmeasured = tr("no metric is called \"%1\"").arg(own.same);
    }
    return metric;
}

const platform::Metric* MetricCatalog::named(QStringView name) const
{
    const auto it = std::ranges::find_if(m_metrics, [&](const MetricPtr& metric) { return metric->name == name; });
    return it == m_metrics.end() ? nullptr : it->get();
}

const platform::Metric* MetricCatalog::find(const QString& words,
                                            const std::optional<platform::Threshold>& threshold) const
{
    const QString wanted = plain(words);
    for (const MetricPtr& metric : m_metrics) {
        if (isCalled(*metric, wanted) && (!threshold || inUnit(*threshold, metric->unit)))
            return metric.get();
    }
    return nullptr;
}

MetricLoad parseMetrics(const QByteArray& yaml, const QString& name)
{
    MetricLoad load;
    platform::YamlReport report(name, yaml);
    const auto root = platform::parseYaml(yaml);
    if (!root) {
        report.add(root.error().line, root.error().column, root.error().message, root.error().expected);
    } else if ((*root)->kind != platform::YamlNode::Kind::Map) {
        report.add(1, 1, tr("the file describes no metrics"), tr("the key metrics with a list"));
    } else {
        platform::YamlReader reader(**root, report, tr("file of metrics"));
        std::vector<platform::Metric> metrics;
        QString title;
        reader.text(u"title", title);
        platform::readMetrics(reader, metrics, platform::YamlReader::Need::Required);
        reader.finish();
        std::vector<MetricPtr> all;
        for (platform::Metric& metric : metrics) {
            tryForms(metric, **root, report);
            all.push_back(std::make_shared<platform::Metric>(std::move(metric)));
        }
        load.catalog = MetricCatalog(std::move(all));
    }
    load.problems = report.take();
    if (!load.problems.empty())
        load.catalog = {};
    return load;
}

MetricLoad loadMetrics(const QStringList& directories)
{
    initMetricResources();
    MetricLoad load;
    std::vector<MetricPtr> all;
    for (const QString& directory : directories) {
        const QDir dir(directory);
        for (const QString& file : dir.entryList({u"*.yaml"_s, u"*.yml"_s}, QDir::Files, QDir::Name)) {
            QFile in(dir.filePath(file));
            if (!in.open(QIODevice::ReadOnly)) {
                load.problems.push_back({in.fileName(), 0, 0, tr("cannot be read: %1").arg(in.errorString()),
                                         tr("a file that you may read")});
                continue;
            }
            const MetricLoad one = parseMetrics(in.read(platform::YamlLimits{}.bytes + 1), in.fileName());
            load.problems.insert(load.problems.end(), one.problems.begin(), one.problems.end());
            for (const MetricPtr& metric : one.catalog.metrics())
                put(all, metric);
        }
    }
    load.catalog = MetricCatalog(std::move(all));
    return load;
}

} // namespace wk::monitoring
