// SPDX-License-Identifier: GPL-3.0-or-later
// Columns and status words: kubernetes/pkg/printers/internalversion/printers.go, printPod.
#include "cluster/render/Cells.h"

#include "core/Quantity.h"

#include <algorithm>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

bool isRestartable(const Value& spec, std::string_view container)
{
    for (const Value init : spec["initContainers"]) {
        if (init["name"].is(container))
            return init["restartPolicy"].is("Always");
    }
    return false;
}

void noteRestart(const Value& status, std::optional<qint64>& last, std::string_view& reason)
{
    const Value terminated = status["lastState"]["terminated"];
    const auto finished = terminated["finishedAt"].time();
    if (finished && (!last || *finished > *last)) {
        last = finished;
        reason = terminated["reason"].text();
    }
}

// "OOMKilled", or how it ended where the runtime gave no reason.
QString terminationWord(const Value& terminated)
{
    if (const std::string_view reason = terminated["reason"].text(); !reason.empty())
        return shared(reason);
    if (const qint64 signal = terminated["signal"].integer())
        return u"Signal:%1"_s.arg(signal);
    return u"ExitCode:%1"_s.arg(terminated["exitCode"].integer());
}

// Init containers decide the status until one of them is not through. True while the pod is initializing.
bool summarizeInit(Context& context)
{
    PodSummary& pod = context.pod;
    const Value spec = context.object["spec"];
    qint64 position = -1;
    for (const Value status : context.object["status"]["initContainerStatuses"]) {
        ++position;
        pod.restarts += status["restartCount"].integer();
        noteRestart(status, pod.lastRestart, pod.lastRestartReason);
        const Value terminated = status["state"]["terminated"];
        const std::string_view waiting = status["state"]["waiting"]["reason"].text();
        if (terminated.exists() && terminated["exitCode"].integer() == 0)
            continue;
        if (status["started"].boolean() && isRestartable(spec, status["name"].text())) {
            if (status["ready"].boolean())
                ++pod.ready;
            continue;
        }
        if (terminated.exists())
            pod.status = u"Init:"_s + terminationWord(terminated);
        else if (!waiting.empty() && waiting != "PodInitializing")
            pod.status = u"Init:"_s + own(waiting);
        else
            pod.status = u"Init:%1/%2"_s.arg(position).arg(spec["initContainers"].size());
        return true;
    }
    return false;
}

void summarizeContainers(Context& context)
{
    PodSummary& pod = context.pod;
    const Value status = context.object["status"];
    // Only those init containers that keep running count on.
    pod.restarts = 0;
    pod.lastRestart.reset();
    pod.lastRestartReason = {};
    for (const Value init : status["initContainerStatuses"]) {
        if (isRestartable(context.object["spec"], init["name"].text())) {
            pod.restarts += init["restartCount"].integer();
            noteRestart(init, pod.lastRestart, pod.lastRestartReason);
        }
    }
    // kubectl walks from the last container to the first: the first one's word wins.
    QString word;
    bool running = false;
    for (const Value container : status["containerStatuses"]) {
        pod.restarts += container["restartCount"].integer();
        noteRestart(container, pod.lastRestart, pod.lastRestartReason);
        const Value state = container["state"];
        const std::string_view waiting = state["waiting"]["reason"].text();
        if (!waiting.empty()) {
            if (word.isEmpty())
                word = shared(waiting);
        } else if (state["terminated"].exists()) {
            if (word.isEmpty())
                word = terminationWord(state["terminated"]);
        } else if (container["ready"].boolean() && state["running"].exists()) {
            running = true;
            ++pod.ready;
        }
    }
    if (!word.isEmpty())
        pod.status = word;
    if (running && pod.status == u"Completed")
        pod.status = isTrue(status["conditions"], "Ready") ? u"Running"_s : u"NotReady"_s;
}

