// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/KubeConfig.h"

namespace wk::platform {

/// Every kubeconfig that a person works with: kubectl's own list, merged as kubectl does, and further files, each of
/// which stands for itself. Equal names in different sources do not meet. A source that cannot be read disturbs no
/// other.
class KubeConfigSet
{
public:
    KubeConfigSet() = default;
    /// `list`: $KUBECONFIG or ~/.kube/config, missing files ignored. `extraFiles`: must exist; one that is also in a
    /// list of a single file is not taken twice. A source that cannot be read now, and could in `before`, stays as it
    /// was there: a slip in an editor must not cost the connections. Its error says so.
    [[nodiscard]] static KubeConfigSet load(const QStringList& list, const QStringList& extraFiles,
                                            const KubeConfigSet& before = {});

    /// In the order of the sources. `current` is set only for the list's own current context.
    [[nodiscard]] QList<ContextEntry> contexts() const;
    [[nodiscard]] Result<ResolvedContext> resolve(const ContextId& id) const;
    /// One for each file that could not be read.
    [[nodiscard]] const QList<Error>& errors() const { return m_errors; }
    /// Every file that was looked for: what a watcher must watch.
    [[nodiscard]] QStringList files() const;

private:
    void add(const QString& origin, const KubeConfig& source);
    /// Whether `before` had it; then it is taken from there, and the errors from `firstError` on say so.
    bool keep(const QString& origin, const KubeConfigSet& before, qsizetype firstError);

    QList<KubeConfig> m_sources;
    QStringList m_origins;
    QStringList m_files;
    QList<Error> m_errors;
};

} // namespace wk::platform
