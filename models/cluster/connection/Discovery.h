// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"
#include "core/Result.h"
#include "net/Transport.h"

#include <QtCore/QObject>

#include <map>
#include <memory>

namespace wk::cluster {

/// A group of the API as the server announces it.
struct ApiGroup
{
    QString name;         ///< empty for the core group
    QStringList versions; ///< the server's preferred one first
    /// By version; a version whose resources could not be read is missing.
    std::map<QString, QList<ResourceKind>> resources;
};

/// Reads an APIGroupDiscoveryList (apidiscovery.k8s.io/v2 or v2beta1: one answer for all groups).
[[nodiscard]] Result<std::vector<ApiGroup>> parseAggregatedDiscovery(const QByteArray& json);
/// Reads an APIGroupList (/apis): names and versions.
[[nodiscard]] Result<std::vector<ApiGroup>> parseGroupList(const QByteArray& json);
/// Reads an APIVersions (/api): the versions of the core group.
[[nodiscard]] Result<ApiGroup> parseCoreVersions(const QByteArray& json);
/// Reads an APIResourceList (/apis/GROUP/VERSION); subresources are left out.
[[nodiscard]] Result<QList<ResourceKind>> parseResourceList(const QByteArray& json, const QString& group,
                                                            const QString& version);

/// Each kind once, at the version to use: one that has a renderer of its own where several do (newest form first), else
/// the group's preferred version, else the first that has the resource. Only what can be listed. Built-in kinds come
/// first, in the order of builtInKinds().
[[nodiscard]] QList<ResourceKind> chooseKinds(const std::vector<ApiGroup>& groups);

/// Finds a kind as kubectl does: "pods", "pod", "po", "Pod", "deployments.apps", "deployments.v1.apps". Earlier kinds
/// win.
[[nodiscard]] Result<ResourceKind> findKind(const QList<ResourceKind>& kinds, const QString& word);

/// Asks a server what it serves: the aggregated form where there is one (1.26 and later), else /api, /apis and then all
/// versions of all groups side by side. A group that does not answer (an aggregated API whose server is down) is
/// missing and disturbs no other.
class Discovery : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(Result<std::vector<ApiGroup>>)>;

    explicit Discovery(net::Transport& transport, QObject* parent = nullptr);
    ~Discovery() override;

    /// Starts; an earlier run that is still under way is given up.
    void run(Done done);
    [[nodiscard]] bool isRunning() const { return m_open > 0; }

private:
    using Answer = std::function<void(int status, const QByteArray& contentType, const QByteArray& body,
                                      const std::optional<Error>&)>;
    void ask(const QByteArray& path, const QByteArray& accept, Answer answer);
    void onRoot(bool core, int status, const QByteArray& contentType, const QByteArray& body,
                const std::optional<Error>& error);
    void readVersions(const std::vector<ApiGroup>& groups);
    void finishOne();
    ApiGroup& group(const QString& name);

    net::Transport& m_transport;
    Done m_done;
    quint64 m_run = 0;
    int m_open = 0;
    std::vector<ApiGroup> m_groups;
    std::optional<Error> m_error;
    std::vector<std::unique_ptr<net::Exchange>> m_exchanges;
};

} // namespace wk::cluster
