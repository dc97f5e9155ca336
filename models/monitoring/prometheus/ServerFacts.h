// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/Answer.h"

#include <map>

namespace wk::monitoring {

// What a server tells about itself. Source of the forms: https://prometheus.io/docs/prometheus/latest/querying/api/

struct Metadata
{
    QString type, help, unit;
    bool operator==(const Metadata&) const = default;
};
/// By metric; several where targets disagree.
using MetadataMap = std::map<QString, std::vector<Metadata>>;

struct Alert
{
    Labels labels, annotations;
    QString state; ///< "pending", "firing"
    qint64 activeAt = 0;
    double value = 0;
};

struct Rule
{
    bool isAlerting = false;
    QString name, query, health, lastError; ///< health: "ok", "err", "unknown"
    QString state;                          ///< of an alerting rule: "inactive", "pending", "firing"
    qint64 forMs = 0;
    qint64 lastEvaluation = 0; ///< 0 where never
    qint64 evaluationMs = 0;
    Labels labels, annotations;
    std::vector<Alert> alerts;
};

struct RuleGroup
{
    QString name, file;
    qint64 intervalMs = 0;
    std::vector<Rule> rules;
};

struct ScrapeTarget
{
    Labels labels;
    QString pool, url, health, lastError; ///< health: "up", "down", "unknown"
    qint64 lastScrape = 0;
    qint64 scrapeMs = 0, intervalMs = 0;
};

struct Targets
{
    std::vector<ScrapeTarget> active;
    qint64 dropped = 0; ///< how many relabelling took out
};

struct BuildInfo
{
    QString version, revision, goVersion;
};

/// Each reads a whole body {"status":"success","data":…}; {"status":"error"} gives its error, anything else one of kind
/// Protocol.
[[nodiscard]] Result<QStringList> readNames(QByteArrayView body);
[[nodiscard]] Result<std::vector<Labels>> readSeries(QByteArrayView body);
[[nodiscard]] Result<MetadataMap> readMetadata(QByteArrayView body);
[[nodiscard]] Result<std::vector<RuleGroup>> readRules(QByteArrayView body);
[[nodiscard]] Result<std::vector<Alert>> readAlerts(QByteArrayView body);
[[nodiscard]] Result<Targets> readTargets(QByteArrayView body);
[[nodiscard]] Result<BuildInfo> readBuildInfo(QByteArrayView body);
/// The addresses that it sends alerts to, without the path of the API: "http://10.0.0.7:9093/prefix".
[[nodiscard]] Result<QStringList> readAlertmanagers(QByteArrayView body);

} // namespace wk::monitoring
