// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Kinds that are not built in, and how a server says no.
class TestRenderTable : public QObject
{
    Q_OBJECT

private slots:
    void recordedTable();
    void recordedWatch();
    void withoutTable();
    void columnsOfOldWatch();
    void healthWords_data();
    void healthWords();
    void garbage();
    void statuses();
    void errors_data();
    void errors();
};

void TestRenderTable::recordedTable()
{
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    QVERIFY(renderer->columns().isEmpty());
    const QByteArray bytes = data(u"lanterns.table.json"_s);
    const Listed whole = list(*renderer, jsonType, bytes);
    QVERIFY2(whole.end.has_value(), whole.end ? "" : qPrintable(whole.end.error().detail));
    QCOMPARE(whole.rows.size(), size_t(2));
    QVERIFY(!whole.end->resourceVersion.isEmpty());
    QStringList headers;
    for (const table::Column& column : renderer->columns()) {
        if (!column.extra)
            headers << render::kubectlHeader(column);
    }
    QCOMPARE(headers.join(u'|'), u"NAMESPACE|NAME|PHASE|LAMPS|BRIGHTNESS|LIT|KEEPER|AGE"_s);
    const table::Row& north = *whole.rows[0].row;
    QCOMPARE(whole.rows[0].key, u"shop/north"_s);
    QCOMPARE(north.id.size(), 36);
    QCOMPARE(printed(*renderer, north, u"phase"), u"Ready"_s);
    QCOMPARE(printed(*renderer, north, u"lamps"), u"12"_s);
    QCOMPARE(printed(*renderer, north, u"brightness"), u"0.75"_s);
    QCOMPARE(printed(*renderer, north, u"lit"), u"true"_s);
    QCOMPARE(int(north.health), int(table::Health::Good));
    const table::Row& south = *whole.rows[1].row;
    QCOMPARE(int(south.health), int(table::Health::Bad));
    QCOMPARE(south.reason, u"Phase: Failed"_s);
    QCOMPARE(printed(*renderer, south, u"lamps"), QString());
    // The moment of creation, not the server's words of that second.
    const auto age = size_t(table::indexOfColumn(renderer->columns(), u"age"));
    QVERIFY(std::holds_alternative<table::Instant>(north.cells[age]));
    for (const qsizetype piece : {1, 5, 333}) {
        const Listed split = list(*renderer, jsonType, bytes, piece);
        QVERIFY(split.end.has_value());
        QVERIFY(sameRows(whole.rows, split.rows));
    }
    const auto cluster = rendererFor(customKind(u"harbours"_s, u"Harbour"_s, false), {.extraColumns = false});
    const Listed harbours = list(*cluster, jsonType, data(u"harbours.table.json"_s));
    QCOMPARE(harbours.rows.size(), size_t(1));
    QCOMPARE(harbours.rows[0].key, u"old-harbour"_s);
    QCOMPARE(cluster->columns().size(), 2);
}

void TestRenderTable::recordedWatch()
{
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    const QByteArray bytes = data(u"lanterns.watch.json"_s);
    const Watched whole = watch(*renderer, jsonType, bytes);
    QVERIFY2(whole.result.has_value(), whole.result ? "" : qPrintable(whole.result.error().detail));
    QCOMPARE(whole.events.size(), size_t(5));
    QCOMPARE(whole.events[0].type, WatchEvent::Type::Added);
    QCOMPARE(whole.events.back().type, WatchEvent::Type::Deleted);
    QCOMPARE(whole.events.back().object.key, u"shop/south"_s);
    for (const WatchEvent& event : whole.events)
        QCOMPARE(qsizetype(event.object.row->cells.size()), renderer->columns().size());
    const Watched split = watch(*renderer, jsonType, bytes, 1);
    QCOMPARE(split.events.size(), whole.events.size());
}

void TestRenderTable::withoutTable()
{
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {.extraColumns = false});
    const Listed listed = list(*renderer, jsonType, data(u"lanterns.json"_s));
    QVERIFY2(listed.end.has_value(), listed.end ? "" : qPrintable(listed.end.error().detail));
    QVERIFY(!listed.rows.empty());
    QCOMPARE(renderer->columns().size(), 3);
    QCOMPARE(printed(*renderer, *listed.rows[0].row, u"name"), u"north"_s);
    const Watched watched =
        watch(*renderer, jsonType,
              R"({"type":"ADDED","object":{"kind":"Lantern","metadata":{"name":"a","uid":"u","namespace":"n"}}})");
    QVERIFY(watched.result.has_value());
    QCOMPARE(watched.events.at(0).object.key, u"n/a"_s);
}

