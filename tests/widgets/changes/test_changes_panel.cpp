// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangeStories.h"

#include "table/TableModel.h"
#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/PlanView.h"
#include "widgets/changes/QrCode.h"
#include "widgets/changes/RequestView.h"
#include "widgets/changes/StepDelegate.h"
#include "widgets/changes/TotpDialog.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QTreeWidget>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::DeskStatus;
using changes::RequestState;

namespace {

class MemoryStates final : public TableStates
{
public:
    [[nodiscard]] QJsonObject load(const QString& id) const override { return kept.value(id); }
    void save(const QString& id, const QJsonObject& state) override { kept.insert(id, state); }
    QHash<QString, QJsonObject> kept;
};

} // namespace

class TestChangesPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void firstGlance();
    void listsFollowTheDesk();
    void statesOfTheDesk();
    void rewrittenRecordIsLoud();
    void noticesAreSeenOnce();
    void requestShowsItsDifference();
    void noDifferenceSaysWhy();
    void approveWithOneKey();
    void highRiskAsksForACode();
    void editUnderTheEyesTakesTheQuestionBack();
    void refusalsAreShown();
    void nobodyApprovesTheirOwn();
    void reasonsInTheMenu();
    void glassTakesTheClustersName();
    void carriesOutAndSaysWhyNot();
    void failedStepIsDecidedByAPerson();
    void narrowPanelShowsOneThing();
    void linksToConflicts();
    void hashIsCopiedWhole();
    void olderRequests();
    void oneTimeCodesAreSetUp();

private:
    template <typename T>
    T* part(const QString& name)
    {
        return panel->findChild<T*>(name);
    }
    void open(qint64 number)
    {
        panel->openRequest(number);
        QTRY_COMPARE(panel->requestView()->detail() ? panel->requestView()->detail()->summary.number : 0, number);
        QTRY_VERIFY(panel->requestView()->isCalm());
    }
    /// A field of the question, not of the one that an execution asks.
    template <typename T>
    T* asked(const QString& name)
    {
        return question()->findChild<T*>(name);
    }
    QWidget* question() { return part<QWidget>(u"decisionBar"_s); }
    QPushButton* confirmButton() { return asked<QPushButton>(u"decisionConfirm"_s); }
    QStringList numbers()
    {
        QStringList out;
        for (const auto& row : panel->dataTable()->model()->visibleRows())
            out << row->id;
        return out;
    }

    std::shared_ptr<ManualClock> clock;
    std::unique_ptr<MemoryDesk> desk;
    std::unique_ptr<StoryMeans> means;
    std::shared_ptr<MemoryStates> states;
    std::unique_ptr<ChangesPanel> panel;
};

void TestChangesPanel::init()
{
    clock = std::make_shared<ManualClock>(stories::nightMs);
    desk = std::make_unique<MemoryDesk>(*clock);
    means = std::make_unique<StoryMeans>(*desk, *clock);
    states = std::make_shared<MemoryStates>();
    stories::nightShift(*desk, *clock);
    panel = std::make_unique<ChangesPanel>(
        ChangesPanel::Parts{*desk, *means, clock, states, std::make_shared<SystemFileDialogs>()});
    panel->resize(1356, 870);
    panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel.get()));
}

void TestChangesPanel::cleanup()
{
    panel.reset();
    means.reset();
    desk.reset();
}

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

void TestChangesPanel::requestShowsItsDifference()
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

void TestChangesPanel::noDifferenceSaysWhy()
{
    means->previewError = Error{Error::Kind::Network, u"Cluster production is not connected."_s, {}, {}};
    open(1);
    auto* plan = part<PlanView>(u"planView"_s);
    QTRY_VERIFY(plan->toPlainText().contains(u"cannot be shown: Cluster production is not connected."_s));
}

void TestChangesPanel::approveWithOneKey()
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

void TestChangesPanel::highRiskAsksForACode()
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

void TestChangesPanel::editUnderTheEyesTakesTheQuestionBack()
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

void TestChangesPanel::refusalsAreShown()
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

void TestChangesPanel::nobodyApprovesTheirOwn()
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

void TestChangesPanel::reasonsInTheMenu()
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

void TestChangesPanel::glassTakesTheClustersName()
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

void TestChangesPanel::carriesOutAndSaysWhyNot()
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

void TestChangesPanel::failedStepIsDecidedByAPerson()
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

void TestChangesPanel::hashIsCopiedWhole()
{
    open(1);
    QTest::mouseClick(part<QToolButton>(u"requestCopy"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(desk->at(1).summary.sha256));
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

QTEST_MAIN(TestChangesPanel)
#include "test_changes_panel.moc"
