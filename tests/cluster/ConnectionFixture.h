// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ScriptedTransport.h"
#include "cluster/Decoder.h"
#include "cluster/connection/ConnectionWorker.h"

#include <QtTest/QTest>

// What the tests of a whole connection share: a scripted server, and a clock that stands still.
namespace wk::test {

using namespace Qt::StringLiterals;

inline QByteArray object(const char* name, int version, const char* phase = "Active", const char* space = nullptr)
{
    QByteArray o = QByteArray("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"") + name +
                   "\",\"uid\":\"u-" + (space ? space : "") + name + "\",";
    if (space)
        o += QByteArray("\"namespace\":\"") + space + "\",";
    return o + "\"resourceVersion\":\"" + QByteArray::number(version) +
           "\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"},\"status\":{\"phase\":\"" + phase + "\"}}";
}

inline QByteArray list(const QByteArrayList& items, int version)
{
    return "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" +
           QByteArray::number(version) + "\"},\"items\":[" + items.join(',') + "]}";
}

inline QByteArray told(const char* type, const QByteArray& o)
{
    return QByteArray("{\"type\":\"") + type + "\",\"object\":" + o + "}\n";
}

inline constexpr auto json = "application/json";
inline constexpr auto version20 = "{\"major\":\"1\",\"minor\":\"20\",\"gitVersion\":\"v1.20.2\"}";
inline constexpr auto notServed = "404 page not found";

inline cluster::ResourceKind kindOf(const char* resource, const char* version = "v1", const char* group = "",
                                    bool namespaced = false)
{
    cluster::ResourceKind k;
    k.group = QString::fromUtf8(group);
    k.version = QString::fromUtf8(version);
    k.resource = QString::fromUtf8(resource);
    k.namespaced = namespaced;
    return k;
}

/// Stands still until told; its wall clock can jump, as after sleep.
class JumpingClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_inner.nowMs() + jumpedMs; }
    qint64 monotonicMs() const override { return m_inner.monotonicMs(); }
    std::shared_ptr<void> after(QObject* context, qint64 delayMs, std::function<void()> f) override
    {
        return m_inner.after(context, delayMs, std::move(f));
    }
    void advance(qint64 ms) { m_inner.advance(ms); }
    qint64 jumpedMs = 0;

private:
    ManualClock m_inner;
};

/// A connection without its thread, between a scripted server and a clock that the test moves; its owner's side is
/// played by `tables`, `state` and `kinds`.
struct Bench
{
    explicit Bench(cluster::ClusterConnection::Options options = {})
    {
        auto transport = std::make_unique<ScriptedTransport>();
        server = transport.get();
        platform::ResolvedContext context;
        context.server = QUrl(u"https://server:6443"_s);
        context.userName = u"ann"_s;
        context.space = u"home"_s;
        options.random = [] { return 0.5; };
        cluster::ConnectionWorker::Services services{std::move(transport), clock, counters, [this] { ++drops; }};
        worker = std::make_unique<cluster::ConnectionWorker>(
            cluster::ConnectionWorker::Setup{context, options}, std::move(services),
            cluster::ConnectionWorker::Outbox{[this](cluster::ConnectionState s) { state = std::move(s); },
                                              [this](QList<cluster::ResourceKind> k) { kinds = std::move(k); },
                                              [this](quint64 id, cluster::TableUpdate u) { apply(id, std::move(u)); }});
        worker->start();
    }

    void apply(quint64 id, cluster::TableUpdate&& update)
    {
        Table& t = tables[id];
        if (update.columns)
            t.columns = *update.columns;
        if (update.batch) {
            ++t.batches;
            QVERIFY2(!t.owed, "a second batch before the first was acknowledged");
            t.owed = true;
            if (update.batch->reset)
                t.rows.clear();
            for (const QString& gone : update.batch->removed)
                t.rows.erase(gone);
            for (const auto& row : update.batch->upserts) {
                QCOMPARE(qsizetype(row->cells.size()),
                         t.columns.isEmpty() ? qsizetype(row->cells.size()) : t.columns.size());
                t.rows[row->id] = row;
            }
        }
        for (const cluster::ObjectVersion& version : update.versions)
            t.versions += version.uid + u'=' + version.resourceVersion;
        if (update.freshness) {
            if (t.states.isEmpty() || t.states.last() != update.freshness->state)
                t.states += update.freshness->state;
            t.freshness = *update.freshness;
        }
        if (update.kind)
            t.kind = *update.kind;
    }

