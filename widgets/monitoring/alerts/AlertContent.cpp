// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/AlertContent.h"

#include "widgets/monitoring/alerts/AlertRows.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QUrl>

namespace wk::widgets::alerts {

using namespace Qt::StringLiterals;
using monitoring::AlertEvent;
using monitoring::AlertGroup;
using monitoring::AlertSource;
using monitoring::BookedAlert;
using monitoring::labelValue;
using monitoring::ManagedAlert;
using monitoring::Silence;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::AlertContent)
};

SummaryItem item(const QString& key, const QString& value, const QString& link = {})
{
    SummaryItem out{key, value};
    out.link = link;
    return out;
}

QString webLink(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool web =
        url.isValid() && !url.host().isEmpty() && (url.scheme() == "https"_L1 || url.scheme() == "http"_L1);
    return web ? url.toString() : QString();
}

SummarySection labelsSection(const QString& title, const monitoring::Labels& labels)
{
    SummarySection out{title, {}};
    for (const auto& [name, value] : labels) {
        SummaryItem one = item(name, value, webLink(value));
        one.monospace = one.link.isEmpty();
        out.items << one;
    }
    return out;
}

QString alertName(const AlertSource& source, const QString& fingerprint)
{
    const BookedAlert* known = source.book().find(fingerprint);
    return known ? known->alert.name() : fingerprint;
}

QString silenceName(const AlertSource& source, const QString& id)
{
    const Silence* known = source.silence(id);
    return known ? Texts::tr("%1, by %2").arg(known->comment.simplified(), known->createdBy) : id;
}

QString eventWords(const AlertSource& source, const AlertEvent& event)
{
    QStringList names;
    for (const QString& one : event.by)
        names << (event.kind == AlertEvent::Kind::Silenced    ? silenceName(source, one)
                  : event.kind == AlertEvent::Kind::Inhibited ? alertName(source, one)
                                                              : one);
    const QString by = names.join(u"; "_s);
    switch (event.kind) {
    case AlertEvent::Kind::Firing: return Texts::tr("began to fire");
    case AlertEvent::Kind::Silenced: return Texts::tr("silenced: %1").arg(by);
    case AlertEvent::Kind::Inhibited: return Texts::tr("inhibited by %1").arg(by);
    case AlertEvent::Kind::Told: return Texts::tr("told again");
    case AlertEvent::Kind::Resolved: return Texts::tr("resolved");
    case AlertEvent::Kind::Acknowledged: return Texts::tr("seen by %1").arg(by);
    }
    return {};
}

SummarySection standing(const AlertSource& source, const BookedAlert& alert, qint64 now)
{
    SummarySection out{Texts::tr("How it stands"), {}};
    out.items << item(Texts::tr("Severity"), severityWords(alert.alert));
    out.items << item(Texts::tr("Firing since"), momentWords(alert.firingSince, now));
    if (alert.resolvedAt)
        out.items << item(Texts::tr("Resolved"), momentWords(alert.resolvedAt, now));
    if (alert.acknowledged) {
        const auto& seen = *alert.acknowledged;
        const QString who = Texts::tr("%1, %2").arg(seen.by, momentWords(seen.at, now));
        out.items << item(Texts::tr("Seen by"), seen.note.isEmpty() ? who : Texts::tr("%1: %2").arg(who, seen.note));
    }
    for (const QString& id : alert.alert.silencedBy)
        out.items << item(Texts::tr("Silenced by"), silenceName(source, id), silenceLink + id);
    for (const QString& id : alert.alert.inhibitedBy)
        out.items << item(Texts::tr("Inhibited by"), alertName(source, id), alertLink + id);
    out.items << item(Texts::tr("Receivers"), alert.alert.receivers.join(u", "_s));
    SummaryItem said = item(Texts::tr("Said by"), source.book().wordsText(alert));
    said.health = alert.stale || alert.disputed ? Health::Warning : Health::None;
    said.tooltip = alert.stale ? Texts::tr("Only a replica that is away has said so.") : QString();
    out.items << said;
    if (const QString link = webLink(alert.alert.generatorUrl); !link.isEmpty()) {
        // The address carries the whole query, encoded.
        SummaryItem from =
            item(Texts::tr("Where it comes from"), Texts::tr("the query, at %1").arg(QUrl(link).authority()), link);
        from.tooltip = link;
        out.items << from;
    }
    return out;
}

} // namespace

