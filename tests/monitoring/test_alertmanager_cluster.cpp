// SPDX-License-Identifier: GPL-3.0-or-later
#include "AmtoolRows.h"
#include "RealAlertmanager.h"
#include "monitoring/alerts/AlertSource.h"
#include "platform/Platform.h"

#include <QtCore/QDateTime>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto configuration =
    "route: {receiver: night, group_by: [alertname], routes: [{matchers: ['severity=\"page\"'], receiver: pager}]}\n"
    "receivers: [{name: night}, {name: pager}]\n"
    "inhibit_rules:\n"
    "- {source_matchers: ['alertname=\"NodeDown\"'], target_matchers: ['severity=\"warning\"'], equal: [node]}\n";

constexpr int longest = 60'000; ///< ms: a busy machine starts two servers, and gossip takes its time

} // namespace

/// Two real Alertmanagers that gossip, and the alerts of both put together: what amtool says of each, in every state,
/// also when one of them is gone. The parts of the test follow each other.
class TestAlertmanagerCluster : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyStateIsAmtools();
    void silenceOfOneIsBoths();
    void resolvedOnesAreGone();
    void oneIsKilled();
    void noneIsLeft();

private:
    using Rows = QStringList;
    [[nodiscard]] static Rows amtoolRows(const RealAlertmanager& of)
    {
        return alertRows(QJsonDocument::fromJson(of.amtool({u"alert"_s, u"query"_s, u"--active"_s, u"--silenced"_s,
                                                            u"--inhibited"_s, u"--unprocessed"_s, u"-o"_s, u"json"_s}))
                             .array());
    }
    [[nodiscard]] Rows ours() const { return alertRows(m_source->firing()); }
    [[nodiscard]] BookedAlert booked(const QString& name, const QString& node = {}) const
    {
        for (const BookedAlert* one : m_source->book().alerts())
            if (labelValue(one->alert.labels, u"alertname") == name &&
                (node.isEmpty() || labelValue(one->alert.labels, u"node") == node))
                return *one;
        return {};
    }
    static void add(const QList<const RealAlertmanager*>& to, const QStringList& labels, const QStringList& more = {})
    {
        // To each, as Prometheus does it: they do not tell each other of alerts.
        for (const RealAlertmanager* one : to)
            (void)one->amtool(QStringList{u"alert"_s, u"add"_s} + more + labels);
    }
    [[nodiscard]] QString silence(const RealAlertmanager& at, const QStringList& matchers) const
    {
        return QString::fromUtf8(at.amtool(QStringList{u"silence"_s, u"add"_s, u"-a"_s, u"anna"_s, u"-c"_s, u"known"_s,
                                                       u"-d"_s, u"2h"_s} +
                                           matchers))
            .trimmed();
    }

    RealAlertmanager m_one, m_two;
    SystemClock m_clock;
    std::unique_ptr<AlertSource> m_source;
    std::shared_ptr<void> m_watch;
};

