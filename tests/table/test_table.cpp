// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableFixture.h"
#include "table/Arrange.h"
#include "table/CellText.h"
#include "table/ColumnLayout.h"
#include "table/Export.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

class TestTable : public QObject
{
    Q_OBJECT
private slots:
    void naturalOrder_data();
    void naturalOrder();
    void sortBytesFollowTheOrder();
    void emptiesAreLast();
    void agesSortByInstant();
    void arrangeEqualsStableReference();
    void cellTexts_data();
    void cellTexts();
    void agesDoNotJump();
    void exactMoments();
    void headers();
    void layoutArranges();
    void layoutRoundTrip();
    void layoutIgnoresNonsense();
    void csv();
    void csvFormulas();
    void tsvAndJson();
    void exportsToFile();
    void exportSaysWhy();
    void exportSaysThatThereIsNoRoom();
};

void TestTable::naturalOrder_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<int>("expected");
    QTest::newRow("numbers") << u"pod-9"_s << u"pod-10"_s << -1;
    QTest::newRow("case") << u"Alpha"_s << u"alpha"_s << 0;
    QTest::newRow("zeros") << u"a01"_s << u"a1"_s << 0;
    QTest::newRow("zeros in between") << u"a01b"_s << u"a1c"_s << -1;
    QTest::newRow("prefix") << u"web"_s << u"web-1"_s << -1;
    QTest::newRow("digit before letter") << u"a1"_s << u"ab"_s << -1;
    QTest::newRow("dash before digit") << u"a-1"_s << u"a1"_s << -1;
    QTest::newRow("empty") << u""_s << u"a"_s << -1;
    QTest::newRow("two runs") << u"v1.9.0"_s << u"v1.10.0"_s << -1;
    QTest::newRow("umlaut") << u"Äpfel"_s << u"äpfel"_s << 0;
    QTest::newRow("long") << u"x12345678901234567890123"_s << u"x12345678901234567890124"_s << -1;
}

void TestTable::naturalOrder()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(int, expected);
    QCOMPARE(naturalCompare(a, b), expected);
    QCOMPARE(naturalCompare(b, a), -expected);
}

void TestTable::sortBytesFollowTheOrder()
{
    QRandomGenerator random(7);
    const Columns columns = podColumns();
    std::vector<RowPtr> rows;
    for (int i = 0; i < 150; ++i)
        rows.push_back(randomPod(random, QString::number(i)));
    for (int column = -1; column < columns.size(); ++column) {
        for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            const RowOrder order(columns,
                                 column < 0 ? SortKeys{} : SortKeys{{column, direction}, {3, Qt::DescendingOrder}});
            for (const RowPtr& a : rows) {
                for (const RowPtr& b : rows) {
                    std::string x, y;
                    order.appendSortBytes(*a, x);
                    order.appendSortBytes(*b, y);
                    const int direct = order.compare(*a, *b);
                    const int bytes = x.compare(y);
                    if (bytes == 0)
                        QCOMPARE(direct, a->id.compare(b->id));
                    else
                        QVERIFY2((direct < 0) == (bytes < 0),
                                 qPrintable(u"%1 %2 in column %3"_s.arg(a->id, b->id).arg(column)));
                }
            }
        }
    }
}

void TestTable::emptiesAreLast()
{
    const RowPtr none = pod({.id = u"0"_s, .space = {}, .name = u"a"_s});
    const RowPtr some = pod({.id = u"1"_s, .space = {}, .name = u"b"_s, .cpu = qint64(5)});
    for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        const RowOrder order(podColumns(), {{6, direction}});
        QVERIFY(order.compare(*some, *none) < 0);
        const std::vector<Slot> sorted = arrange({none, some}, {{}, order}, nowMs);
        QCOMPARE(sorted, (std::vector<Slot>{1, 0}));
    }
}

