// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertmanagerClient.h"

#include <QtTest/QTest>

namespace wk::test {

/// Asks, and waits for what comes: ask<Silences>([&](auto then) { return client.silences({}, then); }).
template <typename T, typename Ask>
[[nodiscard]] Result<T> asked(const Ask& ask)
{
    std::optional<Result<T>> result;
    const auto flight = ask([&result](Result<T> answer) { result = std::move(answer); });
    if (!QTest::qWaitFor([&] { return result.has_value(); }, 60'000))
        return fail(Error::Kind::Network, QStringLiteral("no answer"));
    return *std::move(result);
}

using Alerts = std::vector<monitoring::ManagedAlert>;
using Groups = std::vector<monitoring::AlertGroup>;
using Silences = std::vector<monitoring::Silence>;

} // namespace wk::test
