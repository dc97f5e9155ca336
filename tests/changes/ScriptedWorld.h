// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/StepRunner.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QPromise>

#include <functional>

namespace wk::test {

/// A world of deployments in a folder: one file each, a line for every scaling that was carried out. It outlives
/// whoever changes it, also by SIGKILL.
class FileWorld
{
public:
    explicit FileWorld(const QString& folder) : m_folder(folder) { QDir().mkpath(folder); }

    /// All that ever was sent, the start (1) not included.
    [[nodiscard]] QList<int> history(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        QList<int> out;
        if (file.open(QIODevice::ReadOnly))
            while (!file.atEnd())
                out << file.readLine().trimmed().toInt();
        return out;
    }
    [[nodiscard]] int replicas(const QString& name) const { return history(name).value(history(name).size() - 1, 1); }
    void scale(const QString& name, int to) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::Append) || file.write(QByteArray::number(to) + '\n') < 0)
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }

private:
    QDir m_folder;
};

/// Where a step can be held up.
enum class Point {
    Asked,    ///< perform() was called, nothing is on record
    Recorded, ///< the beginning is on record, nothing was sent
    Sent,     ///< it was carried out, nobody was told
    Told      ///< perform() has ended well; its end is being written down
};

/// Carries scalings out on a FileWorld. Whatever a test wants to happen otherwise is a function that it sets.
class ScriptedRunner final : public changes::StepRunner
{
public:
    explicit ScriptedRunner(const FileWorld& world) : m_world(world) {}

    /// Whether the step of this deployment stops there for good (the executor is killed meanwhile).
    std::function<bool(Point, const QString& name)> holds = [](Point, const QString&) { return false; };
    /// Why perform() fails after its beginning is on record, before or after it was sent.
    std::function<std::optional<Error>(const QString& name)> fails = [](const QString&) { return std::nullopt; };
    std::function<std::optional<Error>(const QString& name)> loses = [](const QString&) { return std::nullopt; };
    std::function<Result<changes::CheckOutcome>(const changes::Step&)> checks = [](const changes::Step& step) {
        return changes::CheckOutcome{true, step.words(), {}};
    };
    QString noInverse; ///< why there is no way back, where not empty
    int abandoned = 0;
    QStringList asked; ///< "scale a 5", in the order in which perform() was called

    [[nodiscard]] QFuture<Result<changes::Performed>> perform(const changes::Step& step, BeforeSending before,
                                                              Progress progress) override
    {
        const QString name = step.target.name;
        const int to = step.parameters.value(QLatin1String("replicas")).toInt();
        asked << QStringLiteral("scale %1 %2").arg(name).arg(to);
        auto promise = std::make_shared<QPromise<Result<changes::Performed>>>();
        promise->start();
        if (holds(Point::Asked, name))
            return keep(promise);
        changes::Before found;
        changes::Step back = step;
        back.precondition = {};
        back.parameters = {{QStringLiteral("replicas"), m_world.replicas(name)}};
        found.inverse = noInverse.isEmpty() ? changes::Inverse{{back}, {}} : changes::Inverse{{}, noInverse};
        found.uid = name;
        const auto finish = [promise](Result<changes::Performed> result) {
            promise->addResult(std::move(result));
            promise->finish();
        };
        before(found).then([this, name, to, finish, promise, progress](const Result<void>& recorded) {
            if (!recorded)
                return finish(fail(recorded.error()));
            if (holds(Point::Recorded, name))
                return void(keep(promise));
            if (const auto why = fails(name))
                return finish(fail(*why));
            m_world.scale(name, to);
            progress(QStringLiteral("sent"));
            if (holds(Point::Sent, name))
                return void(keep(promise));
            if (const auto why = loses(name))
                return finish(fail(*why));
            finish(changes::Performed{QStringLiteral("Scaled %1 to %2.").arg(name).arg(to), {}, {}});
            holds(Point::Told, name);
        });
        return promise->future();
    }

    [[nodiscard]] QFuture<Result<changes::Observation>> observe(const changes::Step& step,
                                                                const changes::Before& before) override
    {
        using State = changes::Observation::State;
        const int now = m_world.replicas(step.target.name);
        const int wanted = step.parameters.value(QLatin1String("replicas")).toInt();
        const int former = before.inverse.steps.isEmpty()
                               ? -1
                               : before.inverse.steps.first().parameters.value(QLatin1String("replicas")).toInt();
        const State state = now == wanted ? State::Done : now == former ? State::NotDone : State::Mixed;
        return QtFuture::makeReadyFuture(Result<changes::Observation>(
            changes::Observation{state, QStringLiteral("%1 has %2 replicas.").arg(step.target.name).arg(now)}));
    }

    [[nodiscard]] QFuture<Result<changes::CheckOutcome>> check(const changes::Step& step, Progress) override
    {
        return QtFuture::makeReadyFuture(checks(step));
    }

    /// What was held up comes to its end, well.
    void release()
    {
        for (const auto& promise : std::exchange(m_kept, {})) {
            promise->addResult(changes::Performed{QStringLiteral("Done at last."), {}, {}});
            promise->finish();
        }
    }
    void abandon() override
    {
        ++abandoned;
        for (const auto& promise : std::exchange(m_kept, {})) {
            promise->addResult(fail(Error::Kind::Cancelled, QStringLiteral("Given up.")));
            promise->finish();
        }
    }

private:
    using Promise = std::shared_ptr<QPromise<Result<changes::Performed>>>;

    QFuture<Result<changes::Performed>> keep(const Promise& promise)
    {
        m_kept << promise;
        return promise->future();
    }

    const FileWorld& m_world;
    QList<Promise> m_kept;
};

} // namespace wk::test
