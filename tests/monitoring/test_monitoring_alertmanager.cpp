// SPDX-License-Identifier: GPL-3.0-or-later
#include "AlertmanagerBench.h"
#include "TestServer.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray isJson = "Content-Type: application/json\r\n";

// Recorded from Alertmanager 0.25.
const QByteArray alertsBody =
    R"([{"annotations":{},"endsAt":"2026-11-21T21:24:13.568Z","fingerprint":"21bb3a6589c12eb3","receivers":[{"name":"night"}],"startsAt":"2026-11-21T21:19:13.568Z","status":{"inhibitedBy":[],"silencedBy":["ba75df4c-eca2-4468-a98e-1b5c7a5b56ad"],"state":"suppressed"},"updatedAt":"2026-11-21T21:19:13.568Z","labels":{"alertname":"DiskFull","node":"n2","severity":"warning"}},)"
    R"({"annotations":{"summary":"It is full"},"endsAt":"2026-11-21T21:24:13.551Z","fingerprint":"767f6dd555a737e6","receivers":[{"name":"night"}],"startsAt":"2026-11-21T21:19:13.551Z","status":{"inhibitedBy":["8118aab4a07d9389"],"silencedBy":[],"state":"suppressed"},"updatedAt":"2026-11-21T21:19:13.551Z","labels":{"alertname":"DiskFull","node":"n1","severity":"warning"}},)"
    R"({"annotations":{},"endsAt":"2026-11-21T21:24:13.534Z","fingerprint":"8118aab4a07d9389","generatorURL":"http://p/graph","receivers":[{"name":"day/pager"}],"startsAt":"2026-11-21T21:19:13.534Z","status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2026-11-21T21:19:13.534Z","labels":{"alertname":"NodeDown","node":"n1","severity":"page"}}])";
const QByteArray silencesBody =
    R"([{"id":"7d786b16-614a-4d86-9670-345e7f27bf80","status":{"state":"expired"},"updatedAt":"2026-11-21T21:19:13.608Z","comment":"x","createdBy":"ben","endsAt":"2026-11-21T22:19:13.606Z","matchers":[{"isRegex":false,"name":"severity","value":"none"},{"isEqual":false,"isRegex":true,"name":"a","value":"b|c"}],"startsAt":"2026-11-21T21:19:13.608Z"}])";
const QByteArray statusBody =
    R"({"cluster":{"name":"01HX","peers":[{"address":"10.0.0.7:9094","name":"01HY"}],"status":"ready"},"config":{"original":"route:\n  receiver: night\n"},"uptime":"2026-11-21T21:19:13.001Z","versionInfo":{"branch":"debian/sid","buildDate":"20230409","buildUser":"u","goVersion":"go1.19.8","revision":"0.25.0-1+b4","version":"0.25.0"}})";

constexpr qint64 at2119 = 1'795'295'953'000; ///< 2026-11-21T21:19:13Z

} // namespace

/// What is asked, how answers are read, and what is said where there is none.
class TestMonitoringAlertmanager : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void alerts();
    void groups();
    void statusAndReceivers();
    void silences();
    void questions();
    void failures_data();
    void failures();
    void ended();
    void silenceId();

private:
    QByteArray m_response; ///< as a whole, where a test gives it
    QByteArray m_body;
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<AlertmanagerClient> m_client;
    SystemClock m_clock;
};

void TestMonitoringAlertmanager::init()
{
    m_response.clear();
    m_client.reset();
    m_server = std::make_unique<TestServer>([this](QTcpSocket* socket, const Received&) {
        if (m_response.isEmpty())
            return TestServer::answer(socket, 200, m_body, isJson);
        socket->write(m_response);
        socket->disconnectFromHost();
    });
    ServerAddress address;
    address.url = m_server->url();
    address.url.setPath(u"/am"_s);
    auto way = openWay(address, m_clock);
    QVERIFY(way);
    m_client = std::make_unique<AlertmanagerClient>(*std::move(way));
}