AlertDetail::Content contentOf(const AlertSource& source, const BookedAlert& alert, qint64 now)
{
    AlertDetail::Content out;
    out.title = alert.alert.name();
    out.health = healthOf(alert);
    out.state =
        alert.firing ? Texts::tr("%1, %2").arg(stateWords(alert), severityWords(alert.alert)) : stateWords(alert);
    if (alert.stale)
        out.state = Texts::tr("%1, as was last heard").arg(out.state);
    SummarySection what{Texts::tr("What it says"), {}};
    if (const QString summary = summaryOf(alert.alert); !summary.isEmpty())
        what.items << item(Texts::tr("Summary"), summary);
    if (const QString runbook = runbookOf(alert.alert); !runbook.isEmpty())
        what.items << item(Texts::tr("Runbook"), runbook, runbook);
    if (!what.items.isEmpty())
        out.sections << what;
    out.sections << standing(source, alert, now) << labelsSection(Texts::tr("Labels"), alert.alert.labels);
    if (!alert.alert.annotations.empty())
        out.sections << labelsSection(Texts::tr("Annotations"), alert.alert.annotations);
    SummarySection history{Texts::tr("History, as this cockpit saw it"), {}};
    const auto events = source.book().history(alert.alert.fingerprint);
    for (auto it = events.rbegin(); it != events.rend(); ++it)
        history.items << item(momentWords(it->at, now), eventWords(source, *it));
    out.sections << history;
    return out;
}

AlertDetail::Content contentOf(const AlertSource& source, const Silence& silence, qint64 now)
{
    AlertDetail::Content out;
    out.title = silence.comment.isEmpty() ? Texts::tr("A silence without a reason") : silence.comment;
    const Silence::State state = silence.stateAt(now);
    out.health = state == Silence::State::Active ? Health::Info : Health::None;
    out.state = state == Silence::State::Active    ? Texts::tr("active until %1").arg(momentWords(silence.endsAt, now))
                : state == Silence::State::Pending ? Texts::tr("begins %1").arg(momentWords(silence.startsAt, now))
                                                   : Texts::tr("expired %1").arg(momentWords(silence.endsAt, now));
    SummarySection what{Texts::tr("The silence"), {}};
    what.items << item(Texts::tr("Made by"), silence.createdBy)
               << item(Texts::tr("Begins"), momentWords(silence.startsAt, now))
               << item(Texts::tr("Ends"), momentWords(silence.endsAt, now))
               << item(Texts::tr("Last changed"), momentWords(silence.updatedAt, now))
               << item(Texts::tr("Id"), silence.id);
    SummarySection matchers{Texts::tr("Matchers, all of which have to hold"), {}};
    for (const auto& one : silence.matchers) {
        SummaryItem line = item(one.name, one.text().sliced(one.name.size()));
        line.monospace = true;
        matchers.items << line;
    }
    SummarySection covers{Texts::tr("Alerts that fire now and match"), {}};
    const auto firing = source.firing();
    const auto preview = monitoring::previewSilence(silence.matchers, firing, silence.id);
    if (!preview)
        covers.items << item(Texts::tr("Not known"), preview.error().text());
    else
        for (const std::size_t i : preview->covered)
            covers.items << item(firing[i].name(), placeOf(firing[i]), alertLink + firing[i].fingerprint);
    if (covers.items.isEmpty())
        covers.items << item(Texts::tr("None"), Texts::tr("It covers nothing that fires now."));
    out.sections << what << matchers << covers;
    return out;
}

AlertDetail::Content contentOf(const AlertGroup& group)
{
    AlertDetail::Content out;
    out.title = Texts::tr("Told together to %1").arg(group.receiver);
    out.state = Texts::tr("alerts: %1").arg(group.alerts.size());
    if (!group.labels.empty())
        out.sections << labelsSection(Texts::tr("Grouped by"), group.labels);
    SummarySection all{Texts::tr("Alerts"), {}};
    for (const ManagedAlert& alert : group.alerts) {
        SummaryItem line = item(alert.name(), placeOf(alert), alertLink + alert.fingerprint);
        if (alert.state == ManagedAlert::State::Active)
            line.health = monitoring::severityHealth(labelValue(alert.labels, u"severity"));
        all.items << line;
        out.health = std::max(out.health, line.health);
    }
    out.sections << all;
    return out;
}

} // namespace wk::widgets::alerts
