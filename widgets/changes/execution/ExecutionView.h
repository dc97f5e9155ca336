// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "changes/execution/Executor.h"
#include "core/Clock.h"

#include <QtCore/QPointer>
#include <QtWidgets/QWidget>

class QHBoxLayout;
class QLabel;
class QTimer;
class QTreeWidget;
class QTreeWidgetItem;

namespace wk::widgets {

class DecisionBar;
class ExecutionBeside;
class ExecutionWorld;
class HealthBadge;
struct ActAnswer;
struct ActQuestion;

/// A plan being carried out, step by step: by this program, with what a person may decide, or by somebody else, as far
/// as it is on record.
///
/// objectNames inside: "executionPhase", "executionSentence", "executionWaits", "executionSteps",
/// "execution-<act>" for the buttons, "executionQuestion" (a DecisionBar).
class ExecutionView : public QWidget
{
    Q_OBJECT
public:
    enum class Act {
        StopAfter,
        GoOn, ///< takes the wish to stop back
        Proceed,
        RollBack,
        EndVerified,
        EndFailed,
        ConfirmYes,
        ConfirmNo,
        ResolveDone,
        ResolveFailed,
        ResolveRepeat
    };
    Q_ENUM(Act)

    /// `world` outlives it; without one nothing is shown beside the steps.
    explicit ExecutionView(std::shared_ptr<Clock> clock, ExecutionWorld* world = nullptr, QWidget* parent = nullptr);

    /// `executor`: the one of this program; nullptr where somebody else carries it out, or nobody yet.
    void show(const changes::RequestDetail& detail, changes::Executor* executor);
    [[nodiscard]] QString phase() const;

private:
    void build();
    void follow(changes::Executor* executor);
    void refresh();
    void refreshHead();
    void refreshSteps();
    void refreshButtons();
    void refreshBeside();
    void showStep(int number, const QString& words);
    void showTimes();
    void addButton(Act act);
    void trigger(Act act);
    void perform(const ActAnswer& answer);
    [[nodiscard]] QList<Act> acts() const;
    [[nodiscard]] const QList<changes::StepRecord>& records() const;
    [[nodiscard]] const changes::StepRecord* recordOf(int step) const;
    [[nodiscard]] QTreeWidgetItem* itemOf(int step) const;
    [[nodiscard]] QString stepWords(int number) const;

    std::shared_ptr<Clock> m_clock;
    std::optional<changes::RequestDetail> m_detail;
    QPointer<changes::Executor> m_executor;
    QHash<int, QString> m_progress; ///< what happens within a step, by its number
    Act m_act = Act::Proceed;

    HealthBadge* m_phase = nullptr;
    QLabel *m_sentence = nullptr, *m_waits = nullptr;
    QTreeWidget* m_steps = nullptr;
    QWidget* m_bar = nullptr;
    QHBoxLayout* m_buttons = nullptr;
    DecisionBar* m_question = nullptr;
    ExecutionBeside* m_beside = nullptr;
    QTimer* m_tick = nullptr;
};

} // namespace wk::widgets
