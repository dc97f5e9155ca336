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
                append(text, name);
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

Cell storage(const Value& amounts) { return textCell(textOr(amounts.at("storage"), "0")); }

bool isBound(const Context& c) { return !c.object["spec"]["volumeName"].text().empty(); }

Verdict volumeVerdict(const Context& c)
{
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

ColumnSpec storageClassColumn()
{
    return column(u"StorageClass"_s, Kind::Text, [](const Context& c) { return textCell(storageClass(c)); });
}

ColumnSpec attributesClass()
{
    return column(u"VolumeAttributesClass"_s, Kind::Text, textOrNoneAt<"spec", "volumeAttributesClassName">);
}

ColumnSpec volumeMode() { return wide(column(u"VolumeMode"_s, Kind::Text, textOrNoneAt<"spec", "volumeMode">)); }

Cell volumeCapacity(const Context& c) { return storage(at<"spec", "capacity">(c)); }
Cell volumeModes(const Context& c) { return textCell(accessModes(at<"spec", "accessModes">(c))); }

Cell volumeClaim(const Context& c)
{
    const Value claim = at<"spec", "claimRef">(c);
    if (!claim.exists())
        return textCell({});
    return textCell(std::string(claim["namespace"].text()) + '/' + std::string(claim["name"].text()));
}

// What a claim has got, it has got once it is bound.
Cell claimCapacity(const Context& c) { return isBound(c) ? storage(at<"status", "capacity">(c)) : textCell({}); }
Cell claimModes(const Context& c)
{
    return textCell(isBound(c) ? accessModes(at<"status", "accessModes">(c)) : std::string());
}

Cell requestedStorage(const Context& c)
{
    return noneIfEmpty(at<"spec", "resources", "requests">(c).at("storage").text());
}

bool isDefaultClass(const Value& annotations)
{
    return annotations.at("storageclass.kubernetes.io/is-default-class").is("true") ||
           annotations.at("storageclass.beta.kubernetes.io/is-default-class").is("true");
}

// kubectl writes the default class's mark behind its name.
Cell className(const Context& c)
{
    const QString name = own(c.meta["name"].text());
    return isDefaultClass(c.meta["annotations"]) ? name + u" (default)"_s : name;
}

} // namespace

KindSpec volumeKind(const RenderOptions& options)
{
    KindSpec spec{unlessDeleted<volumeVerdict>};
    spec.add({
        nameColumn(),
        column(u"Capacity"_s, Kind::Text, volumeCapacity),
        column(u"Access Modes"_s, Kind::Text, volumeModes,
               "RWO: one node writes; ROX: many read; RWX: many write; RWOP: one pod writes"),
        column(u"Reclaim Policy"_s, Kind::Text, textAt<"spec", "persistentVolumeReclaimPolicy">,
               "What becomes of the data when the claim goes"),
        column(u"Status"_s, Kind::Status, phase),
        column(u"Claim"_s, Kind::Text, volumeClaim),
        storageClassColumn(),
    });
    if (atLeast(options, 29))
        spec.add({attributesClass()});
    spec.add({column(u"Reason"_s, Kind::Text, textAt<"status", "reason">), ageColumn(), volumeMode()});
    return spec;
}

KindSpec claimKind(const RenderOptions& options)
{
    KindSpec spec{unlessDeleted<claimVerdict>};
    spec.add({
        nameColumn(),
        column(u"Status"_s, Kind::Status, phase),
        column(u"Volume"_s, Kind::Text, textAt<"spec", "volumeName">),
        column(u"Capacity"_s, Kind::Text, claimCapacity),
        column(u"Access Modes"_s, Kind::Text, claimModes),
        storageClassColumn(),
    });
    if (atLeast(options, 29))
        spec.add({attributesClass()});
    spec.add({ageColumn(), volumeMode()});
    if (options.extraColumns)
        spec.addExtras({column(u"Requested"_s, Kind::Text, requestedStorage, "Size that was asked for")});
    return spec;
}

KindSpec storageClassKind(const RenderOptions&)
{
    KindSpec spec;
    spec.add({
        column(u"Name"_s, Kind::Text, className),
        column(u"Provisioner"_s, Kind::Text, textAt<"provisioner">),
        column(u"ReclaimPolicy"_s, Kind::Text,
               [](const Context& c) { return textCell(textOr(c.object["reclaimPolicy"], "Delete")); }),
        column(u"VolumeBindingMode"_s, Kind::Text,
               [](const Context& c) { return textCell(textOr(c.object["volumeBindingMode"], "Immediate")); }),
        column(u"AllowVolumeExpansion"_s, Kind::Text, truthAt<"allowVolumeExpansion">),
        ageColumn(),
    });
    return spec;
}

} // namespace wk::cluster::render
