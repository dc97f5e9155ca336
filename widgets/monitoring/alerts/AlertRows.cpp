// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/AlertRows.h"

#include "monitoring/pulse/PulseJudge.h"
#include "table/CellText.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QUrl>

namespace wk::widgets::alerts {

using namespace Qt::StringLiterals;
using monitoring::AlertGroup;
using monitoring::AlertSource;
using monitoring::BookedAlert;
using monitoring::labelsText;
using monitoring::labelValue;
using monitoring::ManagedAlert;
using monitoring::Silence;
using table::Cell;
using table::Column;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::AlertRows)
};

/// A column and how an item fills it.
template <typename Item>
struct Definition
{
    const char16_t* id;
    const char* title;
    Column::Kind kind;
    bool wide;
    const char* description;
    Cell (*cell)(const Item& item);
};

template <typename Item>
table::Columns columnsOf(const std::vector<Definition<Item>>& definitions)
{
    table::Columns out;
    for (const auto& one : definitions)
        out << Column{QString::fromUtf16(one.id), Texts::tr(one.title), one.kind, one.wide,
                      *one.description ? Texts::tr(one.description) : QString()};
    return out;
}

template <typename Item>
std::shared_ptr<table::Row> rowOf(const std::vector<Definition<Item>>& definitions, const Item& item)
{
    auto row = std::make_shared<table::Row>();
    for (const auto& one : definitions)
        row->cells.push_back(one.cell(item));
    return row;
}

Cell moment(qint64 ms) { return ms ? Cell(table::Instant{ms}) : Cell(); }

QString labelsWords(const monitoring::Labels& labels, std::initializer_list<QLatin1StringView> without = {})
{
    QStringList out;
    for (const auto& [name, value] : labels)
        if (std::ranges::none_of(without, [&](QLatin1StringView one) { return name == one; }))
            out << name + u'=' + value;
    return out.join(u',');
}

// Names stay as they are told apart by "tr" at run time; QT_TRANSLATE_NOOP marks them for the translators.
#define TITLE(text) QT_TRANSLATE_NOOP("wk::widgets::AlertRows", text)
using K = Column::Kind;

qint64 urgencyOf(const BookedAlert& alert)
{
    if (!alert.firing)
        return 5;
    if (alert.alert.state == ManagedAlert::State::Suppressed)
        return 4;
    const Health health = healthOf(alert);
    return health == Health::Bad ? 1 : health == Health::Warning ? 2 : 3;
}

const std::vector<Definition<BookedAlert>>& alertDefinitions()
{
    static const std::vector<Definition<BookedAlert>> all{
        {u"alert", TITLE("Alert"), K::Text, false, "", [](const BookedAlert& a) -> Cell { return a.alert.name(); }},
        {u"state", TITLE("State"), K::Status, false, TITLE("As all replicas of Alertmanager together see it"),
         [](const BookedAlert& a) -> Cell { return stateWords(a); }},
        {u"severity", TITLE("Severity"), K::Text, false, TITLE("The label severity, as the rule sets it"),
         [](const BookedAlert& a) -> Cell { return labelValue(a.alert.labels, u"severity"); }},
        {u"since", TITLE("Since"), K::Age, false,
         TITLE("How long it has fired; of a resolved one, how long ago it ended"),
         [](const BookedAlert& a) -> Cell { return moment(a.firing ? a.firingSince : a.resolvedAt); }},
        {u"summary", TITLE("Summary"), K::Text, false, "",
         [](const BookedAlert& a) -> Cell { return summaryOf(a.alert); }},
        {u"labels", TITLE("Where"), K::Labels, false, TITLE("Its labels, without name and severity"),
         [](const BookedAlert& a) -> Cell { return placeOf(a.alert); }},
        {u"acknowledged", TITLE("Seen by"), K::Text, false, TITLE("Who has put their name to it"),
         [](const BookedAlert& a) -> Cell { return a.acknowledged ? Cell(a.acknowledged->by) : Cell(); }},
        {u"receivers", TITLE("Receivers"), K::Text, true, TITLE("Whom Alertmanager tells"),
         [](const BookedAlert& a) -> Cell { return a.alert.receivers.join(u", "_s); }},
        {u"urgency", TITLE("Urgency"), K::Number, true,
         TITLE("1: critical and firing, 2: a warning, 3: information, 4: kept from people, 5: resolved"),
         [](const BookedAlert& a) -> Cell { return urgencyOf(a); }},
        {u"fingerprint", TITLE("Fingerprint"), K::Text, true, TITLE("Of its labels: the same on every replica"),
         [](const BookedAlert& a) -> Cell { return a.alert.fingerprint; }}};
    return all;
}

/// A silence and what it does now.
struct Judged
{
    const Silence& silence;
    std::optional<qint64> covers;
    qint64 now;
};

