// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/ExecEnvironment.h"

#include "platform/ProcessEnd.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QPointer>
#include <QtCore/QProcess>
#include <QtCore/QTimer>

namespace wk::platform {

using namespace Qt::StringLiterals;

namespace {

// Profiles print greetings: the answer stands between marks.
constexpr auto Mark = "--watchkeeper-path--";

QStringList folders(const QString& path) { return path.split(QDir::listSeparator(), Qt::SkipEmptyParts); }

QString findIn(const QString& command, const QStringList& paths)
{
    for (const QString& folder : paths) {
        // A relative entry in PATH would run whatever lies in the current folder; Go's os/exec refuses it too.
        if (!QDir::isAbsolutePath(folder))
            continue;
        const QFileInfo file(QDir(folder).filePath(command));
        if (file.isFile() && file.isExecutable())
            return file.absoluteFilePath();
    }
    return {};
}

} // namespace

ExecEnvironment::ExecEnvironment(Clock& clock, const QProcessEnvironment& base, QObject* parent)
    : QObject(parent), m_clock(clock), m_base(base)
{
#ifdef Q_OS_WIN
    m_shell = Shell::Known;
#endif
}

ExecEnvironment::~ExecEnvironment() { endProcess(std::move(m_process)); }

ExecEnvironment::Found ExecEnvironment::lookUp(const QString& command) const
{
    Found found;
    found.variables = m_base;
    QStringList paths = folders(m_base.value(u"PATH"_s));
    paths += folders(m_loginPath);
    paths.removeDuplicates();
    if (!m_loginPath.isEmpty())
        found.variables.insert(u"PATH"_s, paths.join(QDir::listSeparator()));
    if (command.contains(u'/') || QDir::isAbsolutePath(command)) {
        const QFileInfo file(command);
        found.program = file.isFile() && file.isExecutable() ? file.absoluteFilePath() : QString();
    } else {
        found.searched = paths;
        found.program = findIn(command, paths);
    }
    return found;
}

void ExecEnvironment::find(const QString& command, QObject* context, std::function<void(Found)> done)
{
    auto answer = [this, command, guard = QPointer<QObject>(context), done = std::move(done)] {
        if (guard)
            done(lookUp(command));
    };
    // SHLVL is set in whatever a shell has started: then PATH is the person's own already.
    const bool fromShell = m_base.contains(u"SHLVL"_s);
    const bool enough = m_shell == Shell::Known || (fromShell && !lookUp(command).program.isEmpty());
    if (enough) {
        QTimer::singleShot(0, this, std::move(answer));
        return;
    }
    m_waiting.push_back(std::move(answer));
    if (m_shell == Shell::Unasked)
        askShell();
}

void ExecEnvironment::askShell()
{
    m_shell = Shell::Asking;
    QString shell = m_base.value(u"SHELL"_s);
    if (shell.isEmpty())
        shell = u"/bin/sh"_s;
    m_process = std::make_unique<QProcess>();
    m_process->setProcessEnvironment(m_base);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->setProgram(shell);
    m_process->setArguments(
        {u"-lc"_s, u"printf '%s%s%s' '%1' \"$PATH\" '%1'"_s.replace("%1"_L1, QLatin1StringView(Mark))});
    QObject::connect(m_process.get(), &QProcess::finished, this,
                     [this] { shellAnswered(m_process->readAllStandardOutput()); });
    QObject::connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            shellAnswered({});
    });
    m_timer = m_clock.after(this, m_shellLimitMs, [this] { shellAnswered({}); });
    m_process->start();
}

void ExecEnvironment::shellAnswered(const QByteArray& output)
{
    if (m_shell == Shell::Known)
        return;
    m_shell = Shell::Known;
    m_timer.reset();
    const auto begin = output.indexOf(Mark);
    const auto end = output.lastIndexOf(Mark);
    const auto length = qsizetype(qstrlen(Mark));
    if (begin >= 0 && end > begin)
        m_loginPath = QString::fromLocal8Bit(output.mid(begin + length, end - begin - length));
    endProcess(std::move(m_process));
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& answer : waiting)
        answer();
}

} // namespace wk::platform
