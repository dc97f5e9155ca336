// SPDX-License-Identifier: GPL-3.0-or-later
#include "PlatformTexts.h"
#include "platform/YamlReader.h"

using namespace wk::platform;
using namespace Qt::StringLiterals;

namespace {

// The place of the n-th occurrence of a piece of the text, as "line:column".
QString place(const QByteArray& text, const QByteArray& piece)
{
    const QString before = QString::fromUtf8(text.first(text.indexOf(piece)));
    return u"%1:%2"_s.arg(before.count(u'\n') + 1).arg(before.size() - before.lastIndexOf(u'\n'));
}

} // namespace

class TestPlatformProblems : public QObject
{
    Q_OBJECT

private slots:
    void aGoodOneHasNone()
    {
        const PlatformLoad load = parsePlatform(good, u"shop.yaml"_s);
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        QCOMPARE(load.platforms.size(), size_t(1));
        QCOMPARE(load.platforms[0]->services[0].workloads[0].space, u"shop"_s);
    }

    // One file with a mistake of every sort; each is reported at its own place, in the order of the file.
    void allMistakesAtOnce()
    {
        const QByteArray text = R"yaml(name: shop
titel: Shöp
clusters:
  - {name: production, class: producton, context: shop}
  - {name: production, class: staging}
namespaces:
  - {name: shop, cluster: prodution}
services:
  - name: wéb shop
    title: Web
    kind: frontend
    ports: [80, http, 70000]
    managed: maybe
    workloads:
      - {kind: Deploymint, name: web, namespace: shop, minReplicas: 5, maxReplicas: 2}
  - {title: Nameless, kind: database}
  - just a text
severityScales:
  - name: sev
    levels:
      - {name: S1, title: "Schwer (größer)", respond: soon, update: 15m}
      - {name: S1, title: Again}
slos:
  - {name: up, metric: uptime, objective: "99.9", breach: S2}
alerts:
  - {name: errors, title: Errors, urgency: critical, when: "> 5 parrots", for: 5}
  - {name: errors, title: Errors, urgency: critical, runbook: none}
backups: nightly
recovery:
  objectives: [{name: all, rto: 1h, rto: 2h}]
checklists:
  - {name: a, title: A, every: dayly, at: 9 o'clock, items: [[nested]]}
maintenance:
  - {name: m, title: M, cron: 61 * * * *}
costs:
  - {name: c, per: request, limit: "< 5 %"}
summary:
)yaml";
        const PlatformLoad load = parsePlatform(text, u"shop.yaml"_s);
        QVERIFY(load.platforms.empty());
        QStringList got;
        for (const PlatformProblem& problem : load.problems) {
            QCOMPARE(problem.file, u"shop.yaml"_s);
            QVERIFY2(!problem.message.isEmpty() && !problem.expected.isEmpty(), qPrintable(problem.text()));
            got << u"%1:%2 %3"_s.arg(problem.line).arg(problem.column).arg(problem.message);
        }
        const QStringList want{
            u"1:1 platform has no \"title\""_s,
            place(text, "titel") + u" unknown key \"titel\" in platform; did you mean \"title\"?"_s,
            place(text, "producton") + u" \"producton\" is not known here; did you mean \"production\"?"_s,
            u"5:12 a second cluster is called \"production\"; the first stands in line 4"_s,
            place(text, "prodution") + u" no cluster is called \"prodution\"; did you mean \"production\"?"_s,
            place(text, "wéb shop") + u" \"wéb shop\" is no name"_s,
            place(text, "http,") + u" an entry of \"ports\" is \"http\""_s,
            place(text, "70000") + u" an entry of \"ports\" is \"70000\""_s,
            place(text, "maybe") + u" \"managed\" is \"maybe\""_s,
            place(text, "{kind: Deploymint") + u" minReplicas 5 is above maxReplicas 2"_s,
            place(text, "Deploymint") + u" \"Deploymint\" is not known here; did you mean \"Deployment\"?"_s,
            place(text, "{title: Nameless") + u" service has no \"name\""_s,
            place(text, "just a text") + u" service is \"just a text\""_s,
            place(text, "soon") + u" \"soon\" is not a duration"_s,
            place(text, "S1, title: Again") + u" a second severity is called \"S1\"; the first stands in line 21"_s,
            place(text, "\"99.9\"") + u" \"99.9\" is no threshold"_s,
            place(text, "S2}") + u" no severity is called \"S2\"; did you mean \"S1\"?"_s,
            place(text, "\"> 5 parrots\"") + u" \"> 5 parrots\" is no threshold"_s,
            place(text, "5}\n  - {name: errors") + u" \"5\" is not a duration"_s,
            u"27:5 the alert says neither \"when\" nor \"condition\""_s,
            u"27:12 a second alert is called \"errors\"; the first stands in line 26"_s,
            place(text, "none}") + u" no runbook is called \"none\""_s,
            place(text, "nightly") + u" \"backups\" is \"nightly\""_s,
            place(text, "rto: 2h") + u" \"rto\" stands twice in recovery objective"_s,
            place(text, "dayly") + u" \"dayly\" is not known here; did you mean \"daily\"?"_s,
            place(text, "9 o'clock") + u" \"9 o'clock\" is no time of day"_s,
            place(text, "[nested]") + u" step is a list"_s,
            place(text, "61 *") + u" \"61 * * * *\" is no cron expression"_s,
            place(text, "\"< 5 %\"") + u" the cost limit is in no currency"_s,
        };
        // Where an empty value stands is for the YAML library to say; that it is reported is for us.
        QVERIFY2(!got.isEmpty() && got.last().endsWith(u"\"summary\" is empty"), qPrintable(got.join(u'\n')));
        got.removeLast();
        QCOMPARE(got.join(u'\n'), want.join(u'\n'));
    }

