// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "FakeRenderer.h"
#include "ScriptedTransport.h"
#include "cluster/connection/Reflector.h"
#include "cluster/connection/RowStore.h"

#include <QtTest/QTest>

// What the tests of the Reflector share. Each rule of list+watch is tested against a scripted server with a clock that
// stands still. The numbers in the tests' names are those of the rules of client-go's Reflector as the project
// collected them: R1 streamed lists … R18 synthesized deletes.
namespace wk::test {

using namespace Qt::StringLiterals;

using Content = std::map<QString, QString>; ///< key -> "uid value"

/// Keeps the rows that a reflector tells of, and what changed among them ("+a", "~a", "-a").
class Recorder final : public cluster::ReflectorSink
{
public:
    void listBegan(bool initial) override
    {
        ++lists;
        store.beginList(initial && store.size() == 0);
    }
    void listed(cluster::Decoded&& object) override { store.listed(std::move(object)); }
    void listEnded() override { store.commitList(); }
    void listFailed() override { store.abandonList(); }
    void changed(cluster::WatchEvent::Type type, cluster::Decoded&& object) override
    {
        type == cluster::WatchEvent::Type::Deleted ? store.remove(object) : store.upsert(std::move(object));
    }
    void statusChanged() override { ++statuses; }

    [[nodiscard]] Content content() const
    {
        Content c;
        store.forEach([&](const QString& key, const table::RowPtr& row) {
            c[key] = row->id + u' ' + std::get<QString>(row->cells[1]);
        });
        return c;
    }

    QStringList changes;
    int lists = 0;
    int statuses = 0;
    cluster::RowStore store{[this](const table::RowPtr& before, const table::RowPtr& after) {
        changes += before && after ? u"~"_s + after->name : after ? u"+"_s + after->name : u"-"_s + before->name;
    }};
};

/// A reflector of pods between a scripted server and a clock that the test moves.
struct Bench
{
    explicit Bench(cluster::Reflector::Options options = {}, bool bookmarks = true)
    {
        renderer->bookmarks = bookmarks;
        cluster::ResourceKind kind;
        kind.version = u"v1"_s;
        kind.resource = u"pods"_s;
        reflector = std::make_unique<cluster::Reflector>(
            kind, QString(), renderer, server, clock, [this] { return random; }, options, sink);
        reflector->start();
    }
    ~Bench()
    {
        reflector.reset();
        QCoreApplication::sendPostedEvents();
    }

    /// Lists "a" at version 10 and opens the watch.
    ScriptedTransport::CallPtr follow()
    {
        server.take()->answer(200, "text/list", "a ua 9 1\nend 10\n");
        auto watch = server.take();
        watch->head(200, "text/watch");
        return watch;
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        QCoreApplication::sendPostedEvents();
    }
    [[nodiscard]] const cluster::ReflectorStatus& status() const { return reflector->status(); }
    [[nodiscard]] Content content() const { return sink.content(); }

    ScriptedTransport server;
    ManualClock clock;
    double random = 0.5;
    Recorder sink;
    std::shared_ptr<FakeRenderer> renderer = std::make_shared<FakeRenderer>();
    std::unique_ptr<cluster::Reflector> reflector;
};

} // namespace wk::test
