// SPDX-License-Identifier: GPL-3.0-or-later
#include "../table/TableFixture.h"

#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FilterBar.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"
#include "widgets/common/TableHeader.h"
#include "widgets/common/Theme.h"

#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;
using namespace wk::widgets;

namespace {

class AnsweringDialogs final : public FileDialogs
{
public:
    QString answer;
    QString suggested;
    void saveFile(QWidget*, const QString&, const QString& suggestedName, const QString&,
                  std::function<void(const QString&)> done) override
    {
        suggested = suggestedName;
        done(answer);
    }
    void openFile(QWidget*, const QString&, const QString&, std::function<void(const QString&)> done) override
    {
        done(answer);
    }
};

std::vector<RowPtr> manyPods(int count)
{
    std::vector<RowPtr> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back(pod({.id = u"id-%1"_s.arg(i),
                            .space = i % 2 ? u"shop"_s : u"kube-system"_s,
                            .name = u"pod-%1"_s.arg(i),
                            .status = i % 3 ? u"Running"_s : u"Pending"_s,
                            .restarts = i % 10,
                            .ageMs = i * 60'000LL}));
    return rows;
}

struct Bench
{
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(nowMs);
    std::shared_ptr<HandSource> source = std::make_shared<HandSource>();
    DataTable table{clock};

    explicit Bench(int rows = 300)
    {
        source->reset(manyPods(rows));
        table.setSubject(u"Pods"_s);
        table.setSource(source);
        table.resize(900, 500);
        table.show();
        QVERIFY(QTest::qWaitForWindowActive(&table));
    }
    template <typename T>
    T* find(const char* name) const
    {
        return table.findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] FrozenTableView* view() const { return table.view(); }
    [[nodiscard]] TableModel* model() const { return table.model(); }
    [[nodiscard]] QString idAtY(int y) const
    {
        return model()->index(view()->rowAt(y), 0).data(TableModel::RowIdRole).toString();
    }
};

} // namespace

class TestCommonTable : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void filterByTyping();
    void filterErrorKeepsRows();
    void filterKeys();
    void completionInserts();
    void selectionSurvivesUpdates();
    void scrollSurvivesUpdates();
    void topStaysTop();
    void currentSurvivesFilter();
    void bigResetKeepsSelection();
    void deletedCurrentRow();
    void focusSurvives();
    void states();
    void staleIsSaid();
    void sortByHeader();
    void columnLayout();
    void columnChooser();
    void frozenColumns();
    void copy();
    void exportCsv();
    void rowMenu();
    void activation();
    void typeAhead();
    void stateRoundTrip();
    void widthsStay();
    void cutTextsTakeTheRoom();
    void accessibleNames();
    void guiThreadSpeed();

private:
    Theme m_theme;
};

void TestCommonTable::initTestCase() { m_theme.apply(*qApp); }

void TestCommonTable::filterByTyping()
{
    Bench b;
    QSignalSpy changed(&b.table, &DataTable::filterChanged);
    QTest::keyClicks(b.find<QLineEdit>("filterEdit"), u"status:pending"_s);
    QCOMPARE(changed.size(), 0); // after the pause, not with every key
    QTRY_COMPARE(b.model()->rowCount(), 100);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(b.find<QLabel>("filterCount")->text(), u"100 of 300"_s);
    b.table.setFilterText({});
    QCOMPARE(b.find<QLabel>("filterCount")->text(), u"300"_s);
}

void TestCommonTable::filterErrorKeepsRows()
{
    Bench b;
    b.table.setFilterText(u"status:pending"_s);
    b.table.setFilterText(u"statsu:running"_s);
    QCOMPARE(b.model()->rowCount(), 100);
    QVERIFY(b.find<QLabel>("filterError")->isVisible());
    QVERIFY2(b.find<QLabel>("filterError")->text().contains(u"status"_s),
             qPrintable(b.find<QLabel>("filterError")->text()));
    b.table.setFilterText(u"status:running"_s);
    QVERIFY(!b.find<QLabel>("filterError")->isVisible());
    QCOMPARE(b.model()->rowCount(), 200);
}

void TestCommonTable::filterKeys()
{
    Bench b;
    b.table.focusTable();
    QTest::keyClicks(b.view(), u"/"_s);
    auto* edit = b.find<QLineEdit>("filterEdit");
    QTRY_VERIFY(edit->hasFocus());
    QVERIFY(edit->text().isEmpty());
    QTest::keyClicks(edit, u"shop"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(b.model()->rowCount(), 150); // Enter does not wait
    QTRY_VERIFY(b.view()->hasFocus());
    b.table.focusFilter();
    QTest::keyClick(edit, Qt::Key_Escape);
    QCOMPARE(edit->text(), QString());
    QCOMPARE(b.model()->rowCount(), 300);
    QVERIFY(edit->hasFocus());
    QTest::keyClick(edit, Qt::Key_Escape);
    QTRY_VERIFY(b.view()->hasFocus());
}

void TestCommonTable::completionInserts()
{
    Bench b;
    auto* edit = b.find<QLineEdit>("filterEdit");
    b.table.focusFilter();
    QTest::keyClicks(edit, u"stat"_s);
    auto* popup = b.table.findChild<QCompleter*>()->popup();
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QCOMPARE(edit->text(), u"status:"_s);
    QTRY_VERIFY(popup->isVisible()); // and now the values
    QVERIFY2(popup->model()->index(0, 0).data().toString().startsWith(u"Running"_s),
             qPrintable(popup->model()->index(0, 0).data().toString()));
}

void TestCommonTable::selectionSurvivesUpdates()
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

void TestCommonTable::scrollSurvivesUpdates()
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

void TestCommonTable::topStaysTop()
{
    Bench b;
    QCOMPARE(b.view()->verticalScrollBar()->value(), 0);
    b.source->put({pod({.id = u"first"_s, .space = u"a"_s, .name = u"a"_s})});
    QCOMPARE(b.view()->verticalScrollBar()->value(), 0);
    QCOMPARE(b.idAtY(10), u"first"_s);
}

void TestCommonTable::currentSurvivesFilter()
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

void TestCommonTable::bigResetKeepsSelection()
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

void TestCommonTable::deletedCurrentRow()
{
    Bench b;
    b.table.setCurrentId(u"id-10"_s);
    const int row = b.model()->rowOf(u"id-10"_s);
    b.source->remove({u"id-10"_s});
    // A neighbour takes over, so that the arrows go on from there.
    QVERIFY(b.view()->currentIndex().isValid());
    QVERIFY(qAbs(b.view()->currentIndex().row() - row) <= 1);
}

void TestCommonTable::focusSurvives()
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

void TestCommonTable::states()
{
    Bench b(0);
    b.table.setEmptyText(u"No pods in shop"_s, u"A deployment would start some"_s);
    auto* state = b.find<StateView>("stateView");
    QVERIFY(state->isVisible());
    QCOMPARE(state->state(), StateView::State::Empty);
    QCOMPARE(state->title(), u"No pods in shop"_s);
    const Error error{Error::Kind::Network, u"The connection was refused"_s, u"errno 111"_s, u"Start the server"_s};
    b.source->setFreshness({Freshness::State::Loading, 0, nowMs, std::nullopt});
    QCOMPARE(state->state(), StateView::State::Loading);
    b.source->setFreshness({Freshness::State::Failed, 0, nowMs, error});
    QCOMPARE(state->state(), StateView::State::Failed);
    QVERIFY2(state->text().contains(u"refused"_s) && state->text().contains(u"Start the server"_s),
             qPrintable(state->text()));
    QSignalSpy retry(&b.table, &DataTable::retryRequested);
    b.find<QPushButton>("stateAction")->click();
    QCOMPARE(retry.size(), 1);
    b.source->setFreshness({Freshness::State::Unavailable, 0, nowMs, error});
    QCOMPARE(state->state(), StateView::State::Unavailable);
    QVERIFY(!b.find<QPushButton>("stateAction")->isVisible());
    b.source->setFreshness({Freshness::State::Live, nowMs, nowMs, std::nullopt});
    b.source->put(manyPods(3));
    QVERIFY(!state->isVisible());
    QVERIFY(b.view()->isVisible());
    b.table.setFilterText(u"nobody"_s);
    QCOMPARE(state->state(), StateView::State::FilteredEmpty);
    QVERIFY(state->isVisible());
    b.find<QPushButton>("stateAction")->click();
    QCOMPARE(b.table.filterText(), QString());
    QCOMPARE(b.model()->rowCount(), 3);
    QCOMPARE(retry.size(), 1);
    QVERIFY(b.view()->isVisible());
}

void TestCommonTable::staleIsSaid()
{
    Bench b;
    auto* banner = b.find<StaleBanner>("staleBanner");
    auto* label = b.find<FreshnessLabel>("freshness");
    QVERIFY(!banner->isVisible());
    QCOMPARE(label->text(), u"Live"_s);
    b.source->setFreshness({Freshness::State::Stale, nowMs - 120'000, nowMs - 100'000,
                            Error{Error::Kind::Network, u"The server does not answer"_s, {}, {}}});
    QVERIFY(banner->isVisible());
    QCOMPARE(label->text(), u"Stale since 22:11:20 (2 m)"_s);
    QVERIFY2(banner->text().contains(u"does not answer"_s), qPrintable(banner->text()));
    QVERIFY(b.view()->isVisible()); // the rows stay
    b.source->setFreshness({Freshness::State::Live, nowMs, nowMs, std::nullopt});
    QVERIFY(!banner->isVisible());
}

void TestCommonTable::sortByHeader()
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

void TestCommonTable::columnLayout()
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

void TestCommonTable::columnChooser()
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

void TestCommonTable::frozenColumns()
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

void TestCommonTable::copy()
{
    Bench b;
    b.table.setCurrentId(u"id-3"_s);
    b.view()->setCurrentIndex(b.model()->index(b.model()->rowOf(u"id-3"_s), 1));
    QTest::keyClick(b.view(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), u"pod-3"_s);
    QTest::keyClick(b.view(), Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(b.table.selectedIds().size(), 2);
    QTest::keyClick(b.view(), Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith(u"namespace\tname\tready"_s));
    QVERIFY(!lines[0].contains(u"labels"_s)); // what is hidden is not copied
    b.table.copyAs(ExportFormat::JsonLines);
    QVERIFY(QApplication::clipboard()->text().startsWith(u'{'));
}

void TestCommonTable::exportCsv()
{
    Bench b;
    QTemporaryDir dir;
    auto dialogs = std::make_shared<AnsweringDialogs>();
    dialogs->answer = dir.filePath(u"out.csv"_s);
    b.table.setFileDialogs(dialogs);
    b.table.setFilterText(u"status:pending"_s);
    QSignalSpy notice(&b.table, &DataTable::notice);
    b.find<QToolButton>("exportButton")->click();
    QTRY_COMPARE(notice.size(), 1);
    QVERIFY2(notice.first().first().toString().contains(u"100"_s), qPrintable(notice.first().first().toString()));
    QCOMPARE(dialogs->suggested, u"pods-20231114-2213.csv"_s);
    QFile file(dialogs->answer);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("\r\n"), 101);
    dialogs->answer.clear(); // the person thinks better of it
    b.find<QToolButton>("exportButton")->click();
    QCOMPARE(notice.size(), 1);
    dialogs->answer = u"/nonexistent/x.csv"_s;
    b.find<QToolButton>("exportButton")->click();
    QTRY_COMPARE(notice.size(), 2);
    QVERIFY(notice.last().first().toString().contains(u"/nonexistent/x.csv"_s));
}

void TestCommonTable::rowMenu()
{
    Bench b;
    QString asked;
    connect(&b.table, &DataTable::contextMenuRequested, this, [&](QMenu* menu, const QString& id) {
        asked = id;
        menu->addAction(u"Panel's own"_s);
    });
    const auto openMenu = [&](int column) {
        const int row = b.model()->rowOf(u"id-3"_s);
        emit b.view()->cellMenuRequested(b.model()->index(row, column), QPoint(10, 10));
        return b.find<QMenu>("rowMenu");
    };
    QMenu* menu = openMenu(3);
    QVERIFY(menu && menu->isVisible());
    QCOMPARE(asked, u"id-3"_s);
    QCOMPARE(b.table.currentId(), u"id-3"_s);
    menu->findChild<QAction*>(u"onlyValue"_s)->trigger();
    QCOMPARE(b.table.filterText(), u"status=Pending"_s);
    QCOMPARE(b.model()->rowCount(), 100);
    delete menu;
    menu = openMenu(0);
    menu->findChild<QAction*>(u"excludeValue"_s)->trigger();
    QCOMPARE(b.table.filterText(), u"status=Pending -namespace=shop"_s);
    menu->findChild<QAction*>(u"copyCell"_s)->trigger();
    QCOMPARE(QApplication::clipboard()->text().isEmpty(), false);
    delete menu;
    b.table.setFilterText({});
    menu = openMenu(5);
    QVERIFY(!menu->findChild<QAction*>(u"onlyValue"_s)); // an age is nobody else's
    menu->findChild<QAction*>(u"copyCsv"_s)->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith(u"namespace,name"_s));
}

void TestCommonTable::activation()
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

void TestCommonTable::typeAhead()
{
    Bench b;
    b.table.focusTable();
    QTest::keyClicks(b.view(), u"pod-17"_s);
    QCOMPARE(b.model()->rowAt(b.view()->currentIndex().row())->name.left(6), u"pod-17"_s);
}

void TestCommonTable::stateRoundTrip()
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

void TestCommonTable::widthsStay()
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

void TestCommonTable::cutTextsTakeTheRoom()
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

void TestCommonTable::accessibleNames()
{
    Bench b;
    for (const QWidget* widget : b.table.findChildren<QWidget*>()) {
        const bool reachable = widget->focusPolicy() != Qt::NoFocus && widget->isVisible() && !widget->focusProxy() &&
                               !qobject_cast<const QScrollBar*>(widget) && !widget->inherits("QHeaderView");
        if (!reachable || widget->objectName().startsWith(u"qt_"_s) || qobject_cast<const QLabel*>(widget))
            continue;
        const QString name =
            QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget))->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty(), qPrintable(u"%1 %2"_s.arg(QString::fromLatin1(widget->metaObject()->className()),
                                                            widget->objectName())));
    }
}

void TestCommonTable::guiThreadSpeed()
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

QTEST_MAIN(TestCommonTable)
#include "test_common_table.moc"
