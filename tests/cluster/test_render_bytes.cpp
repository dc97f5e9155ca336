// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

#include "cluster/render/Health.h"
#include "cluster/render/ObjectTree.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// Real bytes of an API server 1.20, whole, in pieces, cut off and garbled.
class TestRenderBytes : public QObject
{
    Q_OBJECT

private slots:
    void recordedLists_data();
    void recordedLists();
    void recordedWatches_data();
    void recordedWatches();
    void watchEvents();
    void truncatedList_data();
    void truncatedList();
    void truncatedWatch();
    void flippedBytes();
    void limits();
    void listMetadata();
    void bookmarksAndErrors();
};

namespace {
struct Recording
{
    const char* file;
    const char* resource;
    const char* version;
};
constexpr Recording recordings[] = {
    {"pods", "pods", "v1"},
    {"nodes", "nodes", "v1"},
    {"deployments", "deployments", "v1"},
    {"autoscalers", "horizontalpodautoscalers", "v2beta2"},
    {"autoscalers-v1", "horizontalpodautoscalers", "v1"},
    {"jobs", "jobs", "v1"},
    {"services", "services", "v1"},
    {"ingresses", "ingresses", "v1"},
    {"claims", "persistentvolumeclaims", "v1"},
    {"budgets", "poddisruptionbudgets", "v1beta1"},
    {"events", "events", "v1"},
    {"slices", "endpointslices", "v1beta1"},
    {"definitions", "customresourcedefinitions", "v1"},
};
constexpr qint64 recordedAt = 1'795'256'040'000; // 2026-11-21T10:14:00Z
} // namespace

void TestRenderBytes::recordedLists_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("version");
    for (const Recording& recording : recordings)
        QTest::newRow(recording.file) << QString::fromLatin1(recording.file) << QString::fromLatin1(recording.resource)
                                      << QString::fromLatin1(recording.version);
}

void TestRenderBytes::recordedLists()
{
    QFETCH(QString, file);
    QFETCH(QString, resource);
    QFETCH(QString, version);
    const auto renderer = rendererFor(kindOf(resource, version), {.serverMinor = 20});
    const QByteArray protobuf = data(file + u".pb"_s);
    const QByteArray json = data(file + u".json"_s);
    const Listed whole = list(*renderer, protobufType, protobuf);
    QVERIFY2(whole.end.has_value(), whole.end ? "" : qPrintable(whole.end.error().detail));
    QVERIFY(!whole.rows.empty());
    QVERIFY(!whole.end->resourceVersion.isEmpty());
    for (const Decoded& decoded : whole.rows)
        QCOMPARE(qsizetype(decoded.row->cells.size()), renderer->columns().size());
    const Listed fromJson = list(*renderer, jsonType, json);
    QVERIFY2(fromJson.end.has_value(), fromJson.end ? "" : qPrintable(fromJson.end.error().detail));
    QVERIFY(sameRows(whole.rows, fromJson.rows));
    for (const qsizetype piece : {1, 2, 7, 100, 4096}) {
        const Listed split = list(*renderer, protobufType, protobuf, piece);
        QVERIFY(split.end.has_value());
        QVERIFY2(sameRows(whole.rows, split.rows), "protobuf in pieces");
        const Listed splitJson = list(*renderer, jsonType, json, piece);
        QVERIFY(splitJson.end.has_value());
        QVERIFY2(sameRows(whole.rows, splitJson.rows), "JSON in pieces");
    }
}

void TestRenderBytes::recordedWatches_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("protobuf") << u"pods.watch.pb"_s << QByteArray(protobufWatchType);
    QTest::newRow("json") << u"pods.watch.json"_s << QByteArray("application/json;stream=watch");
}

