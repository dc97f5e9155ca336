// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "monitoring/probes/ProbeBook.h"
#include "monitoring/probes/ProbePlan.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;
using State = ProbeBook::State;
using Verdict = ProbeResult::Verdict;

namespace {

/// "id kind where path" of each probe, sorted.
QStringList lines(const ProbePlan& plan)
{
    static const std::map<ProbeSpec::Kind, QString> kinds{{ProbeSpec::Kind::Http, u"http"_s},
                                                          {ProbeSpec::Kind::Tcp, u"tcp"_s},
                                                          {ProbeSpec::Kind::PostgreSql, u"postgres"_s},
                                                          {ProbeSpec::Kind::Redis, u"redis"_s},
                                                          {ProbeSpec::Kind::TlsExpiry, u"tls"_s}};
    QStringList out;
    for (const ProbeSpec& spec : plan.probes)
        out << u"%1 %2 %3 %4"_s.arg(spec.id, kinds.at(spec.kind), spec.where(), spec.url.path()).trimmed();
    out.sort();
    return out;
}

QStringList left(const ProbePlan& plan)
{
    QStringList out;
    for (const Unprobed& one : plan.unprobed)
        out << one.service + u": "_s + one.reason;
    return out;
}

ProbeSpec spec(const QString& id)
{
    ProbeSpec out;
    out.id = id;
    out.service = id;
    out.url = QUrl(u"http://127.0.0.1:1/"_s);
    return out;
}

ProbeResult result(Verdict verdict, qint64 atMs)
{
    ProbeResult out;
    out.verdict = verdict;
    out.atMs = atMs;
    if (verdict == Verdict::Down || verdict == Verdict::Unasked)
        out.error = Error{Error::Kind::Network, u"at %1"_s.arg(atMs), {}, {}};
    return out;
}

/// A book of one probe that is told a course, a second for each letter: u(p), s(low), d(own), n(ot asked).
struct Course
{
    ProbeBook book{[] { return 0.5; }};
    qint64 now = 0;
    Course() { book.setProbes({spec(u"a"_s)}, 0); }
    const ProbeBook::Entry& tell(const QString& letters)
    {
        static const std::map<QChar, Verdict> verdicts{
            {u'u', Verdict::Up}, {u's', Verdict::Slow}, {u'd', Verdict::Down}, {u'n', Verdict::Unasked}};
        for (const QChar letter : letters) {
            now += 1'000;
            book.record(u"a", result(verdicts.at(letter), now), now);
        }
        return book.entries().front();
    }
};

} // namespace

class TestMonitoringProbes : public QObject
{
    Q_OBJECT

private slots:
    void platforms_data();
    void platforms();
    void everyServiceIsAccountedFor_data() { addPlatforms(); }
    void everyServiceIsAccountedFor();
    void places();
    void whatIsLeftAlone();
    void clusterNames();
    void states_data();
    void states();
    void strip();
    void dueTimes();
    void noBurst();
    void sameProbesKeepTheirPast();
    void words();
};

void TestMonitoringProbes::platforms_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("stratmaster") << u"stratmaster"_s
                                 << QStringList{u"grafana/certificate tls grafana.stratmaster.com:443"_s,
                                                u"grafana/dashboards http grafana.stratmaster.com:443"_s,
                                                u"stratmaster-api/api health http api.stratmaster.com:443 /healthz"_s,
                                                u"stratmaster-api/certificate tls api.stratmaster.com:443"_s};
    QTest::newRow("streamgate") << u"streamgate"_s
                                << QStringList{
                                       u"consul/consul http consul:8500 in streamgate /v1/status/leader"_s,
                                       u"minio/minio http minio:9000 in streamgate /minio/health/live"_s,
                                       u"nats/nats http nats:8222 in streamgate /healthz"_s,
                                       u"prometheus/prometheus http prometheus:9090 in streamgate /-/healthy"_s};
    QTest::newRow("tchat") << u"tchat"_s
                           << QStringList{u"auth/health http auth-service:8081 in tchat /health"_s,
                                          u"auth/ready http auth-service:8081 in tchat /health/ready"_s,
                                          u"ingress/certificate tls api.tchat.sea:443"_s,
                                          u"ingress/nginx tcp api.tchat.sea:443"_s,
                                          u"messaging/health http messaging-service:8082 in tchat /health"_s,
                                          u"messaging/ready http messaging-service:8082 in tchat /health/ready"_s,
                                          u"notification/health http notification-service:8084 in tchat /health"_s,
                                          u"notification/ready http notification-service:8084 in tchat /health/ready"_s,
                                          u"payment/health http payment-service:8083 in tchat /health"_s,
                                          u"payment/ready http payment-service:8083 in tchat /health/ready"_s,
                                          u"prometheus/prometheus http prometheus:9090 in tchat /-/healthy"_s};
}

