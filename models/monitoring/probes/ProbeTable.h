// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/SnapshotTable.h"
#include "monitoring/probes/ProbeSource.h"

namespace wk::monitoring {

/// The probes of a place as rows, and after them what cannot be asked from here. Row ids are those of the probes.
class ProbeTable final : public SnapshotTable
{
    Q_OBJECT
public:
    /// `clock` outlives it.
    ProbeTable(std::shared_ptr<ProbeSource> source, Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override { return probeColumns(); }
    [[nodiscard]] table::Freshness freshness() const override;

    [[nodiscard]] static table::Columns probeColumns();

private:
    [[nodiscard]] std::vector<table::RowPtr> now() const;

    std::shared_ptr<ProbeSource> m_source;
    Clock& m_clock;
};

/// One probe as a row of ProbeTable::probeColumns(). `stale`: its last answer says nothing about now.
[[nodiscard]] table::RowPtr probeRow(const ProbeBook::Entry& entry, bool stale);
[[nodiscard]] table::RowPtr probeRow(const Unprobed& unprobed);

/// "up", "failing (was up)", "not asked yet": what a person reads first, with what is thought of it.
[[nodiscard]] QString probeWords(const ProbeBook::Entry& entry, bool stale);
[[nodiscard]] table::Health probeHealth(const ProbeBook::Entry& entry, bool stale);
/// How a person would ask the same: a command for curl, kubectl, or the like.
[[nodiscard]] QString probeCommand(const ProbeSpec& spec);
/// "directly", "through the API server".
[[nodiscard]] QString probeWayWords(const ProbeSpec& spec);
/// "12 up, 1 slow, 2 down, 3 not known"; what there is none of is left out.
[[nodiscard]] QString countWords(const ProbeSource::Counts& counts);
[[nodiscard]] table::Health countHealth(const ProbeSource::Counts& counts);

} // namespace wk::monitoring
