// SPDX-License-Identifier: GPL-3.0-or-later
// How one series is read, for the decoder's own files.
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/Answer.h"

#include <simdjson.h>

#include <string>

namespace wk::monitoring {

/// A number as Prometheus writes it (Go's strconv): decimal, "NaN", "+Inf", "-Inf".
[[nodiscard]] std::optional<double> prometheusNumber(std::string_view text);
/// Seconds with a fraction as whole milliseconds; nullopt where no instant has that number.
[[nodiscard]] std::optional<qint64> milliseconds(double seconds);

/// Reads elements of "result", with buffers that it keeps.
class SeriesReader
{
public:
    /// {"metric":{…},"value":[t,"v"]}, or "values", "histogram", "histograms".
    [[nodiscard]] Result<Series> read(QByteArrayView json);

private:
    using Array = simdjson::ondemand::array;
    using Value = simdjson::ondemand::value;

    const char* member(std::string_view name, Value value, Series& series);
    const char* metric(Value value, Labels& labels);
    const char* sample(Array pair, Series& series);
    const char* histogramSample(Array pair, Histograms& out);
    const char* histogram(simdjson::ondemand::object object, Histograms& out);
    const char* bucket(Array parts, Histograms& out);
    template <typename Read>
    const char* each(Value value, const Read& read);

    std::string m_padded;
    simdjson::ondemand::parser m_parser;
};

} // namespace wk::monitoring
