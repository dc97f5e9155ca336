// SPDX-License-Identifier: GPL-3.0-or-later
#include "CtlStage.h"
#include "support/ControlPlane.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

#include <csignal>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// The executor is killed (SIGKILL) at each step of a ten-step plan in turn, at the two moments that matter; somebody
/// else takes over and finishes. Every step restarts a workload, so that one which ran twice would show: an API server
/// counts an object's generation up by one for each.
///
/// On the fleet, or with $WATCHKEEPER_CTL_SERVER=real on a real control plane. The moments are held still by
/// PostgreSQL: a trigger of this test waits for a lock before a step's beginning, or its end, is written down.
class TestCtlKilled : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void atEachStep_data();
    void atEachStep();
    void rolledBackByAnother_data();
    void rolledBackByAnother();
    void cleanupTestCase();

private:
    enum Moment {
        NotSent,    ///< the beginning is on record, and nothing was sent
        NotRecorded ///< it was carried out, and the end is not on record
    };
    /// A request that does `action` to every workload.
    [[nodiscard]] QString approved(const QString& action);
    [[nodiscard]] QMap<QString, qint64> generations();
    /// Anna begins, and is killed while she is at that step.
    void killAt(const QString& number, int step, Moment moment);
    [[nodiscard]] wk::store::Rows sql(const char* statement)
    {
        return m_admin->script(statement).value_or(wk::store::Rows());
    }
    void pauseAt(int step, const char* operation);

    /// An API server that holds its connections and carries nothing out.
    void setPaused(bool paused);
    void startCluster();

    CtlStage m_stage;
    std::unique_ptr<ControlPlane> m_plane; ///< null: the fleet
    QString m_context = u"streamgate"_s;
    std::unique_ptr<wk::store::Session> m_admin; ///< holds the lock
    int m_plans = 0;
};

namespace {

/// None has an autoscaler, and nothing else changes them.
const QList<std::pair<QString, QString>> workloads{{u"Deployment"_s, u"auth"_s},      {u"Deployment"_s, u"cache"_s},
                                                   {u"Deployment"_s, u"metadata"_s},  {u"Deployment"_s, u"monitor"_s},
                                                   {u"Deployment"_s, u"streaming"_s}, {u"Deployment"_s, u"upload"_s},
                                                   {u"Deployment"_s, u"worker"_s},    {u"StatefulSet"_s, u"consul"_s},
                                                   {u"StatefulSet"_s, u"minio"_s},    {u"StatefulSet"_s, u"nats"_s}};

constexpr auto setUp = R"(
CREATE SCHEMA pausing;
GRANT USAGE ON SCHEMA pausing TO PUBLIC;
CREATE TABLE pausing.pause (step int, operation text);
CREATE FUNCTION pausing.pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pausing.pause p WHERE p.step = NEW.step AND p.operation = TG_OP) THEN
        PERFORM pg_catalog.pg_advisory_xact_lock(4242);
    END IF;
    RETURN NEW;
END $$;
GRANT SELECT ON pausing.pause TO PUBLIC;
CREATE TRIGGER pause BEFORE INSERT OR UPDATE ON watchkeeper.step FOR EACH ROW EXECUTE FUNCTION pausing.pause()
)";

/// A restart writes the second down in which it is made: two within one would look like one.
[[nodiscard]] bool nextSecond()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    return QTest::qWaitFor([now] { return QDateTime::currentSecsSinceEpoch() > now; }, 5'000);
}

} // namespace

