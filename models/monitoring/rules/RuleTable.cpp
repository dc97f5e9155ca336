// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/RuleTable.h"

#include "core/Duration.h"
#include "monitoring/promql/Promql.h"
#include "table/CellText.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using table::Cell;
using table::Column;
using table::Health;

namespace {

/// A group that was just loaded is evaluated within its interval; five of them are no delay any more.
constexpr int lateIntervals = 5;
constexpr qint64 leastLateMs = 300'000;

qint64 groupMs(const RuleGroup& group)
{
    qint64 sum = 0;
    for (const Rule& rule : group.rules)
        sum += rule.evaluationMs;
    return sum;
}

Health firingHealth(const Rule& rule)
{
    const QString severity = labelValue(rule.labels, u"severity").toLower();
    return severity == "critical"_L1 || severity == "page"_L1 ? Health::Bad
           : severity == "info"_L1 || severity == "none"_L1   ? Health::Info
                                                              : Health::Warning;
}

table::RowPtr rowOf(const Rule& rule, const RuleGroup& group, const QString& id, qint64 askedMs)
{
    const RuleVerdict verdict = verdictOf(rule, group, askedMs);
    auto row = std::make_shared<table::Row>();
    row->id = id;
    row->name = rule.name;
    row->health = verdict.health;
    row->reason = verdict.reason;
    const auto text = [](const QString& value) { return value.isEmpty() ? Cell() : Cell(value); };
    row->cells = {rule.name,
                  verdict.state,
                  text(labelValue(rule.labels, u"severity")),
                  group.name,
                  text(labelValue(rule.labels, u"service")),
                  rule.isAlerting ? Cell(promqlDuration(rule.forMs)) : Cell(),
                  rule.lastEvaluation > 0 ? Cell(table::Instant{rule.lastEvaluation}) : Cell(),
                  rule.lastEvaluation > 0 ? Cell(rule.evaluationMs) : Cell(),
                  text(rule.lastError),
                  rule.query,
                  rule.isAlerting ? RuleTable::tr("alert") : RuleTable::tr("recording"),
                  promqlDuration(group.intervalMs),
                  group.file,
                  text(labelsText(rule.labels, u","_s)),
                  rankOf(verdict.health)};
    return row;
}

} // namespace

RuleVerdict verdictOf(const Rule& rule, const RuleGroup& group, qint64 askedMs)
{
    if (rule.health == "err"_L1)
        return {Health::Bad, RuleTable::tr("cannot be evaluated"), rule.lastError};
    if (rule.lastEvaluation <= 0)
        return {Health::Unknown, RuleTable::tr("not evaluated yet"), {}};
    const qint64 age = askedMs - rule.lastEvaluation;
    if (age > qMax(leastLateMs, lateIntervals * group.intervalMs))
        return {Health::Warning, RuleTable::tr("not evaluated"),
                RuleTable::tr("Last evaluated %1 before it was asked, and due every %2.")
                    .arg(humanDuration(age), promqlDuration(group.intervalMs))};
    QString reason;
    if (const qint64 took = groupMs(group); group.intervalMs > 0 && took > group.intervalMs)
        reason = RuleTable::tr("Its group takes %1, and is due every %2: evaluations are left out.")
                     .arg(humanDuration(took), promqlDuration(group.intervalMs));
    if (rule.state == "firing"_L1) {
        const auto firing = std::ranges::count(rule.alerts, u"firing"_s, &Alert::state);
        return {firingHealth(rule), RuleTable::tr("firing (%1)").arg(firing), reason};
    }
    const Health well = reason.isEmpty() ? Health::Good : Health::Warning;
    if (rule.state == "pending"_L1)
        return {reason.isEmpty() ? Health::Info : Health::Warning,
                RuleTable::tr("pending (%1)").arg(qsizetype(rule.alerts.size())), reason};
    return {well, rule.isAlerting ? RuleTable::tr("inactive") : RuleTable::tr("evaluated"), reason};
}

