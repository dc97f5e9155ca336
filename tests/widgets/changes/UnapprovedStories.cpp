// SPDX-License-Identifier: GPL-3.0-or-later
#include "UnapprovedStories.h"

#include <QtCore/QJsonArray>

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace wk::changes;

QFuture<Result<void>> MemoryUnapproved::dismiss(qint64 id, const QString& reason)
{
    if (const auto refused = std::exchange(refusal, std::nullopt))
        return QtFuture::makeReadyFuture(Result<void>(fail(*refused)));
    reasons << u"%1: %2"_s.arg(id).arg(reason);
    QMetaObject::invokeMethod(
        this,
        [this, id] {
            m_items.removeIf([id](const UnapprovedItem& item) { return item.id == id; });
            emit changed();
        },
        Qt::QueuedConnection);
    return QtFuture::makeReadyFuture(Result<void>());
}

void MemoryUnapproved::setStatus(const DeskStatus& status)
{
    m_status = status;
    emit changed();
}

void MemoryUnapproved::setItems(const QList<UnapprovedItem>& items)
{
    m_items = items;
    m_status.state = DeskStatus::State::Current;
    emit changed();
}

void MemoryUnapproved::setWatched(const QStringList& sentences)
{
    m_watched = sentences;
    emit changed();
}

namespace stories {

namespace {

QJsonObject object(const QString& kind, const QString& name, const QString& part, const QJsonObject& inside)
{
    const bool isConfig = kind == u"ConfigMap";
    return {{u"apiVersion"_s, isConfig ? u"v1"_s : u"apps/v1"_s},
            {u"kind"_s, kind},
            {u"metadata"_s, QJsonObject{{u"name"_s, name},
                                        {u"namespace"_s, u"streamgate"_s},
                                        {u"uid"_s, u"uid-"_s + name},
                                        {u"resourceVersion"_s, u"1"_s}}},
            {part, inside}};
}

QJsonObject gateway(const QString& image)
{
    const QJsonObject container{
        {u"name"_s, u"api-gateway"_s},
        {u"image"_s, image},
        {u"env"_s, QJsonArray{QJsonObject{{u"name"_s, u"LOG_LEVEL"_s}, {u"value"_s, u"info"_s}}}}};
    return object(u"Deployment"_s, u"api-gateway"_s, u"spec"_s,
                  {{u"replicas"_s, 3},
                   {u"template"_s, QJsonObject{{u"spec"_s, QJsonObject{{u"containers"_s, QJsonArray{container}}}}}}});
}

UnapprovedItem item(const Target& target, const QJsonObject& before, const QJsonObject& after, const QString& manager,
                    const QDateTime& at, bool seenHere)
{
    ObjectChange change = ChangeJudge({}).judge(target, before, after);
    change.author.manager = manager;
    if (!manager.isEmpty())
        change.author.at = at;
    UnapprovedItem out;
    out.platform = u"streamgate"_s;
    out.target = target;
    out.resourceVersion = QString::number(at.toMSecsSinceEpoch());
    out.manager = manager;
    out.at = change.author.at;
    out.sentence = change.sentence();
    out.difference = change.difference.text();
    out.seenAt = at.addSecs(2);
    if (seenHere)
        out.seen = std::make_shared<const ObjectChange>(change);
    return out;
}

QDateTime before(Clock& clock, int seconds)
{
    return QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC).addSecs(-seconds);
}

Target deployment(const QString& name)
{
    return {u"production"_s, u"apps"_s, u"v1"_s, u"Deployment"_s, u"deployments"_s, u"streamgate"_s, name};
}

Target configMap(const QString& name)
{
    return {u"production"_s, {}, u"v1"_s, u"ConfigMap"_s, u"configmaps"_s, u"streamgate"_s, name};
}

} // namespace

void unapprovedNight(MemoryUnapproved& desk, Clock& clock)
{
    UnapprovedItem image = item(deployment(u"api-gateway"_s), gateway(u"registry.example/api-gateway:3.9.4"_s),
                                gateway(u"registry.example/api-gateway:3.9.5-hotfix"_s), u"kubectl-edit"_s,
                                before(clock, 12 * 60 + 31), true);
    image.id = 7;
    image.observer = u"anna"_s;
    const auto replicas = [](int count) {
        return object(u"Deployment"_s, u"transcoder"_s, u"spec"_s, {{u"replicas"_s, count}});
    };
    UnapprovedItem scale =
        item(deployment(u"transcoder"_s), replicas(6), replicas(2), {}, before(clock, 47 * 60), false);
    scale.id = 6;
    scale.observer = u"boris"_s;
    UnapprovedItem config =
        item(configMap(u"edge-cache"_s), object(u"ConfigMap"_s, u"edge-cache"_s, u"data"_s, {{u"ttl"_s, u"300"_s}}),
             object(u"ConfigMap"_s, u"edge-cache"_s, u"data"_s, {{u"ttl"_s, u"30"_s}, {u"stale"_s, u"serve"_s}}),
             u"kubectl-patch"_s, before(clock, 3 * 3600), true);
    config.id = 5;
    config.observer = u"anna"_s;
    config.request = 2;
    config.requestState = RequestState::Submitted;
    UnapprovedItem scaled = item(deployment(u"stream-processor"_s),
                                 object(u"Deployment"_s, u"stream-processor"_s, u"spec"_s, {{u"replicas"_s, 6}}),
                                 object(u"Deployment"_s, u"stream-processor"_s, u"spec"_s, {{u"replicas"_s, 8}}),
                                 u"kube-controller-manager"_s, before(clock, 90), true);
    scaled.controller = u"the autoscaler"_s;
    desk.setWatched({u"StreamGate, production: 214 objects are watched."_s});
    desk.setItems({scaled, image, scale, config});
}

QList<UnapprovedItem> manyUnapproved(int count, Clock& clock)
{
    QList<UnapprovedItem> out;
    for (int i = 1; i <= count; ++i) {
        const QString name = u"settings-%1"_s.arg(i);
        out << item(configMap(name), object(u"ConfigMap"_s, name, u"data"_s, {{u"level"_s, u"1"_s}}),
                    object(u"ConfigMap"_s, name, u"data"_s, {{u"level"_s, u"2"_s}}), u"kubectl-patch"_s,
                    before(clock, i), true);
        out.last().id = 100 + i;
    }
    return out;
}

} // namespace stories

} // namespace wk::test
