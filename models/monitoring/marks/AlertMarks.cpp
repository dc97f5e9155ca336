// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/marks/AlertMarks.h"

#include "monitoring/alerts/AlertTally.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using series::Mark;
using Key = PastAlerts::Key;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AlertMarks)
};

Mark::Tone toneOf(const QString& severity)
{
    const table::Health health = severityHealth(severity);
    return health == table::Health::Bad    ? Mark::Tone::Bad
           : health == table::Health::Info ? Mark::Tone::Info
                                           : Mark::Tone::Warning;
}

Key keyOf(const Labels& labels)
{
    return {labelValue(labels, u"alertname"), labelValue(labels, u"severity"), labelValue(labels, u"service")};
}

/// "HighErrorRate, api-gateway (critical)"
QString wordsOf(const Key& key, const QString& where)
{
    const QString named = where.isEmpty() ? key.name : key.name + u", "_s + where;
    return key.severity.isEmpty() ? named : u"%1 (%2)"_s.arg(named, key.severity);
}

QString whereOf(const Labels& labels)
{
    for (const char16_t* label : {u"service", u"pod", u"instance", u"namespace", u"job"}) {
        if (const QString value = labelValue(labels, label); !value.isEmpty())
            return value;
    }
    return {};
}

QString clockWords(qint64 ms) { return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), u"d MMM HH:mm"_s); }

/// One alert's times of firing, from its past.
std::vector<Mark> firings(const AlertBook& book, const BookedAlert& alert)
{
    const Key key = keyOf(alert.alert.labels);
    Mark mark{.id = {},
              .kind = Mark::Kind::Alert,
              .text = wordsOf(key, whereOf(alert.alert.labels)),
              .tone = toneOf(key.severity),
              .target = u"fingerprint:"_s + alert.alert.fingerprint};
    std::vector<Mark> out;
    const auto begin = [&](qint64 at) {
        mark.id = u"alert/%1/%2"_s.arg(alert.alert.fingerprint).arg(at);
        mark.atMs = at;
        mark.goesOn = true;
        out.push_back(mark);
    };
    for (const AlertEvent& event : book.history(alert.alert.fingerprint)) {
        if (event.kind == AlertEvent::Kind::Firing)
            begin(event.at);
        else if (event.kind == AlertEvent::Kind::Resolved && !out.empty() && out.back().goesOn)
            out.back().goesOn = false, out.back().untilMs = std::max(event.at, out.back().atMs);
    }
    // The oldest events of a long past are not kept, the present is.
    if (alert.firing && (out.empty() || !out.back().goesOn))
        begin(alert.firingSince);
    if (alert.firing && alert.alert.state == ManagedAlert::State::Suppressed) {
        out.back().tone = Mark::Tone::Info;
        out.back().text +=
            u", "_s + (alert.alert.silencedBy.isEmpty() ? Texts::tr("inhibited now") : Texts::tr("silenced now"));
    }
    return out;
}

} // namespace

AlertMarks::AlertMarks(std::shared_ptr<AlertSource> alerts, std::shared_ptr<ServerSource> server,
                       std::shared_ptr<const platform::Platform> platform, Clock& clock, QObject* parent)
    : MarkSource(parent), m_alerts(std::move(alerts)), m_platform(std::move(platform)),
      m_past(std::move(server), m_platform, clock)
{
    if (m_alerts)
        connect(m_alerts.get(), &AlertSource::changed, this, [this] {
            m_known.reset();
            emit changed();
        });
    connect(&m_past, &PastAlerts::changed, this, &AlertMarks::changed);
}

AlertMarks::~AlertMarks() = default;

void AlertMarks::onWatched()
{
    m_asking = isWatched() && m_alerts ? m_alerts->watch() : nullptr;
    m_past.setWatched(isWatched());
}

void AlertMarks::want(qint64 fromMs, qint64 toMs) { m_past.want(fromMs, toMs); }

