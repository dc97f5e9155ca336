// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/tallies/UsageHistory.h"
#include "series/Columns.h"
#include "series/TimeRangeModel.h"
#include "table/TableSource.h"

#include <QtWidgets/QWidget>

class QLabel;

namespace wk::widgets {

class Chart;
struct ChartContent;
class FileDialogs;
class StateView;

/// What a pod's containers, or a node, use of CPU and memory since the view was opened, beside what is requested,
/// allowed or allocatable. Asks the cluster only while it is seen.
///
/// objectNames inside: "usageCpu", "usageMemory", "usageState", "usageNote".
class UsageView : public QWidget
{
    Q_OBJECT
public:
    explicit UsageView(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);
    ~UsageView() override;

    /// Whether there can be figures of such objects.
    [[nodiscard]] static bool isFor(const cluster::ResourceKind& kind);

    /// The same object again changes nothing. `source` holds its row, with what it requests; may be null.
    void setObject(std::shared_ptr<cluster::ClusterView> cluster, const cluster::ResourceKind& kind,
                   const QString& space, const QString& name, std::shared_ptr<table::TableSource> source);
    /// Forgets the object and what was measured.
    void clear();

    [[nodiscard]] const cluster::UsageHistory* history() const { return m_history.get(); }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void refresh();
    void fill(Chart& chart, const QString& resource);
    /// The line of one part, or of all together where there are several.
    [[nodiscard]] series::ColumnsPtr lineOf(const QString& part, bool memory) const;
    [[nodiscard]] std::optional<double> amountOf(const QString& column, bool memory) const;

    std::shared_ptr<Clock> m_clock;
    std::shared_ptr<cluster::ClusterView> m_cluster;
    cluster::ResourceKind m_kind;
    QString m_space, m_name;
    std::shared_ptr<table::TableSource> m_source;
    std::unique_ptr<cluster::UsageHistory> m_history;
    std::unique_ptr<series::TimeRangeModel> m_range;
    std::unique_ptr<FileDialogs> m_files;
    Chart *m_cpu = nullptr, *m_memory = nullptr;
    StateView* m_state = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace wk::widgets
