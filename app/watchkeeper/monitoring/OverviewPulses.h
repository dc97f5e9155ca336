// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/pulse/PulseBoard.h"
#include "widgets/overview/OverviewTile.h"

namespace wk::app {

class MonitoringPlaces;
class Platforms;

/// The figures of the overview's tiles: one pulse for each platform's place, as long as that stays the same, and the
/// board that asks for all of them.
class OverviewPulses
{
public:
    /// All outlive it.
    OverviewPulses(Platforms& platforms, MonitoringPlaces& places, Clock& clock);

    /// Gives the entries of platforms whose cluster is there their figures.
    void fill(QList<widgets::OverviewEntry>& entries);
    /// What the lines show.
    void setRange(const series::TimeRange& range) { m_board.setRange(range); }
    /// Whether the overview is looked at: nothing is asked while it is not.
    void setWatched(bool watched) { m_board.setWatched(watched); }

private:
    Platforms& m_platforms;
    MonitoringPlaces& m_places;
    QHash<QString, std::shared_ptr<monitoring::Pulse>> m_pulses; ///< by place
    monitoring::PulseBoard m_board;
};

} // namespace wk::app
