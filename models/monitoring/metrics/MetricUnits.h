// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/PlatformValues.h"

#include <QtCore/QString>

#include <optional>

namespace wk::monitoring {

// Figures of documents (5 %, 200 ms, 500 MB) against those of Prometheus (0.05, 0.2, 5e8): platform::metricUnits().

/// The figure in a metric's unit; nullopt where the units do not fit. A bare number fits every unit as it is.
[[nodiscard]] std::optional<double> inUnit(double value, QStringView unit, QStringView metricUnit);
/// Both ends of a threshold in a metric's unit; the threshold's own unit is empty then.
[[nodiscard]] std::optional<platform::Threshold> inUnit(const platform::Threshold& threshold, QStringView metricUnit);

/// "5.1 %", "1.2 s", "486.4 MiB", "12.5 a second": for people.
[[nodiscard]] QString figureText(double value, QStringView metricUnit);

/// How an annotation of a rule prints $value: "{{ $value | humanizePercentage }}".
[[nodiscard]] QString valueTemplate(QStringView metricUnit);
/// What Prometheus makes of that template. Source: prometheus/template/template.go.
[[nodiscard]] QString templateText(double value, QStringView metricUnit);

/// What a chart multiplies values by for an axis in `unit` ("ms", "Mbps", "per minute", "% …"); nullopt where that unit
/// is not known or does not fit.
[[nodiscard]] std::optional<double> displayFactor(QStringView metricUnit, QStringView unit);
/// The unit a chart shows where the file names none: "%", "s", "bytes", …
[[nodiscard]] QString displayUnit(QStringView metricUnit);

} // namespace wk::monitoring
