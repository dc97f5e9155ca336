// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangesFixture.h"

#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/plan/PlanView.h"
#include "widgets/changes/plan/StepDelegate.h"
#include "widgets/common/SummaryView.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QTreeWidget>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::RequestState;

class TestRequestView : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init() { openPanel(); }
    void cleanup() { closePanel(); }
    void requestShowsItsDifference();
    void noDifferenceSaysWhy();
    void privateStoreAsksNobody();
    void approveWithOneKey();
    void highRiskAsksForACode();
    void editUnderTheEyesTakesTheQuestionBack();
    void refusalsAreShown();
    void nobodyApprovesTheirOwn();
    void reasonsInTheMenu();
    void glassTakesTheClustersName();
    void carriesOutAndSaysWhyNot();
    void failedStepIsDecidedByAPerson();
    void hashIsCopiedWhole();
};

void TestRequestView::requestShowsItsDifference()
{
    open(1);
    auto* plan = part<PlanView>(u"planView"_s);
    QTRY_VERIFY(plan->toPlainText().contains(u"+   replicas: 5"_s));
    const QString text = plan->toPlainText();
    QVERIFY2(text.contains(u"-   replicas: 3"_s), qPrintable(text));
    QVERIFY2(text.contains(u"from 3 to 5 replicas"_s), qPrintable(text));
    QVERIFY2(text.contains(u"Cluster production"_s), qPrintable(text));
    QVERIFY2(text.contains(u"Can be taken back."_s), qPrintable(text));
    QCOMPARE(means->previews, 1); // a check makes no difference
    QVERIFY2(part<QLabel>(u"requestReason"_s)->text().startsWith(u"Waits for tech lead."_s),
             qPrintable(part<QLabel>(u"requestReason"_s)->text()));
    // What was carried out is not asked for again: it is on record.
    open(4);
    QTRY_VERIFY(plan->toPlainText().contains(u"done: Deployment stream-processor runs"_s));
    QCOMPARE(means->previews, 2);
}

void TestRequestView::noDifferenceSaysWhy()
{
    means->previewError = Error{Error::Kind::Network, u"Cluster production is not connected."_s, {}, {}};
    open(1);
    auto* plan = part<PlanView>(u"planView"_s);
    QTRY_VERIFY(plan->toPlainText().contains(u"cannot be shown: Cluster production is not connected."_s));
}

void TestRequestView::privateStoreAsksNobody()
{
    desk->setSolo(true);
    open(1);
    panel->requestView()->showPage(RequestView::Page::Approvals);
    QStringList words;
    for (const SummarySection& section : part<SummaryView>(u"requestApprovals"_s)->sections())
        for (const SummaryItem& item : section.items)
            words << item.key + u": "_s + item.value;
    QVERIFY2(words.contains(u"By rule: Private store: one person decides, no second one is asked."_s),
             qPrintable(words.join(u'\n')));
    QVERIFY2(words.contains(u"tech lead: not asked for"_s), qPrintable(words.join(u'\n')));
}

void TestRequestView::approveWithOneKey()
{
    open(1);
    QSignalSpy notices(panel.get(), &ChangesPanel::notice);
    QTest::keyClick(panel->dataTable(), Qt::Key_A);
    QVERIFY(question()->isVisible());
    QVERIFY(part<PlanView>(u"planView"_s)->isVisible()); // the difference stays in view
    QVERIFY(asked<QLineEdit>(u"decisionCode"_s)->isHidden());
    QVERIFY2(
        asked<QLabel>(u"decisionSentence"_s)->text().contains(QString::fromLatin1(desk->at(1).summary.sha256.left(12))),
        qPrintable(asked<QLabel>(u"decisionSentence"_s)->text()));
    QTest::keyClicks(asked<QLineEdit>(u"decisionText"_s), u"Fine."_s);
    QTest::keyClick(asked<QLineEdit>(u"decisionText"_s), Qt::Key_Return);
    QTRY_VERIFY(!question()->isVisible());
    QCOMPARE(desk->at(1).summary.state, RequestState::Approved);
    QCOMPARE(desk->at(1).approvals.last().person, u"anna"_s);
    QCOMPARE(desk->at(1).approvals.last().comment, u"Fine."_s);
    QCOMPARE(notices.last().first().toString(), u"Request 1: approve is on record"_s);
    QCOMPARE(panel->nav()->count(u"waiting"_s), 2);
    QTRY_COMPARE(panel->requestView()->detail()->summary.state, RequestState::Approved);
}

