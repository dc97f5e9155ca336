// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/world/Engine.h"
#include "fleet/world/Json.h"

// What the tests of the engine share. Time is a number that they choose.
namespace wk::fleet {

using namespace Qt::StringLiterals;

inline constexpr qint64 start = 1'795'255'200'000; // 2026-11-21T10:00:00Z, a Saturday
inline constexpr qint64 minute = 60'000;

inline PlatformSpec platform(const QString& id)
{
    for (const PlatformSpec& p : platforms())
        if (p.id == id)
            return p;
    return {};
}

inline Engine::Options options(quint64 seed, const QList<Fault>& faults = {}, bool background = false)
{
    Engine::Options o;
    o.seed = seed;
    o.startMs = start;
    o.faults = faults;
    o.background = background;
    return o;
}

/// "namespace/name" of each.
inline QStringList namesOf(const std::vector<ObjectPtr>& list)
{
    QStringList names;
    for (const ObjectPtr& o : list)
        names.append(o->space + u'/' + o->name);
    return names;
}

/// Waiting or termination reasons and readiness of a workload's pods.
inline QStringList podReasons(Engine& engine, const QString& space, const QString& prefix)
{
    QStringList out;
    for (const ObjectPtr& o : engine.store().list(u"pods"_s, space)) {
        if (!o->name.startsWith(prefix))
            continue;
        const QJsonObject c = at(o->json, u"status", u"containerStatuses").toArray().at(0).toObject();
        const QJsonObject state = c.value(u"state").toObject();
        out.append(at(state, u"waiting", u"reason").toString() + at(state, u"terminated", u"reason").toString() +
                   (c.value(u"ready").toBool() ? u"ready"_s : QString()));
    }
    return out;
}

/// "status:reason" of a condition; empty where there is none of the type.
inline QString conditionReason(const ObjectPtr& o, const QString& type)
{
    for (const QJsonArray items = at(o->json, u"status", u"conditions").toArray(); const QJsonValue& c : items)
        if (c.toObject().value(u"type").toString() == type)
            return c.toObject().value(u"status").toString() + u':' + c.toObject().value(u"reason").toString();
    return {};
}

} // namespace wk::fleet
