// SPDX-License-Identifier: GPL-3.0-or-later
// `alerts` and `silence`: what an Alertmanager has, and silences through the same door as every other change.
#include "change/ActionCommand.h"
#include "change/ChangePlan.h"
#include "changes/plan/SilenceSteps.h"
#include "core/Duration.h"
#include "figures/AlertsAsk.h"
#include "monitoring/alerts/MatcherText.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::AlertSource;
using monitoring::BookedAlert;
using monitoring::labelValue;
using monitoring::Silence;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

QString moment(qint64 ms) { return ms ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate) : QString(); }

QJsonObject objectOf(const monitoring::Labels& labels)
{
    QJsonObject out;
    for (const auto& [name, value] : labels)
        out.insert(name, value);
    return out;
}

QString stateOf(const BookedAlert& alert)
{
    const QString state = monitoring::managedStateName(alert.alert.state);
    if (alert.alert.state != monitoring::ManagedAlert::State::Suppressed)
        return state;
    return alert.alert.silencedBy.isEmpty() ? u"inhibited"_s : u"silenced"_s;
}

void printJson(const QJsonArray& items) { printLine(QString::fromUtf8(QJsonDocument(items).toJson()).trimmed()); }

void printAlerts(ChangeSession& s, const AlertSource& source)
{
    QList<QStringList> lines{{u"ALERT"_s, u"STATE"_s, u"SEVERITY"_s, u"AGE"_s, u"LABELS"_s, u"SUMMARY"_s}};
    QJsonArray items;
    for (const BookedAlert* booked : source.book().alerts()) {
        const auto& alert = booked->alert;
        QStringList where;
        for (const auto& [name, value] : alert.labels)
            if (name != "alertname"_L1 && name != "severity"_L1)
                where << name + u'=' + value;
        lines << QStringList{alert.name(),
                             stateOf(*booked),
                             labelValue(alert.labels, u"severity"),
                             humanDuration(s.clock().nowMs() - booked->firingSince),
                             where.join(u','),
                             labelValue(alert.annotations, u"summary").simplified()};
        items << QJsonObject{{u"fingerprint"_s, alert.fingerprint},
                             {u"state"_s, stateOf(*booked)},
                             {u"since"_s, moment(booked->firingSince)},
                             {u"labels"_s, objectOf(alert.labels)},
                             {u"annotations"_s, objectOf(alert.annotations)},
                             {u"receivers"_s, QJsonArray::fromStringList(alert.receivers)},
                             {u"silencedBy"_s, QJsonArray::fromStringList(alert.silencedBy)},
                             {u"inhibitedBy"_s, QJsonArray::fromStringList(alert.inhibitedBy)},
                             {u"replicas"_s, source.book().wordsText(*booked)}};
    }
    if (s.wantsJson())
        printJson(items);
    else
        printColumns(lines);
    s.finish(Done);
}

void printSilences(ChangeSession& s, const AlertSource& source)
{
    QList<QStringList> lines{{u"ID"_s, u"STATE"_s, u"MATCHERS"_s, u"ENDS"_s, u"BY"_s, u"REASON"_s}};
    QJsonArray items;
    for (const Silence& one : source.silences()) {
        const QString state = monitoring::silenceStateName(one.state);
        lines << QStringList{
            one.id, state, matchersText(one.matchers), moment(one.endsAt), one.createdBy, one.comment.simplified()};
        QJsonObject item = QJsonDocument::fromJson(monitoring::silenceBody(one)).object();
        item.insert(u"state"_s, state);
        items << item;
    }
    if (s.wantsJson())
        printJson(items);
    else
        printColumns(lines);
    s.finish(Done);
}

/// Which of the alerts that fire now the matchers cover; as a note, since the answer may be piped.
void printCovered(const AlertSource& source, const std::vector<monitoring::LabelMatcher>& matchers)
{
    const auto firing = source.firing();
    const auto preview = monitoring::previewSilence(matchers, firing);
    if (!preview)
        return printNote(preview.error().text());
    QStringList names;
    for (const std::size_t i : preview->covered)
        names << firing[i].name();
    printNote(Texts::tr("Matches %1 of %2 alerts that fire now%3")
                  .arg(QString::number(preview->covered.size()), QString::number(firing.size()),
                       names.isEmpty() ? QString() : u": "_s + names.join(u", "_s)));
    if (!preview->undecided.empty())
        printNote(preview->why);
}

