// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ClusterConnection.h"
#include "fleet/Fleet.h"
#include "fleet/world/Logs.h"
#include "logs/LogSession.h"
#include "logs/LogTime.h"
#include "platform/KubeConfig.h"
#include "support/ChaosProxy.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::logs;

/// Logs of a whole workload of the fleet, over TLS, through a network that breaks: what is saved afterwards is what the
/// containers wrote, line for line, none missing, none twice.
class TestLogFleet : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void twoHundredThousandLinesOfPodsThatAreReplaced();
    void connectionsThatDieInSilence();
    void containersThatCrash();

private:
    [[nodiscard]] fleet::Engine& engine() { return *m_fleet->member(u"tchat"_s)->engine; }
    [[nodiscard]] const fleet::Workload& workload() { return engine().cluster().workloads[m_workload]; }
    void inject(fleet::Fault::Kind kind, int number, qint64 durationMs = 0);
    void follow(const LogWish& wish);
    [[nodiscard]] int ready();
    /// What every container of the workload has written from `fromMs` to before `untilMs`, as an export says it.
    [[nodiscard]] QByteArrayList written(qint64 fromMs, qint64 untilMs);
    void add(QByteArrayList& to, const fleet::Pod& pod, qint64 removedMs, qint64 fromMs, qint64 untilMs);
    /// Lines that are there of before that moment.
    [[nodiscard]] qsizetype have(qint64 untilMs) { return m_session->positionOf({untilMs * 1'000'000, 0, 0, {}, {}}); }
    void compareWithFile(const QByteArrayList& expected);

    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::unique_ptr<test::ChaosProxy> m_network;
    std::unique_ptr<cluster::ClusterConnection> m_connection;
    std::unique_ptr<LogSession> m_session;
    std::size_t m_workload = 0;
};

