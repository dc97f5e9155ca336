// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/marks/RolloutMarks.h"

#include "../widgets/FakeCluster.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::test;
using wk::monitoring::RolloutMarks;
using State = wk::series::MarkSource::Standing::State;

namespace {
constexpr qint64 minute = 60'000, now = 1'795'176'000'000;
}

/// When workloads were rolled out, from what the cluster keeps of their templates.
class TestRolloutMarks : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_cluster = std::make_shared<FakeCluster>();
        m_failure.reset();
        m_marks = std::make_unique<RolloutMarks>(
            [this]() -> Result<std::shared_ptr<cluster::ClusterView>> {
                if (m_failure)
                    return fail(*m_failure);
                return std::shared_ptr<cluster::ClusterView>(m_cluster);
            },
            QStringList{u"shop"_s, u"shop-jobs"_s}, m_clock);
        m_marks->want(now - 60 * minute, now);
    }

    void whatTheClusterKeeps()
    {
        put(1, 50, u"registry.example/shop/api:v1.4.1"_s);
        put(2, 20, u"registry.example/shop/api:v1.4.2,registry.example/proxy:v3@sha256:00"_s);
        sets().put(FakeCluster::revision(u"elsewhere"_s, u"other"_s, 2, now - minute, {}));
        QCOMPARE(m_marks->standing().state, State::Asking); // nobody looks
        QVERIFY(m_marks->marks(0, now).empty());
        const auto watch = m_marks->watch();
        const auto marks = m_marks->marks(now - 60 * minute, now);
        QCOMPARE(marks.size(), size_t(2)); // in its namespaces
        const auto& last = *std::ranges::max_element(marks, {}, &series::Mark::atMs);
        QCOMPARE(last.atMs, now - 20 * minute);
        QCOMPARE(last.text, u"Rollout of api, revision 2 (api:v1.4.2, proxy:v3)"_s);
        QCOMPARE(last.target, u"deployments.apps/shop/api"_s);
        QCOMPARE(m_marks->marks(now - 30 * minute, now).size(), size_t(1));
        QCOMPARE(m_marks->standing().state, State::Known);
    }

    /// A replica set that gets another number is an old template again; its creation says nothing of when.
    void aReturnIsDatedByWhoSawIt()
    {
        put(1, 50);
        put(2, 20);
        const auto watch = m_marks->watch();
        QCOMPARE(m_marks->marks(0, now).size(), size_t(2));
        QSignalSpy changed(m_marks.get(), &series::MarkSource::changed);
        sets().put(FakeCluster::revision(u"shop"_s, u"api"_s, 3, now - 50 * minute, u"api:v1"_s));
        QCOMPARE(changed.count(), 1);
        const auto marks = m_marks->marks(0, now);
        const auto last = std::ranges::max_element(marks, {}, &series::Mark::atMs);
        QCOMPARE(last->atMs, m_clock.nowMs());
        QVERIFY(last->text.contains(u"went back"_s) && last->text.contains(u"revision 3"_s));
        QCOMPARE(last->tone, series::Mark::Tone::Warning);
        QCOMPARE(m_marks->standing().state, State::Known);
    }

    void aReturnThatNobodySawIsNotInvented()
    {
        put(2, 20);
        put(3, 50);
        const auto watch = m_marks->watch();
        QCOMPARE(m_marks->marks(0, now).size(), size_t(1));
        QCOMPARE(m_marks->standing().state, State::Partial);
        QVERIFY(m_marks->standing().words.contains(u"api went back"_s));
    }

    void whatTheClusterNoLongerKeepsIsSaid()
    {
        put(11, 20);
        put(12, 10);
        const auto watch = m_marks->watch();
        QCOMPARE(m_marks->standing().state, State::Partial);
        QVERIFY(m_marks->standing().words.contains(u"only the latest revisions"_s));
        m_marks->want(now - 15 * minute, now); // in which all of them are
        QCOMPARE(m_marks->standing().state, State::Known);
    }

    void aClusterThatDoesNotAnswerIsNotAnEmptyOne()
    {
        put(1, 50);
        sets().set(table::Freshness::State::Loading);
        auto watch = m_marks->watch();
        QCOMPARE(m_marks->standing().state, State::Asking);
        const Error refused{Error::Kind::Forbidden, u"Replica sets may not be listed."_s, {}, {}};
        sets().set(table::Freshness::State::Unavailable, refused);
        QCOMPARE(m_marks->standing().state, State::Unknown);
        QCOMPARE(m_marks->standing().words, refused.sentence);
        sets().set(table::Freshness::State::Stale);
        QCOMPARE(m_marks->standing().state, State::Partial);
        watch.reset();
        m_failure = Error{Error::Kind::NotFound, u"No context is chosen."_s, {}, {}};
        watch = m_marks->watch();
        QCOMPARE(m_marks->standing().state, State::Unknown);
        QCOMPARE(m_marks->standing().words, u"No context is chosen."_s);
    }

private:
    FakeTable& sets() { return *m_cluster->table(u"replicasets.apps"_s); }
    void put(qint64 revision, qint64 minutesAgo, const QString& images = {})
    {
        sets().put(FakeCluster::revision(u"shop"_s, u"api"_s, revision, now - minutesAgo * minute, images));
    }

    ManualClock m_clock{now};
    std::shared_ptr<FakeCluster> m_cluster;
    std::optional<Error> m_failure;
    std::unique_ptr<RolloutMarks> m_marks;
};

QTEST_GUILESS_MAIN(TestRolloutMarks)
#include "test_rollout_marks.moc"
