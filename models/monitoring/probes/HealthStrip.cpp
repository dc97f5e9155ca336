// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/HealthStrip.h"

#include <algorithm>

namespace wk::monitoring {

using Verdict = ProbeResult::Verdict;

namespace {

int rank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Down: return 3;
    case Verdict::Slow: return 2;
    case Verdict::Up: return 1;
    case Verdict::Unasked: break;
    }
    return 0;
}

void count(HealthCell& cell, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Up: ++cell.up; break;
    case Verdict::Slow: ++cell.slow; break;
    case Verdict::Down: ++cell.down; break;
    case Verdict::Unasked: ++cell.unasked; break;
    }
}

} // namespace

std::vector<HealthCell> healthStrip(const ProbeBook& book, qint64 nowMs, qint64 spanMs, int cells)
{
    std::vector<HealthCell> out(std::size_t(std::max(cells, 0)));
    if (out.empty() || spanMs <= 0)
        return out;
    const qint64 fromMs = nowMs - spanMs;
    const auto cellOf = [&](qint64 atMs) { return std::clamp<qint64>((atMs - fromMs) * cells / spanMs, 0, cells - 1); };
    for (const ProbeBook::Entry& entry : book.entries()) {
        std::vector<std::optional<Verdict>> worst(out.size());
        const qint64 holdsMs = 2 * (entry.spec.everyMs + entry.spec.timeoutMs);
        for (std::size_t i = 0; i < entry.history.size(); ++i) {
            const ProbeBook::Mark& mark = entry.history[i];
            qint64 untilMs = std::min(mark.atMs + holdsMs, nowMs);
            if (i + 1 < entry.history.size())
                untilMs = std::min(untilMs, entry.history[i + 1].atMs);
            if (untilMs < fromMs || mark.atMs > nowMs)
                continue;
            for (qint64 cell = cellOf(std::max(mark.atMs, fromMs)); cell <= cellOf(untilMs); ++cell) {
                auto& said = worst[std::size_t(cell)];
                if (!said || rank(mark.verdict) > rank(*said))
                    said = mark.verdict;
            }
        }
        for (std::size_t cell = 0; cell < out.size(); ++cell) {
            if (worst[cell])
                count(out[cell], *worst[cell]);
        }
    }
    return out;
}

HealthSummary healthSummary(const ProbeBook& book)
{
    HealthSummary out;
    for (const ProbeBook::Entry& entry : book.entries()) {
        switch (entry.state) {
        case ProbeBook::State::Down: out.down << entry.spec.id; break;
        case ProbeBook::State::Slow:
            out.slow << entry.spec.id;
            ++out.answer;
            break;
        case ProbeBook::State::Up: ++out.answer; break;
        case ProbeBook::State::Unknown:
            // A first failure is not believed yet, and asked again soon.
            if (!entry.asked || entry.last.verdict != Verdict::Unasked) {
                ++out.waiting;
            } else {
                ++out.unasked;
                if (out.why.isEmpty() && entry.last.error)
                    out.why = entry.last.error->sentence;
            }
            continue;
        }
        ++out.asked;
    }
    return out;
}

} // namespace wk::monitoring
