// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/AnswerDecoder.h"
#include "monitoring/prometheus/ServerError.h"
#include "monitoring/prometheus/ServerFacts.h"

#include <QtCore/QFile>
#include <QtTest/QTest>

#include <cmath>

using namespace wk;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;

namespace {

Result<AnswerPtr> decoded(const QByteArray& body, qsizetype piece = 1'000'000)
{
    AnswerDecoder decoder;
    for (qsizetype at = 0; at < body.size(); at += piece) {
        if (const auto fed = decoder.feed(QByteArrayView(body).sliced(at, qMin(piece, body.size() - at))); !fed)
            return fail(fed.error());
    }
    return decoder.finish();
}

QByteArray recorded(const QString& name)
{
    QFile file(QStringLiteral(TEST_DATA) + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray success(const QByteArray& type, const QByteArray& result, const QByteArray& more = {})
{
    return R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + result + '}' + more + '}';
}

} // namespace

class TestMonitoringDecoder : public QObject
{
    Q_OBJECT

private slots:
    void matrixInPiecesOfAnySize();
    void oddNumbers();
    void scalarAndText();
    void nativeHistograms();
    void warningsAndParts();
    void order();
    void refused_data();
    void refused();
    void shortTextThatStandsForMuch();
    void serversOwnErrors_data();
    void serversOwnErrors();
    void facts();
    void factsRefused();
};

void TestMonitoringDecoder::matrixInPiecesOfAnySize()
{
    const QByteArray body =
        success("matrix", R"([{"metric":{"__name__":"up","pod":"p\"0\\ü"},"values":[[1.5,"1"],[16.5,"0.25"]]},
        {"metric":{},"values":[]}, {"values":[[-3.001,"-1e-9"]],"metric":{"a":"]}"}}])");
    for (qsizetype piece = 1; piece < body.size() + 1; ++piece) {
        const auto answer = decoded(body, piece);
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().detail));
        QCOMPARE((*answer)->kind, Answer::Kind::Matrix);
        QCOMPARE((*answer)->series.size(), std::size_t(3));
        const Series& first = (*answer)->series[0];
        QCOMPARE(labelsText(first.labels), u"up{pod=\"p\\\"0\\\\ü\"}"_s);
        QVERIFY(first.time == (std::vector<qint64>{1'500, 16'500}));
        QVERIFY(first.value == (std::vector<double>{1, 0.25}));
        QVERIFY((*answer)->series[2].time == std::vector<qint64>{-3'001});
        QVERIFY((*answer)->series[2].value == std::vector<double>{-1e-9});
        QCOMPARE((*answer)->points(), std::size_t(3));
        QCOMPARE((*answer)->bytes, body.size());
    }
}

void TestMonitoringDecoder::oddNumbers()
{
    const auto answer = decoded(
        success("matrix", R"([{"metric":{},"values":[[1,"NaN"],[2,"+Inf"],[3,"-Inf"],[4,"1.7976931348623157e+308"],
        [5,"5e-324"],[6,"-0"],[9,"1e400"]]}])"));
    QVERIFY(answer);
    const Series& series = (*answer)->series.front();
    QCOMPARE(series.time.size(), std::size_t(7)); // 7 and 8 s: a gap
    QVERIFY(std::isnan(series.value[0]));
    QVERIFY(std::isinf(series.value[1]) && series.value[1] > 0 && std::isinf(series.value[2]) && series.value[2] < 0);
    QVERIFY(series.value[3] > 1.79e308 && std::isfinite(series.value[3]));
    QVERIFY(series.value[4] > 0);
    QVERIFY(std::signbit(series.value[5]));
    QStringList texts;
    for (const double value : {0.1, 1e21, 1e20, 1e-7, 0.0, 7200.0, std::nan(""), -HUGE_VAL})
        texts << valueText(value);
    QCOMPARE(texts.join(u' '), u"0.1 1e+21 100000000000000000000 1e-07 0 7200 NaN -Inf"_s);
}

