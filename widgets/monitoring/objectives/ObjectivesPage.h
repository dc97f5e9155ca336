// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/monitoring/MonitoringPage.h"

class QSplitter;

namespace wk::monitoring {
class ObjectiveFeed;
}

namespace wk::widgets {

class DataTable;
class FileDialogs;
class ObjectiveDetail;

/// What was promised, and what is kept of it: the objectives with what is left of their error budgets, the targets in
/// their groups, and what is chosen of them in full. Asks every minute while it is shown; targets, which speak of 30
/// days, every ten.
///
/// objectNames inside: "objectivesTable", "targetsTable", "objectiveDetail".
class ObjectivesPage : public MonitoringPage
{
    Q_OBJECT
public:
    static constexpr qint64 refreshMs = 60'000;
    static constexpr int targetsEvery = 10;

    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
    };

    explicit ObjectivesPage(Parts parts, QWidget* parent = nullptr);
    ~ObjectivesPage() override;

    void setPlace(const MonitoringPlace& place) override;
    /// Chooses an objective by its name.
    void showObjective(const QString& name);
    [[nodiscard]] monitoring::ObjectiveFeed* feed() const { return m_feed.get(); }

signals:
    void queryRequested(const QString& promql);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void drop();
    void ask();
    void askIn(qint64 ms);
    void choose(bool targets, const QString& id);
    void showDetail();

    Parts m_parts;
    MonitoringPlace m_place;
    DataTable *m_objectives, *m_targets;
    ObjectiveDetail* m_detail;
    QSplitter* m_across;
    std::unique_ptr<monitoring::ObjectiveFeed> m_feed;
    std::shared_ptr<void> m_timer;
    int m_round = 0;
    qint64 m_askedMs = 0;
    bool m_ofTargets = false;
    QString m_chosen;
};

} // namespace wk::widgets
