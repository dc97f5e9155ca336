// SPDX-License-Identifier: GPL-3.0-or-later
// Pods, what keeps them, and what runs and ends.
#include "core/Duration.h"
#include "fleet/sheets/TableSheet.h"
#include "fleet/world/Json.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QJsonArray containersOf(const QJsonObject& o) { return at(o, u"spec", u"template", u"spec", u"containers").toArray(); }

QJsonArray templateCells(const QJsonObject& o)
{
    const QJsonArray c = containersOf(o);
    return {fields(c, u"name"_s).join(u','), fields(c, u"image"_s).join(u','),
            selectorText(at(o, u"spec", u"selector", u"matchLabels").toObject())};
}

QJsonArray joined(QJsonArray a, const QJsonArray& b)
{
    for (const QJsonValue& v : b)
        a.append(v);
    return a;
}

QString readyOfWanted(const QJsonObject& o)
{
    return u"%1/%2"_s.arg(number(o, u"status", u"readyReplicas")).arg(number(o, u"spec", u"replicas"));
}

/// printPod(): the STATUS, RESTARTS and READY columns.
QJsonArray podCells(const QJsonObject& o, qint64 now)
{
    const QJsonObject spec = o.value(u"spec").toObject(), status = o.value(u"status").toObject();
    QString reason = status.value(u"reason").toString();
    if (reason.isEmpty())
        reason = status.value(u"phase").toString();
    int ready = 0, restarts = 0;
    qint64 lastRestart = 0;
    bool running = false;
    const QJsonArray statuses = status.value(u"containerStatuses").toArray();
    for (qsizetype i = statuses.size() - 1; i >= 0; --i) {
        const QJsonObject c = statuses.at(i).toObject();
        restarts += c.value(u"restartCount").toInt();
        if (const auto t = parseRfc3339Ms(at(c, u"lastState", u"terminated", u"finishedAt").toString().toStdString()))
            lastRestart = std::max(lastRestart, *t);
        const QString waiting = at(c, u"state", u"waiting", u"reason").toString();
        const QJsonObject terminated = at(c, u"state", u"terminated").toObject();
        if (!waiting.isEmpty())
            reason = waiting;
        else if (!terminated.isEmpty() && !terminated.value(u"reason").toString().isEmpty())
            reason = terminated.value(u"reason").toString();
        else if (!terminated.isEmpty())
            reason = u"ExitCode:%1"_s.arg(terminated.value(u"exitCode").toInt());
        else if (c.value(u"ready").toBool() && at(c, u"state", u"running").isObject()) {
            running = true;
            ++ready;
        }
    }
    if (reason == u"Completed"_s && running) {
        bool isReady = false;
        for (const QJsonArray items = status.value(u"conditions").toArray(); const QJsonValue& c : items)
            isReady |= c.toObject().value(u"type") == u"Ready"_s && c.toObject().value(u"status") == u"True"_s;
        reason = isReady ? u"Running"_s : u"NotReady"_s;
    }
    if (!at(o, u"metadata", u"deletionTimestamp").toString().isEmpty())
        reason = status.value(u"reason") == u"NodeLost"_s ? u"Unknown"_s : u"Terminating"_s;
    const QString restartText = restarts > 0 && lastRestart > 0
                                    ? u"%1 (%2 ago)"_s.arg(restarts).arg(humanDuration(now - lastRestart))
                                    : QString::number(restarts);
    return {at(o, u"metadata", u"name"),
            u"%1/%2"_s.arg(ready).arg(spec.value(u"containers").toArray().size()),
            reason,
            restartText,
            created(o, now),
            textOrNone(status.value(u"podIP")),
            textOrNone(spec.value(u"nodeName")),
            none,
            none};
}

QJsonArray autoscalerCells(const QJsonObject& o, qint64 now)
{
    QStringList metrics;
    const QJsonArray current = at(o, u"status", u"currentMetrics").toArray();
    const QJsonArray wanted = at(o, u"spec", u"metrics").toArray();
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QJsonObject resource = at(wanted.at(i).toObject(), u"resource").toObject();
        const QJsonValue now1 = i < current.size()
                                    ? at(current.at(i).toObject(), u"resource", u"current", u"averageUtilization")
                                    : QJsonValue();
        metrics.append(
            u"%1: %2/%3%"_s
                .arg(resource.value(u"name").toString(), now1.isDouble() ? u"%1%"_s.arg(now1.toInt()) : u"<unknown>"_s)
                .arg(at(resource, u"target", u"averageUtilization").toInt()));
    }
    return {at(o, u"metadata", u"name"),
            at(o, u"spec", u"scaleTargetRef", u"kind").toString() + u'/' +
                at(o, u"spec", u"scaleTargetRef", u"name").toString(),
            metrics.join(u", "),
            QString::number(number(o, u"spec", u"minReplicas")),
            number(o, u"spec", u"maxReplicas"),
            number(o, u"status", u"currentReplicas"),
            created(o, now)};
}

