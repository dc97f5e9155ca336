// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckKind.h"
#include "changes/checks/CheckRunner.h"

namespace wk::changes {

struct CheckTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::CheckRunner)
};

/// What one look showed.
struct Look
{
    enum class State {
        Holds,
        Not,  ///< not now
        Never ///< and waiting does not help
    };
    State state = State::Not;
    QString words; ///< "3 of 5 updated pods are available"; without a full stop
    bool operator==(const Look&) const = default;
};

/// One check: looks at an interval, measures how long it has held, ends in time.
class CheckJob : public Promising<CheckOutcome>
{
public:
    CheckJob(const CheckWorld& world, Clock& clock, Step step, StepRunner::Progress progress, qint64 intervalMs);

    void start() override;

protected:
    /// Asks once; ends in seen(), now or later.
    virtual void look() = 0;
    void seen(const Result<Look>& result);
    /// Who gave the answers, and why they were asked: told once, and kept in the result.
    void tellSource(const QString& source);
    /// What is so until the answer of this look comes.
    void waitFor(const Look& look);
    [[nodiscard]] QString parameter(QLatin1StringView name) const { return m_step.parameters.value(name).toString(); }

    const CheckWorld& m_world;
    Clock& m_clock;
    const Step m_step;

private:
    void judge(const Look& look);
    void lookLater(qint64 ms);
    void onTimeOver();
    void finish(bool passed, const QString& sentence);
    void tell(const QString& text);

    StepRunner::Progress m_progress;
    const qint64 m_intervalMs, m_forMs, m_withinMs;
    qint64 m_startMs = 0;
    std::optional<qint64> m_heldSinceMs; ///< when the answer of the first good look came
    std::optional<Result<Look>> m_last;
    QString m_told, m_source;
    int m_looks = 0;
    std::shared_ptr<void> m_next, m_deadline;
};

/// "Is this value as wanted" of the checks that compare a number: "comparison" and "value".
[[nodiscard]] bool isAsWanted(const Step& step, double value);

/// The cluster of the step's target.
[[nodiscard]] Result<ClusterAccess*> clusterOf(const CheckWorld& world, const Step& step);

using CheckMaker = std::unique_ptr<CheckJob> (*)(const CheckWorld&, Clock&, const Step&, StepRunner::Progress);
// Each subject makes its own.
[[nodiscard]] CheckMaker clusterCheck(CheckKind::Id id);
[[nodiscard]] CheckMaker promQlCheck();
[[nodiscard]] CheckMaker sqlCheck();
[[nodiscard]] CheckMaker httpCheck();
[[nodiscard]] CheckMaker confirmCheck();

template <typename J>
CheckMaker makerOf()
{
    return [](const CheckWorld& world, Clock& clock, const Step& step,
              StepRunner::Progress progress) -> std::unique_ptr<CheckJob> {
        return std::make_unique<J>(world, clock, step, std::move(progress), J::intervalMs);
    };
}

// What single answers mean; pure.
/// `kubectl rollout status` of a deployment, stateful set or daemon set, by the same rules:
/// k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go. BadInput where the update strategy knows no status.
[[nodiscard]] Result<Look> rolloutLook(const QJsonObject& workload);
/// All pods that are not over and not on their way out are ready (condition Ready), and there are at least `minimum`.
/// Over and leaving as k8s.io/kubernetes/pkg/controller/controller_utils.go IsPodActive says.
[[nodiscard]] Look podsLook(const QList<QJsonObject>& pods, qint64 minimum);
/// A scalar, or a vector all of whose series must be as wanted. No series: not so, or 0 with "absentIsZero". NaN is
/// never as wanted. Ranges, texts and native histograms are BadInput. A warning of the server is said with the value.
[[nodiscard]] Result<Look> promQlLook(const Step& step, const monitoring::Answer& answer);
/// One row of one column with a number, or a boolean as 1 and 0. No row and null are not so; anything else is BadInput.
[[nodiscard]] Result<Look> sqlLook(const Step& step, const SqlValue& value);
/// The status, and "contains" in the body.
[[nodiscard]] Look httpLook(const Step& step, const Answer& answer);

} // namespace wk::changes
