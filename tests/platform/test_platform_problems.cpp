// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformLoader.h"
#include "platform/YamlReader.h"

#include <QtTest/QtTest>

using namespace wk::platform;
using namespace Qt::StringLiterals;

namespace {

const QByteArray good = R"(name: shop
title: Shop
clusters:
  - {name: production, class: production, context: shop}
namespaces:
  - {name: shop, cluster: production}
services:
  - {name: web, title: Web, kind: frontend, workloads: [{kind: Deployment, name: web}]}
)";

QString all(const PlatformLoad& load)
{
    QStringList lines;
    for (const PlatformProblem& problem : load.problems)
        lines << problem.text();
    return lines.join(u'\n');
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

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

    void theOthersStillLoad()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"a-broken.yaml"_s), "name: broken\ntitle: [\n");
        write(dir.filePath(u"b-wrong.yaml"_s), "name: wrong\n");
        write(dir.filePath(u"c-good.yml"_s), good);
        write(dir.filePath(u"notes.txt"_s), "not a platform");
        const PlatformLoad load =
            loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path(), dir.filePath(u"absent"_s)});
        QStringList names;
        for (const auto& platform : load.platforms)
            names << platform->name;
        QCOMPARE(names, (QStringList{u"shop"_s, u"social-live"_s, u"stratmaster"_s, u"streamgate"_s, u"tchat"_s}));
        QStringList files;
        for (const PlatformProblem& problem : load.problems)
            files << QFileInfo(problem.file).fileName();
        files.removeDuplicates();
        QCOMPARE(files, (QStringList{u"a-broken.yaml"_s, u"b-wrong.yaml"_s}));
        QCOMPARE(load.problems.size(),
                 size_t(5)); // one of syntax; title, clusters, namespaces and services are missing
    }

    void aUsersFileTakesThePlace()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"mine.yaml"_s);
        write(path, QByteArray(good).replace("name: shop\n", "name: tchat\n"));
        const PlatformLoad load = loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path()});
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        QCOMPARE(load.platforms.size(), size_t(4));
        QCOMPARE(load.platforms.back()->title, u"Shop"_s);
        QCOMPARE(load.platforms.back()->replaces, u":/platforms/tchat.yaml"_s);
        QCOMPARE(load.notes,
                 QStringList{path + u" takes the place of :/platforms/tchat.yaml as the platform \"tchat\""_s});
    }

    // A broken file must not take a good one away.
    void aBrokenReplacementLeavesTheBuiltIn()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"tchat.yaml"_s), QByteArray(good).replace("name: shop\n", "name: tchat\n") + "oops: 1\n");
        const PlatformLoad load = loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path()});
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.platforms.back()->title, u"Tchat"_s);
        QVERIFY(load.platforms.back()->replaces.isEmpty());
        QVERIFY(load.notes.isEmpty());
    }

    void twoFilesOfOnePlatform()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"one.yaml"_s), good);
        write(dir.filePath(u"two.yaml"_s), good);
        const PlatformLoad load = loadPlatforms({dir.path()});
        QCOMPARE(load.platforms.size(), size_t(1));
        QCOMPARE(load.platforms[0]->file, dir.filePath(u"one.yaml"_s));
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.problems[0].file, dir.filePath(u"two.yaml"_s));
    }

    void aFileThatIsNotThere()
    {
        const PlatformLoad load = loadPlatformFile(u"/nowhere/shop.yaml"_s);
        QCOMPARE(load.problems.size(), size_t(1));
        QVERIFY2(load.problems[0].text().startsWith(u"/nowhere/shop.yaml: cannot be read"), qPrintable(all(load)));
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

    void hostileFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QByteArray bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 30; ++i) {
            QByteArray line = "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [";
            for (int k = 0; k < 10; ++k)
                line += "*a" + QByteArray::number(i - 1) + (k < 9 ? ", " : "]\n");
            bomb += line;
        }
        QTest::newRow("alias bomb") << bomb;
        QTest::newRow("alias bomb in a known key") << good + "costDrivers: &a [x]\n" + bomb;
        QTest::newRow("deep brackets") << good + "summary: " + QByteArray(300'000, '[');
        QTest::newRow("deep brackets, closed")
            << good + "summary: " + QByteArray(200, '[') + QByteArray(200, ']') + "\n";
        QTest::newRow("deep braces") << QByteArray(100'000, '{');
        QTest::newRow("deep braces over lines") << QByteArray("[\n").repeated(100'000);
        QByteArray blocks;
        for (int i = 0; i < 700; ++i)
            blocks += QByteArray(i, ' ') + "a:\n";
        QTest::newRow("deep blocks") << blocks;
        QTest::newRow("deep dashes") << QByteArray("- ").repeated(100'000) + "x";
        QTest::newRow("deep questions") << QByteArray("? ").repeated(100'000);
        QTest::newRow("too large") << QByteArray(1024 * 1024 + 1, '#');
        QTest::newRow("long line") << good + "summry: " + QByteArray(900'000, 'x') + "\n";
        QTest::newRow("many unknown keys") << good + [] {
            QByteArray keys;
            for (int i = 0; i < 60'000; ++i)
                keys += "key" + QByteArray::number(i) + ": 1\n";
            return keys;
        }();
        QTest::newRow("many values in one line")
            << good + "costDrivers: [" + QByteArray("{},").repeated(300'000) + "]\n";
        QTest::newRow("many quotes") << QByteArray("\"a\" ").repeated(200'000);
        QTest::newRow("many colons") << QByteArray("a: ").repeated(300'000);
        QTest::newRow("many anchors") << QByteArray("&a ").repeated(300'000);
        QTest::newRow("many tags") << QByteArray("!!a ").repeated(250'000);
        QTest::newRow("many directives") << QByteArray("%YAML 1.2\n").repeated(90'000);
        QTest::newRow("many documents") << QByteArray("---\n").repeated(250'000);
        QTest::newRow("many bars") << QByteArray("a: |\n").repeated(200'000);
        QTest::newRow("many blank lines") << good + "summary: |\n" + QByteArray("\n").repeated(900'000);
    }
    void hostileFiles()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        const PlatformLoad load = parsePlatform(text, u"x"_s);
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(u"took %1 ms"_s.arg(timer.elapsed())));
        QVERIFY(load.platforms.empty());
        QVERIFY(!load.problems.empty());
        QVERIFY(load.problems.size() <= 201);
    }

    // Every prefix of a real file, and the file with one byte changed, gives a platform or a reason.
    void cutAndGarbled()
    {
        QFile file(u":/platforms/tchat.yaml"_s);
        QCOMPARE(loadPlatforms({QString::fromUtf16(builtinPlatforms)}).platforms.size(),
                 size_t(4)); // brings the resource in
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.size() > 10'000);
        const auto check = [](const QByteArray& bytes) {
            const PlatformLoad load = parsePlatform(bytes, u"x"_s);
            return load.platforms.empty() != load.problems.empty();
        };
        for (qsizetype cut = 0; cut < text.size(); cut += 211)
            QVERIFY2(check(text.first(cut)), qPrintable(QString::number(cut)));
        QRandomGenerator random(7);
        for (int i = 0; i < 150; ++i) {
            QByteArray garbled = text;
            for (int k = 0; k <= i % 4; ++k)
                garbled[random.bounded(int(garbled.size()))] = char(random.bounded(256));
            QVERIFY2(check(garbled), qPrintable(QString::number(i)));
        }
        static constexpr char alphabet[] = "-:[]{}&*!|>'\"%@`#?, \n\tabc019\xc3\xa9";
        for (int i = 0; i < 300; ++i) {
            QByteArray noise(random.bounded(400), Qt::Uninitialized);
            for (char& byte : noise)
                byte = alphabet[random.bounded(int(sizeof alphabet) - 1)];
            QVERIFY2(check(noise), noise.toHex().constData());
        }
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
