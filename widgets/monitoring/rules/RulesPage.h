// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/rules/CoverTable.h"
#include "monitoring/rules/RuleTable.h"
#include "widgets/monitoring/MonitoringPage.h"
#include "widgets/monitoring/alerts/AlertDetail.h"

class QAction;
class QStackedWidget;
class QTabBar;

namespace wk::widgets {

class DataTable;
class FileDialogs;
class HealthBadge;
class TableWithDetail;

/// The rules that the place's Prometheus has, with what it says of each, and which thresholds of the platform file no
/// rule covers. Asks every 30 s while it is shown.
///
/// objectNames inside: "rulesTabs", "rulesCounts", "rulesTable", "coverTable", "rulesAsk", "rulesCopyMissing".
class RulesPage final : public MonitoringPage
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
    };
    enum class List { Rules, Coverage };

    explicit RulesPage(Parts parts, QWidget* parent = nullptr);
    ~RulesPage() override;

    [[nodiscard]] QTabBar* lists() const override { return m_tabs; }
    void setPlace(const MonitoringPlace& place) override;
    void showList(List list);
    [[nodiscard]] TableWithDetail* list(List list) const { return list == List::Rules ? m_ruleList : m_coverList; }
    [[nodiscard]] DataTable* table(List list) const;
    [[nodiscard]] const monitoring::RuleFeed& feed() const { return m_feed; }

signals:
    /// A rule's expression is to be looked at.
    void queryRequested(const QString& promql);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    DataTable* buildTable(const QString& name, const QString& subject, std::shared_ptr<table::TableSource> source);
    void buildActions();
    void refresh();
    void tick();
    void copyMissing();
    void onRuleAct(const QString& rowId, const QString& act);
    void onCoverAct(const QString& rowId, const QString& act);
    [[nodiscard]] List shown() const;

    Parts m_parts;
    MonitoringPlace m_place;
    monitoring::RuleFeed m_feed;
    std::shared_ptr<monitoring::RuleTable> m_rules;
    std::shared_ptr<monitoring::CoverTable> m_cover;
    std::shared_ptr<void> m_tick;
    QTabBar* m_tabs;
    HealthBadge* m_counts;
    QStackedWidget* m_stack;
    QAction *m_ask, *m_copyMissing;
    TableWithDetail *m_ruleList = nullptr, *m_coverList = nullptr;
};

/// A rule of the server in full. `source`: who says so; `askedMs`: when.
[[nodiscard]] AlertDetail::Content ruleContent(const monitoring::Rule& rule, const monitoring::RuleGroup& group,
                                               const QString& source, qint64 askedMs, qint64 nowMs);
/// A line of the coverage in full; `rule`: the server's rule, where it has one.
[[nodiscard]] AlertDetail::Content coverContent(const monitoring::CoverItem& item, const monitoring::Rule* rule);

} // namespace wk::widgets
