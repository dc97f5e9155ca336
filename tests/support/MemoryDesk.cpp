// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/MemoryDesk.h"

#include "changes/desk/WaitingForMe.h"
#include "support/MemoryDeskParts.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace wk::changes;
using State = RequestState;

namespace {

QList<RequestTarget> targetsOf(const Plan& plan)
{
    QList<RequestTarget> out;
    for (const Step& step : plan.steps())
        if (step.isAction())
            out << RequestTarget{step.target.cluster, step.target.group, step.target.kind,
                                 step.target.space,   step.target.name,  {step.name}};
    return out;
}

} // namespace

MemoryDesk::MemoryDesk(Clock& clock, QObject* parent) : ChangeDesk(parent), m_clock(clock)
{
    m_status.state = DeskStatus::State::Current;
    m_status.asOf = now();
    m_status.server = u"db1.example:5432"_s;
    const QJsonArray operators{u"operator"_s, u"tech-lead"_s, u"security"_s, u"operations"_s};
    const auto one = [](const char16_t* role) { return QJsonArray{QString::fromUtf16(role)}; };
    m_policies << Policy{
        u"*"_s,
        1,
        QJsonObject{{u"approvals"_s,
                     QJsonObject{{u"low"_s, QJsonArray{operators}},
                                 {u"medium"_s, QJsonArray{one(u"tech-lead"), one(u"operations")}},
                                 {u"high"_s, QJsonArray{one(u"tech-lead"), one(u"security"), one(u"operations")}}}},
                    {u"step_up"_s, QJsonArray{u"high"_s}},
                    {u"execute"_s, QJsonArray{u"operator"_s, u"operations"_s, u"tech-lead"_s}},
                    {u"request_hours"_s, 720},
                    {u"approval_hours"_s, 168},
                    {u"glass_hours"_s, 4},
                    {u"review_hours"_s, 24},
                    {u"open_requests"_s, 100},
                    {u"requests_per_day"_s, 500}},
        u"watchkeeper"_s,
        now(),
        {},
        true};
}

void MemoryDesk::become(const QString& name, const QStringList& roles, Person::Totp totp)
{
    hasRoles(name, roles);
    m_person.name = name;
    m_person.roles = m_book.people.value(name);
    m_person.admin = roles.contains(u"admin"_s);
    m_person.totp = totp;
    rebuild();
}

void MemoryDesk::hasRoles(const QString& name, const QStringList& roles)
{
    QList<Person::Role>& theirs = m_book.people[name];
    theirs.clear();
    for (const QString& role : roles)
        theirs << Person::Role{role, u"*"_s};
}

void MemoryDesk::setSolo(bool solo)
{
    m_person.solo = solo;
    m_status.isPrivate = solo;
    rebuild();
}

void MemoryDesk::setStatus(const DeskStatus& status)
{
    m_status = status;
    emit changed();
}

qint64 MemoryDesk::put(RequestDetail detail)
{
    if (detail.summary.number == 0)
        detail.summary.number = m_requests.empty() ? 1 : m_requests.rbegin()->first + 1;
    const qint64 number = detail.summary.number;
    for (Review& review : detail.reviews)
        review.number = number;
    if (detail.plan && detail.targets.isEmpty())
        detail.targets = targetsOf(*detail.plan);
    m_requests.insert_or_assign(number, std::move(detail));
    rebuild();
    return number;
}

void MemoryDesk::touch(qint64 number, bool execution)
{
    rebuild();
    if (execution)
        emit executionChanged(number);
    else
        emit requestChanged(number);
}

void MemoryDesk::notice(const QString& kind, qint64 number, const QString& text)
{
    m_notices.prepend({m_notices.size() + 1, now(), kind, number, m_person.name, text});
    emit noticed(m_notices.first());
    emit changed();
}

void MemoryDesk::rebuild()
{
    m_rows.clear();
    m_reviews.clear();
    for (auto it = m_requests.rbegin(); it != m_requests.rend(); ++it) {
        RequestDetail& d = it->second;
        RequestSummary& s = d.summary;
        const Policy* policy = policyOf(s.platform);
        if (d.assignment.needed.isEmpty() && s.rule.isEmpty())
            d.assignment.needed = policy->needed(s.risk);
        d.assignment.rule = s.rule;
        s.waitingFor = s.state == State::Submitted ? d.assignment : Assignment{};
        s.approvedByMe = std::ranges::any_of(d.approvals, [&](const Approval& a) {
            return a.approves && a.revision == s.revision && a.person == m_person.name;
        });
        s.reviewOpen = std::ranges::any_of(d.reviews, [](const Review& r) { return r.verdict.isEmpty(); });
        m_rows << s;
        m_reviews += d.reviews;
    }
    m_waiting = changes::waitingForMe(m_rows, m_reviews, m_policies, m_person, m_book, now());
    emit changed();
}

