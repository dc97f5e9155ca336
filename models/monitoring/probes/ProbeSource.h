// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbePlan.h"
#include "monitoring/probes/ProbeRunner.h"
#include "net/Send.h"

#include <QtCore/QFuture>

namespace wk::monitoring {

/// Whether the services of one place answer. Its probes are asked only while somebody wants to know; what is known of
/// them stays. On the GUI thread.
class ProbeSource final : public QObject
{
    Q_OBJECT
public:
    /// Probes by their state; `stale`: those of them whose last answer is older than it should be.
    struct Counts
    {
        int up = 0, slow = 0, down = 0, unknown = 0, stale = 0;
        [[nodiscard]] int all() const { return up + slow + down + unknown; }
        bool operator==(const Counts&) const = default;
    };

    /// `clock`, and what `way` leads to, outlive it.
    ProbeSource(ProbeWay way, Clock& clock, Random random, const ProbePlanOptions& options = {},
                QObject* parent = nullptr);

    /// Probes that are the same as before keep what is known of them.
    void setPlatform(std::shared_ptr<const platform::Platform> platform);

    /// While somebody holds on to what this gives, the probes are asked. It may outlive this object.
    [[nodiscard]] std::shared_ptr<void> want();
    [[nodiscard]] bool isWanted() const { return !m_wanted.expired(); }
    /// Asks one out of turn; an empty id: all of them. Only while it is wanted.
    void askNow(const QString& id = {});

    [[nodiscard]] const ProbeBook& book() const { return m_runner.book(); }
    /// What cannot be asked from here, and why.
    [[nodiscard]] const std::vector<Unprobed>& unprobed() const { return m_unprobed; }
    /// Of one service, or of all.
    [[nodiscard]] Counts counts(QStringView service = {}) const;
    /// Whether the last answer is older than two turns: nobody asked, or nobody came round to it.
    [[nodiscard]] bool isStale(const ProbeBook::Entry& entry) const;

signals:
    /// There is a new result, or there are other probes.
    void changed();

private:
    Clock& m_clock;
    const ProbePlanOptions m_options;
    ProbeRunner m_runner;
    std::shared_ptr<const platform::Platform> m_platform;
    std::vector<Unprobed> m_unprobed;
    std::weak_ptr<void> m_wanted;
};

/// An answer that comes as a whole, as an exchange. Destroying it cancels the future.
[[nodiscard]] std::unique_ptr<net::Exchange> exchangeOf(const QFuture<Result<net::Response>>& answer,
                                                        net::Handlers handlers);

} // namespace wk::monitoring
