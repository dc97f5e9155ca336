// SPDX-License-Identifier: GPL-3.0-or-later
// The whole fleet over TLS, as a client sees it.
#include "cluster/Decoder.h"
#include "fleet/Fleet.h"
#include "fleet/Json.h"
#include "fleet/Resources.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>
#include <QtNetwork/QSslKey>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::fleet;

namespace {

constexpr qint64 start = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday

struct Answer
{
    int status = 0;
    QByteArray type;
    QByteArray body;
    QByteArray retryAfter;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

QString cellText(const wk::table::Cell& cell)
{
    return std::visit(
        [](const auto& v) -> QString {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, std::monostate>)
                return u"-"_s;
            else if constexpr (std::is_same_v<T, QString>)
                return v;
            else if constexpr (std::is_same_v<T, wk::table::Ratio>)
                return u"%1/%2"_s.arg(v.value).arg(v.of);
            else if constexpr (std::is_same_v<T, wk::table::Instant>)
                return u"@%1"_s.arg(v.ms);
            else
                return QString::number(v);
        },
        cell);
}

} // namespace

class TestFleetApi : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void health();
    void discovery();
    void credentials();
    void statusBodies_data();
    void statusBodies();
    void pages();
    void bigListOverTls();
    void expiredContinue();
    void resourceVersions();
    void selects();
    void tables();
    void protobufEqualsJson_data();
    void protobufEqualsJson();
    void watchFollows_data();
    void watchFollows();
    void watchTooOld();
    void watchWithSelector();
    void watchListAndBookmark();
    void manyWatches();
    void logs();
    void metricsApi();
    void reviews();
    void exporter();
    void throttled();
    void truncated();
    void downAndBack();
    void slowReaderIsDropped();
    void kubectl();

private:
    [[nodiscard]] QNetworkRequest request(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                                          const QString& cluster) const;
    Answer get(const QByteArray& path, const QByteArray& accept = "application/json", const QByteArray& token = {},
               const QString& cluster = u"tchat"_s, const QByteArray& verb = "GET", const QByteArray& body = {},
               const QByteArray& type = {});
    QJsonObject admin(const QByteArray& command);
    QNetworkReply* open(const QByteArray& path, const QByteArray& accept = "application/json");
    [[nodiscard]] Engine& engine() { return *m_fleet->member(u"tchat"_s)->engine; }
    /// Something that certainly changes pods, now.
    void restartSomething();

    QTemporaryDir m_dir;
    std::unique_ptr<Fleet> m_fleet;
    QNetworkAccessManager m_manager;
    QSslConfiguration m_admin;
    QSslConfiguration m_tokenOnly;
};

void TestFleetApi::initTestCase()
{
    QVERIFY(m_dir.isValid());
    Fleet::Options o;
    o.seed = 5;
    o.startMs = start;
    o.speed = 5;
    o.portBase = 0;
    o.stateDirectory = m_dir.path();
    o.faults = defaultFaults();
    m_fleet = std::make_unique<Fleet>(o);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    QCOMPARE(m_fleet->complaints(), QStringList());
    m_tokenOnly = QSslConfiguration::defaultConfiguration();
    m_tokenOnly.setCaCertificates({QSslCertificate(m_fleet->pki().authority())});
    m_admin = m_tokenOnly;
    const auto pair = m_fleet->pki().clientPair(u"admin"_s, u"system:masters"_s);
    QVERIFY(pair.has_value());
    m_admin.setLocalCertificate(QSslCertificate(pair->certificate));
    m_admin.setPrivateKey(QSslKey(pair->key, QSsl::Ec));
}

void TestFleetApi::init()
{
    // Connections are reused without regard to the identity: every test starts with none.
    m_manager.clearConnectionCache();
}

QNetworkRequest TestFleetApi::request(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                                      const QString& cluster) const
{
    QNetworkRequest r(
        QUrl::fromEncoded("https://127.0.0.1:" + QByteArray::number(m_fleet->member(cluster)->port) + path));
    r.setRawHeader("Accept", accept);
    r.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    r.setSslConfiguration(token.isEmpty() ? m_admin : m_tokenOnly);
    if (!token.isEmpty() && token != "none")
        r.setRawHeader("Authorization", "Bearer " + token);
    return r;
}

