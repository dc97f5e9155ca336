// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/manifests/Blueprint.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace wk::fleet {

/// The engine's own picture of a cluster, from which manifests and metrics are written. Times are milliseconds since
/// the epoch of the simulated clock; 0 means "not yet".
enum class PodFault { None, Crash, Oom, ImagePull, Unready, Unschedulable, Stuck };

struct ContainerStatus
{
    enum class Phase { Waiting, Running, Terminated };
    Phase phase = Phase::Waiting;
    QString reason;
    QString message;
    qint64 startedMs = 0;
    qint64 finishedMs = 0;
    int exitCode = 0;
    int restarts = 0;
    bool ready = false;

    bool hasLast = false; ///< lastState.terminated
    QString lastReason;
    int lastExit = 0;
    qint64 lastStartedMs = 0;
    qint64 lastFinishedMs = 0;
};

/// Upper bounds of the request duration histogram, seconds.
inline constexpr std::array<double, 12> latencyBounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2.5, 5, 10};

/// Request counters of a workload or of one of its pods, all monotonic.
struct Requests
{
    double ok = 0;
    double clientErrors = 0;
    double serverErrors = 0;
    std::array<double, latencyBounds.size() + 1> buckets{}; ///< cumulative as Prometheus wants them; last is +Inf
    double seconds = 0;
    double rate = 0;       ///< requests a second now
    double errorShare = 0; ///< of them with a 5xx, now
    double p95 = 0;        ///< seconds, now
};

struct Pod
{
    qint64 id = 0;
    quint64 hash = 0;
    QString space;
    QString name;
    QString uid;
    int workload = -1;
    int revision = 0; ///< index into Workload::revisions
    int job = -1;     ///< id of its Job
    int ordinal = -1; ///< StatefulSets
    QString node;
    QString ip;
    qint64 createdMs = 0;
    qint64 scheduledMs = 0;
    qint64 startedMs = 0;
    qint64 deletedMs = 0; ///< when its deletion was asked for
    qint64 graceSeconds = 30;
    QString phase = QStringLiteral("Pending");
    QString unschedulable; ///< why no node takes it
    bool ready = false;
    qint64 readyChangedMs = 0;
    bool nodeLost = false;
    PodFault fault = PodFault::None;
    std::vector<ContainerStatus> containers;
    double cpuSeconds = 0;    ///< integral of its CPU use
    Requests requests;        ///< that it has answered
    QJsonObject declared;     ///< of a pod that nothing generated: the object as it was created
    QList<ContainerSpec> own; ///< of a pod without a workload

    [[nodiscard]] bool live() const { return deletedMs == 0 && phase != u"Succeeded" && phase != u"Failed"; }
};

/// Lines that the containers of a workload write besides, set by a fault: evenly over the time, the same ones always.
struct LogBurst
{
    qint64 fromMs = 0;
    qint64 untilMs = 0;
    int lines = 0; ///< of each container
};

/// A pod that is gone: what it wrote can still be told by who reads its log.
struct DepartedPod
{
    std::unique_ptr<Pod> pod;
    qint64 removedMs = 0;
};

struct Revision
{
    int number = 1;
    QString hash;    ///< pod-template-hash or controller-revision-hash
    QString setName; ///< name of its ReplicaSet
    QString setUid;
    QString tag;
    QString changeCause;
    QString restartedAt;
    qint64 createdMs = 0;
    PodFault fault = PodFault::None;
    int faultContainer = 0;  ///< the one whose image cannot be pulled
    QJsonObject podTemplate; ///< metadata and spec as in a template, with the hash among the labels
    QJsonObject declared;    ///< the same without the hash: what the workload says
    QList<ContainerSpec> containers;
    bool pruned = false; ///< beyond the history limit: its ReplicaSet or ControllerRevision is gone
};

