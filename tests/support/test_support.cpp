// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Process.h"
#include "support/TextTable.h"

#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

/// The judge of the live tests is judged here: it must find what differs, and forgive only what it should.
class TestSupport : public QObject
{
    Q_OBJECT

private slots:
    void takesATableApart();
    void durations_data();
    void durations();
    void findsDifferences_data();
    void findsDifferences();
    void callsAMovingCellUnsettled();
    void aProgramThatHangsIsEnded();
};

namespace {
const QByteArray pods =
    "NAMESPACE     NAME        READY   STATUS             RESTARTS   AGE    IP       NODE     NOMINATED NODE   "
    "READINESS GATES\n"
    "kube-system   dns-x1      1/1     Running            0          3m9s   <none>   node-0   <none>           <none>\n"
    "prod          api-\xc3\xa4-1     0/1     CrashLoopBackOff   17         2d     10.0.0.1 node-1   <none>           "
    "<none>\n";
QByteArray with(const QByteArray& from, const QByteArray& to)
{
    QByteArray text = pods;
    return text.replace(from, to);
}
} // namespace

void TestSupport::takesATableApart()
{
    const TextTable table = TextTable::parse(pods);
    QCOMPARE(table.headers, QStringList({u"NAMESPACE"_s, u"NAME"_s, u"READY"_s, u"STATUS"_s, u"RESTARTS"_s, u"AGE"_s,
                                         u"IP"_s, u"NODE"_s, u"NOMINATED NODE"_s, u"READINESS GATES"_s}));
    QCOMPARE(table.rows.keys(), QStringList({u"kube-system/dns-x1"_s, u"prod/api-ä-1"_s}));
    QCOMPARE(table.rows[u"prod/api-ä-1"_s][3], u"CrashLoopBackOff"_s);
    QCOMPARE(table.rows[u"prod/api-ä-1"_s][6], u"10.0.0.1"_s);
    QVERIFY(TextTable::parse({}).rows.isEmpty());
}

void TestSupport::durations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("seconds");
    QTest::newRow("seconds") << u"45s"_s << 45;
    QTest::newRow("minutes and seconds") << u"3m9s"_s << 189;
    QTest::newRow("days and hours") << u"2d3h"_s << 183'600;
    QTest::newRow("years") << u"1y2d"_s << 31'708'800;
    QTest::newRow("a number is none") << u"17"_s << -1;
    QTest::newRow("kubectl's future") << u"<invalid>"_s << -1;
    QTest::newRow("empty") << QString() << -1;
}

void TestSupport::durations()
{
    QFETCH(QString, text);
    QFETCH(int, seconds);
    QCOMPARE(int(durationSeconds(text).value_or(-1)), seconds);
}

void TestSupport::findsDifferences_data()
{
    QTest::addColumn<QByteArray>("ours");
    QTest::addColumn<int>("differences");
    QTest::newRow("same") << pods << 0;
    QTest::newRow("another word") << with("Running         ", "Pending         ") << 1;
    QTest::newRow("age a second on") << with("3m9s ", "3m10s") << 0;
    QTest::newRow("age a minute off") << with("3m9s", "4m9s") << 1;
    QTest::newRow("one more") << pods + "prod          new         1/1\n" << 1;
    QTest::newRow("one less") << pods.left(pods.lastIndexOf("prod")) << 1;
    QTest::newRow("nothing at all") << QByteArray() << 2;
    QTest::newRow("other columns") << with("RESTARTS", "STARTS  ") << 1;
    QTest::newRow("twice") << pods + pods.mid(pods.lastIndexOf("prod")) << 1;
}

void TestSupport::findsDifferences()
{
    QFETCH(QByteArray, ours);
    QFETCH(int, differences);
    const Comparison result = compare(TextTable::parse(pods), TextTable::parse(ours), TextTable::parse(pods));
    QVERIFY2(result.differences.size() == differences, qPrintable(result.differences.join(u'\n')));
    QVERIFY(result.unsettled.isEmpty());
}

void TestSupport::callsAMovingCellUnsettled()
{
    const TextTable before = TextTable::parse(with(" 17 ", " 15 "));
    const TextTable after = TextTable::parse(pods);
    QVERIFY(compare(before, after, after).unsettled.isEmpty());
    const Comparison between = compare(before, TextTable::parse(with(" 17 ", " 16 ")), after);
    QVERIFY(between.differences.isEmpty());
    QCOMPARE(between.unsettled.size(), 1);
}

void TestSupport::aProgramThatHangsIsEnded()
{
    QCOMPARE(run(u"sleep"_s, {u"30"_s}, 200).code, -2);
    QCOMPARE(run(u"no-such-program-anywhere"_s, {}).code, -1);
    QCOMPARE(run(u"sh"_s, {u"-c"_s, u"cat; echo $X >&2; exit 3"_s}, 5000, {u"X=y"_s}, "in").code, 3);
}

QTEST_GUILESS_MAIN(TestSupport)
#include "test_support.moc"
