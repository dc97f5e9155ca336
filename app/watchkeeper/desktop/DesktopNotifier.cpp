// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/desktop/DesktopNotifier.h"

#ifdef WATCHKEEPER_DBUS
#include "watchkeeper/desktop/DBusNotifier.h"
#endif

namespace wk::app {

#ifdef WATCHKEEPER_DBUS

std::shared_ptr<DesktopNotifier> desktopNotifier() { return std::make_shared<DBusNotifier>(); }

#else

namespace {

class NoNotifier final : public DesktopNotifier
{
public:
    void show(const DesktopNote& note) override { emit failed(note.id, tr("this program was built without D-Bus")); }
    void withdraw(const QString&) override {}
};

} // namespace

std::shared_ptr<DesktopNotifier> desktopNotifier() { return std::make_shared<NoNotifier>(); }

#endif

} // namespace wk::app
