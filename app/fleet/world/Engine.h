// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Faults.h"
#include "fleet/world/Model.h"
#include "fleet/world/ObjectStore.h"
#include "fleet/world/Rng.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace wk::fleet {

/// One simulated cluster: scheduler, kubelets, controllers, autoscaler, cron and the scripted faults, driven by a
/// calendar of timers. No sockets, no wall clock: time moves only in advanceTo(), and the same platform, seed, start
/// and script give the same history, event for event, however the calls to advanceTo() are cut.
class Engine
{
public:
    struct Options
    {
        quint64 seed = 1;
        qint64 startMs = 0;             ///< when serving begins, ms since the epoch
        qint64 warmupMs = 100 * 60'000; ///< simulated before that, so that the past has happened
        QList<Fault> faults;            ///< those of other clusters are ignored
        bool background = true;         ///< small things that happen by themselves: restarts, rollouts
        qsizetype history = 10'000;     ///< changes kept per kind
    };

    Engine(PlatformSpec spec, Options options);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Creates the cluster and lives through the warm-up; afterwards nowMs() is the start.
    void bootstrap();
    void advanceTo(qint64 ms);
    [[nodiscard]] qint64 nowMs() const { return m_cluster.nowMs; }

    [[nodiscard]] ObjectStore& store() { return m_store; }
    [[nodiscard]] const ObjectStore& store() const { return m_store; }
    [[nodiscard]] const Cluster& cluster() const { return m_cluster; }

    /// Touches that many running pods a second (restart count and status), as `populate churn` does; 0 ends it.
    void setChurn(double perSecond);
    /// Lets `past` move the clock and the counters through a time before now. Afterwards it is now again; the counters
    /// go on from what they came to.
    void relive(const std::function<void(Cluster&)>& past);
    /// Starts a fault now; its `atMs` is ignored. Fails where the target does not exist.
    [[nodiscard]] Result<void> inject(const Fault& fault);
    /// Stores what a client wrote and lets the controllers see it. Returns the object as it was stored.
    ObjectPtr accept(const QString& resource, QJsonObject json);
    /// Deletes as the garbage collector and the kubelets do: at once, or over the seconds that it takes. `propagation`
    /// is Foreground, Background, Orphan or empty; `graceSeconds` of a pod, negative for its own.
    void discard(const QString& resource, const QString& space, const QString& name, const QString& propagation,
                 qint64 graceSeconds);
    /// Why no budget lets this pod go now; nullopt where all do.
    [[nodiscard]] std::optional<QString> budgetAgainst(const Object& pod) const;
    /// Names in the script that do not exist in this cluster.
    [[nodiscard]] const QStringList& complaints() const { return m_complaints; }

private:
    using Action = std::function<void()>;
    void after(qint64 ms, Action action);
    void atTime(qint64 ms, Action action) { after(ms - m_cluster.nowMs, std::move(action)); }
    void every(qint64 ms, Action action);

    // Engine.cpp
    void createNodes();
    void createWorkloads();
    void createCrons();
    void startClocks();
    void count();
    void publishNode(Node& node);
    void heartbeat(std::size_t node);
    void renewLease(std::size_t node);
    void churnOnce();
    void emitEvent(const QString& kind, const QString& apiVersion, const QString& space, const QString& name,
                   const QString& uid, bool warning, const QString& reason, const QString& message,
                   const QString& component, const QString& host = {});
    void podEvent(const Pod& pod, bool warning, const QString& reason, const QString& message);

    // EnginePods.cpp
    Pod& createPod(int workload, int revision, int ordinal);
    Pod* pod(qint64 id);
    Workload& workloadOf(const Pod& pod) { return m_cluster.workloads[std::size_t(pod.workload)]; }
    [[nodiscard]] PodFault faultOf(const Pod& pod);
    void publish(const Pod& pod);
    void schedule(qint64 id);
    [[nodiscard]] QString chooseNode(const Pod& pod);
    void startContainers(qint64 id);
    void failPull(qint64 id, int attempt);
    void runMain(qint64 id);
    void becomeReady(qint64 id);
    void exitMain(qint64 id, const QString& reason, int code);
    void deletePod(qint64 id, qint64 graceSeconds = 30);
    void removePod(qint64 id);
    void setReady(Pod& pod, bool ready);
    void makeRunningNow(Pod& pod, qint64 sinceMs);

