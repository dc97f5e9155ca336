// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::fleet {

/// One scripted disturbance.
struct Fault
{
    enum class Kind {
        Crash,        ///< pods of a workload exit with 1 soon after they start
        Oom,          ///< pods leak until they are killed
        ImagePull,    ///< a rollout to a tag that no registry has
        BadRollout,   ///< a rollout whose pods never become ready
        Rollout,      ///< a good rollout to a tag
        Restart,      ///< kubectl rollout restart
        Scale,        ///< to `replicas`
        ClaimPending, ///< a StatefulSet grows by one whose volume is never provisioned
        NodeLost,     ///< a node's kubelet falls silent
        NodePressure, ///< a node reports memory pressure
        Stuck,        ///< a pod is deleted and a finalizer keeps it
        Surge,        ///< a workload's traffic is multiplied by `factor`
        LogBurst,     ///< each container of a workload writes `lines` lines over the duration
    };
    Kind kind = Kind::Crash;
    QString cluster;
    QString space;
    QString name;          ///< workload, or node
    qint64 atMs = 0;       ///< relative to the start of serving; negative: during the warm-up
    qint64 durationMs = 0; ///< after which it is healed; 0: it stays
    int pods = 1;
    int replicas = 0;
    double factor = 3;
    QString tag = {};
    int lines = 10'000;
};

/// The demo's own script: something in every cluster at once, something new within the first minute, recoveries later.
[[nodiscard]] QList<Fault> defaultFaults();

/// Reads a script. YAML (so JSON, too): a list of maps
///   - {at: 20s, cluster: tchat, fault: crash, target: tchat/payment-service, for: 5m, pods: 1}
/// `at` may be negative ("-40m"). Faults: crash, oom, image-pull, bad-rollout, rollout, restart, scale, claim-pending,
/// node-lost, node-pressure, stuck, surge, log-burst. The target of a node fault is the node's name. All mistakes are
/// reported at once.
[[nodiscard]] Result<QList<Fault>> parseFaults(const QByteArray& yaml, const QString& fileName);

} // namespace wk::fleet
