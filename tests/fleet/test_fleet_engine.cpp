// SPDX-License-Identifier: GPL-3.0-or-later
#include "EngineFixture.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/metrics/Metrics.h"
#include "fleet/world/Logs.h"
#include "fleet/world/Resources.h"
#include "fleet/world/Traffic.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

namespace {

/// Hash over every change of every kind, up to `until`, advancing in steps of `stepMs`.
QByteArray history(quint64 seed, qint64 stepMs, qint64 duration = 10 * minute)
{
    Engine engine(platform(u"tchat"_s), options(seed, defaultFaults(), true));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    engine.store().observeAll([&](const QString& resource, const Change& c) {
        hash.addData(resource.toUtf8());
        hash.addData(QByteArray::number(int(c.type)));
        hash.addData(compact(c.object->json));
    });
    engine.bootstrap();
    for (qint64 t = start; t <= start + duration; t += stepMs)
        engine.advanceTo(t);
    engine.advanceTo(start + duration);
    return hash.result();
}

QByteArray expositionAfterTwoMinutes()
{
    Engine engine(platform(u"tchat"_s), options(1, defaultFaults(), true));
    engine.bootstrap();
    engine.advanceTo(start + 2 * minute);
    return expositionText(engine.cluster());
}

} // namespace

/// The simulated platforms as they are without anybody's doing, their logs and their figures.
class TestFleetEngine : public QObject
{
    Q_OBJECT

private slots:
    void sameSeedSameHistory();
    void everyWorkloadIsThere();
    void healthyWithoutFaults();
    void trafficByHourAndWeekday();
    void cronJobsRun();
    void loadFillsACluster();
    void logsAreStable();
    void exposition();
    void expositionPassesPromtool();
    void countersOnlyGrow();
};

