// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/CoreDumps.h"
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/desktop/EndSignals.h"
#include "watchkeeper/shots/Bench.h"
#include "watchkeeper/shots/Shots.h"

#include <QtCore/QTemporaryDir>
#include <QtWidgets/QApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

/// Pictures are drawn without a screen, where Qt remarks for each dialog that there is nobody to tell its size to.
/// Everything else it has to say is printed as ever.
void sayAllButSizeHints(QtMsgType, const QMessageLogContext&, const QString& text)
{
    if (!text.contains(u"propagateSizeHints"))
        std::fprintf(stderr, "%s\n", qPrintable(text));
}

} // namespace

int main(int argc, char** argv)
{
    wk::secrets::forbidCoreDumps();
    QCoreApplication::setApplicationName(u"watchkeeper"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(WATCHKEEPER_VERSION));
    QStringList arguments;
    for (int i = 1; i < argc; ++i) {
        arguments.append(QString::fromLocal8Bit(argv[i]));
        // Answered without a display.
        if (arguments.last() == u"--version" || arguments.last() == u"-v") {
            std::printf("watchkeeper %s\n", WATCHKEEPER_VERSION);
            return 0;
        }
    }
    if (arguments.contains(u"--help"_s) || arguments.contains(u"-h"_s)) {
        QCoreApplication core(argc, argv);
        std::fputs(qPrintable(wk::app::commandLineHelp()), stdout);
        return 0;
    }
    wk::app::MeasuredApplication application(argc, argv);
    const auto line = wk::app::parseCommandLine(application.arguments().mid(1));
    if (!line) {
        std::fprintf(stderr, "watchkeeper: %s\n", qPrintable(line.error().text()));
        return 2;
    }
    const wk::app::EndSignals endSignals;
    // Pictures and measurements must not depend on, or change, what the person has set.
    const bool own = line->shotsDir.isEmpty() && line->benchSeconds == 0;
    QTemporaryDir scratch;
    wk::app::Composition composition(application, *line,
                                     own ? wk::app::Settings::user() : wk::app::Settings::inDirectory(scratch.path()));
    std::unique_ptr<wk::app::Bench> bench;
    std::unique_ptr<wk::app::Shots> shots;
    if (line->benchSeconds > 0) {
        bench = std::make_unique<wk::app::Bench>(composition.window(), application, line->benchSeconds);
        QObject::connect(&composition, &wk::app::Composition::ready, bench.get(), &wk::app::Bench::begin);
    } else if (!line->shotsDir.isEmpty()) {
        qInstallMessageHandler(sayAllButSizeHints);
        shots = std::make_unique<wk::app::Shots>(composition, *line);
        QObject::connect(&composition, &wk::app::Composition::ready, shots.get(), &wk::app::Shots::begin);
    }
    composition.start();
    return QApplication::exec();
}
