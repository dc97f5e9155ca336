// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformLoader.h"

#include <QtTest/QtTest>

using namespace wk::platform;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

const Alert* alert(const Platform& platform, QStringView name)
{
    for (const Alert& candidate : platform.alerts) {
        if (candidate.name == name)
            return &candidate;
    }
    return nullptr;
}

const Procedure* procedure(const Platform& platform, QStringView name)
{
    for (const Procedure& candidate : platform.procedures) {
        if (candidate.name == name)
            return &candidate;
    }
    return nullptr;
}

} // namespace

class TestPlatform : public QObject
{
    Q_OBJECT

    PlatformLoad m_load;

    const Platform& platform(QStringView name) const
    {
        for (const auto& candidate : m_load.platforms) {
            if (candidate->name == name)
                return *candidate;
        }
        qFatal("no such platform");
    }

private slots:
    void initTestCase()
    {
        m_load = loadPlatforms({QString::fromUtf16(builtinPlatforms)});
        QStringList problems;
        for (const PlatformProblem& problem : m_load.problems)
            problems << problem.text();
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }

    void theFourAreBuiltIn()
    {
        QStringList names;
        for (const auto& each : m_load.platforms)
            names << each->name;
        QCOMPARE(names, (QStringList{u"social-live"_s, u"stratmaster"_s, u"streamgate"_s, u"tchat"_s}));
        QVERIFY(m_load.notes.isEmpty());
    }

    void contextsAndNamespaces()
    {
        for (const auto& each : m_load.platforms) {
            QCOMPARE(each->clusters.front().klass, ClusterClass::Production);
            QCOMPARE(each->clusters.front().context, each->name);
            QVERIFY(!each->services.empty());
        }
        QCOMPARE(platform(u"streamgate").namespaceNames(), QStringList{u"streamgate"_s});
        QCOMPARE(platform(u"social-live").namespaceNames(), QStringList{u"social-live-prod"_s});
        QCOMPARE(platform(u"stratmaster").namespaceNames(),
                 (QStringList{u"stratmaster-production"_s, u"stratmaster-green"_s, u"stratmaster-blue"_s}));
        QCOMPARE(platform(u"tchat").namespaceNames(), (QStringList{u"tchat"_s, u"ingress-nginx"_s}));
    }

    void aRowFindsItsService()
    {
        const Platform& tchat = platform(u"tchat");
        const Service* found = tchat.serviceOf(u"tchat", u"Deployment", u"postgres-replica");
        QVERIFY(found);
        QCOMPARE(found->name, u"postgres"_s);
        QVERIFY(found->isStore());
        QCOMPARE(tchat.serviceOf(u"ingress-nginx", u"Deployment", u"nginx-ingress-controller")->name, u"ingress"_s);
        QVERIFY(!tchat.serviceOf(u"tchat", u"StatefulSet", u"postgres-replica"));
        QVERIFY(!tchat.serviceOf(u"default", u"Deployment", u"auth-service"));
        QCOMPARE(tchat.service(u"payment")->ports, std::vector<int>{8083});
        QCOMPARE(tchat.service(u"payment")->healthEndpoints.size(), size_t(3));
        QCOMPARE(tchat.service(u"payment")->healthEndpoints[0].expect, 200);
    }

    void replicas()
    {
        const Workload& backend = platform(u"social-live").service(u"backend")->workloads.front();
        QCOMPARE(backend.minReplicas, 3);
        QCOMPARE(backend.maxReplicas, 50);
        QCOMPARE(platform(u"social-live").service(u"frontend")->workloads.front().replicas, 2);
        QVERIFY(!backend.replicas);
    }

    // Both documents grade incidents, and both scales stand.
    void twoScalesStandSideBySide()
    {
        const Platform& streamgate = platform(u"streamgate");
        QCOMPARE(streamgate.severityScales.size(), size_t(2));
        QCOMPARE(streamgate.severityScales[0].source, u"excellence"_s);
        QCOMPARE(streamgate.severityScales[1].source, u"guide"_s);
        QCOMPARE(streamgate.severity(u"SEV-1")->respondMs, 5 * minute);
        QCOMPARE(streamgate.severity(u"SEV-1")->escalateMs, 0);
        QCOMPARE(streamgate.severity(u"SEV-2")->updateMs, 30 * minute);
        QCOMPARE(streamgate.severity(u"SEV-4")->escalateMs, day);
        QCOMPARE(streamgate.severity(u"P1")->respondMs, 15 * minute);
        QCOMPARE(streamgate.severity(u"P4")->respondMs, 24 * hour);
        QVERIFY(!streamgate.severity(u"P1")->updateMs);
        QCOMPARE(platform(u"social-live").severity(u"1")->respondMs, 15 * minute);
        QCOMPARE(platform(u"tchat").severity(u"P0")->respondMs, 5 * minute);
        QVERIFY(!platform(u"tchat").severity(u"P3")->respondMs);
        QVERIFY(platform(u"stratmaster").severityScales.empty());
    }

