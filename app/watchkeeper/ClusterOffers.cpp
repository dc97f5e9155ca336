// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClusterOffers.h"

#include "core/Future.h"
#include "widgets/changes/ActionSteps.h"

#include <QtCore/QPromise>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

/// What stands in for what the person will type: whether they may do it does not depend on it.
QHash<QString, QString> exampleValues()
{
    return {{u"replicas"_s, u"1"_s}, {u"container"_s, u"app"_s}, {u"image"_s, u"app:1"_s}};
}

} // namespace

std::optional<changes::Target> ClusterOffers::targetOf(const Object& object) const
{
    if (!m_place || !m_place->platform)
        return std::nullopt;
    changes::Target target;
    target.cluster = m_place->clusterName;
    target.group = object.kind.group;
    target.version = object.kind.version;
    target.kind = object.kind.kind;
    target.resource = object.kind.resource;
    target.space = object.space;
    target.name = object.name;
    return target;
}

QList<ClusterOffers::Action> ClusterOffers::actionsFor(const Object& object) const
{
    QList<Action> out;
    if (const auto target = targetOf(object))
        for (const QString& action : widgets::directActions(*target))
            out << Action{action, widgets::actionTitle(action), widgets::isDangerous(action)};
    return out;
}

QFuture<QString> ClusterOffers::whyNot(const QString& id, const Object& object)
{
    const auto target = targetOf(object);
    const changes::Step step = widgets::actionStep(id, *target, exampleValues());
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    whenDone(m_work.whyNotAllowed(m_place->platform->name, step), this, [promise](const Result<QString>& answer) {
        promise->addResult(answer ? *answer : answer.error().text());
        promise->finish();
    });
    return promise->future();
}

void ClusterOffers::trigger(const QString& id, const Object& object)
{
    if (const auto target = targetOf(object))
        emit wanted(m_place->platform->name, id, *target);
}

} // namespace wk::app
