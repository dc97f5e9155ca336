// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ScriptedTransport.h"
#include "logs/LogReader.h"

#include <QtTest/QTest>

// What the tests of logs share: a pod as a server tells of it, and a line with its time.
namespace wk::test {

using namespace Qt::StringLiterals;

/// A container's state for pod(): the run's name, and the one's before.
struct RunText
{
    QByteArray id = "run-1";
    QByteArray previous = {};
    bool running = true;
    int restarts = 0;
};

inline QByteArray podJson(const RunText& run, const QByteArray& uid = "u1", const QByteArray& name = "api-1",
                          const QByteArray& job = {})
{
    const QByteArray owner =
        job.isEmpty() ? QByteArray()
                      : R"("ownerReferences":[{"kind":"Job","name":")" + job + R"(","uid":"u-)" + job + R"("}],)";
    const QByteArray state = run.running
                                 ? R"({"running":{"startedAt":"2026-11-22T02:00:00Z"}})"
                                 : R"({"terminated":{"exitCode":3,"reason":"Error","containerID":")" + run.id + "\"}}";
    const QByteArray last =
        run.previous.isEmpty()
            ? QByteArray("{}")
            : R"({"terminated":{"exitCode":137,"reason":"OOMKilled","containerID":")" + run.previous + "\"}}";
    return R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":")" + name + R"(","namespace":"shop",)" + owner +
           R"("uid":")" + uid +
           R"(","resourceVersion":"7","creationTimestamp":"2026-11-22T02:00:00Z"},"spec":{"containers":[{"name":"app"}]},)"
           R"("status":{"phase":"Running","containerStatuses":[{"name":"app","restartCount":)" +
           QByteArray::number(run.restarts) + R"(,"containerID":")" + run.id + R"(","state":)" + state +
           R"(,"lastState":)" + last + "}]}}";
}

/// "2026-11-22T02:00:SS.FFFFFFFFFZ text\n"; `at` is in milliseconds after 02:00.
inline QByteArray at(int ms, const QByteArray& text)
{
    return "2026-11-22T02:00:" + QByteArray::number(ms / 1000).rightJustified(2, '0') + '.' +
           QByteArray::number(ms % 1000).rightJustified(3, '0') + "000000Z " + text + '\n';
}

} // namespace wk::test