    void alertsThatDisagreeStandWithTheirSource()
    {
        const Platform& streamgate = platform(u"streamgate");
        QCOMPARE(alert(streamgate, u"excellence-memory")->when->value, 85.0);
        QCOMPARE(alert(streamgate, u"excellence-memory")->source, u"excellence"_s);
        QCOMPARE(alert(streamgate, u"guide-memory")->when->value, 80.0);
        QCOMPARE(alert(streamgate, u"guide-memory")->source, u"guide"_s);
        QVERIFY(!alert(streamgate, u"guide-service-down")->when);
        QVERIFY(!alert(streamgate, u"guide-service-down")->condition.isEmpty());
    }

    void alertsAreTyped()
    {
        const Alert* high = alert(platform(u"social-live"), u"high-response-time");
        QCOMPARE(high->urgency, Urgency::Warning);
        QCOMPARE(high->quantile, 95.0);
        QCOMPARE(high->when->milliseconds(), 1000);
        QCOMPARE(high->forMs, 10 * minute);
        QCOMPARE(high->respondMs, 30 * minute);
        QVERIFY(high->when->holds(1.5));
        QVERIFY(!high->when->holds(1.0));
        QCOMPARE(alert(platform(u"stratmaster"), u"DatabaseConnectionHigh")->forMs, 10 * minute);
        QCOMPARE(alert(platform(u"tchat"), u"high-error-rate")->query,
                 u"rate(http_requests_total{status=~\"5..\"}[5m]) > 0.05"_s);
    }

    void targets()
    {
        const Platform& streamgate = platform(u"streamgate");
        QCOMPARE(streamgate.slos.front().budgetMs, 43 * minute);
        QCOMPARE(streamgate.slos.front().per, Cadence::Monthly);
        QCOMPARE(streamgate.slos.front().severity, u"SEV-1"_s);
        QCOMPARE(streamgate.costs.front().limit->moneyMicros(), 1000);
        QCOMPARE(streamgate.capacity.bufferPercent, 50.0);
        QCOMPARE(streamgate.capacity.factors[1].factor, 1.5);
        QCOMPARE(streamgate.capacity.rightSizing[0].when->of, u"average"_s);
        for (const Kpi& kpi : streamgate.kpis) {
            if (kpi.name == u"cpu-utilisation") {
                QCOMPARE(kpi.target->comparison, Threshold::Comparison::Between);
                QCOMPARE(kpi.target->upper, 70.0);
            }
        }
        QCOMPARE(streamgate.scaling.autoscalers.front().cpu, 80.0);
        QCOMPARE(streamgate.scaling.resources.front().memoryRequest, u"512Mi"_s);
        QCOMPARE(platform(u"social-live").scaling.triggers.size(), size_t(4));
    }

    void recoveryAndTimes()
    {
        const Platform& streamgate = platform(u"streamgate");
        QCOMPARE(streamgate.recovery.objectives.size(), size_t(2));
        QCOMPARE(streamgate.recovery.objectives[0].rtoMs, hour);
        QCOMPARE(streamgate.recovery.objectives[1].rpoMs, 15 * minute);
        qint64 total = 0;
        for (const Phase& phase : streamgate.recovery.timeline)
            total += *phase.lastsMs;
        QCOMPARE(total, 55 * minute);
        QCOMPARE(streamgate.backups.size(), size_t(7));
        QCOMPARE(streamgate.backups.back().cron, u"0 5 1 * *"_s);
        QCOMPARE(streamgate.onCall.roles.front().rotationMs, 7 * day);

        const Platform& social = platform(u"social-live");
        QCOMPARE(social.checklists[0].at, 9 * 60);
        QCOMPARE(social.checklists[1].at, 18 * 60);
        QCOMPARE(social.maintenance[0].weekday, MaintenanceWindow::Weekday::Sunday);
        QCOMPARE(social.maintenance[0].at, 120);
        QCOMPARE(social.maintenance[0].zone, u"UTC"_s);
        QVERIFY(social.maintenance[2].firstOfMonth);
        QCOMPARE(social.onCall.escalation[1].afterMs, 15 * minute);
    }

