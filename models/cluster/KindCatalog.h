// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"

namespace wk::cluster {

/// Kinds that belong together in an operator's mind.
struct KindGroup
{
    enum class Id { Nodes, Workloads, Configuration, Network, Storage, Access, Events, Other, Custom, Usage };
    Id id = Id::Other;
    QList<ResourceKind> kinds;
};

/// The kinds in groups, for navigation: known kinds in a fixed order, the rest by name. Kinds that cannot be listed,
/// and older groups' copies of a kind (events.events.k8s.io, ingresses.extensions, endpoints beside endpoint slices),
/// are left out. Groups without a kind are left out.
[[nodiscard]] QList<KindGroup> groupKinds(const QList<ResourceKind>& kinds);

/// The heading of a group, translated.
[[nodiscard]] QString groupTitle(KindGroup::Id id);

/// "Config maps", "Pods": how a person says a kind in the plural. Custom kinds keep their own name.
[[nodiscard]] QString kindTitle(const ResourceKind& kind);

/// Kinds small enough, and telling enough, to be followed as soon as a cluster is opened; all others once those have
/// synced, events last.
[[nodiscard]] bool isCoreKind(const ResourceKind& kind);

/// The kind with that id ("pods", "deployments.apps"); a kind without a resource name where there is none.
[[nodiscard]] ResourceKind kindById(const QList<ResourceKind>& kinds, const QString& id);

} // namespace wk::cluster
