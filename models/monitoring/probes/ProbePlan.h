// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/Probe.h"

#include <vector>

namespace wk::platform {
struct Platform;
}

namespace wk::monitoring {

/// What cannot be asked from here, and why.
struct Unprobed
{
    QString service, title, reason;
};

struct ProbePlan
{
    std::vector<ProbeSpec> probes;
    std::vector<Unprobed> unprobed;
};

struct ProbePlanOptions
{
    /// The names of the cluster's services resolve on this machine, and its network can be reached: it runs in the
    /// cluster, or a VPN leads there. Then nothing goes through the API server.
    bool clusterNames = false;
    qint64 everyMs = 30'000;
    qint64 certificateEveryMs = 3'600'000;
};

/// What can be asked of a platform's services, by its file: health and readiness endpoints and pages; of stores, and
/// of services without an endpoint, what their product answers, else whether something takes the connection; and the
/// certificates of everything that is asked by https. Metrics and profiles are left alone: they are dear, and say
/// nothing about health. Every service without a probe is in `unprobed`.
[[nodiscard]] ProbePlan probesOf(const platform::Platform& platform, const ProbePlanOptions& options = {});

} // namespace wk::monitoring
