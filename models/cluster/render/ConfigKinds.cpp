// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration, access, policy and the rest. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

#include <algorithm>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

Cell keys(const Context& c)
{
    const auto key = [](const Value& entry) { return entry.key(); };
    std::string text = joined(c.object["data"], key);
    if (const std::string binary = joined(c.object["binaryData"], key); !binary.empty())
        append(text, binary);
    return noneIfEmpty(text);
}

ColumnSpec dataColumn()
{
    return column(
        u"Data"_s, Kind::Number,
        [](const Context& c) { return Cell(qint64(c.object["data"].size() + c.object["binaryData"].size())); },
        "How many entries it has");
}

Cell intOrString(const Value& value)
{
    if (!value.exists())
        return {};
    return value.isNumber() ? Cell(QString::number(value.integer())) : textCell(value.text());
}

Verdict budgetVerdict(const Context& c)
{
    const Value status = c.object["status"];
    const qint64 expected = status["expectedPods"].integer();
    const qint64 healthy = status["currentHealthy"].integer();
    const qint64 wanted = status["desiredHealthy"].integer();
    if (expected == 0)
        return {Health::Info, words("no pod matches its selector")};
    if (healthy < wanted)
        return {Health::Bad, words("%1 pods are healthy, %2 are needed").arg(healthy).arg(wanted)};
    if (status["disruptionsAllowed"].integer() == 0)
        return {Health::Warning, words("no disruption is allowed: drains will wait")};
    return {Health::Good, {}};
}

template <PathStep kind>
Cell subjects(const Context& c)
{
    std::string text;
    for (const Value subject : c.object["subjects"]) {
        if (!subject["kind"].is(kind.name))
            continue;
        std::string name(subject["name"].text());
        if (subject["kind"].is("ServiceAccount"))
            name = std::string(subject["namespace"].text()) + '/' + name;
        append(text, name, ", ");
    }
    return textCell(text);
}

Verdict definitionVerdict(const Context& c)
{
    const Value conditions = c.object["status"]["conditions"];
    const Value accepted = condition(conditions, "NamesAccepted");
    if (accepted["status"].is("False"))
        return {Health::Bad, withMessage(words("its names are not accepted"), accepted["message"].text())};
    const Value established = condition(conditions, "Established");
    if (!established["status"].is("True"))
        return {Health::Warning, withMessage(words("is not served yet"), established["message"].text())};
    return {Health::Good, {}};
}

// "cpu: 1/2, memory: 1Gi/4Gi" of what limits, or of what does not.
template <bool limits>
Cell quota(const Context& c)
{
    const Value status = c.object["status"];
    std::vector<Value> hard;
    for (const Value entry : status["hard"])
        hard.push_back(entry);
    std::sort(hard.begin(), hard.end(), [](const Value& a, const Value& b) { return a.key() < b.key(); });
    std::string text;
    for (const Value& entry : hard) {
        if (entry.key().starts_with("limits.") != limits)
            continue;
        append(text, std::string(entry.key()) + ": ", ", ");
        text += textOr(status["used"].at(entry.key()), "0");
        text += '/';
        text += entry.text();
    }
    return textCell(text);
}

Cell healthyPods(const Context& c)
{
    const Value status = c.object["status"];
    return ratioCell(status["currentHealthy"].integer(), status["expectedPods"].integer());
}

Cell servedVersions(const Context& c)
{
    std::string text;
    for (const Value version : c.object["spec"]["versions"]) {
        if (version["served"].boolean())
            append(text, version["name"].text());
    }
    return noneIfEmpty(text);
}

} // namespace

KindSpec configMapKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({nameColumn(), dataColumn(), ageColumn()});
    if (options.extraColumns)
        spec.addExtras({column(u"Keys"_s, Kind::Text, keys)});
    return spec;
}

KindSpec secretKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({nameColumn(), column(u"Type"_s, Kind::Text, textAt<"type">), dataColumn(), ageColumn()});
    if (options.extraColumns)
        spec.addExtras({column(u"Keys"_s, Kind::Text, keys)});
    return spec;
}

