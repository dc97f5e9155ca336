// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertBook.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;
using State = ManagedAlert::State;
using Kind = AlertEvent::Kind;

namespace {

constexpr qint64 minute = 60'000;

ManagedAlert alert(const QString& fingerprint, State state, qint64 startsAt, const QStringList& silencedBy = {},
                   const QStringList& inhibitedBy = {})
{
    ManagedAlert out;
    out.fingerprint = fingerprint;
    out.labels = {{u"alertname"_s, fingerprint}};
    out.state = state;
    out.startsAt = startsAt;
    out.silencedBy = silencedBy;
    out.inhibitedBy = inhibitedBy;
    return out;
}

const Error gone{Error::Kind::Network, u"It does not answer."_s, {}, {}};

} // namespace

/// Several replicas' alerts as one list, with a past.
class TestMonitoringAlertmanagerBook : public QObject
{
    Q_OBJECT

private slots:
    void worstWins();
    void away();
    void newReplicaKnowsLess();
    void history();
    void restartedReplica();
    void missedResolution();
    void differentStarts();
    void acknowledged();
    void order();
    void bounded();
    void leaving();
};

void TestMonitoringAlertmanagerBook::worstWins()
{
    AlertBook book;
    book.heard(u"am-0"_s, {alert(u"a"_s, State::Suppressed, 5, {u"s1"_s})}, minute);
    QVERIFY(!book.find(u"a"_s)->disputed);
    ManagedAlert other = alert(u"a"_s, State::Active, 9);
    other.annotations = {{u"summary"_s, u"by am-1"_s}};
    book.heard(u"am-1"_s, {other}, minute + 1);
    const BookedAlert& both = *book.find(u"a"_s);
    QCOMPARE(both.alert.state, State::Active);
    QCOMPARE(labelValue(both.alert.annotations, u"summary"), u"by am-1"_s);
    QCOMPARE(both.firingSince, 5); // the earlier of the two
    QVERIFY(both.disputed);
    QCOMPARE(book.wordsText(both), u"am-0: suppressed, am-1: active"_s);
    // Resolved is what all of them say.
    book.heard(u"am-1"_s, {}, minute + 2);
    QVERIFY(both.firing && both.disputed);
    QCOMPARE(both.alert.state, State::Suppressed);
    book.heard(u"am-0"_s, {}, minute + 3);
    QVERIFY(!both.firing && !both.disputed);
    QCOMPARE(both.resolvedAt, minute + 3);
}

void TestMonitoringAlertmanagerBook::away()
{
    AlertBook book;
    book.heard(u"am-0"_s, {alert(u"a"_s, State::Active, 5)}, minute);
    book.heard(u"am-1"_s, {alert(u"a"_s, State::Suppressed, 5, {u"s"_s})}, minute);
    book.away(u"am-0"_s, gone, 2 * minute);
    QCOMPARE(book.find(u"a"_s)->alert.state, State::Suppressed); // of those who answer
    QVERIFY(!book.find(u"a"_s)->disputed && !book.find(u"a"_s)->stale);
    QCOMPARE(book.remarks(),
             QStringList{u"am-0 is away, and what it said before may have changed: It does not answer."_s});
    QCOMPARE(book.wordsText(*book.find(u"a"_s)), u"am-0: active (away), am-1: suppressed"_s);
    // One that answers has known it and does not any more.
    book.heard(u"am-1"_s, {}, 3 * minute);
    QVERIFY(!book.find(u"a"_s)->firing);
    book.away(u"am-1"_s, gone, 4 * minute);
    QCOMPARE(book.remarks().size(), 3);
    QCOMPARE(book.remarks().first(), u"No replica of Alertmanager answers: what is shown is what they said last."_s);
    book.away(u"am-1"_s, gone, 5 * minute);
    QCOMPARE(book.replicas().at(u"am-1"_s).awaySince, 4 * minute);
    book.heard(u"am-0"_s, {}, 6 * minute);
    QCOMPARE(book.replicas().at(u"am-0"_s).awaySince, 0);
    book.away(u"am-2"_s, gone, 6 * minute);
    QVERIFY(book.remarks().contains(u"am-2 has not been heard yet: It does not answer."_s));
}

