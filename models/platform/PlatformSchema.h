// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/Platform.h"
#include "platform/YamlReader.h"

#include <span>

namespace wk::platform {

/// Reads the whole document; mistakes go to the report. References are checked by the caller, once everything is
/// declared.
void readPlatform(const YamlNode& root, YamlReport& report, Platform& platform);

// Its parts, one file each.
void readOperated(YamlReader& reader, Platform& platform);   ///< documents, clusters, namespaces, services, tools, ...
void readMonitoring(YamlReader& reader, Platform& platform); ///< how Prometheus and Alertmanager are reached
void readTargets(YamlReader& reader, Platform& platform); ///< severities, SLOs, KPIs, alerts, scaling, capacity, cost
void readPeople(YamlReader& reader, Platform& platform); ///< contacts, on-call, channels, dashboards, backups, recovery
void readWork(YamlReader& reader, Platform& platform);   ///< runbooks, procedures, checklists, maintenance

void readMetrics(YamlReader& reader, std::vector<Metric>& metrics, YamlReader::Need need); ///< also of a catalogue

void readPhase(YamlReader& reader, Phase& phase);
void readStep(YamlReader& reader, Step& step);
void readSource(YamlReader& reader, QString& source);
[[nodiscard]] std::span<const YamlReader::Choice<Cadence>> cadences();
[[nodiscard]] std::span<const YamlReader::Choice<Service::Kind>> serviceKinds();

} // namespace wk::platform
