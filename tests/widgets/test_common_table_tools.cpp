// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableBench.h"

#include "widgets/common/FileDialogs.h"
#include "widgets/common/FilterBar.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
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

} // namespace

/// What stands around the rows: filter, states, menu, copies and exports.
class TestCommonTableTools : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void filterByTyping();
    void filterErrorKeepsRows();
    void filterKeys();
    void completionInserts();
    void states();
    void staleIsSaid();
    void copy();
    void exportCsv();
    void rowMenu();
    void accessibleNames();

private:
    Theme m_theme;
};

void TestCommonTableTools::initTestCase() { m_theme.apply(*qApp); }

void TestCommonTableTools::filterByTyping()
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

void TestCommonTableTools::filterErrorKeepsRows()
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

void TestCommonTableTools::filterKeys()
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

void TestCommonTableTools::completionInserts()
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

void TestCommonTableTools::states()
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

void TestCommonTableTools::staleIsSaid()
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

void TestCommonTableTools::copy()
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

void TestCommonTableTools::exportCsv()
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

void TestCommonTableTools::rowMenu()
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

void TestCommonTableTools::accessibleNames()
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

QTEST_MAIN(TestCommonTableTools)
#include "test_common_table_tools.moc"
