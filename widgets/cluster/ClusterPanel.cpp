// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/ClusterPanel.h"

#include "cluster/KindCatalog.h"
#include "cluster/tallies/SpaceSource.h"
#include "table/TableModel.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/cluster/SpaceChooser.h"
#include "widgets/cluster/TroubleButton.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtGui/QAction>
#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Freshness;

namespace {

constexpr int kindsWidth = 232;
/// Neither the table nor the detail becomes narrower than this by a remembered division.
constexpr int leastPart = 160;
constexpr QLatin1StringView kindsKey("kinds"), besideKey("beside"), belowKey("below");

} // namespace

ClusterPanel::ClusterPanel(std::shared_ptr<Clock> clock, std::shared_ptr<TableStates> states, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_states(std::move(states))
{
    setObjectName(u"clusterPanel"_s);
    build();
    addShortcuts();
    addObjectActions();
    setNoCluster(tr("No cluster is open"), tr("Choose a platform or a context in the status bar."), {});
    m_stack->setCurrentWidget(m_state);
}

ClusterPanel::~ClusterPanel() = default;

void ClusterPanel::build()
{
    m_kinds = new KindList(this);
    m_spaces = new SpaceChooser(this);
    m_table = new DataTable(m_clock, this);
    m_table->setObjectName(u"clusterTable"_s);
    m_table->addLeadingWidget(m_spaces);
    m_trouble = new TroubleButton(this);
    m_table->addLeadingWidget(m_trouble);
    m_table->setHelpText(tr("Explain"));
    auto* explain = new QAction(icon(u"help"), tr("Explain the connection"), this);
    explain->setToolTip(tr("Check the connection step by step and say what is wrong"));
    connect(explain, &QAction::triggered, this, &ClusterPanel::explainRequested);
    m_table->addToolAction(explain);
    m_detail = new ObjectDetail(m_clock, this);
    m_detail->hide();

    m_detailSplitter = makeSplitter(u"detailSplitter"_s, m_table, m_detail);
    m_detailSplitter->setStretchFactor(0, 1);
    m_splitter = makeSplitter(u"kindSplitter"_s, m_kinds, m_detailSplitter);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({kindsWidth, 1000});
    m_kinds->setMinimumWidth(160);

    m_state = new StateView(this);
    m_state->setObjectName(u"clusterState"_s);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_state);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connectParts();
}

QSplitter* ClusterPanel::makeSplitter(const QString& name, QWidget* first, QWidget* second)
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(name);
    splitter->addWidget(first);
    splitter->addWidget(second);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    connect(splitter, &QSplitter::splitterMoved, this, [this, splitter] { rememberDivisions(splitter); });
    return splitter;
}

void ClusterPanel::connectParts()
{
    connect(m_kinds, &KindList::kindChosen, this, [this](const QString& id) {
        closeDetail();
        showKind(id);
    });
    connect(m_kinds, &KindList::kindActivated, m_table, &DataTable::focusTable);
    connect(m_spaces, &SpaceChooser::spaceChosen, this, &ClusterPanel::onSpaceChosen);
    connect(m_table, &DataTable::activated, this, &ClusterPanel::openDetail);
    connect(m_table, &DataTable::currentChanged, this, [this](const QString& id) {
        // The open detail follows the selection, as in a mail program; but where its own row has gone, and the
        // selection only falls on the next one, it stays and says so. Which of the two it is, is known once all have
        // heard of it.
        if (isDetailOpen() && !m_restoring && !id.isEmpty())
            QMetaObject::invokeMethod(
                this,
                [this] {
                    if (isDetailOpen() && !m_detail->isGone())
                        openDetail(m_table->currentId());
                },
                Qt::QueuedConnection);
    });
    connect(m_table, &DataTable::stateChanged, this, &ClusterPanel::saveTable);
    connect(m_table, &DataTable::retryRequested, this, [this] {
        if (m_cluster)
            m_cluster->reconnect();
    });
    connect(m_table, &DataTable::emptyActionRequested, this, [this] { showSpace({}); });
    connect(m_table, &DataTable::helpRequested, this, &ClusterPanel::explainRequested);
    connect(m_table, &DataTable::filterChanged, this, &ClusterPanel::refreshTrouble);
    connect(m_trouble, &TroubleButton::filterWanted, m_table, &DataTable::setFilterText);
    connect(m_table, &DataTable::notice, this, &ClusterPanel::notice);
    connect(m_detail, &ObjectDetail::closeRequested, this, &ClusterPanel::closeDetail);
    connect(m_detail, &ObjectDetail::notice, this, &ClusterPanel::notice);
    connect(m_detail, &ObjectDetail::targetRequested, this, &ClusterPanel::open);
    connect(m_state, &StateView::actionTriggered, this, &ClusterPanel::actionRequested);
}