    /// Lets time pass in steps, acknowledging batches.
    void pass(qint64 ms)
    {
        do {
            const qint64 step = std::min<qint64>(ms, 50);
            clock.advance(step);
            QCoreApplication::sendPostedEvents();
            if (acknowledging) {
                for (auto& [id, t] : tables) {
                    if (std::exchange(t.owed, false))
                        worker->acknowledge(id);
                }
            }
            ms -= step;
            if (beating)
                beat();
        } while (ms > 0);
    }
    void beat()
    {
        for (const char* path : {"/version", "/readyz"}) {
            while (const auto call = server->takePath(path))
                call->answer(200, json, version20);
        }
    }
    void noDiscovery()
    {
        for (const char* path : {"/api", "/apis"}) {
            if (const auto call = server->takePath(path))
                call->refuse(500, "InternalError");
        }
    }

    struct Table
    {
        QStringList versions; ///< "uid=version"
        std::map<QString, table::RowPtr> rows;
        table::Columns columns;
        table::Freshness freshness;
        QList<table::Freshness::State> states;
        cluster::ResourceKind kind;
        int batches = 0;
        bool owed = false;
    };
    JumpingClock clock;
    cluster::ConnectionCounters counters;
    ScriptedTransport* server = nullptr;
    cluster::ConnectionState state;
    QList<cluster::ResourceKind> kinds;
    std::map<quint64, Table> tables;
    bool beating = true;
    bool acknowledging = true;
    int drops = 0;
    std::unique_ptr<cluster::ConnectionWorker> worker;
};

/// A connection with one live table "namespaces" and its watch.
inline ScriptedTransport::CallPtr follow(Bench& b)
{
    b.worker->openTable(1, kindOf("namespaces"), {});
    b.beat();
    b.noDiscovery();
    b.server->takePath("/api/v1/namespaces")->answer(200, json, list({object("a", 1)}, 10));
    auto watch = b.server->takePath("/api/v1/namespaces", true);
    watch->head(200, json);
    b.pass(200);
    return watch;
}

/// Answers a discovery. A group version without a body is not available.
inline void discover(Bench& b, const QByteArray& groups, const std::map<QByteArray, QByteArray>& resources)
{
    b.server->takePath("/api")->answer(200, json, R"({"kind":"APIVersions","versions":["v1"]})");
    b.server->takePath("/apis")->answer(200, json, "{\"kind\":\"APIGroupList\",\"groups\":[" + groups + "]}");
    b.server->takePath("/api/v1")->answer(200, json, R"({"resources":[
        {"name":"pods","namespaced":true,"kind":"Pod","verbs":["list","watch"]},
        {"name":"namespaces","namespaced":false,"kind":"Namespace","verbs":["list","watch"]}]})");
    for (const auto& [path, body] : resources) {
        const auto call = b.server->takePath(path);
        QVERIFY(call);
        body.isEmpty() ? call->refuse(503, "ServiceUnavailable") : call->answer(200, json, body);
    }
}
inline constexpr auto batchGroup =
    R"({"name":"batch","versions":[{"version":"v1"},{"version":"v1beta1"}],"preferredVersion":{"version":"v1"}})";
inline constexpr auto batchV1 =
    R"({"resources":[{"name":"jobs","namespaced":true,"kind":"Job","verbs":["list","watch"]}]})";
inline constexpr auto batchBeta =
    R"({"resources":[{"name":"cronjobs","namespaced":true,"kind":"CronJob","verbs":["list","watch"]}]})";

} // namespace wk::test
