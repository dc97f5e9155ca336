// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes and namespaces. Columns: kubernetes/pkg/printers/internalversion/printers.go, printNode, printNamespace.
#include "cluster/render/Cells.h"

#include "core/Quantity.h"

#include <algorithm>

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
    std::sort(roles.begin(), roles.end());
    roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
    std::string text;
    for (const std::string_view role : roles)
        text += (text.empty() ? "" : ",") + std::string(role);
    return noneIfEmpty(text);
}

Cell nodeAddress(const Context& c, std::string_view type)
{
    for (const Value address : c.object["status"]["addresses"]) {
        if (address["type"].is(type))
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

template <typename Parse>
Cell allocatable(const Context& c, std::string_view resource, Parse&& parse)
{
    const auto amount = parse(c.object["status"]["allocatable"].at(resource).text());
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
    KindSpec spec;
    spec.verdict = nodeVerdict;
    const auto info = [](QString id, QString title, CellFunction cell) {
        return wide(column(std::move(id), std::move(title), Kind::Text, cell));
    };
    spec.columns = {
        nameColumn(),
        column(u"status"_s, u"Status"_s, Kind::Status, nodeStatus),
        column(u"roles"_s, u"Roles"_s, Kind::Text, nodeRoles),
        ageColumn(),
        column(
            u"version"_s, u"Version"_s, Kind::Text,
            [](const Context& c) { return textCell(c.object["status"]["nodeInfo"]["kubeletVersion"].text()); },
            words("Version of its kubelet")),
        info(u"internal-ip"_s, u"Internal-IP"_s, [](const Context& c) { return nodeAddress(c, "InternalIP"); }),
        info(u"external-ip"_s, u"External-IP"_s, [](const Context& c) { return nodeAddress(c, "ExternalIP"); }),
        info(u"os-image"_s, u"OS-Image"_s,
             [](const Context& c) { return noneIfEmpty(c.object["status"]["nodeInfo"]["osImage"].text()); }),
        info(u"kernel-version"_s, u"Kernel-Version"_s,
             [](const Context& c) { return noneIfEmpty(c.object["status"]["nodeInfo"]["kernelVersion"].text()); }),
        info(u"container-runtime"_s, u"Container-Runtime"_s,
             [](const Context& c) {
                 return noneIfEmpty(c.object["status"]["nodeInfo"]["containerRuntimeVersion"].text());
             }),
    };
    if (options.extraColumns) {
        spec.columns.push_back(extra(column(u"pressure"_s, u"Pressure"_s, Kind::Text, pressureCell,
                                            words("Shortages that the kubelet reports"))));
        spec.columns.push_back(
            extra(column(u"taints"_s, u"Taints"_s, Kind::Text, taints, words("What keeps pods away"))));
        spec.columns.push_back(extra(column(
            u"cpu-allocatable"_s, u"CPU Allocatable"_s, Kind::MilliCpu,
            [](const Context& c) { return allocatable(c, "cpu", parseQuantityMilli); },
            words("CPU that pods may request"))));
        spec.columns.push_back(extra(column(
            u"memory-allocatable"_s, u"Memory Allocatable"_s, Kind::Bytes,
            [](const Context& c) { return allocatable(c, "memory", parseQuantity); },
            words("Memory that pods may request"))));
        spec.columns.push_back(extra(column(
            u"pods-allocatable"_s, u"Pods Allocatable"_s, Kind::Number,
            [](const Context& c) { return allocatable(c, "pods", parseQuantity); }, words("How many pods may run"))));
    }
    return spec;
}

KindSpec namespaceKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = namespaceVerdict;
    spec.columns = {
        nameColumn(),
        column(u"status"_s, u"Status"_s, Column::Kind::Status,
               [](const Context& c) { return textCell(c.object["status"]["phase"].text()); }),
        ageColumn(),
    };
    return spec;
}

} // namespace wk::cluster::render
