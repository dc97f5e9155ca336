// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "GateTest.h"
#include "ScriptedWorld.h"
#include "changes/execution/Heartbeat.h"

namespace wk::test {

/// What tests of the executor work with: a team's store, a scripted world, a clock that stands still.
class ExecutorFixture
{
protected:
    [[nodiscard]] Result<void> renew()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_world = std::make_unique<FileWorld>(m_folder->path());
        m_runner = std::make_unique<ScriptedRunner>(*m_world);
        return m_team.renew(true);
    }
    /// Proposed by olga, approved by tina.
    [[nodiscard]] qint64 approved(const changes::Plan& plan);
    [[nodiscard]] changes::Executor::Means means(Seat& seat) { return {seat.ledger, *m_runner, m_clock}; }
    /// Started.
    [[nodiscard]] std::unique_ptr<changes::Executor> open(Seat& seat, qint64 number);
    [[nodiscard]] std::unique_ptr<changes::Executor> takeOver(Seat& seat, qint64 number);

    Team m_team;
    ManualClock m_clock{QDateTime::currentMSecsSinceEpoch()};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FileWorld> m_world;
    std::unique_ptr<ScriptedRunner> m_runner;
};

inline qint64 ExecutorFixture::approved(const changes::Plan& plan)
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    const qint64 number = olga.propose(QStringLiteral("Shop - more replicas"), plan);
    if (const auto done = tina.approve(number); !done)
        qFatal("%s", words(done).constData());
    return number;
}
inline std::unique_ptr<changes::Executor> ExecutorFixture::open(Seat& seat, qint64 number)
{
    if (!seat.isCurrent())
        qFatal("the desk never became current");
    auto opened = changes::Gate(seat.desk, m_clock).open(seat.detail(number), means(seat));
    if (!opened)
        qFatal("%s", words(opened).constData());
    (*opened)->start();
    return std::move(*opened);
}
inline std::unique_ptr<changes::Executor> ExecutorFixture::takeOver(Seat& seat, qint64 number)
{
    if (!seat.isCurrent())
        qFatal("the desk never became current");
    auto opened =
        changes::Gate(seat.desk, m_clock).takeOver(seat.detail(number), QStringLiteral("They are gone."), means(seat));
    if (!opened)
        qFatal("%s", words(opened).constData());
    (*opened)->start();
    return std::move(*opened);
}

} // namespace wk::test

/// Waits for a phase of an executor, but not past its end.
#define PHASE(executor, wanted)                                                                                        \
    QVERIFY2(wk::test::until([&] {                                                                                     \
                 return (executor).phase() == (wanted) || (executor).phase() >= wk::changes::Executor::Phase::Ended;   \
             }) &&                                                                                                     \
                 (executor).phase() == (wanted),                                                                       \
             qPrintable(wk::changes::phaseWords((executor).phase()) + QStringLiteral(": ") + (executor).sentence() +   \
                        (executor).waitingFor()))
