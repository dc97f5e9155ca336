// SPDX-License-Identifier: GPL-3.0-or-later
#include "RealPrometheus.h"
#include "changes/checks/CheckRunner.h"
#include "changes/runners/Prometheus.h"
#include "platform/Platform.h"

#include <QtCore/QDateTime>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Checks of a plan against a real Prometheus.
class TestMonitoringPlan : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void planWaitsForACondition();
    void planKnowsWherePrometheusIs();

private:
    RealPrometheus m_real;
    SystemClock m_clock;
    qint64 m_endS = 0;
};

void TestMonitoringPlan::initTestCase()
{
    if (const QString why = RealPrometheus::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_endS = QDateTime::currentSecsSinceEpoch() / 60 * 60 - 600;
    QVERIFY2(m_real.start(demoHistory(m_endS)), qPrintable(m_real.error()));
}

void TestMonitoringPlan::planWaitsForACondition()
{
    changes::Prometheus prometheus({}, m_clock);
    changes::CheckWorld world;
    world.metrics = &prometheus;
    changes::CheckRunner runner(world, m_clock);
    changes::Step step;
    step.type = changes::Step::Type::Check;
    step.name = u"promql"_s;
    step.target.cluster = u"production"_s;
    const auto run = [&](const QString& query) {
        step.parameters = QJsonObject{{u"query"_s, query},
                                      {u"comparison"_s, u"<"_s},
                                      {u"value"_s, u"0.05"_s},
                                      {u"forSeconds"_s, 1},
                                      {u"failFast"_s, true},
                                      {u"withinSeconds"_s, 60},
                                      {u"url"_s, m_real.url().toString()}};
        return runner.run(step);
    };
    const auto good =
        run(u"1 - demo_latency_bucket{le=\"+Inf\"} @ %1 / demo_latency_bucket{le=\"+Inf\"} @ %1 or vector(0.01)"_s.arg(
            m_endS));
    QTRY_VERIFY_WITH_TIMEOUT(good.isFinished(), 30'000);
    QVERIFY2(good.result(), qPrintable(good.result() ? QString() : good.result().error().text()));
    QVERIFY2(good.result()->passed, qPrintable(good.result()->sentence));
    QCOMPARE(good.result()->result.value("source"_L1).toString(),
             u"127.0.0.1:%1: the step gives this address"_s.arg(m_real.url().port()));
    QVERIFY(good.result()->result.value("looks"_L1).toInt() >= 2);
    const auto bad = run(u"sum(rate(demo_requests_total[5m] @ %1))"_s.arg(m_endS));
    QTRY_VERIFY_WITH_TIMEOUT(bad.isFinished(), 30'000);
    QVERIFY(bad.result() && !bad.result()->passed);
    QVERIFY2(bad.result()->sentence.startsWith("It is not so, and waiting does not help: the value is "_L1),
             qPrintable(bad.result()->sentence));
    const auto wrong = run(u"sum("_s);
    QTRY_VERIFY_WITH_TIMEOUT(wrong.isFinished(), 30'000);
    QVERIFY(!wrong.result());
    QCOMPARE(wrong.result().error().kind, Error::Kind::BadInput);
}

void TestMonitoringPlan::planKnowsWherePrometheusIs()
{
    platform::Platform platform;
    platform::Service service;
    service.name = u"prometheus"_s;
    service.kind = platform::Service::Kind::Monitoring;
    service.host = m_real.url().host();
    service.ports = {m_real.url().port()};
    platform.services = {service};
    const platform::Platform* known = &platform;
    changes::Prometheus prometheus({{}, [&known] { return known; }}, m_clock);
    const auto value = prometheus.ask(u"production"_s, {}, u"count(demo_requests_total @ %1)"_s.arg(m_endS));
    QTRY_VERIFY(value.isFinished());
    QVERIFY2(value.result(), qPrintable(value.result() ? QString() : value.result().error().text()));
    QCOMPARE(value.result()->answer->series.front().value.front(), 3.0);
    QCOMPARE(value.result()->where, u"127.0.0.1:%1: the platform file names this host"_s.arg(m_real.url().port()));
    // Without any of it there is no place to ask.
    known = nullptr;
    const auto nowhere = prometheus.ask(u"staging"_s, {}, u"1"_s);
    QTRY_VERIFY(nowhere.isFinished());
    QCOMPARE(nowhere.result().error().kind, Error::Kind::NotFound);
}

QTEST_GUILESS_MAIN(TestMonitoringPlan)
#include "test_monitoring_plan.moc"