void TestMonitoringProbes::platforms()
{
    QFETCH(QString, name);
    QFETCH(QStringList, expected);
    const auto platform = builtinPlatform(name);
    QVERIFY(platform);
    const ProbePlan plan = probesOf(*platform);
    QCOMPARE(lines(plan), expected);
    for (const ProbeSpec& probe : plan.probes)
        QCOMPARE(probe.expect, name == "tchat"_L1 && probe.title == "health"_L1 ? std::optional(200) : std::nullopt);
}

void TestMonitoringProbes::everyServiceIsAccountedFor()
{
    QFETCH(QString, name);
    const auto platform = builtinPlatform(name);
    const ProbePlan plan = probesOf(*platform);
    QSet<QString> ids;
    for (const ProbeSpec& probe : plan.probes) {
        QVERIFY2(!ids.contains(probe.id), qPrintable(probe.id));
        ids.insert(probe.id);
    }
    for (const platform::Service& service : platform->services) {
        const bool probed = std::ranges::any_of(plan.probes, [&](const auto& p) { return p.service == service.name; });
        const auto why = std::ranges::find(plan.unprobed, service.name, &Unprobed::service);
        QVERIFY2(probed || (why != plan.unprobed.end() && why->reason.endsWith(u'.')), qPrintable(service.name));
    }
}

void TestMonitoringProbes::places()
{
    const auto platform = shopWith(R"(services:
  - {name: a, title: A, kind: database, product: PostgreSQL, host: db.example.org, ports: [6432]}
  - {name: b, title: B, kind: cache, product: Redis, host: 10.0.0.7}
  - {name: c, title: C, kind: queue, product: RabbitMQ, host: mq.example.org, ports: [5672]}
  - {name: d, title: D, kind: queue, product: NATS, host: nats.example.org, ports: [4222]}
  - {name: e, title: E, kind: application, host: e.other.svc.cluster.local, endpoints: [{use: health, path: "/ok?full=1", port: 8443}]}
  - {name: f, title: F, kind: application, endpoints: [{name: one, use: health, url: "https://f.example.org:444/1"}, {name: one, use: health, url: "https://f.example.org:444/2"}]}
)");
    QVERIFY(platform);
    const ProbePlan plan = probesOf(*platform);
    QCOMPARE(lines(plan),
             (QStringList{u"a/postgresql postgres db.example.org:6432"_s, u"b/redis redis 10.0.0.7:6379"_s,
                          u"c/rabbitmq tcp mq.example.org:5672"_s, u"d/nats http nats.example.org:8222 /healthz"_s,
                          u"e//ok?full=1 http e:8443 in other /ok"_s, u"f/certificate tls f.example.org:444"_s,
                          u"f/one http f.example.org:444 /1"_s, u"f/one-2 http f.example.org:444 /2"_s}));
    QCOMPARE(plan.unprobed.size(), 0U);
    const auto e = std::ranges::find(plan.probes, u"e"_s, &ProbeSpec::service);
    QCOMPARE(e->url.query(), u"full=1"_s);
    QCOMPARE(e->reason, u"the platform file names this host"_s);
    QCOMPARE(plan.probes.at(1).reason, u"the platform file names this host; port 6379 is the product's own"_s);
    QCOMPARE(e->url.scheme(), u"https"_s);
}

void TestMonitoringProbes::whatIsLeftAlone()
{
    const auto platform = shopWith(R"(services:
  - {name: a, title: A, kind: database, product: PostgreSQL, managed: true}
  - {name: b, title: B, kind: database, product: PostgreSQL, workloads: [{kind: StatefulSet, name: pg, namespace: shop}]}
  - {name: c, title: C, kind: application, workloads: [{kind: Deployment, name: c}]}
  - {name: d, title: D, kind: application, host: d.example.org, endpoints: [{use: health, method: POST, path: /check}]}
)");
    QVERIFY(platform);
    const ProbePlan plan = probesOf(*platform);
    QCOMPARE(lines(plan), QStringList());
    QCOMPARE(left(plan), (QStringList{u"a: The platform file says neither a host of it nor an endpoint."_s,
                                      u"b: pg in shop is inside the cluster, and the API server passes only HTTP on."_s,
                                      u"c: The platform file says neither a port of it nor an endpoint."_s,
                                      u"d: It is asked by POST, which may change something."_s}));
}

