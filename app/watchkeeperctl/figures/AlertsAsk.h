// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"
#include "monitoring/alerts/AlertSource.h"
#include "secrets/KeychainStore.h"

namespace wk::ctl {

/// Asks the Alertmanager of a platform once, all its replicas: by the platform's name, by its file, or by the address
/// of an Alertmanager itself.
class AlertsAsk : public QObject
{
    Q_OBJECT
public:
    using Then = std::function<void(const monitoring::AlertSource& source)>;

    /// `then` is called once, when every replica has answered or failed; where none was found, or none answers, the
    /// program ends with the reason.
    AlertsAsk(ChangeSession& session, const QString& where, Then then);

    /// The cluster of the Alertmanager, as steps name it.
    [[nodiscard]] const QString& cluster() const { return m_cluster; }

private:
    [[nodiscard]] Result<std::shared_ptr<const platform::Platform>> platformOf(const QString& where);
    void follow();

    ChangeSession& m_session;
    Then m_then;
    secrets::KeychainStore m_secrets;
    QString m_cluster;
    std::unique_ptr<monitoring::AlertSource> m_source;
    std::shared_ptr<void> m_watch;
};

} // namespace wk::ctl
