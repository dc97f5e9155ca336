// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/SnapshotTable.h"
#include "monitoring/rules/RuleFeed.h"

namespace wk::monitoring {

/// The rules that a server has, as rows.
class RuleTable final : public SnapshotTable
{
    Q_OBJECT
public:
    /// `feed` outlives it.
    explicit RuleTable(const RuleFeed& feed, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override { return ruleColumns(); }
    [[nodiscard]] table::Freshness freshness() const override { return m_feed.freshness(); }

    struct Found
    {
        const RuleGroup* group = nullptr;
        const Rule* rule = nullptr;
    };
    /// By row id; of what the feed has now. Nothing where it is gone.
    [[nodiscard]] Found find(const QString& rowId) const;

    [[nodiscard]] static table::Columns ruleColumns();

private:
    void refresh();

    const RuleFeed& m_feed;
    QHash<QString, std::pair<std::size_t, std::size_t>> m_places; ///< group and rule, by row id
    bool m_known = false;
};

/// What is thought of a rule, and why.
struct RuleVerdict
{
    table::Health health = table::Health::None;
    QString state;  ///< "firing (3)", "inactive", "cannot be evaluated"
    QString reason; ///< empty where there is nothing to say
};

/// `askedMs`: when the server was asked. A rule that fails, or was not evaluated for five of its intervals, does not
/// watch anything, whatever its state says.
[[nodiscard]] RuleVerdict verdictOf(const Rule& rule, const RuleGroup& group, qint64 askedMs);

/// "134 rules in 12 groups: 2 firing, 1 pending, 1 cannot be evaluated", and what is worst of it.
[[nodiscard]] std::pair<table::Health, QString> ruleCounts(const std::vector<RuleGroup>& groups, qint64 askedMs);

} // namespace wk::monitoring