void TestCtlKilled::startCluster()
{
    if (qEnvironmentVariable("WATCHKEEPER_CTL_SERVER") != u"real") {
        QVERIFY2(m_stage.startFleet(), "the fleet did not start");
        return;
    }
    if (const QString missing = ControlPlane::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
    m_plane = std::make_unique<ControlPlane>();
    QVERIFY2(m_plane->start(2), qPrintable(m_plane->error()));
    m_stage.useCluster(m_plane->kubeconfig());
    m_context = u"operator"_s;
    COMPARE_RAN(m_stage.kubectl(u"root"_s, {u"create"_s, u"namespace"_s, u"streamgate"_s}), 0);
    QByteArray manifest;
    for (const auto& [kind, name] : workloads)
        manifest += "apiVersion: apps/v1\nkind: " + kind.toUtf8() + "\nmetadata: {name: " + name.toUtf8() +
                    ", namespace: streamgate}\nspec:\n" + (kind == u"StatefulSet" ? "  serviceName: all\n" : "") +
                    "  replicas: 1\n  selector: {matchLabels: {app: " + name.toUtf8() +
                    "}}\n  template:\n    metadata: {labels: {app: " + name.toUtf8() +
                    "}}\n    spec: {containers: [{name: " + name.toUtf8() + ", image: \"registry/app:1\"}]}\n---\n";
    COMPARE_RAN(m_stage.kubectl(u"root"_s, {u"apply"_s, u"-f"_s, m_stage.file(u"workloads.yaml"_s, manifest)}), 0);
    // The roles that come with Kubernetes are put together by a controller, some time after the server is ready.
    const QStringList mayI{u"auth"_s, u"can-i"_s, u"patch"_s, u"deployments.apps"_s, u"-n"_s, u"streamgate"_s};
    QVERIFY(QTest::qWaitFor([&] { return m_stage.kubectl(m_context, mayI).code == 0; }, 120'000));
}

void TestCtlKilled::setPaused(bool paused)
{
    if (m_plane)
        QVERIFY(m_plane->command(paused ? "pause" : "resume"));
    else
        ::kill(pid_t(m_stage.fleetPid()), paused ? SIGSTOP : SIGCONT);
}

void TestCtlKilled::initTestCase()
{
    if (QStandardPaths::findExecutable(u"kubectl"_s).isEmpty())
        QSKIP("kubectl is not installed (Debian: kubernetes-client)");
    const auto started = m_stage.startStore();
    if (!started && started.error().kind == wk::Error::Kind::NotFound)
        QSKIP(qPrintable(started.error().text()));
    QVERIFY2(started, started ? "" : qPrintable(started.error().text() + started.error().detail));
    startCluster();
    if (QTest::currentTestFailed())
        return;
    m_stage.setClass(u"streamgate"_s, u"production"_s, u"staging"_s);
    m_admin = std::make_unique<wk::store::Session>(m_stage.superuser());
    const auto made = m_admin->script(setUp);
    QVERIFY2(made, made ? "" : qPrintable(made.error().sentence + made.error().detail));
}

QString TestCtlKilled::approved(const QString& action)
{
    QList<QJsonObject> steps;
    for (const auto& [kind, name] : workloads)
        steps << actionStep(action, u"production"_s, kind, u"streamgate"_s, name,
                            action == u"restart"
                                ? QJsonObject()
                                : QJsonObject{{u"container"_s, name}, {u"set"_s, QJsonObject{{u"TRIED"_s, u"yes"_s}}}});
    const QString plan =
        m_stage.file(u"plan.json"_s, planText(u"streamgate"_s, u"Change all, %1"_s.arg(++m_plans), steps));
    const Ran made = m_stage.ctl(u"anna"_s, QStringList{u"change"_s, u"new"_s, u"--plan"_s, plan, u"--submit"_s,
                                                        u"-o"_s, u"json"_s, u"--context"_s, m_context} +
                                                formWords());
    const QString number = QString::number(CtlStage::json(made).value("number"_L1).toInteger());
    const Ran approved = m_stage.ctl(u"bob"_s, {u"change"_s, u"approve"_s, number, u"--plan"_s, plan});
    if (approved.code != 0)
        qWarning("%s", (made.err + approved.out + approved.err).constData());
    return number;
}

QMap<QString, qint64> TestCtlKilled::generations()
{
    const Ran ran = m_stage.kubectl(
        m_context, {u"get"_s, u"deployments,statefulsets"_s, u"-n"_s, u"streamgate"_s, u"-o"_s, u"json"_s});
    if (ran.code != 0)
        qWarning("%s", ran.err.constData());
    QMap<QString, qint64> out;
    const QJsonArray items = CtlStage::json(ran).value("items"_L1).toArray();
    for (const QJsonValue& item : items) {
        const QJsonObject metadata = item.toObject().value("metadata"_L1).toObject();
        const QString name = metadata.value("name"_L1).toString();
        if (std::ranges::any_of(workloads, [&name](const auto& workload) { return workload.second == name; }))
            out.insert(name, metadata.value("generation"_L1).toInteger());
    }
    return out;
}

void TestCtlKilled::pauseAt(int step, const char* operation)
{
    (void)sql("TRUNCATE pausing.pause");
    QVERIFY(m_admin->run("INSERT INTO pausing.pause VALUES ($1::int, $2)", {step, operation}));
    (void)sql("SELECT pg_advisory_lock(4242)");
}

void TestCtlKilled::killAt(const QString& number, int step, Moment moment)
{
    pauseAt(step, moment == NotSent ? "INSERT" : "UPDATE");
    const auto anna = m_stage.begin(u"anna"_s, {u"change"_s, u"execute"_s, number, u"--context"_s, m_context});
    const auto waits = [this] {
        return sql("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").size() == 1;
    };
    QVERIFY2(QTest::qWaitFor([&] { return anna->state() == QProcess::NotRunning || waits(); }, 60'000) && waits(),
             (anna->readAllStandardOutput() + anna->readAllStandardError()).constData());
    if (moment == NotSent) {
        setPaused(true); // from here on nothing is carried out
        (void)sql("SELECT pg_advisory_unlock(4242)");
        const QByteArray begun = "SELECT FROM watchkeeper.step_list WHERE number = " + number.toUtf8() +
                                 " AND step = " + QByteArray::number(step) + " AND state = 'running'";
        QVERIFY(QTest::qWaitFor([&] { return sql(begun.constData()).size() == 1; }, 10'000));
    }
    anna->kill();
    QVERIFY(anna->waitForFinished(10'000));
    if (moment == NotSent) {
        setPaused(false);
    } else {
        (void)sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        QVERIFY(QTest::qWaitFor([&] { return !waits(); }, 10'000));
        (void)sql("SELECT pg_advisory_unlock(4242)");
    }
    (void)sql("TRUNCATE pausing.pause");
    // 30 s go by.
    QVERIFY(m_admin->script(
        "UPDATE watchkeeper.execution SET lease_until = now() - interval '1 s' WHERE ended_at IS NULL"));
}

void TestCtlKilled::atEachStep_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("moment");
    for (int step = 1; step <= workloads.size(); ++step) {
        QTest::addRow("step %d, before it was sent", step) << step << int(NotSent);
        QTest::addRow("step %d, before its end was written down", step) << step << int(NotRecorded);
    }
}

void TestCtlKilled::atEachStep()
{
    QFETCH(int, step);
    QFETCH(int, moment);
    const QString number = approved(u"restart"_s);
    const auto before = generations();
    QCOMPARE(before.size(), workloads.size());
    QVERIFY(nextSecond());
    killAt(number, step, Moment(moment));
    if (QTest::currentTestFailed())
        return;

    QVERIFY(nextSecond());
    // Who takes over is told what was found out about the step that nobody saw end, and says what becomes of it.
    const QByteArray word = moment == NotSent ? "repeat nothing arrived there" : "done it has the new restart";
    const Ran taken = m_stage.ctl(
        u"carl"_s,
        {u"change"_s, u"takeover"_s, number, u"--reason"_s, u"anna is gone"_s, u"--yes"_s, u"--context"_s, m_context},
        word + '\n');
    COMPARE_RAN(taken, 0);
    const QByteArray found = moment == NotSent ? "It was not carried out" : "It was carried out:";
    QVERIFY2(taken.out.contains("Nobody saw how step " + QByteArray::number(step) + " ended") &&
                 taken.out.contains(found),
             taken.out.constData());

    const auto after = generations();
    for (const auto& [kind, name] : workloads)
        QVERIFY2(after.value(name) == before.value(name) + 1,
                 qPrintable(u"%1: generation %2, then %3"_s.arg(name).arg(before.value(name)).arg(after.value(name))));
    COMPARE_RAN(m_stage.ctl(u"carl"_s, {u"change"_s, u"close"_s, number}), 0);
    const Ran shown = m_stage.ctl(u"vera"_s, {u"change"_s, u"show"_s, number, u"-o"_s, u"json"_s});
    QCOMPARE(CtlStage::json(shown).value("state"_L1).toString(), u"closed"_s);
}

void TestCtlKilled::rolledBackByAnother_data()
{
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("moment");
    for (const int step : {1, 6, int(workloads.size())}) {
        QTest::addRow("step %d, before it was sent", step) << step << int(NotSent);
        QTest::addRow("step %d, before its end was written down", step) << step << int(NotRecorded);
    }
}

void TestCtlKilled::rolledBackByAnother()
{
    QFETCH(int, step);
    QFETCH(int, moment);
    const QString number = approved(u"setEnv"_s); // what has a way back
    const auto before = generations();
    killAt(number, step, Moment(moment));
    if (QTest::currentTestFailed())
        return;
    const bool sent = moment == NotRecorded;
    const Ran back = m_stage.ctl(
        u"carl"_s, {u"change"_s, u"rollback"_s, number, u"--reason"_s, u"anna is gone"_s, u"--context"_s, m_context},
        sent ? "done it has the new variable\n" : "repeat nothing arrived there\nfail nothing was done\n");
    // Of the first step there is nothing to take back where nothing was sent: then carl ends it with the second answer.
    COMPARE_RAN(back, 5);
    const auto after = generations();
    const qsizetype carriedOut = sent ? step : step - 1;
    for (qsizetype i = 0; i < workloads.size(); ++i) // there and back again, or never touched
        QCOMPARE(after.value(workloads[i].second), before.value(workloads[i].second) + (i < carriedOut ? 2 : 0));
    COMPARE_RAN(m_stage.ctl(u"carl"_s, {u"change"_s, u"close"_s, number}), 0);
}

void TestCtlKilled::cleanupTestCase()
{
    if (m_admin)
        COMPARE_RAN(m_stage.ctl(u"vera"_s, {u"audit"_s, u"verify"_s}), 0);
}

QTEST_GUILESS_MAIN(TestCtlKilled)
#include "test_ctl_killed.moc"
