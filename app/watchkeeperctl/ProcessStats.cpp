// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProcessStats.h"

#include <QtCore/QtGlobal>

#include <chrono>

#ifdef Q_OS_UNIX
#include <ctime>
#include <sys/resource.h>
#include <unistd.h>
#endif
#ifdef Q_OS_WIN
#include <psapi.h>
#include <windows.h>
#endif
#ifdef Q_OS_LINUX
#include <cstdio>
#include <cstring>
#endif

namespace wk::ctl {

double secondsSinceProcessStart()
{
#ifdef Q_OS_LINUX
    // Field 22 of /proc/self/stat: start time in clock ticks since boot (proc(5)); the command in field 2 may hold
    // blanks.
    char buffer[1024];
    if (FILE* file = std::fopen("/proc/self/stat", "re")) {
        const size_t n = std::fread(buffer, 1, sizeof buffer - 1, file);
        std::fclose(file);
        buffer[n] = 0;
        unsigned long long ticks = 0;
        const char* end = std::strrchr(buffer, ')');
        timespec now{};
        if (end &&
            std::sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                        &ticks) == 1 &&
            clock_gettime(CLOCK_BOOTTIME, &now) == 0)
            return double(now.tv_sec) + double(now.tv_nsec) / 1e9 - double(ticks) / double(sysconf(_SC_CLK_TCK));
    }
#endif
    static const auto start = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peakResidentMiB()
{
#if defined(Q_OS_WIN)
    PROCESS_MEMORY_COUNTERS counters{};
    if (GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return double(counters.PeakWorkingSetSize) / (1024.0 * 1024.0);
#elif defined(Q_OS_UNIX)
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
#ifdef Q_OS_MACOS
        return double(usage.ru_maxrss) / (1024.0 * 1024.0);
#else
        return double(usage.ru_maxrss) / 1024.0;
#endif
    }
#endif
    return 0;
}

} // namespace wk::ctl
