// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "Promtool.h"
#include "monitoring/promql/Promql.h"
#include "monitoring/rules/AlertRules.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

const PlannedRule* ruleNamed(const RuleFile& file, QStringView alert, QStringView service = {})
{
    for (const PlannedGroup& group : file.groups) {
        for (const PlannedRule& rule : group.rules) {
            if (rule.alert == alert && (service.isEmpty() || labelValue(rule.labels, u"service") == service))
                return &rule;
        }
    }
    return nullptr;
}

} // namespace

/// The rules that are made of a platform file, by promtool as far as it is here.
class TestRules : public QObject
{
    Q_OBJECT

private slots:
    void everyThresholdHasARule_data() { addPlatforms(); }
    void everyThresholdHasARule()
    {
        QFETCH(QString, name);
        const auto platform = builtinPlatform(name);
        const RuleFile file = rulesOf(*platform, builtinCatalog());
        for (const RuleGap& gap : file.gaps)
            QFAIL(qPrintable(gap.threshold + u": "_s + gap.why));
        QSet<QString> covered, tested;
        for (const PlannedGroup& group : file.groups) {
            for (const PlannedRule& rule : group.rules) {
                QVERIFY2(parsePromql(rule.expr), qPrintable(rule.expr));
                covered << rule.threshold;
                if (rule.alert.isEmpty())
                    continue;
                for (const QString& label : {u"severity"_s, u"platform"_s, u"service"_s, u"threshold"_s})
                    QVERIFY2(!labelValue(rule.labels, label).isEmpty(), qPrintable(rule.alert));
                for (const QString& annotation : {u"summary"_s, u"description"_s, u"source"_s})
                    QVERIFY2(!labelValue(rule.annotations, annotation).isEmpty(), qPrintable(rule.alert));
            }
        }
        for (const platform::Alert& alert : thresholdsOf(*platform))
            QVERIFY2(covered.contains(alert.name), qPrintable(alert.name));
        for (const platform::Slo& slo : platform->slos)
            QVERIFY2(covered.contains(u"slo:"_s + slo.name), qPrintable(slo.name));
        // Each alert fires in one case and is silent in another.
        for (const RuleTest& test : file.tests) {
            for (const RuleTest::Check& check : test.checks)
                tested << check.alert + (check.firing.empty() ? u" silent"_s : u" fires"_s);
        }
        for (const PlannedGroup& group : file.groups) {
            for (const PlannedRule& rule : group.rules) {
                if (rule.alert.isEmpty())
                    continue;
                QVERIFY2(tested.contains(rule.alert + u" fires"_s), qPrintable(rule.alert));
                QVERIFY2(tested.contains(rule.alert + u" silent"_s) || rule.alert.endsWith(u"NotMeasured"),
                         qPrintable(rule.alert));
            }
        }
    }

