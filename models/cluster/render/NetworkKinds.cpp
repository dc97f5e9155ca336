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

void append(std::string& text, std::string_view item)
{
    if (!text.empty())
        text += ',';
    text += item;
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
    if (auto deletion = deletionVerdict(c))
        return *deletion;
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

Verdict sliceVerdict(const Context& c)
{
    qint64 all = 0;
    qint64 ready = 0;
    for (const Value endpoint : c.object["endpoints"]) {
        ++all;
        // Unset means ready (EndpointConditions).
        ready += endpoint["conditions"]["ready"].boolean(true) ? 1 : 0;
    }
    if (all == 0)
        return {Health::Info, words("has no endpoints")};
    if (ready == 0)
        return {Health::Bad, counted(all, "its only endpoint is not ready", "none of %1 endpoints is ready")};
    if (ready < all)
        return {Health::Warning, words("%1 of %2 endpoints are ready").arg(ready).arg(all)};
    return {Health::Good, {}};
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
    std::size_t ready = 0;
    std::size_t waiting = 0;
    for (const Value subset : c.object["subsets"]) {
        ready += subset["addresses"].size();
        waiting += subset["notReadyAddresses"].size();
    }
    if (ready == 0 && waiting > 0)
        return {Health::Bad,
                counted(qint64(waiting), "its only endpoint is not ready", "none of %1 endpoints is ready")};
    if (ready == 0)
        return {Health::Info, words("has no endpoints")};
    if (waiting > 0)
        return {Health::Warning, words("%1 of %2 endpoints are ready").arg(ready).arg(ready + waiting)};
    return {Health::Good, {}};
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

Verdict ingressVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    if (c.object["status"]["loadBalancer"]["ingress"].isEmpty())
        return {Health::Info, words("has no address yet")};
    return {Health::Good, {}};
}

} // namespace

KindSpec serviceKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = serviceVerdict;
    spec.columns = {
        nameColumn(),
        column(u"type"_s, u"Type"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["spec"]["type"].text()); }),
        column(u"cluster-ip"_s, u"Cluster-IP"_s, Kind::Text, clusterIp),
        column(u"external-ip"_s, u"External-IP"_s, Kind::Text, externalIp),
        column(u"ports"_s, u"Port(s)"_s, Kind::Text, servicePorts),
        ageColumn(),
        selectorColumn([](const Context& c) { return noneIfEmpty(formatLabels(c.object["spec"]["selector"])); }),
    };
    return spec;
}

KindSpec endpointSliceKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = sliceVerdict;
    spec.columns = {
        nameColumn(),
        column(u"addresstype"_s, u"AddressType"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["addressType"].text()); }),
        column(u"ports"_s, u"Ports"_s, Kind::Text, slicePorts),
        column(u"endpoints"_s, u"Endpoints"_s, Kind::Text, sliceEndpoints),
        ageColumn(),
    };
    return spec;
}

KindSpec endpointsKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = endpointsVerdict;
    spec.columns = {nameColumn(), column(u"endpoints"_s, u"Endpoints"_s, Kind::Text, endpointAddresses), ageColumn()};
    return spec;
}

KindSpec ingressKind(const RenderOptions&)
{
    KindSpec spec;
    spec.verdict = ingressVerdict;
    spec.columns = {
        nameColumn(),
        column(
            u"class"_s, u"Class"_s, Kind::Text,
            [](const Context& c) { return noneIfEmpty(c.object["spec"]["ingressClassName"].text()); },
            words("Which controller serves it")),
        column(u"hosts"_s, u"Hosts"_s, Kind::Text, ingressHosts),
        column(u"address"_s, u"Address"_s, Kind::Text,
               [](const Context& c) { return textCell(balancerAddresses(c.object["status"]["loadBalancer"])); }),
        column(u"ports"_s, u"Ports"_s, Kind::Text,
               [](const Context& c) { return Cell(c.object["spec"]["tls"].isEmpty() ? u"80"_s : u"80, 443"_s); }),
        ageColumn(),
    };
    return spec;
}

KindSpec networkPolicyKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(
            u"pod-selector"_s, u"Pod-Selector"_s, Kind::Text,
            [](const Context& c) { return noneIfEmpty(formatSelector(c.object["spec"]["podSelector"])); },
            words("Pods that it applies to")),
        ageColumn(),
    };
    if (options.extraColumns)
        spec.columns.push_back(extra(column(u"policy-types"_s, u"Policy Types"_s, Kind::Text, [](const Context& c) {
            return noneIfEmpty(joined(c.object["spec"]["policyTypes"], [](const Value& v) { return v.text(); }));
        })));
    return spec;
}

} // namespace wk::cluster::render
