// SPDX-License-Identifier: GPL-3.0-or-later
// Long random histories: whatever happens on the way, a Reflector and its followers end in the server's state.
#include "ReflectorFixture.h"
#include "cluster/connection/ReflectorFeed.h"

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;
using namespace wk::test;

namespace {

/// A server with a history, for random walks.
struct ModelServer
{
    struct Event
    {
        int version;
        QByteArray line;
    };
    Content content;
    std::map<QString, QByteArray> uids;
    std::vector<Event> events;
    int version = 10;
    int oldest = 10;
    int nextUid = 0;

    void step(QRandomGenerator& random)
    {
        const QString key = u"k%1"_s.arg(random.bounded(12));
        const QByteArray k = key.toUtf8();
        ++version;
        const QByteArray v = QByteArray::number(version);
        const auto line = [&](const char* type) { return QByteArray(type) + ' ' + k + ' ' + uids[key] + ' ' + v; };
        if (!content.contains(key)) {
            uids[key] = "u" + QByteArray::number(nextUid++);
            events.push_back({version, line("ADDED") + " " + v + "\n"});
            content[key] = QString::fromUtf8(uids[key] + ' ' + v);
        } else if (random.bounded(3) == 0) {
            events.push_back({version, line("DELETED") + " x\n"});
            content.erase(key);
        } else {
            events.push_back({version, line("MODIFIED") + " " + v + "\n"});
            content[key] = QString::fromUtf8(uids[key] + ' ' + v);
        }
    }
    [[nodiscard]] QByteArray list() const
    {
        QByteArray body;
        for (const auto& [key, value] : content)
            body += key.toUtf8() + ' ' + value.section(u' ', 0, 0).toUtf8() + " 1 " + value.section(u' ', 1).toUtf8() +
                    '\n';
        return body + "end " + QByteArray::number(version) + '\n';
    }
};

/// A server that fails in every way it can, and what a Reflector makes of it.
class RandomWalk
{
public:
    explicit RandomWalk(int seed) : m_random(quint32(seed)), bench({.watchList = seed % 3 == 0}) {}

