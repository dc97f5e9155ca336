// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/ClusterOffers.h"

#include "changes/templates/PlanTemplate.h"
#include "core/Future.h"

#include <QtCore/QPromise>

namespace wk::app {

using namespace Qt::StringLiterals;
using changes::TemplateParameter;

namespace {

const QString procedurePrefix = u"procedure:"_s;

/// As a parameter of a template names it; empty where the platform file does not list it.
QString workloadOf(const platform::Platform& platform, const changes::Target& target)
{
    for (const platform::Service& service : platform.services)
        for (const platform::Workload& workload : service.workloads)
            if (workload.kind == target.kind && workload.name == target.name && workload.space == target.space)
                return workload.space + u'/' + workload.kind + u'/' + workload.name;
    return {};
}

/// The one parameter that such a workload goes into; null where there is none.
const TemplateParameter* workloadParameter(const changes::PlanTemplate& procedure, const QString& kind)
{
    const auto& all = procedure.spec().parameters;
    const auto it = std::ranges::find_if(all, [&](const TemplateParameter& parameter) {
        return (parameter.type == TemplateParameter::Type::Workload ||
                parameter.type == TemplateParameter::Type::Workloads) &&
               (parameter.kinds.isEmpty() || parameter.kinds.contains(kind));
    });
    return it == all.end() ? nullptr : &*it;
}

std::shared_ptr<const changes::PlanTemplate> procedure(const widgets::ChangeMeans& work, const QString& name)
{
    for (const auto& one : work.templates())
        if (one->name() == name)
            return one;
    return nullptr;
}

} // namespace

void ClusterOffers::setPlace(const std::optional<Place>& place)
{
    m_place = place;
    m_answers.clear();
}

QList<changes::Target> ClusterOffers::targetsOf(const Objects& objects) const
{
    QList<changes::Target> out;
    if (!m_place || !m_place->platform)
        return out;
    for (const Object& object : objects)
        out << changes::Target{m_place->clusterName, object.kind.group, object.kind.version, object.kind.kind,
                               object.kind.resource, object.space,      object.name};
    return out;
}

QList<ClusterOffers::Action> ClusterOffers::actionsFor(const Objects& objects) const
{
    QList<Action> out;
    const auto targets = targetsOf(objects);
    QList<Action> dangerous;
    for (const widgets::OfferedAction& offered : widgets::offeredActions(targets))
        (offered.danger ? dangerous : out) << Action{offered.id, offered.title, offered.shortcut, offered.danger};
    if (targets.size() == 1)
        out += proceduresFor(targets.first());
    return out + dangerous;
}

QList<ClusterOffers::Action> ClusterOffers::proceduresFor(const changes::Target& target) const
{
    QList<Action> out;
    if (workloadOf(*m_place->platform, target).isEmpty())
        return out;
    for (const auto& one : m_work.templates()) {
        const auto group = one->spec().group;
        const bool everyday =
            group == changes::TemplateSpec::Group::Deployment || group == changes::TemplateSpec::Group::Rollback;
        if (everyday && one->fits(*m_place->platform) && workloadParameter(*one, target.kind))
            out << Action{procedurePrefix + one->name(), tr("Propose: %1").arg(one->title()), {}, false};
    }
    return out;
}

QFuture<QString> ClusterOffers::ask(const changes::Step& step)
{
    QByteArray question;
    for (const changes::Permission& permission : changes::actionKind(step.name)->permissions(step))
        question += permission.review();
    Answer& answer = m_answers[question];
    if (answer.askedMs > 0 && m_clock.nowMs() - answer.askedMs < answerMs)
        return answer.why;
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    answer = {promise->future(), m_clock.nowMs()};
    const auto future = answer.why;
    whenDone(m_work.whyNotAllowed(m_place->platform->name, step), this, [promise](const Result<QString>& said) {
        promise->addResult(said ? *said : said.error().text());
        promise->finish();
    });
    return future;
}

QFuture<QString> ClusterOffers::whyNot(const QString& id, const Objects& objects)
{
    const auto targets = targetsOf(objects);
    if (targets.isEmpty() || id.startsWith(procedurePrefix))
        return QtFuture::makeReadyFuture(QString());
    // Whether a person may do it does not depend on what they will type; of several objects in one namespace the
    // dialog asks for each.
    changes::Step step = widgets::askFor(id, m_place->platform->name, targets).example();
    step.parameters = {};
    return ask(step);
}

void ClusterOffers::trigger(const QString& id, const Objects& objects)
{
    const auto targets = targetsOf(objects);
    if (targets.isEmpty())
        return;
    const QString platform = m_place->platform->name;
    if (!id.startsWith(procedurePrefix)) {
        QList<cluster::ResourceKind> kinds;
        for (const Object& object : objects)
            kinds << object.kind;
        emit wanted(widgets::askFor(id, platform, targets, kinds));
        return;
    }
    const QString name = id.mid(procedurePrefix.size());
    const auto chosen = procedure(m_work, name);
    const TemplateParameter* parameter = chosen ? workloadParameter(*chosen, targets.first().kind) : nullptr;
    if (!parameter)
        return;
    const QString workload = workloadOf(*m_place->platform, targets.first());
    const bool list = parameter->type == TemplateParameter::Type::Workloads;
    emit procedureWanted(platform, name,
                         {{parameter->id, list ? QJsonValue(QJsonArray{workload}) : QJsonValue(workload)}});
}

} // namespace wk::app
