// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/objectives/ObjectivesPage.h"

#include "monitoring/objectives/ObjectiveFeed.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/monitoring/objectives/ObjectiveDetail.h"
#include "widgets/monitoring/objectives/ObjectiveTable.h"

#include <QtCore/QJsonArray>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

using monitoring::ObjectiveFeed;

namespace {

QWidget* titled(const QString& title, const QString& detail, QWidget* content, QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* header = new SectionHeader(title, box);
    header->setDetail(detail);
    header->setContentsMargins(16, 8, 8, 0);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(content, 1);
    return box;
}

} // namespace

ObjectivesPage::ObjectivesPage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_objectives(new DataTable(m_parts.clock, this)),
      m_targets(new DataTable(m_parts.clock, this)),
      m_detail(new ObjectiveDetail({m_parts.clock, m_parts.dialogs}, this)),
      m_across(new QSplitter(Qt::Horizontal, this))
{
    build();
    connect(m_detail, &ObjectiveDetail::queryRequested, this, &ObjectivesPage::queryRequested);
    for (DataTable* table : {m_objectives, m_targets}) {
        const bool targets = table == m_targets;
        table->setFileDialogs(m_parts.dialogs);
        connect(table, &DataTable::retryRequested, this, [this] {
            m_round = 0; // targets as well
            ask();
        });
        connect(table, &DataTable::currentChanged, this, [this, targets](const QString& id) { choose(targets, id); });
    }
}

ObjectivesPage::~ObjectivesPage() { drop(); }

void ObjectivesPage::build()
{
    m_objectives->setObjectName(u"objectivesTable"_s);
    m_objectives->setSubject(tr("Objectives"));
    m_objectives->setLoadingText(tr("Asking for this month and the burn windows"));
    m_objectives->setEmptyText(tr("No objective"), tr("The platform file promises nothing: `slos` would."));
    m_targets->setObjectName(u"targetsTable"_s);
    m_targets->setSubject(tr("Targets"));
    m_targets->setLoadingText(tr("Asking for the last 30 days, and for the 30 before"));
    m_targets->setEmptyText(tr("No target"), tr("The platform file names none: `kpis` and `costs` would."));
    m_detail->setObjectName(u"objectiveDetail"_s);
    m_detail->setMinimumWidth(320);
    auto* down = new QSplitter(Qt::Vertical, m_across);
    down->addWidget(titled(tr("Objectives"), tr("this month"), m_objectives, down));
    down->addWidget(titled(tr("Targets"), tr("the last 30 days"), m_targets, down));
    down->setStretchFactor(0, 4);
    down->setStretchFactor(1, 5);
    m_across->addWidget(down);
    m_across->addWidget(m_detail);
    m_across->setStretchFactor(0, 3);
    m_across->setStretchFactor(1, 2);
    m_across->setSizes({840, 500}); // shares of what there is
    down->setSizes({300, 500});
    for (QSplitter* splitter : {down, m_across}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(1);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_across);
    setFocusProxy(m_objectives);
}

void ObjectivesPage::drop()
{
    m_timer.reset();
    m_detail->clear();
    m_objectives->setSource(nullptr);
    m_targets->setSource(nullptr);
    m_feed.reset();
    m_chosen.clear();
    m_round = 0;
}

void ObjectivesPage::setPlace(const MonitoringPlace& place)
{
    drop();
    m_place = place;
    m_detail->setMarks(place.marks);
    monitoring::PrometheusServer* server = place.source ? place.source->server() : nullptr;
    if (!server || !place.platform || !place.catalog)
        return;
    m_feed =
        std::make_unique<ObjectiveFeed>(ObjectiveFeed::Means{*server, place.platform, place.catalog, *m_parts.clock});
    m_objectives->setSource(std::make_shared<ObjectiveTable>(*m_feed, ObjectiveTable::Of::Objectives));
    m_targets->setSource(std::make_shared<ObjectiveTable>(*m_feed, ObjectiveTable::Of::Targets));
    m_targets->restoreState({{u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"group"_s}}}}});
    connect(m_feed.get(), &ObjectiveFeed::ended, this, [this] {
        if (m_chosen.isEmpty() && !m_feed->slos().empty())
            m_objectives->setCurrentId(m_feed->slos().front().slo->name);
        else
            showDetail();
    });
    if (isVisible())
        ask();
}

void ObjectivesPage::ask()
{
    if (!m_feed)
        return;
    m_feed->ask(m_round % targetsEvery == 0 ? ObjectiveFeed::Wanted::Everything : ObjectiveFeed::Wanted::Objectives);
    ++m_round;
    m_askedMs = m_parts.clock->nowMs();
    askIn(refreshMs);
}

void ObjectivesPage::askIn(qint64 ms)
{
    m_timer = m_parts.clock->after(this, ms, [this] {
        if (m_feed && m_feed->isAsking())
            askIn(refreshMs); // a server that is slower than the clock is not asked twice at once
        else if (isVisible())
            ask();
    });
}

void ObjectivesPage::choose(bool targets, const QString& id)
{
    if (id.isEmpty())
        return;
    m_ofTargets = targets;
    m_chosen = id;
    (targets ? m_objectives : m_targets)->setCurrentId({}); // one is shown in full
    showDetail();
}

void ObjectivesPage::showObjective(const QString& name)
{
    m_objectives->setCurrentId(name);
    choose(false, name);
}

void ObjectivesPage::showDetail()
{
    if (!m_feed)
        return;
    const QString source = m_place.source->name();
    for (size_t i = 0; !m_ofTargets && i < m_feed->slos().size(); ++i) {
        if (m_feed->slos()[i].slo->name == m_chosen)
            m_detail->showObjective(*m_feed, i, source);
    }
    for (size_t i = 0; m_ofTargets && i < m_feed->targets().size(); ++i) {
        const platform::Kpi& kpi = m_feed->targets()[i].plan.kpi;
        if (kpi.group + u'/' + kpi.name == m_chosen)
            m_detail->showTarget(*m_feed, i, source);
    }
}

void ObjectivesPage::showEvent(QShowEvent* event)
{
    MonitoringPage::showEvent(event);
    // Whoever looks elsewhere for a moment costs the server nothing.
    const qint64 age = m_parts.clock->nowMs() - m_askedMs;
    if (m_round > 0 && age >= 0 && age < refreshMs)
        askIn(refreshMs - age);
    else
        ask();
}

void ObjectivesPage::hideEvent(QHideEvent* event)
{
    MonitoringPage::hideEvent(event);
    m_timer.reset();
    if (!m_feed || !m_feed->isAsking())
        return;
    m_feed->rest();
    m_round = 0; // what was called off is asked again
}

} // namespace wk::widgets
