// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Manifests.h"
#include "ScriptedAccess.h"
#include "changes/actions/ClusterActions.h"
#include "changes/plan/JsonTree.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace changes;

inline QJsonObject pod(const char* name, const char* uid)
{
    return json(R"({"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":")" + QByteArray(name) +
                R"(","uid":")" + uid + R"(","ownerReferences":[{"controller":true,"kind":"ReplicaSet"}]},)" +
                R"("status":{"phase":"Running"}})");
}

inline QByteArray podPath(const char* name) { return QByteArray("/api/v1/namespaces/shop/pods/") + name; }
inline Target pods() { return target({}, u"v1"_s, u"Pod"_s, u"pods"_s, u"shop"_s, {}); }
inline Answer refused(int status) { return answer("{}", status); }

inline Step image() { return step(u"setImage"_s, deployment(), R"({"images":{"c":"shop/api:3"}})"); }
inline QByteArray patched(const char* image = "shop/api:3")
{
    const QJsonObject to{{u"spec"_s, QJsonObject{{u"replicas"_s, 2}, {u"image"_s, QString::fromLatin1(image)}}}};
    return QJsonDocument(mergePatched(liveDeployment(), to).toObject()).toJson();
}

/// A cluster with one deployment, and what was seen while actions ran on it.
struct ActionBench
{
    ActionBench() { cluster.objects[deployment().path()] = liveDeployment(); }
    void perform(const Step& step)
    {
        future = actions->perform(
            step,
            [this](const Before& b) {
                before = b;
                cluster.log << "RECORD";
                return QtFuture::makeReadyFuture(recorded);
            },
            [this](const QString& text) { told << text; });
        settle();
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        settle();
    }
    [[nodiscard]] QString sentence() const
    {
        const auto result = future.result();
        return result ? result->sentence : result.error().sentence;
    }
    void setVersion(const char* version)
    {
        QJsonObject& live = cluster.objects[deployment().path()];
        QJsonObject meta = live.value("metadata"_L1).toObject();
        meta.insert(u"resourceVersion"_s, QString::fromLatin1(version));
        live.insert(u"metadata"_s, meta);
    }
    ManualClock clock;
    ScriptedCluster cluster;
    std::unique_ptr<ClusterActions> actions = std::make_unique<ClusterActions>(cluster, clock);
    Result<void> recorded;
    Before before;
    QFuture<Result<Performed>> future;
    QStringList told;
};

} // namespace wk::test
