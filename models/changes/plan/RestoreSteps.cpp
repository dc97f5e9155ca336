// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/RestoreSteps.h"

#include "changes/actions/Kube.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Mistakes.h"
#include "changes/plan/Passwords.h"
#include "changes/unapproved/FieldChanges.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ObjectChange)
};

bool isValid(const Step& step)
{
    Mistakes mistakes;
    (void)Step::fromJson(step.toJson(), mistakes);
    return mistakes.isEmpty();
}

/// {"data": {key: text, or null to remove it}} and the same for binaryData.
QJsonObject dataBetween(const QJsonObject& from, const QJsonObject& to)
{
    QJsonObject out;
    for (const auto part : {"data"_L1, "binaryData"_L1}) {
        const QJsonObject changes = mergeDifference(from.value(part).toObject(), to.value(part).toObject());
        if (!changes.isEmpty())
            out.insert(part, changes);
    }
    return out;
}

/// {container: image} where nothing but images of containers differs.
QJsonObject imagesBetween(const QList<FieldChange>& changes)
{
    static const QRegularExpression image(uR"(\Aspec\.template\.spec\.containers\[([^\]]+)\]\.image\z)"_s);
    QJsonObject out;
    for (const FieldChange& change : changes) {
        const auto match = image.match(change.path);
        if (!match.hasMatch() || !change.after.isString())
            return {};
        out.insert(match.captured(1), change.after);
    }
    return out;
}

/// The one action that says it best; nullopt where only the whole object does.
std::optional<Step> plain(const Target& target, const QJsonObject& from, const QJsonObject& to)
{
    const QList<FieldChange> changes = fieldChanges(intentOf(from), intentOf(to));
    Step step;
    if (target.resource == "configmaps"_L1 && from.value("immutable"_L1) == to.value("immutable"_L1))
        step = kube::action(u"patchConfigMap"_s, target, dataBetween(from, to));
    else if (changes.size() == 1 && changes.first().path == "spec.replicas"_L1 && changes.first().after.isDouble())
        step = kube::action(u"scale"_s, target, {{u"replicas"_s, changes.first().after}});
    else if (const QJsonObject images = imagesBetween(changes); !images.isEmpty())
        step = kube::action(u"setImage"_s, target, {{u"images"_s, images}});
    else
        return std::nullopt;
    step.precondition.uid = kube::uid(from);
    return isValid(step) ? std::optional(step) : std::nullopt;
}

} // namespace

std::expected<QList<Step>, QString> stepsBetween(const Target& target, const QJsonObject& from, const QJsonObject& to)
{
    if (to.isEmpty()) {
        Step step = kube::action(u"deleteObject"_s, target);
        step.precondition.uid = kube::uid(from);
        return QList<Step>{step};
    }
    if (!from.isEmpty()) {
        if (const auto step = plain(target, from, to))
            return QList<Step>{*step};
    }
    QJsonObject manifest = kube::recreatable(to);
    if (const QStringList places = passwords::places(manifest); !places.isEmpty())
        return std::unexpected(Texts::tr("It holds what looks like a password, and everybody reads a plan (%1).")
                                   .arg(places.join(u", "_s)));
    // As it is now: what the server fills in by itself may differ by then.
    Step step = from.isEmpty()
                    ? kube::action(u"createObject"_s, target, {{u"manifest"_s, manifest}})
                    : kube::action(u"applyObject"_s, target, {{u"manifest"_s, manifest}, {u"replace"_s, true}});
    if (!from.isEmpty())
        step.precondition.uid = kube::uid(from);
    if (!isValid(step))
        return std::unexpected(Texts::tr("The object as it was is nothing that a plan can hold."));
    return QList<Step>{step};
}

} // namespace wk::changes
