// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/tallies/KindTallies.h"
#include "cluster/tallies/Overview.h"
#include "core/Clock.h"
#include "core/Result.h"
#include "platform/KubeConfigSet.h"

#include <QtCore/QObject>

namespace wk::app {

/// One cluster that is open: its connection and what is shared about it.
struct ClusterSession
{
    std::shared_ptr<cluster::ClusterView> view;
    std::shared_ptr<cluster::KindTallies> tallies; ///< not started before somebody looks at the cluster panel
    platform::ResolvedContext context;
};

/// The contexts of every kubeconfig, and the connections to those that are in use. Nothing is connected before it is
/// asked for. When a kubeconfig changes, a context that reads differently gets a new connection, all others keep
/// theirs.
class Clusters : public QObject
{
    Q_OBJECT
public:
    explicit Clusters(QObject* parent = nullptr);
    ~Clusters() override;

    /// Reads the files anew.
    void load(const QStringList& list, const QStringList& extraFiles);
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QList<platform::ContextEntry> contexts() const { return m_contexts; }
    [[nodiscard]] const QList<Error>& errors() const { return m_set.errors(); }
    /// Every file that was looked for.
    [[nodiscard]] QStringList files() const { return m_set.files(); }
    [[nodiscard]] std::optional<platform::ContextEntry> find(const QString& context, const QString& origin = {}) const;
    [[nodiscard]] std::optional<platform::ContextEntry> current() const;

    /// The session, connected on the first call. Fails in words where the context is incomplete.
    [[nodiscard]] Result<std::shared_ptr<ClusterSession>> session(const platform::ContextId& id);
    [[nodiscard]] Result<platform::ResolvedContext> resolve(const platform::ContextId& id) const
    {
        return m_set.resolve(id);
    }
    /// Sessions that are open now.
    [[nodiscard]] QList<std::shared_ptr<ClusterSession>> open() const { return m_sessions.values(); }

    [[nodiscard]] static QString keyOf(const platform::ContextId& id) { return id.origin + u'\n' + id.context; }

signals:
    /// Contexts are different now; sessions of contexts that changed are gone.
    void contextsChanged();
    /// A context was connected for the first time.
    void sessionOpened();

private:
    platform::KubeConfigSet m_set;
    QList<platform::ContextEntry> m_contexts;
    QHash<QString, std::shared_ptr<ClusterSession>> m_sessions;
    bool m_loaded = false;
};

} // namespace wk::app
