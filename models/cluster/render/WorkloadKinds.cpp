// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments and the other keepers of replicas. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

#include <charconv>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

qint64 wanted(const Context& c) { return c.object["spec"]["replicas"].integer(1); }

// The controller has not yet looked at the newest spec.
bool isBehind(const Context& c)
{
    const Value observed = c.object["status"]["observedGeneration"];
    return observed.exists() && observed.integer() < c.meta["generation"].integer();
}

// Verdicts that several kinds come to

std::optional<Verdict> creationFailure(const Value& conditions)
{
    const Value failure = condition(conditions, "ReplicaFailure");
    if (!failure["status"].is("True"))
        return std::nullopt;
    return Verdict{Health::Bad, withMessage(words("pods cannot be created"), failure["message"].text())};
}

Verdict noneReady(qint64 replicas)
{
    return {Health::Bad, counted(replicas, "its only replica is not ready", "none of %1 replicas is ready")};
}

Verdict rollingOut(const Context& c)
{
    return {Health::Info, words("rolling out: %1 of %2 replicas are updated")
                              .arg(c.object["status"]["updatedReplicas"].integer())
                              .arg(wanted(c))};
}

// Nothing is missing: as many run as are wanted, which may be none.
Verdict settled(const Context& c)
{
    if (wanted(c) == 0)
        return {Health::None, words("scaled to zero")};
    return {Health::Good, {}};
}

Verdict deploymentVerdict(const Context& c)
{
    const Value status = c.object["status"];
    const Value conditions = status["conditions"];
    const Value progressing = condition(conditions, "Progressing");
    const qint64 replicas = wanted(c);
    const qint64 ready = status["readyReplicas"].integer();
    const qint64 available = status["availableReplicas"].integer();
    if (progressing["status"].is("False")) {
        const bool stuck = progressing["reason"].is("ProgressDeadlineExceeded");
        return {Health::Bad, withMessage(stuck ? words("the rollout is stuck (ProgressDeadlineExceeded)")
                                               : words("the rollout failed"),
                                         progressing["message"].text())};
    }
    if (auto failure = creationFailure(conditions))
        return *failure;
    const bool paused = c.object["spec"]["paused"].boolean();
    if (replicas > 0 && ready == 0 && available == 0)
        return noneReady(replicas);
    if (ready < replicas || available < replicas) {
        QString reason = ready < replicas ? replicasReady(ready, replicas)
                                          : words("%1 of %2 replicas are available").arg(available).arg(replicas);
        if (paused)
            reason += u"; "_s + words("paused");
        return {Health::Warning, reason};
    }
    if (paused)
        return {Health::Info, words("paused: changes are not rolled out")};
    if (isBehind(c) || status["updatedReplicas"].integer() < replicas)
        return rollingOut(c);
    return settled(c);
}

Verdict statefulSetVerdict(const Context& c)
{
    const Value status = c.object["status"];
    const qint64 replicas = wanted(c);
    const qint64 ready = status["readyReplicas"].integer();
    if (replicas > 0 && ready == 0)
        return noneReady(replicas);
    if (ready < replicas)
        return {Health::Warning, replicasReady(ready, replicas)};
    const std::string_view revision = status["updateRevision"].text();
    if (isBehind(c) || (!revision.empty() && revision != status["currentRevision"].text()))
        return rollingOut(c);
    return settled(c);
}

Verdict daemonSetVerdict(const Context& c)
{
    const Value status = c.object["status"];
    const qint64 desiredPods = status["desiredNumberScheduled"].integer();
    const qint64 ready = status["numberReady"].integer();
    const qint64 updated = status["updatedNumberScheduled"].integer();
    if (desiredPods > 0 && ready == 0)
        return {Health::Bad, words("ready on none of %1 nodes").arg(desiredPods)};
    if (ready < desiredPods)
        return {Health::Warning, words("ready on %1 of %2 nodes").arg(ready).arg(desiredPods)};
    if (const qint64 stray = status["numberMisscheduled"].integer())
        return {Health::Warning,
                counted(stray, "runs on %1 node where it should not", "runs on %1 nodes where it should not")};
    if (updated < desiredPods)
        return {Health::Info, words("rolling out: updated on %1 of %2 nodes").arg(updated).arg(desiredPods)};
    return {Health::Good, {}};
}