void summarize(Context& context)
{
    PodSummary& pod = context.pod;
    const Value spec = context.object["spec"];
    const Value status = context.object["status"];
    pod.containers = qint64(spec["containers"].size());
    for (const Value init : spec["initContainers"])
        pod.containers += init["restartPolicy"].is("Always") ? 1 : 0;

    const std::string_view phase = status["phase"].text();
    const std::string_view reason = status["reason"].text();
    pod.status = shared(reason.empty() ? phase : reason);
    if (condition(status["conditions"], "PodScheduled")["reason"].is("SchedulingGated"))
        pod.status = u"SchedulingGated"_s;

    const bool initializing = summarizeInit(context);
    if (!initializing || (atLeast(*context.options, 28) && isTrue(status["conditions"], "Initialized")))
        summarizeContainers(context);

    if (context.meta["deletionTimestamp"].exists()) {
        const bool ended = phase == "Succeeded" || phase == "Failed";
        if (reason == "NodeLost")
            pod.status = u"Unknown"_s;
        else if (!ended || !atLeast(*context.options, 31))
            pod.status = u"Terminating"_s;
    }
    pod.status = shared(pod.status.toStdString());
}

// Requests

// What the scheduler counts: the sum of what runs together, or the largest init container, and the overhead.
// Source: kubernetes.io, "Resource sharing within containers"; k8s.io/component-helpers/resource.
template <PathStep resource, auto parse>
Cell requested(const Context& context)
{
    const Value spec = context.object["spec"];
    bool any = false;
    const auto amount = [&](const Value& map) -> qint64 {
        const auto parsed = parse(map.at(resource.name).text());
        any = any || parsed.has_value();
        return parsed.value_or(0);
    };
    qint64 sum = 0;
    for (const Value container : spec["containers"])
        sum += amount(container["resources"]["requests"]);
    qint64 sidecars = 0;
    qint64 largest = 0;
    for (const Value init : spec["initContainers"]) {
        const qint64 wants = amount(init["resources"]["requests"]);
        if (init["restartPolicy"].is("Always"))
            sidecars += wants;
        else
            largest = std::max(largest, wants + sidecars);
    }
    const qint64 total = std::max(sum + sidecars, largest) + amount(spec["overhead"]);
    return any ? Cell(total) : Cell();
}

// What its containers may use together while they run. Unbounded where one of them has no limit.
template <PathStep resource, auto parse>
Cell limited(const Context& context)
{
    const Value spec = context.object["spec"];
    bool bounded = !spec["containers"].isEmpty();
    qint64 total = 0;
    const auto add = [&](const Value& container) {
        const auto limit = parse(container["resources"]["limits"].at(resource.name).text());
        bounded = bounded && limit.has_value();
        total += limit.value_or(0);
    };
    for (const Value container : spec["containers"])
        add(container);
    for (const Value init : spec["initContainers"]) {
        if (init["restartPolicy"].is("Always"))
            add(init);
    }
    return bounded ? Cell(total) : Cell();
}

Cell readinessGates(const Context& c)
{
    const Value gates = c.object["spec"]["readinessGates"];
    if (gates.isEmpty())
        return {};
    qint64 passed = 0;
    for (const Value gate : gates)
        passed += isTrue(c.object["status"]["conditions"], gate["conditionType"].text()) ? 1 : 0;
    return ratioCell(passed, qint64(gates.size()));
}

Cell podAddress(const Context& c)
{
    const Value status = c.object["status"];
    for (const Value ip : status["podIPs"]) {
        if (!ip["ip"].text().empty())
            return own(ip["ip"].text());
        break;
    }
    const std::string_view ip = status["podIP"].text();
    return ip.empty() ? Cell() : Cell(own(ip));
}

// Verdict

// "17 restarts, last exit code 137, OOMKilled"
QString history(const Value& status)
{
    QStringList parts;
    if (const qint64 restarts = status["restartCount"].integer())
        parts << counted(restarts, "%1 restart", "%1 restarts");
    if (const Value last = status["lastState"]["terminated"]; last.exists()) {
        parts << words("last exit code %1").arg(last["exitCode"].integer());
        const std::string_view reason = last["reason"].text();
        if (!reason.empty() && reason != "Error" && reason != "Completed")
            parts << qtext(reason);
    }
    return parts.isEmpty() ? QString() : u" ("_s + parts.join(u", "_s) + u')';
}

