// SPDX-License-Identifier: GPL-3.0-or-later
#include "MonitoringBench.h"
#include "Platforms.h"
#include "monitoring/probes/ProbeTable.h"
#include "monitoring/rules/AlertRules.h"
#include "monitoring/rules/CoverTable.h"
#include "monitoring/rules/RuleTable.h"
#include "table/CellText.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::test;
using State = table::Freshness::State;
using table::Health;

namespace {

/// A Prometheus at an address, as a platform file names it.
std::shared_ptr<const platform::Platform> shopAt(const QUrl& prometheus, const QByteArray& more = {})
{
    return shopWith("services:\n"
                    "  - {name: web, title: Web, kind: application, workloads: [{kind: Deployment, name: web}]}\n"
                    "  - {name: prometheus, title: Prometheus, kind: monitoring, product: Prometheus, host: " +
                    prometheus.host().toUtf8() + ", ports: [" + QByteArray::number(prometheus.port()) + "]}\n" + more);
}

QByteArray rulesAnswer(const QByteArray& groups)
{
    return R"({"status":"success","data":{"groups":[)" + groups + "]}}";
}

/// One group, its last evaluation at 22:13:10: a rule that fires, one that fails, one that is late, one that is new.
QByteArray aGroup()
{
    QFile file(QStringLiteral(TEST_DATA "/rule_group.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The alerts of a plan as a server has them that was given it.
QByteArray onServer(const RuleFile& plan)
{
    QByteArrayList groups;
    for (const PlannedGroup& group : plan.groups) {
        QJsonArray rules;
        for (const PlannedRule& rule : group.rules) {
            QJsonObject labels;
            for (const auto& [name, value] : rule.labels)
                labels.insert(name, value);
            rules << QJsonObject{{u"type"_s, u"alerting"_s},  {u"name"_s, rule.alert},
                                 {u"query"_s, rule.expr},     {u"health"_s, u"ok"_s},
                                 {u"state"_s, u"inactive"_s}, {u"duration"_s, double(rule.forMs) / 1'000.0},
                                 {u"labels"_s, labels}};
        }
        groups
            << QJsonDocument(QJsonObject{{u"name"_s, group.name}, {u"interval"_s, 60}, {u"rules"_s, rules}}).toJson();
    }
    return groups.join(',');
}

QString cell(const table::TableSource& table, const QString& name, const QString& column)
{
    const auto columns = table.columns();
    for (const table::RowPtr& row : table.rows()) {
        if (row->name == name)
            return table::cellText(columns[table::indexOfColumn(columns, column)],
                                   row->cells[std::size_t(table::indexOfColumn(columns, column))], 1'700'000'000'000);
    }
    return u"no row "_s + name;
}

Health healthOf(const table::TableSource& table, const QString& name)
{
    for (const table::RowPtr& row : table.rows()) {
        if (row->name == name)
            return row->health;
    }
    return Health::None;
}

} // namespace

/// What pages and the terminal show of probes and of a server's rules, as rows.
class TestMonitoringTables : public QObject
{
    Q_OBJECT

private slots:
    void rulesAreAskedInTurn()
    {
        int status = 200;
        QByteArray body = rulesAnswer(aGroup());
        TestServer server([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, body, json); });
        ManualClock clock;
        const auto source = std::make_shared<ServerSource>(
            ServerSource::Places{.get = {}, .context = {}, .platform = shopAt(server.url())}, clock);
        RuleFeed feed(clock);
        RuleTable table(feed);
        feed.setSource(source);
        feed.setRunning(true);
        QCOMPARE(table.freshness().state, State::Loading);
        source->look();
        QTRY_VERIFY_WITH_TIMEOUT(feed.isKnown(), 60'000);
        QCOMPARE(table.freshness().state, State::Live);
        QCOMPARE(table.rows().size(), std::size_t(4));

        // A failure leaves what was known, and says since when it is old.
        status = 503;
        const qint64 known = feed.askedMs();
        QSignalSpy changed(&feed, &RuleFeed::changed);
        clock.advance(RuleFeed::everyMs);
        QTRY_VERIFY_WITH_TIMEOUT(changed.count() > 0, 60'000);
        QCOMPARE(table.freshness().state, State::Stale);
        QVERIFY(table.freshness().error->sentence.contains(u"503"_s));
        QCOMPARE(table.freshness().asOfMs, known);
        QCOMPARE(table.rows().size(), std::size_t(4));
        status = 200;
        body = rulesAnswer({});
        feed.ask();
        QTRY_COMPARE_WITH_TIMEOUT(table.freshness().state, State::Live, 60'000);
        QVERIFY(table.rows().empty());

        // Nobody looks, nobody asks.
        feed.setRunning(false);
        const auto asked = server.received().size();
        clock.advance(RuleFeed::everyMs * 10);
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(server.received().size(), asked);
        QCOMPARE(table.freshness().state, State::Stale); // and what is known is no longer called the present
    }

    void anEarlyFailureIsSaid()
    {
        TestServer server([](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, "<html>", {}); });
        ManualClock clock;
        const auto source = std::make_shared<ServerSource>(
            ServerSource::Places{.get = {}, .context = {}, .platform = shopAt(server.url())}, clock);
        RuleFeed feed(clock);
        feed.setSource(source);
        feed.setRunning(true);
        source->look();
        QTRY_COMPARE_WITH_TIMEOUT(feed.freshness().state, State::Failed, 60'000);
        QVERIFY(!feed.error()->sentence.isEmpty());
        feed.setSource(nullptr);
        QCOMPARE(feed.freshness().state, State::Loading);
    }

    void ruleVerdicts()
    {
        const auto groups = readRules(rulesAnswer(aGroup()));
        QVERIFY(groups);
        const RuleGroup& group = groups->front();
        const qint64 asked = 1'700'000'000'000; // ten seconds after the last evaluation
        const auto verdict = [&](std::size_t rule) { return verdictOf(group.rules[rule], group, asked); };
        QCOMPARE(verdict(0).health, Health::Bad); // by its severity
        QCOMPARE(verdict(0).state, u"firing (1)"_s);
        QCOMPARE(verdict(1).health, Health::Bad);
        QCOMPARE(verdict(1).reason, u"found duplicate series"_s);
        QCOMPARE(verdict(2).health, Health::Warning);
        QCOMPARE(verdict(2).reason, u"Last evaluated 60m before it was asked, and due every 30s."_s);
        QCOMPARE(verdict(3).state, u"not evaluated yet"_s);
        QCOMPARE(ruleCounts(*groups, asked).second,
                 u"4 rules in 1 group: 1 cannot be evaluated, 1 evaluated too late or too slowly, 1 firing"_s);
        RuleGroup slow = group;
        slow.rules = {slow.rules[0]};
        slow.rules[0].state = u"inactive"_s;
        slow.rules[0].evaluationMs = 31'000;
        QCOMPARE(verdictOf(slow.rules[0], slow, asked).health, Health::Warning);
        slow.rules[0].evaluationMs = 29'000;
        QCOMPARE(verdictOf(slow.rules[0], slow, asked).health, Health::Good);
        QCOMPARE(ruleCounts({slow}, asked), std::pair(Health::Good, u"1 rule in 1 group: none is firing"_s));
    }

    /// What a threshold that goes from the platform file, or comes to it, makes of the coverage.
    void coverageFollowsThePlatformFile()
    {
        const QByteArray slow =
            "  - {name: slow, title: Slow, urgency: warning, metric: request latency, quantile: 95, "
            "when: \"> 1 s\", for: 5m}\n";
        const QByteArray disk =
            "  - {name: disk, title: Disk, urgency: critical, metric: disk usage, when: \"> 85 %\", for: 5m}\n";
        const QByteArray odd = "  - {name: odd, title: Odd, urgency: info, metric: weather, when: \"> 1\"}\n";
        const auto planOf = [&](const QByteArray& alerts) {
            return rulesOf(*shopWith("alerts:\n" + alerts), builtinCatalog());
        };
        const QByteArray groups = onServer(planOf(slow + disk));
        TestServer server(
            [&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, rulesAnswer(groups), json); });
        ManualClock clock;
        const auto source = std::make_shared<ServerSource>(
            ServerSource::Places{.get = {}, .context = {}, .platform = shopAt(server.url())}, clock);
        RuleFeed feed(clock);
        CoverTable table(feed);
        table.setPlan(planOf(slow + disk));
        QVERIFY(table.rows().empty()); // nobody has said yet what there is
        feed.setSource(source);
        feed.setRunning(true);
        source->look();
        QTRY_VERIFY_WITH_TIMEOUT(feed.isKnown(), 60'000);
        QCOMPARE(cell(table, u"slow"_s, u"state"_s), u"covered"_s);
        QCOMPARE(cell(table, u"slow"_s, u"limit"_s), u"> 1"_s);
        QCOMPARE(cell(table, u"slow"_s, u"for"_s), u"5m"_s);
        QCOMPARE(coverWords(table.coverage()), std::pair(Health::Good, u"2 of 2 thresholds covered"_s));
        QVERIFY(rulesYaml(missingRules(table.plan(), table.items())).count(u"alert:"_s) == 0);

        table.setPlan(planOf(disk));
        QCOMPARE(cell(table, u"slow"_s, u"state"_s), u"left over"_s);
        QCOMPARE(cell(table, u"disk"_s, u"state"_s), u"covered"_s);
        QCOMPARE(coverWords(table.coverage()).second, u"1 of 1 thresholds covered: 1 left over on the server"_s);

        const QByteArray later = QByteArray(disk).replace("> 85 %", "> 80 %");
        const QByteArray more =
            QByteArray(slow).replace("name: slow", "name: slower").replace("1 s", "9 s").replace("95", "50");
        table.setPlan(planOf(slow + later + odd + more));
        QCOMPARE(cell(table, u"disk"_s, u"state"_s), u"fires later"_s);
        QCOMPARE(healthOf(table, u"disk"_s), Health::Warning);
        QCOMPARE(cell(table, u"slower"_s, u"state"_s), u"no rule"_s);
        QCOMPARE(healthOf(table, u"slower"_s), Health::Bad);
        QCOMPARE(cell(table, u"odd"_s, u"state"_s), u"no rule possible"_s);
        QVERIFY(!cell(table, u"odd"_s, u"difference"_s).isEmpty());
        QCOMPARE(
            coverWords(table.coverage()).second,
            u"1 of 4 thresholds covered: 1 without a rule, 1 firing later than the file says, 1 that no rule can be made for"_s);
        const QString yaml = rulesYaml(missingRules(table.plan(), table.items()));
        QVERIFY(yaml.contains(u"alert: Slower"_s) && yaml.contains(u"alert: Disk"_s) &&
                !yaml.contains(u"alert: Slow\n"_s));
    }

    void probesAreAskedWhileSomebodyWantsToKnow()
    {
        int status = 200;
        TestServer server(
            [&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, status, "no database"); });
        const auto platform = shopWith("services:\n  - {name: auth, title: Auth, kind: application, endpoints: [{name: "
                                       "health, use: health, url: '" +
                                       server.url().toString().toUtf8() +
                                       "/health'}]}\n"
                                       "  - {name: queue, title: Queue, kind: queue}\n");
        QVERIFY(platform);
        ManualClock clock;
        const auto source = std::make_shared<ProbeSource>(ProbeWay(), clock, [] { return 0.5; });
        source->setPlatform(platform);
        ProbeTable table(source, clock);
        const QString auth = u"auth health"_s;
        QCOMPARE(cell(table, auth, u"state"_s), u"not asked yet"_s);
        QCOMPARE(cell(table, u"queue Queue"_s, u"state"_s), u"not asked from here"_s);
        clock.advance(600'000);
        QVERIFY(server.received().isEmpty());
        source->askNow();
        QVERIFY(server.received().isEmpty());

        auto wanted = source->want();
        auto also = source->want();
        wanted.reset(); // somebody else still does
        QTRY_COMPARE_WITH_TIMEOUT(cell(table, auth, u"state"_s), u"up"_s, 60'000);
        QCOMPARE(cell(table, auth, u"answer"_s), u"200"_s);
        QCOMPARE(cell(table, auth, u"history"_s), u"1 of 1"_s);
        QCOMPARE(cell(table, auth, u"command"_s),
                 u"curl --fail --max-time 5 "_s + server.url().toString() + u"/health"_s);
        QCOMPARE(countWords(source->counts()), u"1 up"_s);

        status = 503;
        source->askNow(u"auth/health"_s);
        QTRY_COMPARE_WITH_TIMEOUT(cell(table, auth, u"state"_s), u"failing (was up)"_s, 60'000);
        QCOMPARE(healthOf(table, auth), Health::Warning);
        source->askNow();
        QTRY_COMPARE_WITH_TIMEOUT(cell(table, auth, u"state"_s), u"down"_s, 60'000);
        QCOMPARE(healthOf(table, auth), Health::Bad);
        QVERIFY(cell(table, auth, u"answer"_s).contains(u"503"_s));
        QCOMPARE(countHealth(source->counts(u"auth")), Health::Bad);
        QCOMPARE(source->counts(u"queue"), ProbeSource::Counts());

        also.reset();
        const auto asked = server.received().size();
        clock.advance(600'000);
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(server.received().size(), asked);
        source->setPlatform(std::make_shared<platform::Platform>(*platform)); // the same, read again
        QCOMPARE(cell(table, auth, u"state"_s), u"was down"_s);               // ten minutes ago
        QCOMPARE(healthOf(table, auth), Health::Unknown);
        QCOMPARE(countWords(source->counts()), u"1 down, 1 of them as of a while ago"_s);
        source->setPlatform(nullptr);
        QVERIFY(table.rows().empty());
        QCOMPARE(countWords(source->counts()), u"nothing to ask"_s);
    }

    void aWantOutlivesItsSource()
    {
        ManualClock clock;
        auto source = std::make_unique<ProbeSource>(ProbeWay(), clock, [] { return 0.5; });
        auto wanted = source->want();
        QVERIFY(source->isWanted());
        source.reset();
        wanted.reset();
    }

    void anAnswerAsAnExchange()
    {
        struct Heard
        {
            int status = 0;
            QByteArray body;
            std::optional<std::optional<Error>> end;
        };
        const auto handlers = [](Heard& heard) {
            return net::Handlers{[&heard](const net::ResponseHead& head) { heard.status = head.status; },
                                 [&heard](QByteArrayView data) { heard.body += data; },
                                 [&heard](std::optional<Error> error) { heard.end = std::move(error); }};
        };
        Heard good, bad, gone;
        const auto first =
            exchangeOf(QtFuture::makeReadyFuture(Result<net::Response>(net::Response{{503, {}}, "x"})), handlers(good));
        const auto second = exchangeOf(
            QtFuture::makeReadyFuture(Result<net::Response>(fail(Error{Error::Kind::Network, u"away"_s, {}, {}}))),
            handlers(bad));
        exchangeOf(QtFuture::makeReadyFuture(Result<net::Response>(net::Response())), handlers(gone)).reset();
        QVERIFY(!good.end); // never from inside the call
        QTRY_VERIFY(good.end && bad.end);
        QCOMPARE(good.status, 503);
        QCOMPARE(good.body, "x");
        QVERIFY(!*good.end);
        QCOMPARE((*bad.end)->sentence, u"away"_s);
        QVERIFY(!gone.end);
    }
};

QTEST_GUILESS_MAIN(TestMonitoringTables)
#include "test_monitoring_tables.moc"
