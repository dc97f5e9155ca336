// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/Pki.h"
#include "fleet/api/ApiServer.h"
#include "fleet/world/Engine.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <memory>

namespace wk::fleet {

/// All simulated clusters with their servers, and the clock that drives them: the composition root of
/// watchkeeper-fleet.
class Fleet : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        quint64 seed = 1;
        double speed = 1;     ///< simulated seconds per real second
        qint64 startMs = 0;   ///< simulated time at the start of serving
        int portBase = 17443; ///< API servers from here, exporters from +10, the admin port at +20; 0: free ports
        QString stateDirectory;
        int pods = 0; ///< fills `loadCluster` up to about that many
        QString loadCluster;
        double churn = 0; ///< touched pods a second in `loadCluster`
        QList<Fault> faults;
        bool background = true;
        qsizetype history = 10'000;
        QStringList only; ///< ids of the platforms to simulate; empty: all
        /// So many days of figures are written to past/<id>.om, and until the service monitoring/prometheus is
        /// forwarded, those of every 15 seconds to past/<id>-since.om.
        int pastDays = 0;
    };

    explicit Fleet(Options options, QObject* parent = nullptr);
    ~Fleet() override;

    /// Builds the clusters, opens the ports and writes kubeconfig, kubeconfig-roles, prometheus-targets.json and
    /// fleet.json.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] QString kubeconfigPath() const { return m_options.stateDirectory + QStringLiteral("/kubeconfig"); }
    /// Contexts <cluster>-operator and <cluster>-viewer.
    [[nodiscard]] QString rolesKubeconfigPath() const
    {
        return m_options.stateDirectory + QStringLiteral("/kubeconfig-roles");
    }
    [[nodiscard]] quint16 adminPort() const { return m_admin.port(); }
    [[nodiscard]] const Pki& pki() const { return *m_pki; }

    struct Member
    {
        std::unique_ptr<Engine> engine;
        std::unique_ptr<ApiServer> api;
        std::unique_ptr<HttpServer> exporter;
        quint16 port = 0;
        quint16 exporterPort = 0;
        bool recorded = false; ///< until a server scrapes it
    };
    [[nodiscard]] Member* member(const QString& id);
    [[nodiscard]] const std::vector<Member>& members() const { return m_members; }
    /// Token of a user in the kubeconfig ("operator", "viewer").
    [[nodiscard]] QByteArray token(const QString& user) const { return m_tokens.key(user); }
    /// Names in the fault script that were not found.
    [[nodiscard]] QStringList complaints() const;

private:
    void tick();
    void record();
    [[nodiscard]] Result<void> startMember(PlatformSpec spec, int index);
    [[nodiscard]] Result<void> writeFiles();
    [[nodiscard]] Result<void> loadTokens();
    void serveExporter(const Engine& engine, quint16 port, const HttpRequest& request, HttpConnection& connection);
    void administer(const HttpRequest& request, HttpConnection& connection);
    [[nodiscard]] Result<QJsonObject> command(const QString& name, const HttpRequest& request, Member& m);
    [[nodiscard]] QJsonObject state() const;

    Options m_options;
    std::unique_ptr<Pki> m_pki;
    QHash<QByteArray, QString> m_tokens;
    std::vector<Member> m_members;
    HttpServer m_admin;
    QElapsedTimer m_elapsed; ///< since start() was called
    qint64 m_setupMs = 0;    ///< what start() took, in real time
    QTimer m_timer;
    QTimer m_recorder;
};

} // namespace wk::fleet
