// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableFixture.h"
#include "table/Filter.h"
#include "table/FilterCompletion.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

class TestTableFilter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void matches_data();
    void matches();
    void errors_data();
    void errors();
    void searchedColumns();
    void timeDependence();
    void terms();
    void completion();
    void garbage();

private:
    std::vector<RowPtr> m_rows;
};

void TestTableFilter::initTestCase()
{
    m_rows = {
        pod({.id = u"a"_s,
             .space = u"shop"_s,
             .name = u"checkout-7d9"_s,
             .ready = {1, 1},
             .restarts = 0,
             .ageMs = 30 * 60'000,
             .cpu = qint64(250),
             .memory = qint64(512) << 20,
             .load = 40.0,
             .labels = u"app=checkout,tier=web"_s}),
        pod({.id = u"b"_s,
             .space = u"shop"_s,
             .name = u"Payment-0"_s,
             .ready = {0, 2},
             .status = u"CrashLoopBackOff"_s,
             .restarts = 17,
             .ageMs = 3 * 3'600'000,
             .cpu = qint64(1500),
             .memory = qint64(2) << 30,
             .load = 99.5,
             .labels = u"app=payment"_s,
             .health = Health::Bad,
             .reason = u"exits with code 1"_s}),
        pod({.id = u"c"_s,
             .space = u"kube-system"_s,
             .name = u"etcd-0"_s,
             .ready = {1, 2},
             .status = u"Pending"_s,
             .restarts = 5,
             .ageMs = 5 * 86'400'000LL,
             .labels = u"app=etcd,application=store"_s,
             .health = Health::Warning}),
        pod({.id = u"d"_s,
             .space = u"kube-system"_s,
             .name = u"job \"x\" y"_s,
             .ready = {0, 0},
             .status = u"Completed"_s,
             .restarts = 5,
             .ageMs = 400'000,
             .health = Health::Info}),
    };
}

void TestTableFilter::matches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ids");
    const auto row = [](const QString& text, const QString& ids) { QTest::newRow(qPrintable(text)) << text << ids; };
    row(u""_s, u"abcd"_s);
    row(u"   "_s, u"abcd"_s);
    row(u"shop"_s, u"ab"_s);
    row(u"SHOP pay"_s, u"b"_s);
    row(u"-shop"_s, u"cd"_s);
    row(u"etcd|payment"_s, u"bc"_s);
    row(u"\"x\" y\""_s, QString()); // an unclosed quotation mark: see errors
    row(u"\"job \\\"x\\\"\""_s, u"d"_s);
    row(u"-\"job \\\"x\""_s, u"abc"_s);
    row(u"namespace:kube"_s, u"cd"_s);
    row(u"ns:shop"_s, u"ab"_s);
    row(u"namesp:shop"_s, u"ab"_s);
    row(u"name:-0"_s, u"bc"_s);
    row(u"name=payment-0"_s, u"b"_s);
    row(u"name=payment"_s, u""_s);
    row(u"name==payment-0"_s, u"b"_s);
    row(u"name!=payment-0"_s, u"acd"_s);
    row(u"-name:etcd"_s, u"abd"_s);
    row(u"status:Running|Pending"_s, u"ac"_s);
    row(u"status:\"crashloop\""_s, u"b"_s);
    row(u"-status:running|completed"_s, u"bc"_s);
    row(u"restarts>5"_s, u"b"_s);
    row(u"restarts>=5"_s, u"bcd"_s);
    row(u"restarts<5"_s, u"a"_s);
    row(u"restarts:5"_s, u"cd"_s);
    row(u"restarts=0|17"_s, u"ab"_s);
    row(u"restarts!=5"_s, u"ab"_s);
    row(u"rest>16"_s, u"b"_s);
    row(u"age<1h"_s, u"ad"_s);
    row(u"age>1d"_s, u"c"_s);
    row(u"age>=3h age<2d"_s, u"b"_s);
    row(u"seen<20m"_s, u"ad"_s);
    row(u"lastseen>2d"_s, u"c"_s);
    row(u"seen>2023-11-14"_s, u"abd"_s);
    row(u"cpu>=500m"_s, u"b"_s);
    row(u"cpu>1"_s, u"ab"_s); // the header says m
    row(u"cpu<1500m"_s, u"a"_s);
    row(u"memory>1Gi"_s, u"b"_s);
    row(u"memory>=512"_s, u"ab"_s); // MiB
    row(u"memory:536870912B"_s, u"a"_s);
    row(u"memory<1GiB"_s, u"a"_s);
    row(u"load>90%"_s, u"b"_s);
    row(u"load<=40"_s, u"a"_s);
    row(u"ready<100%"_s, u"bc"_s);
    row(u"ready>=100%"_s, u"ad"_s);
    row(u"ready:0/2"_s, u"b"_s);
    row(u"ready<1"_s, u"bd"_s);
    row(u"ready=1/2"_s, u"c"_s);
    row(u"ready<1/1"_s, u"bc"_s);
    row(u"health:bad"_s, u"b"_s);
    row(u"health:warn"_s, u"c"_s);
    row(u"is:trouble"_s, u"bc"_s);
    row(u"-is:trouble"_s, u"ad"_s);
    row(u"is:good|info"_s, u"ad"_s);
    row(u"label:app=etcd"_s, u"c"_s);
    row(u"label:app"_s, u"abc"_s);
    row(u"label:app=payment|app=etcd"_s, u"bc"_s);
    row(u"-label:tier"_s, u"bcd"_s);
    row(u"label:tier=we"_s, u""_s);
    row(u"labels:tier=we"_s, u"a"_s);
    row(u"reason:exits"_s, u"b"_s);
    row(u"10:30"_s, u""_s); // a time of day is a word
    row(u"registry.io/app:v2"_s, u""_s);
    row(u"-"_s, u"abcd"_s); // a lonely dash is a word
}

