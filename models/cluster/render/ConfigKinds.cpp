// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration, access, policy and the rest. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

#include <algorithm>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

ColumnSpec keysColumn()
{
    return extra(column(u"keys"_s, u"Keys"_s, Kind::Text, [](const Context& c) {
        std::string text = joined(c.object["data"], [](const Value& entry) { return entry.key(); });
        const std::string binary = joined(c.object["binaryData"], [](const Value& entry) { return entry.key(); });
        if (!binary.empty())
            text += (text.empty() ? "" : ",") + binary;
        return noneIfEmpty(text);
    }));
}

Cell dataCount(const Context& c) { return qint64(c.object["data"].size() + c.object["binaryData"].size()); }

Cell intOrString(const Value& value)
{
    if (!value.exists())
        return {};
    return value.isNumber() ? Cell(QString::number(value.integer())) : textCell(value.text());
}

Verdict budgetVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
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

std::string subjects(const Context& c, std::string_view kind)
{
    std::string text;
    for (const Value subject : c.object["subjects"]) {
        if (!subject["kind"].is(kind))
            continue;
        if (!text.empty())
            text += ", ";
        if (kind == "ServiceAccount")
            text += std::string(subject["namespace"].text()) + '/';
        text += subject["name"].text();
    }
    return text;
}

Cell roleRef(const Context& c)
{
    const Value role = c.object["roleRef"];
    return textCell(std::string(role["kind"].text()) + '/' + std::string(role["name"].text()));
}

Verdict definitionVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    const Value conditions = c.object["status"]["conditions"];
    const Value accepted = condition(conditions, "NamesAccepted");
    if (accepted["status"].is("False"))
        return {Health::Bad, withMessage(words("its names are not accepted"), accepted["message"].text())};
    const Value established = condition(conditions, "Established");
    if (!established["status"].is("True"))
        return {Health::Warning, withMessage(words("is not served yet"), established["message"].text())};
    return {Health::Good, {}};
}

// Quotas: "cpu: 1/2, memory: 1Gi/4Gi" of what limits, or of what does not.
std::string quotaText(const Context& c, bool limits)
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
        const std::string_view used = status["used"].at(entry.key()).text();
        text += (text.empty() ? "" : ", ") + std::string(entry.key()) + ": " + std::string(used.empty() ? "0" : used) +
                '/' + std::string(entry.text());
    }
    return text;
}

} // namespace

KindSpec configMapKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {nameColumn(),
                    column(u"data"_s, u"Data"_s, Kind::Number, dataCount, words("How many entries it has")),
                    ageColumn()};
    if (options.extraColumns)
        spec.columns.push_back(keysColumn());
    return spec;
}

KindSpec secretKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(u"type"_s, u"Type"_s, Kind::Text, [](const Context& c) { return textCell(c.object["type"].text()); }),
        column(u"data"_s, u"Data"_s, Kind::Number, dataCount, words("How many entries it has")),
        ageColumn(),
    };
    if (options.extraColumns)
        spec.columns.push_back(keysColumn());
    return spec;
}

KindSpec disruptionBudgetKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.verdict = budgetVerdict;
    spec.columns = {
        nameColumn(),
        column(u"min-available"_s, u"Min Available"_s, Kind::Text,
               [](const Context& c) { return intOrString(c.object["spec"]["minAvailable"]); }),
        column(u"max-unavailable"_s, u"Max Unavailable"_s, Kind::Text,
               [](const Context& c) { return intOrString(c.object["spec"]["maxUnavailable"]); }),
        column(
            u"allowed-disruptions"_s, u"Allowed Disruptions"_s, Kind::Number,
            [](const Context& c) { return countCell(c.object["status"]["disruptionsAllowed"]); },
            words("How many pods may be taken away now")),
        ageColumn(),
    };
    if (options.extraColumns) {
        spec.columns.push_back(extra(column(
            u"healthy"_s, u"Healthy"_s, Kind::Ratio,
            [](const Context& c) {
                return ratioCell(c.object["status"]["currentHealthy"].integer(),
                                 c.object["status"]["expectedPods"].integer());
            },
            words("Healthy pods of those it covers"))));
    }
    return spec;
}

