// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shots/Shots.h"

#include "cluster/KindCatalog.h"
#include "table/TableModel.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/shell/PlaceChooser.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/StateView.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtCore/QTimer>
#include <QtWidgets/QDialog>
#include <QtWidgets/QLabel>

// Which pictures there are, and how the window comes into the state that each shows.
namespace wk::app {

using namespace Qt::StringLiterals;
using table::Freshness;

QString Shots::tableMissing()
{
    const table::TableModel* model = panel().dataTable()->model();
    const Freshness freshness = model->freshness();
    if (!model->source())
        return tr("the table has no source");
    if (freshness.state != Freshness::State::Live)
        return tr("the table is not live: %1").arg(widgets::FreshnessLabel::describe(freshness, model->nowMs()));
    if (model->isArranging())
        return tr("the table is being sorted");
    return {};
}

QString Shots::tableWords()
{
    const table::TableModel* model = panel().dataTable()->model();
    return tr("%1 rows of %2, %3")
        .arg(model->rowCount())
        .arg(model->totalCount())
        .arg(widgets::FreshnessLabel::describe(model->freshness(), model->nowMs()));
}

void Shots::openKind(const QString& kindId, const QString& filter)
{
    window().showPanel(u"cluster"_s);
    panel().closeDetail();
    panel().open({.kindId = kindId, .space = {}, .name = {}, .filter = filter});
    panel().dataTable()->setFilterText(filter);
}

void Shots::openContext(const QString& name)
{
    for (const Place& place : m_composition.platforms().places()) {
        if (place.context && place.context->id.context == name)
            window().openPlace(place.id);
    }
}

cluster::ClusterTarget Shots::worstRow()
{
    cluster::ClusterTarget target{.kindId = panel().currentKindId(), .space = {}, .name = {}, .filter = {}};
    table::RowPtr worst;
    const auto rank = [](table::Health health) {
        return health == table::Health::Bad       ? 3
               : health == table::Health::Warning ? 2
               : health == table::Health::Unknown ? 1
                                                  : 0;
    };
    for (const table::RowPtr& row : panel().dataTable()->model()->visibleRows()) {
        if (!worst || rank(row->health) > rank(worst->health))
            worst = row;
    }
    if (worst) {
        target.space = worst->space;
        target.name = worst->name;
    }
    return target;
}

/// A namespace in which that table has no row; empty where each has one.
QString Shots::emptySpace(const table::TableSource& source)
{
    QSet<QString> used;
    for (const table::RowPtr& row : source.rows())
        used.insert(row->space);
    if (const auto* spaces = window().currentSession()->tallies->tally(u"namespaces"_s)) {
        for (const table::RowPtr& row : spaces->source()->rows()) {
            if (!used.contains(row->name))
                return row->name;
        }
    }
    return {};
}

void Shots::planOverview()
{
    m_steps.push_back({.name = u"overview"_s,
                       .title = tr("Overview: every platform"),
                       .prepare = [this] { window().showPanel(u"overview"_s); },
                       .missing = [this]() -> QString {
                           int live = 0;
                           for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                               if (tile->entry().overview && !tile->entry().overview->freshness().isLive())
                                   return tr("%1 is not live").arg(tile->entry().title);
                               live += tile->entry().overview ? 1 : 0;
                           }
                           return live > 0 ? QString() : tr("no tile has a cluster");
                       },
                       .describe =
                           [this] {
                               QStringList lines{window().overviewPanel()->headline()};
                               for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                                   QStringList facts;
                                   for (const auto& fact : tile->text().facts)
                                       facts.append(fact.content.text + u' ' + fact.content.figure);
                                   const bool counted = tile->entry().overview != nullptr;
                                   lines.append(u"    %1: %2; %3"_s.arg(
                                       tile->entry().title, counted ? tile->text().verdict : tile->entry().problem,
                                       facts.join(u", "_s)));
                               }
                               return lines.join(u'\n');
                           }});
}

void Shots::planCluster()
{
    const QList<QPair<QString, QString>> kinds{{u"pods"_s, tr("Pods")},
                                               {u"nodes"_s, tr("Nodes")},
                                               {u"deployments.apps"_s, tr("Deployments")},
                                               {u"events"_s, tr("Events")},
                                               {u"secrets"_s, tr("Secrets")},
                                               {u"usage-by-namespace.watchkeeper"_s, tr("Usage by namespace")},
                                               {u"usage-by-workload.watchkeeper"_s, tr("Usage by workload")},
                                               {u"usage-by-node.watchkeeper"_s, tr("Usage by node")}};
    for (const auto& [id, title] : kinds) {
        m_steps.push_back({.name = u"cluster-"_s + id.section(u'.', 0, 0),
                           .title = tr("Cluster: %1").arg(title.toLower()),
                           .prepare = [this, id = id] { openKind(id); },
                           .missing = [this]() -> QString {
                               if (!window().currentSession()->tallies->settled())
                                   return tr("not every kind has answered");
                               return tableMissing();
                           },
                           .describe = [this] { return tableWords(); }});
    }
    m_steps.push_back(
        {.name = u"cluster-filter"_s,
         .title = tr("Cluster: pods, filtered to those in trouble"),
         .prepare = [this] { openKind(u"pods"_s, u"is:trouble"_s); },
         .missing = [this] { return tableMissing(); },
         .describe = [this] { return tableWords() + tr(", filter \"%1\"").arg(panel().dataTable()->filterText()); },
         .after = [this] { panel().dataTable()->setFilterText({}); }});
    m_steps.push_back({.name = u"cluster-empty"_s,
                       .title = tr("Cluster: a kind without objects"),
                       .prepare = [this] { openEmptyKind(); },
                       .missing = [this]() -> QString {
                           const QString missing = tableMissing();
                           if (missing.isEmpty() && panel().dataTable()->model()->totalCount() > 0)
                               return tr("every kind has objects");
                           return missing;
                       },
                       .describe = [this] { return panel().currentKindId() + u": "_s + tableWords(); }});
}

