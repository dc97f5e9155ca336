// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/desktop/DBusNotifier.h"

#include "core/Future.h"

#include <QtCore/QPromise>
#include <QtCore/QThreadPool>
#include <QtDBus/QDBusError>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusPendingCall>
#include <QtDBus/QDBusPendingCallWatcher>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

const QString service = u"org.freedesktop.Notifications"_s, path = u"/org/freedesktop/Notifications"_s;
constexpr uchar normal = 1, critical = 2; ///< the specification's urgency levels
const QString defaultAction = u"default"_s;

QDBusMessage method(const QString& name) { return QDBusMessage::createMethodCall(service, path, service, name); }

QString nextName()
{
    static std::atomic<int> count = 0;
    return u"watchkeeper-notifications-%1"_s.arg(++count);
}

} // namespace

DBusNotifier::DBusNotifier(QString bus, QObject* parent)
    : DesktopNotifier(parent), m_address(std::move(bus)), m_name(nextName()), m_bus(QString())
{
}

DBusNotifier::~DBusNotifier() { QDBusConnection::disconnectFromBus(m_name); }

void DBusNotifier::show(const DesktopNote& note)
{
    m_waiting.removeIf([&](const DesktopNote& other) { return other.id == note.id; });
    m_waiting << note;
    if (m_phase == Phase::Ready)
        send();
    else if (m_phase == Phase::Away)
        connectToBus();
}

void DBusNotifier::connectToBus()
{
    m_phase = Phase::Connecting;
    auto promise = std::make_shared<QPromise<QDBusConnection>>();
    promise->start();
    whenDone(promise->future(), this, [this](const QDBusConnection& connection) { onConnected(connection); });
    QThreadPool::globalInstance()->start([promise, address = m_address, name = m_name] {
        promise->addResult(address.isEmpty() ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, name)
                                             : QDBusConnection::connectToBus(address, name));
        promise->finish();
    });
}

void DBusNotifier::onConnected(const QDBusConnection& connection)
{
    m_bus = connection;
    if (!m_bus.isConnected())
        return failAll(tr("there is no D-Bus session: %1").arg(m_bus.lastError().message()));
    m_bus.connect(service, path, service, u"ActionInvoked"_s, this, SLOT(onAction(uint, QString)));
    m_bus.connect(service, path, service, u"NotificationClosed"_s, this, SLOT(onClosed(uint, uint)));
    m_bus.connect(service, path, service, u"ActivationToken"_s, this, SLOT(onToken(uint, QString)));
    askCapabilities();
}

void DBusNotifier::askCapabilities()
{
    call(method(u"GetCapabilities"_s), [this](const QDBusMessage& answer) {
        if (answer.type() != QDBusMessage::ReplyMessage)
            return failAll(tr("no notification service answers: %1").arg(answer.errorMessage()));
        m_markup = answer.arguments().value(0).toStringList().contains(u"body-markup"_s);
        m_phase = Phase::Ready;
        send();
    });
}

void DBusNotifier::send()
{
    for (const DesktopNote& note : std::exchange(m_waiting, {}))
        sendNote(note);
}

void DBusNotifier::sendNote(const DesktopNote& note)
{
    const uint replaced = m_shown.value(note.id, 0);
    m_shown.insert(note.id, replaced);
    QDBusMessage message = method(u"Notify"_s);
    message << u"Watchkeeper"_s << replaced << u"watchkeeper"_s << note.title
            << (m_markup ? note.text.toHtmlEscaped() : note.text) << QStringList{defaultAction, tr("Show it")}
            << QVariantMap{{u"urgency"_s, QVariant::fromValue(note.urgent ? critical : normal)},
                           {u"desktop-entry"_s, u"watchkeeper"_s}}
            << -1; // as long as the server thinks right
    call(message, [this, note, replaced](const QDBusMessage& answer) {
        if (answer.type() != QDBusMessage::ReplyMessage) {
            m_shown.remove(note.id);
            m_phase = Phase::Away; // who serves may be another one the next time
            emit failed(note.id, tr("the notification service refused it: %1").arg(answer.errorMessage()));
            return;
        }
        const uint number = answer.arguments().value(0).toUInt();
        if (m_shown.contains(note.id))
            m_shown.insert(note.id, number);
        else if (number != replaced) // it was taken back meanwhile; the number it replaced was closed by that
            m_bus.asyncCall(method(u"CloseNotification"_s) << number, answerMs);
    });
}

void DBusNotifier::withdraw(const QString& id)
{
    m_waiting.removeIf([&](const DesktopNote& note) { return note.id == id; });
    const uint number = m_shown.take(id);
    if (number != 0)
        m_bus.asyncCall(method(u"CloseNotification"_s) << number, answerMs);
}

void DBusNotifier::failAll(const QString& why)
{
    m_phase = Phase::Away; // asked again with the next note
    QDBusConnection::disconnectFromBus(m_name);
    for (const DesktopNote& note : std::exchange(m_waiting, {}))
        emit failed(note.id, why);
}

void DBusNotifier::call(const QDBusMessage& message, const std::function<void(const QDBusMessage&)>& done)
{
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message, answerMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, done] {
        watcher->deleteLater();
        done(watcher->reply());
    });
}

void DBusNotifier::onAction(uint id, const QString& action)
{
    const QString ours = m_shown.key(id);
    if (id != 0 && !ours.isEmpty() && action == defaultAction)
        emit activated(ours);
}

void DBusNotifier::onClosed(uint id, uint)
{
    if (id != 0)
        m_shown.remove(m_shown.key(id));
}

/// Comes just before ActionInvoked; with it a Wayland compositor lets the window come to the front (xdg-activation).
void DBusNotifier::onToken(uint id, const QString& token)
{
    if (id != 0 && !m_shown.key(id).isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
}

} // namespace wk::app
