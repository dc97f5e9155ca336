// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableFixture.h"
#include "table/TableModel.h"

#include <QtCore/QElapsedTimer>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QtTest>

#include <set>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

namespace {

/// The rows that must be visible, worked out the slow way.
std::vector<RowPtr> reference(const HandSource& source, const TableModel& model)
{
    std::vector<RowPtr> rows;
    for (const auto& [id, row] : source.all()) {
        if (model.filter().matches(*row, model.nowMs()))
            rows.push_back(row);
    }
    const RowOrder order(model.columns(), model.sortKeys());
    std::sort(rows.begin(), rows.end(), [&](const RowPtr& a, const RowPtr& b) { return order.compare(*a, *b) < 0; });
    return rows;
}

QStringList idsOf(const std::vector<RowPtr>& rows)
{
    QStringList ids;
    for (const RowPtr& row : rows)
        ids.append(row->id);
    return ids;
}

QStringList shownIds(const TableModel& model)
{
    QStringList ids;
    for (int row = 0; row < model.rowCount(); ++row)
        ids.append(model.index(row, 0).data(TableModel::RowIdRole).toString());
    return ids;
}

} // namespace

class TestTableModel : public QObject
{
    Q_OBJECT
private slots:
    void randomMutation_data();
    void randomMutation();
    void bigTableUnderChange();
    void persistentIndexesFollow();
    void bigResetKeepsQueuedBatches();
    void newerRequestWins();
    void columnsChange();
    void glow();
    void aFirstListDoesNotGlow();
    void ageFilterLetsGo();
    void destroyedWhileArranging();
    void roles();
    void speed();
};

void TestTableModel::randomMutation_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestTableModel::randomMutation()
{
    QFETCH(int, seed);
    QRandomGenerator random{quint32(seed)};
    auto clock = std::make_shared<ManualClock>(nowMs);
    auto source = std::make_shared<HandSource>();
    TableModel model(clock);
    model.setSource(source);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    // Persistent indexes must go where their rows go, and become invalid with them.
    std::map<QString, QPersistentModelIndex> watched;
    const QStringList filters{{},
                              u"restarts>2"_s,
                              u"shop"_s,
                              u"is:trouble"_s,
                              u"-status:running age<1h"_s,
                              u"name:pod-1|pod-2"_s,
                              u"nothing-has-this"_s};
    const auto id = [&] { return u"id-%1"_s.arg(random.bounded(seed % 3 == 0 ? 400 : 60)); };
    for (int step = 0; step < 400; ++step) {
        const int action = random.bounded(20);
        if (action == 0) {
            model.setFilter(Filter::parse(model.columns(), filters[random.bounded(filters.size())]).filter);
        } else if (action == 1) {
            SortKeys keys;
            for (int i = random.bounded(3); i > 0; --i)
                keys.append({int(random.bounded(model.columnCount())),
                             random.bounded(2) ? Qt::AscendingOrder : Qt::DescendingOrder});
            model.setSortKeys(keys);
        } else if (action == 2) {
            std::vector<RowPtr> rows;
            std::set<QString> ids;
            for (int i = random.bounded(80); i > 0; --i)
                ids.insert(id());
            for (const QString& one : ids)
                rows.push_back(random.bounded(2) && source->all().contains(one) ? source->all().at(one)
                                                                                : randomPod(random, one));
            source->reset(rows);
        } else {
            Batch batch;
            std::set<QString> ids;
            for (int i = random.bounded(action < 6 ? 120 : 8); i >= 0; --i)
                ids.insert(id());
            for (const QString& one : ids) {
                if (random.bounded(3) == 0)
                    batch.removed.push_back(one);
                else
                    batch.upserts.push_back(randomPod(random, one));
            }
            source->apply(batch);
        }
        clock->advance(random.bounded(3000));
        QCOMPARE(model.totalCount(), int(source->all().size()));
        // The reference filters with today's clock; rows that age out do so only when asked.
        model.refreshTime();
        QCOMPARE(shownIds(model), idsOf(reference(*source, model)));
        for (auto it = watched.begin(); it != watched.end();) {
            if (it->second.isValid()) {
                QCOMPARE(it->second.data(TableModel::RowIdRole).toString(), it->first);
                ++it;
            } else {
                it = watched.erase(it);
            }
        }
        for (int row = 0; row < model.rowCount(); ++row) {
            const QString one = model.rowAt(row)->id;
            QCOMPARE(model.rowOf(one), row);
            if (random.bounded(4) == 0)
                watched.emplace(one, model.index(row, random.bounded(model.columnCount())));
        }
    }
}

