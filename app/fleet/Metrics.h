// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/Engine.h"

#include <QtCore/QByteArray>

namespace wk::fleet {

/// Everything that Prometheus would scrape from one simulated cluster, in the text exposition format 0.0.4: the
/// services' own metrics, cAdvisor, kube-state-metrics, node, PostgreSQL and Redis exporters, and the business figures;
/// all from the engine's state.
[[nodiscard]] QByteArray expositionText(const Engine& engine);

} // namespace wk::fleet
