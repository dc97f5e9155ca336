// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeychainStore.h"
#include "support/Process.h"

#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::secrets;
using namespace Qt::StringLiterals;

namespace {

constexpr auto InsideVariable = "WATCHKEEPER_TEST_KEYRING";

template <typename T>
T wait(QFuture<T> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 40'000))
        qFatal("the future was never fulfilled");
    return future.result();
}

/// What every SecretStore keeps to.
void contract(SecretStore& store)
{
    const QString name = u"postgresql://anna@db.example/watchkeeper"_s;
    const QByteArray secret = QByteArray("sécret\0with a zero", 19);
    QVERIFY(!wait(store.read(name)).value().has_value());
    QVERIFY(wait(store.write(name, "first")).has_value());
    QVERIFY(wait(store.write(name, secret)).has_value());
    QCOMPARE(wait(store.read(name)).value(), std::optional(secret));
    QVERIFY(!wait(store.read(u"another"_s)).value().has_value());
    QVERIFY(wait(store.remove(name)).has_value());
    QVERIFY(wait(store.remove(name)).has_value());
    QVERIFY(!wait(store.read(name)).value().has_value());
}

} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT
private slots:
    void memory()
    {
        MemoryStore store;
        QVERIFY(!store.isLasting());
        contract(store);
    }

    /// Inside a session bus with an unlocked keyring, which keychain() starts this program in.
    void keychainInside()
    {
        if (!qEnvironmentVariableIsSet(InsideVariable))
            QSKIP("runs inside of keychain()");
        SystemClock clock;
        KeychainStore store(clock, u"watchkeeper-test"_s);
        QVERIFY(store.isLasting());
        contract(store);
        QVERIFY(wait(store.write(u"kept"_s, "value")).has_value());
        KeychainStore second(clock, u"watchkeeper-test"_s);
        QCOMPARE(wait(second.read(u"kept"_s)).value(), std::optional<QByteArray>("value"));
    }

    void keychain()
    {
        if (qEnvironmentVariableIsSet(InsideVariable))
            QSKIP("this is the inner run");
        for (const char* name : {"dbus-run-session", "gnome-keyring-daemon"}) {
            if (QStandardPaths::findExecutable(QLatin1String(name)).isEmpty())
                QSKIP(qPrintable(u"%1 is not installed"_s.arg(QLatin1String(name))));
        }
        QTemporaryDir home;
        const QString script = u"printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && "
                               "exec \"$0\" keychainInside"_s;
        const auto ran = test::run(
            u"dbus-run-session"_s, {u"--"_s, u"sh"_s, u"-c"_s, script, QCoreApplication::applicationFilePath()}, 60'000,
            {QLatin1String(InsideVariable) + u"=1"_s, u"HOME="_s + home.path(), u"XDG_DATA_HOME="_s + home.path(),
             u"XDG_RUNTIME_DIR="_s + home.path(), u"XDG_CURRENT_DESKTOP=GNOME"_s});
        if (ran.out.contains("There is no keychain that works here"))
            QSKIP("the keyring daemon does not start in this environment");
        QVERIFY2(ran.code == 0, ran.out + ran.err);
    }

    /// Without a bus there is no keychain: said in words, soon, and the secret is nowhere in them.
    void noKeychainInside()
    {
        if (qEnvironmentVariable(InsideVariable) != u"none")
            QSKIP("runs inside of noKeychain()");
        SystemClock clock;
        KeychainStore store(clock, u"watchkeeper-test"_s);
        const auto written = wait(store.write(u"name"_s, "hunter2"));
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::Unsupported);
        QVERIFY(!written.error().remedy.isEmpty());
        QVERIFY(!(written.error().text() + written.error().detail).contains(u"hunter2"));
        QVERIFY(!wait(store.read(u"name"_s)).has_value());
    }

    void noKeychain()
    {
        if (qEnvironmentVariableIsSet(InsideVariable))
            QSKIP("this is the inner run");
        QTemporaryDir home;
        const auto ran = test::run(QCoreApplication::applicationFilePath(), {u"noKeychainInside"_s}, 60'000,
                                   {QLatin1String(InsideVariable) + u"=none"_s, u"HOME="_s + home.path(),
                                    u"DBUS_SESSION_BUS_ADDRESS=unix:path="_s + home.path() + u"/nothing"_s});
        QVERIFY2(ran.code == 0, ran.out + ran.err);
        QVERIFY2(ran.out.contains("1 passed") || ran.out.contains("3 passed"), ran.out);
    }

    void destroyedWhileAsking()
    {
        SystemClock clock;
        QFuture<Result<void>> future;
        {
            KeychainStore store(clock, u"watchkeeper-test"_s);
            future = store.write(u"name"_s, "value");
        }
        QVERIFY(future.isFinished());
        if (!future.result())
            QVERIFY(future.result().error().kind == Error::Kind::Cancelled ||
                    future.result().error().kind == Error::Kind::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "test_secrets.moc"
