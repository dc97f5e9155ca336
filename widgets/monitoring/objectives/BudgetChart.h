// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/ObjectiveFeed.h"
#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

class Chart;
class FileDialogs;

/// How the error budget of one objective went down since its period began, beside a budget that is spent evenly. Asks
/// while it is visible, once, and again when its feed has new figures.
class BudgetChart : public QWidget
{
    Q_OBJECT
public:
    /// All outlive it. `slo` is an index into the feed's; one with a budget. `source` names the server.
    BudgetChart(const monitoring::ObjectiveFeed& feed, size_t slo, const QString& source, FileDialogs& files,
                std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    [[nodiscard]] Chart* chart() const { return m_chart; }

signals:
    void queryRequested(const QString& promql);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void ask();
    void take(bool events, const Result<monitoring::AnswerPtr>& answer);
    void draw();

    const monitoring::ObjectiveFeed& m_feed;
    const size_t m_slo;
    QString m_source, m_query;
    std::shared_ptr<Clock> m_clock;
    series::TimeRangeModel m_range;
    Chart* m_chart;
    std::vector<monitoring::PrometheusServer::FlightPtr> m_flights;
    monitoring::SloReport m_report; ///< that the line ends at
    std::optional<series::Columns> m_share, m_events;
    std::optional<Error> m_error;
    size_t m_open = 0;
    qint64 m_askedMs = 0, m_drawnMs = 0;
};

} // namespace wk::widgets
