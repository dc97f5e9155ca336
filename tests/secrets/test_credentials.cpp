// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptedKeychain.h"
#include "secrets/CoreDumps.h"
#include "secrets/Credentials.h"

#include <QtCore/QDirIterator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace wk;
using namespace wk::secrets;
using wk::test::ScriptedKeychain;
using namespace Qt::StringLiterals;
using Place = Credential::Place;
using State = Credentials::Keychain::State;

namespace {

template <typename T>
Result<T> wait(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 40'000))
        qFatal("the future was never fulfilled");
    return future.result();
}

const Error locked{Error::Kind::Unauthorized, u"The keychain is locked."_s, {}, u"Unlock it."_s};
const SecretUse login{
    u"shop/prometheus"_s, SecretKind::Token, u"prometheus"_s, u"shop"_s, u"Prometheus of Shop"_s, true};

} // namespace

/// What the programs know of the secrets that a person gave them.
class TestCredentials : public QObject
{
    Q_OBJECT

    struct Bench
    {
        Bench() : keychain(new ScriptedKeychain), credentials(std::unique_ptr<SecretStore>(keychain), ledger, by, clock)
        {
        }
        QTemporaryDir dir;
        ManualClock clock;
        QString by = u"watchkeeper"_s;
        CredentialLedger ledger{dir.filePath(u"data/credentials.json"_s)};
        ScriptedKeychain* keychain;
        Credentials credentials;

