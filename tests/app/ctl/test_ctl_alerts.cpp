// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts and silences from a terminal, on a real Alertmanager: what it says is amtool's, and a silence takes the same
// way as every change: at once in development, by an approval in production.
#include "../../monitoring/RealAlertmanager.h"
#include "CtlStage.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

class TestCtlAlerts : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void alertsAreAmtools();
    void mistakes_data();
    void mistakes();
    void atOnceInDevelopment();
    void byAnApprovalInProduction();

private:
    [[nodiscard]] QJsonArray amtool(const QStringList& arguments) const
    {
        return QJsonDocument::fromJson(m_real.amtool(arguments + QStringList{u"-o"_s, u"json"_s})).array();
    }
    [[nodiscard]] static QJsonArray list(const Ran& ran) { return QJsonDocument::fromJson(ran.out).array(); }
    [[nodiscard]] Ran ctl(const QString& person, const QStringList& arguments, const QByteArray& input = {}) const
    {
        return m_stage.ctl(person, arguments + QStringList{u"--platform-dir"_s, m_directory}, input);
    }

    RealAlertmanager m_real;
    CtlStage m_stage;
    QString m_directory;
};

void TestCtlAlerts::initTestCase()
{
    if (const QString why = RealAlertmanager::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    if (const auto started = m_stage.startStore(); !started) {
        if (started.error().kind == wk::Error::Kind::NotFound)
            QSKIP(qPrintable(started.error().text()));
        QFAIL(qPrintable(started.error().text()));
    }
    QVERIFY2(m_real.start("route: {receiver: night}\nreceivers: [{name: night}]\n"), qPrintable(m_real.error()));
    for (const QStringList& labels : {QStringList{u"DiskFull"_s, u"node=n1"_s, u"severity=critical"_s},
                                      QStringList{u"Slow"_s, u"node=n2"_s, u"severity=warning"_s}})
        (void)m_real.amtool(QStringList{u"alert"_s, u"add"_s, u"--annotation=summary=It is there"_s} + labels);
    for (const auto* klass : {"development", "production"}) {
        const QByteArray name = QByteArray("shop-") + klass;
        m_directory =
            m_stage
                .file(QString::fromLatin1(name) + u".yaml"_s,
                      "name: " + name +
                          "\ntitle: Shop\nsummary: For tests\nclusters:\n  - {name: main, title: Main, "
                          "class: " +
                          klass +
                          "}\nnamespaces:\n  - {name: shop, cluster: main, role: all, main: true}\n"
                          "services:\n  - {name: alertmanager, title: Alertmanager, kind: monitoring, endpoints: "
                          "[{name: alertmanager, use: page, url: \"" +
                          m_real.url().toString().toLatin1() + "\"}]}\n")
                .section(u'/', 0, -2);
        m_stage.setClass(QString::fromLatin1(name), u"main"_s, QString::fromLatin1(klass));
    }
}

void TestCtlAlerts::alertsAreAmtools()
{
    QTRY_COMPARE_WITH_TIMEOUT(amtool({u"alert"_s, u"query"_s}).size(), 2, 30'000);
    const QString url = m_real.url().toString();
    const Ran said = ctl(u"anna"_s, {u"alerts"_s, url, u"-o"_s, u"json"_s});
    COMPARE_RAN(said, 0);
    QStringList ours, theirs;
    for (const auto& one : list(said))
        ours << one["fingerprint"_L1].toString() + one["labels"_L1]["alertname"_L1].toString();
    for (const auto& one : amtool({u"alert"_s, u"query"_s}))
        theirs << one["fingerprint"_L1].toString() + one["labels"_L1]["alertname"_L1].toString();
    ours.sort();
    theirs.sort();
    QCOMPARE(ours, theirs);
    const Ran table = ctl(u"anna"_s, {u"alerts"_s, u"shop-production"_s});
    COMPARE_RAN(table, 0);
    VERIFY_SAYS(table, u"DiskFull +active +critical .*node=n1 +It is there"_s);
    VERIFY_SAYS(table, u"the platform file gives this address"_s);
}

void TestCtlAlerts::mistakes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::newRow("of which platform") << QStringList{u"alerts"_s} << 2;
    QTest::newRow("an option") << QStringList{u"alerts"_s, u"shop-production"_s, u"--yes"_s} << 2;
    QTest::newRow("no such platform") << QStringList{u"alerts"_s, u"nothing"_s} << 1;
    QTest::newRow("nobody there") << QStringList{u"alerts"_s, u"http://127.0.0.1:1"_s} << 3;
    QTest::newRow("no reason") << QStringList{u"silence"_s, u"add"_s, u"shop-production"_s, u"a=b"_s} << 1;
    QTest::newRow("no matcher") << QStringList{u"silence"_s, u"add"_s,      u"shop-production"_s,
                                               u"a=~("_s,    u"--reason"_s, u"r"_s}
                                << 1;
    QTest::newRow("no such silence") << QStringList{u"silence"_s, u"expire"_s, u"shop-production"_s, u"x"_s} << 1;
}

void TestCtlAlerts::mistakes()
{
    QFETCH(QStringList, words);
    QFETCH(int, code);
    COMPARE_RAN(ctl(u"anna"_s, words), code);
}

void TestCtlAlerts::atOnceInDevelopment()
{
    const QStringList add{u"silence"_s, u"add"_s, u"shop-development"_s, u"Slow"_s,  u"node=~n.*"_s,
                          u"--for"_s,   u"1h"_s,  u"--reason"_s,         u"known"_s, u"--person"_s,
                          u"anna"_s};
    const Ran nobodySaidYes = ctl(u"anna"_s, add);
    COMPARE_RAN(nobodySaidYes, 1);
    VERIFY_SAYS(nobodySaidYes, u"Matches 1 of 2 alerts that fire now: Slow"_s);
    QVERIFY(amtool({u"silence"_s, u"query"_s}).isEmpty());
    COMPARE_RAN(ctl(u"anna"_s, add, "yes\n"), 0);
    const QJsonArray theirs = amtool({u"silence"_s, u"query"_s});
    QCOMPARE(theirs.size(), 1);
    QCOMPARE(theirs[0]["createdBy"_L1].toString(), u"anna"_s);
    QCOMPARE(theirs[0]["comment"_L1].toString(), u"known"_s);
    const QString id = theirs[0]["id"_L1].toString();
    const QJsonArray ours = list(ctl(u"anna"_s, {u"silence"_s, u"list"_s, u"shop-development"_s, u"-o"_s, u"json"_s}));
    QCOMPARE(ours.size(), 1);
    QCOMPARE(ours[0]["id"_L1].toString(), id);
    COMPARE_RAN(ctl(u"anna"_s, {u"silence"_s, u"expire"_s, u"shop-development"_s, id, u"--yes"_s}), 0);
    QVERIFY(amtool({u"silence"_s, u"query"_s}).isEmpty());
}

void TestCtlAlerts::byAnApprovalInProduction()
{
    const QStringList add{u"silence"_s,  u"add"_s,   u"shop-production"_s, u"severity=critical"_s,
                          u"--reason"_s, u"moved"_s, u"--person"_s,        u"anna"_s};
    const Ran refused = ctl(u"anna"_s, add + QStringList{u"--yes"_s});
    COMPARE_RAN(refused, 1);
    VERIFY_SAYS(refused, u"needs an approval"_s);
    const Ran plan = ctl(u"anna"_s, add + QStringList{u"--as-plan"_s});
    COMPARE_RAN(plan, 0);
    const Ran filed =
        ctl(u"anna"_s,
            QStringList{u"change"_s, u"new"_s, u"--plan"_s, u"-"_s, u"--submit"_s, u"-o"_s, u"json"_s} + formWords(),
            plan.out);
    COMPARE_RAN(filed, 0);
    const QJsonObject request = CtlStage::json(filed);
    const QString number = QString::number(request.value("number"_L1).toInteger());
    COMPARE_RAN(
        ctl(u"bob"_s, {u"change"_s, u"approve"_s, number, u"--sha256"_s, request.value("sha256"_L1).toString()}), 0);
    COMPARE_RAN(ctl(u"anna"_s, {u"change"_s, u"execute"_s, number}), 0);
    const QJsonArray theirs = amtool({u"silence"_s, u"query"_s});
    QCOMPARE(theirs.size(), 1);
    QCOMPARE(theirs[0]["comment"_L1].toString(), u"moved"_s);
    QTRY_COMPARE_WITH_TIMEOUT(amtool({u"alert"_s, u"query"_s, u"--silenced"_s}).size(), 1, 30'000);
}

QTEST_GUILESS_MAIN(TestCtlAlerts)
#include "test_ctl_alerts.moc"
