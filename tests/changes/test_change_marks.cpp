// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/ChangeMarks.h"
#include "support/MemoryDesk.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;
using State = series::MarkSource::Standing::State;

namespace {
constexpr qint64 minute = 60'000;
}

/// When changes were carried out, from the store's record.
class TestChangeMarks : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<ManualClock>(1'795'176'000'000);
        m_desk = std::make_unique<test::MemoryDesk>(*m_clock);
        m_desk->become(u"tina"_s, {u"operator"_s}, Person::Totp::Confirmed);
        m_marks = std::make_unique<ChangeMarks>(u"streamgate"_s, *m_clock);
        m_marks->want(m_clock->nowMs() - 60 * minute, m_clock->nowMs() + 60 * minute);
    }
    void cleanup() { m_marks.reset(); }

    void beganEndedAndHow()
    {
        const qint64 done = request(u"Scale the gateway"_s, u"streamgate"_s, RequestState::Verified);
        const qint64 elsewhere = request(u"Another one"_s, u"datapulse"_s, RequestState::Verified);
        const qint64 began = m_clock->nowMs();
        execution(u"claim"_s, done, 1);
        execution(u"claim"_s, elsewhere, 2);
        m_clock->advance(3 * minute);
        execution(u"finish"_s, done, 1, u"verified"_s);
        execution(u"finish"_s, elsewhere, 2, u"verified"_s);
        const qint64 runs = request(u"Drain a node"_s, u"streamgate"_s, RequestState::Running);
        execution(u"claim"_s, runs, 3);
        const qint64 failed = request(u"Restart"_s, u"streamgate"_s, RequestState::Failed);
        execution(u"claim"_s, failed, 4);
        execution(u"finish"_s, failed, 4, u"failed"_s);

        m_marks->setDesk(m_desk.get());
        QCOMPARE(m_marks->standing().state, State::Asking); // nobody looks
        const auto watch = m_marks->watch();
        QTRY_COMPARE(m_marks->standing().state, State::Known);
        const auto marks = all();
        QCOMPARE(marks.size(), size_t(3));
        QCOMPARE(marks[0].text, u"Change %1: Scale the gateway, verified, by tina"_s.arg(done));
        QCOMPARE(marks[0].atMs, began);
        QCOMPARE(marks[0].untilMs, std::optional(began + 3 * minute));
        QCOMPARE(marks[0].target, QString::number(done));
        QVERIFY(marks[1].goesOn && !marks[1].untilMs);
        QVERIFY(marks[1].text.contains(u"is carried out"_s));
        QCOMPARE(marks[2].tone, series::Mark::Tone::Bad);
    }

    void whatIsNewIsReadWhenTheStoreTellsOfIt()
    {
        m_marks->setDesk(m_desk.get());
        const auto watch = m_marks->watch();
        QTRY_COMPARE(m_marks->standing().state, State::Known);
        QVERIFY(all().empty());
        const qint64 number = request(u"Scale"_s, u"streamgate"_s, RequestState::Running);
        execution(u"claim"_s, number, 1);
        m_desk->touch(number, true);
        QTRY_COMPARE(all().size(), size_t(1));
        QVERIFY(all().front().goesOn);
    }

    /// A chart without marks says something only where they are known.
    void withoutAStoreNothingIsKnown()
    {
        const auto watch = m_marks->watch();
        QCOMPARE(m_marks->standing().state, State::Unknown);
        QVERIFY(m_marks->standing().words.contains(u"Changes panel"_s));
        const qint64 number = request(u"Scale"_s, u"streamgate"_s, RequestState::Verified);
        execution(u"claim"_s, number, 1);
        m_marks->setDesk(m_desk.get());
        QTRY_COMPARE(all().size(), size_t(1));
        DeskStatus away = m_desk->status();
        away.state = DeskStatus::State::Stale;
        m_desk->setStatus(away);
        QCOMPARE(m_marks->standing().state, State::Partial);
        QCOMPARE(all().size(), size_t(1));
        m_marks->setDesk(nullptr);
        QCOMPARE(m_marks->standing().state, State::Unknown);
        QVERIFY(all().empty());
    }

private:
    std::vector<series::Mark> all() const
    {
        auto marks = m_marks->marks(0, m_clock->nowMs() + minute);
        std::ranges::sort(marks, {}, &series::Mark::id);
        return marks;
    }
    qint64 request(const QString& title, const QString& platform, RequestState state)
    {
        RequestDetail detail;
        detail.summary.title = title;
        detail.summary.platform = platform;
        detail.summary.state = state;
        return m_desk->put(detail);
    }
    void execution(const QString& what, qint64 number, qint64 id, const QString& state = {})
    {
        QJsonObject detail{{u"execution"_s, id}};
        if (!state.isEmpty())
            detail.insert(u"state"_s, state);
        m_desk->record(u"execution."_s + what, number, detail);
    }

    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<test::MemoryDesk> m_desk;
    std::unique_ptr<ChangeMarks> m_marks;
};

QTEST_GUILESS_MAIN(TestChangeMarks)
#include "test_change_marks.moc"
