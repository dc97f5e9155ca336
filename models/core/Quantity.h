// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <optional>
#include <string_view>

namespace wk {

/// A Kubernetes resource.Quantity ("250m", "1Gi", "1.5", "2e3", "100k") in thousandths of its unit, rounded up, as
/// Quantity.MilliValue() does: milli-CPU for CPU. nullopt where the text is no quantity; saturates at ±2^63.
/// Source: k8s.io/apimachinery/pkg/api/resource/quantity.go.
[[nodiscard]] std::optional<qint64> parseQuantityMilli(std::string_view text);

/// The same in whole units, rounded up, as Quantity.Value() does: bytes for memory.
[[nodiscard]] std::optional<qint64> parseQuantity(std::string_view text);

} // namespace wk
