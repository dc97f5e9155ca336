// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/execution/ExecutionActs.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Executor;
using changes::RequestState;
using changes::Resolution;
using Act = ExecutionView::Act;
using Phase = Executor::Phase;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::ExecutionActs)
};

} // namespace

QList<Act> executionActs(const Executor& executor)
{
    QList<Act> out;
    if (executor.phase() == Phase::Working || executor.phase() == Phase::RollingBack)
        out << (executor.stopsAfterThisStep() ? Act::GoOn : Act::StopAfter);
    const Executor::Choices choices = executor.choices();
    for (const auto& [choice, acts] :
         {std::pair{Executor::Confirm, QList<Act>{Act::ConfirmYes, Act::ConfirmNo}},
          std::pair{Executor::Resolve, QList<Act>{Act::ResolveDone, Act::ResolveRepeat, Act::ResolveFailed}},
          std::pair{Executor::EndVerified, QList<Act>{Act::EndVerified}},
          std::pair{Executor::Proceed, QList<Act>{Act::Proceed}},
          std::pair{Executor::RollBack, QList<Act>{Act::RollBack}},
          std::pair{Executor::EndFailed, QList<Act>{Act::EndFailed}}})
        if (choices.testFlag(choice))
            out += acts;
    return out;
}

ExecutionActWords executionActWords(Act act, int step)
{
    constexpr int leastReason = 3;
    const QString number = QString::number(std::abs(step));
    const QString note = Texts::tr("Note"), why = Texts::tr("Why");
    switch (act) {
    case Act::StopAfter:
        return {Texts::tr("Stop after this step"),
                Texts::tr("Stands still once step %1 has ended.").arg(number),
                {},
                0,
                true};
    case Act::GoOn: return {Texts::tr("Do not stop"), Texts::tr("Goes on after step %1.").arg(number), {}, 0, true};
    case Act::Proceed: return {Texts::tr("Go on"), Texts::tr("Goes on with the next step."), {}, 0, true, true};
    case Act::RollBack:
        return {Texts::tr("Roll back"),
                Texts::tr("Takes back what was done, step by step in reverse order, to what was before each step."),
                {},
                0,
                false,
                false,
                true};
    case Act::EndVerified:
        return {Texts::tr("End as verified"),
                Texts::tr("Every step is done; the change counts as verified."),
                note,
                0,
                false,
                true};
    case Act::EndFailed:
        return {Texts::tr("End as failed"),
                Texts::tr("Nothing more is sent; what was done stays."),
                note,
                0,
                false,
                false,
                true};
    case Act::ConfirmYes:
        return {Texts::tr("It is so"),
                Texts::tr("Your word goes to the record of step %1.").arg(number),
                Texts::tr("Comment"),
                0,
                false,
                true};
    case Act::ConfirmNo:
        return {Texts::tr("It is not so"), Texts::tr("Step %1 fails on your word.").arg(number), Texts::tr("Comment"),
                0};
    case Act::ResolveDone:
        return {Texts::tr("Step %1 was done").arg(number),
                Texts::tr("Nobody saw how step %1 ended; on your word it counts as done.").arg(number), why,
                leastReason};
    case Act::ResolveFailed:
        return {Texts::tr("Step %1 failed").arg(number),
                Texts::tr("Nobody saw how step %1 ended; on your word it counts as failed.").arg(number), why,
                leastReason};
    case Act::ResolveRepeat:
        return {Texts::tr("Repeat step %1").arg(number),
                Texts::tr("Step %1 is carried out once more. Only where it surely did not happen.").arg(number),
                why,
                leastReason,
                false,
                false,
                true};
    }
    return {};
}

void carryOut(Executor& executor, Act act, const QString& text)
{
    switch (act) {
    case Act::StopAfter: executor.stopAfterThisStep(true); break;
    case Act::GoOn: executor.stopAfterThisStep(false); break;
    case Act::Proceed: executor.proceed(); break;
    case Act::RollBack: executor.rollBack(); break;
    case Act::EndVerified: executor.finish(RequestState::Verified, text); break;
    case Act::EndFailed: executor.finish(RequestState::Failed, text); break;
    case Act::ConfirmYes: executor.confirm(true, text); break;
    case Act::ConfirmNo: executor.confirm(false, text); break;
    case Act::ResolveDone: executor.resolve(Resolution::Done, text); break;
    case Act::ResolveFailed: executor.resolve(Resolution::Failed, text); break;
    case Act::ResolveRepeat: executor.resolve(Resolution::Repeat, text); break;
    }
}

} // namespace wk::widgets