void TestMonitoringDecoder::scalarAndText()
{
    const auto scalar = decoded(success("scalar", R"([1795287755.003,"1.5"])"));
    QVERIFY(scalar);
    QCOMPARE((*scalar)->kind, Answer::Kind::Scalar);
    QVERIFY(((*scalar)->series == std::vector<Series>{{{{1'795'287'755'003}, {1.5}}, {}, {}}}));
    const auto text = decoded(success("string", R"([1795287755.023,"grüß \"x\""])"));
    QVERIFY(text);
    QCOMPARE((*text)->kind, Answer::Kind::Text);
    QCOMPARE((*text)->text, u"grüß \"x\""_s);
    QCOMPARE((*text)->textTime, 1'795'287'755'023);
}

void TestMonitoringDecoder::nativeHistograms()
{
    // As prometheus/docs/querying/api.md, "Native histograms", writes them; a series may have both kinds.
    const auto answer = decoded(success("matrix", R"([{"metric":{"__name__":"h"},"values":[[5,"7"]],"histograms":[
        [10,{"count":"6","sum":"3897","buckets":[[3,"-0.001","0.001","2"],[0,"0.7","1.4","4"]]}],
        [20,{"count":"0","sum":"0"}],
        [30,{"count":"1","sum":"NaN","buckets":[[1,"-Inf","2","1"]]}]]}])"));
    QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().detail));
    const Histograms& h = (*answer)->series.front().histograms;
    QVERIFY(h.time == (std::vector<qint64>{10'000, 20'000, 30'000}));
    QVERIFY(h.count == (std::vector<double>{6, 0, 1}));
    QVERIFY(h.firstBucket == (std::vector<std::size_t>{0, 2, 2}));
    QVERIFY(h.upper == (std::vector<double>{0.001, 1.4, 2}));
    QVERIFY(h.inBucket == (std::vector<double>{2, 4, 1}));
    QVERIFY(std::isnan(h.sum[2]) && std::isinf(h.lower[2]));
    QVERIFY(decoded(success("vector", R"([{"metric":{},"histogram":[1.5,{"count":"1","sum":"2"}]}])")));
}

void TestMonitoringDecoder::warningsAndParts()
{
    const auto answer = decoded(
        success("vector", "[]", R"(,"warnings":["store s1 is away"],"infos":["rate() of a gauge"],"isPartial":true)"));
    QVERIFY(answer);
    QCOMPARE((*answer)->warnings, QStringList(u"store s1 is away"_s));
    QCOMPARE((*answer)->infos, QStringList(u"rate() of a gauge"_s));
    QVERIFY((*answer)->partial);
    QVERIFY((*answer)->series.empty());
}

void TestMonitoringDecoder::order()
{
    // JSON has none: other makes of servers write the members as they like.
    const auto answer = decoded(
        R"({"stats":{"x":[1]},"data":{"result":[{"metric":{},"value":[1,"2"]}],"resultType":"vector"},"status":"success"})");
    QVERIFY(answer);
    QCOMPARE((*answer)->kind, Answer::Kind::Vector);
    QCOMPARE((*answer)->points(), std::size_t(1));
}

void TestMonitoringDecoder::refused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("words");
    const QString other = u"The answer is not what Prometheus answers."_s,
                  series = u"A series in the answer cannot be read."_s;
    const auto row = [](const char* name, const QByteArray& body, const QString& words) {
        QTest::newRow(name) << body << words;
    };
    const auto sample = [](const char* pair) {
        return success("vector", R"([{"metric":{},"value":)" + QByteArray(pair) + "}]");
    };
    row("empty", "", u"The answer breaks off after 0 bytes."_s);
    row("cut off", success("vector", R"([{"metric":{},"value":[1,"2"]}])").chopped(3),
        u"The answer breaks off after 89 bytes."_s);
    row("an array", "[]", other);
    row("a text", "OK", other);
    row("another API", R"({"hello":"world"})", other);
    row("no result type", R"({"status":"success","data":{"result":[]}})", other);
    row("streams of Loki", success("streams", "[]"), other);
    row("text after it", success("vector", "[]") + "x", other);
    row("no number", sample(R"([1,"x"])"), series);
    row("no time", sample(R"(["1","2"])"), series);
    row("far time", sample(R"([1e300,"2"])"), series);
    row("three parts", sample(R"([1,"2",3])"), series);
    row("hexadecimal", sample(R"([1,"0x10"])"), series);
    row("other infinity", sample(R"([1,"inf"])"), series);
    row("a bare number", sample("[1,2]"), series);
    row("no pair", sample(R"({"a":1})"), series);
    row("bad label", success("vector", R"([{"metric":{"a":1},"value":[1,"2"]}])"), series);
    QByteArrayList labels;
    for (int i = 0; i < 2'000; ++i)
        labels << "\"l" + QByteArray::number(i) + "\":\"\"";
    row("labels without end", success("vector", R"([{"metric":{)" + labels.join(',') + R"(},"value":[1,"2"]}])"),
        series);
    row("not UTF-8", success("vector", "[{\"metric\":{\"a\":\"\xff\"},\"value\":[1,\"2\"]}]"), series);
    row("vector without a sample", success("vector", R"([{"metric":{}}])"), other);
    row("vector of two samples", success("vector", R"([{"metric":{},"values":[[1,"2"],[2,"2"]]}])"), other);
    row("scalar of series", success("scalar", R"([{"metric":{},"value":[1,"2"]}])"), other);
    row("times go back", success("matrix", R"([{"metric":{},"values":[[2,"2"],[1,"2"]]}])"), series);
    row("a time twice", success("matrix", R"([{"metric":{},"values":[[2,"2"],[2,"2"]]}])"), series);
    row("histogram without a sum", success("matrix", R"([{"metric":{},"histograms":[[1,{"count":"1"}]]}])"), series);
    row("bucket with one end",
        success("matrix", R"([{"metric":{},"histograms":[[1,{"count":"1","sum":"1","buckets":[[0,"1","2"]]}]]}])"),
        series);
}

void TestMonitoringDecoder::refused()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, words);
    for (const qsizetype piece : {1'000'000, 7, 1}) {
        const auto answer = decoded(body, piece);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Protocol);
        QCOMPARE(answer.error().sentence, words);
    }
}

