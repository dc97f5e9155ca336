// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterTarget.h"
#include "cluster/objects/ObjectSummary.h"
#include "table/Column.h"
#include "table/TableSource.h"
#include "widgets/common/SummaryView.h"

namespace wk::widgets {

/// An object's summary as lines for SummaryView. Tables become one section per row where their rows are long
/// (containers), else one line per row. Ages are relative to `nowMs`.
[[nodiscard]] QList<SummarySection> sectionsOf(const cluster::ObjectSummary& summary, qint64 nowMs);

/// The row's own columns, for what the table knows better than the object (usage, ready counts, ages). Usage is told
/// together with what it is measured against.
/// `figuresOnly` leaves texts out: for kinds whose summary says them already.
[[nodiscard]] SummarySection sectionOfRow(const QString& title, const table::Columns& columns, const table::Row& row,
                                          qint64 nowMs, bool figuresOnly = false);

/// Takes lines out that the summary's first section says again (a deployment's replicas).
void leaveOutSaid(SummarySection& section, const cluster::ObjectSummary& summary);

/// `object` is "pod/name", as the column of events has it.
[[nodiscard]] bool isEventOf(const table::Columns& columns, const table::Row& event, const QString& object);
/// The events of one object, the newest first. An empty `space` takes those of every namespace.
[[nodiscard]] std::vector<table::RowPtr> eventsOf(const table::TableSource& events, const QString& object,
                                                  const QString& space);
/// The newest of them, a line each.
[[nodiscard]] SummarySection sectionOfEvents(const table::TableSource& events, const QString& object,
                                             const QString& space, qint64 nowMs);

/// Where a link of these sections leads; a kindId that is empty means that it was none.
[[nodiscard]] QString linkTo(const QString& kindId, const QString& space, const QString& name);
[[nodiscard]] cluster::ClusterTarget targetOf(const QString& link);

} // namespace wk::widgets