void ClusterPanel::addShortcuts()
{
    auto* filter = new QShortcut(QKeySequence(u"/"_s), this);
    filter->setContext(Qt::WidgetWithChildrenShortcut);
    connect(filter, &QShortcut::activated, m_table, &DataTable::focusFilter);
}

void ClusterPanel::setNoCluster(const QString& title, const QString& hint, const QString& action)
{
    m_state->showEmpty(title, hint, action);
}

void ClusterPanel::setCluster(std::shared_ptr<cluster::ClusterView> cluster,
                              std::shared_ptr<cluster::KindTallies> tallies, const QString& space)
{
    if (m_cluster)
        m_cluster->disconnect(this);
    if (m_tallies)
        m_tallies->disconnect(this);
    closeDetail();
    m_pending.reset();
    m_cluster = std::move(cluster);
    m_tallies = std::move(tallies);
    const QString kindId = m_kind.resource.isEmpty() ? u"pods"_s : m_kind.id();
    m_kind = {};
    m_trouble->setTally(nullptr);
    m_spaceTally.reset();
    m_source.reset();
    m_table->setSource(nullptr);
    m_kinds->setCluster(m_cluster, m_tallies);
    m_stack->setCurrentWidget(m_cluster ? static_cast<QWidget*>(m_splitter) : m_state);
    m_spaces->setNamespaces(nullptr);
    m_spaces->setSpace(space);
    if (!m_cluster)
        return;
    connect(m_cluster.get(), &cluster::ClusterView::kindsChanged, this, &ClusterPanel::followPending);
    connect(m_tallies.get(), &cluster::KindTallies::changed, this, [this](const QString& id) {
        // Once a kind turns out to be forbidden for all namespaces, it may still be allowed in the one chosen.
        if (id == listedKind().id() && !m_spaces->space().isEmpty())
            attachSource();
        if (id == u"namespaces" && m_tallies->tally(id))
            m_spaces->setNamespaces(m_tallies->tally(id)->source());
    });
    m_tallies->start();
    if (const cluster::HealthTally* namespaces = m_tallies->tally(u"namespaces"_s))
        m_spaces->setNamespaces(namespaces->source());
    open({.kindId = kindId, .space = space, .name = {}, .filter = {}});
}

void ClusterPanel::open(const cluster::ClusterTarget& target)
{
    m_pending = target;
    followPending();
}

void ClusterPanel::followPending()
{
    if (!m_pending || !m_cluster)
        return;
    const cluster::ResourceKind kind = kindNamed(m_pending->kindId);
    if (kind.resource.isEmpty()) {
        if (m_cluster->discovered()) {
            emit notice(tr("This cluster does not serve %1.").arg(m_pending->kindId));
            m_pending.reset();
        }
        return;
    }
    const cluster::ClusterTarget target = *std::exchange(m_pending, std::nullopt);
    const bool sameKind = m_kind.id() == target.kindId;
    if (!sameKind)
        closeDetail();
    if (m_spaces->space() != target.space && (kind.namespaced || target.name.isEmpty())) {
        // A link to one object keeps the person's own choice of namespace where that shows the object.
        if (target.name.isEmpty() || !m_spaces->space().isEmpty())
            m_spaces->setSpace(target.space);
    }
    m_kinds->setCurrentKind(target.kindId);
    showKind(target.kindId);
    if (!target.filter.isEmpty() || !target.name.isEmpty())
        m_table->setFilterText(target.filter);
    if (!target.name.isEmpty())
        openDetailOf(target.space, target.name);
}

