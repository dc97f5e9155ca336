// SPDX-License-Identifier: GPL-3.0-or-later
#include "FleetFixture.h"
#include "cluster/Decoder.h"

using namespace Qt::StringLiterals;
using namespace wk::fleet;

namespace {

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

wk::cluster::ResourceKind kindOf(const Resource& r)
{
    return {r.group, r.version, r.resource, r.kind, r.singular, r.shortNames, r.categories, r.verbs, r.namespaced};
}

} // namespace

/// Lists: pages, versions, selectors, Tables, and both encodings.
class TestFleetLists : public FleetFixture
{
    Q_OBJECT

private slots:
    void pages();
    void bigListOverTls();
    void expiredContinue();
    void resourceVersions();
    void selects();
    void tables();
    void protobufEqualsJson_data();
    void protobufEqualsJson();
};

void TestFleetLists::pages()
{
    QStringList whole, paged;
    const auto collect = [](const QJsonObject& list, QStringList& out) {
        for (const QJsonArray items = list.value(u"items").toArray(); const QJsonValue& i : items)
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
void TestFleetLists::bigListOverTls()
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

void TestFleetLists::expiredContinue()
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

void TestFleetLists::resourceVersions()
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

void TestFleetLists::selects()
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

void TestFleetLists::tables()
{
    for (const Resource& r : resources()) {
        if (r.virtualKind)
            continue;
        const QJsonObject table =
            get(listPath(r), "application/json;as=Table;v=v1;g=meta.k8s.io,application/json").json();
        QCOMPARE(table.value(u"kind").toString(), u"Table"_s);
        const qsizetype columns = table.value(u"columnDefinitions").toArray().size();
        QVERIFY(columns >= 2);
        for (const QJsonArray rows = table.value(u"rows").toArray(); const QJsonValue& row : rows) {
            QCOMPARE(row.toObject().value(u"cells").toArray().size(), columns);
            QCOMPARE(at(row.toObject(), u"object", u"kind").toString(), u"PartialObjectMetadata"_s);
        }
    }
    const QJsonObject certificates =
        get("/apis/cert-manager.io/v1/namespaces/tchat/certificates", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .json();
    QCOMPARE(certificates.value(u"columnDefinitions").toArray().at(1).toObject().value(u"name").toString(), u"Ready"_s);
    QStringList ready;
    for (const QJsonArray rows = certificates.value(u"rows").toArray(); const QJsonValue& row : rows)
        ready.append(row.toObject().value(u"cells").toArray().at(1).toString());
    QCOMPARE(ready, (QStringList{u"False"_s, u"True"_s}));
}

void TestFleetLists::protobufEqualsJson_data()
{
    QTest::addColumn<QString>("id");
    for (const Resource& r : resources())
        if (hasProtobuf(r) && wk::cluster::isBuiltIn(kindOf(r)))
            QTest::newRow(qPrintable(r.id())) << r.id();
}

/// The cockpit's own decoders, fed once from protobuf and once from JSON, must show the same rows.
void TestFleetLists::protobufEqualsJson()
{
    QFETCH(QString, id);
    const wk::cluster::ResourceKind kind = kindOf(*findResourceById(id));
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

QTEST_GUILESS_MAIN(TestFleetLists)
#include "test_fleet_lists.moc"
