// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"
#include "series/MarkBoard.h"
#include "series/TimeRangeModel.h"
#include "widgets/charts/ChartContent.h"

#include <QtWidgets/QWidget>

class QLabel;
class QStackedLayout;
class QToolButton;

namespace wk::widgets {

class ChartLegend;
class ChartPlot;
class ElidedLabel;
class FileDialogs;
class LegendArea;
class MarkBar;
class StateView;

/// A chart with its title, its legend and its four states. What it shows carries where it came from: in the tooltip of
/// the title, and behind the button that opens the query.
///
/// objectNames inside: "chartTitle", "chartNotice", "chartQuery", "chartMenu", "chartPlot", "chartSeries",
/// "chartState", "markBar".
class Chart : public QWidget
{
    Q_OBJECT
public:
    /// More lines than this nobody tells apart; those with the largest values are drawn, and the notice says so.
    static constexpr size_t mostSeries = 40;

    /// `files` outlives it.
    Chart(series::TimeRangeModel& range, FileDialogs& files, QWidget* parent = nullptr);

    ~Chart() override;

    /// What it will show, while it has nothing yet.
    void setTitle(const QString& title, series::Unit unit);
    /// Series that were switched off stay off, by their ids.
    void setContent(ChartContent content);
    [[nodiscard]] const ChartContent& content() const { return m_content; }
    /// What happened beside the values; asked while the chart is visible. `withBar`: the chart has the kinds' switches
    /// itself, else somebody else shows them. nullptr: the marks are those of the content.
    void setMarks(std::shared_ptr<series::MarkBoard> board, bool withBar);
    /// While there is nothing to show yet; with something, the title's notice says what is done.
    void setLoading(const QString& step);
    void setEmpty(const QString& title, const QString& hint, const QString& action = {});
    /// What was shown stays, marked as stale, if there is any.
    void setFailed(const Error& error, const QString& action);

    [[nodiscard]] ChartPlot* plot() const { return m_plot; }
    [[nodiscard]] bool showsState() const;
    [[nodiscard]] QString notice() const;

    /// Asks for a file and writes it; failures are told in the notice.
    void exportPng();
    void exportCsv();

signals:
    /// The person wants to see the query in the explorer.
    void queryRequested(const QString& query);
    /// The button of a state: try again, or what setEmpty() offered.
    void actionTriggered();
    void crosshairMoved(std::optional<qint64> atMs);
    /// The person wants to see what is marked.
    void markActivated(const wk::series::Mark& mark);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void refreshMarks();
    void setNotice(const QString& text, bool bad);
    void refreshTitle();
    [[nodiscard]] QString fileName(const QString& suffix) const;

    series::TimeRangeModel& m_range;
    FileDialogs& m_files;
    ChartContent m_content;
    bool m_has = false;
    ElidedLabel* m_title;
    QLabel* m_unit;
    ElidedLabel* m_notice;
    QToolButton *m_query, *m_menu;
    QStackedLayout* m_stack;
    ChartPlot* m_plot;
    ChartLegend* m_legend;
    LegendArea* m_legendArea;
    StateView* m_state;
    MarkBar* m_markBar = nullptr;
    std::shared_ptr<series::MarkBoard> m_marks;
    std::shared_ptr<void> m_marksWatch; ///< while it is visible
};

} // namespace wk::widgets