void TestAlertmanagerCluster::initTestCase()
{
    if (const QString why = RealAlertmanager::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(m_one.startInCluster(configuration, nullptr), qPrintable(m_one.error()));
    QVERIFY2(m_two.startInCluster(configuration, &m_one), qPrintable(m_two.error()));
    auto platform = std::make_shared<platform::Platform>();
    platform->monitoring.alertmanager.emplace();
    platform->monitoring.alertmanager->urls = {m_one.url().toString(), m_two.url().toString()};
    const AlertSource::Options often{200, 10'000};
    m_source = std::make_unique<AlertSource>(AlertSource::Places{{nullptr, {}, platform}, {}}, m_clock, often);
    m_watch = m_source->watch();
}

void TestAlertmanagerCluster::everyStateIsAmtools()
{
    const QList<const RealAlertmanager*> both{&m_one, &m_two};
    add(both, {u"NodeDown"_s, u"node=n1"_s, u"severity=page"_s});
    add(both, {u"DiskFull"_s, u"node=n1"_s, u"severity=warning"_s});
    add(both, {u"DiskFull"_s, u"node=n2"_s, u"severity=warning"_s});
    add(both, {u"Odd"_s, u"node=Straße 7"_s});
    const QString id = silence(m_one, {u"alertname=DiskFull"_s, u"node=n2"_s});
    QVERIFY(!id.isEmpty());
    const auto agree = [&] {
        const Rows rows = ours();
        return rows.size() == 4 && rows.filter(u" active "_s).size() == 2 && rows.filter(id).size() == 1 &&
               std::ranges::none_of(m_source->book().alerts(), [](const BookedAlert* one) { return one->disputed; }) &&
               rows == amtoolRows(m_one) && rows == amtoolRows(m_two);
    };
    QTRY_VERIFY_WITH_TIMEOUT(agree(), longest);
    const BookedAlert silenced = booked(u"DiskFull"_s, u"n2"_s), inhibited = booked(u"DiskFull"_s, u"n1"_s);
    QCOMPARE(silenced.alert.silencedBy, QStringList{id});
    QCOMPARE(inhibited.alert.inhibitedBy, QStringList{booked(u"NodeDown"_s).alert.fingerprint});
    QCOMPARE(silenced.words.size(), 2U); // both have said so
    QCOMPARE(booked(u"NodeDown"_s).alert.receivers, QStringList{u"pager"_s});
}

/// What is made at the other one is seen within its gossip, in each.
void TestAlertmanagerCluster::silenceOfOneIsBoths()
{
    const QString id = silence(m_two, {u"alertname=Odd"_s});
    QTRY_VERIFY_WITH_TIMEOUT(booked(u"Odd"_s).alert.silencedBy == QStringList{id} && !booked(u"Odd"_s).disputed,
                             longest);
    QVERIFY(m_source->silence(id));
    QCOMPARE(m_source->silence(id)->createdBy, u"anna"_s);
    QTRY_COMPARE_WITH_TIMEOUT(ours(), amtoolRows(m_one), longest);
    // It ends at the one, and both know.
    (void)m_one.amtool({u"silence"_s, u"expire"_s, id});
    QTRY_VERIFY_WITH_TIMEOUT(booked(u"Odd"_s).alert.state == ManagedAlert::State::Active && !booked(u"Odd"_s).disputed,
                             longest);
    QCOMPARE(m_source->silence(id)->stateAt(m_clock.nowMs() + 1'000), Silence::State::Expired);
}

void TestAlertmanagerCluster::resolvedOnesAreGone()
{
    add({&m_one, &m_two}, {u"Odd"_s, u"node=Straße 7"_s},
        {u"--end="_s + QDateTime::currentDateTimeUtc().toString(Qt::ISODate)});
    QTRY_VERIFY_WITH_TIMEOUT(!booked(u"Odd"_s).firing, longest);
    QVERIFY(booked(u"Odd"_s).resolvedAt > 0); // the cockpit keeps its past
    const auto agree = [&] { return ours().size() == 3 && ours() == amtoolRows(m_one) && ours() == amtoolRows(m_two); };
    QTRY_VERIFY_WITH_TIMEOUT(agree(), longest);
    // What inhibited the other one is over: it tells people again.
    add({&m_one, &m_two}, {u"NodeDown"_s, u"node=n1"_s, u"severity=page"_s},
        {u"--end="_s + QDateTime::currentDateTimeUtc().toString(Qt::ISODate)});
    QTRY_VERIFY_WITH_TIMEOUT(booked(u"DiskFull"_s, u"n1"_s).alert.state == ManagedAlert::State::Active, longest);
    QTRY_COMPARE_WITH_TIMEOUT(ours(), amtoolRows(m_two), longest);
    std::vector<AlertEvent::Kind> kinds;
    for (const AlertEvent& event : m_source->book().history(booked(u"DiskFull"_s, u"n1"_s).alert.fingerprint))
        kinds.push_back(event.kind);
    QVERIFY(std::ranges::find(kinds, AlertEvent::Kind::Told) != kinds.end());
}

void TestAlertmanagerCluster::oneIsKilled()
{
    m_one.kill();
    QTRY_COMPARE_WITH_TIMEOUT(m_source->book().remarks().size(), 1, longest);
    QVERIFY2(m_source->book().remarks().front().contains(m_one.url().authority()),
             qPrintable(m_source->book().remarks().front()));
    QVERIFY(!m_source->isStale());
    const QString id = silence(m_two, {u"alertname=Late"_s});
    add({&m_two}, {u"Late"_s, u"severity=page"_s});
    QTRY_VERIFY_WITH_TIMEOUT(booked(u"Late"_s).alert.silencedBy == QStringList{id}, longest);
    QTRY_VERIFY_WITH_TIMEOUT(ours().size() == 3 && ours() == amtoolRows(m_two), longest);
}

void TestAlertmanagerCluster::noneIsLeft()
{
    const Rows before = ours();
    m_two.kill();
    QTRY_VERIFY_WITH_TIMEOUT(m_source->isStale(), longest);
    QCOMPARE(ours(), before); // as it was said last, and marked as that
    QVERIFY(std::ranges::all_of(m_source->book().alerts(),
                                [](const BookedAlert* one) { return one->stale || !one->firing; }));
    for (const auto& [name, replica] : m_source->book().replicas())
        QVERIFY2(!replica.problem.contains(u"API server"_s), qPrintable(replica.problem));
}

QTEST_GUILESS_MAIN(TestAlertmanagerCluster)
#include "test_alertmanager_cluster.moc"
