// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableBench.h"

#include "widgets/common/TableHeader.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;
using namespace wk::widgets;

/// Columns: order, width, which of them, and the frozen ones.
class TestCommonTableColumns : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sortByHeader();
    void columnLayout();
    void columnChooser();
    void frozenColumns();
    void stateRoundTrip();
    void widthsStay();
    void cutTextsTakeTheRoom();

private:
    Theme m_theme;
};

void TestCommonTableColumns::initTestCase() { m_theme.apply(*qApp); }

void TestCommonTableColumns::sortByHeader()
{
    Bench b;
    const auto click = [&](int column, Qt::KeyboardModifiers modifiers) {
        QHeaderView* header = column <= 1 ? b.view()->frozenHeader() : b.view()->header();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers,
                          QPoint(header->sectionViewportPosition(column) + header->sectionSize(column) / 2, 10));
    };
    click(4, Qt::NoModifier);
    QCOMPARE(b.model()->sortKeys(), (SortKeys{{4, Qt::DescendingOrder}})); // the most restarts first
    click(4, Qt::NoModifier);
    QCOMPARE(b.model()->sortKeys(), (SortKeys{{4, Qt::AscendingOrder}}));
    click(4, Qt::NoModifier);
    QCOMPARE(b.model()->sortKeys(), SortKeys{});
    click(1, Qt::NoModifier);
    QCOMPARE(b.model()->sortKeys(), (SortKeys{{1, Qt::AscendingOrder}}));
}

void TestCommonTableColumns::columnLayout()
{
    Bench b;
    QVERIFY(b.view()->isColumnHidden(9)); // labels are wide
    ColumnLayout layout;
    layout.shown = {{u"labels"_s, true}, {u"cpu"_s, false}};
    layout.order = {u"name"_s, u"status"_s, u"namespace"_s};
    layout.widths = {{u"status"_s, 222}};
    b.table.setColumnLayout(layout);
    QVERIFY(!b.view()->isColumnHidden(9));
    QVERIFY(b.view()->isColumnHidden(6));
    QCOMPARE(b.view()->header()->visualIndex(1), 0);
    QCOMPARE(b.view()->header()->logicalIndex(2), 3); // ready, not named, stays right of the name
    QCOMPARE(b.view()->columnWidth(3), 222);
    // A person drags a column and its edge: remembered by id.
    QSignalSpy changed(&b.table, &DataTable::stateChanged);
    b.view()->header()->resizeSection(3, 240);
    QCOMPARE(b.table.columnLayout().widths.value(u"status"_s), 240);
    b.view()->header()->moveSection(b.view()->header()->visualIndex(4), 1);
    QCOMPARE(b.table.columnLayout().order.value(1), u"restarts"_s);
    QVERIFY(changed.size() >= 2);
    b.table.setColumnLayout({});
    QCOMPARE(b.view()->header()->visualIndex(0), 0);
}

void TestCommonTableColumns::columnChooser()
{
    Bench b;
    b.find<QToolButton>("columnsButton")->click();
    auto* list = b.find<QListWidget>("columnList");
    QVERIFY(list && list->isVisible());
    QCOMPARE(list->count(), int(podColumns().size()));
    QCOMPARE(list->item(9)->checkState(), Qt::Unchecked);
    list->item(9)->setCheckState(Qt::Checked);
    QVERIFY(!b.view()->isColumnHidden(9));
    list->item(2)->setCheckState(Qt::Unchecked);
    QVERIFY(b.view()->isColumnHidden(2));
    b.find<QLineEdit>("columnFind")->setText(u"lab"_s);
    QVERIFY(list->item(0)->isHidden());
    QVERIFY(!list->item(9)->isHidden());
    b.find<QPushButton>("columnReset")->click();
    QVERIFY(!b.view()->isColumnHidden(2));
    QVERIFY(b.view()->isColumnHidden(9));
}