void TestFleetEngine::sameSeedSameHistory()
{
    const QByteArray once = history(7, 1000);
    QCOMPARE(history(7, 1000), once);
    QCOMPARE(history(7, 37'000), once); // however time is cut
    QVERIFY(history(8, 1000) != once);
}

void TestFleetEngine::everyWorkloadIsThere()
{
    const QList<QPair<QString, QStringList>> wanted{
        {u"streamgate"_s,
         {u"streamgate/api-gateway"_s, u"streamgate/transcoder"_s, u"streamgate/streaming"_s, u"streamgate/postgres"_s,
          u"streamgate/redis"_s, u"streamgate/minio"_s, u"streamgate/nats"_s, u"streamgate/consul"_s}},
        {u"social-live"_s,
         {u"social-live-prod/backend"_s, u"social-live-prod/frontend"_s, u"ingress-nginx/ingress-nginx-controller"_s}},
        {u"stratmaster"_s,
         {u"stratmaster-production/stratmaster-api"_s, u"stratmaster-blue/stratmaster-api"_s,
          u"stratmaster-green/stratmaster-api"_s, u"kube-system/sealed-secrets-controller"_s,
          u"stratmaster-production/redis"_s}},
        {u"tchat"_s,
         {u"tchat/auth-service"_s, u"tchat/messaging-service"_s, u"tchat/payment-service"_s,
          u"tchat/notification-service"_s, u"tchat/postgres"_s, u"tchat/postgres-replica"_s, u"tchat/scylla"_s,
          u"tchat/redis"_s}}};
    for (const auto& [id, names] : wanted) {
        Engine engine(platform(id), options(1));
        engine.bootstrap();
        QStringList found;
        for (const QString& resource : {u"deployments.apps"_s, u"statefulsets.apps"_s})
            found += namesOf(engine.store().list(resource));
        for (const QString& name : names)
            QVERIFY2(found.contains(name), qPrintable(id + u' ' + name));
        for (const Resource& r : resources())
            if (!r.virtualKind && r.id() != u"jobs.batch" && r.id() != u"events")
                QVERIFY2(engine.store().count(r.id()) > 0, qPrintable(id + u' ' + r.id()));
    }
}

void TestFleetEngine::healthyWithoutFaults()
{
    for (const PlatformSpec& p : platforms()) {
        Engine engine(p, options(3));
        engine.bootstrap();
        engine.advanceTo(start + 5 * minute);
        for (const ObjectPtr& o : engine.store().list(u"deployments.apps"_s)) {
            const QString progressing = conditionReason(o, u"Progressing"_s);
            QVERIFY2(progressing.startsWith(u"True"), qPrintable(o->name + u' ' + progressing));
        }
        for (const ObjectPtr& o : engine.store().list(u"nodes"_s))
            QCOMPARE(conditionReason(o, u"Ready"_s), u"True:KubeletReady"_s);
        for (const ObjectPtr& o : engine.store().list(u"persistentvolumeclaims"_s))
            QCOMPARE(at(o->json, u"status", u"phase").toString(), u"Bound"_s);
    }
}

void TestFleetEngine::trafficByHourAndWeekday()
{
    const PlatformSpec strat = platform(u"stratmaster"_s);
    const qint64 monday = start + 2 * 86'400'000LL;
    QVERIFY(platformRate(strat, 1, monday + 4 * 3'600'000) >
            2 * platformRate(strat, 1, monday - 8 * 3'600'000));                 // 14:00 and 02:00
    QVERIFY(platformRate(strat, 1, monday) > 2 * platformRate(strat, 1, start)); // Monday and Saturday
}

void TestFleetEngine::cronJobsRun()
{
    Engine engine(platform(u"tchat"_s), options(1));
    engine.bootstrap();
    engine.advanceTo(start + 17 * 60 * minute); // past 02:00
    const ObjectPtr backup = engine.store().find(u"cronjobs.batch"_s, u"tchat"_s, u"postgres-backup"_s);
    QCOMPARE(at(backup->json, u"status", u"lastScheduleTime").toString(), u"2026-11-22T02:00:00Z"_s);
    int jobs = 0;
    for (const ObjectPtr& o : engine.store().list(u"jobs.batch"_s, u"tchat"_s))
        jobs += o->name.startsWith(u"check-dependencies-");
    QVERIFY2(jobs >= 3 && jobs <= 5, qPrintable(QString::number(jobs)));
    QCOMPARE(at(engine.store().find(u"cronjobs.batch"_s, u"tchat"_s, u"scylla-repair"_s)->json, u"spec", u"suspend")
                 .toBool(),
             true);
}

void TestFleetEngine::loadFillsACluster()
{
    PlatformSpec spec = platform(u"tchat"_s);
    addLoad(spec, 3000);
    Engine engine(spec, options(1));
    engine.bootstrap();
    const qsizetype pods = engine.store().count(u"pods"_s);
    QVERIFY2(pods > 2950 && pods < 3100, qPrintable(QString::number(pods)));
    engine.setChurn(100);
    const qint64 before = engine.store().revision();
    engine.advanceTo(start + 10'000);
    QVERIFY2(engine.store().revision() - before > 900, qPrintable(QString::number(engine.store().revision() - before)));
}

void TestFleetEngine::logsAreStable()
{
    Engine engine(platform(u"tchat"_s), options(1, defaultFaults()));
    engine.bootstrap();
    const Pod* pod = nullptr;
    const Pod* crashing = nullptr;
    for (const auto& [id, p] : engine.cluster().pods) {
        if (p->name.startsWith(u"messaging-service") && p->ready)
            pod = p.get();
        if (p->name.startsWith(u"payment-service") && p->fault == PodFault::Crash)
            crashing = p.get();
    }
    QVERIFY(pod && crashing);
    const LogSource log(engine.cluster(), *pod, 0, false);
    const auto tail = log.lines(0, start, 50);
    QCOMPARE(tail.size(), 50);
    for (qsizetype i = 1; i < tail.size(); ++i)
        QVERIFY(tail[i - 1].timeMs <= tail[i].timeMs);
    // Read later, the same lines stand at the same times.
    const auto again = log.lines(tail.first().timeMs, tail.last().timeMs + 1, 1000);
    QCOMPARE(again.size(), tail.size());
    for (qsizetype i = 0; i < tail.size(); ++i)
        QCOMPARE(again[i].text, tail[i].text);
    const LogSource last(engine.cluster(), *crashing, 0, true);
    QByteArray words;
    for (const auto& line : last.lines(0, start, 100))
        words += line.text + '\n';
    QVERIFY2(words.contains("panic: "), words.constData());
}

void TestFleetEngine::exposition()
{
    const QByteArray text = expositionAfterTwoMinutes();
    for (const char* name :
         {"http_requests_total", "http_request_duration_seconds_bucket", "container_cpu_usage_seconds_total",
          "container_memory_working_set_bytes", "kube_pod_status_phase", "kube_deployment_status_replicas_available",
          "kube_horizontalpodautoscaler_status_current_replicas", "node_cpu_seconds_total",
          "node_memory_MemAvailable_bytes", "node_filesystem_avail_bytes", "pg_stat_database_numbackends",
          "redis_memory_used_bytes", "redis_keyspace_hits_total", "active_users", "messages_sent_total",
          "payments_total", "revenue_usd_total"})
        QVERIFY2(text.contains(QByteArray("\n") + name), name);
    // Every line is a comment or a sample, every family is declared once and its samples stand together.
    static const QRegularExpression sample(
        u"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"(\\\\.|[^\"\\\\])*\",?)*\\})? -?[0-9.e+-]+$"_s);
    QSet<QByteArray> families;
    QByteArray family;
    for (const QByteArray& line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        if (line.startsWith("# TYPE ")) {
            family = line.split(' ').at(2);
            QVERIFY2(!families.contains(family), family.constData());
            families.insert(family);
        } else if (!line.startsWith('#')) {
            QVERIFY2(sample.match(QString::fromUtf8(line)).hasMatch() && line.startsWith(family), line.constData());
        }
    }
}

void TestFleetEngine::expositionPassesPromtool()
{
    const QString promtool = QStandardPaths::findExecutable(u"promtool"_s);
    if (promtool.isEmpty())
        QSKIP("promtool is not on the PATH, so the figures were not checked by Prometheus' own rules "
              "(Debian has it in the package prometheus)");
    QProcess check;
    check.start(promtool, {u"check"_s, u"metrics"_s});
    check.write(expositionAfterTwoMinutes());
    check.closeWriteChannel();
    QVERIFY(check.waitForFinished());
    // 3: accepted, with remarks on style (names without unit that the seeds prescribe).
    QVERIFY2(check.exitCode() == 0 || check.exitCode() == 3, check.readAllStandardError().constData());
}

void TestFleetEngine::countersOnlyGrow()
{
    Engine engine(platform(u"streamgate"_s), options(1, defaultFaults(), true));
    engine.bootstrap();
    const auto& gateway = engine.cluster().workloads.front().requests;
    const double before = gateway.ok;
    engine.advanceTo(start + minute);
    const double rate = (gateway.ok - before) / 60;
    QVERIFY2(rate > 100 && rate < 3000, qPrintable(QString::number(rate)));
    for (std::size_t i = 1; i < gateway.buckets.size(); ++i)
        QVERIFY(gateway.buckets[i] >= gateway.buckets[i - 1]);
}

QTEST_GUILESS_MAIN(TestFleetEngine)
#include "test_fleet_engine.moc"