void TestRenderTable::columnsOfOldWatch()
{
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    // Rows without columns ever: an error. A server sends the columns with the first event only.
    const QByteArray row =
        R"({"type":"ADDED","object":{"kind":"Table","columnDefinitions":null,"rows":[{"cells":["a"],"object":{"metadata":{"name":"a","uid":"u"}}}]}})";
    QVERIFY(!watch(*renderer, jsonType, row).result.has_value());
    const QByteArray first =
        R"({"type":"ADDED","object":{"kind":"Table","columnDefinitions":[{"name":"Name","type":"string","format":"name"}],
        "rows":[{"cells":["a"],"object":{"metadata":{"name":"a","uid":"u"}}}]}})";
    const Watched both = watch(*renderer, jsonType, first + row);
    QVERIFY(both.result.has_value());
    QCOMPARE(both.events.size(), size_t(2));
    const Watched gone =
        watch(*renderer, jsonType, R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Gone"}})");
    QCOMPARE(gone.events.at(0).status.code, 410);
}

void TestRenderTable::healthWords_data()
{
    QTest::addColumn<QByteArray>("cells");
    QTest::addColumn<int>("health");
    QTest::addColumn<QString>("reason");
    using table::Health;
    QTest::newRow("true") << QByteArray(R"("True","")") << int(Health::Good) << QString();
    QTest::newRow("false") << QByteArray(R"("False","Failed")") << int(Health::Bad) << u"Ready: False"_s;
    QTest::newRow("ready, degraded") << QByteArray(R"("True","Degraded")") << int(Health::Warning)
                                     << u"Status: Degraded"_s;
    QTest::newRow("some") << QByteArray(R"("2/3","")") << int(Health::Warning) << u"2 of 3 are ready"_s;
    QTest::newRow("none") << QByteArray(R"("0/3","")") << int(Health::Bad) << u"0 of 3 are ready"_s;
    QTest::newRow("all") << QByteArray(R"("3/3","Running")") << int(Health::Good) << QString();
    QTest::newRow("unknown word") << QByteArray(R"("","Sunny")") << int(Health::None) << QString();
    QTest::newRow("pending") << QByteArray(R"("","Pending")") << int(Health::Info) << u"Status: Pending"_s;
    QTest::newRow("unknown") << QByteArray(R"("Unknown","")") << int(Health::Unknown) << u"Ready: Unknown"_s;
}

void TestRenderTable::healthWords()
{
    QFETCH(QByteArray, cells);
    QFETCH(int, health);
    QFETCH(QString, reason);
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    const QByteArray table =
        R"({"kind":"Table","columnDefinitions":[{"name":"Name","type":"string","format":"name"},{"name":"Ready","type":"string"},
        {"name":"Status","type":"string"}],"rows":[{"cells":["a",)" +
        cells + R"(],"object":{"metadata":{"name":"a","uid":"u"}}}]})";
    const Listed listed = list(*renderer, jsonType, table);
    QVERIFY(listed.end.has_value());
    QCOMPARE(int(listed.rows.at(0).row->health), health);
    QCOMPARE(listed.rows.at(0).row->reason, reason);
}

void TestRenderTable::garbage()
{
    const auto renderer = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    for (const char* text : {R"({"kind":"Status"})", R"({"rows":[{"cells":[]}]})",
                             R"({"columnDefinitions":[{"name":"Name"}],"rows":[{"cells":{}}]})",
                             R"({"columnDefinitions":[{"name":"Name"}],"rows":[1]})",
                             R"({"columnDefinitions":[{"name":"A"}],"rows":[{"object":{"metadata":{"name":"a"}}}]})"}) {
        const Listed listed = list(*renderer, jsonType, text);
        QVERIFY2(!listed.end.has_value(), text);
        QCOMPARE(listed.end.error().kind, Error::Kind::Protocol);
    }
    // Fewer and more cells than columns.
    const Listed odd = list(
        *renderer, jsonType,
        R"({"kind":"Table","columnDefinitions":[{"name":"Name","type":"string","format":"name"},{"name":"A","type":"string"},{"name":"A","type":"integer"}],
        "rows":[{"cells":["a"],"object":{"metadata":{"name":"a","uid":"1"}}},{"cells":["b",{},[],null,1,2],"object":{"metadata":{"name":"b"}}}]})");
    QVERIFY2(odd.end.has_value(), odd.end ? "" : qPrintable(odd.end.error().detail));
    QCOMPARE(odd.rows.size(), size_t(2));
    QCOMPARE(odd.rows[1].row->id, u"b"_s); // no uid: the key stands in
}

