// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"
#include "fleet/world/Rng.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonObject condition(const QString& type, bool status, qint64 since, const QString& reason = {},
                      const QString& message = {})
{
    QJsonObject c{{u"type"_s, type},
                  {u"status"_s, status ? u"True"_s : u"False"_s},
                  {u"lastProbeTime"_s, QJsonValue::Null},
                  {u"lastTransitionTime"_s, timeText(since)}};
    if (!reason.isEmpty())
        c[u"reason"_s] = reason;
    if (!message.isEmpty())
        c[u"message"_s] = message;
    return c;
}

QJsonObject probe(const ContainerSpec& s, const QString& path, int delay)
{
    QJsonObject p{{u"initialDelaySeconds"_s, delay},
                  {u"timeoutSeconds"_s, 2},
                  {u"periodSeconds"_s, 10},
                  {u"successThreshold"_s, 1},
                  {u"failureThreshold"_s, 3}};
    if (path.isEmpty())
        p[u"tcpSocket"_s] = QJsonObject{{u"port"_s, s.port}};
    else
        p[u"httpGet"_s] = QJsonObject{{u"path"_s, path}, {u"port"_s, s.port}, {u"scheme"_s, u"HTTP"_s}};
    return p;
}

QJsonArray environment(const Cluster& cluster, const Workload& w, const ContainerSpec& s)
{
    const auto value = [](const QString& name, const QString& v) {
        return QJsonObject{{u"name"_s, name}, {u"value"_s, v}};
    };
    QJsonArray env{
        value(u"SERVICE_NAME"_s, w.spec.name),
        value(u"PLATFORM"_s, cluster.spec.id),
        value(u"LOG_LEVEL"_s, u"info"_s),
        value(u"PORT"_s, QString::number(s.port)),
        value(u"OTEL_EXPORTER_OTLP_ENDPOINT"_s, u"http://otel-collector.monitoring:4317"_s),
        QJsonObject{{u"name"_s, u"POD_NAME"_s},
                    {u"valueFrom"_s, QJsonObject{{u"fieldRef"_s, QJsonObject{{u"apiVersion"_s, u"v1"_s},
                                                                             {u"fieldPath"_s, u"metadata.name"_s}}}}}}};
    if (s.runtime == u"go") {
        env.append(value(u"GOGC"_s, u"100"_s));
        env.append(value(u"GOMAXPROCS"_s, u"2"_s));
    } else if (s.runtime == u"node") {
        env.append(value(u"NODE_ENV"_s, u"production"_s));
        env.append(value(u"NODE_OPTIONS"_s, u"--max-old-space-size=768"_s));
    } else if (s.runtime == u"python") {
        env.append(value(u"PYTHONUNBUFFERED"_s, u"1"_s));
        env.append(value(u"CACHE_ENABLED"_s, u"true"_s));
    }
    if (w.spec.space.startsWith(u"load-"))
        for (int i = 0; i < 24; ++i)
            env.append(value(u"SETTING_%1"_s.arg(i, 2, 10, QLatin1Char('0')),
                             u"value-%1-%2-xxxxxxxxxxxxxxxxxxxxxxxx"_s.arg(w.spec.name).arg(i)));
    for (const SecretSpec& secret : cluster.spec.secrets)
        if (secret.space == w.spec.space && secret.type == u"Opaque" && secret.keys.contains(u"password"_s))
            env.append(QJsonObject{
                {u"name"_s, u"DATABASE_PASSWORD"_s},
                {u"valueFrom"_s,
                 QJsonObject{{u"secretKeyRef"_s, QJsonObject{{u"name"_s, secret.name}, {u"key"_s, u"password"_s}}}}}});
    return env;
}

