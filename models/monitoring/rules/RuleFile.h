// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/Answer.h"

#include <QtCore/QString>

#include <vector>

namespace wk::monitoring {

// A Prometheus rules file before it is text, with the tests that promtool runs on it. Source of both forms:
// https://prometheus.io/docs/prometheus/latest/configuration/{recording_rules,alerting_rules,unit_testing_rules}/

struct PlannedRule
{
    QString record; ///< the series it makes; empty for an alert
    QString alert;
    QString expr;
    qint64 forMs = 0;
    Labels labels, annotations;
    QString threshold; ///< of an alert: the name of what the platform file says, "slo:…" and "scaling:…" for those
};

struct PlannedGroup
{
    QString name;
    qint64 intervalMs = 0; ///< 0: the server's own
    std::vector<PlannedRule> rules;
};

/// Something the platform file says that no rule was made for, and why.
struct RuleGap
{
    QString threshold, title, why;
};

/// One case of `promtool test rules`: what the server is told, and what the alerts are at some times.
struct RuleTest
{
    struct Input
    {
        QString series, values; ///< values in promtool's own notation, a sample each minute
    };
    struct Check
    {
        qint64 minute = 0;
        QString alert;
        std::vector<std::pair<Labels, Labels>> firing; ///< labels and annotations of each
    };
    QString name;
    std::vector<Input> input;
    std::vector<Check> checks;
};

struct RuleFile
{
    QString platform;
    std::vector<PlannedGroup> groups;
    std::vector<RuleGap> gaps;
    std::vector<RuleTest> tests;

    /// Appends to the group of that name, which is made if need be.
    PlannedRule& add(const QString& group, PlannedRule rule);
};

/// The rules as YAML.
[[nodiscard]] QString rulesYaml(const RuleFile& file);
/// The tests as YAML; `rulesName` is the name that the rules' file has beside it.
[[nodiscard]] QString testsYaml(const RuleFile& file, const QString& rulesName);

/// A text of a file inside an annotation, where {{ would begin a template.
[[nodiscard]] QString inTemplate(const QString& text);
/// "guide-error-rate-critical" as an alert is called: "GuideErrorRateCritical".
[[nodiscard]] QString alertName(const QString& name);

} // namespace wk::monitoring
