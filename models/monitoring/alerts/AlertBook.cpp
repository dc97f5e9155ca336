// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertBook.h"

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <set>
#include <tuple>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AlertBook)
};

using Word = BookedAlert::Word;

/// Worst first; resolved last.
int rank(const Word& word) { return word.alert ? int(word.alert->state) : 3; }
static_assert(int(ManagedAlert::State::Active) == 0 && int(ManagedAlert::State::Unprocessed) == 1 &&
              int(ManagedAlert::State::Suppressed) == 2);

bool isSuppressed(const BookedAlert& booked)
{
    return booked.firing && booked.alert.state == ManagedAlert::State::Suppressed;
}

} // namespace

bool AlertBook::isAway(const QString& replica) const
{
    const auto known = m_replicas.find(replica);
    return known == m_replicas.end() || known->second.awaySince != 0;
}

void AlertBook::heard(const QString& replica, const std::vector<ManagedAlert>& alerts, qint64 now)
{
    m_replicas[replica] = {now, 0, {}};
    std::set<QString> there;
    for (const ManagedAlert& alert : alerts) {
        m_entries[alert.fingerprint].booked.words[replica] = {alert, now, true};
        there.insert(alert.fingerprint);
    }
    for (auto& [fingerprint, entry] : m_entries) {
        Word& word = entry.booked.words[replica];
        if (!there.contains(fingerprint))
            word = {std::nullopt, now, word.knew};
        judge(entry, now);
    }
    forget(now);
}

void AlertBook::away(const QString& replica, const Error& error, qint64 now)
{
    Replica& known = m_replicas[replica];
    if (!known.awaySince)
        known.awaySince = now;
    known.problem = error.sentence;
    for (auto& [fingerprint, entry] : m_entries)
        judge(entry, now);
    forget(now);
}

void AlertBook::leave(const QString& replica, qint64 now)
{
    m_replicas.erase(replica);
    for (auto& [fingerprint, entry] : m_entries) {
        entry.booked.words.erase(replica);
        judge(entry, now);
    }
    forget(now);
}

/// From what the replicas said to what is so.
void AlertBook::judge(Entry& entry, qint64 now)
{
    BookedAlert& booked = entry.booked;
    const bool isNew = entry.events.empty();
    const BookedAlert before = booked;
    const Word* worst = nullptr;
    const Word* lastSaid = nullptr; ///< by one that is away
    bool disputed = false, answererKnew = false;
    for (const auto& [replica, word] : booked.words) {
        if (isAway(replica)) {
            if (word.alert && (!lastSaid || rank(word) < rank(*lastSaid)))
                lastSaid = &word;
            continue;
        }
        answererKnew = answererKnew || word.knew;
        disputed = disputed || (worst && rank(word) != rank(*worst));
        const auto later = [](const Word& one) { return one.alert ? one.alert->updatedAt : 0; };
        if (!worst || rank(word) < rank(*worst) || (rank(word) == rank(*worst) && later(word) > later(*worst)))
            worst = &word;
    }
    const bool stale = lastSaid && !answererKnew;
    const Word* chosen = stale ? lastSaid : worst;
    booked.stale = stale;
    booked.disputed = disputed;
    booked.firing = chosen && chosen->alert;
    if (booked.firing) {
        booked.alert = *chosen->alert;
        booked.heardFiring = chosen->at;
    }
    noteChange(entry, before, isNew, now);
    acknowledge(booked);
}

void AlertBook::noteChange(Entry& entry, const BookedAlert& before, bool isNew, qint64 now) const
{
    using Kind = AlertEvent::Kind;
    BookedAlert& booked = entry.booked;
    const bool fired = !isNew && before.firing;
    if (!booked.firing) {
        if (fired) {
            booked.resolvedAt = now;
            note(entry, {Kind::Resolved, now, {}});
        }
        return;
    }
    // One that started before it was last heard of has fired all the time: replicas know different starts, and one that
    // was restarted had only forgotten it.
    const qint64 since = booked.alert.startsAt ? booked.alert.startsAt : fired ? before.firingSince : now;
    // A start that lies ahead is a clock that is, not another start with every answer.
    const bool anew = isNew || (since > before.heardFiring && since != before.firingSince);
    booked.resolvedAt = 0;
    booked.firingSince = anew ? since : std::min(since, before.firingSince);
    if (anew)
        note(entry, {Kind::Firing, since, {}});
    else if (!fired && !entry.events.empty() && entry.events.back().kind == Kind::Resolved)
        entry.events.pop_back();
    const bool was = fired && isSuppressed(before), is = isSuppressed(booked);
    const auto& alert = booked.alert;
    if (is && !alert.silencedBy.isEmpty() && (!was || alert.silencedBy != before.alert.silencedBy))
        note(entry, {Kind::Silenced, now, alert.silencedBy});
    if (is && !alert.inhibitedBy.isEmpty() && (!was || alert.inhibitedBy != before.alert.inhibitedBy))
        note(entry, {Kind::Inhibited, now, alert.inhibitedBy});
    if (was && !is)
        note(entry, {Kind::Told, now, {}});
}

