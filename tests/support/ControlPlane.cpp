// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/ControlPlane.h"

#include "support/Process.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {
QString script() { return QStringLiteral(SOURCE_ROOT "/tests/live/control-plane.sh"); }
} // namespace

ControlPlane::ControlPlane() : m_directory(std::make_unique<QTemporaryDir>()) {}

ControlPlane::~ControlPlane()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(20'000))
        m_process.kill();
}

QString ControlPlane::missing()
{
    const Ran ran = run(script(), {u"check"_s});
    if (ran.code == 0)
        return {};
    const QString reason = QString::fromUtf8(ran.out + ran.err).trimmed();
    return reason.isEmpty() ? script() + u" check failed without a word"_s : reason;
}

bool ControlPlane::start(int nodes)
{
    m_port = freePorts({0, 1, 2, 100, 101, 102, 103, 104, 105});
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(script(), {u"run"_s, directory(), QString::number(m_port), QString::number(nodes)});
    const QByteArray line = answer(180'000);
    if (!line.startsWith("ready")) {
        m_error = u"the control plane did not start: "_s + QString::fromUtf8(line);
        return false;
    }
    m_features = QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts).sliced(1);
    return true;
}

bool ControlPlane::command(const QByteArray& line, int timeoutMs)
{
    m_process.write(line + '\n');
    const QByteArray said = answer(timeoutMs);
    if (said != "ok")
        m_error = QString::fromUtf8(line + ": " + said);
    return said == "ok";
}

QByteArray ControlPlane::answer(int timeoutMs)
{
    QByteArray found;
    QByteArray noise;
    const auto answered = [&] {
        m_buffer += m_process.readAll();
        for (qsizetype end = m_buffer.indexOf('\n'); end >= 0; end = m_buffer.indexOf('\n')) {
            const QByteArray line = m_buffer.left(end);
            m_buffer.remove(0, end + 1);
            if (line == "ok" || line.startsWith("ready") || line.startsWith("failed")) {
                found = line;
                return true;
            }
            noise += line + "; ";
        }
        return m_process.state() == QProcess::NotRunning;
    };
    if (!QTest::qWaitFor(answered, timeoutMs))
        return "no answer in time; " + noise;
    return found.isEmpty() ? "the script ended; " + noise : found;
}

QString ControlPlane::kubeconfigThrough(quint16 port) const
{
    QFile original(kubeconfig());
    if (!original.open(QIODevice::ReadOnly))
        return {};
    QString text = QString::fromUtf8(original.readAll());
    text.replace(QRegularExpression(u"https://127\\.0\\.0\\.1:\\d+"_s), u"https://127.0.0.1:%1"_s.arg(port));
    const QString path = m_directory->filePath(u"kubeconfig-%1"_s.arg(port));
    QFile copy(path);
    if (!copy.open(QIODevice::WriteOnly) || copy.write(text.toUtf8()) < 0)
        return {};
    return path;
}

} // namespace wk::test