void TestMonitoringProbes::clusterNames()
{
    ProbePlanOptions options;
    options.clusterNames = true;
    const ProbePlan plan = probesOf(*builtinPlatform(u"tchat"_s), options);
    const QStringList all = lines(plan);
    QVERIFY2(all.contains(u"postgres/postgresql postgres postgres-master.tchat.svc:5432"_s),
             qPrintable(all.join(u'\n')));
    QVERIFY(all.contains(u"redis/redis redis redis.tchat.svc:6379"_s));
    QVERIFY(all.contains(u"scylla/scylladb tcp scylla.tchat.svc:9042"_s));
    QVERIFY(all.contains(u"auth/health http auth-service.tchat.svc:8081 /health"_s));
    QCOMPARE(plan.unprobed.size(), 0U);
}

void TestMonitoringProbes::states_data()
{
    QTest::addColumn<QString>("course");
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("failing");
    QTest::addColumn<int>("since"); ///< the letter at which the state began, from 1; 0: never
    const auto row = [](const char* course, State state, bool failing, int since) {
        QTest::newRow(*course ? course : "(none)") << QString::fromLatin1(course) << int(state) << failing << since;
    };
    row("", State::Unknown, false, 0);
    row("u", State::Up, false, 1);
    row("s", State::Slow, false, 1);
    row("d", State::Unknown, true, 0);
    row("n", State::Unknown, false, 1);
    row("dd", State::Down, false, 1);
    row("uuud", State::Up, true, 1);
    row("uuudd", State::Down, false, 4);
    row("uuuddd", State::Down, false, 4);
    row("ududud", State::Up, true, 1);
    row("udu", State::Up, false, 1);
    row("uddu", State::Up, false, 4);
    row("us", State::Up, true, 1);
    row("uss", State::Slow, false, 2);
    row("ussd", State::Slow, true, 2);
    row("ussu", State::Up, false, 4);
    row("udds", State::Slow, false, 4);
    row("usd", State::Up, true, 1);
    row("usdd", State::Down, false, 3);
    row("un", State::Up, true, 1);
    row("unn", State::Unknown, false, 2);
    row("uddn", State::Down, true, 2);
    row("uddnn", State::Unknown, false, 4);
    row("unnd", State::Unknown, true, 2);
    row("unnu", State::Up, false, 4);
}

