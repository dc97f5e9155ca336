// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/RangeCache.h"

#include <map>

namespace wk::monitoring {

namespace {

void append(std::vector<auto>& to, const std::vector<auto>& from) { to.insert(to.end(), from.begin(), from.end()); }

void append(Histograms& to, const Histograms& from)
{
    const std::size_t buckets = to.inBucket.size();
    append(to.time, from.time);
    append(to.count, from.count);
    append(to.sum, from.sum);
    for (const std::size_t first : from.firstBucket)
        to.firstBucket.push_back(buckets + first);
    append(to.lower, from.lower);
    append(to.upper, from.upper);
    append(to.inBucket, from.inBucket);
}

/// The places of the times inside the range: from the first to before the second.
std::pair<std::ptrdiff_t, std::ptrdiff_t> placesIn(const std::vector<qint64>& times, const TimeRange& range)
{
    const auto begin = std::ranges::lower_bound(times, range.from);
    const auto end = std::ranges::upper_bound(times, range.to);
    return {begin - times.begin(), std::max(begin, end) - times.begin()};
}

template <typename T>
std::vector<T> slice(const std::vector<T>& column, std::pair<std::ptrdiff_t, std::ptrdiff_t> places)
{
    return {column.begin() + places.first, column.begin() + places.second};
}

Histograms cut(const Histograms& all, const TimeRange& range)
{
    Histograms out;
    const auto places = placesIn(all.time, range);
    if (places.first == places.second)
        return out;
    const auto bucketsBefore = [&](std::ptrdiff_t place) {
        return std::size_t(place) < all.firstBucket.size() ? std::ptrdiff_t(all.firstBucket[std::size_t(place)])
                                                           : std::ptrdiff_t(all.inBucket.size());
    };
    const std::pair buckets{bucketsBefore(places.first), bucketsBefore(places.second)};
    out = {slice(all.time, places),        slice(all.count, places),  slice(all.sum, places),
           slice(all.firstBucket, places), slice(all.lower, buckets), slice(all.upper, buckets),
           slice(all.inBucket, buckets)};
    for (std::size_t& first : out.firstBucket)
        first -= std::size_t(buckets.first);
    return out;
}

qint64 bytesOf(const Answer& answer)
{
    qint64 out = 500;
    for (const Series& series : answer.series)
        out += 200 + 100 * qint64(series.labels.size()) + 16 * qint64(series.time.size()) +
               32 * qint64(series.histograms.time.size()) + 24 * qint64(series.histograms.inBucket.size());
    return out;
}

} // namespace

AnswerPtr joined(const std::vector<AnswerPtr>& parts)
{
    if (parts.size() == 1)
        return parts.front();
    auto out = std::make_shared<Answer>();
    out->kind = Answer::Kind::Matrix;
    std::map<Labels, std::size_t> places;
    for (const AnswerPtr& part : parts) {
        for (const Series& series : part->series) {
            const auto [it, added] = places.try_emplace(series.labels, out->series.size());
            if (added)
                out->series.push_back({{}, series.labels, {}});
            Series& to = out->series[it->second];
            append(to.time, series.time);
            append(to.value, series.value);
            append(to.histograms, series.histograms);
        }
        out->warnings += part->warnings;
        out->infos += part->infos;
        out->partial = out->partial || part->partial;
        out->bytes += part->bytes;
    }
    out->warnings.removeDuplicates();
    out->infos.removeDuplicates();
    return out;
}

AnswerPtr cut(const AnswerPtr& answer, const TimeRange& range)
{
    auto out = std::make_shared<Answer>();
    out->kind = answer->kind;
    out->warnings = answer->warnings;
    out->infos = answer->infos;
    out->partial = answer->partial;
    out->bytes = answer->bytes;
    for (const Series& series : answer->series) {
        const auto places = placesIn(series.time, range);
        Histograms histograms = cut(series.histograms, range);
        if (places.first != places.second || !histograms.time.empty())
            out->series.push_back(
                {{slice(series.time, places), slice(series.value, places)}, series.labels, std::move(histograms)});
    }
    return out;
}

RangeCache::Stretch RangeCache::find(const QString& query, qint64 stepMs)
{
    const auto it =
        std::ranges::find_if(m_entries, [&](const Entry& e) { return e.step == stepMs && e.query == query; });
    if (it == m_entries.end())
        return {{0, -1}, nullptr};
    m_entries.splice(m_entries.begin(), m_entries, it);
    return it->stretch;
}

void RangeCache::keep(const QString& query, qint64 stepMs, Stretch stretch)
{
    const auto old =
        std::ranges::find_if(m_entries, [&](const Entry& e) { return e.step == stepMs && e.query == query; });
    if (old != m_entries.end())
        drop(old);
    if (stretch.range.isEmpty() || stretch.answer->partial || !stretch.answer->warnings.isEmpty())
        return;
    const qint64 bytes = bytesOf(*stretch.answer);
    if (bytes > m_maxBytes / 2)
        return;
    m_entries.push_front({query, stepMs, std::move(stretch), bytes});
    m_bytes += bytes;
    while (m_bytes > m_maxBytes)
        drop(std::prev(m_entries.end()));
}

void RangeCache::drop(std::list<Entry>::iterator entry)
{
    m_bytes -= entry->bytes;
    m_entries.erase(entry);
}

void RangeCache::clear()
{
    m_entries.clear();
    m_bytes = 0;
}

} // namespace wk::monitoring