void TestTableModel::bigTableUnderChange()
{
    // Above the inline limit: arrangements come from the worker while batches keep coming.
    QRandomGenerator random(99);
    auto source = std::make_shared<HandSource>();
    std::vector<RowPtr> rows;
    for (int i = 0; i < TableModel::inlineLimit + 3000; ++i)
        rows.push_back(randomPod(random, u"id-%1"_s.arg(i)));
    source->reset(rows);
    TableModel model(std::make_shared<ManualClock>(nowMs));
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setSource(source);
    const QStringList filters{{}, u"restarts>2"_s, u"shop"_s, u"is:trouble"_s};
    for (int round = 0; round < 60; ++round) {
        if (random.bounded(3) == 0)
            model.setFilter(Filter::parse(model.columns(), filters[random.bounded(filters.size())]).filter);
        if (random.bounded(3) == 0)
            model.setSortKeys({{int(random.bounded(model.columnCount())), Qt::DescendingOrder}});
        if (random.bounded(12) == 0)
            source->reset(source->rows());
        for (int i = random.bounded(5); i >= 0; --i) {
            Batch batch;
            std::set<QString> ids;
            for (int k = random.bounded(round % 2 ? 10 : 300); k >= 0; --k)
                ids.insert(u"id-%1"_s.arg(random.bounded(TableModel::inlineLimit + 4000)));
            for (const QString& one : ids) {
                if (random.bounded(4) == 0)
                    batch.removed.push_back(one);
                else
                    batch.upserts.push_back(randomPod(random, one));
            }
            source->apply(batch);
            if (random.bounded(2))
                QCoreApplication::processEvents();
        }
        if (random.bounded(2)) {
            QTRY_VERIFY(!model.isArranging());
            QCOMPARE(model.totalCount(), int(source->all().size()));
            QCOMPARE(shownIds(model), idsOf(reference(*source, model)));
        }
    }
    QTRY_VERIFY(!model.isArranging());
    QCOMPARE(shownIds(model), idsOf(reference(*source, model)));
}

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

void TestTableModel::bigResetKeepsQueuedBatches()
{
    auto source = std::make_shared<HandSource>();
    TableModel model(std::make_shared<ManualClock>(nowMs));
    model.setSource(source);
    std::vector<RowPtr> rows;
    for (int i = 0; i < TableModel::inlineLimit * 2; ++i)
        rows.push_back(pod({.id = u"id-%1"_s.arg(i), .space = {}, .name = u"pod-%1"_s.arg(i)}));
    source->reset(rows);
    QVERIFY(model.isArranging());
    source->put({pod({.id = u"late"_s, .space = {}, .name = u"a-late-one"_s})});
    source->remove({u"id-0"_s});
    model.setSortKeys({{1, Qt::DescendingOrder}}); // starts over with the same content
    source->put({pod({.id = u"later"_s, .space = {}, .name = u"a-later-one"_s})});
    QTRY_VERIFY(!model.isArranging());
    QCOMPARE(model.totalCount(), TableModel::inlineLimit * 2 + 1);
    QVERIFY(model.rowOf(u"late"_s) > model.rowOf(u"later"_s));
    QCOMPARE(model.rowOf(u"id-0"_s), -1);
    QCOMPARE(shownIds(model), idsOf(reference(*source, model)));
}

