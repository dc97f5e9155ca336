// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/Process.h"

#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>
#include <QtTest/QTest>

namespace wk::test {

/// A real server on loopback, in a temporary directory. Ends with this object.
class RealServer
{
public:
    RealServer() = default;
    ~RealServer() { stop(); }
    Q_DISABLE_COPY_MOVE(RealServer)

    /// Ends it, as its service manager would.
    void stop()
    {
        m_process.terminate();
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(10'000))
            kill();
    }
    /// Ends it as a power cut does.
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }

    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port)); }

protected:
    [[nodiscard]] QString path(const QString& name) const { return m_directory.filePath(name); }
    /// False and error() where it could not be written.
    [[nodiscard]] bool write(const QString& name, const QByteArray& content)
    {
        QFile file(path(name));
        const bool written = file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
        if (!written)
            m_error = file.errorString();
        return written;
    }
    /// Starts, and waits until it answers. False and error(), the end of its log, where it did not come up.
    [[nodiscard]] bool runs(const QString& program, const QStringList& arguments, const std::function<bool()>& answers)
    {
        m_process.setStandardErrorFile(path(QStringLiteral("log")));
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.start(program, arguments);
        const bool up = QTest::qWaitFor([&] { return m_process.state() == QProcess::NotRunning || answers(); }, 60'000);
        if (up && m_process.state() == QProcess::Running)
            return true;
        QFile log(path(QStringLiteral("log")));
        m_error = log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll()).right(2'000)
                                                : QStringLiteral("it did not start");
        return false;
    }

    QTemporaryDir m_directory;
    QProcess m_process;
    quint16 m_port = 0;
    QString m_error;
};

} // namespace wk::test
