// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/UnapprovedWatch.h"

#include "core/Future.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using changes::ChangeDesk;
using changes::ObjectChange;

namespace {

changes::UnapprovedChanges::Setup setupOf(const Place& place)
{
    changes::UnapprovedChanges::Setup setup;
    setup.cluster = place.clusterName;
    for (const platform::Namespace& space : place.platform->namespaces)
        if (space.cluster == place.clusterName)
            setup.spaces << space.name;
    setup.managers = place.platform->managers;
    return setup;
}

} // namespace

UnapprovedWatch::Watched::Watched(const QString& shownAs, changes::UnapprovedChanges::Setup setup,
                                  std::shared_ptr<ClusterSession> held,
                                  std::shared_ptr<cluster::ClusterConnection> connection, Clock& clock)
    : title(shownAs), session(std::move(held)), watch(std::move(connection)), changes(std::move(setup), watch, clock)
{
}

QString UnapprovedWatch::Watched::sentence() const
{
    const changes::UnapprovedChanges::Status& status = changes.status();
    QString out = status.complete ? UnapprovedWatch::tr("%1: %n objects are watched.", nullptr, int(status.objects))
                  : status.error  ? UnapprovedWatch::tr("%1 cannot be watched: %2").arg(title, status.error->text())
                                  : UnapprovedWatch::tr("%1: what is there now is being read.");
    if (status.complete || !status.error)
        out = out.arg(title);
    if (status.notFollowed > 0)
        out += u' ' + UnapprovedWatch::tr("%n are not, for want of room.", nullptr, int(status.notFollowed));
    return out;
}

UnapprovedWatch::UnapprovedWatch(ChangeWork& work, Platforms& platforms, Clusters& clusters,
                                 std::shared_ptr<Clock> clock, QObject* parent)
    : QObject(parent), m_work(work), m_platforms(platforms), m_clusters(clusters), m_clock(std::move(clock))
{
    connect(&work, &ChangeWork::opened, this, &UnapprovedWatch::begin);
    connect(&work, &ChangeWork::storeAboutToChange, this, [this] {
        m_watched.clear();
        m_running.clear();
        m_ended.clear();
    });
    connect(&platforms, &Platforms::changed, this, &UnapprovedWatch::refresh);
    connect(&clusters, &Clusters::sessionOpened, this, &UnapprovedWatch::refresh, Qt::QueuedConnection);
}

UnapprovedWatch::~UnapprovedWatch() = default;

void UnapprovedWatch::begin()
{
    connect(&m_work.desk(), &ChangeDesk::changed, this, &UnapprovedWatch::refreshRunning);
    connect(&m_work, &ChangeWork::executorChanged, this, &UnapprovedWatch::tellRunning);
    refresh();
    refreshRunning();
}

void UnapprovedWatch::refresh()
{
    if (!m_work.isOpen())
        return;
    const auto open = m_clusters.open();
    std::map<QString, std::unique_ptr<Watched>> next;
    for (const Place& place : m_platforms.places()) {
        if (!place.platform || !place.context)
            continue;
        const auto session = std::ranges::find_if(
            open, [&](const auto& candidate) { return candidate->context.id == place.context->id; });
        if (session == open.end())
            continue;
        const auto live = std::dynamic_pointer_cast<cluster::LiveClusterView>((*session)->view);
        // A cluster in which the platform file names no namespace holds nothing that anybody has to decide about.
        changes::UnapprovedChanges::Setup setup = setupOf(place);
        if (!live || setup.spaces.isEmpty())
            continue;
        auto& kept = next[place.id];
        const auto before = m_watched.find(place.id);
        if (before != m_watched.end() && before->second->session == *session) {
            kept = std::move(before->second);
            continue;
        }
        kept = std::make_unique<Watched>(place.title, std::move(setup), *session, live->connection(), *m_clock);
        connect(&kept->changes, &changes::UnapprovedChanges::changed, this,
                [this, platform = place.platform->name](const ObjectChange& change) {
                    m_work.unapproved().take(platform, change);
                });
        connect(&kept->changes, &changes::UnapprovedChanges::found, this,
                [this](const ObjectChange& change) { emit found(change.sentence()); });
        connect(&kept->changes, &changes::UnapprovedChanges::statusChanged, this, &UnapprovedWatch::tellWatched);
        kept->changes.start();
    }
    m_watched = std::move(next);
    tellRunning();
    tellWatched();
}

void UnapprovedWatch::refreshRunning()
{
    QHash<qint64, QSet<QString>> running;
    for (const changes::RequestSummary& row : m_work.desk().rows()) {
        if (row.state != changes::RequestState::Running) {
            if (!m_running.contains(row.number) && changes::UnapprovedChanges::endedJustNow(row, *m_clock))
                tellEnded(row.number);
            continue;
        }
        const auto known = m_running.constFind(row.number);
        running.insert(row.number, known == m_running.constEnd() ? QSet<QString>() : *known);
        if (known != m_running.constEnd())
            continue;
        whenDone(m_work.desk().detail(row.number), this,
                 [this, number = row.number](const Result<changes::RequestDetail>& detail) {
                     const auto it = m_running.find(number);
                     if (it == m_running.end())
                         return;
                     if (!detail) {
                         m_running.erase(it); // asked again with the next change
                         return;
                     }
                     if (!detail->plan)
                         return;
                     for (const changes::Step& step : detail->plan->steps())
                         it->insert(step.target.key());
                     tellRunning();
                 });
    }
    m_running = std::move(running);
    tellRunning();
}

/// One that ended before it was seen to run.
void UnapprovedWatch::tellEnded(qint64 number)
{
    if (m_ended.contains(number))
        return;
    m_ended.insert(number);
    whenDone(m_work.desk().detail(number), this, [this](const Result<changes::RequestDetail>& detail) {
        if (!detail || !detail->plan)
            return;
        QSet<QString> targets;
        for (const changes::Step& step : detail->plan->steps())
            targets.insert(step.target.key());
        for (const auto& [id, watched] : m_watched)
            watched->changes.addEnded(targets);
    });
}

void UnapprovedWatch::tellRunning()
{
    QSet<QString> all;
    for (const QSet<QString>& targets : std::as_const(m_running))
        all += targets;
    // What this program itself carries out is known before the store tells of it.
    for (const changes::Executor* executor : m_work.executors()) {
        if (executor->phase() >= changes::Executor::Phase::Ended)
            continue;
        connect(executor, &changes::Executor::finished, this, &UnapprovedWatch::tellRunning, Qt::UniqueConnection);
        for (const changes::Step& step : executor->plan().steps())
            all.insert(step.target.key());
    }
    for (const auto& [id, watched] : m_watched)
        watched->changes.setRunning(all);
}

void UnapprovedWatch::tellWatched()
{
    QStringList sentences;
    for (const auto& [id, watched] : m_watched)
        sentences << watched->sentence();
    m_work.unapproved().setWatched(sentences);
}

} // namespace wk::app
