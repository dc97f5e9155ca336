// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LineCutter.h"
#include "logs/LogFields.h"
#include "logs/LogFilter.h"
#include "logs/LogLevel.h"
#include "logs/LogTarget.h"
#include "logs/LogTime.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::logs;

/// What is read out of the text of lines.
class TestLogText : public QObject
{
    Q_OBJECT

private slots:
    void timesAreRead_data();
    void timesAreRead();
    void whatIsNoTimeIsALine_data();
    void whatIsNoTimeIsALine();
    void levelsAreRead_data();
    void levelsAreRead();
    void fieldsAreRead();
    void wordsFilter_data();
    void wordsFilter();
    void expressionsFilter();
    void mistakesOfFiltersAreSaid();
    void hitsAreFound();
    void linesAreCut();
    void veryLongLinesSaySo();
    void runsOfAPodAreRead();
    void objectsChooseTheirPods();
};

void TestLogText::timesAreRead_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<qint64>("ns");
    constexpr qint64 base = 1'795'313'729'000'000'000; // 2026-11-22T02:15:29Z
    QTest::newRow("nine digits") << QByteArray("2026-11-22T02:15:29.123456789Z x") << base + 123'456'789;
    QTest::newRow("no fraction") << QByteArray("2026-11-22T02:15:29Z x") << base;
    QTest::newRow("docker's short fraction") << QByteArray("2026-11-22T02:15:29.5Z x") << base + 500'000'000;
    QTest::newRow("an offset") << QByteArray("2026-11-22T04:15:29.000000001+02:00 x") << base + 1;
    QTest::newRow("an offset west") << QByteArray("2026-11-21T20:45:29-05:30 x") << base;
}

void TestLogText::timesAreRead()
{
    QFETCH(QByteArray, line);
    QFETCH(qint64, ns);
    const auto stamped = readStamp(line);
    QVERIFY(stamped.has_value());
    QCOMPARE(stamped->ns, ns);
    QCOMPARE(stamped->text.toByteArray(), "x");
    QCOMPARE(readStamp(stampText(ns) + ' ')->ns, ns);
    QCOMPARE(secondText(ns), "2026-11-22T02:15:29Z");
}

void TestLogText::whatIsNoTimeIsALine_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* text : {"", "x", "2026-11-22", "2026-11-22T02:15:29", "2026-13-22T02:15:29Z x",
                             "2026-11-22T02:15:29.12Zx", "2026-11-22 02:15:29.123456789Z x",
                             "rpc error: code = NotFound desc = an error occurred", "2026-11-22T02:15:29.123+02"})
        QTest::newRow(text) << QByteArray(text);
}

void TestLogText::whatIsNoTimeIsALine()
{
    QFETCH(QByteArray, line);
    QVERIFY(!readStamp(line).has_value());
}

void TestLogText::levelsAreRead_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("level");
    const auto row = [](const char* line, Level level) { QTest::newRow(line) << QByteArray(line) << int(level); };
    using enum Level;
    row(R"({"level":"error","msg":"x"})", Error);
    row(R"({"ts":1,"severity": "WARNING","msg":"x"})", Warning);
    row(R"({"level":30,"msg":"error"})", Info);
    row(R"({"msg":"an ERROR of another"})", None);
    row("ts=1 level=warn msg=\"no error\"", Warning);
    row("E0102 15:04:05.678901       1 reflector.go:1] failed", Error);
    row("I0102 15:04:05.678901       1 main.go:1] ERROR is a word", Info);
    row("[Nest] 1  - 2026   ERROR [ExceptionsHandler] x", Error);
    row("[Nest] 1  - 2026   LOG [HTTP] x", Info);
    row("WARNING:  inference took 900ms", Warning);
    row("2026-11-22 UTC [41] FATAL:  password authentication failed", Fatal);
    row("[error] 7#7: *1 connect() failed", Error);
    row("panic: payment provider: missing key", Fatal);
    row("Traceback (most recent call last):", Error);
    row("INFO  2026 [shard 1] compaction - ERROR_COUNT", Info);
    row("GET /error/404 took 3ms", None);
    row("the error of yesterday", None);
    row("level-headed", None);
    row("", None);
}

void TestLogText::levelsAreRead()
{
    QFETCH(QByteArray, line);
    QFETCH(int, level);
    QCOMPARE(int(levelOf(line)), level);
}