void AlertBook::note(Entry& entry, AlertEvent event) const
{
    entry.events.push_back(std::move(event));
    if (entry.events.size() > m_options.eventsEach)
        entry.events.erase(entry.events.begin());
}

void AlertBook::setAcknowledgements(const std::vector<Acknowledgement>& acknowledgements)
{
    m_acknowledgements.clear();
    for (const Acknowledgement& one : acknowledgements)
        m_acknowledgements.emplace(one.fingerprint, one);
    for (auto& [fingerprint, entry] : m_entries)
        acknowledge(entry.booked);
}

void AlertBook::acknowledge(BookedAlert& booked) const
{
    booked.acknowledged.reset();
    const auto [begin, end] = m_acknowledgements.equal_range(booked.alert.fingerprint);
    for (auto it = begin; it != end; ++it)
        if (it->second.at >= booked.firingSince && (!booked.acknowledged || it->second.at > booked.acknowledged->at))
            booked.acknowledged = it->second;
}

void AlertBook::forget(qint64 now)
{
    std::vector<std::pair<qint64, QString>> resolved;
    for (const auto& [fingerprint, entry] : m_entries)
        if (!entry.booked.firing)
            resolved.emplace_back(entry.booked.resolvedAt, fingerprint);
    std::ranges::sort(resolved);
    const std::size_t beyond = resolved.size() - std::min(resolved.size(), m_options.resolvedKept);
    for (std::size_t i = 0; i < resolved.size(); ++i)
        if (i < beyond || now - resolved[i].first > m_options.resolvedKeptMs)
            m_entries.erase(resolved[i].second);
}

std::vector<const BookedAlert*> AlertBook::alerts() const
{
    std::vector<const BookedAlert*> out;
    out.reserve(m_entries.size());
    for (const auto& [fingerprint, entry] : m_entries)
        out.push_back(&entry.booked);
    const auto order = [](const BookedAlert* one) {
        return std::tuple(!one->firing, one->firing ? int(one->alert.state) : 0,
                          one->firing ? one->firingSince : -one->resolvedAt, one->alert.fingerprint);
    };
    std::ranges::sort(out, {}, order);
    return out;
}

const BookedAlert* AlertBook::find(const QString& fingerprint) const
{
    const auto known = m_entries.find(fingerprint);
    return known == m_entries.end() ? nullptr : &known->second.booked;
}

std::vector<AlertEvent> AlertBook::history(const QString& fingerprint) const
{
    const auto known = m_entries.find(fingerprint);
    if (known == m_entries.end())
        return {};
    std::vector<AlertEvent> out = known->second.events;
    const auto [begin, end] = m_acknowledgements.equal_range(fingerprint);
    for (auto it = begin; it != end; ++it) {
        const auto later = std::ranges::find_if(out, [&](const AlertEvent& one) { return one.at > it->second.at; });
        out.insert(later, {AlertEvent::Kind::Acknowledged, it->second.at, {it->second.by}});
    }
    return out;
}

QStringList AlertBook::remarks() const
{
    QStringList out;
    std::size_t away = 0;
    for (const auto& [name, replica] : m_replicas) {
        if (!replica.awaySince)
            continue;
        ++away;
        out << (replica.heardAt ? Texts::tr("%1 is away, and what it said before may have changed: %2")
                                : Texts::tr("%1 has not been heard yet: %2"))
                   .arg(name, replica.problem);
    }
    if (away && away == m_replicas.size())
        out.prepend(Texts::tr("No replica of Alertmanager answers: what is shown is what they said last."));
    return out;
}

QString AlertBook::wordsText(const BookedAlert& alert) const
{
    QStringList out;
    for (const auto& [replica, word] : alert.words) {
        const QString said = word.alert ? managedStateName(word.alert->state) : Texts::tr("not known");
        out << (isAway(replica) ? Texts::tr("%1: %2 (away)") : Texts::tr("%1: %2")).arg(replica, said);
    }
    return out.join(", "_L1);
}

} // namespace wk::monitoring
