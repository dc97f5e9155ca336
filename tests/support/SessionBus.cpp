// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/SessionBus.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QStandardPaths>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

constexpr auto insideVariable = "WATCHKEEPER_TEST_SESSION_BUS";

} // namespace

QString whyNoSessionBus(SessionBus bus)
{
    QStringList programs{u"dbus-run-session"_s};
    if (bus != SessionBus::Empty)
        programs << u"gnome-keyring-daemon"_s;
    for (const QString& name : std::as_const(programs)) {
        if (QStandardPaths::findExecutable(name).isEmpty())
            return u"%1 is not installed"_s.arg(name);
    }
    return {};
}

Ran runOnSessionBus(SessionBus bus, const QString& function, const QString& home, int timeoutMs)
{
    QFile config(home + u"/bus.conf"_s);
    if (!config.open(QIODevice::WriteOnly))
        return {};
    config.write("<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>"
                 "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                 "<allow eavesdrop=\"true\"/><allow own=\"*\"/>");
    if (bus == SessionBus::Denying)
        config.write("<deny send_destination=\"org.freedesktop.secrets\"/>");
    config.write("</policy></busconfig>");
    config.close();
    QString script = u"exec \"$0\" "_s + function;
    if (bus != SessionBus::Empty)
        script.prepend(u"printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && "_s);
    return run(u"dbus-run-session"_s,
               {u"--config-file"_s, config.fileName(), u"--"_s, u"sh"_s, u"-c"_s, script,
                QCoreApplication::applicationFilePath()},
               timeoutMs,
               {QLatin1String(insideVariable) + u"=1"_s, u"HOME="_s + home, u"XDG_DATA_HOME="_s + home + u"/data"_s,
                u"XDG_CONFIG_HOME="_s + home + u"/config"_s, u"XDG_CACHE_HOME="_s + home + u"/cache"_s,
                u"XDG_RUNTIME_DIR="_s + home, u"XDG_CURRENT_DESKTOP=GNOME"_s});
}

bool insideSessionBus() { return qEnvironmentVariableIsSet(insideVariable); }

} // namespace wk::test
