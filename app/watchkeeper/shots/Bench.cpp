// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shots/Bench.h"

#include "table/TableModel.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QThread>
#include <QtCore/QTimer>

#include <cstdio>
#ifdef Q_OS_UNIX
#include <ctime>
#include <unistd.h>
#endif

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {
constexpr int pollMs = 20;
constexpr int giveUpMs = 120'000;
/// Deliveries closer together than this are one stretch of work to a person who waits.
constexpr qint64 togetherNs = 300'000;
} // namespace

void BusyMeter::restart()
{
    m_startNs = m_clock.nsecsElapsed();
    m_enteredNs = m_leftNs = m_startNs;
    m_busyNs = m_longestNs = m_stretchNs = 0;
}

void BusyMeter::enter()
{
    if (m_depth++ > 0)
        return;
    m_enteredNs = m_clock.nsecsElapsed();
    if (m_enteredNs - m_leftNs > togetherNs)
        m_stretchNs = 0;
}

void BusyMeter::leave()
{
    if (--m_depth > 0)
        return;
    m_leftNs = m_clock.nsecsElapsed();
    m_busyNs += m_leftNs - m_enteredNs;
    m_stretchNs += m_leftNs - m_enteredNs;
    m_longestNs = std::max(m_longestNs, m_stretchNs);
}

bool MeasuredApplication::notify(QObject* receiver, QEvent* event)
{
    // Every thread's events come through here; only the GUI thread's are meant.
    BusyMeter* meter = QThread::currentThread() == thread() ? m_meter : nullptr;
    if (!meter)
        return QApplication::notify(receiver, event);
    meter->enter();
    const bool handled = QApplication::notify(receiver, event);
    meter->leave();
    return handled;
}

double BusyMeter::share() const
{
    const qint64 now = m_clock.nsecsElapsed();
    const qint64 busy = m_busyNs + (m_depth > 0 ? now - m_enteredNs : 0);
    return now > m_startNs ? double(busy) / double(now - m_startNs) : 0;
}

double Bench::sinceProcessStartMs()
{
#ifdef Q_OS_LINUX
    // proc(5): field 22 of stat is the start time in clock ticks since boot; the name in field 2 may hold spaces.
    QFile stat(u"/proc/self/stat"_s);
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = stat.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    if (fields.size() < 20 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    const double started = fields[19].toDouble() * 1000.0 / double(sysconf(_SC_CLK_TCK));
    return double(now.tv_sec) * 1000.0 + double(now.tv_nsec) / 1e6 - started;
#else
    return -1;
#endif
}

double Bench::residentMib()
{
#ifdef Q_OS_LINUX
    QFile statm(u"/proc/self/statm"_s);
    if (!statm.open(QIODevice::ReadOnly))
        return -1;
    return statm.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
#else
    return -1;
#endif
}

double Bench::threadCpuMs()
{
#ifdef Q_OS_UNIX
    timespec now{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
        return double(now.tv_sec) * 1000.0 + double(now.tv_nsec) / 1e6;
#endif
    return -1;
}

Bench::Bench(MainWindow& window, MeasuredApplication& application, int seconds, QObject* parent)
    : QObject(parent), m_window(window), m_application(application), m_seconds(seconds)
{
    m_application.installEventFilter(this);
    m_application.setMeter(&m_meter);
}

Bench::~Bench() { m_application.setMeter(nullptr); }

bool Bench::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && m_firstPaintMs < 0 && watched->isWidgetType() &&
        static_cast<QWidget*>(watched)->window() == &m_window) {
        m_firstPaintMs = 0;
        // The first widget is being painted; the frame is done when this turn of the loop is.
        QTimer::singleShot(0, this, [this] { m_firstPaintMs = sinceProcessStartMs(); });
        qApp->removeEventFilter(this);
    }
    return false;
}

void Bench::begin()
{
    m_window.showPanel(u"cluster"_s);
    m_window.clusterPanel()->open({.kindId = u"pods"_s, .space = {}, .name = {}, .filter = {}});
    m_meter.restart();
    poll();
}

void Bench::poll()
{
    const table::TableModel* model = m_window.clusterPanel()->dataTable()->model();
    if (model->freshness().isLive() && !model->isArranging() && model->rowCount() > 0) {
        m_syncedMs = sinceProcessStartMs();
        m_syncStallMs = m_meter.longestMs();
        m_meter.restart();
        m_cpuMs = threadCpuMs();
        QTimer::singleShot(m_seconds * 1000, this, &Bench::report);
        return;
    }
    if (++m_polls * pollMs > giveUpMs) {
        const auto freshness = model->freshness();
        std::fprintf(stderr, "watchkeeper: no pods within two minutes: %s\n",
                     qPrintable(freshness.error ? freshness.error->text() : u"still loading"_s));
        QCoreApplication::exit(1);
        return;
    }
    QTimer::singleShot(pollMs, this, &Bench::poll);
}

void Bench::report()
{
    const double share = m_meter.share(), stall = m_meter.longestMs();
    const double cpuShare = m_cpuMs < 0 ? -1 : (threadCpuMs() - m_cpuMs) / (m_seconds * 1000.0);
    const auto rounded = [](double value) { return std::round(value * 10) / 10; };
    const QJsonObject line{{u"start_to_first_paint_ms"_s, rounded(m_firstPaintMs)},
                           {u"synced_ms"_s, rounded(m_syncedMs)},
                           {u"rows"_s, m_window.clusterPanel()->dataTable()->model()->rowCount()},
                           {u"seconds"_s, m_seconds},
                           {u"gui_busy_share"_s, std::round(share * 1e4) / 1e4},
                           {u"gui_cpu_share"_s, std::round(cpuShare * 1e4) / 1e4},
                           {u"longest_stall_ms"_s, rounded(stall)},
                           {u"sync_longest_stall_ms"_s, rounded(m_syncStallMs)},
                           {u"rss_mib"_s, rounded(residentMib())}};
    std::puts(QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    QCoreApplication::exit(0);
}

} // namespace wk::app
