// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>

namespace wk::monitoring {

// The words of PromQL, of the servers from 2.42 to 3.x.
// Source: https://prometheus.io/docs/prometheus/latest/querying/functions/

[[nodiscard]] QStringList promqlAggregations();        ///< in alphabetical order
[[nodiscard]] QStringList promqlFunctions();           ///< in alphabetical order
[[nodiscard]] bool isAggregation(const QString& word); ///< in lower case
[[nodiscard]] bool isPromqlFunction(const QString& word);
/// Whether the function takes a range vector.
[[nodiscard]] bool wantsRange(const QString& function);

} // namespace wk::monitoring
