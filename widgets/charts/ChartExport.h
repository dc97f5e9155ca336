// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "widgets/charts/ChartContent.h"

#include <QtCore/QByteArray>

class QWidget;

namespace wk::widgets {

/// The values of a range as CSV (RFC 4180): a column "time" (ISO 8601, UTC) and one for each series, a row for each
/// instant at which any of them has a value; a missing one is empty. Values as they came, in base units. Where the
/// content has marks in the range, three more columns: "mark" (its kind), "what" and "until", and a row for each mark
/// at the instant at which it began; "until" is empty where it has no length, and "now" where it goes on.
[[nodiscard]] QByteArray chartCsv(const ChartContent& content, qint64 fromMs, qint64 toMs);

/// Writes it whole or not at all; the error says why and what to do.
[[nodiscard]] Result<void> saveChartCsv(const ChartContent& content, qint64 fromMs, qint64 toMs, const QString& path);
/// What the widget shows, at twice its size.
[[nodiscard]] Result<void> saveChartPng(QWidget& chart, const QString& path);

} // namespace wk::widgets