void TestTableModel::newerRequestWins()
{
    QRandomGenerator random(5);
    auto source = std::make_shared<HandSource>();
    std::vector<RowPtr> rows;
    for (int i = 0; i < TableModel::inlineLimit * 3; ++i)
        rows.push_back(randomPod(random, QString::number(i)));
    source->reset(rows);
    TableModel model(std::make_shared<ManualClock>(nowMs));
    model.setSource(source);
    QTRY_VERIFY(!model.isArranging());
    int changes = 0;
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [&] { ++changes; });
    for (const QString& text : {u"restarts>0"_s, u"restarts>1"_s, u"restarts>2"_s, u"restarts>3"_s})
        model.setFilter(Filter::parse(model.columns(), text).filter);
    QTRY_VERIFY(!model.isArranging());
    QCOMPARE(changes, 1);
    QCOMPARE(shownIds(model), idsOf(reference(*source, model)));
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

void TestTableModel::destroyedWhileArranging()
{
    QRandomGenerator random(5);
    auto source = std::make_shared<HandSource>();
    std::vector<RowPtr> rows;
    for (int i = 0; i < 30'000; ++i)
        rows.push_back(randomPod(random, QString::number(i)));
    source->reset(rows);
    for (int i = 0; i < 10; ++i) {
        TableModel model(std::make_shared<ManualClock>(nowMs));
        model.setSource(source);
        QVERIFY(model.isArranging());
    }
    QVERIFY(QThreadPool::globalInstance()->waitForDone(30'000));
    QCoreApplication::processEvents();
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

void TestTableModel::speed()
{
    // Printed for a person to compare; nothing depends on the figures.
    QRandomGenerator random(1);
    auto source = std::make_shared<HandSource>();
    std::vector<RowPtr> rows;
    for (int i = 0; i < 150'000; ++i)
        rows.push_back(randomPod(random, u"6f1c2a9e-%1"_s.arg(i)));
    source->reset(rows);
    TableModel model(std::make_shared<ManualClock>(nowMs));
    QElapsedTimer timer;
    const auto waited = [&](const char* what, auto start) {
        timer.start();
        start();
        const double call = double(timer.nsecsElapsed()) / 1e6;
        QTRY_VERIFY_WITH_TIMEOUT(!model.isArranging(), 60'000);
        qInfo("%s: %.1f ms in the call, %.1f ms until shown", what, call, double(timer.nsecsElapsed()) / 1e6);
    };
    waited("150,000 rows, first content", [&] { model.setSource(source); });
    QCOMPARE(model.rowCount(), 150'000);
    waited("sort by name, descending", [&] { model.setSortKeys({{1, Qt::DescendingOrder}}); });
    waited("sort by restarts and age", [&] { model.setSortKeys({{4, Qt::DescendingOrder}, {5, Qt::AscendingOrder}}); });
    waited("filter by a word", [&] { model.setFilter(Filter::parse(model.columns(), u"crash"_s).filter); });
    waited("no filter", [&] { model.setFilter({}); });
    timer.start();
    for (int i = 0; i < 20; ++i) {
        std::vector<RowPtr> changed;
        for (int k = 0; k < 100; ++k)
            changed.push_back(randomPod(random, u"6f1c2a9e-%1"_s.arg(i * 100 + k)));
        source->put(std::move(changed));
    }
    qInfo("batch of 100 changed rows: %.2f ms", double(timer.nsecsElapsed()) / 1e6 / 20);
    timer.start();
    for (int i = 0; i < 100; ++i)
        source->put({randomPod(random, u"6f1c2a9e-%1"_s.arg(i * 7))});
    qInfo("batch of 1 changed row: %.3f ms", double(timer.nsecsElapsed()) / 1e6 / 100);
}

QTEST_GUILESS_MAIN(TestTableModel)
#include "test_table_model.moc"
