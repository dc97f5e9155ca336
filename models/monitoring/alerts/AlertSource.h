// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "monitoring/alerts/AlertBook.h"
#include "monitoring/alerts/FindAlertmanager.h"
#include "monitoring/alerts/ServicePods.h"

namespace wk::monitoring {

/// The alerts and silences of one place, from all replicas of its Alertmanager: looked for when they are first wanted,
/// asked again every few seconds as long as somebody watches. Behind a service inside a cluster each pod is asked by
/// itself, where that is allowed; pods that come and go are looked for again. On the GUI thread, never waiting; a
/// thread of its own asks and decodes. Reads only.
class AlertSource final : public QObject
{
    Q_OBJECT
public:
    enum class State { Idle, Looking, Found, Failed };

    struct Places
    {
        AlertmanagerFinder::Places where;
        /// How the API server is reached, for a service behind it; may give null.
        std::function<std::shared_ptr<const platform::ResolvedContext>()> context;
    };
    struct Options
    {
        qint64 everyMs = 5'000;   ///< from one answer to the next question
        qint64 silenceMs = 8'000; ///< a replica that says nothing for so long counts as away
        qint64 podsMs = 60'000;   ///< from one look for the pods of a service to the next
    };

    /// `clock` outlives it.
    AlertSource(Places places, Clock& clock, Options options, QObject* parent = nullptr);
    AlertSource(Places places, Clock& clock, QObject* parent = nullptr)
        : AlertSource(std::move(places), clock, Options(), parent)
    {
    }
    ~AlertSource() override;

    /// Close: every `everyMs`, for who reads the alerts themselves; Calm: `calmFactor` times as seldom, for who counts.
    enum class Pace { Close, Calm };
    static constexpr int calmFactor = 3;
    /// As long as one of these is held, it looks and asks.
    [[nodiscard]] std::shared_ptr<void> watch(Pace pace = Pace::Close);
    /// At once, whatever is due; after a failure to find it: looks again.
    void askNow();

    [[nodiscard]] State state() const { return m_state; }
    /// Why it was not found.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// "127.0.0.1:9093, 127.0.0.1:9094"
    [[nodiscard]] QString name() const;
    /// Why it is that one, and which others there are.
    [[nodiscard]] QString reason() const
    {
        return m_podsReason.isEmpty() ? m_reason : m_reason + QStringLiteral("; ") + m_podsReason;
    }
    [[nodiscard]] const std::vector<ServerAddress>& replicas() const { return m_replicas; }

    [[nodiscard]] const AlertBook& book() const { return m_book; }
    /// Of all replicas that answer, each once, as the one says it that heard of it last; those that run end first,
    /// then those to come, then the expired ones, the latest first.
    [[nodiscard]] const std::vector<Silence>& silences() const { return m_silences; }
    [[nodiscard]] const Silence* silence(const QString& id) const;
    /// As the first replica that answers groups them.
    [[nodiscard]] const std::vector<AlertGroup>& groups() const { return m_groups; }
    [[nodiscard]] const QStringList& receivers() const { return m_receivers; }
    /// When a replica last answered, ms since the epoch; 0: none has yet.
    [[nodiscard]] qint64 heardAt() const;
    /// No replica answers.
    [[nodiscard]] bool isStale() const;
    /// The alerts that fire, as a silence is tried on them.
    [[nodiscard]] std::vector<ManagedAlert> firing() const;

    /// All there are: see AlertBook.
    void setAcknowledgements(const std::vector<Acknowledgement>& acknowledgements);

signals:
    void changed();

private:
    class Worker;
    struct Word;

    void look();
    void take(Result<FoundAlertmanagers> found);
    void takePods(const ServicePods& found);
    void lookForPods();
    void replace(std::vector<ServerAddress> replicas);
    void ask(std::size_t replica);
    void hear(const QString& key, Word word);
    void gather();
    [[nodiscard]] std::optional<std::size_t> placeOf(const QString& key) const;
    void set(State state);
    [[nodiscard]] bool isWatched() const;
    [[nodiscard]] qint64 pauseMs() const;

    Places m_places;
    Clock& m_clock;
    const Options m_options;
    State m_state = State::Idle;
    std::unique_ptr<AlertmanagerFinder> m_finder;
    std::optional<Error> m_error;
    QString m_reason, m_podsReason;
    std::vector<ServerAddress> m_replicas;
    std::optional<ServerAddress> m_service; ///< inside a cluster: its pods are the replicas
    std::unique_ptr<ServicePodsFinder> m_podsFinder;
    std::shared_ptr<void> m_podsTimer;
    std::array<std::weak_ptr<void>, 2> m_watched; ///< by pace
    std::shared_ptr<void> m_timer;
    /// Each replica is asked by itself: one that says nothing does not hold up the others.
    struct Turn
    {
        bool asking = false;
        std::shared_ptr<void> timer;
    };
    std::vector<Turn> m_turns;

    AlertBook m_book;
    struct Said
    {
        std::vector<Silence> silences;
        std::vector<AlertGroup> groups;
        QStringList receivers;
        bool answers = false;
    };
    std::vector<Said> m_said; ///< by replica
    std::vector<Silence> m_silences;
    std::vector<AlertGroup> m_groups;
    QStringList m_receivers;

    std::shared_ptr<ReceiverLink> m_link;
    std::shared_ptr<Worker> m_worker;
    std::unique_ptr<BackgroundThread> m_thread; ///< ends first
};

} // namespace wk::monitoring
