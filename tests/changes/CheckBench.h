// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CheckAnswers.h"
#include "ScriptedAccess.h"
#include "changes/checks/CheckRunner.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace changes;

class ScriptedWeb final : public WebAccess
{
public:
    Script<Answer> pages;
    QStringList asked;
    QFuture<Result<Answer>> get(const QUrl& url) override
    {
        asked << url.toString(QUrl::FullyEncoded);
        return pages.next();
    }
};

class ScriptedMetrics final : public MetricsAccess
{
public:
    Script<Value> values;
    QStringList asked;
    QFuture<Result<Value>> ask(const QString& cluster, const QUrl& url, const QString& query) override
    {
        asked << u"%1 %2 %3"_s.arg(cluster, url.toString(), query);
        return values.next();
    }
};

class ScriptedSql final : public SqlReader
{
public:
    Script<SqlValue> values;
    QFuture<Result<SqlValue>> value(const Target&, const QString&) override { return values.next(); }
};

class ScriptedPerson final : public Confirmer
{
public:
    Script<Confirmation> words;
    QString asked;
    QFuture<Result<Confirmation>> ask(const Step&, const QString& question) override
    {
        asked = question;
        return words.next();
    }
};

/// A runner in a scripted world, and what it said.
struct CheckBench
{
    CheckBench()
    {
        world.cluster = [this](const QString&) { return Result<ClusterAccess*>(&cluster); };
        world.metrics = &metrics;
        world.web = &web;
        world.databases = &databases;
        world.confirmer = &person;
        runner = std::make_unique<CheckRunner>(world, clock);
    }
    void start(const Step& step)
    {
        future = runner->run(step, [this](const QString& text) { told << text; });
        settle();
        pass(0);
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        settle();
    }
    [[nodiscard]] QString sentence() const
    {
        const auto result = future.result();
        return result ? result->sentence : result.error().sentence;
    }
    ManualClock clock;
    ScriptedCluster cluster;
    ScriptedWeb web;
    ScriptedMetrics metrics;
    ScriptedSql databases;
    ScriptedPerson person;
    CheckWorld world;
    std::unique_ptr<CheckRunner> runner;
    QFuture<Result<CheckOutcome>> future;
    QStringList told;
};

} // namespace wk::test
