// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/ObjectiveFeed.h"
#include "series/MarkBoard.h"
#include "series/TimeRangeModel.h"
#include "table/Row.h"

#include <QtWidgets/QWidget>

class QLabel;
class QVBoxLayout;

namespace wk::widgets {

class BudgetBar;
class FileDialogs;
class QueryNotes;
class SummaryView;

/// One objective or one target in full: the budget as a bar and over the month, what is said about it, the pairs of
/// burn windows, and where each figure comes from.
///
/// objectNames inside: "objectiveTitle", "objectiveBudget", "objectiveWords", "objectiveFacts".
class ObjectiveDetail : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
    };

    explicit ObjectiveDetail(Parts parts, QWidget* parent = nullptr);
    ~ObjectiveDetail() override;

    /// The objective at an index of the feed, or its target; `source` names the server. The feed outlives what is
    /// shown: clear() before it goes.
    /// What happened beside the figures, for the charts; may be null.
    void setMarks(std::shared_ptr<series::MarkBoard> marks) { m_marks = std::move(marks); }
    void showObjective(const monitoring::ObjectiveFeed& feed, size_t index, const QString& source);
    void showTarget(const monitoring::ObjectiveFeed& feed, size_t index, const QString& source);
    void clear();
    [[nodiscard]] SummaryView* facts() const { return m_facts; }

signals:
    /// The person wants to see a query in the explorer.
    void queryRequested(const QString& promql);

private:
    void setWords(const QStringList& words, table::Health health);
    void setChart(const QString& key, const std::function<QWidget*()>& make);

    Parts m_parts;
    series::TimeRangeModel m_range; ///< of a target's chart: the period that its figure is taken over
    QLabel* m_title;
    BudgetBar* m_bar;
    QueryNotes* m_words;
    SummaryView* m_facts;
    QVBoxLayout* m_column;
    QWidget* m_chart = nullptr;
    QString m_chartKey;
    std::shared_ptr<series::MarkBoard> m_marks;
};

} // namespace wk::widgets
