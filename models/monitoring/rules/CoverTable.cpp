// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/CoverTable.h"

#include "monitoring/promql/Promql.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using table::Cell;
using table::Column;
using table::Health;
using Kind = CoverItem::Kind;
using State = RuleCover::State;

namespace {

/// What a cover means: what is thought of it, and in which words.
struct Meaning
{
    Health health;
    const char* state;
    const char* count; ///< "%1 …" of a summary; null where that is well
};

Meaning meaningOf(State state)
{
    switch (state) {
    case State::Covered: return {Health::Good, QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "covered"), nullptr};
    case State::Stricter:
        return {Health::Good, QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "covered, fires earlier"), nullptr};
    case State::Looser:
        return {Health::Warning, QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "fires later"),
                QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "%1 firing later than the file says")};
    case State::Broken:
        return {Health::Bad, QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "cannot be evaluated"),
                QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "%1 broken")};
    case State::Uncovered: break;
    }
    return {Health::Bad, QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "no rule"),
            QT_TRANSLATE_NOOP("wk::monitoring::CoverTable", "%1 without a rule")};
}

bool isFine(State state) { return !meaningOf(state).count; }

QString limitText(const PlannedRule& rule)
{
    const auto node = parsePromql(rule.expr);
    const auto comparison = node ? comparisonOf(*node) : std::nullopt;
    return comparison ? comparison->op + u' ' + promqlNumber(comparison->limit) : QString();
}

} // namespace

Health CoverItem::health() const
{
    switch (kind) {
    case Kind::Planned: return meaningOf(cover.state).health;
    case Kind::Gap: return Health::Warning;
    case Kind::LeftOver: break;
    }
    return Health::Info;
}

QString CoverItem::state() const
{
    switch (kind) {
    case Kind::Planned: return CoverTable::tr(meaningOf(cover.state).state);
    case Kind::Gap: return CoverTable::tr("no rule possible");
    case Kind::LeftOver: break;
    }
    return CoverTable::tr("left over");
}

QString CoverItem::reason() const
{
    if (kind == Kind::LeftOver)
        return CoverTable::tr("The server has a rule for it, and the platform file has no such threshold any more.");
    return cover.words;
}

std::vector<CoverItem> coverItems(const RuleFile& plan, const RuleCoverage& coverage)
{
    std::vector<CoverItem> out;
    QSet<QString> ids;
    const auto add = [&](CoverItem item) {
        const QString wanted = QStringList{QString::number(int(item.kind)), item.cover.threshold, item.cover.service,
                                           item.kind == Kind::LeftOver ? item.cover.rule : item.cover.alert}
                                   .join(u'\n');
        item.id = wanted;
        for (int i = 2; ids.contains(item.id); ++i)
            item.id = wanted + u'\n' + QString::number(i);
        ids.insert(item.id);
        out.push_back(std::move(item));
    };
    auto cover = coverage.covers.begin(); // in the order of the plan's alerts
    for (const PlannedGroup& group : plan.groups) {
        for (const PlannedRule& rule : group.rules) {
            if (!rule.alert.isEmpty() && cover != coverage.covers.end())
                add({{}, Kind::Planned, *cover++, labelValue(rule.annotations, u"summary"), rule});
        }
    }
    for (const RuleGap& gap : coverage.gaps) {
        RuleCover of;
        of.threshold = gap.threshold;
        of.words = gap.why;
        add({{}, Kind::Gap, of, gap.title, {}});
    }
    for (const RuleLeftOver& left : coverage.leftOver) {
        RuleCover of;
        of.threshold = left.threshold;
        of.service = left.service;
        of.rule = left.rule;
        add({{}, Kind::LeftOver, of, {}, {}});
    }
    return out;
}

RuleFile missingRules(const RuleFile& plan, const std::vector<CoverItem>& items)
{
    RuleFile out;
    out.platform = plan.platform;
    auto item = items.begin();
    for (const PlannedGroup& group : plan.groups) {
        for (const PlannedRule& rule : group.rules) {
            if (rule.alert.isEmpty() || item == items.end() || item->kind != Kind::Planned)
                continue;
            if (!isFine((item++)->cover.state))
                out.add(group.name, rule);
        }
    }
    return out;
}

