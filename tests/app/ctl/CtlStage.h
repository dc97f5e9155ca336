// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/PostgresServer.h"
#include "support/Process.h"

#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>

namespace wk::test {

/// What watchkeeperctl's change commands are tested on: a store of its own with people in it, and a cluster.
///
/// People: anna and carl (operators), bob (tech lead), olga (operations), vera (viewer).
class CtlStage
{
public:
    CtlStage();
    ~CtlStage();

    /// The store. Fails where PostgreSQL is not installed (Error::Kind::NotFound).
    [[nodiscard]] Result<void> startStore();
    /// The simulated fleet, without troubles of its own.
    [[nodiscard]] bool startFleet();
    /// Another cluster instead of the fleet.
    void useCluster(const QString& kubeconfig) { m_kubeconfig = kubeconfig; }

    /// Another database, with the same people: for what must not be seen by other tests.
    [[nodiscard]] Result<void> freshDatabase();
    /// The class of a cluster of a platform in the store.
    void setClass(const QString& platform, const QString& cluster, const QString& klass) const;

    [[nodiscard]] Ran ctl(const QString& person, const QStringList& arguments, const QByteArray& input = {}) const;
    /// As somebody without a team: with a private store.
    [[nodiscard]] Ran ctlAlone(const QStringList& arguments) const;
    /// As ctl(), but for its end nobody waits.
    [[nodiscard]] std::unique_ptr<QProcess> begin(const QString& person, const QStringList& arguments) const;
    [[nodiscard]] Ran kubectl(const QString& context, const QStringList& arguments) const;
    /// What a command with -o json said.
    [[nodiscard]] static QJsonObject json(const Ran& ran);

    /// The store as that person reaches it.
    [[nodiscard]] store::Address address(const QString& person) const { return m_postgres.address(person, m_database); }
    /// As the database's superuser.
    [[nodiscard]] store::Session superuser() const
    {
        return m_postgres.session(QStringLiteral("postgres"), m_database);
    }
    /// Writes a file and gives its path.
    QString file(const QString& name, const QByteArray& content) const;
    [[nodiscard]] qint64 fleetPid() const { return m_fleet ? m_fleet->processId() : 0; }

private:
    [[nodiscard]] QStringList environment(const QString& person) const;
    [[nodiscard]] QStringList withCluster(const QStringList& arguments) const;

    QTemporaryDir m_home, m_private;
    PostgresServer m_postgres;
    QString m_database, m_kubeconfig;
    std::unique_ptr<QProcess> m_fleet;
};

/// A step that does `action` to an object of `kind` in the namespace.
[[nodiscard]] QJsonObject actionStep(const QString& action, const QString& cluster, const QString& kind,
                                     const QString& space, const QString& name, const QJsonObject& parameters = {});
/// A plan file's content.
[[nodiscard]] QByteArray planText(const QString& platform, const QString& title, const QList<QJsonObject>& steps);
/// What a request needs to be submitted, besides its plan and title.
[[nodiscard]] QStringList formWords();

} // namespace wk::test

/// Compares the exit code; where it is another, says what the program said.
#define COMPARE_RAN(run, wanted)                                                                                       \
    do {                                                                                                               \
        const wk::test::Ran ran_ = (run);                                                                              \
        QVERIFY2(ran_.code == (wanted), (ran_.out + ran_.err).constData());                                            \
    } while (false)

/// What it said, on either channel, against a regular expression.
#define VERIFY_SAYS(run, pattern)                                                                                      \
    do {                                                                                                               \
        const wk::test::Ran ran_ = (run);                                                                              \
        QVERIFY2(QRegularExpression(pattern).match(QString::fromUtf8(ran_.out + ran_.err)).hasMatch(),                 \
                 (ran_.out + ran_.err).constData());                                                                   \
    } while (false)