Verdict replicaSetVerdict(const Context& c)
{
    const Value status = c.object["status"];
    if (auto failure = creationFailure(status["conditions"]))
        return *failure;
    const qint64 replicas = wanted(c);
    const qint64 ready = status["readyReplicas"].integer();
    // A replica set of an older template is empty by design: no word about it.
    if (replicas == 0)
        return {Health::None, {}};
    if (ready == 0)
        return noneReady(replicas);
    if (ready < replicas)
        return {Health::Warning, replicasReady(ready, replicas)};
    return {Health::Good, {}};
}

// Columns

ColumnSpec readyOfWanted()
{
    return column(
        u"Ready"_s, Kind::Ratio,
        [](const Context& c) {
            return ratioCell(c.object["status"]["readyReplicas"].integer(), c.object["spec"]["replicas"].integer(0));
        },
        "Ready replicas of those wanted");
}

ColumnSpec number(const QString& title, CellFunction cell, const char* description)
{
    return column(title, Kind::Number, cell, description);
}

/// Of the deployment that it belongs to. Source: kubernetes/pkg/controller/deployment/util/deployment_util.go
Cell revisionCell(const Context& c)
{
    const std::string_view text = c.meta["annotations"].at("deployment.kubernetes.io/revision").text();
    qint64 revision = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), revision);
    return text.empty() || problem != std::errc() || end != text.data() + text.size() ? Cell() : Cell(revision);
}

void addTemplate(KindSpec& spec) { addPodColumns<"spec", "template", "spec">(spec); }

KindSpec replicaKind(CellFunction selectorCell)
{
    KindSpec spec{unlessDeleted<replicaSetVerdict>};
    spec.add({
        nameColumn(),
        number(u"Desired"_s, countAt<"spec", "replicas">, "Replicas wanted"),
        number(u"Current"_s, countAt<"status", "replicas">, "Replicas that exist"),
        number(u"Ready"_s, countAt<"status", "readyReplicas">, "Replicas that are ready"),
        ageColumn(),
    });
    addTemplate(spec);
    spec.add({selectorColumn(selectorCell)});
    return spec;
}

} // namespace

KindSpec deploymentKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<deploymentVerdict>};
    spec.add({
        nameColumn(),
        readyOfWanted(),
        number(u"Up-to-date"_s, countAt<"status", "updatedReplicas">, "Replicas of the newest template"),
        number(u"Available"_s, countAt<"status", "availableReplicas">, "Replicas that have been ready for long enough"),
        ageColumn(),
    });
    addTemplate(spec);
    // kubectl prints an empty selector of a deployment as nothing, elsewhere as <none>.
    spec.add({selectorColumn([](const Context& c) { return textCell(formatSelector(at<"spec", "selector">(c))); })});
    return spec;
}

KindSpec statefulSetKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<statefulSetVerdict>};
    spec.add({nameColumn(), readyOfWanted(), ageColumn()});
    addTemplate(spec);
    return spec;
}

KindSpec daemonSetKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<daemonSetVerdict>};
    spec.add({
        nameColumn(),
        number(u"Desired"_s, countAt<"status", "desiredNumberScheduled">, "Nodes on which it should run"),
        number(u"Current"_s, countAt<"status", "currentNumberScheduled">, "Nodes on which it runs and should"),
        number(u"Ready"_s, countAt<"status", "numberReady">, "Nodes on which its pod is ready"),
        number(u"Up-to-date"_s, countAt<"status", "updatedNumberScheduled">,
               "Nodes on which its pod has the newest template"),
        number(u"Available"_s, countAt<"status", "numberAvailable">,
               "Nodes on which its pod has been ready for long enough"),
        column(u"Node Selector"_s, Kind::Text, labelsAt<"spec", "template", "spec", "nodeSelector">),
        ageColumn(),
    });
    addTemplate(spec);
    spec.add({selectorColumn(selectorAt<"spec", "selector">)});
    return spec;
}

KindSpec replicaSetKind(const RenderOptions& options)
{
    KindSpec spec = replicaKind(selectorAt<"spec", "selector">);
    if (options.extraColumns)
        spec.addExtras({column(u"Revision"_s, Kind::Number, revisionCell, "Which template of its deployment it runs")});
    return spec;
}

KindSpec replicationControllerKind(const RenderOptions&) { return replicaKind(labelsAt<"spec", "selector">); }

} // namespace wk::cluster::render
