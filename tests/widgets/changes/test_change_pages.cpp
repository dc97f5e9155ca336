// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangesFixture.h"

#include "changes/templates/PlanTemplateLoader.h"
#include "platform/PlatformLoader.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/rules/CalendarView.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTextBrowser>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::RequestState;

class TestChangePages : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init()
    {
        openPanel();
        means->known = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
        means->knownTemplates = changes::loadTemplates({QString::fromUtf16(changes::builtinTemplates)}).templates;
    }
    void cleanup() { closePanel(); }
    void formFromATemplate();
    void whatIsFiledIsBound();
    void whoeverPressesAgainFilesItUnbound();
    void formSaysWhatIsWrong();
    void formByHand();
    void editMakesARevision();
    void begunFormIsKept();
    void refusedFormStays();
    void calendarSaysWhatStandsAgainst();
    void auditIsReadVerifiedAndExported();

private:
    void choose(const QString& combo, const QString& value)
    {
        auto* box = part<QComboBox>(combo);
        QVERIFY2(box, qPrintable(combo));
        const int index = box->findData(value);
        QVERIFY2(index >= 0, qPrintable(value));
        box->setCurrentIndex(index);
        emit box->activated(index);
    }
    void type(const QString& name, const QString& text)
    {
        auto* edit = part<QLineEdit>(name);
        QVERIFY2(edit, qPrintable(name));
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    /// Horizontal scaling of StreamGate's first deployment.
    void fillScaling(const QString& replicas)
    {
        panel->newRequest(u"streamgate"_s);
        choose(u"formTemplate"_s, u"horizontal-scaling"_s);
        auto* workload = part<QComboBox>(u"parameter-workload"_s);
        choose(u"parameter-workload"_s, workload->itemData(0).toString());
        type(u"parameter-replicas"_s, replicas);
    }
};

