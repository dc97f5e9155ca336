// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CtlStage.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

inline QJsonObject scaleTo(const QString& deployment, int replicas)
{
    return actionStep(u"scale"_s, u"production"_s, u"Deployment"_s, u"streamgate"_s, deployment,
                      {{u"replicas"_s, replicas}});
}

inline QJsonObject check(const QString& name, const QJsonObject& parameters, const QString& deployment = {})
{
    QJsonObject step{{u"check"_s, name}, {u"parameters"_s, parameters}};
    if (!deployment.isEmpty())
        step.insert(u"target"_s, scaleTo(deployment, 1).value("target"_L1));
    return step;
}

/// What people and pipelines do with change requests from a terminal: the real program, a real store, the fleet.
class TestCtlChange : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aWholeLife();
    void refusals_data();
    void refusals();
    void approvalNamesTheHash();
    void anEditVoidsTheApproval();
    void itIsBoundToWhatWasThere();
    void aPipelineAwaits();
    void actions();
    void confirmationAndStop();
    void interruptedAfterThisStep();
    void aHighRiskAsksForACode();
    void onePersonAlone();
    void aFailedCheckRollsBack();
    void theRecord();
    void aBrokenRecordIsNamed();

private:
    /// Files a plan as anna and submits it; the request as JSON.
    [[nodiscard]] QJsonObject filed(const QList<QJsonObject>& steps, const QStringList& more = {u"--submit"_s});
    [[nodiscard]] qint64 approved(const QList<QJsonObject>& steps);
    [[nodiscard]] QString stateOf(qint64 number);
    [[nodiscard]] int replicas(const QString& deployment);

    CtlStage m_stage;
    int m_plans = 0;
};

} // namespace wk::test
