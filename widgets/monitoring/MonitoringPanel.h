// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"
#include "widgets/monitoring/MonitoringPage.h"

#include <functional>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace wk::widgets {

class DashboardView;
class FileDialogs;
class StateView;
class TimeRangeBar;

/// What is happening, in figures: the dashboards of one platform, asked of its Prometheus, and the pages beside them.
/// Says which server that is and why. Nothing is looked for before the panel is shown.
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
    };
    using Place = MonitoringPlace;
    using MakePage = std::function<MonitoringPage*(QWidget* parent)>;

    explicit MonitoringPanel(Parts parts, QWidget* parent = nullptr);
    ~MonitoringPanel() override;

    void setPlace(const Place& place);
    /// Adds a tab after the dashboards; the page is made when it is first opened.
    void addPage(const QString& id, const QString& title, MakePage make);
    /// A dashboard by its name, or a page by its id; stays where it is where there is none of that name.
    void showPage(const QString& name);
    /// The name of the dashboard or the id of the page that is open.
    [[nodiscard]] QString page() const;
    /// The page of that id, made where it was not yet; nullptr where there is none.
    [[nodiscard]] MonitoringPage* pageOf(const QString& id);
    [[nodiscard]] DashboardView* view() const { return m_view; }

signals:
    /// The person wants to choose a place.
    void placeWanted();
    /// The person wants to see the query of a chart.
    void queryRequested(const QString& promql);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Page
    {
        QString id, title;
        MakePage make;
        MonitoringPage* widget = nullptr;
    };

    void build();
    void refresh();
    void fillTabs();
    /// Says what is missing; false where the server is there.
    bool showMissing();
    void showDashboard();
    void showPage(MonitoringPage* page);

    Parts m_parts;
    Place m_place;
    QString m_shown; ///< the dashboard that m_view has
    std::vector<Page> m_pages;
    QLabel *m_title, *m_origin;
    QTabBar* m_tabs;
    TimeRangeBar* m_rangeBar;
    QStackedWidget* m_stack;
    StateView* m_state;
    DashboardView* m_view = nullptr;
};

} // namespace wk::widgets