QJsonObject containerTemplate(const Cluster& cluster, const Workload& w, const Revision& revision, int index)
{
    const ContainerSpec& s = w.spec.containers.at(index);
    const QString tag = index == 0 ? revision.tag : s.tag;
    QJsonArray mounts;
    if (w.spec.storageGi > 0 && index == 0)
        mounts.append(QJsonObject{{u"name"_s, u"data"_s}, {u"mountPath"_s, u"/var/lib/"_s + s.name}});
    for (const ConfigMapSpec& m : cluster.spec.configMaps)
        if (m.space == w.spec.space && index == 0)
            mounts.append(
                QJsonObject{{u"name"_s, m.name}, {u"mountPath"_s, u"/etc/"_s + m.name}, {u"readOnly"_s, true}});
    mounts.append(QJsonObject{{u"name"_s, u"kube-api-access"_s},
                              {u"readOnly"_s, true},
                              {u"mountPath"_s, u"/var/run/secrets/kubernetes.io/serviceaccount"_s}});
    QJsonObject c{
        {u"name"_s, s.name},
        {u"image"_s, s.image + u':' + tag},
        {u"env"_s, environment(cluster, w, s)},
        {u"resources"_s, QJsonObject{{u"requests"_s, QJsonObject{{u"cpu"_s, u"%1m"_s.arg(s.cpuRequest)},
                                                                 {u"memory"_s, u"%1Mi"_s.arg(s.memoryRequest)}}},
                                     {u"limits"_s, QJsonObject{{u"cpu"_s, u"%1m"_s.arg(s.cpuLimit)},
                                                               {u"memory"_s, u"%1Mi"_s.arg(s.memoryLimit)}}}}},
        {u"volumeMounts"_s, mounts},
        {u"terminationMessagePath"_s, u"/dev/termination-log"_s},
        {u"terminationMessagePolicy"_s, u"File"_s},
        {u"imagePullPolicy"_s, tag == u"latest" ? u"Always"_s : u"IfNotPresent"_s}};
    if (s.port > 0) {
        c[u"ports"_s] =
            QJsonArray{QJsonObject{{u"name"_s, u"main"_s}, {u"containerPort"_s, s.port}, {u"protocol"_s, u"TCP"_s}}};
        c[u"livenessProbe"_s] = probe(s, s.livePath, 15);
        c[u"readinessProbe"_s] = probe(s, s.readyPath.isEmpty() ? s.livePath : s.readyPath, 5);
    }
    if (s.runtime == u"go" || s.runtime == u"node" || s.runtime == u"python")
        c[u"securityContext"_s] = json(R"({'allowPrivilegeEscalation':false,'runAsNonRoot':true,'runAsUser':10001})");
    return c;
}

QJsonObject containerState(const ContainerStatus& s, const QString& containerId)
{
    switch (s.phase) {
    case ContainerStatus::Phase::Running: return {{u"running"_s, QJsonObject{{u"startedAt"_s, timeText(s.startedMs)}}}};
    case ContainerStatus::Phase::Terminated:
        return {{u"terminated"_s, QJsonObject{{u"exitCode"_s, s.exitCode},
                                              {u"reason"_s, s.reason},
                                              {u"startedAt"_s, timeText(s.startedMs)},
                                              {u"finishedAt"_s, timeText(s.finishedMs)},
                                              {u"containerID"_s, containerId}}}};
    case ContainerStatus::Phase::Waiting: break;
    }
    QJsonObject waiting{{u"reason"_s, s.reason}};
    if (!s.message.isEmpty())
        waiting[u"message"_s] = s.message;
    return {{u"waiting"_s, waiting}};
}

