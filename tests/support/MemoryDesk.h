// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "core/Clock.h"

#include <map>

namespace wk::test {

/// A ChangeDesk without a store, for tests and pictures of what stands on one: it keeps requests in memory and follows
/// the store's rules as far as a panel can see them (who may approve what, hashes, revisions, codes, states). Answers
/// come from the event loop, as the store's do.
class MemoryDesk final : public changes::ChangeDesk
{
public:
    explicit MemoryDesk(Clock& clock, QObject* parent = nullptr);

    /// Acts as this person from now on.
    void become(const QString& name, const QStringList& roles, changes::Person::Totp totp);
    /// Somebody else who could approve.
    void hasRoles(const QString& name, const QStringList& roles);
    void setSolo(bool solo);
    void setStatus(const changes::DeskStatus& status);
    /// The next write is refused so.
    void failNext(const Error& error) { m_failure = error; }
    /// Keeps it as it is; the number where it has none yet is made. What is waited for is worked out.
    qint64 put(changes::RequestDetail detail);
    [[nodiscard]] changes::RequestDetail& at(qint64 number) { return m_requests.at(number); }
    /// Tells followers of what was changed by at(); `execution`: only of its steps.
    void touch(qint64 number, bool execution = false);
    void notice(const QString& kind, qint64 number, const QString& text);
    /// A line of the audit, as of now.
    void record(const QString& action, qint64 number, const QJsonObject& detail);

    QString code = QStringLiteral("287082"); ///< the one that is right
    int recordsAccepted = 0;
    int refreshes = 0;

    [[nodiscard]] const changes::DeskStatus& status() const override { return m_status; }
    [[nodiscard]] const QList<changes::RequestSummary>& rows() const override { return m_rows; }
    [[nodiscard]] const changes::Person& person() const override { return m_person; }
    [[nodiscard]] const QList<changes::TimeWindow>& windows() const override { return m_windows; }
    [[nodiscard]] const QList<changes::Policy>& policies() const override { return m_policies; }
    [[nodiscard]] const QList<changes::StoredTemplate>& templates() const override { return m_templates; }
    [[nodiscard]] const QList<changes::Review>& reviews() const override { return m_reviews; }
    [[nodiscard]] const QList<changes::Notice>& notices() const override { return m_notices; }
    [[nodiscard]] const QList<changes::Waiting>& waitingForMe() const override { return m_waiting; }
    [[nodiscard]] const changes::RoleBook& roleBook() const override { return m_book; }

    [[nodiscard]] QFuture<Result<changes::RequestDetail>> detail(qint64 number) override;
    [[nodiscard]] QFuture<Result<QList<changes::RequestSummary>>>
    history(const changes::HistoryFilter& filter) override;
    [[nodiscard]] QFuture<Result<QList<changes::AuditEntry>>> audit(const changes::AuditFilter& filter) override;
    [[nodiscard]] QFuture<Result<changes::AuditVerdict>> verifyAudit(qint64 fromSeq) override;

    [[nodiscard]] Written create(const changes::RequestFields& fields, const changes::Plan& plan) override;
    [[nodiscard]] Written createRecord(const changes::RequestFields& fields, const QString& platform) override;
    [[nodiscard]] Written edit(qint64 number, int revision, const changes::RequestFields& fields,
                               const changes::Plan& plan) override;
    [[nodiscard]] Written submit(qint64 number, int revision, const QByteArray& sha256) override;
    [[nodiscard]] Written cancel(qint64 number, const QString& reason) override;
    [[nodiscard]] Written approve(qint64 number, int revision, const QByteArray& sha256, const QString& comment,
                                  const QString& code) override;
    [[nodiscard]] Written reject(qint64 number, int revision, const QByteArray& sha256,
                                 const QString& comment) override;
    [[nodiscard]] Written schedule(qint64 number, int revision, const QDateTime& notBefore,
                                   const QDateTime& notAfter) override;
    [[nodiscard]] Written close(qint64 number, const QString& note) override;
    [[nodiscard]] Written breakGlass(qint64 number, int revision, const QByteArray& sha256, const QString& reason,
                                     const QString& incident, const QString& typed, const QString& code) override;
    [[nodiscard]] Written review(qint64 number, bool accepted, const QString& comment) override;
    [[nodiscard]] Written setWindow(const changes::TimeWindow& window, const QString& reason = {},
                                    qint64 replaces = 0) override;
    [[nodiscard]] Written endWindow(qint64 id, const QString& reason) override;
    [[nodiscard]] Written setPolicy(const QString& platform, const QJsonObject& body, const QString& reason,
                                    int seen) override;
    [[nodiscard]] Written keepTemplate(const QString& name, const QJsonObject& body) override;
    [[nodiscard]] Written approveTemplate(const QString& name, int version) override;
    [[nodiscard]] QFuture<Result<changes::Enrolment>> enrollTotp() override;
    [[nodiscard]] QFuture<Result<void>> confirmTotp(const QString& code) override;
    void acceptRecord() override;
    void refresh() override { ++refreshes; }

private:
    using Refusal = std::optional<Error>;
    /// Looks the request up, judges, changes it, writes the audit and tells followers.
    template <typename F>
    Written change(qint64 number, const QString& action, F f);
    [[nodiscard]] Refusal asSeen(const changes::RequestDetail& detail, int revision, const QByteArray& sha256) const;
    [[nodiscard]] Refusal stepUp(const QString& given) const;
    [[nodiscard]] Refusal place(changes::RequestDetail& detail);
    void rebuild();
    [[nodiscard]] QDateTime now() const { return QDateTime::fromMSecsSinceEpoch(m_clock.nowMs(), Qt::UTC); }

    Clock& m_clock;
    changes::DeskStatus m_status;
    changes::Person m_person;
    std::map<qint64, changes::RequestDetail> m_requests;
    QList<changes::RequestSummary> m_rows;
    QList<changes::TimeWindow> m_windows;
    QList<changes::Policy> m_policies;
    QList<changes::StoredTemplate> m_templates;
    QList<changes::Review> m_reviews;
    QList<changes::Notice> m_notices;
    QList<changes::Waiting> m_waiting;
    changes::RoleBook m_book;
    QList<changes::AuditEntry> m_audit; ///< oldest first
    std::optional<Error> m_failure;
};

} // namespace wk::test
