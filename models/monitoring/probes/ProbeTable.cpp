// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeTable.h"

#include "monitoring/prometheus/ServerAddress.h"
#include "net/HttpOptions.h"

#include <QtCore/QRegularExpression>

#include <cmath>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using table::Cell;
using table::Column;
using table::Health;
using table::Instant;
using State = ProbeBook::State;
using Verdict = ProbeResult::Verdict;

namespace {

Cell moment(qint64 ms) { return ms > 0 ? Cell(Instant{ms}) : Cell(); }

/// "34 of 36": good answers of those in the strip.
Cell historyText(const ProbeBook::Entry& entry)
{
    const auto count = [&](auto wanted) {
        return std::ranges::count_if(entry.history, wanted, &ProbeBook::Mark::verdict);
    };
    const auto asked = count([](Verdict verdict) { return verdict != Verdict::Unasked; });
    if (asked == 0)
        return {};
    const auto good = count([](Verdict verdict) { return verdict == Verdict::Up || verdict == Verdict::Slow; });
    return ProbeTable::tr("%1 of %2").arg(good).arg(asked);
}

Cell answerText(const ProbeBook::Entry& entry)
{
    if (!entry.asked)
        return {};
    if (entry.last.error && (entry.last.answer.isEmpty() || entry.last.verdict != Verdict::Up))
        return entry.last.error->sentence;
    return entry.last.answer;
}

/// As a word of a shell: quoted where it must be.
QString quoted(const QString& word)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_@%+=:,./-]+$"_s);
    return plain.match(word).hasMatch() ? word : u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

QString httpCommand(const ProbeSpec& spec)
{
    const QString query = spec.url.query(QUrl::FullyEncoded);
    const QString path = spec.url.path(QUrl::FullyEncoded) + (query.isEmpty() ? QString() : u'?' + query);
    if (!spec.inside.isEmpty()) {
        const QByteArray below =
            servicePath(spec.space, spec.inside, net::serverPort(spec.url), spec.url.scheme() == "https"_L1);
        return u"kubectl get --raw "_s + quoted(QString::fromLatin1(below) + path);
    }
    // A name and a password are nobody's to read.
    return u"curl --fail --max-time %1 "_s.arg(std::ceil(double(spec.timeoutMs) / 1000.0)) +
           (spec.method == "HEAD" ? u"--head "_s : QString()) +
           quoted(spec.url.toString(QUrl::RemoveUserInfo | QUrl::FullyEncoded));
}

} // namespace

QString probeWords(const ProbeBook::Entry& entry, bool stale)
{
    if (!entry.asked)
        return ProbeTable::tr("not asked yet");
    if (stale)
        return ProbeTable::tr("was %1").arg(entry.words());
    if (entry.state == State::Unknown && !entry.failing)
        return ProbeTable::tr("cannot be asked");
    return entry.words();
}

Health probeHealth(const ProbeBook::Entry& entry, bool stale)
{
    if (!entry.asked || stale)
        return Health::Unknown;
    switch (entry.state) {
    case State::Up: return entry.failing ? Health::Warning : Health::Good;
    case State::Slow: return Health::Warning;
    case State::Down: return Health::Bad;
    case State::Unknown: break;
    }
    return entry.failing ? Health::Warning : Health::Unknown;
}

QString probeCommand(const ProbeSpec& spec)
{
    const QString host = spec.url.host(), port = QString::number(net::serverPort(spec.url));
    switch (spec.kind) {
    case ProbeSpec::Kind::Http: return httpCommand(spec);
    case ProbeSpec::Kind::Tcp: return u"nc -z -w 5 %1 %2"_s.arg(quoted(host), port);
    case ProbeSpec::Kind::PostgreSql: return u"pg_isready -h %1 -p %2"_s.arg(quoted(host), port);
    case ProbeSpec::Kind::Redis: return u"redis-cli -h %1 -p %2 ping"_s.arg(quoted(host), port);
    case ProbeSpec::Kind::TlsExpiry: break;
    }
    return u"openssl s_client -connect %1 -servername %2 </dev/null | openssl x509 -noout -enddate"_s.arg(
        quoted(host + u':' + port), quoted(host));
}

QString probeWayWords(const ProbeSpec& spec)
{
    return spec.inside.isEmpty() ? ProbeTable::tr("directly") : ProbeTable::tr("through the API server");
}

QString countWords(const ProbeSource::Counts& counts)
{
    QStringList out;
    const auto add = [&](int count, const QString& words) {
        if (count > 0)
            out << words.arg(count);
    };
    add(counts.down, ProbeTable::tr("%1 down"));
    add(counts.slow, ProbeTable::tr("%1 slow or due"));
    add(counts.unknown, ProbeTable::tr("%1 not known"));
    add(counts.up, ProbeTable::tr("%1 up"));
    add(counts.stale, ProbeTable::tr("%1 of them as of a while ago"));
    return out.isEmpty() ? ProbeTable::tr("nothing to ask") : out.join(u", "_s);
}