    // EngineControllers.cpp
    void touch(int workload); ///< its status or its pods changed: reconcile soon
    void flush();
    void reconcile(int workload);
    void reconcileDeployment(int workload);
    void reconcileStateful(int workload);
    void reconcileDaemon(int workload);
    void updateProgress(int workload);
    void publishWorkload(int workload);
    void announceScale(const Workload& w, const Revision& r, int from, int to);
    void rollOut(int workload, const QString& tag, PodFault fault, const QString& restartedAt = {});
    void scaleTo(int workload, int replicas);
    void autoscale(int workload);

    // EngineRevisions.cpp
    Revision& addRevision(Workload& w, const QJsonObject& declared, const QString& cause, qint64 createdMs);
    [[nodiscard]] Revision blueprintRevision(const Workload& w, const QString& tag) const;
    void followTemplate(int workload, const QJsonObject& declared, const QString& cause);
    void switchTo(int workload, int revision);
    void pruneHistory(Workload& w);
    void publishRevisions(Workload& w);
    [[nodiscard]] bool imageKnown(const QString& image) const;

    // EngineWrites.cpp
    void adopt(const QString& resource, const QJsonObject& json);
    void adoptWorkload(WorkloadSpec::Kind kind, const QJsonObject& json);
    int addWorkload(WorkloadSpec::Kind kind, const QJsonObject& json);
    void adoptAutoscaler(const QJsonObject& json);
    void adoptNode(const QJsonObject& json);
    void adoptPod(const QJsonObject& json);
    void adoptCron(const QJsonObject& json);
    void adoptJob(const QJsonObject& json);
    void discardWorkload(int workload, const QString& propagation);
    void discardSpace(const QString& space);
    /// Changes a stored object as `manager` and lets the controllers see it.
    void edit(const QString& resource, const QString& space, const QString& name, const QString& manager,
              const std::function<void(QJsonObject&)>& change);
    /// Writes what a controller says of an object, and leaves alone what others said.
    void publishStatus(const QString& resource, const QJsonObject& fresh, const QStringList& annotations = {});
    [[nodiscard]] int findWorkload(const QString& space, const QString& name, WorkloadSpec::Kind kind) const;

    // EngineServices.cpp
    void publishServicesOf(const Workload& w);
    void publishService(const QJsonObject& service);
    void publishBudgetsOf(const Workload& w);
    void publishBudget(const QJsonObject& budget);

    // EngineJobs.cpp
    void scheduleCron(int cron);
    void runCron(int cron);
    void startJob(Job job);
    void finishJob(int job);
    void trimJobs(CronJob& cron);

    // EngineFaults.cpp
    void scheduleFaults();
    void heal(const Fault& fault);
    void spreadFault(int workload);
    void loseNode(const QString& name);
    void markNodeUnknown(const QString& name);
    void evictFrom(const QString& name);
    void returnNode(const QString& name);
    void backgroundStep();
    [[nodiscard]] int findWorkload(const QString& space, const QString& name) const;
    [[nodiscard]] Node* findNode(const QString& name);

    Options m_options;
    Cluster m_cluster;
    ObjectStore m_store;
    Rng m_rng;
    std::map<std::pair<qint64, quint64>, Action> m_calendar;
    quint64 m_order = 0;
    qint64 m_nextPod = 1;
    int m_nextJob = 1;
    std::set<int> m_dirty;
    bool m_flushing = false;
    double m_churn = 0;
    quint64 m_churnEpoch = 0;
    QStringList m_complaints;
    std::vector<qint64> m_loosePods; ///< of no workload and no job
    std::map<QString, int> m_podsOnNode;
    std::map<QString, qint64> m_eventExpiry; ///< "namespace/name" of an Event -> when it goes
};

/// The containers of a pod spec; what `known` tells of a container of the same name stays.
[[nodiscard]] QList<ContainerSpec> containersIn(const QJsonObject& podSpec, const QList<ContainerSpec>& known);

} // namespace wk::fleet
