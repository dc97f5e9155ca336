// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QStringList>

namespace wk::changes {

/// One thing that a person fills in before a template is a plan.
struct TemplateParameter
{
    enum class Type {
        Integer,
        Text,
        Quantity, ///< of Kubernetes: "500m"
        Choice,   ///< one of `values`
        Boolean,
        Workload,  ///< one that the platform file lists: "streamgate/Deployment/api-gateway", or its name alone
        Workloads, ///< several of them
        Service,
        Cluster,
        Namespace,
        Database, ///< a service's database: "postgres/streamgate"
        Setting,  ///< a tuned value that the platform file lists: "gateway-pool/DB_MAX_CONNECTIONS"
        Live      ///< the workload `of` as the cluster gives it, which whoever shows the form reads from there
    };

    QString id;    ///< as steps refer to it: "$replicas"
    QString title; ///< "Replicas"
    QString use;   ///< a sentence for the form
    QString unit;  ///< "minutes"
    Type type = Type::Text;
    bool optional = false;
    /// Bounds and default; a text may refer to parameters before this one: "$workload.maxReplicas or 100".
    QJsonValue low, high, preset = QJsonValue::Undefined;
    QString pattern; ///< of the whole text
    QString example; ///< what a text looks like where there is no default
    QStringList values;
    QStringList kinds;              ///< of workloads ("Deployment"); of services and their workloads ("database")
    QStringList classes;            ///< of clusters ("staging")
    bool dependenciesFirst = false; ///< workloads: those that others depend on come first, not last
    QString of;                     ///< Live: the workload; Setting: only those of this workload's service
};

/// A number that follows from others ("watch", "live.replicas"): `of` times `times` plus `plus`, or that share of it in
/// percent, rounded up and at least 1.
struct TemplateFigure
{
    QString id, of, percent;
    qint64 times = 1, plus = 0;
};

/// A step, or one for each of a list of workloads, with "$parameter" where values come in.
struct TemplateStep
{
    QJsonObject body;
    QStringList when; ///< all must hold: "staging", "not staging", "through = service"
    QString each;     ///< a list of workloads; "$each" is the one
    int line = 0, column = 0;
};

/// What a template knows for the request form; texts with "$parameter".
struct TemplateForm
{
    QString title, type, what, why, impact, tests, rollbackPlan, dataRecovery;
    Risk risk = Risk::Low;
    QJsonValue rollbackMinutes;
};

/// A template as it was written. See resources/plans/README.md.
struct TemplateSpec
{
    enum class Group { Deployment, Rollback, Scaling, Configuration, Maintenance, Emergency };

    QString name;  ///< "canary"
    QString title; ///< of the template and of every plan made from it: "Canary deployment"
    QString summary, file;
    QString replaces; ///< the file whose template of the same name this one takes the place of
    Group group = Group::Deployment;
    bool stored = false;   ///< kept and approved in the store: a request that follows it names it
    QStringList sources;   ///< the documents that it was taken from
    QStringList platforms; ///< only these; empty: any
    QList<TemplateParameter> parameters;
    QList<TemplateFigure> figures;
    TemplateForm form;
    QList<TemplateStep> steps;

    [[nodiscard]] const TemplateParameter* parameter(QStringView id) const;
};

} // namespace wk::changes
