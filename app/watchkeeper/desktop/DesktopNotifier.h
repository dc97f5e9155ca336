// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QString>

#include <memory>

namespace wk::app {

/// One thing that a person should know of although they look elsewhere.
struct DesktopNote
{
    QString id;          ///< what it is about: another note with the same id takes its place
    QString title, text; ///< plain text
    bool urgent = false; ///< stays until it is seen
    bool operator==(const DesktopNote&) const = default;
};

/// Tells the person through the desktop. An interface, so that it can be tested without one, and be another elsewhere.
class DesktopNotifier : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Never waits.
    virtual void show(const DesktopNote& note) = 0;
    /// It is no longer worth knowing; nothing where it is not shown.
    virtual void withdraw(const QString& id) = 0;

signals:
    /// The person clicked it.
    void activated(const QString& id);
    /// It cannot be shown: `why` for the diagnostic log.
    void failed(const QString& id, const QString& why);
};

/// That of this desktop; one that always fails where the program was built without a way to it.
[[nodiscard]] std::shared_ptr<DesktopNotifier> desktopNotifier();

} // namespace wk::app
