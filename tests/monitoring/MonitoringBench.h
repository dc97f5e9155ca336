// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"
#include "monitoring/prometheus/PrometheusServer.h"

#include <QtTest/QTest>

namespace wk::test {

using namespace monitoring;
using namespace Qt::StringLiterals;

inline const QByteArray json = "Content-Type: application/json\r\n";
inline const QByteArray empty = R"({"status":"success","data":{"resultType":"vector","result":[]}})";

/// A question and what came of it.
struct Question
{
    std::optional<Result<AnswerPtr>> result;
    std::unique_ptr<Flight> flight;
    [[nodiscard]] PrometheusServer::Then<AnswerPtr> then()
    {
        return [this](Result<AnswerPtr> answer) { result = std::move(answer); };
    }
    [[nodiscard]] bool wait() const
    {
        return QTest::qWaitFor([this] { return result.has_value(); }, 60'000);
    }
    [[nodiscard]] QString sentence() const { return result && !*result ? result->error().sentence : QString(); }
};

/// A server object on what a test answers.
struct Bench
{
    explicit Bench(TestServer::Handler handler) : server(std::move(handler)) { address.url = server.url(); }
    void start()
    {
        address.proxy = {};
        prometheus = std::make_unique<PrometheusServer>(address, clock, options);
    }
    /// Asks "q" and waits.
    [[nodiscard]] Question ask(const QString& query = u"q"_s)
    {
        if (!prometheus)
            start();
        Question question;
        // The callback holds its address, which does not move before it is called.
        question.flight =
            prometheus->instant({query, std::nullopt}, Priority::Now,
                                [&question](Result<AnswerPtr> answer) { question.result = std::move(answer); });
        (void)question.wait();
        return question;
    }
    TestServer server;
    ServerAddress address;
    ManualClock clock;
    PrometheusServer::Options options;
    std::unique_ptr<PrometheusServer> prometheus;
};

} // namespace wk::test
