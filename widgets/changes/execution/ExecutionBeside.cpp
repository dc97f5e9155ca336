// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/execution/ExecutionBeside.h"

#include "widgets/changes/execution/EventsBeside.h"
#include "widgets/changes/execution/ExecutionWorld.h"
#include "widgets/changes/execution/LogBeside.h"

#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QVBoxLayout>

#include <set>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

/// More namespaces than these at once nobody follows with his eyes.
constexpr size_t mostSpaces = 6;

const cluster::ResourceKind* kindOf(const QList<cluster::ResourceKind>& kinds, const QString& id)
{
    const auto found = std::ranges::find_if(kinds, [&id](const auto& kind) { return kind.id() == id; });
    return found == kinds.end() ? nullptr : &*found;
}

} // namespace

ExecutionBeside::ExecutionBeside(ExecutionWorld& world, std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_world(world), m_tabs(new QTabBar(this)), m_stack(new QStackedWidget(this)),
      m_events(new EventsBeside(clock, this)), m_log(new LogBeside(clock, this))
{
    setObjectName(u"executionBeside"_s);
    m_tabs->setObjectName(u"besideTabs"_s);
    m_tabs->addTab(tr("Events"));
    m_tabs->addTab(tr("Log"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_stack->addWidget(m_events);
    m_stack->addWidget(m_log);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
}

void ExecutionBeside::follow(const QString& platform, const changes::Plan& plan, qint64 since)
{
    if (m_plan && m_platform == platform && m_plan->sha256() == plan.sha256() && m_since == since)
        return;
    m_platform = platform;
    m_plan = plan;
    m_since = since;
    if (isVisible())
        open();
}

void ExecutionBeside::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    open();
}

void ExecutionBeside::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    letGo();
}

void ExecutionBeside::letGo()
{
    for (const auto& view : std::as_const(m_views))
        view->disconnect(this);
    m_views.clear();
    m_events->follow({}, {}, 0, {});
    m_log->follow({}, {}, {}, {});
}

void ExecutionBeside::open()
{
    letGo();
    if (!m_plan)
        return;
    std::set<std::pair<QString, QString>> places; // cluster, namespace
    QStringList names;
    for (const changes::Step& step : m_plan->steps()) {
        if (step.target.type() != changes::Target::Kind::Object)
            continue;
        // Events of what has no namespace, a node say, stand in "default".
        places.insert({step.target.cluster, step.target.space.isEmpty() ? u"default"_s : step.target.space});
        if (!step.target.name.isEmpty() && !names.contains(step.target.name))
            names += step.target.name;
    }
    QList<std::shared_ptr<table::TableSource>> events;
    QList<LogBeside::Pods> pods;
    QString problem;
    for (const auto& [cluster, space] : places) {
        if (size_t(events.size()) == mostSpaces) {
            problem = tr("The plan is about more namespaces than are followed here.");
            break;
        }
        const auto view = m_world.view(m_platform, cluster);
        if (!view) {
            problem = view.error().text();
            continue;
        }
        const auto kinds = (*view)->kinds();
        if (!(*view)->discovered()) {
            m_views += *view;
            connect(view->get(), &cluster::ClusterView::kindsChanged, this, &ExecutionBeside::open,
                    Qt::UniqueConnection);
        }
        if (const auto* kind = kindOf(kinds, u"events"_s))
            events += (*view)->open(*kind, space);
        if (const auto* kind = kindOf(kinds, u"pods"_s))
            pods += LogBeside::Pods{cluster, (*view)->open(*kind, space)};
    }
    if (places.empty())
        problem = tr("No step of this plan is about an object of a cluster.");
    m_events->follow(std::move(events), names, m_since, problem);
    m_log->follow(
        std::move(pods), names,
        [this](const LogBeside::Pod& pod) {
            return m_world.podLog(m_platform, pod.cluster, pod.space, pod.name, {}, LogBeside::lines, false);
        },
        problem);
}

} // namespace wk::widgets
