// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes, claims, storage classes. Columns: kubernetes/pkg/printers/internalversion/printers.go.
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

// k8s.io/kubernetes/pkg/apis/core/helper.GetAccessModesAsString: in this order, each once.
std::string accessModes(const Value& modes)
{
    static constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
    std::string text;
    for (const auto& [mode, name] : names) {
        for (const Value value : modes) {
            if (value.is(mode)) {
                text += (text.empty() ? "" : ",") + std::string(name);
                break;
            }
        }
    }
    return text;
}

std::string_view storageClass(const Context& c)
{
    const std::string_view annotated = c.meta["annotations"].at("volume.beta.kubernetes.io/storage-class").text();
    return annotated.empty() ? c.object["spec"]["storageClassName"].text() : annotated;
}

Cell phase(const Context& c)
{
    return c.meta["deletionTimestamp"].exists() ? Cell(u"Terminating"_s) : textCell(c.object["status"]["phase"].text());
}

Cell storage(const Value& amounts)
{
    const std::string_view text = amounts.at("storage").text();
    return textCell(text.empty() ? "0" : text);
}

bool isBound(const Context& c) { return !c.object["spec"]["volumeName"].text().empty(); }

Verdict volumeVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    const Value status = c.object["status"];
    if (status["phase"].is("Failed"))
        return {Health::Bad, withMessage(words("could not be reclaimed"), status["message"].text())};
    if (status["phase"].is("Released"))
        return {Health::Warning, words("released: its claim is gone, its data is still there")};
    if (status["phase"].is("Pending"))
        return {Health::Info, words("is not available yet")};
    return {Health::Good, {}};
}

Verdict claimVerdict(const Context& c)
{
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    const Value status = c.object["status"];
    if (status["phase"].is("Lost"))
        return {Health::Bad, words("lost: the volume %1 is gone").arg(qtext(c.object["spec"]["volumeName"].text()))};
    if (status["phase"].is("Pending")) {
        const std::string_view name = storageClass(c);
        return {Health::Warning, name.empty() ? words("not bound to a volume")
                                              : words("not bound to a volume (storage class %1)").arg(qtext(name))};
    }
    for (const Value condition : status["conditions"]) {
        if (condition["status"].is("True"))
            return {Health::Info, withMessage(qtext(condition["type"].text()), condition["message"].text())};
    }
    return {Health::Good, {}};
}

ColumnSpec attributesClass()
{
    return column(u"volumeattributesclass"_s, u"VolumeAttributesClass"_s, Kind::Text,
                  [](const Context& c) { return noneIfEmpty(c.object["spec"]["volumeAttributesClassName"].text()); });
}

ColumnSpec volumeMode()
{
    return wide(column(u"volumemode"_s, u"VolumeMode"_s, Kind::Text,
                       [](const Context& c) { return noneIfEmpty(c.object["spec"]["volumeMode"].text()); }));
}

bool isDefaultClass(const Value& annotations)
{
    return annotations.at("storageclass.kubernetes.io/is-default-class").is("true") ||
           annotations.at("storageclass.beta.kubernetes.io/is-default-class").is("true");
}

} // namespace

KindSpec volumeKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.verdict = volumeVerdict;
    spec.columns = {
        nameColumn(),
        column(u"capacity"_s, u"Capacity"_s, Kind::Text,
               [](const Context& c) { return storage(c.object["spec"]["capacity"]); }),
        column(
            u"access-modes"_s, u"Access Modes"_s, Kind::Text,
            [](const Context& c) { return textCell(accessModes(c.object["spec"]["accessModes"])); },
            words("RWO: one node writes; ROX: many read; RWX: many write; RWOP: one pod writes")),
        column(
            u"reclaim-policy"_s, u"Reclaim Policy"_s, Kind::Text,
            [](const Context& c) { return textCell(c.object["spec"]["persistentVolumeReclaimPolicy"].text()); },
            words("What becomes of the data when the claim goes")),
        column(u"status"_s, u"Status"_s, Kind::Status, phase),
        column(u"claim"_s, u"Claim"_s, Kind::Text,
               [](const Context& c) {
                   const Value claim = c.object["spec"]["claimRef"];
                   return claim.exists() ? textCell(std::string(claim["namespace"].text()) + '/' +
                                                    std::string(claim["name"].text()))
                                         : textCell({});
               }),
        column(u"storageclass"_s, u"StorageClass"_s, Kind::Text,
               [](const Context& c) { return textCell(storageClass(c)); }),
    };
    if (atLeast(options, 29))
        spec.columns.push_back(attributesClass());
    spec.columns.push_back(column(u"reason"_s, u"Reason"_s, Kind::Text,
                                  [](const Context& c) { return textCell(c.object["status"]["reason"].text()); }));
    spec.columns.push_back(ageColumn());
    spec.columns.push_back(volumeMode());
    return spec;
}

KindSpec claimKind(const RenderOptions& options)
{
    KindSpec spec;
    spec.verdict = claimVerdict;
    spec.columns = {
        nameColumn(),
        column(u"status"_s, u"Status"_s, Kind::Status, phase),
        column(u"volume"_s, u"Volume"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["spec"]["volumeName"].text()); }),
        column(u"capacity"_s, u"Capacity"_s, Kind::Text,
               [](const Context& c) { return isBound(c) ? storage(c.object["status"]["capacity"]) : textCell({}); }),
        column(u"access-modes"_s, u"Access Modes"_s, Kind::Text,
               [](const Context& c) {
                   return isBound(c) ? textCell(accessModes(c.object["status"]["accessModes"])) : textCell({});
               }),
        column(u"storageclass"_s, u"StorageClass"_s, Kind::Text,
               [](const Context& c) { return textCell(storageClass(c)); }),
    };
    if (atLeast(options, 29))
        spec.columns.push_back(attributesClass());
    spec.columns.push_back(ageColumn());
    spec.columns.push_back(volumeMode());
    if (options.extraColumns)
        spec.columns.push_back(extra(column(
            u"requested"_s, u"Requested"_s, Kind::Text,
            [](const Context& c) {
                return noneIfEmpty(c.object["spec"]["resources"]["requests"].at("storage").text());
            },
            words("Size that was asked for"))));
    return spec;
}

KindSpec storageClassKind(const RenderOptions&)
{
    KindSpec spec;
    spec.columns = {
        // kubectl writes the default class's mark behind its name.
        column(u"name"_s, u"Name"_s, Kind::Text,
               [](const Context& c) {
                   const QString name = own(c.meta["name"].text());
                   return Cell(isDefaultClass(c.meta["annotations"]) ? name + u" (default)"_s : name);
               }),
        column(u"provisioner"_s, u"Provisioner"_s, Kind::Text,
               [](const Context& c) { return textCell(c.object["provisioner"].text()); }),
        column(u"reclaimpolicy"_s, u"ReclaimPolicy"_s, Kind::Text,
               [](const Context& c) {
                   const std::string_view policy = c.object["reclaimPolicy"].text();
                   return textCell(policy.empty() ? "Delete" : policy);
               }),
        column(u"volumebindingmode"_s, u"VolumeBindingMode"_s, Kind::Text,
               [](const Context& c) {
                   const std::string_view mode = c.object["volumeBindingMode"].text();
                   return textCell(mode.empty() ? "Immediate" : mode);
               }),
        column(
            u"allowvolumeexpansion"_s, u"AllowVolumeExpansion"_s, Kind::Text,
            [](const Context& c) { return textCell(c.object["allowVolumeExpansion"].boolean() ? "true" : "false"); }),
        ageColumn(),
    };
    return spec;
}

} // namespace wk::cluster::render
