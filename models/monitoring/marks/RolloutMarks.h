// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "core/Clock.h"
#include "series/MarkSource.h"

#include <QtCore/QHash>
#include <QtCore/QPointer>

namespace wk::monitoring {

/// When workloads were given a new template, for charts: from the revisions that the cluster keeps (replica sets of
/// deployments; controller revisions of stateful and daemon sets), followed live while somebody looks. Targets:
/// "deployments.apps/space/name".
class RolloutMarks final : public series::MarkSource
{
    Q_OBJECT
public:
    /// The cluster; an error says why there is none.
    using View = std::function<Result<std::shared_ptr<cluster::ClusterView>>()>;

    /// `spaces`: the namespaces whose workloads count; empty: all. The clock outlives it.
    RolloutMarks(View view, QStringList spaces, Clock& clock, QObject* parent = nullptr);
    ~RolloutMarks() override;

    [[nodiscard]] series::Mark::Kind kind() const override { return series::Mark::Kind::Rollout; }
    [[nodiscard]] Standing standing() const override;
    [[nodiscard]] std::vector<series::Mark> marks(qint64 fromMs, qint64 toMs) const override;
    void want(qint64 fromMs, qint64 toMs) override;

protected:
    void onWatched() override;

private:
    struct Revision
    {
        QString kindId, space, owner, images, rowId;
        qint64 number = 0, createdMs = 0;
    };
    using Table = std::shared_ptr<table::TableSource>;

    void open();
    void follow(const QString& kindId);
    void close();
    void forget();
    [[nodiscard]] std::vector<Revision> revisionsOf(const table::TableSource& table) const;
    void noteReturns();
    void rebuild() const;

    View m_view;
    QStringList m_spaces;
    Clock& m_clock;
    qint64 m_from = 0, m_to = 0;
    std::shared_ptr<cluster::ClusterView> m_cluster;
    std::optional<Error> m_error;
    QHash<QString, Table> m_tables;      ///< by kind
    QHash<QString, qint64> m_numbers;    ///< the revision that a replica set had when it was last seen, by its uid
    QHash<QString, qint64> m_returnedAt; ///< when it was seen to take a newer number: a return to an older template
    mutable bool m_stale = true;         ///< m_marks have to be made again
    mutable std::vector<series::Mark> m_marks;
    mutable qint64 m_lostBeforeMs = 0;   ///< rollouts before it are not kept by the cluster; 0: all are
    mutable QStringList m_unseenReturns; ///< workloads that went back at a time that nobody saw
};

} // namespace wk::monitoring