    void procedures()
    {
        const Procedure* canary = procedure(platform(u"tchat"), u"canary");
        QCOMPARE(canary->canaryShare, 10.0);
        QCOMPARE(canary->watchMs, 10 * minute);
        QCOMPARE(canary->promoteWhen->value, 0.01);
        QCOMPARE(procedure(platform(u"stratmaster"), u"standard-deployment")->timeoutMs, 15 * minute);
        const Procedure* response = procedure(platform(u"tchat"), u"incident-response");
        QCOMPARE(response->phases[1].fromMs, 5 * minute);
        QCOMPARE(response->phases[1].untilMs, 15 * minute);
        QCOMPARE(platform(u"tchat").checklists.front().phases.back().untilMs, 7 * day);
    }

    // What alters something is marked, so that it never runs in passing.
    void mutatingStepsAreMarked()
    {
        static const QSet<QString> mutating{u"scale"_s, u"patch"_s, u"delete"_s, u"apply"_s, u"annotate"_s, u"edit"_s};
        static const QSet<QString> mutatingRollout{u"undo"_s, u"restart"_s};
        QStringList unmarked;
        const auto check = [&](const Platform& each, const std::vector<Step>& steps) {
            for (const Step& step : steps) {
                if (step.changes || step.run.size() < 3 || step.run[0] != u"kubectl")
                    continue;
                if (mutating.contains(step.run[1]) || step.run[1] == u"set" ||
                    (step.run[1] == u"rollout" && mutatingRollout.contains(step.run[2])))
                    unmarked << each.name + u": "_s + step.run.join(u' ');
            }
        };
        for (const auto& each : m_load.platforms) {
            for (const Runbook& book : each->runbooks) {
                check(*each, book.investigate);
                check(*each, book.resolve);
                check(*each, book.verify);
            }
            for (const Procedure& one : each->procedures) {
                check(*each, one.steps);
                for (const Phase& phase : one.phases)
                    check(*each, phase.steps);
            }
            for (const MaintenanceWindow& window : each->maintenance)
                check(*each, window.steps);
            for (const Checklist& list : each->checklists)
                check(*each, list.items);
        }
        QVERIFY2(unmarked.isEmpty(), qPrintable(unmarked.join(u'\n')));
    }

    void thresholds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("written");
        QTest::newRow("share") << u">5%"_s << u"> 5 %"_s;
        QTest::newRow("time") << u"<= 200ms"_s << u"<= 200 ms"_s;
        QTest::newRow("range") << u"50-70 %"_s << u"50-70 %"_s;
        QTest::newRow("money") << u"< 0.001 USD"_s << u"< 0.001 USD"_s;
        QTest::newRow("share of") << u"> 80 % of max_connections"_s << u"> 80 % of max_connections"_s;
        QTest::newRow("count") << u"== 0"_s << u"== 0"_s;
        for (const QString& bad :
             {u""_s, u"5"_s, u"> "_s, u"> x %"_s, u"> 5 parrots"_s, u"70-50 %"_s, u"50- %"_s, u"=> 5"_s, u"> 5 % of "_s,
              u"> 1e400"_s, u"> 1.2.3"_s, u"> 99999999999999999999999999"_s})
            QTest::addRow("not: %s", qPrintable(bad)) << bad << QString();
    }
    void thresholds()
    {
        QFETCH(QString, text);
        QFETCH(QString, written);
        const std::optional<Threshold> threshold = parseThreshold(text);
        QCOMPARE(threshold ? threshold->text() : QString(), written);
        if (threshold)
            QCOMPARE(parseThreshold(threshold->text()), threshold);
    }

    void timesAndCron()
    {
        QCOMPARE(parseTimeOfDay(u"00:00"), 0);
        QCOMPARE(parseTimeOfDay(u"23:59"), 23 * 60 + 59);
        for (const QString& bad : {u"24:00"_s, u"9:00"_s, u"09:60"_s, u"09-00"_s, u""_s, u"0a:00"_s})
            QVERIFY2(!parseTimeOfDay(bad), qPrintable(bad));
        for (const QString& good : {u"0 2 * * *"_s, u"*/15 0-6 1,15 * 0-7"_s, u"59 23 31 12 7"_s})
            QVERIFY2(isCron(good), qPrintable(good));
        for (const QString& bad :
             {u"0 2 * *"_s, u"60 2 * * *"_s, u"0 24 * * *"_s, u"0 2 0 * *"_s, u"0 2 * * 8"_s, u"*/0 * * * *"_s,
              u"5-1 * * * *"_s, u"a * * * *"_s, u"1//2 * * * *"_s, u"1,,2 * * * *"_s, u""_s})
            QVERIFY2(!isCron(bad), qPrintable(bad));
    }
};

QTEST_GUILESS_MAIN(TestPlatform)
#include "test_platform.moc"