void TestMonitoringAlertmanagerBook::newReplicaKnowsLess()
{
    AlertBook book;
    book.heard(u"am-0"_s, {alert(u"a"_s, State::Active, 5)}, minute);
    book.heard(u"am-1"_s, {}, minute);
    book.away(u"am-0"_s, gone, 2 * minute);
    QVERIFY(book.find(u"a"_s)->firing && book.find(u"a"_s)->stale);
    book.heard(u"am-1"_s, {}, 3 * minute);
    QVERIFY(book.find(u"a"_s)->firing && book.find(u"a"_s)->stale);
    book.heard(u"am-1"_s, {alert(u"a"_s, State::Active, 5)}, 4 * minute);
    QVERIFY(!book.find(u"a"_s)->stale);
    QCOMPARE(book.history(u"a"_s), (std::vector<AlertEvent>{{Kind::Firing, 5, {}}}));
}

void TestMonitoringAlertmanagerBook::history()
{
    AlertBook book;
    const QString am = u"am"_s;
    book.heard(am, {alert(u"a"_s, State::Active, 5)}, 1 * minute);
    book.heard(am, {alert(u"a"_s, State::Suppressed, 5, {u"s1"_s})}, 2 * minute);
    book.heard(am, {alert(u"a"_s, State::Suppressed, 5, {u"s1"_s})}, 3 * minute);
    book.heard(am, {alert(u"a"_s, State::Suppressed, 5, {u"s1"_s}, {u"f"_s})}, 4 * minute);
    book.heard(am, {alert(u"a"_s, State::Active, 5)}, 5 * minute);
    book.heard(am, {}, 6 * minute);
    book.heard(am, {alert(u"a"_s, State::Active, 6 * minute + 1)}, 7 * minute);
    book.setAcknowledgements({{u"a"_s, u"anna"_s, {}, 2 * minute + 1}});
    const std::vector<AlertEvent> wanted{
        {Kind::Firing, 5, {}},
        {Kind::Silenced, 2 * minute, {u"s1"_s}},
        {Kind::Acknowledged, 2 * minute + 1, {u"anna"_s}},
        {Kind::Inhibited, 4 * minute, {u"f"_s}},
        {Kind::Told, 5 * minute, {}},
        {Kind::Resolved, 6 * minute, {}},
        {Kind::Firing, 6 * minute + 1, {}},
    };
    QCOMPARE(book.history(u"a"_s), wanted);
    QCOMPARE(book.find(u"a"_s)->resolvedAt, 0);
    QVERIFY(book.history(u"unknown"_s).empty());
}

void TestMonitoringAlertmanagerBook::restartedReplica()
{
    AlertBook book;
    const QString am = u"am"_s;
    book.heard(am, {alert(u"a"_s, State::Active, 5)}, 1 * minute);
    book.setAcknowledgements({{u"a"_s, u"anna"_s, {}, minute}});
    book.heard(am, {}, 2 * minute); // it has lost its memory
    QVERIFY(!book.find(u"a"_s)->firing);
    book.heard(am, {alert(u"a"_s, State::Active, 5)}, 3 * minute);
    QVERIFY(book.find(u"a"_s)->firing && book.find(u"a"_s)->acknowledged);
    QCOMPARE(book.history(u"a"_s).size(), 2U);
    QCOMPARE(book.history(u"a"_s).back().kind, Kind::Acknowledged);
}

void TestMonitoringAlertmanagerBook::missedResolution()
{
    AlertBook book;
    book.heard(u"am"_s, {alert(u"a"_s, State::Active, 5)}, minute);
    book.heard(u"am"_s, {alert(u"a"_s, State::Active, 5 * minute)}, 6 * minute);
    QCOMPARE(book.find(u"a"_s)->firingSince, 5 * minute);
    QCOMPARE(book.history(u"a"_s), (std::vector<AlertEvent>{{Kind::Firing, 5, {}}, {Kind::Firing, 5 * minute, {}}}));
}

void TestMonitoringAlertmanagerBook::differentStarts()
{
    AlertBook book;
    book.heard(u"am-0"_s, {alert(u"a"_s, State::Active, 5)}, minute);
    book.heard(u"am-1"_s, {alert(u"a"_s, State::Active, 9)}, minute);
    book.setAcknowledgements({{u"a"_s, u"anna"_s, {}, 7}});
    book.heard(u"am-0"_s, {}, 2 * minute);
    book.away(u"am-0"_s, gone, 3 * minute);
    book.heard(u"am-1"_s, {alert(u"a"_s, State::Active, 9)}, 3 * minute);
    QCOMPARE(book.find(u"a"_s)->firingSince, 5);
    QVERIFY(book.find(u"a"_s)->acknowledged);
    QCOMPARE(book.history(u"a"_s).size(), 2U);
    // One that heard of it earlier comes later.
    book.heard(u"am-2"_s, {alert(u"a"_s, State::Active, 2)}, 4 * minute);
    book.heard(u"am-1"_s, {}, 4 * minute);
    QCOMPARE(book.find(u"a"_s)->firingSince, 2);
}

