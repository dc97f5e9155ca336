// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/Palette.h"

#include "cluster/KindCatalog.h"
#include "core/Future.h"
#include "platform/Platform.h"
#include "table/TableModel.h"
#include "watchkeeper/monitoring/MonitoringPages.h"
#include "watchkeeper/shell/MainWindow.h"
#include "watchkeeper/shell/NavigationRail.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using widgets::ObjectActions;
using widgets::PaletteEntry;
using widgets::PaletteList;
using Item = PaletteList::Item;

/// The objects of the table that is open, by name.
class Palette::TableNames final : public widgets::PaletteProvider
{
public:
    TableNames(MainWindow& window, QObject* parent) : PaletteProvider(parent), m_window(window) {}

    void take(const widgets::ClusterPanel* panel)
    {
        const auto source = panel ? panel->dataTable()->model()->source() : nullptr;
        m_rows =
            std::make_shared<const std::vector<table::RowPtr>>(source ? source->rows() : std::vector<table::RowPtr>());
        m_kind = panel && source ? panel->wholeKind().kind : cluster::ResourceKind();
    }

    QString section() const override { return m_kind.kind; }
    search::NameSearch::Source names() override
    {
        return [rows = m_rows] {
            auto out = std::make_shared<search::NameList>();
            out->reserve(qsizetype(rows->size()), qsizetype(rows->size()) * 40);
            for (const table::RowPtr& row : *rows)
                out->add(row->name);
            return out;
        };
    }
    PaletteEntry entry(int index) const override
    {
        const table::RowPtr& row = m_rows->at(size_t(index));
        return {row->name, row->space, {}, {}};
    }
    void trigger(int index) override
    {
        const table::RowPtr row = m_rows->at(size_t(index));
        m_window.showPanel(u"cluster"_s);
        m_window.clusterPanel()->open({.kindId = m_kind.id(), .space = row->space, .name = row->name, .filter = {}});
    }

private:
    MainWindow& m_window;
    cluster::ResourceKind m_kind;
    std::shared_ptr<const std::vector<table::RowPtr>> m_rows;
};

Palette::Palette(Means means, QObject* parent)
    : QObject(parent), m_means(means), m_palette(new widgets::CommandPalette(means.window.centralWidget())),
      m_actions(new PaletteList(tr("Action"), this)), m_commands(new PaletteList(tr("Go"), this)),
      m_places(new PaletteList(tr("Cluster"), this)), m_kinds(new PaletteList(tr("Kind"), this)),
      m_spaces(new PaletteList(tr("Namespace"), this)), m_names(new TableNames(means.window, this))
{
}

void Palette::open()
{
    ++m_round;
    fillActions();
    fillCommands();
    fillPlaces();
    fillKinds();
    fillSpaces();
    m_names->take(m_means.window.openClusterPanel());
    m_palette->open({m_actions, m_commands, m_places, m_kinds, m_spaces, m_names});
}

void Palette::addActions(const ObjectActions::Objects& objects, const QString& words, QList<Item>& items)
{
    for (const ObjectActions::Action& offered : m_means.actions.actionsFor(objects)) {
        const int index = int(items.size());
        items << Item{{offered.title, words, offered.shortcut, tr("The cluster is asked whether you may do this.")},
                      [this, id = offered.id, objects] { m_means.actions.trigger(id, objects); }};
        whenDone(m_means.actions.whyNot(offered.id, objects), this, [this, index, round = m_round](const QString& why) {
            if (round == m_round)
                m_actions->setWhyNot(index, why);
        });
    }
}

void Palette::fillActions()
{
    QList<Item> items;
    const auto* panel = m_means.window.openClusterPanel();
    if (panel && m_means.window.currentPanel() == u"cluster" && !panel->wholeKind().kind.resource.isEmpty()) {
        const ObjectActions::Objects chosen = panel->selectedObjects();
        const QString words = chosen.size() == 1 ? tr("%1 %2").arg(chosen.first().kind.singular, chosen.first().name)
                                                 : tr("%1 %2").arg(chosen.size()).arg(panel->wholeKind().kind.resource);
        if (!chosen.isEmpty())
            addActions(chosen, words, items);
        addActions({panel->wholeKind()}, panel->wholeKind().space, items);
    }
    m_actions->setItems(items);
}

