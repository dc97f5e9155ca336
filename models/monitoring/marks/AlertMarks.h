// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "monitoring/alerts/AlertSource.h"
#include "monitoring/alerts/PastAlerts.h"
#include "series/MarkSource.h"

namespace wk::monitoring {

/// When alerts fired that concern a platform, for charts: what Alertmanager says and has said since it was first asked,
/// and before that what Prometheus' own rules have on record. Targets: "fingerprint:…" of an alert that Alertmanager
/// has or had, "name:…" of one that Prometheus alone knows of.
class AlertMarks final : public series::MarkSource
{
    Q_OBJECT
public:
    /// `alerts` and `server` may be null. The clock outlives it.
    AlertMarks(std::shared_ptr<AlertSource> alerts, std::shared_ptr<ServerSource> server,
               std::shared_ptr<const platform::Platform> platform, Clock& clock, QObject* parent = nullptr);
    ~AlertMarks() override;

    [[nodiscard]] series::Mark::Kind kind() const override { return series::Mark::Kind::Alert; }
    [[nodiscard]] Standing standing() const override;
    [[nodiscard]] std::vector<series::Mark> marks(qint64 fromMs, qint64 toMs) const override;
    void want(qint64 fromMs, qint64 toMs) override;

protected:
    void onWatched() override;

private:
    struct Known
    {
        std::vector<series::Mark> marks;
        std::vector<PastAlerts::Key> keys; ///< of each
    };
    /// What the book says, worked out once for each of its states.
    [[nodiscard]] const Known& fromBook() const;
    [[nodiscard]] Standing bookStanding() const;

    std::shared_ptr<AlertSource> m_alerts;
    std::shared_ptr<const platform::Platform> m_platform;
    PastAlerts m_past;
    mutable std::optional<Known> m_known;
    std::shared_ptr<void> m_asking; ///< while it is watched
};

} // namespace wk::monitoring
