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

/// Changes to at least one and at most `most` rows; one in `removedOneIn` of them goes.
Batch randomBatch(QRandomGenerator& random, int most, int removedOneIn, const std::function<QString()>& id)
{
    Batch batch;
    std::set<QString> ids;
    for (int i = random.bounded(most); i >= 0; --i)
        ids.insert(id());
    for (const QString& one : ids) {
        if (random.bounded(removedOneIn) == 0)
            batch.removed.push_back(one);
        else
            batch.upserts.push_back(randomPod(random, one));
    }
    return batch;
}

/// A model under a random walk, against the rows worked out the slow way.
class RandomWalk
{
public:
    explicit RandomWalk(int seed) : m_random(quint32(seed)), m_ids(seed % 3 == 0 ? 400 : 60)
    {
        m_model.setSource(m_source);
    }

    void mutate()
    {
        const auto id = [this] { return u"id-%1"_s.arg(m_random.bounded(m_ids)); };
        const int action = m_random.bounded(20);
        if (action == 0) {
            m_model.setFilter(Filter::parse(m_model.columns(), m_filters[m_random.bounded(m_filters.size())]).filter);
        } else if (action == 1) {
            SortKeys keys;
            for (int i = m_random.bounded(3); i > 0; --i)
                keys.append({int(m_random.bounded(m_model.columnCount())),
                             m_random.bounded(2) ? Qt::AscendingOrder : Qt::DescendingOrder});
            m_model.setSortKeys(keys);
        } else if (action == 2) {
            std::vector<RowPtr> rows;
            std::set<QString> ids;
            for (int i = m_random.bounded(80); i > 0; --i)
                ids.insert(id());
            for (const QString& one : ids)
                rows.push_back(m_random.bounded(2) && m_source->all().contains(one) ? m_source->all().at(one)
                                                                                    : randomPod(m_random, one));
            m_source->reset(rows);
        } else {
            m_source->apply(randomBatch(m_random, action < 6 ? 120 : 8, 3, id));
        }
        m_clock->advance(m_random.bounded(3000));
    }
    void compareRows()
    {
        QCOMPARE(m_model.totalCount(), int(m_source->all().size()));
        // The reference filters with today's clock; rows that age out do so only when asked.
        m_model.refreshTime();
        QCOMPARE(shownIds(m_model), idsOf(reference(*m_source, m_model)));
    }
    /// Persistent indexes must go where their rows go, and become invalid with them.
    void compareIndexes()
    {
        for (auto it = m_watched.begin(); it != m_watched.end();) {
            if (it->second.isValid()) {
                QCOMPARE(it->second.data(TableModel::RowIdRole).toString(), it->first);
                ++it;
            } else {
                it = m_watched.erase(it);
            }
        }
        for (int row = 0; row < m_model.rowCount(); ++row) {
            const QString one = m_model.rowAt(row)->id;
            QCOMPARE(m_model.rowOf(one), row);
            if (m_random.bounded(4) == 0)
                m_watched.emplace(one, m_model.index(row, m_random.bounded(m_model.columnCount())));
        }
    }

private:
    QRandomGenerator m_random;
    const int m_ids;
    const QStringList m_filters{{},
                                u"restarts>2"_s,
                                u"shop"_s,
                                u"is:trouble"_s,
                                u"-status:running age<1h"_s,
                                u"name:pod-1|pod-2"_s,
                                u"nothing-has-this"_s};
    std::shared_ptr<ManualClock> m_clock = std::make_shared<ManualClock>(nowMs);
    std::shared_ptr<HandSource> m_source = std::make_shared<HandSource>();
    TableModel m_model{m_clock};
    QAbstractItemModelTester m_tester{&m_model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    std::map<QString, QPersistentModelIndex> m_watched;
};

} // namespace

/// Which rows a model shows, and in which order, whatever comes meanwhile.
class TestTableArranging : public QObject
{
    Q_OBJECT

private slots:
    void randomMutation_data();
    void randomMutation();
    void bigTableUnderChange();
    void bigResetKeepsQueuedBatches();
    void newerRequestWins();
    void destroyedWhileArranging();
    void speed();
};

void TestTableArranging::randomMutation_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestTableArranging::randomMutation()
{
    QFETCH(int, seed);
    RandomWalk walk(seed);
    for (int step = 0; step < 400 && !QTest::currentTestFailed(); ++step) {
        walk.mutate();
        walk.compareRows();
        walk.compareIndexes();
    }
}

void TestTableArranging::bigTableUnderChange()
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
    const auto id = [&] { return u"id-%1"_s.arg(random.bounded(TableModel::inlineLimit + 4000)); };
    for (int round = 0; round < 60; ++round) {
        if (random.bounded(3) == 0)
            model.setFilter(Filter::parse(model.columns(), filters[random.bounded(filters.size())]).filter);
        if (random.bounded(3) == 0)
            model.setSortKeys({{int(random.bounded(model.columnCount())), Qt::DescendingOrder}});
        if (random.bounded(12) == 0)
            source->reset(source->rows());
        for (int i = random.bounded(5); i >= 0; --i) {
            source->apply(randomBatch(random, round % 2 ? 10 : 300, 4, id));
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

void TestTableArranging::bigResetKeepsQueuedBatches()
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

void TestTableArranging::newerRequestWins()
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

void TestTableArranging::destroyedWhileArranging()
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

void TestTableArranging::speed()
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

QTEST_GUILESS_MAIN(TestTableArranging)
#include "test_table_arranging.moc"
