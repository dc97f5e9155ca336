// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableFixture.h"
#include "table/TableModel.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

/// What a view is told: indexes, columns, roles, and what has just changed.
class TestTableModel : public QObject
{
    Q_OBJECT

private slots:
    void persistentIndexesFollow();
    void columnsChange();
    void glow();
    void aFirstListDoesNotGlow();
    void ageFilterLetsGo();
    void roles();
};

void TestTableModel::persistentIndexesFollow()
{
    auto source = std::make_shared<HandSource>();
    std::vector<RowPtr> rows;
    for (int i = 0; i < 100; ++i)
        rows.push_back(pod({.id = u"id-%1"_s.arg(i), .space = {}, .name = u"pod-%1"_s.arg(i), .restarts = i}));
    source->reset(rows);
    TableModel model(std::make_shared<ManualClock>(nowMs));
    model.setSource(source);
    const QPersistentModelIndex kept = model.index(model.rowOf(u"id-50"_s), 3);
    QPersistentModelIndex lost = model.index(model.rowOf(u"id-3"_s), 1);
    int resets = 0, layouts = 0;
    connect(&model, &QAbstractItemModel::modelReset, this, [&] { ++resets; });
    connect(&model, &QAbstractItemModel::layoutChanged, this, [&] { ++layouts; });
    model.setSortKeys({{4, Qt::DescendingOrder}});
    QCOMPARE(kept.row(), 49);
    QCOMPARE(kept.column(), 3);
    model.setFilter(Filter::parse(model.columns(), u"restarts>=40"_s).filter);
    QVERIFY(!lost.isValid());
    QCOMPARE(kept.data(TableModel::RowIdRole).toString(), u"id-50"_s);
    model.setFilter({});
    // A new list with many changes, of which the kept row is none.
    rows.erase(rows.begin(), rows.begin() + 30);
    for (int i = 200; i < 260; ++i)
        rows.push_back(pod({.id = u"id-%1"_s.arg(i), .space = {}, .name = u"pod-%1"_s.arg(i), .restarts = i}));
    source->reset(rows);
    QCOMPARE(model.rowCount(), 130);
    QCOMPARE(kept.data(TableModel::RowIdRole).toString(), u"id-50"_s);
    QCOMPARE(resets, 0);
    QVERIFY2(layouts <= 4, qPrintable(QString::number(layouts)));
}

void TestTableModel::columnsChange()
{
    auto source = std::make_shared<HandSource>();
    source->reset({pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s, .restarts = 9})});
    TableModel model(std::make_shared<ManualClock>(nowMs));
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setSource(source);
    model.setFilter(Filter::parse(model.columns(), u"restarts>3"_s).filter);
    model.setSortKeys({{4, Qt::DescendingOrder}, {1, Qt::AscendingOrder}});
    QSignalSpy replaced(&model, &TableModel::columnsReplaced);
    QSignalSpy sorted(&model, &TableModel::sortKeysChanged);
    Columns fewer = podColumns();
    fewer.removeAt(0);
    auto row = std::make_shared<Row>(*source->all().at(u"1"_s));
    row->cells.erase(row->cells.begin());
    source->setColumns(fewer, {row});
    QCOMPARE(replaced.size(), 1);
    QCOMPARE(model.columnCount(), int(fewer.size()));
    QCOMPARE(model.sortKeys(), (SortKeys{{3, Qt::DescendingOrder}, {0, Qt::AscendingOrder}}));
    QCOMPARE(sorted.size(), 1);    // or a header would mark the column that stands there now
    QCOMPARE(model.rowCount(), 1); // the filter was parsed again: restarts is column 3 now
    model.setSource(nullptr);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    QCOMPARE(sorted.size(), 2);
    QVERIFY(model.sortKeys().isEmpty());
}

