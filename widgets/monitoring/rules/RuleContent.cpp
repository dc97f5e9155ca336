// SPDX-License-Identifier: GPL-3.0-or-later
// A rule, or what the platform file wants of one, in full.
#include "core/Duration.h"
#include "monitoring/promql/Promql.h"
#include "monitoring/promql/QueryRemarks.h"
#include "table/CellText.h"
#include "widgets/monitoring/rules/RulesPage.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::CoverItem;
using monitoring::Rule;
using monitoring::RuleGroup;
using table::Health;

namespace {

constexpr std::size_t alertsShown = 20;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::RuleContent)
};

SummaryItem mono(const QString& key, const QString& value) { return {key, value, Health::None, {}, true}; }

SummarySection labelSection(const QString& title, const monitoring::Labels& labels)
{
    SummarySection out{title, {}};
    for (const auto& [name, value] : labels)
        out.items << SummaryItem{name, value};
    return out;
}

SummarySection alertSection(const Rule& rule, qint64 nowMs)
{
    SummarySection out{Texts::tr("Alerts"), {}};
    for (std::size_t i = 0; i < rule.alerts.size() && i < alertsShown; ++i) {
        const monitoring::Alert& alert = rule.alerts[i];
        const bool firing = alert.state == "firing"_L1;
        out.items << SummaryItem{
            Texts::tr("%1 for %2")
                .arg(firing ? Texts::tr("firing") : Texts::tr("pending"), table::relativeAge(alert.activeAt, nowMs)),
            Texts::tr("%1, at %2")
                .arg(monitoring::labelsText(alert.labels, u", "_s), QLocale().toString(alert.value, 'g', 6)),
            firing ? Health::Warning : Health::Info, table::exactMoment(alert.activeAt)};
    }
    if (rule.alerts.size() > alertsShown)
        out.items << SummaryItem{Texts::tr("And"), Texts::tr("%1 more").arg(rule.alerts.size() - alertsShown)};
    return out;
}

SummarySection remarkSection(const QString& query)
{
    SummarySection out{Texts::tr("Worth knowing about the expression"), {}};
    for (const monitoring::QueryRemark& remark : monitoring::remarksOn(query))
        out.items << SummaryItem{Texts::tr("It"), remark.mistake, Health::Warning}
                  << mono(Texts::tr("Instead"), remark.instead);
    return out;
}

void addFull(AlertDetail::Content& content, const SummarySection& section)
{
    if (!section.items.isEmpty())
        content.sections << section;
}

} // namespace

AlertDetail::Content ruleContent(const Rule& rule, const RuleGroup& group, const QString& source, qint64 askedMs,
                                 qint64 nowMs)
{
    const monitoring::RuleVerdict verdict = monitoring::verdictOf(rule, group, askedMs);
    AlertDetail::Content out;
    out.title = rule.name;
    out.health = verdict.health;
    out.state = verdict.state;
    SummarySection state{Texts::tr("Now"), {}};
    if (!verdict.reason.isEmpty())
        state.items << SummaryItem{Texts::tr("Why"), verdict.reason, verdict.health};
    if (rule.health == "err"_L1 && !rule.state.isEmpty())
        state.items << SummaryItem{Texts::tr("Before"),
                                   Texts::tr("%1, as of its last good evaluation").arg(rule.state)};
    state.items << SummaryItem{Texts::tr("Evaluated"),
                               rule.lastEvaluation > 0 ? Texts::tr("%1 ago, in %2 ms")
                                                             .arg(table::relativeAge(rule.lastEvaluation, nowMs))
                                                             .arg(rule.evaluationMs)
                                                       : Texts::tr("not yet"),
                               Health::None,
                               rule.lastEvaluation > 0 ? table::exactMoment(rule.lastEvaluation) : QString()}
                << SummaryItem{Texts::tr("Due every"), monitoring::promqlDuration(group.intervalMs)}
                << SummaryItem{Texts::tr("Told by"), source, Health::None, table::exactMoment(askedMs)};
    out.sections << state;
    SummarySection how{rule.isAlerting ? Texts::tr("Fires when") : Texts::tr("Records"), {}};
    how.items << mono(Texts::tr("Expression"), rule.query);
    if (rule.isAlerting)
        how.items << SummaryItem{Texts::tr("After"), monitoring::promqlDuration(rule.forMs)};
    how.items << SummaryItem{Texts::tr("Group"), group.name} << SummaryItem{Texts::tr("File"), group.file};
    out.sections << how;
    addFull(out, remarkSection(rule.query));
    addFull(out, alertSection(rule, nowMs));
    addFull(out, labelSection(Texts::tr("Labels"), rule.labels));
    addFull(out, labelSection(Texts::tr("Annotations"), rule.annotations));
    out.acts = {{u"ruleQuery"_s, Texts::tr("Open the query")}, {u"ruleCopy"_s, Texts::tr("Copy the expression")}};
    return out;
}

AlertDetail::Content coverContent(const CoverItem& item, const Rule* rule)
{
    AlertDetail::Content out;
    out.title = item.title.isEmpty() ? item.cover.threshold : item.title;
    out.health = item.health();
    out.state = item.state();
    SummarySection state{Texts::tr("Now"), {}};
    if (const QString reason = item.reason(); !reason.isEmpty())
        state.items << SummaryItem{item.kind == CoverItem::Kind::Planned ? Texts::tr("Difference") : Texts::tr("Why"),
                                   reason, item.health()};
    state.items << SummaryItem{Texts::tr("Threshold"), item.cover.threshold};
    if (!item.cover.service.isEmpty())
        state.items << SummaryItem{Texts::tr("Service"), item.cover.service};
    out.sections << state;
    if (item.planned) {
        SummarySection planned{Texts::tr("The platform file asks for"), {}};
        planned.items << mono(Texts::tr("Expression"), item.planned->expr)
                      << SummaryItem{Texts::tr("After"), monitoring::promqlDuration(item.planned->forMs)}
                      << SummaryItem{Texts::tr("Alert"), item.planned->alert};
        out.sections << planned;
        out.acts = {{u"coverCopy"_s, Texts::tr("Copy the rule"), {}, Texts::tr("As YAML, for a rules file")},
                    {u"coverQuery"_s, Texts::tr("Open the query")}};
    }
    SummarySection server{Texts::tr("The server has"), {}};
    if (rule)
        server.items << SummaryItem{Texts::tr("Rule"), item.cover.rule} << mono(Texts::tr("Expression"), rule->query)
                     << SummaryItem{Texts::tr("After"), monitoring::promqlDuration(rule->forMs)};
    else
        server.items << SummaryItem{Texts::tr("Rule"), item.cover.rule.isEmpty() ? Texts::tr("none") : item.cover.rule};
    out.sections << server;
    if (item.planned)
        addFull(out, labelSection(Texts::tr("Labels of the rule"), item.planned->labels));
    return out;
}

} // namespace wk::widgets