void TestRenderTable::statuses()
{
    const auto json = decodeStatus("application/json", data(u"forbidden.json"_s));
    const auto protobuf = decodeStatus("application/vnd.kubernetes.protobuf", data(u"forbidden.pb"_s));
    QVERIFY(json && protobuf);
    QCOMPARE(json->code, 403);
    QCOMPARE(protobuf->code, 403);
    QCOMPARE(json->reason, u"Forbidden"_s);
    QCOMPARE(protobuf->reason, u"Forbidden"_s);
    const auto busy = decodeStatus(
        "application/json",
        R"({"code":504,"message":"Timeout: Too large resource version","details":{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}})");
    QVERIFY(busy);
    QCOMPARE(busy->causes, QStringList{u"ResourceVersionTooLarge"_s});
    QCOMPARE(busy->retryAfterSeconds, 1);
    QVERIFY(!decodeStatus("text/html", "<html>"));
    QVERIFY(!decodeStatus("application/json", "{}"));
    QVERIFY(!decodeStatus("application/json", "nonsense"));
    QVERIFY(!decodeStatus("application/vnd.kubernetes.protobuf", "k8s"));
}

void TestRenderTable::errors_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<qint64>("retryAfterMs");
    const auto status = [](const char* message, int retry = -1) {
        QByteArray body = R"({"kind":"Status","code":1,"message":")" + QByteArray(message).replace('"', "\\\"") + '"';
        if (retry >= 0)
            body += R"(,"details":{"retryAfterSeconds":)" + QByteArray::number(retry) + '}';
        return body + '}';
    };
    using Kind = Error::Kind;
    QTest::newRow("401") << 401 << QByteArray(jsonType) << data(u"unauthorized.json"_s) << int(Kind::Unauthorized)
                         << u"pods: The server does not accept your credentials"_s << qint64(-1);
    QTest::newRow("403 recorded") << 403 << QByteArray(jsonType) << data(u"forbidden.json"_s) << int(Kind::Forbidden)
                                  << u"pods: User \"viewer\" may not list secrets in the whole cluster"_s << qint64(-1);
    QTest::newRow("403 recorded protobuf")
        << 403 << QByteArray(protobufType) << data(u"forbidden.pb"_s) << int(Kind::Forbidden)
        << u"pods: User \"viewer\" may not list secrets in namespace \"shop\""_s << qint64(-1);
    QTest::newRow("403 group")
        << 403 << QByteArray(jsonType)
        << status(
               R"(deployments.apps is forbidden: User "a" cannot watch resource "deployments" in API group "apps" in the namespace "b")")
        << int(Kind::Forbidden) << u"pods: User \"a\" may not watch deployments.apps in namespace \"b\""_s
        << qint64(-1);
    QTest::newRow("403 path") << 403 << QByteArray(jsonType)
                              << status(R"(forbidden: User "system:anonymous" cannot get path "/version")")
                              << int(Kind::Forbidden) << u"pods: User \"system:anonymous\" may not get /version"_s
                              << qint64(-1);
    QTest::newRow("403 other") << 403 << QByteArray(jsonType) << status("admission webhook denied it")
                               << int(Kind::Forbidden) << u"pods: The server forbids this to you"_s << qint64(-1);
    QTest::newRow("404 kind") << 404 << QByteArray("text/plain; charset=utf-8") << QByteArray("404 page not found\n")
                              << int(Kind::NotFound) << u"pods: The server does not serve this kind"_s << qint64(-1);
    QTest::newRow("404 object") << 404 << QByteArray(jsonType) << status(R"(pods "x" not found)") << int(Kind::NotFound)
                                << u"pods: It does not exist: pods \"x\" not found"_s << qint64(-1);
    QTest::newRow("410") << 410 << QByteArray(jsonType) << status("too old resource version") << int(Kind::Gone)
                         << u"pods: The server no longer has the history that was asked for"_s << qint64(-1);
    QTest::newRow("429") << 429 << QByteArray(jsonType) << status("too many", 3) << int(Kind::Throttled)
                         << u"pods: The server is busy and asks to wait"_s << qint64(3000);
    QTest::newRow("503") << 503 << QByteArray("text/html") << QByteArray("<html>") << int(Kind::Server)
                         << u"pods: The server is not available"_s << qint64(-1);
    QTest::newRow("500") << 500 << QByteArray() << QByteArray() << int(Kind::Server)
                         << u"pods: The server failed with an internal error (500)"_s << qint64(-1);
}

void TestRenderTable::errors()
{
    QFETCH(int, code);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    QFETCH(QString, sentence);
    QFETCH(qint64, retryAfterMs);
    const Error error = errorFromResponse(code, type, body, u"pods"_s);
    QCOMPARE(int(error.kind), kind);
    QCOMPARE(error.sentence, sentence);
    QCOMPARE(error.httpStatus, code);
    QCOMPARE(error.retryAfterMs, retryAfterMs);
    QVERIFY(!error.detail.contains(u"<html"_s));
}

QTEST_GUILESS_MAIN(TestRenderTable)
#include "test_render_table.moc"
