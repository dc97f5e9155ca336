// SPDX-License-Identifier: GPL-3.0-or-later
#include "../FakeCluster.h"
#include "ChangeStories.h"

#include "widgets/changes/execution/EventsBeside.h"
#include "widgets/changes/execution/ExecutionBeside.h"
#include "widgets/changes/execution/ExecutionWorld.h"
#include "widgets/changes/execution/LogBeside.h"
#include "widgets/common/Theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QTreeWidget>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using table::Health;

namespace {

constexpr qint64 begun = 1'795'176'000'000;

/// A plan that restarts one deployment of a namespace.
changes::Plan restartPlan()
{
    changes::Step step;
    step.name = u"restart"_s;
    step.target = {u"production"_s, u"apps"_s, u"v1"_s, u"Deployment"_s, u"deployments"_s, u"shop"_s, u"web"_s};
    auto plan = changes::Plan::make(u"streamgate"_s, u"Restart web"_s, {step});
    if (!plan)
        qFatal("the plan is not one");
    return *plan;
}

struct World final : ExecutionWorld
{
    std::shared_ptr<test::FakeCluster> cluster = std::make_shared<test::FakeCluster>();
    std::optional<Error> refusal;
    QStringList asked;
    QByteArray log = "first\nsecond\n";
    std::optional<Error> logError;

    Result<std::shared_ptr<cluster::ClusterView>> view(const QString&, const QString&) override
    {
        return refusal ? Result<std::shared_ptr<cluster::ClusterView>>(fail(*refusal)) : cluster;
    }
    QFuture<Result<QByteArray>> podLog(const QString&, const QString&, const QString& space, const QString& pod,
                                       const QString&, int, bool) override
    {
        asked += space + u'/' + pod;
        return QtFuture::makeReadyFuture(logError ? Result<QByteArray>(fail(*logError)) : Result<QByteArray>(log));
    }
    void event(const QString& id, const QString& object, const QString& message, qint64 at,
               Health health = Health::None)
    {
        auto row = std::make_shared<table::Row>();
        row->id = id;
        row->space = u"shop"_s;
        row->health = health;
        row->cells = {u"shop"_s, table::Instant{at}, u"Normal"_s, u"Scheduled"_s, object, message};
        cluster->table(u"events"_s, u"shop"_s)->put(row);
    }
};

} // namespace

class TestExecutionBeside : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }

    void showsWhatConcernsThePlanSinceItBegan()
    {
        World world;
        const auto clock = std::make_shared<ManualClock>(begun + 60'000);
        ExecutionBeside beside(world, clock);
        beside.resize(700, 300);
        beside.follow(u"streamgate"_s, restartPlan(), begun);
        beside.show();
        auto* events = beside.findChild<EventsBeside*>();
        QCOMPARE(events->count(), 0);
        QVERIFY(!beside.findChild<QLabel*>(u"eventsNote"_s)->isHidden());
        world.event(u"1"_s, u"pod/web-6d4f-x2x1"_s, u"assigned to node-1"_s, begun + 5'000);
        world.event(u"2"_s, u"deployment/web"_s, u"scaled up"_s, begun + 3'000);
        world.event(u"3"_s, u"pod/website-1"_s, u"another workload"_s, begun + 5'000);
        world.event(u"4"_s, u"pod/web-old"_s, u"long before"_s, begun - 600'000);
        world.event(u"5"_s, u"pod/web-6d4f-x2x1"_s, u"image cannot be pulled"_s, begun + 9'000, Health::Warning);
        QCOMPARE(events->count(), 3);
        auto* list = beside.findChild<QTreeWidget*>(u"eventsList"_s);
        QVERIFY(list->topLevelItem(0)->text(2).contains(u"cannot be pulled"_s)); // the newest first
        QVERIFY(!list->topLevelItem(0)->icon(2).isNull());
        QVERIFY(list->topLevelItem(2)->text(2).contains(u"scaled up"_s));
        world.cluster->table(u"events"_s, u"shop"_s)->set(table::Freshness::State::Stale);
        QVERIFY(!beside.findChild<QLabel*>(u"eventsNote"_s)->text().isEmpty()); // never older than it looks
        beside.hide();
        world.event(u"6"_s, u"deployment/web"_s, u"nobody looks"_s, begun + 10'000);
        QCOMPARE(events->count(), 0);
    }

    void logOfTheWorstPod()
    {
        World world;
        const auto clock = std::make_shared<ManualClock>(begun);
        const auto pods = world.cluster->table(u"pods"_s, u"shop"_s);
        pods->put(test::FakeCluster::row(u"shop"_s, u"web-1"_s));
        pods->put(test::FakeCluster::row(u"shop"_s, u"web-2"_s, Health::Bad, u"crashes"_s));
        pods->put(test::FakeCluster::row(u"shop"_s, u"other-1"_s, Health::Bad, u"crashes"_s));
        ExecutionBeside beside(world, clock);
        beside.follow(u"streamgate"_s, restartPlan(), begun);
        beside.show();
        beside.findChild<QTabBar*>(u"besideTabs"_s)->setCurrentIndex(1);
        auto* log = beside.findChild<LogBeside*>();
        const auto look = [&clock] {
            clock->advance(LogBeside::pollMs);
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
        };
        look();
        QCOMPARE(log->text(), u"first\nsecond\n"_s);
        QCOMPARE(world.asked.last(), u"shop/web-2"_s);
        QCOMPARE(beside.findChild<QComboBox*>(u"logPod"_s)->count(), 2);
        // Read again while somebody looks.
        world.log = "third\n";
        look();
        QCOMPARE(log->text(), u"third\n"_s);
        // A person's choice stays while it is there.
        auto* choice = beside.findChild<QComboBox*>(u"logPod"_s);
        choice->setCurrentIndex(1);
        emit choice->activated(1);
        look();
        QCOMPARE(world.asked.last(), u"shop/web-1"_s);
        pods->put(test::FakeCluster::row(u"shop"_s, u"web-3"_s, Health::Bad, u"crashes too"_s));
        QCOMPARE(log->pod()->name, u"web-1"_s);
        pods->remove(u"shop/web-1"_s);
        look();
        QVERIFY(log->pod()->name != u"web-1"_s);
        world.logError = Error{Error::Kind::Forbidden, u"You may not read logs in shop"_s, {}, {}};
        look();
        QVERIFY(beside.findChild<QLabel*>(u"logNote"_s)->text().contains(u"may not read logs"_s));
        const auto count = world.asked.size();
        beside.hide();
        look();
        QCOMPARE(world.asked.size(), count); // nobody looks
    }

    void saysWhyNothingIsSeen()
    {
        World world;
        world.refusal = Error{Error::Kind::NotFound, u"No context for production here"_s, {}, u"Choose one"_s};
        ExecutionBeside beside(world, std::make_shared<ManualClock>(begun));
        beside.follow(u"streamgate"_s, restartPlan(), begun);
        beside.show();
        QVERIFY(beside.findChild<QLabel*>(u"eventsNote"_s)->text().contains(u"No context for production"_s));
        QVERIFY(beside.findChild<QLabel*>(u"logNote"_s)->text().contains(u"No context for production"_s));
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestExecutionBeside)
#include "test_execution_beside.moc"
