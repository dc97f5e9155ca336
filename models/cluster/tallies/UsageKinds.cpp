// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of usage as kinds: what they are called, and where their rows lead.
#include "cluster/tallies/UsageTable.h"

#include "table/Filter.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

ResourceKind kindOf(const QString& resource, const QString& kind, bool namespaced)
{
    ResourceKind out;
    out.group = u"watchkeeper"_s;
    out.version = u"v1"_s;
    out.resource = resource;
    out.kind = kind;
    out.singular = resource;
    out.verbs = {u"list"_s};
    out.namespaced = namespaced;
    return out;
}

} // namespace

const QList<ResourceKind>& usageKinds()
{
    static const QList<ResourceKind> kinds{
        kindOf(u"usage-by-namespace"_s, u"UsageByNamespace"_s, false),
        kindOf(u"usage-by-workload"_s, u"UsageByWorkload"_s, true),
        kindOf(u"usage-by-node"_s, u"UsageByNode"_s, false),
    };
    return kinds;
}

std::optional<UsageBy> usageOf(const ResourceKind& kind)
{
    const qsizetype at = usageKinds().indexOf(kind);
    return at < 0 ? std::nullopt : std::optional(UsageBy(at));
}

ClusterTarget usageTarget(UsageBy by, const table::Columns& columns, const table::Row& row,
                          const QList<ResourceKind>& kinds)
{
    ClusterTarget target{.kindId = u"pods"_s, .space = {}, .name = {}, .filter = {}};
    switch (by) {
    case UsageBy::Namespace: target.space = row.name; break;
    case UsageBy::Node: target.filter = u"node="_s + row.name; break;
    case UsageBy::Workload: {
        const int at = table::indexOfColumn(columns, u"kind");
        const auto* kind = at < 0 ? nullptr : std::get_if<QString>(&row.cells[size_t(at)]);
        const auto served = std::ranges::find_if(kinds, [&](const ResourceKind& k) { return kind && k.kind == *kind; });
        if (served == kinds.end())
            return {};
        target = {.kindId = served->id(),
                  .space = served->namespaced ? row.space : QString(),
                  .name = row.name,
                  .filter = {}};
        break;
    }
    }
    return target;
}

} // namespace wk::cluster