void TestLogText::fieldsAreRead()
{
    const LogFields json = fieldsOf(R"({"level":"error","http":{"status":503,"path":"/x"},"tags":["a",1],"ok":true})");
    QCOMPARE(json.form, LogFields::Form::Json);
    QCOMPARE(json.value(u"http.status"), u"503"_s);
    QCOMPARE(json.value(u"tags"), u"[\"a\",1]"_s);
    QCOMPARE(json.value(u"ok"), u"true"_s);
    QCOMPARE(json.value(u"nothing"), QString());
    QCOMPARE(json.values.first().first, u"level"_s);
    const LogFields logfmt = fieldsOf(R"(ts=1 level=info bare msg="a \"quoted\" word" empty= last=ü)");
    QCOMPARE(logfmt.form, LogFields::Form::Logfmt);
    QCOMPARE(logfmt.value(u"msg"), u"a \"quoted\" word"_s);
    QCOMPARE(logfmt.value(u"empty"), QString());
    QCOMPARE(logfmt.value(u"last"), u"ü"_s);
    QCOMPARE(logfmt.values.size(), 5);
    QCOMPARE(fieldsOf("[api] {\"a\":1}").value(u"a"), u"1"_s);
    for (const char* plain : {"", "hello", "a=1", R"({"cut":)", R"({"cut":"x)", "{}", "x = y = z", "{not json}"})
        QCOMPARE(fieldsOf(plain).form, LogFields::Form::Plain);
    const auto common = commonFields({R"({"a":1,"b":2})", R"({"a":1})", "a=1 c=2", "plain"});
    QCOMPARE(common, (QList<QPair<QString, int>>{{u"a"_s, 3}, {u"b"_s, 1}, {u"c"_s, 1}}));
}

void TestLogText::wordsFilter_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("passes");
    const auto row = [](const char* text, bool passes) { QTest::newRow(text) << QString::fromUtf8(text) << passes; };
    row("", true);
    row("connection", true);
    row("CONNECTION refused", true);
    row("refused connection", true);
    row("\"connection refused\"", true);
    row("\"refused connection\"", false);
    row("connection -refused", false);
    row("connection -accepted", true);
    row("nobody", false);
    row("ÜBERLAST", true);
    row("level:warning", true);
    row("level:error", true);
    row("level:fatal", false);
    row("\"level:fatal\"", false);
    row("-", false);
}

void TestLogText::wordsFilter()
{
    QFETCH(QString, text);
    QFETCH(bool, passes);
    const auto filter = LogFilter::make(text, LogFilter::Mode::Words);
    QVERIFY(filter.has_value());
    QCOMPARE(filter->isEmpty(), text.isEmpty());
    QCOMPARE(filter->matches("ERROR dial: Connection refused, überlast", Level::Error), passes);
}

void TestLogText::expressionsFilter()
{
    const auto any = LogFilter::make(u"timeout|refused$"_s, LogFilter::Mode::Regex);
    QVERIFY(any && any->matches("connection Refused", Level::None));
    QVERIFY(!any->matches("refused twice", Level::None));
    const auto exact = LogFilter::make(u"Refused"_s, LogFilter::Mode::Regex);
    QVERIFY(exact && !exact->matches("connection refused", Level::None));
    const auto status = LogFilter::make(uR"("status":5\d\d)"_s, LogFilter::Mode::Regex);
    QVERIFY(status && status->matches(R"({"status":503})", Level::None));
    QVERIFY(!status->matches("\xff\xfe not UTF-8", Level::None));
}

void TestLogText::mistakesOfFiltersAreSaid()
{
    const auto open = LogFilter::make(u"a(b"_s, LogFilter::Mode::Regex);
    QVERIFY(!open.has_value());
    QCOMPARE(open.error().kind, Error::Kind::BadInput);
    QVERIFY2(open.error().sentence.contains(u"character 4"), qPrintable(open.error().sentence));
    const auto level = LogFilter::make(u"level:loud"_s, LogFilter::Mode::Words);
    QVERIFY(!level.has_value());
    QVERIFY2(level.error().text().contains(u"loud") && level.error().text().contains(u"warning"),
             qPrintable(level.error().text()));
}

void TestLogText::hitsAreFound()
{
    using Hits = std::vector<std::pair<qsizetype, qsizetype>>;
    QCOMPARE(LogFilter::make(u"ab"_s, LogFilter::Mode::Words)->hits(u"AB cab"_s), (Hits{{0, 2}, {4, 2}}));
    QCOMPARE(LogFilter::make(u"b+"_s, LogFilter::Mode::Regex)->hits(u"abbcb"_s), (Hits{{1, 2}, {4, 1}}));
    QCOMPARE(LogFilter::make(u"x*"_s, LogFilter::Mode::Regex)->hits(u"abc"_s), Hits());
}

void TestLogText::linesAreCut()
{
    const QByteArray text = "one\n\nthree\r\nfour";
    for (qsizetype piece = 1; piece <= text.size(); ++piece) {
        LineCutter cutter;
        QByteArrayList lines;
        const LineCutter::Sink sink = [&](QByteArrayView line, bool) { lines.append(line.toByteArray()); };
        for (qsizetype i = 0; i < text.size(); i += piece)
            cutter.feed(QByteArrayView(text).sliced(i, qMin(piece, text.size() - i)), sink);
        QCOMPARE(lines, (QByteArrayList{"one", "", "three\r"}));
        cutter.finish(sink);
        QCOMPARE(lines.last(), "four");
        cutter.finish(sink);
        QCOMPARE(lines.size(), 4);
    }
}

