// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/SeriesReader.h"

#include "cluster/render/Interner.h"

#include <QtCore/QCoreApplication>

#include <charconv>
#include <cmath>
#include <limits>

namespace wk::monitoring {

namespace {

// Every function here returns what is wrong, in a technical word; nullptr where nothing is.
constexpr const char* good = nullptr;

constexpr std::size_t maxLabels = 1'000; // servers allow some dozens
constexpr double farthestSeconds = 1e12; ///< some 30,000 years

template <typename Result>
std::optional<double> numberIn(Result&& text)
{
    std::string_view view;
    return text.get_string().get(view) == simdjson::SUCCESS ? prometheusNumber(view) : std::nullopt;
}

template <typename Result>
std::optional<qint64> timeIn(Result&& value)
{
    double seconds = 0;
    return value.get_double().get(seconds) == simdjson::SUCCESS ? milliseconds(seconds) : std::nullopt;
}

} // namespace

std::optional<double> prometheusNumber(std::string_view text)
{
    using Limits = std::numeric_limits<double>;
    if (text == "NaN")
        return Limits::quiet_NaN();
    if (text == "+Inf" || text == "Inf")
        return Limits::infinity();
    if (text == "-Inf")
        return -Limits::infinity();
    // What from_chars takes besides: "inf", "nan(…)".
    if (text.empty() || !(text.front() == '-' || (text.front() >= '0' && text.front() <= '9')) ||
        (text.size() > 1 && text.front() == '-' && !(text[1] >= '0' && text[1] <= '9')))
        return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || (error != std::errc() && error != std::errc::result_out_of_range))
        return std::nullopt;
    return number;
}

std::optional<qint64> milliseconds(double seconds)
{
    if (!(std::abs(seconds) <= farthestSeconds))
        return std::nullopt;
    return std::llround(seconds * 1000);
}

template <typename Read>
const char* SeriesReader::each(Value value, const Read& read)
{
    Array items;
    if (value.get_array().get(items) != simdjson::SUCCESS)
        return "an array was expected";
    for (auto item : items) {
        Array pair;
        if (item.get_array().get(pair) != simdjson::SUCCESS)
            return "a pair was expected";
        if (const char* wrong = read(pair))
            return wrong;
    }
    return good;
}

const char* SeriesReader::metric(Value value, Labels& labels)
{
    simdjson::ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return "the labels are no object";
    for (auto field : object) {
        std::string_view name, text;
        if (labels.size() >= maxLabels)
            return "it has too many labels";
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return "a label has no name";
        // The texts of a reader live in one buffer, and the name goes before the value is read.
        QString label = cluster::render::shared(name);
        if (field.value().get_string().get(text) != simdjson::SUCCESS)
            return "a label is no text";
        labels.emplace_back(std::move(label), cluster::render::shared(text));
    }
    return good;
}

const char* SeriesReader::sample(Array pair, Series& series)
{
    std::optional<qint64> time;
    std::optional<double> value;
    int place = 0;
    for (auto part : pair) {
        if (place == 0)
            time = timeIn(part);
        else if (place == 1)
            value = numberIn(part);
        if (++place > 2)
            break;
    }
    if (place != 2 || !time || !value)
        return "a sample is no pair of a time and a number";
    if (!series.time.empty() && *time <= series.time.back())
        return "the times do not ascend";
    series.time.push_back(*time);
    series.value.push_back(*value);
    return good;
}

const char* SeriesReader::bucket(Array parts, Histograms& out)
{
    std::optional<double> numbers[3];
    int place = 0;
    for (auto part : parts) {
        std::int64_t rule = 0; // which ends belong to it: 0 to 3
        if (place == 0 && part.get_int64().get(rule) != simdjson::SUCCESS)
            return "a bucket has no rule";
        if (place > 3)
            return "a bucket has too many parts";
        if (place > 0)
            numbers[place - 1] = numberIn(part);
        ++place;
    }
    if (place != 4 || !numbers[0] || !numbers[1] || !numbers[2])
        return "a bucket is not made of two ends and a count";
    out.lower.push_back(*numbers[0]);
    out.upper.push_back(*numbers[1]);
    out.inBucket.push_back(*numbers[2]);
    return good;
}

const char* SeriesReader::histogram(simdjson::ondemand::object object, Histograms& out)
{
    std::optional<double> count, sum;
    out.firstBucket.push_back(out.inBucket.size());
    for (auto field : object) {
        std::string_view name;
        Value value;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return "a histogram's member has no name";
        const bool isCount = name == "count", isSum = name == "sum", isBuckets = name == "buckets";
        if (field.value().get(value) != simdjson::SUCCESS)
            return "a histogram's member has no value";
        if (isCount)
            count = numberIn(value);
        else if (isSum)
            sum = numberIn(value);
        else if (isBuckets)
            if (const char* wrong = each(value, [&](Array parts) { return bucket(parts, out); }))
                return wrong;
    }
    if (!count || !sum)
        return "a histogram has no count or no sum";
    out.count.push_back(*count);
    out.sum.push_back(*sum);
    return good;
}

const char* SeriesReader::histogramSample(Array pair, Histograms& out)
{
    std::optional<qint64> time;
    bool read = false;
    int place = 0;
    for (auto part : pair) {
        if (place == 0) {
            time = timeIn(part);
        } else if (place == 1) {
            simdjson::ondemand::object object;
            if (part.get_object().get(object) != simdjson::SUCCESS)
                return "a histogram is no object";
            if (const char* wrong = histogram(object, out))
                return wrong;
            read = true;
        }
        if (++place > 2)
            break;
    }
    if (place != 2 || !time || !read)
        return "a sample is no pair of a time and a histogram";
    if (!out.time.empty() && *time <= out.time.back())
        return "the times do not ascend";
    out.time.push_back(*time);
    return good;
}

const char* SeriesReader::member(std::string_view name, Value value, Series& series)
{
    const auto one = [&](const auto& read) {
        Array pair;
        return value.get_array().get(pair) == simdjson::SUCCESS ? read(pair) : "a pair was expected";
    };
    const auto samples = [&](Array pair) { return sample(pair, series); };
    const auto histogramSamples = [&](Array pair) { return histogramSample(pair, series.histograms); };
    if (name == "metric")
        return series.labels.empty() ? metric(value, series.labels) : "the labels come twice";
    if (name == "value")
        return one(samples);
    if (name == "values")
        return each(value, samples);
    if (name == "histogram")
        return one(histogramSamples);
    if (name == "histograms")
        return each(value, histogramSamples);
    return good;
}

Result<Series> SeriesReader::read(QByteArrayView json)
{
    const auto refuse = [](const char* wrong) {
        return fail(
            Error::Kind::Protocol,
            QCoreApplication::translate("wk::monitoring::AnswerDecoder", "A series in the answer cannot be read."),
            QString::fromLatin1(wrong));
    };
    m_padded.reserve(std::size_t(json.size()) + simdjson::SIMDJSON_PADDING);
    m_padded.assign(json.data(), std::size_t(json.size()));
    Series series;
    // About 26 bytes a sample.
    if (const std::size_t expected = m_padded.size() / 26; expected > 8) {
        series.time.reserve(expected);
        series.value.reserve(expected);
    }
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (m_parser.iterate(m_padded.data(), m_padded.size(), m_padded.capacity()).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS)
        return refuse("it is no object");
    for (auto field : object) {
        std::string_view key;
        Value value;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS)
            return refuse("a member cannot be read");
        if (const char* wrong = member(key, value, series))
            return refuse(wrong);
    }
    return series;
}

} // namespace wk::monitoring
