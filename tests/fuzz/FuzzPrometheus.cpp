// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/AnswerDecoder.h"
#include "monitoring/prometheus/ServerError.h"
#include "monitoring/prometheus/ServerFacts.h"

#include <cstdint>

using namespace wk;
using namespace wk::monitoring;

namespace {

Result<AnswerPtr> decoded(QByteArrayView body, qsizetype piece)
{
    AnswerDecoder decoder;
    for (qsizetype at = 0; at < body.size(); at += piece) {
        if (const auto fed = decoder.feed(body.sliced(at, qMin(piece, body.size() - at))); !fed)
            return fail(fed.error());
    }
    return decoder.finish();
}

void expect(bool holds)
{
    if (!holds)
        __builtin_trap();
}

bool ascends(const std::vector<qint64>& times)
{
    return std::ranges::adjacent_find(times, std::greater_equal()) == times.end();
}

template <typename T>
void expectReason(const Result<T>& result)
{
    expect(result || !result.error().sentence.isEmpty());
}

} // namespace

/// An answer of a server of which nothing has to be true: columns that belong to each other, or a sentence, and the
/// same however it arrives in pieces.
int fuzzPrometheus(const uint8_t* data, size_t size)
{
    const QByteArrayView body(reinterpret_cast<const char*>(data), qsizetype(size));
    const auto whole = decoded(body, qMax<qsizetype>(1, body.size()));
    const auto pieces = decoded(body, qsizetype(1 + size % 13));
    expectReason(whole);
    expect(whole.has_value() == pieces.has_value());
    if (whole) {
        expect((*whole)->points() == (*pieces)->points() && (*whole)->bytes == body.size());
        for (const Series& series : (*whole)->series) {
            const Histograms& h = series.histograms;
            expect(series.time.size() == series.value.size() && ascends(series.time) && ascends(h.time));
            expect(h.time.size() == h.count.size() && h.time.size() == h.sum.size() &&
                   h.time.size() == h.firstBucket.size() && h.lower.size() == h.inBucket.size() &&
                   h.upper.size() == h.inBucket.size());
            expect(h.firstBucket.empty() ||
                   (h.firstBucket.back() <= h.inBucket.size() && std::ranges::is_sorted(h.firstBucket)));
            (void)labelsText(series.labels);
        }
    }
    expectReason(readNames(body));
    expectReason(readSeries(body));
    expectReason(readMetadata(body));
    expectReason(readRules(body));
    expectReason(readAlerts(body));
    expectReason(readTargets(body));
    expectReason(readBuildInfo(body));
    net::ResponseHead head;
    head.status = 500;
    expect(!answerError(QStringLiteral("x"), head, body).sentence.isEmpty());
    return 0;
}
