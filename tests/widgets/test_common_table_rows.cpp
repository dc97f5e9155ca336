// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableBench.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;
using namespace wk::widgets;

/// What a person is looking at stays where it is while rows come and go.
class TestCommonTableRows : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void selectionSurvivesUpdates();
    void scrollSurvivesUpdates();
    void topStaysTop();
    void currentSurvivesFilter();
    void bigResetKeepsSelection();
    void deletedCurrentRow();
    void focusSurvives();
    void activation();
    void typeAhead();
    void guiThreadSpeed();

private:
    Theme m_theme;
};

void TestCommonTableRows::initTestCase() { m_theme.apply(*qApp); }

void TestCommonTableRows::selectionSurvivesUpdates()
{
    Bench b;
    QRandomGenerator random(2);
    b.table.setCurrentId(u"id-150"_s);
    b.view()->selectionModel()->select(b.model()->index(b.model()->rowOf(u"id-7"_s), 0),
                                       QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QSignalSpy current(&b.table, &DataTable::currentChanged);
    for (int step = 0; step < 200; ++step) {
        Batch batch;
        for (int i = 0; i < (step % 5 ? 5 : 80); ++i) {
            const QString id = u"id-%1"_s.arg(random.bounded(600));
            const bool taken =
                std::any_of(batch.upserts.begin(), batch.upserts.end(), [&](const auto& row) { return row->id == id; });
            if (id != u"id-150" && id != u"id-7" && !taken)
                batch.upserts.push_back(randomPod(random, id));
        }
        if (step % 3 == 0) {
            batch.upserts.push_back(randomPod(random, u"id-150"_s)); // even the row itself moves
            batch.upserts.push_back(randomPod(random, u"id-7"_s));
        }
        if (step % 7 == 0)
            b.model()->setSortKeys({{int(random.bounded(5)), step % 2 ? Qt::AscendingOrder : Qt::DescendingOrder}});
        b.source->apply(batch);
        QCOMPARE(b.table.currentId(), u"id-150"_s);
        QStringList selected = b.table.selectedIds();
        selected.sort();
        QCOMPARE(selected, (QStringList{u"id-150"_s, u"id-7"_s}));
    }
    QCOMPARE(current.size(), 0);
}

void TestCommonTableRows::scrollSurvivesUpdates()
{
    Bench b(2000);
    auto* bar = b.view()->verticalScrollBar();
    bar->setValue(20'007);
    const QString top = b.idAtY(20);
    for (int step = 0; step < 20; ++step) {
        std::vector<RowPtr> rows;
        // Above all others: their name begins with a.
        for (int i = 0; i < (step % 2 ? 3 : 60); ++i)
            rows.push_back(
                pod({.id = u"new-%1-%2"_s.arg(step).arg(i), .space = u"a"_s, .name = u"a-%1-%2"_s.arg(step).arg(i)}));
        b.source->put(rows);
        QCOMPARE(b.idAtY(20), top);
    }
    // With the current row on the screen, that one keeps its place.
    b.view()->setCurrentIndex(b.model()->index(b.view()->rowAt(200), 1));
    const int y = b.view()->visualRect(b.view()->currentIndex()).top();
    b.source->remove({u"new-0-1"_s, u"new-0-2"_s, u"new-1-1"_s});
    QCOMPARE(b.view()->visualRect(b.view()->currentIndex()).top(), y);
    QCOMPARE(b.view()->frozen()->verticalScrollBar()->value(), bar->value());
}

void TestCommonTableRows::topStaysTop()
{
    Bench b;
    QCOMPARE(b.view()->verticalScrollBar()->value(), 0);
    b.source->put({pod({.id = u"first"_s, .space = u"a"_s, .name = u"a"_s})});
    QCOMPARE(b.view()->verticalScrollBar()->value(), 0);
    QCOMPARE(b.idAtY(10), u"first"_s);
}

void TestCommonTableRows::currentSurvivesFilter()
{
    Bench b;
    b.table.setCurrentId(u"id-1"_s); // Running
    QSignalSpy current(&b.table, &DataTable::currentChanged);
    b.table.setFilterText(u"status:pending"_s);
    QCOMPARE(b.table.currentId(), QString()); // away, and no stranger in its place
    QCOMPARE(b.table.selectedIds(), QStringList());
    b.table.setFilterText({});
    QCOMPARE(b.table.currentId(), u"id-1"_s);
    QCOMPARE(b.table.selectedIds(), QStringList{u"id-1"_s});
    QCOMPARE(current.size(), 0);
}

void TestCommonTableRows::bigResetKeepsSelection()
{
    Bench b(TableModel::inlineLimit + 1000);
    QTRY_COMPARE(b.model()->rowCount(), TableModel::inlineLimit + 1000);
    b.table.setCurrentId(u"id-2500"_s);
    b.view()->selectionModel()->select(b.model()->index(b.model()->rowOf(u"id-40"_s), 0),
                                       QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QSignalSpy reset(b.model(), &QAbstractItemModel::modelReset);
    b.source->reset(manyPods(TableModel::inlineLimit + 2000));
    QTRY_COMPARE(reset.size(), 1);
    QTRY_COMPARE(b.model()->rowCount(), TableModel::inlineLimit + 2000);
    QCOMPARE(b.table.currentId(), u"id-2500"_s);
    QStringList selected = b.table.selectedIds();
    selected.sort();
    QCOMPARE(selected, (QStringList{u"id-2500"_s, u"id-40"_s}));
}

void TestCommonTableRows::deletedCurrentRow()
{
    Bench b;
    b.table.setCurrentId(u"id-10"_s);
    const int row = b.model()->rowOf(u"id-10"_s);
    b.source->remove({u"id-10"_s});
    // A neighbour takes over, so that the arrows go on from there.
    QVERIFY(b.view()->currentIndex().isValid());
    QVERIFY(qAbs(b.view()->currentIndex().row() - row) <= 1);
}

void TestCommonTableRows::focusSurvives()
{
    Bench b;
    b.table.focusTable();
    QTRY_VERIFY(b.view()->hasFocus());
    b.source->reset(manyPods(120));
    QVERIFY(b.view()->hasFocus());
    b.model()->setSortKeys({{4, Qt::DescendingOrder}});
    QVERIFY(b.view()->hasFocus());
    QTest::keyClick(b.view(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(b.view()->currentIndex().row(), 0);
    QTest::keyClick(b.view(), Qt::Key_Down);
    QCOMPARE(b.view()->currentIndex().row(), 1);
}

void TestCommonTableRows::activation()
{
    Bench b;
    QSignalSpy activated(&b.table, &DataTable::activated);
    QSignalSpy current(&b.table, &DataTable::currentChanged);
    b.table.setCurrentId(u"id-5"_s);
    QCOMPARE(current.size(), 1);
    QTest::keyClick(b.view(), Qt::Key_Return);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().toString(), u"id-5"_s);
    const QRect cell = b.view()->frozen()->visualRect(b.view()->currentIndex());
    QTest::mouseClick(b.view()->frozen()->viewport(), Qt::LeftButton, {}, cell.center());
    QTest::mouseDClick(b.view()->frozen()->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(activated.size(), 2);
    // A row that is not there yet becomes current when it comes.
    b.table.setCurrentId(u"tomorrow"_s);
    QCOMPARE(b.table.currentId(), QString());
    b.source->put({pod({.id = u"tomorrow"_s, .space = u"z"_s, .name = u"z"_s})});
    QCOMPARE(b.table.currentId(), u"tomorrow"_s);
}

void TestCommonTableRows::typeAhead()
{
    Bench b;
    b.table.focusTable();
    QTest::keyClicks(b.view(), u"pod-17"_s);
    QCOMPARE(b.model()->rowAt(b.view()->currentIndex().row())->name.left(6), u"pod-17"_s);
}

void TestCommonTableRows::guiThreadSpeed()
{
    // Printed, not asserted: the view's share of the work on a hundred and fifty thousand rows.
    Bench b(0);
    QElapsedTimer timer;
    b.source->reset(manyPods(150'000));
    QTRY_COMPARE_WITH_TIMEOUT(b.model()->rowCount(), 150'000, 60'000);
    b.view()->verticalScrollBar()->setValue(1'000'000);
    b.view()->setCurrentIndex(b.model()->index(b.view()->rowAt(100), 1));
    for (const int changes : {10, 24, 25, 100, 1000}) {
        QRandomGenerator random(3);
        double longest = 0;
        for (int round = 0; round < 10; ++round) {
            std::vector<RowPtr> rows;
            for (int i = 0; i < changes; ++i)
                rows.push_back(randomPod(random, u"id-%1"_s.arg((round * 1000 + i) * 13)));
            timer.start();
            b.source->put(std::move(rows));
            QApplication::processEvents();
            longest = std::max(longest, double(timer.nsecsElapsed()) / 1e6);
        }
        qInfo("%d rows changed in a batch, with painting: longest %.1f ms", changes, longest);
    }
    QVERIFY(b.view()->currentIndex().isValid());
}

QTEST_MAIN(TestCommonTableRows)
#include "test_common_table_rows.moc"
