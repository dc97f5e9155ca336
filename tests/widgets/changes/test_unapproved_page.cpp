// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of unapproved changes: who, what, and the three ways on.
#include "ChangesFixture.h"

#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/unapproved/RestoreDialog.h"
#include "widgets/changes/unapproved/UnapprovedPage.h"
#include "widgets/common/StateView.h"

#include <QtGui/QAction>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTextBrowser>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::DeskStatus;
using changes::UnapprovedItem;

class TestUnapprovedPage : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init()
    {
        openPanel();
        stories::unapprovedNight(*unapproved, *clock);
        panel->showPart(u"unapproved"_s);
    }
    void cleanup() { closePanel(); }

    void theListTellsWhoAndWhat();
    void controllersAreFoldedAway();
    void oneInFull();
    void offersSayWhyNot();
    void afterTheFactWithAPlan();
    void afterTheFactWithoutAPlan();
    void restoringIsProposedOrDone();
    void dismissingNeedsAReason();
    void fourStates();
    void theBannerLeadsThere();
    void whatIsSettledElsewhereLeaves();
    void keysAreEnough();
    void narrowShowsOneThing();

private:
    UnapprovedPage* page() { return panel->unapproved(); }
    QString keyOf(qint64 id)
    {
        const auto& items = unapproved->items();
        const auto it = std::ranges::find(items, id, &UnapprovedItem::id);
        return it == items.end() ? QString() : it->key();
    }
    QStringList column(const QString& id)
    {
        QStringList out;
        const auto columns = UnapprovedTable::allColumns();
        const auto at = std::ranges::find(columns, id, &table::Column::id) - columns.begin();
        for (const auto& row : page()->dataTable()->model()->visibleRows())
            out << std::get<QString>(row->cells[size_t(at)]);
        return out;
    }
    QString text(const QString& label) { return part<QLabel>(label)->text(); }
    QPushButton* button(const char* name) { return part<QPushButton>(QString::fromLatin1(name)); }
};

void TestUnapprovedPage::theListTellsWhoAndWhat()
{
    QCOMPARE(panel->nav()->count(u"unapproved"_s), 3);
    QCOMPARE(column(u"object"_s),
             (QStringList{u"deployment api-gateway in streamgate"_s, u"deployment transcoder in streamgate"_s,
                          u"config map edge-cache in streamgate"_s}));
    QCOMPARE(column(u"who"_s), (QStringList{u"kubectl-edit"_s, u"not noted by the server"_s, u"kubectl-patch"_s}));
    QCOMPARE(column(u"what"_s).at(1), u"spec.replicas from 6 to 2"_s);
    QCOMPARE(column(u"cluster"_s).first(), u"production"_s);
    QCOMPARE(column(u"state"_s), (QStringList{u"open"_s, u"open"_s, u"request 2: submitted"_s}));
    QCOMPARE(text(u"unapprovedWatched"_s), u"StreamGate, production: 214 objects are watched."_s);
}

void TestUnapprovedPage::controllersAreFoldedAway()
{
    const auto actions = page()->findChildren<QAction*>();
    const auto fold = std::ranges::find_if(actions, [](const QAction* a) { return a->text() == u"Controllers (1)"; });
    QVERIFY(fold != actions.end());
    QVERIFY(!(*fold)->isChecked());
    (*fold)->trigger();
    QCOMPARE(column(u"object"_s).size(), 4);
    QVERIFY(column(u"who"_s).contains(u"The autoscaler (kube-controller-manager)"_s));
    QCOMPARE(panel->nav()->count(u"unapproved"_s), 3); // it calls for nobody
    QVERIFY(states->kept.value(u"changes-unapproved"_s).value(u"controllers"_s).toBool());
    (*fold)->trigger();
    QCOMPARE(column(u"object"_s).size(), 3);
}

