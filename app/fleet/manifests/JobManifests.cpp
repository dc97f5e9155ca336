// SPDX-License-Identifier: GPL-3.0-or-later
// Cron jobs and the jobs they start.
#include "fleet/manifests/Manifests.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject jobSpec(const CronSpec& spec)
{
    const QJsonObject container{{u"name"_s, u"job"_s},
                                {u"image"_s, spec.image},
                                {u"resources"_s, QJsonObject()},
                                {u"command"_s, QJsonArray{u"/bin/sh"_s, u"-c"_s, spec.command}}};
    return {{u"backoffLimit"_s, 2},
            {u"completions"_s, 1},
            {u"parallelism"_s, 1},
            {u"completionMode"_s, u"NonIndexed"_s},
            {u"template"_s, QJsonObject{{u"metadata"_s, QJsonObject()},
                                        {u"spec"_s, QJsonObject{{u"containers"_s, QJsonArray{container}},
                                                                {u"restartPolicy"_s, u"Never"_s},
                                                                {u"dnsPolicy"_s, u"ClusterFirst"_s},
                                                                {u"terminationGracePeriodSeconds"_s, 30}}}}}};
}

} // namespace

QJsonObject cronJobManifest(const Cluster& c, const CronJob& cron)
{
    QJsonObject o = kindObject(u"batch/v1"_s, u"CronJob"_s);
    QJsonObject m =
        metadataFor(c, u"CronJob"_s, cron.spec.space, cron.spec.name, cron.createdMs, {{u"app"_s, cron.spec.name}});
    m[u"uid"_s] = cron.uid;
    m[u"generation"_s] = 1;
    o[u"metadata"_s] = m;
    o[u"spec"_s] =
        QJsonObject{{u"schedule"_s, cron.spec.schedule},
                    {u"suspend"_s, cron.spec.suspended},
                    {u"concurrencyPolicy"_s, u"Forbid"_s},
                    {u"successfulJobsHistoryLimit"_s, 3},
                    {u"failedJobsHistoryLimit"_s, 1},
                    {u"jobTemplate"_s, QJsonObject{{u"metadata"_s, QJsonObject()}, {u"spec"_s, jobSpec(cron.spec)}}}};
    QJsonObject status;
    if (cron.lastScheduleMs > 0)
        status[u"lastScheduleTime"_s] = timeText(cron.lastScheduleMs);
    if (cron.lastSuccessMs > 0)
        status[u"lastSuccessfulTime"_s] = timeText(cron.lastSuccessMs);
    QJsonArray active;
    for (const int id : cron.jobs)
        if (const auto it = c.jobs.find(id); it != c.jobs.end() && it->second.finishedMs == 0)
            active.append(QJsonObject{{u"apiVersion"_s, u"batch/v1"_s},
                                      {u"kind"_s, u"Job"_s},
                                      {u"name"_s, it->second.name},
                                      {u"namespace"_s, it->second.space},
                                      {u"uid"_s, it->second.uid}});
    if (!active.isEmpty())
        status[u"active"_s] = active;
    o[u"status"_s] = status;
    return o;
}

QJsonObject jobManifest(const Cluster& c, const Job& job)
{
    QJsonObject o = kindObject(u"batch/v1"_s, u"Job"_s);
    const QJsonObject labels{{u"batch.kubernetes.io/controller-uid"_s, job.uid},
                             {u"batch.kubernetes.io/job-name"_s, job.name},
                             {u"job-name"_s, job.name}};
    QJsonObject m = metadataFor(c, u"Job"_s, job.space, job.name, job.createdMs, labels);
    m[u"uid"_s] = job.uid;
    m[u"generation"_s] = 1;
    CronSpec spec;
    if (job.cron >= 0) {
        const CronJob& cron = c.crons[std::size_t(job.cron)];
        spec = cron.spec;
        m[u"ownerReferences"_s] = QJsonArray{ownerReference(u"batch/v1"_s, u"CronJob"_s, cron.spec.name, cron.uid)};
    }
    o[u"metadata"_s] = m;
    QJsonObject body = jobSpec(spec);
    body[u"suspend"_s] = false;
    body[u"selector"_s] =
        QJsonObject{{u"matchLabels"_s, QJsonObject{{u"batch.kubernetes.io/controller-uid"_s, job.uid}}}};
    o[u"spec"_s] = body;
    QJsonObject status{{u"startTime"_s, timeText(job.createdMs)}};
    if (job.finishedMs == 0) {
        status[u"active"_s] = 1;
        status[u"ready"_s] = 1;
    } else {
        const QString type = job.failed ? u"Failed"_s : u"Complete"_s;
        QJsonObject done{{u"type"_s, type},
                         {u"status"_s, u"True"_s},
                         {u"lastProbeTime"_s, timeText(job.finishedMs)},
                         {u"lastTransitionTime"_s, timeText(job.finishedMs)}};
        if (job.failed) {
            done[u"reason"_s] = u"BackoffLimitExceeded"_s;
            done[u"message"_s] = u"Job has reached the specified backoff limit"_s;
            status[u"failed"_s] = 1;
        } else {
            status[u"succeeded"_s] = 1;
            status[u"completionTime"_s] = timeText(job.finishedMs);
        }
        status[u"ready"_s] = 0;
        status[u"conditions"_s] = QJsonArray{done};
    }
    o[u"status"_s] = status;
    return o;
}

} // namespace wk::fleet
