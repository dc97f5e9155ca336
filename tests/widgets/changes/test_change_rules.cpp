// SPDX-License-Identifier: GPL-3.0-or-later
// What changes have to keep to, as people set it: windows in the calendar, policies, templates that the store keeps;
// and the record, searched.
#include "ChangesFixture.h"

#include "changes/templates/PlanTemplateLoader.h"
#include "platform/PlatformLoader.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/rules/CalendarView.h"
#include "widgets/changes/rules/PolicyDialog.h"
#include "widgets/changes/rules/PolicyView.h"
#include "widgets/changes/rules/WindowDialog.h"

#include <QtTest/QSignalSpy>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QSpinBox>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;

class TestChangeRules : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init() { openPanel(); }
    void cleanup() { closePanel(); }
    void windowsAreAnAdmins();
    void aWindowIsSet();
    void aWindowIsChangedAndEnded();
    void refusalsStay();
    void conflictsAreOnTheCalendar();
    void policiesAreReadAndChanged();
    void approvalsInWords();
    void keptTemplatesAreInTheForm();
    void theWholeRecordIsSearched();
    void aLongRecordIsReadInPages();

private:
    void becomeAdmin() { desk->become(u"adam"_s, {u"admin"_s}, changes::Person::Totp::None); }
    template <typename T>
    static T* field(QWidget* dialog, const QString& name)
    {
        return dialog->findChild<T*>(name);
    }
    static QPushButton* save(QWidget* dialog) { return field<QPushButton>(dialog, u"ruleSave"_s); }
    /// The freeze of the stories, chosen in the calendar.
    void chooseFreeze()
    {
        panel->showPart(u"calendar"_s);
        panel->calendar()->chooseDay(6);
        part<QListWidget>(u"calendarDay"_s)->setCurrentRow(0);
    }
};

void TestChangeRules::windowsAreAnAdmins()
{
    chooseFreeze();
    for (const QString& name : {u"calendarNew"_s, u"calendarChange"_s, u"calendarEnd"_s}) {
        QVERIFY(!part<QPushButton>(name)->isEnabled());
        QVERIFY(part<QPushButton>(name)->toolTip().contains(u"an admin's to change"_s));
    }
    QVERIFY(!panel->calendar()->newWindow() && !panel->calendar()->changeWindow() && !panel->calendar()->endWindow());
    panel->showPart(u"policies"_s);
    QVERIFY(!part<QPushButton>(u"policyChange"_s)->isEnabled());
    QVERIFY(part<QLabel>(u"policyWhyNot"_s)->text().contains(desk->person().name));
    QVERIFY(!panel->policies()->change());
}

void TestChangeRules::aWindowIsSet()
{
    becomeAdmin();
    chooseFreeze();
    WindowDialog* dialog = panel->calendar()->newWindow();
    QVERIFY(dialog);
    QVERIFY(!save(dialog)->isEnabled());
    QCOMPARE(field<QLabel>(dialog, u"ruleMissing"_s)->text(), u"Give it a name."_s);
    field<QLineEdit>(dialog, u"windowName"_s)->setText(u"Stocktaking"_s);
    QVERIFY(save(dialog)->isEnabled());
    auto* repeat = field<QComboBox>(dialog, u"windowRepeat"_s);
    repeat->setCurrentIndex(repeat->findData(true));
    QCOMPARE(field<QLabel>(dialog, u"ruleMissing"_s)->text(), u"Choose at least one day."_s);
    QVERIFY(field<QWidget>(dialog, u"windowFrom"_s)->isHidden());
    field<QCheckBox>(dialog, u"windowDay3"_s)->setChecked(true);
    field<QLineEdit>(dialog, u"windowCluster"_s)->setText(u"production"_s);
    const qsizetype before = desk->windows().size();
    QSignalSpy said(panel.get(), &ChangesPanel::notice);
    save(dialog)->click();
    QTRY_COMPARE(desk->windows().size(), before + 1);
    const changes::TimeWindow& made = desk->windows().last();
    QCOMPARE(made.name, u"Stocktaking"_s);
    QCOMPARE(made.days, QList<int>{3});
    QCOMPARE(made.cluster, u"production"_s);
    QVERIFY(made.freeze && !made.starts);
    QTRY_COMPARE(said.size(), 1);
}

