// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "Promtool.h"
#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/metrics/MetricExample.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/Kpi.h"
#include "monitoring/objectives/SloSpec.h"
#include "monitoring/rules/AlertRules.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

QString scoped(const MetricScope& scope, platform::MetricForm::Find find)
{
    QStringList texts;
    for (const PromqlNode::Matcher& m : matchersOf(scope, find))
        texts << m.label + m.op + m.value;
    return texts.join(u',');
}

QString queryText(const platform::Metric* metric, const MetricScope& scope, const QueryTerms& terms = {},
                  const SeriesPresence& presence = {})
{
    const auto query =
        metric ? queryOf(*metric, scope, terms, presence) : fail(Error::Kind::NotFound, u"no such metric"_s);
    return query ? query->promql : query.error().sentence;
}

} // namespace

/// What the words of documents mean in Prometheus.
class TestMetrics : public QObject
{
    Q_OBJECT

private slots:
    void theBuiltInOnesAreRight()
    {
        const MetricLoad load = loadMetrics({QString::fromUtf16(builtinMetrics)});
        for (const platform::PlatformProblem& problem : load.problems)
            QFAIL(qPrintable(problem.text()));
        QVERIFY(load.catalog.metrics().size() >= 40);
        QStringList names;
        for (const auto& metric : load.catalog.metrics()) {
            names << metric->name;
            QVERIFY2(!metric->slow.isEmpty() || metric->slow.isNull() || load.catalog.named(metric->slow),
                     qPrintable(metric->name));
            QVERIFY2(metric->forms.empty() || !metric->meaning.isEmpty(), qPrintable(metric->name));
        }
        QCOMPARE(names.removeDuplicates(), 0);
    }

    // Every word of every platform has a metric, and every query of every dashboard is PromQL.
    void everyWordIsKnown_data() { addPlatforms(); }
    void everyWordIsKnown()
    {
        QFETCH(QString, name);
        const auto platform = builtinPlatform(name);
        QVERIFY(platform);
        const MetricCatalog catalog = builtinCatalog().with(*platform);
        QStringList unknown;
        const auto look = [&](const QString& words, const std::optional<platform::Threshold>& threshold) {
            if (!catalog.find(words, threshold))
                unknown << words;
        };
        for (const platform::Alert& alert : thresholdsOf(*platform))
            look(alert.metric, alert.when);
        for (const platform::Slo& slo : platform->slos)
            look(slo.metric, slo.objective);
        for (const KpiPlan& kpi : kpisOf(*platform, catalog, u"30d"_s)) {
            look(kpi.kpi.metric, kpi.kpi.target);
            QVERIFY2(kpi.promql.isEmpty() || parsePromql(kpi.promql), qPrintable(kpi.promql));
            QVERIFY2(kpi.promql.isEmpty() != kpi.why.isEmpty(), qPrintable(kpi.kpi.name));
        }
        QStringList dashboards;
        for (const platform::Dashboard& dashboard : platform->dashboards) {
            dashboards << dashboard.name;
            for (const PanelPlan& panel : planOf(dashboard, *platform, catalog).panels) {
                QVERIFY2(panel.why.isEmpty() && !panel.queries.empty(), qPrintable(panel.name + u": "_s + panel.why));
                for (const PanelQuery& query : panel.queries)
                    QVERIFY2(parsePromql(query.promql), qPrintable(query.promql));
            }
        }
        QVERIFY2(unknown.isEmpty(), qPrintable(unknown.join(u", "_s)));
        for (const QString& wanted : {u"overview"_s, u"performance"_s, u"business"_s})
            QVERIFY2(dashboards.contains(wanted), qPrintable(wanted));
    }

