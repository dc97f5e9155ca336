// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Clock.h"
#include "platform/Platform.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/TabLine.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/MonitoringPanel.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QTabBar>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;

namespace {

class FakePage final : public MonitoringPage
{
public:
    FakePage(bool needs, QStringList& places, QList<bool>& servers, QWidget* parent)
        : MonitoringPage(parent), m_needs(needs), m_places(places), m_servers(servers)
    {
        setFocusPolicy(Qt::StrongFocus);
    }
    bool needsServer() const override { return m_needs; }
    bool usesRange() const override { return m_needs; }
    void setPlace(const MonitoringPlace& place) override
    {
        m_places << place.title;
        m_servers << (place.source && place.source->server());
    }

private:
    const bool m_needs;
    QStringList& m_places;
    QList<bool>& m_servers;
};

} // namespace

/// The pages beside the dashboards: made when opened, kept when the place changes.
class TestMonitoringPages : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init()
    {
        m_places.clear();
        m_servers.clear();
        m_made = 0;
        m_panel = std::make_unique<MonitoringPanel>(MonitoringPanel::Parts{
            m_clock, std::make_shared<series::TimeRangeModel>(m_clock), std::make_shared<SystemFileDialogs>()});
        for (const bool needs : {true, false}) {
            m_panel->addPage(needs ? u"rules"_s : u"health"_s, needs ? u"Rules"_s : u"Health"_s,
                             [this, needs](QWidget* parent) {
                                 ++m_made;
                                 return new FakePage(needs, m_places, m_servers, parent);
                             });
        }
        m_panel->show();
    }
    void cleanup() { m_panel.reset(); }

    void aPageIsMadeWhenItIsOpened()
    {
        QCOMPARE(tabs(), QStringList());
        m_panel->setPlace(place(u"Shop"_s));
        QCOMPARE(tabs(), (QStringList{u"Dashboards"_s, u"Rules"_s, u"Health"_s}));
        QCOMPARE(m_made, 0);
        m_panel->showPage(u"health"_s);
        QCOMPARE(m_made, 1);
        QCOMPARE(m_places, QStringList{u"Shop"_s});
        m_panel->showPage(u"golden"_s);
        m_panel->showPage(u"health"_s);
        QCOMPARE(m_made, 1);
    }

    void whatNeedsNoServerIsShownWithoutOne()
    {
        m_panel->setPlace(place(u"Shop"_s));
        auto* state = m_panel->findChild<StateView*>(u"monitoringState"_s);
        QTRY_VERIFY(state->isVisible()); // there is none: said so
        m_panel->showPage(u"health"_s);
        QVERIFY(!state->isVisible());
        QVERIFY(m_panel->pageOf(u"health"_s)->isVisible());
        m_panel->showPage(u"rules"_s);
        QVERIFY(state->isVisible());
        QVERIFY(!m_panel->pageOf(u"rules"_s)->isVisible());
        QCOMPARE(m_panel->pageOf(u"nonsense"_s), nullptr);
    }

    void thePageStaysWhenThePlaceChanges()
    {
        m_panel->setPlace(place(u"Shop"_s));
        m_panel->showPage(u"health"_s);
        m_panel->setPlace(place(u"Chat"_s));
        QCOMPARE(m_panel->page(), u"health"_s);
        QCOMPARE(m_places, (QStringList{u"Shop"_s, u"Chat"_s}));
        QVERIFY(m_panel->pageOf(u"health"_s)->isVisible());
        m_panel->setPlace({});
        QVERIFY(m_panel->findChild<StateView*>(u"monitoringState"_s)->isVisible());
    }

    void aDashboardIsOpenedByItsName()
    {
        m_panel->setPlace(place(u"Shop"_s));
        m_panel->showPage(u"health"_s);
        m_panel->showPage(u"business"_s);
        QCOMPARE(m_panel->page(), u"business"_s);
        m_panel->showPage(u"nonsense"_s);
        QCOMPARE(m_panel->page(), u"business"_s);
        m_panel->setPlace(place(u"Chat"_s)); // which has one of that name, too
        QCOMPARE(m_panel->page(), u"business"_s);
    }

    void pagesAndListsHaveTheirKeys()
    {
        m_panel->setPlace(place(u"Shop"_s));
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_panel->activateWindow();
        m_panel->setFocus();
        QTRY_VERIFY(m_panel->isActiveWindow());
        QCOMPARE(m_panel->page(), u"golden"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(m_panel->page(), u"business"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageDown, Qt::ControlModifier); // round
        QCOMPARE(m_panel->page(), u"golden"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageUp, Qt::ControlModifier);
        QCOMPARE(m_panel->page(), u"business"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_3, Qt::AltModifier);
        QCOMPARE(m_panel->page(), u"health"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageUp, Qt::ControlModifier); // has nothing side by side
        QCOMPARE(QApplication::focusWidget(), m_panel->pageOf(u"health"_s));               // whose keys hold
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_9, Qt::AltModifier);
        QCOMPARE(m_panel->page(), u"health"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1, Qt::AltModifier);
        QCOMPARE(m_panel->page(), u"business"_s);
    }

    void tabsWithoutRoomBecomeABox()
    {
        TabLine line;
        line.setTabs({{u"Infrastructure metrics"_s, u"a"_s}, {u"Application metrics"_s, u"b"_s}});
        line.setCurrent(u"b"_s);
        line.resize(600, line.sizeHint().height());
        line.show();
        auto* box = line.findChild<QComboBox*>();
        QVERIFY(line.tabs()->isVisible() && !box->isVisible());
        line.resize(120, line.height());
        QVERIFY(!line.tabs()->isVisible() && box->isVisible());
        QCOMPARE(box->currentText(), u"Application metrics"_s);
        QTest::keyClick(box, Qt::Key_Up);
        QCOMPARE(line.current(), u"a"_s);
        line.setTabs({{u"Other"_s, u"c"_s}, {u"Application metrics"_s, u"b"_s}, {u"Third, and long"_s, u"a"_s}});
        QCOMPARE(line.current(), u"a"_s);
        QCOMPARE(box->currentText(), u"Third, and long"_s);
    }

    void aPageThatWasThereBeforeTheServerHearsOfIt()
    {
        MonitoringPlace shop = place(u"Shop"_s);
        auto named = std::make_shared<platform::Platform>(*shop.platform);
        named->monitoring.prometheus.emplace().urls = {u"http://127.0.0.1:9090"_s};
        shop.platform = named;
        shop.source = std::make_shared<monitoring::ServerSource>(
            monitoring::ServerSource::Places{.get = {}, .context = {}, .platform = named}, *m_clock);
        m_panel->setPlace(shop);
        m_panel->showPage(u"rules"_s);
        QCOMPARE(m_servers, QList<bool>{false}); // it is being looked for
        QTRY_VERIFY(m_panel->pageOf(u"rules"_s)->isVisible());
        QCOMPARE(m_servers, (QList<bool>{false, true}));
    }

private:
    MonitoringPlace place(const QString& title)
    {
        auto platform = std::make_shared<platform::Platform>();
        platform->name = title.toLower();
        platform::Dashboard golden;
        golden.name = u"golden"_s;
        golden.title = u"Golden signals"_s;
        platform::Dashboard business;
        business.name = u"business"_s;
        platform->dashboards = {golden, business};
        return {title, platform,
                std::make_shared<monitoring::ServerSource>(monitoring::ServerSource::Places{}, *m_clock),
                std::make_shared<const monitoring::MetricCatalog>()};
    }
    QStringList tabs() const
    {
        const auto* bar = m_panel->findChild<QTabBar*>(u"monitoringTabs"_s);
        QStringList out;
        for (int i = 0; i < bar->count(); ++i)
            out << bar->tabText(i);
        return out;
    }

    Theme m_theme;
    std::shared_ptr<Clock> m_clock = std::make_shared<SystemClock>();
    std::unique_ptr<MonitoringPanel> m_panel;
    QStringList m_places;
    QList<bool> m_servers;
    int m_made = 0;
};

QTEST_MAIN(TestMonitoringPages)
#include "test_monitoring_pages.moc"