void TestChangeRules::aWindowIsChangedAndEnded()
{
    becomeAdmin();
    chooseFreeze();
    WindowDialog* dialog = panel->calendar()->changeWindow();
    QVERIFY(dialog);
    QCOMPARE(field<QLineEdit>(dialog, u"windowName"_s)->text(), u"Championship final"_s);
    QVERIFY(!save(dialog)->isEnabled()); // why is not said yet
    field<QLineEdit>(dialog, u"windowName"_s)->setText(u"Championship"_s);
    field<QLineEdit>(dialog, u"ruleReason"_s)->setText(u"There is a second match."_s);
    const qsizetype before = desk->windows().size();
    save(dialog)->click();
    QTRY_COMPARE(desk->windows().last().name, u"Championship"_s);
    QCOMPARE(desk->windows().size(), before); // the other one has gone
    QCOMPARE(desk->windows().last().reason, u"There is a second match."_s);
    chooseFreeze();
    EndWindowDialog* end = panel->calendar()->endWindow();
    QVERIFY(end);
    QVERIFY(!save(end)->isEnabled());
    field<QLineEdit>(end, u"ruleReason"_s)->setText(u"It rains."_s);
    save(end)->click();
    QTRY_COMPARE(desk->windows().size(), before - 1);
}

void TestChangeRules::refusalsStay()
{
    becomeAdmin();
    chooseFreeze();
    WindowDialog* dialog = panel->calendar()->newWindow();
    field<QLineEdit>(dialog, u"windowName"_s)->setText(u"Stocktaking"_s);
    desk->failNext({Error::Kind::Network, u"The store is away."_s, {}, u"Wait."_s});
    save(dialog)->click();
    QTRY_VERIFY(field<QLabel>(dialog, u"ruleError"_s)->isVisible());
    QVERIFY(field<QLabel>(dialog, u"ruleError"_s)->text().contains(u"The store is away."_s));
    QVERIFY(dialog->isVisible() && save(dialog)->isEnabled());
    QCOMPARE(field<QLineEdit>(dialog, u"windowName"_s)->text(), u"Stocktaking"_s);
}

void TestChangeRules::conflictsAreOnTheCalendar()
{
    changes::RequestDetail& detail = desk->at(5);
    detail.summary.notBefore = QDateTime({2026, 11, 20}, {13, 0}, Qt::UTC);
    detail.summary.notAfter = QDateTime({2026, 11, 20}, {15, 0}, Qt::UTC);
    detail.conflicts = {{9, u"another"_s, changes::RequestState::Approved, true},
                        {3, u"a third"_s, changes::RequestState::Submitted, false}};
    desk->touch(5);
    panel->showPart(u"calendar"_s);
    const auto remark = [this] {
        for (const auto& day : panel->calendar()->calendar().days)
            for (const CalendarEntry& entry : day)
                if (entry.number == 5)
                    return entry.remark;
        return QString();
    };
    QTRY_COMPARE(remark(), u"Changes the same object as request 9"_s);
    detail.conflicts.removeFirst();
    ++detail.summary.revision;
    desk->touch(5);
    QTRY_COMPARE(remark(), u"In the same namespace as request 3"_s);
}

void TestChangeRules::policiesAreReadAndChanged()
{
    becomeAdmin();
    panel->showPart(u"policies"_s);
    auto* platforms = part<QComboBox>(u"policyPlatform"_s);
    platforms->setCurrentIndex(platforms->findData(u"*"_s));
    QVERIFY(part<QLabel>(u"policyWords"_s)->text().contains(u"High risk: "_s));
    PolicyDialog* dialog = panel->policies()->change();
    QVERIFY(dialog);
    QVERIFY(!field<QCheckBox>(dialog, u"stepUp-high"_s)->isEnabled());
    QCOMPARE(field<QLabel>(dialog, u"ruleMissing"_s)->text(), u"Nothing is changed yet."_s);
    auto* high = field<QLineEdit>(dialog, u"policyHigh"_s);
    const QString before = high->text();
    high->setText(u"tech-lead"_s);
    QCOMPARE(field<QLabel>(dialog, u"ruleMissing"_s)->text(), u"A high risk takes two approvals."_s);
    high->setText(u"tech-lead, captain"_s);
    QCOMPARE(field<QLabel>(dialog, u"ruleMissing"_s)->text(), u"There is no role \"captain\"."_s);
    high->setText(before);
    field<QSpinBox>(dialog, u"policy-glass_hours"_s)->setValue(2);
    QVERIFY(!save(dialog)->isEnabled());
    field<QLineEdit>(dialog, u"ruleReason"_s)->setText(u"Two hours have to do."_s);
    save(dialog)->click();
    QTRY_COMPARE(desk->policyOf(u"*"_s)->body.value("glass_hours"_L1).toInt(), 2);
    QTRY_VERIFY(part<QLabel>(u"policyWords"_s)->text().contains(u"Reason: Two hours have to do."_s));
    QVERIFY(part<QLabel>(u"policyWords"_s)->text().contains(u"2 hours  (before: "_s));
    auto* versions = part<QListWidget>(u"policyVersions"_s);
    QVERIFY(versions->count() > 1);
    versions->setCurrentRow(1);
    QVERIFY(!part<QLabel>(u"policyWords"_s)->text().contains(u"Two hours"_s));
}