void TestRenderBytes::recordedWatches()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, type);
    const auto renderer = rendererFor(kindOf(u"pods"_s), {.serverMinor = 20});
    const QByteArray bytes = data(file);
    const Watched whole = watch(*renderer, type, bytes);
    QVERIFY2(whole.result.has_value(), whole.result ? "" : qPrintable(whole.result.error().detail));
    QVERIFY(!whole.inFrame);
    QCOMPARE(whole.events.back().type, WatchEvent::Type::Bookmark);
    QVERIFY(!whole.events.back().object.resourceVersion.isEmpty());
    for (const qsizetype piece : {1, 3, 1000}) {
        const Watched split = watch(*renderer, type, bytes, piece);
        QVERIFY(split.result.has_value());
        QCOMPARE(split.events.size(), whole.events.size());
        for (size_t i = 0; i < whole.events.size(); ++i) {
            QCOMPARE(split.events[i].type, whole.events[i].type);
            QCOMPARE(split.events[i].object.resourceVersion, whole.events[i].object.resourceVersion);
            QCOMPARE(bool(split.events[i].object.row), bool(whole.events[i].object.row));
            if (whole.events[i].object.row)
                QVERIFY(split.events[i].object.row->sameContent(*whole.events[i].object.row));
        }
    }
}

void TestRenderBytes::watchEvents()
{
    const auto renderer = rendererFor(kindOf(u"pods"_s), {.serverMinor = 20});
    const Watched watched = watch(*renderer, protobufWatchType, data(u"pods.watch.pb"_s));
    QVERIFY(watched.result.has_value());
    // The recording: everything there is, a label, a deletion, a bookmark.
    const auto count = [&](WatchEvent::Type type) {
        return std::count_if(watched.events.begin(), watched.events.end(),
                             [&](const WatchEvent& e) { return e.type == type; });
    };
    QVERIFY(count(WatchEvent::Type::Added) > 5);
    QVERIFY(count(WatchEvent::Type::Modified) >= 2);
    bool terminating = false;
    for (const WatchEvent& event : watched.events) {
        if (!event.object.row || event.object.row->name != u"gated")
            continue;
        const QString status = printed(*renderer, *event.object.row, u"status", recordedAt, 20);
        terminating = terminating || status == u"Terminating";
        if (status == u"Terminating") {
            QCOMPARE(event.object.row->health, table::Health::Info);
            // Deletion was due at 10:13:22.
            QCOMPARE(render::healthAt(renderer->columns(), *event.object.row, recordedAt - 60'000).health,
                     table::Health::Info);
            const render::HealthNow late =
                render::healthAt(renderer->columns(), *event.object.row, recordedAt + 300'000);
            QCOMPARE(late.health, table::Health::Warning);
            QVERIFY2(late.reason.contains(u"should have been gone for 5m"_s), qPrintable(late.reason));
        }
    }
    QVERIFY(terminating);
}

void TestRenderBytes::truncatedList_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("protobuf") << u"budgets.pb"_s << QByteArray(protobufType);
    QTest::newRow("json") << u"budgets.json"_s << QByteArray(jsonType);
}

// Cut off anywhere, a list is an error and never a shorter list.
void TestRenderBytes::truncatedList()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, type);
    const auto renderer = rendererFor(kindOf(u"poddisruptionbudgets"_s), {});
    QByteArray bytes = data(file);
    while (bytes.endsWith('\n'))
        bytes.chop(1);
    const Listed whole = list(*renderer, type, bytes);
    QVERIFY(whole.end.has_value());
    // What follows the list message in the envelope (encoding and content type, both empty) may be missing.
    const qsizetype needed = type == protobufType ? bytes.size() - 4 : bytes.size();
    for (qsizetype size = 0; size < needed; ++size) {
        const Listed cut = list(*renderer, type, QByteArrayView(bytes).first(size));
        QVERIFY2(!cut.end.has_value(), qPrintable(u"accepted after %1 bytes"_s.arg(size)));
        QCOMPARE(cut.end.error().kind, Error::Kind::Protocol);
        QVERIFY(cut.rows.size() <= whole.rows.size());
    }
}

