// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments and the other keepers of replicas. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

Value podSpec(const Context& c) { return c.object["spec"]["template"]["spec"]; }
Cell containers(const Context& c) { return textCell(containerNames(podSpec(c))); }
Cell images(const Context& c) { return textCell(containerImages(podSpec(c))); }
Cell selector(const Context& c) { return noneIfEmpty(formatSelector(c.object["spec"]["selector"])); }

qint64 wanted(const Context& c) { return c.object["spec"]["replicas"].integer(1); }
Cell desired(const Context& c) { return c.object["spec"]["replicas"].integer(0); }

Cell readyOfWanted(const Context& c)
{
    return ratioCell(c.object["status"]["readyReplicas"].integer(), c.object["spec"]["replicas"].integer(0));
}

ColumnSpec number(QString id, QString title, CellFunction cell, const char* description)
{
    return column(std::move(id), std::move(title), Kind::Number, cell, words(description));
}

// The controller has not yet looked at the newest spec.
bool isBehind(const Context& c)
{
    const Value observed = c.object["status"]["observedGeneration"];
    return observed.exists() && observed.integer() < c.meta["generation"].integer();
}

Verdict deploymentVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
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
    if (const Value failure = condition(conditions, "ReplicaFailure"); failure["status"].is("True"))
        return {Health::Bad, withMessage(words("pods cannot be created"), failure["message"].text())};
    const bool paused = c.object["spec"]["paused"].boolean();
    if (replicas > 0 && ready == 0 && available == 0)
        return {Health::Bad, counted(replicas, "its only replica is not ready", "none of %1 replicas is ready")};
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
        return {
            Health::Info,
            words("rolling out: %1 of %2 replicas are updated").arg(status["updatedReplicas"].integer()).arg(replicas)};
    if (replicas == 0)
        return {Health::None, words("scaled to zero")};
    return {Health::Good, {}};
}

Verdict statefulSetVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    const Value status = c.object["status"];
    const qint64 replicas = wanted(c);
    const qint64 ready = status["readyReplicas"].integer();
    if (replicas > 0 && ready == 0)
        return {Health::Bad, counted(replicas, "its only replica is not ready", "none of %1 replicas is ready")};
    if (ready < replicas)
        return {Health::Warning, replicasReady(ready, replicas)};
    const std::string_view revision = status["updateRevision"].text();
    if (isBehind(c) || (!revision.empty() && revision != status["currentRevision"].text()))
        return {
            Health::Info,
            words("rolling out: %1 of %2 replicas are updated").arg(status["updatedReplicas"].integer()).arg(replicas)};
    if (replicas == 0)
        return {Health::None, words("scaled to zero")};
    return {Health::Good, {}};
}

Verdict daemonSetVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
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
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    const Value status = c.object["status"];
    if (const Value failure = condition(status["conditions"], "ReplicaFailure"); failure["status"].is("True"))
        return {Health::Bad, withMessage(words("pods cannot be created"), failure["message"].text())};
    const qint64 replicas = wanted(c);
    const qint64 ready = status["readyReplicas"].integer();
    if (replicas == 0)
        return {Health::None, {}};
    if (ready == 0)
        return {Health::Bad, counted(replicas, "its only replica is not ready", "none of %1 replicas is ready")};
    if (ready < replicas)
        return {Health::Warning, replicasReady(ready, replicas)};
    return {Health::Good, {}};
}

void addTemplate(KindSpec& spec)
{
    spec.columns.push_back(containersColumn(containers));
    spec.columns.push_back(imagesColumn(images));
}

KindSpec replicaKind(CellFunction selectorCell)
{
    KindSpec spec;
    spec.verdict = replicaSetVerdict;
    spec.columns = {
        nameColumn(),
        number(u"desired"_s, u"Desired"_s, desired, "Replicas wanted"),
        number(
            u"current"_s, u"Current"_s, [](const Context& c) { return countCell(c.object["status"]["replicas"]); },
            "Replicas that exist"),
        number(
            u"ready"_s, u"Ready"_s, [](const Context& c) { return countCell(c.object["status"]["readyReplicas"]); },
            "Replicas that are ready"),
        ageColumn(),
    };
    addTemplate(spec);
    spec.columns.push_back(selectorColumn(selectorCell));
    return spec;
}

} // namespace

KindSpec deploymentKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = deploymentVerdict;
    spec.columns = {
        nameColumn(),
        column(u"ready"_s, u"Ready"_s, Kind::Ratio, readyOfWanted, words("Ready replicas of those wanted")),
        number(
            u"up-to-date"_s, u"Up-to-date"_s,
            [](const Context& c) { return countCell(c.object["status"]["updatedReplicas"]); },
            "Replicas of the newest template"),
        number(
            u"available"_s, u"Available"_s,
            [](const Context& c) { return countCell(c.object["status"]["availableReplicas"]); },
            "Replicas that have been ready for long enough"),
        ageColumn(),
    };
    addTemplate(spec);
    // kubectl prints an empty selector of a deployment as nothing, elsewhere as <none>.
    spec.columns.push_back(
        selectorColumn([](const Context& c) { return textCell(formatSelector(c.object["spec"]["selector"])); }));
    return spec;
}

KindSpec statefulSetKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = statefulSetVerdict;
    spec.columns = {
        nameColumn(),
        column(u"ready"_s, u"Ready"_s, Kind::Ratio, readyOfWanted, words("Ready replicas of those wanted")),
        ageColumn(),
    };
    addTemplate(spec);
    return spec;
}

KindSpec daemonSetKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = daemonSetVerdict;
    spec.columns = {
        nameColumn(),
        number(
            u"desired"_s, u"Desired"_s,
            [](const Context& c) { return countCell(c.object["status"]["desiredNumberScheduled"]); },
            "Nodes on which it should run"),
        number(
            u"current"_s, u"Current"_s,
            [](const Context& c) { return countCell(c.object["status"]["currentNumberScheduled"]); },
            "Nodes on which it runs and should"),
        number(
            u"ready"_s, u"Ready"_s, [](const Context& c) { return countCell(c.object["status"]["numberReady"]); },
            "Nodes on which its pod is ready"),
        number(
            u"up-to-date"_s, u"Up-to-date"_s,
            [](const Context& c) { return countCell(c.object["status"]["updatedNumberScheduled"]); },
            "Nodes on which its pod has the newest template"),
        number(
            u"available"_s, u"Available"_s,
            [](const Context& c) { return countCell(c.object["status"]["numberAvailable"]); },
            "Nodes on which its pod has been ready for long enough"),
        column(u"node-selector"_s, u"Node Selector"_s, Kind::Text,
               [](const Context& c) { return noneIfEmpty(formatLabels(podSpec(c)["nodeSelector"])); }),
        ageColumn(),
    };
    addTemplate(spec);
    spec.columns.push_back(selectorColumn(selector));
    return spec;
}

KindSpec replicaSetKind(const RenderOptions&) { return replicaKind(selector); }

KindSpec replicationControllerKind(const RenderOptions&)
{
    return replicaKind([](const Context& c) { return noneIfEmpty(formatLabels(c.object["spec"]["selector"])); });
}

} // namespace wk::cluster::render
