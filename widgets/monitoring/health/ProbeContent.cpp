// SPDX-License-Identifier: GPL-3.0-or-later
// One probe in full, for the page of health.
#include "core/Duration.h"
#include "table/CellText.h"
#include "widgets/monitoring/health/HealthPage.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::ProbeBook;
using monitoring::ProbeSpec;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::ProbeContent)
};

SummaryItem when(const QString& key, qint64 ms, qint64 nowMs)
{
    SummaryItem item{key, Texts::tr("never")};
    if (ms > 0) {
        item.value = Texts::tr("%1 ago").arg(table::relativeAge(ms, nowMs));
        item.tooltip = table::exactMoment(ms);
    }
    return item;
}

QString expectedOf(const ProbeSpec& spec)
{
    switch (spec.kind) {
    case ProbeSpec::Kind::Http: break;
    case ProbeSpec::Kind::Tcp: return Texts::tr("something takes the connection");
    case ProbeSpec::Kind::PostgreSql: return Texts::tr("an answer to a request for TLS; nobody logs in");
    case ProbeSpec::Kind::Redis: return Texts::tr("an answer to PING");
    case ProbeSpec::Kind::TlsExpiry:
        return Texts::tr("a trusted certificate that lasts for %1 more days").arg(spec.warnDays);
    }
    QString out =
        spec.expect ? Texts::tr("status %1").arg(*spec.expect) : Texts::tr("a status from 200 to 399, as curl --fail");
    if (!spec.word.isEmpty())
        out += Texts::tr(", and the word “%1”").arg(spec.word);
    return out;
}

SummarySection nowSection(const ProbeBook::Entry& entry, qint64 nowMs)
{
    using Verdict = monitoring::ProbeResult::Verdict;
    SummarySection out{Texts::tr("Now"), {}};
    if (entry.sinceMs > 0)
        out.items << SummaryItem{Texts::tr("Since"), Texts::tr("%1 ago").arg(table::relativeAge(entry.sinceMs, nowMs)),
                                 table::Health::None, table::exactMoment(entry.sinceMs)};
    out.items << when(Texts::tr("Asked"), entry.asked ? entry.last.atMs : 0, nowMs);
    if (entry.asked) {
        out.items << SummaryItem{Texts::tr("Answer"),
                                 entry.last.error ? entry.last.error->sentence : entry.last.answer};
        if (entry.last.error && !entry.last.error->detail.isEmpty())
            out.items << SummaryItem{Texts::tr("In detail"), entry.last.error->detail, table::Health::None, {}, true};
        if (entry.last.verdict != Verdict::Unasked)
            out.items << SummaryItem{Texts::tr("Latency"), Texts::tr("%1 ms").arg(entry.last.latencyMs)};
        if (entry.last.expiresMs)
            out.items << SummaryItem{Texts::tr("Expires"), table::exactMoment(*entry.last.expiresMs)};
    }
    if (const auto good = entry.goodPercent())
        out.items << SummaryItem{Texts::tr("Good answers"),
                                 Texts::tr("%1 % of the last %2")
                                     .arg(QLocale().toString(*good, 'f', *good < 100 ? 1 : 0))
                                     .arg(entry.history.size())};
    return out;
}

SummarySection questionSection(const ProbeSpec& spec)
{
    SummarySection out{Texts::tr("The question"), {}};
    out.items << SummaryItem{Texts::tr("Where"), spec.where()}
              << SummaryItem{Texts::tr("How"), monitoring::probeWayWords(spec)};
    if (!spec.reason.isEmpty())
        out.items << SummaryItem{Texts::tr("Why there"), spec.reason};
    out.items
        << SummaryItem{Texts::tr("Good is"), expectedOf(spec)}
        << SummaryItem{Texts::tr("Slow is"), Texts::tr("from %1 ms on").arg(spec.slowMs)}
        << SummaryItem{Texts::tr("Asked every"),
                       Texts::tr("%1, for at most %2").arg(humanDuration(spec.everyMs), humanDuration(spec.timeoutMs))}
        << SummaryItem{Texts::tr("The same by"), monitoring::probeCommand(spec), table::Health::None, {}, true};
    return out;
}

} // namespace

AlertDetail::Content probeContent(const ProbeBook::Entry& entry, bool stale, qint64 nowMs)
{
    AlertDetail::Content out;
    out.title = Texts::tr("%1: %2").arg(entry.spec.service, entry.spec.title);
    out.health = monitoring::probeHealth(entry, stale);
    out.state = monitoring::probeWords(entry, stale);
    out.sections << nowSection(entry, nowMs);
    // What was wrong before stands there while all is well again.
    if (entry.error && !(entry.asked && entry.last.error && entry.errorMs == entry.last.atMs)) {
        SummarySection last{Texts::tr("Last error"), {}};
        last.items << when(Texts::tr("When"), entry.errorMs, nowMs)
                   << SummaryItem{Texts::tr("What"), entry.error->sentence};
        out.sections << last;
    }
    out.sections << questionSection(entry.spec);
    out.acts = {{u"probeAsk"_s, Texts::tr("Ask now")},
                {u"probeCopy"_s, Texts::tr("Copy the command"), {}, Texts::tr("That asks the same from a terminal")}};
    return out;
}

AlertDetail::Content probeContent(const monitoring::Unprobed& unprobed)
{
    AlertDetail::Content out;
    out.title = Texts::tr("%1: %2").arg(unprobed.service, unprobed.title);
    out.state = Texts::tr("not asked from here");
    out.health = table::Health::Unknown;
    out.sections << SummarySection{Texts::tr("Why not"), {SummaryItem{Texts::tr("Reason"), unprobed.reason}}};
    return out;
}

} // namespace wk::widgets