void TestTableFilter::matches()
{
    QFETCH(QString, text);
    QFETCH(QString, ids);
    const Filter::Parsed parsed = Filter::parse(podColumns(), text);
    if (ids.isNull()) {
        QVERIFY(!parsed.ok());
        return;
    }
    QVERIFY2(parsed.ok(), parsed.ok() ? "" : qPrintable(parsed.errors.first().sentence));
    QString found;
    for (const RowPtr& row : m_rows) {
        if (parsed.filter.matches(*row, nowMs))
            found += row->id;
    }
    QCOMPARE(found, ids);
}

void TestTableFilter::errors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("suggests");
    QTest::newRow("unknown") << u"shop nam3spac:x"_s << 5 << 8 << u"Is \"namespace\" meant"_s << u"namespace"_s;
    QTest::newRow("typo") << u"statsu:x"_s << 0 << 6 << u"Is \"status\" meant"_s << u"status"_s;
    QTest::newRow("ambiguous") << u"re:1"_s << 0 << 2 << u"could be"_s << u"ready,restarts,reason"_s;
    QTest::newRow("image") << u"nginx:1.21"_s << 0 << 5 << u"quotation marks"_s << QString();
    QTest::newRow("missing value") << u"status:"_s << 7 << 0 << u"missing"_s << QString();
    QTest::newRow("text order") << u"a name>5"_s << 2 << 4 << u"no greater or less"_s << QString();
    QTest::newRow("number") << u"restarts>many"_s << 9 << 4 << u"cannot be compared"_s << QString();
    QTest::newRow("duration") << u"-age<soon"_s << 5 << 4 << u"1h30m"_s << QString();
    QTest::newRow("quantity") << u"memory>1Zi"_s << 7 << 3 << u"1Gi"_s << QString();
    QTest::newRow("ratio") << u"ready<a/b"_s << 6 << 3 << u"3/5"_s << QString();
    QTest::newRow("health") << u"is:fine"_s << 3 << 4 << u"trouble"_s
                            << u"good,info,warning,bad,unknown,none,trouble"_s;
    QTest::newRow("quote") << u"a \"b c"_s << 2 << 4 << u"never closed"_s << QString();
}

void TestTableFilter::errors()
{
    QFETCH(QString, text);
    QFETCH(QString, suggests);
    QFETCH(QString, says);
    const Filter::Parsed parsed = Filter::parse(podColumns(), text);
    QCOMPARE(parsed.errors.size(), 1);
    const FilterError& error = parsed.errors.first();
    QTEST(error.position, "position");
    QTEST(error.length, "length");
    QVERIFY2(error.sentence.contains(says), qPrintable(error.sentence));
    QCOMPARE(error.suggestions.join(u','), suggests);
    QVERIFY(parsed.filter.isEmpty());
    const Filter::Parsed noLabels = Filter::parse({podColumns()[1]}, u"label:app"_s);
    QVERIFY(!noLabels.ok());
}

