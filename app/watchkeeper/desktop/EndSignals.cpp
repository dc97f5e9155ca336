// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/desktop/EndSignals.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSocketNotifier>

#ifdef Q_OS_UNIX
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace wk::app {

#ifdef Q_OS_UNIX

namespace {

constexpr int ending[] = {SIGTERM, SIGINT, SIGHUP};
int ends[2] = {-1, -1}; ///< of the pipe from the handler, which may do next to nothing, to the event loop

void tell(int signal)
{
    const char byte = char(signal);
    [[maybe_unused]] const auto told = ::write(ends[1], &byte, 1);
}

} // namespace

EndSignals::EndSignals(QObject* parent) : QObject(parent)
{
    if (::pipe(ends) != 0)
        return; // then signals end the program as ever
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    auto* notifier = new QSocketNotifier(ends[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &EndSignals::onSignal);
    for (const int signal : ending) {
        struct sigaction action
        {
        };
        action.sa_handler = tell;
        action.sa_flags = SA_RESTART | int(SA_RESETHAND); // the second one finds the system's own answer
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

EndSignals::~EndSignals()
{
    for (const int signal : ending)
        ::signal(signal, SIG_DFL);
    for (int& end : ends) {
        if (end >= 0)
            ::close(std::exchange(end, -1));
    }
}

void EndSignals::onSignal()
{
    char byte = 0;
    if (::read(ends[0], &byte, 1) == 1)
        QCoreApplication::quit();
}

#else

EndSignals::EndSignals(QObject* parent) : QObject(parent) {}
EndSignals::~EndSignals() = default;
void EndSignals::onSignal() {}

#endif

} // namespace wk::app
