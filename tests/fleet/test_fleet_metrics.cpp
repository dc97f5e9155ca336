// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/Platforms.h"
#include "../monitoring/RealPrometheus.h"
#include "EngineFixture.h"
#include "fleet/metrics/History.h"
#include "fleet/metrics/Metrics.h"
#include "monitoring/metrics/DashboardPlan.h"

#include "../monitoring/Tools.h"

#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

using namespace wk;
using namespace wk::fleet;

namespace {

constexpr qint64 hour = 3'600'000;

/// A cluster, and what it was before now.
struct Lived
{
    Lived(const QString& id, qint64 nowMs, qint64 pastMs)
    {
        Engine::Options o = options(1, defaultFaults(), true);
        o.startMs = nowMs;
        engine = std::make_unique<Engine>(fleet::platform(id), o);
        engine->bootstrap();
        if (!writeHistory(*engine, nowMs - pastMs, directory.filePath(u"past.om"_s)))
            return;
        QFile file(directory.filePath(u"past.om"_s));
        if (file.open(QIODevice::ReadOnly))
            past = file.readAll();
    }
    QTemporaryDir directory;
    std::unique_ptr<Engine> engine;
    QByteArray past;
};

QSet<QString> namesIn(const QByteArray& text)
{
    QSet<QString> names;
    for (const QByteArray& line : text.split('\n'))
        if (!line.isEmpty() && !line.startsWith('#'))
            names.insert(QString::fromUtf8(line.left(line.indexOf(line.contains('{') ? '{' : ' '))));
    return names;
}

/// The dashboards of a platform, and what its KPIs and alerts are about, as they would be asked.
QStringList queriesOf(const platform::Platform& platform)
{
    const monitoring::MetricCatalog catalog = test::builtinCatalog().with(platform);
    QStringList queries;
    for (const platform::Dashboard& dashboard : platform.dashboards)
        for (const monitoring::PanelPlan& panel : monitoring::planOf(dashboard, platform, catalog).panels)
            for (const monitoring::PanelQuery& query : panel.queries)
                queries << query.promql;
    queries.removeDuplicates();
    return queries;
}

} // namespace

/// The figures of the simulated clusters: what they are called, and their past.
class TestFleetMetrics : public QObject
{
    Q_OBJECT

private slots:
    void acceptedByPromtool_data() { test::addPlatforms(); }
    void acceptedByPromtool();
    void everyMetricIsThere_data() { test::addPlatforms(); }
    void everyMetricIsThere();
    void countersGoOnFromTheirPast_data() { test::addPlatforms(); }
    void countersGoOnFromTheirPast();
    void ratesOfThePast();
    void targetsAreThoseOfTheCluster();
    void everyChartIsFull_data() { test::addPlatforms(); }
    void everyChartIsFull();
};