void TestChangePages::formFromATemplate()
{
    fillScaling(u"4"_s);
    QVERIFY(panel->form()->plan());
    QVERIFY2(part<QLabel>(u"formPlanWords"_s)->text().contains(u"4 replicas"_s),
             qPrintable(part<QLabel>(u"formPlanWords"_s)->text()));
    // The template knows what to write, until the person writes something else.
    auto* title = part<QLineEdit>(u"fieldTitle"_s);
    QVERIFY2(title->text().endsWith(u"Scale to 4 replicas"_s), qPrintable(title->text()));
    type(u"fieldTitle"_s, u"[gateway] - Room for the evening"_s);
    type(u"parameter-replicas"_s, u"5"_s);
    QCOMPARE(title->text(), u"[gateway] - Room for the evening"_s);
    const qint64 before = desk->rows().first().number;
    QTest::mouseClick(part<QPushButton>(u"formSubmit"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->rows().first().number, before + 1);
    QTRY_COMPARE(desk->at(before + 1).summary.state, RequestState::Submitted);
    QTRY_COMPARE(panel->requestView()->number(), before + 1); // shown at once
    QCOMPARE(desk->at(before + 1).summary.title, u"[gateway] - Room for the evening"_s);
    QCOMPARE(desk->at(before + 1).fields.rollbackMinutes, 5);
    QCOMPARE(panel->currentPart(), u"mine"_s);
}

void TestChangePages::whatIsFiledIsBound()
{
    fillScaling(u"4"_s);
    const qint64 before = desk->rows().first().number;
    means->bindError = Error{Error::Kind::Network, u"The cluster is away."_s, {}, {}};
    QTest::mouseClick(part<QPushButton>(u"formSubmit"_s), Qt::LeftButton);
    QTRY_VERIFY(part<QLabel>(u"formMistakes"_s)->text().contains(u"unbound"_s));
    QCOMPARE(desk->rows().first().number, before);
    means->bindError.reset();
    QTest::mouseClick(part<QPushButton>(u"formSubmit"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->rows().first().number, before + 1);
    QTRY_COMPARE(desk->at(before + 1).summary.state, RequestState::Submitted);
    QVERIFY(changes::looseSteps(*desk->at(before + 1).plan).isEmpty());
}

void TestChangePages::whoeverPressesAgainFilesItUnbound()
{
    fillScaling(u"4"_s);
    const qint64 before = desk->rows().first().number;
    means->bindError = Error{Error::Kind::Network, u"The cluster is away."_s, {}, {}};
    QTest::mouseClick(part<QPushButton>(u"formSubmit"_s), Qt::LeftButton);
    QTRY_VERIFY(part<QLabel>(u"formMistakes"_s)->text().contains(u"unbound"_s));
    QTest::mouseClick(part<QPushButton>(u"formSubmit"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->rows().first().number, before + 1);
    QTRY_COMPARE(panel->requestView()->number(), before + 1);
    auto* plan = part<QTextBrowser>(u"planView"_s);
    QTRY_VERIFY2(plan->toPlainText().contains(u"Not bound to a state"_s), qPrintable(plan->toPlainText()));
}

void TestChangePages::formSaysWhatIsWrong()
{
    fillScaling(u"100000"_s);
    QVERIFY(!panel->form()->plan());
    QVERIFY(!part<QPushButton>(u"formSubmit"_s)->isEnabled());
    auto* mistake = part<QLabel>(u"mistake-replicas"_s);
    QTRY_VERIFY(mistake->isVisible());
    QVERIFY2(mistake->text().startsWith(u"must be a whole number from "_s), qPrintable(mistake->text()));
    type(u"parameter-replicas"_s, u"4"_s);
    QVERIFY(!mistake->isVisible());
    type(u"fieldTitle"_s, u"x"_s);
    auto* problem = part<QLabel>(u"problem-Title"_s);
    QTRY_VERIFY(problem->isVisible());
    QCOMPARE(problem->text(), u"A title has 3 to 200 characters."_s);
    QVERIFY(!part<QPushButton>(u"formSave"_s)->isEnabled());
}

void TestChangePages::formByHand()
{
    panel->newRequest(u"streamgate"_s);
    choose(u"formTemplate"_s, QString());
    auto* text = part<QPlainTextEdit>(u"formPlan"_s);
    QVERIFY(text->isVisible());
    text->setPlainText(u"{\"format\": \"watchkeeper/plan/v1\"}"_s);
    QVERIFY(!part<QLabel>(u"formMistakes"_s)->text().isEmpty());
    const auto plan = stories::plan(u"By hand"_s, {stories::scale(u"api-gateway"_s, 7, 3)});
    text->setPlainText(QString::fromUtf8(plan.canonical()));
    QVERIFY(part<QLabel>(u"formMistakes"_s)->text().isEmpty());
    QCOMPARE(panel->form()->plan()->sha256(), plan.sha256());
}

void TestChangePages::editMakesARevision()
{
    open(3);
    panel->requestView()->trigger(RequestAct::Edit);
    QCOMPARE(part<QLineEdit>(u"fieldTitle"_s)->text(), u"[api-gateway] - Raise the memory limit"_s);
    QVERIFY(!part<QComboBox>(u"formPlatform"_s)->isEnabled());
    type(u"fieldTitle"_s, u"[api-gateway] - Four replicas"_s);
    QTest::mouseClick(part<QPushButton>(u"formSave"_s), Qt::LeftButton);
    QTRY_COMPARE(desk->at(3).summary.revision, 2);
    QCOMPARE(desk->at(3).summary.state, RequestState::Draft);
    QCOMPARE(desk->at(3).summary.title, u"[api-gateway] - Four replicas"_s);
    QTRY_COMPARE(panel->requestView()->number(), 3);
}

void TestChangePages::begunFormIsKept()
{
    fillScaling(u"4"_s);
    panel->showPart(u"running"_s);
    QCOMPARE(numbers(), QStringList{u"4"_s});
    QVERIFY(part<QPushButton>(u"changesNew"_s)->isEnabled());
    QCOMPARE(part<QPushButton>(u"changesNew"_s)->text(), u"Continue the request"_s);
    panel->newRequest(); // goes on with it
    QCOMPARE(part<QLineEdit>(u"parameter-replicas"_s)->text(), u"4"_s);
    QTest::mouseClick(part<QPushButton>(u"formDiscard"_s), Qt::LeftButton);
    QVERIFY(!panel->form()->isDirty());
    QCOMPARE(numbers(), QStringList{u"4"_s});
}

void TestChangePages::refusedFormStays()
{
    fillScaling(u"4"_s);
    desk->failNext({Error::Kind::Forbidden, u"You have 100 open requests already."_s, {}, {}});
    QTest::mouseClick(part<QPushButton>(u"formSave"_s), Qt::LeftButton);
    QTRY_COMPARE(part<QLabel>(u"formMistakes"_s)->text(), u"You have 100 open requests already."_s);
    QVERIFY(panel->form()->isDirty());
    QVERIFY(panel->form()->isVisible());
}

void TestChangePages::calendarSaysWhatStandsAgainst()
{
    // Scheduled into the freeze that begins on Sunday at noon.
    desk->at(5).summary.notBefore = QDateTime({2026, 11, 22}, {13, 0}, Qt::UTC);
    desk->at(5).summary.notAfter = QDateTime({2026, 11, 22}, {15, 0}, Qt::UTC);
    desk->touch(5);
    panel->showPart(u"calendar"_s);
    const Calendar& calendar = panel->calendar()->calendar();
    QCOMPARE(calendar.first, QDate(2026, 11, 16));
    const auto& sunday = calendar.days.at(6);
    QCOMPARE(sunday.size(), 2);
    QCOMPARE(sunday.at(0).kind, CalendarEntry::Kind::Freeze);
    QCOMPARE(sunday.at(0).time, u"12:00\u201324:00"_s);
    QCOMPARE(sunday.at(1).number, 5);
    QCOMPARE(sunday.at(1).health, table::Health::Warning);
    QVERIFY2(sunday.at(1).remark.contains(u"Championship final"_s), qPrintable(sunday.at(1).remark));
    QCOMPARE(calendar.days.at(7).at(0).time, u"00:00\u201322:00"_s); // the freeze goes on
    panel->calendar()->chooseDay(6);
    auto* day = part<QListWidget>(u"calendarDay"_s);
    QCOMPARE(day->count(), 2);
    emit day->itemActivated(day->item(1));
    QTRY_COMPARE(panel->requestView()->number(), 5);
}

void TestChangePages::auditIsReadVerifiedAndExported()
{
    panel->showPart(u"audit"_s);
    DataTable* table = panel->audit()->dataTable();
    QTRY_COMPARE(table->model()->totalCount(), 2); // the windows
    auto cancelled = desk->cancel(3, u"Not needed any more."_s);
    QVERIFY(cancelled.result());
    QTRY_COMPARE(table->model()->totalCount(), 3); // followed by itself
    QCOMPARE(table->model()->rowAt(0)->name, u"request.cancel"_s);
    panel->audit()->verify();
    auto* verdict = panel->audit()->findChild<QWidget*>(u"auditVerdict"_s);
    QTRY_COMPARE(verdict->accessibleName(), u"All 3 rows of the audit are as they were written."_s);
    QTemporaryDir folder;
    dialogs->path = folder.filePath(u"audit.jsonl"_s);
    for (auto* button : table->findChildren<QToolButton*>())
        if (button->defaultAction() && button->defaultAction()->text() == u"Export as JSON lines")
            button->defaultAction()->trigger();
    QFile file(dialogs->path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 4); // the last line ends, too
    QCOMPARE(QJsonDocument::fromJson(lines.at(2)).object().value(u"action"_s).toString(), u"request.cancel"_s);
    // Only what is about one request.
    open(3);
    panel->requestView()->showPage(RequestView::Page::Audit);
    auto* own = panel->requestView()->findChild<DataTable*>(u"auditTable"_s);
    QTRY_COMPARE(own->model()->totalCount(), 1);
}

QTEST_MAIN(TestChangePages)
#include "test_change_pages.moc"