    // The same by Prometheus' own tool: each query as a recording rule.
    void promtoolUnderstandsThem_data() { addPlatforms(); }
    void promtoolUnderstandsThem()
    {
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        QFETCH(QString, name);
        const auto platform = builtinPlatform(name);
        const MetricCatalog catalog = builtinCatalog().with(*platform);
        RuleFile file;
        file.platform = name;
        int number = 0;
        const auto add = [&](const QString& query) {
            if (query.isEmpty())
                return;
            PlannedRule rule;
            rule.record = u"query:number%1"_s.arg(++number);
            rule.expr = query;
            file.add(u"all"_s, rule);
        };
        for (const platform::Dashboard& dashboard : platform->dashboards) {
            for (const PanelPlan& panel : planOf(dashboard, *platform, catalog).panels) {
                for (const PanelQuery& query : panel.queries)
                    add(query.promql);
            }
        }
        for (const KpiPlan& kpi : kpisOf(*platform, catalog, u"30d"_s))
            add(kpi.promql);
        for (const platform::Slo& slo : platform->slos)
            add(specOf(slo, *platform, catalog)->badShare(u"1h"_s).value());
        // Every form, also those that a server has to have something for.
        for (const auto& metric : catalog.metrics()) {
            for (const platform::MetricForm& form : metric->forms)
                add(filledIn(form.query, *metric, form, {platform.get(), nullptr, nullptr, {}}, {95, u"5m"_s, 0.2}));
        }
        QVERIFY(number > 80);
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"queries.yaml"_s), rulesYaml(file)));
        const QString complaint = promtoolComplaint({u"check"_s, u"rules"_s, u"queries.yaml"_s}, dir.path());
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
    }

    void scopes()
    {
        using Find = platform::MetricForm::Find;
        const auto tchat = builtinPlatform(u"tchat"_s);
        const auto scope = [&](QStringView service) {
            return MetricScope{tchat.get(), tchat->service(service), nullptr, {}};
        };
        QCOMPARE(scoped({tchat.get(), nullptr, nullptr, {}}, Find::Pods), u"namespace=~tchat|ingress-nginx"_s);
        QCOMPARE(scoped(scope(u"auth"), Find::Pods), u"namespace=tchat,pod=~auth-service-[0-9a-z]+-[0-9a-z]+"_s);
        QCOMPARE(scoped(scope(u"redis"), Find::Pods), u"namespace=tchat,pod=~redis-[0-9]+"_s);
        QCOMPARE(scoped(scope(u"redis"), Find::Namespace), u"namespace=tchat"_s);
        QCOMPARE(scoped(scope(u"auth"), Find::Deployments), u"namespace=tchat,deployment=auth-service"_s);
        QCOMPARE(scoped(scope(u"auth"), Find::Ingress), u"exported_namespace=tchat,exported_service=auth-service"_s);
        QCOMPARE(scoped(scope(u"postgres"), Find::Pods),
                 u"namespace=tchat,pod=~postgres-[0-9]+|postgres-replica-[0-9a-z]+-[0-9a-z]+"_s);
        const MetricScope one{tchat.get(), tchat->service(u"postgres"), &tchat->service(u"postgres")->workloads[1], {}};
        QCOMPARE(scoped(one, Find::Pods), u"namespace=tchat,pod=~postgres-replica-[0-9a-z]+-[0-9a-z]+"_s);
        QCOMPARE(scoped({tchat.get(), nullptr, nullptr, {}}, Find::Nodes), QString());
        QCOMPARE(scoped({tchat.get(), nullptr, nullptr, u"node-1.eu"_s}, Find::Nodes),
                 u"instance=~node-1\\.eu(:[0-9]+)?"_s);
        QCOMPARE(scoped({tchat.get(), nullptr, nullptr, u"node-1"_s}, Find::Pods),
                 u"namespace=~tchat|ingress-nginx,node=node-1"_s);

        // What the file says about its series goes before what their names suggest.
        auto own = std::make_shared<platform::Platform>(*tchat);
        own->clusters[0].series = u"cluster=\"sea-1\""_s;
        for (platform::Service& service : own->services)
            service.series = service.name == u"auth" ? u"job=\"tchat-services\",instance=~\"auth.*\""_s : QString();
        QCOMPARE(scoped({own.get(), own->service(u"auth"), nullptr, {}}, Find::Pods),
                 u"cluster=sea-1,job=tchat-services,instance=~auth.*"_s);
        QCOMPARE(scoped({own.get(), nullptr, nullptr, {}}, Find::Nodes), u"cluster=sea-1"_s);
    }

    void wordsAreFilledIn()
    {
        const auto shop = shopWith({});
        const MetricCatalog catalog = builtinCatalog();
        const MetricScope web{shop.get(), shop->service(u"web"), nullptr, {}};
        const QString pods = u"namespace=\"shop\",pod=~\"web-[0-9a-z]+-[0-9a-z]+\""_s;
        QCOMPARE(queryText(catalog.named(u"request-rate"), web, {{}, u"1h"_s, {}}),
                 u"sum(rate(http_requests_total{%1}[1h]))"_s.arg(pods));
        QCOMPARE(
            queryText(catalog.named(u"latency"), web, {99, u"5m"_s, {}}),
            u"histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{%1}[5m])))"_s.arg(pods));
        QCOMPARE(queryText(catalog.named(u"latency"), web),
                 u"sum(rate(http_request_duration_seconds_sum{%1}[5m])) / "
                 "sum(rate(http_request_duration_seconds_count{%1}[5m]))"_s.arg(pods));
        QCOMPARE(queryText(catalog.named(u"node-cpu"), web),
                 u"1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))"_s);
        QVERIFY(queryText(catalog.named(u"slow-requests"), web, {{}, u"5m"_s, 0.2}).contains(u"le=~\"0\\\\.2\""));
        QVERIFY(queryText(catalog.named(u"slow-requests"), web, {{}, u"5m"_s, 1}).contains(u"le=~\"1|1\\\\.0\""));
        QVERIFY(queryText(catalog.named(u"slow-requests"), web).contains(u"limit"));
        QVERIFY(queryText(catalog.named(u"mttr"), web).contains(u"incidents"));
    }

    // Availability is that of all services together: without one of the kind there is nothing to ask.
    void noServiceHasIt()
    {
        const auto shop = shopWith("services: [{name: db, title: DB, kind: database}]\n");
        QVERIFY(shop);
        const auto query = queryOf(*builtinCatalog().named(u"availability"), {shop.get(), nullptr, nullptr, {}});
        QVERIFY(!query && query.error().kind == Error::Kind::Unsupported);
        QVERIFY2(query.error().sentence.contains(u"No service of Shop"), qPrintable(query.error().sentence));
    }

    // Recording rule there? Then that; else raw; and where nothing is there, what is missing.
    void formsByWhatTheServerHas()
    {
        const auto shop = shopWith({});
        const MetricCatalog catalog = builtinCatalog();
        const MetricScope platform{shop.get(), nullptr, nullptr, {}};
        const platform::Metric& cpu = *catalog.named(u"node-cpu");
        const auto has = [](const QStringList& names) {
            return [names](const QString& selector) -> std::optional<bool> {
                return std::ranges::any_of(names, [&](const QString& name) { return selector.startsWith(name); });
            };
        };
        QVERIFY(queryText(&cpu, platform).contains(u"node_cpu_seconds_total"));
        QVERIFY(
            queryText(&cpu, platform, {}, has({u"instance:node_cpu"_s, u"node_cpu"_s})).contains(u"instance:node_cpu"));
        QVERIFY(queryText(&cpu, platform, {}, has({u"node_cpu"_s})).contains(u"node_cpu_seconds_total"));
        const auto none = queryOf(cpu, platform, {}, has({}));
        QVERIFY(none && none->promql.contains(u"node_cpu_seconds_total"));
        QCOMPARE(none->missing.size(), 2);
        const auto unasked = queryOf(cpu, platform, {}, [](const QString&) { return std::optional<bool>(); });
        QVERIFY(unasked && unasked->missing.isEmpty() && unasked->promql.contains(u"node_cpu_seconds_total"));
        QVERIFY(queryText(catalog.named(u"request-rate"), platform, {}, has({u"nginx_"_s}))
                    .contains(u"nginx_ingress_controller_requests{exported_namespace=\"shop\"}"));
        // Without a bucket at the limit, the share is estimated between those around it: 200 ms lies 2/3 from 100 to
        // 250.
        const QueryTerms limit{{}, u"5m"_s, 0.2};
        const QString estimated =
            queryText(catalog.named(u"slow-requests"), platform, limit,
                      [](const QString& selector) -> std::optional<bool> { return !selector.contains(u"0\\\\.2\""); });
        QVERIFY2(estimated.contains(u"0.666666666667") && estimated.contains(u"0\\\\.1\"") &&
                     estimated.contains(u"0\\\\.25\""),
                 qPrintable(estimated));
        QCOMPARE(neededSeries(cpu, platform).size(), 2);
    }

    void unitsDecideBetweenMetrics()
    {
        const MetricCatalog catalog = builtinCatalog();
        QCOMPARE(catalog.find(u"database connections"_s, platform::parseThreshold(u"> 80 %"))->name,
                 u"database-connections"_s);
        QCOMPARE(catalog.find(u"Database  Connections"_s, platform::parseThreshold(u"> 80 connections"))->name,
                 u"database-connection-count"_s);
        QVERIFY(!catalog.find(u"error rate"_s, platform::parseThreshold(u"> 5 s")));
        QVERIFY(!catalog.find(u"weather"_s));
    }

    void aPlatformsOwnMetrics()
    {
        const auto shop = shopWith(R"(metrics:
  - {name: memory, title: Memory of pods, words: [memory usage], same: memory-of-limit}
  - {name: latency, title: Wait, unit: s, forms: [{query: 'max(wait_seconds{$where})'}]}
  - {name: orders, title: Orders, unit: 1/s, words: [orders], forms: [{query: 'sum(rate(orders_total{$where}[$window]))'}]}
  - {name: x, title: X, words: [x], same: nothing}
)");
        QVERIFY(shop);
        const MetricCatalog catalog = builtinCatalog().with(*shop);
        const MetricScope scope{shop.get(), nullptr, nullptr, {}};
        QCOMPARE(catalog.find(u"memory usage"_s)->title, u"Memory of pods"_s);
        QVERIFY(queryText(catalog.find(u"memory usage"_s), scope).contains(u"container_memory_working_set_bytes"));
        QCOMPARE(queryText(catalog.named(u"latency"), scope), u"max(wait_seconds{namespace=\"shop\"})"_s);
        QCOMPARE(queryText(catalog.find(u"orders"_s), scope), u"sum(rate(orders_total{namespace=\"shop\"}[5m]))"_s);
        QVERIFY(queryText(catalog.find(u"x"_s), scope).contains(u"nothing"));
        QVERIFY(catalog.find(u"latency"_s) == catalog.named(u"latency"));
    }

    void aFileWithMistakes()
    {
        const MetricLoad load = parseMetrics(
            "metrics:\n  - name: a\n    title: A\n    unit: s\n    forms: [{query: rate(a)}]\n", u"a.yaml"_s);
        QCOMPARE(load.problems.size(), size_t(1));
        QVERIFY2(load.problems[0].text().contains(u"rate() wants a range"), qPrintable(load.problems[0].text()));
        QVERIFY(load.catalog.metrics().empty());
        const MetricLoad unclosed = parseMetrics(
            "metrics:\n  - {name: a, title: A, unit: s, forms: [{query: 'x + $each('}, {query: '$each(y'}]}\n",
            u"a.yaml"_s);
        QCOMPARE(unclosed.problems.size(), size_t(2));
        for (const QByteArray bad : {"", "- a", "metrics: 5", "metric: []", "metrics:\n  - {name: a}\n"})
            QVERIFY2(!parseMetrics(bad, u"a.yaml"_s).problems.empty(), bad.constData());
    }

    void aUsersFileTakesThePlace()
    {
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"own.yaml"_s),
                      u"metrics:\n  - {name: node-cpu, title: Cores, unit: ratio, forms: [{query: cores}]}\n"_s));
        QVERIFY(write(dir.filePath(u"wrong.yaml"_s), u"metrics: 1\n"_s));
        const MetricLoad load =
            loadMetrics({QString::fromUtf16(builtinMetrics), dir.path(), dir.filePath(u"absent"_s)});
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.catalog.named(u"node-cpu")->title, u"Cores"_s);
        QCOMPARE(load.catalog.metrics().size(), builtinCatalog().metrics().size());
    }

    void units_data()
    {
        QTest::addColumn<QString>("threshold");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("value");
        QTest::newRow("percent") << u"> 5 %"_s << u"ratio"_s << u"0.05"_s;
        QTest::newRow("a fifth of a percent") << u"> 0.1 %"_s << u"ratio"_s << u"0.001"_s;
        QTest::newRow("milliseconds") << u"< 200 ms"_s << u"s"_s << u"0.2"_s;
        QTest::newRow("minutes") << u"< 30 min"_s << u"s"_s << u"1800"_s;
        QTest::newRow("megabytes") << u"> 500 MB"_s << u"bytes"_s << u"500000000"_s;
        QTest::newRow("requests") << u"> 1000 req/s"_s << u"1/s"_s << u"1000"_s;
        QTest::newRow("bare") << u"== 0"_s << u"ratio"_s << u"0"_s;
        QTest::newRow("does not fit") << u"> 5 %"_s << u"s"_s << QString();
        QTest::newRow("another currency") << u"< 1 EUR"_s << u"USD"_s << QString();
    }
    void units()
    {
        QFETCH(QString, threshold);
        QFETCH(QString, unit);
        QFETCH(QString, value);
        const auto converted = inUnit(*platform::parseThreshold(threshold), unit);
        QCOMPARE(converted ? promqlNumber(converted->value) : QString(), value);
    }

    void figuresForPeople()
    {
        QCOMPARE(figureText(0.051, u"ratio"), u"5.1 %"_s);
        QCOMPARE(figureText(0.2, u"s"), u"200 ms"_s);
        QCOMPARE(figureText(1.5, u"s"), u"1.5 s"_s);
        QCOMPARE(figureText(7'325, u"s"), u"2h 2m 5s"_s);
        QCOMPARE(figureText(510e6, u"bytes"), u"486.4 MiB"_s);
        QCOMPARE(figureText(12.5, u"1/s"), u"12.5 a second"_s);
        QCOMPARE(figureText(qQNaN(), u"s"), u"no figure"_s);
        QCOMPARE(templateText(0.0147, u"ratio"), u"1.47%"_s);
        QCOMPARE(templateText(0.204, u"s"), u"204ms"_s);
        QCOMPARE(templateText(90'061, u"s"), u"1d 1h 1m 1s"_s);
    }

    void dashboards()
    {
        const auto streamgate = builtinPlatform(u"streamgate"_s);
        const MetricCatalog catalog = builtinCatalog().with(*streamgate);
        const auto panel = [&](QStringView dashboard, QStringView name) {
            const auto found =
                std::ranges::find_if(streamgate->dashboards, [&](const auto& d) { return d.name == dashboard; });
            for (const PanelPlan& plan : planOf(*found, *streamgate, catalog).panels) {
                if (plan.name == name)
                    return plan;
            }
            return PanelPlan{};
        };
        const PanelPlan latency = panel(u"application", u"response time");
        QCOMPARE(latency.queries.size(), size_t(3));
        QCOMPARE(latency.queries[1].title, u"p95"_s);
        QStringList bands;
        for (const PanelBand& band : latency.bands)
            bands << u"%1 p%2 %3 %4"_s.arg(int(band.kind))
                         .arg(band.quantile.value_or(0))
                         .arg(band.limit.text(), band.source);
        QCOMPARE(bands.join(u'\n'),
                 u"1 p95 > 0.5 excellence\n0 p99 > 5 guide\n1 p99 > 1 guide\n3 p95 < 0.2 excellence"_s);

        const PanelPlan network = panel(u"infrastructure", u"network throughput");
        QCOMPARE(network.unit, u"Mbps"_s);
        QCOMPARE(network.factor * 125'000, 1.0);
        const PanelPlan queryTime = panel(u"application", u"database query time");
        QCOMPARE(queryTime.unit, u"ms"_s);
        QCOMPARE(queryTime.factor, 1000.0);
        const PanelPlan disk = panel(u"infrastructure", u"disk usage");
        QCOMPARE(disk.unit, u"%"_s);
        QCOMPARE(disk.legend, (QStringList{u"instance"_s, u"mountpoint"_s}));
        QCOMPARE(disk.bands.size(), size_t(4));
        QCOMPARE(disk.bands[0].limit.value, 90.0);

        const auto shop = shopWith("dashboards: [{name: d, title: D, panels: [weather, mean time to recover]}]\n");
        const DashboardPlan odd = planOf(shop->dashboards[0], *shop, catalog);
        QVERIFY(odd.panels[0].why.contains(u"weather") && odd.panels[0].queries.empty());
        QVERIFY(odd.panels[1].why.contains(u"incidents") && odd.panels[1].queries.empty());
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "test_metrics.moc"
