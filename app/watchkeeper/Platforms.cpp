// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/Platforms.h"

#include "cluster/Decoder.h"
#include "cluster/KindCatalog.h"

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

QString className(platform::ClusterClass klass)
{
    switch (klass) {
    case platform::ClusterClass::Production: return Platforms::tr("Production");
    case platform::ClusterClass::Staging: return Platforms::tr("Staging");
    case platform::ClusterClass::Development: return Platforms::tr("Development");
    case platform::ClusterClass::Test: return Platforms::tr("Test");
    case platform::ClusterClass::Recovery: return Platforms::tr("Recovery");
    }
    return {};
}

cluster::OverviewSources sourcesOf(cluster::ClusterView& view)
{
    const auto open = [&view](const QString& id) -> std::shared_ptr<table::TableSource> {
        cluster::ResourceKind kind = cluster::kindById(view.kinds(), id);
        if (kind.resource.isEmpty())
            kind = cluster::kindById(cluster::builtInKinds(), id);
        return view.open(kind);
    };
    return {.pods = open(u"pods"_s),
            .nodes = open(u"nodes"_s),
            .events = open(u"events"_s),
            .deployments = open(u"deployments.apps"_s),
            .statefulSets = open(u"statefulsets.apps"_s),
            .daemonSets = open(u"daemonsets.apps"_s)};
}

} // namespace

Platforms::Platforms(Clusters& clusters, Settings& settings, std::shared_ptr<Clock> clock, QObject* parent)
    : QObject(parent), m_clusters(clusters), m_settings(settings), m_clock(std::move(clock)), m_watcher(*m_clock)
{
    connect(&m_watcher, &platform::FileWatcher::changed, this, &Platforms::reload);
    connect(&m_clusters, &Clusters::contextsChanged, this, &Platforms::rebuild);
}

Platforms::~Platforms() = default;

void Platforms::load(const QStringList& directories)
{
    m_directories = directories;
    QStringList folders = directories;
    folders.removeAll(QString::fromUtf16(platform::builtinPlatforms));
    m_watcher.setFolders(folders, platform::platformFilePatterns());
    m_load = {};
    m_texts.clear();
    reload();
}

void Platforms::reload()
{
    const auto before = std::exchange(m_load, platform::loadPlatforms(m_directories)).platforms;
    QHash<QString, QByteArray> texts;
    for (const auto& platform : m_load.platforms)
        texts.insert(platform->file, platform::FileWatcher::fingerprint(platform->file));
    const auto isWrong = [this](const QString& file) {
        return std::ranges::find(m_load.problems, file, &platform::PlatformProblem::file) != m_load.problems.end();
    };
    // Panels hold on to a platform: it stays the same one unless its file says something else.
    for (const auto& old : before) {
        const auto now =
            std::ranges::find_if(m_load.platforms, [&](const auto& one) { return one->name == old->name; });
        const bool is = now != m_load.platforms.end();
        const bool same = is && (*now)->file == old->file && texts.value(old->file) == m_texts.value(old->file);
        if (same || (is && isWrong(old->file)))
            *now = old;
        else if (!is && isWrong(old->file))
            m_load.platforms.push_back(old);
    }
    std::ranges::sort(m_load.platforms, {}, [](const auto& one) { return one->name; });
    m_texts = texts;
    rebuild();
}

std::optional<platform::ContextEntry> Platforms::contextOf(const QString& placeId, const QString& wanted) const
{
    const QStringList bound = m_settings.get(Settings::Key::PlatformBindings).toMap().value(placeId).toStringList();
    if (bound.size() == 2) {
        if (auto entry = m_clusters.find(bound[1], bound[0]))
            return entry;
    }
    return wanted.isEmpty() ? std::nullopt : m_clusters.find(wanted);
}

void Platforms::rebuild()
{
    m_places.clear();
    QSet<QString> taken;
    for (const auto& platform : m_load.platforms) {
        qsizetype primary = -1;
        const qsizetype first = m_places.size();
        for (const platform::Cluster& cluster : platform->clusters) {
            Place place;
            place.id = platform->name + u'/' + cluster.name;
            place.platform = platform;
            place.clusterName = cluster.name;
            place.wantedContext = cluster.context;
            place.detail = className(cluster.klass);
            place.title = platform->clusters.size() == 1 ? platform->title : platform->title + u" · "_s + place.detail;
            place.context = contextOf(place.id, cluster.context);
            if (place.context) {
                taken.insert(Clusters::keyOf(place.context->id));
                if (primary < 0)
                    primary = m_places.size();
            }
            m_places.append(place);
        }
        if (m_places.size() > first) {
            Place& shown = m_places[primary >= 0 ? primary : first];
            shown.primary = true;
            shown.title = platform->title;
        }
    }
    for (const platform::ContextEntry& entry : m_clusters.contexts()) {
        const QString key = Clusters::keyOf(entry.id);
        if (taken.contains(key))
            continue;
        Place place;
        place.id = key;
        place.title = entry.id.context;
        place.detail = entry.clusterName == entry.id.context ? QString() : entry.clusterName;
        place.context = entry;
        m_places.append(place);
    }
    // What nobody can reach any more must not keep its connection.
    m_overviews.removeIf([this](const auto& entry) {
        const auto known = place(entry.key());
        return !known || !known->context;
    });
    emit changed();
}

