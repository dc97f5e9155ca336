// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/ChannelGate.h"
#include "channels/PodCommand.h"
#include "core/Future.h"
#include "fleet/Fleet.h"
#include "platform/KubeConfig.h"

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::channels;

/// Forwards and commands on the fleet, over TLS, as people who may and people who may not.
class TestChannelsFleet : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aForwardSurvivesItsPod();
    void commandsAndTheirEnds_data();
    void commandsAndTheirEnds();
    void muchOutput();
    void whoMayNotIsTold();
    void theGateKnowsClasses();

private:
    [[nodiscard]] fleet::Engine& engine() { return *m_fleet->member(u"tchat"_s)->engine; }
    [[nodiscard]] const fleet::Workload& workload() { return engine().cluster().workloads[m_workload]; }
    [[nodiscard]] const fleet::Pod* readyPod();
    [[nodiscard]] std::unique_ptr<cluster::ClusterConnection> connectAs(const QString& file, const QString& context);
    [[nodiscard]] Host host(cluster::ClusterConnection& connection);
    [[nodiscard]] Result<CommandOutcome> run(cluster::ClusterConnection& connection, const QStringList& words);
    [[nodiscard]] QString askedPod(quint16 port);

    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::unique_ptr<cluster::ClusterConnection> m_connection;
    std::size_t m_workload = 0;
};

void TestChannelsFleet::initTestCase()
{
    fleet::Fleet::Options o;
    o.seed = 5;
    o.startMs = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday
    o.speed = 60;
    o.portBase = 0;
    o.stateDirectory = m_dir.filePath(u"fleet"_s);
    o.only = {u"tchat"_s};
    o.background = false;
    m_fleet = std::make_unique<fleet::Fleet>(o);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    const auto& workloads = engine().cluster().workloads;
    const auto it = std::ranges::find_if(workloads, [](const fleet::Workload& w) {
        return w.spec.kind == fleet::WorkloadSpec::Kind::Deployment && w.autoscaler.isEmpty() && w.desired > 0 &&
               w.spec.hasService && !w.spec.containers.isEmpty() && w.spec.containers.first().port > 0;
    });
    QVERIFY(it != workloads.end());
    m_workload = std::size_t(it - workloads.begin());
}

