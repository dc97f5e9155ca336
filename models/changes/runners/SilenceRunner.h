// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/Jobs.h"
#include "changes/runners/OutsideRunner.h"
#include "changes/runners/Prometheus.h"

namespace wk::changes {

/// Silences on the Alertmanager of a cluster: silence and expireSilence. Where it is, is found as for reading
/// (monitoring::AlertmanagerFinder). Of its replicas the first that answers is told; they tell each other.
///
/// What is sent goes on record before (Before::calls). It is sent exactly once: to an address by net::openOnce(), to a
/// service inside a cluster as a ClusterAccess::send() through the API server, for which one needs the right to create
/// (and, to end one, to delete) services/proxy there. Lives on the GUI thread; nothing waits.
class SilenceRunner final : public OutsideRunner
{
public:
    using Places = Prometheus::Places;

    /// `clock` and all of `places` outlive it.
    SilenceRunner(Places places, Clock& clock) : m_places(std::move(places)), m_clock(clock) {}

    /// Performed::result: {"sentence", "id", "server"}; its inverse ends what was made, or makes anew what was ended.
    [[nodiscard]] QFuture<Result<Performed>> perform(const Step& step, StepRunner::BeforeSending before,
                                                     StepRunner::Progress progress) override;
    /// Looks among the silences for what was about to be sent.
    [[nodiscard]] QFuture<Result<Observation>> observe(const Step& step, const Before& before) override;
    void abandon() override { m_jobs.clear(); }

private:
    Places m_places;
    Clock& m_clock;
    Jobs m_jobs;
};

} // namespace wk::changes
