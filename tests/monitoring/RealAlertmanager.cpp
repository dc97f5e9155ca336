// SPDX-License-Identifier: GPL-3.0-or-later
#include "RealAlertmanager.h"

#include "Tools.h"
#include "support/Process.h"

#include <QtCore/QFile>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

/// Debian's program opens its templates at this place only. Where the package is not installed, it gets the place in a
/// mount namespace of its own.
constexpr char templatePath[] = "/usr/share/prometheus/alertmanager/default.tmpl";
constexpr char inNamespace[] = "mount -t tmpfs none /usr/share && mkdir -p /usr/share/prometheus/alertmanager && "
                               "cd /usr/share/prometheus/alertmanager && : >default.tmpl && : >email.tmpl && "
                               "cd / && exec \"$@\"";
const QStringList unshare{u"--user"_s, u"--map-root-user"_s, u"--mount"_s};

bool isWhole() { return QFile::exists(QString::fromLatin1(templatePath)); }

} // namespace

QString RealAlertmanager::missing()
{
    for (const QString& name : {u"prometheus-alertmanager"_s, u"amtool"_s}) {
        if (monitoringTool(name).isEmpty())
            return u"%1 is not on the PATH (Debian has it in the package prometheus-alertmanager)"_s.arg(name);
    }
    if (!isWhole() &&
        run(u"unshare"_s, unshare + QStringList{u"mount"_s, u"-t"_s, u"tmpfs"_s, u"none"_s, u"/usr/share"_s}).code != 0)
        return u"Alertmanager's templates are not installed, and a mount namespace to give it some is not allowed"_s;
    return {};
}

QByteArray RealAlertmanager::amtool(const QStringList& arguments) const
{
    // Neither the person's settings nor a question about newer versions.
    const Ran ran =
        run(monitoringTool(u"amtool"_s), QStringList{u"--alertmanager.url=%1"_s.arg(url().toString())} + arguments,
            60'000, {u"HOME="_s + m_directory.path()});
    return ran.code == 0 ? ran.out : QByteArray();
}

bool RealAlertmanager::startInCluster(const QByteArray& configuration, const RealAlertmanager* peer)
{
    m_port = freePorts({0, 1});
    QStringList gossip{u"--cluster.listen-address="_s + gossipAddress(),
                       u"--cluster.advertise-address="_s + gossipAddress(), u"--cluster.gossip-interval=50ms"_s,
                       u"--cluster.pushpull-interval=1s"_s};
    if (peer)
        gossip << u"--cluster.peer="_s + peer->gossipAddress();
    return startWith(configuration, gossip);
}

bool RealAlertmanager::startWith(const QByteArray& configuration, const QStringList& gossip)
{
    if (!write(u"alertmanager.yml"_s, configuration))
        return false;
    if (gossip.isEmpty())
        m_port = freePorts({0});
    const QStringList command =
        QStringList{monitoringTool(u"prometheus-alertmanager"_s), u"--config.file="_s + path(u"alertmanager.yml"_s),
                    u"--storage.path="_s + path(u"data"_s), u"--web.listen-address=127.0.0.1:%1"_s.arg(m_port)} +
        (gossip.isEmpty() ? QStringList{u"--cluster.listen-address="_s} : gossip);
    const auto answers = [this] {
        return !amtool({u"cluster"_s, u"show"_s}).isEmpty() || !amtool({u"config"_s, u"show"_s}).isEmpty();
    };
    if (isWhole())
        return runs(command.first(), command.sliced(1), answers);
    return runs(u"unshare"_s,
                unshare + QStringList{u"sh"_s, u"-c"_s, QString::fromLatin1(inNamespace), u"sh"_s} + command, answers);
}

} // namespace wk::test
