// SPDX-License-Identifier: GPL-3.0-or-later
#include "EngineFixture.h"
#include "fleet/api/Selector.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Cron.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

namespace {

QJsonObject object(const QString& name, int value, const QString& space = u"a"_s, const QString& label = u"x"_s)
{
    return {{u"metadata"_s,
             QJsonObject{{u"name"_s, name}, {u"namespace"_s, space}, {u"labels"_s, QJsonObject{{u"app"_s, label}}}}},
            {u"spec"_s, QJsonObject{{u"value"_s, value}}}};
}

} // namespace

/// The store's revisions, selectors, and the times of cron jobs.
class TestFleetStore : public QObject
{
    Q_OBJECT

private slots:
    void storeCountsRevisions();
    void storeReconstructsThePast();
    void storeForgets();
    void selectors_data();
    void selectors();
    void cron_data();
    void cron();
};

void TestFleetStore::storeCountsRevisions()
{
    ObjectStore store(100, 10);
    const ObjectPtr one = store.put(u"pods"_s, object(u"one"_s, 1));
    QCOMPARE(one->revision, 11);
    QCOMPARE(at(one->json, u"metadata", u"resourceVersion").toString(), u"11"_s);
    QCOMPARE(store.put(u"pods"_s, object(u"one"_s, 1))->revision, 11); // nothing changed
    QCOMPARE(store.put(u"pods"_s, object(u"one"_s, 2))->revision, 12);
    QList<int> seen;
    auto token = store.observe(u"pods"_s, [&](const Change& c) { seen.append(int(c.type)); });
    store.put(u"pods"_s, object(u"two"_s, 1));
    store.put(u"services"_s, object(u"other"_s, 1));
    const ObjectPtr gone = store.remove(u"pods"_s, u"a"_s, u"one"_s);
    QCOMPARE(gone->revision, 15);
    QCOMPARE(at(gone->json, u"spec", u"value").toInt(), 2);
    QVERIFY(!store.remove(u"pods"_s, u"a"_s, u"one"_s));
    QCOMPARE(seen, (QList<int>{int(ChangeType::Added), int(ChangeType::Deleted)}));
    token.reset();
    store.put(u"pods"_s, object(u"three"_s, 1));
    QCOMPARE(seen.size(), 2);
}

void TestFleetStore::storeReconstructsThePast()
{
    ObjectStore store(100, 0);
    store.put(u"pods"_s, object(u"b"_s, 1));         // 1
    store.put(u"pods"_s, object(u"a"_s, 1));         // 2
    store.put(u"pods"_s, object(u"a"_s, 1, u"z"_s)); // 3
    store.put(u"pods"_s, object(u"b"_s, 2));         // 4
    store.remove(u"pods"_s, u"a"_s, u"a"_s);         // 5
    QCOMPARE(namesOf(store.list(u"pods"_s)), (QStringList{u"a/b"_s, u"z/a"_s}));
    QCOMPARE(namesOf(store.list(u"pods"_s, u"z"_s)), QStringList{u"z/a"_s});
    const auto then = store.listAt(u"pods"_s, {}, 3);
    QVERIFY(then);
    QCOMPARE(namesOf(*then), (QStringList{u"a/a"_s, u"a/b"_s, u"z/a"_s}));
    QCOMPARE(at((*then)[1]->json, u"spec", u"value").toInt(), 1);
    QCOMPARE(namesOf(*store.listAt(u"pods"_s, {}, 0)), QStringList());
    const auto changes = store.changesAfter(u"pods"_s, 3);
    QVERIFY(changes);
    QCOMPARE(changes->size(), 2u);
    QCOMPARE((*changes)[0].revision, 4);
    QVERIFY(store.changesAfter(u"pods"_s, 5)->empty());
}

