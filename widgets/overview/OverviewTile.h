// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "monitoring/probes/ProbeSource.h"
#include "monitoring/pulse/Pulse.h"
#include "widgets/overview/OverviewWords.h"
#include "widgets/overview/PulseWords.h"

#include <QtWidgets/QFrame>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace wk::widgets {

class FreshnessLabel;
class PulseView;
class RowSection;
class StateView;

/// What a tile is about. Without an Overview it says why there is none and what to do.
struct OverviewEntry
{
    QString id; ///< stable: the platform's name, or the context's
    QString title;
    QString detail; ///< "Production · context shop-eu"
    std::shared_ptr<cluster::Overview> overview;
    std::shared_ptr<cluster::ClusterView> cluster;
    QString platform;                                     ///< its name in the platform file; empty for a plain cluster
    std::shared_ptr<monitoring::Pulse> pulse;             ///< its figures; null for a plain cluster
    std::shared_ptr<monitoring::ProbeSource> probes = {}; ///< whether its services answer; null where none is known
    QString problem;                                      ///< why there is no overview
    QString remedy;
    QString action; ///< what the button says; empty: no button
};

/// One platform: verdict, what is in trouble, services, recent warnings; or the reason why none of that is known.
class OverviewTile : public QFrame
{
    Q_OBJECT
public:
    OverviewTile(OverviewEntry entry, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    [[nodiscard]] const OverviewEntry& entry() const { return m_entry; }
    [[nodiscard]] const OverviewText& text() const { return m_text; }
    /// The worst of its cluster, its figures and its alerts.
    [[nodiscard]] table::Health health() const;
    /// Sentences about changes of this platform that wait for the person.
    void setWaiting(const QStringList& sentences);
    void setRoom(TileRoom room);
    /// Everything, whatever the room.
    void setExpanded(bool expanded);
    /// What it shows now.
    [[nodiscard]] TileRoom room() const;
    /// Works the snapshot out again and shows what differs.
    void refresh();
    /// Ages only.
    void refreshAges();

signals:
    void openRequested(const wk::cluster::ClusterTarget& target);
    void explainRequested();
    /// A page of the monitoring panel, or one of its dashboards.
    void pageRequested(const QString& page, const QString& filter);
    void changesRequested();
    /// The button of a tile without a cluster.
    void actionRequested();
    void refreshed();
    void expanded(bool all);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Section
    {
        RowSection* box = nullptr;
        QList<cluster::ClusterTarget> targets;
    };

    void build();
    void buildBody();
    void makeSection(Section& section, const QString& name, const QString& title, QVBoxLayout* into);
    static void fill(Section& section, const QList<OverviewLine>& lines, int columns);
    void showBody();
    void applyRoom();
    void showHealth();
    void showVerdict();
    void fitVerdict();
    void showState();
    [[nodiscard]] int serviceColumns() const;

    OverviewEntry m_entry;
    std::shared_ptr<Clock> m_clock;
    OverviewText m_text;
    QString m_said; ///< the verdict, all of it
    TileRoom m_room = TileRoom::Full;
    QList<PulseLine> m_healthLines;
    int m_columns = 0;
    QToolButton* m_more = nullptr;
    FreshnessLabel* m_freshness = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_verdictIcon = nullptr;
    QWidget* m_body = nullptr;
    StateView* m_state = nullptr;
    QLabel* m_foot = nullptr;
    Section m_facts, m_trouble, m_services, m_warnings;
    RowSection* m_waiting = nullptr;
    PulseView* m_pulse = nullptr;   ///< null where the entry has none
    RowSection* m_probes = nullptr; ///< whether its services answer
    std::shared_ptr<void> m_wanted; ///< while it is looked at, the probes are asked
};

} // namespace wk::widgets