    void promtoolChecksAndTestsThem_data() { addPlatforms(); }
    void promtoolChecksAndTestsThem()
    {
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        QFETCH(QString, name);
        const RuleFile file = rulesOf(*builtinPlatform(name), builtinCatalog());
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"rules.yaml"_s), rulesYaml(file)));
        QVERIFY(write(dir.filePath(u"tests.yaml"_s), testsYaml(file, u"rules.yaml"_s)));
        QString complaint = promtoolComplaint({u"check"_s, u"rules"_s, u"rules.yaml"_s}, dir.path());
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
        complaint = promtoolComplaint({u"test"_s, u"rules"_s, u"tests.yaml"_s}, dir.path());
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
    }

    // The tests would find a rule that fires too late, too early, or not at all.
    void promtoolFindsWrongRules()
    {
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        const auto shop = shopWith(R"(alerts:
  - {name: errors, title: Errors, urgency: critical, metric: error rate, when: "> 5 %", for: 5m}
  - {name: down, title: Down, urgency: critical, metric: health check, condition: the health check fails, for: 1m}
)");
        const RuleFile file = rulesOf(*shop, builtinCatalog());
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"tests.yaml"_s), testsYaml(file, u"rules.yaml"_s)));
        const QString right = rulesYaml(file);
        for (const auto& [what, by] :
             {std::pair(u"> 0.05'"_s, u"> 0.06'"_s), std::pair(u"> 0.05'"_s, u"> 0.04'"_s),
              std::pair(u"for: '5m'"_s, u"for: '4m'"_s), std::pair(u"for: '5m'"_s, u"for: '20m'"_s),
              std::pair(u" or absent("_s, u" or abs("_s)}) {
            QString changed = right;
            QVERIFY2(changed.contains(what), qPrintable(what));
            QVERIFY(write(dir.filePath(u"rules.yaml"_s), changed.replace(what, by)));
            QVERIFY2(!promtoolComplaint({u"test"_s, u"rules"_s, u"tests.yaml"_s}, dir.path()).isEmpty(),
                     qPrintable(by));
        }
    }

    // Each way to ask for each metric, as if the server had this one alone: its example gives it the value it should.
    void everyFormIsTried_data()
    {
        QTest::addColumn<int>("nth");
        for (int nth = 0; nth < 6; ++nth)
            QTest::addRow("form %d", nth + 1) << nth;
    }
    void everyFormIsTried()
    {
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        QFETCH(int, nth);
        const MetricCatalog catalog = builtinCatalog();
        static const QHash<QString, QString> limits{{u"ratio"_s, u"> 50 %"_s},    {u"s"_s, u"> 1 s"_s},
                                                    {u"bytes"_s, u"> 500 MB"_s},  {u"1/s"_s, u"> 5 req/s"_s},
                                                    {u"count"_s, u"> 5 count"_s}, {u"bytes/s"_s, u"> 5000"_s}};
        QByteArray file = R"(services:
  - {name: web, title: Web, kind: application, product: Node.js, workloads: [{kind: Deployment, name: web}]}
  - {name: api, title: API, kind: application, workloads: [{kind: Deployment, name: api}]}
  - {name: db, title: Database, kind: database, product: PostgreSQL, workloads: [{kind: StatefulSet, name: db}]}
  - {name: cache, title: Cache, kind: cache, product: Redis, workloads: [{kind: StatefulSet, name: cache}]}
alerts:
)";
        QStringList there; // the metrics of the forms that the server has
        for (const auto& metric : catalog.metrics()) {
            // Those of SLOs are tried with them.
            if (size_t(nth) >= metric->forms.size() || metric->forms[size_t(nth)].example.empty() || metric->moments ||
                metric->name == u"slow-requests")
                continue;
            const platform::MetricForm& form = metric->forms[size_t(nth)];
            there << form.needs.section(u'{', 0, 0) + u' ' +
                         form.needs.section(u',', 1).section(u'!', 0, 0).section(u'}', 0, 0);
            file +=
                u"  - {name: %1, title: T, urgency: info, metric: %1, when: \"%2\", for: 2m%3}\n"_s
                    .arg(metric->name,
                         metric->conditions.empty() ? limits.value(metric->unit) : metric->conditions[0].when->text(),
                         form.query.contains(u"$quantile") ? u", quantile: 95"_s : QString())
                    .toUtf8();
        }
        const auto shop = shopWith(file);
        QVERIFY(shop && !shop->alerts.empty());
        const RuleFile rules = rulesOf(*shop, catalog, [&](const QString& selector) -> std::optional<bool> {
            return std::ranges::any_of(there, [&](const QString& one) {
                return selector.section(u'{', 0, 0) == one.section(u' ', 0, 0) &&
                       selector.contains(one.section(u' ', 1));
            });
        });
        QVERIFY2(rules.gaps.empty(), qPrintable(rules.gaps.empty() ? QString() : rules.gaps[0].why));
        QVERIFY(rules.tests.size() >= 2 * shop->alerts.size());
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"rules.yaml"_s), rulesYaml(rules)));
        QVERIFY(write(dir.filePath(u"tests.yaml"_s), testsYaml(rules, u"rules.yaml"_s)));
        const QString complaint = promtoolComplaint({u"test"_s, u"rules"_s, u"tests.yaml"_s}, dir.path());
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint.first(std::min<qsizetype>(complaint.size(), 3000))));
    }

    void oneRuleInFull()
    {
        const RuleFile file = rulesOf(*builtinPlatform(u"tchat"_s), builtinCatalog());
        const PlannedRule* rule = ruleNamed(file, u"HighErrorRate", u"auth");
        QVERIFY(rule);
        QCOMPARE(rule->expr,
                 u"((sum(rate(http_requests_total{W,status=~\"5..\"}[5m])) or 0 * "
                 "sum(rate(http_requests_total{W}[5m]))) / sum(rate(http_requests_total{W}[5m]))) > 0.05"_s.replace(
                     u'W', u"namespace=\"tchat\",pod=~\"auth-service-[0-9a-z]+-[0-9a-z]+\""_s));
        QCOMPARE(rule->forMs, 300'000);
        QCOMPARE(rule->labels, (Labels{{u"severity"_s, u"critical"_s},
                                       {u"platform"_s, u"tchat"_s},
                                       {u"service"_s, u"auth"_s},
                                       {u"threshold"_s, u"high-error-rate"_s}}));
        QCOMPARE(labelValue(rule->annotations, u"summary"), u"Authentication: High error rate"_s);
        QCOMPARE(labelValue(rule->annotations, u"runbook"), u"not-responding"_s);
        QCOMPARE(labelValue(rule->annotations, u"source"), u"Tchat Operations Runbook"_s);
        QVERIFY(labelValue(rule->annotations, u"description")
                    .startsWith(
                        u"Authentication: Error rate {{ $value | humanizePercentage }}. Threshold: > 5 %, for 5m."));
        QVERIFY(!ruleNamed(file, u"HighErrorRate", u"postgres"));
    }

    void conditionsInWords()
    {
        const RuleFile file = rulesOf(*builtinPlatform(u"streamgate"_s), builtinCatalog());
        const PlannedRule* pool = ruleNamed(file, u"GuideConnectionPoolExhausted", u"api-gateway");
        QVERIFY(pool && pool->expr.contains(u"go_sql_in_use_connections") && pool->expr.endsWith(u">= 1"));
        const PlannedRule* down = ruleNamed(file, u"GuideServiceDown", u"transcoder");
        QVERIFY(down && down->expr.contains(u"absent(up{") && down->expr.endsWith(u"== 0"));
    }

    void whatGetsNoRuleSaysWhy()
    {
        const auto shop = shopWith(R"(alerts:
  - {name: a, title: A, urgency: info, metric: weather, when: "> 5"}
  - {name: b, title: B, urgency: info, metric: error rate, when: "> 5 s"}
  - {name: c, title: C, urgency: info, metric: health check, condition: it smells}
  - {name: d, title: D, urgency: info, metric: Redis memory usage, when: "> 5 %"}
  - {name: e, title: E, urgency: info, metric: mean time to recover, when: "> 5 h"}
  - {name: f, title: F, urgency: info, metric: request latency, when: "> 5 s", service: web}
  - {name: g, title: G, urgency: critical, metric: weather, when: "> 5", for: 2m, query: rain > 5}
slos:
  - {name: s, metric: weather, objective: "> 1"}
  - {name: t, metric: availability, objective: ">= 100 %"}
)");
        QVERIFY(shop);
        const RuleFile file = rulesOf(*shop, builtinCatalog());
        QStringList gaps;
        for (const RuleGap& gap : file.gaps)
            gaps << gap.threshold + u": "_s + gap.why;
        const QStringList words{u"weather"_s,   u"error rate"_s, u"it smells"_s, u"no service"_s,
                                u"incidents"_s, u"weather"_s,    u"no budget"_s};
        QVERIFY2(gaps.size() == words.size(), qPrintable(gaps.join(u'\n')));
        for (qsizetype i = 0; i < words.size(); ++i)
            QVERIFY2(gaps[i].contains(words[i]), qPrintable(gaps[i]));
        // A query of the file's own stands as it is; a latency without a percentage is the mean.
        QVERIFY(ruleNamed(file, u"G") && ruleNamed(file, u"G")->expr == u"rain > 5" &&
                ruleNamed(file, u"G")->forMs == 120'000);
        QVERIFY(ruleNamed(file, u"F", u"web") && ruleNamed(file, u"F", u"web")->expr.contains(u"_sum{"));
    }

    // Texts of a file are texts, whatever stands in them, and a query of several lines stays one.
    void textsThatLookLikeSomethingElse()
    {
        QFile odd(QStringLiteral(TEST_DATA "/odd-texts.yaml"));
        QVERIFY(odd.open(QIODevice::ReadOnly));
        const auto shop = shopWith(odd.readAll());
        QVERIFY(shop);
        const RuleFile file = rulesOf(*shop, builtinCatalog());
        QVERIFY(file.gaps.empty());
        const QString text = rulesYaml(file);
        QVERIFY2(!text.contains(u"{{ .Boom") && text.contains(u"expr: \"rain # in mm\\n> 5\\n\""), qPrintable(text));
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"rules.yaml"_s), text));
        QVERIFY(write(dir.filePath(u"tests.yaml"_s), testsYaml(file, u"rules.yaml"_s)));
        const QString complaint = promtoolComplaint({u"test"_s, u"rules"_s, u"tests.yaml"_s}, dir.path());
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
    }

    void alertNames()
    {
        QCOMPARE(alertName(u"guide-error-rate-critical"_s), u"GuideErrorRateCritical"_s);
        QCOMPARE(alertName(u"HighErrorRate"_s), u"HighErrorRate"_s);
        QCOMPARE(alertName(u"5xx rate"_s), u"Alert5xxRate"_s);
        QCOMPARE(alertName(u"…"_s), u"Alert"_s);
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "test_rules.moc"
