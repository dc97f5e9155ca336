// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

namespace wk::platform {

namespace {

using Need = YamlReader::Need;

void readScale(YamlReader& r, SeverityScale& s)
{
    r.label(s.name);
    r.text(u"title", s.title);
    readSource(r, s.source);
    r.list<SeverityLevel>(
        u"levels", Words::tr("severity level"), s.levels,
        [](YamlReader& l, SeverityLevel& level) {
            l.name(Subject::Severity, level.name);
            l.text(u"title", level.title, Need::Required);
            l.text(u"meaning", level.meaning);
            l.text(u"example", level.example);
            l.duration(u"respond", level.respondMs);
            l.duration(u"escalate", level.escalateMs);
            l.text(u"escalateTo", level.escalateTo);
            l.duration(u"update", level.updateMs);
        },
        Need::Required);
}

void readSlo(YamlReader& r, Slo& s)
{
    r.label(s.name);
    r.text(u"title", s.title);
    r.text(u"metric", s.metric, Need::Required);
    r.threshold(u"objective", s.objective);
    r.number(u"quantile", s.quantile, 0, 100);
    r.duration(u"budget", s.budgetMs);
    r.choice<Cadence>(u"per", s.per, cadences());
    r.text(u"measure", s.measure);
    r.reference(u"breach", Subject::Severity, s.severity);
    r.reference(u"service", Subject::Service, s.service);
    readSource(r, s.source);
    if (!s.objective && !r.has(u"objective"))
        r.report().add(r.node(), Words::tr("the SLO has no \"objective\""),
                       Words::tr("objective, such as \">= 99.9 %\""));
}

void readKpi(YamlReader& r, Kpi& k)
{
    r.label(k.name);
    r.text(u"title", k.title);
    r.text(u"group", k.group);
    r.text(u"metric", k.metric, Need::Required);
    r.threshold(u"target", k.target);
    r.number(u"quantile", k.quantile, 0, 100);
    r.text(u"per", k.per);
    readSource(r, k.source);
}

void readAlert(YamlReader& r, Alert& a)
{
    static constexpr YamlReader::Choice<Urgency> urgencies[] = {
        {u"critical", Urgency::Critical}, {u"warning", Urgency::Warning}, {u"info", Urgency::Info}};
    r.name(Subject::Alert, a.name);
    r.text(u"title", a.title, Need::Required);
    r.choice<Urgency>(u"urgency", a.urgency, urgencies, Need::Required);
    r.text(u"metric", a.metric);
    r.text(u"condition", a.condition);
    r.threshold(u"when", a.when);
    r.number(u"quantile", a.quantile, 0, 100);
    r.duration(u"for", a.forMs);
    r.duration(u"respond", a.respondMs);
    r.text(u"query", a.query);
    r.text(u"action", a.action);
    r.reference(u"severity", Subject::Severity, a.severity);
    r.reference(u"runbook", Subject::Runbook, a.runbook);
    r.reference(u"service", Subject::Service, a.service);
    readSource(r, a.source);
    if (!r.has(u"when") && !r.has(u"condition"))
        r.report().add(r.node(), Words::tr("the alert says neither \"when\" nor \"condition\""),
                       Words::tr("a threshold, or the condition in words"));
}

void readTrigger(YamlReader& r, ScalingTrigger& t)
{
    r.text(u"metric", t.metric, Need::Required);
    r.threshold(u"when", t.when);
    r.text(u"action", t.action, Need::Required);
    readSource(r, t.source);
}

void readAutoscaler(YamlReader& r, Autoscaler& a)
{
    r.text(u"name", a.name);
    r.reference(u"workload", Subject::Workload, a.workload, Need::Required);
    r.integer(u"min", a.min, 0, 1'000'000);
    r.integer(u"max", a.max, 1, 1'000'000);
    r.number(u"cpu", a.cpu, 1, 1000);
    r.number(u"memory", a.memory, 1, 1000);
    readSource(r, a.source);
    if (a.min && a.max && *a.min > *a.max)
        r.report().add(r.node(), Words::tr("min %1 is above max %2").arg(*a.min).arg(*a.max),
                       Words::tr("the smaller number first"));
}

void readReplicaFigure(YamlReader& r, ReplicaFigure& f)
{
    r.reference(u"workload", Subject::Workload, f.workload, Need::Required);
    r.integer(u"replicas", f.replicas, 0, 1'000'000);
    r.text(u"reason", f.reason);
    readSource(r, f.source);
}

void readResourceFigure(YamlReader& r, ResourceFigure& f)
{
    r.reference(u"workload", Subject::Workload, f.workload, Need::Required);
    r.quantity(u"cpuRequest", f.cpuRequest);
    r.quantity(u"cpuLimit", f.cpuLimit);
    r.quantity(u"memoryRequest", f.memoryRequest);
    r.quantity(u"memoryLimit", f.memoryLimit);
    r.text(u"reason", f.reason);
    readSource(r, f.source);
}

void readScaling(YamlReader& r, Scaling& s)
{
    r.list<ScalingTrigger>(u"triggers", Words::tr("scaling trigger"), s.triggers, readTrigger);
    r.list<Autoscaler>(u"autoscalers", Words::tr("autoscaler"), s.autoscalers, readAutoscaler);
    r.list<ReplicaFigure>(u"replicas", Words::tr("replica figure"), s.replicas, readReplicaFigure);
    r.list<ResourceFigure>(u"resources", Words::tr("resource figure"), s.resources, readResourceFigure);
}

void readCapacity(YamlReader& r, Capacity& c)
{
    r.number(u"bufferPercent", c.bufferPercent, 0, 1000);
    r.number(u"growthFactor", c.growthFactor, 0, 1000);
    readSource(r, c.source);
    r.list<CapacityFactor>(u"factors", Words::tr("capacity factor"), c.factors, [](YamlReader& f, CapacityFactor& out) {
        f.text(u"resource", out.resource, Need::Required);
        f.number(u"factor", out.factor, 0, 1000);
        f.text(u"of", out.of);
        readSource(f, out.source);
    });
    r.list<RightSizing>(u"rightSizing", Words::tr("right-sizing rule"), c.rightSizing,
                        [](YamlReader& f, RightSizing& out) {
                            f.text(u"resource", out.resource, Need::Required);
                            f.threshold(u"when", out.when);
                            readSource(f, out.source);
                        });
    r.texts(u"methods", c.methods);
    r.texts(u"savings", c.savings);
}

void readCost(YamlReader& r, CostTarget& c)
{
    r.label(c.name);
    r.text(u"per", c.per, Need::Required);
    r.threshold(u"limit", c.limit);
    r.text(u"period", c.period);
    readSource(r, c.source);
    if (c.limit && !c.limit->moneyMicros())
        r.report().add(*r.node().find(u"limit"), Words::tr("the cost limit is in no currency"),
                       Words::tr("such as \"< 0.001 USD\""));
}

void readLog(YamlReader& r, LogPolicy& l)
{
    r.label(l.name);
    r.text(u"path", l.path);
    r.duration(u"retention", l.retentionMs);
    r.choice<Cadence>(u"rotate", l.rotate, cadences());
    r.integer(u"keep", l.keep, 1, 100'000);
    r.boolean(u"compress", l.compress);
    r.text(u"mode", l.mode);
    readSource(r, l.source);
}

} // namespace

void readTargets(YamlReader& r, Platform& p)
{
    r.list<SeverityScale>(u"severityScales", Words::tr("severity scale"), p.severityScales, readScale);
    r.list<Slo>(u"slos", Words::tr("SLO"), p.slos, readSlo);
    r.list<Kpi>(u"kpis", Words::tr("KPI"), p.kpis, readKpi);
    r.list<Alert>(u"alerts", Words::tr("alert"), p.alerts, readAlert);
    r.map<Scaling>(u"scaling", Words::tr("scaling"), p.scaling, readScaling);
    r.map<Capacity>(u"capacity", Words::tr("capacity"), p.capacity, readCapacity);
    r.list<CostTarget>(u"costs", Words::tr("cost target"), p.costs, readCost);
    r.texts(u"costDrivers", p.costDrivers);
    r.texts(u"costMeasures", p.costMeasures);
    r.list<LogPolicy>(u"logs", Words::tr("log policy"), p.logs, readLog);
    readMetrics(r, p.metrics, Need::Optional);
}

} // namespace wk::platform
