// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/WayBack.h"

#include "changes/actions/ActionKind.h"
#include "changes/runners/OutsideRunner.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::WayBack)
};

} // namespace

QString noWayBack(const Step& step)
{
    if (!step.isAction())
        return {};
    if (step.name == "restart"_L1)
        return Texts::tr("A restart changes no setting, so there is nothing to bring back.");
    if (step.name == "deletePods"_L1)
        return Texts::tr("Deleted pods are made anew by their controller.");
    const ActionKind* kind = actionKind(step.name);
    return kind && kind->place() != ActionKind::Place::Cluster ? beforeOutside(step).inverse.reason : QString();
}

QStringList noWayBack(const Plan& plan)
{
    QStringList out;
    for (qsizetype i = 0; i < plan.steps().size(); ++i)
        if (const QString why = noWayBack(plan.steps()[i]); !why.isEmpty())
            out << Texts::tr("Step %1 cannot be taken back: %2").arg(QString::number(i + 1), why);
    return out;
}

QString cannotBeSeen(const Step& step)
{
    const ActionKind* kind = step.isAction() ? actionKind(step.name) : nullptr;
    return kind && kind->place() == ActionKind::Place::Command
               ? Texts::tr("What the program did cannot be seen from here: after an interruption a person has to look.")
               : QString();
}

} // namespace wk::changes
