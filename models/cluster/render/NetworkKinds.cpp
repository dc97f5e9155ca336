// SPDX-License-Identifier: GPL-3.0-or-later
// Services, endpoints, ingresses, network policies. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

constexpr std::size_t shownInLists = 3;

std::string withMore(const std::string& text, std::size_t count)
{
    return count > shownInLists ? text + " + " + std::to_string(count - shownInLists) + " more..." : text;
}

Cell externalIp(const Context& c)
{
    const Value spec = c.object["spec"];
    const std::string_view type = spec["type"].text();
    const std::string ips = joined(spec["externalIPs"], [](const Value& ip) { return ip.text(); });
    if (type == "ClusterIP" || type == "NodePort")
        return noneIfEmpty(ips);
    if (type == "LoadBalancer") {
        std::string addresses = balancerAddresses(c.object["status"]["loadBalancer"]);
        if (!ips.empty())
            append(addresses, ips);
        return textCell(addresses.empty() ? "<pending>" : addresses);
    }
    if (type == "ExternalName")
        return textCell(spec["externalName"].text());
    return textCell("<unknown>");
}

Cell servicePorts(const Context& c)
{
    return noneIfEmpty(joined(c.object["spec"]["ports"], [](const Value& port) {
        std::string text = std::to_string(port["port"].integer());
        if (const qint64 nodePort = port["nodePort"].integer(); nodePort > 0)
            text += ':' + std::to_string(nodePort);
        return text + '/' + std::string(port["protocol"].text());
    }));
}

Cell clusterIp(const Context& c)
{
    const Value spec = c.object["spec"];
    for (const Value ip : spec["clusterIPs"])
        return noneIfEmpty(ip.text());
    return noneIfEmpty(spec["clusterIP"].text());
}

Verdict serviceVerdict(const Context& c)
{
    if (c.object["spec"]["type"].is("LoadBalancer") && c.object["status"]["loadBalancer"]["ingress"].isEmpty())
        return {Health::Warning, words("waits for a load balancer's address")};
    return {Health::Good, {}};
}

Cell slicePorts(const Context& c)
{
    std::string text;
    std::size_t count = 0;
    for (const Value port : c.object["ports"]) {
        if (count++ < shownInLists) {
            if (port["port"].exists())
                append(text, std::to_string(port["port"].integer()));
            else
                append(text, port["name"].text().empty() ? "*" : port["name"].text());
        }
    }
    return textCell(text.empty() ? "<unset>" : withMore(text, count));
}

Cell sliceEndpoints(const Context& c)
{
    std::string text;
    std::size_t count = 0;
    for (const Value endpoint : c.object["endpoints"]) {
        for (const Value address : endpoint["addresses"]) {
            if (count++ < shownInLists)
                append(text, address.text());
        }
    }
    return text.empty() ? Cell(u"<unset>"_s) : Cell(own(withMore(text, count)));
}

Verdict endpointsReady(qint64 ready, qint64 all)
{
    if (all == 0)
        return {Health::Info, words("has no endpoints")};
    if (ready == 0)
        return {Health::Bad, counted(all, "its only endpoint is not ready", "none of %1 endpoints is ready")};
    if (ready < all)
        return {Health::Warning, words("%1 of %2 endpoints are ready").arg(ready).arg(all)};
    return {Health::Good, {}};
}

Verdict sliceVerdict(const Context& c)
{
    qint64 all = 0;
    qint64 ready = 0;
    for (const Value endpoint : c.object["endpoints"]) {
        ++all;
        // Unset means ready (EndpointConditions).
        ready += endpoint["conditions"]["ready"].boolean(true) ? 1 : 0;
    }
    return endpointsReady(ready, all);
}

std::string hostPort(std::string_view ip, qint64 port)
{
    const bool v6 = ip.find(':') != std::string_view::npos;
    return (v6 ? '[' + std::string(ip) + ']' : std::string(ip)) + ':' + std::to_string(port);
}