/// A kind of which there is no object, or none in some namespace.
void Shots::openEmptyKind()
{
    const auto& session = window().currentSession();
    for (const cluster::KindGroup& group : cluster::groupKinds(session->view->kinds())) {
        for (const cluster::ResourceKind& kind : group.kinds) {
            const auto* tally = session->tallies->tally(kind.id());
            if (!tally || !tally->freshness().isLive())
                continue;
            const bool none = tally->count() == 0;
            const QString space = kind.namespaced && !none ? emptySpace(*tally->source()) : QString();
            if (none || !space.isEmpty()) {
                openKind(kind.id());
                panel().open({.kindId = kind.id(), .space = space, .name = {}, .filter = {}});
                return;
            }
        }
    }
}

/// Opens the worst object of a kind. The table may need a moment for its rows: it is opened as soon as they are there.
void Shots::openWorst(const QString& kindId)
{
    openKind(kindId);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this, timer] {
        if (!tableMissing().isEmpty() || panel().dataTable()->model()->rowCount() == 0)
            return;
        timer->deleteLater();
        panel().open(worstRow());
        panel().detail()->showPage(widgets::ObjectDetail::Page::Summary);
    });
    timer->start(pollMs);
}

void Shots::planDetail()
{
    const auto ready = [this]() -> QString {
        if (!panel().isDetailOpen())
            return tr("the detail is not open");
        if (!panel().detail()->isLoaded())
            return tr("the object has not been read");
        const auto states = panel().detail()->findChildren<widgets::StateView*>();
        const bool reading = std::ranges::any_of(states, [](const widgets::StateView* state) {
            return state->isVisible() && state->state() == widgets::StateView::State::Loading;
        });
        return reading ? tr("a page is being read") : QString();
    };
    const auto words = [this] {
        const auto* detail = panel().detail();
        const auto* reason = detail->findChild<QLabel*>(u"detailReason"_s);
        return u"%1 %2/%3 %4"_s.arg(detail->kind().kind, detail->space(), detail->name(),
                                    reason ? reason->text() : QString());
    };
    const auto worst = [this](const QString& kindId) { return [this, kindId] { openWorst(kindId); }; };
    using Page = widgets::ObjectDetail::Page;
    const auto page = [this](Page which) { return [this, which] { panel().detail()->showPage(which); }; };
    const std::tuple<QString, QString, std::function<void()>> details[] = {
        {u"detail-pod"_s, tr("Detail: the worst pod, summary"), worst(u"pods"_s)},
        {u"detail-pod-yaml"_s, tr("Detail: the same pod, YAML"), page(Page::Yaml)},
        {u"detail-pod-related"_s, tr("Detail: what the pod has to do with others"), page(Page::Related)},
        {u"detail-pod-access"_s, tr("Detail: who may do what with the pod"), page(Page::Access)},
        {u"detail-node"_s, tr("Detail: a node"), worst(u"nodes"_s)},
        {u"detail-deployment"_s, tr("Detail: a deployment"), worst(u"deployments.apps"_s)},
        {u"detail-deployment-related"_s, tr("Detail: what a deployment made"), page(Page::Related)},
        {u"detail-deployment-revisions"_s, tr("Detail: a deployment's revisions"), page(Page::Revisions)},
        {u"detail-secret"_s, tr("Detail: a secret, its values hidden"), worst(u"secrets"_s)}};
    for (const auto& [name, title, prepare] : details)
        m_steps.push_back({.name = name, .title = title, .prepare = prepare, .missing = ready, .describe = words});
    m_steps.back().after = [this] { panel().closeDetail(); };
}

void Shots::planRest()
{
    planCredentials();
    m_steps.push_back({.name = u"settings"_s, .title = tr("Settings"), .prepare = [this] {
                           window().openPlace(m_home);
                           m_composition.settings().set(Settings::Key::KubeconfigFiles, QStringList());
                           window().showPanel(u"settings"_s);
                       }});
    m_steps.push_back({.name = u"chooser"_s,
                       .title = tr("Choosing a platform or a context"),
                       .prepare =
                           [this] {
                               window().showPanel(u"overview"_s);
                               m_dialog = window().choosePlace();
                           },
                       .describe = [this] { return tr("%1 places").arg(m_composition.platforms().places().size()); },
                       .dialog = [this] { return m_dialog.data(); },
                       .after = [this] { m_dialog->reject(); }});
    m_steps.push_back({.name = u"shortcuts"_s,
                       .title = tr("The list of keys"),
                       .prepare =
                           [this] {
                               window().showShortcuts();
                               m_dialog = window().findChild<QDialog*>(u"shortcutsDialog"_s);
                           },
                       .dialog = [this] { return m_dialog.data(); },
                       .after = [this] { m_dialog->reject(); }});
}

} // namespace wk::app
