// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/MarkBoard.h"

#include <QtTest/QtTest>

using namespace wk::series;
using namespace Qt::StringLiterals;

namespace {

class FakeSource final : public MarkSource
{
public:
    explicit FakeSource(Mark::Kind kind) : m_kind(kind) {}
    Mark::Kind kind() const override { return m_kind; }
    Standing standing() const override { return {Standing::State::Known, {}}; }
    std::vector<Mark> marks(qint64 from, qint64 to) const override
    {
        std::vector<Mark> out;
        std::ranges::copy_if(all, std::back_inserter(out), [&](const Mark& mark) { return mark.touches(from, to); });
        return out;
    }
    void want(qint64 from, qint64 to) override { wanted = {from, to}; }
    void onWatched() override { ++(isWatched() ? begun : ended); }
    void tell() { emit changed(); }

    std::vector<Mark> all;
    std::pair<qint64, qint64> wanted;
    int begun = 0, ended = 0;

private:
    Mark::Kind m_kind;
};

Mark markAt(Mark::Kind kind, qint64 at, std::optional<qint64> until = {}, bool goesOn = false)
{
    return {.id = u"%1/%2"_s.arg(markKindName(kind)).arg(at),
            .kind = kind,
            .atMs = at,
            .untilMs = until,
            .goesOn = goesOn,
            .text = u"x"_s};
}

} // namespace

/// What happened beside the values, from several who know of something.
class TestMarks : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_switches = std::make_shared<MarkSwitches>();
        m_board = std::make_unique<MarkBoard>(m_switches);
        m_alerts = std::make_shared<FakeSource>(Mark::Kind::Alert);
        m_changes = std::make_shared<FakeSource>(Mark::Kind::Change);
        m_board->add(m_alerts);
        m_board->add(m_changes);
    }

    void touching()
    {
        QVERIFY(markAt(Mark::Kind::Change, 10).touches(10, 20));
        QVERIFY(!markAt(Mark::Kind::Change, 9).touches(10, 20));
        QVERIFY(!markAt(Mark::Kind::Change, 21).touches(10, 20));
        QVERIFY(markAt(Mark::Kind::Change, 5, 10).touches(10, 20));
        QVERIFY(!markAt(Mark::Kind::Change, 5, 9).touches(10, 20));
        QVERIFY(markAt(Mark::Kind::Change, 5, {}, true).touches(10, 20));
    }

    void inTheOrderOfTheirTimes()
    {
        m_alerts->all = {markAt(Mark::Kind::Alert, 30), markAt(Mark::Kind::Alert, 10, 12)};
        m_changes->all = {markAt(Mark::Kind::Change, 20), markAt(Mark::Kind::Change, 99)};
        const auto marks = m_board->marks(11, 50);
        QCOMPARE(marks.size(), size_t(3));
        QCOMPARE(marks[0].atMs, 10);
        QCOMPARE(marks[1].kind, Mark::Kind::Change);
        QCOMPARE(marks[2].atMs, 30);
    }

    void whatIsSwitchedOffIsNeitherShownNorAsked()
    {
        m_alerts->all = {markAt(Mark::Kind::Alert, 10)};
        auto watch = m_board->watch();
        QCOMPARE(m_alerts->begun, 1);
        QSignalSpy changed(m_board.get(), &MarkBoard::changed);
        m_switches->set(Mark::Kind::Alert, false);
        QCOMPARE(m_alerts->ended, 1);
        QCOMPARE(m_changes->ended, 0);
        QVERIFY(m_board->marks(0, 100).empty());
        QTRY_COMPARE(changed.count(), 1);
        m_switches->set(Mark::Kind::Alert, true);
        QCOMPARE(m_alerts->begun, 2);
        QCOMPARE(m_board->marks(0, 100).size(), size_t(1));
        watch.reset();
        QCOMPARE(m_alerts->ended, 2);
        QCOMPARE(m_changes->ended, 1);
    }

    /// Who looks may stay longer than what is looked at.
    void watchesEndInAnyOrder()
    {
        auto first = m_board->watch(), second = m_board->watch();
        first.reset();
        QCOMPARE(m_alerts->ended, 0);
        m_board.reset();
        m_switches->set(Mark::Kind::Change, false);
        second.reset();
        QCOMPARE(m_alerts->ended, 1);
    }

    void aSourceThatComesLaterIsWatchedToo()
    {
        const auto watch = m_board->watch();
        const auto incidents = std::make_shared<FakeSource>(Mark::Kind::Incident);
        m_board->add(incidents);
        QCOMPARE(incidents->begun, 1);
    }

    void tellsOnceHoweverMuchChanged()
    {
        QCoreApplication::processEvents();
        QSignalSpy changed(m_board.get(), &MarkBoard::changed);
        for (int i = 0; i < 5; ++i) {
            m_alerts->tell();
            m_changes->tell();
        }
        QTRY_COMPARE(changed.count(), 1);
        m_board->want(3, 4);
        QCOMPARE(m_changes->wanted, (std::pair<qint64, qint64>(3, 4)));
    }

    void switchesAreRememberedByName()
    {
        QSignalSpy changed(m_switches.get(), &MarkSwitches::changed);
        m_switches->setOff({u"alert"_s, u"nonsense"_s, u"rollout"_s});
        QCOMPARE(changed.count(), 1);
        QVERIFY(!m_switches->isOn(Mark::Kind::Alert) && m_switches->isOn(Mark::Kind::Change));
        QCOMPARE(m_switches->off(), (QStringList{u"rollout"_s, u"alert"_s}));
        m_switches->setOff({u"rollout"_s, u"alert"_s});
        QCOMPARE(changed.count(), 1);
        for (const Mark::Kind kind : markKinds)
            QCOMPARE(markKindFromName(markKindName(kind)), std::optional(kind));
    }

private:
    std::shared_ptr<MarkSwitches> m_switches;
    std::unique_ptr<MarkBoard> m_board;
    std::shared_ptr<FakeSource> m_alerts, m_changes;
};

QTEST_GUILESS_MAIN(TestMarks)
#include "test_marks.moc"
