// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Step.h"

#include <expected>

namespace wk::changes {

/// Steps that make `to` of `from`, either as a server gave it or empty (no such object): the plainest action that does
/// it, else the whole object. The reason where there are none.
[[nodiscard]] std::expected<QList<Step>, QString> stepsBetween(const Target& target, const QJsonObject& from,
                                                               const QJsonObject& to);

} // namespace wk::changes
