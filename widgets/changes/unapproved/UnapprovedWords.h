// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/UnapprovedDesk.h"
#include "table/Row.h"

/// What the cockpit says of an unapproved change, and what can be done with it.
namespace wk::widgets {

/// "kubectl-edit", "the autoscaler (kube-controller-manager)", "not noted".
[[nodiscard]] QString authorWords(const changes::UnapprovedItem& item);
/// What was changed, without who and where: "spec.replicas from 2 to 5".
[[nodiscard]] QString changeWords(const changes::UnapprovedItem& item);
/// "21 Nov, 16:04, 12 m ago"; when it was seen, where the server did not note it.
[[nodiscard]] QString changedWhenWords(const changes::UnapprovedItem& item, qint64 nowMs);
/// "2026-11-21 15:04:31 UTC": the same moment for everybody.
[[nodiscard]] QString utcWords(const changes::Moment& moment);

/// How an item stands: "open", "request 12: draft", "not on record".
struct UnapprovedStanding
{
    table::Health health = table::Health::None;
    QString words, reason;
};
[[nodiscard]] UnapprovedStanding standingOf(const changes::UnapprovedItem& item);

enum class UnapprovedAct { Account, Restore, Dismiss };
struct UnapprovedOffer
{
    UnapprovedAct act = UnapprovedAct::Account;
    QString title, whyNot; ///< a sentence; empty: it may be done
    QString shortcut;
};
/// All three, in the order of their buttons. The store and the Gate judge once more.
[[nodiscard]] QList<UnapprovedOffer> offersFor(const changes::UnapprovedItem& item, const changes::ChangeDesk& desk);

/// What a request that brings back what was there begins with.
[[nodiscard]] changes::RequestFields restoreRequest(const changes::UnapprovedItem& item, const changes::Plan& plan);

} // namespace wk::widgets
