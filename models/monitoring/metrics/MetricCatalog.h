// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/Metric.h"
#include "platform/PlatformProblem.h"

#include <QtCore/QStringList>

#include <memory>
#include <vector>

namespace wk::platform {
struct Platform;
}

namespace wk::monitoring {

/// The folder of the metrics that are built into every program.
inline constexpr char16_t builtinMetrics[] = u":/metrics";

/// What the words of documents mean in Prometheus. Immutable, cheap to copy; what it hands out lives as long as a copy.
class MetricCatalog
{
public:
    MetricCatalog() = default;
    explicit MetricCatalog(std::vector<std::shared_ptr<const platform::Metric>> metrics);

    /// The same with a platform's own metrics in front; one of the same name takes the other's place.
    [[nodiscard]] MetricCatalog with(const platform::Platform& platform) const;

    [[nodiscard]] const platform::Metric* named(QStringView name) const;
    /// By what a document calls it, upper and lower case alike, and by the unit of the threshold: "database
    /// connections" above 80 % is another metric than above 80 connections. nullptr where nothing fits.
    [[nodiscard]] const platform::Metric* find(const QString& words,
                                               const std::optional<platform::Threshold>& threshold = {}) const;
    [[nodiscard]] const std::vector<std::shared_ptr<const platform::Metric>>& metrics() const { return m_metrics; }

private:
    [[nodiscard]] platform::Metric resolved(const platform::Metric& own) const;

    std::vector<std::shared_ptr<const platform::Metric>> m_metrics;
};

struct MetricLoad
{
    MetricCatalog catalog;
    std::vector<platform::PlatformProblem> problems;
};

/// Every *.yaml and *.yml of the directories. A metric of a later directory takes the place of one with the same name;
/// a file with a mistake is left out whole. Besides what the reader checks, every form's query must be PromQL once its
/// words are filled in.
[[nodiscard]] MetricLoad loadMetrics(const QStringList& directories);

/// The text of one file; `name` stands in problems. Never throws.
[[nodiscard]] MetricLoad parseMetrics(const QByteArray& yaml, const QString& name);

} // namespace wk::monitoring
