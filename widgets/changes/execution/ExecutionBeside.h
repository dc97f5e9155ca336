// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Plan.h"
#include "cluster/ClusterView.h"
#include "core/Clock.h"

#include <QtWidgets/QWidget>

#include <memory>
#include <optional>

class QStackedWidget;
class QTabBar;

namespace wk::widgets {

class EventsBeside;
class ExecutionWorld;
class LogBeside;

/// What happens in the clusters while a plan is carried out: events about its objects, and the log of their pods. The
/// tables behind it are followed only while it is visible.
///
/// objectNames inside: "besideTabs", and those of EventsBeside and LogBeside.
class ExecutionBeside : public QWidget
{
    Q_OBJECT
public:
    /// `world` outlives it.
    ExecutionBeside(ExecutionWorld& world, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// `since`: when it began, milliseconds since the Unix epoch.
    void follow(const QString& platform, const changes::Plan& plan, qint64 since);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void open();
    void letGo();

    ExecutionWorld& m_world;
    QString m_platform;
    QList<std::shared_ptr<cluster::ClusterView>> m_views; ///< whose kinds are not known yet
    std::optional<changes::Plan> m_plan;
    qint64 m_since = 0;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    EventsBeside* m_events;
    LogBeside* m_log;
};

} // namespace wk::widgets
