// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

namespace wk::changes {

/// Whether my approval would fill one more of these slots: directly, or because who fills one now could fill another
/// (each person counts once; the store judges in the same way).
[[nodiscard]] bool fillsMore(const QList<ApprovalSlot>& needed, const QString& platform, const Person& me,
                             const RoleBook& book);

/// Why I cannot approve this request, as a sentence; empty: I can.
[[nodiscard]] QString whyNotApprove(const RequestSummary& request, const Person& me, const RoleBook& book);

/// All that waits for me, the most urgent first: executions whose executor is gone, reviews, approvals, and what is
/// mine and ready to run at `now`.
[[nodiscard]] QList<Waiting> waitingForMe(const QList<RequestSummary>& rows, const QList<Review>& reviews,
                                          const QList<Policy>& policies, const Person& me, const RoleBook& book,
                                          const QDateTime& now);

} // namespace wk::changes
