// SPDX-License-Identifier: GPL-3.0-or-later
// What selects pods: services with their endpoints, and disruption budgets.
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Engine.h"
#include "fleet/world/Json.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// An empty selector matches nothing here: neither a service nor a budget without one has pods.
bool selects(const QJsonObject& selector, const QJsonObject& labels)
{
    for (auto it = selector.begin(); it != selector.end(); ++it)
        if (labels.value(it.key()) != *it)
            return false;
    return !selector.isEmpty();
}

QJsonObject labelsOf(const Revision& r) { return at(r.podTemplate, u"metadata", u"labels").toObject(); }

bool selectsAny(const QJsonObject& selector, const Workload& w)
{
    return std::ranges::any_of(w.revisions,
                               [&](const Revision& r) { return !r.pruned && selects(selector, labelsOf(r)); });
}

/// "50%" of a number, or the number itself (intstr.GetScaledValueFromIntOrPercent).
int scaled(const QJsonValue& value, int of, bool up)
{
    if (!value.isString())
        return value.toInt();
    const double share = value.toString().chopped(1).toDouble() / 100 * of;
    return int(up ? std::ceil(share) : std::floor(share));
}

struct BudgetState
{
    int expected = 0, healthy = 0, wanted = 0;
    [[nodiscard]] int allowed() const { return std::max(0, healthy - wanted); }
};

BudgetState budgetState(const Cluster& c, const QJsonObject& budget)
{
    BudgetState s;
    const QString space = at(budget, u"metadata", u"namespace").toString();
    const QJsonObject spec = budget.value(u"spec").toObject(),
                      selector = at(spec, u"selector", u"matchLabels").toObject();
    for (const Workload& w : c.workloads) {
        if (w.gone || w.spec.space != space || !selects(selector, labelsOf(w.revisions[std::size_t(w.current)])))
            continue;
        s.expected += w.desired;
        for (const qint64 id : w.pods)
            if (const auto it = c.pods.find(id); it != c.pods.end() && it->second->live())
                s.healthy += it->second->ready;
    }
    s.wanted = spec.contains(u"minAvailable"_s)
                   ? scaled(spec.value(u"minAvailable"), s.expected, true)
                   : std::max(0, s.expected - scaled(spec.value(u"maxUnavailable"), s.expected, true));
    return s;
}

} // namespace

int Workload::surgePods() const { return recreate ? 0 : scaled(maxSurge, desired, true); }

int Workload::unavailablePods() const
{
    const int n = scaled(maxUnavailable, desired, false);
    // Both nothing would mean no progress: one may be missing (deploymentutil.ResolveFenceposts).
    return n == 0 && (recreate || scaled(maxSurge, desired, true) == 0) ? 1 : n;
}

void Engine::publishServicesOf(const Workload& w)
{
    for (const ObjectPtr& service : m_store.list(u"services"_s, w.spec.space))
        if (selectsAny(at(service->json, u"spec", u"selector").toObject(), w))
            publishService(service->json);
}

void Engine::publishService(const QJsonObject& service)
{
    const QString space = at(service, u"metadata", u"namespace").toString();
    const QJsonObject selector = at(service, u"spec", u"selector").toObject();
    if (selector.isEmpty())
        return; // somebody else keeps its endpoints
    QList<const Pod*> pods;
    for (const Workload& w : m_cluster.workloads) {
        if (w.spec.space != space)
            continue;
        for (const qint64 id : w.pods)
            if (const Pod* p = pod(id); selects(selector, labelsOf(w.revisions[std::size_t(p->revision)])))
                pods.append(p);
    }
    for (const qint64 id : m_loosePods)
        if (const Pod* p = pod(id); p && p->space == space)
            if (const ObjectPtr o = m_store.find(u"pods"_s, space, p->name);
                o && selects(selector, at(o->json, u"metadata", u"labels").toObject()))
                pods.append(p);
    m_store.put(u"endpointslices.discovery.k8s.io"_s, endpointSliceManifest(m_cluster, service, pods));
    m_store.put(u"endpoints"_s, endpointsManifest(m_cluster, service, pods));
}

void Engine::publishBudgetsOf(const Workload& w)
{
    for (const ObjectPtr& budget : m_store.list(u"poddisruptionbudgets.policy"_s, w.spec.space))
        if (selectsAny(at(budget->json, u"spec", u"selector", u"matchLabels").toObject(), w))
            publishBudget(budget->json);
}

void Engine::publishBudget(const QJsonObject& budget)
{
    const BudgetState s = budgetState(m_cluster, budget);
    const bool room = s.allowed() > 0;
    QString since = timeText(m_cluster.nowMs);
    const QJsonObject before = at(budget, u"status", u"conditions").toArray().at(0).toObject();
    if (before.value(u"status").toString() == (room ? u"True" : u"False"))
        since = before.value(u"lastTransitionTime").toString();
    QJsonObject fresh = budget;
    fresh[u"status"_s] = QJsonObject{
        {u"observedGeneration"_s, at(budget, u"metadata", u"generation")},
        {u"disruptionsAllowed"_s, s.allowed()},
        {u"currentHealthy"_s, s.healthy},
        {u"desiredHealthy"_s, s.wanted},
        {u"expectedPods"_s, s.expected},
        {u"conditions"_s, QJsonArray{QJsonObject{{u"type"_s, u"DisruptionAllowed"_s},
                                                 {u"status"_s, room ? u"True"_s : u"False"_s},
                                                 {u"lastTransitionTime"_s, since},
                                                 {u"reason"_s, room ? u"SufficientPods"_s : u"InsufficientPods"_s},
                                                 {u"message"_s, QString()}}}}};
    publishStatus(u"poddisruptionbudgets.policy"_s, fresh);
}

std::optional<QString> Engine::budgetAgainst(const Object& pod) const
{
    const QJsonObject labels = at(pod.json, u"metadata", u"labels").toObject();
    for (const ObjectPtr& budget : m_store.list(u"poddisruptionbudgets.policy"_s, pod.space)) {
        if (!selects(at(budget->json, u"spec", u"selector", u"matchLabels").toObject(), labels))
            continue;
        const BudgetState s = budgetState(m_cluster, budget->json);
        if (s.allowed() == 0)
            return u"The disruption budget %1 needs %2 healthy pods and has %3 currently"_s.arg(budget->name)
                .arg(s.wanted)
                .arg(s.healthy);
    }
    return std::nullopt;
}

} // namespace wk::fleet