void TestMonitoringDecoder::shortTextThatStandsForMuch()
{
    AnswerDecoder decoder;
    Result<void> fed = decoder.feed(R"({"status":"success","data":{"resultType":"matrix","result":[{})");
    const QByteArray many = QByteArray(",{}").repeated(20'000);
    qint64 bytes = 0;
    while (fed && bytes < 256LL << 20) {
        fed = decoder.feed(many);
        bytes += many.size();
    }
    QVERIFY(!fed);
    QCOMPARE(fed.error().sentence, u"The answer would take more than 512 MiB of memory, which is more than is kept."_s);
}

void TestMonitoringDecoder::serversOwnErrors_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("said");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QPoint>("position");
    QTest::newRow("bad query")
        << u"bad_data"_s << u"invalid parameter \"query\": 1:5: parse error: unexpected end of input inside braces"_s
        << Error::Kind::BadInput
        << u"Prometheus does not understand the query at line 1, column 5: unexpected end of input inside braces."_s
        << QPoint(5, 1);
    QTest::newRow("on line 3") << u"bad_data"_s << u"invalid parameter \"query\": 3:12: parse error: unexpected \":\""_s
                               << Error::Kind::BadInput
                               << u"Prometheus does not understand the query at line 3, column 12: unexpected \":\"."_s
                               << QPoint(12, 3);
    QTest::newRow("step")
        << u"bad_data"_s
        << u"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"_s
        << Error::Kind::BadInput
        << u"The step is too short for this range: a server gives at most 11,000 points a series."_s << QPoint();
    QTest::newRow("execution") << u"execution"_s << u"many-to-many matching not allowed"_s << Error::Kind::BadInput
                               << u"The query cannot be worked out: many-to-many matching not allowed."_s << QPoint();
    QTest::newRow("timeout")
        << u"timeout"_s << u"query timed out in expression evaluation"_s << Error::Kind::Server
        << u"The query took longer than the server allows: query timed out in expression evaluation."_s << QPoint();
    QTest::newRow("unknown") << u"new_kind"_s << QString() << Error::Kind::Server
                             << u"Prometheus could not answer: new_kind."_s << QPoint();
}