void Palette::fillCommands()
{
    MainWindow& window = m_means.window;
    QList<Item> items;
    const QStringList ids = m_means.rail.ids();
    for (qsizetype i = 0; i < ids.size(); ++i)
        items << Item{{m_means.rail.title(ids.at(i)), tr("panel"), u"Ctrl+%1"_s.arg(i + 1), {}},
                      [&window, id = ids.at(i)] { window.showPanel(id); }};
    addMonitoring(items);
    const auto add = [&](const QString& title, const QString& keys, const std::function<void()>& run) {
        items << Item{{title, {}, keys, {}}, run};
    };
    add(tr("New change request"), {}, [&window] {
        window.showPanel(u"changes"_s);
        if (auto* changes = window.changesPanel())
            changes->newRequest();
    });
    add(tr("Change platform or cluster"), u"Ctrl+O"_s, [&window] { window.choosePlace(); });
    add(tr("Explain the connection"), u"Ctrl+D"_s, [&window] { window.explain(window.currentPlace()); });
    if (const auto session = window.currentSession())
        add(tr("Connect anew"), u"F5"_s, [session] { session->view->reconnect(); });
    add(tr("Add a kubeconfig file"), {}, [&window] { window.addKubeconfigFile(); });
    add(tr("Keys"), u"?"_s, [&window] { window.showShortcuts(); });
    m_commands->setItems(items);
}

/// The pages of monitoring and the dashboards of the place that one is at.
void Palette::addMonitoring(QList<Item>& items)
{
    MainWindow& window = m_means.window;
    const auto place = m_means.platforms.place(window.currentPlace());
    if (!place || !place->platform)
        return;
    const auto add = [&](const QString& title, const QString& words, const QString& keys, const QString& page) {
        items << Item{{title, words, keys, {}}, [&window, page] {
                          window.showPanel(u"monitoring"_s);
                          window.monitoringPanel()->showPage(page);
                      }};
    };
    int digit = 2; // the first page is that of the dashboards
    for (const MonitoringPageName& name : monitoringPageNames())
        add(name.title, tr("page of monitoring"), u"Alt+%1"_s.arg(digit++), name.id);
    for (const platform::Dashboard& dashboard : place->platform->dashboards)
        add(dashboard.title.isEmpty() ? dashboard.name : dashboard.title, tr("dashboard of %1").arg(place->title), {},
            dashboard.name);
}

void Palette::fillPlaces()
{
    QList<Item> items;
    for (const Place& place : m_means.platforms.places())
        items << Item{{place.title,
                       place.detail,
                       {},
                       place.context ? QString() : tr("No context of the kubeconfig leads there.")},
                      [&window = m_means.window, id = place.id] {
                          window.openPlace(id);
                          window.showPanel(u"cluster"_s);
                      }};
    m_places->setItems(items);
}

void Palette::fillKinds()
{
    QList<Item> items;
    if (const auto session = m_means.window.currentSession())
        for (const cluster::KindGroup& group : cluster::groupKinds(session->view->kinds() + cluster::usageKinds()))
            for (const cluster::ResourceKind& kind : group.kinds)
                items << Item{{cluster::kindTitle(kind), kind.shortNames.join(u", "_s), {}, {}},
                              [&window = m_means.window, id = kind.id()] {
                                  window.showPanel(u"cluster"_s);
                                  auto* panel = window.clusterPanel();
                                  panel->open({.kindId = id, .space = panel->space(), .name = {}, .filter = {}});
                              }};
    m_kinds->setItems(items);
}

void Palette::fillSpaces()
{
    QList<Item> items;
    const auto session = m_means.window.currentSession();
    const auto* spaces = session && session->tallies ? session->tallies->tally(u"namespaces"_s) : nullptr;
    QStringList names;
    if (spaces)
        for (const table::RowPtr& row : spaces->source()->rows())
            names << row->name;
    names.sort();
    for (const QString& name : std::as_const(names))
        items << Item{{name, {}, {}, {}}, [&window = m_means.window, name] {
                          window.showPanel(u"cluster"_s);
                          auto* panel = window.clusterPanel();
                          panel->open({.kindId = panel->currentKindId(), .space = name, .name = {}, .filter = {}});
                      }};
    m_spaces->setItems(items);
}

} // namespace wk::app
