// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the table engine under its view: how long until rows are shown, and how long the GUI thread is held.
#include "../table/TableFixture.h"

#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonDocument>
#include <QtCore/QTextStream>
#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

namespace {

/// Runs the event loop until the model has nothing to work out; notes the longest time that one round held the thread.
class Measure
{
public:
    explicit Measure(widgets::DataTable& table) : m_table(table) {}

    double untilShown(const std::function<void()>& start)
    {
        QElapsedTimer total;
        total.start();
        held([&] { start(); });
        while (m_table.model()->isArranging())
            held([] { QApplication::processEvents(QEventLoop::WaitForMoreEvents); }, true);
        held([] { QApplication::processEvents(); });
        return double(total.nsecsElapsed()) / 1e6;
    }

    double held(const std::function<void()>& f, bool waits = false)
    {
        QElapsedTimer timer;
        timer.start();
        f();
        const double ms = double(timer.nsecsElapsed()) / 1e6;
        if (!waits) // a round that waits for the worker is not held by its own work
            longest = std::max(longest, ms);
        return ms;
    }

    double longest = 0;

private:
    widgets::DataTable& m_table;
};

double rounded(double ms) { return std::round(ms * 100) / 100; }

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int count = argc > 1 ? std::max(1, QByteArray(argv[1]).toInt()) : 150'000;
    widgets::Theme theme;
    theme.apply(application);
    QRandomGenerator random(1);
    auto source = std::make_shared<HandSource>();
    widgets::DataTable table;
    table.resize(1440, 900);
    table.show();
    table.setSource(source);
    QApplication::processEvents();

    const auto id = [](int i) { return u"6f1c2a9e-51cc-4f2b-9d67-%1"_s.arg(i); };
    std::vector<RowPtr> rows;
    rows.reserve(size_t(count));
    for (int i = 0; i < count; ++i)
        rows.push_back(randomPod(random, id(i)));

    // The swap that ends a wait is timed from inside: the model's own signals bracket it.
    Measure measure(table);
    QElapsedTimer swap;
    double longestSwap = 0;
    const auto begin = [&] { swap.start(); };
    const auto end = [&] { longestSwap = std::max(longestSwap, double(swap.nsecsElapsed()) / 1e6); };
    QObject::connect(table.model(), &QAbstractItemModel::layoutAboutToBeChanged, &table, begin);
    QObject::connect(table.model(), &QAbstractItemModel::layoutChanged, &table, end);
    QObject::connect(table.model(), &QAbstractItemModel::modelAboutToBeReset, &table, begin);
    QObject::connect(table.model(), &QAbstractItemModel::modelReset, &table, end);

    QJsonObject result{{u"bench"_s, u"table"_s}, {u"rows"_s, count}};
    result.insert(u"build_ms"_s, rounded(measure.untilShown([&] { source->reset(std::move(rows)); })));
    measure.longest = 0; // filling the source itself is not the table's
    result.insert(u"sort_text_ms"_s, rounded(measure.untilShown([&] {
                      table.model()->setSortKeys({{1, Qt::DescendingOrder}});
                  })));
    result.insert(u"sort_two_ms"_s, rounded(measure.untilShown([&] {
                      table.model()->setSortKeys({{4, Qt::DescendingOrder}, {5, Qt::AscendingOrder}});
                  })));
    result.insert(u"filter_ms"_s, rounded(measure.untilShown([&] { table.setFilterText(u"crash restarts>2"_s); })));
    result.insert(u"unfilter_ms"_s, rounded(measure.untilShown([&] { table.setFilterText({}); })));
    table.view()->verticalScrollBar()->setValue(table.view()->verticalScrollBar()->maximum() / 2);
    table.view()->setCurrentIndex(table.model()->index(table.model()->rowCount() / 2, 1));
    QApplication::processEvents();
    for (const int changes : {1, 10, 100, 1000}) {
        double sum = 0, applied = 0;
        constexpr int rounds = 20;
        for (int round = 0; round < rounds; ++round) {
            std::vector<RowPtr> batch;
            for (int i = 0; i < changes; ++i)
                batch.push_back(randomPod(random, id((round * 1013 + i * 17) % count)));
            sum += measure.held([&] {
                QElapsedTimer timer;
                timer.start();
                source->put(std::move(batch));
                applied += double(timer.nsecsElapsed()) / 1e6;
                QApplication::processEvents();
            });
        }
        result.insert(u"batch_%1_ms"_s.arg(changes), rounded(applied / rounds));
        result.insert(u"batch_%1_painted_ms"_s.arg(changes), rounded(sum / rounds));
    }
    result.insert(u"longest_gui_block_ms"_s, rounded(std::max(measure.longest, longestSwap)));
    QTextStream(stdout) << QString::fromUtf8(QJsonDocument(result).toJson(QJsonDocument::Compact)) << '\n';
    return 0;
}