std::string_view imageOf(const Context& context, const Value& status)
{
    for (const Value container : context.object["spec"]["containers"]) {
        if (container["name"].is(status["name"].text()))
            return container["image"].text();
    }
    for (const Value container : context.object["spec"]["initContainers"]) {
        if (container["name"].is(status["name"].text()))
            return container["image"].text();
    }
    return status["image"].text();
}

std::optional<Verdict> waitingVerdict(const Context& context, const Value& status)
{
    const QString name = qtext(status["name"].text());
    const Value waiting = status["state"]["waiting"];
    const std::string_view reason = waiting["reason"].text();
    if (reason.empty() || reason == "ContainerCreating" || reason == "PodInitializing")
        return std::nullopt;
    if (reason == "CrashLoopBackOff")
        return Verdict{Health::Bad, words("%1: back-off restarting failed container%2").arg(name, history(status))};
    if (reason == "ImagePullBackOff" || reason == "ErrImagePull" || reason == "InvalidImageName" ||
        reason == "ErrImageNeverPull" || reason == "ImageInspectError" || reason == "RegistryUnavailable") {
        const QString sentence =
            words("%1: cannot pull image %2 (%3)").arg(name, qtext(imageOf(context, status)), qtext(reason));
        return Verdict{Health::Bad, withMessage(sentence, waiting["message"].text())};
    }
    return Verdict{Health::Bad, withMessage(name + u": "_s + qtext(reason), waiting["message"].text())};
}

QString endedSentence(const Value& status, const Value& terminated)
{
    const QString name = qtext(status["name"].text());
    if (terminated["reason"].is("OOMKilled"))
        return words("%1: killed for using more memory than its limit (OOMKilled, exit code %2)")
            .arg(name)
            .arg(terminated["exitCode"].integer());
    return withMessage(words("%1: ended with exit code %2 (%3)")
                           .arg(name)
                           .arg(terminated["exitCode"].integer())
                           .arg(terminationWord(terminated)),
                       terminated["message"].text());
}

// The first container that explains why the pod is in trouble.
std::optional<Verdict> containerVerdict(const Context& context)
{
    const Value status = context.object["status"];
    for (const Value& list : {status["initContainerStatuses"], status["containerStatuses"]}) {
        for (const Value container : list) {
            if (auto verdict = waitingVerdict(context, container))
                return verdict;
            const Value terminated = container["state"]["terminated"];
            if (terminated.exists() && (terminated["exitCode"].integer() != 0 || terminated["signal"].integer() != 0))
                return Verdict{Health::Bad, endedSentence(container, terminated)};
        }
    }
    return std::nullopt;
}

Verdict pendingVerdict(const Context& context)
{
    const Value conditions = context.object["status"]["conditions"];
    const Value scheduled = condition(conditions, "PodScheduled");
    if (scheduled["reason"].is("SchedulingGated"))
        return {Health::Info, words("waits for its scheduling gates")};
    if (scheduled["status"].is("False"))
        return {Health::Warning, withMessage(words("cannot be scheduled"), scheduled["message"].text())};
    if (context.object["spec"]["nodeName"].text().empty())
        return {Health::Info, words("waits to be scheduled")};
    return {Health::Info, words("containers are being created")};
}

Verdict notReadyVerdict(const Context& context)
{
    const Value status = context.object["status"];
    QStringList names;
    qint64 all = 0;
    for (const Value container : status["containerStatuses"]) {
        ++all;
        if (!container["ready"].boolean())
            names << qtext(container["name"].text());
    }
    if (!names.isEmpty()) {
        if (names.size() == 1)
            return {Health::Warning, words("%1 is not ready").arg(names.first())};
        return {Health::Warning,
                words("%1 of %2 containers are not ready: %3").arg(names.size()).arg(all).arg(names.join(u", "_s))};
    }
    for (const Value gate : context.object["spec"]["readinessGates"]) {
        const std::string_view type = gate["conditionType"].text();
        if (!isTrue(status["conditions"], type))
            return {Health::Warning, words("readiness gate %1 is not passed").arg(qtext(type))};
    }
    return {Health::Warning,
            withMessage(words("is not ready"), condition(status["conditions"], "Ready")["message"].text())};
}

