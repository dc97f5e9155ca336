// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/PodRuns.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <array>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

QString words(const char* text) { return QCoreApplication::translate("wk::PodRuns", text); }

/// "OOMKilled, exit code 137"
QString endingOf(const QJsonObject& terminated)
{
    const int signal = terminated.value(u"signal").toInt();
    const QString how =
        signal > 0 ? words("signal %1").arg(signal) : words("exit code %1").arg(terminated.value(u"exitCode").toInt());
    const QString reason = terminated.value(u"reason").toString();
    return reason.isEmpty() ? how : reason + u", "_s + how;
}

ContainerRun readRun(const QJsonObject& status, ContainerRun::Sort sort)
{
    ContainerRun run;
    run.container = status.value(u"name").toString();
    run.sort = sort;
    run.restarts = status.value(u"restartCount").toInt();
    const QJsonObject state = status.value(u"state").toObject();
    const QJsonObject last = status.value(u"lastState").toObject().value(u"terminated").toObject();
    const QJsonObject ended = state.value(u"terminated").toObject();
    run.running = state.contains(u"running");
    run.id = status.value(u"containerID").toString();
    run.previousId = last.value(u"containerID").toString();
    run.previousEnding = last.isEmpty() ? QString() : endingOf(last);
    if (!ended.isEmpty())
        run.ending = endingOf(ended);
    // Between two runs (CrashLoopBackOff) the last one is over, and both names are of it.
    if (!run.running && ended.isEmpty() && !last.isEmpty()) {
        run.id = run.previousId;
        run.ending = run.previousEnding;
        run.previousId.clear();
    }
    return run;
}

} // namespace

const ContainerRun* PodRuns::find(const QString& container) const
{
    const auto it = std::ranges::find(runs, container, &ContainerRun::container);
    return it == runs.end() ? nullptr : &*it;
}

Result<PodRuns> readPodRuns(const QByteArray& json)
{
    QJsonParseError mistake;
    const QJsonObject pod = QJsonDocument::fromJson(json, &mistake).object();
    PodRuns out;
    out.uid = pod.value(u"metadata").toObject().value(u"uid").toString();
    if (out.uid.isEmpty())
        return fail(Error::Kind::Protocol, words("The server's answer is no pod."), mistake.errorString());
    for (const QJsonValue& value : pod.value(u"metadata").toObject().value(u"ownerReferences").toArray()) {
        const QJsonObject owner = value.toObject();
        if (owner.value(u"kind") != u"Job"_s)
            continue;
        out.job = owner.value(u"name").toString();
        out.jobUid = owner.value(u"uid").toString();
    }
    const QJsonObject status = pod.value(u"status").toObject();
    using enum ContainerRun::Sort;
    for (const auto& [key, sort] : {std::pair(u"initContainerStatuses"_s, Init), std::pair(u"containerStatuses"_s, App),
                                    std::pair(u"ephemeralContainerStatuses"_s, Ephemeral)})
        for (const QJsonValue& one : status.value(key).toArray())
            out.runs.append(readRun(one.toObject(), sort));
    return out;
}

RunPlace placeOf(const ContainerRun* now, const QString& id)
{
    if (!now)
        return RunPlace::Lost;
    if (now->id == id)
        return now->running ? RunPlace::Running : RunPlace::Ended;
    return now->previousId == id ? RunPlace::Previous : RunPlace::Lost;
}

} // namespace wk::logs