    void managersAndConfigMaps()
    {
        const PlatformLoad load = parsePlatform(
            good + "managers:\n  - {name: argocd-controller, title: Argo CD, kinds: [Deployment, Service]}\n  - name: "
                   "flux\n"
                   "tuning:\n  - {name: pool, configMap: web-config, settings: [{name: POOL, value: \"5\"}]}\n",
            u"shop.yaml"_s);
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        const Platform& shop = *load.platforms[0];
        QCOMPARE(shop.managers.size(), size_t(2));
        QCOMPARE(shop.managers[0].name, u"argocd-controller"_s);
        QCOMPARE(shop.managers[0].kinds, (QStringList{u"Deployment"_s, u"Service"_s}));
        QVERIFY(shop.managers[1].kinds.isEmpty());
        QCOMPARE(shop.tuning[0].configMap, u"web-config"_s);

        const QByteArray wrong = good +
                                 "managers:\n  - {name: flux, kind: Deployment}\n  - {name: flux}\n  - {title: x}\n"
                                 "tuning:\n  - {name: pool, configMap: [a], settings: [{name: POOL, value: \"5\"}]}\n";
        QStringList got;
        for (const PlatformProblem& problem : parsePlatform(wrong, u"x"_s).problems)
            got << u"%1:%2 %3"_s.arg(problem.line).arg(problem.column).arg(problem.message);
        const QStringList want{
            place(wrong, "kind: Deployment}") + u" unknown key \"kind\" in manager; did you mean \"kinds\"?"_s,
            place(wrong, "flux}") + u" a second manager is called \"flux\""_s,
            place(wrong, "{title: x}") + u" manager has no \"name\""_s,
            place(wrong, "[a]") + u" \"configMap\" is a list"_s,
        };
        QCOMPARE(got.join(u'\n'), want.join(u'\n'));
    }