Answer TestFleetApi::get(const QByteArray& path, const QByteArray& accept, const QByteArray& token,
                         const QString& cluster, const QByteArray& verb, const QByteArray& body, const QByteArray& type)
{
    if (!token.isEmpty())
        m_manager.clearConnectionCache();
    QNetworkRequest r = request(path, accept, token, cluster);
    if (!type.isEmpty())
        r.setRawHeader("Content-Type", type);
    std::unique_ptr<QNetworkReply> reply(m_manager.sendCustomRequest(r, verb, body));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    Answer a{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->rawHeader("Content-Type"),
             reply->readAll(), reply->rawHeader("Retry-After"), reply->error()};
    if (!token.isEmpty())
        m_manager.clearConnectionCache();
    return a;
}

QJsonObject TestFleetApi::admin(const QByteArray& command)
{
    QNetworkRequest r(QUrl::fromEncoded("http://127.0.0.1:" + QByteArray::number(m_fleet->adminPort()) + command));
    std::unique_ptr<QNetworkReply> reply(m_manager.sendCustomRequest(r, command == "/state" ? "GET" : "POST"));
    [&] { QTRY_VERIFY(reply->isFinished()); }();
    return QJsonDocument::fromJson(reply->readAll()).object();
}

QNetworkReply* TestFleetApi::open(const QByteArray& path, const QByteArray& accept)
{
    return m_manager.get(request(path, accept, {}, u"tchat"_s));
}

void TestFleetApi::restartSomething()
{
    QVERIFY(admin("/fault?cluster=tchat&fault=restart&target=tchat/notification-service").contains(u"done"_s));
}

void TestFleetApi::health()
{
    for (const char* path : {"/healthz", "/readyz", "/livez"})
        QCOMPARE(get(path, "*/*", "none").body, "ok");
    QCOMPARE(get("/version", "*/*", "none").json().value(u"gitVersion").toString(), u"v1.32.4"_s);
}

void TestFleetApi::discovery()
{
    QSet<QString> served;
    QCOMPARE(get("/api").json().value(u"versions").toArray(), QJsonArray{u"v1"_s});
    QList<QByteArray> paths{"/api/v1"};
    for (const QJsonValue& g : get("/apis").json().value(u"groups").toArray())
        for (const QJsonValue& v : g.toObject().value(u"versions").toArray())
            paths.append("/apis/" + v.toObject().value(u"groupVersion").toString().toUtf8());
    for (const QByteArray& path : paths)
        for (const QJsonValue& r : get(path).json().value(u"resources").toArray())
            served.insert(QString::fromUtf8(path) + u'/' + r.toObject().value(u"name").toString());
    for (const Resource& r : resources())
        QVERIFY2(
            served.contains((r.group.isEmpty() ? u"/api/v1/"_s : u"/apis/"_s + r.apiVersion() + u'/') + r.resource),
            qPrintable(r.id()));
    const Answer aggregated =
        get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");
    QVERIFY(aggregated.type.contains("as=APIGroupDiscoveryList"));
    QCOMPARE(aggregated.json().value(u"kind").toString(), u"APIGroupDiscoveryList"_s);
    // Every kind that is announced can be listed.
    for (const Resource& r : resources())
        if (r.verbs.contains(u"list"_s)) {
            const Answer a =
                get(((r.group.isEmpty() ? u"/api/v1/"_s : u"/apis/"_s + r.apiVersion() + u'/') + r.resource).toUtf8());
            QCOMPARE(a.status, 200);
            QCOMPARE(a.json().value(u"kind").toString(), QString(r.kind + u"List"_s));
        }
}

void TestFleetApi::credentials()
{
    const QByteArray pods = "/api/v1/namespaces/tchat/pods", secrets = "/api/v1/namespaces/tchat/secrets";
    QCOMPARE(get(pods).status, 200);
    QCOMPARE(get(pods, "application/json", "wrong").status, 401);
    QCOMPARE(get(pods, "application/json", "wrong").json().value(u"reason").toString(), u"Unauthorized"_s);
    QCOMPARE(get(pods, "application/json", m_fleet->token(u"viewer"_s)).status, 200);
    QCOMPARE(get(secrets, "application/json", m_fleet->token(u"operator"_s)).status, 200);
    const Answer refused = get(secrets, "application/json", m_fleet->token(u"viewer"_s));
    QCOMPARE(refused.status, 403);
    QCOMPARE(
        refused.json().value(u"message").toString(),
        u"secrets is forbidden: User \"viewer\" cannot list resource \"secrets\" in API group \"\" in the namespace \"tchat\""_s);
    const Answer anonymous = get("/api/v1/pods", "application/json", "none");
    QCOMPARE(anonymous.status, 403);
    QVERIFY(anonymous.json().value(u"message").toString().contains(u"system:anonymous"_s));
}

