// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Kube.h"
#include "changes/checks/CheckJob.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// A check that reads one cluster.
class ClusterCheck : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 2'000;

protected:
    void read(const Read& read, std::function<void(const QJsonObject&)> done)
    {
        const auto access = clusterOf(m_world, m_step);
        if (!access) {
            seen(fail(access.error()));
            return;
        }
        ClusterAccess* cluster = *access;
        await(cluster->read(read), [this, read, cluster, done = std::move(done)](const Result<Answer>& answer) {
            const auto object = objectIn(answer, read, *cluster, m_step.target.words());
            if (object)
                done(*object);
            else
                seen(fail(object.error()));
        });
    }
};

class RolloutFinished final : public ClusterCheck
{
public:
    using ClusterCheck::ClusterCheck;

protected:
    void look() override
    {
        read({m_step.target.path(), {}, false}, [this](const QJsonObject& workload) { seen(rolloutLook(workload)); });
    }
};

class PodsReady final : public ClusterCheck
{
public:
    using ClusterCheck::ClusterCheck;

protected:
    void look() override
    {
        m_pods.clear();
        page({});
    }

private:
    void page(const QString& token)
    {
        QByteArray query = "limit=500&labelSelector=" + kube::encoded(parameter("selector"_L1));
        if (!token.isEmpty())
            query += "&continue=" + kube::encoded(token);
        read({m_step.target.collectionPath(), query, false}, [this](const QJsonObject& list) {
            m_pods += kube::items(list);
            const QString next = kube::textAt(list, u"/metadata/continue");
            if (next.isEmpty())
                seen(podsLook(m_pods, m_step.parameters.value("minimum"_L1).toInteger(1)));
            else
                page(next);
        });
    }

    QList<QJsonObject> m_pods;
};

Look waiting(const QString& words) { return {Look::State::Not, words}; }
Look good(const QString& words) { return {Look::State::Holds, words}; }

/// The numbers of a workload; what is absent is 0, as in Go.
class Figures
{
public:
    explicit Figures(const QJsonObject& workload) : m_workload(workload) {}
    [[nodiscard]] qint64 status(const QString& name) const { return at(u"/status/"_s + name).toInteger(); }
    [[nodiscard]] qint64 generation() const { return at(u"/metadata/generation"_s).toInteger(); }
    [[nodiscard]] qint64 observed() const { return status(u"observedGeneration"_s); }
    [[nodiscard]] QJsonValue at(const QString& pointer) const { return valueAt(m_workload, pointer); }
    /// Of the update strategy, which the API server writes out; a stored object always has one.
    [[nodiscard]] bool rolls() const
    {
        return at(u"/spec/updateStrategy/type"_s).toString(u"RollingUpdate"_s) == "RollingUpdate"_L1;
    }

private:
    const QJsonObject& m_workload;
};

Look notObserved() { return waiting(CheckTexts::tr("its controller has not seen the change yet")); }

Result<Look> noStatus()
{
    return fail(Error::Kind::BadInput,
                CheckTexts::tr("A rollout can only be followed where the update strategy is RollingUpdate."));
}

Look deploymentLook(const Figures& f)
{
    if (f.generation() > f.observed())
        return notObserved();
    const QJsonArray conditions = f.at(u"/status/conditions"_s).toArray();
    for (const auto& condition : conditions) {
        const QJsonObject c = condition.toObject();
        if (c.value("type"_L1).toString() == "Progressing"_L1 &&
            c.value("reason"_L1).toString() == "ProgressDeadlineExceeded"_L1)
            return {Look::State::Never, CheckTexts::tr("it exceeded its progress deadline")};
    }
    const qint64 replicas = f.status(u"replicas"_s), updated = f.status(u"updatedReplicas"_s);
    const qint64 available = f.status(u"availableReplicas"_s);
    if (const QJsonValue wanted = f.at(u"/spec/replicas"_s); wanted.isDouble() && updated < wanted.toInteger())
        return waiting(CheckTexts::tr("%1 of %2 new pods have been made").arg(updated).arg(wanted.toInteger()));
    if (replicas > updated)
        return waiting(CheckTexts::tr("%1 old pods still have to go").arg(replicas - updated));
    if (available < updated)
        return waiting(CheckTexts::tr("%1 of %2 updated pods are available").arg(available).arg(updated));
    return good(CheckTexts::tr("rolled out, %1 of %2 pods are available").arg(available).arg(updated));
}

