// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/objects/References.h"

#include <functional>

namespace wk::cluster {

/// Who names a config map, a secret, a claim, a service account or a service: reads the lists of the kinds that may, in
/// its namespace, and looks through them on threads of their own. On the GUI thread.
class UsedBy : public QObject
{
    Q_OBJECT
public:
    /// Objects of one kind that are looked through; more than that in one namespace is said to be more.
    static constexpr int mostObjects = 1000;

    struct Answer
    {
        QList<Referrer> users;
        QStringList missing; ///< sentences: what could not be read, or not all of it
    };

    explicit UsedBy(std::shared_ptr<ClusterView> cluster, QObject* parent = nullptr);

    /// False where nothing names objects of that kind; then nothing is asked.
    [[nodiscard]] static bool canBeUsed(const QString& kindId) { return !referrerKindsOf(kindId).isEmpty(); }
    /// `done` comes once, unless this is destroyed or asked anew before. What fails for one kind leaves the others.
    void ask(const QString& kindId, const QString& space, const QString& name, std::function<void(Answer)> done);

private:
    void take(quint64 question, const ResourceKind& kind, const Result<ReferrerScan>& scan);

    std::shared_ptr<ClusterView> m_cluster;
    std::function<void(Answer)> m_done;
    Answer m_answer;
    quint64 m_question = 0;
    int m_open = 0;
};

} // namespace wk::cluster
