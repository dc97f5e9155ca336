// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QRandomGenerator>

#include <functional>

namespace wk {

/// A source of numbers in [0, 1), injected where a protocol asks for jitter.
using Random = std::function<double()>;

/// Seeded from the system.
[[nodiscard]] inline Random systemRandom()
{
    return [] { return QRandomGenerator::global()->generateDouble(); };
}

} // namespace wk
