// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/Metric.h"
#include "platform/PlatformValues.h"
#include "platform/PlatformWork.h"
#include "platform/ServerAccess.h"

#include <QtCore/QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace wk::platform {

// What a platform file says, typed. Durations are milliseconds, shares are percent, times of day minutes after
// midnight. A figure that the file does not state is nullopt or empty; nothing is made up. `source` names one of the
// documents that the figure was taken from; where two documents disagree, both figures stand, each with its source. The
// format, key by key, is described in resources/platforms/README.md.

/// A document the file was written from.
struct Document
{
    QString name, title, version, status, updated;
};

enum class ClusterClass { Production, Staging, Development, Test, Recovery };

struct Cluster
{
    QString name, title;
    ClusterClass klass = ClusterClass::Production;
    QString context; ///< the kubeconfig context under which the platform is found by default
    std::optional<int> nodes, minNodes;
    bool autoscaling = false;
    QString series; ///< PromQL matchers that its series carry: `cluster="eu-1"`; empty where Prometheus knows no other
    QString source;
};

struct Namespace
{
    QString name, cluster, role;
    bool main = false; ///< where the platform's own services run by default; the first one if none says so
};

struct Workload
{
    QString kind, name, space; ///< "Deployment", "StatefulSet", "DaemonSet", "CronJob", ...
    std::optional<int> replicas, minReplicas, maxReplicas;
    QString image, selector, container, source;
};

struct Endpoint
{
    enum class Use { Health, Readiness, Metrics, Page, Profile };
    QString name;
    Use use = Use::Health;
    QString method = QStringLiteral("GET");
    QString path, url;
    std::optional<int> port, expect; ///< expect: HTTP status
};

/// Something the platform runs: its own services, and the databases, caches, queues and stores below them.
struct Service
{
    enum class Kind {
        Application,
        Frontend,
        Gateway,
        Database,
        Cache,
        Queue,
        ObjectStore,
        Discovery,
        Monitoring,
        External
    };
    QString name, title;
    Kind kind = Kind::Application;
    QString product, version;
    bool managed = false, replicated = false;
    std::optional<int> minNodes;
    std::vector<Workload> workloads;
    std::vector<int> ports;
    std::vector<Endpoint> healthEndpoints;
    QStringList dependsOn;
    QString host;
    QStringList databases; ///< logical databases or keyspaces
    QString series; ///< PromQL matchers of its series, where namespace and pods do not tell them: `job="shop-db"`
    QString source;
    /// Database, cache, queue, object store or discovery.
    [[nodiscard]] bool isStore() const;
};

struct SeverityLevel
{
    QString name, title, meaning, example;
    std::optional<qint64> respondMs;
    std::optional<qint64> escalateMs; ///< 0: at once
    QString escalateTo;
    std::optional<qint64> updateMs; ///< how often to tell people while it lasts
};

/// A way to grade incidents. A platform may have several, each from its own document.
struct SeverityScale
{
    QString name, title, source;
    std::vector<SeverityLevel> levels; ///< worst first
};

struct Slo
{
    QString name, title, metric;
    std::optional<Threshold> objective;
    std::optional<double> quantile; ///< 95 for P95
    std::optional<qint64> budgetMs; ///< downtime allowed in `per`
    Cadence per = Cadence::None;
    QString measure, severity, source;
    QString service; ///< empty: the platform as a whole
};

struct Kpi
{
    QString name, title, group, metric;
    std::optional<Threshold> target;
    std::optional<double> quantile;
    QString per, source;
};

enum class Urgency { Critical, Warning, Info };

struct Alert
{
    QString name, title, metric, condition;
    Urgency urgency = Urgency::Warning;
    std::optional<Threshold> when; ///< none where the document gives words only (`condition`)
    std::optional<double> quantile;
    std::optional<qint64> forMs, respondMs;
    QString query, action, severity, runbook, source;
    QString service; ///< only this one; empty: every service that has the metric
};

struct ScalingTrigger
{
    QString metric, action, source;
    std::optional<Threshold> when;
};

struct Autoscaler
{
    QString name, workload, source;
    std::optional<int> min, max;
    std::optional<double> cpu, memory; ///< target utilisation, percent
};

struct ReplicaFigure
{
    QString workload, reason, source;
    std::optional<int> replicas;
};

struct ResourceFigure
{
    QString workload, reason, source;
    QString cpuRequest, cpuLimit, memoryRequest, memoryLimit; ///< Kubernetes quantities
};

struct RightSizing
{
    QString resource, source;
    std::optional<Threshold> when;
};

struct CapacityFactor
{
    QString resource, of, source;
    std::optional<double> factor;
};