void TestUnapprovedPage::oneInFull()
{
    page()->open(keyOf(7));
    QCOMPARE(text(u"unapprovedTitle"_s), u"deployment api-gateway in streamgate"_s);
    QCOMPARE(text(u"unapprovedWho"_s), u"kubectl-edit"_s);
    QVERIFY2(text(u"unapprovedWhen"_s).endsWith(u", 12 m ago"_s), qPrintable(text(u"unapprovedWhen"_s)));
    QCOMPARE(part<QLabel>(u"unapprovedWhen"_s)->toolTip(), u"2026-11-20 02:59:29 UTC"_s);
    QCOMPARE(text(u"unapprovedWhere"_s), u"cluster production of streamgate"_s);
    const QString shown = part<QTextBrowser>(u"unapprovedDifference"_s)->toPlainText();
    QVERIFY2(shown.contains(u"image: registry.example/api-gateway:3.9.4\n"_s) &&
                 shown.contains(u"image: registry.example/api-gateway:3.9.5-hotfix\n"_s),
             qPrintable(shown));
    QVERIFY(!shown.contains(u"LOG_LEVEL"_s) || shown.contains(u"  "_s)); // unchanged lines only as context
    QVERIFY2(shown.contains(u"What would bring it back"_s), qPrintable(shown));
    // What another cockpit saw is shown as it is on record.
    page()->open(keyOf(6));
    QVERIFY(part<QTextBrowser>(u"unapprovedDifference"_s)->toPlainText().contains(u"+ "_s));
    QVERIFY2(text(u"unapprovedSeen"_s).startsWith(u"boris, "_s), qPrintable(text(u"unapprovedSeen"_s)));
}

void TestUnapprovedPage::offersSayWhyNot()
{
    page()->open(keyOf(7));
    for (const char* name : {"unapprovedAccount", "unapprovedRestore", "unapprovedDismiss"})
        QVERIFY2(button(name)->isEnabled(), name);
    page()->open(keyOf(6));
    QVERIFY(button("unapprovedAccount")->isEnabled());
    QVERIFY(!button("unapprovedRestore")->isEnabled());
    QVERIFY2(button("unapprovedRestore")->toolTip().contains(u"was not watching when it happened"_s),
             qPrintable(button("unapprovedRestore")->toolTip()));
    page()->open(keyOf(5));
    QCOMPARE(button("unapprovedAccount")->toolTip(), u"Request 2 accounts for it."_s);
    QSignalSpy said(panel.get(), &ChangesPanel::notice);
    page()->view()->trigger(UnapprovedAct::Dismiss);
    QCOMPARE(said.size(), 1);
    QCOMPARE(said[0][0].toString(), u"Request 2 accounts for it."_s);
    QTest::mouseClick(button("unapprovedRequest"), Qt::LeftButton);
    QCOMPARE(panel->requestView()->number(), 2);
    // Who may only look.
    desk->become(u"vera"_s, {u"viewer"_s}, changes::Person::Totp::None);
    page()->open(keyOf(7));
    for (const char* name : {"unapprovedAccount", "unapprovedRestore", "unapprovedDismiss"})
        QVERIFY2(button(name)->toolTip().contains(u"no role"_s), qPrintable(button(name)->toolTip()));
}

