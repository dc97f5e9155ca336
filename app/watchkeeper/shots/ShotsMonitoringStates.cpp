// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the pages of monitoring while nothing is known yet, where nothing can be asked, and after the link broke.
#include "watchkeeper/Composition.h"
#include "watchkeeper/monitoring/MonitoringPages.h"
#include "watchkeeper/shots/Shots.h"
#include "widgets/monitoring/explore/ExplorePage.h"

#include <QtGui/QAction>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

/// What a page needs to ask, and to find out that nobody answers.
constexpr qint64 settleMs = 4'000;
/// After the link broke, until every page has asked in vain; alerts are asked for every 5 s.
constexpr qint64 vainMs = 9'000;

} // namespace

/// The platform that is drawn, on another connection.
void Shots::bindHome(const QString& context)
{
    for (const Place& place : m_composition.platforms().places()) {
        if (place.context && place.context->id.context == context) {
            m_composition.platforms().bind(m_home, place.context->id);
            break;
        }
    }
    window().openPlace(m_home);
    window().showPanel(u"monitoring"_s);
}

void Shots::addMonitoringState(const QString& page, const QString& state, const QString& title,
                               std::function<void()> prepare)
{
    m_steps.push_back({.name = u"monitoring-%1-%2"_s.arg(state, page),
                       .title = title,
                       .prepare =
                           [this, page, prepare = std::move(prepare)] {
                               prepare();
                               monitoring().showPage(page);
                           },
                       .missing = [this, state]() -> QString {
                           const qint64 wanted = state == u"stale" ? vainMs : settleMs;
                           return m_waited.elapsed() < wanted ? tr("the page is asking") : QString();
                       }});
}

void Shots::planMonitoringStates()
{
    QStringList pages{widgets::MonitoringPanel::dashboardsId()};
    for (const MonitoringPageName& name : monitoringPageNames())
        pages << name.id;
    // Whichever of them is drawn, it needs a link that was not cut before.
    m_steps.push_back({.name = u"monitoring"_s, .prepare = [this] {
                           window().openPlace(m_home);
                           if (const QString problem = writeContexts(); !problem.isEmpty())
                               m_failures.append(problem);
                       }});
    for (const QString& page : std::as_const(pages)) {
        addMonitoringState(page, u"loading"_s, tr("Monitoring: loading (%1)").arg(page),
                           [this] { bindHome(u"silent"_s); });
        addMonitoringState(page, u"failed"_s, tr("Monitoring: nothing can be asked (%1)").arg(page),
                           [this] { bindHome(u"refused"_s); });
    }
    // Seen once, so that they have something that can grow old.
    for (const QString& page : std::as_const(pages)) {
        m_steps.push_back(
            {.name = u"monitoring-stale-"_s + page,
             .prepare =
                 [this, page] {
                     bindHome(u"cut"_s);
                     monitoring().showPage(page);
                     if (auto* explore = qobject_cast<widgets::ExplorePage*>(monitoring().pageOf(page)))
                         explore->open(u"sum by (job) (up)"_s);
                 },
             .missing = [this] { return m_waited.elapsed() < settleMs ? tr("the page is being filled") : QString(); }});
    }
    m_steps.push_back({.name = u"monitoring-stale"_s, .prepare = [this] { m_link->cut(); }});
    for (const QString& page : std::as_const(pages))
        addMonitoringState(page, u"stale"_s, tr("Monitoring: stale, the link was cut a moment ago (%1)").arg(page),
                           [this, page] {
                               monitoring().showPage(page);
                               for (const QString& act : {u"rulesAsk"_s, u"healthAskAll"_s}) {
                                   if (auto* ask = monitoring().findChild<QAction*>(act))
                                       ask->trigger();
                               }
                           });
    m_steps.push_back({.name = u"monitoring"_s, .prepare = [this] {
                           m_composition.settings().set(Settings::Key::PlatformBindings, QVariantMap());
                           m_composition.settings().set(Settings::Key::KubeconfigFiles, QStringList());
                           m_link.reset();
                           m_silent.reset();
                           window().openPlace(m_home);
                       }});
}

} // namespace wk::app