void TestMonitoringAlertmanager::alerts()
{
    m_body = alertsBody;
    const auto got = asked<Alerts>([&](auto then) { return m_client->alerts({}, then); });
    QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
    QCOMPARE(m_server->received().last().verb, "GET");
    QCOMPARE(m_server->received().last().target, "/am/api/v2/alerts");
    QCOMPARE(got->size(), 3U);
    ManagedAlert wanted;
    wanted.fingerprint = u"767f6dd555a737e6"_s;
    wanted.labels = {{u"alertname"_s, u"DiskFull"_s}, {u"node"_s, u"n1"_s}, {u"severity"_s, u"warning"_s}};
    wanted.annotations = {{u"summary"_s, u"It is full"_s}};
    wanted.state = ManagedAlert::State::Suppressed;
    wanted.inhibitedBy = {u"8118aab4a07d9389"_s};
    wanted.receivers = {u"night"_s};
    wanted.startsAt = wanted.updatedAt = at2119 + 551;
    wanted.endsAt = wanted.startsAt + 300'000;
    QVERIFY((*got)[1] == wanted);
    QCOMPARE((*got)[1].name(), u"DiskFull"_s);
    QCOMPARE((*got)[0].silencedBy, QStringList{u"ba75df4c-eca2-4468-a98e-1b5c7a5b56ad"_s});
    QCOMPARE(managedStateName((*got)[2].state), u"active"_s);
    QCOMPARE((*got)[2].generatorUrl, u"http://p/graph"_s);
    m_body = "null";
    QVERIFY(asked<Alerts>([&](auto then) { return m_client->alerts({}, then); })->empty());
}

void TestMonitoringAlertmanager::groups()
{
    m_body = R"([{"alerts":)" + alertsBody + R"(,"labels":{"alertname":"DiskFull"},"receiver":{"name":"night"}}])";
    const auto got = asked<Groups>([&](auto then) { return m_client->groups({}, then); });
    QVERIFY2(got, qPrintable(got ? QString() : got.error().text()));
    QCOMPARE(m_server->received().last().target, "/am/api/v2/alerts/groups");
    QCOMPARE(got->size(), 1U);
    QCOMPARE(got->front().receiver, u"night"_s);
    QCOMPARE(labelsText(got->front().labels), u"{alertname=\"DiskFull\"}"_s);
    QCOMPARE(got->front().alerts.size(), 3U);
}

void TestMonitoringAlertmanager::statusAndReceivers()
{
    m_body = statusBody;
    const auto got = asked<AlertmanagerStatus>([&](auto then) { return m_client->status(then); });
    QVERIFY(got);
    QCOMPARE(got->version, u"0.25.0"_s);
    QCOMPARE(got->clusterName + got->clusterState, u"01HXready"_s);
    QCOMPARE(got->peers.size(), 1U);
    QCOMPARE(got->peers.front().address, u"10.0.0.7:9094"_s);
    QCOMPARE(got->startedAt, at2119 + 1);
    QVERIFY(got->configuration.startsWith("route:\n"_L1));
    m_body = R"([{"name":"night"},{"name":"day/pager"}])";
    const auto receivers = asked<QStringList>([&](auto then) { return m_client->receivers(then); });
    QCOMPARE(receivers.value(), (QStringList{u"night"_s, u"day/pager"_s}));
}

void TestMonitoringAlertmanager::silences()
{
    m_body = silencesBody;
    const auto got = asked<Silences>([&](auto then) { return m_client->silences({}, then); });
    QVERIFY(got && got->size() == 1);
    const Silence& silence = got->front();
    QCOMPARE(matchersText(silence.matchers), u"{severity=\"none\",a!~\"b|c\"}"_s);
    QCOMPARE(silence.startsAt, at2119 + 608);
    QCOMPARE(silence.endsAt, at2119 + 3'600'606);
    QCOMPARE(silence.createdBy + silence.comment, u"benx"_s);
    QCOMPARE(silenceStateName(silence.state), u"expired"_s);
}

void TestMonitoringAlertmanager::questions()
{
    m_body = "[]";
    AlertFilter filter;
    filter.matchers = {{u"node"_s, u"a\"&b"_s, true, false}, {u"x"_s, u"1"_s}};
    filter.receiver = u"day/.*"_s;
    filter.silenced = filter.unprocessed = false;
    QVERIFY(asked<Alerts>([&](auto then) { return m_client->alerts(filter, then); }));
    QCOMPARE(m_server->received().last().target,
             "/am/api/v2/alerts?filter=node%21~%22a%5C%22%26b%22&filter=x%3D%221%22&silenced=false&unprocessed=false"
             "&receiver=day%2F.%2A");
    QVERIFY(asked<Groups>([&](auto then) { return m_client->groups(filter, then); }));
    QVERIFY(!m_server->received().last().target.contains("unprocessed"));
    QVERIFY(asked<Silences>([&](auto then) { return m_client->silences(filter.matchers, then); }));
    QCOMPARE(m_server->received().last().target,
             "/am/api/v2/silences?filter=node%21~%22a%5C%22%26b%22&filter=x%3D%221%22");
}