void TestUnapprovedPage::afterTheFactWithAPlan()
{
    page()->open(keyOf(7));
    QTest::mouseClick(button("unapprovedAccount"), Qt::LeftButton);
    QVERIFY(panel->form()->isVisible());
    QVERIFY(panel->form()->plan());
    QCOMPARE(panel->form()->plan()->steps().first().name, u"setImage"_s);
    QCOMPARE(part<QLineEdit>(u"fieldTitle"_s)->text(), u"[api-gateway] - changed without a request"_s);
    const qint64 before = desk->rows().first().number;
    QTest::mouseClick(part<QPushButton>(u"formSave"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->rows().first().number, before + 1);
    const auto& made = desk->at(before + 1);
    QVERIFY(made.fields.afterTheFact);
    QCOMPARE(made.fields.unapproved, 7);
}

void TestUnapprovedPage::afterTheFactWithoutAPlan()
{
    page()->open(keyOf(6));
    QTest::mouseClick(button("unapprovedAccount"), Qt::LeftButton);
    QVERIFY(panel->form()->isVisible());
    QVERIFY(!panel->form()->plan());
    QVERIFY(!part<QWidget>(u"formPlatform"_s)->isVisible()); // there is no plan to write
    const qint64 before = desk->rows().first().number;
    QVERIFY2(part<QPushButton>(u"formSave"_s)->isEnabled(), qPrintable(part<QPushButton>(u"formSave"_s)->toolTip()));
    QTest::mouseClick(part<QPushButton>(u"formSave"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->rows().first().number, before + 1);
    const auto& made = desk->at(before + 1);
    QVERIFY(made.summary.afterTheFact);
    QCOMPARE(made.summary.platform, u"streamgate"_s);
    QCOMPARE(made.fields.unapproved, 6);
    QVERIFY2(made.fields.what.contains(u"spec.replicas from 6 to 2"_s), qPrintable(made.fields.what));
}

void TestUnapprovedPage::restoringIsProposedOrDone()
{
    const auto dialog = [this] {
        page()->open(keyOf(7));
        QTest::mouseClick(button("unapprovedRestore"), Qt::LeftButton);
        return page()->findChild<RestoreDialog*>();
    };
    RestoreDialog* first = dialog();
    QVERIFY(first);
    auto* now = first->findChild<QPushButton*>(u"restoreNow"_s);
    QTRY_VERIFY2(now->toolTip().contains(u"needs an approval"_s), qPrintable(now->toolTip()));
    QVERIFY(!now->isEnabled());
    auto* plan = first->findChild<QTextBrowser*>(u"planView"_s);
    QTRY_VERIFY2(plan->toPlainText().contains(u"api-gateway:3.9.4"_s), qPrintable(plan->toPlainText()));
    QTest::mouseClick(first->findChild<QPushButton*>(u"restorePropose"_s), Qt::LeftButton);
    QVERIFY(panel->form()->isVisible());
    QVERIFY(panel->form()->plan());
    QVERIFY(!panel->form()->plan()->steps().isEmpty());
    QCOMPARE(part<QLineEdit>(u"fieldTitle"_s)->text(), u"[api-gateway] - restore what was there"_s);
    // In development it may be done at once.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    means->klass = platform::ClusterClass::Development;
    panel->showPart(u"unapproved"_s);
    RestoreDialog* second = dialog();
    QVERIFY(second);
    now = second->findChild<QPushButton*>(u"restoreNow"_s);
    QTRY_VERIFY2(now->isEnabled(), qPrintable(now->toolTip()));
    QTest::mouseClick(now, Qt::LeftButton);
    QCOMPARE(means->done.size(), 1);
}

void TestUnapprovedPage::dismissingNeedsAReason()
{
    page()->open(keyOf(7));
    QTest::mouseClick(button("unapprovedDismiss"), Qt::LeftButton);
    auto* question = page()->findChild<QWidget*>(u"decisionBar"_s);
    QVERIFY(question->isVisible());
    auto* confirm = question->findChild<QPushButton*>(u"decisionConfirm"_s);
    auto* reason = question->findChild<QLineEdit*>(u"decisionText"_s);
    QVERIFY(!confirm->isEnabled());
    QTest::keyClicks(reason, u"A drill, announced"_s);
    unapproved->refusal = Error{Error::Kind::Network, u"The store is away."_s, {}, {}};
    QTest::mouseClick(confirm, Qt::LeftButton);
    auto* problem = question->findChild<QLabel*>(u"decisionError"_s);
    QTRY_VERIFY2(problem->text().contains(u"The store is away."_s), qPrintable(problem->text()));
    QTest::mouseClick(confirm, Qt::LeftButton);
    QTRY_COMPARE(unapproved->reasons, QStringList{u"7: A drill, announced"_s});
    QTRY_COMPARE(column(u"object"_s).size(), 2);
    QTRY_VERIFY(!page()->view()->isVisible());
    QCOMPARE(panel->nav()->count(u"unapproved"_s), 2);
}

void TestUnapprovedPage::fourStates()
{
    auto* state = page()->dataTable()->findChild<StateView*>(u"stateView"_s);
    unapproved->setItems({});
    QTRY_COMPARE(state->title(), u"Nobody changed anything without a request"_s);
    QVERIFY2(state->text().contains(u"autoscalers"_s), qPrintable(state->text()));
    QVERIFY(!state->text().contains(u"No cluster"_s));
    unapproved->setWatched({});
    QTRY_VERIFY2(state->text().contains(u"No cluster of a platform is open here"_s), qPrintable(state->text()));
    DeskStatus status;
    unapproved->setStatus(status);
    QTRY_COMPARE(state->state(), StateView::State::Loading);
    status.state = DeskStatus::State::Failed;
    status.error = Error{Error::Kind::Forbidden, u"You have no role."_s, {}, {}};
    unapproved->setStatus(status);
    QTRY_COMPARE(state->state(), StateView::State::Failed);
    QVERIFY2(state->text().contains(u"You have no role."_s), qPrintable(state->text()));
    emit state->actionTriggered();
    QCOMPARE(unapproved->refreshes, 1);
    stories::unapprovedNight(*unapproved, *clock);
    status.state = DeskStatus::State::Stale;
    status.asOf = QDateTime::fromMSecsSinceEpoch(clock->nowMs() - 60'000, Qt::UTC);
    unapproved->setStatus(status);
    QTRY_VERIFY(page()->dataTable()->findChild<QWidget*>(u"staleBanner"_s)->isVisible());
    QCOMPARE(column(u"object"_s).size(), 3);
}

void TestUnapprovedPage::theBannerLeadsThere()
{
    panel->showPart(u"mine"_s);
    desk->notice(u"unapproved"_s, 7, u"kubectl-edit changed deployment api-gateway."_s);
    auto* banner = part<LoudBanner>(u"changesNotice"_s);
    QVERIFY(banner->isVisible());
    auto* action = banner->findChild<QPushButton*>(u"loudAction"_s);
    QCOMPARE(action->text(), u"Show it"_s);
    QTest::mouseClick(action, Qt::LeftButton);
    QVERIFY(banner->isHidden());
    QCOMPARE(panel->currentPart(), u"unapproved"_s);
    QCOMPARE(page()->view()->key(), keyOf(7));
}

void TestUnapprovedPage::whatIsSettledElsewhereLeaves()
{
    page()->open(keyOf(7));
    QSignalSpy said(panel.get(), &ChangesPanel::notice);
    auto items = unapproved->items();
    items.removeIf([](const UnapprovedItem& item) { return item.id == 7; });
    unapproved->setItems(items);
    QVERIFY(!page()->view()->isVisible());
    QCOMPARE(said.size(), 1);
    QVERIFY2(said[0][0].toString().contains(u"accounted for"_s), qPrintable(said[0][0].toString()));
    page()->open(u"gone"_s);
    QVERIFY(!page()->view()->isVisible());
    QCOMPARE(said.size(), 2);
}

void TestUnapprovedPage::keysAreEnough()
{
    page()->dataTable()->focusTable();
    page()->dataTable()->setCurrentId(keyOf(7));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_VERIFY(page()->view()->isVisible());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_I);
    auto* question = page()->findChild<QWidget*>(u"decisionBar"_s);
    QVERIFY(question->isVisible());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(!question->isVisible());
    QVERIFY(page()->view()->isVisible());
    page()->dataTable()->focusTable();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(!page()->view()->isVisible());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_F);
    QVERIFY(panel->form()->isVisible());
}

void TestUnapprovedPage::narrowShowsOneThing()
{
    panel->resize(960, 640);
    QVERIFY(page()->dataTable()->isVisible());
    page()->open(keyOf(7));
    QVERIFY(page()->view()->isVisible());
    QVERIFY(!page()->dataTable()->isVisible());
    part<QAbstractButton>(u"unapprovedClose"_s)->click(); // before a layout has given it a place
    QVERIFY(page()->dataTable()->isVisible());
    QVERIFY(!page()->view()->isVisible());
}

QTEST_MAIN(TestUnapprovedPage)
#include "test_unapproved_page.moc"