const AlertMarks::Known& AlertMarks::fromBook() const
{
    if (m_known)
        return *m_known;
    Known& known = m_known.emplace();
    for (const BookedAlert* alert : m_alerts ? m_alerts->book().alerts() : std::vector<const BookedAlert*>()) {
        if (!concerns(alert->alert.labels, *m_platform))
            continue;
        for (Mark& mark : firings(m_alerts->book(), *alert)) {
            known.marks.push_back(std::move(mark));
            known.keys.push_back(keyOf(alert->alert.labels));
        }
    }
    return known;
}

std::vector<Mark> AlertMarks::marks(qint64 fromMs, qint64 toMs) const
{
    const Known& known = fromBook();
    std::vector<Mark> out;
    std::ranges::copy_if(known.marks, std::back_inserter(out),
                         [&](const Mark& mark) { return mark.touches(fromMs, toMs); });
    const qint64 step = m_past.stepMs();
    for (const PastAlerts::Run& run : m_past.runs()) {
        // What Alertmanager tells is exact: it takes the place of what is on record of the same alert and time.
        bool told = false;
        for (size_t i = 0; i < known.marks.size(); ++i)
            told = told || (known.keys[i] == run.key && known.marks[i].touches(run.fromMs - step, run.untilMs + step) &&
                            known.marks[i].atMs <= run.fromMs + 2 * step);
        Mark mark{.id = u"alert/%1/%2/%3/%4"_s.arg(run.key.name, run.key.severity, run.key.service).arg(run.fromMs),
                  .kind = Mark::Kind::Alert,
                  .atMs = run.fromMs,
                  .goesOn = run.goesOn,
                  .text = wordsOf(run.key, run.key.service),
                  .tone = toneOf(run.key.severity),
                  .target = u"name:"_s + run.key.name};
        if (run.most > 1)
            mark.text += u", "_s + Texts::tr("up to %1 at once").arg(run.most);
        if (!run.goesOn)
            mark.untilMs = run.untilMs;
        if (!told && mark.touches(fromMs, toMs))
            out.push_back(std::move(mark));
    }
    return out;
}

series::MarkSource::Standing AlertMarks::bookStanding() const
{
    using State = Standing::State;
    if (!m_alerts)
        return {State::Unknown, Texts::tr("This place has no Alertmanager.")};
    switch (m_alerts->state()) {
    case AlertSource::State::Idle:
    case AlertSource::State::Looking: return {State::Asking, {}};
    case AlertSource::State::Failed:
        return {State::Unknown, m_alerts->error() ? m_alerts->error()->sentence : QString()};
    case AlertSource::State::Found: break;
    }
    if (m_alerts->heardAt() == 0)
        return {m_alerts->isStale() ? State::Unknown : State::Asking, m_alerts->book().remarks().join(u' ')};
    if (m_alerts->isStale())
        return {State::Partial, Texts::tr("No Alertmanager answers since %1.").arg(clockWords(m_alerts->heardAt()))};
    return {State::Known, {}};
}

series::MarkSource::Standing AlertMarks::standing() const
{
    using State = Standing::State;
    const Standing book = bookStanding();
    const QString past = m_past.error()    ? m_past.error()->sentence
                         : m_past.exists() ? QString()
                                           : Texts::tr("This place has no Prometheus.");
    if (past.isEmpty() && !m_past.isKnown())
        return {State::Asking, {}};
    if (book.state == State::Known)
        return past.isEmpty()
                   ? book
                   : Standing{State::Partial, Texts::tr("Alerts that ended before Alertmanager was asked are "
                                                        "not known: %1")
                                                  .arg(past)};
    if (past.isEmpty() && book.state != State::Asking)
        return {State::Partial, Texts::tr("As Prometheus has them on record. %1").arg(book.words)};
    if (book.state == State::Unknown)
        return {State::Unknown, (book.words + u' ' + past).trimmed()};
    return book;
}

} // namespace wk::monitoring
