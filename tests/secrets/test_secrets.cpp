// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeychainStore.h"
#include "support/SessionBus.h"

#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::secrets;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

template <typename T>
T wait(QFuture<T> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 40'000))
        qFatal("the future was never fulfilled");
    return future.result();
}

/// The machine's clock, moved on at will.
class LaterClock final : public Clock
{
public:
    [[nodiscard]] qint64 nowMs() const override { return m_clock.nowMs(); }
    [[nodiscard]] qint64 monotonicMs() const override { return m_clock.monotonicMs() + later; }
    [[nodiscard]] std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) override
    {
        return m_clock.after(context, delayMs, std::move(f));
    }
    qint64 later = 0;

private:
    SystemClock m_clock;
};

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

    void runOnBus(const QString& function, SessionBus bus)
    {
        if (insideSessionBus())
            QSKIP("this is the inner run");
        if (const QString why = whyNoSessionBus(bus); !why.isEmpty())
            QSKIP(qPrintable(why));
        QTemporaryDir home;
        const auto ran = runOnSessionBus(bus, function, home.path());
        if (bus == SessionBus::Keyring && ran.out.contains("There is no keychain that works here"))
            QSKIP("the keyring daemon does not start in this environment");
        QVERIFY2(ran.code == 0, ran.out + ran.err);
        QVERIFY2(ran.out.contains("3 passed"), ran.out); // with the two that Qt Test counts
    }

    void refusedInside(Error::Kind kind)
    {
        if (!insideSessionBus())
            QSKIP("runs inside of another function");
        SystemClock clock;
        KeychainStore store(clock, u"watchkeeper-test"_s);
        const auto written = wait(store.write(u"name"_s, "hunter2"));
        QVERIFY(!written);
        QVERIFY2(written.error().kind == kind, qPrintable(written.error().text() + written.error().detail));
        QVERIFY(!written.error().remedy.isEmpty());
        QVERIFY(!(written.error().text() + written.error().detail).contains(u"hunter2"));
        QVERIFY(!wait(store.read(u"name"_s)).has_value());
    }

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
        if (!insideSessionBus())
            QSKIP("runs inside of keychain()");
        SystemClock clock;
        KeychainStore store(clock, u"watchkeeper-test"_s);
        QVERIFY(store.isLasting());
        contract(store);
        QVERIFY(wait(store.write(u"kept"_s, "value")).has_value());
        KeychainStore second(clock, u"watchkeeper-test"_s);
        QCOMPARE(wait(second.read(u"kept"_s)).value(), std::optional<QByteArray>("value"));
    }

    void keychain() { runOnBus(u"keychainInside"_s, SessionBus::Keyring); }

    /// A keychain that is locked after it was used: nothing is read and nothing written, and it is not taken for one
    /// that has no such entry.
    void lockedInside()
    {
        if (!insideSessionBus())
            QSKIP("runs inside of locked()");
        LaterClock clock;
        KeychainStore store(clock, u"watchkeeper-test"_s);
        QVERIFY(wait(store.write(u"kept"_s, "hunter2")).has_value());
        const auto locked =
            test::run(u"dbus-send"_s, {u"--session"_s, u"--print-reply"_s, u"--dest=org.freedesktop.secrets"_s,
                                       u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service.Lock"_s,
                                       u"array:objpath:/org/freedesktop/secrets/collection/login"_s});
        QVERIFY2(locked.code == 0, locked.out + locked.err);
        clock.later = 2 * KeychainStore::TrustMs;
        const auto read = wait(store.read(u"kept"_s));
        QVERIFY2(!read, "a locked keychain answered");
        QCOMPARE(read.error().kind, Error::Kind::Unauthorized);
        QVERIFY2(read.error().text().contains(u"locked"), qPrintable(read.error().text()));
        const auto written = wait(store.write(u"kept"_s, "hunter3"));
        QVERIFY(!written);
        QCOMPARE(written.error().kind, Error::Kind::Unauthorized);
        QVERIFY(!(written.error().text() + written.error().detail).contains(u"hunter"));
    }

    void locked()
    {
        if (QStandardPaths::findExecutable(u"dbus-send"_s).isEmpty())
            QSKIP("dbus-send is not installed");
        runOnBus(u"lockedInside"_s, SessionBus::Keyring);
    }

    void deniedInside() { refusedInside(Error::Kind::Forbidden); }

    /// A session bus that does not let us speak with the keychain.
    void denied() { runOnBus(u"deniedInside"_s, SessionBus::Denying); }

    void absentInside() { refusedInside(Error::Kind::Unsupported); }

    /// A session bus without a keychain, and none that could be started.
    void absent() { runOnBus(u"absentInside"_s, SessionBus::Empty); }

    /// Without a bus there is no keychain: said in words, soon, and the secret is nowhere in them.
    void noKeychainInside() { refusedInside(Error::Kind::Unsupported); }

    void noKeychain()
    {
        if (insideSessionBus())
            QSKIP("this is the inner run");
        QTemporaryDir home;
        const auto ran = test::run(QCoreApplication::applicationFilePath(), {u"noKeychainInside"_s}, 60'000,
                                   {u"WATCHKEEPER_TEST_SESSION_BUS=1"_s, u"HOME="_s + home.path(),
                                    u"DBUS_SESSION_BUS_ADDRESS=unix:path="_s + home.path() + u"/nothing"_s});
        QVERIFY2(ran.code == 0, ran.out + ran.err);
        QVERIFY2(ran.out.contains("3 passed"), ran.out);
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
