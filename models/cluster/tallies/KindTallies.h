// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/tallies/HealthTally.h"

#include <QtCore/QHash>
#include <QtCore/QObject>

namespace wk::cluster {

/// Counts of the kinds of a cluster, by following them in the background: the core kinds at once, the rest of the known
/// kinds as soon as those have answered, events last. Other kinds (custom resources) are followed once they are asked
/// for. Kinds that are forbidden or not served keep their reason and disturb nobody.
class KindTallies : public QObject
{
    Q_OBJECT
public:
    explicit KindTallies(std::shared_ptr<ClusterView> cluster, QObject* parent = nullptr);

    /// Begins; a second call does nothing.
    void start();
    /// The kind's counter, or null while it is not followed.
    [[nodiscard]] HealthTally* tally(const QString& kindId) const { return m_tallies.value(kindId); }
    /// Follows it from now on.
    HealthTally* follow(const ResourceKind& kind);
    /// True when discovery has answered and no kind is loading any more.
    [[nodiscard]] bool settled() const;

signals:
    void changed(const QString& kindId);
    void settledChanged();

private:
    void advance();
    [[nodiscard]] bool pending() const;

    std::shared_ptr<ClusterView> m_cluster;
    QHash<QString, HealthTally*> m_tallies;
    int m_stage = 0; ///< 0: not started, 1: core kinds, 2: the other known ones, 3: events too
    bool m_wasSettled = false;
};

} // namespace wk::cluster
