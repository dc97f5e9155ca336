// SPDX-License-Identifier: GPL-3.0-or-later
#include "../table/TableFixture.h"
#include "cluster/tallies/MergedTable.h"
#include "table/Filter.h"
#include "table/TableModel.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;
using table::Freshness;
using table::fixture::HandSource;
using table::fixture::pod;
using table::fixture::podColumns;
using State = Freshness::State;

/// Tables of several clusters as one.
class TestMergedTable : public QObject
{
    Q_OBJECT

private slots:
    void rowsSayWhereTheyAre();
    void sameUidInTwoClusters();
    void columnsAreThoseOfAll();
    void oneThatFailsDisturbsNone();
    void whatIsStaleIsSaid();
    void equalsTheSumOfItsParts();
};

namespace {

struct World
{
    std::shared_ptr<HandSource> east = std::make_shared<HandSource>(), west = std::make_shared<HandSource>();
    std::unique_ptr<MergedTable> table() const
    {
        return std::make_unique<MergedTable>(
            QList<MergedTable::Part>{{u"e"_s, u"east"_s, east}, {u"w"_s, u"west"_s, west}});
    }
};

QStringList lines(const std::vector<table::RowPtr>& rows)
{
    QStringList out;
    for (const table::RowPtr& row : rows)
        out << std::get<QString>(row->cells.front()) + u' ' + row->space + u'/' + row->name;
    out.sort();
    return out;
}

void setState(HandSource& source, State state, const QString& why = {})
{
    Freshness freshness = source.freshness();
    freshness.state = state;
    freshness.error = why.isEmpty() ? std::nullopt : std::optional(Error{Error::Kind::Network, why, {}, {}});
    source.setFreshness(freshness);
}

} // namespace

void TestMergedTable::rowsSayWhereTheyAre()
{
    World w;
    w.east->put({pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s})});
    const auto table = w.table();
    w.west->put({pod({.id = u"2"_s, .space = u"shop"_s, .name = u"b"_s})});
    QCOMPARE(lines(table->rows()), (QStringList{u"east shop/a"_s, u"west shop/b"_s}));
    const auto filter = table::Filter::parse(table->columns(), u"cluster=west"_s);
    QVERIFY(filter.ok());
    QCOMPARE(std::ranges::count_if(table->rows(), [&](const auto& row) { return filter.filter.matches(*row, 0); }), 1);
    w.east->remove({u"1"_s});
    QCOMPARE(lines(table->rows()), QStringList{u"west shop/b"_s});
}

void TestMergedTable::sameUidInTwoClusters()
{
    World w; // a cluster that was copied with its etcd
    const auto same = pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s});
    w.east->put({same});
    w.west->put({same});
    const auto table = w.table();
    QCOMPARE(lines(table->rows()), (QStringList{u"east shop/a"_s, u"west shop/a"_s}));
    w.west->remove({u"1"_s});
    QCOMPARE(lines(table->rows()), QStringList{u"east shop/a"_s});
    QCOMPARE(MergedTable::originOf(table->rows().front()->id), std::pair(u"e"_s, u"1"_s));
}

void TestMergedTable::columnsAreThoseOfAll()
{
    World w;
    table::Columns older = podColumns();
    older.removeAt(6);                                        // no usage there
    older[older.size() - 1].kind = table::Column::Kind::Text; // another meaning
    w.east = std::make_shared<HandSource>(older);
    auto plain = std::make_shared<table::Row>(*pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s}));
    plain->cells.erase(plain->cells.begin() + 6);
    w.east->put({plain});
    w.west->put({pod({.id = u"2"_s, .space = u"shop"_s, .name = u"b"_s, .cpu = qint64(250)})});
    const auto table = w.table();
    QCOMPARE(table->columns().size(), podColumns().size() + 1);
    QCOMPARE(table->columns().front().id, u"cluster"_s);
    const int cpu = table::indexOfColumn(table->columns(), u"cpu");
    const int seen = table::indexOfColumn(table->columns(), u"seen");
    for (const table::RowPtr& row : table->rows()) {
        const bool east = row->name == u"a";
        QCOMPARE(table::isEmpty(row->cells.at(size_t(cpu))), east);
        QCOMPARE(table::isEmpty(row->cells.at(size_t(seen))), !east); // no text where a moment is meant
        QVERIFY(row->cells.at(size_t(table::indexOfColumn(table->columns(), u"status"))) == table::Cell(u"Running"_s));
    }
    QSignalSpy columns(table.get(), &table::TableSource::columnsChanged);
    w.east->setColumns(podColumns(), {pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s, .cpu = qint64(5)})});
    QCOMPARE(columns.size(), 1);
    QCOMPARE(lines(table->rows()), (QStringList{u"east shop/a"_s, u"west shop/b"_s}));
    for (const table::RowPtr& row : table->rows())
        QVERIFY(!table::isEmpty(row->cells.at(size_t(table::indexOfColumn(table->columns(), u"cpu")))));
}

