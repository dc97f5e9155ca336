// SPDX-License-Identifier: GPL-3.0-or-later
// watchkeeper-fleet: a simulated fleet of four platforms that speaks the real protocols, for the demo and for tests.
#include "core/Duration.h"
#include "fleet/Fleet.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QSocketNotifier>

#include <csignal>
#include <cstdio>

#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

int signalPipe[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto n = ::write(signalPipe[0], &byte, 1);
}

/// SIGTERM and SIGINT end the event loop: a handler may do no more than write a byte.
void quitOnSignals(QCoreApplication& app)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, signalPipe) != 0)
        return;
    auto* notifier = new QSocketNotifier(signalPipe[1], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, [] { QCoreApplication::quit(); });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int complain(const QString& text)
{
    std::fprintf(stderr, "watchkeeper-fleet: %s\n", qPrintable(text));
    return 2;
}

wk::Result<QList<wk::fleet::Fault>> faultsFrom(const QString& word)
{
    if (word == u"default")
        return wk::fleet::defaultFaults();
    if (word == u"none")
        return QList<wk::fleet::Fault>();
    QFile file(word);
    if (!file.open(QIODevice::ReadOnly))
        return wk::fail(wk::Error::Kind::NotFound,
                        u"The fault script %1 cannot be read: %2"_s.arg(word, file.errorString()));
    return wk::fleet::parseFaults(file.readAll(), word);
}

wk::Result<qint64> startFrom(const QString& word)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (word.isEmpty() || word == u"now")
        return now;
    if (word.startsWith(u'-') || word.startsWith(u'+')) {
        const auto ms = wk::parseDurationMs(word.mid(1));
        if (!ms)
            return wk::fail(ms.error());
        return word.startsWith(u'-') ? now - *ms : now + *ms;
    }
    if (const auto ms = wk::parseRfc3339Ms(word.toStdString()))
        return *ms;
    return wk::fail(wk::Error::Kind::BadInput,
                    u"--start must be a time such as 2026-11-21T08:00:00Z, or an offset such as -2h."_s);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"watchkeeper-fleet"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(WATCHKEEPER_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Simulates four platforms and serves them as Kubernetes API servers and Prometheus exporters, on 127.0.0.1 only."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"state-dir"_s, u"Where keys, certificates and the kubeconfig are kept."_s, u"DIR"_s,
         QDir::tempPath() + u"/watchkeeper-fleet"_s},
        {u"port-base"_s,
         u"API servers from this port, exporters from +10, the admin port at +20; 0 takes free ports."_s, u"PORT"_s,
         u"17443"_s},
        {u"seed"_s, u"Same seed and same --start: same history."_s, u"N"_s, u"1"_s},
        {u"start"_s, u"Simulated time at the start: RFC 3339, or an offset from now such as -2h."_s, u"TIME"_s,
         u"now"_s},
        {u"speed"_s, u"Simulated seconds per real second."_s, u"X"_s, u"1"_s},
        {u"faults"_s, u"A script (YAML), 'default' or 'none' (nothing goes wrong by itself either)."_s, u"FILE"_s,
         u"default"_s},
        {u"pods"_s, u"Fill one cluster up to about so many pods."_s, u"N"_s, u"0"_s},
        {u"load-cluster"_s, u"Which cluster --pods and --churn mean; the first by default."_s, u"ID"_s},
        {u"churn"_s, u"Touch so many pods a second in that cluster."_s, u"RATE"_s, u"0"_s},
        {u"history"_s, u"Changes kept of each kind, for watches that resume."_s, u"N"_s, u"10000"_s},
        {u"past"_s, u"Write so many days of figures as OpenMetrics text to past/ in the state directory."_s, u"DAYS"_s,
         u"0"_s},
        {u"only"_s, u"Simulate only these platforms (comma-separated)."_s, u"IDS"_s},
    });
    parser.process(app);

    wk::fleet::Fleet::Options o;
    bool seedOk = false, speedOk = false, portOk = false, podsOk = false, churnOk = false, historyOk = false,
         pastOk = false;
    o.seed = parser.value(u"seed"_s).toULongLong(&seedOk);
    o.speed = parser.value(u"speed"_s).toDouble(&speedOk);
    o.portBase = parser.value(u"port-base"_s).toInt(&portOk);
    o.pods = parser.value(u"pods"_s).toInt(&podsOk);
    o.churn = parser.value(u"churn"_s).toDouble(&churnOk);
    o.history = parser.value(u"history"_s).toInt(&historyOk);
    o.pastDays = parser.value(u"past"_s).toInt(&pastOk);
    if (!pastOk || o.pastDays < 0 || o.pastDays > 400)
        return complain(u"--past takes a number of days, up to 400"_s);
    if (!seedOk || !podsOk || o.pods < 0 || !churnOk || o.churn < 0 || !historyOk || o.history < 1)
        return complain(u"--seed, --pods, --churn and --history take numbers"_s);
    if (!speedOk || o.speed <= 0 || o.speed > 100'000)
        return complain(u"--speed takes a number above 0, up to 100000"_s);
    if (!portOk || o.portBase < 0 || o.portBase > 65'500)
        return complain(u"--port-base takes a port number"_s);
    const auto start = startFrom(parser.value(u"start"_s));
    if (!start)
        return complain(start.error().text());
    o.startMs = *start;
    const auto faults = faultsFrom(parser.value(u"faults"_s));
    if (!faults)
        return complain(faults.error().text() +
                        (faults.error().detail.isEmpty() ? QString() : u'\n' + faults.error().detail));
    o.faults = *faults;
    o.background = parser.value(u"faults"_s) != u"none";
    o.loadCluster = parser.value(u"load-cluster"_s);
    o.only = parser.value(u"only"_s).split(u',', Qt::SkipEmptyParts);
    o.stateDirectory = QDir(parser.value(u"state-dir"_s)).absolutePath();

    quitOnSignals(app);
    wk::fleet::Fleet fleet(o);
    if (const auto started = fleet.start(); !started)
        return complain(started.error().text());
    for (const QString& c : fleet.complaints())
        std::fprintf(stderr, "watchkeeper-fleet: fault script: %s\n", qPrintable(c));
    for (const auto& m : fleet.members())
        std::printf("%-12s https://127.0.0.1:%d  metrics http://127.0.0.1:%d/metrics\n",
                    qPrintable(m.engine->cluster().spec.id), m.port, m.exporterPort);
    std::printf("ADMIN=http://127.0.0.1:%d\nKUBECONFIG=%s\n", fleet.adminPort(), qPrintable(fleet.kubeconfigPath()));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
