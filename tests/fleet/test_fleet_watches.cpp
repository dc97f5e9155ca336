// SPDX-License-Identifier: GPL-3.0-or-later
#include "FleetFixture.h"
#include "cluster/Decoder.h"

using namespace Qt::StringLiterals;
using namespace wk::fleet;

/// Watches, and the faults that end them.
class TestFleetWatches : public FleetFixture
{
    Q_OBJECT

private slots:
    void watchFollows_data();
    void watchFollows();
    void watchTooOld();
    void watchWithSelector();
    void watchListAndBookmark();
    void manyWatches();
    void throttled();
    void truncated();
    void downAndBack();
    void slowReaderIsDropped();
};

void TestFleetWatches::watchFollows_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::newRow("json") << QByteArray("application/json");
    QTest::newRow("protobuf") << QByteArray("application/vnd.kubernetes.protobuf");
}

void TestFleetWatches::watchFollows()
{
    QFETCH(QByteArray, accept);
    const wk::cluster::ResourceKind kind{{}, u"v1"_s, u"pods"_s, u"Pod"_s, u"pod"_s, {}, {}, {}, true};
    const auto renderer = wk::cluster::rendererFor(kind, {});
    const qint64 revision = engine().store().revision();
    std::unique_ptr<QNetworkReply> reply(
        open("/api/v1/pods?watch=1&resourceVersion=" + QByteArray::number(revision), accept));
    QTRY_VERIFY(reply->header(QNetworkRequest::ContentTypeHeader).isValid());
    auto decoder = renderer->watchDecoder(reply->rawHeader("Content-Type"));
    QVERIFY2(decoder.has_value(), decoder ? "" : qPrintable(decoder.error().text()));
    QSet<QString> seen;
    qint64 last = revision;
    bool ordered = true;
    restartSomething();
    const auto read = [&] {
        const auto fed = (*decoder)->feed(reply->readAll(), [&](wk::cluster::WatchEvent&& e) {
            seen.insert(QString::number(int(e.type)));
            ordered = ordered && e.object.resourceVersion.toLongLong() > last;
            last = e.object.resourceVersion.toLongLong();
        });
        if (!fed)
            seen.insert(fed.error().text());
        return seen.size() >= 3;
    };
    QTRY_VERIFY2_WITH_TIMEOUT(read(), qPrintable(QStringList(seen.values()).join(u' ')), 20'000);
    QVERIFY(ordered);
    using Type = wk::cluster::WatchEvent::Type;
    for (const Type t : {Type::Added, Type::Modified, Type::Deleted})
        QVERIFY(seen.contains(QString::number(int(t))));
}

void TestFleetWatches::watchTooOld()
{
    restartSomething();
    QTRY_VERIFY(!engine()
                     .store()
                     .changesAfter(u"pods"_s, engine().store().revision() - 1)
                     .value_or(std::vector<Change>())
                     .empty());
    admin("/compact?cluster=tchat");
    const Answer a = get("/api/v1/pods?watch=1&resourceVersion=5");
    QCOMPARE(a.status, 200);
    const QJsonObject event = a.json();
    QCOMPARE(event.value(u"type").toString(), u"ERROR"_s);
    QCOMPARE(at(event, u"object", u"code").toInt(), 410);
    QCOMPARE(at(event, u"object", u"reason").toString(), u"Expired"_s);
}

void TestFleetWatches::watchWithSelector()
{
    // A pod of the rollout enters the selection when it becomes Running and leaves it when it goes.
    const QByteArray revision = QByteArray::number(engine().store().revision());
    std::unique_ptr<QNetworkReply> reply(open(
        "/api/v1/"
        "pods?watch=1&fieldSelector=status.phase%3DRunning&labelSelector=app%3Dnotification-service&resourceVersion=" +
        revision));
    restartSomething();
    QByteArray text;
    QTRY_VERIFY2_WITH_TIMEOUT((text += reply->readAll()).contains("\"type\":\"ADDED\"") &&
                                  text.contains("\"type\":\"DELETED\""),
                              text.constData(), 20'000);
    for (const QByteArray& line : text.split('\n'))
        if (!line.isEmpty() && QJsonDocument::fromJson(line).isObject())
            QCOMPARE(at(QJsonDocument::fromJson(line).object(), u"object", u"metadata", u"labels", u"app").toString(),
                     u"notification-service"_s);
}

void TestFleetWatches::watchListAndBookmark()
{
    const Answer bad = get("/api/v1/pods?watch=1&sendInitialEvents=true&allowWatchBookmarks=true");
    QCOMPARE(bad.status, 422);
    std::unique_ptr<QNetworkReply> reply(
        open("/api/v1/namespaces/tchat/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
             "&allowWatchBookmarks=true&timeoutSeconds=2"));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 10'000); // timeoutSeconds ends it in order
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    int added = 0;
    bool end = false;
    for (const QByteArray& line : reply->readAll().split('\n')) {
        const QJsonObject e = QJsonDocument::fromJson(line).object();
        if (e.value(u"type").toString() == u"ADDED" && !end)
            ++added;
        if (e.value(u"type").toString() == u"BOOKMARK")
            end = at(e, u"object", u"metadata", u"annotations", u"k8s.io/initial-events-end").toString() == u"true";
    }
    QVERIFY(end);
    QVERIFY2(added > 10, qPrintable(QString::number(added)));
}

void TestFleetWatches::manyWatches()
{
    // 200 watches on connections of their own; a list is answered meanwhile, and each hears of a change.
    std::vector<std::unique_ptr<QNetworkAccessManager>> managers;
    std::vector<std::unique_ptr<QNetworkReply>> replies;
    const QByteArray revision = QByteArray::number(engine().store().revision());
    for (int i = 0; i < 40; ++i) {
        managers.push_back(std::make_unique<QNetworkAccessManager>());
        for (int k = 0; k < 5; ++k)
            replies.emplace_back(managers.back()->get(
                request("/api/v1/pods?watch=1&resourceVersion=" + revision, "application/json", {}, u"tchat"_s)));
    }
    QTRY_VERIFY_WITH_TIMEOUT(tchat().api->counters().watches >= 200, 30'000);
    QCOMPARE(get("/api/v1/pods").status, 200);
    restartSomething();
    const auto heard = [&] {
        return std::count_if(replies.begin(), replies.end(), [](const auto& r) { return r->bytesAvailable() > 0; });
    };
    QTRY_COMPARE_WITH_TIMEOUT(heard(), 200, 30'000);
    replies.clear();
    managers.clear();
    QTRY_COMPARE_WITH_TIMEOUT(tchat().api->counters().watches, 0, 20'000);
}

void TestFleetWatches::throttled()
{
    admin("/throttle?cluster=tchat&seconds=1&retry-after=7");
    const Answer a = get("/api/v1/pods");
    QCOMPARE(a.status, 429);
    QCOMPARE(a.retryAfter, "7");
    QCOMPARE(a.json().value(u"reason").toString(), u"TooManyRequests"_s);
    QTRY_COMPARE(get("/api/v1/pods?limit=1").status, 200);
}

void TestFleetWatches::truncated()
{
    admin("/truncate?cluster=tchat&count=1");
    const Answer a = get("/api/v1/pods");
    QVERIFY(a.error != QNetworkReply::NoError);
    QCOMPARE(get("/api/v1/pods").error, QNetworkReply::NoError);
    const QByteArray whole = get("/api/v1/namespaces/tchat").body;
    admin("/garble?cluster=tchat&count=1");
    QVERIFY(get("/api/v1/namespaces/tchat").body != whole);
    QCOMPARE(get("/api/v1/namespaces/tchat").body, whole);
}

void TestFleetWatches::downAndBack()
{
    const quint16 port = tchat().port;
    admin("/down?cluster=tchat&seconds=1");
    QCOMPARE(get("/readyz").status, 0);
    QTRY_COMPARE(get("/readyz").status, 200);
    QCOMPARE(tchat().api->http().port(), port);
}

void TestFleetWatches::slowReaderIsDropped()
{
    const qint64 before = tchat().api->counters().dropped;
    std::unique_ptr<QNetworkReply> reply(open("/api/v1/pods?watch=1"));
    reply->setReadBufferSize(1);
    QTRY_VERIFY(tchat().api->counters().watches > 0);
    // Far more changes than a socket holds, without reading one.
    QJsonObject pod = engine().store().list(u"pods"_s).front()->json;
    QJsonObject metadata = pod.value(u"metadata").toObject();
    metadata[u"name"_s] = u"noise"_s;
    for (int i = 0; i < 60'000 && tchat().api->counters().dropped == before; ++i) {
        metadata[u"generation"_s] = i;
        pod[u"metadata"_s] = metadata;
        engine().store().put(u"pods"_s, pod);
        if (i % 500 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_COMPARE(tchat().api->counters().dropped, before + 1);
    QTRY_COMPARE(tchat().api->counters().watches, 0);
    engine().store().remove(u"pods"_s, metadata.value(u"namespace").toString(), u"noise"_s);
}

QTEST_GUILESS_MAIN(TestFleetWatches)
#include "test_fleet_watches.moc"
