// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/RollbackPlan.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::RollbackPlan)
};

const StepRecord* recordOf(const QList<StepRecord>& records, int step)
{
    const auto it = std::ranges::find(records, step, &StepRecord::step);
    return it == records.end() ? nullptr : &*it;
}

/// The inverse as captured before, or with what only became known afterwards (the identity of a created object).
Inverse inverseOf(const StepRecord& record)
{
    const Before after = Before::fromJson(record.result);
    return after.inverse.steps.isEmpty() ? Before::fromJson(record.before).inverse : after.inverse;
}

} // namespace

QList<TakingBack> rollbackOf(const Plan& plan, const QList<StepRecord>& records)
{
    QList<TakingBack> out;
    for (int k = int(plan.steps().size()); k > 0; --k) {
        const StepRecord* done = recordOf(records, k);
        const StepRecord* back = recordOf(records, -k);
        const bool ran = done && (done->state == StepState::Done || done->state == StepState::Failed);
        if (!ran || !plan.steps().at(k - 1).isAction() || done->before.isEmpty() ||
            (back && back->state != StepState::Repeat))
            continue;
        const Inverse inverse = inverseOf(*done);
        out << TakingBack{k, inverse, done->state == StepState::Failed || deletesUnknown(inverse)};
    }
    return out;
}

bool deletesUnknown(const Inverse& inverse)
{
    return std::ranges::any_of(inverse.steps, [](const Step& step) {
        return step.name == "deleteObject"_L1 && step.precondition.uid.isEmpty();
    });
}

QJsonObject beforeOfRollback(const QList<Step>& steps, const Before& before)
{
    QJsonArray list;
    for (const Step& step : steps)
        list.append(step.toJson());
    return {{u"steps"_s, list}, {u"before"_s, before.toJson()}};
}

std::optional<std::pair<Step, Before>> lookedAt(const Plan& plan, const StepRecord& record)
{
    if (record.step > 0) {
        const Step& step = plan.steps().at(record.step - 1);
        return step.isAction() && !record.before.isEmpty()
                   ? std::optional(std::pair(step, Before::fromJson(record.before)))
                   : std::nullopt;
    }
    const QJsonArray steps = record.before.value("steps"_L1).toArray();
    if (steps.size() != 1)
        return {};
    Mistakes mistakes;
    const Step step = Step::fromJson(steps.first(), mistakes);
    if (!mistakes.isEmpty())
        return {};
    return std::pair(step, Before::fromJson(record.before.value("before"_L1).toObject()));
}

QString leftStanding(const QList<StepRecord>& records)
{
    QStringList out;
    for (const StepRecord& record : records)
        if (record.step < 0 && !record.result.contains("nothingToDo"_L1) &&
            (record.state == StepState::Failed || record.state == StepState::Skipped))
            out << Texts::tr("Step %1 was not taken back: %2").arg(-record.step).arg(record.sentence());
    return out.join(u'\n');
}

} // namespace wk::changes
