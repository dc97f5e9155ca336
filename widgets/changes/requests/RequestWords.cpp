// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestWords.h"

#include "core/Duration.h"
#include "table/CellText.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Moment;
using changes::RequestState;
using changes::RequestSummary;
using changes::Risk;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::RequestWords)
};

Health healthOf(RequestState state)
{
    switch (state) {
    case RequestState::Draft:
    case RequestState::Submitted:
    case RequestState::Cancelled: return Health::None;
    case RequestState::Approved:
    case RequestState::Scheduled:
    case RequestState::Verified:
    case RequestState::Closed: return Health::Good;
    case RequestState::Running: return Health::Info;
    case RequestState::Failed: return Health::Bad;
    case RequestState::RolledBack:
    case RequestState::Rejected: return Health::Warning;
    }
    return Health::None;
}

} // namespace

Standing standingOf(const RequestSummary& request)
{
    Standing out{healthOf(request.state), changes::requestStateWords(request.state), {}};
    if (request.state == RequestState::Running && request.leaseDead) {
        out.health = Health::Bad;
        out.words = Texts::tr("running, abandoned");
        out.reason =
            Texts::tr("%1 has given no sign of life for 30 s; somebody has to take it over.").arg(request.executor);
    } else if (request.expired) {
        out.health = Health::Warning;
        out.words = Texts::tr("%1, expired").arg(out.words);
        out.reason = request.state == RequestState::Submitted
                         ? Texts::tr("Nobody approved it in time; edit it and submit it again.")
                         : Texts::tr("The approval has expired; edit it and submit it again.");
    } else if (request.reviewOpen) {
        out.health = out.health == Health::Bad ? Health::Bad : Health::Warning;
        out.words = Texts::tr("%1, review owed").arg(out.words);
        out.reason = Texts::tr("The glass was broken for it, and nobody has reviewed that yet.");
    } else if (request.state == RequestState::Running) {
        out.reason = Texts::tr("%1 carries it out.").arg(request.executor);
    } else if (request.state == RequestState::Failed) {
        out.reason = Texts::tr("It ended with a failed step.");
    } else if (request.state == RequestState::RolledBack) {
        out.reason = Texts::tr("What was done was taken back.");
    }
    return out;
}

Health riskHealth(Risk risk)
{
    return risk == Risk::High ? Health::Warning : risk == Risk::Medium ? Health::Info : Health::None;
}

QString riskText(Risk risk)
{
    switch (risk) {
    case Risk::Low: return Texts::tr("low risk");
    case Risk::Medium: return Texts::tr("medium risk");
    case Risk::High: return Texts::tr("high risk");
    }
    return {};
}

QString typeWords(const QString& type)
{
    if (type == u"deployment")
        return Texts::tr("Deployment");
    if (type == u"configuration")
        return Texts::tr("Configuration");
    if (type == u"infrastructure")
        return Texts::tr("Infrastructure");
    if (type == u"security")
        return Texts::tr("Security");
    return type;
}

QString waitsForWords(const RequestSummary& request)
{
    switch (request.state) {
    case RequestState::Draft: return Texts::tr("its submission");
    case RequestState::Submitted: return request.expired ? Texts::tr("a new submission") : request.waitingFor.words();
    case RequestState::Rejected: return Texts::tr("an edit");
    case RequestState::Approved:
    case RequestState::Scheduled: return request.expired ? Texts::tr("a new approval") : Texts::tr("its execution");
    case RequestState::Running: return request.leaseDead ? Texts::tr("somebody to take over") : request.executor;
    case RequestState::Verified:
    case RequestState::Failed:
    case RequestState::RolledBack: return request.reviewOpen ? Texts::tr("a review") : Texts::tr("being closed");
    case RequestState::Closed:
    case RequestState::Cancelled: return request.reviewOpen ? Texts::tr("a review") : QString();
    }
    return {};
}

QString ruleWords(const QString& rule)
{
    if (rule == u"solo")
        return Texts::tr("Private store: one person decides, no second one is asked.");
    if (rule == u"template")
        return Texts::tr("Made from an approved template.");
    if (rule == u"development")
        return Texts::tr("Touches clusters of class development only.");
    if (rule == u"glass")
        return Texts::tr("The glass was broken.");
    return {};
}

QString shortHash(const QByteArray& sha256) { return QString::fromLatin1(sha256.left(12)); }

QString momentWords(const Moment& moment, qint64 nowMs)
{
    if (!moment)
        return {};
    const QDateTime local = moment->toLocalTime();
    const bool thisYear = local.date().year() == QDateTime::fromMSecsSinceEpoch(nowMs).date().year();
    return QLocale().toString(local, thisYear ? u"d MMM, HH:mm"_s : u"d MMM yyyy, HH:mm"_s);
}

QString agoWords(const Moment& moment, qint64 nowMs)
{
    if (!moment)
        return {};
    const qint64 ms = moment->toMSecsSinceEpoch();
    const QString words = momentWords(moment, nowMs);
    return ms > nowMs ? Texts::tr("%1, in %2").arg(words, table::relativeAge(nowMs, ms))
                      : Texts::tr("%1, %2 ago").arg(words, table::relativeAge(ms, nowMs));
}

QString spanWords(const Moment& from, const Moment& until, qint64 nowMs)
{
    if (from && until) {
        const bool sameDay = from->toLocalTime().date() == until->toLocalTime().date();
        return Texts::tr("from %1 until %2")
            .arg(momentWords(from, nowMs),
                 sameDay ? QLocale().toString(until->toLocalTime(), u"HH:mm"_s) : momentWords(until, nowMs));
    }
    if (from)
        return Texts::tr("not before %1").arg(momentWords(from, nowMs));
    if (until)
        return Texts::tr("not after %1").arg(momentWords(until, nowMs));
    return {};
}

std::optional<qint64> approvalMs(const RequestSummary& request)
{
    if (!request.submittedAt || !request.approvedAt || !request.rule.isEmpty())
        return std::nullopt;
    return std::max<qint64>(0, request.submittedAt->msecsTo(*request.approvedAt));
}

ApprovalFigure approvalFigure(const QList<RequestSummary>& requests)
{
    std::vector<qint64> times;
    for (const RequestSummary& request : requests)
        if (const auto ms = approvalMs(request))
            times.push_back(*ms);
    if (times.empty())
        return {};
    std::ranges::sort(times);
    const size_t middle = times.size() / 2;
    const qint64 median = times.size() % 2 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    return {median, int(times.size())};
}

table::Freshness freshnessOf(const changes::DeskStatus& status)
{
    using S = table::Freshness::State;
    table::Freshness out;
    switch (status.state) {
    case changes::DeskStatus::State::Loading: out.state = S::Loading; break;
    case changes::DeskStatus::State::Current: out.state = S::Live; break;
    case changes::DeskStatus::State::Stale: out.state = S::Stale; break;
    case changes::DeskStatus::State::Failed: out.state = S::Failed; break;
    }
    // While notices arrive it is of now, however long ago the last one was.
    const bool current = status.state == changes::DeskStatus::State::Current;
    out.asOfMs = status.asOf && !current ? status.asOf->toMSecsSinceEpoch() : 0;
    out.sinceMs = out.asOfMs;
    out.error = status.error;
    return out;
}

} // namespace wk::widgets
