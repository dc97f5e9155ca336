// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

#include <map>
#include <set>

namespace wk::test {

/// Judges what was done by the rows of the record alone, by another hand than the database's: the chain of hashes,
/// legal transitions, approvals of exactly the revision and plan that ran, four eyes, one claim per revision, steps
/// that began once. It knows the rules of the general policy: roles and slots as the rows name them.
class AuditChecker
{
public:
    /// One row, in order. `entry` is the text that was hashed.
    void add(const QByteArray& entry, const QByteArray& prevHash, const QByteArray& rowHash);

    /// Sentences, the first ones first.
    [[nodiscard]] const QStringList& violations() const { return m_violations; }
    /// The states at the end, by number.
    [[nodiscard]] std::map<qint64, QString> states() const;
    /// How often each action was done.
    [[nodiscard]] const std::map<QString, int>& actions() const { return m_actions; }

private:
    struct Execution
    {
        qint64 number = 0;
        QString holder;
        std::set<QString> holders;
        int steps = 0;
        bool ended = false;
        std::map<int, QString> stepStates;
        std::map<int, int> attempts;
    };

    struct Request
    {
        QString requester, editor, state, sha256, title, rule;
        int revision = 0;
        QJsonArray slots_;
        std::map<QString, QStringList> approvals; ///< of this revision: person → their roles
        std::set<int> claimed;                    ///< revisions
        std::map<int, std::set<QString>> reviews; ///< open: revision → who wrote it and who broke the glass
        std::set<QString> everHeld;
    };

    struct Row
    {
        qint64 number = 0;
        QString person, action;
        QJsonObject detail;
    };

    void judge(const Row& row);
    void judgeRequest(const Row& row, Request& request);
    void judgeStep(const Row& row);
    void onRoles(const Row& row);
    void onCreate(const Row& row);
    void onEdit(const Row& row, Request& request);
    void onSubmit(const Row& row, Request& request);
    void onApprove(const Row& row, Request& request);
    void onReject(const Row& row, Request& request);
    void onCancel(const Row& row, Request& request);
    void onSchedule(const Row& row, Request& request);
    void onBreak(const Row& row, Request& request);
    void onReview(const Row& row, Request& request);
    void onClaim(const Row& row, Request& request);
    void onTakeOver(const Row& row, Request& request);
    void onFinish(const Row& row, Request& request);
    void onClose(const Row& row, Request& request);
    void onBegin(const Row& row, Execution& execution, int step);
    void onEnd(const Row& row, Execution& execution, int step);
    void onResolve(const Row& row, Execution& execution, int step);

    /// Whether the people can fill every slot, each person one.
    [[nodiscard]] static bool suffices(const QJsonArray& slots_, const std::map<QString, QStringList>& people);
    void expect(bool holds, const Row& row, const char* what);
    void go(const Row& row, Request& request, const QString& state, const QStringList& from);
    void sameAsSeen(const Row& row, const Request& request);

    QByteArray m_hash = QByteArray(32, 0);
    qint64 m_seq = 0;
    std::map<QString, std::set<QString>> m_roles;
    std::map<qint64, Request> m_requests;
    std::map<qint64, Execution> m_executions;
    std::map<QString, int> m_actions;
    QStringList m_violations;
};

} // namespace wk::test
