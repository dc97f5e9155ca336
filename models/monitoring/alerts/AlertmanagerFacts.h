// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/Silence.h"

namespace wk::monitoring {

// What an Alertmanager tells. Times in ms since the epoch, 0 where none is told.
// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml

/// An alert as an Alertmanager holds it. It leaves out those that are resolved.
struct ManagedAlert
{
    enum class State {
        Active,
        Unprocessed, ///< taken in, not routed yet
        Suppressed   ///< silenced or inhibited
    };

    QString fingerprint; ///< of its labels: the same on every replica
    Labels labels, annotations;
    State state = State::Unprocessed;
    QStringList silencedBy;  ///< ids of silences
    QStringList inhibitedBy; ///< fingerprints of alerts
    QStringList receivers;
    qint64 startsAt = 0;
    qint64 endsAt = 0; ///< when it counts as resolved, unless it is sent again
    qint64 updatedAt = 0;
    QString generatorUrl;

    [[nodiscard]] QString name() const { return labelValue(labels, u"alertname"); }
    bool operator==(const ManagedAlert&) const = default;
};

/// "active", "unprocessed", "suppressed", as the API names them.
[[nodiscard]] QString managedStateName(ManagedAlert::State state);

/// Alerts that are told together.
struct AlertGroup
{
    Labels labels; ///< by which they are grouped
    QString receiver;
    std::vector<ManagedAlert> alerts;
};

struct AlertmanagerPeer
{
    QString name, address;
};

struct AlertmanagerStatus
{
    QString version, revision;
    qint64 startedAt = 0;
    QString clusterName;  ///< of this replica in its cluster; empty where there is none
    QString clusterState; ///< "ready", "settling", "disabled"
    std::vector<AlertmanagerPeer> peers;
    QString configuration; ///< YAML, without its secrets
};

/// Each reads a whole body; anything that is not what the API says gives an error of kind Protocol.
[[nodiscard]] Result<AlertmanagerStatus> readAlertmanagerStatus(QByteArrayView body);
[[nodiscard]] Result<std::vector<ManagedAlert>> readManagedAlerts(QByteArrayView body);
[[nodiscard]] Result<std::vector<AlertGroup>> readAlertGroups(QByteArrayView body);
[[nodiscard]] Result<QStringList> readReceivers(QByteArrayView body);
[[nodiscard]] Result<std::vector<Silence>> readSilences(QByteArrayView body);
/// The answer to silenceBody(): the id of what was made or changed.
[[nodiscard]] Result<QString> readSilenceId(QByteArrayView body);

} // namespace wk::monitoring