void TestLogFleet::initTestCase()
{
    fleet::Fleet::Options o;
    o.seed = 5;
    o.startMs = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday
    o.speed = 6;
    o.portBase = 0;
    o.stateDirectory = m_dir.filePath(u"fleet"_s);
    o.only = {u"tchat"_s};
    o.background = false;
    m_fleet = std::make_unique<fleet::Fleet>(o);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    // A deployment of five, which nobody else steers.
    const auto& workloads = engine().cluster().workloads;
    const auto it = std::ranges::find_if(workloads, [](const fleet::Workload& w) {
        return w.spec.kind == fleet::WorkloadSpec::Kind::Deployment && w.autoscaler.isEmpty() && w.desired > 0;
    });
    QVERIFY(it != workloads.end());
    m_workload = std::size_t(it - workloads.begin());
    inject(fleet::Fault::Kind::Scale, 5);
    QTRY_COMPARE_WITH_TIMEOUT(ready(), 5, 60'000);
}

void TestLogFleet::init()
{
    m_network = std::make_unique<test::ChaosProxy>(m_fleet->member(u"tchat"_s)->port);
    const auto config = platform::KubeConfig::loadFile(m_fleet->kubeconfigPath());
    QVERIFY(config.has_value());
    auto context = config->resolve(u"tchat"_s);
    QVERIFY2(context.has_value(), context ? "" : qPrintable(context.error().text()));
    context->server.setPort(m_network->port());
    m_connection = std::make_unique<cluster::ClusterConnection>(*context);
    QTRY_COMPARE_WITH_TIMEOUT(ready(), 5, 60'000);
}

void TestLogFleet::cleanup()
{
    m_session.reset();
    m_connection.reset();
    m_network.reset();
}

void TestLogFleet::inject(fleet::Fault::Kind kind, int number, qint64 durationMs)
{
    fleet::Fault fault;
    fault.kind = kind;
    fault.space = workload().spec.space;
    fault.name = workload().spec.name;
    fault.durationMs = durationMs;
    fault.replicas = number;
    fault.lines = number;
    fault.pods = number;
    QVERIFY(engine().inject(fault).has_value());
}

int TestLogFleet::ready()
{
    return int(std::ranges::count_if(workload().pods, [this](qint64 id) {
        const fleet::Pod& pod = *engine().cluster().pods.at(id);
        return pod.ready && pod.live();
    }));
}

void TestLogFleet::follow(const LogWish& wish)
{
    const auto deployment = engine().store().find(u"deployments.apps"_s, workload().spec.space, workload().spec.name);
    QVERIFY(deployment);
    const auto target = targetOf(QJsonDocument(deployment->json).toJson());
    QVERIFY2(target.has_value(), target ? "" : qPrintable(target.error().sentence));
    LogSession::Options options;
    options.directory = m_dir.filePath(u"spill"_s);
    m_session = std::make_unique<LogSession>(
        [this](cluster::GuestMaker make) { return m_connection->takeIn(std::move(make)); }, *target, wish, options);
}

void TestLogFleet::add(QByteArrayList& to, const fleet::Pod& pod, qint64 removedMs, qint64 fromMs, qint64 untilMs)
{
    if (pod.workload != int(m_workload))
        return;
    const fleet::Cluster& cluster = engine().cluster();
    for (int c = 0; c < int(pod.containers.size()); ++c) {
        for (const bool previous : {true, false}) {
            if (previous && !pod.containers[std::size_t(c)].hasLast)
                continue;
            fleet::LogSource source(cluster, pod, c, previous);
            if (removedMs > 0)
                source.endAt(removedMs);
            const int run = pod.containers[std::size_t(c)].restarts + 1 - previous;
            QString name = pod.name + u'/' + containersOf(cluster, pod).at(c).name;
            if (run > 1)
                name += u" (run %1)"_s.arg(run);
            for (const auto& line : source.lines(fromMs, untilMs, 10'000'000))
                to.append(stampText(line.timeMs * 1'000'000) + " [" + name.toUtf8() + "] " + line.text);
        }
    }
}

QByteArrayList TestLogFleet::written(qint64 fromMs, qint64 untilMs)
{
    QByteArrayList lines;
    for (const auto& [id, pod] : engine().cluster().pods)
        add(lines, *pod, 0, fromMs, untilMs);
    for (const fleet::DepartedPod& gone : engine().cluster().departed)
        add(lines, *gone.pod, gone.removedMs, fromMs, untilMs);
    std::ranges::sort(lines);
    return lines;
}

void TestLogFleet::compareWithFile(const QByteArrayList& expected)
{
    const QString name = m_dir.filePath(u"saved.log"_s);
    const auto saving = m_session->exportTo(name, true, true);
    QSignalSpy finished(saving.get(), &LogExport::finished);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArrayList lines;
    while (lines.size() < expected.size() && !file.atEnd())
        lines.append(file.readLine().chopped(1));
    for (qsizetype i = 1; i < lines.size(); ++i)
        QVERIFY2(lines[i - 1].first(30) <= lines[i].first(30), lines[i].constData());
    std::ranges::sort(lines);
    QCOMPARE(lines.size(), expected.size());
    for (qsizetype i = 0; i < lines.size(); ++i)
        QCOMPARE(lines[i], expected[i]);
}

void TestLogFleet::twoHundredThousandLinesOfPodsThatAreReplaced()
{
    constexpr qint64 burstMs = 24'000;
    const qint64 from = engine().nowMs();
    LogWish wish;
    wish.sinceNs = from * 1'000'000;
    follow(wish);
    QTRY_VERIFY_WITH_TIMEOUT(m_session->state().listed, 60'000);
    inject(fleet::Fault::Kind::LogBurst, 48'000, burstMs);
    const qint64 end = engine().nowMs() + burstMs;

    bool breaking = true;
    int broken = 0;
    QTimer breaker;
    connect(&breaker, &QTimer::timeout, this, [&] {
        if (breaking)
            m_network->cutAll(++broken % 2 == 0);
    });
    breaker.start(350);
    QTRY_VERIFY_WITH_TIMEOUT(broken >= 3, 60'000);
    // What a container writes in its last moment can be had in that moment only: connections hold then.
    breaking = false;
    QTRY_VERIFY_WITH_TIMEOUT(
        std::ranges::count_if(m_session->state().sources,
                              [](const LogSource& s) { return s.reader.phase == ReaderState::Phase::Reading; }) >= 5,
        60'000);
    const QList<qint64> victims{workload().pods[0], workload().pods[1]};
    QStringList names;
    for (const qint64 id : victims) {
        const fleet::Pod& pod = *engine().cluster().pods.at(id);
        names.append(pod.name);
        engine().discard(u"pods"_s, pod.space, QString(pod.name), {}, -1);
    }
    QTRY_COMPARE_WITH_TIMEOUT(std::ranges::count_if(m_session->state().sources,
                                                    [&](const LogSource& s) {
                                                        return names.contains(s.pod) &&
                                                               s.reader.phase == ReaderState::Phase::Done;
                                                    }),
                              2, 60'000);
    breaking = true;
    QTRY_VERIFY_WITH_TIMEOUT(engine().nowMs() > end && broken > 5, 120'000);
    breaker.stop();
    const QByteArrayList expected = written(from, end);
    QVERIFY2(expected.size() > 200'000, qPrintable(QString::number(expected.size())));
    QTRY_COMPARE_WITH_TIMEOUT(have(end), expected.size(), 120'000);
    compareWithFile(expected);
    int interruptions = 0;
    for (const LogSource& s : m_session->state().sources) {
        QCOMPARE(s.reader.gaps, 0);
        interruptions += s.reader.interruptions;
    }
    QVERIFY2(interruptions >= 5, qPrintable(QString::number(interruptions)));
    QCOMPARE(m_session->state().sources.size(), size_t(7)); // five pods, and two that replaced two of them
}

void TestLogFleet::connectionsThatDieInSilence()
{
    const qint64 from = engine().nowMs();
    LogWish wish;
    wish.sinceNs = from * 1'000'000;
    wish.quietMs = 1'000;
    follow(wish);
    inject(fleet::Fault::Kind::LogBurst, 2'000, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_session->total() > 1'000, 60'000);
    m_network->freezeAll(); // open, and nothing comes any more; nobody says so
    const qint64 end = engine().nowMs() + 12'000;
    QTRY_VERIFY_WITH_TIMEOUT(engine().nowMs() > end, 60'000);
    const QByteArrayList expected = written(from, end);
    QTRY_COMPARE_WITH_TIMEOUT(have(end), expected.size(), 120'000);
    compareWithFile(expected);
}

void TestLogFleet::containersThatCrash()
{
    const qint64 from = engine().nowMs();
    LogWish wish;
    wish.sinceNs = from * 1'000'000;
    follow(wish);
    QTRY_VERIFY_WITH_TIMEOUT(m_session->state().sources.size() == 5, 60'000);
    inject(fleet::Fault::Kind::Crash, 1, 3'000); // once: of the runs before the last two nobody knows any more
    QTRY_VERIFY_WITH_TIMEOUT(m_session->state().sources.size() >= 6, 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(ready(), 5, 120'000);
    const qint64 end = engine().nowMs();
    const QByteArrayList expected = written(from, end);
    QVERIFY(std::ranges::any_of(expected, [](const QByteArray& line) { return line.contains("panic: "); }));
    QTRY_COMPARE_WITH_TIMEOUT(have(end), expected.size(), 60'000);
    compareWithFile(expected);
    const qsizetype error = m_session->findLevel(Level::Fatal, 0);
    QVERIFY(error >= 0);
    QVERIFY(m_session->lineAt(error)->text.contains("cannot start"));
    QVERIFY(std::ranges::any_of(m_session->state().sources,
                                [](const LogSource& s) { return s.run.ending.contains(u"exit code 1"); }));
}

QTEST_GUILESS_MAIN(TestLogFleet)
#include "test_log_fleet.moc"
