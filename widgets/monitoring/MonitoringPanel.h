// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/MetricCatalog.h"
#include "monitoring/ServerSource.h"
#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace wk::widgets {

class DashboardView;
class FileDialogs;
class StateView;
class TimeRangeBar;

/// What is happening, in figures: the dashboards of one platform, asked of its Prometheus. Says which server that is
/// and why. Nothing is looked for before the panel is shown.
///
/// objectNames inside: "monitoringTitle", "monitoringOrigin", "monitoringTabs", "monitoringState".
class MonitoringPanel : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<series::TimeRangeModel> range; ///< shared by all panels
        std::shared_ptr<FileDialogs> dialogs;
        monitoring::MetricCatalog catalog;
    };
    /// Where one looks.
    struct Place
    {
        QString title; ///< "StreamGate"
        std::shared_ptr<const platform::Platform> platform;
        std::shared_ptr<monitoring::ServerSource> source;
        bool operator==(const Place&) const = default;
    };

    explicit MonitoringPanel(Parts parts, QWidget* parent = nullptr);
    ~MonitoringPanel() override;

    void setPlace(const Place& place);
    /// A dashboard by its name; the first one where there is none of that name.
    void showDashboard(const QString& name);
    [[nodiscard]] QString dashboard() const;
    [[nodiscard]] DashboardView* view() const { return m_view; }

signals:
    /// The person wants to choose a place.
    void placeWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void refresh();
    void fillTabs();
    void showPlan();

    Parts m_parts;
    Place m_place;
    monitoring::MetricCatalog m_catalog; ///< with the platform's own metrics; plans point into it
    QString m_shown; ///< the dashboard that m_view has, with the server it asks
    QLabel *m_title, *m_origin;
    QTabBar* m_tabs;
    TimeRangeBar* m_rangeBar;
    QStackedWidget* m_stack;
    StateView* m_state;
    DashboardView* m_view = nullptr;
};

} // namespace wk::widgets