void TestFleetStore::storeForgets()
{
    ObjectStore store(3, 0);
    for (int i = 0; i < 10; ++i)
        store.put(u"pods"_s, object(u"p"_s, i));
    QVERIFY(store.changesAfter(u"pods"_s, 7));
    QVERIFY(!store.changesAfter(u"pods"_s, 6));
    QCOMPARE(store.changesAfter(u"pods"_s, 6).error().kind, wk::Error::Kind::Gone);
    QVERIFY(!store.listAt(u"pods"_s, {}, 2));
    store.compact();
    QVERIFY(!store.changesAfter(u"pods"_s, 9));
    QVERIFY(store.changesAfter(u"pods"_s, 10));
    QCOMPARE(store.list(u"pods"_s).size(), 1u);
}

void TestFleetStore::selectors_data()
{
    QTest::addColumn<QString>("labels");
    QTest::addColumn<QString>("fields");
    QTest::addColumn<int>("result"); // 1 matches, 0 does not, -1 refused
    QTest::newRow("empty") << QString() << QString() << 1;
    QTest::newRow("equal") << u"app=x"_s << QString() << 1;
    QTest::newRow("double equal") << u"app==x"_s << QString() << 1;
    QTest::newRow("unequal") << u"app!=x"_s << QString() << 0;
    QTest::newRow("unequal missing") << u"tier!=x"_s << QString() << 1;
    QTest::newRow("in") << u"app in (w, x)"_s << QString() << 1;
    QTest::newRow("notin") << u"app notin (x)"_s << QString() << 0;
    QTest::newRow("exists") << u"app"_s << QString() << 1;
    QTest::newRow("missing") << u"!app"_s << QString() << 0;
    QTest::newRow("two") << u"app=x,!tier"_s << QString() << 1;
    QTest::newRow("garbage") << u"app=(x"_s << QString() << -1;
    QTest::newRow("name") << QString() << u"metadata.name=one"_s << 1;
    QTest::newRow("name not") << QString() << u"metadata.name!=one"_s << 0;
    QTest::newRow("unset field") << QString() << u"spec.nodeName="_s << 1;
    QTest::newRow("unknown field") << QString() << u"spec.colour=red"_s << -1;
}

void TestFleetStore::selectors()
{
    QFETCH(QString, labels);
    QFETCH(QString, fields);
    QFETCH(int, result);
    ObjectStore store;
    const ObjectPtr o = store.put(u"pods"_s, object(u"one"_s, 1));
    const auto selector = Selector::parse(labels, fields, u"pods"_s);
    QCOMPARE(selector.has_value(), result >= 0);
    if (selector)
        QCOMPARE(selector->matches(*o), result == 1);
}

void TestFleetStore::cron_data()
{
    QTest::addColumn<QString>("schedule");
    QTest::addColumn<QString>("next"); // after Saturday 2026-11-21 10:00:00
    QTest::newRow("nightly") << u"0 2 * * *"_s << u"2026-11-22T02:00:00Z"_s;
    QTest::newRow("step") << u"*/15 * * * *"_s << u"2026-11-21T10:15:00Z"_s;
    QTest::newRow("weekly") << u"0 2 * * 0"_s << u"2026-11-22T02:00:00Z"_s;
    QTest::newRow("sunday as 7") << u"0 2 * * 7"_s << u"2026-11-22T02:00:00Z"_s;
    QTest::newRow("weekdays") << u"0 7 * * 1-5"_s << u"2026-11-23T07:00:00Z"_s;
    QTest::newRow("day of month") << u"30 4 1 * *"_s << u"2026-12-01T04:30:00Z"_s;
    QTest::newRow("either day") << u"0 0 25 * 1"_s << u"2026-11-23T00:00:00Z"_s;
    QTest::newRow("garbage") << u"0 2 * *"_s << QString();
    QTest::newRow("out of range") << u"61 2 * * *"_s << QString();
}

void TestFleetStore::cron()
{
    QFETCH(QString, schedule);
    QFETCH(QString, next);
    const qint64 t = nextCronTime(schedule, start);
    QCOMPARE(t < 0 ? QString() : timeText(t), next);
}

QTEST_GUILESS_MAIN(TestFleetStore)
#include "test_fleet_store.moc"
