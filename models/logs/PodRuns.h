// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::logs {

/// One container of a pod, and the run of it that goes on or ended last.
struct ContainerRun
{
    enum class Sort { Init, App, Ephemeral };
    QString container;
    Sort sort = Sort::App;
    QString id; ///< names the run: the runtime's containerID; empty where none has begun
    bool running = false;
    int restarts = 0;
    QString previousId; ///< of the run before; empty where there was none, or where it is forgotten
    QString ending;     ///< how the run ended, in words ("OOMKilled, exit code 137"); empty while it runs
    QString previousEnding;
};

/// What a pod says of the runs of its containers.
struct PodRuns
{
    QString uid;
    QString job, jobUid; ///< the job that made it; empty where none did
    QList<ContainerRun> runs;

    [[nodiscard]] const ContainerRun* find(const QString& container) const;
};

/// Reads a Pod object (JSON, core/v1).
[[nodiscard]] Result<PodRuns> readPodRuns(const QByteArray& json);

/// Where a run can be read, as the kubelet has it: only the last two runs of a container are kept.
enum class RunPlace {
    Running,  ///< goes on
    Ended,    ///< the last one, and over
    Previous, ///< another one has begun since (previous=true)
    Lost,     ///< two others have begun since
};
[[nodiscard]] RunPlace placeOf(const ContainerRun* now, const QString& id);

} // namespace wk::logs
