// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"
#include "widgets/monitoring/MonitoringPage.h"

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace wk::monitoring {
class DataProbe;
class ServerNames;
}

namespace wk::widgets {

class DataTable;
class ElidedLabel;
class FileDialogs;
class PanelChart;
class QueryAnswer;
class QueryEdit;
class QueryHistory;
class QueryNotes;
class StateView;

/// Any question to the place's Prometheus: as a table of now (or of the end of a fixed range), as a chart over the time
/// range, and what was asked before. A mistake is marked where it is, and what a query does instead of what is usually
/// meant is said beside it.
///
/// objectNames inside: "exploreQuery", "exploreAsk", "exploreNotes", "exploreTabs", "exploreOrigin", "exploreTable",
/// "exploreHistory", "exploreState".
class ExplorePage : public MonitoringPage
{
    Q_OBJECT
public:
    static constexpr qint64 refreshMs = 15'000; ///< of the table, while the range follows the clock

    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<series::TimeRangeModel> range;
        std::shared_ptr<FileDialogs> dialogs;
        std::shared_ptr<QueryHistory> history;
    };

    explicit ExplorePage(Parts parts, QWidget* parent = nullptr);
    ~ExplorePage() override;

    [[nodiscard]] bool usesRange() const override { return true; }
    [[nodiscard]] QTabBar* lists() const override { return m_tabs; }
    void setPlace(const MonitoringPlace& place) override;

    /// Writes the query and asks it, as a chart.
    void open(const QString& query);
    void ask();
    [[nodiscard]] PanelChart* chart() const { return m_chart; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    enum Tab { TableTab, ChartTab, HistoryTab };
    void build();
    void drop();
    void goThroughHistory(int direction);
    void askTable();
    void askSoon();
    void showChart();
    void showTab();
    void onAnswer();
    void explain();
    [[nodiscard]] bool isMistake() const;
    void showOrigin();
    void showNotes();

    Parts m_parts;
    MonitoringPlace m_place;
    QueryEdit* m_edit;
    QPushButton* m_ask;
    QueryNotes* m_notes;
    QTabBar* m_tabs;
    ElidedLabel* m_origin;
    QStackedWidget* m_stack;
    StateView* m_state;
    DataTable *m_table, *m_history;
    PanelChart* m_chart = nullptr;
    std::unique_ptr<monitoring::ServerNames> m_names;
    std::unique_ptr<monitoring::DataProbe> m_probe; ///< says why an answer is empty
    std::shared_ptr<QueryAnswer> m_answer;
    std::shared_ptr<void> m_timer;
    QString m_asked, m_charted;
    bool m_isNew = false; ///< what was asked has no answer yet
    int m_past = -1;      ///< where in the history one is; -1: not in it
};

} // namespace wk::widgets
