// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitoring/alerts/Acknowledgements.h"
#include "monitoring/alerts/AlertSource.h"
#include "monitoring/alerts/MatcherText.h"
#include "platform/Platform.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray isJson = "Content-Type: application/json\r\n";

/// What a test lets one replica answer.
struct Replica
{
    Replica()
        : server([this](QTcpSocket* socket, const Received& request) {
              ++asked;
              const QByteArray path = request.target.split('?').first();
              if (status != 200)
                  return TestServer::answer(socket, status, "\"broken\"", isJson);
              if (path.endsWith("/alertmanagers"))
                  return TestServer::answer(socket, 200, prometheus, isJson);
              TestServer::answer(socket, 200,
                                 path.endsWith("/alerts")      ? alerts
                                 : path.endsWith("/silences")  ? silences
                                 : path.endsWith("/groups")    ? groups
                                 : path.endsWith("/receivers") ? QByteArray(R"([{"name":"night"}])")
                                                               : QByteArray("[]"),
                                 isJson);
          })
    {
    }
    int status = 200, asked = 0;
    QByteArray alerts = "[]", silences = "[]", groups = "[]", prometheus;
    TestServer server;
};

QByteArray alert(const QByteArray& fingerprint, const QByteArray& name, const QByteArray& state = "active")
{
    return R"({"annotations":{},"endsAt":"2026-11-21T21:24:13Z","fingerprint":")" + fingerprint +
           R"(","receivers":[{"name":"night"}],"startsAt":"2026-11-21T21:19:13Z","status":{"inhibitedBy":[],"silencedBy":[],"state":")" +
           state + R"("},"updatedAt":"2026-11-21T21:19:13Z","labels":{"alertname":")" + name + R"("}})";
}

QByteArray silence(const QByteArray& id, const QByteArray& comment, const QByteArray& updated)
{
    return R"({"id":")" + id + R"(","status":{"state":"active"},"updatedAt":"2026-11-21T)" + updated +
           R"(Z","comment":")" + comment +
           R"(","createdBy":"ben","endsAt":"2036-11-21T22:19:13Z","matchers":[{"isRegex":false,"name":"a","value":"b"}],"startsAt":"2026-11-21T21:19:13Z"})";
}

std::shared_ptr<platform::Platform> platformOf(const QList<QUrl>& urls)
{
    auto out = std::make_shared<platform::Platform>();
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    for (const QUrl& url : urls) {
        platform::Endpoint endpoint;
        endpoint.url = url.toString() + u"/-/healthy"_s;
        service.healthEndpoints.push_back(endpoint);
    }
    out->services = {service};
    return out;
}

} // namespace

