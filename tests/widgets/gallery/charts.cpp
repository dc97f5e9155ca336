// SPDX-License-Identifier: GPL-3.0-or-later
// Draws charts in each of their states into PNG files, to be looked at.
#include "../ChartExamples.h"

#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QGridLayout>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;

namespace {

void fill(QGridLayout& grid, series::TimeRangeModel& range, test::OneFile& files)
{
    auto* errors = new Chart(range, files);
    errors->setContent(test::errorRates());
    grid.addWidget(errors, 1, 0, 1, 2);
    auto* requests = new Chart(range, files);
    requests->setContent(test::longSeries(21'600));
    grid.addWidget(requests, 2, 0);
    auto* failed = new Chart(range, files);
    failed->setTitle(u"Uploads"_s, series::Unit::PerSecond);
    failed->setFailed({Error::Kind::Server,
                       u"Prometheus at prometheus.streamgate:9090 answered 503 Service Unavailable"_s,
                       {},
                       u"It may be starting: look at its pod"_s,
                       503,
                       -1},
                      u"Try again"_s);
    grid.addWidget(failed, 2, 1);
    QMetaObject::invokeMethod(errors, [errors] { errors->plot()->setCrosshair(test::exampleNowMs - 100 * 60'000); });
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        qWarning("usage: chart_gallery DIRECTORY");
        return 2;
    }
    Theme theme;
    theme.apply(application);
    const auto clock = std::make_shared<ManualClock>(test::exampleNowMs);
    test::OneFile files;
    for (const bool dark : {false, true}) {
        theme.setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
        for (const QSize size : {QSize(1440, 900), QSize(1024, 700)}) {
            series::TimeRangeModel range(clock, series::TimeRange::last(6 * 3'600'000));
            QWidget page;
            page.setBackgroundRole(QPalette::Base);
            page.setAutoFillBackground(true);
            page.resize(size);
            auto* grid = new QGridLayout(&page);
            grid->setSpacing(16);
            grid->addWidget(new TimeRangeBar(range), 0, 0, 1, 2, Qt::AlignRight);
            fill(*grid, range, files);
            page.show();
            QApplication::processEvents();
            QApplication::processEvents();
            const QString name =
                u"%1/charts-%2-%3.png"_s.arg(QString::fromLocal8Bit(argv[1]), dark ? u"dark"_s : u"light"_s)
                    .arg(size.width());
            if (!page.grab().save(name))
                return 1;
        }
    }
    return 0;
}