void TestFleetApi::statusBodies_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no pod") << QByteArray("GET") << QByteArray("/api/v1/namespaces/tchat/pods/x")
                            << QByteArray("application/json") << 404 << u"NotFound"_s;
    QTest::newRow("write") << QByteArray("DELETE") << QByteArray("/api/v1/namespaces/tchat/pods/x") << QByteArray("*/*")
                           << 404 << u"NotFound"_s;
    QTest::newRow("scale") << QByteArray("PATCH")
                           << QByteArray("/apis/apps/v1/namespaces/tchat/deployments/auth-service/scale")
                           << QByteArray("*/*") << 415 << u"UnsupportedMediaType"_s;
    QTest::newRow("format") << QByteArray("GET") << QByteArray("/api/v1/pods") << QByteArray("text/html") << 406
                            << u"NotAcceptable"_s;
    QTest::newRow("crd as protobuf") << QByteArray("GET") << QByteArray("/apis/cert-manager.io/v1/certificates")
                                     << QByteArray("application/vnd.kubernetes.protobuf") << 406 << u"NotAcceptable"_s;
    QTest::newRow("bad selector") << QByteArray("GET") << QByteArray("/api/v1/pods?labelSelector=a%3D%28")
                                  << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad field") << QByteArray("GET") << QByteArray("/api/v1/pods?fieldSelector=spec.x%3Dy")
                               << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad continue") << QByteArray("GET") << QByteArray("/api/v1/pods?limit=5&continue=%25")
                                  << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("bad version") << QByteArray("GET") << QByteArray("/api/v1/pods?resourceVersion=abc")
                                 << QByteArray("*/*") << 400 << u"BadRequest"_s;
    QTest::newRow("future") << QByteArray("GET") << QByteArray("/api/v1/pods?resourceVersion=999999999")
                            << QByteArray("*/*") << 504 << u"Timeout"_s;
}

void TestFleetApi::statusBodies()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, accept);
    QFETCH(int, code);
    QFETCH(QString, reason);
    const Answer a = get(path, accept, {}, u"tchat"_s, verb);
    QCOMPARE(a.status, code);
    const auto status = wk::cluster::decodeStatus(a.type, a.body);
    QVERIFY2(status.has_value(), a.body.constData());
    QCOMPARE(status->reason, reason);
    QCOMPARE(status->code, code);
    QVERIFY(!status->message.isEmpty());
    QCOMPARE(get("/api/v1/nonsense").status, 404);
    QCOMPARE(get("/apis/nonsense/v1").status, 404);
}

void TestFleetApi::pages()
{
    QStringList whole, paged;
    const auto collect = [](const QJsonObject& list, QStringList& out) {
        for (const QJsonValue& i : list.value(u"items").toArray())
            out.append(at(i.toObject(), u"metadata", u"namespace").toString() + u'/' +
                       at(i.toObject(), u"metadata", u"name").toString());
    };
    QByteArray next;
    QString revision;
    do {
        const QJsonObject page = get("/api/v1/pods?limit=7" + (next.isEmpty() ? next : "&continue=" + next)).json();
        collect(page, paged);
        const QJsonObject metadata = page.value(u"metadata").toObject();
        if (revision.isEmpty()) {
            revision = metadata.value(u"resourceVersion").toString();
            QVERIFY(metadata.value(u"remainingItemCount").toInt() > 10);
            restartSomething(); // the pages stay those of one moment
        }
        QCOMPARE(metadata.value(u"resourceVersion").toString(), revision);
        next = metadata.value(u"continue").toString().toUtf8();
    } while (!next.isEmpty());
    collect(get("/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=" + revision.toUtf8()).json(), whole);
    QCOMPARE(paged, whole);
    QStringList sorted = paged;
    sorted.sort();
    QCOMPARE(paged, sorted);
}