Result<Look> daemonSetLook(const Figures& f)
{
    if (!f.rolls())
        return noStatus();
    if (f.generation() > f.observed())
        return notObserved();
    const qint64 wanted = f.status(u"desiredNumberScheduled"_s), updated = f.status(u"updatedNumberScheduled"_s);
    const qint64 available = f.status(u"numberAvailable"_s);
    if (updated < wanted)
        return waiting(CheckTexts::tr("%1 of %2 new pods have been made").arg(updated).arg(wanted));
    if (available < wanted)
        return waiting(CheckTexts::tr("%1 of %2 updated pods are available").arg(available).arg(wanted));
    return good(CheckTexts::tr("rolled out, %1 of %2 pods are available").arg(available).arg(wanted));
}

Result<Look> statefulSetLook(const Figures& f)
{
    if (!f.rolls())
        return noStatus();
    if (f.observed() == 0 || f.generation() > f.observed())
        return notObserved();
    const QJsonValue wanted = f.at(u"/spec/replicas"_s), rolling = f.at(u"/spec/updateStrategy/rollingUpdate"_s);
    const qint64 ready = f.status(u"readyReplicas"_s), updated = f.status(u"updatedReplicas"_s);
    if (wanted.isDouble() && ready < wanted.toInteger())
        return waiting(CheckTexts::tr("%1 of %2 pods are ready").arg(ready).arg(wanted.toInteger()));
    if (rolling.isObject()) {
        const QJsonValue partition = rolling.toObject().value("partition"_L1);
        const qint64 share = wanted.toInteger() - partition.toInteger();
        if (wanted.isDouble() && partition.isDouble() && updated < share)
            return waiting(CheckTexts::tr("%1 of %2 new pods have been made").arg(updated).arg(share));
        return good(CheckTexts::tr("rolled out, %1 pods are updated").arg(updated));
    }
    const QString next = f.at(u"/status/updateRevision"_s).toString();
    if (next != f.at(u"/status/currentRevision"_s).toString())
        return waiting(CheckTexts::tr("%1 pods are at revision %2").arg(QString::number(updated), next));
    return good(CheckTexts::tr("rolled out, all pods are at revision %1").arg(next));
}

bool isReady(const QJsonObject& pod)
{
    const QJsonArray conditions = valueAt(pod, u"/status/conditions").toArray();
    return std::ranges::any_of(conditions, [](const QJsonValue& value) {
        const QJsonObject condition = value.toObject();
        return condition.value("type"_L1).toString() == "Ready"_L1 &&
               condition.value("status"_L1).toString() == "True"_L1;
    });
}

} // namespace

Result<ClusterAccess*> clusterOf(const CheckWorld& world, const Step& step)
{
    if (world.cluster)
        return world.cluster(step.target.cluster);
    return fail(Error::Kind::Unsupported, CheckTexts::tr("There is no connection to clusters here."));
}

Result<Look> rolloutLook(const QJsonObject& workload)
{
    const Figures figures(workload);
    const QString kind = workload.value("kind"_L1).toString();
    if (kind == "Deployment"_L1)
        return deploymentLook(figures);
    if (kind == "DaemonSet"_L1)
        return daemonSetLook(figures);
    if (kind == "StatefulSet"_L1)
        return statefulSetLook(figures);
    return fail(Error::Kind::BadInput, CheckTexts::tr("A rollout of a %1 cannot be followed.").arg(kind));
}

Look podsLook(const QList<QJsonObject>& pods, qint64 minimum)
{
    qint64 active = 0, ready = 0;
    QString first;
    for (const QJsonObject& pod : pods) {
        const QString phase = kube::textAt(pod, u"/status/phase");
        if (phase == "Succeeded"_L1 || phase == "Failed"_L1 || kube::metadata(pod).contains("deletionTimestamp"_L1))
            continue;
        ++active;
        if (isReady(pod))
            ++ready;
        else if (first.isEmpty())
            first = kube::metadata(pod).value("name"_L1).toString();
    }
    const QString words = CheckTexts::tr("%1 of %2 pods are ready").arg(ready).arg(active);
    if (ready < active)
        return waiting(CheckTexts::tr("%1, not ready is %2").arg(words, first));
    if (ready < minimum)
        return waiting(CheckTexts::tr("%1, at least %2 are wanted").arg(words).arg(minimum));
    return good(words);
}

CheckMaker clusterCheck(CheckKind::Id id)
{
    return id == CheckKind::Id::PodsReady ? makerOf<PodsReady>() : makerOf<RolloutFinished>();
}

} // namespace wk::changes
