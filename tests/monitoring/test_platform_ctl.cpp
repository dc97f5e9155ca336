// SPDX-License-Identifier: GPL-3.0-or-later
#include "Promtool.h"
#include "support/Process.h"

#include <QtTest/QtTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

Ran ctl(const QStringList& arguments) { return run(program(u"watchkeeperctl"_s), arguments); }

} // namespace

/// The program itself: what a platform's rules are on a terminal, and what Prometheus' own tool makes of them.
class TestPlatformCtl : public QObject
{
    Q_OBJECT

private slots:
    void rulesForPromtool()
    {
        const Ran rules = ctl({u"platform"_s, u"rules"_s, u"tchat"_s});
        QCOMPARE(rules.code, 0);
        QVERIFY(rules.out.contains("- alert: HighErrorRate") && rules.out.contains("severity: critical"));
        // What the file's own queries get wrong is said beside, and is not in the output.
        QVERIFY2(rules.err.contains("alert high-error-rate:") && rules.err.contains("Instead:"), rules.err.constData());
        const Ran tests = ctl({u"platform"_s, u"rules"_s, u"tchat"_s, u"--tests"_s});
        QCOMPARE(tests.code, 0);
        QVERIFY(tests.out.contains("rule_files: ['tchat.rules.yaml']") ||
                tests.out.contains("rule_files: [tchat.rules.yaml]"));
        if (promtool().isEmpty())
            QSKIP(noPromtool);
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"tchat.rules.yaml"_s), QString::fromUtf8(rules.out)));
        QVERIFY(write(dir.filePath(u"tests.yaml"_s), QString::fromUtf8(tests.out)));
        for (const QStringList& arguments : {QStringList{u"check"_s, u"rules"_s, u"tchat.rules.yaml"_s},
                                             QStringList{u"test"_s, u"rules"_s, u"tests.yaml"_s}}) {
            const QString complaint = promtoolComplaint(arguments, dir.path());
            QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
        }
    }

    void secretsHaveToBeNamed()
    {
        const QList<QStringList> wrong{{}, {u"set"_s}, {u"show"_s, u"shop/prometheus"_s}, {u"set"_s, u"a"_s, u"b"_s}};
        for (const QStringList& words : wrong) {
            const Ran ran = ctl(QStringList{u"secret"_s} + words);
            QCOMPARE(ran.code, 2);
            QVERIFY2(ran.err.contains("secret set shop/prometheus"), ran.err.constData());
        }
    }

    void rulesOfAFile()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"shop.yaml"_s);
        QVERIFY(write(path, uR"(name: shop
title: Shop
clusters: [{name: production, class: production}]
namespaces: [{name: shop, cluster: production}]
services: [{name: web, title: Web, kind: application, workloads: [{kind: Deployment, name: web}]}]
alerts:
  - {name: slow, title: Slow, urgency: warning, metric: request latency, quantile: 95, when: "> 1 s", for: 5m}
  - {name: odd, title: Odd, urgency: info, metric: weather, when: "> 1"}
dashboards: [{name: d, title: D, panels: [error rate, weather]}]
)"_s));
        const Ran rules = ctl({u"platform"_s, u"rules"_s, path});
        QCOMPARE(rules.code, 0);
        QVERIFY(rules.out.contains("alert: Slow") && rules.out.contains("for: '5m'") && !rules.out.contains("Odd"));
        QVERIFY2(rules.err.contains("no rule for odd (Odd):"), rules.err.constData());
        const Ran queries = ctl({u"platform"_s, u"queries"_s, path});
        QCOMPARE(queries.code, 0);
        QVERIFY(queries.out.contains("error rate") &&
                queries.out.contains("rate(http_requests_total{namespace=\"shop\"}[5m])"));
        QVERIFY2(queries.err.contains("weather"), queries.err.constData());
    }

    void whatIsNotThere()
    {
        const Ran unknown = ctl({u"platform"_s, u"rules"_s, u"nowhere"_s});
        QCOMPARE(unknown.code, 1);
        QVERIFY2(unknown.err.contains("nowhere") && unknown.err.contains("streamgate"), unknown.err.constData());
        QCOMPARE(ctl({u"platform"_s}).code, 2);
        QCOMPARE(ctl({u"platform"_s, u"dance"_s, u"tchat"_s}).code, 2);
        QTemporaryDir dir;
        QVERIFY(write(dir.filePath(u"broken.yaml"_s), u"name: broken\n"_s));
        const Ran broken = ctl({u"platform"_s, u"rules"_s, dir.filePath(u"broken.yaml"_s)});
        QCOMPARE(broken.code, 1);
        QVERIFY2(broken.err.contains("title"), broken.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestPlatformCtl)
#include "test_platform_ctl.moc"
