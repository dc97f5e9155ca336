// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerFacts.h"
#include "monitoring/rules/RuleFile.h"

namespace wk::monitoring {

/// How one of the planned alerts stands against the rules that a server has.
struct RuleCover
{
    enum class State {
        Covered,   ///< the server has it, or one that compares the same with the same limit after the same time
        Stricter,  ///< it has one that fires earlier: at a lower limit, or after less time
        Looser,    ///< it has one that fires later, or at a further limit
        Broken,    ///< it has it and cannot evaluate it
        Uncovered, ///< no rule
    };
    State state = State::Uncovered;
    QString threshold; ///< as in PlannedRule
    QString service, alert;
    QString rule;  ///< the server's rule: "group / alert"; empty where there is none
    QString words; ///< what is different, or wrong; empty where Covered
};

/// A rule of the server that is labelled as one of the platform's and belongs to no threshold of its file any more.
struct RuleLeftOver
{
    QString rule, threshold, service;
};

struct RuleCoverage
{
    std::vector<RuleCover> covers; ///< in the order of the plan
    std::vector<RuleLeftOver> leftOver;
    std::vector<RuleGap> gaps; ///< thresholds that no rule can be made for; as planned

    /// How many of the platform's thresholds (not rules) are covered in full, by rules as strict as theirs.
    [[nodiscard]] std::pair<int, int> thresholds() const;
};

/// Compares by labels (platform, threshold, service) and by expression, whatever its spelling. A rule of somebody else
/// that compares the same figure covers a threshold as well.
[[nodiscard]] RuleCoverage coverageOf(const RuleFile& plan, const std::vector<RuleGroup>& server);

} // namespace wk::monitoring