void TestChangeRules::approvalsInWords()
{
    const QJsonArray places{QJsonArray{u"tech-lead"_s, u"operations"_s}, QJsonArray{u"security"_s}};
    QCOMPARE(approvalWords(places), u"tech-lead or operations, security"_s);
    QCOMPARE(approvalPlaces(u" tech lead or operations , security,"_s), places);
    QCOMPARE(approvalPlaces(QString()), QJsonArray());
}

void TestChangeRules::keptTemplatesAreInTheForm()
{
    means->known = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
    means->knownTemplates = changes::loadTemplates({QString::fromUtf16(changes::builtinTemplates)}).templates;
    const auto platform = std::ranges::find(means->known, u"streamgate"_s, [](const auto& one) { return one->name; });
    const auto scaling =
        std::ranges::find(means->knownTemplates, u"horizontal-scaling"_s, [](const auto& one) { return one->name(); });
    const auto body = (*scaling)->storeBody(**platform, {{u"workload"_s, u"api-gateway"_s}});
    QVERIFY2(body, qPrintable(body ? QString() : body.error().error().text()));
    const auto names = [this] {
        panel->newRequest(u"streamgate"_s);
        QStringList out;
        auto* box = part<QComboBox>(u"formTemplate"_s);
        for (int i = 0; i < box->count(); ++i)
            out << box->itemText(i);
        return out;
    };
    const auto kept = desk->keepTemplate(u"scale the gateway"_s, *body);
    QCOMPARE(kept.result().value(), 1);
    QVERIFY(names().filter(u"pre-approved"_s).isEmpty()); // nobody has approved it
    for (const QString& person : {u"chen"_s, u"eva"_s}) {
        desk->become(person, {u"operations"_s, u"tech-lead"_s}, changes::Person::Totp::None);
        const auto approved = desk->approveTemplate(u"scale the gateway"_s, 1);
        QVERIFY(approved.result());
    }
    QCOMPARE(names().filter(u"(pre-approved)"_s).size(), 1);
}

void TestChangeRules::theWholeRecordIsSearched()
{
    panel->showPart(u"audit"_s);
    DataTable* table = panel->audit()->dataTable();
    QTRY_COMPARE(table->model()->totalCount(), 2); // the windows
    auto cancelled = desk->cancel(3, u"Not needed any more."_s);
    QVERIFY(cancelled.result());
    QTRY_COMPARE(table->model()->totalCount(), 3);
    auto* action = panel->audit()->findChild<QLineEdit*>(u"auditAction"_s);
    action->setText(u"request."_s);
    emit action->editingFinished();
    QTRY_COMPARE(table->model()->totalCount(), 1);
    auto* person = panel->audit()->findChild<QLineEdit*>(u"auditPerson"_s);
    person->setText(u"nobody"_s);
    emit person->editingFinished();
    QTRY_COMPARE(table->model()->totalCount(), 0);
    person->clear();
    action->clear();
    QTRY_COMPARE(table->model()->totalCount(), 3);
}

void TestChangeRules::aLongRecordIsReadInPages()
{
    becomeAdmin();
    changes::TimeWindow window;
    window.name = u"over and over"_s;
    window.starts = QDateTime({2030, 1, 1}, {0, 0}, Qt::UTC);
    window.ends = window.starts->addDays(1);
    const auto write = [&](int rows) {
        for (int i = 0; i < rows; ++i) {
            const auto set = desk->setWindow(window, {}, desk->windows().last().id);
            QVERIFY(set.result());
        }
    };
    write(2'500);
    panel->showPart(u"audit"_s);
    DataTable* table = panel->audit()->dataTable();
    QTRY_COMPARE(table->model()->totalCount(), 1'000); // the newest page
    write(2'100);                                      // more than two pages at once leave no gap
    QTRY_COMPARE(table->model()->totalCount(), 3'100);
    QCOMPARE(table->model()->rowAt(0)->id.toInt() - table->model()->rowAt(3'099)->id.toInt(), 3'099);
}

QTEST_MAIN(TestChangeRules)
#include "test_change_rules.moc"