    /// Something changes, the server tells of it or not, and now and then something breaks.
    void step()
    {
        serve();
        model.step(m_random);
        if (m_random.bounded(2))
            deliver();
        disturb();
        bench.pass(m_random.bounded(3'000));
    }
    /// The server is well again, from now on.
    void stepWell()
    {
        m_honest = true;
        serve();
        deliver();
        bench.pass(1'000);
    }

private:
    struct Open
    {
        ScriptedTransport::CallPtr call;
        int at;
        bool dead; ///< half-open: neither events nor an end
    };

    void serve()
    {
        while (bench.server.waiting()) {
            const auto call = bench.server.take();
            if (!call->alive)
                continue;
            const int dice = m_honest ? 100 : m_random.bounded(100);
            if (dice < 5)
                call->cut();
            else if (dice < 8)
                call->refuse(429, "TooManyRequests");
            else if (dice < 11)
                call->refuse(500, "InternalError");
            else if (dice < 13)
                continue; // never answered
            else if (!call->isWatch())
                list(*call, dice);
            else if (call->has("sendInitialEvents"))
                streamList(call, dice);
            else
                watch(call, dice);
        }
    }
    void list(ScriptedTransport::Call& call, int dice) const
    {
        if (dice < 18)
            call.answer(200, "text/list", model.list().chopped(3));
        else if (call.query("resourceVersion").toInt() > 10 && dice < 25)
            call.refuse(410, "Expired");
        else
            call.answer(200, "text/list", model.list());
    }
    void streamList(const ScriptedTransport::CallPtr& call, int dice)
    {
        if (!m_honest && dice < 40) {
            call->refuse(403, "Forbidden");
            return;
        }
        call->head(200, "text/watch");
        for (const QByteArray& line : model.list().split('\n')) {
            if (!line.isEmpty() && !line.startsWith("end"))
                call->data("ADDED " + line + '\n');
        }
        call->data("BOOKMARK " + QByteArray::number(model.version) + " end\n");
        m_watches.push_back({call, model.version, false});
    }
    void watch(const ScriptedTransport::CallPtr& call, int dice)
    {
        const int from = call->query("resourceVersion").toInt();
        if (from < model.oldest) {
            call->refuse(410, "Expired");
            return;
        }
        call->head(200, "text/watch");
        m_watches.push_back({call, from, dice < 20});
    }

    void deliver()
    {
        for (auto& w : m_watches) {
            if (w.dead)
                continue;
            for (const auto& event : model.events) {
                if (event.version > w.at) {
                    w.at = event.version;
                    w.call->data(event.line);
                }
            }
            if (!m_honest && m_random.bounded(10) == 0)
                w.call->data("BOOKMARK " + QByteArray::number(w.at) + "\n");
        }
    }

    void disturb()
    {
        const int dice = m_random.bounded(100);
        if (dice < 12 && !m_watches.empty()) {
            ScriptedTransport::Call& last = *m_watches.back().call;
            if (dice < 4)
                last.cut();
            else if (dice < 8)
                last.end();
            else
                last.data(dice < 10 ? "ERROR 410 Expired\n"
                                    : "gar\xff"
                                      "bage\n");
        } else if (dice < 14) {
            model.oldest = model.version;
        } else if (dice < 16) {
            bench.reflector->kick();
        } else if (dice < 18) {
            bench.reflector->restart();
        } else if (dice < 20) {
            bench.reflector->verify();
        }
    }

    QRandomGenerator m_random;
    std::vector<Open> m_watches;
    bool m_honest = false;

public:
    ModelServer model;
    Bench bench;
};

} // namespace

class ReflectorHistoryTest : public QObject
{
    Q_OBJECT
private slots:
    void randomHistoryEndsInTheServersState_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 60; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }
    void randomHistoryEndsInTheServersState()
    {
        QFETCH(int, seed);
        RandomWalk walk(seed);
        const Bench& b = walk.bench;
        for (int i = 0; i < 300; ++i)
            walk.step();
        for (int i = 0; i < 80; ++i)
            walk.stepWell();
        QCOMPARE(b.content(), walk.model.content);
        QVERIFY2(b.status().isLive(),
                 qPrintable(b.status().error ? b.status().error->sentence : QString::number(int(b.status().phase))));
    }
    void pendingRowsBringAFollowerToTheSameState();
};

void ReflectorHistoryTest::pendingRowsBringAFollowerToTheSameState()
{
    QRandomGenerator random{7};
    RowStorePending pending;
    std::map<QString, table::RowPtr> follower;
    RowStore store([&](const table::RowPtr& before, const table::RowPtr& after) { pending.add(before, after); });
    for (int step = 0; step < 20'000; ++step) {
        const QByteArray key = "k" + QByteArray::number(random.bounded(20));
        const QList<QByteArray> words{key, key + QByteArray::number(random.bounded(2)), "1",
                                      QByteArray::number(random.bounded(3))};
        switch (random.bounded(6)) {
        case 0: store.remove(FakeRenderer::object(words)); break;
        case 1:
            if (random.bounded(20) == 0) {
                store.beginList(random.bounded(2));
                for (int i = 0; i < 10; ++i) {
                    const QByteArray k = "k" + QByteArray::number(random.bounded(20));
                    store.listed(FakeRenderer::object({k, k + "0", "1", "9"}));
                }
                random.bounded(3) ? store.commitList() : store.abandonList();
            }
            break;
        default: store.upsert(FakeRenderer::object(words));
        }
        if (random.bounded(7) == 0) {
            const table::Batch batch = pending.take();
            QVERIFY(!batch.reset);
            for (const QString& id : batch.removed)
                QVERIFY2(follower.erase(id) == 1, "removes what the follower never had");
            for (const auto& row : batch.upserts)
                follower[row->id] = row;
            QCOMPARE(follower.size(), store.size());
            store.forEach([&](const QString&, const table::RowPtr& row) {
                QVERIFY(follower.contains(row->id));
                QVERIFY(follower[row->id]->sameContent(*row));
            });
        }
    }
}

QTEST_GUILESS_MAIN(ReflectorHistoryTest)
#include "test_reflector_history.moc"
