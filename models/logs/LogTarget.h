// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "logs/LogReader.h"
#include "logs/PodRuns.h"

#include <QtCore/QString>

#include <optional>

namespace wk::logs {

/// Whose logs: every pod that the selectors choose, now and later.
struct LogTarget
{
    QString space;
    QByteArray labelSelector;
    QByteArray fieldSelector;
    QString title; ///< "deployment auth-service", for people
    /// Not empty: of those pods only the ones of jobs that this cron job has made.
    QString cronJobUid = {};

    [[nodiscard]] static LogTarget pod(const QString& space, const QString& name);
};

/// The pods of an object, by its own selector (JSON as the server gives it): a pod, whatever has a LabelSelector
/// (Deployment, StatefulSet, DaemonSet, ReplicaSet, Job), a Service or ReplicationController with its map of labels, a
/// CronJob by its jobs, or a Node. Fails in words where a kind has no pods, or a selector chooses none.
[[nodiscard]] Result<LogTarget> targetOf(const QByteArray& object);

/// Which part of their logs.
struct LogWish
{
    QString container; ///< of that name only; empty: all
    bool follow = true;
    bool previous = false;         ///< the run before the present one, of each container; not followed
    std::optional<qint64> sinceNs; ///< of runs that there are at the beginning
    std::optional<qint64> tail;    ///< lines of each container, likewise
    qint64 quietMs = 30'000;       ///< see LogReader
};

/// One run of one container that is or was read.
struct LogSource
{
    quint16 number = 0;
    QString pod;
    QString podUid;
    ContainerRun run;
    bool podGone = false;
    ReaderState reader;

    bool operator==(const LogSource& o) const
    {
        return number == o.number && podGone == o.podGone && run.running == o.run.running &&
               run.ending == o.run.ending && reader == o.reader;
    }
};

/// What is known of a log as a whole.
struct LogState
{
    bool listed = false;        ///< the pods are known
    bool finished = false;      ///< nothing more will come: everything was read, and nothing is followed
    std::optional<Error> error; ///< why the pods are not followed
    std::vector<LogSource> sources;
    QStringList containers; ///< of all its pods, also those that are not read
};

/// Kinds whose objects targetOf() understands, by id: "pods", "deployments.apps", …
[[nodiscard]] bool hasLogs(const QString& kindId);

} // namespace wk::logs
