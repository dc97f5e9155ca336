// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/FileWatcher.h"
#include "platform/PlatformLoader.h"
#include "watchkeeper/Clusters.h"
#include "watchkeeper/shell/Settings.h"
#include "widgets/overview/OverviewTile.h"

namespace wk::app {

/// A place to be: a platform's cluster, or a plain context that belongs to no platform.
struct Place
{
    QString id;     ///< "streamgate/prod"; for a plain context its key
    QString title;  ///< "StreamGate", "StreamGate · Staging", or the context's name
    QString detail; ///< "Production"
    std::shared_ptr<const platform::Platform> platform; ///< null for a plain context
    QString clusterName;                                ///< within the platform
    QString wantedContext;                              ///< the context that the platform file names
    std::optional<platform::ContextEntry> context;      ///< what it is bound to, if that exists
    bool primary = false;                               ///< of a platform's clusters the one that the overview shows
};

/// Platforms, and which context each of their clusters is reached through: the one the person chose, else the one that
/// the platform file names.
class Platforms : public QObject
{
    Q_OBJECT
public:
    Platforms(Clusters& clusters, Settings& settings, std::shared_ptr<Clock> clock, QObject* parent = nullptr);
    ~Platforms() override;

    /// From now on: their files are read again when they change. While a file has a mistake, what it said before
    /// stands.
    void load(const QStringList& directories);
    [[nodiscard]] const std::vector<platform::PlatformProblem>& problems() const { return m_load.problems; }

    /// Platforms' clusters first, then contexts that belong to none.
    [[nodiscard]] QList<Place> places() const { return m_places; }
    [[nodiscard]] std::optional<Place> place(const QString& id) const;
    [[nodiscard]] std::optional<Place> placeOf(const platform::ContextId& id) const;
    void bind(const QString& placeId, const platform::ContextId& id);

    /// The overview's entries: each platform, and `alsoPlain` where that is a plain context. Connects.
    [[nodiscard]] QList<widgets::OverviewEntry> entries(const QString& alsoPlain);
    [[nodiscard]] static cluster::OverviewSpec specOf(const Place& place);

signals:
    void changed();

private:
    void reload();
    void rebuild();
    [[nodiscard]] std::optional<platform::ContextEntry> contextOf(const QString& placeId, const QString& wanted) const;
    [[nodiscard]] widgets::OverviewEntry entryOf(const Place& place);

    struct Kept
    {
        std::shared_ptr<ClusterSession> session;
        std::shared_ptr<cluster::Overview> overview;
    };

    Clusters& m_clusters;
    Settings& m_settings;
    std::shared_ptr<Clock> m_clock;
    platform::FileWatcher m_watcher;
    QStringList m_directories;
    platform::PlatformLoad m_load;
    QHash<QString, QByteArray> m_texts; ///< of the files of the platforms that stand, hashed
    QList<Place> m_places;
    QHash<QString, Kept> m_overviews;
};

} // namespace wk::app