void TestMergedTable::oneThatFailsDisturbsNone()
{
    World w;
    w.east->put({pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s})});
    setState(*w.west, State::Loading);
    const auto table = w.table();
    QCOMPARE(table->freshness().state, State::Live);
    QVERIFY2(table->freshness().error->sentence.startsWith(u"west: "_s),
             qPrintable(table->freshness().error->sentence));
    QSignalSpy standings(table.get(), &MergedTable::standingsChanged);
    setState(*w.west, State::Failed, u"host refuses connections"_s);
    QCOMPARE(standings.size(), 1);
    QCOMPARE(table->freshness().state, State::Live);
    QCOMPARE(table->freshness().error->sentence, u"west: host refuses connections"_s);
    QCOMPARE(lines(table->rows()), QStringList{u"east shop/a"_s});
    QCOMPARE(table->standings().at(0).freshness.state, State::Live);
    QCOMPARE(table->standings().at(0).rows, 1);
    QCOMPARE(table->standings().at(1).freshness.state, State::Failed);
    setState(*w.west, State::Live);
    QVERIFY(!table->freshness().error);
    setState(*w.east, State::Failed, u"a"_s);
    setState(*w.west, State::Failed, u"b"_s);
    w.east->reset({});
    QCOMPARE(table->freshness().state, State::Failed); // none is left
    QVERIFY(table->freshness().error->sentence.contains(u"east: a west: b"_s));
}

void TestMergedTable::whatIsStaleIsSaid()
{
    World w;
    w.east->put({pod({.id = u"1"_s, .space = u"shop"_s, .name = u"a"_s})});
    w.west->put({pod({.id = u"2"_s, .space = u"shop"_s, .name = u"b"_s})});
    const auto table = w.table();
    setState(*w.west, State::Stale);
    // Rows that are not of now are on the screen.
    QCOMPARE(table->freshness().state, State::Stale);
    QVERIFY2(table->freshness().error->sentence.startsWith(u"west: "_s),
             qPrintable(table->freshness().error->sentence));
    w.west->reset({});
    QCOMPARE(table->freshness().state, State::Live);
    setState(*w.east, State::Loading);
    w.east->reset({});
    QCOMPARE(table->freshness().state, State::Loading);
}

// Under a model that checks every notification, whatever the parts do.
void TestMergedTable::equalsTheSumOfItsParts()
{
    World w;
    QRandomGenerator random(20261122);
    const std::shared_ptr<MergedTable> table = w.table();
    table::TableModel model(std::make_shared<ManualClock>(table::fixture::nowMs));
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setSource(table);
    table::Columns fewer = podColumns();
    fewer.removeLast();
    for (int round = 0; round < 200; ++round) {
        HandSource& source = random.bounded(2) ? *w.east : *w.west;
        std::vector<table::RowPtr> some;
        for (int i = 0; i < random.bounded(8); ++i) {
            const QString id = QString::number(i * 5 + random.bounded(5));
            some.push_back(table::fixture::randomPod(random, id));
        }
        switch (random.bounded(5)) {
        case 0: source.reset(some); break;
        case 1: source.setColumns(random.bounded(2) ? fewer : podColumns(), some); break;
        case 2: source.remove({QString::number(random.bounded(40))}); break;
        default: source.put(some);
        }
        QCOMPARE(model.totalCount(), int(w.east->all().size() + w.west->all().size()));
        QCOMPARE(lines(model.visibleRows()), lines(w.table()->rows()));
    }
}

QTEST_GUILESS_MAIN(TestMergedTable)
#include "test_merged_table.moc"
