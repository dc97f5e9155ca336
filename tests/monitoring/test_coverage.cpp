// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "monitoring/promql/Promql.h"
#include "monitoring/rules/AlertRules.h"
#include "monitoring/rules/RuleCoverage.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

// The file as a server has it that was given it. Prometheus prints queries in its own way; `spelled` says how.
std::vector<RuleGroup> onServer(
    const RuleFile& file, QString (*spelled)(const QString&) = [](const QString& q) { return q; })
{
    std::vector<RuleGroup> groups;
    for (const PlannedGroup& group : file.groups) {
        RuleGroup made{group.name, u"rules.yaml"_s, 60'000, {}};
        for (const PlannedRule& planned : group.rules) {
            Rule rule;
            rule.isAlerting = !planned.alert.isEmpty();
            rule.name = rule.isAlerting ? planned.alert : planned.record;
            rule.query = spelled(planned.expr);
            rule.health = u"ok"_s;
            rule.forMs = planned.forMs;
            rule.labels = planned.labels;
            made.rules.push_back(rule);
        }
        groups.push_back(made);
    }
    return groups;
}

QString shown(const RuleCover& cover)
{
    static const QStringList states{u"covered"_s, u"stricter"_s, u"looser"_s, u"broken"_s, u"uncovered"_s};
    return cover.threshold + u' ' + states[int(cover.state)] +
           (cover.words.isEmpty() ? QString() : u": "_s + cover.words);
}

RuleGroup groupOf(const QString& name, const QString& query, qint64 forMs, const QString& health = u"ok"_s)
{
    Rule rule;
    rule.isAlerting = true;
    rule.name = name;
    rule.query = query;
    rule.forMs = forMs;
    rule.health = health;
    rule.lastError = health == u"err" ? u"found duplicate series"_s : QString();
    return {u"theirs"_s, u"theirs.yaml"_s, 60'000, {rule}};
}

} // namespace

/// What of a platform's thresholds the rules of a server cover.
class TestCoverage : public QObject
{
    Q_OBJECT

private slots:
    void aServerWithAllRulesCoversAll_data() { addPlatforms(); }
    void aServerWithAllRulesCoversAll()
    {
        QFETCH(QString, name);
        const RuleFile file = rulesOf(*builtinPlatform(name), builtinCatalog());
        for (const RuleCoverage& coverage :
             {coverageOf(file, onServer(file)),
              coverageOf(file, onServer(file, [](const QString& q) {
                             return normalForm(**parsePromql(q)).replace(u" offset 0"_s, QString());
                         }))}) {
            for (const RuleCover& cover : coverage.covers)
                QVERIFY2(cover.state == RuleCover::State::Covered, qPrintable(shown(cover)));
            QVERIFY(coverage.leftOver.empty());
            QCOMPARE(coverage.thresholds().first, coverage.thresholds().second);
        }
        const RuleCoverage none = coverageOf(file, {});
        QVERIFY(std::ranges::all_of(none.covers,
                                    [](const RuleCover& c) { return c.state == RuleCover::State::Uncovered; }));
        QCOMPARE(none.thresholds().first, 0);
    }

    // A threshold that goes from the file leaves its rule behind; one that comes to it has none yet.
    void aThresholdDeletedOrAdded_data() { addPlatforms(); }
    void aThresholdDeletedOrAdded()
    {
        QFETCH(QString, name);
        const auto whole = builtinPlatform(name);
        const RuleFile all = rulesOf(*whole, builtinCatalog());
        for (size_t i = 0; i < whole->alerts.size(); ++i) {
            platform::Platform less = *whole;
            const QString deleted = less.alerts[i].name;
            less.alerts.erase(less.alerts.begin() + qsizetype(i));
            const RuleFile rest = rulesOf(less, builtinCatalog());
            const RuleCoverage deletedOne = coverageOf(rest, onServer(all));
            QVERIFY2(!deletedOne.leftOver.empty(), qPrintable(deleted));
            for (const RuleLeftOver& left : deletedOne.leftOver)
                QCOMPARE(left.threshold, deleted);
            const RuleCoverage addedOne = coverageOf(all, onServer(rest));
            QStringList open;
            for (const RuleCover& cover : addedOne.covers) {
                if (cover.state != RuleCover::State::Covered)
                    open << cover.threshold;
            }
            open.removeDuplicates();
            // Two documents may say the same: then one's rule does for the other's threshold.
            QVERIFY2(open.isEmpty() || open == QStringList{deleted}, qPrintable(open.join(u' ')));
            if (addedOne.leftOver.empty() && open.isEmpty())
                QVERIFY2(name == u"streamgate", qPrintable(deleted));
        }
    }

    void rulesOfOthers_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("health");
        QTest::addColumn<QString>("expected");
        const QString left =
            u"1 - max by (instance, mountpoint) "
            u"(node_filesystem_avail_bytes{fstype!~\"tmpfs|ramfs|overlay|squashfs\"}) / "
            "max by (mountpoint, instance) (node_filesystem_size_bytes{fstype!~'tmpfs|ramfs|overlay|squashfs'} > 0)"_s;
        QTest::newRow("the same") << left + u" > 0.85"_s << u"5m"_s << u"ok"_s << u"disk covered"_s;
        QTest::newRow("turned round, in percent")
            << u"85 < 100 * ("_s + left + u')' << u"5m"_s << u"ok"_s << u"disk covered"_s;
        QTest::newRow("stricter") << left + u" > 0.8"_s << u"5m"_s << u"ok"_s
                                  << u"disk stricter: limit 0.8 instead of 0.85"_s;
        QTest::newRow("looser") << left + u" > 0.9"_s << u"5m"_s << u"ok"_s
                                << u"disk looser: limit 0.9 instead of 0.85"_s;
        QTest::newRow("later") << left + u" > 0.85"_s << u"1h"_s << u"ok"_s << u"disk looser: after 1h instead of 5m"_s;
        QTest::newRow("sooner") << left + u" > 0.85"_s << u"1m"_s << u"ok"_s
                                << u"disk stricter: after 1m instead of 5m"_s;
        QTest::newRow("stricter but later") << left + u" > 0.8"_s << u"1h"_s << u"ok"_s
                                            << u"disk looser: limit 0.8 instead of 0.85, after 1h instead of 5m"_s;
        QTest::newRow("broken") << left + u" > 0.85"_s << u"5m"_s << u"err"_s
                                << u"disk broken: found duplicate series"_s;
        QTest::newRow("the other way") << left + u" < 0.85"_s << u"5m"_s << u"ok"_s << u"disk uncovered"_s;
        QTest::newRow("something else") << u"x > 0.85"_s << u"5m"_s << u"ok"_s << u"disk uncovered"_s;
        QTest::newRow("no query") << u"((("_s << u"5m"_s << u"ok"_s << u"disk uncovered"_s;
    }
    void rulesOfOthers()
    {
        QFETCH(QString, query);
        QFETCH(QString, after);
        QFETCH(QString, health);
        QFETCH(QString, expected);
        const auto shop = shopWith(
            "alerts: [{name: disk, title: Disk, urgency: warning, metric: disk usage, when: \"> 85 %\", for: 5m}]\n");
        const RuleFile file = rulesOf(*shop, builtinCatalog());
        const RuleCoverage coverage =
            coverageOf(file, {groupOf(u"DiskFull"_s, query, *promqlDurationMs(after), health)});
        QCOMPARE(coverage.covers.size(), size_t(1));
        QCOMPARE(shown(coverage.covers[0]), expected);
        QVERIFY(coverage.leftOver.empty());
    }

    void ourLabelOnAnotherExpression()
    {
        const auto shop =
            shopWith("alerts: [{name: disk, title: Disk, urgency: warning, metric: disk usage, when: \"> 85 %\"}]\n");
        const RuleFile file = rulesOf(*shop, builtinCatalog());
        auto server = onServer(file, [](const QString&) { return u"vector(0) > 1"_s; });
        const RuleCoverage coverage = coverageOf(file, server);
        QCOMPARE(shown(coverage.covers[0]), u"disk looser: another expression: vector(0) > 1"_s);
        server[0].rules[0].labels = {
            {u"platform"_s, u"another"_s}, {u"threshold"_s, u"disk"_s}, {u"service"_s, u"nodes"_s}};
        QCOMPARE(shown(coverageOf(file, server).covers[0]), u"disk uncovered"_s);
    }
};

QTEST_GUILESS_MAIN(TestCoverage)
#include "test_coverage.moc"