QFuture<Result<RequestDetail>> MemoryDesk::detail(qint64 number)
{
    const auto it = m_requests.find(number);
    if (it == m_requests.end())
        return ready<RequestDetail>(fail(Error::Kind::NotFound, u"There is no request %1."_s.arg(number)));
    return ready<RequestDetail>(it->second);
}

QFuture<Result<QList<RequestSummary>>> MemoryDesk::history(const HistoryFilter& filter)
{
    QList<RequestSummary> out;
    for (const RequestSummary& row : m_rows)
        if ((filter.states.isEmpty() || filter.states.contains(row.state)) &&
            (filter.below == 0 || row.number < filter.below) && out.size() < filter.limit)
            out << row;
    return ready<QList<RequestSummary>>(out);
}

QFuture<Result<QList<AuditEntry>>> MemoryDesk::audit(const AuditFilter& filter)
{
    QList<AuditEntry> out;
    for (auto it = m_audit.rbegin(); it != m_audit.rend() && (filter.above != 0 || out.size() < filter.limit); ++it) {
        const bool fits = (filter.number == 0 || it->number == filter.number) &&
                          (filter.person.isEmpty() || it->person == filter.person) &&
                          (filter.action.isEmpty() || it->action == filter.action ||
                           (filter.action.endsWith(u'.') && it->action.startsWith(filter.action))) &&
                          (filter.text.isEmpty() || it->entry.contains(filter.text.toUtf8())) &&
                          (!filter.from || *it->at >= *filter.from) && (!filter.to || *it->at < *filter.to) &&
                          (filter.below == 0 || it->seq < filter.below);
        if (fits && it->seq > filter.above)
            out << *it;
    }
    if (filter.above != 0) { // from the oldest on
        std::ranges::reverse(out);
        out.resize(std::min<qsizetype>(out.size(), filter.limit));
    }
    return ready<QList<AuditEntry>>(out);
}

QFuture<Result<AuditVerdict>> MemoryDesk::verifyAudit(qint64 fromSeq)
{
    AuditVerdict verdict;
    QByteArray previous;
    for (const AuditEntry& entry : m_audit) {
        const bool whole =
            entry.previousHash == previous &&
            entry.hash == QCryptographicHash::hash(previous + entry.entry, QCryptographicHash::Sha256).toHex();
        previous = entry.hash;
        if (entry.seq < fromSeq)
            continue;
        ++verdict.checked;
        if (!whole && verdict.firstBroken == 0)
            verdict.firstBroken = entry.seq;
    }
    verdict.ok = verdict.firstBroken == 0;
    verdict.head = {m_audit.isEmpty() ? 0 : m_audit.last().seq, previous};
    verdict.sentence = verdict.ok ? u"All %1 rows of the audit are as they were written."_s.arg(verdict.checked)
                                  : u"Row %1 of the audit is not as it was written."_s.arg(verdict.firstBroken);
    return ready<AuditVerdict>(verdict);
}

void MemoryDesk::record(const QString& action, qint64 number, const QJsonObject& detail)
{
    AuditEntry entry;
    entry.seq = m_audit.size() + 1;
    entry.at = now();
    entry.person = m_person.name;
    entry.action = action;
    entry.number = number;
    entry.detail = detail;
    entry.previousHash = m_audit.isEmpty() ? QByteArray() : m_audit.last().hash;
    entry.entry = QJsonDocument(QJsonObject{{u"seq"_s, entry.seq},
                                            {u"person"_s, entry.person},
                                            {u"action"_s, action},
                                            {u"number"_s, number},
                                            {u"detail"_s, detail}})
                      .toJson(QJsonDocument::Compact);
    entry.hash = QCryptographicHash::hash(entry.previousHash + entry.entry, QCryptographicHash::Sha256).toHex();
    m_audit << entry;
}

void MemoryDesk::acceptRecord()
{
    ++recordsAccepted;
    m_status.record.reset();
    emit changed();
}

} // namespace wk::test