void TestTableModel::glow()
{
    auto clock = std::make_shared<ManualClock>(nowMs);
    auto source = std::make_shared<HandSource>();
    source->reset({pod({.id = u"1"_s, .space = {}, .name = u"a"_s}), pod({.id = u"2"_s, .space = {}, .name = u"b"_s})});
    TableModel model(clock);
    model.setSource(source);
    const auto changed = [&](const QString& id, int column) {
        return model.index(model.rowOf(id), column).data(TableModel::ChangedRole).toBool();
    };
    QVERIFY(!model.hasGlow());
    QVERIFY(!changed(u"1"_s, 4));
    source->put({pod({.id = u"1"_s, .space = {}, .name = u"a"_s, .restarts = 1})});
    QVERIFY(changed(u"1"_s, 4));
    QVERIFY(!changed(u"1"_s, 3));
    QVERIFY(!changed(u"2"_s, 4));
    clock->advance(1000);
    source->put({pod({.id = u"1"_s, .space = {}, .name = u"a"_s, .restarts = 1, .health = Health::Bad})});
    QVERIFY(changed(u"1"_s, 4));
    QVERIFY(changed(u"1"_s, 3)); // the status is drawn with the health
    clock->advance(TableModel::glowMs);
    QVERIFY(!changed(u"1"_s, 3));
    source->put({pod({.id = u"3"_s, .space = {}, .name = u"c"_s})});
    QVERIFY(changed(u"3"_s, 0));
    // The same content again is no change.
    QSignalSpy touched(&model, &QAbstractItemModel::dataChanged);
    source->put({pod({.id = u"2"_s, .space = {}, .name = u"b"_s})});
    QCOMPARE(touched.size(), 0);
    QVERIFY(!changed(u"2"_s, 0));
    clock->advance(10'000);
    QVERIFY(!model.hasGlow());
}

void TestTableModel::aFirstListDoesNotGlow()
{
    auto clock = std::make_shared<ManualClock>(nowMs);
    auto source = std::make_shared<HandSource>();
    source->setFreshness({Freshness::State::Loading, 0, 0, std::nullopt});
    TableModel model(clock);
    model.setSource(source);
    source->put({pod({.id = u"1"_s, .space = {}, .name = u"a"_s})});
    source->put({pod({.id = u"2"_s, .space = {}, .name = u"b"_s})});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!model.hasGlow());
    QVERIFY(!model.index(1, 0).data(TableModel::ChangedRole).toBool());
    source->setFreshness({Freshness::State::Live, nowMs, nowMs, std::nullopt});
    source->put({pod({.id = u"3"_s, .space = {}, .name = u"c"_s})});
    QVERIFY(model.index(2, 0).data(TableModel::ChangedRole).toBool());
    QVERIFY(!model.index(0, 0).data(TableModel::ChangedRole).toBool());
}

void TestTableModel::ageFilterLetsGo()
{
    auto clock = std::make_shared<ManualClock>(nowMs);
    auto source = std::make_shared<HandSource>();
    source->reset({pod({.id = u"1"_s, .space = {}, .name = u"a"_s, .ageMs = 50 * 60'000})});
    TableModel model(clock);
    model.setSource(source);
    model.setFilter(Filter::parse(model.columns(), u"age<1h"_s).filter);
    QCOMPARE(model.rowCount(), 1);
    clock->advance(11 * 60'000);
    model.refreshTime();
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.totalCount(), 1);
}

void TestTableModel::roles()
{
    auto source = std::make_shared<HandSource>();
    source->reset({pod({.id = u"1"_s,
                        .space = u"shop"_s,
                        .name = u"a"_s,
                        .ready = {1, 2},
                        .status = u"Pending"_s,
                        .restarts = 1234,
                        .health = Health::Warning,
                        .reason = u"image cannot be pulled"_s})});
    TableModel model(std::make_shared<ManualClock>(nowMs));
    model.setSource(source);
    const auto at = [&](int column, int role) { return model.index(0, column).data(role); };
    QCOMPARE(at(2, Qt::DisplayRole).toString(), u"1/2"_s);
    QCOMPARE(at(2, TableModel::SortRole).toDouble(), 0.5);
    QCOMPARE(at(4, TableModel::SortRole).toLongLong(), 1234);
    QCOMPARE(at(1, TableModel::SortRole).toString(), u"a"_s);
    QCOMPARE(at(4, TableModel::CellRole).value<Cell>(), Cell(qint64(1234)));
    QCOMPARE(Health(at(0, TableModel::HealthRole).toInt()), Health::Warning);
    QVERIFY(at(3, Qt::ToolTipRole).toString().contains(u"image cannot be pulled"_s));
    QCOMPARE(at(3, Qt::AccessibleTextRole).toString(), u"Status: Pending"_s);
    QVERIFY(at(4, Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    QVERIFY(at(1, Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
    QCOMPARE(model.headerData(7, Qt::Horizontal).toString(), u"Memory, MiB"_s);
    QVERIFY(!model.index(0, 0).data(Qt::DecorationRole).isValid());
    QCOMPARE(model.rowCount(model.index(0, 0)), 0);
    QVERIFY(model.row(u"1"_s) && !model.row(u"2"_s));
    QVERIFY(!model.rowAt(-1) && !model.rowAt(1));
}

QTEST_GUILESS_MAIN(TestTableModel)
#include "test_table_model.moc"