void TestMonitoringProbes::states()
{
    QFETCH(QString, course);
    QFETCH(int, state);
    QFETCH(bool, failing);
    QFETCH(int, since);
    Course told;
    const ProbeBook::Entry& entry = told.tell(course);
    QCOMPARE(int(entry.state), state);
    QCOMPARE(entry.failing, failing);
    QCOMPARE(entry.sinceMs, qint64(since) * 1'000);
    QCOMPARE(int(told.book.stateOf(u"a")), state);
    QCOMPARE(entry.history.size(), std::size_t(course.size()));
    const auto lastBad = std::max(course.lastIndexOf(u'd'), course.lastIndexOf(u'n'));
    QCOMPARE(entry.error.has_value(), lastBad >= 0);
    if (entry.error)
        QCOMPARE(entry.error->sentence, u"at %1"_s.arg((lastBad + 1) * 1'000));
}

void TestMonitoringProbes::strip()
{
    Course course;
    QVERIFY(!course.tell({}).goodPercent());
    QVERIFY(!course.tell(u"nn"_s).goodPercent());
    QCOMPARE(course.tell(u"usdd"_s).goodPercent(), std::optional(50.0));
    const ProbeBook::Entry& entry = course.tell(QString(100, u'u'));
    QCOMPARE(entry.history.size(), 60U);
    QCOMPARE(entry.history.front().atMs, (6 + 40 + 1) * 1'000);
    QCOMPARE(entry.history.back(), (ProbeBook::Mark{106'000, 0, Verdict::Up}));
    QCOMPARE(entry.goodPercent(), std::optional(100.0));
}

void TestMonitoringProbes::dueTimes()
{
    double next = 0.5;
    ProbeBook book([&] { return next; });
    book.setProbes({spec(u"a"_s)}, 1'000);
    QCOMPARE(book.nextDueMs(), std::optional<qint64>(1'000 + 2'500));
    QVERIFY(!book.due(3'499));
    QVERIFY(book.due(3'500));
    book.begun(u"a");
    QVERIFY(!book.due(3'500));
    QVERIFY(!book.nextDueMs());
    next = 0;
    book.record(u"a", result(Verdict::Up, 1), 10'000);
    QCOMPARE(book.nextDueMs(), std::optional<qint64>(10'000 + 27'000));
    next = 1;
    book.record(u"a", result(Verdict::Up, 1), 10'000);
    QCOMPARE(book.nextDueMs(), std::optional<qint64>(10'000 + 33'000));
    // A failure is looked into soon, an outage is not hammered.
    next = 0.5;
    book.record(u"a", result(Verdict::Down, 1), 10'000);
    QCOMPARE(book.nextDueMs(), std::optional<qint64>(15'000));
    book.record(u"a", result(Verdict::Down, 1), 15'000);
    QCOMPARE(book.nextDueMs(), std::optional<qint64>(45'000));
    book.hasten(u"a", 20'000);
    QCOMPARE(book.due(20'000), book.find(u"a"));
    // What has been removed meanwhile is not recorded.
    book.record(u"b", result(Verdict::Up, 1), 10'000);
    QCOMPARE(book.entries().size(), 1U);
}

void TestMonitoringProbes::noBurst()
{
    quint32 seed = 7;
    ProbeBook book([&] {
        seed = seed * 1'664'525U + 1'013'904'223U;
        return double(seed) / 4'294'967'296.0;
    });
    std::vector<ProbeSpec> many;
    many.reserve(200);
    for (int i = 0; i < 200; ++i)
        many.push_back(spec(QString::number(i)));
    book.setProbes(many, 0);
    const auto most = [&](qint64 from, qint64 to) {
        std::map<qint64, int> perStep;
        for (const auto& entry : book.entries()) {
            if (entry.dueMs < from || entry.dueMs > to)
                return 1'000;
            ++perStep[entry.dueMs / 250];
        }
        return std::ranges::max_element(perStep, {}, [](const auto& p) { return p.second; })->second;
    };
    QVERIFY(most(0, 5'000) < 40);
    // All answer at one moment; they do not come back at one.
    for (const ProbeSpec& one : many)
        book.record(one.id, result(Verdict::Up, 1), 5'000);
    QVERIFY(most(5'000 + 27'000, 5'000 + 33'000) < 40);
}

void TestMonitoringProbes::sameProbesKeepTheirPast()
{
    ProbeBook book([] { return 0.0; });
    book.setProbes({spec(u"a"_s), spec(u"b"_s)}, 0);
    book.record(u"a", result(Verdict::Up, 1), 1);
    book.record(u"b", result(Verdict::Up, 1), 1);
    ProbeSpec often = spec(u"a"_s);
    often.everyMs = 10'000;
    ProbeSpec moved = spec(u"b"_s);
    moved.url.setPort(2);
    book.setProbes({moved, often}, 2);
    QCOMPARE(book.find(u"a")->state, State::Up);
    QCOMPARE(book.find(u"a")->spec.everyMs, 10'000);
    QCOMPARE(book.find(u"b")->state, State::Unknown);
    QVERIFY(!book.find(u"c"));
}

void TestMonitoringProbes::words()
{
    Course course;
    QCOMPARE(course.tell({}).words(), u"unknown"_s);
    QCOMPARE(course.tell(u"u"_s).words(), u"up"_s);
    QCOMPARE(course.tell(u"d"_s).words(), u"failing (was up)"_s);
    QCOMPARE(course.tell(u"d"_s).words(), u"down"_s);
    QCOMPARE(course.tell(u"n"_s).words(), u"not asked (was down)"_s);
    QCOMPARE(course.tell(u"us"_s).words(), u"slowing (was up)"_s);
    ProbeBook::Entry entry = course.tell(u"s"_s);
    QCOMPARE(entry.words(), u"slow"_s);
    entry.spec.kind = ProbeSpec::Kind::TlsExpiry;
    QCOMPARE(entry.words(), u"expires soon"_s);
}

QTEST_GUILESS_MAIN(TestMonitoringProbes)
#include "test_monitoring_probes.moc"
