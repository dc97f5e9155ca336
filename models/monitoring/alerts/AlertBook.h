// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertmanagerFacts.h"

#include <map>
#include <optional>

namespace wk::monitoring {

/// Somebody has seen the alert. Kept by the caller, and handed to the book.
struct Acknowledgement
{
    QString fingerprint, by, note;
    qint64 at = 0; ///< ms since the epoch
    bool operator==(const Acknowledgement&) const = default;
};

/// Something that happened to an alert.
struct AlertEvent
{
    enum class Kind { Firing, Silenced, Inhibited, Told, Resolved, Acknowledged };
    Kind kind = Kind::Firing; ///< Told: no longer silenced or inhibited, and firing on
    qint64 at = 0;            ///< ms: of Firing what the server said, of the others when it was heard of
    QStringList by;           ///< ids of silences, fingerprints of the inhibiting alerts, the name of who acknowledged
    bool operator==(const AlertEvent&) const = default;
};

/// An alert as all replicas together see it.
struct BookedAlert
{
    /// What one replica said last.
    struct Word
    {
        std::optional<ManagedAlert> alert; ///< none: that it knows of no such alert
        qint64 at = 0;                     ///< when
        bool knew = false;                 ///< it has had the alert at some time
    };
    ManagedAlert alert; ///< in the worst state that a replica says, by the replica that heard of it last
    bool firing = true;
    bool stale = false;    ///< only replicas that are away have ever said it
    bool disputed = false; ///< replicas that answer say different things
    qint64 firingSince = 0;
    qint64 heardFiring = 0;                      ///< when a replica last said that it fires
    qint64 resolvedAt = 0;                       ///< when it was found to be gone; 0: firing
    std::map<QString, Word> words;               ///< by replica
    std::optional<Acknowledgement> acknowledged; ///< since it fires
};

/// The alerts of one platform, from all replicas of its Alertmanager, with their past. Replicas share silences but not
/// alerts: each has what Prometheus sent it, so that one that has just started knows less.
///
/// An alert is known by its fingerprint. Its state is the worst that a replica which answers says: active before
/// unprocessed before suppressed before resolved, since a silence that one replica does not know does not keep it from
/// telling people. What a replica said that is away counts only where no other one has known the alert.
class AlertBook
{
public:
    struct Options
    {
        std::size_t eventsEach = 200;     ///< of one alert; the oldest go first
        std::size_t resolvedKept = 5'000; ///< alerts; those resolved longest ago go first
        qint64 resolvedKeptMs = 7LL * 86'400'000;
    };
    struct Replica
    {
        qint64 heardAt = 0;   ///< its last answer; 0: none yet
        qint64 awaySince = 0; ///< when it first failed; 0: it answers
        QString problem;      ///< the error's sentence
    };

    AlertBook() = default;
    explicit AlertBook(Options options) : m_options(options) {}

    /// All alerts that `replica` has at `now`; times do not go back.
    void heard(const QString& replica, const std::vector<ManagedAlert>& alerts, qint64 now);
    void away(const QString& replica, const Error& error, qint64 now);
    /// It is no longer one of them: what it said is taken out.
    void leave(const QString& replica, qint64 now);
    /// All there are; one from before the alert fired again does not count any more.
    void setAcknowledgements(const std::vector<Acknowledgement>& acknowledgements);

    /// Firing ones first, the worst and oldest of them first; then the resolved, the latest first.
    [[nodiscard]] std::vector<const BookedAlert*> alerts() const;
    [[nodiscard]] const BookedAlert* find(const QString& fingerprint) const;
    /// Oldest first, acknowledgements among them.
    [[nodiscard]] std::vector<AlertEvent> history(const QString& fingerprint) const;

    [[nodiscard]] const std::map<QString, Replica>& replicas() const { return m_replicas; }
    /// What has to be said with the alerts: a sentence for each replica that is away.
    [[nodiscard]] QStringList remarks() const;
    /// "am-0: active, am-1: suppressed, am-2: not known (away)".
    [[nodiscard]] QString wordsText(const BookedAlert& alert) const;

private:
    struct Entry
    {
        BookedAlert booked;
        std::vector<AlertEvent> events;
    };
    void judge(Entry& entry, qint64 now);
    void note(Entry& entry, AlertEvent event) const;
    void noteChange(Entry& entry, const BookedAlert& before, bool isNew, qint64 now) const;
    void acknowledge(BookedAlert& booked) const;
    void forget(qint64 now);
    [[nodiscard]] bool isAway(const QString& replica) const;

    Options m_options;
    std::map<QString, Replica> m_replicas;
    std::map<QString, Entry> m_entries; ///< by fingerprint
    std::multimap<QString, Acknowledgement> m_acknowledgements;
};

} // namespace wk::monitoring