void TestLogText::veryLongLinesSaySo()
{
    LineCutter cutter(10);
    QList<QPair<QByteArray, bool>> lines;
    const LineCutter::Sink sink = [&](QByteArrayView line, bool cut) { lines.append({line.toByteArray(), cut}); };
    cutter.feed("0123456789abc", sink);
    cutter.feed("def\nshort\n0123456789\n", sink);
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].second);
    QVERIFY2(lines[0].first.startsWith("0123456789 ") && lines[0].first.contains("6 more"), lines[0].first.constData());
    QCOMPARE(lines[1], qMakePair(QByteArray("short"), false));
    QCOMPARE(lines[2], qMakePair(QByteArray("0123456789"), false));
}

void TestLogText::runsOfAPodAreRead()
{
    const QByteArray json = R"({"metadata":{"uid":"u"},"status":{
        "initContainerStatuses":[{"name":"init","restartCount":0,"containerID":"c:0","state":{"terminated":{"exitCode":0,"reason":"Completed","containerID":"c:0"}},"lastState":{}}],
        "containerStatuses":[
         {"name":"a","restartCount":2,"containerID":"c:2","state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","containerID":"c:1"}}},
         {"name":"b","restartCount":4,"containerID":"d:4","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"containerID":"d:4"}}},
         {"name":"c","restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}},"lastState":{}}]}})";
    const auto runs = readPodRuns(json);
    QVERIFY(runs.has_value());
    QCOMPARE(runs->runs.size(), 4);
    QCOMPARE(runs->find(u"init"_s)->ending, u"Completed, exit code 0"_s);
    const ContainerRun* a = runs->find(u"a"_s);
    QVERIFY(a->running && a->previousEnding == u"OOMKilled, exit code 137");
    QCOMPARE(placeOf(a, u"c:2"_s), RunPlace::Running);
    QCOMPARE(placeOf(a, u"c:1"_s), RunPlace::Previous);
    QCOMPARE(placeOf(a, u"c:0"_s), RunPlace::Lost);
    // Between two runs the last one is over, and has not become the one before.
    QCOMPARE(placeOf(runs->find(u"b"_s), u"d:4"_s), RunPlace::Ended);
    QVERIFY(runs->find(u"c"_s)->id.isEmpty());
    QCOMPARE(placeOf(runs->find(u"nobody"_s), u"x"_s), RunPlace::Lost);
    QVERIFY(!readPodRuns("{\"kind\":\"Status\"}").has_value());
    QVERIFY(!readPodRuns("<html>").has_value());
}

void TestLogText::objectsChooseTheirPods()
{
    const auto selector = [](const QByteArray& json) {
        const auto target = targetOf(json);
        return target ? target->labelSelector + '|' + target->fieldSelector : target.error().sentence.toUtf8();
    };
    const QByteArray meta = R"("metadata":{"name":"x","namespace":"shop"})";
    QCOMPARE(selector(R"({"kind":"Pod",)" + meta + "}"), "|metadata.name=x");
    QCOMPARE(selector(R"({"kind":"Node",)" + meta + "}"), "|spec.nodeName=x");
    QCOMPARE(selector(R"({"kind":"Service",)" + meta + R"(,"spec":{"selector":{"app":"x","tier":"web"}}})"),
             "app=x,tier=web|");
    QCOMPARE(selector(R"({"kind":"Deployment",)" + meta +
                      R"(,"spec":{"selector":{"matchLabels":{"app":"x"},"matchExpressions":[
                        {"key":"a","operator":"In","values":["1","2"]},{"key":"b","operator":"NotIn","values":["3"]},
                        {"key":"c","operator":"Exists"},{"key":"d","operator":"DoesNotExist"}]}}})"),
             "app=x,a in (1,2),b notin (3),c,!d|");
    QCOMPARE(selector(R"({"kind":"CronJob","metadata":{"name":"x","namespace":"shop","uid":"c1"},"spec":{"jobTemplate":{
                        "spec":{"template":{"metadata":{"labels":{"app":"x"}}}}}}})"),
             "job-name,app=x|");
    QVERIFY(selector(R"({"kind":"ConfigMap",)" + meta + "}").contains("no logs"));
    QVERIFY(selector(R"({"kind":"Service",)" + meta + R"(,"spec":{}})").contains("no logs"));
    QVERIFY(!targetOf("[]").has_value());
}

QTEST_GUILESS_MAIN(TestLogText)
#include "test_log_text.moc"
