// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/Promql.h"
#include "monitoring/promql/QueryRemarks.h"

#include <QtTest/QtTest>

using namespace wk::monitoring;
using namespace Qt::StringLiterals;

/// PromQL as text: compared whatever its spelling, mistakes found, nothing foreign taken for a query.
class TestPromql : public QObject
{
    Q_OBJECT

private slots:
    void spellings_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("blanks") << u"sum(rate(x[5m]))>0.05"_s << u" sum ( rate( x [5m] ) )\n > 0.05 # a comment"_s;
        QTest::newRow("durations") << u"rate(x[300s])"_s << u"rate(x[5m])"_s;
        QTest::newRow("long durations") << u"rate(x[1d])"_s << u"rate(x[24h])"_s;
        QTest::newRow("quotes") << u"x{a='b'}"_s << u"x{a=\"b\"}"_s;
        QTest::newRow("raw quotes") << u"x{a=~`b\\.c`}"_s << u"x{a=~\"b\\\\.c\"}"_s;
        QTest::newRow("order of matchers") << u"x{a=\"1\",b!=\"2\"}"_s << u"x{b!=\"2\", a=\"1\",}"_s;
        QTest::newRow("name as a label") << u"{__name__=\"x\",a=\"1\"}"_s << u"x{a=\"1\"}"_s;
        QTest::newRow("empty braces") << u"x{}"_s << u"x"_s;
        QTest::newRow("by behind") << u"sum(x) by (a, b)"_s << u"sum by (b,a) (x)"_s;
        QTest::newRow("by nothing") << u"sum by () (x)"_s << u"sum(x)"_s;
        QTest::newRow("numbers") << u"x > 5e-2"_s << u"x > 0.050"_s;
        QTest::newRow("constants") << u"x > 14.4 * 0.001"_s << u"x > 0.0144"_s;
        QTest::newRow("hexadecimal") << u"x > 0x10"_s << u"x > 16"_s;
        QTest::newRow("turned round") << u"0.05 < x"_s << u"x > 0.05"_s;
        QTest::newRow("brackets") << u"((x)) > (1)"_s << u"x > 1"_s;
        QTest::newRow("precedence") << u"a + b * c ^ d"_s << u"a + (b * (c ^ d))"_s;
        QTest::newRow("to the left") << u"a - b - c"_s << u"(a - b) - c"_s;
        QTest::newRow("to the right") << u"a ^ b ^ c"_s << u"a ^ (b ^ c)"_s;
        QTest::newRow("sign and power") << u"-a ^ b"_s << u"-(a ^ b)"_s;
        QTest::newRow("and before or") << u"a or b and c"_s << u"a or (b and c)"_s;
        QTest::newRow("upper case") << u"SUM BY (a) (x) OR y"_s << u"sum by (a) (x) or y"_s;
        QTest::newRow("subquery") << u"max_over_time(x[1h:60s])"_s << u"max_over_time(x[60m:1m])"_s;
        QTest::newRow("recorded name") << u"job:errors:rate5m{a=\"b\"}"_s << u"job:errors:rate5m{ a = \"b\" }"_s;
    }
    void spellings()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        const auto a = parsePromql(one), b = parsePromql(other);
        QVERIFY2(a, qPrintable(a ? QString() : a.error().text()));
        QVERIFY2(b, qPrintable(b ? QString() : b.error().text()));
        QCOMPARE(normalForm(**a), normalForm(**b));
        QVERIFY(!normalForm(**a).isEmpty());
    }

    void differences_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("range") << u"rate(x[5m])"_s << u"rate(x[6m])"_s;
        QTest::newRow("matcher") << u"x{a=\"b\"}"_s << u"x{a!=\"b\"}"_s;
        QTest::newRow("labels") << u"sum by (a) (x)"_s << u"sum by (b) (x)"_s;
        QTest::newRow("without") << u"sum by (a) (x)"_s << u"sum without (a) (x)"_s;
        QTest::newRow("offset") << u"x"_s << u"x offset 1h"_s;
        QTest::newRow("backwards") << u"x offset 1h"_s << u"x offset -1h"_s;
        QTest::newRow("bool") << u"x > 1"_s << u"x > bool 1"_s;
        QTest::newRow("on") << u"a / on (x) b"_s << u"a / on (y) b"_s;
        QTest::newRow("group") << u"a * on (x) group_left () b"_s << u"a * on (x) group_left (z) b"_s;
        QTest::newRow("sides") << u"a - b"_s << u"b - a"_s;
        QTest::newRow("at") << u"x @ end()"_s << u"x @ start()"_s;
    }
    void differences()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        const auto a = parsePromql(one), b = parsePromql(other);
        QVERIFY(a && b);
        QVERIFY2(normalForm(**a) != normalForm(**b), qPrintable(normalForm(**a)));
    }

    void refused_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("character");
        QTest::newRow("empty") << u""_s << 1;
        QTest::newRow("unclosed") << u"sum(rate(x[5m])"_s << 16;
        QTest::newRow("no function") << u"rat(x)"_s << 4;
        QTest::newRow("no range") << u"rate(x)"_s << 8;
        QTest::newRow("a range for abs") << u"abs(x[5m])"_s << 11;
        QTest::newRow("a range alone") << u"x[5m]"_s << 6;
        QTest::newRow("a range added") << u"x + y[5m]"_s << 10;
        QTest::newRow("a range of a sum") << u"sum(x)[5m]"_s << 10;
        QTest::newRow("no unit") << u"rate(x[5])"_s << 8;
        QTest::newRow("label without quotes") << u"x{a=b}"_s << 5;
        QTest::newRow("no operator") << u"x{a\"b\"}"_s << 4;
        QTest::newRow("everything") << u"{}"_s << 3;
        QTest::newRow("two") << u"x y"_s << 3;
        QTest::newRow("unclosed text") << u"x{a=\"b}"_s << 5;
        QTest::newRow("foreign letter") << u"x $ y"_s << 3;
        QTest::newRow("an aggregation of a range") << u"sum(x[5m])"_s << 11;
        QTest::newRow("deep") << QString(5000, u'(') << 201;
        QTest::newRow("deep signs") << QString(5000, u'-') << 201;
        QTest::newRow("a long sum") << u"x"_s + u"+x"_s.repeated(20'000) << 1002;
        QTest::newRow("subqueries of subqueries") << u"x"_s + u"[5m:]"_s.repeated(10'000) << 2501;
        QTest::newRow("long") << QString(70'000, u'x') << 0;
    }
    void refused()
    {
        QFETCH(QString, query);
        QFETCH(int, character);
        const auto node = parsePromql(query);
        QVERIFY(!node);
        QCOMPARE(node.error().kind, wk::Error::Kind::BadInput);
        QVERIFY(!node.error().sentence.isEmpty());
        QCOMPARE(node.error().detail, character == 0 ? QString() : u"at character %1"_s.arg(character));
    }

    void comparisons_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << u"x > 0.05"_s << u"x{} > 0.05"_s;
        QTest::newRow("turned") << u"5 <= x"_s << u"x{} >= 5"_s;
        QTest::newRow("in percent") << u"100 * x > 5"_s << u"x{} > 0.05"_s;
        QTest::newRow("in percent, behind") << u"(x * 100) > 5"_s << u"x{} > 0.05"_s;
        QTest::newRow("none") << u"x"_s << QString();
        QTest::newRow("bool") << u"x > bool 1"_s << QString();
        QTest::newRow("two series") << u"x > y"_s << QString();
        QTest::newRow("two numbers") << u"2 > 1"_s << QString();
    }
    void comparisons()
    {
        QFETCH(QString, query);
        QFETCH(QString, expected);
        const auto node = parsePromql(query);
        QVERIFY(node);
        const auto comparison = comparisonOf(*node);
        QCOMPARE(comparison
                     ? u"%1 %2 %3"_s.arg(normalForm(*comparison->left), comparison->op, promqlNumber(comparison->limit))
                     : QString(),
                 expected);
    }

    void ranges()
    {
        QCOMPARE(longestRangeMs(**parsePromql(u"rate(x[5m]) / rate(y[1h] offset 1d)")), 25 * 3'600'000);
        QCOMPARE(longestRangeMs(**parsePromql(u"max_over_time(rate(x[5m])[1h:1m])")), 65 * 60'000);
        QCOMPARE(longestRangeMs(**parsePromql(u"x")), 0);
    }

    void durations()
    {
        QCOMPARE(promqlDurationMs(u"1h30m"), std::optional<qint64>(5'400'000));
        QCOMPARE(promqlDurationMs(u"250ms"), std::optional<qint64>(250));
        QCOMPARE(promqlDurationMs(u"1y2w"), std::optional<qint64>(31'536'000'000 + 2 * 604'800'000LL));
        for (const QStringView wrong : {u"", u"5", u"m", u"5x", u"99999999999999y", u"1000000000000s", u"-5m"})
            QVERIFY2(!promqlDurationMs(wrong), qPrintable(wrong.toString()));
        QCOMPARE(promqlDuration(5'400'000), u"1h30m"_s);
        QCOMPARE(promqlDuration(3 * 86'400'000), u"3d"_s);
        QCOMPARE(promqlDuration(0), u"0s"_s);
        QCOMPARE(promqlDuration(1'500), u"1s500ms"_s);
    }

    // What the documents get wrong, one by one, and what is right.
    void mistakesOfDocuments_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("threshold");
        QTest::addColumn<QString>("says"); // a word of each remark, in their order; empty: nothing
        QTest::newRow("a rate as a share")
            << u"rate(http_requests_total{status=~\"5..\"}[5m]) > 0.05"_s << u"> 5 %"_s << u"share"_s;
        QTest::newRow("each series") << u"rate(http_requests_total{status=~\"5..\"}[5m]) > 0.01"_s
                                     << u"> 0.01 errors/s"_s << u"each series"_s;
        QTest::newRow("only looked at") << u"rate(http_requests_total{status=~\"5..\"}[5m])"_s << QString()
                                        << QString();
        QTest::newRow("page cache and limit 0")
            << u"container_memory_usage_bytes / container_spec_memory_limit_bytes > 0.8"_s << u"> 80 %"_s
            << u"page cache,infinitely"_s;
        QTest::newRow("root's blocks")
            << u"(node_filesystem_size_bytes - node_filesystem_free_bytes) / node_filesystem_size_bytes > 0.85"_s
            << u"> 85 %"_s << u"root"_s;
        QTest::newRow("per database") << u"pg_stat_database_numbackends > 80"_s << u"> 80 connections"_s
                                      << u"each database"_s;
        QTest::newRow("vanished") << u"up{job=\"x\"} == 0"_s << u"== 0"_s << u"vanished"_s;
        QTest::newRow("vanished, minded") << u"up{job=\"x\"} == 0 or absent(up{job=\"x\"})"_s << u"== 0"_s << QString();
        QTest::newRow("quantile of each")
            << u"histogram_quantile(0.95, rate(x_bucket[5m])) > 1"_s << u"> 1 s"_s << u"quantile"_s;
        QTest::newRow("no query") << u"rate(x"_s << QString() << u"understood"_s;
        QTest::newRow("right") << u"sum(rate(x{status=~\"5..\"}[5m])) / sum(rate(x[5m])) > 0.05"_s << u"> 5 %"_s
                               << QString();
    }
    void mistakesOfDocuments()
    {
        QFETCH(QString, query);
        QFETCH(QString, threshold);
        QFETCH(QString, says);
        const auto remarks = remarksOn(query, wk::platform::parseThreshold(threshold));
        const QStringList words = says.split(u',', Qt::SkipEmptyParts);
        QStringList got;
        for (const QueryRemark& remark : remarks)
            got << remark.text();
        QVERIFY2(remarks.size() == size_t(words.size()), qPrintable(got.join(u'\n')));
        for (qsizetype i = 0; i < words.size(); ++i)
            QVERIFY2(got[i].contains(words[i]), qPrintable(got[i]));
    }
};

QTEST_GUILESS_MAIN(TestPromql)
#include "test_promql.moc"
