// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/BlueprintParts.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

using namespace blueprint;

namespace {

using Kind = WorkloadSpec::Kind;

void setMinor(PlatformSpec& p, const QStringList& names)
{
    for (WorkloadSpec& w : p.workloads)
        w.minor = names.contains(w.name);
}

/// What every cluster runs besides its platform.
void addSystem(PlatformSpec& p)
{
    const QString kubeSystem = u"kube-system"_s;
    p.spaces += {u"cert-manager"_s, u"default"_s, u"ingress-nginx"_s, u"kube-node-lease"_s,
                 u"kube-public"_s,  kubeSystem,   u"monitoring"_s};
    WorkloadSpec dns = workload(Kind::Deployment, kubeSystem, u"coredns"_s, 2,
                                container(u"coredns"_s, u"registry.k8s.io/coredns/coredns"_s, u"v1.11.3"_s, u"system"_s,
                                          9153, {100, 1000, 70, 170}, u"/health"_s, u"/ready"_s),
                                u"cluster"_s);
    dns.ageDays = 240;
    dns.revisions = 1;
    WorkloadSpec proxy = workload(
        Kind::DaemonSet, kubeSystem, u"kube-proxy"_s, 0,
        container(u"kube-proxy"_s, u"registry.k8s.io/kube-proxy"_s, u"v1.32.4"_s, u"system"_s, 0, {100, 500, 64, 256}),
        u"cluster"_s);
    proxy.ageDays = 240;
    proxy.hasService = false;
    WorkloadSpec exporter = workload(Kind::DaemonSet, u"monitoring"_s, u"node-exporter"_s, 0,
                                     container(u"node-exporter"_s, u"quay.io/prometheus/node-exporter"_s, u"v1.8.2"_s,
                                               u"system"_s, 9100, {50, 250, 32, 128}),
                                     u"cluster"_s);
    exporter.ageDays = 180;
    WorkloadSpec metrics =
        workload(Kind::Deployment, kubeSystem, u"metrics-server"_s, 1,
                 container(u"metrics-server"_s, u"registry.k8s.io/metrics-server/metrics-server"_s, u"v0.7.2"_s,
                           u"system"_s, 10250, {100, 500, 200, 400}, u"/livez"_s, u"/readyz"_s),
                 u"cluster"_s);
    metrics.ageDays = 240;
    metrics.revisions = 1;
    WorkloadSpec ingress =
        serving(workload(Kind::Deployment, u"ingress-nginx"_s,
                         p.id == u"tchat" ? u"nginx-ingress-controller"_s : u"ingress-nginx-controller"_s, 2,
                         container(u"controller"_s, u"registry.k8s.io/ingress-nginx/controller"_s, u"v1.11.3"_s,
                                   u"nginx"_s, 80, {200, 2000, 256, 1024}, u"/healthz"_s, u"/healthz"_s),
                         u"edge"_s),
                1.0, 0.4, 0.002);
    ingress.ageDays = 180;
    ingress.minor = p.id != u"tchat";
    ingress.disruptionBudget = true;
    WorkloadSpec certs = workload(Kind::Deployment, u"cert-manager"_s, u"cert-manager"_s, 1,
                                  container(u"cert-manager-controller"_s, u"quay.io/jetstack/cert-manager-controller"_s,
                                            u"v1.16.1"_s, u"go"_s, 9402, {50, 500, 64, 256}, u"/livez"_s),
                                  u"cluster"_s);
    certs.ageDays = 180;
    certs.revisions = 1;
    WorkloadSpec prometheus =
        database(u"monitoring"_s, u"prometheus"_s, 1,
                 container(u"prometheus"_s, u"quay.io/prometheus/prometheus"_s, u"v2.54.1"_s, u"go"_s, 9090,
                           {500, 2000, 2048, 4096}, u"/-/healthy"_s, u"/-/ready"_s),
                 100);
    p.workloads += {dns, proxy, metrics, ingress, certs, prometheus, exporter};
}

WorkloadSpec redis(const QString& space, int replicas, const QString& tag = u"7.2-alpine"_s)
{
    WorkloadSpec w = database(space, u"redis"_s, replicas,
                              container(u"redis"_s, u"redis"_s, tag, u"redis"_s, 6379, {250, 1000, 512, 2048}), 8);
    w.containers.append(
        container(u"exporter"_s, u"oliver006/redis_exporter"_s, u"v1.66.0"_s, u"system"_s, 9121, {20, 100, 32, 64}));
    return w;
}

WorkloadSpec postgres(const QString& space, const QString& name, int replicas, const QString& tag, int storageGi)
{
    WorkloadSpec w = database(
        space, name, replicas,
        container(u"postgres"_s, u"postgres"_s, tag, u"postgres"_s, 5432, {1000, 4000, 2048, 8192}), storageGi);
    w.containers.append(container(u"exporter"_s, u"quay.io/prometheuscommunity/postgres-exporter"_s, u"v0.15.0"_s,
                                  u"system"_s, 9187, {20, 100, 32, 64}));
    return w;
}

SecretSpec databaseSecret(const QString& space, const QString& name)
{
    return {space, name, u"Opaque"_s, {u"password"_s, u"url"_s, u"username"_s}};
}

PlatformSpec streamGate()
{
    PlatformSpec p;
    p.id = u"streamgate"_s;
    p.title = u"StreamGate"_s;
    p.mainSpace = u"streamgate"_s;
    p.spaces = {u"streamgate"_s};
    p.domain = u"streamgate.example.com"_s;
    p.peakRps = 1900;
    p.weekendFactor = 1.25;
    p.busiestHour = 21;
    p.revenuePerRequest = 0.0009;
    p.pools = {{u"sg-control"_s, 1, 4, 16, u"control-plane"_s, u"c6i.xlarge"_s},
               {u"sg-worker"_s, 5, 16, 64, {}, u"m6i.4xlarge"_s}};
    const QString ns = p.mainSpace;
    const auto service = [&](const QString& name, int replicas, int port, Size size, double share, double cpu,
                             double latency) {
        return serving(workload(Kind::Deployment, ns, name, replicas,
                                container(name, u"registry.example.com/streamgate/"_s + name, u"v1.0.0"_s, u"go"_s,
                                          port, size, u"/health"_s, u"/ready"_s)),
                       share, cpu, latency);
    };
    p.workloads = {
        scaled(service(u"api-gateway"_s, 3, 8080, {500, 1000, 256, 512}, 1.0, 1.9, 0.045), 2, 10, 70),
        scaled(service(u"transcoder"_s, 2, 8081, {2000, 4000, 2048, 4096}, 0.02, 170, 0.05), 1, 5, 80),
        service(u"streaming"_s, 5, 8082, {1000, 2000, 512, 1024}, 0.55, 2.4, 0.06),
        service(u"upload"_s, 2, 8083, {500, 1000, 512, 1024}, 0.05, 9, 0.18),
        service(u"auth"_s, 2, 8084, {250, 500, 128, 256}, 0.3, 0.8, 0.02),
        service(u"metadata"_s, 2, 8085, {250, 500, 256, 512}, 0.4, 0.9, 0.03),
        service(u"cache"_s, 2, 8086, {250, 500, 512, 1024}, 0.6, 0.3, 0.004),
        service(u"worker"_s, 3, 8087, {500, 1000, 512, 1024}, 0.04, 22, 0.4),
        service(u"monitor"_s, 1, 8088, {100, 250, 128, 256}, 0.01, 2, 0.02),
        postgres(ns, u"postgres"_s, 3, u"15-alpine"_s, 200),
        redis(ns, 3),
        database(ns, u"minio"_s, 4,
                 container(u"minio"_s, u"minio/minio"_s, u"RELEASE.2024-10-13T13-34-11Z"_s, u"minio"_s, 9000,
                           {500, 2000, 1024, 4096}, u"/minio/health/live"_s, u"/minio/health/ready"_s),
                 500),
        database(ns, u"nats"_s, 3,
                 container(u"nats"_s, u"nats"_s, u"2.10-alpine"_s, u"nats"_s, 4222, {200, 1000, 256, 1024},
                           u"/healthz"_s, u"/healthz"_s),
                 20),
        database(ns, u"consul"_s, 3,
                 container(u"consul"_s, u"hashicorp/consul"_s, u"1.20"_s, u"consul"_s, 8500, {200, 500, 256, 512}),
                 10)};
    setMinor(p, {u"upload"_s, u"auth"_s, u"metadata"_s, u"cache"_s, u"worker"_s, u"monitor"_s});
    p.crons = {
        {ns, u"database-backup"_s, u"0 2 * * *"_s, u"postgres:15-alpine"_s, u"/scripts/backup-database.sh"_s, 420},
        {ns, u"storage-backup"_s, u"0 3 * * *"_s, u"minio/mc:latest"_s, u"/scripts/backup-storage.sh"_s, 900},
        {ns, u"verify-backup"_s, u"0 6 * * 0"_s, u"postgres:15-alpine"_s, u"/scripts/verify-backup.sh"_s, 600},
        {ns, u"cleanup-sessions"_s, u"*/15 * * * *"_s, u"registry.example.com/streamgate/worker:v1.0.0"_s,
         u"/app/cleanup --sessions"_s, 12}};
    p.ingresses = {{ns,
                    u"streamgate"_s,
                    {u"api.streamgate.example.com"_s, u"stream.streamgate.example.com"_s},
                    u"api-gateway"_s,
                    80,
                    u"streamgate-tls"_s}};
    p.secrets = {databaseSecret(ns, u"postgres-credentials"_s),
                 {ns, u"jwt-signing-key"_s, u"Opaque"_s, {u"private.pem"_s}},
                 {ns, u"minio-credentials"_s, u"Opaque"_s, {u"accesskey"_s, u"secretkey"_s}},
                 {ns, u"streamgate-tls"_s, u"kubernetes.io/tls"_s, {u"tls.crt"_s, u"tls.key"_s}},
                 {ns, u"registry-pull"_s, u"kubernetes.io/dockerconfigjson"_s, {u".dockerconfigjson"_s}}};
    p.configMaps = {{ns,
                     u"streamgate-config"_s,
                     {{u"DB_MAX_CONNECTIONS"_s, u"100"_s},
                      {u"CACHE_TTL"_s, u"300s"_s},
                      {u"LOG_LEVEL"_s, u"info"_s},
                      {u"NATS_URL"_s, u"nats://nats:4222"_s}}}};
    addSystem(p);
    return p;
}

PlatformSpec socialLive()
{
    PlatformSpec p;
    p.id = u"social-live"_s;
    p.title = u"Social Live"_s;
    p.mainSpace = u"social-live-prod"_s;
    p.spaces = {p.mainSpace};
    p.domain = u"yourdomain.com"_s;
    p.peakRps = 260;
    p.weekendFactor = 1.15;
    p.busiestHour = 20;
    p.revenuePerRequest = 0.0002;
    p.pools = {{u"node"_s, 3, 16, 64, {}, u"m6i.4xlarge"_s}};
    const QString ns = p.mainSpace;
    p.workloads = {scaled(serving(workload(Kind::Deployment, ns, u"backend"_s, 6,
                                           container(u"backend"_s, u"sociallive/backend"_s, u"2.14.1"_s, u"node"_s,
                                                     3000, {250, 1000, 512, 1024}, u"/health"_s, u"/health/ready"_s)),
                                  0.9, 8, 0.11),
                          3, 50, 70, 80),
                   serving(workload(Kind::Deployment, ns, u"frontend"_s, 2,
                                    container(u"frontend"_s, u"sociallive/frontend"_s, u"2.14.1"_s, u"node"_s, 3001,
                                              {250, 500, 256, 512}, u"/api/health"_s, u"/api/health"_s),
                                    u"web"_s),
                           0.35, 2.2, 0.06)};
    p.workloads[1].disruptionBudget = true;
    p.crons = {
        {ns, u"database-backup"_s, u"0 2 * * *"_s, u"postgres:15"_s, u"pg_dump | gzip | aws s3 cp"_s, 300},
        {ns, u"weekly-db-maintenance"_s, u"0 2 * * 0"_s, u"postgres:15"_s, u"scripts/weekly-db-maintenance.sh"_s, 600},
        {ns, u"verify-backups"_s, u"30 4 * * *"_s, u"postgres:15"_s, u"scripts/verify-backups.sh"_s, 240},
        {ns, u"feed-recommendations"_s, u"*/10 * * * *"_s, u"sociallive/backend:2.14.1"_s, u"node dist/jobs/feed.js"_s,
         25}};
    p.ingresses = {{ns, u"social-live"_s, {u"api.yourdomain.com"_s}, u"backend"_s, 80, u"social-live-tls"_s},
                   {ns, u"social-live-web"_s, {u"app.yourdomain.com"_s}, u"frontend"_s, 80, u"social-live-tls"_s}};
    p.secrets = {databaseSecret(ns, u"database-url"_s),
                 {ns, u"redis-url"_s, u"Opaque"_s, {u"url"_s}},
                 {ns, u"social-live-tls"_s, u"kubernetes.io/tls"_s, {u"tls.crt"_s, u"tls.key"_s}}};
    p.configMaps = {{ns,
                     u"active-config"_s,
                     {{u"NODE_ENV"_s, u"production"_s}, {u"DB_POOL"_s, u"100"_s}, {u"FEED_CACHE_S"_s, u"60"_s}}}};
    addSystem(p);
    return p;
}

PlatformSpec stratMaster()
{
    PlatformSpec p;
    p.id = u"stratmaster"_s;
    p.title = u"StratMaster"_s;
    p.mainSpace = u"stratmaster-production"_s;
    p.spaces = {u"stratmaster-blue"_s, u"stratmaster-green"_s, p.mainSpace};
    p.domain = u"stratmaster.com"_s;
    p.peakRps = 140;
    p.weekendFactor = 0.3;
    p.busiestHour = 14;
    p.pools = {{u"strat-cp"_s, 1, 4, 16, u"control-plane"_s, u"n2-standard-4"_s},
               {u"strat-pool"_s, 4, 8, 32, {}, u"n2-standard-8"_s}};
    const auto api = [](const QString& space, int replicas, const QString& tag) {
        WorkloadSpec w = workload(Kind::Deployment, space, u"stratmaster-api"_s, replicas,
                                  container(u"api"_s, u"ghcr.io/stratmaster/stratmaster-api"_s, tag, u"python"_s, 8080,
                                            {1000, 2000, 1024, 2048}, u"/healthz"_s, u"/healthz"_s));
        w.revisions = 5;
        return w;
    };
    const QString ns = p.mainSpace;
    const auto service = [&](const QString& name, int replicas, int port, double share, double cpu) {
        return serving(workload(Kind::Deployment, ns, name, replicas,
                                container(name, u"ghcr.io/stratmaster/"_s + name, u"v1.2.3"_s, u"python"_s, port,
                                          {500, 1000, 512, 2048}, u"/healthz"_s, u"/healthz"_s)),
                       share, cpu, 0.2);
    };
    p.workloads = {scaled(serving(api(ns, 3, u"v1.2.3"_s), 1.0, 14, 0.16), 3, 10, 70, 80),
                   serving(api(u"stratmaster-blue"_s, 2, u"v1.2.2"_s), 0, 10, 0.15),
                   serving(api(u"stratmaster-green"_s, 2, u"v1.2.3"_s), 0.02, 10, 0.15),
                   service(u"research-orchestrator"_s, 2, 8090, 0.12, 60),
                   service(u"approval-orchestrator"_s, 2, 8091, 0.2, 25),
                   service(u"expert-council"_s, 2, 8092, 0.1, 80),
                   service(u"ml-inference"_s, 2, 8093, 0.15, 110),
                   redis(ns, 1),
                   postgres(ns, u"postgres"_s, 1, u"15"_s, 100)};
    WorkloadSpec sealed =
        workload(Kind::Deployment, u"kube-system"_s, u"sealed-secrets-controller"_s, 1,
                 container(u"controller"_s, u"docker.io/bitnami/sealed-secrets-controller"_s, u"v0.18.0"_s, u"go"_s,
                           8080, {50, 500, 64, 256}, u"/healthz"_s, u"/healthz"_s),
                 u"cluster"_s);
    sealed.revisions = 1;
    p.workloads.append(sealed);
    setMinor(p, {u"research-orchestrator"_s, u"approval-orchestrator"_s, u"expert-council"_s, u"ml-inference"_s});
    p.crons = {{ns, u"database-backup"_s, u"0 2 * * *"_s, u"postgres:15"_s, u"pg_dump $POSTGRES_URL"_s, 240},
               {ns, u"workflow-report"_s, u"0 7 * * 1-5"_s, u"ghcr.io/stratmaster/stratmaster-api:v1.2.3"_s,
                u"python scripts/report.py"_s, 90},
               {ns, u"health-check"_s, u"*/30 * * * *"_s, u"ghcr.io/stratmaster/stratmaster-api:v1.2.3"_s,
                u"python scripts/health_check.py --comprehensive"_s, 20}};
    p.ingresses = {
        {ns, u"stratmaster-ingress"_s, {u"api.stratmaster.com"_s}, u"stratmaster-api"_s, 80, u"stratmaster-tls"_s}};
    p.secrets = {databaseSecret(ns, u"production-secrets"_s),
                 {ns, u"openai-api"_s, u"Opaque"_s, {u"api-key"_s}},
                 {ns, u"stratmaster-tls"_s, u"kubernetes.io/tls"_s, {u"tls.crt"_s, u"tls.key"_s}}};
    p.configMaps = {{ns,
                     u"stratmaster-config"_s,
                     {{u"CACHE_ENABLED"_s, u"true"_s}, {u"DB_POOL_SIZE"_s, u"50"_s}, {u"LOG_LEVEL"_s, u"INFO"_s}}}};
    addSystem(p);
    return p;
}

PlatformSpec tchat()
{
    PlatformSpec p;
    p.id = u"tchat"_s;
    p.title = u"Tchat"_s;
    p.mainSpace = u"tchat"_s;
    p.spaces = {u"tchat"_s};
    p.domain = u"tchat.sea"_s;
    p.peakRps = 620;
    p.weekendFactor = 1.1;
    p.busiestHour = 21;
    p.utcOffsetHours = 7;
    p.revenuePerRequest = 0.0015;
    p.pools = {{u"tchat-master"_s, 1, 4, 16, u"control-plane"_s, u"ecs.g7.xlarge"_s},
               {u"tchat-node"_s, 4, 16, 64, {}, u"ecs.g7.4xlarge"_s}};
    const QString ns = p.mainSpace;
    const auto service = [&](const QString& name, int replicas, int port, double share, double cpu, double latency) {
        WorkloadSpec w = serving(workload(Kind::Deployment, ns, name, replicas,
                                          container(name, u"registry.tchat.sea/tchat/"_s + name, u"v3.8.0"_s, u"go"_s,
                                                    port, {500, 1000, 1024, 2048}, u"/health"_s, u"/health/ready"_s)),
                                 share, cpu, latency);
        w.revisions = 4;
        return w;
    };
    p.workloads = {
        scaled(service(u"auth-service"_s, 3, 8081, 0.35, 1.6, 0.03), 2, 10, 70, 80),
        scaled(service(u"messaging-service"_s, 4, 8082, 0.9, 2.1, 0.05), 3, 12, 70),
        service(u"payment-service"_s, 3, 8083, 0.08, 7, 0.22),
        service(u"notification-service"_s, 2, 8084, 0.3, 1.2, 0.04),
        postgres(ns, u"postgres"_s, 1, u"15-alpine"_s, 150),
        workload(Kind::Deployment, ns, u"postgres-replica"_s, 2,
                 container(u"postgres"_s, u"postgres"_s, u"15-alpine"_s, u"postgres"_s, 5432, {1000, 2000, 2048, 4096}),
                 u"data"_s),
        database(ns, u"scylla"_s, 3,
                 container(u"scylla"_s, u"scylladb/scylla"_s, u"5.4"_s, u"scylla"_s, 9042, {2000, 4000, 4096, 8192}),
                 300),
        redis(ns, 1)};
    p.crons = {
        {ns, u"postgres-backup"_s, u"0 2 * * *"_s, u"postgres:15-alpine"_s, u"/scripts/postgres-backup.sh"_s, 360},
        {ns, u"scylla-backup"_s, u"0 3 * * *"_s, u"scylladb/scylla:5.4"_s, u"/scripts/scylla-backup.sh"_s, 300},
        {ns, u"scylla-repair"_s, u"0 4 * * 0"_s, u"scylladb/scylla:5.4"_s, u"/scripts/scylla-repair.sh"_s, 1800, true},
        {ns, u"redis-backup"_s, u"0 */6 * * *"_s, u"redis:7.2-alpine"_s, u"/scripts/redis-backup.sh"_s, 40},
        {ns, u"check-dependencies"_s, u"*/5 * * * *"_s, u"curlimages/curl:8.10.1"_s,
         u"/scripts/check-dependencies.sh"_s, 8}};
    p.ingresses = {
        {ns, u"tchat"_s, {u"api.tchat.sea"_s, u"ws.tchat.sea"_s}, u"messaging-service"_s, 80, u"tchat-tls"_s}};
    p.secrets = {databaseSecret(ns, u"postgres-secret"_s),
                 {ns, u"payment-provider"_s, u"Opaque"_s, {u"api-key"_s, u"webhook-secret"_s}},
                 {ns, u"jwt-keys"_s, u"Opaque"_s, {u"private.pem"_s, u"public.pem"_s}},
                 {ns, u"tchat-tls"_s, u"kubernetes.io/tls"_s, {u"tls.crt"_s, u"tls.key"_s}}};
    p.configMaps = {{ns, u"tchat-config"_s, {{u"db_max_connections"_s, u"50"_s}, {u"log_level"_s, u"info"_s}}},
                    {ns,
                     u"tchat-performance-config"_s,
                     {{u"db_max_open_conns"_s, u"50"_s},
                      {u"db_max_idle_conns"_s, u"10"_s},
                      {u"db_conn_max_lifetime"_s, u"5m"_s},
                      {u"redis_pool_size"_s, u"50"_s},
                      {u"redis_min_idle_conns"_s, u"10"_s},
                      {u"http_client_timeout"_s, u"30s"_s}}}};
    addSystem(p);
    return p;
}

} // namespace

QList<PlatformSpec> platforms() { return {streamGate(), socialLive(), stratMaster(), tchat()}; }

} // namespace wk::fleet