/// More than the socket takes at once: the rest must follow as the peer reads, in a list as in a watch.
void TestFleetApi::bigListOverTls()
{
    QJsonObject pod = engine().store().find(u"pods"_s, u"tchat"_s, u"redis-0"_s)->json;
    QJsonObject metadata = pod.value(u"metadata").toObject();
    metadata[u"namespace"_s] = u"default"_s;
    for (int i = 0; i < 1000; ++i) {
        metadata[u"name"_s] = u"big-%1"_s.arg(i);
        pod[u"metadata"_s] = metadata;
        engine().store().put(u"pods"_s, pod);
    }
    const Answer list = get("/api/v1/namespaces/default/pods");
    QVERIFY2(list.body.size() > 2'000'000, qPrintable(QString::number(list.body.size())));
    QCOMPARE(list.json().value(u"items").toArray().size(), 1000);
    const Answer watch = get("/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=3");
    QCOMPARE(watch.body.count("\"type\":\"ADDED\""), 1000);
    for (int i = 0; i < 1000; ++i)
        engine().store().remove(u"pods"_s, u"default"_s, u"big-%1"_s.arg(i));
}

void TestFleetApi::expiredContinue()
{
    const QJsonObject page = get("/api/v1/pods?limit=5").json();
    restartSomething();
    QTRY_VERIFY(engine().store().revision() > at(page, u"metadata", u"resourceVersion").toString().toLongLong());
    admin("/compact?cluster=tchat");
    const Answer a = get("/api/v1/pods?limit=5&continue=" + at(page, u"metadata", u"continue").toString().toUtf8());
    QCOMPARE(a.status, 410);
    QCOMPARE(a.json().value(u"reason").toString(), u"Expired"_s);
    const QByteArray fresh = at(a.json(), u"metadata", u"continue").toString().toUtf8();
    QVERIFY(!fresh.isEmpty());
    QCOMPARE(get("/api/v1/pods?limit=5&continue=" + fresh).status, 200);
    QCOMPARE(get("/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=1").status, 410);
}

void TestFleetApi::resourceVersions()
{
    // "0" is answered from the cache: whole, whatever the limit.
    QVERIFY(get("/api/v1/pods?limit=2&resourceVersion=0").json().value(u"items").toArray().size() > 20);
    QCOMPARE(get("/api/v1/pods?limit=2").json().value(u"items").toArray().size(), 2);
    const QByteArray now = QByteArray::number(engine().store().revision());
    QCOMPARE(get("/api/v1/pods?resourceVersionMatch=NotOlderThan&resourceVersion=" + now).status, 200);
    QCOMPARE(get("/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=" + now)
                 .json()
                 .value(u"metadata")
                 .toObject()
                 .value(u"resourceVersion")
                 .toString(),
             QString::fromLatin1(now));
    QCOMPARE(get("/api/v1/pods?resourceVersionMatch=Exact").status, 422);
}

void TestFleetApi::selects()
{
    const auto count = [&](const QByteArray& query) {
        return get("/api/v1/pods?" + query).json().value(u"items").toArray().size();
    };
    QCOMPARE(count("labelSelector=app%3Dpayment-service"), 3);
    QCOMPARE(count("labelSelector=app+in+%28payment-service%2Cpostgres%29"), 4);
    QCOMPARE(count("fieldSelector=metadata.name%3Dredis-0"), 1);
    QVERIFY(count("fieldSelector=status.phase%3DPending") >= 1);
    QVERIFY(count("fieldSelector=spec.nodeName%3Dtchat-node-1") > 2);
    const QJsonArray events = get("/api/v1/namespaces/tchat/events?fieldSelector=involvedObject.name%3Dscylla-3")
                                  .json()
                                  .value(u"items")
                                  .toArray();
    QVERIFY(!events.isEmpty());
    for (const QJsonValue& e : events)
        QCOMPARE(at(e.toObject(), u"involvedObject", u"name").toString(), u"scylla-3"_s);
}

