// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Manifests.h"
#include "changes/checks/CheckWorld.h"
#include "monitoring/prometheus/AnswerDecoder.h"

/// What checks are given to look at.
namespace wk::test {

inline changes::Step check(const QString& name, const QByteArray& parameters,
                           const changes::Target& target = deployment())
{
    changes::Step out = step(name, target, parameters);
    out.type = changes::Step::Type::Check;
    return out;
}

inline QByteArray vector(const QByteArrayList& values)
{
    QByteArrayList series;
    for (const QByteArray& value : values)
        series << R"({"metric":{"pod":"p)" + QByteArray::number(series.size()) + R"("},"value":[1.5,")" + value +
                      "\"]}";
    return R"({"status":"success","data":{"resultType":"vector","result":[)" + series.join(',') + "]}}";
}

/// What Prometheus answered with.
inline Result<changes::MetricsAccess::Value> metrics(const QByteArray& body, const QString& where = {})
{
    monitoring::AnswerDecoder decoder;
    if (const auto fed = decoder.feed(body); !fed)
        return fail(fed.error());
    const auto answer = decoder.finish();
    return answer ? Result<changes::MetricsAccess::Value>({*answer, where}) : fail(answer.error());
}

inline QByteArray deploymentJson(int generation, int observed, const QByteArray& status)
{
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"generation":)" + QByteArray::number(generation) +
           R"(},"spec":{"replicas":3},"status":{"observedGeneration":)" + QByteArray::number(observed) + status + "}}";
}

inline const QByteArray rolled = R"(,"replicas":3,"updatedReplicas":3,"availableReplicas":3)";

} // namespace wk::test