void TestRequestView::highRiskAsksForACode()
{
    open(2);
    panel->requestView()->trigger(RequestAct::Approve);
    auto* code = asked<QLineEdit>(u"decisionCode"_s);
    QVERIFY(code->isVisible());
    QVERIFY(!confirmButton()->isEnabled());
    QTest::keyClicks(code, u"12a345"_s); // letters are not taken
    QCOMPARE(code->text(), u"12345"_s);
    QVERIFY(!confirmButton()->isEnabled());
    QTest::keyClicks(code, u"6"_s);
    QTest::keyClick(code, Qt::Key_Return);
    auto* error = asked<QLabel>(u"decisionError"_s);
    QTRY_VERIFY(error->text().contains(u"wrong"_s));
    QVERIFY(question()->isVisible());
    QVERIFY(code->text().isEmpty()); // good for one try
    QCOMPARE(desk->at(2).approvals.size(), 0);
    QTest::keyClicks(code, desk->code);
    QTest::mouseClick(confirmButton(), Qt::LeftButton);
    QTRY_VERIFY(!question()->isVisible());
    QVERIFY(desk->at(2).approvals.last().steppedUp);
    QCOMPARE(desk->at(2).summary.state, RequestState::Submitted); // security and operations are still waited for
}

void TestRequestView::editUnderTheEyesTakesTheQuestionBack()
{
    open(1);
    QSignalSpy notices(panel.get(), &ChangesPanel::notice);
    panel->requestView()->trigger(RequestAct::Approve);
    QVERIFY(question()->isVisible());
    const auto other = stories::plan(u"[api-gateway] - Two more"_s, {stories::scale(u"api-gateway"_s, 50, 3)});
    auto edited = desk->edit(1, 1, stories::fields(u"[api-gateway] - Two more"_s, changes::Risk::Medium), other);
    QVERIFY(edited.result());
    QTRY_VERIFY(!question()->isVisible());
    QVERIFY2(notices.last().first().toString().contains(u"has changed under your eyes"_s),
             qPrintable(notices.last().first().toString()));
    QTRY_VERIFY(part<PlanView>(u"planView"_s)->toPlainText().contains(u"+   replicas: 50"_s));
}

void TestRequestView::refusalsAreShown()
{
    open(1);
    panel->requestView()->trigger(RequestAct::Approve);
    desk->failNext({Error::Kind::Network, u"The store went away before it answered; nothing was changed."_s, {}, {}});
    QTest::mouseClick(confirmButton(), Qt::LeftButton);
    QTRY_COMPARE(asked<QLabel>(u"decisionError"_s)->text(),
                 u"The store went away before it answered; nothing was changed."_s);
    QVERIFY(question()->isVisible());
    QCOMPARE(desk->at(1).summary.state, RequestState::Submitted);
    QTest::keyClick(question(), Qt::Key_Escape);
    QVERIFY(!question()->isVisible());
    QVERIFY(panel->isRequestOpen());
}

void TestRequestView::nobodyApprovesTheirOwn()
{
    desk->at(1).summary.requester = u"anna"_s;
    desk->touch(1);
    open(1);
    auto* button = part<QPushButton>(u"offer-approve"_s);
    QVERIFY(!button->isEnabled());
    QCOMPARE(button->toolTip(), u"You wrote request 1; somebody else has to look at it."_s);
    QCOMPARE(part<QLabel>(u"offerReason"_s)->text(), u"You wrote request 1; somebody else has to look at it."_s);
    QSignalSpy notices(panel.get(), &ChangesPanel::notice);
    panel->requestView()->trigger(RequestAct::Approve);
    QVERIFY(!question()->isVisible());
    QCOMPARE(notices.last().first().toString(), u"You wrote request 1; somebody else has to look at it."_s);
}

void TestRequestView::reasonsInTheMenu()
{
    open(1);
    auto* menu = part<QToolButton>(u"offerMore"_s)->menu();
    bool found = false;
    for (const QAction* action : menu->actions()) {
        if (action->text().startsWith(u"Cancel the request"_s)) {
            found = true;
            QVERIFY(!action->isEnabled());
            QCOMPARE(action->toolTip(), u"It is cancelled by boris or an admin."_s);
        }
    }
    QVERIFY(found);
}

