// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableFixture.h"
#include "table/Gauge.h"
#include "table/TableModel.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::table;
using namespace wk::table::fixture;

/// Numbers beside what they are measured against.
class TestTableGauge : public QObject
{
    Q_OBJECT

private slots:
    void shares_data();
    void shares();
    void modelTellsThem();
};

namespace {

Columns columns()
{
    using K = Column::Kind;
    Columns all{{u"name"_s, u"Name"_s, K::Text, false, {}, false},
                {u"cpu"_s, u"CPU"_s, K::MilliCpu, false, {}, true},
                {u"cpu-request"_s, u"CPU Request"_s, K::MilliCpu, true, {}, true},
                {u"cpu-limit"_s, u"CPU Limit"_s, K::MilliCpu, true, {}, true}};
    all[1].against = {{u"cpu-request"_s, u"request"_s, false}, {u"cpu-limit"_s, u"limit"_s, true}};
    return all;
}

RowPtr row(Cell used, Cell request, Cell limit)
{
    auto made = std::make_shared<Row>();
    made->id = made->name = u"api"_s;
    made->cells = {made->name, std::move(used), std::move(request), std::move(limit)};
    return made;
}

} // namespace

void TestTableGauge::shares_data()
{
    QTest::addColumn<RowPtr>("row");
    QTest::addColumn<double>("fill");
    QTest::addColumn<double>("mark");
    QTest::addColumn<bool>("tight");
    QTest::addColumn<QString>("text");
    const Cell none;
    const auto m = [](qint64 value) { return Cell(value); };
    QTest::newRow("both") << row(m(190), m(250), m(500)) << 0.38 << 0.5 << false
                          << u"76 % of request (250 m), 38 % of limit (500 m)"_s;
    QTest::newRow("request alone, exceeded")
        << row(m(500), m(250), none) << 2.0 << -1.0 << false << u"200 % of request (250 m)"_s;
    QTest::newRow("limit alone, near") << row(m(450), none, m(500)) << 0.9 << -1.0 << true
                                       << u"90 % of limit (500 m): nearly all"_s;
    QTest::newRow("request and limit the same")
        << row(m(100), m(500), m(500)) << 0.2 << -1.0 << false << u"20 % of request (500 m), 20 % of limit (500 m)"_s;
    QTest::newRow("idle") << row(m(0), m(250), none) << 0.0 << -1.0 << false << u"0 % of request (250 m)"_s;
    QTest::newRow("nothing to measure against") << row(m(190), none, none) << -1.0 << -1.0 << false << QString();
    QTest::newRow("a request of nothing") << row(m(190), m(0), none) << -1.0 << -1.0 << false << QString();
    QTest::newRow("not measured") << row(none, m(250), m(500)) << -1.0 << -1.0 << false << QString();
}

void TestTableGauge::shares()
{
    QFETCH(RowPtr, row);
    QFETCH(double, fill);
    QFETCH(double, mark);
    QFETCH(bool, tight);
    QFETCH(QString, text);
    const Gauge gauge = gaugeOf(columns(), 1, *row);
    QCOMPARE(gauge.fill, fill);
    QCOMPARE(gauge.mark, mark);
    QCOMPARE(gauge.tight, tight);
    QCOMPARE(gaugeText(columns(), 1, *row, QLocale::c()), text);
    QVERIFY(!gaugeOf(columns(), 2, *row).isKnown()); // a column that is measured against nothing
}

void TestTableGauge::modelTellsThem()
{
    auto source = std::make_shared<HandSource>(columns());
    source->put({row(Cell(qint64(190)), Cell(qint64(250)), Cell(qint64(500)))});
    TableModel model(std::make_shared<ManualClock>(nowMs));
    model.setSource(source);
    const QModelIndex cpu = model.index(0, 1);
    QCOMPARE(cpu.data(TableModel::GaugeRole).value<Gauge>(), gaugeOf(columns(), 1, *model.rowAt(0)));
    QVERIFY(!model.index(0, 2).data(TableModel::GaugeRole).isValid());
    QVERIFY(cpu.data(Qt::ToolTipRole).toString().contains(u"38 % of limit (500 m)"_s));
    QVERIFY(cpu.data(Qt::AccessibleTextRole).toString().endsWith(u"76 % of request (250 m), 38 % of limit (500 m)"_s));
    // What it is measured against counts as its change, too: whoever draws the bar is told.
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    source->put({row(Cell(qint64(190)), Cell(qint64(250)), Cell(qint64(200)))});
    QCOMPARE(changed.size(), 1);
    QVERIFY(changed.first().at(2).value<QList<int>>().contains(int(TableModel::GaugeRole)));
    QVERIFY(cpu.data(TableModel::GaugeRole).value<Gauge>().tight);
}

QTEST_GUILESS_MAIN(TestTableGauge)
#include "test_table_gauge.moc"