void TestChannelsFleet::init()
{
    QTRY_VERIFY_WITH_TIMEOUT(readyPod(), 60'000);
    m_connection = connectAs(m_fleet->kubeconfigPath(), u"tchat"_s);
    QVERIFY(m_connection);
}

void TestChannelsFleet::cleanup() { m_connection.reset(); }

const fleet::Pod* TestChannelsFleet::readyPod()
{
    for (const qint64 id : workload().pods)
        if (const fleet::Pod& pod = *engine().cluster().pods.at(id); pod.ready && pod.live())
            return &pod;
    return nullptr;
}

std::unique_ptr<cluster::ClusterConnection> TestChannelsFleet::connectAs(const QString& file, const QString& context)
{
    const auto config = platform::KubeConfig::loadFile(file);
    const auto resolved = config ? config->resolve(context) : Result<platform::ResolvedContext>(fail(config.error()));
    if (!resolved) {
        qWarning("%s", qPrintable(resolved.error().text()));
        return nullptr;
    }
    return std::make_unique<cluster::ClusterConnection>(*resolved);
}

Host TestChannelsFleet::host(cluster::ClusterConnection& connection)
{
    return *changes::ChannelGate::open(connection, u"tchat"_s, platform::ClusterClass::Development);
}

Result<CommandOutcome> TestChannelsFleet::run(cluster::ClusterConnection& connection, const QStringList& words)
{
    const fleet::Pod* pod = readyPod();
    CommandWish wish{pod->space, pod->name, workload().spec.containers.first().name, words};
    const PodCommand command(host(connection), wish);
    if (!QTest::qWaitFor([&] { return command.outcome().isFinished(); }, 30'000) ||
        command.outcome().resultCount() == 0)
        return fail(Error::Kind::Cancelled, u"nothing came of it"_s);
    return command.outcome().result();
}

/// Which pod answers at a local port; empty where none does.
QString TestChannelsFleet::askedPod(quint16 port)
{
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(u"http://127.0.0.1:%1/which"_s.arg(port)));
    request.setRawHeader("Connection", "close");
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 30'000))
        return {};
    return QJsonDocument::fromJson(reply->readAll()).object().value("pod"_L1).toString();
}

void TestChannelsFleet::aForwardSurvivesItsPod()
{
    const QString space = workload().spec.space, service = workload().spec.name;
    ForwardSession forward(host(*m_connection), {ForwardTarget::Kind::Service, space, service, u"main"_s});
    QTRY_VERIFY_WITH_TIMEOUT(forward.state().listening, 30'000);
    const quint16 port = forward.state().localPort;
    const QString first = askedPod(port);
    QVERIFY2(!first.isEmpty(), forward.state().error ? qPrintable(forward.state().error->text()) : "no answer");
    QTRY_COMPARE(forward.state().pod, first);
    for (int round = 0; round < 3; ++round) {
        const QString victim = askedPod(port);
        QVERIFY(!victim.isEmpty());
        engine().discard(u"pods"_s, space, victim, {}, 0);
        QTRY_VERIFY_WITH_TIMEOUT(!engine().cluster().findPod(space, victim), 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(readyPod(), 60'000);
        const QString next = askedPod(port);
        QVERIFY2(!next.isEmpty(), forward.state().error ? qPrintable(forward.state().error->text()) : "no answer");
        QVERIFY(next != victim);
    }
    QTRY_VERIFY(forward.state().replaced >= 3);
    QCOMPARE(forward.state().localPort, port);
}

void TestChannelsFleet::commandsAndTheirEnds_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code"); // -1: it does not run
    QTest::addColumn<QString>("says");
    QTest::newRow("echo") << QStringList{u"echo"_s, u"a b"_s, u"&c+d%20"_s} << 0 << u"a b &c+d%20\n"_s;
    QTest::newRow("false") << QStringList{u"false"_s} << 1 << QString();
    QTest::newRow("errors") << QStringList{u"cat"_s, u"/nowhere"_s} << 1 << u"No such file"_s;
    QTest::newRow("no program") << QStringList{u"gdb"_s} << -1 << u"executable file not found"_s;
    QTest::newRow("takes its time") << QStringList{u"sleep"_s, u"0.2"_s} << 0 << QString();
}

void TestChannelsFleet::commandsAndTheirEnds()
{
    QFETCH(QStringList, words);
    QFETCH(int, code);
    QFETCH(QString, says);
    const auto outcome = run(*m_connection, words);
    if (code < 0) {
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().sentence.contains(says), qPrintable(outcome.error().sentence));
        return;
    }
    QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
    QCOMPARE(outcome->exitCode, code);
    const QString all = QString::fromUtf8(outcome->out.bytes + outcome->err.bytes);
    QVERIFY2(all.contains(says), qPrintable(all));
}

void TestChannelsFleet::muchOutput()
{
    const auto outcome = run(*m_connection, {u"head"_s, u"-c"_s, u"5000000"_s, u"/dev/zero"_s});
    QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
    QCOMPARE(outcome->out.bytes.size(), 4 << 20);
    QCOMPARE(outcome->out.omitted, 5'000'000 - (4 << 20));
}

void TestChannelsFleet::whoMayNotIsTold()
{
    const auto viewer = connectAs(m_fleet->rolesKubeconfigPath(), u"tchat-viewer"_s);
    QVERIFY(viewer);
    const auto refused = run(*viewer, {u"true"_s});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Forbidden);
    QVERIFY2(refused.error().remedy.contains(u"pods/exec"_s), qPrintable(refused.error().text()));
    QVERIFY2(refused.error().detail.contains(u"cannot get resource \"pods/exec\""_s),
             qPrintable(refused.error().detail));

    ForwardSession forward(host(*viewer),
                           {ForwardTarget::Kind::Service, workload().spec.space, workload().spec.name, u"main"_s});
    QTRY_VERIFY_WITH_TIMEOUT(forward.state().listening, 30'000);
    QVERIFY(askedPod(forward.state().localPort).isEmpty());
    QTRY_VERIFY(forward.state().error);
    QCOMPARE(forward.state().error->kind, Error::Kind::Forbidden);

    const auto operating = connectAs(m_fleet->rolesKubeconfigPath(), u"tchat-operator"_s);
    QVERIFY(operating);
    const auto allowed = run(*operating, {u"hostname"_s});
    QVERIFY2(allowed.has_value(), allowed ? "" : qPrintable(allowed.error().text()));
}

void TestChannelsFleet::theGateKnowsClasses()
{
    using Class = platform::ClusterClass;
    for (const Class open : {Class::Development, Class::Test})
        QVERIFY(changes::ChannelGate::open(*m_connection, u"tchat"_s, open).has_value());
    for (const Class closed : {Class::Staging, Class::Production, Class::Recovery}) {
        const auto refused = changes::ChannelGate::open(*m_connection, u"tchat"_s, closed);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Forbidden);
        QVERIFY(refused.error().sentence.contains(u"tchat"_s));
    }
}

QTEST_GUILESS_MAIN(TestChannelsFleet)
#include "test_channels_fleet.moc"