KindSpec serviceAccountKind(const RenderOptions&)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(u"secrets"_s, u"Secrets"_s, Kind::Number,
               [](const Context& c) { return Cell(qint64(c.object["secrets"].size())); }),
        ageColumn(),
    };
    return spec;
}

KindSpec roleKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {nameColumn(), createdColumn()};
    if (options.extraColumns)
        spec.columns.push_back(extra(column(u"rules"_s, u"Rules"_s, Kind::Number,
                                            [](const Context& c) { return Cell(qint64(c.object["rules"].size())); })));
    return spec;
}

KindSpec roleBindingKind(const RenderOptions&)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(u"role"_s, u"Role"_s, Kind::Text, roleRef),
        ageColumn(),
        wide(
            column(u"users"_s, u"Users"_s, Kind::Text, [](const Context& c) { return textCell(subjects(c, "User")); })),
        wide(column(u"groups"_s, u"Groups"_s, Kind::Text,
                    [](const Context& c) { return textCell(subjects(c, "Group")); })),
        wide(column(u"serviceaccounts"_s, u"ServiceAccounts"_s, Kind::Text,
                    [](const Context& c) { return textCell(subjects(c, "ServiceAccount")); })),
    };
    return spec;
}

KindSpec leaseKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(u"holder"_s, u"Holder"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["spec"]["holderIdentity"].text()); }),
        ageColumn(),
    };
    if (options.extraColumns)
        spec.columns.push_back(extra(column(
            u"renewed"_s, u"Renewed"_s, Kind::Age,
            [](const Context& c) { return momentCell(c.object["spec"]["renewTime"].time()); },
            words("Time since its holder last renewed it"))));
    return spec;
}

KindSpec customResourceDefinitionKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.verdict = definitionVerdict;
    spec.columns = {nameColumn(), createdColumn()};
    if (options.extraColumns) {
        spec.columns.push_back(extra(column(u"group"_s, u"Group"_s, Kind::Text, [](const Context& c) {
            return textCell(c.object["spec"]["group"].text());
        })));
        spec.columns.push_back(extra(column(u"kind"_s, u"Kind"_s, Kind::Text, [](const Context& c) {
            return textCell(c.object["spec"]["names"]["kind"].text());
        })));
        spec.columns.push_back(extra(column(u"scope"_s, u"Scope"_s, Kind::Text, [](const Context& c) {
            return textCell(c.object["spec"]["scope"].text());
        })));
        spec.columns.push_back(extra(column(u"versions"_s, u"Versions"_s, Kind::Text, [](const Context& c) {
            std::string text;
            for (const Value version : c.object["spec"]["versions"]) {
                if (version["served"].boolean())
                    text += (text.empty() ? "" : ",") + std::string(version["name"].text());
            }
            return noneIfEmpty(text);
        })));
    }
    return spec;
}

KindSpec resourceQuotaKind(const RenderOptions&)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        ageColumn(),
        column(
            u"request"_s, u"Request"_s, Kind::Text, [](const Context& c) { return textCell(quotaText(c, false)); },
            words("Used of what may be used")),
        column(
            u"limit"_s, u"Limit"_s, Kind::Text, [](const Context& c) { return textCell(quotaText(c, true)); },
            words("Limits used of those allowed")),
    };
    return spec;
}

KindSpec limitRangeKind(const RenderOptions&)
{
    KindSpec spec;
    spec.columns = {nameColumn(), createdColumn()};
    return spec;
}

KindSpec priorityClassKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.columns = {
        nameColumn(),
        column(u"value"_s, u"Value"_s, Kind::Number, [](const Context& c) { return countCell(c.object["value"]); }),
        column(u"global-default"_s, u"Global-Default"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["globalDefault"].boolean() ? "true" : "false"); }),
        ageColumn(),
    };
    const ColumnSpec policy = column(u"preemptionpolicy"_s, u"PreemptionPolicy"_s, Kind::Text,
                                     [](const Context& c) { return textCell(c.object["preemptionPolicy"].text()); });
    if (atLeast(options, 32))
        spec.columns.push_back(wide(policy));
    return spec;
}

} // namespace wk::cluster::render
