// SPDX-License-Identifier: GPL-3.0-or-later
#include "AuditChecker.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonDocument>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

QStringList texts(const QJsonValue& list)
{
    QStringList result;
    for (const QJsonValue& one : list.toArray())
        result.append(one.toString());
    return result;
}

} // namespace

void AuditChecker::add(const QByteArray& entry, const QByteArray& prevHash, const QByteArray& rowHash)
{
    const QJsonObject json = QJsonDocument::fromJson(entry).object();
    const Row row{json[u"request"].toInteger(), json[u"person"].toString(), json[u"action"].toString(),
                  json[u"detail"].toObject()};
    ++m_seq;
    expect(json[u"seq"].toInteger() == m_seq, row, "the numbers of the rows have a gap");
    expect(prevHash == m_hash, row, "the row does not hang on the one before it");
    expect(rowHash == QCryptographicHash::hash(m_hash + entry, QCryptographicHash::Sha256), row, "the hash is wrong");
    m_hash = rowHash;
    ++m_actions[row.action];
    judge(row);
}

std::map<qint64, QString> AuditChecker::states() const
{
    std::map<qint64, QString> result;
    for (const auto& [number, request] : m_requests)
        result[number] = request.state;
    return result;
}

void AuditChecker::expect(bool holds, const Row& row, const char* what)
{
    if (!holds)
        m_violations.append(u"row %1 (%2 by %3, request %4): %5"_s.arg(m_seq)
                                .arg(row.action, row.person)
                                .arg(row.number)
                                .arg(QLatin1StringView(what)));
}

void AuditChecker::go(const Row& row, Request& request, const QString& state, const QStringList& from)
{
    expect(from.contains(request.state), row, qPrintable(u"from %1 to %2"_s.arg(request.state, state)));
    request.state = state;
}

void AuditChecker::sameAsSeen(const Row& row, const Request& request)
{
    expect(row.detail[u"revision"].toInt() == request.revision, row, "another revision");
    expect(row.detail[u"sha256"].toString() == request.sha256, row, "another plan");
}

bool AuditChecker::suffices(const QJsonArray& slots_, const std::map<QString, QStringList>& people)
{
    // Every order of the people, tried: there are few of them.
    QStringList names;
    for (const auto& [name, roles] : people)
        names.append(name);
    do {
        if (names.size() < slots_.size())
            return false;
        bool fits = true;
        for (int i = 0; i < slots_.size() && fits; ++i) {
            const QStringList wanted = texts(slots_[i]);
            const QStringList& has = people.at(names[i]);
            fits = std::any_of(has.begin(), has.end(), [&](const QString& role) { return wanted.contains(role); });
        }
        if (fits)
            return true;
    } while (std::next_permutation(names.begin(), names.end()));
    return false;
}

void AuditChecker::judge(const Row& row)
{
    if (row.action == u"role.grant" || row.action == u"role.revoke")
        return onRoles(row);
    if (row.action == u"request.create")
        return onCreate(row);
    if (row.number == 0) {
        static const QStringList others{u"cluster.set"_s, u"policy.set"_s, u"totp.enroll"_s, u"totp.confirm"_s,
                                        u"totp.tries"_s};
        expect(others.contains(row.action), row, "an action that nobody expects");
        return;
    }
    const auto request = m_requests.find(row.number);
    if (request == m_requests.end())
        return expect(false, row, "there is no such request");
    if (row.action.startsWith(u"step."))
        return judgeStep(row);
    judgeRequest(row, request->second);
}

void AuditChecker::judgeRequest(const Row& row, Request& request)
{
    static const std::map<QString, void (AuditChecker::*)(const Row&, Request&)> deeds{
        {u"request.edit"_s, &AuditChecker::onEdit},       {u"request.submit"_s, &AuditChecker::onSubmit},
        {u"request.approve"_s, &AuditChecker::onApprove}, {u"request.reject"_s, &AuditChecker::onReject},
        {u"request.cancel"_s, &AuditChecker::onCancel},   {u"request.schedule"_s, &AuditChecker::onSchedule},
        {u"request.close"_s, &AuditChecker::onClose},     {u"glass.break"_s, &AuditChecker::onBreak},
        {u"glass.review"_s, &AuditChecker::onReview},     {u"execution.claim"_s, &AuditChecker::onClaim},
        {u"execution.finish"_s, &AuditChecker::onFinish}, {u"execution.take_over"_s, &AuditChecker::onTakeOver},
    };
    const auto deed = deeds.find(row.action);
    if (deed == deeds.end())
        return expect(false, row, "an action that nobody expects");
    (this->*deed->second)(row, request);
}

