// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Commands.h"
#include "change/ChangeClusters.h"
#include "monitoring/prometheus/ServerSource.h"
#include "secrets/KeychainStore.h"

namespace wk::ctl {

/// A command that asks one Prometheus: that of a platform, by the platform's name or its file, or one at an address.
class PrometheusAsk : public QObject
{
    Q_OBJECT
public:
    /// `where`: the platform, or the address.
    PrometheusAsk(Arguments arguments, QString where);
    ~PrometheusAsk() override;

    /// Returns an exit code where it ends before it has begun, else -1.
    [[nodiscard]] int start();

protected:
    /// Once the server is known.
    virtual void ask(monitoring::PrometheusServer& server) = 0;

    void finish(int code);
    void fail(const Error& error);

    [[nodiscard]] const Arguments& arguments() const { return m_arguments; }
    [[nodiscard]] const std::shared_ptr<const platform::Platform>& platform() const { return m_platform; }
    [[nodiscard]] Clock& clock() { return m_clock; }
    [[nodiscard]] const QString& serverName() const { return m_serverName; }

private:
    void follow();

    Arguments m_arguments;
    QString m_where, m_serverName;
    SystemClock m_clock;
    secrets::KeychainStore m_secrets;
    ChangeClusters m_clusters;
    std::shared_ptr<const platform::Platform> m_platform;
    std::unique_ptr<monitoring::ServerSource> m_source;
    bool m_asked = false;
};

} // namespace wk::ctl