void TestFleetApi::tables()
{
    for (const Resource& r : resources()) {
        if (r.virtualKind)
            continue;
        const QByteArray path =
            ((r.group.isEmpty() ? u"/api/v1/"_s : u"/apis/"_s + r.apiVersion() + u'/') + r.resource).toUtf8();
        const QJsonObject table = get(path, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json").json();
        QCOMPARE(table.value(u"kind").toString(), u"Table"_s);
        const qsizetype columns = table.value(u"columnDefinitions").toArray().size();
        QVERIFY(columns >= 2);
        for (const QJsonValue& row : table.value(u"rows").toArray()) {
            QCOMPARE(row.toObject().value(u"cells").toArray().size(), columns);
            QCOMPARE(at(row.toObject(), u"object", u"kind").toString(), u"PartialObjectMetadata"_s);
        }
    }
    const QJsonObject certificates =
        get("/apis/cert-manager.io/v1/namespaces/tchat/certificates", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .json();
    QCOMPARE(certificates.value(u"columnDefinitions").toArray().at(1).toObject().value(u"name").toString(), u"Ready"_s);
    QStringList ready;
    for (const QJsonValue& row : certificates.value(u"rows").toArray())
        ready.append(row.toObject().value(u"cells").toArray().at(1).toString());
    QCOMPARE(ready, (QStringList{u"False"_s, u"True"_s}));
}

void TestFleetApi::protobufEqualsJson_data()
{
    QTest::addColumn<QString>("id");
    for (const Resource& r : resources())
        if (hasProtobuf(r))
            QTest::newRow(qPrintable(r.id())) << r.id();
}

/// The cockpit's own decoders, fed once from protobuf and once from JSON, must show the same rows.
void TestFleetApi::protobufEqualsJson()
{
    QFETCH(QString, id);
    const Resource& r = *findResourceById(id);
    const wk::cluster::ResourceKind kind{r.group,      r.version,    r.resource, r.kind,      r.singular,
                                         r.shortNames, r.categories, r.verbs,    r.namespaced};
    if (!wk::cluster::isBuiltIn(kind))
        QSKIP("this kind is not rendered by ourselves");
    const auto renderer = wk::cluster::rendererFor(kind, {});
    const QByteArray revision = QByteArray::number(engine().store().revision());
    const auto decode = [&](const QByteArray& accept) {
        const Answer a = get(kind.path() + "?resourceVersionMatch=Exact&resourceVersion=" + revision, accept);
        QStringList rows;
        const auto decoder = renderer->listDecoder(a.type);
        if (!decoder)
            return QStringList{u"no decoder: "_s + decoder.error().text()};
        const auto sink = [&](wk::cluster::Decoded&& d) {
            QString row = d.key + u'@' + d.resourceVersion;
            for (const auto& cell : d.row->cells)
                row += u'|' + cellText(cell);
            rows.append(row);
        };
        // In pieces, as a network delivers it.
        for (qsizetype i = 0; i < a.body.size(); i += 1000)
            if (const auto fed = (*decoder)->feed(
                    QByteArrayView(a.body).sliced(i, std::min<qsizetype>(1000, a.body.size() - i)), sink);
                !fed)
                return QStringList{u"refused: "_s + fed.error().text() + fed.error().detail};
        const auto end = (*decoder)->finish(sink);
        rows.append(end ? end->resourceVersion : u"refused: "_s + end.error().text());
        return rows;
    };
    const QStringList json = decode("application/json"), wire = decode("application/vnd.kubernetes.protobuf");
    QVERIFY(json.size() > 1);
    QCOMPARE(json.last().toUtf8(), revision);
    QCOMPARE(wire, json);
}

void TestFleetApi::watchFollows_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::newRow("json") << QByteArray("application/json");
    QTest::newRow("protobuf") << QByteArray("application/vnd.kubernetes.protobuf");
}

void TestFleetApi::watchFollows()
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

void TestFleetApi::watchTooOld()
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

void TestFleetApi::watchWithSelector()
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

void TestFleetApi::watchListAndBookmark()
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

void TestFleetApi::manyWatches()
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
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->member(u"tchat"_s)->api->counters().watches >= 200, 30'000);
    QCOMPARE(get("/api/v1/pods").status, 200);
    restartSomething();
    const auto heard = [&] {
        return std::count_if(replies.begin(), replies.end(), [](const auto& r) { return r->bytesAvailable() > 0; });
    };
    QTRY_COMPARE_WITH_TIMEOUT(heard(), 200, 30'000);
    replies.clear();
    managers.clear();
    QTRY_COMPARE_WITH_TIMEOUT(m_fleet->member(u"tchat"_s)->api->counters().watches, 0, 20'000);
}

void TestFleetApi::logs()
{
    const QByteArray pod = "/api/v1/namespaces/tchat/pods/redis-0/log";
    QCOMPARE(get(pod).status, 400); // two containers
    const QByteArray tail = get(pod + "?container=redis&tailLines=5&timestamps=true", "*/*").body;
    QCOMPARE(tail.count('\n'), 5);
    QVERIFY(tail.startsWith("2026-"));
    // The log grows between two requests: the later, longer answer holds the earlier one, not always at its end.
    const QByteArray last = get(pod + "?container=redis&tailLines=1", "*/*").body;
    QCOMPARE(last.count('\n'), 1);
    QVERIFY(get(pod + "?container=redis&tailLines=1000", "*/*").body.contains(last));
    QCOMPARE(get(pod + "?container=redis&previous=true").status,
             engine().cluster().findPod(u"tchat"_s, u"redis-0"_s)->containers[0].hasLast ? 200 : 400);
    QCOMPARE(get(pod + "?container=redis&limitBytes=10&tailLines=5", "*/*").body.size(), 10);
    QCOMPARE(get("/api/v1/namespaces/tchat/pods/scylla-3/log").status, 400); // not scheduled
    QByteArray name;
    for (const auto& [id, p] : engine().cluster().pods)
        if (p->name.startsWith(u"messaging-service") && p->ready)
            name = p->name.toUtf8();
    std::unique_ptr<QNetworkReply> reply(
        open("/api/v1/namespaces/tchat/pods/" + name + "/log?follow=true&tailLines=1", "*/*"));
    QByteArray text;
    QTRY_VERIFY2((text += reply->readAll()).count('\n') > 10, text.constData());
}

void TestFleetApi::metricsApi()
{
    const QJsonArray nodes = get("/apis/metrics.k8s.io/v1beta1/nodes").json().value(u"items").toArray();
    QCOMPARE(nodes.size(), 5);
    QVERIFY(at(nodes.first().toObject(), u"usage", u"cpu").toString().endsWith(u'n'));
    const QJsonArray pods = get("/apis/metrics.k8s.io/v1beta1/namespaces/tchat/pods").json().value(u"items").toArray();
    QVERIFY(pods.size() > 10);
    QVERIFY(at(pods.first().toObject().value(u"containers").toArray().first().toObject(), u"usage", u"memory")
                .toString()
                .endsWith(u"Ki"_s));
    QCOMPARE(get("/apis/metrics.k8s.io/v1beta1/nodes/nothing").status, 404);
}

void TestFleetApi::reviews()
{
    const QByteArray body =
        R"({"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"resourceAttributes":
        {"verb":"list","group":"","resource":"secrets"}}})";
    const auto ask = [&](const QByteArray& token) {
        const Answer a = get("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/json", token,
                             u"tchat"_s, "POST", body, "application/json");
        return QString::number(a.status) + (at(a.json(), u"status", u"allowed").toBool() ? u" yes"_s : u" no"_s);
    };
    QCOMPARE(ask({}), u"201 yes"_s);
    QCOMPARE(ask(m_fleet->token(u"operator"_s)), u"201 yes"_s);
    QCOMPARE(ask(m_fleet->token(u"viewer"_s)), u"201 no"_s);
    const Answer rules =
        get("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "application/json", m_fleet->token(u"viewer"_s),
            u"tchat"_s, "POST", R"({"spec":{"namespace":"tchat"}})", "application/json");
    QVERIFY(at(rules.json(), u"status", u"resourceRules").toArray().size() > 5);
    QVERIFY(!rules.body.contains("\"secrets\""));
}