void TestRenderBytes::truncatedWatch()
{
    const auto renderer = rendererFor(kindOf(u"pods"_s), {});
    const QByteArray object =
        render::encodeObject(kindOf(u"pods"_s), completed(R"({"status": {"phase": "Running"}})", true));
    const QByteArray frame = render::encodeWatchFrame("ADDED", object);
    for (qsizetype size = 1; size < frame.size(); ++size) {
        const Watched cut = watch(*renderer, protobufWatchType, QByteArrayView(frame).first(size));
        QVERIFY(cut.result.has_value());
        QVERIFY(cut.inFrame);
        QVERIFY(cut.events.empty());
    }
    const QByteArray document = R"({"type":"ADDED","object":{"metadata":{"name":"a","uid":"b"}}})";
    for (qsizetype size = 1; size < document.size(); ++size) {
        const Watched cut = watch(*renderer, jsonType, QByteArrayView(document).first(size));
        QVERIFY(cut.result.has_value());
        QVERIFY(cut.inFrame);
    }
}

// One wrong byte: another row or an error, never a crash, and never more rows than there are.
void TestRenderBytes::flippedBytes()
{
    const auto renderer = rendererFor(kindOf(u"poddisruptionbudgets"_s), {});
    for (const auto& [file, type] :
         {std::pair{u"budgets.pb"_s, protobufType}, std::pair{u"budgets.json"_s, jsonType}}) {
        const QByteArray bytes = data(file);
        int failed = 0;
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            QByteArray wrong = bytes;
            wrong[i] = char(wrong[i] ^ 0x5a);
            const Listed listed = list(*renderer, type, wrong);
            failed += listed.end.has_value() ? 0 : 1;
            for (const Decoded& decoded : listed.rows)
                QCOMPARE(qsizetype(decoded.row->cells.size()), renderer->columns().size());
        }
        QVERIFY(failed > 50);
    }
}

void TestRenderBytes::limits()
{
    const auto renderer = rendererFor(kindOf(u"pods"_s), {});
    // A frame and an item that claim more than 16 MiB are refused before anything is kept.
    QByteArray frame("\x7f\xff\xff\xff", 4);
    const Watched watched = watch(*renderer, protobufWatchType, frame);
    QVERIFY(!watched.result.has_value());
    QCOMPARE(watched.result.error().kind, Error::Kind::Protocol);
    // raw of 136 MB is fine, an item of 17 MiB in it is not.
    QByteArray body("k8s\0", 4);
    body += QByteArray::fromHex("0a0d0a0276311207506f644c697374"); // typeMeta v1 PodList
    body += QByteArray::fromHex("1280a0ec40");                     // raw, 136 MB
    const Listed open = list(*renderer, protobufType, body);
    QVERIFY(!open.end.has_value());            // cut off
    body += QByteArray::fromHex("1280808009"); // item, 18 MiB
    const Listed large = list(*renderer, protobufType, body);
    QVERIFY(!large.end.has_value());
    QVERIFY2(large.end.error().detail.contains(u"16 MiB"_s), qPrintable(large.end.error().detail));
    // Deep nesting outside of what is read costs nothing and harms nothing.
    const QByteArray deep = R"({"kind":"PodList","x":)" + QByteArray(5000, '[') + QByteArray(5000, ']') +
                            R"(,"metadata":{"resourceVersion":"1"},"items":null})";
    const Listed skipped = list(*renderer, jsonType, deep);
    QVERIFY(skipped.end.has_value());
    QCOMPARE(skipped.end->resourceVersion, u"1"_s);
    // Garbage that asks for a node per two bytes ends at the limit.
    render::ObjectTree tree;
    const QByteArray many = QByteArray("\x12\x02\x12\x00", 4).repeated(1'500'000);
    const auto greedy = tree.decodeProtobuf(*render::schemaFor(kindOf(u"pods"_s)), many);
    QVERIFY(!greedy.has_value());
}