struct Workload
{
    WorkloadSpec spec;
    QString uid;
    qint64 createdMs = 0;
    int desired = 0;
    qint64 generation = 1;
    std::vector<Revision> revisions;
    int current = 0;
    std::vector<qint64> pods; ///< ids, oldest first
    bool gone = false;        ///< deleted; its place stays, because others are numbered after it
    bool paused = false;
    bool recreate = false; ///< strategy Recreate: old pods go before new ones come
    bool onDelete = false; ///< updateStrategy OnDelete
    int partition = 0;     ///< ordinals below it keep their revision
    int historyLimit = 10;
    qint64 deadlineMs = 600'000; ///< progressDeadlineSeconds
    QJsonValue maxSurge = QStringLiteral("25%");
    QJsonValue maxUnavailable = QStringLiteral("25%");
    QJsonObject selector;         ///< matchLabels
    QString autoscaler;           ///< name of the autoscaler that steers it; empty: none
    bool autoscalerClock = false; ///< its fifteen seconds have begun
    /// Pods above and below the wanted number that a rolling update may have.
    [[nodiscard]] int surgePods() const;
    [[nodiscard]] int unavailablePods() const;
    qint64 progressMs = 0; ///< last time a rollout moved
    bool progressFailed = false;
    bool available = true;
    qint64 availableMs = 0;
    qint64 completeMs = 0;
    bool complete = true;
    int podsSeenReady = 0;
    PodFault podFault = PodFault::None; ///< of `faultyPods` of its pods, whichever they are by now
    int faultyPods = 0;
    bool claimsPending = false; ///< no volume is provisioned for new claims, set by a fault
    double surge = 1;           ///< factor on its traffic, set by a fault
    LogBurst logBurst;
    Requests requests;
    double cpuShare = 0; ///< CPU use now, per cent of the requests of its pods
    double memoryShare = 0;

    int hpaCurrent = 0;
    int hpaDesired = 0;
    qint64 hpaScaledMs = 0;
    std::deque<QPair<qint64, int>> hpaWindow; ///< recommendations, for the stabilisation of scaling down
};

struct Node
{
    QString name;
    QString uid;
    QString ip;
    QString role;
    QString instanceType;
    int cpu = 0;
    int memoryGi = 0;
    int number = 0;
    qint64 createdMs = 0;
    qint64 heartbeatMs = 0;
    qint64 changedMs = 0; ///< last transition of Ready
    bool lost = false;    ///< its kubelet is silent
    bool ready = true;
    bool memoryPressure = false;
    bool cordoned = false;
    QJsonArray taints; ///< set by people
    double cpuSeconds = 0;
    double networkBytes = 0;
    double diskBytes = 0;
};

struct Job
{
    int id = 0;
    QString space;
    QString name;
    QString uid;
    int cron = -1;
    qint64 createdMs = 0;
    qint64 finishedMs = 0;
    bool failed = false;
    qint64 pod = 0;
    int seconds = 60;     ///< how long it runs
    QJsonObject declared; ///< of a job that nobody's schedule made
};

struct CronJob
{
    CronSpec spec;
    QString uid;
    qint64 createdMs = 0;
    qint64 lastScheduleMs = 0;
    qint64 lastSuccessMs = 0;
    std::deque<int> jobs; ///< ids, oldest first
    bool gone = false;
};

struct Cluster
{
    PlatformSpec spec;
    quint64 seed = 0;
    qint64 nowMs = 0;
    std::vector<Workload> workloads;
    std::vector<Node> nodes;
    std::vector<CronJob> crons;
    std::map<qint64, std::unique_ptr<Pod>> pods;
    std::deque<DepartedPod> departed; ///< the last ones, oldest first
    std::map<int, Job> jobs;
    double revenue = 0;
    double uploads = 0;
    double cacheHits = 0;
    double cacheMisses = 0;
    double transactions = 0;
    double statementSeconds = 0; ///< that the database spent on statements
    double served = 0;           ///< requests of the whole platform

    [[nodiscard]] const Pod* findPod(const QString& space, const QString& name) const
    {
        for (const auto& [id, pod] : pods)
            if (pod->name == name && pod->space == space)
                return pod.get();
        return nullptr;
    }
    [[nodiscard]] const Node* findNode(const QString& name) const
    {
        for (const Node& n : nodes)
            if (n.name == name)
                return &n;
        return nullptr;
    }
};

/// What runs in a pod.
[[nodiscard]] inline const QList<ContainerSpec>& containersOf(const Cluster& cluster, const Pod& pod)
{
    return pod.workload < 0
               ? pod.own
               : cluster.workloads[std::size_t(pod.workload)].revisions[std::size_t(pod.revision)].containers;
}
/// Its image with the tag.
[[nodiscard]] inline QString imageOf(const ContainerSpec& c)
{
    return c.tag.isEmpty() ? c.image : c.image + u':' + c.tag;
}

} // namespace wk::fleet
