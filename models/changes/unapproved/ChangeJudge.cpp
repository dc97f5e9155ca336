// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/ObjectChange.h"

#include "changes/actions/Kube.h"
#include "changes/plan/Passwords.h"
#include "changes/plan/RestoreSteps.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ObjectChange)
};

/// Parts of Kubernetes itself: k8s.io/component-base names each client after its program.
constexpr QLatin1StringView systemManagers[] = {
    "kube-controller-manager"_L1, "kube-scheduler"_L1,           "kubelet"_L1,
    "kube-apiserver"_L1,          "cloud-controller-manager"_L1, "kube-proxy"_L1,
    "service-controller"_L1,      "endpoint-controller"_L1};

QJsonArray entriesOf(const QJsonObject& object) { return kube::metadata(object).value("managedFields"_L1).toArray(); }

ChangeAuthor authorOf(const QJsonObject& entry)
{
    ChangeAuthor out;
    out.manager = entry.value("manager"_L1).toString();
    out.operation = entry.value("operation"_L1).toString();
    out.subresource = entry.value("subresource"_L1).toString();
    const QDateTime at = QDateTime::fromString(entry.value("time"_L1).toString(), Qt::ISODate);
    if (at.isValid())
        out.at = at.toUTC();
    return out;
}

/// Whether the entry was written since: another manager's change takes fields out of it without touching its time.
bool isLater(const ChangeAuthor& candidate, const QJsonArray& old)
{
    return std::ranges::none_of(old, [&](const QJsonValue& item) {
        const ChangeAuthor former = authorOf(item.toObject());
        return former.manager == candidate.manager && former.operation == candidate.operation &&
               former.subresource == candidate.subresource && former.at >= candidate.at;
    });
}

/// Who did it: of the entries that are new or were written since, the latest that owns a field that differs. Where
/// fields only went, nobody owns them any more; then the latest that is no part of Kubernetes. Nobody where the server
/// noted nobody: before Kubernetes 1.22 a change through the scale subresource leaves no trace, and whoever only
/// removes fields leaves none in any version.
ChangeAuthor author(const QJsonObject& before, const QJsonObject& after, const QList<FieldChange>& fields)
{
    const QJsonArray old = entriesOf(before), now = entriesOf(after);
    const bool onlyRemoved = !fields.isEmpty() && std::ranges::all_of(fields, [](const FieldChange& field) {
        return field.after.isUndefined();
    });
    const QJsonObject oldIntent = intentOf(before), newIntent = intentOf(after);
    ChangeAuthor owner, other;
    for (const auto& item : now) {
        const QJsonObject entry = item.toObject();
        const ChangeAuthor candidate = authorOf(entry);
        if (candidate.subresource == "status"_L1 || !isLater(candidate, old))
            continue;
        const QJsonObject owned = entry.value("fieldsV1"_L1).toObject();
        // Whoever wrote the status or an annotation at the same time is not the author of the rest.
        if (ownsAChange(owned, oldIntent, newIntent) && (!owner.at || candidate.at >= owner.at))
            owner = candidate;
        const bool system = std::ranges::find(systemManagers, candidate.manager) != std::end(systemManagers);
        if (!system && (!other.at || candidate.at >= other.at))
            other = candidate;
    }
    return owner.manager.isEmpty() && onlyRemoved ? other : owner;
}

ChangeAuthor creator(const QJsonObject& object)
{
    ChangeAuthor out;
    const QJsonArray entries = entriesOf(object);
    for (const auto& item : entries) {
        const ChangeAuthor candidate = authorOf(item.toObject());
        if (candidate.subresource != "status"_L1 && (!out.at || candidate.at < out.at))
            out = candidate;
    }
    return out;
}

bool onlyReplicas(const ObjectChange& change)
{
    return change.what == ObjectChange::What::Changed && change.fields.size() == 1 &&
           change.fields.first().path == "spec.replicas"_L1;
}

} // namespace

QString ChangeJudge::controllerOf(const ObjectChange& change, const Circumstances& circumstances) const
{
    const QString& manager = change.author.manager;
    const bool scaled = onlyReplicas(change);
    const bool asWanted = scaled && circumstances.autoscalerWants &&
                          change.fields.first().after.toInteger(-1) == *circumstances.autoscalerWants;
    for (const platform::Manager& known : m_managers) {
        if (known.name == manager && (known.kinds.isEmpty() || known.kinds.contains(change.target.kind)))
            return known.title.isEmpty() ? known.name : known.title;
    }
    if (manager.isEmpty())
        return asWanted ? Texts::tr("the autoscaler") : QString();
    if (std::ranges::find(systemManagers, manager) == std::end(systemManagers))
        return {};
    return scaled ? Texts::tr("the autoscaler") : Texts::tr("Kubernetes itself (%1)").arg(manager);
}

ObjectChange ChangeJudge::judge(const Target& target, const QJsonObject& before, const QJsonObject& after,
                                const Circumstances& circumstances) const
{
    using What = ObjectChange::What;
    using Verdict = ObjectChange::Verdict;
    ObjectChange out;
    out.target = target;
    const QJsonObject& known = after.isEmpty() ? before : after;
    out.uid = kube::uid(known);
    out.resourceVersion = kube::resourceVersion(known);
    out.what = before.isEmpty() ? What::Created : after.isEmpty() ? What::Deleted : What::Changed;
    const QJsonObject old = intentOf(before), now = intentOf(after);
    // Another version of the API says the same in other words.
    const bool sameForm = out.what != What::Changed || old.value("apiVersion"_L1) == now.value("apiVersion"_L1);
    if (known.isEmpty() || !sameForm || (out.what == What::Changed && old == now))
        return out;
    if (out.what == What::Changed)
        out.fields = fieldChanges(old, now);
    out.author = out.what == What::Changed   ? author(before, after, out.fields)
                 : out.what == What::Created ? creator(after)
                                             : ChangeAuthor();
    const bool owned = !kube::controllerOf(known).isEmpty();
    out.controller =
        owned && out.what != What::Changed ? Texts::tr("its controller") : controllerOf(out, circumstances);
    // The name alone proves nothing: anybody may write under any.
    if (circumstances.ourPlanRuns && (out.author.manager == ourManager || out.author.manager.isEmpty()))
        out.verdict = Verdict::Ours;
    else
        out.verdict = out.controller.isEmpty() ? Verdict::Unapproved : Verdict::Controller;
    // The record is read by everybody and stays.
    out.difference =
        Difference::of(target.words(), before.isEmpty() ? QJsonObject() : old, after.isEmpty() ? QJsonObject() : now);
    for (FieldChange& field : out.fields)
        field = passwords::masked(field);
    auto restore = stepsBetween(target, after, before);
    if (restore)
        out.restore = *restore;
    else
        out.cannotRestore = restore.error();
    out.repeat = stepsBetween(target, before, after).value_or(QList<Step>());
    return out;
}

} // namespace wk::changes