QJsonArray jobCells(const QJsonObject& o, qint64 now)
{
    const auto start = parseRfc3339Ms(at(o, u"status", u"startTime").toString().toStdString());
    const auto end = parseRfc3339Ms(at(o, u"status", u"completionTime").toString().toStdString());
    QString status = u"Running"_s;
    for (const QJsonArray items = at(o, u"status", u"conditions").toArray(); const QJsonValue& c : items)
        if (c.toObject().value(u"status") == u"True"_s)
            status = c.toObject().value(u"type").toString();
    const QJsonArray containers = containersOf(o);
    return {at(o, u"metadata", u"name"),
            status,
            u"%1/%2"_s.arg(number(o, u"status", u"succeeded")).arg(number(o, u"spec", u"completions")),
            start ? humanDuration((end ? *end : now) - *start) : QString(),
            created(o, now),
            fields(containers, u"name"_s).join(u','),
            fields(containers, u"image"_s).join(u','),
            selectorText(at(o, u"spec", u"selector", u"matchLabels").toObject())};
}

} // namespace

Sheets workloadSheets()
{
    return {
        {u"pods"_s, {"Name;Ready;Status;Restarts;Age;IP*;Node*;Nominated Node*;Readiness Gates*", podCells}},
        {u"deployments.apps"_s,
         {"Name;Ready;Up-to-date#;Available#;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined({name(o), readyOfWanted(o), number(o, u"status", u"updatedReplicas"),
                             number(o, u"status", u"availableReplicas"), created(o, now)},
                            templateCells(o));
          }}},
        {u"replicasets.apps"_s,
         {"Name;Desired#;Current#;Ready#;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined({name(o), number(o, u"spec", u"replicas"), number(o, u"status", u"replicas"),
                             number(o, u"status", u"readyReplicas"), created(o, now)},
                            templateCells(o));
          }}},
        {u"controllerrevisions.apps"_s,
         {"Name;Controller;Revision;Age",
          [](const QJsonObject& o, qint64 now) {
              const QJsonObject owner = at(o, u"metadata", u"ownerReferences").toArray().first().toObject();
              const QString controller =
                  owner.value(u"kind"_s).toString().toLower() + u".apps/"_s + owner.value(u"name"_s).toString();
              return QJsonArray{name(o), controller, o.value(u"revision"_s), created(o, now)};
          }}},
        {u"statefulsets.apps"_s,
         {"Name;Ready;Age;Containers*;Images*",
          [](const QJsonObject& o, qint64 now) {
              const QJsonArray t = templateCells(o);
              return QJsonArray{name(o), readyOfWanted(o), created(o, now), t.at(0), t.at(1)};
          }}},
        {u"daemonsets.apps"_s,
         {"Name;Desired#;Current#;Ready#;Up-to-date#;Available#;Node Selector;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              return joined({name(o), number(o, u"status", u"desiredNumberScheduled"),
                             number(o, u"status", u"currentNumberScheduled"), number(o, u"status", u"numberReady"),
                             number(o, u"status", u"updatedNumberScheduled"), number(o, u"status", u"numberAvailable"),
                             selectorText(at(o, u"spec", u"template", u"spec", u"nodeSelector").toObject()),
                             created(o, now)},
                            templateCells(o));
          }}},
        {u"jobs.batch"_s, {"Name;Status;Completions;Duration;Age;Containers*;Images*;Selector*", jobCells}},
        {u"cronjobs.batch"_s,
         {"Name;Schedule;Timezone;Suspend;Active#;Last Schedule;Age;Containers*;Images*;Selector*",
          [](const QJsonObject& o, qint64 now) {
              const QJsonArray c =
                  at(o, u"spec", u"jobTemplate", u"spec", u"template", u"spec", u"containers").toArray();
              const QJsonValue last = at(o, u"status", u"lastScheduleTime");
              return QJsonArray{name(o),
                                at(o, u"spec", u"schedule"),
                                textOrNone(at(o, u"spec", u"timeZone")),
                                at(o, u"spec", u"suspend").toBool() ? u"True"_s : u"False"_s,
                                int(at(o, u"status", u"active").toArray().size()),
                                last.isString() ? age(last, now) : none,
                                created(o, now),
                                fields(c, u"name"_s).join(u','),
                                fields(c, u"image"_s).join(u','),
                                none};
          }}},
        {u"horizontalpodautoscalers.autoscaling"_s,
         {"Name;Reference;Targets;MinPods;MaxPods#;Replicas#;Age", autoscalerCells}},
        {u"poddisruptionbudgets.policy"_s,
         {"Name;Min Available;Max Unavailable;Allowed Disruptions#;Age",
          [](const QJsonObject& o, qint64 now) {
              const auto part = [&](QStringView key) {
                  const QJsonValue v = at(o, u"spec", key);
                  return v.isDouble() ? QString::number(v.toInt()) : v.isString() ? v.toString() : u"N/A"_s;
              };
              return QJsonArray{name(o), part(u"minAvailable"), part(u"maxUnavailable"),
                                number(o, u"status", u"disruptionsAllowed"), created(o, now)};
          }}},
    };
}

} // namespace wk::fleet
