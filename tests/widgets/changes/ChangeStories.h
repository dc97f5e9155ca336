// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../../changes/ScriptedWorld.h"
#include "changes/execution/Gate.h"
#include "support/MemoryLedger.h"
#include "widgets/changes/ChangeMeans.h"

#include <QtCore/QTemporaryDir>

namespace wk::test {

/// Plans and requests as they occur, for tests and pictures.
namespace stories {

[[nodiscard]] changes::Target deployment(const QString& name, const QString& cluster = QStringLiteral("production"));
[[nodiscard]] changes::Step scale(const QString& name, int replicas, int from);
[[nodiscard]] changes::Step setImage(const QString& name, const QString& image);
[[nodiscard]] changes::Step rollout(const QString& name);
/// `steps` steps: scale and wait, in turn.
[[nodiscard]] changes::Plan plan(const QString& title, const QList<changes::Step>& steps);
[[nodiscard]] changes::RequestFields fields(const QString& title, changes::Risk risk);
/// A request of `requester`, filed `hoursAgo`; submitted a moment after where it is beyond a draft.
[[nodiscard]] changes::RequestDetail request(Clock& clock, const changes::Plan& plan, changes::Risk risk,
                                             const QString& requester, changes::RequestState state, int hoursAgo);
/// A night shift as anna, tech lead, finds it: requests in every state, windows, an execution under way.
void nightShift(MemoryDesk& desk, Clock& clock);
/// Friday, 20 November 2026, 3:12 at night, UTC.
inline constexpr qint64 nightMs = 1'795'144'320'000;

} // namespace stories

/// Means whose clusters answer with what a test says, with the real Gate and the real Executor over a scripted world.
class StoryMeans final : public widgets::ChangeMeans
{
public:
    StoryMeans(MemoryDesk& desk, Clock& clock);

    [[nodiscard]] QFuture<Result<changes::Preview>> preview(const QString& platform,
                                                            const changes::Step& step) override;
    [[nodiscard]] QFuture<Result<changes::Answers>> look(const QString& platform, const changes::Step& step) override;
    /// By a version; or to nothing, for the reason that a test gives.
    [[nodiscard]] QFuture<Result<changes::BoundPlan>> bound(const changes::Plan& plan) override;
    [[nodiscard]] QString whyNotRun(const changes::RequestDetail& detail) const override
    {
        return m_gate.whyNot(detail);
    }
    [[nodiscard]] QString whyNotTakeOver(const changes::RequestDetail& detail) const override
    {
        return m_gate.whyNotTakeOver(detail);
    }
    [[nodiscard]] QString whyNotApprove(const changes::RequestDetail& detail) const override
    {
        return m_gate.whyNotApprove(detail);
    }
    [[nodiscard]] Result<void> run(const changes::RequestDetail& detail) override;
    [[nodiscard]] Result<void> takeOver(const changes::RequestDetail& detail, const QString& reason) override;
    [[nodiscard]] QFuture<Result<QString>> whyNotAllowed(const QString& platform, const changes::Step& step) override;
    [[nodiscard]] QString whyNotAtOnce(const changes::Plan& plan) const override;
    [[nodiscard]] Result<void> runAtOnce(const changes::RequestFields& fields, const changes::Plan& plan) override;
    [[nodiscard]] changes::Executor* executor(qint64 number) const override;
    [[nodiscard]] std::vector<std::shared_ptr<const platform::Platform>> platforms() const override { return known; }
    [[nodiscard]] std::vector<std::shared_ptr<const changes::PlanTemplate>> templates() const override
    {
        return knownTemplates;
    }
    [[nodiscard]] QFuture<Result<QJsonObject>> liveWorkload(const platform::Platform& platform,
                                                            const QString& workload) override;

    std::optional<Error> previewError, bindError;
    changes::Answers answers; ///< to whatever a form reads; none: that it cannot be read
    QString forbidden;        ///< what the cluster says to everything
    platform::ClusterClass klass = platform::ClusterClass::Production;
    QList<changes::Plan> done; ///< at once
    int previews = 0;
    std::vector<std::shared_ptr<const platform::Platform>> known;
    std::vector<std::shared_ptr<const changes::PlanTemplate>> knownTemplates;

private:
    Result<void> keep(qint64 number, changes::Gate::Opened opened);

    changes::Gate m_gate;
    Clock& m_clock;
    QTemporaryDir m_folder;

public:
    FileWorld world;
    ScriptedRunner runner;
    MemoryLedger ledger;

private:
    std::map<qint64, std::unique_ptr<changes::Executor>> m_executors;
};

} // namespace wk::test