struct Capacity
{
    std::optional<double> bufferPercent, growthFactor;
    QString source;
    std::vector<CapacityFactor> factors;
    std::vector<RightSizing> rightSizing;
    QStringList methods, savings;
};

struct Scaling
{
    std::vector<ScalingTrigger> triggers;
    std::vector<Autoscaler> autoscalers;
    std::vector<ReplicaFigure> replicas;
    std::vector<ResourceFigure> resources;
};

struct Contact
{
    QString name, title, email, phone;
};

struct OnCallRole
{
    QString name, title, contact, source;
    std::optional<qint64> rotationMs;
};

struct EscalationStep
{
    QString when, to;
    std::optional<qint64> afterMs; ///< 0: at once
};

struct OnCall
{
    std::vector<OnCallRole> roles;
    std::vector<EscalationStep> escalation;
    QStringList duties, support;
};

struct Channel
{
    enum class Kind { Chat, Mail, StatusPage, Dashboard, Logs, Ticket, Phone };
    QString name;
    Kind kind = Kind::Chat;
    QString address, use;
};

struct Dashboard
{
    struct Panel
    {
        QString name, unit, reading; ///< reading: the example value the document shows
        std::vector<int> quantiles;
    };
    QString name, title, source;
    std::vector<Panel> panels;
};

struct Backup
{
    QString name, title, what;
    Cadence every = Cadence::None;
    QString cron, location, command, source;
    std::optional<qint64> retentionMs;
    Cadence verifyEvery = Cadence::None;
    QString verify;
};

struct RecoveryObjective
{
    QString name, source;
    std::optional<qint64> rtoMs, rpoMs;
    Cadence testEvery = Cadence::None;
};

struct Recovery
{
    std::vector<RecoveryObjective> objectives;
    std::vector<Phase> timeline;
};

struct Tool
{
    QString name, minVersion, purpose;
};

struct Image
{
    QString image, use;
};

struct Tuning
{
    struct Setting
    {
        QString name, value, use;
    };
    QString name, title, service, use, source;
    QString configMap; ///< that holds the settings; empty: variables of the service's containers
    std::vector<Setting> settings;
};

/// A program that changes objects of the platform by itself: what it writes needs no request of a person.
struct Manager
{
    QString name; ///< as the API server notes it in managedFields: "argocd-controller"
    QString title, source;
    QStringList kinds; ///< only objects of these ("Deployment"); empty: any
};

struct CostTarget
{
    QString name, per, source;
    std::optional<Threshold> limit; ///< in a currency; Threshold::moneyMicros()
    QString period;
};

struct LogPolicy
{
    QString name, path, mode, source;
    std::optional<qint64> retentionMs;
    Cadence rotate = Cadence::None;
    std::optional<int> keep;
    bool compress = false;
};

/// One platform. Immutable once loaded; shared between panels and threads.
struct Platform
{
    QString name, title, summary;
    QString file;     ///< where it was loaded from
    QString replaces; ///< the file of the same platform that this one takes the place of, else empty
    std::vector<Document> documents;
    std::vector<Cluster> clusters;
    std::vector<Namespace> namespaces;
    std::vector<Service> services;
    Monitoring monitoring; ///< how its servers of figures are reached
    std::vector<SeverityScale> severityScales;
    std::vector<Slo> slos;
    std::vector<Kpi> kpis;
    std::vector<Alert> alerts;
    Scaling scaling;
    Capacity capacity;
    std::vector<Contact> contacts;
    OnCall onCall;
    std::vector<Channel> channels;
    std::vector<Dashboard> dashboards;
    std::vector<Backup> backups;
    Recovery recovery;
    std::vector<MaintenanceWindow> maintenance;
    std::vector<Checklist> checklists;
    std::vector<Runbook> runbooks;
    std::vector<Procedure> procedures;
    std::vector<Tool> tools;
    std::vector<Image> images;
    std::vector<Tuning> tuning;
    std::vector<Manager> managers;
    std::vector<CostTarget> costs;
    QStringList costDrivers, costMeasures;
    std::vector<LogPolicy> logs;
    std::vector<Metric> metrics;      ///< the platform's own; they go before those of resources/metrics
    std::vector<NamedList> practices; ///< lists of words only: security metrics, change request form, ...

    [[nodiscard]] const Service* service(QStringView name) const;
    [[nodiscard]] const Cluster* cluster(QStringView name) const;
    /// A level by its name, in whichever scale it stands.
    [[nodiscard]] const SeverityLevel* severity(QStringView name) const;
    /// The service that lists this workload; nullptr where none does. This is how a live row finds its service.
    [[nodiscard]] const Service* serviceOf(QStringView space, QStringView kind, QStringView workload) const;
    /// The namespaces' names, in the order of the file.
    [[nodiscard]] QStringList namespaceNames() const;
};

} // namespace wk::platform