/// Where an Alertmanager is, and what its replicas say together, asked again and again while somebody watches.
class TestAlertSource : public QObject
{
    Q_OBJECT
private slots:
    void replicasTogether();
    void oneGoesAndComesBack();
    void oneHangs();
    void nobodyWatches();
    void foundThroughPrometheus();
    void foundInACluster();
    void foundNowhere();
    void acknowledged();
    void matchersAsPeopleWriteThem_data();
    void matchersAsPeopleWriteThem();

private:
    SystemClock m_clock;
    AlertSource::Options m_often{50, 10'000};
};

void TestAlertSource::replicasTogether()
{
    Replica one, two;
    one.alerts = '[' + alert("f1", "DiskFull", "suppressed") + ']';
    two.alerts = '[' + alert("f1", "DiskFull") + ',' + alert("f2", "NodeDown") + ']';
    one.silences = '[' + silence("s1", "old", "10:00:00") + ']';
    two.silences = '[' + silence("s1", "new", "11:00:00") + ',' + silence("s2", "other", "11:00:00") + ']';
    AlertSource source({{nullptr, {}, platformOf({one.server.url(), two.server.url()})}, {}}, m_clock, m_often);
    QCOMPARE(source.state(), AlertSource::State::Idle);
    QCOMPARE(one.asked, 0);
    const auto watch = source.watch();
    QTRY_VERIFY_WITH_TIMEOUT(source.book().alerts().size() == 2 && source.silences().size() == 2, 30'000);
    QCOMPARE(source.replicas().size(), 2U);
    QVERIFY2(source.reason().contains(u"platform file"_s), qPrintable(source.reason()));
    const BookedAlert* disputed = source.book().find(u"f1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(source.book().find(u"f1"_s)->disputed, 30'000);
    QCOMPARE(disputed->alert.state, ManagedAlert::State::Active); // the worst
    QTRY_COMPARE_WITH_TIMEOUT(source.silence(u"s1"_s)->comment, u"new"_s, 30'000);
    QCOMPARE(source.receivers(), QStringList{u"night"_s});
    QCOMPARE(source.firing().size(), 2U);
}

void TestAlertSource::oneGoesAndComesBack()
{
    Replica one;
    one.alerts = '[' + alert("f1", "DiskFull") + ']';
    AlertSource source({{nullptr, {}, platformOf({one.server.url()})}, {}}, m_clock, m_often);
    const auto watch = source.watch();
    QTRY_COMPARE_WITH_TIMEOUT(source.firing().size(), 1U, 30'000);
    QVERIFY(!source.isStale());
    one.status = 503;
    QTRY_VERIFY_WITH_TIMEOUT(source.isStale(), 30'000);
    QVERIFY(source.book().find(u"f1"_s)->stale);
    QVERIFY(!source.book().remarks().isEmpty());
    one.status = 200;
    one.alerts = "[]";
    QTRY_VERIFY_WITH_TIMEOUT(!source.isStale() && source.firing().empty(), 30'000);
    QVERIFY(!source.book().find(u"f1"_s)->firing);
}

/// What a replica says that answers is heard while another one takes the question and is silent.
void TestAlertSource::oneHangs()
{
    Replica one;
    int hanging = 0;
    const TestServer silent([&hanging](QTcpSocket*, const Received&) { ++hanging; });
    AlertSource source({{nullptr, {}, platformOf({silent.url(), one.server.url()})}, {}}, m_clock, {50, 300'000});
    const auto watch = source.watch();
    QTRY_VERIFY_WITH_TIMEOUT(hanging > 0 && source.heardAt() > 0, 30'000);
    one.alerts = '[' + alert("f1", "DiskFull") + ']';
    QTRY_COMPARE_WITH_TIMEOUT(source.firing().size(), 1U, 30'000);
    QVERIFY(!source.isStale());
}

void TestAlertSource::nobodyWatches()
{
    Replica one;
    AlertSource source({{nullptr, {}, platformOf({one.server.url()})}, {}}, m_clock, {0, 10'000});
    auto watch = source.watch();
    QTRY_VERIFY_WITH_TIMEOUT(one.asked > 8, 30'000);
    watch.reset();
    source.askNow(); // whatever is under way ends, and this is the last
    int changes = 0;
    connect(&source, &AlertSource::changed, &source, [&] { ++changes; });
    // What was sent before may still come; after it, nothing does.
    QTRY_VERIFY_WITH_TIMEOUT(changes > 0, 30'000);
    qint64 before = -1;
    QVERIFY(QTest::qWaitFor(
        [&] {
            QTest::qWait(50);
            return std::exchange(before, one.asked) == one.asked;
        },
        30'000));
    watch = source.watch();
    QTRY_VERIFY_WITH_TIMEOUT(one.asked > before, 30'000);
}

void TestAlertSource::foundThroughPrometheus()
{
    Replica one, prometheus;
    one.alerts = '[' + alert("f1", "DiskFull") + ']';
    prometheus.prometheus = R"({"status":"success","data":{"activeAlertmanagers":[{"url":")" +
                            one.server.url().toString().toLatin1() + R"(/api/v2/alerts"}],"droppedAlertmanagers":[]}})";
    auto platform = std::make_shared<platform::Platform>();
    platform::Service service;
    service.name = u"prometheus"_s;
    service.kind = platform::Service::Kind::Monitoring;
    platform::Endpoint endpoint;
    endpoint.name = u"prometheus"_s;
    endpoint.url = prometheus.server.url().toString();
    service.healthEndpoints = {endpoint};
    platform->services = {service};
    auto server = std::make_shared<ServerSource>(ServerSource::Places{{}, {}, platform}, m_clock);
    AlertSource source({{server, {}, platform}, {}}, m_clock, m_often);
    const auto watch = source.watch();
    QTRY_COMPARE_WITH_TIMEOUT(source.firing().size(), 1U, 30'000);
    QVERIFY2(source.reason().contains(u"sends its alerts there"_s), qPrintable(source.reason()));
}

void TestAlertSource::foundInACluster()
{
    const auto service = [](const char* space, const char* name, const char* labels) {
        return QByteArray(R"({"metadata":{"namespace":")") + space + R"(","name":")" + name + R"(","labels":{)" +
               labels + R"(}},"spec":{"ports":[{"name":"reloader-web","port":8080},{"name":"http-web","port":9093}]}})";
    };
    const auto found =
        alertmanagersIn({QJsonDocument::fromJson(
                             R"({"items":[)" + service("lab", "am", R"("app.kubernetes.io/name":"alertmanager")") +
                             ',' + service("monitoring", "alertmanager-operated", R"("operated-alertmanager":"true")") +
                             ',' + service("shop", "main", R"("app.kubernetes.io/name":"alertmanager")") + ',' +
                             service("shop", "web", R"("app":"web")") + "]}")
                             .object()},
                        {u"shop"_s});
    QVERIFY(found);
    QCOMPARE(found->replicas.front().servicePath, "/api/v1/namespaces/shop/services/http:main:9093/proxy");
    QCOMPARE(found->others, (QStringList{u"lab/am"_s, u"monitoring/alertmanager-operated"_s}));
    QVERIFY2(found->reason.contains(u"app.kubernetes.io/name=alertmanager"_s), qPrintable(found->reason));
}

void TestAlertSource::foundNowhere()
{
    AlertSource source({{nullptr, {}, nullptr}, {}}, m_clock, m_often);
    const auto watch = source.watch();
    QTRY_COMPARE_WITH_TIMEOUT(source.state(), AlertSource::State::Failed, 30'000);
    QVERIFY(!source.error()->sentence.isEmpty() && !source.error()->remedy.isEmpty());
}

void TestAlertSource::acknowledged()
{
    QTemporaryDir directory;
    const QString file = directory.filePath(u"deep/seen.json"_s);
    Acknowledgements first(file), second(file);
    QVERIFY(first.add({u"f1"_s, u"anna"_s, u"on it"_s, 5}));
    QVERIFY(second.add({u"f2"_s, u"ben"_s, {}, 3}));
    QCOMPARE(second.all().size(), 2U); // another window's, too
    QVERIFY(!first.add({u"f1"_s, u"  "_s, {}, 6}));
    const Acknowledgements again(file);
    QCOMPARE(again.all().size(), 2U);
    QCOMPARE(again.all().back().by, u"anna"_s);
    QCOMPARE(again.all().back().note, u"on it"_s);
    QFile broken(file);
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("{") == 1);
    broken.close();
    Acknowledgements unread(file);
    QVERIFY(unread.problem());
    QVERIFY(!unread.add({u"f3"_s, u"cleo"_s, {}, 7}));
    QCOMPARE(unread.all().size(), 1U); // for as long as it lives
}

void TestAlertSource::matchersAsPeopleWriteThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read"); ///< empty: it is refused
    const auto row = [](const char* text, const char* read) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(read);
    };
    row("DiskFull", R"({alertname="DiskFull"})");
    row("{a=\"b\"}", R"({a="b"})");
    row("a=b, c!=d,\n e=~f|g\nh!~\"i.*\"", R"({a="b",c!="d",e=~"f|g",h!~"i.*"})");
    row("a=\"x, y=\\\"z\\\"\"", R"({a="x, y=\"z\""})");
    row("a=", R"({a=""})");
    row("a=~\"(b\"", "");
    row("a=\"b", "");
    row("a=\"b\"c", "");
    row("a=\"\\b\"", "");
    row("1a=b", "");
    row("=b", "");
    row("a=b Two", R"({a="b Two"})");
    row("a=b, Two", "");
    row("a!b", "");
}

void TestAlertSource::matchersAsPeopleWriteThem()
{
    QFETCH(QString, text);
    QFETCH(QString, read);
    const auto matchers = parseMatchers(text);
    QCOMPARE(matchers ? matchersText(*matchers) : QString(), read);
    QVERIFY(matchers || !matchers.error().sentence.isEmpty());
}

QTEST_GUILESS_MAIN(TestAlertSource)
#include "test_alert_source.moc"