    void metrics()
    {
        const PlatformLoad load = parsePlatform(good + R"yaml(alerts:
  - {name: a, title: A, urgency: critical, metric: orders, when: "< 1", service: web}
slos:
  - {name: s, metric: errors, objective: "< 1 %", service: web}
metrics:
  - name: orders
    title: Orders
    words: [orders, sales]
    unit: 1/s
    scope: platform
    by: [shop]
    overall: sum
    zero: true
    kinds: [frontend]
    conditions: [{words: nobody buys, when: "== 0"}]
    forms:
      - {query: 'sum by ($by) (rate(orders_total{$where}[$window]))', needs: orders_total, find: namespace,
         example: [{series: 'orders_total{$labels}', rises: 60 v}, {series: x, is: 1 - 2.5 v}]}
      - {query: 'orders:rate5m', recorded: true, buckets: ["0.1", "1"]}
  - {name: delight, title: Delight, unit: count, unmeasured: nobody asks}
  - {name: turnover, title: Turnover, same: orders}
)yaml",
                                                u"shop.yaml"_s);
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        const Platform& shop = *load.platforms[0];
        QCOMPARE(shop.alerts[0].service, u"web"_s);
        QCOMPARE(shop.slos[0].service, u"web"_s);
        QCOMPARE(shop.metrics.size(), size_t(3));
        const Metric& orders = shop.metrics[0];
        QCOMPARE(orders.words, (QStringList{u"orders"_s, u"sales"_s}));
        QVERIFY(orders.scope == Metric::Scope::Platform && orders.overall == Metric::Overall::Sum && orders.zero);
        QCOMPARE(orders.conditions[0].when->text(), u"== 0"_s);
        QVERIFY(orders.forms[0].find == MetricForm::Find::Namespace && !orders.forms[0].recorded);
        QCOMPARE(orders.forms[0].example[0].at(0.5), 30.0);
        QVERIFY(orders.forms[0].example[0].counter);
        QCOMPARE(orders.forms[0].example[1].at(2), -4.0);
        QVERIFY(orders.forms[1].recorded);
        QCOMPARE(orders.forms[1].buckets, (std::vector<double>{0.1, 1}));
        QCOMPARE(shop.metrics[1].unmeasured, u"nobody asks"_s);
        QCOMPARE(shop.metrics[2].same, u"orders"_s);

