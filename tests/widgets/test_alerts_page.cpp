// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/RealAlertmanager.h"
#include "core/Clock.h"
#include "monitoring/alerts/AlertTally.h"
#include "platform/Platform.h"
#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/alerts/AcknowledgeDialog.h"
#include "widgets/monitoring/alerts/AlertDetail.h"
#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/alerts/SilenceDialog.h"
#include "widgets/monitoring/alerts/SilenceDoor.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using List = AlertsPage::List;

namespace {

constexpr auto configuration = "route: {receiver: night, group_by: [alertname], routes: [{matchers: "
                               "['severity=\"critical\"'], receiver: pager}]}\n"
                               "receivers: [{name: night}, {name: pager}]\n";

/// Takes wishes down, and lets through what a test lets through.
class WritingDoor final : public SilenceDoor
{
public:
    [[nodiscard]] QString whyNotNow(const SilenceWish&) const override { return notNow; }
    [[nodiscard]] QString whyNotPropose(const SilenceWish&) const override { return {}; }
    [[nodiscard]] Result<void> doNow(const SilenceWish& wish) override
    {
        done.push_back(wish);
        return {};
    }
    void propose(const SilenceWish& wish) override { proposed.push_back(wish); }
    QString notNow;
    std::vector<SilenceWish> done, proposed;
};

} // namespace

/// The page of alerts on a real Alertmanager: what amtool does appears, and what a person wants is handed to the door.
class TestAlertsPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { m_page.reset(); }
    void nothingIsAskedUntilItIsShown();
    void alertsAppear();
    void amtoolsSilenceAppears();
    void oneInFull();
    void aNameIsPutToIt();
    void aSilenceIsTriedBeforeItIsMade();
    void aSilenceEnds();
    void noneIsFound();

private:
    [[nodiscard]] QStringList names(List list) const
    {
        QStringList out;
        for (const auto& row : m_page->table(list)->model()->source()->rows())
            out << row->name;
        out.sort();
        return out;
    }
    [[nodiscard]] QString idOf(List list, const QString& name) const
    {
        for (const auto& row : m_page->table(list)->model()->source()->rows())
            if (row->name == name)
                return row->id;
        return {};
    }
    template <typename T>
    [[nodiscard]] T* child(const QString& name) const
    {
        return m_page->findChild<T*>(name);
    }
    [[nodiscard]] bool factIs(const QString& key, const QString& part) const
    {
        for (const auto& section : m_page->detail()->content().sections)
            for (const auto& item : section.items)
                if (item.key == key && item.value.contains(part))
                    return true;
        return false;
    }

    Theme m_theme;
    RealAlertmanager m_real;
    std::shared_ptr<Clock> m_clock = std::make_shared<SystemClock>();
    std::shared_ptr<platform::Platform> m_platform = std::make_shared<platform::Platform>();
    std::shared_ptr<Acknowledgements> m_seen;
    MonitoringPlace m_place;
    WritingDoor m_door;
    std::unique_ptr<AlertsPage> m_page;
};