void TestTableFilter::searchedColumns()
{
    const Filter all = Filter::parse(podColumns(), u"tier"_s).filter;
    QVERIFY(all.matches(*m_rows[0], nowMs));
    const Filter shown = Filter::parse(podColumns(), u"tier"_s, {0, 1, 3}).filter;
    QVERIFY(!shown.matches(*m_rows[0], nowMs));
}

void TestTableFilter::timeDependence()
{
    const Filter young = Filter::parse(podColumns(), u"age<1h"_s).filter;
    QVERIFY(young.dependsOnTime());
    QVERIFY(young.matches(*m_rows[0], nowMs));
    QVERIFY(!young.matches(*m_rows[0], nowMs + 31 * 60'000));
    QVERIFY(!Filter::parse(podColumns(), u"restarts>5 seen>2023-01-01"_s).filter.dependsOnTime());
}

void TestTableFilter::terms()
{
    QCOMPARE(withFilterTerm({}, u"status"_s, u"Running"_s, false), u"status=Running"_s);
    QCOMPARE(withFilterTerm(u"shop "_s, u"name"_s, u"a \"b\""_s, true), u"shop -name=\"a \\\"b\\\"\""_s);
    QCOMPARE(withFilterTerm(u"x status=Running"_s, u"status"_s, u"Running"_s, false), u"x status=Running"_s);
    const QString text = withFilterTerm({}, u"name"_s, u"job \"x\" y"_s, false);
    const Filter filter = Filter::parse(podColumns(), text).filter;
    QVERIFY(filter.matches(*m_rows[3], nowMs));
    QVERIFY(!filter.matches(*m_rows[0], nowMs));
}

void TestTableFilter::completion()
{
    Completions c = completeFilter(podColumns(), m_rows, u"shop re"_s, 7);
    QCOMPARE(c.position, 5);
    QCOMPARE(c.length, 2);
    QStringList texts;
    for (const Completion& item : c.items)
        texts.append(item.text);
    QCOMPARE(texts, (QStringList{u"ready:"_s, u"restarts:"_s, u"reason:"_s}));
    c = completeFilter(podColumns(), m_rows, u"-status:Running|P"_s, 17);
    QCOMPARE(c.position, 16);
    QCOMPARE(c.items.first().text, u"CrashLoopBackOff"_s.contains(u'P') ? c.items.first().text : u"Completed"_s);
    c = completeFilter(podColumns(), m_rows, u"ns:"_s, 3);
    QCOMPARE(c.items.size(), 2);
    QVERIFY2(c.items.first().description.contains(u'2'), qPrintable(c.items.first().description));
    c = completeFilter(podColumns(), m_rows, u"label:app=e"_s, 11);
    QCOMPARE(c.position, 6);
    QCOMPARE(c.items.first().text, u"app=etcd"_s);
    c = completeFilter(podColumns(), m_rows, u"is:tr"_s, 5);
    QCOMPARE(c.items.size(), 1);
    QVERIFY(completeFilter(podColumns(), m_rows, u"a/b:"_s, 4).items.isEmpty());
    QVERIFY(completeFilter(podColumns(), m_rows, {}, 0).items.isEmpty());
}

void TestTableFilter::garbage()
{
    // Any text either parses or says what is wrong, within its bounds, and never crashes.
    QRandomGenerator random(3);
    const QString alphabet = u"ab :=<>!|\"\\-%/1.0mGi\tnamestu"_s;
    for (int i = 0; i < 20'000; ++i) {
        QString text;
        const int length = random.bounded(24);
        for (int k = 0; k < length; ++k)
            text.append(alphabet[random.bounded(alphabet.size())]);
        const Filter::Parsed parsed = Filter::parse(podColumns(), text);
        for (const FilterError& error : parsed.errors) {
            QVERIFY2(error.position >= 0 && error.length >= 0 && error.position + error.length <= text.size(),
                     qPrintable(text));
            QVERIFY(!error.sentence.isEmpty());
        }
        const bool matched = parsed.filter.matches(*m_rows[size_t(i) % m_rows.size()], nowMs);
        QVERIFY(matched || !parsed.filter.isEmpty());
        const Completions c = completeFilter(podColumns(), m_rows, text, random.bounded(30));
        QVERIFY(c.position >= 0 && c.position + c.length <= text.size());
    }
}

QTEST_GUILESS_MAIN(TestTableFilter)
#include "test_table_filter.moc"
