// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangesFixture.h"

#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/requests/QrCode.h"
#include "widgets/changes/requests/TotpDialog.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"

#include <QtGui/QAccessible>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QAbstractSpinBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::DeskStatus;
using changes::RequestState;

class TestChangesPanel : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init() { openPanel(); }
    void cleanup() { closePanel(); }
    void firstGlance();
    void listsFollowTheDesk();
    void statesOfTheDesk();
    void rewrittenRecordIsLoud();
    void noticesAreSeenOnce();
    void narrowPanelShowsOneThing();
    void linksToConflicts();
    void olderRequests();
    void oneTimeCodesAreSetUp();
    void everyFocusableWidgetHasAName();
};

void TestChangesPanel::firstGlance()
{
    QCOMPARE(panel->headline(), u"3 requests wait for you; 1 is running"_s);
    QCOMPARE(panel->currentPart(), u"waiting"_s);
    QCOMPARE(panel->nav()->count(u"waiting"_s), 3);
    QCOMPARE(panel->nav()->count(u"running"_s), 1);
    // What waits longest stands first: the review and the requests by their age.
    QCOMPARE(numbers(), (QStringList{u"2"_s, u"6"_s, u"1"_s}));
    // 40, 42, 112, 157 … minutes: the middle of those that people approved.
    QVERIFY2(part<QLabel>(u"changesFigure"_s)->text().startsWith(u"Approval takes "_s),
             qPrintable(part<QLabel>(u"changesFigure"_s)->text()));
    QVERIFY(part<QPushButton>(u"changesCodes"_s)->isHidden());
}

void TestChangesPanel::listsFollowTheDesk()
{
    panel->showPart(u"running"_s);
    QCOMPARE(numbers(), QStringList{u"4"_s});
    panel->showPart(u"mine"_s);
    QCOMPARE(numbers(), (QStringList{u"5"_s, u"3"_s}));
    panel->showPart(u"history"_s);
    QCOMPARE(numbers().first(), u"11"_s);
    QVERIFY(numbers().contains(u"6"_s)); // verified, and it owes a review
    panel->showPart(u"running"_s);
    desk->at(4).summary.state = RequestState::Verified;
    desk->touch(4);
    QCOMPARE(numbers(), QStringList());
    QCOMPARE(panel->nav()->count(u"running"_s), 0);
    QCOMPARE(panel->headline(), u"3 requests wait for you"_s);
    auto* state = panel->dataTable()->findChild<StateView*>(u"stateView"_s);
    QCOMPARE(state->title(), u"Nothing is being carried out"_s);
    // A dead lease calls louder than anything.
    desk->at(4).summary.state = RequestState::Running;
    desk->at(4).summary.leaseDead = true;
    desk->touch(4);
    QCOMPARE(panel->dataTable()->model()->rowAt(0)->health, table::Health::Bad);
}

void TestChangesPanel::statesOfTheDesk()
{
    DeskStatus status = desk->status();
    status.state = DeskStatus::State::Stale;
    status.error = Error{Error::Kind::Network, u"The store does not answer."_s, {}, {}};
    desk->setStatus(status);
    auto* banner = panel->dataTable()->findChild<QWidget*>(u"staleBanner"_s);
    QTRY_VERIFY(banner->isVisible());
    QVERIFY2(banner->accessibleName().contains(u"The store does not answer."_s), qPrintable(banner->accessibleName()));
    open(1);
    for (const RequestOffer& offer : panel->requestView()->offers())
        QVERIFY2(!offer.enabled(), qPrintable(offer.title)); // nothing is promised on old knowledge
    status.state = DeskStatus::State::Failed;
    desk->setStatus(status);
    QCOMPARE(panel->headline(), u"The store of changes cannot be used"_s);
}

void TestChangesPanel::rewrittenRecordIsLoud()
{
    auto* banner = part<LoudBanner>(u"changesRecord"_s);
    QVERIFY(banner->isHidden());
    DeskStatus status = desk->status();
    status.record = Error{Error::Kind::Conflict, u"The record was rewritten."_s, {}, {}};
    desk->setStatus(status);
    QVERIFY(banner->isVisible());
    QCOMPARE(banner->text(), u"The record was rewritten."_s);
    auto* accept = banner->findChild<QPushButton*>(u"loudAction"_s);
    QTest::mouseClick(accept, Qt::LeftButton);
    QCOMPARE(desk->recordsAccepted, 0); // it cannot be taken back, so it is asked for twice
    QTest::mouseClick(accept, Qt::LeftButton);
    QCOMPARE(desk->recordsAccepted, 1);
    QVERIFY(banner->isHidden());
}

