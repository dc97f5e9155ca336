// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/Guest.h"
#include "cluster/connection/Reflector.h"
#include "logs/LogTarget.h"

#include <QtCore/QHash>
#include <QtCore/QObject>

namespace wk::logs {

/// The logs of all the pods that a target chooses, for as long as it lives: follows the pods, and reads each run of
/// each container once, those that begin later from their first line. On the thread of a connection, as its guest.
class LogFeed final : public QObject, public cluster::Guest, public cluster::ReflectorSink
{
    Q_OBJECT
public:
    /// Called on the feed's thread.
    struct Events
    {
        /// See LogReader::Events.
        std::function<void(LogBatch&& batch, std::function<void()> stored)> lines;
        std::function<void(LogState)> state;
    };

    /// The references outlive the feed.
    LogFeed(LogTarget target, LogWish wish, net::Transport& transport, Clock& clock, const Random& random,
            Events events);
    ~LogFeed() override;

    void reopen() override;

private:
    struct PodEntry;
    struct RunEntry;

    void listBegan(bool initial) override;
    void listed(cluster::Decoded&& object) override;
    void listEnded() override;
    void listFailed() override;
    void changed(cluster::WatchEvent::Type type, cluster::Decoded&& object) override;
    void statusChanged() override;

    void see(const cluster::Decoded& object);
    void lookAt(const QString& key);
    void onLooked(const QString& key, const Result<net::Response>& answer);
    /// Reads the pod's runs where its job is one of the target's cron job; asks whose job it is where that is not
    /// known.
    void readIfOfCronJob(const QString& key, const PodRuns& runs);
    void onJob(const QString& key, const PodRuns& runs, const Result<net::Response>& answer);
    void readRuns(const PodEntry& pod, const PodRuns& runs);
    void readRun(const PodEntry& pod, const ContainerRun& run, RunPlace place);
    void gone(const QString& key);
    void publishSoon();
    void publish();
    [[nodiscard]] bool isFinished() const;

    LogTarget m_target;
    LogWish m_wish;
    net::Transport& m_transport;
    Clock& m_clock;
    const Random& m_random;
    Events m_events;
    std::map<QString, PodEntry> m_pods;            ///< by "namespace/name"
    std::vector<std::unique_ptr<RunEntry>> m_runs; ///< a source's number is its place
    std::vector<QString> m_listing;                ///< keys of the list that is coming in
    QStringList m_containers;                      ///< see LogState
    QHash<QString, bool> m_jobs;                   ///< by uid: whether it is one of the target's cron job
    std::optional<Error> m_jobError;               ///< why some pods' jobs are not known
    bool m_listed = false;
    bool m_publishing = false;
    std::unique_ptr<cluster::Reflector> m_reflector;
};

} // namespace wk::logs
