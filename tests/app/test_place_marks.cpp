// SPDX-License-Identifier: GPL-3.0-or-later
// What happened at a place, as a cluster tells it that speaks the real protocol.
#include "fleet/Fleet.h"
#include "monitoring/marks/RolloutMarks.h"
#include "watchkeeper/Clusters.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;
using monitoring::RolloutMarks;
using State = series::MarkSource::Standing::State;

namespace {
constexpr int longest = 60'000;
}

class TestPlaceMarks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void rolloutsOfAllKinds();
    void aRolloutIsSeenWhenItHappens();
    void nothingIsFollowedUnlessSomebodyLooks();

private:
    [[nodiscard]] std::unique_ptr<RolloutMarks> marksOf(const QString& context)
    {
        return std::make_unique<RolloutMarks>(
            [this, context]() -> Result<std::shared_ptr<cluster::ClusterView>> {
                const auto entry = m_clusters->find(context);
                if (!entry)
                    return fail(Error::Kind::NotFound, u"No context."_s);
                const auto session = m_clusters->session(entry->id);
                return session ? Result<std::shared_ptr<cluster::ClusterView>>((*session)->view)
                               : fail(session.error());
            },
            QStringList{u"streamgate"_s}, m_clock);
    }
    [[nodiscard]] static std::vector<series::Mark> all(const RolloutMarks& marks)
    {
        return marks.marks(0, std::numeric_limits<qint64>::max());
    }

    SystemClock m_clock;
    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::unique_ptr<Clusters> m_clusters;
};

void TestPlaceMarks::initTestCase()
{
    fleet::Fleet::Options options;
    options.seed = 5;
    options.startMs = m_clock.nowMs();
    options.portBase = 0;
    options.background = false;
    options.stateDirectory = m_dir.filePath(u"fleet"_s);
    options.only = {u"streamgate"_s};
    options.faults = {{.kind = fleet::Fault::Kind::Rollout,
                       .cluster = u"streamgate"_s,
                       .space = u"streamgate"_s,
                       .name = u"api-gateway"_s,
                       .atMs = 4'000,
                       .tag = u"v9.9.9"_s}};
    QVERIFY(QDir().mkpath(options.stateDirectory));
    m_fleet = std::make_unique<fleet::Fleet>(options);
    const auto started = m_fleet->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
    QCOMPARE(m_fleet->complaints(), QStringList());
    m_clusters = std::make_unique<Clusters>();
    m_clusters->load({m_fleet->kubeconfigPath(), m_fleet->rolesKubeconfigPath()}, {});
}

/// Deployments keep replica sets, the others controller revisions, which come as the server's own table.
void TestPlaceMarks::rolloutsOfAllKinds()
{
    const auto marks = marksOf(u"streamgate"_s);
    const auto watch = marks->watch();
    const auto has = [&](const QString& kind) {
        const auto some = all(*marks);
        return std::ranges::any_of(some, [&](const series::Mark& mark) { return mark.target.startsWith(kind); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(has(u"deployments.apps/streamgate/"_s) && has(u"statefulsets.apps/streamgate/"_s),
                             longest);
    QTRY_VERIFY_WITH_TIMEOUT(marks->standing().state != State::Asking, longest);
    for (const series::Mark& mark : all(*marks)) {
        QVERIFY2(mark.target.section(u'/', 1, 1) == u"streamgate", qPrintable(mark.target));
        QVERIFY2(mark.atMs > 0 && mark.atMs <= m_clock.nowMs() + 60'000, qPrintable(mark.text));
        QVERIFY(mark.text.contains(u"revision "_s));
    }
}

void TestPlaceMarks::aRolloutIsSeenWhenItHappens()
{
    const auto marks = marksOf(u"streamgate"_s);
    const auto watch = marks->watch();
    const auto seen = [&] {
        const auto some = all(*marks);
        return std::ranges::any_of(some, [](const series::Mark& mark) {
            return mark.target == u"deployments.apps/streamgate/api-gateway" && mark.text.contains(u":v9.9.9"_s);
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(seen(), longest);
}

void TestPlaceMarks::nothingIsFollowedUnlessSomebodyLooks()
{
    const auto marks = marksOf(u"nobody-has-it"_s);
    QCOMPARE(marks->standing().state, State::Asking);
    const auto watch = marks->watch();
    QCOMPARE(marks->standing().state, State::Unknown);
    QCOMPARE(marks->standing().words, u"No context."_s);
}

QTEST_GUILESS_MAIN(TestPlaceMarks)
#include "test_place_marks.moc"
