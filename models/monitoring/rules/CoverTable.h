// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/SnapshotTable.h"
#include "monitoring/rules/RuleCoverage.h"
#include "monitoring/rules/RuleFeed.h"

namespace wk::monitoring {

/// One line of the coverage: a rule that the platform file asks for, a threshold that no rule can be made for, or a
/// rule of the server whose threshold is no longer in the file.
struct CoverItem
{
    enum class Kind { Planned, Gap, LeftOver };
    QString id;
    Kind kind = Kind::Planned;
    RuleCover cover;                    ///< where Planned: all of it; else threshold, service and rule
    QString title;                      ///< what the threshold is about, in words
    std::optional<PlannedRule> planned; ///< where Planned
    [[nodiscard]] table::Health health() const;
    [[nodiscard]] QString state() const;  ///< "covered", "fires later", "no rule"
    [[nodiscard]] QString reason() const; ///< what is different, wrong, or why there is none; a sentence or empty
};

[[nodiscard]] std::vector<CoverItem> coverItems(const RuleFile& plan, const RuleCoverage& coverage);

/// The rules, in the groups of the plan, that the server lacks, breaks or has only in a laxer form.
[[nodiscard]] RuleFile missingRules(const RuleFile& plan, const std::vector<CoverItem>& items);

/// "87 of 92 thresholds covered: 2 without a rule, 1 firing later than the file says"; and what is worst of it.
[[nodiscard]] std::pair<table::Health, QString> coverWords(const RuleCoverage& coverage);

/// Which thresholds of a platform file the rules of a server cover, as rows.
class CoverTable final : public SnapshotTable
{
    Q_OBJECT
public:
    /// `feed` outlives it.
    explicit CoverTable(const RuleFeed& feed, QObject* parent = nullptr);

    /// What the platform file asks for.
    void setPlan(RuleFile plan);
    [[nodiscard]] const RuleFile& plan() const { return m_plan; }
    [[nodiscard]] const RuleCoverage& coverage() const { return m_coverage; }
    [[nodiscard]] const std::vector<CoverItem>& items() const { return m_items; }
    [[nodiscard]] const CoverItem* find(const QString& rowId) const;

    [[nodiscard]] table::Columns columns() const override { return coverColumns(); }
    [[nodiscard]] table::Freshness freshness() const override { return m_feed.freshness(); }
    [[nodiscard]] static table::Columns coverColumns();

private:
    void refresh();

    const RuleFeed& m_feed;
    RuleFile m_plan;
    RuleCoverage m_coverage;
    std::vector<CoverItem> m_items;
    bool m_news = false; ///< what is different from now on is a change in the world
};

} // namespace wk::monitoring