QString ClusterPanel::space() const { return m_spaces->space(); }

void ClusterPanel::showKind(const QString& kindId)
{
    m_kind = kindNamed(kindId);
    m_spaces->setEnabled(m_kind.namespaced);
    const QString title = cluster::kindTitle(m_kind);
    m_restoring = true;
    m_table->setSubject(title);
    m_table->setLoadingText(tr("Listing %1").arg(title.toLower()));
    m_source.reset();
    attachSource();
    QJsonObject state = m_states->load(kindId);
    // Until the person has their own order, what happened last stands first: an age sorts by its length.
    if (state.isEmpty() && kindId == u"events")
        state.insert(u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"last-seen"_s}, {u"descending"_s, false}}});
    else if (state.isEmpty() && cluster::usageOf(m_kind))
        state.insert(u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"cpu"_s}, {u"descending"_s, true}},
                                           QJsonObject{{u"column"_s, u"cpu-request"_s}, {u"descending"_s, true}}});
    m_table->restoreState(state);
    m_restoring = false;
    if (const auto error = m_source ? m_source->freshness().error : std::nullopt; error && cluster::usageOf(m_kind))
        emit notice(error->text());
    emit placeChanged();
}

void ClusterPanel::showSpace(const QString& space)
{
    m_spaces->setSpace(space);
    onSpaceChosen();
    m_table->focusTable();
}

void ClusterPanel::onSpaceChosen()
{
    closeDetail();
    if (m_kind.namespaced)
        attachSource();
    m_table->setCurrentId({});
    emit placeChanged();
}

std::shared_ptr<table::TableSource> ClusterPanel::sourceFor(const cluster::ResourceKind& kind)
{
    if (const auto by = cluster::usageOf(kind))
        return usageSource(*by);
    const QString space = kind.namespaced ? m_spaces->space() : QString();
    auto all = m_tallies->follow(kind)->source();
    if (space.isEmpty())
        return all;
    // Somebody who may see only this namespace is refused the list of all, and asks for this one alone.
    if (all->freshness().state == Freshness::State::Unavailable)
        return m_cluster->open(kind, space);
    return std::make_shared<cluster::SpaceSource>(std::move(all), space);
}

void ClusterPanel::attachSource()
{
    if (m_kind.resource.isEmpty())
        return;
    const QString space = m_kind.namespaced ? m_spaces->space() : QString();
    const bool allRefused = m_tallies->follow(listedKind())->freshness().state == Freshness::State::Unavailable;
    const QString key = m_kind.id() + u'|' + space + u'|' + (allRefused && !space.isEmpty() ? u"own"_s : u"all"_s);
    if (m_source && m_sourceKey == key)
        return;
    m_source = sourceFor(m_kind);
    m_sourceKey = key;
    m_trouble->setTally(nullptr);
    m_spaceTally = space.isEmpty() ? nullptr : std::make_unique<cluster::HealthTally>(m_source);
    refreshTrouble();
    const QString title = cluster::kindTitle(m_kind);
    const QString hint = tr("They appear here as soon as somebody creates one.");
    if (space.isEmpty())
        m_table->setEmptyText(tr("No %1 in this cluster").arg(title.toLower()), hint);
    else
        m_table->setEmptyText(tr("No %1 in namespace %2").arg(title.toLower(), space), hint, tr("Show all namespaces"));
    m_table->setSource(m_source);
}

table::RowPtr ClusterPanel::rowById(const QString& id) const { return m_table->model()->row(id); }

void ClusterPanel::openDetail(const QString& rowId)
{
    const table::RowPtr row = rowById(rowId);
    if (!row)
        return;
    if (cluster::usageOf(m_kind))
        openUsageRow(*row);
    else
        openDetailOf(row->space, row->name);
}

