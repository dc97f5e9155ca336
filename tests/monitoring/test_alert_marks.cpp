// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "monitoring/marks/AlertMarks.h"
#include "platform/Platform.h"

#include <QtCore/QUrlQuery>

using namespace wk;
using namespace wk::test;
using State = series::MarkSource::Standing::State;

namespace {

constexpr qint64 minute = 60'000;

/// An Alertmanager and a Prometheus in one; each can be broken.
struct Servers
{
    Servers()
        : server([this](QTcpSocket* socket, const Received& request) {
              const QByteArray path = request.target.split('?').first();
              const bool alertmanager = path.startsWith("/api/v2/") || path.endsWith("/-/healthy");
              if (alertmanager ? alertmanagerDown : prometheusDown)
                  return TestServer::answer(socket, 503, "away", json);
              if (path.endsWith("/alerts") && alertmanager)
                  return TestServer::answer(socket, 200, alerts, json);
              if (alertmanager)
                  return TestServer::answer(socket, 200, "[]", json);
              if (!path.endsWith("query_range"))
                  return TestServer::answer(socket, 200, empty, json);
              asked << QUrlQuery(QString::fromUtf8(request.body)).queryItemValue(u"query"_s, QUrl::FullyDecoded);
              TestServer::answer(
                  socket, 200, R"({"status":"success","data":{"resultType":"matrix","result":[)" + past + "]}}", json);
          })
    {
    }
    bool alertmanagerDown = false, prometheusDown = false;
    QByteArray alerts = "[]", past;
    QStringList asked;
    TestServer server;
};

std::shared_ptr<platform::Platform> platformOf(const QUrl& url)
{
    auto out = std::make_shared<platform::Platform>();
    out->name = u"shop"_s;
    for (const QString& name : {u"alertmanager"_s, u"prometheus"_s}) {
        platform::Service service;
        service.name = name;
        service.kind = platform::Service::Kind::Monitoring;
        platform::Endpoint endpoint;
        endpoint.name = name;
        endpoint.url = url.toString() + (name == u"alertmanager" ? u"/-/healthy"_s : QString());
        service.healthEndpoints = {endpoint};
        out->services.push_back(service);
    }
    return out;
}

QByteArray alert(const QByteArray& fingerprint, const QByteArray& labels, qint64 since)
{
    return R"({"annotations":{},"endsAt":"2036-11-21T21:24:13Z","fingerprint":")" + fingerprint +
           R"(","receivers":[],"startsAt":")" +
           QDateTime::fromMSecsSinceEpoch(since, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1() +
           R"(","status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2026-11-21T21:19:13Z","labels":{)" +
           labels + "}}";
}

} // namespace