QString silenceWords(Silence::State state)
{
    switch (state) {
    case Silence::State::Pending: return Texts::tr("pending");
    case Silence::State::Active: return Texts::tr("active");
    case Silence::State::Expired: break;
    }
    return Texts::tr("expired");
}

const std::vector<Definition<Judged>>& silenceDefinitions()
{
    static const std::vector<Definition<Judged>> all{
        {u"matchers", TITLE("Matchers"), K::Text, false, TITLE("All of them have to hold"),
         [](const Judged& j) -> Cell { return matchersWords(j.silence.matchers); }},
        {u"state", TITLE("State"), K::Status, false, "",
         [](const Judged& j) -> Cell { return silenceWords(j.silence.stateAt(j.now)); }},
        {u"covers", TITLE("Covers"), K::Number, false, TITLE("Alerts that fire now and match"),
         [](const Judged& j) -> Cell { return j.covers ? Cell(*j.covers) : Cell(); }},
        {u"ends", TITLE("Ends"), K::Moment, false, "",
         [](const Judged& j) -> Cell { return moment(j.silence.endsAt); }},
        {u"by", TITLE("By"), K::Text, false, TITLE("As whoever made it gave their name"),
         [](const Judged& j) -> Cell { return j.silence.createdBy; }},
        {u"reason", TITLE("Reason"), K::Text, false, "", [](const Judged& j) -> Cell { return j.silence.comment; }},
        {u"starts", TITLE("Starts"), K::Moment, true, "",
         [](const Judged& j) -> Cell { return moment(j.silence.startsAt); }},
        {u"id", TITLE("Id"), K::Text, true, "", [](const Judged& j) -> Cell { return j.silence.id; }}};
    return all;
}

qint64 countOf(const AlertGroup& group, ManagedAlert::State state)
{
    return std::ranges::count(group.alerts, state, &ManagedAlert::state);
}

const std::vector<Definition<AlertGroup>>& groupDefinitions()
{
    static const std::vector<Definition<AlertGroup>> all{
        {u"receiver", TITLE("Receiver"), K::Text, false, TITLE("Who is told"),
         [](const AlertGroup& g) -> Cell { return g.receiver; }},
        {u"labels", TITLE("Grouped by"), K::Labels, false, TITLE("Labels that all alerts of the group have"),
         [](const AlertGroup& g) -> Cell { return labelsWords(g.labels); }},
        {u"firing", TITLE("Firing"), K::Number, false, TITLE("Alerts that the receiver is told of"),
         [](const AlertGroup& g) -> Cell { return countOf(g, ManagedAlert::State::Active); }},
        {u"suppressed", TITLE("Silenced"), K::Number, false, TITLE("Alerts that are silenced or inhibited"),
         [](const AlertGroup& g) -> Cell { return countOf(g, ManagedAlert::State::Suppressed); }},
        {u"alerts", TITLE("Alerts"), K::Text, false, "", [](const AlertGroup& g) -> Cell {
             QStringList names;
             for (const ManagedAlert& alert : g.alerts)
                 names << alert.name();
             names.removeDuplicates();
             return names.join(u", "_s);
         }}};
    return all;
}
#undef TITLE

} // namespace

QString severityWords(const ManagedAlert& alert)
{
    const QString severity = labelValue(alert.labels, u"severity");
    return severity.isEmpty() ? Texts::tr("no severity") : severity;
}

QString stateWords(const BookedAlert& alert)
{
    if (!alert.firing)
        return Texts::tr("resolved");
    switch (alert.alert.state) {
    case ManagedAlert::State::Active: return Texts::tr("firing");
    case ManagedAlert::State::Unprocessed: return Texts::tr("not routed yet");
    case ManagedAlert::State::Suppressed: break;
    }
    return alert.alert.silencedBy.isEmpty() ? Texts::tr("inhibited") : Texts::tr("silenced");
}

Health healthOf(const BookedAlert& alert)
{
    if (!alert.firing)
        return Health::Good;
    return alert.alert.state == ManagedAlert::State::Suppressed
               ? Health::Info
               : monitoring::severityHealth(labelValue(alert.alert.labels, u"severity"));
}

QString summaryOf(const ManagedAlert& alert)
{
    for (const QStringView name : {QStringView(u"summary"), QStringView(u"description"), QStringView(u"message")})
        if (const QString text = labelValue(alert.annotations, name); !text.isEmpty())
            return text.simplified();
    return {};
}

QString runbookOf(const ManagedAlert& alert)
{
    for (const QStringView name : {QStringView(u"runbook_url"), QStringView(u"runbook"), QStringView(u"runbookUrl")}) {
        const QUrl url(labelValue(alert.annotations, name), QUrl::StrictMode);
        if (url.isValid() && (url.scheme() == "https"_L1 || url.scheme() == "http"_L1) && !url.host().isEmpty())
            return url.toString();
    }
    return {};
}