Cell endpointAddresses(const Context& c)
{
    const Value subsets = c.object["subsets"];
    if (subsets.isEmpty())
        return {};
    std::string text;
    std::size_t count = 0;
    const auto add = [&](const std::string& address) {
        if (count++ < shownInLists)
            append(text, address);
    };
    for (const Value subset : subsets) {
        if (subset["ports"].isEmpty()) {
            for (const Value address : subset["addresses"])
                add(std::string(address["ip"].text()));
        }
        for (const Value port : subset["ports"]) {
            for (const Value address : subset["addresses"])
                add(hostPort(address["ip"].text(), port["port"].integer()));
        }
    }
    return own(withMore(text, count));
}

Verdict endpointsVerdict(const Context& c)
{
    qint64 ready = 0;
    qint64 waiting = 0;
    for (const Value subset : c.object["subsets"]) {
        ready += qint64(subset["addresses"].size());
        waiting += qint64(subset["notReadyAddresses"].size());
    }
    return endpointsReady(ready, ready + waiting);
}

Cell ingressHosts(const Context& c)
{
    std::string text;
    std::size_t listed = 0;
    bool more = false;
    const Value rules = c.object["spec"]["rules"];
    for (const Value rule : rules) {
        more = more || listed == shownInLists;
        if (!more && !rule["host"].text().empty()) {
            append(text, rule["host"].text());
            ++listed;
        }
    }
    if (listed == 0)
        return u"*"_s;
    return textCell(more ? withMore(text, rules.size()) : text);
}

Cell ingressAddress(const Context& c) { return textCell(balancerAddresses(at<"status", "loadBalancer">(c))); }

Cell ingressPorts(const Context& c) { return at<"spec", "tls">(c).isEmpty() ? u"80"_s : u"80, 443"_s; }

Cell policyTypes(const Context& c)
{
    return noneIfEmpty(joined(at<"spec", "policyTypes">(c), [](const Value& type) { return type.text(); }));
}

Verdict ingressVerdict(const Context& c)
{
    if (c.object["status"]["loadBalancer"]["ingress"].isEmpty())
        return {Health::Info, words("has no address yet")};
    return {Health::Good, {}};
}

} // namespace

KindSpec serviceKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<serviceVerdict>};
    spec.add({
        nameColumn(),
        column(u"Type"_s, Kind::Text, textAt<"spec", "type">),
        column(u"Cluster-IP"_s, Kind::Text, clusterIp),
        column(u"External-IP"_s, Kind::Text, externalIp),
        column(u"Port(s)"_s, Kind::Text, servicePorts),
        ageColumn(),
        selectorColumn(labelsAt<"spec", "selector">),
    });
    return spec;
}

KindSpec endpointSliceKind(const RenderOptions&)
{
    KindSpec spec{sliceVerdict};
    spec.add({
        nameColumn(),
        column(u"AddressType"_s, Kind::Text, textAt<"addressType">),
        column(u"Ports"_s, Kind::Text, slicePorts),
        column(u"Endpoints"_s, Kind::Text, sliceEndpoints),
        ageColumn(),
    });
    return spec;
}

KindSpec endpointsKind(const RenderOptions&)
{
    KindSpec spec{endpointsVerdict};
    spec.add({nameColumn(), column(u"Endpoints"_s, Kind::Text, endpointAddresses), ageColumn()});
    return spec;
}

KindSpec ingressKind(const RenderOptions&)
{
    KindSpec spec{unlessDeleted<ingressVerdict>};
    spec.add({
        nameColumn(),
        column(u"Class"_s, Kind::Text, textOrNoneAt<"spec", "ingressClassName">, "Which controller serves it"),
        column(u"Hosts"_s, Kind::Text, ingressHosts),
        column(u"Address"_s, Kind::Text, ingressAddress),
        column(u"Ports"_s, Kind::Text, ingressPorts),
        ageColumn(),
    });
    return spec;
}

KindSpec networkPolicyKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({
        nameColumn(),
        column(u"Pod-Selector"_s, Kind::Text, selectorAt<"spec", "podSelector">, "Pods that it applies to"),
        ageColumn(),
    });
    if (options.extraColumns)
        spec.addExtras({column(u"Policy Types"_s, Kind::Text, policyTypes)});
    return spec;
}

} // namespace wk::cluster::render
