// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerSource.h"
#include "table/Row.h"

namespace wk::monitoring {

/// The rules that a place's Prometheus has, asked every 30 s while somebody looks. On the GUI thread.
class RuleFeed final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 everyMs = 30'000;

    /// `clock` outlives it.
    explicit RuleFeed(Clock& clock, QObject* parent = nullptr);
    ~RuleFeed() override;

    /// May be null. What is known of another server is forgotten.
    void setSource(std::shared_ptr<ServerSource> source);
    /// Asks at once, and then in turn.
    void setRunning(bool running);
    /// Out of turn.
    void ask();

    [[nodiscard]] const std::vector<RuleGroup>& groups() const { return m_groups; }
    /// Whether groups() is what a server said, of which there may be none.
    [[nodiscard]] bool isKnown() const { return m_askedMs > 0; }
    /// When the answer in groups() was asked for; ms since the epoch.
    [[nodiscard]] qint64 askedMs() const { return m_askedMs; }
    /// Why the last question had no answer.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    [[nodiscard]] table::Freshness freshness() const;

signals:
    void changed();

private:
    void onSource();
    void take(Result<std::vector<RuleGroup>> answer, qint64 askedMs);

    Clock& m_clock;
    std::shared_ptr<ServerSource> m_source;
    QPointer<PrometheusServer> m_server; ///< whose rules these are
    std::vector<RuleGroup> m_groups;
    qint64 m_askedMs = 0;
    std::optional<Error> m_error;
    qint64 m_errorMs = 0; ///< since when there has been no answer
    bool m_running = false;
    std::unique_ptr<Flight> m_flight;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::monitoring