Verdict verdict(const Context& context)
{
    const Value status = context.object["status"];
    const std::string_view phase = status["phase"].text();
    const std::string_view reason = status["reason"].text();
    if (reason == "NodeLost")
        return {Health::Unknown, withMessage(words("its node does not answer"), status["message"].text())};
    if (phase == "Succeeded")
        return {Health::None, {}};
    if (auto deletion = deletionVerdict(context))
        return *deletion;
    if (phase == "Failed") {
        if (!reason.empty())
            return {Health::Bad, withMessage(qtext(reason), status["message"].text())};
        if (auto container = containerVerdict(context))
            return *container;
        return {Health::Bad, withMessage(words("failed"), status["message"].text())};
    }
    if (phase == "Unknown")
        return {Health::Unknown, withMessage(words("its state is unknown"), status["message"].text())};
    if (auto container = containerVerdict(context))
        return *container;
    if (phase == "Pending")
        return pendingVerdict(context);
    if (!isTrue(status["conditions"], "Ready"))
        return notReadyVerdict(context);
    for (const Value container : status["containerStatuses"]) {
        if (container["lastState"]["terminated"]["reason"].is("OOMKilled"))
            return {Health::Info, words("%1: was last killed for using more memory than its limit%2")
                                      .arg(qtext(container["name"].text()), history(container))};
    }
    return {Health::Good, {}};
}

} // namespace

KindSpec podKind(const RenderOptions& options)
{
    using Kind = Column::Kind;
    KindSpec spec{verdict, summarize};
    spec.add({
        nameColumn(),
        column(
            u"Ready"_s, Kind::Ratio, [](const Context& c) { return ratioCell(c.pod.ready, c.pod.containers); },
            "Ready containers of all"),
        column(
            u"Status"_s, Kind::Status, [](const Context& c) { return Cell(c.pod.status); },
            "What the containers are doing, in kubectl's word"),
        column(
            u"Restarts"_s, Kind::Number, [](const Context& c) { return Cell(c.pod.restarts); },
            "How often containers were restarted"),
        ageColumn(),
        wide(column(u"IP"_s, Kind::Text, podAddress)),
        wide(column(u"Node"_s, Kind::Text, textOrNoneAt<"spec", "nodeName">)),
        wide(column(u"Nominated Node"_s, Kind::Text, textOrNoneAt<"status", "nominatedNodeName">,
                    "Where it will run once others have been pre-empted")),
        wide(column(u"Readiness Gates"_s, Kind::Ratio, readinessGates, "Passed readiness gates of all")),
    });
    // kubectl prints "3 (5m ago)" from 1.22 on: the moment stays with the row even where other extras are left out.
    if (options.extraColumns || atLeast(options, 22)) {
        spec.add({
            extra(column(
                u"Last Restart"_s, Kind::Age, [](const Context& c) { return momentCell(c.pod.lastRestart); },
                "Time since a container was last restarted")),
        });
    }
    if (options.extraColumns)
        spec.addExtras({
            column(u"Last Restart Reason"_s, Kind::Text,
                   [](const Context& c) { return noneIfEmpty(c.pod.lastRestartReason); }),
            column(u"CPU Request"_s, Kind::MilliCpu, requested<"cpu", parseQuantityMilli>,
                   "CPU that its containers request together"),
            column(u"Memory Request"_s, Kind::Bytes, requested<"memory", parseQuantity>,
                   "Memory that its containers request together"),
            column(u"CPU Limit"_s, Kind::MilliCpu, limited<"cpu", parseQuantityMilli>,
                   "CPU that its containers may use together; empty where one of them has no limit"),
            column(u"Memory Limit"_s, Kind::Bytes, limited<"memory", parseQuantity>,
                   "Memory that its containers may use together; empty where one of them has no limit"),
            column(u"Phase"_s, Kind::Text, textOrNoneAt<"status", "phase">,
                   "Where it is in its life: Pending, Running, Succeeded, Failed or Unknown"),
            column(u"QoS"_s, Kind::Text, textOrNoneAt<"status", "qosClass">,
                   "Quality of service: who is evicted first"),
            column(u"Images"_s, Kind::Text,
                   [](const Context& c) { return noneIfEmpty(containerImages(c.object["spec"])); }),
        });
    return spec;
}

} // namespace wk::cluster::render
