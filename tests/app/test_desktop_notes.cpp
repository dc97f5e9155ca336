// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is worth a note on the desktop, and the way there: over a real D-Bus daemon of the test's own, to a notification
// service that stands in this program.
#include "watchkeeper/desktop/Attention.h"
#include "watchkeeper/desktop/DBusNotifier.h"

#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;

namespace {

class FakeNotifier final : public DesktopNotifier
{
public:
    void show(const DesktopNote& note) override { shown << note; }
    void withdraw(const QString& id) override { withdrawn << id; }
    QList<DesktopNote> shown;
    QStringList withdrawn;
};

Attention::Thing thing(int number)
{
    return {QString::number(number), u"A change waits for you"_s, u"Request %1 waits."_s.arg(number)};
}

const Attention::Subject waiting{u"waiting"_s, false, [](int count) { return u"%1 wait"_s.arg(count); }};

} // namespace

/// The service as the Desktop Notifications Specification 1.2 describes it, as far as a client can see.
class NotificationService : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    struct Note
    {
        uint number, replaces;
        QString application, title, text;
        QStringList actions;
        QVariantMap hints;
    };
    QList<Note> notes;
    QList<uint> closed;
    bool markup = true;

public slots:
    // The protocol's names.
    QStringList GetCapabilities() const
    {
        return markup ? QStringList{u"body"_s, u"actions"_s, u"body-markup"_s} : QStringList{u"body"_s};
    }
    uint Notify(const QString& application, uint replaces, const QString&, const QString& title, const QString& text,
                const QStringList& actions, const QVariantMap& hints, int)
    {
        const uint number = replaces != 0 ? replaces : ++m_last;
        notes.append({number, replaces, application, title, text, actions, hints});
        return number;
    }
    void CloseNotification(uint number)
    {
        closed << number;
        emit NotificationClosed(number, 3);
    }

signals:
    void ActionInvoked(uint number, const QString& action);
    void NotificationClosed(uint number, uint reason);

private:
    uint m_last = 40;
};

class TestDesktopNotes : public QObject
{
    Q_OBJECT

private slots:
    void eachThingOnce();
    void manyAreOne();
    void switchedOff();
    void aNoteIsShownAndClicked();
    void theSameTakesItsPlace();
    void textIsNeverMarkup();
    void withoutAServiceItSaysSo();
    void withoutABusItSaysSo();
    void cleanup();

private:
    /// Starts a bus, and on it the service; empty, or why there can be none here.
    QString startBus();
    bool serve();

    QProcess m_daemon;
    QString m_address;
    std::unique_ptr<NotificationService> m_service;
};

void TestDesktopNotes::eachThingOnce()
{
    FakeNotifier notifier;
    Attention attention(notifier);
    attention.follow(waiting, {thing(1)});
    QCOMPARE(notifier.shown.size(), 0); // it was there before anybody looked
    attention.follow(waiting, {thing(1), thing(2)});
    attention.follow(waiting, {thing(1), thing(2)});
    QCOMPARE(notifier.shown,
             (QList<DesktopNote>{{u"waiting:2"_s, u"A change waits for you"_s, u"Request 2 waits."_s, false}}));
    QCOMPARE(Attention::about(notifier.shown[0].id), (std::pair{u"waiting"_s, u"2"_s}));
    attention.follow(waiting, {thing(1)});
    QCOMPARE(notifier.withdrawn, QStringList{u"waiting:2"_s});
    // It waits again: that is news again.
    attention.follow(waiting, {thing(1), thing(2)});
    QCOMPARE(notifier.shown.size(), 2);
    attention.forget();
    attention.follow(waiting, {thing(8), thing(9)});
    QCOMPARE(notifier.shown.size(), 2);
}

void TestDesktopNotes::manyAreOne()
{
    FakeNotifier notifier;
    Attention attention(notifier);
    attention.follow(waiting, {});
    QList<Attention::Thing> things;
    for (int number = 1; number <= 40; ++number)
        things << thing(number);
    attention.follow(waiting, things);
    QCOMPARE(notifier.shown.size(), 1);
    QCOMPARE(notifier.shown[0].title, u"40 wait"_s);
    QVERIFY2(notifier.shown[0].text.startsWith(u"Request 1 waits.\n"_s), qPrintable(notifier.shown[0].text));
    QCOMPARE(Attention::about(notifier.shown[0].id), (std::pair{u"waiting"_s, QString()}));
}

void TestDesktopNotes::switchedOff()
{
    FakeNotifier notifier;
    Attention attention(notifier);
    attention.follow(waiting, {});
    attention.setEnabled(false);
    attention.follow(waiting, {thing(1)});
    attention.setEnabled(true);
    attention.follow(waiting, {thing(1)});
    QCOMPARE(notifier.shown.size(), 0);
    attention.follow(waiting, {thing(1), thing(2)});
    QCOMPARE(notifier.shown.size(), 1);
}

