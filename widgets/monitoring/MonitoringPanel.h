// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"
#include "widgets/monitoring/MonitoringPage.h"

#include <functional>

class QLabel;
class QStackedWidget;

namespace wk::widgets {

class DashboardsPage;
class DashboardView;
class ElidedLabel;
class FileDialogs;
class StateView;
class TabLine;
class TimeRangeBar;

/// What is happening, in figures: the dashboards of one platform, asked of its Prometheus, and the pages beside them.
/// Says which server that is and why. Nothing is looked for before the panel is shown. Alt and a digit opens a page,
/// Ctrl+PgDown and Ctrl+PgUp walk through what the page has side by side: dashboards, lists.
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
    /// Id of the page of dashboards, which is the first.
    [[nodiscard]] static QString dashboardsId();
    /// Adds a tab after the dashboards; the page is made when it is first opened.
    void addPage(const QString& id, const QString& title, MakePage make);
    /// A dashboard by its name, or a page by its id; stays where it is where there is none of that name.
    void showPage(const QString& name);
    /// The name of the dashboard or the id of the page that is open.
    [[nodiscard]] QString page() const;
    /// The page of that id, made where it was not yet; nullptr where there is none.
    [[nodiscard]] MonitoringPage* pageOf(const QString& id);
    /// The dashboard that is shown; null where there is none yet.
    [[nodiscard]] DashboardView* view() const;

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
        const monitoring::PrometheusServer* server = nullptr; ///< that it knows
    };

    void build();
    void addShortcuts();
    void refresh();
    void fillTabs();
    /// To the page before or after, in what the page has side by side.
    void step(int by);
    /// Says what is missing; false where the server is there.
    bool showMissing();
    void givePlace(Page& page);

    Parts m_parts;
    Place m_place;
    std::vector<Page> m_pages;
    DashboardsPage* m_dashboards = nullptr; ///< made with the first place
    QLabel* m_title;
    ElidedLabel* m_origin;
    TimeRangeBar* m_rangeBar; ///< made before the tabs: the key Tab leads from them into the page
    TabLine* m_tabs;
    QStackedWidget* m_stack;
    StateView* m_state;
};

} // namespace wk::widgets
