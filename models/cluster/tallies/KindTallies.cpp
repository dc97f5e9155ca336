// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/KindTallies.h"

#include "cluster/KindCatalog.h"

namespace wk::cluster {

KindTallies::KindTallies(std::shared_ptr<ClusterView> cluster, QObject* parent)
    : QObject(parent), m_cluster(std::move(cluster))
{
    connect(m_cluster.get(), &ClusterView::kindsChanged, this, &KindTallies::advance);
}

void KindTallies::start()
{
    if (m_stage != 0)
        return;
    m_stage = 1;
    advance();
}

HealthTally* KindTallies::follow(const ResourceKind& kind)
{
    const QString id = kind.id();
    if (HealthTally* known = m_tallies.value(id))
        return known;
    auto* tally = new HealthTally(m_cluster->open(kind), this);
    m_tallies.insert(id, tally);
    connect(tally, &HealthTally::changed, this, [this, id] {
        emit changed(id);
        if (m_stage < 3 || !m_wasSettled)
            advance();
    });
    emit changed(id);
    return tally;
}

bool KindTallies::pending() const
{
    using State = table::Freshness::State;
    return std::any_of(m_tallies.cbegin(), m_tallies.cend(), [](const HealthTally* tally) {
        const State state = tally->freshness().state;
        return state == State::Loading || state == State::Idle;
    });
}

bool KindTallies::settled() const { return m_stage == 3 && m_cluster->discovered() && !pending(); }

void KindTallies::advance()
{
    if (m_stage == 0)
        return;
    const auto followGroup = [this](auto wanted) {
        for (const KindGroup& group : groupKinds(m_cluster->kinds())) {
            if (group.id == KindGroup::Id::Other || group.id == KindGroup::Id::Custom)
                continue;
            for (const ResourceKind& kind : group.kinds) {
                if (wanted(group, kind))
                    follow(kind);
            }
        }
    };
    followGroup([](const KindGroup&, const ResourceKind& kind) { return isCoreKind(kind); });
    // A server that answers nobody must not keep the rest from saying why: failed tables count as answered.
    if (m_stage == 1 && !pending() && m_cluster->discovered())
        m_stage = 2;
    if (m_stage >= 2)
        followGroup([](const KindGroup& group, const ResourceKind&) { return group.id != KindGroup::Id::Events; });
    if (m_stage == 2 && !pending())
        m_stage = 3;
    if (m_stage == 3)
        followGroup([](const KindGroup&, const ResourceKind&) { return true; });
    if (settled() != m_wasSettled) {
        m_wasSettled = settled();
        emit settledChanged();
    }
}

} // namespace wk::cluster
