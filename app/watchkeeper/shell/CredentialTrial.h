// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertSource.h"
#include "monitoring/prometheus/ServerSource.h"
#include "secrets/Credentials.h"

#include <QtCore/QPromise>

namespace wk::app {

class MonitoringPlaces;
class Platforms;

/// Tries a secret where it is used: the servers of figures that it logs in to are looked for and asked anew. Ends by
/// itself.
class CredentialTrial final : public QObject
{
    Q_OBJECT
public:
    /// A sentence, or why the server was not content.
    [[nodiscard]] static QFuture<Result<QString>> of(const secrets::Credential& credential, Platforms& platforms,
                                                     MonitoringPlaces& places);

private:
    explicit CredentialTrial(QString name);

    void tryPrometheus(std::shared_ptr<monitoring::ServerSource> source);
    void tryAlertmanager(std::shared_ptr<monitoring::AlertSource> source);
    void followPrometheus();
    void followAlertmanager();
    void end(Result<QString> result);

    const QString m_name;
    QPromise<Result<QString>> m_promise;
    std::shared_ptr<monitoring::ServerSource> m_prometheus;
    std::shared_ptr<monitoring::AlertSource> m_alertmanager;
    std::unique_ptr<monitoring::Flight> m_flight;
    std::shared_ptr<void> m_watch;
    bool m_over = false;
};

} // namespace wk::app
