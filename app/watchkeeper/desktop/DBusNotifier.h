// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/desktop/DesktopNotifier.h"

#include <QtCore/QHash>
#include <QtCore/QMap>
#include <QtCore/QStringList>
#include <QtDBus/QDBusConnection>

class QDBusMessage;

namespace wk::app {

/// Notifications of Linux desktops. Protocol: Desktop Notifications Specification 1.2 (org.freedesktop.Notifications).
/// Also the connection to the bus is made on another thread: its server may be slow to start.
class DBusNotifier final : public DesktopNotifier
{
    Q_OBJECT
public:
    static constexpr int answerMs = 10'000; ///< after which a call counts as failed

    /// `bus`: an address of a bus; empty: the session's.
    explicit DBusNotifier(QString bus = {}, QObject* parent = nullptr);
    ~DBusNotifier() override;

    void show(const DesktopNote& note) override;
    void withdraw(const QString& id) override;

private slots:
    // By name: QtDBus connects signals of the bus to slots only so.
    void onAction(uint id, const QString& action);
    void onClosed(uint id, uint reason);
    void onToken(uint id, const QString& token);

private:
    enum class Phase { Away, Connecting, Ready };

    void connectToBus();
    void onConnected(const QDBusConnection& connection);
    void askCapabilities();
    void send();
    void sendNote(const DesktopNote& note);
    void failAll(const QString& why);
    void call(const QDBusMessage& message, const std::function<void(const QDBusMessage& answer)>& done);

    QString m_address, m_name;
    QDBusConnection m_bus;
    Phase m_phase = Phase::Away;
    bool m_markup = false;        ///< the server reads the text as markup
    QList<DesktopNote> m_waiting; ///< until the server has answered who it is
    QHash<QString, uint> m_shown; ///< server's number by our id; 0: it has not answered yet
};

} // namespace wk::app
