// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Columns.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <memory>
#include <utility>
#include <vector>

namespace wk::monitoring {

/// Name and value, in the server's order (Prometheus sorts by name).
using Labels = std::vector<std::pair<QString, QString>>;

/// Empty where there is no such label.
[[nodiscard]] QString labelValue(const Labels& labels, QStringView name);
/// http_requests_total{job="api",pod="p0"}, as PromQL writes it and promtool prints it (with `separator` ", ").
[[nodiscard]] QString labelsText(const Labels& labels, const QString& separator = QStringLiteral(","));

/// As Prometheus writes a number: 0.25, 1e+21, NaN, +Inf.
[[nodiscard]] QString valueText(double value);

/// Native histograms of one series as columns. The buckets of the histogram at `time[i]` are those from
/// `firstBucket[i]` to before `firstBucket[i + 1]` (the last: to the end).
struct Histograms
{
    std::vector<qint64> time; ///< ms since the epoch
    std::vector<double> count, sum;
    std::vector<std::size_t> firstBucket;
    std::vector<double> lower, upper, inBucket;

    bool operator==(const Histograms&) const = default;
};

/// One series as columns of equal length, ready for a chart. Where a series has no sample (a gap, a stale marker) there
/// is no row; NaN and the infinities are samples like others, and stand as such.
struct Series : series::Columns
{
    Labels labels;
    Histograms histograms; ///< of samples that are native histograms

    bool operator==(const Series&) const = default;
};

/// What a query gave.
struct Answer
{
    enum class Kind {
        Vector, ///< one sample for each series
        Matrix,
        Scalar, ///< one series without labels
        Text    ///< `text` at `textTime`
    };
    Kind kind = Kind::Vector;
    std::vector<Series> series;
    QString text;
    qint64 textTime = 0;
    QStringList warnings, infos; ///< what the server says about the result: to be shown with it
    bool partial = false;        ///< the server itself says that it is not everything
    qint64 bytes = 0;            ///< of its JSON

    [[nodiscard]] std::size_t points() const;
};

/// Decoded once, shared between threads.
using AnswerPtr = std::shared_ptr<const Answer>;

} // namespace wk::monitoring
