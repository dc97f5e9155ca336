// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/StepWords.h"

#include "changes/actions/ClusterActions.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Step;
using changes::StepState;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::StepWords)
};

} // namespace

QString stepPlaceWords(const Step& step)
{
    const bool back = step.onFailure == Step::OnFailure::Rollback;
    const QString failure = step.isAction() ? back ? Texts::tr("If it fails, what was done is taken back.")
                                                   : Texts::tr("If it fails, the plan stands still.")
                            : back ? Texts::tr("If it does not hold, what was done is taken back.")
                                            : Texts::tr("If it does not hold, the plan stands still.");
    if (step.target.cluster.isEmpty())
        return Texts::tr("On this machine. %1").arg(failure);
    return Texts::tr("Cluster %1. %2").arg(step.target.cluster, failure);
}

Health stepHealth(StepState state)
{
    switch (state) {
    case StepState::Running: return Health::Info;
    case StepState::Done: return Health::Good;
    case StepState::Failed: return Health::Bad;
    case StepState::Skipped: return Health::None;
    case StepState::Unknown:
    case StepState::Repeat: return Health::Warning;
    }
    return Health::None;
}

QStringList sentLines(const changes::StepRecord& record)
{
    QStringList out;
    // Not the bodies: they may hold what only the cluster should know.
    for (const changes::Call& call : changes::Before::fromJson(record.before).calls)
        out << u"  "_s + QString::fromLatin1(call.verb()) + u' ' + QString::fromUtf8(call.path);
    return out;
}

} // namespace wk::widgets