void TestFleetApi::exporter()
{
    const QByteArray base = "http://127.0.0.1:" + QByteArray::number(m_fleet->member(u"tchat"_s)->exporterPort);
    const auto fetch = [&](const QByteArray& path) {
        std::unique_ptr<QNetworkReply> reply(m_manager.get(QNetworkRequest(QUrl::fromEncoded(base + path))));
        [&] { QTRY_VERIFY(reply->isFinished()); }();
        return qMakePair(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll());
    };
    QVERIFY(fetch("/metrics").second.contains("http_requests_total{"));
    QCOMPARE(fetch("/health/tchat/auth-service").first, 200);
    QCOMPARE(fetch("/health/tchat/nothing").first, 404);
    QCOMPARE(fetch("/other").first, 404);
}

void TestFleetApi::throttled()
{
    admin("/throttle?cluster=tchat&seconds=1&retry-after=7");
    const Answer a = get("/api/v1/pods");
    QCOMPARE(a.status, 429);
    QCOMPARE(a.retryAfter, "7");
    QCOMPARE(a.json().value(u"reason").toString(), u"TooManyRequests"_s);
    QTRY_COMPARE(get("/api/v1/pods?limit=1").status, 200);
}

void TestFleetApi::truncated()
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

void TestFleetApi::downAndBack()
{
    const quint16 port = m_fleet->member(u"tchat"_s)->port;
    admin("/down?cluster=tchat&seconds=1");
    QCOMPARE(get("/readyz").status, 0);
    QTRY_COMPARE(get("/readyz").status, 200);
    QCOMPARE(m_fleet->member(u"tchat"_s)->api->http().port(), port);
}

