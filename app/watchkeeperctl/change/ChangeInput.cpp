// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeInput.h"

#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace wk::ctl {

namespace {

constexpr qsizetype maxLine = 64 << 10;

int signalEnds[2] = {-1, -1};

/// A handler may do no more than write a byte.
void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(signalEnds[0], &byte, 1);
}

void handleSignals(void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

} // namespace

ChangeInput::ChangeInput(QObject* parent) : QObject(parent)
{
    if (signalEnds[0] < 0 && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalEnds) != 0)
        return; // then a signal ends the program, as it always does
    m_signals = std::make_unique<QSocketNotifier>(signalEnds[1], QSocketNotifier::Read);
    connect(m_signals.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        if (::read(signalEnds[1], &byte, 1) == 1)
            emit interrupted();
    });
    handleSignals(&onSignal);
}

ChangeInput::~ChangeInput() { handleSignals(SIG_DFL); }

void ChangeInput::read()
{
    if (m_input || m_ended)
        return;
    m_input = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
    connect(m_input.get(), &QSocketNotifier::activated, this, &ChangeInput::readMore);
}

void ChangeInput::readMore()
{
    char bytes[4096];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0)
        m_buffer.append(bytes, got);
    const bool over = got <= 0 || m_buffer.size() > maxLine;
    for (qsizetype end = m_buffer.indexOf('\n'); end >= 0; end = m_buffer.indexOf('\n')) {
        const QByteArray text = m_buffer.left(end);
        m_buffer.remove(0, end + 1);
        emit line(QString::fromUtf8(text).trimmed());
    }
    if (!over || m_ended)
        return;
    m_ended = true;
    m_input->setEnabled(false);
    emit ended();
}

} // namespace wk::ctl