std::pair<Health, QString> coverWords(const RuleCoverage& coverage)
{
    const auto [fine, all] = coverage.thresholds();
    if (all == 0)
        return {Health::None, CoverTable::tr("The platform file has no thresholds.")};
    QStringList parts;
    Health worst = Health::Good;
    for (const State state : {State::Uncovered, State::Broken, State::Looser}) {
        const auto count = std::ranges::count(coverage.covers, state, &RuleCover::state);
        if (count == 0)
            continue;
        const Meaning meaning = meaningOf(state);
        parts << CoverTable::tr(meaning.count).arg(count);
        if (rankOf(meaning.health) > rankOf(worst))
            worst = meaning.health;
    }
    if (!coverage.gaps.empty()) {
        parts << CoverTable::tr("%1 that no rule can be made for").arg(coverage.gaps.size());
        if (rankOf(worst) < rankOf(Health::Warning))
            worst = Health::Warning;
    }
    if (!coverage.leftOver.empty())
        parts << CoverTable::tr("%1 left over on the server").arg(coverage.leftOver.size());
    const QString words = CoverTable::tr("%1 of %2 thresholds covered").arg(fine).arg(all);
    return {worst, parts.isEmpty() ? words : words + u": "_s + parts.join(u", "_s)};
}

CoverTable::CoverTable(const RuleFeed& feed, QObject* parent) : SnapshotTable(parent), m_feed(feed)
{
    connect(&feed, &RuleFeed::changed, this, &CoverTable::refresh);
}

void CoverTable::setPlan(RuleFile plan)
{
    m_news = m_news && plan.platform == m_plan.platform;
    m_plan = std::move(plan);
    refresh();
}

const CoverItem* CoverTable::find(const QString& rowId) const
{
    const auto it = std::ranges::find(m_items, rowId, &CoverItem::id);
    return it == m_items.end() ? nullptr : &*it;
}

table::Columns CoverTable::coverColumns()
{
    using K = Column::Kind;
    return {{u"threshold"_s, tr("Threshold"), K::Text, false, tr("As the platform file calls it")},
            {u"state"_s, tr("State"), K::Status, false, tr("Whether the server has a rule that fires as early")},
            {u"service"_s, tr("Service"), K::Text, false, tr("That it is about")},
            {u"severity"_s, tr("Severity"), K::Text, false, tr("As the platform file says")},
            {u"limit"_s, tr("Limit"), K::Text, false, tr("In base units: seconds, bytes, shares of 1")},
            {u"for"_s, tr("After"), K::Text, false, tr("How long it must hold")},
            {u"difference"_s, tr("Difference"), K::Text, false, tr("Of the server's rule, or why there is none")},
            {u"rule"_s, tr("Rule of the server"), K::Text, false, tr("Group and name")},
            {u"about"_s, tr("About"), K::Text, true, tr("In words")},
            {u"alert"_s, tr("Alert"), K::Text, true, tr("The name that the rule has or would have")},
            {u"rank"_s, tr("Rank"), K::Number, true, tr("By which the worst comes first")}};
}

void CoverTable::refresh()
{
    m_items.clear();
    m_coverage = {};
    std::vector<table::RowPtr> rows;
    // Before the server has answered, nothing is covered and nothing is missing.
    if (m_feed.isKnown()) {
        m_coverage = coverageOf(m_plan, m_feed.groups());
        m_items = coverItems(m_plan, m_coverage);
    }
    const auto text = [](const QString& value) { return value.isEmpty() ? Cell() : Cell(value); };
    for (const CoverItem& item : m_items) {
        const PlannedRule planned = item.planned.value_or(PlannedRule());
        auto row = std::make_shared<table::Row>();
        row->id = item.id;
        row->name = item.cover.threshold;
        row->health = item.health();
        row->reason = item.reason();
        row->cells = {item.cover.threshold,     item.state(),
                      text(item.cover.service), text(labelValue(planned.labels, u"severity")),
                      text(limitText(planned)), item.planned ? Cell(promqlDuration(planned.forMs)) : Cell(),
                      text(item.reason()),      text(item.cover.rule),
                      text(item.title),         text(planned.alert),
                      rankOf(row->health)};
        rows.push_back(std::move(row));
    }
    replace(std::move(rows), m_news);
    m_news = m_feed.isKnown();
    emit freshnessChanged();
}

} // namespace wk::monitoring