void TestRenderBytes::listMetadata()
{
    const ResourceKind kind = kindOf(u"pods"_s);
    const auto renderer = rendererFor(kind, {});
    const QByteArray item = render::encodeProtobuf(*render::schemaFor(kind), completed("{}", true));
    const Listed page =
        list(*renderer, protobufType, render::encodeList(kind, {u"42"_s, u"next"_s, 7}, {item, item}), 1);
    QVERIFY(page.end.has_value());
    QCOMPARE(page.rows.size(), size_t(2));
    QCOMPARE(page.end->resourceVersion, u"42"_s);
    QCOMPARE(page.end->continueToken, u"next"_s);
    QCOMPARE(page.end->remaining, 7);
    QCOMPARE(page.rows.front().key, u"shop/api-1"_s);
    const Listed empty = list(*renderer, protobufType, render::encodeList(kind, {u"1"_s, {}, -1}, {}), 1);
    QVERIFY(empty.end.has_value());
    QCOMPARE(empty.end->remaining, -1);
    // JSON with its metadata before, after, and with white space everywhere.
    for (
        const char* text :
        {R"({"kind":"PodList","metadata":{"resourceVersion":"5","continue":"c"},"items":[{"metadata":{"name":"a","uid":"b"}}]})",
         R"({"items":[{"metadata":{"name":"a","uid":"b"}}],"metadata":{"continue":"c","resourceVersion":"5"},"kind":"PodList"})",
         "{ \"items\" : [ {\"metadata\" : {\"name\":\"a\",\"uid\":\"b\"}} ] ,\n "
         "\"metadata\":\t{\"resourceVersion\":\"5\",\"continue\":\"c\"} }\n"}) {
        const Listed listed = list(*renderer, jsonType, text, 1);
        QVERIFY2(listed.end.has_value(), text);
        QCOMPARE(listed.rows.size(), size_t(1));
        QCOMPARE(listed.end->resourceVersion, u"5"_s);
        QCOMPARE(listed.end->continueToken, u"c"_s);
    }
    for (const char* text : {"", "null", "[]", "{", "{}x", "{\"items\":{}}", "{\"items\":[{\"metadata\":{}}]}",
                             "{\"kind\":\"Status\"}", "{\"items\":[,]}", "<html></html>", "{\"items\":[{}{}]}"}) {
        const Listed listed = list(*renderer, jsonType, text);
        QVERIFY2(!listed.end.has_value(), text);
    }
}

void TestRenderBytes::bookmarksAndErrors()
{
    const ResourceKind kind = kindOf(u"pods"_s);
    const auto renderer = rendererFor(kind, {});
    const QByteArray gone = render::encodeStatus(
        {{u"code"_s, 410}, {u"reason"_s, u"Expired"_s}, {u"message"_s, u"too old resource version: 1"_s}});
    const QByteArray stream = render::encodeWatchFrame("BOOKMARK", render::encodeBookmark(kind, u"9"_s)) +
                              render::encodeWatchFrame("BOOKMARK", render::encodeBookmark(kind, u"10"_s, true)) +
                              render::encodeWatchFrame("SOMETHING", render::encodeBookmark(kind, u"11"_s)) +
                              render::encodeWatchFrame("ERROR", gone);
    const QByteArray json = R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}
        {"object":{"metadata":{"resourceVersion":"10","annotations":{"k8s.io/initial-events-end":"true"}}},"type":"BOOKMARK"}
        {"type":"SOMETHING","object":{}}
        {"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1"}})";
    for (const Watched& watched : {watch(*renderer, protobufWatchType, stream), watch(*renderer, jsonType, json)}) {
        QVERIFY2(watched.result.has_value(), watched.result ? "" : qPrintable(watched.result.error().detail));
        QCOMPARE(watched.events.size(), size_t(4));
        QCOMPARE(watched.events[0].object.resourceVersion, u"9"_s);
        QVERIFY(!watched.events[0].initialEventsEnd);
        QVERIFY(watched.events[1].initialEventsEnd);
        QCOMPARE(watched.events[2].type, WatchEvent::Type::Unknown);
        QCOMPARE(watched.events[3].type, WatchEvent::Type::Error);
        QCOMPARE(watched.events[3].status.code, 410);
        QCOMPARE(watched.events[3].status.reason, u"Expired"_s);
    }
}

QTEST_GUILESS_MAIN(TestRenderBytes)
#include "test_render_bytes.moc"
