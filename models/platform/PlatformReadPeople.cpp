// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

namespace wk::platform {

namespace {

using Need = YamlReader::Need;

void readContact(YamlReader& r, Contact& c)
{
    r.name(Subject::Contact, c.name);
    r.text(u"title", c.title, Need::Required);
    r.text(u"email", c.email);
    r.text(u"phone", c.phone);
}

void readRole(YamlReader& r, OnCallRole& o)
{
    r.label(o.name);
    r.text(u"title", o.title);
    r.reference(u"contact", Subject::Contact, o.contact);
    r.duration(u"rotation", o.rotationMs);
    readSource(r, o.source);
}

void readOnCall(YamlReader& r, OnCall& o)
{
    r.list<OnCallRole>(u"roles", Words::tr("on-call role"), o.roles, readRole);
    r.list<EscalationStep>(u"escalation", Words::tr("escalation step"), o.escalation,
                           [](YamlReader& s, EscalationStep& out) {
                               s.text(u"when", out.when, Need::Required);
                               s.duration(u"after", out.afterMs);
                               s.text(u"to", out.to, Need::Required);
                           });
    r.texts(u"duties", o.duties);
    r.texts(u"support", o.support);
}

void readChannel(YamlReader& r, Channel& c)
{
    using Kind = Channel::Kind;
    static constexpr YamlReader::Choice<Kind> kinds[] = {
        {u"chat", Kind::Chat},           {u"mail", Kind::Mail}, {u"status-page", Kind::StatusPage},
        {u"dashboard", Kind::Dashboard}, {u"logs", Kind::Logs}, {u"ticket", Kind::Ticket},
        {u"phone", Kind::Phone}};
    r.label(c.name);
    r.choice<Kind>(u"kind", c.kind, kinds, Need::Required);
    r.text(u"address", c.address, Need::Required);
    r.text(u"use", c.use);
}

void readDashboard(YamlReader& r, Dashboard& d)
{
    r.label(d.name);
    r.text(u"title", d.title, Need::Required);
    readSource(r, d.source);
    r.listOrTexts<Dashboard::Panel>(
        u"panels", Words::tr("dashboard panel"), d.panels,
        [](YamlReader& p, Dashboard::Panel& out) {
            p.label(out.name);
            p.text(u"unit", out.unit);
            p.text(u"reading", out.reading);
            p.integers(u"quantiles", out.quantiles, 0, 100);
        },
        [](const QString& text) {
            return Dashboard::Panel{text, {}, {}, {}};
        });
}

void readBackup(YamlReader& r, Backup& b)
{
    r.label(b.name);
    r.text(u"title", b.title);
    r.text(u"what", b.what, Need::Required);
    r.choice<Cadence>(u"every", b.every, cadences());
    r.cron(u"cron", b.cron);
    r.duration(u"retention", b.retentionMs);
    r.text(u"location", b.location);
    r.text(u"command", b.command);
    r.text(u"verify", b.verify);
    r.choice<Cadence>(u"verifyEvery", b.verifyEvery, cadences());
    readSource(r, b.source);
}

void readRecovery(YamlReader& r, Recovery& out)
{
    r.list<RecoveryObjective>(u"objectives", Words::tr("recovery objective"), out.objectives,
                              [](YamlReader& o, RecoveryObjective& into) {
                                  o.label(into.name);
                                  o.duration(u"rto", into.rtoMs);
                                  o.duration(u"rpo", into.rpoMs);
                                  o.choice<Cadence>(u"testEvery", into.testEvery, cadences());
                                  readSource(o, into.source);
                              });
    r.list<Phase>(u"timeline", Words::tr("recovery phase"), out.timeline, readPhase);
}

} // namespace

void readPeople(YamlReader& r, Platform& p)
{
    r.list<Contact>(u"contacts", Words::tr("contact"), p.contacts, readContact);
    r.map<OnCall>(u"onCall", Words::tr("onCall"), p.onCall, readOnCall);
    r.list<Channel>(u"channels", Words::tr("channel"), p.channels, readChannel);
    r.list<Dashboard>(u"dashboards", Words::tr("dashboard"), p.dashboards, readDashboard);
    r.list<Backup>(u"backups", Words::tr("backup"), p.backups, readBackup);
    r.map<Recovery>(u"recovery", Words::tr("recovery"), p.recovery, readRecovery);
}

} // namespace wk::platform