void ClusterPanel::openDetailOf(const QString& space, const QString& name)
{
    if (isDetailOpen() && m_detail->kind().id() == m_kind.id() && m_detail->space() == space &&
        m_detail->name() == name)
        return;
    const cluster::HealthTally* events = m_tallies->tally(u"events"_s);
    std::shared_ptr<table::TableSource> eventSource;
    if (events && events->freshness().state != Freshness::State::Unavailable) {
        eventSource = events->source();
    } else if (const auto kind = cluster::kindById(m_cluster->kinds(), u"events"_s); !kind.resource.isEmpty()) {
        eventSource = m_cluster->open(kind, space);
    }
    m_detail->showObject(m_cluster, m_kind, space, name, m_source, eventSource);
    showDetailActions();
    if (!m_detail->isVisible()) {
        m_detail->show();
        divideSpace();
    }
    for (const table::RowPtr& row : m_source->rows()) {
        if (row->name == name && row->space == space) {
            if (m_table->currentId() != row->id)
                m_table->setCurrentId(row->id);
            break;
        }
    }
}

bool ClusterPanel::isDetailOpen() const { return m_detail->hasObject(); }

void ClusterPanel::closeDetail()
{
    if (!m_detail->hasObject())
        return;
    const bool hadFocus = m_detail->isAncestorOf(QApplication::focusWidget());
    m_detail->clear();
    m_detail->hide();
    if (hadFocus)
        m_table->focusTable();
}

void ClusterPanel::saveTable()
{
    if (!m_restoring && !m_kind.resource.isEmpty())
        m_states->save(m_kind.id(), m_table->saveState());
}

void ClusterPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() >= 1150 ? Qt::Horizontal : Qt::Vertical;
    if (m_detailSplitter->orientation() == wanted)
        return;
    m_detailSplitter->setOrientation(wanted);
    divideSpace(); // a height makes no good width
}

void ClusterPanel::divideSpace()
{
    const bool beside = m_detailSplitter->orientation() == Qt::Horizontal;
    const int all = beside ? m_detailSplitter->width() : m_detailSplitter->height();
    const int own = m_divisions.value(beside ? besideKey : belowKey).toInt();
    const int part = own > 0  ? std::clamp(own, leastPart, std::max(leastPart, all - leastPart))
                     : beside ? std::clamp(all * 2 / 5, 400, 560)
                              : all / 2;
    m_detailSplitter->setSizes({all - part, part});
    // Once the table has its new height, the row that the detail is about may lie below its edge.
    QMetaObject::invokeMethod(m_table, &DataTable::showCurrent, Qt::QueuedConnection);
}

void ClusterPanel::setDivisions(const QVariantMap& divisions)
{
    m_divisions = divisions;
    const int kinds = m_divisions.value(kindsKey, kindsWidth).toInt();
    // Before the first layout the panel has no width of its own yet; the splitter then shares out what it gets.
    m_splitter->setSizes({kinds, std::max(1000, width() - kinds)});
    if (m_detail->isVisible())
        divideSpace();
}

void ClusterPanel::rememberDivisions(const QSplitter* moved)
{
    const QList<int> sizes = moved->sizes();
    const QLatin1StringView key = moved == m_splitter                                 ? kindsKey
                                  : m_detailSplitter->orientation() == Qt::Horizontal ? besideKey
                                                                                      : belowKey;
    const int size = moved == m_splitter ? sizes.first() : sizes.last();
    if (size <= 0 || m_divisions.value(key).toInt() == size)
        return;
    m_divisions.insert(key, size);
    emit divisionsChanged();
}

void ClusterPanel::refreshTrouble()
{
    m_trouble->setTally(m_spaceTally ? m_spaceTally.get() : m_tallies ? m_tallies->tally(m_kind.id()) : nullptr);
    m_trouble->setFilterText(m_table->filterText());
}

} // namespace wk::widgets