void TestMonitoringAlertmanager::failures_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("sentence"); ///< %1: the server's name
    using Kind = Error::Kind;
    const auto row = [](const char* name, int status, const QByteArray& body, Kind kind, const QString& sentence) {
        QTest::newRow(name) << status << body << kind << sentence;
    };
    const QString not_ = u"The answer is not what Alertmanager answers: %1."_s;
    row("refused", 400, "\"bad matcher format: a{\"", Kind::BadInput,
        u"%1 does not take the question: bad matcher format: a{."_s);
    row("refused by form", 422, R"({"code":602,"message":"active in query must be a boolean"})", Kind::BadInput,
        u"%1 does not take the question: active in query must be a boolean."_s);
    row("another path", 404, R"({"code":404,"message":"path /x was not found"})", Kind::NotFound,
        u"There is no Alertmanager under this address of %1."_s);
    row("its own trouble", 500, "\"no such file\"", Kind::Server, u"%1 could not answer: no such file."_s);
    row("who asks", 401, "", Kind::Unauthorized, u"%1 wants to know who asks, and did not accept what it was told."_s);
    row("starting", 503, "x", Kind::Server,
        u"%1 is not ready to answer (status 503): it is starting, or overloaded."_s);
    row("login page", 200, "<html><title>Sign in</title></html>", Kind::Protocol,
        u"%1 answered with a web page instead of data (status 200): “Sign in”."_s);
    row("nothing", 200, "", Kind::Protocol, not_.arg(u"it is empty"_s));
    row("broken off", 200, alertsBody.first(200), Kind::Protocol, not_.arg(u"it is no JSON, or it breaks off"_s));
    row("Prometheus", 200, R"({"status":"success","data":{"alerts":[]}})", Kind::Protocol,
        not_.arg(u"it is no list"_s));
    row("no labels", 200, R"([{"fingerprint":"a","status":{"state":"active"}}])", Kind::Protocol,
        not_.arg(u"an alert in it has no labels or no status"_s));
    row("unknown state", 200, R"([{"fingerprint":"a","labels":{},"status":{"state":"odd"}}])", Kind::Protocol,
        not_.arg(u"an alert in it is in a state that is not known"_s));
    row("no fingerprint", 200, R"([{"labels":{},"status":{"state":"active"}}])", Kind::Protocol,
        not_.arg(u"an alert in it has no fingerprint"_s));
    row("numbers", 200, "[1,2]", Kind::Protocol, not_.arg(u"an alert in it has no labels or no status"_s));
}

void TestMonitoringAlertmanager::failures()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, sentence);
    m_response = "HTTP/1.1 " + QByteArray::number(status) + " X\r\nConnection: close\r\n" + isJson +
                 "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    const auto got = asked<Alerts>([&](auto then) { return m_client->alerts({}, then); });
    QVERIFY(!got);
    QCOMPARE(got.error().sentence, sentence.contains("%1"_L1) ? sentence.arg(m_client->words()) : sentence);
    QCOMPARE(got.error().kind, kind);
}

void TestMonitoringAlertmanager::ended()
{
    m_body = alertsBody;
    bool called = false;
    auto flight = m_client->alerts({}, [&](Result<Alerts>) { called = true; });
    flight.reset();
    QVERIFY(asked<Alerts>([&](auto then) { return m_client->alerts({}, then); }));
    QVERIFY(!called);
}

void TestMonitoringAlertmanager::silenceId()
{
    QCOMPARE(readSilenceId(R"({"silenceID":"7d786b16"})").value(), u"7d786b16"_s);
    QCOMPARE(readSilenceId("{}").error().sentence,
             u"The answer is not what Alertmanager answers: it names no silence."_s);
}

QTEST_GUILESS_MAIN(TestMonitoringAlertmanager)
#include "test_monitoring_alertmanager.moc"
