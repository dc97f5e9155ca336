// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/ChangeWork.h"

#include "changes/runners/CommandRunner.h"
#include "changes/runners/PlanRunner.h"
#include "changes/runners/Prometheus.h"
#include "changes/runners/SilenceRunner.h"
#include "changes/runners/SqlRunner.h"
#include "changes/runners/WebClient.h"
#include "core/Future.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>
#include <QtCore/QStandardPaths>

namespace wk::app {

using namespace Qt::StringLiterals;
using changes::RequestDetail;

namespace {

template <typename T>
QFuture<Result<T>> failed(const Error& error)
{
    return QtFuture::makeReadyFuture(Result<T>(fail(error)));
}

} // namespace

/// One plan that this program carries out, with all it needs to reach what the steps are about.
class ChangeWork::Execution
{
public:
    Execution(ChangeWork& work, std::shared_ptr<const platform::Platform> platform, const QString& platformName)
        : m_work(work), m_platform(std::move(platform)), m_name(platformName), m_secrets(work.m_credentials),
          m_web(*work.m_clock),
          m_prometheus({[this](const QString& cluster) { return m_work.m_clusters.access(m_name, cluster); },
                        [this] { return m_platform.get(); }, &m_secrets},
                       *work.m_clock),
          m_databases([this](const changes::Target& database) { return addressOf(database); }, m_secrets,
                      *work.m_clock),
          m_commands(*work.m_clock),
          m_silences({[this](const QString& cluster) { return m_work.m_clusters.access(m_name, cluster); },
                      [this] { return m_platform.get(); }, &m_secrets},
                     *work.m_clock),
          runner(means(), *work.m_clock)
    {
    }

private:
    changes::PlanRunner::Means means()
    {
        changes::PlanRunner::Means out;
        out.world.cluster = [this](const QString& cluster) { return m_work.m_clusters.access(m_name, cluster); };
        out.world.metrics = &m_prometheus;
        out.world.web = &m_web;
        out.world.databases = &m_databases;
        out.databases = &m_databases;
        out.commands = &m_commands;
        out.silences = &m_silences;
        return out;
    }

    QFuture<Result<store::Address>> addressOf(const changes::Target& database)
    {
        if (m_platform)
            return changes::databaseAddress(*m_platform, m_secrets, database);
        return failed<store::Address>(
            Error{Error::Kind::NotFound,
                  ChangeWork::tr("No platform file here says where the %1 is.").arg(database.words()),
                  {},
                  {}});
    }