void TestMonitoringAlertmanagerBook::acknowledged()
{
    AlertBook book;
    book.setAcknowledgements({{u"a"_s, u"anna"_s, u"on it"_s, 2 * minute}, {u"a"_s, u"ben"_s, {}, 4}});
    book.heard(u"am"_s, {alert(u"a"_s, State::Active, 5), alert(u"b"_s, State::Active, 5)}, minute);
    QCOMPARE(book.find(u"a"_s)->acknowledged->by, u"anna"_s);
    QVERIFY(!book.find(u"b"_s)->acknowledged);
    // It fires again: nobody has seen that.
    book.heard(u"am"_s, {}, 3 * minute);
    book.heard(u"am"_s, {alert(u"a"_s, State::Active, 4 * minute)}, 5 * minute);
    QVERIFY(!book.find(u"a"_s)->acknowledged);
    book.setAcknowledgements({{u"a"_s, u"ben"_s, {}, 5 * minute}});
    QCOMPARE(book.find(u"a"_s)->acknowledged->by, u"ben"_s);
    book.setAcknowledgements({});
    QVERIFY(!book.find(u"a"_s)->acknowledged);
}

void TestMonitoringAlertmanagerBook::order()
{
    AlertBook book;
    book.heard(u"am"_s, {alert(u"gone1"_s, State::Active, 1), alert(u"gone2"_s, State::Active, 1)}, 10);
    book.heard(u"am"_s, {alert(u"gone2"_s, State::Active, 1)}, 20);
    book.heard(u"am"_s,
               {alert(u"quiet"_s, State::Suppressed, 1, {u"s"_s}), alert(u"late"_s, State::Active, 9),
                alert(u"early"_s, State::Active, 3), alert(u"raw"_s, State::Unprocessed, 1)},
               30);
    QStringList names;
    for (const BookedAlert* one : book.alerts())
        names << one->alert.fingerprint;
    QCOMPARE(names, (QStringList{u"early"_s, u"late"_s, u"raw"_s, u"quiet"_s, u"gone2"_s, u"gone1"_s}));
}

void TestMonitoringAlertmanagerBook::bounded()
{
    AlertBook book({.eventsEach = 4, .resolvedKept = 2, .resolvedKeptMs = 100});
    std::vector<ManagedAlert> alerts;
    alerts.reserve(5);
    for (int i = 0; i < 5; ++i)
        alerts.push_back(alert(QString::number(i), State::Active, 1));
    book.heard(u"am"_s, alerts, 10);
    for (int i = 0; i < 10; ++i) {
        alerts[4] = alert(u"4"_s, State::Suppressed, 1, {QString::number(i)});
        book.heard(u"am"_s, alerts, 11 + i);
    }
    QCOMPARE(book.history(u"4"_s).size(), 4U);
    QCOMPARE(book.history(u"4"_s).back().by, QStringList{u"9"_s});
    alerts.erase(alerts.begin());
    book.heard(u"am"_s, alerts, 30); // 0 goes first
    book.heard(u"am"_s, {}, 40);
    QCOMPARE(book.alerts().size(), 2U);
    QVERIFY(!book.find(u"0"_s));
    book.heard(u"am"_s, {}, 141);
    QVERIFY(book.alerts().empty());
}

void TestMonitoringAlertmanagerBook::leaving()
{
    AlertBook book;
    book.heard(u"am-0"_s, {alert(u"a"_s, State::Active, 1)}, 10);
    book.heard(u"am-1"_s, {}, 10);
    book.away(u"am-0"_s, gone, 20);
    QVERIFY(book.find(u"a"_s)->firing);
    book.leave(u"am-0"_s, 30);
    QVERIFY(!book.find(u"a"_s)->firing);
    QVERIFY(book.remarks().isEmpty());
    QCOMPARE(book.replicas().size(), 1U);
}

QTEST_GUILESS_MAIN(TestMonitoringAlertmanagerBook)
#include "test_monitoring_alertmanager_book.moc"