void TestAlertsPage::initTestCase()
{
    m_theme.apply(*qApp);
    if (const QString why = RealAlertmanager::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(m_real.start(configuration), qPrintable(m_real.error()));
    const auto add = [this](const QStringList& labels) {
        (void)m_real.amtool(QStringList{u"alert"_s, u"add"_s, u"--annotation=summary=It is full"_s,
                                        u"--annotation=runbook_url=https://run.example/full"_s} +
                            labels);
    };
    add({u"DiskFull"_s, u"node=n1"_s, u"severity=critical"_s});
    add({u"DiskFull"_s, u"node=n2"_s, u"severity=warning"_s});
    add({u"Slow"_s, u"node=n2"_s, u"severity=warning"_s});
    m_platform->name = u"shop"_s;
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    platform::Endpoint endpoint;
    endpoint.url = m_real.url().toString();
    service.healthEndpoints = {endpoint};
    m_platform->services = {service};
}

void TestAlertsPage::init()
{
    m_seen = std::make_shared<Acknowledgements>(QString());
    auto source = std::make_shared<AlertSource>(AlertSource::Places{{nullptr, {}, m_platform}, {}}, *m_clock,
                                                AlertSource::Options{200, 20'000});
    connect(m_seen.get(), &Acknowledgements::changed, source.get(),
            [seen = m_seen.get(), source = source.get()] { source->setAcknowledgements(seen->all()); });
    m_place = {u"Shop"_s, m_platform, nullptr, nullptr, nullptr, source, u"production"_s};
    m_door.done.clear();
    m_door.proposed.clear();
    m_door.notNow.clear();
    m_page = std::make_unique<AlertsPage>(
        AlertsPage::Parts{m_clock, std::make_shared<SystemFileDialogs>(), m_seen, &m_door, [] { return u"anna"_s; }});
    m_page->resize(1200, 700);
    m_page->setPlace(m_place);
}

void TestAlertsPage::nothingIsAskedUntilItIsShown()
{
    QCOMPARE(m_place.alerts->state(), AlertSource::State::Idle);
    m_page->show();
    QTRY_VERIFY_WITH_TIMEOUT(m_place.alerts->heardAt() > 0, 30'000);
}

void TestAlertsPage::alertsAppear()
{
    m_page->show();
    QTRY_COMPARE_WITH_TIMEOUT(names(List::Alerts), (QStringList{u"DiskFull"_s, u"DiskFull"_s, u"Slow"_s}), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(child<QToolButton>(u"alertsCount-critical"_s), 30'000);
    QCOMPARE(child<QToolButton>(u"alertsCount-critical"_s)->text(), u"1 critical"_s);
    QCOMPARE(child<QToolButton>(u"alertsCount-warning"_s)->text(), u"2 warning"_s);
    // The figures of a tile are made of the same.
    const monitoring::AlertTally tally = monitoring::tallyOf(m_place.alerts->book(), m_place.platform.get());
    QCOMPARE(tally.fires(), 3);
    for (const auto& one : tally.firing)
        QCOMPARE(child<QToolButton>(u"alertsCount-"_s + one.name)->text(), u"%1 %2"_s.arg(one.count).arg(one.name));
    child<QToolButton>(u"alertsCount-critical"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_page->table(List::Alerts)->model()->rowCount(), 1, 30'000);
    child<QToolButton>(u"alertsCount-critical"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_page->table(List::Alerts)->model()->rowCount(), 3, 30'000);
    QVERIFY(child<QLabel>(u"alertsOrigin"_s)->text().contains(u"the platform file gives this address"_s));
    QTRY_COMPARE_WITH_TIMEOUT(names(List::Groups).size(), 3, 30'000);
}

void TestAlertsPage::amtoolsSilenceAppears()
{
    m_page->show();
    const QString id = QString::fromUtf8(m_real
                                             .amtool({u"silence"_s, u"add"_s, u"-a"_s, u"ben"_s, u"-c"_s,
                                                      u"being repaired"_s, u"-d"_s, u"1h"_s, u"alertname=Slow"_s})
                                             .trimmed());
    QVERIFY(!id.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(m_place.alerts->silence(id), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(child<QToolButton>(u"alertsCount-kept"_s), 30'000);
    QCOMPARE(child<QToolButton>(u"alertsCount-kept"_s)->text(), u"1 silenced"_s);
    QTRY_COMPARE_WITH_TIMEOUT(names(List::Silences), QStringList{u"alertname=\"Slow\""_s}, 30'000);
    m_page->open(List::Silences, id);
    QVERIFY(m_page->detail()->isVisible());
    QCOMPARE(m_page->detail()->content().title, u"being repaired"_s);
    QVERIFY(factIs(u"Slow"_s, u"node=n2"_s));
    (void)m_real.amtool({u"silence"_s, u"expire"_s, id});
    QTRY_COMPARE_WITH_TIMEOUT(m_place.alerts->silence(id)->state, Silence::State::Expired, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(!child<QToolButton>(u"alertsCount-kept"_s), 30'000);
}

void TestAlertsPage::oneInFull()
{
    m_page->show();
    QTRY_VERIFY_WITH_TIMEOUT(!idOf(List::Alerts, u"Slow"_s).isEmpty(), 30'000);
    m_page->open(List::Alerts, idOf(List::Alerts, u"Slow"_s));
    QVERIFY(m_page->detail()->isVisible());
    QVERIFY(factIs(u"Summary"_s, u"It is full"_s));
    QVERIFY(factIs(u"Runbook"_s, u"https://run.example/full"_s));
    QVERIFY(factIs(u"node"_s, u"n2"_s));
    QVERIFY(factIs(u"Receivers"_s, u"night"_s));
    QVERIFY(child<QPushButton>(u"alertRunbook"_s));
    m_page->resize(700, 600); // in place of the list
    QVERIFY(m_page->detail()->isVisible() && !m_page->table(List::Alerts)->isVisible());
    QTest::keyClick(m_page->detail(), Qt::Key_Escape);
    child<QToolButton>(u"detailClose"_s)->click();
    QVERIFY(!m_page->detail()->isVisible() && m_page->table(List::Alerts)->isVisible());
}

void TestAlertsPage::aNameIsPutToIt()
{
    m_page->show();
    QTRY_VERIFY_WITH_TIMEOUT(!idOf(List::Alerts, u"Slow"_s).isEmpty(), 30'000);
    const QString id = idOf(List::Alerts, u"Slow"_s);
    m_page->open(List::Alerts, id);
    child<QPushButton>(u"alertAcknowledge"_s)->click();
    auto* dialog = m_page->findChild<AcknowledgeDialog*>();
    QVERIFY(dialog);
    QCOMPARE(dialog->name(), u"anna"_s);
    dialog->findChild<QLineEdit*>(u"acknowledgeNote"_s)->setText(u"on it"_s);
    dialog->findChild<QPushButton*>(u"acknowledgeDone"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_place.alerts->book().find(id)->acknowledged, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(factIs(u"Seen by"_s, u"on it"_s), 30'000);
}

void TestAlertsPage::aSilenceIsTriedBeforeItIsMade()
{
    m_page->show();
    QTRY_COMPARE_WITH_TIMEOUT(m_place.alerts->firing().size(), 3U, 30'000);
    m_page->silence(idOf(List::Alerts, u"Slow"_s));
    SilenceDialog* dialog = m_page->dialog();
    QVERIFY(dialog);
    auto* matchers = dialog->findChild<QPlainTextEdit*>(u"silenceMatchers"_s);
    auto* covered = dialog->findChild<QListWidget*>(u"silenceCovered"_s);
    auto* now = dialog->findChild<QPushButton*>(u"silenceNow"_s);
    QCOMPARE(covered->count(), 1);
    QVERIFY(!now->isEnabled()); // no reason yet
    matchers->setPlainText(u"node=n2"_s);
    QCOMPARE(covered->count(), 2);
    matchers->setPlainText(u"node=~\"(\""_s);
    QCOMPARE(covered->count(), 0);
    QVERIFY(dialog->findChild<QLabel*>(u"silenceProblem"_s)->isVisible());
    matchers->setPlainText(u"severity=critical"_s);
    dialog->findChild<QLineEdit*>(u"silenceReason"_s)->setText(u"known"_s);
    QVERIFY(now->isEnabled());
    m_door.notNow = u"Somebody else has to agree."_s;
    emit m_door.changed();
    QVERIFY(!now->isEnabled());
    QCOMPARE(dialog->findChild<QLabel*>(u"silenceWhyNot"_s)->text(), m_door.notNow);
    m_door.notNow.clear();
    emit m_door.changed();
    now->click();
    QCOMPARE(m_door.done.size(), 1U);
    const SilenceWish& wish = m_door.done.front();
    QCOMPARE(wish.platform, u"shop"_s);
    QCOMPARE(wish.cluster, u"production"_s);
    QCOMPARE(wish.silence.createdBy, u"anna"_s);
    QCOMPARE(wish.silence.endsAt - wish.silence.startsAt, 7'200'000);
    QCOMPARE(matchersText(wish.silence.matchers), u"{severity=\"critical\"}"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->dialog(), 30'000);
}

void TestAlertsPage::aSilenceEnds()
{
    m_page->show();
    const QString id = QString::fromUtf8(
        m_real.amtool({u"silence"_s, u"add"_s, u"-a"_s, u"ben"_s, u"-c"_s, u"x"_s, u"-d"_s, u"1h"_s, u"node=n1"_s})
            .trimmed());
    QTRY_VERIFY_WITH_TIMEOUT(m_place.alerts->silence(id), 30'000);
    m_page->open(List::Silences, id);
    child<QPushButton>(u"silenceExpire"_s)->click();
    QVERIFY(m_page->dialog());
    m_page->dialog()->findChild<QPushButton*>(u"silencePropose"_s)->click();
    QCOMPARE(m_door.proposed.size(), 1U);
    QCOMPARE(m_door.proposed.front().kind, SilenceWish::Kind::Expire);
    QCOMPARE(m_door.proposed.front().silence.id, id);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->dialog(), 30'000);
    child<QPushButton>(u"silenceExtend"_s)->click();
    QVERIFY(m_page->dialog());
    const auto longer = m_page->dialog()->wish();
    QVERIFY(longer);
    QCOMPARE(longer->silence.id, id); // the same one, changed in place
    QVERIFY(longer->silence.endsAt > m_place.alerts->silence(id)->endsAt);
    (void)m_real.amtool({u"silence"_s, u"expire"_s, id});
}

void TestAlertsPage::noneIsFound()
{
    m_place.alerts = std::make_shared<AlertSource>(AlertSource::Places{{nullptr, {}, nullptr}, {}}, *m_clock);
    m_page->setPlace(m_place);
    m_page->show();
    auto* state = m_page->table(List::Alerts)->findChild<StateView*>(u"stateView"_s);
    QTRY_COMPARE_WITH_TIMEOUT(state->state(), StateView::State::Failed, 30'000);
    QVERIFY(state->isVisible());
}

QTEST_MAIN(TestAlertsPage)
#include "test_alerts_page.moc"