void TestMonitoringDecoder::serversOwnErrors()
{
    QFETCH(QString, type);
    QFETCH(QString, said);
    QFETCH(Error::Kind, kind);
    QFETCH(QString, sentence);
    QFETCH(QPoint, position);
    const Error error = serverError(type, said);
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.sentence, sentence);
    const auto at = queryPosition(error.detail);
    QCOMPARE(at ? QPoint(at->column, at->line) : QPoint(), position);
}

void TestMonitoringDecoder::facts()
{
    const auto rules = readRules(recorded(u"rules.json"_s));
    QVERIFY(rules && rules->size() == 1 && rules->front().rules.size() == 2);
    const Rule& alerting = rules->front().rules[0];
    QVERIFY(alerting.isAlerting && alerting.alerts.size() == 1);
    QCOMPARE(alerting.forMs, 60'000);
    QCOMPARE(alerting.lastEvaluation, 1'795'287'600'123);
    QCOMPARE(alerting.alerts.front().activeAt, 1'795'284'000'500);
    QCOMPARE(rules->front().intervalMs, 15'000);
    QCOMPARE(rules->front().rules[1].lastEvaluation, 0);
    QCOMPARE(rules->front().rules[1].lastError, u"bad"_s);
    const auto targets = readTargets(recorded(u"targets.json"_s));
    QVERIFY(targets && targets->active.size() == 1);
    QCOMPARE(targets->dropped, 1);
    QCOMPARE(targets->active.front().scrapeMs, 12);
    QCOMPARE(targets->active.front().intervalMs, 15'000);
    const auto metadata =
        readMetadata(R"({"status":"success","data":{"up":[{"type":"gauge","help":"Is it up.","unit":""}]}})");
    QVERIFY(metadata && metadata->at(u"up"_s).front() == (Metadata{u"gauge"_s, u"Is it up."_s, {}}));
    QCOMPARE(readNames(R"({"status":"success","data":["a","b"]})").value_or(QStringList()),
             (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(readSeries(R"({"status":"success","data":[{"a":"1"},{}]})").value_or(std::vector<Labels>()).size(),
             std::size_t(2));
    QCOMPARE(readBuildInfo(R"({"status":"success","data":{"version":"2.42.0"}})").value_or(BuildInfo()).version,
             u"2.42.0"_s);
}

void TestMonitoringDecoder::factsRefused()
{
    const auto kind = [](const QByteArray& body) {
        const auto names = readNames(body);
        return names ? Error::Kind::Cancelled : names.error().kind;
    };
    QCOMPARE(kind(R"({"status":"success","data":null})"), Error::Kind::Cancelled); // Prometheus' empty list
    QCOMPARE(kind("{"), Error::Kind::Protocol);
    QCOMPARE(kind(R"({"status":"success","data":{}})"), Error::Kind::Protocol);
    QCOMPARE(kind(R"({"status":"success"})"), Error::Kind::Protocol);
    QCOMPARE(kind(R"({"status":"error","errorType":"bad_data","error":"invalid label name"})"), Error::Kind::BadInput);
}

QTEST_APPLESS_MAIN(TestMonitoringDecoder)
#include "test_monitoring_decoder.moc"