QJsonObject containerStatus(const Pod& pod, int index, const QString& name, const QString& image)
{
    const ContainerStatus& s = pod.containers[std::size_t(index)];
    const auto id = [&](int run) {
        return u"containerd://"_s + hexDigits(mix64(pod.hash ^ quint64(index * 100'003 + run)), 64);
    };
    const bool running = s.phase == ContainerStatus::Phase::Running;
    // Between two runs the last one is the one that was counted.
    const int lastRun = s.phase == ContainerStatus::Phase::Waiting ? s.restarts : s.restarts - 1;
    QJsonObject o{{u"name"_s, name},
                  {u"image"_s, image},
                  {u"ready"_s, s.ready},
                  {u"started"_s, running},
                  {u"restartCount"_s, s.restarts},
                  {u"state"_s, containerState(s, id(s.restarts))},
                  {u"lastState"_s, QJsonObject()},
                  {u"imageID"_s, s.startedMs > 0
                                     ? image.section(u':', 0, 0) + u"@sha256:"_s + hexDigits(hash64(image), 64)
                                     : QString()}};
    if (s.startedMs > 0)
        o[u"containerID"_s] = id(s.restarts);
    if (s.hasLast)
        o[u"lastState"_s] = QJsonObject{{u"terminated"_s, QJsonObject{{u"exitCode"_s, s.lastExit},
                                                                      {u"reason"_s, s.lastReason},
                                                                      {u"startedAt"_s, timeText(s.lastStartedMs)},
                                                                      {u"finishedAt"_s, timeText(s.lastFinishedMs)},
                                                                      {u"containerID"_s, id(lastRun)}}}};
    return o;
}

QJsonArray conditions(const Pod& pod, const QStringList& names)
{
    if (pod.scheduledMs == 0)
        return {condition(u"PodScheduled"_s, false, pod.createdMs, u"Unschedulable"_s,
                          pod.unschedulable.isEmpty() ? u"no node has been chosen yet"_s : pod.unschedulable)};
    const bool done = pod.phase == u"Succeeded" || pod.phase == u"Failed";
    QStringList unready;
    for (std::size_t i = 0; i < pod.containers.size(); ++i)
        if (!pod.containers[i].ready)
            unready.append(names.value(qsizetype(i)));
    // The node controller turns Ready to False and says no more; the containers' own states stay as they were last
    // seen.
    const bool silent = pod.ready || pod.nodeLost;
    const QString reason = silent ? QString() : done ? u"PodCompleted"_s : u"ContainersNotReady"_s;
    const QString message =
        silent || done ? QString() : u"containers with unready status: [%1]"_s.arg(unready.join(u' '));
    const qint64 since = pod.readyChangedMs > 0 ? pod.readyChangedMs : pod.scheduledMs;
    return {condition(u"PodReadyToStartContainers"_s, pod.startedMs > 0 && !done, pod.scheduledMs),
            condition(u"Initialized"_s, true, pod.scheduledMs, done ? u"PodCompleted"_s : QString()),
            condition(u"Ready"_s, pod.ready, since, reason, message),
            condition(u"ContainersReady"_s, pod.ready || pod.nodeLost, since, reason, message),
            condition(u"PodScheduled"_s, true, pod.scheduledMs)};
}

QJsonObject jobPodSpec(const Cluster& cluster, const Pod& pod)
{
    const auto job = cluster.jobs.find(pod.job);
    const CronSpec spec = job != cluster.jobs.end() && job->second.cron >= 0
                              ? cluster.crons[std::size_t(job->second.cron)].spec
                              : CronSpec();
    return {{u"containers"_s, QJsonArray{QJsonObject{{u"name"_s, u"job"_s},
                                                     {u"image"_s, spec.image},
                                                     {u"command"_s, QJsonArray{u"/bin/sh"_s, u"-c"_s, spec.command}},
                                                     {u"resources"_s, QJsonObject()},
                                                     {u"imagePullPolicy"_s, u"IfNotPresent"_s}}}},
            {u"restartPolicy"_s, u"Never"_s},
            {u"terminationGracePeriodSeconds"_s, 30},
            {u"dnsPolicy"_s, u"ClusterFirst"_s},
            {u"serviceAccountName"_s, u"default"_s},
            {u"schedulerName"_s, u"default-scheduler"_s}};
}

QString qosClass(const QList<ContainerSpec>& containers)
{
    for (const ContainerSpec& s : containers)
        if (s.cpuRequest != s.cpuLimit || s.memoryRequest != s.memoryLimit)
            return u"Burstable"_s;
    return u"Guaranteed"_s;
}

QJsonObject podMetadata(const Cluster& cluster, const Pod& pod)
{
    QJsonObject m{{u"name"_s, pod.name},
                  {u"namespace"_s, pod.space},
                  {u"uid"_s, pod.uid},
                  {u"creationTimestamp"_s, timeText(pod.createdMs)}};
    QJsonObject owner{{u"controller"_s, true}, {u"blockOwnerDeletion"_s, true}};
    if (pod.workload >= 0) {
        const Workload& w = cluster.workloads[std::size_t(pod.workload)];
        const Revision& r = w.revisions[std::size_t(pod.revision)];
        QJsonObject labels = at(r.podTemplate, u"metadata", u"labels").toObject();
        if (w.spec.kind == WorkloadSpec::Kind::Deployment) {
            owner = ownerReference(u"apps/v1"_s, u"ReplicaSet"_s, r.setName, r.setUid);
            m[u"generateName"_s] = QString(r.setName + u'-');
        } else {
            const bool isStateful = w.spec.kind == WorkloadSpec::Kind::StatefulSet;
            owner = ownerReference(u"apps/v1"_s, isStateful ? u"StatefulSet"_s : u"DaemonSet"_s, w.spec.name, w.uid);
            m[u"generateName"_s] = QString(w.spec.name + u'-');
            if (pod.ordinal >= 0) {
                labels[u"apps.kubernetes.io/pod-index"_s] = QString::number(pod.ordinal);
                labels[u"statefulset.kubernetes.io/pod-name"_s] = pod.name;
            }
        }
        m[u"labels"_s] = labels;
        m[u"annotations"_s] = at(r.podTemplate, u"metadata", u"annotations").toObject();
    } else if (const auto job = cluster.jobs.find(pod.job); job != cluster.jobs.end()) {
        owner = ownerReference(u"batch/v1"_s, u"Job"_s, job->second.name, job->second.uid);
        m[u"generateName"_s] = QString(job->second.name + u'-');
        m[u"labels"_s] = QJsonObject{{u"batch.kubernetes.io/controller-uid"_s, job->second.uid},
                                     {u"batch.kubernetes.io/job-name"_s, job->second.name},
                                     {u"job-name"_s, job->second.name}};
    }
    if (owner.contains(u"name"_s))
        m[u"ownerReferences"_s] = QJsonArray{owner};
    if (pod.deletedMs > 0) {
        m[u"deletionTimestamp"_s] = timeText(pod.deletedMs + pod.graceSeconds * 1000);
        m[u"deletionGracePeriodSeconds"_s] = pod.graceSeconds;
        if (pod.fault == PodFault::Stuck)
            m[u"finalizers"_s] = QJsonArray{u"example.com/drain-connections"_s};
    }
    return m;
}

} // namespace

QJsonObject podTemplate(const Cluster& cluster, const Workload& w, const Revision& revision)
{
    QJsonObject labels = workloadLabels(w);
    labels[u"version"_s] = revision.tag;
    labels[w.spec.kind == WorkloadSpec::Kind::Deployment ? u"pod-template-hash"_s : u"controller-revision-hash"_s] =
        revision.hash;
    QJsonObject annotations{{u"prometheus.io/scrape"_s, u"true"_s},
                            {u"prometheus.io/port"_s, QString::number(w.spec.containers.first().port)},
                            {u"checksum/config"_s, hexDigits(hash64(w.spec.name, cluster.seed), 64)}};
    if (!revision.restartedAt.isEmpty())
        annotations[u"kubectl.kubernetes.io/restartedAt"_s] = revision.restartedAt;
    QJsonArray containers;
    for (int i = 0; i < w.spec.containers.size(); ++i)
        containers.append(containerTemplate(cluster, w, revision, i));
    QJsonArray volumes;
    if (w.spec.storageGi > 0)
        volumes.append(QJsonObject{{u"name"_s, u"data"_s},
                                   {u"persistentVolumeClaim"_s, QJsonObject{{u"claimName"_s, u"data"_s}}}});
    for (const ConfigMapSpec& m : cluster.spec.configMaps)
        if (m.space == w.spec.space)
            volumes.append(QJsonObject{{u"name"_s, m.name},
                                       {u"configMap"_s, QJsonObject{{u"name"_s, m.name}, {u"defaultMode"_s, 420}}}});
    volumes.append(
        QJsonObject{{u"name"_s, u"kube-api-access"_s}, {u"projected"_s, json(R"({'defaultMode':420,'sources':[
        {'serviceAccountToken':{'expirationSeconds':3607,'path':'token'}},
        {'configMap':{'name':'kube-root-ca.crt','items':[{'key':'ca.crt','path':'ca.crt'}]}}]})")}});
    QJsonObject spec{
        {u"containers"_s, containers},
        {u"volumes"_s, volumes},
        {u"restartPolicy"_s, u"Always"_s},
        {u"terminationGracePeriodSeconds"_s, 30},
        {u"dnsPolicy"_s, u"ClusterFirst"_s},
        {u"serviceAccountName"_s, w.spec.space.startsWith(u"load-") ? u"default"_s : w.spec.name},
        {u"securityContext"_s, QJsonObject()},
        {u"schedulerName"_s, u"default-scheduler"_s},
        {u"tolerations"_s,
         QJsonArray{
             json(
                 R"({'key':'node.kubernetes.io/not-ready','operator':'Exists','effect':'NoExecute','tolerationSeconds':300})"),
             json(
                 R"({'key':'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute','tolerationSeconds':300})")}}};
    if (w.spec.kind == WorkloadSpec::Kind::DaemonSet) {
        spec[u"tolerations"_s] = QJsonArray{json(R"({'operator':'Exists'})")};
        spec[u"hostNetwork"_s] = true;
    }
    return {{u"metadata"_s, QJsonObject{{u"labels"_s, labels}, {u"annotations"_s, annotations}}}, {u"spec"_s, spec}};
}

QJsonObject podManifest(const Cluster& cluster, const Pod& pod)
{
    QJsonObject spec;
    QString qos = u"BestEffort"_s;
    QJsonArray statuses;
    if (pod.workload >= 0) {
        const Workload& w = cluster.workloads[std::size_t(pod.workload)];
        spec = w.revisions[std::size_t(pod.revision)].podTemplate.value(u"spec").toObject();
        qos = qosClass(containersOf(cluster, pod));
        if (QJsonArray volumes = spec.value(u"volumes").toArray(); w.spec.storageGi > 0 && !volumes.isEmpty()) {
            volumes[0] =
                QJsonObject{{u"name"_s, u"data"_s},
                            {u"persistentVolumeClaim"_s, QJsonObject{{u"claimName"_s, u"data-"_s + pod.name}}}};
            spec[u"volumes"_s] = volumes;
        }
    } else {
        spec = pod.declared.isEmpty() ? jobPodSpec(cluster, pod) : pod.declared;
    }
    const QJsonArray containers = spec.value(u"containers").toArray();
    QStringList names;
    for (int i = 0; i < containers.size(); ++i) {
        const QJsonObject c = containers.at(i).toObject();
        names.append(c.value(u"name").toString());
        if (pod.scheduledMs == 0)
            continue;
        statuses.append(containerStatus(pod, i, c.value(u"name").toString(), c.value(u"image").toString()));
    }
    QJsonObject status{{u"phase"_s, pod.phase}, {u"qosClass"_s, qos}, {u"conditions"_s, conditions(pod, names)}};
    if (pod.scheduledMs > 0) {
        spec[u"nodeName"_s] = pod.node;
        status[u"containerStatuses"_s] = statuses;
        status[u"startTime"_s] = timeText(pod.scheduledMs);
        if (const Node* node = cluster.findNode(pod.node)) {
            status[u"hostIP"_s] = node->ip;
            status[u"hostIPs"_s] = QJsonArray{QJsonObject{{u"ip"_s, node->ip}}};
        }
        if (pod.startedMs > 0) {
            status[u"podIP"_s] = pod.ip;
            status[u"podIPs"_s] = QJsonArray{QJsonObject{{u"ip"_s, pod.ip}}};
        }
    }
    return {{u"apiVersion"_s, u"v1"_s},
            {u"kind"_s, u"Pod"_s},
            {u"metadata"_s, podMetadata(cluster, pod)},
            {u"spec"_s, spec},
            {u"status"_s, status}};
}

} // namespace wk::fleet
