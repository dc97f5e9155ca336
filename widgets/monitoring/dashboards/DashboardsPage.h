// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"
#include "widgets/monitoring/MonitoringPage.h"

class QStackedWidget;

namespace wk::widgets {

class DashboardView;
class FileDialogs;
class StateView;
class TabLine;

/// The dashboards of the platform's file, one at a time, asked of the place's Prometheus.
///
/// objectNames inside: "dashboardTabs", "dashboardState".
class DashboardsPage final : public MonitoringPage
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<series::TimeRangeModel> range;
        std::shared_ptr<FileDialogs> dialogs;
    };

    explicit DashboardsPage(Parts parts, QWidget* parent = nullptr);
    ~DashboardsPage() override;

    [[nodiscard]] bool usesRange() const override { return true; }
    [[nodiscard]] QTabBar* lists() const override;
    void setPlace(const MonitoringPlace& place) override;

    /// By its name in the file; false where there is none of that name.
    bool open(const QString& dashboard);
    /// Empty where there is none.
    [[nodiscard]] QString opened() const;
    /// Null before there is a server to ask, and where the file describes no dashboard.
    [[nodiscard]] DashboardView* view() const { return m_view; }

signals:
    /// The person wants to see the query of a chart.
    void queryRequested(const QString& promql);

private:
    void refresh();

    Parts m_parts;
    MonitoringPlace m_place;
    QString m_shown; ///< the dashboard that m_view has
    TabLine* m_line;
    QStackedWidget* m_stack;
    StateView* m_state;
    DashboardView* m_view = nullptr;
};

} // namespace wk::widgets