    ChangeWork& m_work;
    std::shared_ptr<const platform::Platform> m_platform;
    QString m_name;
    secrets::Credentials& m_secrets;
    changes::WebClient m_web;
    changes::Prometheus m_prometheus;
    changes::SqlRunner m_databases;
    changes::CommandRunner m_commands;
    changes::SilenceRunner m_silences;

public:
    changes::PlanRunner runner;
    std::unique_ptr<changes::Executor> executor; ///< goes first
};

ChangeWork::ChangeWork(Platforms& platforms, Clusters& clusters, Settings& settings, secrets::Credentials& credentials,
                       std::shared_ptr<Clock> clock, QObject* parent)
    : ChangeMeans(parent), m_clusters(platforms, clusters, *clock), m_window(m_clusters), m_settings(settings),
      m_credentials(credentials), m_clock(std::move(clock))
{
    connect(&settings, &Settings::changed, this, [this](Settings::Key key) {
        if (key != Settings::Key::ChangeStore)
            return;
        emit storeAboutToChange();
        m_executions.clear();
        m_gate.reset();
        m_store.reset();
    });
}

ChangeWork::~ChangeWork() = default;

bool ChangeWork::hasTeamStore() const { return !m_settings.get(Settings::Key::ChangeStore).toString().isEmpty(); }

Result<void> ChangeWork::open()
{
    if (isOpen())
        return {};
    m_store =
        std::make_unique<ChangeStore>(*m_clock, m_credentials, m_settings.get(Settings::Key::ChangeStore).toString());
    connect(m_store.get(), &ChangeStore::notice, this, &ChangeWork::notice);
    if (const auto done = m_store->open(); !done) {
        m_store.reset();
        return done;
    }
    m_gate.emplace(m_store->desk(), *m_clock);
    connect(&m_store->desk(), &changes::ChangeDesk::changed, this, &ChangeWork::judgementChanged);
    emit opened();
    return {};
}

void ChangeWork::setPassword(const QByteArray& password)
{
    if (open())
        m_store->setPassword(password);
}

QFuture<Result<changes::Preview>> ChangeWork::preview(const QString& platform, const changes::Step& step)
{
    const auto actions = m_clusters.actions(platform, step.target.cluster);
    return actions ? (*actions)->preview(step) : failed<changes::Preview>(actions.error());
}

QFuture<Result<changes::Answers>> ChangeWork::look(const QString& platform, const changes::Step& step)
{
    const auto actions = m_clusters.actions(platform, step.target.cluster);
    return actions ? (*actions)->look(step) : failed<changes::Answers>(actions.error());
}

QFuture<Result<changes::BoundPlan>> ChangeWork::bound(const changes::Plan& plan) { return m_binder.bind(plan); }

QString ChangeWork::whyNotRun(const RequestDetail& detail) const { return m_gate->whyNot(detail); }
QString ChangeWork::whyNotTakeOver(const RequestDetail& detail) const { return m_gate->whyNotTakeOver(detail); }
QString ChangeWork::whyNotApprove(const RequestDetail& detail) const { return m_gate->whyNotApprove(detail); }

Result<void> ChangeWork::start(qint64 number, std::unique_ptr<Execution> execution, changes::Gate::Opened opened)
{
    if (!opened)
        return fail(opened.error());
    execution->executor = std::move(*opened);
    changes::Executor* executor = execution->executor.get();
    m_executions[number] = std::move(execution);
    emit executorChanged(number);
    executor->start();
    return {};
}

std::unique_ptr<ChangeWork::Execution> ChangeWork::executionOn(const QString& platform)
{
    return std::make_unique<Execution>(*this, m_clusters.platform(platform), platform);
}

Result<void> ChangeWork::run(const RequestDetail& detail)
{
    auto execution = executionOn(detail.summary.platform);
    auto opened = m_gate->open(detail, {m_store->ledger(), execution->runner, *m_clock});
    return start(detail.summary.number, std::move(execution), std::move(opened));
}

Result<void> ChangeWork::takeOver(const RequestDetail& detail, const QString& reason)
{
    auto execution = executionOn(detail.summary.platform);
    auto opened = m_gate->takeOver(detail, reason, {m_store->ledger(), execution->runner, *m_clock});
    return start(detail.summary.number, std::move(execution), std::move(opened));
}

QString ChangeWork::whyNotAtOnce(const changes::Plan& plan) const
{
    return m_gate->whyNotAtOnce(
        plan, [this, &plan](const QString& cluster) { return m_clusters.classOf(plan.platform(), cluster); });
}

Result<void> ChangeWork::runAtOnce(const changes::RequestFields& fields, const changes::Plan& plan)
{
    if (m_executions.contains(noNumber))
        return fail(Error::Kind::Conflict, tr("What was begun a moment ago is not on record yet."), {},
                    tr("Try again."));
    auto execution = executionOn(plan.platform());
    auto opened = m_gate->atOnce(
        fields, plan, [this, &plan](const QString& cluster) { return m_clusters.classOf(plan.platform(), cluster); },
        {m_store->ledger(), execution->runner, *m_clock});
    const auto started = start(noNumber, std::move(execution), std::move(opened));
    if (started)
        connect(m_executions.at(noNumber)->executor.get(), &changes::Executor::changed, this, &ChangeWork::onNumber,
                Qt::QueuedConnection);
    return started;
}

void ChangeWork::onNumber()
{
    const auto it = m_executions.find(noNumber);
    if (it == m_executions.end())
        return;
    const qint64 number = it->second->executor->number();
    if (number == noNumber) {
        // It could not be claimed: nothing was sent, and there is no request to show it with.
        if (const auto error = it->second->executor->error()) {
            emit notice(error->text());
            m_executions.erase(it);
        }
        return;
    }
    m_executions[number] = std::move(it->second);
    m_executions.erase(noNumber);
    emit executorChanged(number);
    emit filed(number);
}

QFuture<Result<QString>> ChangeWork::whyNotAllowed(const QString& platform, const changes::Step& step)
{
    const auto actions = m_clusters.actions(platform, step.target.cluster);
    if (!actions)
        return failed<QString>(actions.error());
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    whenDone((*actions)->allowed(step), this, [promise](const Result<changes::Allowance>& answer) {
        promise->addResult(!answer           ? Result<QString>(fail(answer.error()))
                           : answer->allowed ? Result<QString>(QString())
                                             : Result<QString>(answer->sentence));
        promise->finish();
    });
    return promise->future();
}

QList<changes::Executor*> ChangeWork::executors() const
{
    QList<changes::Executor*> out;
    for (const auto& [number, execution] : m_executions)
        out += execution->executor.get();
    return out;
}

changes::Executor* ChangeWork::executor(qint64 number) const
{
    const auto it = m_executions.find(number);
    return it == m_executions.end() ? nullptr : it->second->executor.get();
}

std::vector<std::shared_ptr<const platform::Platform>> ChangeWork::platforms() const { return m_clusters.platforms(); }

std::vector<std::shared_ptr<const changes::PlanTemplate>> ChangeWork::templates() const
{
    if (!m_templates)
        m_templates =
            changes::loadTemplates({QString::fromUtf16(changes::builtinTemplates),
                                    QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u"/plans"_s});
    return m_templates->templates;
}

QFuture<Result<QJsonObject>> ChangeWork::liveWorkload(const platform::Platform& platform, const QString& workload)
{
    const QStringList parts = workload.split(u'/');
    const auto space = std::ranges::find(platform.namespaces, parts.value(0), &platform::Namespace::name);
    const QString cluster = space == platform.namespaces.end() || space->cluster.isEmpty()
                                ? platform.clusters.empty() ? QString() : platform.clusters.front().name
                                : space->cluster;
    const auto access = m_clusters.access(platform.name, cluster);
    if (parts.size() != 3 || !access)
        return failed<QJsonObject>(access ? Error{Error::Kind::BadInput, tr("%1 is no workload.").arg(workload), {}, {}}
                                          : access.error());
    changes::Target target;
    target.group = u"apps"_s;
    target.version = u"v1"_s;
    target.kind = parts.at(1);
    target.resource = parts.at(1).toLower() + u's';
    target.space = parts.at(0);
    target.name = parts.at(2);
    auto promise = std::make_shared<QPromise<Result<QJsonObject>>>();
    promise->start();
    const changes::Read read{target.path(), {}, false};
    whenDone((*access)->read(read), this,
             [promise, read, access = *access, words = target.words()](const Result<changes::Answer>& answer) {
                 promise->addResult(changes::objectIn(answer, read, *access, words));
                 promise->finish();
             });
    return promise->future();
}

} // namespace wk::app
