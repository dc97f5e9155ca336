// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/Heartbeat.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

namespace {

/// A machine that may sleep: meanwhile the wall clock goes on and timers do not.
class SleepyClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_clock.nowMs() + slept; }
    qint64 monotonicMs() const override { return m_clock.monotonicMs(); }
    std::shared_ptr<void> after(QObject* context, qint64 ms, std::function<void()> f) override
    {
        return m_clock.after(context, ms, std::move(f));
    }
    void advance(qint64 ms)
    {
        m_clock.advance(ms);
        QCoreApplication::processEvents();
    }
    qint64 slept = 0;

private:
    ManualClock m_clock;
};

/// Takes signs of life and nothing else.
class SignsOfLife final : public ExecutionLedger
{
public:
    Result<void> answer;
    int beats = 0;

    QFuture<Result<void>> heartbeat(qint64, const QString&) override
    {
        ++beats;
        return QtFuture::makeReadyFuture(answer);
    }
    QFuture<Result<Claim>> claim(qint64, int, const QByteArray&) override { return never<Claim>(); }
    QFuture<Result<Claim>> actNow(const RequestFields&, const Plan&) override { return never<Claim>(); }
    QFuture<Result<Claim>> takeOver(qint64, const QString&) override { return never<Claim>(); }
    QFuture<Result<void>> beginStep(qint64, const QString&, int, const QJsonObject&) override { return never<void>(); }
    QFuture<Result<void>> endStep(qint64, const QString&, int, StepState, const QJsonObject&) override
    {
        return never<void>();
    }
    QFuture<Result<void>> resolveStep(qint64, const QString&, int, Resolution, const QString&) override
    {
        return never<void>();
    }
    QFuture<Result<void>> finish(qint64, const QString&, RequestState, const QString&) override
    {
        return never<void>();
    }
    QFuture<Result<ExecutionRecord>> record(qint64) override { return never<ExecutionRecord>(); }
    QFuture<Result<std::optional<ExecutionRecord>>> running(qint64, const QByteArray&) override
    {
        return never<std::optional<ExecutionRecord>>();
    }

private:
    template <typename T>
    static QFuture<Result<T>> never()
    {
        return QtFuture::makeReadyFuture(Result<T>(fail(Error::Kind::Unsupported, u"Nobody asks for this."_s)));
    }
};

} // namespace

class TestHeartbeat : public QObject
{
    Q_OBJECT

private slots:
    void itLastsAsLongAsItBeats()
    {
        for (int i = 0; i < 20; ++i) {
            m_clock.advance(5'000);
            QVERIFY(m_heartbeat.maySend());
        }
        QVERIFY(m_ledger.beats >= 9);
        QVERIFY(m_lost.isEmpty());
    }

    void nothingIsSentAfterASleep()
    {
        m_clock.slept = 60'000; // no timer has fired, and somebody may have taken over
        QVERIFY(m_lost.isEmpty());
        QVERIFY(!m_heartbeat.maySend());
        m_clock.advance(1);
        QCOMPARE(m_lost.size(), 1);
        QVERIFY(!m_heartbeat.maySend());
        m_clock.advance(60'000);
        QCOMPARE(m_lost.size(), 1);
    }

private:
    SleepyClock m_clock;
    SignsOfLife m_ledger;
    Heartbeat m_heartbeat{m_ledger, m_clock, 1, u"token"_s, Heartbeat::Instant::of(m_clock)};
    QSignalSpy m_lost{&m_heartbeat, &Heartbeat::lost};
};

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "test_heartbeat.moc"