/// When alerts fired: what Alertmanager tells, and before it what Prometheus has on record.
class TestAlertMarks : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_servers = std::make_unique<Servers>();
        m_now = m_clock.nowMs();
        m_platform = platformOf(m_servers->server.url());
        m_source = std::make_shared<monitoring::ServerSource>(ServerSource::Places{{}, {}, m_platform}, m_clock);
        m_alerts = std::make_shared<AlertSource>(AlertSource::Places{{nullptr, {}, m_platform}, {}}, m_clock,
                                                 AlertSource::Options{50, 10'000});
        m_marks = std::make_unique<AlertMarks>(m_alerts, m_source, m_platform, m_clock);
        m_marks->want(m_now - 60 * minute, m_now);
    }
    void cleanup() { m_marks.reset(); }

    void fromBeginningToEnd()
    {
        m_servers->alerts =
            '[' + alert("f1", R"("alertname":"DiskFull","severity":"critical","service":"db")", m_now - 10 * minute) +
            ']';
        QCOMPARE(m_marks->standing().state, State::Asking);
        QVERIFY(m_servers->asked.isEmpty()); // nobody looks
        const auto watch = m_marks->watch();
        QTRY_COMPARE_WITH_TIMEOUT(marks().size(), size_t(1), 30'000);
        series::Mark mark = marks().front();
        QCOMPARE(mark.text, u"DiskFull, db (critical)"_s);
        QCOMPARE(mark.tone, series::Mark::Tone::Bad);
        QCOMPARE(mark.atMs, m_now - 10 * minute);
        QVERIFY(mark.goesOn && !mark.untilMs);
        QCOMPARE(mark.target, u"fingerprint:f1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_marks->standing().state, State::Known, 30'000);
        m_servers->alerts = "[]";
        QTRY_VERIFY_WITH_TIMEOUT(!marks().front().goesOn, 30'000);
        QVERIFY(*marks().front().untilMs >= m_now);
        QCOMPARE(marks().front().atMs, m_now - 10 * minute);
    }

    /// What was over before anybody asked Alertmanager, which forgets.
    void whatPrometheusHasOnRecord()
    {
        const auto seconds = [&](qint64 minutesAgo) {
            return QByteArray::number(double((m_now / 15'000) * 15'000 - minutesAgo * minute) / 1'000., 'f', 3);
        };
        m_servers->past = R"({"metric":{"alertname":"DiskFull","severity":"critical","service":"db"},"values":[[)" +
                          seconds(40) + R"(,"1"],[)" + seconds(10) +
                          R"(,"1"]]},{"metric":{"alertname":"Slow","severity":"warning"},"values":[[)" + seconds(30) +
                          R"(,"3"]]})";
        m_servers->alerts =
            '[' + alert("f1", R"("alertname":"DiskFull","severity":"critical","service":"db")", m_now - 10 * minute) +
            ']';
        const auto watch = m_marks->watch();
        QTRY_COMPARE_WITH_TIMEOUT(marks().size(), size_t(3), 30'000);
        auto all = marks();
        std::ranges::sort(all, {}, &series::Mark::atMs);
        QCOMPARE(all[0].text, u"DiskFull, db (critical)"_s); // the first time, over
        QVERIFY(!all[0].goesOn && all[0].untilMs);
        QCOMPARE(all[0].target, u"name:DiskFull"_s);
        QCOMPARE(all[1].text, u"Slow (warning), up to 3 at once"_s);
        QCOMPARE(all[1].tone, series::Mark::Tone::Warning);
        QCOMPARE(all[2].target, u"fingerprint:f1"_s); // the second time, once
        QVERIFY2(m_servers->asked.front().contains(u"max_over_time(ALERTS{alertstate=\"firing\""_s),
                 qPrintable(m_servers->asked.front()));
        const auto asked = m_servers->asked.size();
        m_marks->want(m_now - 60 * minute, m_now); // the same again
        QCOMPARE(m_servers->asked.size(), asked);
    }

    void whoCouldNotBeAskedIsSaid()
    {
        m_servers->prometheusDown = true;
        m_servers->alerts = '[' + alert("f1", R"("alertname":"DiskFull")", m_now - minute) + ']';
        const auto watch = m_marks->watch();
        QTRY_COMPARE_WITH_TIMEOUT(m_marks->standing().state, State::Partial, 30'000);
        QVERIFY2(m_marks->standing().words.contains(u"ended before"_s), qPrintable(m_marks->standing().words));
        QCOMPARE(marks().size(), size_t(1));
    }

    void nobodyToAsk()
    {
        AlertMarks none(nullptr, nullptr, m_platform, m_clock);
        none.want(m_now - 60 * minute, m_now);
        const auto watch = none.watch();
        QCOMPARE(none.standing().state, State::Unknown);
        QVERIFY(none.standing().words.contains(u"no Alertmanager"_s) &&
                none.standing().words.contains(u"no Prometheus"_s));
        QVERIFY(none.marks(0, m_now).empty());
    }

    void runsAreCutWhereItDidNotFire()
    {
        monitoring::Answer answer;
        monitoring::Series series;
        series.labels = {{u"alertname"_s, u"A"_s}};
        series.time = {1'000, 2'000, 5'000, 6'000};
        series.value = {1, 4, 1, 1};
        answer.series = {series};
        const auto runs = PastAlerts::runsOf(answer, 1'000, 6'000);
        QCOMPARE(runs.size(), size_t(2));
        QCOMPARE(runs[0], (PastAlerts::Run{{u"A"_s, {}, {}}, 500, 2'000, false, 4}));
        QCOMPARE(runs[1], (PastAlerts::Run{{u"A"_s, {}, {}}, 4'500, 6'000, true, 1}));
    }

private:
    std::vector<series::Mark> marks() const { return m_marks->marks(m_now - 60 * minute, m_now + 60 * minute); }

    SystemClock m_clock;
    qint64 m_now = 0;
    std::unique_ptr<Servers> m_servers;
    std::shared_ptr<platform::Platform> m_platform;
    std::shared_ptr<ServerSource> m_source;
    std::shared_ptr<AlertSource> m_alerts;
    std::unique_ptr<AlertMarks> m_marks;
};

QTEST_GUILESS_MAIN(TestAlertMarks)
#include "test_alert_marks.moc"