void AuditChecker::onRoles(const Row& row)
{
    auto& roles = m_roles[row.detail[u"person"].toString()];
    const QString role = row.detail[u"role"].toString();
    row.action == u"role.grant" ? (void)roles.insert(role) : (void)roles.erase(role);
}

void AuditChecker::onCreate(const Row& row)
{
    expect(!m_requests.contains(row.number), row, "the number was given before");
    Request& made = m_requests[row.number];
    made.requester = made.editor = row.person;
    made.state = u"draft"_s;
    made.revision = row.detail[u"revision"].toInt();
    made.sha256 = row.detail[u"sha256"].toString();
    made.title = row.detail[u"title"].toString();
    expect(made.revision == 1, row, "the first revision is not 1");
}

void AuditChecker::onEdit(const Row& row, Request& request)
{
    go(row, request, u"draft"_s, {u"draft"_s, u"submitted"_s, u"approved"_s, u"scheduled"_s, u"rejected"_s});
    expect(row.detail[u"revision"].toInt() == request.revision + 1, row, "not the next revision");
    request.revision = row.detail[u"revision"].toInt();
    request.sha256 = row.detail[u"sha256"].toString();
    request.title = row.detail[u"title"].toString();
    request.editor = row.person;
    request.approvals.clear();
    request.slots_ = {};
    request.rule.clear();
}

void AuditChecker::onSubmit(const Row& row, Request& request)
{
    sameAsSeen(row, request);
    expect(row.person == request.requester || row.person == request.editor, row, "by somebody who did not write it");
    request.slots_ = row.detail[u"slots"].toArray();
    request.rule = row.detail[u"rule"].toString();
    const QString state = row.detail[u"state"].toString();
    expect((state == u"approved") == !request.rule.isEmpty(), row, "approved without people and without a rule");
    expect(!request.slots_.isEmpty() || !request.rule.isEmpty(), row, "nobody has to approve");
    go(row, request, state, {u"draft"_s});
}

void AuditChecker::onApprove(const Row& row, Request& request)
{
    sameAsSeen(row, request);
    expect(row.person != request.requester && row.person != request.editor, row, "who wrote it approves it");
    expect(!request.approvals.contains(row.person), row, "approved twice");
    const QStringList roles = texts(row.detail[u"roles"]);
    expect(std::set<QString>(roles.begin(), roles.end()) == m_roles[row.person], row, "other roles than were granted");
    request.approvals[row.person] = roles;
    const QString state = row.detail[u"state"].toString();
    expect((state == u"approved") == suffices(request.slots_, request.approvals), row,
           "approved with too few, or not approved with enough");
    go(row, request, state, {u"submitted"_s});
}

void AuditChecker::onReject(const Row& row, Request& request)
{
    sameAsSeen(row, request);
    expect(row.person != request.requester, row, "one's own");
    go(row, request, u"rejected"_s, {u"submitted"_s, u"approved"_s, u"scheduled"_s});
}

void AuditChecker::onCancel(const Row& row, Request& request)
{
    expect(row.person == request.requester || row.person == u"adam", row, "somebody else's");
    go(row, request, u"cancelled"_s, {u"draft"_s, u"submitted"_s, u"approved"_s, u"scheduled"_s, u"rejected"_s});
}

void AuditChecker::onSchedule(const Row& row, Request& request)
{
    expect(row.detail[u"revision"].toInt() == request.revision, row, "another revision");
    go(row, request, u"scheduled"_s, {u"approved"_s, u"scheduled"_s});
}

void AuditChecker::onBreak(const Row& row, Request& request)
{
    sameAsSeen(row, request);
    expect(!request.reviews.contains(request.revision), row, "broken twice");
    request.rule = u"glass"_s;
    request.reviews[request.revision] = {row.person, request.editor};
    const QString state = row.detail[u"state"].toString();
    expect(state == (request.state == u"scheduled" ? u"scheduled"_s : u"approved"_s), row, "another state");
    go(row, request, state, {u"draft"_s, u"submitted"_s, u"approved"_s, u"scheduled"_s});
}

void AuditChecker::onReview(const Row& row, Request& request)
{
    const auto open = request.reviews.find(row.detail[u"revision"].toInt());
    if (open == request.reviews.end())
        return expect(false, row, "there is nothing to review");
    expect(!open->second.contains(row.person) && row.person != request.requester &&
               !request.everHeld.contains(row.person),
           row, "by one of those who did it");
    request.reviews.erase(open);
}

