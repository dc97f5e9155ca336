// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Process.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QRandomGenerator>
#include <QtNetwork/QTcpServer>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

Ran run(const QString& program, const QStringList& arguments, int timeoutMs, const QStringList& environment,
        const QByteArray& input)
{
    Ran ran;
    QProcess process;
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    for (const QString& entry : environment)
        env.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
    process.setProcessEnvironment(env);
    QElapsedTimer timer;
    timer.start();
    bool ended = false;
    QObject::connect(&process, &QProcess::finished, &process, [&] { ended = true; });
    QObject::connect(&process, &QProcess::errorOccurred, &process, [&](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended = true;
    });
    process.start(program, arguments);
    if (!input.isEmpty())
        process.write(input);
    process.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return ended; }, timeoutMs)) {
        process.kill();
        process.waitForFinished(5000);
        ran.code = -2;
    } else if (process.error() == QProcess::FailedToStart) {
        ran.err = process.errorString().toUtf8();
    } else {
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }
    ran.ms = timer.elapsed();
    ran.out = process.readAllStandardOutput();
    ran.err += process.readAllStandardError();
    return ran;
}

QString program(const QString& name) { return qEnvironmentVariable("WATCHKEEPER_BIN") + u'/' + name; }

quint16 freePorts(const QList<int>& offsets)
{
    for (int attempt = 0; attempt < 200; ++attempt) {
        const int base = QRandomGenerator::global()->bounded(17'300, 29'000);
        const bool free = std::ranges::all_of(offsets, [base](int offset) {
            QTcpServer probe;
            return probe.listen(QHostAddress::LocalHost, quint16(base + offset));
        });
        if (free)
            return quint16(base);
    }
    return 0;
}

} // namespace wk::test
