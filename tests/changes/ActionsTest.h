// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Manifests.h"
#include "changes/actions/ClusterActions.h"
#include "changes/plan/JsonTree.h"

#include <QtTest/QTest>

namespace wk::test {

using namespace changes;
using namespace Qt::StringLiterals;

/// Every kind of action on recorded objects: what it would send, and that its inverse brings back what was.
class TestActions : public QObject
{
    Q_OBJECT

private slots:
    void everyKindIsThere();
    void scale();
    void restartWritesTheTime();
    void pausedRefuses();
    void podTemplateAndBack_data();
    void podTemplateAndBack();
    void missingContainer();
    void passwordsAreNotRecorded();
    void undoOfADeployment();
    void undoOfAStatefulSet();
    void autoscaler_data();
    void autoscaler();
    void configMapAndBack();
    void serviceAndBack();
    void ingressAndBack();
    void nodes();
    void drain();
    void deletePods();
    void objects();
    void outside();
    void preconditions();
    void callsSurviveTheRecord();

private:
    static Result<Prepared> prepared(const Step& step, const Answers& answers)
    {
        return actionKind(step.name)->prepare(step, answers, {1'790'000'000'000});
    }
    /// The object after a merge patch that a server accepted.
    static QJsonObject after(const QJsonObject& live, const Call& call)
    {
        return mergePatched(live, call.body).toObject();
    }
};

} // namespace wk::test