QString TestDesktopNotes::startBus()
{
    const QString program = QStandardPaths::findExecutable(u"dbus-daemon"_s);
    if (program.isEmpty())
        return u"dbus-daemon is not installed (Debian: dbus-daemon)"_s;
    m_daemon.start(program, {u"--session"_s, u"--nofork"_s, u"--print-address=1"_s});
    if (!m_daemon.waitForStarted() || !m_daemon.waitForReadyRead(30'000))
        return u"dbus-daemon did not start: "_s + QString::fromLocal8Bit(m_daemon.readAllStandardError());
    m_address = QString::fromLocal8Bit(m_daemon.readLine()).trimmed();
    return {};
}

bool TestDesktopNotes::serve()
{
    m_service = std::make_unique<NotificationService>();
    auto bus = QDBusConnection::connectToBus(m_address, u"test-service"_s);
    return bus.registerObject(u"/org/freedesktop/Notifications"_s, m_service.get(),
                              QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
           bus.registerService(u"org.freedesktop.Notifications"_s);
}

void TestDesktopNotes::cleanup()
{
    QDBusConnection::disconnectFromBus(u"test-service"_s);
    m_service.reset();
    if (m_daemon.state() != QProcess::NotRunning) {
        m_daemon.terminate();
        m_daemon.waitForFinished();
    }
}

#define BUS_OR_SKIP()                                                                                                  \
    if (const QString missing = startBus(); !missing.isEmpty())                                                        \
    QSKIP(qPrintable(missing))

void TestDesktopNotes::aNoteIsShownAndClicked()
{
    BUS_OR_SKIP();
    QVERIFY(serve());
    DBusNotifier notifier(m_address);
    QSignalSpy clicked(&notifier, &DesktopNotifier::activated), failed(&notifier, &DesktopNotifier::failed);
    notifier.show({u"unapproved:7"_s, u"Changed without a request"_s, u"kubectl-edit changed api."_s, true});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 1, 30'000);
    const auto& note = m_service->notes.first();
    QCOMPARE(note.application, u"Watchkeeper"_s);
    QCOMPARE(note.title, u"Changed without a request"_s);
    QCOMPARE(note.text, u"kubectl-edit changed api."_s);
    QCOMPARE(note.actions.first(), u"default"_s);
    QCOMPARE(note.hints.value(u"urgency"_s).toUInt(), 2U);
    QCOMPARE(note.hints.value(u"desktop-entry"_s).toString(), u"watchkeeper"_s);
    notifier.show({u"waiting:3"_s, u"A change waits for you"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 2, 30'000);
    emit m_service->ActionInvoked(99, u"default"_s); // another program's
    emit m_service->ActionInvoked(m_service->notes[0].number, u"default"_s);
    QTRY_COMPARE_WITH_TIMEOUT(clicked.size(), 1, 30'000);
    QCOMPARE(clicked[0][0].toString(), u"unapproved:7"_s);
    QCOMPARE(failed.size(), 0);
}

void TestDesktopNotes::theSameTakesItsPlace()
{
    BUS_OR_SKIP();
    QVERIFY(serve());
    DBusNotifier notifier(m_address);
    notifier.show({u"waiting"_s, u"4 wait"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 1, 30'000);
    const uint number = m_service->notes[0].number;
    // Its number has to be known here before it can be named.
    QSignalSpy clicked(&notifier, &DesktopNotifier::activated);
    const auto known = [&] {
        emit m_service->ActionInvoked(number, u"default"_s);
        return clicked.wait(200);
    };
    QTRY_VERIFY_WITH_TIMEOUT(known(), 30'000);
    notifier.show({u"waiting"_s, u"5 wait"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 2, 30'000);
    QCOMPARE(m_service->notes[1].replaces, number);
    notifier.withdraw(u"never shown"_s);
    notifier.withdraw(u"waiting"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_service->closed, QList<uint>{number}, 30'000);
}

void TestDesktopNotes::textIsNeverMarkup()
{
    BUS_OR_SKIP();
    QVERIFY(serve());
    const QString text = u"image from <none> to a&b"_s;
    {
        DBusNotifier notifier(m_address);
        notifier.show({u"a"_s, u"t"_s, text, false});
        QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 1, 30'000);
        QCOMPARE(m_service->notes[0].text, u"image from &lt;none&gt; to a&amp;b"_s);
    }
    m_service->markup = false;
    DBusNotifier notifier(m_address);
    notifier.show({u"a"_s, u"t"_s, text, false});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 2, 30'000);
    QCOMPARE(m_service->notes[1].text, text);
}

void TestDesktopNotes::withoutAServiceItSaysSo()
{
    BUS_OR_SKIP();
    DBusNotifier notifier(m_address);
    QSignalSpy failed(&notifier, &DesktopNotifier::failed);
    notifier.show({u"a"_s, u"t"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30'000);
    QCOMPARE(failed[0][0].toString(), u"a"_s);
    QVERIFY2(failed[0][1].toString().contains(u"no notification service answers"_s),
             qPrintable(failed[0][1].toString()));
    // One that starts later is found with the next note.
    QVERIFY(serve());
    notifier.show({u"b"_s, u"t"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(m_service->notes.size(), 1, 30'000);
    QCOMPARE(failed.size(), 1);
}

void TestDesktopNotes::withoutABusItSaysSo()
{
    DBusNotifier notifier(u"unix:path=/nowhere/bus"_s);
    QSignalSpy failed(&notifier, &DesktopNotifier::failed);
    notifier.show({u"a"_s, u"t"_s, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30'000);
    QVERIFY2(failed[0][1].toString().contains(u"there is no D-Bus session"_s), qPrintable(failed[0][1].toString()));
}

QTEST_GUILESS_MAIN(TestDesktopNotes)
#include "test_desktop_notes.moc"