KindSpec disruptionBudgetKind(const RenderOptions& options)
{
    KindSpec spec{unlessDeleted<budgetVerdict>};
    spec.add({
        nameColumn(),
        column(u"Min Available"_s, Kind::Text,
               [](const Context& c) { return intOrString(c.object["spec"]["minAvailable"]); }),
        column(u"Max Unavailable"_s, Kind::Text,
               [](const Context& c) { return intOrString(c.object["spec"]["maxUnavailable"]); }),
        column(u"Allowed Disruptions"_s, Kind::Number, countAt<"status", "disruptionsAllowed">,
               "How many pods may be taken away now"),
        ageColumn(),
    });
    if (options.extraColumns)
        spec.addExtras({column(u"Healthy"_s, Kind::Ratio, healthyPods, "Healthy pods of those it covers")});
    return spec;
}

KindSpec serviceAccountKind(const RenderOptions&)
{
    KindSpec spec;
    spec.add({nameColumn(), column(u"Secrets"_s, Kind::Number, sizeAt<"secrets">), ageColumn()});
    return spec;
}

KindSpec roleKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({nameColumn(), createdColumn()});
    if (options.extraColumns)
        spec.addExtras({column(u"Rules"_s, Kind::Number, sizeAt<"rules">)});
    return spec;
}

KindSpec roleBindingKind(const RenderOptions&)
{
    KindSpec spec;
    spec.add({
        nameColumn(),
        column(u"Role"_s, Kind::Text, [](const Context& c) { return textCell(kindAndName(c.object["roleRef"])); }),
        ageColumn(),
        wide(column(u"Users"_s, Kind::Text, subjects<"User">)),
        wide(column(u"Groups"_s, Kind::Text, subjects<"Group">)),
        wide(column(u"ServiceAccounts"_s, Kind::Text, subjects<"ServiceAccount">)),
    });
    return spec;
}

KindSpec leaseKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({nameColumn(), column(u"Holder"_s, Kind::Text, textAt<"spec", "holderIdentity">), ageColumn()});
    if (options.extraColumns)
        spec.addExtras({
            column(u"Renewed"_s, Kind::Age, momentAt<"spec", "renewTime">, "Time since its holder last renewed it"),
        });
    return spec;
}

KindSpec customResourceDefinitionKind(const RenderOptions& options)
{
    KindSpec spec{unlessDeleted<definitionVerdict>};
    spec.add({nameColumn(), createdColumn()});
    if (options.extraColumns)
        spec.addExtras({
            column(u"Group"_s, Kind::Text, textAt<"spec", "group">),
            column(u"Kind"_s, Kind::Text, textAt<"spec", "names", "kind">),
            column(u"Scope"_s, Kind::Text, textAt<"spec", "scope">),
            column(u"Versions"_s, Kind::Text, servedVersions),
        });
    return spec;
}

KindSpec resourceQuotaKind(const RenderOptions&)
{
    KindSpec spec;
    spec.add({
        nameColumn(),
        ageColumn(),
        column(u"Request"_s, Kind::Text, quota<false>, "Used of what may be used"),
        column(u"Limit"_s, Kind::Text, quota<true>, "Limits used of those allowed"),
    });
    return spec;
}

KindSpec limitRangeKind(const RenderOptions&)
{
    KindSpec spec;
    spec.add({nameColumn(), createdColumn()});
    return spec;
}

KindSpec priorityClassKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.add({
        nameColumn(),
        column(u"Value"_s, Kind::Number, countAt<"value">),
        column(u"Global-Default"_s, Kind::Text, truthAt<"globalDefault">),
        ageColumn(),
    });
    if (atLeast(options, 32))
        spec.add({wide(column(u"PreemptionPolicy"_s, Kind::Text, textAt<"preemptionPolicy">))});
    return spec;
}

} // namespace wk::cluster::render