void TestTable::agesSortByInstant()
{
    const RowPtr young = pod({.id = u"y"_s, .space = {}, .name = u"z"_s, .ageMs = 1000});
    const RowPtr old = pod({.id = u"o"_s, .space = {}, .name = u"a"_s, .ageMs = 100'000});
    QVERIFY(RowOrder(podColumns(), {{5, Qt::AscendingOrder}}).compare(*young, *old) < 0);
    QVERIFY(RowOrder(podColumns(), {{10, Qt::AscendingOrder}}).compare(*old, *young) < 0);
}

void TestTable::arrangeEqualsStableReference()
{
    QRandomGenerator random(11);
    std::vector<RowPtr> rows;
    for (int i = 0; i < 3000; ++i)
        rows.push_back(i % 17 == 0 ? RowPtr() : randomPod(random, u"id-%1"_s.arg(i)));
    const Filter filter = Filter::parse(podColumns(), u"restarts>2 -is:bad"_s).filter;
    for (int column = 0; column < podColumns().size(); ++column) {
        const Arrangement arrangement{filter,
                                      RowOrder(podColumns(), {{column, Qt::DescendingOrder}, {4, Qt::AscendingOrder}})};
        std::vector<Slot> expected;
        for (Slot i = 0; i < rows.size(); ++i) {
            if (rows[i] && filter.matches(*rows[i], nowMs))
                expected.push_back(i);
        }
        QVERIFY(expected.size() > 100);
        std::sort(expected.begin(), expected.end(),
                  [&](Slot a, Slot b) { return arrangement.order.compare(*rows[a], *rows[b]) < 0; });
        QCOMPARE(arrange(rows, arrangement, nowMs), expected);
    }
    const std::atomic<bool> cancelled = true;
    QVERIFY(arrange(rows, {}, nowMs, &cancelled).empty());
}

void TestTable::cellTexts_data()
{
    using K = Column::Kind;
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<QVariant>("cell");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("raw");
    const auto row = [](const char* name, K kind, const QString& unit, const Cell& cell, const QString& shown,
                        const QString& raw) {
        QTest::newRow(name) << int(kind) << unit << QVariant::fromValue(std::make_shared<Cell>(cell)) << shown << raw;
    };
    row("text", K::Text, {}, u"abc"_s, u"abc"_s, u"abc"_s);
    row("empty", K::Number, {}, Cell{}, {}, {});
    row("count", K::Number, {}, qint64(1234567), u"1,234,567"_s, u"1234567"_s);
    row("real", K::Number, {}, 3.14159, u"3.14"_s, u"3.14159"_s);
    row("ratio", K::Ratio, {}, Ratio{3, 5}, u"3/5"_s, u"3/5"_s);
    row("cpu", K::MilliCpu, {}, qint64(1500), u"1,500"_s, u"1500"_s);
    row("cores", K::MilliCpu, u"cores"_s, qint64(1500), u"1.50"_s, u"1500"_s);
    row("bytes", K::Bytes, {}, qint64(512) << 20, u"512"_s, u"536870912"_s);
    row("small bytes", K::Bytes, {}, qint64(1536) << 10, u"1.50"_s, u"1572864"_s);
    row("gib", K::Bytes, u"GiB"_s, qint64(100) << 30, u"100"_s, u"107374182400"_s);
    row("percent", K::Percent, {}, 99.9, u"100"_s, u"99.9"_s);
    row("small percent", K::Percent, {}, 0.25, u"0.3"_s, u"0.25"_s);
    row("age", K::Age, {}, Instant{nowMs - 4 * 60'000}, u"4 m"_s, u"2023-11-14T22:09:20Z"_s);
    row("moment", K::Moment, {}, Instant{nowMs}, u"2023-11-14 22:13:20"_s, u"2023-11-14T22:13:20Z"_s);
    row("fraction", K::Moment, {}, Instant{nowMs + 5}, u"2023-11-14 22:13:20"_s, u"2023-11-14T22:13:20.005Z"_s);
}

void TestTable::cellTexts()
{
    QFETCH(int, kind);
    QFETCH(QString, unit);
    QFETCH(QVariant, cell);
    Column column{u"x"_s, u"X"_s, Column::Kind(kind), false, {}, false};
    column.unit = unit;
    const Cell value = *cell.value<std::shared_ptr<Cell>>();
    QTEST(cellText(column, value, nowMs, QLocale(QLocale::English, QLocale::UnitedStates)), "shown");
    QTEST(cellRawText(value), "raw");
}

void TestTable::agesDoNotJump()
{
    QCOMPARE(relativeAge(nowMs, nowMs), u"< 1 m"_s);
    QCOMPARE(relativeAge(nowMs - 59'999, nowMs), u"< 1 m"_s);
    QCOMPARE(relativeAge(nowMs - 119 * 60'000, nowMs), u"119 m"_s);
    QCOMPARE(relativeAge(nowMs - 120 * 60'000, nowMs), u"2 h"_s);
    QCOMPARE(relativeAge(nowMs - 47 * 3'600'000LL, nowMs), u"47 h"_s);
    QCOMPARE(relativeAge(nowMs - 48 * 3'600'000LL, nowMs), u"2 d"_s);
    QCOMPARE(relativeAge(nowMs - 729 * 86'400'000LL, nowMs), u"729 d"_s);
    QCOMPARE(relativeAge(nowMs - 731 * 86'400'000LL, nowMs), u"2 y"_s);
    QCOMPARE(relativeAge(nowMs + 30'000, nowMs), u"< 1 m"_s);
    QCOMPARE(relativeAge(nowMs + 3 * 60'000, nowMs), u"in 3 m"_s);
}

void TestTable::exactMoments()
{
    QCOMPARE(exactMoment(nowMs), u"2023-11-14 22:13:20 UTC"_s);
    const Column age{u"age"_s, u"Age"_s, Column::Kind::Age, false, {}, false};
    QCOMPARE(cellExactText(age, Instant{nowMs - 600'000}, nowMs), u"2023-11-14 22:03:20 UTC, 10 m ago"_s);
    const Column memory{u"m"_s, u"M"_s, Column::Kind::Bytes, false, {}, false};
    QVERIFY(cellExactText(memory, qint64(1'000'000), nowMs, QLocale::c()).contains(u"1000000 bytes"_s));
}

void TestTable::headers()
{
    QCOMPARE(headerText(podColumns()[7]), u"Memory, MiB"_s);
    QCOMPARE(headerText(podColumns()[6]), u"CPU, m"_s);
    QCOMPARE(headerText(podColumns()[1]), u"Name"_s);
}

void TestTable::layoutArranges()
{
    const Columns columns = podColumns();
    ColumnLayout layout;
    QCOMPARE(layout.arranged(columns), (QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    QVERIFY(layout.isShown(columns[1]));
    QVERIFY(!layout.isShown(columns[9]));
    // Columns that came later stand behind their declared left neighbour.
    layout.order = {u"status"_s, u"name"_s, u"gone"_s, u"namespace"_s};
    QCOMPARE(layout.arranged(columns), (QList<int>{3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 0}));
}

void TestTable::layoutRoundTrip()
{
    ColumnLayout layout;
    layout.order = {u"b"_s, u"a"_s};
    layout.shown = {{u"a"_s, false}, {u"b"_s, true}};
    layout.widths = {{u"a"_s, 120}};
    const QByteArray json = QJsonDocument(layout.toJson()).toJson();
    QCOMPARE(ColumnLayout::fromJson(QJsonDocument::fromJson(json).object()), layout);
    QVERIFY(ColumnLayout{}.toJson().isEmpty());
}

void TestTable::layoutIgnoresNonsense()
{
    const QJsonObject json = QJsonDocument::fromJson(R"({"order":["a",3,"a",null],"shown":{"a":"yes","b":false},
        "widths":{"a":-5,"b":100000,"c":80},"more":[]})")
                                 .object();
    const ColumnLayout layout = ColumnLayout::fromJson(json);
    QCOMPARE(layout.order, QStringList{u"a"_s});
    QCOMPARE(layout.shown, (QHash<QString, bool>{{u"b"_s, false}}));
    QCOMPARE(layout.widths, (QHash<QString, int>{{u"c"_s, 80}}));
}

static ExportSnapshot exportOf(std::vector<RowPtr> rows, QList<int> chosen)
{
    return {podColumns(), std::move(chosen), std::move(rows)};
}

void TestTable::csv()
{
    const RowPtr row = pod({.id = u"1"_s,
                            .space = u"shop"_s,
                            .name = u"a \"b\", c"_s,
                            .ready = {1, 2},
                            .restarts = -3,
                            .memory = qint64(1048576)});
    QCOMPARE(exportRows(exportOf({row}, {1, 0, 2, 4, 5, 7, 6}), ExportFormat::Csv),
             "name,namespace,ready,restarts,age,memory,cpu\r\n"
             "\"a \"\"b\"\", c\",shop,1/2,-3,2023-11-14T22:12:20Z,1048576,\r\n");
    const RowPtr lines = pod({.id = u"1"_s, .space = u"ä"_s, .name = u"x\ny"_s});
    QCOMPARE(exportRows(exportOf({lines}, {1, 0}), ExportFormat::Csv, false), "\"x\ny\",\xc3\xa4\r\n");
}

void TestTable::csvFormulas()
{
    for (const QString& evil : {u"=1+1"_s, u"+cmd"_s, u"-2+3"_s, u"@SUM(A1)"_s, u"\tx"_s}) {
        const RowPtr row = pod({.id = u"1"_s, .space = {}, .name = evil});
        const QByteArray csv = exportRows(exportOf({row}, {1}), ExportFormat::Csv, false);
        QVERIFY2(csv.startsWith('\'') || csv.startsWith("\"'"), csv.constData());
        const QByteArray json = exportRows(exportOf({row}, {1}), ExportFormat::JsonLines, false);
        QCOMPARE(QJsonDocument::fromJson(json).object().value(u"name"_s).toString(), evil);
    }
}

void TestTable::tsvAndJson()
{
    const RowPtr row = pod({.id = u"1"_s, .space = u"s"_s, .name = u"a\tb"_s, .restarts = 4, .load = 12.5});
    QCOMPARE(exportRows(exportOf({row}, {1, 4}), ExportFormat::Tsv), "name\trestarts\na b\t4\n");
    const QJsonObject json =
        QJsonDocument::fromJson(exportRows(exportOf({row}, {1, 2, 4, 5, 6, 8}), ExportFormat::JsonLines)).object();
    QCOMPARE(json.value(u"restarts"_s), QJsonValue(4));
    QCOMPARE(json.value(u"load"_s), QJsonValue(12.5));
    QCOMPARE(json.value(u"ready"_s), QJsonValue(u"1/1"_s));
    QCOMPARE(json.value(u"age"_s), QJsonValue(u"2023-11-14T22:12:20Z"_s));
    QVERIFY(json.value(u"cpu"_s).isNull());
}

void TestTable::exportsToFile()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"pods.csv"_s);
    std::vector<RowPtr> rows;
    for (int i = 0; i < 20'000; ++i)
        rows.push_back(pod({.id = QString::number(i), .space = u"shop"_s, .name = u"pod-%1"_s.arg(i)}));
    std::optional<Result<qint64>> result;
    exportToFile(exportOf(rows, {0, 1}), ExportFormat::Csv, path, this, [&](Result<qint64> r) { result = r; });
    QTRY_VERIFY(result.has_value());
    QVERIFY(result->has_value());
    QCOMPARE(**result, 20'000);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray all = file.readAll();
    QCOMPARE(all.count('\n'), 20'001);
    QVERIFY(all.endsWith("shop,pod-19999\r\n"));
}

void TestTable::exportSaysWhy()
{
    std::optional<Result<qint64>> result;
    exportToFile(exportOf({}, {0}), ExportFormat::Csv, u"/nonexistent/folder/x.csv"_s, this,
                 [&](Result<qint64> r) { result = r; });
    QTRY_VERIFY(result.has_value());
    QVERIFY(!result->has_value());
    QCOMPARE(result->error().kind, Error::Kind::Io);
    QVERIFY2(result->error().sentence.contains(u"/nonexistent/folder/x.csv"_s), qPrintable(result->error().text()));
}

void TestTable::exportSaysThatThereIsNoRoom()
{
#ifdef Q_OS_UNIX
    // A limit on the size of files stands for a full disk: the first write is cut short, the next one is refused.
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{64 << 10, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto restore = qScopeGuard([&] {
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
    });
    QTemporaryDir dir;
    const QString path = dir.filePath(u"pods.csv"_s);
    std::vector<RowPtr> rows;
    for (int i = 0; i < 8'000; ++i)
        rows.push_back(pod({.id = QString::number(i), .space = u"shop"_s, .name = u"pod-%1"_s.arg(i)}));
    std::optional<Result<qint64>> result;
    exportToFile(exportOf(rows, {0, 1}), ExportFormat::Csv, path, this, [&](Result<qint64> r) { result = r; });
    QTRY_VERIFY(result.has_value());
    QVERIFY(!result->has_value());
    QVERIFY2(result->error().sentence.contains(qt_error_string(EFBIG)), qPrintable(result->error().text()));
    QVERIFY(QDir(dir.path()).isEmpty()); // nothing half written stays
#else
    QSKIP("this system has no setrlimit(), with which a disk that is full is played");
#endif
}

QTEST_GUILESS_MAIN(TestTable)
#include "test_table.moc"
