// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "widgets/common/SummaryView.h"

/// A request as sections of keys and values. Links: "request:12".
namespace wk::widgets {

/// The form: what, why, impact, tests, rollback.
[[nodiscard]] QList<SummarySection> formSections(const changes::RequestDetail& detail, qint64 nowMs);
/// Who has to approve and who did, conflicts, windows, reviews: what decides whether and when it may run.
[[nodiscard]] QList<SummarySection> approvalSections(const changes::RequestDetail& detail,
                                                     const changes::ChangeDesk& desk, qint64 nowMs);
/// Windows that say something about this request, in words.
[[nodiscard]] bool concerns(const changes::TimeWindow& window, const changes::RequestDetail& detail);
[[nodiscard]] QString windowWords(const changes::TimeWindow& window, qint64 nowMs);

} // namespace wk::widgets