std::optional<Place> Platforms::place(const QString& id) const
{
    for (const Place& place : m_places) {
        if (place.id == id)
            return place;
    }
    return std::nullopt;
}

std::optional<Place> Platforms::placeOf(const platform::ContextId& id) const
{
    for (const Place& place : m_places) {
        if (place.context && place.context->id == id)
            return place;
    }
    return std::nullopt;
}

void Platforms::bind(const QString& placeId, const platform::ContextId& id)
{
    QVariantMap bindings = m_settings.get(Settings::Key::PlatformBindings).toMap();
    bindings.insert(placeId, QStringList{id.origin, id.context});
    m_settings.set(Settings::Key::PlatformBindings, bindings);
    rebuild();
}

cluster::OverviewSpec Platforms::specOf(const Place& place)
{
    cluster::OverviewSpec spec;
    if (!place.platform)
        return spec;
    QString mainSpace;
    for (const platform::Namespace& space : place.platform->namespaces) {
        if (!space.cluster.isEmpty() && space.cluster != place.clusterName)
            continue;
        spec.spaces.append(space.name);
        if (mainSpace.isEmpty() || space.main)
            mainSpace = space.name;
    }
    for (const platform::Service& service : place.platform->services) {
        cluster::ServiceSpec out{.name = service.title.isEmpty() ? service.name : service.title, .workloads = {}};
        for (const platform::Workload& workload : service.workloads) {
            // The overview follows what runs all the time; jobs come and go.
            if (workload.kind == u"Deployment" || workload.kind == u"StatefulSet" || workload.kind == u"DaemonSet")
                out.workloads.append(
                    {workload.kind, workload.space.isEmpty() ? mainSpace : workload.space, workload.name});
        }
        if (!out.workloads.isEmpty())
            spec.services.append(out);
    }
    return spec;
}

widgets::OverviewEntry Platforms::entryOf(const Place& place)
{
    widgets::OverviewEntry entry;
    entry.id = place.id;
    entry.title = place.title;
    if (!place.context) {
        entry.detail = place.detail;
        entry.problem = place.wantedContext.isEmpty()
                            ? tr("No context is bound to %1").arg(place.title)
                            : tr("There is no context \"%1\" in your kubeconfig").arg(place.wantedContext);
        entry.remedy = tr("Choose the context through which %1 is reached; the choice is remembered.").arg(place.title);
        entry.action = tr("Choose a context");
        return entry;
    }
    entry.detail = place.platform ? place.detail + u" · "_s + place.context->id.context : place.detail;
    const auto session = m_clusters.session(place.context->id);
    if (!session) {
        entry.problem = session.error().sentence;
        entry.remedy = session.error().remedy;
        entry.action = tr("Choose another context");
        return entry;
    }
    Kept& kept = m_overviews[place.id];
    const cluster::OverviewSpec spec = specOf(place);
    if (kept.session != *session || !kept.overview) {
        kept.session = *session;
        kept.overview = std::make_shared<cluster::Overview>(spec, sourcesOf(*(*session)->view), m_clock);
    }
    entry.overview = kept.overview;
    entry.cluster = (*session)->view;
    return entry;
}

QList<widgets::OverviewEntry> Platforms::entries(const QString& alsoPlain)
{
    QList<widgets::OverviewEntry> entries, unbound;
    for (const Place& place : std::as_const(m_places)) {
        if (!(place.primary || (place.id == alsoPlain && !place.platform)))
            continue;
        widgets::OverviewEntry entry = entryOf(place);
        if (place.id == alsoPlain && !place.platform)
            entries.prepend(std::move(entry)); // the cluster at hand before the platforms
        else
            (entry.overview ? entries : unbound).append(std::move(entry));
    }
    return entries + unbound;
}

} // namespace wk::app