        const QByteArray wrong = good + R"yaml(alerts:
  - {name: a, title: A, urgency: info, when: "> 1", service: wob}
metrics:
  - {name: x, title: X, unit: parrots, scope: planet, kinds: [shop], overal: sum, unmeasured: because}
  - {name: y, title: Y, unit: s}
  - name: z
    title: Z
    unit: s
    forms:
      - {needs: z, find: pod, buckets: ["1", "0.5"], example: [{series: z}, {series: z, is: 3 parrots}]}
)yaml";
        QStringList got;
        for (const PlatformProblem& problem : parsePlatform(wrong, u"x"_s).problems)
            got << u"%1:%2 %3"_s.arg(problem.line).arg(problem.column).arg(problem.message);
        const QStringList want{
            place(wrong, "wob}") + u" no service is called \"wob\"; did you mean \"web\"?"_s,
            place(wrong, "parrots") + u" \"parrots\" is not known here"_s,
            place(wrong, "planet") + u" \"planet\" is not known here"_s,
            place(wrong, "[shop]") + u" \"shop\" is not known here"_s,
            place(wrong, "overal:") + u" unknown key \"overal\" in metric; did you mean \"overall\"?"_s,
            place(wrong, "{name: y") + u" the metric says nothing or too much of how it is asked"_s,
            place(wrong, "{needs: z") + u" form has no \"query\""_s,
            place(wrong, "pod, b") + u" \"pod\" is not known here; did you mean \"pods\"?"_s,
            place(wrong, "[\"1\"") + u" \"0.5\" is no next upper bound"_s,
            place(wrong, "{series: z}") + u" the example says neither or both of \"is\" and \"rises\""_s,
            place(wrong, "3 parrots") + u" \"3 parrots\" is no figure of v"_s,
        };
        QCOMPARE(got.join(u'\n'), want.join(u'\n'));
    }

    void linearFigures_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("figure"); // at v = 2; empty: refused
        QTest::newRow("constant") << u"60"_s << u"60"_s;
        QTest::newRow("multiple") << u"600 v"_s << u"1200"_s;
        QTest::newRow("v alone") << u"v"_s << u"2"_s;
        QTest::newRow("both") << u"600 - 600 v"_s << u"-600"_s;
        QTest::newRow("fraction") << u" 1.5+0.25v "_s << u"2"_s;
        QTest::newRow("nothing") << u""_s << QString();
        QTest::newRow("two constants") << u"1 2"_s << QString();
        QTest::newRow("two multiples") << u"1 v 2 v"_s << QString();
        QTest::newRow("a word") << u"some"_s << QString();
        QTest::newRow("long") << QString(100'000, u'1') << QString();
    }
    void linearFigures()
    {
        QFETCH(QString, text);
        QFETCH(QString, figure);
        const auto linear = parseLinear(text);
        QCOMPARE(linear ? QString::number(linear->first + linear->second * 2) : QString(), figure);
    }

    void namesAreUniqueInTheirList()
    {
        const QByteArray text = good + "slos:\n"
                                       "  - {name: up, metric: uptime, objective: \">= 99 %\"}\n"
                                       "  - {name: up, metric: uptime, objective: \">= 98 %\"}\n"
                                       "kpis:\n"
                                       "  - {name: up, metric: uptime}\n"
                                       "severityScales:\n"
                                       "  - {name: a, levels: [{name: S1, title: One}]}\n"
                                       "  - {name: a, levels: [{name: S2, title: Two}]}\n";
        QCOMPARE(all(parsePlatform(text, u"x"_s)),
                 u"x:11:12: a second SLO is called \"up\"; expected a name of its own\n"
                 "x:16:12: a second severity scale is called \"a\"; expected a name of its own"_s);
    }

    void textOfAProblem()
    {
        const PlatformLoad load = parsePlatform(good + "costs: [{name: a, per: b, limt: 5}]\n", u"/etc/shop.yaml"_s);
        QCOMPARE(all(load),
                 u"/etc/shop.yaml:9:27: unknown key \"limt\" in cost target; did you mean \"limit\"?; expected one of "
                 "name, per, limit, period, source"_s);
        QCOMPARE((PlatformProblem{u"a"_s, 0, 0, u"b"_s, u"c"_s}.text()), u"a: b; expected c"_s);
    }

    // Byte columns of the parser become character columns for the person.
    void columnsCountCharacters()
    {
        const PlatformLoad load =
            parsePlatform(good + "tools: [{name: \"größer 🦜\", minVerson: \"1\"}]\n", u"x"_s);
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.problems[0].line, 9);
        QCOMPARE(load.problems[0].column, 28);
    }

    void syntaxErrorsHaveAPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("unclosed quote") << QByteArray("name: shop\ntitle: \"Shop \\\"\n") << 2;
        QTest::newRow("unclosed single quote") << QByteArray("name: shop\ntitle: 'it''s\n") << 2;
        QTest::newRow("unclosed bracket") << QByteArray("name: shop\nservices: [a, b\n") << 3;
        QTest::newRow("tab") << QByteArray("name: shop\nservices:\n\t- name: x\n") << 3;
        QTest::newRow("unknown alias") << QByteArray("name: *nobody\n") << 1;
        QTest::newRow("alias inside itself") << QByteArray("name: shop\nservices: &a [*a]\n") << 2;
        QTest::newRow("a list as key") << QByteArray("name: shop\n? [a]\n: b\n") << 2;
        QTest::newRow("two documents") << QByteArray("name: shop\n---\nname: other\n") << 3;
        QTest::newRow("not UTF-8") << QByteArray("name: shop\ntitle: \xff\xfe\n") << 2;
        QTest::newRow("control character") << QByteArray("name: shop\ntitle: a\x04"
                                                         "b\n")
                                           << 2;
        QTest::newRow("a nul") << QByteArray("name: shop\ntitle: a\0b\n", 22) << 2;
        QTest::newRow("a list") << QByteArray("- name: shop\n") << 1;
        QTest::newRow("empty") << QByteArray() << 1;
        QTest::newRow("a word") << QByteArray("shop") << 1;
    }
    void syntaxErrorsHaveAPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        const PlatformLoad load = parsePlatform(text, u"shop.yaml"_s);
        QVERIFY(load.platforms.empty());
        QVERIFY2(load.problems.size() == 1, qPrintable(all(load)));
        QVERIFY2(load.problems[0].line == line, qPrintable(all(load)));
        QVERIFY(load.problems[0].column >= 1);
    }

    void aliasesMayBeUsed()
    {
        const PlatformLoad load =
            parsePlatform(good + "alerts:\n  - {name: a, title: A, urgency: critical, when: &limit \"> 5 %\"}\n"
                                 "  - {name: b, title: B, urgency: warning, when: *limit}\n",
                          u"x"_s);
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        QCOMPARE(load.platforms[0]->alerts[1].when->value, 5.0);
    }

    void nearestWords()
    {
        QCOMPARE(nearestWord(u"titel"_s, {u"name"_s, u"title"_s}), u"title"_s);
        QCOMPARE(nearestWord(u"xyzzyx"_s, {u"name"_s, u"title"_s}), QString());
        QCOMPARE(nearestWord(QString(100'000, u'x'), {u"name"_s}), QString());
    }
};

QTEST_GUILESS_MAIN(TestPlatformProblems)
#include "test_platform_problems.moc"
