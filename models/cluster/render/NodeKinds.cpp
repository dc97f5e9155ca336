// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes and namespaces. Columns: kubernetes/pkg/printers/internalversion/printers.go, printNode, printNamespace.
#include "cluster/render/Cells.h"

#include "core/Quantity.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

Cell nodeStatus(const Context& c)
{
    const Value ready = condition(c.object["status"]["conditions"], "Ready");
    std::string status = !ready.exists() ? "Unknown" : ready["status"].is("True") ? "Ready" : "NotReady";
    if (c.object["spec"]["unschedulable"].boolean())
        status += ",SchedulingDisabled";
    return textCell(status);
}

Cell nodeRoles(const Context& c)
{
    constexpr std::string_view prefix = "node-role.kubernetes.io/";
    std::vector<std::string_view> roles;
    for (const Value label : c.meta["labels"]) {
        if (label.key().starts_with(prefix) && label.key().size() > prefix.size())
            roles.push_back(label.key().substr(prefix.size()));
        else if (label.key() == "kubernetes.io/role" && !label.text().empty())
            roles.push_back(label.text());
    }
    return noneIfEmpty(joinedOnce(std::move(roles)));
}

template <PathStep type>
Cell nodeAddress(const Context& c)
{
    for (const Value address : c.object["status"]["addresses"]) {
        if (address["type"].is(type.name))
            return noneIfEmpty(address["address"].text());
    }
    return {};
}

// The pressures and shortages that a kubelet reports, as operators say them.
QStringList pressures(const Value& conditions)
{
    QStringList found;
    for (const Value condition : conditions) {
        if (!condition["status"].is("True") || condition["type"].is("Ready"))
            continue;
        const std::string_view type = condition["type"].text();
        if (type == "MemoryPressure")
            found << words("memory pressure");
        else if (type == "DiskPressure")
            found << words("disk pressure");
        else if (type == "PIDPressure")
            found << words("too many processes");
        else if (type == "NetworkUnavailable")
            found << words("network unavailable");
        else if (type.ends_with("Pressure") || type.ends_with("Unavailable") || type.ends_with("Deadlock") ||
                 type.ends_with("Problem"))
            found << qtext(type);
    }
    return found;
}

Verdict nodeVerdict(const Context& context)
{
    const Value conditions = context.object["status"]["conditions"];
    const Value ready = condition(conditions, "Ready");
    if (!ready.exists())
        return {Health::Unknown, words("has never reported its state")};
    if (ready["status"].is("Unknown"))
        return {Health::Bad, withMessage(words("does not report any more"), ready["message"].text())};
    if (!ready["status"].is("True"))
        return {Health::Bad, withMessage(words("is not ready"), ready["message"].text())};
    if (isTrue(conditions, "NetworkUnavailable"))
        return {Health::Bad, withMessage(words("network unavailable"),
                                         condition(conditions, "NetworkUnavailable")["message"].text())};
    if (const QStringList found = pressures(conditions); !found.isEmpty())
        return {Health::Warning, found.join(u", "_s)};
    if (auto deletion = deletionVerdict(context))
        return *deletion;
    if (context.object["spec"]["unschedulable"].boolean())
        return {Health::Info, words("cordoned: takes no new pods")};
    return {Health::Good, {}};
}

Cell taints(const Context& c)
{
    return noneIfEmpty(joined(c.object["spec"]["taints"], [](const Value& taint) {
        std::string text(taint["key"].text());
        if (!taint["value"].text().empty())
            text += '=' + std::string(taint["value"].text());
        return text + ':' + std::string(taint["effect"].text());
    }));
}

Cell pressureCell(const Context& c)
{
    const QString text = pressures(c.object["status"]["conditions"]).join(u", "_s);
    return text.isEmpty() ? Cell() : Cell(text);
}

template <PathStep resource, auto parse>
Cell allocatable(const Context& c)
{
    const auto amount = parse(c.object["status"]["allocatable"].at(resource.name).text());
    return amount ? Cell(qint64(*amount)) : Cell();
}

Verdict namespaceVerdict(const Context& context)
{
    if (!context.object["status"]["phase"].is("Terminating"))
        return {Health::Good, {}};
    QString reason = words("is being deleted with everything in it");
    for (const Value condition : context.object["status"]["conditions"]) {
        if (condition["status"].is("True")) {
            reason = withMessage(words("is being deleted and cannot finish"), condition["message"].text());
            return {Health::Warning, reason};
        }
    }
    return {Health::Info, reason};
}

} // namespace

KindSpec nodeKind(const RenderOptions& options)
{
    using Kind = Column::Kind;
    const auto info = [](const QString& title, CellFunction cell) { return wide(column(title, Kind::Text, cell)); };
    KindSpec spec{nodeVerdict};
    spec.add({
        nameColumn(),
        column(u"Status"_s, Kind::Status, nodeStatus),
        column(u"Roles"_s, Kind::Text, nodeRoles),
        ageColumn(),
        column(u"Version"_s, Kind::Text, textAt<"status", "nodeInfo", "kubeletVersion">, "Version of its kubelet"),
        info(u"Internal-IP"_s, nodeAddress<"InternalIP">),
        info(u"External-IP"_s, nodeAddress<"ExternalIP">),
        info(u"OS-Image"_s, textOrNoneAt<"status", "nodeInfo", "osImage">),
        info(u"Kernel-Version"_s, textOrNoneAt<"status", "nodeInfo", "kernelVersion">),
        info(u"Container-Runtime"_s, textOrNoneAt<"status", "nodeInfo", "containerRuntimeVersion">),
    });
    if (options.extraColumns)
        spec.addExtras({
            column(u"Pressure"_s, Kind::Text, pressureCell, "Shortages that the kubelet reports"),
            column(u"Taints"_s, Kind::Text, taints, "What keeps pods away"),
            column(u"CPU Allocatable"_s, Kind::MilliCpu, allocatable<"cpu", parseQuantityMilli>,
                   "CPU that pods may request"),
            column(u"Memory Allocatable"_s, Kind::Bytes, allocatable<"memory", parseQuantity>,
                   "Memory that pods may request"),
            column(u"Pods Allocatable"_s, Kind::Number, allocatable<"pods", parseQuantity>, "How many pods may run"),
        });
    return spec;
}

KindSpec namespaceKind(const RenderOptions&)
{
    KindSpec spec{namespaceVerdict};
    spec.add({nameColumn(), column(u"Status"_s, Column::Kind::Status, textAt<"status", "phase">), ageColumn()});
    return spec;
}

} // namespace wk::cluster::render
