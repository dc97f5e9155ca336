// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "core/Clock.h"

#include <vector>

namespace wk::cluster {

/// What metrics.k8s.io measured last of one pod, by container, or of one node.
struct UsageSample
{
    struct Part
    {
        QString name; ///< of the container; empty for a node
        qint64 milliCpu = 0;
        qint64 bytes = 0;
        bool operator==(const Part&) const = default;
    };
    qint64 atMs = 0; ///< when it was measured, as the server says
    std::vector<Part> parts;
    bool operator==(const UsageSample&) const = default;
};

/// Reads one PodMetrics or NodeMetrics (v1beta1, JSON).
[[nodiscard]] Result<UsageSample> parseUsageSample(const QByteArray& json);

/// What one pod or node used since somebody began to look, up to an hour: metrics.k8s.io knows only the present. Asked
/// for every 15 s while `setActive`.
class UsageHistory : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 intervalMs = 15'000;
    static constexpr size_t mostSamples = 240;

    UsageHistory(std::shared_ptr<ClusterView> cluster, const ResourceKind& kind, QString space, QString name,
                 std::shared_ptr<Clock> clock, QObject* parent = nullptr);

    /// The kind under which the cluster serves the figures of `kind`; without a resource where it does not, or where
    /// there are none of such objects.
    [[nodiscard]] static ResourceKind metricsKind(const ClusterView& cluster, const ResourceKind& kind);

    void setActive(bool active);
    [[nodiscard]] bool isActive() const { return m_active; }
    /// In the order of time, each moment once.
    [[nodiscard]] const std::vector<UsageSample>& samples() const { return m_samples; }
    /// Why there is no figure of now.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

signals:
    void changed();

private:
    void ask();
    void take(const Result<QByteArray>& answer);

    std::shared_ptr<ClusterView> m_cluster;
    ResourceKind m_metrics;
    QString m_space, m_name;
    std::shared_ptr<Clock> m_clock;
    std::vector<UsageSample> m_samples;
    std::optional<Error> m_error;
    bool m_active = false, m_asking = false;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::cluster
