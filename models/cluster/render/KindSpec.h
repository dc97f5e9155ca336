// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/Decoder.h"
#include "cluster/render/Interner.h"
#include "cluster/render/ObjectTree.h"
#include "table/Column.h"
#include "table/Row.h"

#include <vector>

namespace wk::cluster::render {

/// What a pod's containers come to: computed once for its cells and its verdict.
/// Source: kubernetes/pkg/printers/internalversion/printers.go, printPod.
struct PodSummary
{
    qint64 ready = 0;
    qint64 containers = 0;
    qint64 restarts = 0;
    QString status;
    std::optional<qint64> lastRestart; ///< when the last container that restarted had ended
    std::string_view lastRestartReason;
};

/// What cells and verdicts are made from.
struct Context
{
    Value object;
    Value meta;
    const RenderOptions* options = nullptr;
    PodSummary pod;
};

/// What an operator thinks of an object, and why in words.
struct Verdict
{
    table::Health health = table::Health::None;
    QString reason;
};

using CellFunction = table::Cell (*)(const Context&);

struct ColumnSpec
{
    table::Column column;
    CellFunction cell = nullptr;
};

/// How one kind is shown: a column with what fills it, and what is thought of the object.
struct KindSpec
{
    Verdict (*verdict)(const Context&) = nullptr;
    void (*prepare)(Context&) = nullptr;
    std::vector<ColumnSpec> columns = {};

    void add(std::initializer_list<ColumnSpec> more) { columns.insert(columns.end(), more); }
    /// Columns that kubectl does not have; for RenderOptions::extraColumns.
    void addExtras(std::initializer_list<ColumnSpec> more);
};

/// The spec of a built-in kind for a server; nullopt for other kinds.
[[nodiscard]] std::optional<KindSpec> specFor(const ResourceKind& kind, const RenderOptions& options);

// One function per kind, by subject: PodKind.cpp, NodeKinds.cpp, WorkloadKinds.cpp, ...
[[nodiscard]] KindSpec podKind(const RenderOptions& options);
[[nodiscard]] KindSpec nodeKind(const RenderOptions& options);
[[nodiscard]] KindSpec namespaceKind(const RenderOptions& options);
[[nodiscard]] KindSpec deploymentKind(const RenderOptions& options);
[[nodiscard]] KindSpec statefulSetKind(const RenderOptions& options);
[[nodiscard]] KindSpec daemonSetKind(const RenderOptions& options);
[[nodiscard]] KindSpec replicaSetKind(const RenderOptions& options);
[[nodiscard]] KindSpec replicationControllerKind(const RenderOptions& options);
[[nodiscard]] KindSpec jobKind(const RenderOptions& options);
[[nodiscard]] KindSpec cronJobKind(const RenderOptions& options);
[[nodiscard]] KindSpec autoscalerKind(const RenderOptions& options);
[[nodiscard]] KindSpec serviceKind(const RenderOptions& options);
[[nodiscard]] KindSpec endpointSliceKind(const RenderOptions& options);
[[nodiscard]] KindSpec endpointsKind(const RenderOptions& options);
[[nodiscard]] KindSpec ingressKind(const RenderOptions& options);
[[nodiscard]] KindSpec networkPolicyKind(const RenderOptions& options);
[[nodiscard]] KindSpec configMapKind(const RenderOptions& options);
[[nodiscard]] KindSpec secretKind(const RenderOptions& options);
[[nodiscard]] KindSpec volumeKind(const RenderOptions& options);
[[nodiscard]] KindSpec claimKind(const RenderOptions& options);
[[nodiscard]] KindSpec storageClassKind(const RenderOptions& options);
[[nodiscard]] KindSpec disruptionBudgetKind(const RenderOptions& options);
[[nodiscard]] KindSpec serviceAccountKind(const RenderOptions& options);
[[nodiscard]] KindSpec roleKind(const RenderOptions& options);
[[nodiscard]] KindSpec roleBindingKind(const RenderOptions& options);
[[nodiscard]] KindSpec leaseKind(const RenderOptions& options);
[[nodiscard]] KindSpec eventKind(const RenderOptions& options);
[[nodiscard]] KindSpec customResourceDefinitionKind(const RenderOptions& options);
[[nodiscard]] KindSpec resourceQuotaKind(const RenderOptions& options);
[[nodiscard]] KindSpec limitRangeKind(const RenderOptions& options);
[[nodiscard]] KindSpec priorityClassKind(const RenderOptions& options);

} // namespace wk::cluster::render