void TestFleetMetrics::acceptedByPromtool()
{
    const QString promtool = test::monitoringTool(u"promtool"_s);
    if (promtool.isEmpty())
        QSKIP("promtool is not here, so the figures were not checked by Prometheus' own rules");
    QFETCH(QString, name);
    Engine engine(fleet::platform(name), options(1, defaultFaults(), true));
    engine.bootstrap();
    QProcess check;
    check.start(promtool, {u"check"_s, u"metrics"_s});
    check.write(expositionText(engine.cluster()));
    check.closeWriteChannel();
    QVERIFY(check.waitForFinished(60'000));
    // 3: accepted, with remarks on style.
    QVERIFY2(check.exitCode() == 0 || check.exitCode() == 3, check.readAllStandardError().constData());
}

void TestFleetMetrics::everyMetricIsThere()
{
    QFETCH(QString, name);
    const auto platform = test::builtinPlatform(name);
    QVERIFY(platform);
    Engine engine(fleet::platform(name), options(1));
    engine.bootstrap();
    const QSet<QString> there = namesIn(expositionText(engine.cluster()));
    const monitoring::MetricCatalog catalog = test::builtinCatalog().with(*platform);
    QSet<const platform::Metric*> wanted;
    for (const platform::Dashboard& dashboard : platform->dashboards)
        for (const monitoring::PanelPlan& panel : monitoring::planOf(dashboard, *platform, catalog).panels)
            wanted.insert(panel.metric);
    QVERIFY(wanted.size() > 8);
    for (const platform::Metric* metric : wanted) {
        if (!metric || metric->forms.empty())
            continue;
        const QStringList needs = monitoring::neededSeries(*metric, {platform.get(), nullptr, nullptr, {}});
        const bool has = std::ranges::any_of(
            needs, [&](const QString& selector) { return there.contains(selector.section(u'{', 0, 0)); });
        QVERIFY2(has, qPrintable(metric->name + u": "_s + needs.join(u", "_s)));
    }
}

void TestFleetMetrics::countersGoOnFromTheirPast()
{
    QFETCH(QString, name);
    const Lived lived(name, start, 3 * hour);
    QVERIFY(lived.past.endsWith("# EOF\n"));
    QHash<QByteArray, double> last;
    QHash<QByteArray, qint64> times;
    for (const QByteArray& line : lived.past.split('\n')) {
        const qsizetype time = line.lastIndexOf(' '), value = line.lastIndexOf(' ', time - 1);
        if (line.startsWith('#') || value < 0)
            continue;
        const QByteArray series = line.left(value);
        const qint64 at = line.mid(time + 1).toLongLong();
        QVERIFY2(at > times.value(series, 0) && at * 1000 < start, line.constData());
        times[series] = at;
        const double now = line.mid(value + 1, time - value - 1).toDouble();
        if (series.startsWith("http_requests_total") || series.startsWith("node_cpu_seconds_total"))
            QVERIFY2(now >= last.value(series, 0), line.constData());
        last[series] = now;
    }
    QVERIFY(last.size() > 100);
    int known = 0;
    for (const QByteArray& line : expositionText(lived.engine->cluster()).split('\n')) {
        const qsizetype value = line.lastIndexOf(' ');
        if (!line.startsWith("http_requests_total{") || !last.contains(line.left(value)))
            continue;
        ++known;
        const double before = last.value(line.left(value)), now = line.mid(value + 1).toDouble();
        QVERIFY2(now >= before && now - before < 200'000, line.constData());
    }
    QVERIFY(known >= 4);
}

/// Older than a day there are pairs of samples at the instants that charts ask for.
void TestFleetMetrics::ratesOfThePast()
{
    const Lived lived(u"stratmaster"_s, start, 10 * 24 * hour);
    QByteArray series;
    QSet<qint64> times;
    for (const QByteArray& line : lived.past.split('\n')) {
        if (!line.startsWith("node_cpu_seconds_total{"))
            continue;
        const QByteArray name = line.left(line.indexOf(' '));
        if (series.isEmpty())
            series = name;
        if (name == series)
            times.insert(line.mid(line.lastIndexOf(' ') + 1).toLongLong() * 1000);
    }
    const auto every = [&](qint64 step, qint64 from, qint64 until) {
        for (qint64 t = (start - from) / step * step + step; t < start - until; t += step)
            if (!times.contains(t) || !times.contains(t - 2 * minute))
                return false;
        return true;
    };
    QVERIFY(every(2 * minute, 24 * hour, 7 * hour));
    QVERIFY(every(hour / 2, 8 * 24 * hour - hour, 25 * hour));
    // A week on a wide screen asks every quarter of an hour.
    for (qint64 t = (start - 8 * 24 * hour) / (hour / 4) * (hour / 4) + hour; t < start - 7 * hour; t += hour / 4) {
        int samples = 0;
        for (qint64 at = t - 5 * minute; at <= t; at += minute)
            samples += times.contains(at) ? 1 : 0;
        QVERIFY2(samples >= 2, qPrintable(QString::number((start - t) / minute)));
    }
    QVERIFY(every(2 * hour, 10 * 24 * hour - 3 * hour, 8 * 24 * hour));
    QVERIFY(every(3 * hour, 10 * 24 * hour - 4 * hour, 8 * 24 * hour));
    QVERIFY2(times.size() < 3'300, qPrintable(QString::number(times.size())));
}

void TestFleetMetrics::targetsAreThoseOfTheCluster()
{
    Engine engine(fleet::platform(u"tchat"_s), options(1));
    engine.bootstrap();
    const std::vector<ScrapeTarget> targets = scrapeTargets(engine.cluster());
    const QJsonArray found = serviceDiscovery(engine.cluster(), 4711);
    QCOMPARE(std::size_t(found.size()), targets.size());
    QSet<QString> paths;
    int pods = 0;
    for (const QJsonValue& one : found) {
        QCOMPARE(one[u"targets"].toArray(), QJsonArray{u"127.0.0.1:4711"_s});
        const QJsonObject labels = one[u"labels"].toObject();
        paths.insert(labels.value(u"__metrics_path__").toString());
        if (labels.value(u"pod").toString().startsWith(u"auth-service-"))
            ++pods;
    }
    QCOMPARE(std::size_t(paths.size()), targets.size());
    QVERIFY(pods >= 2);
}

/// Every panel of every dashboard has a figure on a real Prometheus, and had one two hours ago.
void TestFleetMetrics::everyChartIsFull()
{
    if (const QString why = test::RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QFETCH(QString, name);
    const qint64 nowMs = QDateTime::currentMSecsSinceEpoch() / 60'000 * 60'000 - 300'000;
    test::RealPrometheus server;
    QVERIFY2(server.start(Lived(name, nowMs, 3 * hour).past), qPrintable(server.error()));
    QNetworkAccessManager manager;
    for (const QString& query : queriesOf(*test::builtinPlatform(name))) {
        if (query.contains(u"offset 30d"))
            continue; // the past here is too short for it
        for (const qint64 at : {nowMs - 60'000, (nowMs - 2 * hour) / 120'000 * 120'000}) {
            const QUrl url =
                QUrl::fromEncoded(server.url().toEncoded() + "/api/v1/query?time=" + QByteArray::number(at / 1000) +
                                  "&query=" + QUrl::toPercentEncoding(query));
            const std::unique_ptr<QNetworkReply> reply(manager.get(QNetworkRequest(url)));
            QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 60'000);
            const QJsonObject answer = QJsonDocument::fromJson(reply->readAll()).object();
            QVERIFY2(!fleet::at(answer, u"data", u"result").toArray().isEmpty(),
                     qPrintable(u"at %1: %2"_s.arg(at).arg(query)));
        }
    }
}

QTEST_GUILESS_MAIN(TestFleetMetrics)
#include "test_fleet_metrics.moc"