void TestFleetApi::slowReaderIsDropped()
{
    const qint64 before = m_fleet->member(u"tchat"_s)->api->counters().dropped;
    std::unique_ptr<QNetworkReply> reply(open("/api/v1/pods?watch=1"));
    reply->setReadBufferSize(1);
    QTRY_VERIFY(m_fleet->member(u"tchat"_s)->api->counters().watches > 0);
    // Far more changes than a socket holds, without reading one.
    QJsonObject pod = engine().store().list(u"pods"_s).front()->json;
    QJsonObject metadata = pod.value(u"metadata").toObject();
    metadata[u"name"_s] = u"noise"_s;
    for (int i = 0; i < 60'000 && m_fleet->member(u"tchat"_s)->api->counters().dropped == before; ++i) {
        metadata[u"generation"_s] = i;
        pod[u"metadata"_s] = metadata;
        engine().store().put(u"pods"_s, pod);
        if (i % 500 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_COMPARE(m_fleet->member(u"tchat"_s)->api->counters().dropped, before + 1);
    QTRY_COMPARE(m_fleet->member(u"tchat"_s)->api->counters().watches, 0);
    engine().store().remove(u"pods"_s, metadata.value(u"namespace").toString(), u"noise"_s);
}

void TestFleetApi::kubectl()
{
    const QString program = QStandardPaths::findExecutable(u"kubectl"_s);
    if (program.isEmpty())
        QSKIP("kubectl is not installed: the fleet was not tried with it");
    const auto run = [&](QStringList arguments) {
        QProcess p;
        p.start(program, QStringList{u"--kubeconfig"_s, m_fleet->kubeconfigPath(), u"--cache-dir"_s,
                                     m_dir.path() + u"/cache"_s} +
                             arguments);
        bool finished = false;
        connect(&p, &QProcess::finished, this, [&] { finished = true; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(finished, 60'000); }();
        return QString::fromUtf8(p.readAllStandardOutput() + p.readAllStandardError());
    };
    const QString pods = run({u"--context"_s, u"tchat"_s, u"get"_s, u"pods"_s, u"-A"_s, u"-o"_s, u"wide"_s});
    QVERIFY2(pods.startsWith(u"NAMESPACE "_s) && pods.contains(u"payment-service-"_s) &&
                 pods.contains(u"NOMINATED NODE"_s),
             qPrintable(pods));
    QVERIFY(run({u"--context"_s, u"stratmaster"_s, u"get"_s, u"deploy"_s, u"-A"_s}).contains(u"stratmaster-api"_s));
    QVERIFY(run({u"api-resources"_s}).contains(u"certificates"_s));
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"get"_s, u"certs"_s}).contains(u"internal-mtls"_s));
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"top"_s, u"nodes"_s}).contains(u"tchat-node-1"_s));
    QVERIFY(
        run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"get"_s, u"secrets"_s}).contains(u"Forbidden"_s));
    QCOMPARE(run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"auth"_s, u"can-i"_s, u"list"_s, u"secrets"_s})
                 .trimmed(),
             u"no"_s);
    QCOMPARE(
        run({u"--context"_s, u"tchat"_s, u"scale"_s, u"deploy/payment-service"_s, u"--replicas"_s, u"5"_s}).trimmed(),
        u"deployment.apps/payment-service scaled"_s);
    QCOMPARE(
        at(engine().store().find(u"deployments.apps"_s, u"tchat"_s, u"payment-service"_s)->json, u"spec", u"replicas")
            .toInt(),
        5);
    QVERIFY(run({u"--context"_s, u"tchat"_s, u"--user"_s, u"viewer"_s, u"scale"_s, u"deploy/payment-service"_s,
                 u"--replicas"_s, u"6"_s})
                .contains(u"Forbidden"_s));
}

QTEST_GUILESS_MAIN(TestFleetApi)
#include "test_fleet_api.moc"
