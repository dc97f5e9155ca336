// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbeTable.h"
#include "widgets/monitoring/MonitoringPage.h"
#include "widgets/monitoring/alerts/AlertDetail.h"
#include "widgets/monitoring/health/ProbeStrip.h"

class QAction;

namespace wk::widgets {

class DataTable;
class FileDialogs;
class HealthBadge;
class TableWithDetail;

/// Whether the services of a place answer: every probe with its state, since when, how fast, what was wrong last, and
/// what came before. Nothing is asked while it is hidden.
///
/// objectNames inside: "healthCounts", "healthTable", "healthStrip", "healthAskAll".
class HealthPage final : public MonitoringPage
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
    };

    explicit HealthPage(Parts parts, QWidget* parent = nullptr);

    [[nodiscard]] bool needsServer() const override { return false; }
    void setPlace(const MonitoringPlace& place) override;
    /// Only the probes of one service; an empty name: of all.
    void showService(const QString& service);
    [[nodiscard]] DataTable* table() const { return m_table; }
    [[nodiscard]] TableWithDetail* list() const { return m_list; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void refresh();
    void tick();
    void onAct(const QString& probe, const QString& act);
    [[nodiscard]] std::optional<AlertDetail::Content> describe(const QString& rowId) const;
    [[nodiscard]] const ProbeMarks* marksOf(const QString& rowId) const;

    Parts m_parts;
    std::shared_ptr<monitoring::ProbeSource> m_probes;
    std::shared_ptr<void> m_wanted, m_tick; ///< while it is shown
    DataTable* m_table;
    HealthBadge* m_counts;
    QAction* m_askAll;
    TableWithDetail* m_list = nullptr;
    ProbeStrip* m_strip = nullptr;
};

/// One probe in full.
[[nodiscard]] AlertDetail::Content probeContent(const monitoring::ProbeBook::Entry& entry, bool stale, qint64 nowMs);
[[nodiscard]] AlertDetail::Content probeContent(const monitoring::Unprobed& unprobed);

} // namespace wk::widgets