void TestChangesPanel::noticesAreSeenOnce()
{
    auto* banner = part<LoudBanner>(u"changesNotice"_s);
    desk->notice(u"glass"_s, 6, u"dmitri broke the glass."_s);
    QVERIFY(banner->isVisible());
    QTest::mouseClick(banner->findChild<QPushButton*>(u"loudAction"_s), Qt::LeftButton);
    QVERIFY(banner->isHidden());
    desk->touch(1);
    QVERIFY(banner->isHidden());
}

void TestChangesPanel::narrowPanelShowsOneThing()
{
    panel->resize(940, 670);
    open(1);
    QVERIFY(!panel->dataTable()->isVisible());
    QVERIFY(panel->requestView()->isVisible());
    QTest::keyClick(panel->requestView(), Qt::Key_Escape);
    QVERIFY(panel->dataTable()->isVisible());
    QVERIFY(!panel->isRequestOpen());
    open(1);
    panel->resize(1356, 870);
    QTRY_VERIFY(panel->dataTable()->isVisible());
    QVERIFY(panel->requestView()->isVisible());
}

void TestChangesPanel::linksToConflicts()
{
    open(1);
    panel->requestView()->showPage(RequestView::Page::Approvals);
    auto* approvals = part<SummaryView>(u"requestApprovals"_s);
    QVERIFY(approvals->isVisible());
    emit approvals->linkActivated(u"request:3"_s);
    QTRY_COMPARE(panel->requestView()->number(), 3);
}

void TestChangesPanel::olderRequests()
{
    RequestTable history(*desk, ChangeList::History);
    const size_t before = history.rows().size();
    QVERIFY(history.hasOlder());
    QSignalSpy changed(&history, &RequestTable::olderChanged);
    history.readOlder();
    QVERIFY(history.isReading());
    QTRY_VERIFY(!history.isReading());
    QCOMPARE(history.rows().size(), before); // the desk knew them all
    QVERIFY(!history.hasOlder());
}

void TestChangesPanel::oneTimeCodesAreSetUp()
{
    desk->become(u"anna"_s, {u"tech-lead"_s}, changes::Person::Totp::None);
    QVERIFY(part<QPushButton>(u"changesCodes"_s)->isVisible());
    QPointer<TotpDialog> dialog = panel->setUpCodes();
    QTRY_VERIFY(dialog->isReady());
    auto* code = dialog->findChild<QrCode*>(u"qrCode"_s);
    QVERIFY(code->modules() >= 21);
    // The finder pattern of the standard, seven modules with a light ring.
    for (int i = 0; i < 7; ++i)
        QVERIFY(code->isDark(i, 0));
    QVERIFY(!code->isDark(1, 1));
    QVERIFY(code->isDark(3, 3));
    auto* digits = dialog->findChild<QLineEdit*>(u"totpCode"_s);
    auto* confirm = dialog->findChild<QPushButton*>(u"totpConfirm"_s);
    digits->setText(u"000000"_s);
    QTest::mouseClick(confirm, Qt::LeftButton);
    QTRY_VERIFY(!dialog->findChild<QLabel*>(u"totpError"_s)->text().isEmpty());
    digits->setText(desk->code);
    QTest::mouseClick(confirm, Qt::LeftButton);
    QTRY_VERIFY(dialog.isNull());
    QCOMPARE(desk->person().totp, changes::Person::Totp::Confirmed);
    QVERIFY(part<QPushButton>(u"changesCodes"_s)->isHidden());
}

void TestChangesPanel::everyFocusableWidgetHasAName()
{
    QStringList nameless;
    const auto look = [&](const QString& page) {
        for (const QWidget* widget : panel->findChildren<QWidget*>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
                continue;
            QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            const bool inner = qobject_cast<const QAbstractSpinBox*>(widget->parentWidget()) ||
                               qobject_cast<const QComboBox*>(widget->parentWidget());
            if (!inner && (!spoken || spoken->text(QAccessible::Name).isEmpty()))
                nameless << page + u": "_s + QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                                widget->objectName();
        }
    };
    for (const QString& id : panel->nav()->parts()) {
        panel->showPart(id);
        look(id);
    }
    panel->newRequest();
    look(u"form"_s);
    panel->showPart(u"waiting"_s);
    open(2);
    for (const auto page : {RequestView::Page::Plan, RequestView::Page::Approvals, RequestView::Page::Form,
                            RequestView::Page::Execution, RequestView::Page::Audit}) {
        panel->requestView()->showPage(page);
        look(u"request"_s);
    }
    for (const RequestAct act : {RequestAct::Approve, RequestAct::BreakGlass}) {
        panel->requestView()->trigger(act);
        look(u"question"_s);
        panel->requestView()->leaveQuestion();
    }
    nameless.removeDuplicates();
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
}

QTEST_MAIN(TestChangesPanel)
#include "test_changes_panel.moc"
