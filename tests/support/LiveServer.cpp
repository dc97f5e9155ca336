// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/LiveServer.h"

#include "support/Process.h"

#include <QtCore/QFile>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

/// Several kubeconfigs as one, put together by kubectl itself; false where one of them is not there.
bool merge(const QStringList& files, const QString& into)
{
    if (!std::ranges::all_of(files, [](const QString& file) { return QFile::exists(file); }))
        return false;
    const Ran ran = run(u"kubectl"_s, {u"config"_s, u"view"_s, u"--raw"_s, u"--flatten"_s}, 20'000,
                        {u"KUBECONFIG="_s + files.join(u':')});
    QFile out(into);
    return ran.code == 0 && out.open(QIODevice::WriteOnly) && out.write(ran.out) == ran.out.size();
}

} // namespace

LiveServer::LiveServer() : LiveServer(isFleet()) {}

LiveServer::LiveServer(bool fleet, const QStringList& fleetArguments)
    : m_home(std::make_unique<QTemporaryDir>()), m_isFleet(fleet), m_fleetArguments(fleetArguments)
{
}

LiveServer::~LiveServer()
{
    if (!m_fleet)
        return;
    m_fleet->terminate();
    if (!m_fleet->waitForFinished(10'000))
        m_fleet->kill();
}

bool LiveServer::isFleet() { return qEnvironmentVariable("WATCHKEEPER_LIVE_SERVER") == u"fleet"; }

QString LiveServer::missing(bool fleet)
{
    if (QStandardPaths::findExecutable(u"kubectl"_s).isEmpty())
        return u"kubectl is not installed (Debian: kubernetes-client)"_s;
    if (fleet)
        return QFile::exists(program(u"watchkeeper-fleet"_s)) ? QString() : u"watchkeeper-fleet was not built"_s;
    return ControlPlane::missing();
}

bool LiveServer::start(int nodes)
{
    if (!m_isFleet) {
        m_controlPlane = std::make_unique<ControlPlane>();
        const bool started = m_controlPlane->start(nodes);
        m_error = m_controlPlane->error();
        return started;
    }
    const QString directory = m_home->filePath(u"fleet"_s);
    m_fleetKubeconfig = directory + u"/kubeconfig-all"_s;
    m_fleet = std::make_unique<QProcess>();
    m_fleet->setStandardOutputFile(m_home->filePath(u"fleet.log"_s));
    m_fleet->setStandardErrorFile(m_home->filePath(u"fleet.log"_s), QIODevice::Append);
    m_fleet->start(program(u"watchkeeper-fleet"_s),
                   QStringList{u"--state-dir"_s, directory, u"--port-base"_s, u"0"_s, u"--seed"_s, u"7"_s} +
                       m_fleetArguments);
    const bool ready = QTest::qWaitFor(
        [this, directory] {
            // Its contexts for people with fewer rights stand in a file of their own.
            return m_fleet->state() == QProcess::NotRunning ||
                   (merge({directory + u"/kubeconfig"_s, directory + u"/kubeconfig-roles"_s}, m_fleetKubeconfig) &&
                    kubectl(contexts().first(), {u"get"_s, u"namespaces"_s}).code == 0);
        },
        60'000);
    if (!ready || m_fleet->state() == QProcess::NotRunning) {
        QFile log(m_home->filePath(u"fleet.log"_s));
        m_error = u"the fleet did not start: "_s +
                  (log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll().right(1000)) : log.errorString());
        return false;
    }
    return true;
}

QString LiveServer::kubeconfig() const { return m_controlPlane ? m_controlPlane->kubeconfig() : m_fleetKubeconfig; }

QStringList LiveServer::contexts() const
{
    return m_isFleet ? QStringList{u"streamgate"_s, u"streamgate-viewer"_s} : QStringList{u"admin"_s, u"viewer"_s};
}

Ran LiveServer::kubectl(const QString& context, const QStringList& arguments, const QByteArray& input) const
{
    return run(u"kubectl"_s, QStringList{u"--kubeconfig"_s, kubeconfig(), u"--context"_s, context} + arguments, 120'000,
               {u"HOME="_s + m_home->path()}, input);
}

Ran LiveServer::ctl(const QString& context, const QStringList& arguments) const
{
    return run(program(u"watchkeeperctl"_s),
               arguments + QStringList{u"--kubeconfig"_s, kubeconfig(), u"--context"_s, context}, 60'000,
               {u"HOME="_s + m_home->path()});
}

Comparison LiveServer::compareWithKubectl(const QString& context, const QStringList& kubectlArguments,
                                          const std::function<QByteArray()>& ours) const
{
    Comparison result;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const TextTable before = TextTable::parse(kubectl(context, kubectlArguments).out);
        const TextTable middle = TextTable::parse(ours());
        const TextTable after = TextTable::parse(kubectl(context, kubectlArguments).out);
        result = compare(before, middle, after);
        if (result.differences.isEmpty() && result.unsettled.isEmpty())
            return result;
    }
    return result;
}

} // namespace wk::test