QString placeOf(const ManagedAlert& alert) { return labelsWords(alert.labels, {"alertname"_L1, "severity"_L1}); }

QString matchersWords(const std::vector<monitoring::LabelMatcher>& matchers)
{
    QStringList out;
    for (const auto& one : matchers)
        out << one.text();
    return out.join(u", "_s);
}

QString momentWords(qint64 ms, qint64 now)
{
    if (!ms)
        return {};
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms), today = QDateTime::fromMSecsSinceEpoch(now);
    const QString words = QLocale().toString(at, at.date() == today.date()                 ? u"HH:mm:ss"_s
                                                 : at.date().year() == today.date().year() ? u"d MMM, HH:mm"_s
                                                                                           : u"d MMM yyyy, HH:mm"_s);
    return ms > now ? Texts::tr("%1, in %2").arg(words, table::relativeAge(now, ms))
                    : Texts::tr("%1, %2 ago").arg(words, table::relativeAge(ms, now));
}

table::Columns alertColumns()
{
    table::Columns out = columnsOf(alertDefinitions());
    out << Column{
        u"concerns"_s, Texts::tr("Concerns"), K::Text, true,
        Texts::tr("here: this platform, or what all stand on; elsewhere: another one of the same Alertmanager")};
    return out;
}

RowsById alertRows(const AlertSource& source, const platform::Platform* platform)
{
    RowsById out;
    for (const BookedAlert* booked : source.book().alerts()) {
        const bool here = !platform || monitoring::concerns(booked->alert.labels, *platform);
        auto row = rowOf(alertDefinitions(), *booked);
        row->cells.push_back(here ? u"here"_s : u"elsewhere"_s);
        row->id = booked->alert.fingerprint;
        row->name = booked->alert.name();
        row->space = labelValue(booked->alert.labels, u"namespace");
        row->health = healthOf(*booked);
        row->reason = booked->stale      ? Texts::tr("Only a replica that is away has said so.")
                      : booked->disputed ? source.book().wordsText(*booked)
                                         : QString();
        out.emplace(row->id, std::move(row));
    }
    return out;
}

table::Columns silenceColumns() { return columnsOf(silenceDefinitions()); }

RowsById silenceRows(const AlertSource& source, qint64 now)
{
    RowsById out;
    const auto firing = source.firing();
    for (const Silence& silence : source.silences()) {
        const auto state = silence.stateAt(now);
        const auto preview = monitoring::previewSilence(silence.matchers, firing, silence.id);
        Judged judged{silence, std::nullopt, now};
        if (preview && preview->undecided.empty())
            judged.covers = qint64(preview->covered.size());
        auto row = rowOf(silenceDefinitions(), judged);
        row->id = silence.id;
        row->name = matchersWords(silence.matchers);
        row->health = state == Silence::State::Active ? Health::Info : Health::None;
        row->reason = preview ? preview->why : preview.error().sentence;
        out.emplace(row->id, std::move(row));
    }
    return out;
}

table::Columns groupColumns() { return columnsOf(groupDefinitions()); }

RowsById groupRows(const AlertSource& source)
{
    RowsById out;
    for (const AlertGroup& group : source.groups()) {
        auto row = rowOf(groupDefinitions(), group);
        row->id = group.receiver + u' ' + labelsText(group.labels);
        row->name = group.receiver;
        for (const ManagedAlert& alert : group.alerts)
            if (alert.state == ManagedAlert::State::Active)
                row->health = std::max(row->health, monitoring::severityHealth(labelValue(alert.labels, u"severity")));
        out.emplace(row->id, std::move(row));
    }
    return out;
}

table::Freshness freshnessOf(const AlertSource& source)
{
    using S = table::Freshness::State;
    table::Freshness out;
    out.asOfMs = source.heardAt();
    out.error = source.error();
    switch (source.state()) {
    case AlertSource::State::Idle: out.state = S::Idle; return out;
    case AlertSource::State::Looking: out.state = S::Loading; return out;
    case AlertSource::State::Failed: out.state = S::Failed; return out;
    case AlertSource::State::Found: break;
    }
    out.state = out.asOfMs ? S::Live : S::Loading;
    if (source.isStale()) {
        const auto& replicas = source.book().replicas();
        out.state = out.asOfMs ? S::Stale : S::Failed;
        out.sinceMs = replicas.begin()->second.awaySince;
        out.error = Error{Error::Kind::Network, source.book().remarks().value(1), {}, {}};
    } else if (out.asOfMs) {
        out.asOfMs = 0; // it is of now, however long ago the last round was
    }
    return out;
}

} // namespace wk::widgets::alerts
