// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "TestServer.h"
#include "monitoring/pulse/PulseBoard.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;
using table::Health;

namespace {

constexpr qint64 begun = 1'700'000'000'000;

ManagedAlert alertOf(const QString& name, const QString& severity, const Labels& more = {},
                     const QStringList& silencedBy = {}, const QStringList& inhibitedBy = {})
{
    ManagedAlert out;
    out.labels = {{u"alertname"_s, name}};
    if (!severity.isEmpty())
        out.labels.emplace_back(u"severity"_s, severity);
    out.labels.insert(out.labels.end(), more.begin(), more.end());
    out.fingerprint = labelsText(out.labels);
    out.silencedBy = silencedBy;
    out.inhibitedBy = inhibitedBy;
    out.state =
        silencedBy.isEmpty() && inhibitedBy.isEmpty() ? ManagedAlert::State::Active : ManagedAlert::State::Suppressed;
    out.startsAt = begun;
    return out;
}

AlertBook bookOf(const std::vector<ManagedAlert>& alerts)
{
    AlertBook book;
    book.heard(u"am"_s, alerts, begun + 1'000);
    return book;
}

/// A place whose Prometheus and Alertmanager are two of the test's servers.
std::shared_ptr<const platform::Platform> watched(const TestServer& prometheus, const TestServer& alertmanager)
{
    return shopWith(
        "services:\n"
        "  - {name: p, title: Prometheus, kind: monitoring, host: 127.0.0.1, product: Prometheus, ports: [" +
        QByteArray::number(prometheus.serverPort()) +
        "]}\n"
        "  - {name: a, title: Alertmanager, kind: monitoring, host: 127.0.0.1, product: Alertmanager, ports: [" +
        QByteArray::number(alertmanager.serverPort()) + "]}\n");
}

} // namespace

/// How many alerts tell people: the same on a tile and in the list.
class TestAlertTally : public QObject
{
    Q_OBJECT
private slots:
    void whatTellsPeopleAndWhatIsKept();
    void whoseItIs_data();
    void whoseItIs();
    void theWorstFirst();
    void alertmanagerIsBelievedBeforePrometheus();
};

void TestAlertTally::whatTellsPeopleAndWhatIsKept()
{
    const auto shop = shopWith({});
    const AlertBook book = bookOf(
        {alertOf(u"Down"_s, u"critical"_s), alertOf(u"Slow"_s, u"warning"_s),
         alertOf(u"Slow"_s, u"warning"_s, {{u"service"_s, u"web"_s}}), alertOf(u"Full"_s, u"critical"_s, {}, {u"s1"_s}),
         alertOf(u"Late"_s, u"warning"_s, {}, {}, {u"f"_s}), alertOf(u"Watchdog"_s, u"none"_s), alertOf(u"Odd"_s, {}),
         alertOf(u"Theirs"_s, u"critical"_s, {{u"namespace"_s, u"other"_s}})});
    const AlertTally tally = tallyOf(book, shop.get());
    QCOMPARE(tally.firing, (std::vector<AlertTally::Severity>{{u"critical"_s, Health::Bad, 1},
                                                              {u"warning"_s, Health::Warning, 2},
                                                              {QString(), Health::Warning, 1}}));
    QCOMPARE(tally.fires(), 4);
    QCOMPARE(tally.silenced, 1);
    QCOMPARE(tally.inhibited, 1);
    QCOMPARE(tally.quietWord(), u"kept quiet"_s);
    QCOMPARE(tally.elsewhere, 1);
    QCOMPARE(tally.filterOf(tally.firing[0]), u"severity=critical state:firing concerns=here"_s);
    QCOMPARE(tally.quietFilter(), u"-state:firing -state:resolved concerns=here"_s);
    QCOMPARE(tallyOf(book, nullptr).fires(), 5); // whoever asks for no platform counts them all
    AlertBook ended = book;
    ended.heard(u"am"_s, {}, begun + 2'000);
    QCOMPARE(tallyOf(ended, shop.get()), AlertTally());
}

void TestAlertTally::whoseItIs_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("space");
    QTest::addColumn<bool>("ours");
    QTest::newRow("neither") << QString() << QString() << true;
    QTest::newRow("the platform") << u"shop"_s << QString() << true;
    QTest::newRow("another") << u"bank"_s << QString() << false;
    QTest::newRow("a namespace of it") << QString() << u"shop"_s << true;
    QTest::newRow("another namespace") << QString() << u"bank"_s << false;
    QTest::newRow("its name in another namespace") << u"shop"_s << u"bank"_s << false;
}

void TestAlertTally::whoseItIs()
{
    QFETCH(QString, platform);
    QFETCH(QString, space);
    const auto shop = shopWith({});
    QTEST(concerns({{u"platform"_s, platform}, {u"namespace"_s, space}}, *shop), "ours");
}

void TestAlertTally::theWorstFirst()
{
    const auto alerts = firingIn(bookOf({alertOf(u"Slow"_s, u"warning"_s), alertOf(u"Down"_s, u"page"_s),
                                         alertOf(u"Hushed"_s, u"critical"_s, {}, {u"s"_s})}),
                                 nullptr);
    QCOMPARE(alerts.size(), size_t(2));
    QCOMPARE(alerts[0].name, u"Down"_s);
    QCOMPARE(alerts[0].health, Health::Bad);
    QCOMPARE(tallyOf(alerts),
             tallyOf(bookOf({alertOf(u"Slow"_s, u"warning"_s), alertOf(u"Down"_s, u"page"_s)}), nullptr));
}

/// What is silenced does not fire on a tile, and Prometheus, which knows of no silence, is only asked where no
/// Alertmanager answers.
void TestAlertTally::alertmanagerIsBelievedBeforePrometheus()
{
    const QByteArray json = "Content-Type: application/json\r\n";
    int askedForAlerts = 0, status = 200;
    TestServer prometheus([&](QTcpSocket* socket, const Received& received) {
        const bool alerts = received.body.contains("ALERTS");
        askedForAlerts += alerts ? 1 : 0;
        TestServer::answer(
            socket, 200,
            R"({"status":"success","data":{"resultType":"vector","result":[)" +
                QByteArray(
                    alerts
                        ? R"({"metric":{"alertname":"Full","severity":"critical","watchkeeper_part":"0"},"value":[1700000000,"1"]})"
                        : "") +
                "]}}",
            json);
    });
    TestServer alertmanager([&](QTcpSocket* socket, const Received& received) {
        const QByteArray full =
            R"([{"annotations":{},"endsAt":"2036-11-21T21:24:13Z","fingerprint":"f","receivers":[],"startsAt":"2023-11-14T21:19:13Z","status":{"inhibitedBy":[],"silencedBy":["s"],"state":"suppressed"},"updatedAt":"2023-11-14T21:19:13Z","labels":{"alertname":"Full","severity":"critical"}}])";
        const QByteArray path = received.target.split('?').first();
        TestServer::answer(socket, status, path.endsWith("/alerts") ? full : QByteArray("[]"), json);
    });
    ManualClock clock;
    const auto place = watched(prometheus, alertmanager);
    QVERIFY(place);
    ServerSource::Places places;
    places.platform = place;
    const auto source = std::make_shared<ServerSource>(places, clock);
    const auto alerts = std::make_shared<AlertSource>(AlertSource::Places{{source, {}, place}, {}}, clock);
    const auto pulse =
        std::make_shared<Pulse>(place, std::make_shared<const MetricCatalog>(builtinCatalog()), source, alerts);
    QCOMPARE(pulse->alertsBy(), Pulse::AlertsBy::Nobody);
    PulseBoard board(clock);
    board.setPulses({pulse});
    board.setWatched(true);
    const auto goOn = [&] {
        clock.advance(1'000);
        return pulse->alertsBy() == Pulse::AlertsBy::Alertmanager;
    };
    QVERIFY(QTest::qWaitFor(goOn, 60'000));
    QVERIFY(pulse->alerts().empty());
    QCOMPARE(pulse->tally().silenced, 1);
    QCOMPARE(pulse->tally().fires(), 0);
    QVERIFY(pulse->health() != Health::Bad);
    // From now on Prometheus is not asked for them.
    const auto rounds = [&](int most) {
        for (int i = 0; i < most; ++i) {
            clock.advance(10'000);
            QTest::qWait(5);
        }
    };
    rounds(3);
    const int asked = askedForAlerts;
    rounds(12);
    QCOMPARE(askedForAlerts, asked);
    // Away: what Prometheus says counts, and that it is so is told.
    status = 503;
    QVERIFY(QTest::qWaitFor(
        [&] {
            clock.advance(5'000);
            return pulse->alertsBy() == Pulse::AlertsBy::Prometheus && !pulse->alerts().empty();
        },
        60'000));
    QVERIFY(askedForAlerts > asked); // and not what it said before
    QCOMPARE(pulse->alerts().front().name, u"Full"_s);
    QVERIFY(!alerts->book().replicas().begin()->second.problem.isEmpty());
    board.setWatched(false);
    QCOMPARE(pulse->tally().fires(), 1);
}

QTEST_GUILESS_MAIN(TestAlertTally)
#include "test_alert_tally.moc"
