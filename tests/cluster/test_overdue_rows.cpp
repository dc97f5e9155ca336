// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/OverdueRows.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;

namespace {

const table::Columns columns{
    {u"name"_s, u"Name"_s, table::Column::Kind::Text, false, {}, false},
    {u"deletion-deadline"_s, u"Deletion Deadline"_s, table::Column::Kind::Moment, true, {}, true}};

table::RowPtr row(const QString& id, std::optional<qint64> deadlineMs)
{
    auto r = std::make_shared<table::Row>();
    r->id = id;
    r->name = id;
    r->health = table::Health::Info;
    r->cells = {id, deadlineMs ? table::Cell(table::Instant{*deadlineMs}) : table::Cell{}};
    return r;
}

} // namespace

class TestOverdueRows : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        clock = std::make_unique<ManualClock>();
        told.clear();
        rows = std::make_unique<OverdueRows>(*clock, this, [this](const table::RowPtr& r) { told << r->id; });
        rows->setColumns(columns);
    }

    void tellsWhenTimeAloneMakesARowWorse()
    {
        const auto dying = row(u"a"_s, clock->nowMs() + 10'000);
        rows->note(nullptr, dying);
        clock->advance(10'000 + OverdueRows::patienceMs);
        QCOMPARE(told, QStringList{});
        QCOMPARE(rows->judged(dying), dying);
        clock->advance(2);
        QCOMPARE(told, QStringList{u"a"_s});
        const auto judged = rows->judged(dying);
        QCOMPARE(judged->health, table::Health::Warning);
        QVERIFY2(judged->reason.contains(u"30s"_s), qPrintable(judged->reason));
    }

    void repeatsWhileTheRowStays()
    {
        rows->note(nullptr, row(u"a"_s, clock->nowMs() - 3'600'000));
        clock->advance(1);
        clock->advance(OverdueRows::repeatMs);
        QCOMPARE(told, (QStringList{u"a"_s, u"a"_s}));
    }

    void anEarlierDeadlineIsNotMissed()
    {
        rows->note(nullptr, row(u"late"_s, clock->nowMs() + 20'000));
        rows->note(nullptr, row(u"soon"_s, clock->nowMs()));
        clock->advance(OverdueRows::patienceMs + 2);
        QCOMPARE(told, QStringList{u"soon"_s});
        clock->advance(20'000);
        QVERIFY(told.contains(u"late"_s));
    }

    void forgetsWhatWentOrRecovered()
    {
        const auto dying = row(u"a"_s, clock->nowMs());
        rows->note(nullptr, dying);
        rows->note(dying, nullptr);
        QVERIFY(rows->isEmpty());
        const auto other = row(u"b"_s, clock->nowMs());
        rows->note(nullptr, other);
        rows->note(other, row(u"b"_s, std::nullopt));
        QVERIFY(rows->isEmpty());
        clock->advance(600'000);
        QCOMPARE(told, QStringList{});
    }

    void aTableWithoutDeadlinesCostsNothing()
    {
        rows->setColumns({columns[0]});
        rows->note(nullptr, row(u"a"_s, clock->nowMs()));
        QVERIFY(rows->isEmpty());
    }

private:
    std::unique_ptr<ManualClock> clock;
    std::unique_ptr<OverdueRows> rows;
    QStringList told;
};

QTEST_GUILESS_MAIN(TestOverdueRows)
#include "test_overdue_rows.moc"