void TestRequestView::glassTakesTheClustersName()
{
    desk->become(u"anna"_s, {u"operator"_s}, changes::Person::Totp::Confirmed);
    open(2);
    panel->requestView()->trigger(RequestAct::BreakGlass);
    QVERIFY(question()->isVisible());
    QVERIFY(!confirmButton()->isDefault());
    QTest::keyClicks(asked<QLineEdit>(u"decisionText"_s), u"Nobody can log in any more."_s);
    QTest::keyClicks(asked<QLineEdit>(u"decisionIncident"_s), u"INC-9"_s);
    QTest::keyClicks(asked<QLineEdit>(u"decisionCode"_s), desk->code);
    QTest::keyClicks(asked<QLineEdit>(u"decisionTyped"_s), u"Production"_s);
    QVERIFY(!confirmButton()->isEnabled());
    QCOMPARE(confirmButton()->toolTip(), u"Type exactly: production"_s);
    asked<QLineEdit>(u"decisionTyped"_s)->setText(u"production"_s);
    QVERIFY(confirmButton()->isEnabled());
    QTest::mouseClick(confirmButton(), Qt::LeftButton);
    QTRY_COMPARE(desk->at(2).summary.rule, u"glass"_s);
    QVERIFY(desk->at(2).summary.reviewOpen);
}

void TestRequestView::carriesOutAndSaysWhyNot()
{
    open(5);
    auto* button = part<QPushButton>(u"offer-carry out"_s);
    QVERIFY(!button->isEnabled());
    QVERIFY2(button->toolTip().startsWith(u"Request 5 is carried out from 2026-11-21"_s),
             qPrintable(button->toolTip()));
    desk->at(5).summary.notBefore = QDateTime::fromMSecsSinceEpoch(clock->nowMs() - 1, Qt::UTC);
    desk->touch(5);
    QTRY_VERIFY(part<QPushButton>(u"offer-carry out"_s)->isEnabled());
    panel->requestView()->trigger(RequestAct::Run);
    QVERIFY(question()->isVisible());
    QCOMPARE(desk->at(5).summary.state, RequestState::Scheduled); // not before it is confirmed
    QTest::mouseClick(confirmButton(), Qt::LeftButton);
    QCOMPARE(panel->requestView()->page(), RequestView::Page::Execution);
    QTRY_COMPARE(means->executor(5)->phase(), changes::Executor::Phase::Ended);
    QCOMPARE(means->world.history(u"edge-cache"_s), QList<int>{9}); // sent, once
    QCOMPARE(desk->at(5).summary.state, RequestState::Verified);
    auto* steps = part<QTreeWidget>(u"executionSteps"_s);
    QCOMPARE(steps->topLevelItemCount(), 1);
    QCOMPARE(steps->topLevelItem(0)->text(1), u"done"_s);
    QVERIFY2(
        steps->topLevelItem(0)->data(0, StepDelegate::sentenceRole).toString().contains(u"Scaled edge-cache to 9."_s),
        qPrintable(steps->topLevelItem(0)->text(0)));
}

void TestRequestView::failedStepIsDecidedByAPerson()
{
    desk->at(5).summary.notBefore = QDateTime::fromMSecsSinceEpoch(clock->nowMs() - 1, Qt::UTC);
    desk->touch(5);
    means->runner.fails = [](const QString&) {
        return Error{Error::Kind::Conflict, u"Somebody else changed it meanwhile."_s, {}, {}};
    };
    open(5);
    panel->requestView()->trigger(RequestAct::Run);
    QTest::mouseClick(confirmButton(), Qt::LeftButton);
    QTRY_COMPARE(means->executor(5)->phase(), changes::Executor::Phase::Deciding);
    QTRY_VERIFY2(panel->headline().endsWith(u"2 are running, 1 stands still until you decide"_s),
                 qPrintable(panel->headline()));
    auto* fail = part<QPushButton>(u"execution-EndFailed"_s);
    QVERIFY(fail && fail->isVisible());
    QVERIFY(!part<QLabel>(u"executionSentence"_s)->text().isEmpty());
    QTest::mouseClick(fail, Qt::LeftButton);
    auto* last = part<QWidget>(u"executionQuestion"_s);
    QVERIFY(last->isVisible());
    QTest::mouseClick(last->findChild<QPushButton*>(u"decisionConfirm"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->at(5).summary.state, RequestState::Failed);
    QVERIFY(!last->isVisible());
    QTRY_VERIFY(part<QPushButton>(u"offer-close"_s));
}

void TestRequestView::hashIsCopiedWhole()
{
    open(1);
    QTest::mouseClick(part<QToolButton>(u"requestCopy"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(desk->at(1).summary.sha256));
}

QTEST_MAIN(TestRequestView)
#include "test_request_view.moc"
