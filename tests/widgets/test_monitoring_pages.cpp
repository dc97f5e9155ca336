// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Clock.h"
#include "platform/Platform.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/MonitoringPanel.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QTabBar>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;

namespace {

class FakePage final : public MonitoringPage
{
public:
    FakePage(bool needs, QStringList& places, QWidget* parent)
        : MonitoringPage(parent), m_needs(needs), m_places(places)
    {
    }
    bool needsServer() const override { return m_needs; }
    bool usesRange() const override { return m_needs; }
    void setPlace(const MonitoringPlace& place) override { m_places << place.title; }

private:
    const bool m_needs;
    QStringList& m_places;
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
        m_made = 0;
        m_panel = std::make_unique<MonitoringPanel>(MonitoringPanel::Parts{
            m_clock, std::make_shared<series::TimeRangeModel>(m_clock), std::make_shared<SystemFileDialogs>()});
        for (const bool needs : {true, false}) {
            m_panel->addPage(needs ? u"rules"_s : u"health"_s, needs ? u"Rules"_s : u"Health"_s,
                             [this, needs](QWidget* parent) {
                                 ++m_made;
                                 return new FakePage(needs, m_places, parent);
                             });
        }
        m_panel->show();
    }
    void cleanup() { m_panel.reset(); }

    void aPageIsMadeWhenItIsOpened()
    {
        QCOMPARE(tabs(), QStringList());
        m_panel->setPlace(place(u"Shop"_s));
        QCOMPARE(tabs(), (QStringList{u"Golden signals"_s, u"Rules"_s, u"Health"_s}));
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

private:
    MonitoringPlace place(const QString& title)
    {
        auto platform = std::make_shared<platform::Platform>();
        platform->name = title.toLower();
        platform::Dashboard golden;
        golden.name = u"golden"_s;
        golden.title = u"Golden signals"_s;
        platform->dashboards = {golden};
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
    int m_made = 0;
};

QTEST_MAIN(TestMonitoringPages)
#include "test_monitoring_pages.moc"