void TestCommonTableColumns::frozenColumns()
{
    Bench b;
    QCOMPARE(b.view()->frozenColumns(), 2); // namespace and name
    QTableView* frozen = b.view()->frozen();
    QVERIFY(frozen->isVisible());
    QVERIFY(!frozen->isColumnHidden(1));
    QVERIFY(frozen->isColumnHidden(2));
    QCOMPARE(frozen->width(), b.view()->columnWidth(0) + b.view()->columnWidth(1));
    b.table.resize(420, 400);
    b.view()->horizontalScrollBar()->setValue(b.view()->horizontalScrollBar()->maximum());
    QCOMPARE(frozen->columnViewportPosition(0), 0);
    // Going left with the arrow brings the cell out from under the frozen columns.
    b.view()->setCurrentIndex(b.model()->index(3, 5));
    QTest::keyClick(b.view(), Qt::Key_Left);
    QTest::keyClick(b.view(), Qt::Key_Left);
    QTest::keyClick(b.view(), Qt::Key_Left);
    QCOMPARE(b.view()->currentIndex().column(), 2);
    QVERIFY(b.view()->visualRect(b.view()->currentIndex()).left() >= frozen->width());
    // A click there selects here.
    QTest::mouseClick(frozen->viewport(), Qt::LeftButton, {}, frozen->visualRect(b.model()->index(4, 1)).center());
    QCOMPARE(b.view()->currentIndex(), b.model()->index(4, 1));
    QTRY_VERIFY(b.view()->hasFocus());
}

void TestCommonTableColumns::stateRoundTrip()
{
    QJsonObject saved;
    {
        Bench b;
        ColumnLayout layout;
        layout.shown = {{u"labels"_s, true}};
        layout.widths = {{u"name"_s, 333}};
        b.table.setColumnLayout(layout);
        b.table.setFilterText(u"restarts>5"_s);
        QTest::mouseClick(b.view()->header()->viewport(), Qt::LeftButton, {},
                          QPoint(b.view()->header()->sectionViewportPosition(4) + 20, 10));
        saved = b.table.saveState();
    }
    Bench b(0);
    b.table.restoreState(saved); // before there are rows
    b.source->put(manyPods(300));
    QCOMPARE(b.table.filterText(), u"restarts>5"_s);
    QCOMPARE(b.model()->rowCount(), 120);
    QCOMPARE(b.model()->sortKeys(), (SortKeys{{4, Qt::DescendingOrder}}));
    QCOMPARE(b.view()->columnWidth(1), 333);
    QVERIFY(!b.view()->isColumnHidden(9));
    QCOMPARE(b.table.saveState(), saved);
    b.table.restoreState({});
    QCOMPARE(b.model()->rowCount(), 300);
}

void TestCommonTableColumns::widthsStay()
{
    Bench b;
    const int width = b.view()->columnWidth(1);
    QVERIFY(width > 40);
    b.source->put({pod({.id = u"long"_s, .space = u"a"_s, .name = QString(80, u'x')})});
    QCOMPARE(b.view()->columnWidth(1), width);
    // A narrower window takes the spare room away, never what the content needs; a person's own width stays.
    b.table.resize(2000, 500);
    QTRY_VERIFY(b.view()->columnWidth(1) >= width);
    const int roomy = b.view()->columnWidth(1);
    b.table.resize(500, 500);
    QTRY_VERIFY(b.view()->columnWidth(1) < roomy);
    QVERIFY(b.view()->columnWidth(1) >= b.view()->fontMetrics().horizontalAdvance(u"pod-299"_s) + 16);
    b.view()->header()->resizeSection(1, 301);
    b.table.resize(1500, 500);
    QTRY_VERIFY(b.view()->columnWidth(0) > 60);
    QCOMPARE(b.view()->columnWidth(1), 301);
}

void TestCommonTableColumns::cutTextsTakeTheRoom()
{
    Bench b(0);
    b.source->reset({pod({.id = u"a"_s,
                          .space = u"shop"_s,
                          .name = u"api-0"_s,
                          .status = QString(200, u'x'),
                          .restarts = 0,
                          .ageMs = 60'000})});
    const int status = indexOfColumn(b.model()->columns(), u"status");
    QVERIFY(status >= 0);
    b.table.resize(2400, 500);
    QTRY_VERIFY(b.view()->columnWidth(status) > FrozenTableView::widestContent + 200);
    QCOMPARE(b.view()->horizontalScrollBar()->maximum(), 0);
    b.table.resize(700, 500);
    QTRY_VERIFY(b.view()->columnWidth(status) < FrozenTableView::widestContent);
    QVERIFY(b.view()->columnWidth(status) >= FrozenTableView::widestContent / 2);
}

QTEST_MAIN(TestCommonTableColumns)
#include "test_common_table_columns.moc"