Health countHealth(const ProbeSource::Counts& counts)
{
    return counts.down > 0                                               ? Health::Bad
           : counts.slow > 0                                             ? Health::Warning
           : counts.unknown > 0 || counts.all() == 0 || counts.stale > 0 ? Health::Unknown
                                                                         : Health::Good;
}

table::RowPtr probeRow(const ProbeBook::Entry& entry, bool stale)
{
    const ProbeSpec& spec = entry.spec;
    auto row = std::make_shared<table::Row>();
    row->id = spec.id;
    row->name = spec.service + u' ' + spec.title;
    row->health = probeHealth(entry, stale);
    if (entry.asked && entry.last.error)
        row->reason = entry.last.error->sentence;
    row->cells = {spec.service,
                  spec.title,
                  probeWords(entry, stale),
                  entry.asked && entry.last.verdict != Verdict::Unasked ? Cell(entry.last.latencyMs) : Cell(),
                  moment(entry.sinceMs),
                  historyText(entry),
                  answerText(entry),
                  entry.asked ? moment(entry.last.atMs) : Cell(),
                  spec.where(),
                  probeWayWords(spec),
                  entry.error ? Cell(entry.error->sentence) : Cell(),
                  moment(entry.errorMs),
                  rankOf(row->health),
                  probeCommand(spec)};
    return row;
}

table::RowPtr probeRow(const Unprobed& unprobed)
{
    auto row = std::make_shared<table::Row>();
    row->id = u"unprobed "_s + unprobed.service + u'/' + unprobed.title;
    row->name = unprobed.service + u' ' + unprobed.title;
    row->reason = unprobed.reason;
    row->cells.resize(std::size_t(ProbeTable::probeColumns().size()));
    row->cells[0] = unprobed.service;
    row->cells[1] = unprobed.title;
    row->cells[2] = ProbeTable::tr("not asked from here");
    row->cells[6] = unprobed.reason;
    row->cells[12] = qint64(-1); // after all that is asked
    return row;
}

ProbeTable::ProbeTable(std::shared_ptr<ProbeSource> source, Clock& clock, QObject* parent)
    : SnapshotTable(parent), m_source(std::move(source)), m_clock(clock)
{
    replace(now(), false);
    connect(m_source.get(), &ProbeSource::changed, this, [this] { replace(now()); });
}

table::Columns ProbeTable::probeColumns()
{
    using K = Column::Kind;
    return {{u"service"_s, tr("Service"), K::Text, false, tr("As the platform file calls it")},
            {u"check"_s, tr("Check"), K::Text, false, tr("What is asked of it")},
            {u"state"_s, tr("State"), K::Status, false, tr("Down after two failures in a row")},
            {u"latency"_s, tr("Latency"), K::Number, false, tr("Of the last answer, the connection included"), false,
             u"ms"_s},
            {u"since"_s, tr("Since"), K::Age, false,
             tr("How long the state has lasted; an outage from its first failure on")},
            {u"history"_s, tr("History"), K::Text, false, tr("Good answers among the last 60, newest at the right")},
            {u"answer"_s, tr("Answer"), K::Text, false, tr("The last one, or why there was none")},
            {u"asked"_s, tr("Asked"), K::Age, false, tr("When the last answer was asked for")},
            {u"where"_s, tr("Where"), K::Text, true, tr("Host or service, and port")},
            {u"way"_s, tr("How"), K::Text, true, tr("Directly from this machine, or through the API server")},
            {u"error"_s, tr("Last error"), K::Text, true, tr("The last one there was, also when all is well again")},
            {u"failed"_s, tr("Failed"), K::Age, true, tr("When the last error was")},
            {u"rank"_s, tr("Rank"), K::Number, true, tr("By which the worst comes first")},
            {u"command"_s, tr("Asked as"), K::Text, true, tr("How the same is asked from a terminal")}};
}

std::vector<table::RowPtr> ProbeTable::now() const
{
    std::vector<table::RowPtr> out;
    for (const ProbeBook::Entry& entry : m_source->book().entries())
        out.push_back(probeRow(entry, m_source->isStale(entry)));
    for (const Unprobed& unprobed : m_source->unprobed())
        out.push_back(probeRow(unprobed));
    return out;
}

/// The age of each probe stands in its own row; the table as a whole is what is known.
table::Freshness ProbeTable::freshness() const
{
    table::Freshness out;
    out.state = table::Freshness::State::Live;
    out.asOfMs = m_clock.nowMs();
    return out;
}

} // namespace wk::monitoring
