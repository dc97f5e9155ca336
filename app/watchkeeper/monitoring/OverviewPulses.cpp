// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/monitoring/OverviewPulses.h"

#include "watchkeeper/monitoring/MonitoringPlaces.h"

namespace wk::app {

OverviewPulses::OverviewPulses(Platforms& platforms, MonitoringPlaces& places, Clock& clock)
    : m_platforms(platforms), m_places(places), m_board(clock)
{
}

void OverviewPulses::fill(QList<widgets::OverviewEntry>& entries)
{
    QHash<QString, std::shared_ptr<monitoring::Pulse>> kept;
    std::vector<std::shared_ptr<monitoring::Pulse>> board;
    for (widgets::OverviewEntry& entry : entries) {
        const auto place = m_platforms.place(entry.id);
        if (!place || !place->platform || !entry.overview)
            continue;
        const widgets::MonitoringPlace what = m_places.at(entry.id);
        std::shared_ptr<monitoring::Pulse> pulse = m_pulses.value(entry.id);
        if (!pulse || &pulse->source() != what.source.get() || pulse->alertSource() != what.alerts.get() ||
            &pulse->platform() != what.platform.get())
            pulse = std::make_shared<monitoring::Pulse>(what.platform, what.catalog, what.source, what.alerts);
        entry.platform = place->platform->name;
        entry.pulse = pulse;
        entry.probes = what.probes;
        kept.insert(entry.id, pulse);
        board.push_back(std::move(pulse));
    }
    m_pulses = std::move(kept);
    m_board.setPulses(std::move(board));
}

} // namespace wk::app
