// SPDX-License-Identifier: GPL-3.0-or-later
#include "WriteServer.h"

#include "support/LiveServer.h"
#include "support/Process.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QThread>
#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// The same writes on a real control plane and on the simulated fleet: both must answer the same, and hold the same
/// afterwards. A fleet that is kinder than Kubernetes would make the demo a lie, and stricter than it, too.
class TestWriteContract : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void writes_data();
    void writes();

private:
    LiveServer m_real{false}, m_fleet{true, {u"--faults"_s, u"none"_s, u"--only"_s, u"streamgate"_s}};
    std::unique_ptr<WriteServer> m_realWrites, m_fleetWrites;
};

namespace {

/// "/answer/body/spec/replicas: Kubernetes 2, fleet 3", one a line.
void differences(const QJsonValue& real, const QJsonValue& fleet, const QString& at, QStringList& out)
{
    if (real == fleet)
        return;
    const auto both = [&](const QStringList& keys, const auto& of) {
        for (const QString& key : keys)
            differences(of(real, key), of(fleet, key), at + u'/' + key, out);
    };
    if (real.isObject() && fleet.isObject()) {
        QStringList keys = real.toObject().keys() + fleet.toObject().keys();
        keys.removeDuplicates();
        both(keys, [](const QJsonValue& v, const QString& key) { return v.toObject().value(key); });
        return;
    }
    if (real.isArray() && fleet.isArray() && real.toArray().size() == fleet.toArray().size()) {
        QStringList keys;
        for (qsizetype i = 0; i < real.toArray().size(); ++i)
            keys << QString::number(i);
        both(keys, [](const QJsonValue& v, const QString& key) { return v.toArray().at(key.toInt()); });
        return;
    }
    const auto text = [](const QJsonValue& v) {
        return v.isUndefined() ? u"nothing"_s
                               : QString::fromUtf8(QJsonDocument(QJsonArray{v}).toJson(QJsonDocument::Compact))
                                     .sliced(1)
                                     .chopped(1);
    };
    out << u"%1: Kubernetes %2, fleet %3"_s.arg(at, text(real), text(fleet));
}

QList<QJsonObject> answersOf(WriteServer& server, const QList<WriteStep>& steps)
{
    QList<QJsonObject> out;
    for (const WriteStep& step : steps)
        out << server.run(step);
    return out;
}

} // namespace

void TestWriteContract::initTestCase()
{
    for (const bool fleet : {true, false})
        if (const QString reason = LiveServer::missing(fleet); !reason.isEmpty())
            QSKIP(qPrintable(u"the contract of writes was not tried, because "_s + reason));
    QVERIFY2(m_real.start(2), qPrintable(m_real.error()));
    if (!m_real.controlPlane()->features().contains(u"nodes"_s))
        QSKIP("the contract of writes was not tried, because there are no hollow nodes (kubemark) to run pods");
    QVERIFY2(m_fleet.start(), qPrintable(m_fleet.error()));
    const QString fleetNode = QString::fromUtf8(
        m_fleet.kubectl(u"streamgate"_s, {u"get"_s, u"nodes"_s, u"-o"_s, u"jsonpath={.items[-1:].metadata.name}"_s})
            .out);
    m_realWrites = std::make_unique<WriteServer>(
        m_real.kubeconfig(),
        QHash<QString, QString>{{u"admin"_s, u"admin"_s}, {u"operator"_s, u"operator"_s}, {u"viewer"_s, u"viewer"_s}},
        QHash<QString, QString>{{u"policy"_s, u"v1beta1"_s}, {u"node"_s, u"hollow-node-0"_s}});
    m_fleetWrites =
        std::make_unique<WriteServer>(m_fleet.kubeconfig(),
                                      QHash<QString, QString>{{u"admin"_s, u"streamgate"_s},
                                                              {u"operator"_s, u"streamgate-operator"_s},
                                                              {u"viewer"_s, u"streamgate-viewer"_s}},
                                      QHash<QString, QString>{{u"policy"_s, u"v1"_s}, {u"node"_s, fleetNode}});
}

void TestWriteContract::writes_data()
{
    QTest::addColumn<QString>("script");
    const QDir folder(QStringLiteral(TEST_DATA "/writes"));
    const QStringList scripts = folder.entryList({u"*.txt"_s}, QDir::Files, QDir::Name);
    QVERIFY(!scripts.isEmpty());
    for (const QString& script : scripts)
        QTest::newRow(qPrintable(script)) << folder.filePath(script);
}

void TestWriteContract::writes()
{
    QFETCH(QString, script);
    int differ = 0;
    const auto steps = readWriteScript(script);
    // Both at once: each knows nothing of the other.
    QList<QJsonObject> answers[2];
    const std::unique_ptr<QThread> realThread(QThread::create([&] { answers[0] = answersOf(*m_realWrites, steps); })),
        fleetThread(QThread::create([&] { answers[1] = answersOf(*m_fleetWrites, steps); }));
    for (QThread* thread : {realThread.get(), fleetThread.get()})
        thread->start();
    for (QThread* thread : {realThread.get(), fleetThread.get()})
        while (!thread->wait(QDeadlineTimer(0)))
            QTest::qWait(20); // the servers' own processes are served meanwhile
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const WriteStep& step = steps[i];
        const QJsonObject &real = answers[0][i], &fleet = answers[1][i];
        QStringList here;
        differences(real, fleet, {}, here);
        for (const QJsonObject& answer : {real, fleet})
            if (answer.contains("failed"_L1)) // alike would be no comfort: nothing was tried
                here << u"failed: "_s + answer.value("failed"_L1).toString();
        if (qEnvironmentVariableIsSet("WATCHKEEPER_SHOW_WRITES"))
            qInfo("%s %s\n%s", qPrintable(step.file), qPrintable(step.title), QJsonDocument(real).toJson().constData());
        if (here.isEmpty())
            continue;
        ++differ;
        qWarning("%s %s", qPrintable(step.file), qPrintable(step.title));
        for (const QString& line : std::as_const(here))
            qWarning("    %s", qPrintable(line));
    }
    QVERIFY2(differ == 0, qPrintable(u"%1 of %2 steps differ"_s.arg(differ).arg(steps.size())));
}

QTEST_GUILESS_MAIN(TestWriteContract)
#include "test_write_contract.moc"