void AuditChecker::onClaim(const Row& row, Request& request)
{
    sameAsSeen(row, request);
    go(row, request, u"running"_s, {u"approved"_s, u"scheduled"_s});
    expect(!request.rule.isEmpty() || suffices(request.slots_, request.approvals), row, "too few have approved");
    expect(!request.approvals.contains(row.person), row, "an approver carries out");
    expect(request.claimed.insert(request.revision).second, row, "this revision was claimed before");
    for (const auto& [number, other] : m_requests)
        expect(number == row.number || other.state != u"running" || other.title != request.title, row,
               "another request runs on the same object");
    const qint64 id = row.detail[u"execution"].toInteger();
    expect(!m_executions.contains(id), row, "the execution was there before");
    request.everHeld.insert(row.person);
    m_executions[id] = {row.number, row.person, {row.person}, row.detail[u"steps"].toInt(), false, {}, {}};
}

void AuditChecker::onTakeOver(const Row& row, Request& request)
{
    const auto found = m_executions.find(row.detail[u"execution"].toInteger());
    if (found == m_executions.end() || found->second.ended)
        return expect(false, row, "it does not run");
    expect(request.state == u"running", row, "the request does not run");
    expect(!request.approvals.contains(row.person), row, "an approver takes over");
    expect(row.detail[u"from"].toString() == found->second.holder, row, "from somebody who did not hold it");
    found->second.holder = row.person;
    found->second.holders.insert(row.person);
    request.everHeld.insert(row.person);
    std::set<int> lost, said;
    for (auto& [step, state] : found->second.stepStates) {
        if (state == u"running") {
            state = u"unknown"_s;
            lost.insert(step);
        }
    }
    for (const QJsonValue& step : row.detail[u"unknown"].toArray())
        said.insert(step.toInt());
    expect(lost == said, row, "other steps are unknown than were running");
}

void AuditChecker::onFinish(const Row& row, Request& request)
{
    const auto found = m_executions.find(row.detail[u"execution"].toInteger());
    if (found == m_executions.end() || found->second.ended)
        return expect(false, row, "it does not run");
    Execution& execution = found->second;
    const QString state = row.detail[u"state"].toString();
    int done = 0;
    for (const auto& [step, is] : execution.stepStates) {
        expect(is != u"running" && (state == u"failed" || is != u"unknown"), row, "a step has not ended");
        done += step > 0 && (is == u"done" || is == u"skipped");
    }
    expect(state != u"verified" || done == execution.steps, row, "not every step was done");
    expect(execution.holder == row.person, row, "by somebody without the lease");
    execution.ended = true;
    go(row, request, state, {u"running"_s});
}

void AuditChecker::onClose(const Row& row, Request& request)
{
    expect(request.reviews.empty(), row, "it owes a review");
    go(row, request, u"closed"_s, {u"verified"_s, u"failed"_s, u"rolled_back"_s});
}

void AuditChecker::judgeStep(const Row& row)
{
    const auto found = m_executions.find(row.detail[u"execution"].toInteger());
    if (found == m_executions.end() || found->second.ended || found->second.number != row.number)
        return expect(false, row, "it does not run");
    expect(found->second.holder == row.person, row, "by somebody without the lease");
    const int step = row.detail[u"step"].toInt();
    if (row.action == u"step.begin")
        onBegin(row, found->second, step);
    else if (row.action == u"step.end")
        onEnd(row, found->second, step);
    else if (row.action == u"step.resolve")
        onResolve(row, found->second, step);
    else
        expect(false, row, "an action that nobody expects");
}

void AuditChecker::onBegin(const Row& row, Execution& execution, int step)
{
    expect(step != 0 && std::abs(step) <= execution.steps, row, "the plan has no such step");
    const auto before = execution.stepStates.find(step);
    expect(before == execution.stepStates.end() || before->second == u"repeat", row, "the step was begun before");
    for (const auto& [other, state] : execution.stepStates) {
        expect(state != u"running" && state != u"unknown", row, "another step has not ended");
        expect(step < 0 || other > 0, row, "forward after the rollback began");
    }
    for (int i = 1; i < step; ++i)
        expect(execution.stepStates[i] == u"done" || execution.stepStates[i] == u"skipped", row, "a step was left out");
    expect(row.detail[u"attempt"].toInt() == ++execution.attempts[step], row, "another attempt");
    execution.stepStates[step] = u"running"_s;
}

void AuditChecker::onEnd(const Row& row, Execution& execution, int step)
{
    expect(execution.stepStates[step] == u"running", row, "the step does not run");
    execution.stepStates[step] = row.detail[u"outcome"].toString();
}

void AuditChecker::onResolve(const Row& row, Execution& execution, int step)
{
    expect(execution.stepStates[step] == u"unknown", row, "the step is not unknown");
    execution.stepStates[step] = row.detail[u"outcome"].toString();
}

} // namespace wk::test
