// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/PlatformValues.h"

#include <QtCore/QStringList>

#include <optional>
#include <vector>

namespace wk::platform {

/// How often something is due.
enum class Cadence {
    None, ///< not stated
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Annually,
    OnChange,  ///< whenever the thing changes
    Regularly, ///< stated as "regular", without a period
    Once,      ///< before going to production, say
    OnIncident,
};

/// One thing to do or to look at. At most one of run, sql, query and get says how.
struct Step
{
    QString text;
    QStringList run; ///< a command as its arguments; {word} marks what the person fills in
    QString sql;
    QString query;        ///< PromQL
    QString get;          ///< URL
    QString when;         ///< only under this condition
    bool changes = false; ///< it alters the cluster or data: shown as a plan, never run in passing
    QStringList items;    ///< what to look at
};

/// A stretch of a procedure with its own clock.
struct Phase
{
    QString title;
    std::optional<qint64> fromMs, untilMs;   ///< after the beginning
    std::optional<qint64> withinMs;          ///< has to be done within
    std::optional<qint64> lastsMs;           ///< is expected to take
    std::optional<qint64> beforeMs, afterMs; ///< begins that long before, goes on that long after the event
    bool ongoing = false;
    std::vector<Step> steps;
};

struct Parameter
{
    QString name, value, use; ///< value: the default or the example that the document gives
};

/// Something done in order: a deployment, a rollback, an incident's course, a recovery.
struct Procedure
{
    enum class Kind {
        Deployment,
        Rollback,
        Incident,
        Security,
        Recovery,
        Failover,
        Scaling,
        Maintenance,
        Setup,
        Emergency,
        Report
    };
    QString name, title, source;
    QStringList severities;
    Kind kind = Kind::Deployment;
    std::optional<qint64> timeoutMs;
    std::optional<double> canaryShare; ///< percent of replicas or traffic
    std::optional<qint64> watchMs;     ///< how long the canary is observed
    std::optional<Threshold> promoteWhen;
    QString promoteQuery;
    std::vector<Parameter> parameters;
    std::vector<Phase> phases;
    std::vector<Step> steps;
};

/// What to do about a symptom.
struct Runbook
{
    QString name, title, severity, source;
    QStringList symptoms, alerts;
    std::optional<qint64> respondMs;
    std::vector<Step> investigate, resolve, verify;
};

struct Checklist
{
    QString name, title, source;
    Cadence every = Cadence::None;
    std::optional<int> at; ///< minutes after midnight
    QString zone;          ///< IANA name, empty: the person's own
    std::vector<Step> items;
    std::vector<Phase> phases; ///< groups, with their clocks where they have one
};

struct MaintenanceWindow
{
    enum class Weekday { None = 0, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday };
    QString name, title, zone, cron, source;
    Cadence every = Cadence::None;
    Weekday weekday = Weekday::None;
    bool firstOfMonth = false;
    std::optional<int> at;
    std::vector<Step> steps;
};

struct NamedList
{
    QString name, title, source;
    QStringList items;
};

} // namespace wk::platform
