// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "LogScript.h"

namespace wk::test {

using namespace logs;

inline constexpr auto logPath = "/api/v1/namespaces/shop/pods/api-1/log";
inline constexpr auto podPath = "/api/v1/namespaces/shop/pods/api-1";

/// A reader of one run between a scripted server and a clock that the test moves.
struct ReaderBench
{
    explicit ReaderBench(LogReader::Setup s = {})
    {
        s.space = u"shop"_s;
        s.pod = u"api-1"_s;
        s.podUid = u"u1"_s;
        s.container = u"app"_s;
        s.runId = u"run-1"_s;
        reader = std::make_unique<LogReader>(s, server, clock, random,
                                             LogReader::Events{[this](LogBatch&& batch, std::function<void()> stored) {
                                                                   qsizetype from = 0;
                                                                   for (const LogBatch::Piece& piece : batch.pieces) {
                                                                       lines.append(
                                                                           (piece.kind == LineKind::Gap ? "GAP" : "") +
                                                                           batch.text.sliced(from, piece.size));
                                                                       keys.append(piece.key);
                                                                       from += piece.size;
                                                                   }
                                                                   if (stores)
                                                                       stored();
                                                                   else
                                                                       waiting.append(std::move(stored));
                                                               },
                                                               [] {}});
        reader->start();
    }
    ~ReaderBench()
    {
        reader.reset();
        QCoreApplication::processEvents();
    }

    /// What has been asked for the log and was not answered yet; the test fails where there is nothing.
    ScriptedTransport::CallPtr log()
    {
        auto call = server.takePath(logPath);
        if (!call)
            QTest::qFail("no log was asked for", __FILE__, __LINE__);
        return call ? call : std::make_shared<ScriptedTransport::Call>();
    }
    void tellPod(const RunText& run, const QByteArray& uid = "u1")
    {
        if (auto call = server.takePath(podPath))
            call->answer(200, "application/json", podJson(run, uid));
        else
            QTest::qFail("the pod was not looked at", __FILE__, __LINE__);
        QCoreApplication::processEvents();
    }
    void podIsGone()
    {
        if (auto call = server.takePath(podPath))
            call->refuse(404, "NotFound", "pods \\\"api-1\\\" not found");
        else
            QTest::qFail("the pod was not looked at", __FILE__, __LINE__);
        QCoreApplication::processEvents();
    }
    /// The log is opened, and proved to be of the run.
    ScriptedTransport::CallPtr opened(const RunText& run = {})
    {
        auto call = log();
        call->head(200, "text/plain");
        tellPod(run);
        return call;
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        QCoreApplication::processEvents();
    }
    /// Over the wait before the next try.
    void wait() { pass(1'000); }
    [[nodiscard]] ReaderState::Phase phase() const { return reader->state().phase; }
    [[nodiscard]] int gaps() const { return reader->state().gaps; }

    ScriptedTransport server;
    ManualClock clock;
    Random random = [] { return 0.5; };
    QByteArrayList lines;
    QList<qint64> keys;
    bool stores = true;
    QList<std::function<void()>> waiting;
    std::unique_ptr<LogReader> reader;
};

using Phase = ReaderState::Phase;

} // namespace wk::test
