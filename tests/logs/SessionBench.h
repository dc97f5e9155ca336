// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "LogScript.h"
#include "logs/LogFeed.h"
#include "logs/LogSession.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>

namespace wk::test {

using namespace logs;

inline constexpr auto listPath = "/api/v1/namespaces/shop/pods";

inline QByteArray podPath(const QByteArray& name) { return QByteArray(listPath) + '/' + name; }

/// A session over a feed that lives on the test's own thread, at a scripted server.
struct SessionBench
{
    explicit SessionBench(LogWish wish = {}, LogSession::Options options = {}, const QString& cronJobUid = {})
    {
        options.directory = dir.path();
        session = std::make_unique<LogSession>(
            host(), LogTarget{u"shop"_s, "app=api", {}, u"deployment api"_s, cronJobUid}, wish, options);
    }
    ~SessionBench()
    {
        session.reset();
        QCoreApplication::processEvents();
    }

    /// Takes in one feed at a time.
    LogSession::Host host()
    {
        return [this](const cluster::GuestMaker& make) {
            guest = make(server, clock, random);
            return std::shared_ptr<void>(nullptr, [this](void*) { guest.reset(); });
        };
    }

    static QByteArray list(const QByteArrayList& pods)
    {
        return R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"10"},"items":[)" + pods.join(',') +
               "]}";
    }
    /// Answers the list with these pods, and what is asked of each; returns their logs, in their order.
    QList<ScriptedTransport::CallPtr> begin(const QByteArrayList& names, const RunText& run = {})
    {
        QByteArrayList pods;
        for (const QByteArray& name : names)
            pods.append(podJson(run, "u-" + name, name, jobs.value(name)));
        QList<ScriptedTransport::CallPtr> logs;
        auto call = server.takePath(listPath);
        if (!call)
            return logs;
        call->answer(200, "application/json", list(pods));
        for (const QByteArray& name : names)
            logs.append(openLog(name, run));
        if (auto w = server.takePath(listPath, true)) {
            watch = w;
            watch->head(200, "application/json");
        }
        return logs;
    }
    ScriptedTransport::CallPtr openLog(const QByteArray& name, const RunText& run)
    {
        tellPod(name, run);
        auto log = server.takePath(podPath(name) + "/log");
        if (!log)
            return nullptr;
        log->head(200, "text/plain");
        tellPod(name, run);
        return log;
    }
    void tellPod(const QByteArray& name, const RunText& run)
    {
        QCoreApplication::processEvents();
        if (auto call = server.takePath(podPath(name)))
            call->answer(200, "application/json", podJson(run, "u-" + name, name, jobs.value(name)));
        QCoreApplication::processEvents();
    }
    void event(const char* type, const QByteArray& name, const RunText& run)
    {
        watch->data(QByteArray("{\"type\":\"") + type +
                    "\",\"object\":" + podJson(run, "u-" + name, name, jobs.value(name)) + "}\n");
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QByteArrayList shown() const
    {
        QByteArrayList out;
        for (qsizetype i = 0; i < session->size(); ++i)
            out.append(session->lineAt(i)->text);
        return out;
    }

    QTemporaryDir dir;
    ScriptedTransport server;
    ManualClock clock;
    QHash<QByteArray, QByteArray> jobs; ///< of pods that a job has made
    Random random = [] { return 0.5; };
    std::unique_ptr<cluster::Guest> guest;
    ScriptedTransport::CallPtr watch;
    std::unique_ptr<LogSession> session;
};

} // namespace wk::test