std::pair<Health, QString> ruleCounts(const std::vector<RuleGroup>& groups, qint64 askedMs)
{
    int rules = 0, broken = 0, late = 0, firing = 0, pending = 0;
    Health worst = Health::Good;
    for (const RuleGroup& group : groups) {
        for (const Rule& rule : group.rules) {
            const RuleVerdict verdict = verdictOf(rule, group, askedMs);
            ++rules;
            if (rankOf(verdict.health) > rankOf(worst))
                worst = verdict.health;
            if (rule.health == "err"_L1)
                ++broken;
            else if (rule.state == "firing"_L1)
                ++firing;
            else if (rule.state == "pending"_L1)
                ++pending;
            else if (verdict.health == Health::Warning)
                ++late;
        }
    }
    QStringList parts;
    const auto add = [&](int count, const QString& words) {
        if (count > 0)
            parts << words.arg(count);
    };
    add(broken, RuleTable::tr("%1 cannot be evaluated"));
    add(late, RuleTable::tr("%1 evaluated too late or too slowly"));
    add(firing, RuleTable::tr("%1 firing"));
    add(pending, RuleTable::tr("%1 pending"));
    const QString all =
        (rules == 1 ? RuleTable::tr("1 rule") : RuleTable::tr("%1 rules").arg(rules)) + u' ' +
        (groups.size() == 1 ? RuleTable::tr("in 1 group") : RuleTable::tr("in %1 groups").arg(groups.size()));
    return {worst, all + u": "_s + (parts.isEmpty() ? RuleTable::tr("none is firing") : parts.join(u", "_s))};
}

RuleTable::RuleTable(const RuleFeed& feed, QObject* parent) : SnapshotTable(parent), m_feed(feed)
{
    refresh();
    connect(&feed, &RuleFeed::changed, this, &RuleTable::refresh);
}

table::Columns RuleTable::ruleColumns()
{
    using K = Column::Kind;
    return {{u"rule"_s, tr("Rule"), K::Text, false, tr("The alert, or the series that is recorded")},
            {u"state"_s, tr("State"), K::Status, false, tr("What the server says, unless it cannot evaluate the rule")},
            {u"severity"_s, tr("Severity"), K::Text, false, tr("Its label")},
            {u"group"_s, tr("Group"), K::Text, false, tr("Rules of a group are evaluated one after the other")},
            {u"service"_s, tr("Service"), K::Text, false, tr("Its label")},
            {u"for"_s, tr("After"), K::Text, false, tr("How long the condition must hold before it fires")},
            {u"evaluated"_s, tr("Evaluated"), K::Age, false, tr("When the server last worked it out")},
            {u"took"_s, tr("Took"), K::Number, false, tr("The last evaluation"), false, u"ms"_s},
            {u"error"_s, tr("Error"), K::Text, false, tr("Of the last evaluation, in the server's words")},
            {u"query"_s, tr("Expression"), K::Text, false, tr("In PromQL")},
            {u"kind"_s, tr("Kind"), K::Text, true, tr("An alert, or a recorded series")},
            {u"every"_s, tr("Every"), K::Text, true, tr("The group's interval")},
            {u"file"_s, tr("File"), K::Text, true, tr("On the server")},
            {u"labels"_s, tr("Labels"), K::Labels, true, tr("That the rule adds")},
            {u"rank"_s, tr("Rank"), K::Number, true, tr("By which the worst comes first")}};
}

void RuleTable::refresh()
{
    std::vector<table::RowPtr> rows;
    m_places.clear();
    const auto& groups = m_feed.groups();
    for (std::size_t g = 0; g < groups.size(); ++g) {
        for (std::size_t r = 0; r < groups[g].rules.size(); ++r) {
            const Rule& rule = groups[g].rules[r];
            // Names may repeat within a group; what differs then is the labels, else the place in the file.
            const QString wanted =
                QStringList{groups[g].file, groups[g].name, rule.name, labelsText(rule.labels)}.join(u'\n');
            QString id = wanted;
            for (int i = 2; m_places.contains(id); ++i)
                id = wanted + u'\n' + QString::number(i);
            m_places.insert(id, {g, r});
            rows.push_back(rowOf(rule, groups[g], id, m_feed.askedMs()));
        }
    }
    const bool news = std::exchange(m_known, m_feed.isKnown()) && m_known;
    replace(std::move(rows), news);
    emit freshnessChanged();
}

RuleTable::Found RuleTable::find(const QString& rowId) const
{
    const auto place = m_places.find(rowId);
    const auto& groups = m_feed.groups();
    if (place == m_places.end() || place->first >= groups.size() || place->second >= groups[place->first].rules.size())
        return {};
    return {&groups[place->first], &groups[place->first].rules[place->second]};
}

} // namespace wk::monitoring