void carryOut(ChangeSession& s, const changes::Step& step)
{
    const platform::Platform* platform = s.clusters().platform();
    if (!platform || step.target.cluster.isEmpty())
        return s.fail({Error::Kind::BadInput,
                       Texts::tr("A silence is made on the Alertmanager of a platform's cluster"),
                       {},
                       Texts::tr("Name a platform, and --cluster where it has several")});
    const auto plan = changes::Plan::make(platform->name, u"[Alertmanager] - %1"_s.arg(step.words()).left(200), {step});
    if (!plan)
        return s.fail(plan.error().error());
    if (s.arguments().has(u"as-plan"_s)) {
        printLine(QString::fromUtf8(plan->canonical()));
        s.finish(Done);
        return;
    }
    s.openDesk([&s, plan = *plan] { confirmAndDo(s, plan); });
}

void list(ChangeSession& s)
{
    new AlertsAsk(s, s.word(0), [&s](const AlertSource& source) { printSilences(s, source); });
}

void add(ChangeSession& s)
{
    QStringList texts = s.arguments().words.sliced(2);
    const auto matchers = monitoring::parseMatchers(texts.join(u'\n'));
    if (!matchers)
        return s.fail(matchers.error());
    const auto length = parseDurationMs(s.arguments().has(u"for"_s) ? s.arguments().value(u"for"_s) : u"2h"_s);
    if (!length)
        return s.fail(length.error());
    Silence silence;
    silence.matchers = *matchers;
    silence.startsAt = s.clock().nowMs();
    silence.endsAt = silence.startsAt + *length;
    silence.comment = s.arguments().value(u"reason"_s);
    silence.createdBy = s.arguments().has(u"person"_s) ? s.arguments().value(u"person"_s)
                                                       : qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME"));
    if (const auto good = monitoring::checkSilence(silence, silence.startsAt); !good)
        return s.fail(good.error());
    auto ask = std::make_shared<AlertsAsk*>(nullptr);
    *ask = new AlertsAsk(s, s.word(0), [&s, silence, ask](const AlertSource& source) {
        printCovered(source, silence.matchers);
        carryOut(s, changes::silenceStep((*ask)->cluster(), silence, silence.startsAt));
    });
}

void expire(ChangeSession& s)
{
    auto ask = std::make_shared<AlertsAsk*>(nullptr);
    *ask = new AlertsAsk(s, s.word(0), [&s, ask](const AlertSource& source) {
        const Silence* known = source.silence(s.word(1));
        if (!known)
            return s.fail({Error::Kind::NotFound, Texts::tr("There is no silence %1").arg(s.word(1)), {}, {}});
        carryOut(s, changes::expireSilenceStep((*ask)->cluster(), *known));
    });
}

} // namespace

int runAlerts(const Arguments& arguments, Running& running)
{
    const bool clusterOnly = arguments.named.isEmpty() || arguments.named.keys() == QStringList{u"cluster"_s};
    if (arguments.words.size() != 1 || !clusterOnly) {
        printError({Error::Kind::BadInput,
                    Texts::tr("Say of which platform"),
                    {},
                    Texts::tr("Write `alerts PLATFORM [--cluster NAME]` or `alerts http://ALERTMANAGER`")});
        return Usage;
    }
    auto session = std::make_unique<ChangeSession>(arguments);
    ChangeSession& s = *session;
    running = std::move(session);
    new AlertsAsk(s, arguments.words.first(), [&s](const AlertSource& source) { printAlerts(s, source); });
    return -1;
}

int runSilence(const Arguments& arguments, Running& running)
{
    const QList<QLatin1StringView> where{"cluster"_L1};
    const QList<QLatin1StringView> changing = formOptions() << "cluster"_L1
                                                            << "as-plan"_L1
                                                            << "yes"_L1;
    const SubCommand commands[] = {
        {u"list"_s, 1, 1, false, where, list},
        {u"add"_s, 2, 100, false,
         QList(changing) << "for"_L1
                         << "reason"_L1
                         << "person"_L1,
         add},
        {u"expire"_s, 2, 2, false, changing, expire},
    };
    return runSubCommand(commands, arguments, running);
}

} // namespace wk::ctl
