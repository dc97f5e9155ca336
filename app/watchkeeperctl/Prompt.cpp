// SPDX-License-Identifier: GPL-3.0-or-later
#include "Prompt.h"

#include <QtCore/QCoreApplication>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace wk::ctl {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

volatile std::sig_atomic_t interrupted = 0;

void onInterrupt(int) { interrupted = 1; }

/// One line, byte by byte: what follows it belongs to whoever reads next. Nothing at the end of the input.
std::optional<QByteArray> readLine(int file)
{
    QByteArray line;
    for (char byte = 0;;) {
        const ssize_t got = read(file, &byte, 1);
        if (got < 0 && errno == EINTR && !interrupted)
            continue;
        if (got <= 0)
            return line.isEmpty() ? std::nullopt : std::optional(line);
        if (byte == '\n')
            return line;
        line += byte;
    }
}

} // namespace

bool canAskSecret() { return isatty(STDIN_FILENO) == 1; }

Result<QByteArray> askSecret(const QString& question)
{
    const int terminal = canAskSecret() ? open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (terminal < 0)
        return fail(Error::Kind::Unauthorized, Texts::tr("A password is asked for, and there is no terminal to ask at"),
                    {}, Texts::tr("Put it into the keychain, into ~/.pgpass, or write it to --password-stdin"));
    termios before{};
    tcgetattr(terminal, &before);
    termios quiet = before;
    quiet.c_lflag &= ~tcflag_t(ECHO);
    quiet.c_lflag |= ECHONL;
    // Interrupted, the terminal must be heard again before the program ends.
    struct sigaction action
    {
    };
    struct sigaction former
    {
    };
    action.sa_handler = onInterrupt;
    interrupted = 0;
    sigaction(SIGINT, &action, &former);
    tcsetattr(terminal, TCSAFLUSH, &quiet);
    const QByteArray text = question.toUtf8();
    const bool asked = write(terminal, text.constData(), size_t(text.size())) == text.size();
    auto line = asked ? readLine(terminal) : std::nullopt;
    tcsetattr(terminal, TCSAFLUSH, &before);
    sigaction(SIGINT, &former, nullptr);
    close(terminal);
    if (interrupted)
        std::raise(SIGINT);
    if (!line)
        return fail(Error::Kind::Unauthorized, Texts::tr("No password was entered"));
    return *line;
}

Result<QByteArray> askNewSecret(const QString& question, const QString& again)
{
    auto first = canAskSecret() ? askSecret(question) : readSecretLine();
    if (!first)
        return first;
    if (first->isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("The password is empty"));
    if (canAskSecret()) {
        const auto second = askSecret(again);
        if (!second)
            return second;
        if (*first != *second)
            return fail(Error::Kind::BadInput, Texts::tr("The two passwords are not the same"));
    }
    return first;
}

Result<QByteArray> readSecretLine()
{
    auto line = readLine(STDIN_FILENO);
    if (!line)
        return fail(Error::Kind::Unauthorized, Texts::tr("Standard input holds no line with a password"));
    if (line->endsWith('\r'))
        line->chop(1);
    return *line;
}

} // namespace wk::ctl
