// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

namespace wk::platform {

namespace {

using Need = YamlReader::Need;

Step plainStep(const QString& text)
{
    Step step;
    step.text = text;
    return step;
}

void readSteps(YamlReader& r, QStringView key, std::vector<Step>& out)
{
    r.listOrTexts<Step>(key, Words::tr("step"), out, readStep, plainStep);
}

void readRunbook(YamlReader& r, Runbook& b)
{
    r.name(Subject::Runbook, b.name);
    r.text(u"title", b.title, Need::Required);
    r.reference(u"severity", Subject::Severity, b.severity);
    r.duration(u"respond", b.respondMs);
    r.texts(u"symptoms", b.symptoms);
    r.references(u"alerts", Subject::Alert, b.alerts);
    readSteps(r, u"investigate", b.investigate);
    readSteps(r, u"resolve", b.resolve);
    readSteps(r, u"verify", b.verify);
    readSource(r, b.source);
}

void readProcedure(YamlReader& r, Procedure& p)
{
    using Kind = Procedure::Kind;
    static constexpr YamlReader::Choice<Kind> kinds[] = {
        {u"deployment", Kind::Deployment}, {u"rollback", Kind::Rollback},
        {u"incident", Kind::Incident},     {u"security", Kind::Security},
        {u"recovery", Kind::Recovery},     {u"failover", Kind::Failover},
        {u"scaling", Kind::Scaling},       {u"maintenance", Kind::Maintenance},
        {u"setup", Kind::Setup},           {u"emergency", Kind::Emergency},
        {u"report", Kind::Report}};
    r.name(Subject::Procedure, p.name);
    r.text(u"title", p.title, Need::Required);
    r.choice<Kind>(u"kind", p.kind, kinds, Need::Required);
    r.references(u"severities", Subject::Severity, p.severities);
    r.duration(u"timeout", p.timeoutMs);
    r.number(u"canaryShare", p.canaryShare, 0, 100);
    r.duration(u"watch", p.watchMs);
    r.threshold(u"promoteWhen", p.promoteWhen);
    r.text(u"promoteQuery", p.promoteQuery);
    r.list<Parameter>(u"parameters", Words::tr("parameter"), p.parameters, [](YamlReader& a, Parameter& out) {
        a.label(out.name);
        a.text(u"value", out.value, Need::Required);
        a.text(u"use", out.use);
    });
    r.list<Phase>(u"phases", Words::tr("phase"), p.phases, readPhase);
    readSteps(r, u"steps", p.steps);
    readSource(r, p.source);
}

void readChecklist(YamlReader& r, Checklist& c)
{
    r.label(c.name);
    r.text(u"title", c.title, Need::Required);
    r.choice<Cadence>(u"every", c.every, cadences(), Need::Required);
    r.timeOfDay(u"at", c.at);
    r.text(u"zone", c.zone);
    readSteps(r, u"items", c.items);
    r.list<Phase>(u"phases", Words::tr("phase"), c.phases, readPhase);
    readSource(r, c.source);
}

void readMaintenance(YamlReader& r, MaintenanceWindow& m)
{
    using Day = MaintenanceWindow::Weekday;
    static constexpr YamlReader::Choice<Day> days[] = {{u"monday", Day::Monday},       {u"tuesday", Day::Tuesday},
                                                       {u"wednesday", Day::Wednesday}, {u"thursday", Day::Thursday},
                                                       {u"friday", Day::Friday},       {u"saturday", Day::Saturday},
                                                       {u"sunday", Day::Sunday}};
    r.label(m.name);
    r.text(u"title", m.title, Need::Required);
    r.choice<Cadence>(u"every", m.every, cadences());
    r.choice<Day>(u"weekday", m.weekday, days);
    r.boolean(u"firstOfMonth", m.firstOfMonth);
    r.timeOfDay(u"at", m.at);
    r.text(u"zone", m.zone);
    r.cron(u"cron", m.cron);
    readSteps(r, u"steps", m.steps);
    readSource(r, m.source);
}

} // namespace

void readStep(YamlReader& r, Step& s)
{
    r.text(u"text", s.text, Need::Required);
    r.texts(u"run", s.run);
    r.text(u"sql", s.sql);
    r.text(u"query", s.query);
    r.text(u"get", s.get);
    r.text(u"when", s.when);
    r.boolean(u"changes", s.changes);
    r.texts(u"items", s.items);
    if (int(!s.run.isEmpty()) + int(!s.sql.isEmpty()) + int(!s.query.isEmpty()) + int(!s.get.isEmpty()) > 1)
        r.report().add(r.node(), Words::tr("the step says in several ways how it is done"),
                       Words::tr("one of run, sql, query and get"));
}

void readPhase(YamlReader& r, Phase& p)
{
    r.text(u"title", p.title, Need::Required);
    r.duration(u"from", p.fromMs);
    r.duration(u"until", p.untilMs);
    r.duration(u"within", p.withinMs);
    r.duration(u"lasts", p.lastsMs);
    r.duration(u"before", p.beforeMs);
    r.duration(u"after", p.afterMs);
    r.boolean(u"ongoing", p.ongoing);
    readSteps(r, u"steps", p.steps);
    if (p.fromMs && p.untilMs && *p.fromMs > *p.untilMs)
        r.report().add(r.node(), Words::tr("the phase ends before it begins"), Words::tr("from before until"));
}

void readWork(YamlReader& r, Platform& p)
{
    r.list<Runbook>(u"runbooks", Words::tr("runbook"), p.runbooks, readRunbook);
    r.list<Procedure>(u"procedures", Words::tr("procedure"), p.procedures, readProcedure);
    r.list<Checklist>(u"checklists", Words::tr("checklist"), p.checklists, readChecklist);
    r.list<MaintenanceWindow>(u"maintenance", Words::tr("maintenance"), p.maintenance, readMaintenance);
    r.list<NamedList>(u"practices", Words::tr("practice"), p.practices, [](YamlReader& l, NamedList& out) {
        l.label(out.name);
        l.text(u"title", out.title, Need::Required);
        l.texts(u"items", out.items);
        readSource(l, out.source);
    });
}

} // namespace wk::platform
