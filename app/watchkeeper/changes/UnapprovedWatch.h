// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/UnapprovedChanges.h"
#include "watchkeeper/changes/ChangeWork.h"

#include <map>

namespace wk::app {

/// Follows the platforms' clusters that are open, as soon as the store of changes is, and files what was changed there
/// without a request: the store then tells every cockpit (changes::UnapprovedBook). Contexts that belong to no platform
/// are not followed.
class UnapprovedWatch : public QObject
{
    Q_OBJECT
public:
    /// All outlive it.
    UnapprovedWatch(ChangeWork& work, Platforms& platforms, Clusters& clusters, std::shared_ptr<Clock> clock,
                    QObject* parent = nullptr);
    ~UnapprovedWatch() override;

signals:
    /// Who changed what, as a sentence.
    void found(const QString& sentence);

private:
    struct Watched
    {
        Watched(const QString& shownAs, changes::UnapprovedChanges::Setup setup, std::shared_ptr<ClusterSession> held,
                std::shared_ptr<cluster::ClusterConnection> connection, Clock& clock);
        /// "Streamgate, production: 214 objects are watched."
        [[nodiscard]] QString sentence() const;

        QString title;
        std::shared_ptr<ClusterSession> session;
        changes::LiveObjectWatch watch;
        changes::UnapprovedChanges changes;
    };

    void begin();
    void refresh();
    /// What running plans touch is nobody's news.
    void refreshRunning();
    void tellRunning();
    void tellEnded(qint64 number);
    void tellWatched();

    ChangeWork& m_work;
    Platforms& m_platforms;
    Clusters& m_clusters;
    std::shared_ptr<Clock> m_clock;
    std::map<QString, std::unique_ptr<Watched>> m_watched; ///< by place
    QHash<qint64, QSet<QString>> m_running;                ///< targets of each running request
    QSet<qint64> m_ended;                                  ///< whose end was told
};

} // namespace wk::app
