// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>
#include <QtCore/QStringList>

namespace wk::fleet {

/// What a simulated platform consists of: plain data, from which the engine makes objects and behaviour.
struct ContainerSpec
{
    QString name;
    QString image; ///< without tag
    QString tag;
    QString
        runtime; ///< go, node, python, jvm, postgres, redis, scylla, minio, nats, consul, nginx, system: shapes its log
    int port = 0;
    int cpuRequest = 100; ///< milli-CPU
    int cpuLimit = 500;
    int memoryRequest = 128; ///< MiB
    int memoryLimit = 512;
    QString livePath; ///< HTTP probe; a TCP probe where empty and there is a port
    QString readyPath;
};

struct WorkloadSpec
{
    enum class Kind { Deployment, StatefulSet, DaemonSet };
    Kind kind = Kind::Deployment;
    QString space;
    QString name;
    int replicas = 1;
    QList<ContainerSpec> containers; ///< the first does the work, the others are sidecars
    QString tier = QStringLiteral("backend");
    int storageGi = 0;   ///< per pod, StatefulSets only
    int minReplicas = 0; ///< with maxReplicas > 0: an autoscaler
    int maxReplicas = 0;
    int targetCpu = 70;       ///< per cent of the request
    int targetMemory = 0;     ///< 0: none
    double share = 0;         ///< part of the platform's requests that reach it; 0: no HTTP traffic
    double cpuPerRequest = 2; ///< milliseconds of CPU
    double latency = 0.04;    ///< median seconds of a request
    int ageDays = 60;
    int revisions = 3; ///< how many ReplicaSets its history holds
    bool hasService = true;
    bool disruptionBudget = false;
    bool minor = false; ///< no document speaks of it, and nobody scrapes it
};

struct CronSpec
{
    QString space;
    QString name;
    QString schedule; ///< five fields, UTC
    QString image;
    QString command;
    int seconds = 60; ///< how long a run takes
    bool suspended = false;
};

struct NodePool
{
    QString prefix;
    int count = 3;
    int cpu = 8;
    int memoryGi = 32;
    QString role; ///< "control-plane" or empty
    QString instanceType;
};

struct IngressSpec
{
    QString space;
    QString name;
    QStringList hosts;
    QString service;
    int port = 80;
    QString tlsSecret;
};

struct SecretSpec
{
    QString space;
    QString name;
    QString type;
    QStringList keys;
};

struct ConfigMapSpec
{
    QString space;
    QString name;
    QList<QPair<QString, QString>> data;
};

struct PlatformSpec
{
    QString id; ///< context and cluster name
    QString title;
    QString mainSpace;
    QStringList spaces;
    QList<NodePool> pools;
    QList<WorkloadSpec> workloads;
    QList<CronSpec> crons;
    QList<IngressSpec> ingresses;
    QList<SecretSpec> secrets;
    QList<ConfigMapSpec> configMaps;
    QString domain;
    double peakRps = 500; ///< requests a second in the busiest hour
    double weekendFactor = 0.7;
    int busiestHour = 20; ///< local
    int utcOffsetHours = 0;
    double revenuePerRequest = 0; ///< in the platform's currency
    int podsBefore = 0;           ///< filled by addLoad: namespaces and nodes made only for load
};

/// The four platforms that the fleet simulates, in the order of their ports.
[[nodiscard]] QList<PlatformSpec> platforms();
/// Adds namespaces full of deployments (and the nodes to run them) until the platform has about `pods` pods.
void addLoad(PlatformSpec& spec, int pods);

} // namespace wk::fleet
