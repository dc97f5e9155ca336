// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"

#include <QtCore/QObject>
#include <QtCore/QProcessEnvironment>
#include <QtCore/QStringList>

#include <functional>
#include <memory>
#include <vector>

class QProcess;

namespace wk::platform {

/// Where credential plugins are looked for. A program that was started from a desktop menu does not have the PATH that
/// the person's shell profile sets; so the login shell is asked for it, once, with a time limit.
class ExecEnvironment : public QObject
{
public:
    /// `base` is the environment that plugins inherit. `clock` outlives this object.
    ExecEnvironment(Clock& clock, const QProcessEnvironment& base = QProcessEnvironment::systemEnvironment(),
                    QObject* parent = nullptr);
    ~ExecEnvironment() override;

    struct Found
    {
        QString program;               ///< absolute; empty where it was not found
        QStringList searched;          ///< folders that were looked into, where the command had no separator
        QProcessEnvironment variables; ///< for the plugin; PATH includes the login shell's where that was asked
    };
    /// Calls `done` with the place of `command`, later, on this thread. A command with a separator is taken as it is.
    void find(const QString& command, QObject* context, std::function<void(Found)> done);

    /// How long the login shell may take. Default 5 s.
    void setShellLimitMs(qint64 ms) { m_shellLimitMs = ms; }

private:
    void askShell();
    void shellAnswered(const QByteArray& output);
    [[nodiscard]] Found lookUp(const QString& command) const;

    Clock& m_clock;
    QProcessEnvironment m_base;
    QString m_loginPath;
    enum class Shell { Unasked, Asking, Known } m_shell = Shell::Unasked;
    std::unique_ptr<QProcess> m_process;
    std::shared_ptr<void> m_timer;
    std::vector<std::function<void()>> m_waiting;
    qint64 m_shellLimitMs = 5'000;
};

} // namespace wk::platform
