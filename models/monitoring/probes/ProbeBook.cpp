// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeBook.h"

#include <QtCore/QCoreApplication>

namespace wk::monitoring {

using State = ProbeBook::State;
using Verdict = ProbeResult::Verdict;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::ProbeBook)
};

State stateFor(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Up: return State::Up;
    case Verdict::Slow: return State::Slow;
    case Verdict::Down: return State::Down;
    case Verdict::Unasked: break;
    }
    return State::Unknown;
}

/// `certificate`: one that was seen.
QString wordOf(State state, bool certificate)
{
    switch (state) {
    case State::Up: return Texts::tr("up");
    case State::Slow: return certificate ? Texts::tr("expires soon") : Texts::tr("slow");
    case State::Down: return certificate ? Texts::tr("invalid") : Texts::tr("down");
    case State::Unknown: break;
    }
    return Texts::tr("unknown");
}

/// Whether it is the same question, however often it is asked.
bool sameQuestion(const ProbeSpec& a, const ProbeSpec& b)
{
    return a.id == b.id && a.kind == b.kind && a.url == b.url && a.space == b.space && a.inside == b.inside &&
           a.method == b.method && a.expect == b.expect && a.word == b.word;
}

} // namespace

QString ProbeBook::Entry::words() const
{
    QString word =
        wordOf(state, spec.kind == ProbeSpec::Kind::TlsExpiry && (state != State::Down || last.expiresMs.has_value()));
    if (!failing)
        return word;
    switch (last.verdict) {
    case Verdict::Slow: return Texts::tr("slowing (was %1)").arg(word);
    case Verdict::Unasked: return Texts::tr("not asked (was %1)").arg(word);
    default: return Texts::tr("failing (was %1)").arg(word);
    }
}

std::optional<double> ProbeBook::Entry::goodPercent() const
{
    const auto asks = std::ranges::count_if(history, [](const Mark& mark) { return mark.verdict != Verdict::Unasked; });
    if (asks == 0)
        return std::nullopt;
    const auto good = std::ranges::count_if(
        history, [](const Mark& mark) { return mark.verdict == Verdict::Up || mark.verdict == Verdict::Slow; });
    return 100.0 * double(good) / double(asks);
}

void ProbeBook::setProbes(const std::vector<ProbeSpec>& probes, qint64 monotonicMs)
{
    std::vector<Entry> next;
    next.reserve(probes.size());
    for (const ProbeSpec& spec : probes) {
        const auto old =
            std::ranges::find_if(m_entries, [&](const Entry& entry) { return sameQuestion(entry.spec, spec); });
        Entry entry;
        if (old != m_entries.end())
            entry = *old;
        else
            entry.dueMs = monotonicMs + qint64(m_random() * double(qMin(spec.everyMs, m_options.spreadMs)));
        entry.spec = spec;
        next.push_back(std::move(entry));
    }
    m_entries = std::move(next);
}

ProbeBook::Entry* ProbeBook::entry(QStringView id)
{
    const auto it = std::ranges::find_if(m_entries, [&](const Entry& entry) { return entry.spec.id == id; });
    return it == m_entries.end() ? nullptr : &*it;
}

const ProbeBook::Entry* ProbeBook::find(QStringView id) const { return const_cast<ProbeBook*>(this)->entry(id); }

const ProbeBook::Entry* ProbeBook::due(qint64 monotonicMs) const
{
    const Entry* out = nullptr;
    for (const Entry& entry : m_entries) {
        if (!entry.running && entry.dueMs <= monotonicMs && (!out || entry.dueMs < out->dueMs))
            out = &entry;
    }
    return out;
}

std::optional<qint64> ProbeBook::nextDueMs() const
{
    std::optional<qint64> out;
    for (const Entry& entry : m_entries) {
        if (!entry.running)
            out = out ? qMin(*out, entry.dueMs) : entry.dueMs;
    }
    return out;
}

void ProbeBook::begun(QStringView id)
{
    if (Entry* of = entry(id))
        of->running = true;
}

void ProbeBook::hasten(QStringView id, qint64 monotonicMs)
{
    if (Entry* of = entry(id))
        of->dueMs = qMin(of->dueMs, monotonicMs);
}

void ProbeBook::record(QStringView id, ProbeResult result, qint64 monotonicMs)
{
    Entry* of = entry(id);
    if (!of)
        return;
    of->running = false;
    of->asked = true;
    of->last = std::move(result);
    of->history.push_back({of->last.atMs, of->last.latencyMs, of->last.verdict});
    if (of->history.size() > m_options.history)
        of->history.pop_front();
    if (of->last.error) {
        of->error = of->last.error;
        of->errorMs = of->last.atMs;
    }
    judge(*of);
    const qint64 wait = of->failing ? qMin(of->spec.everyMs, m_options.confirmMs) : of->spec.everyMs;
    of->dueMs = monotonicMs + qint64(double(wait) * (1.0 + m_options.jitter * (2.0 * m_random() - 1.0)));
}

void ProbeBook::judge(Entry& entry) const
{
    const Verdict verdict = entry.last.verdict;
    if (verdict != entry.m_run || entry.m_count == 0) {
        entry.m_run = verdict;
        entry.m_count = 0;
        entry.m_runSinceMs = entry.last.atMs;
    }
    ++entry.m_count;
    const State told = stateFor(verdict);
    // What is nothing but good news is believed at once; so is the first answer, unless it is a failure.
    const bool first = entry.state == State::Unknown && verdict != Verdict::Down;
    const bool better = verdict == Verdict::Up || (verdict == Verdict::Slow && entry.state == State::Down);
    entry.failing = told != entry.state && !first && !better && entry.m_count < m_options.times;
    if (entry.failing)
        return;
    if (told != entry.state || entry.sinceMs == 0)
        entry.sinceMs = entry.m_runSinceMs;
    entry.state = told;
}

State ProbeBook::stateOf(QStringView service) const
{
    State out = State::Unknown;
    for (const Entry& entry : m_entries) {
        if (entry.spec.service == service)
            out = std::max(out, entry.state);
    }
    return out;
}

} // namespace wk::monitoring