        [[nodiscard]] Credential one(const QString& name) const
        {
            for (const Credential& credential : credentials.all())
                if (credential.name == name)
                    return credential;
            return {};
        }
        /// All that was ever written below the directory.
        [[nodiscard]] QByteArray files() const
        {
            QByteArray out;
            QDirIterator it(dir.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
            while (it.hasNext()) {
                QFile file(it.next());
                if (file.open(QIODevice::ReadOnly))
                    out += file.readAll();
            }
            return out;
        }
    };

private slots:
    void theKeychainKeeps()
    {
        Bench bench;
        QSignalSpy told(&bench.credentials, &Credentials::secretChanged);
        QCOMPARE(bench.keychain->asked, 0);
        QVERIFY(wait(bench.credentials.keep(u"shop/prometheus"_s, SecretKind::Token, "hunter2", Keep::Keychain)));
        QCOMPARE(told.count(), 1);
        const Credential one = bench.one(u"shop/prometheus"_s);
        QCOMPARE(one.place, Place::Keychain);
        QCOMPARE(one.kind, SecretKind::Token);
        QCOMPARE(one.sinceMs, std::optional(bench.clock.nowMs()));
        QCOMPARE(one.by, u"watchkeeper"_s);
        QCOMPARE(bench.credentials.keychain().state, State::Works);
        QCOMPARE(*wait(bench.credentials.read(u"shop/prometheus"_s)), std::optional<QByteArray>("hunter2"));
        QVERIFY(bench.files().contains("shop/prometheus"));
        QVERIFY(!bench.files().contains("hunter2"));
        QVERIFY(QFileInfo(bench.ledger.file()).permissions().testFlag(QFile::ReadOwner));
        QVERIFY(!QFileInfo(bench.ledger.file()).permissions().testFlag(QFile::ReadOther));
        // Another program sees the same, and replaces it.
        Credentials other(std::make_unique<MemoryStore>(), bench.ledger, u"watchkeeperctl"_s, bench.clock);
        bench.clock.advance(60'000);
        QVERIFY(wait(other.write(u"shop/prometheus"_s, "hunter3")));
        bench.credentials.look();
        QTRY_COMPARE_WITH_TIMEOUT(bench.credentials.keychain().state, State::Works, 20'000);
        QCOMPARE(bench.one(u"shop/prometheus"_s).by, u"watchkeeperctl"_s);
        QCOMPARE(bench.one(u"shop/prometheus"_s).sinceMs, std::optional(bench.clock.nowMs()));
        QVERIFY(wait(bench.credentials.remove(u"shop/prometheus"_s)));
        QVERIFY(bench.credentials.all().empty());
        QVERIFY(!wait(bench.credentials.read(u"shop/prometheus"_s))->has_value());
    }

    /// What is to be known until the program ends is asked of nobody and written nowhere.
    void theSessionKeeps()
    {
        Bench bench;
        bench.keychain->refusal = locked;
        QVERIFY(wait(bench.credentials.keep(u"hook"_s, SecretKind::Webhook, "hunter2", Keep::Session)));
        QCOMPARE(bench.one(u"hook"_s).place, Place::Session);
        QCOMPARE(bench.one(u"hook"_s).kind, SecretKind::Webhook);
        QCOMPARE(*wait(bench.credentials.read(u"hook"_s)), std::optional<QByteArray>("hunter2"));
        QVERIFY(wait(bench.credentials.remove(u"hook"_s)));
        QVERIFY(bench.credentials.all().empty());
        QCOMPARE(bench.keychain->asked, 0);
        QVERIFY(bench.files().isEmpty());
    }

    /// A keychain that refuses: nothing is kept anywhere, until the person chooses so.
    void refusedIsKeptNowhere()
    {
        Bench bench;
        bench.credentials.setUses({login});
        bench.keychain->refusal = locked;
        QSignalSpy told(&bench.credentials, &Credentials::secretChanged);
        const auto refused = wait(bench.credentials.keep(login.name, login.kind, "hunter2", Keep::Keychain));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Unauthorized);
        QCOMPARE(told.count(), 0);
        QCOMPARE(bench.credentials.keychain().state, State::Failed);
        QCOMPARE(bench.one(login.name).place, Place::NotAsked);
        QVERIFY(bench.files().isEmpty());
        bench.keychain->refusal.reset();
        QVERIFY(!wait(bench.credentials.read(login.name))->has_value());
        // Moved into the keychain, the session has it no longer.
        QVERIFY(wait(bench.credentials.keep(login.name, login.kind, "hunter2", Keep::Session)));
        QVERIFY(wait(bench.credentials.keep(login.name, login.kind, "hunter3", Keep::Keychain)));
        QCOMPARE(bench.one(login.name).place, Place::Keychain);
        QCOMPARE(*wait(bench.credentials.read(login.name)), std::optional<QByteArray>("hunter3"));
        QVERIFY(!wait(bench.credentials.keep(login.name, login.kind, "", Keep::Keychain)));
        QVERIFY(!wait(bench.credentials.keep(u" "_s, login.kind, "x", Keep::Session)));
    }

    void looking()
    {
        Bench bench;
        SecretUse second = login, optional = login;
        second.words = u"Alertmanager of Shop"_s;
        optional.name = u"database shop/prod/orders"_s;
        optional.needed = false;
        bench.credentials.setUses({login, second, optional});
        QCOMPARE(bench.one(login.name).place, Place::NotAsked);
        QCOMPARE(bench.one(login.name).uses.size(), 2U);
        QCOMPARE(bench.keychain->asked, 0);
        bench.credentials.look();
        QCOMPARE(bench.credentials.keychain().state, State::Asking);
        QTRY_COMPARE_WITH_TIMEOUT(bench.credentials.keychain().state, State::Works, 20'000);
        QCOMPARE(bench.one(login.name).place, Place::Missing);
        QVERIFY(bench.one(login.name).isMissed());
        QVERIFY(!bench.one(optional.name).isMissed());
        // What is asked for later is looked at, too, also while others are being asked.
        SecretUse later = login, last = login;
        later.name = u"later"_s;
        last.name = u"last"_s;
        bench.credentials.setUses({login, second, optional, later});
        bench.credentials.setUses({login, second, optional, later, last});
        QTRY_COMPARE_WITH_TIMEOUT(bench.one(later.name).place, Place::Missing, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(bench.one(last.name).place, Place::Missing, 20'000);
        bench.credentials.setUses({login, second, optional});
        QTRY_COMPARE_WITH_TIMEOUT(bench.credentials.keychain().state, State::Works, 20'000);
        // Put there by another program that keeps no list.
        QVERIFY(wait(bench.keychain->store.write(login.name, "x")));
        bench.credentials.look();
        QTRY_COMPARE_WITH_TIMEOUT(bench.one(login.name).place, Place::Keychain, 20'000);
        QVERIFY(!bench.one(login.name).sinceMs);
        // Locked now: what it had is not known any more, and it is asked once, not three times.
        QTRY_COMPARE_WITH_TIMEOUT(bench.credentials.keychain().state, State::Works, 20'000);
        bench.keychain->refusal = locked;
        bench.keychain->asked = 0;
        bench.credentials.look();
        QTRY_COMPARE_WITH_TIMEOUT(bench.credentials.keychain().state, State::Failed, 20'000);
        QCOMPARE(bench.keychain->asked, 1);
        QCOMPARE(bench.one(login.name).place, Place::NotAsked);
        QVERIFY(!bench.one(login.name).isMissed());
    }

    void aLedgerThatCannotBeRead()
    {
        Bench bench;
        QVERIFY(QDir().mkpath(QFileInfo(bench.ledger.file()).path()));
        QFile file(bench.ledger.file());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ no list");
        file.close();
        QVERIFY(wait(bench.credentials.keep(login.name, login.kind, "hunter2", Keep::Keychain)));
        QVERIFY(bench.credentials.problem());
        QVERIFY(bench.credentials.problem()->text().contains(bench.ledger.file()));
        QCOMPARE(bench.files(), QByteArray("{ no list"));
        QCOMPARE(*wait(bench.credentials.read(login.name)), std::optional<QByteArray>("hunter2"));
    }

    /// A process that crashes leaves no core, also where the system would have written one.
    void noCoreIsWritten()
    {
        const auto crashes = [](bool forbidden) {
            const pid_t child = fork();
            if (child == 0) {
                rlimit limit{};
                getrlimit(RLIMIT_CORE, &limit);
                limit.rlim_cur = limit.rlim_max;
                setrlimit(RLIMIT_CORE, &limit);
                if (chdir(qEnvironmentVariable("TMPDIR", u"/tmp"_s).toLocal8Bit().constData()) != 0)
                    _exit(1);
                if (forbidden)
                    forbidCoreDumps();
                signal(SIGABRT, SIG_DFL);
                abort();
            }
            int status = 0;
            waitpid(child, &status, 0);
            return status;
        };
        const int status = crashes(true);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGABRT);
        QVERIFY(!WCOREDUMP(status));
    }
};

QTEST_GUILESS_MAIN(TestCredentials)
#include "test_credentials.moc"
