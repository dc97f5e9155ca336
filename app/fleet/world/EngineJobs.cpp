// SPDX-License-Identifier: GPL-3.0-or-later
// Cron jobs and the jobs that they make.
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Cron.h"
#include "fleet/world/Engine.h"
#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

void Engine::scheduleCron(int cron)
{
    const qint64 next = nextCronTime(m_cluster.crons[std::size_t(cron)].spec.schedule, m_cluster.nowMs);
    if (next > 0)
        atTime(next, [this, cron] { runCron(cron); });
}

void Engine::runCron(int index)
{
    CronJob& cron = m_cluster.crons[std::size_t(index)];
    if (cron.gone)
        return;
    scheduleCron(index);
    if (cron.spec.suspended || nextCronTime(cron.spec.schedule, m_cluster.nowMs - 60'000) != m_cluster.nowMs)
        return; // or its schedule is another by now
    Job job;
    job.id = m_nextJob++;
    job.cron = index;
    job.space = cron.spec.space;
    // The controller names a job after the scheduled minute.
    job.name = u"%1-%2"_s.arg(cron.spec.name).arg(m_cluster.nowMs / 60'000);
    job.uid = uidFor(m_cluster, u"Job"_s, job.space, job.name);
    job.createdMs = m_cluster.nowMs;
    job.seconds = int(cron.spec.seconds * m_rng.range(0.8, 1.3));
    cron.jobs.push_back(job.id);
    cron.lastScheduleMs = m_cluster.nowMs;
    startJob(job);
    publishStatus(u"cronjobs.batch"_s, cronJobManifest(m_cluster, m_cluster.crons[std::size_t(index)]));
    emitEvent(u"CronJob"_s, u"batch/v1"_s, cron.spec.space, cron.spec.name, cron.uid, false, u"SuccessfulCreate"_s,
              u"Created job "_s + job.name, u"cronjob-controller"_s);
}

void Engine::startJob(Job job)
{
    auto owned = std::make_unique<Pod>();
    Pod& p = *owned;
    p.id = m_nextPod++;
    p.hash = m_rng.next();
    p.space = job.space;
    p.name = job.name + u'-' + safeSuffix(p.hash, 5);
    p.uid = uidFor(m_cluster, u"Pod"_s, p.space, p.name, p.id);
    p.ip = u"10.244.%1.%2"_s.arg((p.id / 250) % 250).arg(p.id % 250 + 2);
    p.job = job.id;
    p.createdMs = m_cluster.nowMs;
    if (job.cron < 0) {
        p.declared = at(job.declared, u"template", u"spec").toObject();
        p.own = containersIn(p.declared, {});
    } else {
        p.own = {ContainerSpec()};
        p.own.first().name = u"job"_s;
        p.own.first().image = m_cluster.crons[std::size_t(job.cron)].spec.image;
    }
    p.containers.resize(std::size_t(p.own.size()));
    for (ContainerStatus& c : p.containers)
        c.reason = u"ContainerCreating"_s;
    job.pod = p.id;
    m_cluster.jobs[job.id] = job;
    m_cluster.pods.emplace(p.id, std::move(owned));
    publishStatus(u"jobs.batch"_s, jobManifest(m_cluster, job));
    publish(p);
    after(m_rng.rangeMs(0.05, 0.3), [this, id = p.id] { schedule(id); });
    after(qint64(job.seconds) * 1000 + 6000, [this, id = job.id] { finishJob(id); });
}

void Engine::finishJob(int id)
{
    const auto it = m_cluster.jobs.find(id);
    if (it == m_cluster.jobs.end())
        return;
    Job& job = it->second;
    // Where nothing disturbs, nothing fails.
    job.failed = m_options.background && m_rng.unit() < 0.01;
    job.finishedMs = m_cluster.nowMs;
    if (Pod* p = pod(job.pod)) {
        ContainerStatus& c = p->containers.front();
        c.phase = ContainerStatus::Phase::Terminated;
        c.reason = job.failed ? u"Error"_s : u"Completed"_s;
        c.exitCode = job.failed ? 1 : 0;
        c.finishedMs = m_cluster.nowMs;
        if (c.startedMs == 0)
            c.startedMs = m_cluster.nowMs;
        c.ready = false;
        p->phase = job.failed ? u"Failed"_s : u"Succeeded"_s;
        setReady(*p, false);
        publish(*p);
    }
    publishStatus(u"jobs.batch"_s, jobManifest(m_cluster, job));
    emitEvent(u"Job"_s, u"batch/v1"_s, job.space, job.name, job.uid, job.failed,
              job.failed ? u"BackoffLimitExceeded"_s : u"Completed"_s,
              job.failed ? u"Job has reached the specified backoff limit"_s : u"Job completed"_s, u"job-controller"_s);
    if (job.cron < 0)
        return; // made by hand: it stays until somebody deletes it
    CronJob& cron = m_cluster.crons[std::size_t(job.cron)];
    if (!job.failed)
        cron.lastSuccessMs = m_cluster.nowMs;
    trimJobs(cron);
    publishStatus(u"cronjobs.batch"_s, cronJobManifest(m_cluster, cron));
}

/// Keeps three successful and one failed job, as the histories in the cron job's spec say.
void Engine::trimJobs(CronJob& cron)
{
    int good = 0, bad = 0;
    std::vector<int> gone;
    for (auto it = cron.jobs.rbegin(); it != cron.jobs.rend(); ++it) {
        const Job& job = m_cluster.jobs.at(*it);
        if (job.finishedMs == 0)
            continue;
        if (job.failed ? ++bad > 1 : ++good > 3)
            gone.push_back(*it);
    }
    for (const int id : gone) {
        const Job job = m_cluster.jobs.at(id);
        std::erase(cron.jobs, id);
        m_store.remove(u"jobs.batch"_s, job.space, job.name);
        removePod(job.pod);
        m_cluster.jobs.erase(id);
    }
}

} // namespace wk::fleet
