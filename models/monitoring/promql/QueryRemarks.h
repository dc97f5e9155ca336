// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/Platform.h"

#include <vector>

namespace wk::monitoring {

/// A mistake in a query that a platform file carries from its document: what it does instead of what is meant.
struct QueryRemark
{
    QString place; ///< "alert high-error-rate"
    QString query;
    QString mistake; ///< a sentence
    QString instead; ///< what to ask, or what the rules made by Watchkeeper ask

    /// "alert high-error-rate: … Instead: …"
    [[nodiscard]] QString text() const;
};

/// The mistakes of one query; `threshold` is what its document says it compares with, where it says so.
[[nodiscard]] std::vector<QueryRemark> remarksOn(const QString& query,
                                                 const std::optional<platform::Threshold>& threshold = {});

/// Those of a whole platform file: its alerts, the steps of its runbooks and procedures, and what its canaries ask.
[[nodiscard]] std::vector<QueryRemark> remarksOn(const platform::Platform& platform);

} // namespace wk::monitoring
