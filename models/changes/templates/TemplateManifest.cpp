// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/TemplateManifest.h"

#include "changes/actions/Kube.h"
#include "changes/plan/Passwords.h"
#include "changes/templates/TemplateFacts.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

QJsonObject merged(QJsonObject into, const QJsonObject& more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        into.insert(it.key(), it.value());
    return into;
}

QJsonArray withImage(const QJsonArray& containers, const QString& name, const QString& image, bool& found)
{
    QJsonArray out;
    for (const auto& item : containers) {
        QJsonObject container = item.toObject();
        if (container.value("name"_L1).toString() == name) {
            container.insert(u"image"_s, image);
            found = true;
        }
        out.append(container);
    }
    return out;
}

/// Without what belongs to the first one alone: its history, what applied it, who owns it.
QJsonObject newMetadata(QJsonObject metadata, const QString& name, const QJsonObject& labels)
{
    metadata.insert(u"name"_s, name);
    QJsonObject annotations = metadata.value("annotations"_L1).toObject();
    annotations.remove("deployment.kubernetes.io/revision"_L1);
    annotations.remove("kubectl.kubernetes.io/last-applied-configuration"_L1);
    metadata.remove("annotations"_L1);
    if (!annotations.isEmpty())
        metadata.insert(u"annotations"_s, annotations);
    metadata.remove("ownerReferences"_L1);
    metadata.insert(u"labels"_s, merged(metadata.value("labels"_L1).toObject(), labels));
    return metadata;
}

} // namespace

bool isCopy(const QJsonValue& manifest) { return manifest.toObject().contains("copyOf"_L1); }

QJsonObject copyOf(const QJsonObject& recipe, const QString& place, Mistakes& mistakes)
{
    QJsonObject out = kube::recreatable(recipe.value("copyOf"_L1).toObject());
    const QJsonObject labels = recipe.value("labels"_L1).toObject();
    QJsonObject spec = out.value("spec"_L1).toObject();
    QJsonObject podTemplate = spec.value("template"_L1).toObject();
    QJsonObject podSpec = podTemplate.value("spec"_L1).toObject();
    const QString container = recipe.value("container"_L1).toString();
    bool found = false;
    const QJsonArray containers =
        withImage(podSpec.value("containers"_L1).toArray(), container, recipe.value("image"_L1).toString(), found);
    if (!found)
        mistakes.add(place, Texts::tr("the %1 has no container “%2”").arg(out.value("kind"_L1).toString(), container));
    if (const QStringList places = passwords::places(out); !places.isEmpty())
        mistakes.add(place,
                     Texts::tr("the %1 holds what looks like a password, and everybody reads a plan (%2): put it "
                               "into a secret and refer to it with secretKeyRef")
                         .arg(out.value("kind"_L1).toString(), places.join(u", "_s)));
    const QString apart = recipe.value("apart"_L1).toString();
    const QString theirs = podTemplate.value("metadata"_L1)["labels"_L1][apart].toString();
    if (!apart.isEmpty() && theirs.isEmpty())
        mistakes.add(place, Texts::tr("the pods of the %1 have no label %2, so the service cannot leave the new ones "
                                      "out until they are checked: give them one first")
                                .arg(out.value("kind"_L1).toString(), apart));
    else if (!apart.isEmpty() && labels.value(apart).toString() == theirs)
        mistakes.add(place,
                     Texts::tr("the pods that run now have %1=%2 themselves: choose another value").arg(apart, theirs));
    podSpec.insert(u"containers"_s, containers);
    QJsonObject podMetadata = podTemplate.value("metadata"_L1).toObject();
    podMetadata.insert(u"labels"_s, merged(podMetadata.value("labels"_L1).toObject(), labels));
    podTemplate.insert(u"metadata"_s, podMetadata);
    podTemplate.insert(u"spec"_s, podSpec);
    QJsonObject selector = spec.value("selector"_L1).toObject();
    selector.insert(u"matchLabels"_s, merged(selector.value("matchLabels"_L1).toObject(), labels));
    spec.insert(u"selector"_s, selector);
    spec.insert(u"template"_s, podTemplate);
    spec.insert(u"replicas"_s, recipe.value("replicas"_L1));
    out.insert(u"metadata"_s,
               newMetadata(out.value("metadata"_L1).toObject(), recipe.value("name"_L1).toString(), labels));
    out.insert(u"spec"_s, spec);
    return out;
}

QJsonObject completedTarget(QJsonObject target)
{
    const QJsonObject base = target.take("of"_L1).toObject();
    return facts::completed(merged(base, target));
}

} // namespace wk::changes
